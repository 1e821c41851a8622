//! Documents taken in, and their originals: the list, the links beside a case, and the download. An
//! original is only ever handed out as a file to keep, never shown as a page, and its opening is
//! journaled before the first byte goes out.

use super::Web;
use super::answer::{Failed, read};
use super::frame::Frame;
use super::session::Signed;
use super::work::encoded;
use crate::pages;
use crate::pages::documents::{DocumentRow, DocumentsPage};
use crate::pages::parts::{DocLink, Empty, Link, Pager};
use crate::pages::shell::Place;
use crate::strip::moment;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use baton_app::originals::{self, Original};
use baton_app::sight::Lane;
use baton_app::views::cases::{Page, plain};
use baton_app::views::documents::{self, Document};
use baton_app::views::{Reader, ViewError};
use baton_model::{CaseId, Scope};
use serde::Deserialize;
use std::collections::BTreeMap;

/// How many documents stand on a page.
const ROWS: usize = 50;

/// What the browser may do with an original that it opens all the same: nothing.
const POLICY: &str = "sandbox; default-src 'none'";

/// The list's address.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    page: usize,
}

/// The documents of a case by name, each a link where the viewer may open its original.
pub(crate) fn links(
    reader: &Reader<'_>,
    scope: &Scope,
    case: &CaseId,
) -> Result<Vec<DocLink>, ViewError> {
    let opens = originals::may_open(reader, scope, case)?;
    let link = |document: Document| DocLink {
        name: format!("{} {}", kind(&document), document.number),
        href: opens.then(|| address(&document)),
    };
    let documents = documents::of_case(reader, scope, case)?;
    Ok(documents.into_iter().map(link).collect())
}

fn kind(document: &Document) -> String {
    document.kind.replace('_', " ")
}

fn address(document: &Document) -> String {
    format!("/documents/{}/original", encoded(&document.id))
}

/// `GET /documents`
pub(crate) async fn list(
    State(web): State<Web>,
    signed: Signed,
    Query(asked): Query<Asked>,
) -> Result<Response, Failed> {
    read(&web, move |app| {
        let frame = Frame::of(app, &signed)?;
        Ok(pages::answer(StatusCode::OK, &page(&frame, &asked)?))
    })
    .await
}

fn page(frame: &Frame<'_>, asked: &Asked) -> Result<DocumentsPage, Failed> {
    let (reader, scope) = (frame.reader(), &frame.signed.viewer.scope);
    let number = asked.page.clamp(1, 1_000_000);
    let skip = (number - 1) * ROWS;
    let Page { rows, total } = documents::list(&reader, scope, skip, ROWS)?;
    let mut opens = BTreeMap::new();
    for case in rows.iter().filter_map(|document| document.case.clone()) {
        let may = originals::may_open(&reader, scope, &CaseId::new(&case))?;
        opens.insert(case, may);
    }
    let to = skip + rows.len();
    Ok(DocumentsPage {
        shell: frame.shell("Documents", Place::Documents, None)?,
        rows: rows
            .iter()
            .map(|document| plain(scope, row(frame, document, &opens)))
            .collect(),
        pager: Pager {
            from: skip + 1,
            to,
            total,
            before: (number > 1).then(|| format!("/documents?page={}", number - 1)),
            after: (to < total).then(|| format!("/documents?page={}", number + 1)),
        },
        empty: rows.is_empty().then(|| Empty {
            what: "No documents in your sight".into(),
            then: "Documents appear here as soon as a case of theirs reaches one of your lanes."
                .into(),
            act: None,
        }),
    })
}

fn row(frame: &Frame<'_>, document: &Document, opens: &BTreeMap<String, bool>) -> DocumentRow {
    let case = document.case.as_ref();
    let may = case.and_then(|case| opens.get(case)).copied();
    DocumentRow {
        kind: kind(document),
        number: document.number.clone(),
        case: case.map(|case| Link {
            name: case.clone(),
            href: format!("/cases/{}", encoded(case)),
        }),
        at: moment(document.at, &frame.zone),
        original: may.unwrap_or_default().then(|| address(document)),
    }
}

