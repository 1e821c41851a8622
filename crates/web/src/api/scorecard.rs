//! `/api/v1/scorecard`: the service levels of a month with counts and intervals. A provider reads its own;
//! what is behind a number is in [`super::rows`].

use super::agreements::AgreedLevel;
use super::ask::{Caller, Query};
use super::problem::Problem;
use super::shape::{instant, part};
use crate::handlers::Web;
use crate::handlers::answer::{Failed, read};
use crate::handlers::frame::Frame;
use crate::handlers::measured::month_of;
use crate::handlers::scorecard::zone;
use axum::Json;
use axum::extract::State;
use baton_app::views::scorecard::{self, Card, LaneWork, Period, Score, Standing, Tally};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Which month is asked for.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct InMonth {
    /// The month, like `2026-11`; the one that runs where it is left out.
    #[param(pattern = "^(19[7-9][0-9]|20[0-9][0-9]|21[0-9][0-9])-(0[1-9]|1[0-2])$")]
    pub(crate) month: Option<String>,
}

/// What was counted, and what a sample of that size leaves open.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Count {
    /// As agreed.
    met: u64,
    /// Not as agreed.
    missed: u64,
    /// Both together.
    due: u64,
    /// The part that was met, of one; absent where nothing was due.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "0.987654")]
    value: Option<String>,
    /// The lower end of its 95 % interval (Wilson).
    #[serde(skip_serializing_if = "Option::is_none")]
    low: Option<String>,
    /// The upper end.
    #[serde(skip_serializing_if = "Option::is_none")]
    high: Option<String>,
}

impl Count {
    fn of(tally: &Tally) -> Self {
        let between = tally.between();
        Self {
            met: tally.met,
            missed: tally.missed,
            due: tally.due(),
            value: tally.value().map(part),
            low: between.map(|between| part(between.low)),
            high: between.map(|between| part(between.high)),
        }
    }
}

/// How a level stands.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum LevelState {
    /// Below the smallest count that says something.
    TooFew,
    /// At or above the target, and of the whole interval.
    Met,
    /// At or above the target, but the interval reaches below.
    MetUnsure,
    /// Below the target, but the interval reaches it and the month goes on.
    BelowOpen,
    /// Below the target.
    Missed,
}

impl From<Standing> for LevelState {
    fn from(standing: Standing) -> Self {
        match standing {
            Standing::TooFew => Self::TooFew,
            Standing::Met => Self::Met,
            Standing::MetUnsure => Self::MetUnsure,
            Standing::BelowOpen => Self::BelowOpen,
            Standing::Missed => Self::Missed,
        }
    }
}

/// A service level of a month.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Level {
    #[serde(flatten)]
    level: AgreedLevel,
    #[serde(flatten)]
    count: Count,
    /// Hops that do not count: handed over or withdrawn in time.
    excluded: u64,
    /// Hops that are not decided yet.
    open: u64,
    /// Working time past the target in the month, in microseconds.
    over_micros: i64,
    /// How it stands.
    state: LevelState,
}

impl Level {
    fn of(score: &Score) -> Self {
        Self {
            level: AgreedLevel::of(&score.level),
            count: Count::of(&score.tally),
            excluded: score.tally.excluded,
            open: score.tally.open,
            over_micros: score.tally.over.0,
            state: score.standing.into(),
        }
    }
}

/// What was done in a lane under an agreement.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Work {
    /// The lane.
    lane: String,
    /// Work items completed.
    completed: u64,
    /// Those that were not returned before the month's end.
    accepted: u64,
    /// Those that did again what had been returned.
    rework: u64,
    /// Those that were right the first time.
    first_pass: Count,
    /// The same of those that bots completed.
    by_bots: Count,
    /// The same of those that people completed.
    by_people: Count,
    /// The median working time of the hops that were due and are left, in microseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    median_micros: Option<i64>,
    /// The working time that nine of ten hops did not exceed.
    #[serde(skip_serializing_if = "Option::is_none")]
    ninth_micros: Option<i64>,
}

