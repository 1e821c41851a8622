//! What allocation keeps of a running case: which party had it in which lane, its open work items, and
//! the fields in the clear that conditions of shares may read.

use baton_journal::Event;
use baton_model::{Decimal, LaneId, PartyId, Record, Value, WorkItemId, WorkingTime};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A running case.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Case {
    /// Its fields in the clear, by name.
    fields: Arc<BTreeMap<String, Value>>,
    /// The party that last had it in each lane.
    had: BTreeMap<LaneId, PartyId>,
    /// The version of each lane it was counted in.
    counted: BTreeMap<LaneId, u32>,
    /// Its open work items.
    items: BTreeMap<WorkItemId, Held>,
}

/// An open work item.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Held {
    /// Its lane.
    pub(crate) lane: LaneId,
    /// Who has it.
    pub(crate) party: PartyId,
    /// The target of its hop.
    pub(crate) target: Option<WorkingTime>,
    /// Whether somebody works on it.
    pub(crate) started: bool,
}

impl Case {
    /// The party that last had the case in a lane.
    pub(crate) fn had(&self, lane: &LaneId) -> Option<&PartyId> {
        self.had.get(lane)
    }

    /// Whether the case was counted in this version of a lane.
    pub(crate) fn counted(&self, lane: &LaneId, epoch: u32) -> bool {
        self.counted.get(lane) == Some(&epoch)
    }

    /// An open work item.
    pub(crate) fn item(&self, item: &WorkItemId) -> Option<&Held> {
        self.items.get(item)
    }

    /// A field's text in the clear.
    pub(crate) fn text(&self, field: &str) -> Option<&str> {
        self.fields.get(field)?.as_text()
    }

    /// A field's number in the clear.
    pub(crate) fn number(&self, field: &str) -> Option<Decimal> {
        match self.fields.get(field)? {
            Value::Number(number) => Some(number.num),
            Value::Text(text) => text.parse().ok(),
            _ => None,
        }
    }

    /// The fields as an expression reads them: `invoice.net` is `net` of the map `invoice`.
    pub(crate) fn context(&self) -> Value {
        let mut context = BTreeMap::new();
        for (name, value) in self.fields.iter() {
            put(&mut context, name, value);
        }
        Value::Map(context)
    }

    /// Whether an event changes anything here.
    pub(crate) fn concerns(event: &Event) -> bool {
        matches!(
            event,
            Event::CaseStarted { .. }
                | Event::FieldsSet { .. }
                | Event::ShareDrawn(_)
                | Event::ItemAllocated { .. }
                | Event::ItemAssigned { .. }
                | Event::ItemReleased { .. }
                | Event::TaskEnded { .. }
        )
    }

    /// Folds an event of the case.
    pub(crate) fn apply(&mut self, event: &Event) {
        match event {
            Event::CaseStarted { record, .. } | Event::FieldsSet { record, .. } => self.set(record),
            Event::ShareDrawn(drawn) => {
                self.counted.insert(drawn.lane.clone(), drawn.epoch);
            }
            Event::ItemAllocated {
                item,
                lane,
                party,
                target,
                ..
            } => {
                self.had.insert(lane.clone(), party.clone());
                let held = Held {
                    lane: lane.clone(),
                    party: party.clone(),
                    target: *target,
                    started: false,
                };
                self.items.insert(item.clone(), held);
            }
            Event::ItemAssigned { item, .. } => self.start(item, true),
            Event::ItemReleased { item, .. } => self.start(item, false),
            Event::TaskEnded { item, .. } => drop(self.items.remove(item)),
            _ => {}
        }
    }

    fn set(&mut self, record: &Record) {
        let fields = Arc::make_mut(&mut self.fields);
        for (name, cell) in record {
            match cell.value() {
                Some(value) => fields.insert(name.clone(), value.clone()),
                None => fields.remove(name),
            };
        }
    }

    fn start(&mut self, item: &WorkItemId, started: bool) {
        if let Some(held) = self.items.get_mut(item) {
            held.started = started;
        }
    }
}

/// Puts a value under a dotted name. Where a part of the name is a value already, that one stays.
fn put(context: &mut BTreeMap<String, Value>, name: &str, value: &Value) {
    match name.split_once('.') {
        None => {
            context
                .entry(name.to_string())
                .or_insert_with(|| value.clone());
        }
        Some((first, rest)) => {
            let inner = context.entry(first.to_string());
            if let Value::Map(inner) = inner.or_insert_with(|| Value::Map(BTreeMap::new())) {
                put(inner, rest, value);
            }
        }
    }
}