/// `GET /documents/{id}/original`
pub(crate) async fn open(
    State(web): State<Web>,
    signed: Signed,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<Response, Failed> {
    opened(&web, signed, &headers, id).await
}

/// An original as a file to keep; its opening is journaled first.
pub(crate) async fn opened(
    web: &Web,
    signed: Signed,
    headers: &HeaderMap,
    id: String,
) -> Result<Response, Failed> {
    asked_by_a_person(headers)?;
    let (denials, asking) = (web.denials.clone(), signed.clone());
    let found = read(web, move |app| {
        let (frame, viewer) = (Frame::of(app, &asking)?, &asking.viewer);
        match originals::find(&frame.reader(), &viewer.scope, &id)? {
            Original::Missing => {
                denials.count(app, viewer, &id);
                Err(Failed::Missing("document"))
            }
            Original::Hidden(mut lanes) => {
                denials.count(app, viewer, &format!("original of {id}"));
                lanes.retain(|lane| frame.may_name(&lane.party));
                Err(Failed::Hidden(hidden(&lanes)))
            }
            Original::Erased => Err(Failed::Gone(ERASED.into())),
            Original::Lost => Err(Failed::Lost(LOST)),
            Original::Kept(document, case, bytes) => Ok((document, case, bytes)),
        }
    });
    let (document, case, bytes) = found.await?;
    let cause = web.app.fresh_cause("original");
    let command = originals::reveal(&document, &case);
    web.app
        .submit(signed.tenant(), signed.actor(), &cause, command)
        .await?;
    file(&document, bytes)
}

const ERASED: &str = "the original was erased with its sender's personal data, for good; the journal keeps its hash, so a copy kept elsewhere can still be told from a forgery; ask the sender for one";

const LOST: &str = "the original is not on the disk any more, and nobody erased it; ask whoever runs Baton to restore the folder `originals` from a backup";

/// Refuses what no person asked for: a page that is fetched ahead, or a picture on another site's page.
/// Each would be journaled as an opening.
fn asked_by_a_person(headers: &HeaderMap) -> Result<(), Failed> {
    let says = |name: &str, word: &str| {
        let value = headers.get(name).and_then(|value| value.to_str().ok());
        value.is_some_and(|value| value.contains(word))
    };
    if says("sec-purpose", "prefetch") || says("sec-fetch-site", "cross-site") {
        return Err(Failed::Forged);
    }
    Ok(())
}

/// Why a worker who sees the case may not open its originals, and who may.
fn hidden(lanes: &[Lane]) -> String {
    let names: Vec<&str> = lanes.iter().map(|lane| lane.name.as_str()).collect();
    let who = match names.as_slice() {
        [] => "ask the client who may open it".to_string(),
        [one] => format!("workers of the lane {one} may open it; ask one of them"),
        [first @ .., last] => format!(
            "workers of the lanes {} and {last} may open it; ask one of them",
            first.join(", ")
        ),
    };
    format!("an original shows all that its sender wrote, masked fields too; {who}")
}

/// The original as a file to keep.
fn file(document: &Document, bytes: Vec<u8>) -> Result<Response, Failed> {
    let name = document.name.rsplit(['/', '\\']).next().unwrap_or_default();
    let disposition = format!(
        "attachment; filename=\"{}.xml\"; filename*=UTF-8''{}",
        document.id,
        encoded(name)
    );
    let disposition = HeaderValue::from_str(&disposition)
        .map_err(|error| Failed::Unreadable(error.to_string()))?;
    let fixed = HeaderValue::from_static;
    let headers = [
        (header::CONTENT_TYPE, fixed("application/octet-stream")),
        (header::CONTENT_DISPOSITION, disposition),
        (header::X_CONTENT_TYPE_OPTIONS, fixed("nosniff")),
        (header::CONTENT_SECURITY_POLICY, fixed(POLICY)),
        (header::CACHE_CONTROL, fixed("no-store")),
        (header::REFERRER_POLICY, fixed("no-referrer")),
    ];
    Ok((headers, bytes).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lane(name: &str) -> Lane {
        Lane {
            id: name.into(),
            name: name.into(),
            party: "LV".into(),
            site: "hh".into(),
            reason: String::new(),
        }
    }

    #[test]
    fn who_may_is_named() {
        assert!(hidden(&[]).contains("ask the client"));
        assert!(hidden(&[lane("Pay")]).contains("of the lane Pay may"));
        let three = [lane("Approve"), lane("Check"), lane("Pay")];
        assert!(hidden(&three).contains("lanes Approve, Check and Pay may"));
    }

    #[test]
    fn what_nobody_asked_for_is_refused() {
        let with = |name: &'static str, value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(name, HeaderValue::from_static(value));
            asked_by_a_person(&headers).is_ok()
        };
        assert!(with("sec-fetch-site", "same-origin") && with("sec-fetch-site", "none"));
        assert!(!with("sec-fetch-site", "cross-site"));
        assert!(!with("sec-purpose", "prefetch;prerender"));
    }
}
