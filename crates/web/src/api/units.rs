//! The completed work items behind a number of a scorecard or a line of a statement, page by page.

use super::ask::Caller;
use super::listed::{Listed, Paging};
use super::problem::Problem;
use super::rows::{Rows, opened};
use super::shape::{Name, instant};
use crate::handlers::Web;
use crate::handlers::answer::read;
use crate::handlers::frame::Frame;
use crate::handlers::measured;
use axum::Json;
use axum::extract::State;
use baton_app::views::Place;
use baton_app::views::statement::{self, UnitRow};
use baton_model::{AgreementId, LaneId, Month};
use serde::{Deserialize, Serialize};
use std::num::NonZeroU32;
use utoipa::{IntoParams, ToSchema};

/// Which completed work items count.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ItemsOf {
    /// All completed in the month.
    #[default]
    Completed,
    /// Those not returned before its end.
    Accepted,
    /// Those returned in it.
    Returned,
    /// Those that did again what had been returned.
    Rework,
    /// Those right the first time.
    Met,
    /// Those not right the first time.
    Missed,
    /// Those completed before the month and returned in it.
    Correction,
}

impl ItemsOf {
    fn word(self) -> &'static str {
        match self {
            Self::Completed => "completed",
            Self::Accepted => "accepted",
            Self::Returned => "returned",
            Self::Rework => "rework",
            Self::Met => "met",
            Self::Missed => "missed",
            Self::Correction => "correction",
        }
    }
}

/// Who completed them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum By {
    /// Bots.
    Bots,
    /// People.
    People,
}

/// Which completed work items are asked for.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ItemsAsked {
    /// The month, like `2026-11`; the one that runs where it is left out.
    #[param(pattern = "^(19[7-9][0-9]|20[0-9][0-9]|21[0-9][0-9])-(0[1-9]|1[0-2])$")]
    month: Option<String>,
    /// Under this agreement.
    agreement: Option<String>,
    /// In this lane.
    lane: Option<String>,
    /// At the price of this version.
    #[param(value_type = Option<i64>, minimum = 1, maximum = 4_294_967_295_i64)]
    version: Option<NonZeroU32>,
    /// Which of them; all completed where it is left out.
    #[param(inline)]
    of: Option<ItemsOf>,
    /// By whom they were completed; by anybody where it is left out.
    #[param(inline)]
    by: Option<By>,
}

/// A completed work item.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CompletedItem {
    /// The item.
    item: String,
    /// Its case.
    case: String,
    /// Its lane.
    lane: String,
    /// Whose work.
    party: String,
    /// Who completed it, if a worker of the own party did.
    #[serde(skip_serializing_if = "Option::is_none")]
    worker: Option<String>,
    /// Under which agreement.
    agreement: String,
    /// In which version.
    version: u32,
    /// When it was completed.
    #[schema(format = DateTime)]
    at: String,
    /// By which event.
    event: Name,
    /// Whether it did again what had been returned.
    rework: bool,
    /// By which event it was returned.
    #[serde(skip_serializing_if = "Option::is_none")]
    returned_by: Option<Name>,
    /// How it counts in the month, in words.
    result: String,
    /// What it adds to the month's charges before a line is rounded: its price, nothing, or its price taken back.
    #[schema(example = "3.90")]
    amount: String,
}

impl CompletedItem {
    fn of(frame: &Frame<'_>, unit: &UnitRow, month: Month) -> Self {
        let own = unit.party == frame.signed.viewer.scope.party;
        let worker = unit.worker.as_ref().filter(|_| own);
        Self {
            item: unit.item.to_string(),
            case: unit.case.to_string(),
            lane: unit.lane.to_string(),
            party: unit.party.to_string(),
            worker: worker.map(ToString::to_string),
            agreement: unit.agreement.to_string(),
            version: unit.version,
            at: instant(unit.at),
            event: unit.done.into(),
            rework: unit.rework,
            returned_by: unit.returned.map(Name::from),
            result: measured::result(unit, month).0.into(),
            amount: measured::charged(unit, month).to_string(),
        }
    }
}

/// List the work items behind a number
///
/// Of a scorecard or of a statement's line; the last completed first.
#[utoipa::path(get, path = "/scorecard/items", tag = "scorecard", operation_id = "list_completed_items",
    params(ItemsAsked, Paging),
    responses((status = 200, description = "A page of completed work items", body = Rows<CompletedItem>)))]
pub(crate) async fn items(
    State(web): State<Web>,
    caller: Caller,
    listed: Listed<ItemsAsked, Place>,
) -> Result<Json<Rows<CompletedItem>>, Problem> {
    let asking = web.clone();
    let page = read(&web, move |app| {
        let asked = &listed.asked;
        let named = (None, asked.agreement.as_deref());
        let (frame, month) = opened(&asking, app, &caller, asked.month.as_deref(), named)?;
        let query = statement::Asked {
            agreement: asked.agreement.as_ref().map(AgreementId::new),
            lane: asked.lane.as_ref().map(LaneId::new),
            version: asked.version.map(NonZeroU32::get),
            bots: asked.by.map(|by| by == By::Bots),
            of: asked.of.unwrap_or_default().word().into(),
        };
        let (reader, scope) = (frame.reader(), &caller.0.viewer.scope);
        let (after, rows) = (listed.after.as_ref(), listed.read());
        let found = statement::rows_after(&reader, scope, month, &query, after, rows)?;
        let total = found.total;
        let place = |unit: &UnitRow| query.place(unit);
        let shape = |unit: &UnitRow| CompletedItem::of(&frame, unit, month);
        let page = listed.page(found.rows, place, shape);
        Ok(Rows::of(page, total, frame.now))
    });
    Ok(Json(page.await?))
}
