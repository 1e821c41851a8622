//! What is behind the numbers of a scorecard, page by page: measured hops and late cases. Rows of one walk
//! are as of one instant, so that they equal the number. Work items are in [`super::units`].

use super::ask::Caller;
use super::listed::{AsOf, Listed, Paging, Place};
use super::people::unseen;
use super::problem::Problem;
use super::shape::{Name, Page, instant};
use super::times::{Charged, charged};
use crate::handlers::Web;
use crate::handlers::answer::{Failed, read};
use crate::handlers::frame::Frame;
use crate::handlers::measured::month_of;
use crate::handlers::scorecard::{foreign, zone};
use axum::Json;
use axum::extract::State;
use baton_app::App;
use baton_app::views::Place as Dated;
use baton_app::views::scorecard::{self, Counted, HopPlace, Period};
use baton_app::views::times::CaseTimes;
use baton_model::{AgreementId, LaneId, Micros, Month, PartyId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Rows behind a number, and how many there are in all.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Rows<T> {
    /// The rows, in order.
    items: Vec<T>,
    /// Send it as `cursor` to get the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
    /// How many there are on all pages.
    total: usize,
    /// The instant they are of.
    #[schema(format = DateTime)]
    at: String,
}

impl<T> Rows<T> {
    /// A page with what holds for all pages.
    pub(crate) fn of(page: Page<T>, total: usize, at: Micros) -> Self {
        Self {
            items: page.items,
            next: page.next,
            total,
            at: instant(at),
        }
    }
}

impl Place for HopPlace {
    fn parts(&self) -> Vec<String> {
        let decided = i64::from(self.decided).to_string();
        let (at, number) = (self.at.0.to_string(), self.number.to_string());
        vec![decided, at, self.case.clone(), number]
    }

    fn of(parts: &[&str]) -> Option<Self> {
        let [decided, at, case, number] = parts else {
            return None;
        };
        Some(Self {
            decided: *decided == "1",
            at: Micros(at.parse().ok()?),
            case: (*case).to_string(),
            number: number.parse().ok()?,
        })
    }
}

/// The instant rows are of: that of the walk they belong to, else the one asked for, else now.
fn as_of<P>(
    frame: &Frame<'_>,
    after: Option<&AsOf<P>>,
    at: Option<&String>,
) -> Result<Micros, Failed> {
    if let Some(after) = after {
        return Ok(after.now.clamp(Micros(0), frame.now));
    }
    let Some(at) = at else { return Ok(frame.now) };
    let read = at.parse::<Timestamp>().map_err(|_| {
        let wrong = format!("`at`: `{at}` is no instant; write it like 2026-12-01T08:00:00Z");
        Failed::Unreadable(wrong)
    })?;
    Ok(Micros(read.as_microsecond()).min(frame.now))
}

/// The frame and the month of rows, where party and agreement are in sight.
pub(crate) fn opened<'a>(
    web: &Web,
    app: &'a App,
    caller: &'a Caller,
    month: Option<&str>,
    named: (Option<&str>, Option<&str>),
) -> Result<(Frame<'a>, Month), Failed> {
    let frame = Frame::of(app, &caller.0)?;
    let month = month_of(&frame, month)?;
    match foreign(&frame, named)? {
        Some(what) => Err(unseen(web, caller, &what, "party or agreement")),
        None => Ok((frame, month)),
    }
}

/// Which hops count.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum HopsOf {
    /// Those that were due.
    #[default]
    Due,
    /// Those left in time.
    Met,
    /// Those past their target.
    Late,
    /// Those that do not count.
    Excluded,
    /// Those that are open and not late.
    Open,
    /// All with working time past the target in the month.
    Over,
}

impl HopsOf {
    fn word(self) -> &'static str {
        match self {
            Self::Due => "due",
            Self::Met => "met",
            Self::Late => "late",
            Self::Excluded => "excluded",
            Self::Open => "open",
            Self::Over => "over",
        }
    }
}

/// Which measured hops are asked for.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct HopsAsked {
    /// The month, like `2026-11`; the one that runs where it is left out.
    #[param(pattern = "^(19[7-9][0-9]|20[0-9][0-9]|21[0-9][0-9])-(0[1-9]|1[0-2])$")]
    month: Option<String>,
    /// Under this agreement.
    agreement: Option<String>,
    /// In this lane.
    lane: Option<String>,
    /// Of this party.
    party: Option<String>,
    /// Which of them; those that were due where it is left out.
    #[param(inline)]
    of: Option<HopsOf>,
    /// As of when: the `at` of the scorecard whose number it is; now where it is left out.
    #[param(format = DateTime)]
    at: Option<String>,
}

/// A measured hop.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MeasuredHop {
    /// The case.
    case: String,
    /// The hop's number in it.
    number: u32,
    /// The lane.
    lane: String,
    /// The party.
    party: String,
    /// Under which agreement.
    agreement: String,
    /// In which version.
    version: u32,
    /// Under which level.
    level: String,
    /// How it counts in the month: `met`, `late`, `late before`, `excluded` or `open`.
    counts: String,
    /// Why it does not count, where it does not.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// Arrival.
    #[schema(format = DateTime)]
    from: String,
    /// Leaving.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    until: Option<String>,
    /// When it is due; absent while it is paused.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    due: Option<String>,
    /// The target, in microseconds of working time.
    target_micros: i64,
    /// The working time of the whole hop, once it is over.
    #[serde(skip_serializing_if = "Option::is_none")]
    working_micros: Option<i64>,
    /// Its working time past the target in the month.
    over_micros: i64,
    /// The calendar; open around the clock where it has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    calendar: Option<String>,
    /// Its version.
    calendar_version: i64,
    /// The release of the time-zone data.
    zones: String,
    /// The events it was measured from.
    sources: Vec<Name>,
}

