//! Documents: the upload of many at once, by page and by API, and what was refused.

use super::Web;
use super::answer::{Failed, read};
use super::frame::Frame;
use super::session::{Signed, same_origin};
use crate::pages;
use crate::pages::documents::{
    ExcerptLine, RefusedDetail, RefusedPage, RefusedRow, UploadPage, UploadRow,
};
use crate::pages::parts::{Empty, Link, Pager, Tag, Tone};
use crate::pages::shell::Place;
use crate::pages::trouble::KeysPage;
use crate::strip::moment;
use axum::extract::{Multipart, Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use baton_app::imports::{self, Imported, Outcome};
use baton_app::views::Reader;
use baton_app::views::cases::{self, Page, plain};
use baton_app::views::documents::{self, Refused};
use baton_model::CaseId;
use serde::Deserialize;

/// How many refused files stand on a page.
const ROWS: usize = 50;
/// The most files of one upload.
const FILES: usize = 200;

/// The list's address.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    page: usize,
}

/// A file of an upload.
pub(crate) struct File {
    name: String,
    bytes: Vec<u8>,
}

/// `GET /documents/refused`
pub(crate) async fn refused(
    State(web): State<Web>,
    signed: Signed,
    Query(asked): Query<Asked>,
) -> Result<Response, Failed> {
    read(&web, move |app| {
        let frame = Frame::of(app, &signed)?;
        Ok(pages::answer(
            StatusCode::OK,
            &refused_page(&frame, &asked, None)?,
        ))
    })
    .await
}

