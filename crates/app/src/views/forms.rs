//! Forms as they were deployed with a version of a process: running cases keep theirs.

use super::{Reader, ViewError, text};
use baton_formats::form::Form;

const FORM: &str = "select schema from form where tenant = $1 and process = $2 and process_version = $3 and form = $4";

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
    Form::parse(text(row, 0).as_bytes())
        .map(Some)
        .map_err(|findings| ViewError::Unsound {
            what: format!("form {form}"),
            reason: findings
                .first()
                .map(ToString::to_string)
                .unwrap_or_default(),
        })
}
