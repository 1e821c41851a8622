//! What the lanes and the agreements of a viewer let be read and sent in, from their rows. The rules are
//! `access`'s.

use crate::App;
use crate::views::{Reader, ViewError, agreements};
use baton_access::{Grants, Reading, Terms};
use baton_journal::store::StoreError;
use baton_model::{LaneId, Micros, Scope, TenantId};
use std::collections::BTreeSet;

/// Whether a worker's party may send documents in at all.
pub fn sends_documents(app: &App, scope: &Scope) -> Result<bool, StoreError> {
    let may = || Ok(lane_grants(app, &scope.tenant)?.takes_in(&scope.party, None));
    if scope.client { Ok(true) } else { may() }
}

/// What the lanes of a tenant may read.
pub(crate) fn lane_grants(app: &App, tenant: &TenantId) -> Result<Grants, StoreError> {
    Ok(Grants::from_rows(
        &Reader::shell(app, tenant).rows(Grants::SQL, &[])?,
    ))
}

/// What a viewer's lanes and agreements let be read now.
pub(crate) struct Granted {
    grants: Grants,
    terms: Terms,
    at: Micros,
}

impl Granted {
    /// What the viewer may read of a case that went through these lanes at the own party.
    pub(crate) fn reading<'a>(
        &'a self,
        scope: &Scope,
        lanes: impl IntoIterator<Item = &'a LaneId>,
    ) -> Reading<'a> {
        self.grants.reading(scope, lanes, (&self.terms, self.at))
    }

    /// The lanes that declare a field.
    pub(crate) fn declaring(&self, field: &str) -> BTreeSet<LaneId> {
        let declaring = self.grants.declaring(field);
        declaring.map(|grant| grant.lane.clone()).collect()
    }
}

/// The grants a viewer reads under; to the client no agreement narrows anything.
pub(crate) fn grants(reader: &Reader<'_>, scope: &Scope) -> Result<Granted, ViewError> {
    let known = if scope.client {
        Vec::new()
    } else {
        agreements::in_sight(reader, scope)?
    };
    Ok(Granted {
        grants: lane_grants(reader.app(), reader.tenant())?,
        terms: Terms::of(known.into_iter().map(|known| known.set)),
        at: reader.app().now(),
    })
}
