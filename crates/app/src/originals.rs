//! Opening a document's original: who may, what is left of it, and its bytes.
//!
//! A worker sees the documents of the cases in sight; of those, lanes that declare `original.*` may open
//! the originals. The opening is a reveal and is journaled by the caller ([`reveal`]) before any byte
//! goes out. Nothing is kept in the clear.

use crate::Failure;
use crate::granted;
use crate::sight::{self, Lane};
use crate::views::documents::{self, Document};
use crate::views::{Reader, ViewError};
use baton_journal::Command;
use baton_journal::document::{ORIGINAL, original_of};
use baton_model::{CaseId, Scope};

/// What an original is to the one who asks for it.
#[derive(Debug)]
pub enum Original {
    /// There is no such document, or none for the one who asks.
    Missing,
    /// The one who asks sees the case, but may not open it; these lanes may.
    Hidden(Vec<Lane>),
    /// It was erased.
    Erased,
    /// It should be here and is not: the disk lost it.
    Lost,
    /// It is here.
    Kept(Box<Document>, CaseId, Vec<u8>),
}

/// Whether a viewer's lanes may open the originals of a case in sight.
pub fn may_open(reader: &Reader<'_>, scope: &Scope, case: &CaseId) -> Result<bool, ViewError> {
    let lanes = sight::lanes_of_case(reader, scope, case)?;
    let grants = granted::grants(reader, scope)?;
    Ok(grants.reading(scope, &lanes).declares(ORIGINAL))
}

/// An original as far as a viewer may have it. Nothing was shown yet.
pub fn find(reader: &Reader<'_>, scope: &Scope, id: &str) -> Result<Original, Failure> {
    let read = |error: ViewError| Failure::Store(error.to_string());
    let found = documents::one(reader, scope, id).map_err(read)?;
    let found = found.and_then(|document| {
        let case = document.case.as_deref().map(CaseId::new)?;
        Some((document, case))
    });
    let Some((document, case)) = found else {
        return Ok(Original::Missing);
    };
    if !may_open(reader, scope, &case).map_err(read)? {
        let lanes = openers(reader, scope).map_err(read)?;
        return Ok(Original::Hidden(lanes));
    }
    let (app, tenant) = (reader.app(), reader.tenant());
    let door = &app.inner.door;
    let failed = |error: &dyn std::fmt::Display| Failure::Door(error.to_string());
    let bytes = door
        .originals
        .get(tenant, &document.subject, &document.sha256)
        .map_err(|error| failed(&error))?;
    if let Some(bytes) = bytes {
        return Ok(Original::Kept(Box::new(document), case, bytes));
    }
    let erased = door.keys.erased(tenant, &document.subject);
    Ok(if erased.map_err(|error| failed(&error))? > 0 {
        Original::Erased
    } else {
        Original::Lost
    })
}

/// The command that journals an opening.
pub fn reveal(document: &Document, case: &CaseId) -> Command {
    Command::Reveal {
        case: case.clone(),
        field: original_of(&document.id.as_str().into()),
        reason: "original".into(),
    }
}

/// The lanes that may open originals.
fn openers(reader: &Reader<'_>, scope: &Scope) -> Result<Vec<Lane>, ViewError> {
    let declaring = granted::grants(reader, scope)?.declaring(ORIGINAL);
    let mut lanes = sight::lane_list(reader)?;
    lanes.retain(|lane| declaring.contains(&lane.id));
    Ok(lanes)
}