/// `GET /documents/refused/{id}`
pub(crate) async fn one_refused(
    State(web): State<Web>,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Failed> {
    read(&web, move |app| {
        let frame = Frame::of(app, &signed)?;
        let one = documents::one_refused(&frame.reader(), &signed.viewer.scope, &id)?;
        let one = one.ok_or(Failed::Missing("refused document"))?;
        Ok(pages::answer(
            StatusCode::OK,
            &refused_page(&frame, &Asked::default(), Some(one))?,
        ))
    })
    .await
}

fn refused_page(
    frame: &Frame<'_>,
    asked: &Asked,
    one: Option<Refused>,
) -> Result<RefusedPage, Failed> {
    let scope = &frame.signed.viewer.scope;
    let number = asked.page.clamp(1, 1_000_000);
    let skip = (number - 1) * ROWS;
    let Page { rows, total } = documents::refused(
        &frame.reader(),
        scope,
        &asked.q.chars().take(100).collect::<String>(),
        skip,
        ROWS,
    )?;
    let detail_page = one.is_some();
    let detail = one.or_else(|| rows.first().cloned());
    let picked = detail.as_ref().map(|refused| refused.id.clone());
    let row = |refused: &Refused| {
        plain(
            scope,
            refused_row(frame, refused, picked.as_ref() == Some(&refused.id)),
        )
    };
    Ok(RefusedPage {
        shell: frame.shell("Refused documents", Place::Documents, None)?,
        rows: rows.iter().map(row).collect(),
        detail: detail.map(|refused| plain(scope, refused_detail(frame, &refused))),
        detail_page,
        pager: Pager {
            from: skip + 1,
            to: skip + rows.len(),
            total,
            before: (number > 1).then(|| format!("/documents/refused?page={}", number - 1)),
            after: (skip + rows.len() < total)
                .then(|| format!("/documents/refused?page={}", number + 1)),
        },
        empty: rows.is_empty().then(|| nothing(scope.client)),
    })
}

fn nothing(client: bool) -> Empty {
    let act = Some(Link {
        name: "Take documents in".into(),
        href: "/documents/upload".into(),
    });
    if client {
        return Empty {
            what: "Nothing was refused".into(),
            then: "A file that cannot be read is kept and listed here, with line and reason."
                .into(),
            act,
        };
    }
    Empty {
        what: "Not for you to see".into(),
        then: "Refused files are the client's until it is known whose they are.".into(),
        act: None,
    }
}

fn refused_row(frame: &Frame<'_>, refused: &Refused, picked: bool) -> RefusedRow {
    let finding = refused.findings.first();
    RefusedRow {
        href: format!("/documents/refused/{}", refused.id),
        file: refused.name.clone(),
        line: finding.map(|finding| finding.line).filter(|line| *line > 0),
        reason: finding
            .map(|finding| finding.message.clone())
            .unwrap_or_default(),
        code: finding
            .map(|finding| finding.code.clone())
            .unwrap_or_default(),
        at: moment(refused.at, &frame.zone),
        again: (refused.times > 1).then(|| {
            let last = moment(refused.last, &frame.zone);
            format!("{} times, last {last}", refused.times)
        }),
        picked,
    }
}

fn refused_detail(frame: &Frame<'_>, refused: &Refused) -> RefusedDetail {
    let row = refused_row(frame, refused, true);
    let around = row
        .line
        .map(|line| line.saturating_sub(2).max(1)..=line + 2)
        .into_iter()
        .flatten();
    let scope = &frame.signed.viewer.scope;
    let excerpt = around.filter_map(|number| {
        let text = documents::line_of(frame.app, scope, refused, number)?;
        Some(ExcerptLine {
            number,
            text,
            here: Some(number) == row.line,
        })
    });
    RefusedDetail {
        file: row.file,
        at: row.at,
        again: row.again,
        line: row.line,
        reason: row.reason,
        advice: "The file is kept. Ask the sender for a corrected one and take it in; this one stays listed.".into(),
        code: row.code,
        size: format!("{} KB", (refused.size + 1_023) / 1_024),
        hash: refused.sha256.chars().take(16).collect(),
        n: refused.id.strip_prefix("D-").and_then(|n| n.parse().ok()),
        excerpt: excerpt.collect(),
    }
}

/// `GET /keys`
pub(crate) async fn keys(State(web): State<Web>, signed: Signed) -> Result<Response, Failed> {
    read(&web, move |app| {
        let frame = Frame::of(app, &signed)?;
        Ok(pages::answer(
            StatusCode::OK,
            &KeysPage {
                shell: frame.shell("Keys", Place::Elsewhere, None)?,
            },
        ))
    })
    .await
}

/// `GET /documents/upload`
pub(crate) async fn form(State(web): State<Web>, signed: Signed) -> Result<Response, Failed> {
    upload_page(&web, signed, Vec::new()).await
}

/// `POST /documents/upload`
pub(crate) async fn upload(
    State(web): State<Web>,
    signed: Signed,
    headers: HeaderMap,
    body: Multipart,
) -> Result<Response, Failed> {
    same_origin(&headers)?;
    let (files, token) = files(body).await?;
    signed.check(token.as_deref())?;
    let results = take_in(&web, &signed, files).await?;
    upload_page(&web, signed, results).await
}

/// The files of an upload, and its form's token.
pub(crate) async fn files(mut body: Multipart) -> Result<(Vec<File>, Option<String>), Failed> {
    let unreadable = |error: axum::extract::multipart::MultipartError| match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Failed::TooLarge,
        _ => {
            let text = error.body_text();
            Failed::Unreadable(format!(
                "{text}; send the files again, each as a part of its own"
            ))
        }
    };
    let (mut files, mut token) = (Vec::new(), None);
    while let Some(field) = body.next_field().await.map_err(unreadable)? {
        if field.name() == Some("token") {
            token = Some(field.text().await.map_err(unreadable)?);
            continue;
        }
        let named = field.file_name().is_some();
        let name: String = field
            .file_name()
            .unwrap_or("unnamed")
            .chars()
            .filter(|sign| !sign.is_control())
            .take(200)
            .collect();
        let bytes = field.bytes().await.map_err(unreadable)?.to_vec();
        if files.len() == FILES {
            return Err(Failed::Unreadable(format!(
                "more than {FILES} files in one upload; send them in parts"
            )));
        }
        if !named && !bytes.is_empty() {
            let why = "a part without a file name is no file; send each file with its name";
            return Err(Failed::Unreadable(why.into()));
        }
        // A form without a chosen file sends a part without name and bytes.
        if named {
            files.push(File { name, bytes });
        }
    }
    Ok((files, token))
}

