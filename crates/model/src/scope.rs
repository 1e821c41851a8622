//! `Scope`, what a query may see, and `Masked`, what a page may show. Both are only made by the room
//! `access` (a test of the house fails on any other caller of [`Scope::issue`] and [`Masked::made`]).

use crate::{LaneId, PartyId, TenantId, WorkerId};
use serde::Serialize;
use std::collections::BTreeSet;

/// What one worker may see: the tenant, the own party, and the lanes and purposes granted.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    clippy::manual_non_exhaustive,
    reason = "no room but `access` may make one, this one neither"
)]
pub struct Scope {
    /// The tenant whose rows are read.
    pub tenant: TenantId,
    /// The worker's party.
    pub party: PartyId,
    /// The worker who asks.
    pub worker: WorkerId,
    /// The lanes whose work items the worker may see and do.
    pub lanes: BTreeSet<LaneId>,
    /// Whether the worker is of the client: a client sees every case of its tenant.
    pub client: bool,
    _issued: (),
}

impl Scope {
    /// Issues a scope. Only `access` calls this, after it has checked the session.
    pub fn issue(
        tenant: TenantId,
        party: PartyId,
        worker: WorkerId,
        lanes: BTreeSet<LaneId>,
        client: bool,
    ) -> Self {
        Self {
            tenant,
            party,
            worker,
            lanes,
            client,
            _issued: (),
        }
    }
}

/// A value that has been through the mask of the one who looks; pages and JSON take nothing else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Masked<T>(T);

impl<T> Masked<T> {
    /// Marks a value as masked. Only `access` calls this, after it has masked it.
    pub fn made(value: T) -> Self {
        Self(value)
    }

    /// The value, to show.
    pub fn show(&self) -> &T {
        &self.0
    }

    /// Shapes what is shown without unmasking anything.
    pub fn map<U>(self, shape: impl FnOnce(T) -> U) -> Masked<U> {
        Masked(shape(self.0))
    }
}
