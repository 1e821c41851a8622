//! Documents: what came in, and what was refused.

use super::cases::{Page, escaped, json};
use super::{Place, Reader, ViewError, int, maybe, text};
use crate::App;
use baton_access::case_condition;
use baton_journal::Datum;
use baton_journal::store::Row;
use baton_model::{CaseId, Diagnostic, Micros, Scope, SubjectId, TenantId};

/// A document that came in.
#[derive(Clone, Debug)]
pub struct Document {
    /// Its id.
    pub id: String,
    /// What it is.
    pub kind: String,
    /// Its number.
    pub number: String,
    /// Who sent it.
    pub sender: String,
    /// The file's name.
    pub name: String,
    /// How it came.
    pub channel: String,
    /// SHA-256 of its bytes, in hex.
    pub sha256: String,
    /// When.
    pub at: Micros,
    /// The case it started.
    pub case: Option<String>,
    /// The document it may be a duplicate of.
    pub suspected_of: Option<String>,
    /// Whose personal data it holds.
    pub subject: SubjectId,
}

/// A file that was refused.
#[derive(Clone, Debug)]
pub struct Refused {
    /// Its id.
    pub id: String,
    /// The file's name.
    pub name: String,
    /// How it came.
    pub channel: String,
    /// SHA-256 of its bytes, in hex.
    pub sha256: String,
    /// When.
    pub at: Micros,
    /// Its size in bytes.
    pub size: i64,
    /// What is wrong with it.
    pub findings: Vec<Diagnostic>,
    /// How often the same bytes came.
    pub times: i64,
    /// When they came last.
    pub last: Micros,
}

const DOCUMENT: &str = "d.id, d.kind, d.number, d.sender, d.name, d.channel, d.sha256, d.at, d.case_id, d.suspected_of, \
    d.subject";
const REFUSED: &str = "id, name, channel, sha256, at, size, findings, times, last";

/// All documents, the last first: for whoever runs Baton, and for the client.
pub fn all(
    app: &App,
    tenant: &TenantId,
    skip: usize,
    limit: usize,
) -> Result<Vec<Document>, ViewError> {
    let sql = format!(
        "select {DOCUMENT} from document d where d.tenant = $1 order by d.at desc, d.id desc limit {limit} offset {skip}"
    );
    Ok(Reader::shell(app, tenant)
        .rows(&sql, &[])?
        .iter()
        .map(document)
        .collect())
}

/// The documents of the cases in sight, the last first; the client sees those of no case as well.
pub fn list(
    reader: &Reader<'_>,
    scope: &Scope,
    skip: usize,
    limit: usize,
) -> Result<Page<Document>, ViewError> {
    let (condition, parameters) = in_sight(scope);
    let total = reader.rows(
        &format!("select count(*) from document d where d.tenant = $1 and {condition}"),
        &parameters,
    )?;
    let rows = some(reader, scope, None, (skip, limit))?;
    let total = total.first().map(|row| int(row, 0)).unwrap_or_default();
    Ok(Page {
        rows,
        total: total.unsigned_abs() as usize,
    })
}

/// The same after a place, and nobody counts them: so many, after so many of them.
pub fn some(
    reader: &Reader<'_>,
    scope: &Scope,
    after: Option<&Place>,
    (skip, limit): (usize, usize),
) -> Result<Vec<Document>, ViewError> {
    let (mut condition, mut parameters) = in_sight(scope);
    if let Some(after) = after {
        condition += &after.condition("d.at", "d.id", &mut parameters);
    }
    let sql = format!(
        "select {DOCUMENT} from document d where d.tenant = $1 and {condition} \
         order by d.at desc, d.id desc limit {limit} offset {skip}"
    );
    let rows = reader.rows(&sql, &parameters)?;
    Ok(rows.iter().map(document).collect())
}

impl Document {
    /// Its place in a list of documents.
    pub fn place(&self) -> Place {
        let (at, id) = (self.at, self.id.clone());
        Place { at, id }
    }
}

impl Refused {
    /// Its place in a list of refused files.
    pub fn place(&self) -> Place {
        let (at, id) = (self.at, self.id.clone());
        Place { at, id }
    }
}

/// Two texts, one per kind of sight.
fn in_sight(scope: &Scope) -> (String, Vec<Datum>) {
    if scope.client {
        return ("d.id <> ''".into(), Vec::new());
    }
    let parameters = vec![scope.party.as_str().into(), scope.worker.as_str().into()];
    (case_condition(scope, "d", 2, 3), parameters)
}

