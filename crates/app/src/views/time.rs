//! A worker's day: what was recorded, what counts after the corrections that were approved, and the sums.
//!
//! Being active is read from the items in hand while available. Every instant of the shift has one state,
//! so the sums add up to it exactly; a correction takes the place of what was recorded between its
//! instants, and what was recorded stays to be seen.

use super::{Place, Reader, ViewError, int, maybe, text};
use baton_journal::Datum;
use baton_journal::people::WorkState;
use baton_model::{Micros, Scope, WallTime, WorkerId};

const STATES: &str = "select state, from_at, until_at from worker_state \
     where tenant = $1 and worker = $2 and party = $3 and from_at < $4 \
     and coalesce(until_at, $4) > $5 order by number";

const HOLDS: &str = "select from_at, until_at from held where tenant = $1 and worker = $2 \
     and party = $3 and from_at < $4 and coalesce(until_at, $4) > $5 order by from_at";

const CORRECTIONS: &str = "select id, worker, state, from_at, until_at, why, at, decision, leader, \
     decided_why from time_correction where tenant = $1 and party = $2";

const WORKER: &str = "select roles from worker where tenant = $1 and worker = $2 and party = $3";

/// A stretch of a day with one state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// `active`, `available`, `wrap`, `break`, `training`; `off` is left out.
    pub state: String,
    /// From when.
    pub from: Micros,
    /// Until when; now where it goes on.
    pub until: Micros,
}

impl Stretch {
    /// How long it is.
    pub fn length(&self) -> WallTime {
        WallTime(self.until.0 - self.from.0)
    }
}

/// A correction of a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correction {
    /// Its id.
    pub id: String,
    /// Whose.
    pub worker: WorkerId,
    /// What the worker did.
    pub stretch: Stretch,
    /// Why.
    pub why: String,
    /// When it was proposed.
    pub at: Micros,
    /// `approved` or `refused`; nothing while it is open.
    pub decision: Option<String>,
    /// Who decided.
    pub leader: Option<WorkerId>,
    /// Why so.
    pub decided_why: String,
}

/// A worker's day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Day {
    /// What was recorded.
    pub recorded: Vec<Stretch>,
    /// What counts.
    pub counted: Vec<Stretch>,
    /// The corrections that touch the day.
    pub corrections: Vec<Correction>,
}

/// The states in the order in which they are summed up.
pub const STATES_SHOWN: [&str; 5] = ["active", "available", "wrap", "break", "training"];

impl Day {
    /// How long each state counts.
    pub fn sums(&self) -> Vec<(&'static str, WallTime)> {
        let sum = |state: &str| {
            let own = self.counted.iter().filter(|stretch| stretch.state == state);
            own.map(Stretch::length).sum()
        };
        STATES_SHOWN
            .into_iter()
            .map(|state| (state, sum(state)))
            .collect()
    }

    /// The shift: all states but off.
    pub fn shift(&self) -> WallTime {
        self.counted.iter().map(Stretch::length).sum()
    }
}

/// Whether a worker is of the viewer's party, and whether the viewer may see the worker's time: the own,
/// and for those who lead the party's workers everyone's.
pub fn may_see(reader: &Reader<'_>, scope: &Scope, worker: &WorkerId) -> Result<bool, ViewError> {
    let person = |worker: &WorkerId| -> Result<Option<Vec<String>>, ViewError> {
        let parameters = [worker.as_str().into(), scope.party.as_str().into()];
        let rows = reader.rows(WORKER, &parameters)?;
        let roles = rows.first().map(|row| text(row, 0));
        Ok(roles.map(|json| serde_json::from_str(&json).unwrap_or_default()))
    };
    if *worker == scope.worker {
        return Ok(true);
    }
    let leads = person(&scope.worker)?.unwrap_or_default();
    let leads = leads.iter().any(|role| role == baton_desk::TEAM_LEADER);
    Ok(leads && person(worker)?.is_some())
}

