//! Agreements from their text: read, compared with what stands, taken in. The rules are `measure`'s, the
//! codec is `formats`'.

pub use crate::command::SetAgreement;
use crate::views::agreements::{self as views, Known};
use crate::views::{Reader, ViewError};
use crate::{App, Failure, Receipt};
pub use baton_journal::event::agreement::AgreementSet;
use baton_journal::{Actor, Command};
pub use baton_measure::agreements::effects;
use baton_model::{AgreementId, Diagnostic, TenantId};

/// Reads an agreement's text.
///
/// # Errors
/// What is wrong with it, each with its line.
pub fn read(text: &str) -> Result<SetAgreement, Vec<Diagnostic>> {
    let agreement = baton_formats::agreement::read(text)?;
    let text = text.to_string();
    Ok(SetAgreement { agreement, text })
}

/// Takes an agreement in, or its next version.
///
/// # Errors
/// If a stage refuses it, or it cannot be kept.
pub fn set(
    app: &App,
    tenant: &TenantId,
    actor: Actor,
    asked: SetAgreement,
) -> Result<Receipt, Failure> {
    let command = Command::SetAgreement(Box::new(asked));
    app.submit_now(tenant, actor, &app.fresh_cause("agreement"), command)
}

/// Every version of every agreement of a tenant: for the terminal of whoever runs Baton.
pub fn all(app: &App, tenant: &TenantId) -> Result<Vec<Known>, ViewError> {
    views::all(&Reader::shell(app, tenant))
}

/// The last version of an agreement, for comparing with a text.
pub fn last(app: &App, tenant: &TenantId, id: &AgreementId) -> Result<Option<Known>, ViewError> {
    let all = all(app, tenant)?;
    Ok(all.into_iter().rfind(|known| known.set.agreement.id == *id))
}