/// Takes files in; of a case out of sight nothing is told.
pub(crate) async fn take_in(
    web: &Web,
    signed: &Signed,
    files: Vec<File>,
) -> Result<Vec<Imported>, Failed> {
    let signed = signed.clone();
    read(web, move |app| {
        let one = |file: &File| {
            imports::import(
                app,
                signed.tenant(),
                signed.actor(),
                "http",
                &file.name,
                &file.bytes,
            )
        };
        let scope = &signed.viewer.scope;
        files
            .iter()
            .map(|file| {
                let imported = one(file)?;
                let reader = Reader::of(app, scope);
                let case = imported.case.as_deref().map(CaseId::new);
                let seen = case
                    .map(|case| cases::one(&reader, scope, &case, None))
                    .transpose()?;
                let hidden = !scope.client && !matches!(seen, Some(Some(_)));
                Ok(if hidden {
                    imported.without_case()
                } else {
                    imported
                })
            })
            .collect()
    })
    .await
}

async fn upload_page(
    web: &Web,
    signed: Signed,
    results: Vec<Imported>,
) -> Result<Response, Failed> {
    read(web, move |app| {
        let frame = Frame::of(app, &signed)?;
        let scope = &signed.viewer.scope;
        let page = UploadPage {
            shell: frame.shell("Take documents in", Place::Documents, None)?,
            may: frame.sends_documents()?,
            limits: format!("up to {FILES} files, 10 MB each"),
            summary: summary(&results),
            results: results
                .iter()
                .map(|imported| plain(scope, upload_row(imported, scope.client)))
                .collect(),
        };
        Ok(pages::answer(StatusCode::OK, &page))
    })
    .await
}

fn summary(results: &[Imported]) -> String {
    let count = |outcome: Outcome| {
        results
            .iter()
            .filter(|result| result.outcome == outcome)
            .count()
    };
    let kinds = [
        (Outcome::Case, "cases"),
        (Outcome::Correlated, "that a case waited for"),
        (Outcome::Document, "orders and receipts"),
        (Outcome::Duplicate, "duplicates"),
        (Outcome::Suspected, "suspected duplicates"),
        (Outcome::Refused, "refused"),
    ];
    let said = kinds
        .iter()
        .map(|(outcome, name)| (count(*outcome), name))
        .filter(|(count, _)| *count > 0);
    said.map(|(count, name)| format!("{count} {name}"))
        .collect::<Vec<_>>()
        .join(", ")
}

fn upload_row(imported: &Imported, client: bool) -> UploadRow {
    let (text, tone) = match imported.outcome {
        Outcome::Case => ("case", Tone::Good),
        Outcome::Correlated => ("waited for", Tone::Good),
        Outcome::Document => ("taken in", Tone::Good),
        Outcome::Duplicate => ("duplicate", Tone::Quiet),
        Outcome::Suspected => ("suspected", Tone::Risk),
        Outcome::Refused => ("refused", Tone::Late),
    };
    let text_of = |value: &Option<String>| value.clone().unwrap_or_default();
    let line = imported
        .line
        .filter(|line| *line > 0)
        .map(|line| format!("line {line}: "))
        .unwrap_or_default();
    let refused = imported
        .document
        .as_ref()
        .filter(|_| client && imported.is_refused());
    UploadRow {
        file: imported.file.clone(),
        outcome: Tag {
            text: text.into(),
            tone,
        },
        case: imported.case.as_ref().map(|case| Link {
            name: case.clone(),
            href: format!("/cases/{case}"),
        }),
        total: format!(
            "{} {}",
            text_of(&imported.currency),
            text_of(&imported.gross)
        )
        .trim()
        .to_string(),
        reason: imported
            .reason
            .as_ref()
            .map(|reason| format!("{line}{reason}"))
            .unwrap_or_default(),
        href: refused.map(|id| format!("/documents/refused/{id}")),
    }
}