/// One document of a case in sight.
pub fn one(reader: &Reader<'_>, scope: &Scope, id: &str) -> Result<Option<Document>, ViewError> {
    let condition = case_condition(scope, "d", 2, 3);
    let sql = format!(
        "select {DOCUMENT} from document d where d.tenant = $1 and {condition} and d.id = $4"
    );
    let parameters = [
        scope.party.as_str().into(),
        scope.worker.as_str().into(),
        id.into(),
    ];
    Ok(reader.rows(&sql, &parameters)?.first().map(document))
}

/// The documents of a case in sight.
pub fn of_case(
    reader: &Reader<'_>,
    scope: &Scope,
    case: &CaseId,
) -> Result<Vec<Document>, ViewError> {
    let condition = case_condition(scope, "d", 2, 3);
    let sql = format!(
        "select {DOCUMENT} from document d where d.tenant = $1 and {condition} and d.case_id = $4 order by d.at, d.id"
    );
    let parameters = [
        scope.party.as_str().into(),
        scope.worker.as_str().into(),
        case.as_str().into(),
    ];
    Ok(reader
        .rows(&sql, &parameters)?
        .iter()
        .map(document)
        .collect())
}

/// Refused files, the last first. Only the client's workers see them: nobody knows yet whose they are.
pub fn refused(
    reader: &Reader<'_>,
    scope: &Scope,
    search: &str,
    skip: usize,
    limit: usize,
) -> Result<Page<Refused>, ViewError> {
    if !scope.client {
        return Ok(Page {
            rows: Vec::new(),
            total: 0,
        });
    }
    let parameters: [Datum; 1] = [format!("%{}%", escaped(&search.to_lowercase())).into()];
    let condition = "tenant = $1 and lower(name) like $2 escape '!'";
    let total = reader.rows(
        &format!("select count(*) from refused where {condition}"),
        &parameters,
    )?;
    let total = total.first().map(|row| int(row, 0)).unwrap_or_default();
    let sql = format!(
        "select {REFUSED} from refused where {condition} order by at desc, id desc limit {limit} offset {skip}"
    );
    let rows = reader.rows(&sql, &parameters)?;
    Ok(Page {
        rows: rows.iter().map(refusal).collect::<Result<_, _>>()?,
        total: total.unsigned_abs() as usize,
    })
}

/// All refused files after a place, and nobody counts them.
pub fn some_refused(
    reader: &Reader<'_>,
    scope: &Scope,
    after: Option<&Place>,
    limit: usize,
) -> Result<Vec<Refused>, ViewError> {
    if !scope.client {
        return Ok(Vec::new());
    }
    let mut parameters = Vec::new();
    let after = after.map(|after| after.condition("at", "id", &mut parameters));
    let after = after.unwrap_or_default();
    let sql = format!(
        "select {REFUSED} from refused where tenant = $1{after} order by at desc, id desc limit {limit}"
    );
    let rows = reader.rows(&sql, &parameters)?;
    rows.iter().map(refusal).collect()
}

/// One refused file.
pub fn one_refused(
    reader: &Reader<'_>,
    scope: &Scope,
    id: &str,
) -> Result<Option<Refused>, ViewError> {
    if !scope.client {
        return Ok(None);
    }
    let sql = format!("select {REFUSED} from refused where tenant = $1 and id = $2");
    reader
        .rows(&sql, &[id.into()])?
        .first()
        .map(refusal)
        .transpose()
}

/// The line of a refused file that a finding is about, as far as the file is kept and is text.
pub fn line_of(app: &App, scope: &Scope, refused: &Refused, line: u32) -> Option<String> {
    let subject = crate::documents::file_subject(&refused.sha256);
    let bytes = app
        .inner
        .door
        .originals
        .get(&scope.tenant, &subject, &refused.sha256)
        .ok()??;
    let text = String::from_utf8_lossy(&bytes);
    let line = text
        .lines()
        .nth(usize::try_from(line.checked_sub(1)?).ok()?)?;
    Some(line.chars().take(400).collect())
}

fn document(row: &Row) -> Document {
    Document {
        id: text(row, 0),
        kind: text(row, 1),
        number: text(row, 2),
        sender: text(row, 3),
        name: text(row, 4),
        channel: text(row, 5),
        sha256: text(row, 6),
        at: Micros(int(row, 7)),
        case: maybe(row, 8),
        suspected_of: maybe(row, 9),
        subject: SubjectId::new(text(row, 10)),
    }
}

fn refusal(row: &Row) -> Result<Refused, ViewError> {
    Ok(Refused {
        id: text(row, 0),
        name: text(row, 1),
        channel: text(row, 2),
        sha256: text(row, 3),
        at: Micros(int(row, 4)),
        size: int(row, 5),
        findings: json(row, 6)?,
        times: int(row, 7),
        last: Micros(int(row, 8)),
    })
}
