//! `/api/v1/statements`: the charges of a month, line by line, as the file that `baton verify` recomputes;
//! and the same recomputed here. A provider reads its own.

use super::ask::{Caller, Path, Query};
use super::people::unseen;
use super::problem::{Problem, Said};
use super::scorecard::InMonth;
use super::shape::{All, Amount};
use crate::handlers::Web;
use crate::handlers::answer::{Failed, read};
use crate::handlers::frame::Frame;
use crate::handlers::measured::month_of;
use crate::handlers::statement::recomputed;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use baton_app::figures::{self, Exported};
use baton_app::views::{agreements, scorecard, statement};
use baton_model::{AgreementId, Money};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// A statement in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StatementRow {
    /// The agreement.
    agreement: String,
    /// Who runs the lanes.
    provider: String,
    /// The month.
    month: String,
    /// Items charged, less items taken back.
    quantity: i64,
    /// The sum of the lines.
    total: Amount,
}

/// The statements of a month.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Statements {
    #[serde(flatten)]
    all: All<StatementRow>,
    /// The month.
    month: String,
    /// Whether the tenant's data is simulated.
    simulated: bool,
}

fn amount(money: Money) -> Amount {
    Amount {
        amount: money.amount().to_string(),
        currency: money.currency.code().to_string(),
    }
}

/// List the statements of a month
///
/// One of each agreement in sight that counts in it; the client's own team has none.
#[utoipa::path(get, path = "/statements", tag = "statements", operation_id = "list_statements", params(InMonth),
    responses((status = 200, description = "The statements", body = Statements)))]
pub(crate) async fn list(
    State(web): State<Web>,
    caller: Caller,
    Query(asked): Query<InMonth>,
) -> Result<Json<Statements>, Problem> {
    let all = read(&web, move |app| {
        let frame = Frame::of(app, &caller.0)?;
        let month = month_of(&frame, asked.month.as_deref())?;
        let (reader, scope) = (frame.reader(), &caller.0.viewer.scope);
        let known = agreements::in_sight(&reader, scope)?;
        let mut items = Vec::new();
        for (id, terms) in scorecard::terms(&known, month) {
            let Some(set) = terms.last().filter(|set| !set.agreement.own_team()) else {
                continue;
            };
            let found = statement::statement(&reader, scope, &id, month)?;
            items.extend(found.map(|found| StatementRow {
                agreement: id.to_string(),
                provider: set.agreement.provider.to_string(),
                month: month.to_string(),
                quantity: found.statement.lines.iter().map(|line| line.quantity).sum(),
                total: amount(found.statement.total),
            }));
        }
        Ok(Statements {
            all: All { items },
            month: month.to_string(),
            simulated: frame.about.simulated,
        })
    });
    Ok(Json(all.await?))
}

/// A line of a statement. Its work items are those of `GET /scorecard/items` with this agreement, lane and
/// version, `of=accepted`, or `of=correction` where the quantity is below zero.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes a line of the file")]
pub(crate) struct StatementLine {
    /// Its name, like `verify.1` or `verify.1.correction`.
    line: String,
    /// The lane.
    lane: String,
    /// Whose version's price it is.
    version: u32,
    /// The place in the rate card.
    rate_card: String,
    /// Items; below zero where what was charged in an earlier month is taken back.
    quantity: i64,
    /// The unit price.
    #[schema(example = "1.425")]
    unit: String,
    /// Quantity × unit, rounded once, half away from zero.
    #[schema(example = "4.28")]
    amount: String,
    /// Items that were completed and are not charged, as they were returned in the month.
    returned: u64,
}

/// The statement of a month: the file that `baton verify --statement` recomputes.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes the file")]
pub(crate) struct Statement {
    /// The agreement.
    agreement: String,
    /// The month.
    month: String,
    /// The entry up to which it was computed.
    up_to_entry: i64,
    /// The ISO 4217 code.
    currency: String,
    /// Its lines.
    lines: Vec<StatementLine>,
    /// The sum of the lines.
    total: String,
    /// Whether the tenant's data is simulated.
    simulated: bool,
}

/// Read a statement
///
/// Accepted work items times their unit price, line by line. Kept as a file, `baton verify --statement`
/// recomputes it from the journal.
#[utoipa::path(get, path = "/statements/{agreement}", tag = "statements", operation_id = "read_statement",
    params(("agreement" = String, Path, description = "The agreement's id"), InMonth),
    responses((status = 200, description = "The statement", body = Statement),
        (status = 503, description = "It changes too fast to be exported; send it again", body = Said,
            content_type = "application/problem+json")))]
pub(crate) async fn one(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<String>,
    Query(asked): Query<InMonth>,
) -> Result<Json<Value>, Problem> {
    let asking = web.clone();
    let file = read(&web, move |app| {
        let (exported, simulated) = export(&asking, app, &caller, &id, &asked)?;
        Ok(figures::statement_json(
            &exported.statement,
            exported.head,
            simulated,
        ))
    });
    Ok(Json(file.await?))
}

fn export(
    web: &Web,
    app: &baton_app::App,
    caller: &Caller,
    id: &str,
    asked: &InMonth,
) -> Result<(Exported, bool), Failed> {
    let frame = Frame::of(app, &caller.0)?;
    let month = month_of(&frame, asked.month.as_deref())?;
    let (agreement, scope) = (AgreementId::new(id), &caller.0.viewer.scope);
    let found = figures::exported(app, scope, &agreement, month)?;
    let found = found.ok_or_else(|| unseen(web, caller, id, "statement"))?;
    Ok((found, frame.about.simulated))
}

/// What came of recomputing a statement.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Recomputation {
    /// Whether it gives the same, to the cent.
    same: bool,
    /// How many entries were folded.
    entries: i64,
    /// How many events.
    events: u64,
    /// The total it gives; absent where no such statement comes of the journal.
    #[serde(skip_serializing_if = "Option::is_none")]
    total: Option<Amount>,
    /// What differs, in words.
    differences: Vec<String>,
}

/// Recompute a statement
///
/// Folds the whole journal again, looks at no stored row, and compares every line. `baton verify` does the
/// same offline. One at a time.
#[utoipa::path(get, path = "/statements/{agreement}/recomputed", tag = "statements",
    operation_id = "recompute_statement",
    params(("agreement" = String, Path, description = "The agreement's id"), InMonth),
    responses((status = 200, description = "What came of it", body = Recomputation),
        (status = 503, description = "Another one is being recomputed, or it changes too fast; send it again",
            body = Said, content_type = "application/problem+json")))]
pub(crate) async fn again(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<String>,
    Query(asked): Query<InMonth>,
) -> Result<Json<Recomputation>, Problem> {
    let asking = web.clone();
    let found = read(&web, move |app| {
        let (exported, simulated) = export(&asking, app, &caller, &id, &asked)?;
        let Some(again) = recomputed(app, caller.0.tenant(), Some(exported.head))? else {
            return Ok(None);
        };
        let statement = &exported.statement;
        let file = figures::statement_json(statement, exported.head, simulated);
        let differences = figures::differences(&file, &again);
        let other = again.statement(&statement.agreement, statement.month);
        Ok(Some(Recomputation {
            same: differences.is_empty(),
            entries: again.n,
            events: again.events,
            total: other.map(|other| amount(other.total)),
            differences,
        }))
    });
    let found = found.await?;
    found.map(Json).ok_or_else(|| {
        Problem::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "BATON-WEB-039",
            "Under way",
            "another statement is being recomputed, and one is at a time; send the request again in a moment",
        )
    })
}
