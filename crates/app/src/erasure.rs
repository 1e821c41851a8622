//! Erasure: the tombstone is journaled first, then the key and the originals are destroyed. A crash in
//! between is mended at the next start: what the journal says erased is erased again.

use crate::{App, Failure, Receipt};
use baton_journal::event::SubjectErased;
use baton_journal::turn::Refusal;
use baton_journal::{Actor, Command, Event, Rejection};
use baton_model::{SubjectId, TenantId};

const SUBJECTS: &str = "select distinct sender from document where tenant = $1 order by sender";
const ERASED: &str = "select subject, n from erasure where tenant = $1";

/// The subjects with documents here.
pub fn subjects(app: &App, tenant: &TenantId) -> Result<Vec<String>, Failure> {
    let rows = crate::views::Reader::shell(app, tenant).rows(SUBJECTS, &[]);
    let rows = rows.map_err(|error| Failure::Store(error.to_string()))?;
    Ok(rows.iter().map(|row| crate::views::text(row, 0)).collect())
}

/// Erases a subject.
pub fn erase(
    app: &App,
    tenant: &TenantId,
    subject: &SubjectId,
    reason: &str,
) -> Result<Receipt, Failure> {
    let key = app.inner.door.keys.find(tenant, subject);
    if key
        .map_err(|error| Failure::Door(error.to_string()))?
        .is_none()
    {
        let message = format!(
            "there is nothing of `{subject}` here to erase, or it is erased already; `baton erase --list` names those with data"
        );
        let rejection = Rejection::new(Refusal::Missing, "BATON-APP-040", message);
        return Err(Failure::Rejected(rejection));
    }
    let command = Command::EraseSubject {
        subject: subject.clone(),
        reason: reason.into(),
    };
    let receipt = app.submit_now(tenant, Actor::System, &app.fresh_cause("erase"), command)?;
    for event in &receipt.events {
        if let Event::SubjectErased(SubjectErased { subject, .. }) = event {
            destroy(app, tenant, subject, receipt.n)?;
        }
    }
    Ok(receipt)
}

/// Destroys again what the journal says erased: after a crash between journal and keys.
pub(crate) fn mend(app: &App) -> Result<(), Failure> {
    let store = |error: baton_journal::store::StoreError| Failure::Store(error.to_string());
    for tenant in app.tenants().map_err(store)? {
        let rows = crate::views::Reader::shell(app, &tenant)
            .rows(ERASED, &[])
            .map_err(store)?;
        for row in rows {
            destroy(
                app,
                &tenant,
                &SubjectId::new(crate::views::text(&row, 0)),
                crate::views::int(&row, 1),
            )?;
        }
    }
    Ok(())
}

fn destroy(app: &App, tenant: &TenantId, subject: &SubjectId, n: i64) -> Result<(), Failure> {
    let door = &app.inner.door;
    let failed = |reason: String| Failure::Door(reason);
    // The originals first: a crash in between leaves the key's mark unset, and both are done again.
    if door
        .keys
        .erased(tenant, subject)
        .map_err(|error| failed(error.to_string()))?
        < n
    {
        door.originals
            .erase(tenant, subject)
            .map_err(|error| failed(error.to_string()))?;
        door.keys
            .erase(tenant, subject, n)
            .map_err(|error| failed(error.to_string()))?;
    }
    Ok(())
}
