//! The processes that are deployed, and their forms by name.

use super::{Reader, ViewError, int, text};
use baton_model::Micros;

/// A version of a process.
#[derive(Clone, Debug)]
pub struct Process {
    /// Its id.
    pub id: String,
    /// Its version.
    pub version: i64,
    /// Its name.
    pub name: String,
    /// The pack it came with.
    pub pack: String,
    /// When it was deployed.
    pub deployed: Micros,
    /// The ids of its forms.
    pub forms: Vec<String>,
}

const PROCESSES: &str = "select process, process_version, name, pack, deployed from process \
    where tenant = $1 order by process, process_version desc";

const FORMS: &str = "select form from form where tenant = $1 and process = $2 and process_version = $3 order by form";

/// All versions, the newest of a process first.
pub fn list(reader: &Reader<'_>) -> Result<Vec<Process>, ViewError> {
    let rows = reader.rows(PROCESSES, &[])?;
    let process = |row: &Vec<baton_journal::Datum>| {
        let (id, version) = (text(row, 0), int(row, 1));
        let forms = reader.rows(FORMS, &[id.as_str().into(), version.into()])?;
        Ok(Process {
            id,
            version,
            name: text(row, 2),
            pack: text(row, 3),
            deployed: Micros(int(row, 4)),
            forms: forms.iter().map(|row| text(row, 0)).collect(),
        })
    };
    rows.iter().map(process).collect()
}