/// A worker's day, or the part of it until now.
pub fn day(
    reader: &Reader<'_>,
    scope: &Scope,
    worker: &WorkerId,
    (from, until): (Micros, Micros),
) -> Result<Day, ViewError> {
    let window = [
        worker.as_str().into(),
        scope.party.as_str().into(),
        until.0.into(),
        from.0.into(),
    ];
    let end = |row: &[_], column| {
        Some(int(row, column))
            .filter(|end| *end > 0)
            .unwrap_or(until.0)
    };
    let clip = |begin: i64, end: i64| (begin.max(from.0), end.min(until.0));
    let holds = reader.rows(HOLDS, &window)?;
    let holds: Vec<(i64, i64)> = holds
        .iter()
        .map(|row| clip(int(row, 0), end(row, 1)))
        .collect();
    let mut recorded = Vec::new();
    for row in reader.rows(STATES, &window)? {
        let (begin, end) = clip(int(&row, 1), end(&row, 2));
        let said = WorkState::of(&text(&row, 0)).unwrap_or_default();
        recorded.extend(split(said, begin, end, &holds));
    }
    let mut corrections = corrections(reader, scope, Some(worker))?;
    corrections.retain(|one| one.stretch.from < until && one.stretch.until > from);
    let mut counted = recorded.clone();
    let approved = corrections
        .iter()
        .filter(|one| one.decision.as_deref() == Some("approved"));
    for one in approved {
        let (begin, end) = clip(one.stretch.from.0, one.stretch.until.0);
        counted = corrected(counted, &one.stretch.state, begin, end);
    }
    Ok(Day {
        recorded,
        counted,
        corrections,
    })
}

/// The corrections of a worker, or of all of the party; the oldest first.
pub fn corrections(
    reader: &Reader<'_>,
    scope: &Scope,
    worker: Option<&WorkerId>,
) -> Result<Vec<Correction>, ViewError> {
    let mut sql = CORRECTIONS.to_owned();
    let mut parameters = vec![scope.party.as_str().into()];
    if let Some(worker) = worker {
        sql.push_str(" and worker = $3");
        parameters.push(worker.as_str().into());
    }
    let rows = reader.rows(&format!("{sql} order by at, id"), &parameters)?;
    Ok(rows.iter().map(|row| correction(row)).collect())
}

fn correction(row: &[Datum]) -> Correction {
    Correction {
        id: text(row, 0),
        worker: WorkerId::new(text(row, 1)),
        stretch: Stretch {
            state: text(row, 2),
            from: Micros(int(row, 3)),
            until: Micros(int(row, 4)),
        },
        why: text(row, 5),
        at: Micros(int(row, 6)),
        decision: maybe(row, 7),
        leader: maybe(row, 8).map(WorkerId::new),
        decided_why: text(row, 9),
    }
}

/// Which corrections are asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CorrectionFilter {
    /// Of this worker; of all of the party where none is named.
    pub worker: Option<WorkerId>,
    /// Those that are open, or those that are decided.
    pub open: Option<bool>,
    /// Only this one.
    pub id: Option<String>,
}

/// Corrections of workers of the viewer's party after a place, the last first. Whose the viewer may see,
/// [`may_see`] says of one worker; all are for those who lead.
pub fn some_corrections(
    reader: &Reader<'_>,
    scope: &Scope,
    filter: &CorrectionFilter,
    after: Option<&Place>,
    limit: usize,
) -> Result<Vec<Correction>, ViewError> {
    let mut sql = CORRECTIONS.to_owned();
    let mut parameters: Vec<Datum> = vec![scope.party.as_str().into()];
    let worker = filter.worker.as_ref().map(WorkerId::as_str);
    for (column, value) in [("worker", worker), ("id", filter.id.as_deref())] {
        if let Some(value) = value {
            parameters.push(value.into());
            sql += &format!(" and {column} = ${}", parameters.len() + 1);
        }
    }
    sql += match filter.open {
        Some(true) => " and decision is null",
        Some(false) => " and decision is not null",
        None => "",
    };
    if let Some(after) = after {
        sql += &after.condition("at", "id", &mut parameters);
    }
    let sql = format!("{sql} order by at desc, id desc limit {limit}");
    let rows = reader.rows(&sql, &parameters)?;
    Ok(rows.iter().map(|row| correction(row)).collect())
}

