//! Entries of the journal as one viewer may be told them: every event through the mask, or left out.
//!
//! The client is told everything but the names and drafts of other parties' workers. Others are told of
//! the cases in their sight: of own work items all, of another party's only that something happened.
//! What is not listed here as harmless is not told: a new event is silent until someone decides.
//! Entries come from the store; pages and exports show nothing of them but this.

use crate::grants::Reading;
use crate::mask::{Opener, Shown, mask};
use baton_journal::{Actor, Entry, Event};
use baton_model::{CaseId, Masked, Micros, PartyId, Record, Scope, WorkItemId, WorkerId};
use serde::Serialize;
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};

/// Parts of events that name no person and hold no field's value; told to whoever sees the event.
const HARMLESS: &[&str] = &[
    "lane",
    "party",
    "site",
    "node",
    "token",
    "from",
    "to",
    "flow",
    "task",
    "name",
    "form",
    "role",
    "process",
    "version",
    "document",
    "kind",
    "timer",
    "due",
    "fired",
    "arrived",
    "outcome",
    "incident",
    "decision",
    "element",
    "service",
    "end",
    "code",
    "target",
    "until",
    "id",
    "channel",
    "size",
    "sha256",
    "field",
    "count",
    "by",
    "waits_for",
    "request",
];

/// What the viewer sees of the journal's cases.
pub struct Told<'a> {
    scope: &'a Scope,
    cases: BTreeMap<CaseId, Seen<'a>>,
}

/// A case in the viewer's sight.
struct Seen<'a> {
    items: BTreeSet<WorkItemId>,
    reading: Reading<'a>,
}

/// An entry as it is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ToldEntry {
    /// Its number.
    pub n: i64,
    /// Its instant.
    pub at: Micros,
    /// The party of the one who asked; nothing where Baton did.
    pub party: Option<PartyId>,
    /// The one who asked, if of the viewer's party.
    pub worker: Option<WorkerId>,
    /// The events that are told, with their places in the entry.
    pub events: Vec<ToldEvent>,
    /// How many events are not told.
    pub silent: usize,
}

/// An event as it is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ToldEvent {
    /// Its place in the entry, from 0.
    pub i: u32,
    /// Its name, like `item_completed`.
    pub label: String,
    /// Its case.
    pub case: Option<CaseId>,
    /// Its work item, if the viewer sees it.
    pub item: Option<WorkItemId>,
    /// Its worker, if of the viewer's party.
    pub worker: Option<WorkerId>,
    /// Its harmless parts, in the order of their names.
    pub facts: BTreeMap<String, String>,
    /// The fields it set, masked.
    pub fields: BTreeMap<String, Shown>,
}

impl<'a> Told<'a> {
    /// A viewer to whom no case was brought yet.
    pub fn to(scope: &'a Scope) -> Self {
        let cases = BTreeMap::new();
        Self { scope, cases }
    }

    /// Brings a case in the viewer's sight: the work items of the own party in the own lanes (the rows
    /// of `sight`), and what may be read of it.
    pub fn case(
        mut self,
        case: CaseId,
        items: impl IntoIterator<Item = WorkItemId>,
        reading: Reading<'a>,
    ) -> Self {
        let items = items.into_iter().collect();
        self.cases.insert(case, Seen { items, reading });
        self
    }

    /// What is told of an entry; nothing if it holds nothing for the viewer.
    pub fn entry(&self, entry: &Entry, opener: &dyn Opener) -> Option<Masked<ToldEntry>> {
        let numbered = (0..).zip(&entry.events);
        let events: Vec<ToldEvent> = numbered
            .filter_map(|(i, event)| self.event(i, event, &entry.actor, opener))
            .collect();
        if events.is_empty() && !self.scope.client {
            return None;
        }
        let silent = entry.events.len() - events.len();
        Some(Masked::made(ToldEntry {
            n: entry.n,
            at: entry.at,
            party: self.told_party(&entry.actor),
            worker: self.told_worker(&entry.actor),
            events,
            silent,
        }))
    }

