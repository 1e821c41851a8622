//! The strip said in words: the spoken sentence and the table, which hold everything the drawing shows.
//!
//! It draws nothing.

use super::words::{brief, hours, moment};
use super::{Leg, State, Strip};

/// A row of the table version: one hop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LegRow {
    /// The party's code.
    pub code: String,
    /// The style class of its fill.
    pub class: &'static str,
    /// The lane's name.
    pub lane: String,
    /// The person, of the own party.
    pub person: String,
    /// When it came.
    pub from: String,
    /// When it went; `now` for the holder.
    pub until: String,
    /// Working time, or a dash where it is not for the viewer.
    pub working: String,
    /// Wall time.
    pub wall: String,
    /// The pauses with their reasons.
    pub paused: String,
    /// What is said beside the times.
    pub note: String,
}

/// The rows of the table, oldest hop first.
pub(crate) fn rows(strip: &Strip) -> Vec<LegRow> {
    strip.legs.iter().map(|leg| row(strip, leg)).collect()
}

fn row(strip: &Strip, leg: &Leg) -> LegRow {
    LegRow {
        code: leg.code.clone(),
        class: leg.slot.map_or("px", |slot| slot.class()),
        lane: leg.lane.clone(),
        person: leg.person.clone().unwrap_or_default(),
        from: moment(leg.from, &strip.zone),
        until: leg
            .until
            .map_or("now".to_owned(), |until| moment(until, &strip.zone)),
        working: leg.worked.map_or("–".to_owned(), |worked| brief(worked.0)),
        wall: brief(strip.end_of(leg).since(leg.from).0),
        paused: pauses(strip, leg),
        note: leg.note.clone().unwrap_or_default(),
    }
}

fn pauses(strip: &Strip, leg: &Leg) -> String {
    let said: Vec<String> = leg
        .pauses
        .iter()
        .map(|pause| {
            let until = pause.span.until.0.min(strip.end_of(leg).0);
            format!("{}: {}", brief(until - pause.span.from.0), pause.reason)
        })
        .collect();
    said.join("; ")
}

/// The spoken sentence.
pub(crate) fn sentence(strip: &Strip) -> String {
    let mut parts: Vec<String> = strip.legs.iter().map(|leg| spoken(strip, leg)).collect();
    if let Some(state) = state(strip) {
        parts.push(state.to_owned());
    }
    if let Some(target) = &strip.target {
        let when = moment(target.at, &strip.zone);
        parts.push(match (strip.state, target.left.0) {
            (State::Done, _) => format!("target was {when}"),
            (_, left) if left < 0 => format!("target {when}, {} past", hours(-left)),
            (_, left) => format!("target {when}, {} working left", hours(left)),
        });
    }
    if let Some(next) = &strip.next {
        parts.push(format!("next {next}"));
    }
    format!("{}.", parts.join("; "))
}

fn spoken(strip: &Strip, leg: &Leg) -> String {
    let now = if leg.until.is_none() && strip.state != State::Done {
        "now "
    } else {
        ""
    };
    let wall = brief(strip.end_of(leg).since(leg.from).0);
    let times = match leg.worked {
        Some(worked) => format!("{} working in {wall} wall", brief(worked.0)),
        None => format!("{wall} wall"),
    };
    let paused = match pauses(strip, leg) {
        none if none.is_empty() => none,
        some => format!(", paused {some}"),
    };
    format!("{now}{} {} {times}{paused}", leg.code, leg.lane)
}

fn state(strip: &Strip) -> Option<&'static str> {
    match strip.state {
        State::Running => None,
        State::Paused => Some("paused now"),
        State::Offered => Some("offered, nobody has taken it yet"),
        State::Incident => Some("stuck, a person is needed"),
        State::Done => Some("done"),
    }
}
