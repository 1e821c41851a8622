//! Forms as they were deployed with a version of a process: running cases keep theirs.

use super::{Reader, ViewError, text};
use baton_access::item_condition;
use baton_formats::form::Form;
use baton_model::{Scope, WorkItemId};

const FORM: &str = "select schema from form where tenant = $1 and process = $2 and process_version = $3 and form = $4";

/// The form of an open work item in sight, as its case's version of the process has it.
pub fn of_item(
    reader: &Reader<'_>,
    scope: &Scope,
    item: &WorkItemId,
) -> Result<Option<Form>, ViewError> {
    let sql = format!(
        "select f.schema, f.form from work_item w join cases c on c.tenant = w.tenant \
         and c.case_id = w.case_id join form f on f.tenant = c.tenant and f.process = c.process \
         and f.process_version = c.process_version and f.form = w.form \
         where w.tenant = $1 and {} and w.item = $4",
        item_condition(scope, "w", 2, 3)
    );
    let (party, worker) = (scope.party.as_str(), scope.worker.as_str());
    let rows = reader.rows(&sql, &[party.into(), worker.into(), item.as_str().into()])?;
    rows.first()
        .map(|row| parsed(&text(row, 0), &text(row, 1)))
        .transpose()
}

/// A form of a process's version.
pub fn of(
    reader: &Reader<'_>,
    process: &str,
    version: i64,
    form: &str,
) -> Result<Option<Form>, ViewError> {
    let rows = reader.rows(FORM, &[process.into(), version.into(), form.into()])?;
    let Some(row) = rows.first() else {
        return Ok(None);
    };
    parsed(&text(row, 0), form).map(Some)
}

fn parsed(schema: &str, form: &str) -> Result<Form, ViewError> {
    Form::parse(schema.as_bytes()).map_err(|findings| ViewError::Unsound {
        what: format!("form {form}"),
        reason: findings
            .first()
            .map(ToString::to_string)
            .unwrap_or_default(),
    })
}
