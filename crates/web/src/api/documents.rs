//! `/api/v1/documents`: what came in, one document, its original, what was refused, and taking in more.

use super::ask::{Caller, Path, Query, key, too_large};
use super::describe::Nothing;
use super::listed::{Listed, Paging};
use super::people::unseen;
use super::problem::{Problem, Said};
use super::shape::{Page, instant};
use crate::handlers::Web;
use crate::handlers::answer::{Failed, read};
use crate::handlers::documents::{files, take_in};
use crate::handlers::originals;
use crate::handlers::session::same_origin;
use axum::Json;
use axum::extract::{FromRequest, Multipart, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use baton_app::imports::{Imported, Outcome};
use baton_app::views::documents;
use baton_app::views::{Place, Reader};
use serde::Serialize;
use utoipa::ToSchema;

/// A document that came in.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Document {
    /// Its id.
    id: String,
    /// What it is, like `invoice`.
    kind: String,
    /// Its number.
    number: String,
    /// SHA-256 of its bytes, in hex.
    sha256: String,
    /// When it came.
    #[schema(format = DateTime)]
    at: String,
    /// How it came.
    channel: String,
    /// The case it started or went to.
    #[serde(skip_serializing_if = "Option::is_none")]
    case: Option<String>,
}

impl Document {
    fn of(document: &documents::Document) -> Self {
        Self {
            id: document.id.clone(),
            kind: document.kind.clone(),
            number: document.number.clone(),
            sha256: document.sha256.clone(),
            at: instant(document.at),
            channel: document.channel.clone(),
            case: document.case.clone(),
        }
    }
}

/// A file that was refused.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Refused {
    /// Its id.
    id: String,
    /// The file's name.
    file: String,
    /// SHA-256 of its bytes, in hex.
    sha256: String,
    /// When it came first.
    #[schema(format = DateTime)]
    at: String,
    /// Its size in bytes.
    bytes: i64,
    /// How often the same bytes came.
    times: i64,
    /// What is wrong with it.
    findings: Vec<Finding>,
}

/// What is wrong with a file.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Finding {
    /// The code.
    code: String,
    /// The line; absent where it is about the whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    /// What is wrong, and what to do.
    message: String,
}

impl Refused {
    fn of(refused: &documents::Refused) -> Self {
        let findings = refused.findings.iter().map(|finding| Finding {
            code: finding.code.clone(),
            line: Some(finding.line).filter(|line| *line > 0),
            message: finding.message.clone(),
        });
        Self {
            id: refused.id.clone(),
            file: refused.name.clone(),
            sha256: refused.sha256.clone(),
            at: instant(refused.at),
            bytes: refused.size,
            times: refused.times,
            findings: findings.collect(),
        }
    }
}

/// What became of a file that was sent.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TakenIn {
    /// The file's name.
    file: String,
    /// What became of it.
    outcome: Became,
    /// The case it started or went to, where it is in sight.
    #[serde(skip_serializing_if = "Option::is_none")]
    case: Option<String>,
    /// The document's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    document: Option<String>,
    /// What it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<String>,
    /// Its number.
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<String>,
    /// The ISO 4217 code of its totals.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "EUR")]
    currency: Option<String>,
    /// Its net total, as the file has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "10425.29")]
    net: Option<String>,
    /// Its tax.
    #[serde(skip_serializing_if = "Option::is_none")]
    tax: Option<String>,
    /// Its total with tax.
    #[serde(skip_serializing_if = "Option::is_none")]
    gross: Option<String>,
    /// What is to be paid.
    #[serde(skip_serializing_if = "Option::is_none")]
    payable: Option<String>,
    /// The line of the first finding.
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    /// The code of the first finding.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    /// Why it was refused, or what it duplicates.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

/// What becomes of a file.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Became {
    /// It started a case.
    Case,
    /// A running case waited for it.
    Correlated,
    /// It was taken in.
    Document,
    /// It was there already.
    Duplicate,
    /// It has the sender and number of another, and other content.
    Suspected,
    /// It cannot be read, and is kept.
    Refused,
}

impl TakenIn {
    fn of(imported: &Imported) -> Self {
        Self {
            file: imported.file.clone(),
            outcome: match imported.outcome {
                Outcome::Case => Became::Case,
                Outcome::Correlated => Became::Correlated,
                Outcome::Document => Became::Document,
                Outcome::Duplicate => Became::Duplicate,
                Outcome::Suspected => Became::Suspected,
                Outcome::Refused => Became::Refused,
            },
            case: imported.case.clone(),
            document: imported.document.clone(),
            kind: imported.kind.map(str::to_string),
            number: imported.number.clone(),
            currency: imported.currency.clone(),
            net: imported.net.clone(),
            tax: imported.tax.clone(),
            gross: imported.gross.clone(),
            payable: imported.payable.clone(),
            line: imported.line,
            code: imported.code.clone(),
            reason: imported.reason.clone(),
        }
    }
}

/// Files to take in.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes the parts of an upload")]
#[serde(deny_unknown_fields)]
pub(crate) struct Upload {
    /// UBL orders, receipts, despatch advices, invoices, credit notes; 200 files at most, 10 MB each.
    #[schema(value_type = Vec<String>, format = Binary, min_items = 1, max_items = 200)]
    files: Vec<Vec<u8>>,
}

