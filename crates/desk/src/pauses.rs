//! Pauses of work items, one after another, with what was asked, what was answered and who objects. A pause
//! for somebody lasts from a request that the other party can see to its answer, and the clock stands still;
//! a pause for a reason of the holder's own is kept beside them, and the clocks run on.
//!
//! It keeps texts as the sealed cells they came as and runs no clock (`measure`). Pages and programs read
//! the rows.

use crate::Desk;
use baton_journal::event::{AnswerRequested, PauseContested, RequestAnswered};
use baton_journal::{Change, Column, Event, EventName, Need, Stop, View};
use baton_model::{CaseId, Cell, LaneId, Micros, PartyId, WorkItemId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The pauses. `n` is the entry that paused; `how` is empty while it lasts, else `answered`, `resumed` or
/// `over`: its item ended first. Texts are cells in JSON; a pause without one asks nobody and counts nowhere.
pub const PAUSE: View = View {
    name: "pause",
    version: 1,
    columns: &[
        Column::int("n"),
        Column::text("case_id"),
        Column::text("item"),
        Column::text("lane"),
        Column::text("party"),
        Column::text("code"),
        Column::text("asked"),
        Column::text("text"),
        Column::int("at"),
        Column::int("until_at"),
        Column::text("how"),
        Column::int("answered_n"),
        Column::text("answered_by"),
        Column::text("answer"),
        Column::text("given_by"),
        Column::int("contested_n"),
        Column::int("contested_at"),
        Column::text("contest"),
    ],
    key: 1,
    indexes: &[&["case_id", "n"], &["until_at", "asked"]],
};

/// The pauses of a case, by the number of the entry that paused.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Pauses(BTreeMap<i64, Pause>);

/// A pause.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Pause {
    pub(crate) item: WorkItemId,
    lane: LaneId,
    /// The party that paused.
    pub(crate) party: PartyId,
    code: String,
    /// What was asked; nothing of one who set the item aside.
    pub(crate) request: Option<AnswerRequested>,
    at: Micros,
    until: Option<(Micros, String)>,
    answer: Option<(i64, RequestAnswered)>,
    pub(crate) contested: Option<(i64, Micros, PauseContested)>,
    changed: EventName,
}

impl Pauses {
    /// Whether an event may change a pause.
    pub(crate) fn concerns(event: &Event) -> bool {
        matches!(
            event,
            Event::AnswerRequested(_)
                | Event::ItemSetAside(_)
                | Event::RequestAnswered(_)
                | Event::ItemResumed { .. }
                | Event::PauseContested(_)
                | Event::TaskEnded { .. }
                | Event::ItemCompleted { .. }
                | Event::CaseEnded { .. }
        )
    }

    /// A pause by the number of its entry.
    pub(crate) fn get(&self, n: i64) -> Option<&Pause> {
        self.0.get(&n)
    }

    /// The request about an item that is not answered yet, with its number.
    pub(crate) fn asked(&self, item: &WorkItemId) -> Option<(i64, &AnswerRequested)> {
        let mut open = self.0.iter().filter(|(_, pause)| pause.is_open(item));
        open.find_map(|(n, pause)| Some((*n, pause.request.as_ref()?)))
    }

    /// Whether a party was ever asked about an item.
    pub(crate) fn was_asked(&self, item: &WorkItemId, party: &PartyId) -> bool {
        let mut requests = self.0.values().filter_map(|pause| pause.request.as_ref());
        requests.any(|asked| asked.item == *item && asked.asked.as_ref() == Some(party))
    }

    /// Whether an item was set aside by who had it, for a reason of the own.
    fn set_aside(&self, item: &WorkItemId) -> bool {
        let mut open = self.0.values().filter(|pause| pause.is_open(item));
        open.any(|pause| pause.request.is_none())
    }

    /// Whether a pause of an item ends as a party takes the item over: nobody waits for an answer of the own,
    /// and what was set aside was so by another.
    fn ends_at(&self, item: &WorkItemId, party: &PartyId) -> bool {
        let asks = |(_, asked): (i64, &AnswerRequested)| asked.asked.as_ref() == Some(party);
        self.set_aside(item) || self.asked(item).is_some_and(asks)
    }

    /// Whether anything lasts that an event of this item could end.
    pub(crate) fn lasts(&self) -> bool {
        self.0.values().any(|pause| pause.until.is_none())
    }