    fn event(
        &self,
        i: u32,
        event: &Event,
        actor: &Actor,
        opener: &dyn Opener,
    ) -> Option<ToldEvent> {
        let seen = event.case().and_then(|case| self.cases.get(case));
        let by_own = actor.party() == Some(&self.scope.party);
        let reveal = matches!(event, Event::FieldRevealed(_));
        if !self.scope.client && (seen.is_none() || reveal && !by_own) {
            return None;
        }
        // Whose turn another lane's case was is the client's to know.
        let others = matches!(event, Event::ShareDrawn(drawn) if drawn.party != self.scope.party);
        if !self.scope.client && others {
            return None;
        }
        let parts = parts(event);
        let item = parts
            .get("item")
            .and_then(Json::as_str)
            .map(WorkItemId::new);
        let own = |item: &WorkItemId| seen.is_some_and(|seen| seen.items.contains(item));
        // What another party did with an item before it came here stays that party's.
        let is_own = item.as_ref().is_some_and(own) && !self.of_another(event, actor);
        let told = self.scope.client || item.is_none() || is_own;
        // Of another party's item only that something happened, and of its workers not who.
        let mut parts = if told { parts } else { BTreeMap::new() };
        if let Event::RequestAnswered(answered) = event
            && self.told_of(&answered.by).is_none()
        {
            parts.remove("by");
        }
        let draft = matches!(event, Event::DraftSaved { .. }) && !is_own;
        let record = record_of(event).filter(|_| told && !draft);
        Some(ToldEvent {
            i,
            label: event.label(),
            case: event.case().cloned(),
            item: item.filter(|_| told),
            worker: worker_of(event).filter(|_| is_own).cloned(),
            facts: harmless(&parts),
            fields: masked(record, seen, opener),
        })
    }

    /// Whether an event is of another party's holding of an item, by whomever the item is held now.
    fn of_another(&self, event: &Event, actor: &Actor) -> bool {
        let party = match event {
            Event::ItemAllocated { party, .. } => Some(party),
            _ => worker_of(event).and(actor.party()),
        };
        party.is_some_and(|party| *party != self.scope.party)
    }

    /// A provider learns of another provider only that it is not the client.
    fn told_party(&self, actor: &Actor) -> Option<PartyId> {
        self.told_of(actor.party()?)
    }

    fn told_of(&self, party: &PartyId) -> Option<PartyId> {
        (self.scope.client || *party == self.scope.party).then(|| party.clone())
    }

    fn told_worker(&self, actor: &Actor) -> Option<WorkerId> {
        let own = actor.party() == Some(&self.scope.party);
        actor.worker().filter(|_| own).cloned()
    }
}

fn worker_of(event: &Event) -> Option<&WorkerId> {
    match event {
        Event::ItemAssigned { worker, .. }
        | Event::ItemCompleted { worker, .. }
        | Event::DraftSaved { worker, .. } => Some(worker),
        Event::AnswerRequested(asked) => Some(&asked.worker),
        _ => None,
    }
}

fn record_of(event: &Event) -> Option<&Record> {
    match event {
        Event::CaseStarted { record, .. }
        | Event::FieldsSet { record, .. }
        | Event::PaymentProposed { record, .. }
        | Event::MessageEnded { record, .. }
        | Event::IncidentResolved { record, .. } => Some(record),
        Event::DocumentCorrelated { brought, .. } => Some(brought),
        Event::DraftSaved { fields, .. } | Event::ItemCompleted { fields, .. } => Some(fields),
        _ => None,
    }
}

fn masked(
    record: Option<&Record>,
    seen: Option<&Seen<'_>>,
    opener: &dyn Opener,
) -> BTreeMap<String, Shown> {
    let nothing = Reading::nothing();
    let reading = seen.map_or(&nothing, |seen| &seen.reading);
    let fields = record.map(|record| mask(reading, record, opener, None));
    let fields = fields.into_iter().flatten();
    fields
        .map(|(name, shown)| (name, shown.show().clone()))
        .collect()
}

/// An event's parts by name, as its stored form has them.
fn parts(event: &Event) -> BTreeMap<String, Json> {
    let stored = serde_json::to_value(event).unwrap_or_default();
    let inner = match stored {
        Json::Object(map) => map.into_iter().next().map(|(_, inner)| inner),
        _ => None,
    };
    match inner {
        Some(Json::Object(map)) => map.into_iter().collect(),
        _ => BTreeMap::new(),
    }
}

fn harmless(parts: &BTreeMap<String, Json>) -> BTreeMap<String, String> {
    let told = parts
        .iter()
        .filter(|(name, _)| HARMLESS.contains(&name.as_str()));
    let words = told.filter_map(|(name, part)| Some((name.clone(), scalar(part)?)));
    words.collect()
}

fn scalar(part: &Json) -> Option<String> {
    match part {
        Json::String(text) => Some(text.clone()),
        Json::Number(number) => Some(number.to_string()),
        Json::Bool(truth) => Some(truth.to_string()),
        _ => None,
    }
}