impl Work {
    fn of(work: &LaneWork) -> Self {
        Self {
            lane: work.lane.to_string(),
            completed: work.completed,
            accepted: work.accepted,
            rework: work.rework,
            first_pass: Count::of(&work.first_pass),
            by_bots: Count::of(&work.by_bots),
            by_people: Count::of(&work.by_people()),
            median_micros: work.median.map(|time| time.0),
            ninth_micros: work.ninth.map(|time| time.0),
        }
    }
}

/// An agreement's part of a scorecard.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AgreementCard {
    /// The agreement.
    agreement: String,
    /// The version that counts last in the month.
    version: u32,
    /// How many versions count in it.
    versions: usize,
    /// Who runs the lanes.
    provider: String,
    /// Whether it is the client's own team: measured by the same rules, without prices.
    own_team: bool,
    /// Its levels.
    levels: Vec<Level>,
    /// What was done in each of its lanes.
    work: Vec<Work>,
}

impl AgreementCard {
    fn of(card: &Card) -> Self {
        let agreement = &card.set.agreement;
        Self {
            agreement: agreement.id.to_string(),
            version: card.set.version,
            versions: card.versions,
            provider: agreement.provider.to_string(),
            own_team: agreement.own_team(),
            levels: card.scores.iter().map(Level::of).collect(),
            work: card.work.iter().map(Work::of).collect(),
        }
    }
}

/// Working time past targets of a party in a lane.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Breach {
    /// The lane.
    lane: String,
    /// The party.
    party: String,
    /// Working time past targets in the month, in microseconds.
    over_micros: i64,
    /// Hops past their target, decided in the month.
    missed: u64,
    /// Hops that were due in it.
    due: u64,
}

/// The scorecard of a month.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Scorecard {
    /// The month.
    #[schema(example = "2026-11")]
    month: String,
    /// The instant it is of: send it as `at` for the rows behind a number.
    #[schema(format = DateTime)]
    at: String,
    /// Whether the tenant's data is simulated.
    simulated: bool,
    /// Each agreement in sight with its levels.
    agreements: Vec<AgreementCard>,
    /// Working time past targets by lane and party.
    breaches: Vec<Breach>,
    /// Cases in sight that became late in the month.
    late_cases: usize,
}

/// Read a scorecard
///
/// The service levels of a month of the agreements in sight, with counts and 95 % intervals.
#[utoipa::path(get, path = "/scorecard", tag = "scorecard", operation_id = "read_scorecard", params(InMonth),
    responses((status = 200, description = "The scorecard as of now", body = Scorecard)))]
pub(crate) async fn page(
    State(web): State<Web>,
    caller: Caller,
    Query(asked): Query<InMonth>,
) -> Result<Json<Scorecard>, Problem> {
    let card = read(&web, move |app| {
        let frame = Frame::of(app, &caller.0)?;
        let month = month_of(&frame, asked.month.as_deref())?;
        let (reader, scope) = (frame.reader(), &caller.0.viewer.scope);
        let card = scorecard::scorecard(&reader, scope, month, frame.now)?;
        let period = Period::of(month, &zone(&frame)?, frame.now);
        let (_, late) = scorecard::late_cases(&reader, scope, &period, (0, 0))?;
        Ok::<_, Failed>(shape(&frame, &card, late))
    });
    Ok(Json(card.await?))
}

fn shape(frame: &Frame<'_>, card: &scorecard::Scorecard, late_cases: usize) -> Scorecard {
    let breaches = card.breaches.iter().map(|((lane, party), over)| {
        let key = (lane.clone(), party.clone());
        let missed = card.missed.get(&key).copied().unwrap_or_default();
        Breach {
            lane: lane.to_string(),
            party: party.to_string(),
            over_micros: over.0,
            missed: missed.missed,
            due: missed.due(),
        }
    });
    Scorecard {
        month: card.month.to_string(),
        at: instant(card.now),
        simulated: frame.about.simulated,
        agreements: card.cards.iter().map(AgreementCard::of).collect(),
        breaches: breaches.collect(),
        late_cases,
    }
}