    /// Folds an event; of an item that is paused, its lane and party.
    pub(crate) fn apply(
        &mut self,
        event: &Event,
        held: Option<(&LaneId, &PartyId)>,
        name: EventName,
        at: Micros,
    ) {
        match event {
            Event::AnswerRequested(asked) => {
                let code = &asked.waits_for;
                self.begin(&asked.item, code, held, name, at);
                if let Some(pause) = self.0.get_mut(&name.n) {
                    pause.request = Some(AnswerRequested::clone(asked));
                }
            }
            Event::ItemSetAside(aside) => self.begin(&aside.item, &aside.code, held, name, at),
            Event::RequestAnswered(answered) => {
                if let Some(pause) = self.0.get_mut(&answered.request) {
                    pause.answer = Some((name.n, RequestAnswered::clone(answered)));
                }
                self.end(&answered.item, "answered", name, at);
            }
            Event::PauseContested(contested) => {
                if let Some(pause) = self.0.get_mut(&contested.request) {
                    pause.contested = Some((name.n, at, PauseContested::clone(contested)));
                    pause.changed = name;
                }
            }
            Event::ItemResumed { item, .. } => self.end(item, "resumed", name, at),
            Event::TaskEnded { item, .. } | Event::ItemCompleted { item, .. } => {
                self.end(item, "over", name, at);
            }
            Event::CaseEnded { .. } => self.end_all(name, at),
            _ => {}
        }
    }

    fn begin(
        &mut self,
        item: &WorkItemId,
        code: &str,
        held: Option<(&LaneId, &PartyId)>,
        name: EventName,
        at: Micros,
    ) {
        let Some((lane, party)) = held else { return };
        let pause = Pause {
            item: item.clone(),
            lane: lane.clone(),
            party: party.clone(),
            code: code.to_owned(),
            request: None,
            at,
            until: None,
            answer: None,
            contested: None,
            changed: name,
        };
        self.0.insert(name.n, pause);
    }

    fn end(&mut self, item: &WorkItemId, how: &str, name: EventName, at: Micros) {
        let open = self.0.values_mut().filter(|pause| pause.is_open(item));
        open.for_each(|pause| pause.end(how, name, at));
    }

    fn end_all(&mut self, name: EventName, at: Micros) {
        let open = self.0.values_mut().filter(|pause| pause.until.is_none());
        open.for_each(|pause| pause.end("over", name, at));
    }

    /// The rows that an event changed.
    pub(crate) fn rows(&self, case: &CaseId, name: EventName) -> Vec<Change> {
        let changed = self.0.iter().filter(|(_, pause)| pause.changed == name);
        changed.map(|(n, pause)| pause.row(*n, case)).collect()
    }
}

impl Pause {
    fn is_open(&self, item: &WorkItemId) -> bool {
        self.item == *item && self.until.is_none()
    }

    fn end(&mut self, how: &str, name: EventName, at: Micros) {
        self.until = Some((at, how.to_owned()));
        self.changed = name;
    }

    fn row(&self, n: i64, case: &CaseId) -> Change {
        let request = self.request.as_ref();
        let answer = self.answer.as_ref();
        let contest = self.contested.as_ref();
        let until = self.until.as_ref();
        Change::Put {
            view: PAUSE.name,
            row: vec![
                n.into(),
                case.as_str().into(),
                self.item.as_str().into(),
                self.lane.as_str().into(),
                self.party.as_str().into(),
                self.code.as_str().into(),
                request
                    .and_then(|it| it.asked.as_ref())
                    .map(|party| party.as_str())
                    .into(),
                request.map(|it| json(&it.text)).into(),
                self.at.0.into(),
                until.map(|(at, _)| at.0).into(),
                until.map_or("", |(_, how)| how.as_str()).into(),
                answer.map(|(n, _)| *n).into(),
                answer.map(|(_, it)| it.by.as_str()).into(),
                answer.map(|(_, it)| json(&it.text)).into(),
                answer
                    .and_then(|(_, it)| it.given_by.as_ref())
                    .map(json)
                    .into(),
                contest.map(|(n, ..)| *n).into(),
                contest.map(|(_, at, _)| at.0).into(),
                contest.map(|(.., it)| json(&it.text)).into(),
            ],
        }
    }
}

impl Desk {
    /// What was set aside goes on where it leaves its holder: whoever is next knows nothing of the reason, and
    /// no program is offered an item that is paused.
    pub(crate) fn set_down(&self, events: Vec<Event>) -> Result<Vec<Event>, Stop> {
        let mut all = Vec::with_capacity(events.len());
        for event in events {
            if let Event::ItemReleased { case, item, .. } = &event
                && let Some(pauses) = self.pauses(case)?
                && pauses.set_aside(item)
            {
                all.push(goes_on(case, item));
            }
            all.push(event);
        }
        Ok(all)
    }

    /// The end of the pause of an item that another party takes over, where it ends there.
    pub(crate) fn arrived(&self, event: &Event) -> Result<Option<Event>, Need> {
        let Event::ItemAllocated {
            case, item, party, ..
        } = event
        else {
            return Ok(None);
        };
        let pauses = self.pauses(case)?;
        let ends = pauses.is_some_and(|pauses| pauses.ends_at(item, party));
        Ok(ends.then(|| goes_on(case, item)))
    }
}

fn goes_on(case: &CaseId, item: &WorkItemId) -> Event {
    Event::ItemResumed {
        case: case.clone(),
        item: item.clone(),
    }
}

/// A cell as JSON; it always has that form.
fn json(cell: &Cell) -> String {
    serde_json::to_string(cell).unwrap_or_default()
}