impl MeasuredHop {
    fn of(row: &Counted) -> Self {
        let of = &row.measurement;
        Self {
            case: of.case.to_string(),
            number: of.number,
            lane: of.lane.to_string(),
            party: of.party.to_string(),
            agreement: of.agreement.to_string(),
            version: of.version,
            level: of.level.clone(),
            counts: row.counts.into(),
            reason: Some(of.reason.clone()).filter(|reason| !reason.is_empty()),
            from: instant(of.clock.from),
            until: of.clock.until.map(instant),
            due: of.due.map(instant),
            target_micros: of.target.0,
            working_micros: of.working.map(|working| working.0),
            over_micros: row.over.0,
            calendar: of.calendar.as_ref().map(ToString::to_string),
            calendar_version: of.calendar_version,
            zones: of.zones.clone(),
            sources: of.sources.iter().copied().map(Name::from).collect(),
        }
    }
}

/// Measured hops, and the working time past targets of all of them.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Hops {
    #[serde(flatten)]
    rows: Rows<MeasuredHop>,
    /// Of the hops on all pages, in microseconds.
    over_micros: i64,
}

/// List the hops behind a number
///
/// Those past their target or open by their due instant, then those left in time; the last first.
#[utoipa::path(get, path = "/scorecard/hops", tag = "scorecard", operation_id = "list_measured_hops",
    params(HopsAsked, Paging),
    responses((status = 200, description = "A page of hops", body = Hops)))]
pub(crate) async fn hops(
    State(web): State<Web>,
    caller: Caller,
    listed: Listed<HopsAsked, AsOf<HopPlace>>,
) -> Result<Json<Hops>, Problem> {
    let asking = web.clone();
    let page = read(&web, move |app| {
        let asked = &listed.asked;
        let named = (asked.party.as_deref(), asked.agreement.as_deref());
        let (frame, month) = opened(&asking, app, &caller, asked.month.as_deref(), named)?;
        let now = as_of(&frame, listed.after.as_ref(), asked.at.as_ref())?;
        let query = scorecard::Asked {
            agreement: asked.agreement.as_ref().map(AgreementId::new),
            lane: asked.lane.as_ref().map(LaneId::new),
            party: asked.party.as_ref().map(PartyId::new),
            of: asked.of.unwrap_or_default().word().into(),
        };
        let after = listed.after.as_ref().map(|after| &after.place);
        let (reader, scope) = (frame.reader(), &caller.0.viewer.scope);
        let rows = listed.read();
        let found = scorecard::rows_after(&reader, scope, month, &query, now, after, rows)?;
        let (total, over_micros) = (found.total, found.over.0);
        let place = |row: &Counted| AsOf {
            now,
            place: row.place(),
        };
        let page = listed.page(found.rows, place, MeasuredHop::of);
        Ok(Hops {
            rows: Rows::of(page, total, now),
            over_micros,
        })
    });
    Ok(Json(page.await?))
}

/// Which late cases are asked for.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct CasesAsked {
    /// The month, like `2026-11`; the one that runs where it is left out.
    #[param(pattern = "^(19[7-9][0-9]|20[0-9][0-9]|21[0-9][0-9])-(0[1-9]|1[0-2])$")]
    month: Option<String>,
    /// As of when: the `at` of the scorecard whose number it is; now where it is left out.
    #[param(format = DateTime)]
    at: Option<String>,
}

/// A case that became late, and whom its lateness is charged to.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LateCase {
    /// The case.
    case: String,
    /// When it was due.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    due: Option<String>,
    /// How late it is, in microseconds of working time.
    late_micros: i64,
    /// What each party is charged of it.
    charged: Vec<Charged>,
    /// What no hop's overrun explains.
    unattributed_micros: i64,
}

impl LateCase {
    fn of(frame: &Frame<'_>, times: &CaseTimes) -> Self {
        Self {
            case: times.case.to_string(),
            due: times.clock.due.map(instant),
            late_micros: times.lateness.late.0,
            charged: charged(frame, times),
            unattributed_micros: times.lateness.unattributed.0,
        }
    }
}

/// List the late cases of a month
///
/// The cases in sight whose due instant lies in it and was passed, the latest due first; each with whom its
/// lateness is charged to.
#[utoipa::path(get, path = "/scorecard/cases", tag = "scorecard", operation_id = "list_late_cases",
    params(CasesAsked, Paging),
    responses((status = 200, description = "A page of late cases", body = Rows<LateCase>)))]
pub(crate) async fn cases(
    State(web): State<Web>,
    caller: Caller,
    listed: Listed<CasesAsked, AsOf<Dated>>,
) -> Result<Json<Rows<LateCase>>, Problem> {
    let page = read(&web, move |app| {
        let frame = Frame::of(app, &caller.0)?;
        let month = month_of(&frame, listed.asked.month.as_deref())?;
        let now = as_of(&frame, listed.after.as_ref(), listed.asked.at.as_ref())?;
        let period = Period::of(month, &zone(&frame)?, now);
        let after = listed.after.as_ref().map(|after| &after.place);
        let (scope, rows) = (&caller.0.viewer.scope, (0, listed.read()));
        let (found, total) =
            scorecard::late_cases_after(&frame.reader(), scope, &period, after, rows)?;
        let place = |times: &CaseTimes| AsOf {
            now,
            place: scorecard::late_place(times),
        };
        let page = listed.page(found, place, |times| LateCase::of(&frame, times));
        Ok(Rows::of(page, total, now))
    });
    Ok(Json(page.await?))
}