impl Correction {
    /// Its place in a list of corrections.
    pub fn place(&self) -> Place {
        let (at, id) = (self.at, self.id.clone());
        Place { at, id }
    }
}

/// A stretch of what a worker said; available is active where an item was in hand.
fn split(said: WorkState, begin: i64, end: i64, holds: &[(i64, i64)]) -> Vec<Stretch> {
    let stretch = |state: &str, from: i64, until: i64| Stretch {
        state: state.to_owned(),
        from: Micros(from),
        until: Micros(until),
    };
    if said == WorkState::Off || end <= begin {
        return Vec::new();
    }
    if said != WorkState::Available {
        return vec![stretch(said.word(), begin, end)];
    }
    let mut parts = Vec::new();
    let mut at = begin;
    for (from, until) in holds {
        let (from, until) = ((*from).max(at), (*until).min(end));
        if until > from {
            if from > at {
                parts.push(stretch("available", at, from));
            }
            parts.push(stretch("active", from, until));
            at = until;
        }
    }
    if end > at {
        parts.push(stretch("available", at, end));
    }
    parts
}

/// What counts with one stretch put in the place of what was between its instants.
fn corrected(before: Vec<Stretch>, state: &str, begin: i64, end: i64) -> Vec<Stretch> {
    let mut after = Vec::new();
    for stretch in before {
        let (from, until) = (stretch.from.0, stretch.until.0);
        let pieces = [(from, until.min(begin)), (from.max(end), until)];
        after.extend(pieces.into_iter().filter(|(from, until)| until > from).map(
            |(from, until)| Stretch {
                state: stretch.state.clone(),
                from: Micros(from),
                until: Micros(until),
            },
        ));
    }
    if state != WorkState::Off.word() && end > begin {
        after.push(Stretch {
            state: state.to_owned(),
            from: Micros(begin),
            until: Micros(end),
        });
    }
    after.sort_by_key(|stretch| stretch.from);
    after
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(stretches: &[Stretch]) -> Vec<(&str, i64, i64)> {
        let stretches = stretches.iter();
        stretches
            .map(|one| (one.state.as_str(), one.from.0, one.until.0))
            .collect()
    }

    #[test]
    fn being_active_is_having_an_item_in_hand_while_available() {
        let holds = [(5, 20), (10, 30), (40, 200)];
        let parts = split(WorkState::Available, 10, 100, &holds);
        let expected = [
            ("active", 10, 20),
            ("active", 20, 30),
            ("available", 30, 40),
            ("active", 40, 100),
        ];
        assert_eq!(said(&parts), expected);
        let all: i64 = parts.iter().map(|part| part.length().0).sum();
        assert_eq!(all, 90, "the parts add up");
        assert_eq!(
            said(&split(WorkState::Break, 0, 9, &holds)),
            [("break", 0, 9)]
        );
        assert!(split(WorkState::Off, 0, 9, &holds).is_empty());
    }

    #[test]
    fn a_correction_takes_the_place_of_what_was_recorded() {
        let before = split(WorkState::Available, 0, 100, &[]);
        let after = corrected(before, "training", 20, 60);
        let expected = [
            ("available", 0, 20),
            ("training", 20, 60),
            ("available", 60, 100),
        ];
        assert_eq!(said(&after), expected);
        let off = corrected(after, "off", 50, 100);
        assert_eq!(said(&off), [("available", 0, 20), ("training", 20, 50)]);
    }
}