/// List documents
///
/// The documents of the cases in sight, the last first.
#[utoipa::path(get, path = "/documents", tag = "documents", operation_id = "list_documents", params(Paging),
    responses((status = 200, description = "A page of documents", body = Page<Document>)))]
pub(crate) async fn list(
    State(web): State<Web>,
    caller: Caller,
    listed: Listed<Nothing, Place>,
) -> Result<Json<Page<Document>>, Problem> {
    let page = read(&web, move |app| {
        let scope = &caller.0.viewer.scope;
        let (after, rows) = (listed.after.as_ref(), (0, listed.read()));
        let found = documents::some(&Reader::of(app, scope), scope, after, rows)?;
        Ok(listed.page(found, documents::Document::place, Document::of))
    });
    Ok(Json(page.await?))
}

/// Take documents in
///
/// Each file is its own answer, in order. Bytes that came before are answered as duplicates, so an upload
/// is safe to send again.
#[utoipa::path(post, path = "/documents", tag = "documents", operation_id = "upload_documents",
    request_body(content = Upload, content_type = "multipart/form-data"),
    responses((status = 200, description = "What became of each file", body = Vec<TakenIn>)))]
pub(crate) async fn upload(
    State(web): State<Web>,
    caller: Caller,
    headers: HeaderMap,
    request: Request,
) -> Result<Json<Vec<TakenIn>>, Problem> {
    same_origin(&headers)?;
    // A file that came before is answered as a duplicate: the key adds nothing, but must be one.
    let _ = key(&headers)?;
    let kind = headers.get(header::CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if !kind.to_ascii_lowercase().starts_with("multipart/form-data") {
        return Err(Problem::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "BATON-WEB-032",
            "Not in this form",
            "files are taken as `multipart/form-data`; send each as a part with a file name",
        ));
    }
    let body = Multipart::from_request(request, &web).await;
    let body = body.map_err(|error| {
        let text = error.body_text();
        Problem::unreadable(&format!(
            "{text}; send `multipart/form-data` with its boundary"
        ))
    })?;
    let (files, _) = files(body).await.map_err(|failed| match failed {
        Failed::TooLarge => too_large(),
        failed => failed.into(),
    })?;
    if files.is_empty() {
        let detail = "no file was sent; send each as a part `files` with a file name";
        return Err(Problem::invalid(detail).about(Some("files".into())));
    }
    let results = take_in(&web, &caller.0, files).await?;
    Ok(Json(results.iter().map(TakenIn::of).collect()))
}

/// Read a document
#[utoipa::path(get, path = "/documents/{id}", tag = "documents", operation_id = "read_document",
    params(("id" = String, Path, description = "The document's id")),
    responses((status = 200, description = "The document", body = Document)))]
pub(crate) async fn one(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<String>,
    Query(_): Query<Nothing>,
) -> Result<Json<Document>, Problem> {
    let asking = web.clone();
    let found = read(&web, move |app| {
        let scope = &caller.0.viewer.scope;
        let found = documents::one(&Reader::of(app, scope), scope, &id)?;
        let found = found.ok_or_else(|| unseen(&asking, &caller, &id, "document"))?;
        Ok(Document::of(&found))
    });
    Ok(Json(found.await?))
}

/// Open an original
///
/// The file as it came, for lanes that declare it. The opening is journaled before the first byte goes out.
#[utoipa::path(get, path = "/documents/{id}/original", tag = "documents", operation_id = "open_original",
    params(("id" = String, Path, description = "The document's id")),
    responses((status = 200, description = "Its bytes", body = Vec<u8>, content_type = "application/octet-stream"),
        (status = 410, description = "It was erased, for good", body = Said, content_type = "application/problem+json"),
        (status = 409, description = "It has changed meanwhile", body = Said, content_type = "application/problem+json"),
        (status = 422, description = "Something in it is wrong", body = Said, content_type = "application/problem+json"),
        (status = 503, description = "It could not be journaled", body = Said, content_type = "application/problem+json")))]
pub(crate) async fn original(
    State(web): State<Web>,
    caller: Caller,
    headers: HeaderMap,
    Path(id): Path<String>,
    Query(_): Query<Nothing>,
) -> Result<Response, Problem> {
    Ok(originals::opened(&web, caller.0, &headers, id).await?)
}

/// List refused files
///
/// For the client; others see none.
#[utoipa::path(get, path = "/refused-documents", tag = "documents", operation_id = "list_refused", params(Paging),
    responses((status = 200, description = "A page of refused files, the last first", body = Page<Refused>)))]
pub(crate) async fn refused(
    State(web): State<Web>,
    caller: Caller,
    listed: Listed<Nothing, Place>,
) -> Result<Json<Page<Refused>>, Problem> {
    let page = read(&web, move |app| {
        let scope = &caller.0.viewer.scope;
        let (after, rows) = (listed.after.as_ref(), listed.read());
        let found = documents::some_refused(&Reader::of(app, scope), scope, after, rows)?;
        Ok(listed.page(found, documents::Refused::place, Refused::of))
    });
    Ok(Json(page.await?))
}
