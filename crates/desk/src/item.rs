//! Work items as folded from the journal: one slot a case, holding the items that are not over yet.

use baton_journal::Event;
use baton_journal::event::ItemDirected;
use baton_journal::people::Able;
use baton_model::{CaseId, LaneId, Micros, PartyId, Record, SiteId, TaskId, WorkItemId, WorkerId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A case's open work items.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Items(BTreeMap<WorkItemId, Item>);

/// Where an item stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Created, not yet with a party.
    Ready,
    /// In the party's queue.
    Offered,
    /// With a worker, until the lease ends.
    Assigned {
        /// The worker.
        worker: WorkerId,
        /// The lease's end.
        until: Micros,
    },
}

/// An open work item.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Item {
    /// Its id.
    pub id: WorkItemId,
    /// Its case.
    pub case: CaseId,
    /// The task it is a run of.
    pub task: TaskId,
    /// The task's name.
    pub name: String,
    /// The lane.
    pub lane: LaneId,
    /// The party that has it.
    pub party: Option<PartyId>,
    /// The party's site.
    pub site: Option<SiteId>,
    /// The form.
    pub form: Option<String>,
    /// The role a worker needs.
    pub role: Option<String>,
    /// Who may not do it.
    pub excluded: Option<WorkerId>,
    /// Where it stands.
    pub state: State,
    /// Since when it is there.
    pub since: Micros,
    /// For whom it waits, or why it was set aside, if it is paused.
    pub paused: Option<String>,
    /// What was typed so far.
    pub draft: Option<Record>,
    /// Why it is with this party.
    pub why: String,
    /// The entry that last changed it; drafts of its holder and longer leases do not count.
    pub touched: i64,
    /// What it asks of a worker.
    #[serde(default)]
    pub asks: Able,
    /// Which team leader gave it to its worker, and why.
    #[serde(default)]
    pub given: Option<(WorkerId, String)>,
    /// Who did, where it was a worker taking it: nobody is in conflict with one's own claim.
    pub taken_by: Option<WorkerId>,
    /// The entry that last gave it to a worker; 0 before the first.
    pub fence: i64,
}

impl Items {
    /// An item that is not over yet.
    pub fn get(&self, item: &WorkItemId) -> Option<&Item> {
        self.0.get(item)
    }

    /// Whether an event changes anything here.
    pub fn concerns(event: &Event) -> bool {
        Self::about(event).is_some()
    }

    /// The case and item an event is about, if it changes one.
    pub fn about(event: &Event) -> Option<(&CaseId, &WorkItemId)> {
        match event {
            Event::TaskReady { case, item, .. }
            | Event::TaskEnded { case, item, .. }
            | Event::ItemAllocated { case, item, .. }
            | Event::ItemOffered { case, item }
            | Event::ItemAssigned { case, item, .. }
            | Event::ItemReleased { case, item, .. }
            | Event::DraftSaved { case, item, .. }
            | Event::ItemPaused { case, item, .. }
            | Event::ItemResumed { case, item }
            | Event::ItemCompleted { case, item, .. }
            | Event::ItemDirected(ItemDirected { case, item, .. }) => Some((case, item)),
            Event::LeaseExtended(extended) => Some((&extended.case, &extended.item)),
            Event::AnswerRequested(asked) => Some((&asked.case, &asked.item)),
            Event::RequestAnswered(answered) => Some((&answered.case, &answered.item)),
            Event::ItemSetAside(aside) => Some((&aside.case, &aside.item)),
            Event::ItemFailed(failed) => Some((&failed.case, &failed.item)),
            _ => None,
        }
    }

    /// Folds an event of the entry `n`; a new item asks this of a worker.
    pub fn apply(&mut self, event: &Event, asks: Able, n: i64, at: Micros) {
        if let Event::TaskReady { .. } = event {
            let item = Item::ready(event, n, at).map(|item| Item { asks, ..item });
            self.0.extend(item.map(|item| (item.id.clone(), item)));
        }
        let Some((_, id)) = Self::about(event) else {
            return;
        };
        let over = matches!(
            event,
            Event::TaskEnded { .. } | Event::ItemCompleted { .. } | Event::ItemFailed(_)
        );
        if over {
            self.0.remove(id);
        } else if let Some(item) = self.0.get_mut(id) {
            item.apply(event, n);
        }
    }
}

impl Item {
    fn ready(event: &Event, n: i64, at: Micros) -> Option<Self> {
        let Event::TaskReady {
            case,
            item,
            task,
            name,
            lane,
            form,
            role,
            excluded,
            ..
        } = event
        else {
            return None;
        };
        Some(Self {
            id: item.clone(),
            case: case.clone(),
            task: task.clone(),
            name: name.clone(),
            lane: lane.clone(),
            party: None,
            site: None,
            form: form.clone(),
            role: role.clone(),
            excluded: excluded.clone(),
            state: State::Ready,
            since: at,
            paused: None,
            draft: None,
            why: String::new(),
            touched: n,
            asks: Able::default(),
            given: None,
            taken_by: None,
            fence: 0,
        })
    }

    fn apply(&mut self, event: &Event, n: i64) {
        match event {
            Event::ItemAllocated {
                party,
                site,
                reason,
                ..
            } => {
                // What another party's worker typed stays with that party.
                self.draft = self
                    .draft
                    .take()
                    .filter(|_| self.party.as_ref() == Some(party));
                (self.party, self.site) = (Some(party.clone()), Some(site.clone()));
                self.why = reason.clone();
            }
            Event::ItemOffered { .. } | Event::ItemReleased { .. } => {
                self.state = State::Offered;
                self.given = None;
            }
            Event::ItemDirected(directed) => {
                self.given = Some((directed.leader.clone(), directed.why.clone()));
            }
            Event::ItemAssigned { worker, until, .. } => {
                self.state = State::Assigned {
                    worker: worker.clone(),
                    until: *until,
                };
                self.fence = n;
            }
            Event::LeaseExtended(extended) => {
                self.state = State::Assigned {
                    worker: extended.worker.clone(),
                    until: extended.until,
                };
            }
            Event::DraftSaved { fields, .. } => self.draft = Some(fields.clone()),
            Event::ItemPaused { reason, .. } => self.paused = Some(reason.clone()),
            Event::AnswerRequested(asked) => self.paused = Some(asked.waits_for.clone()),
            Event::ItemSetAside(aside) => self.paused = Some(aside.code.clone()),
            Event::ItemResumed { .. } | Event::RequestAnswered(_) => self.paused = None,
            _ => {}
        }
        match event {
            Event::DraftSaved { .. } => {}
            // With the entry in which its holder let it run again, the holder is in conflict with nobody.
            Event::LeaseExtended(extended) if self.touched == n => {
                self.taken_by = Some(extended.worker.clone());
            }
            Event::LeaseExtended(_) => {}
            Event::ItemAssigned { worker, .. } => {
                (self.touched, self.taken_by) = (n, Some(worker.clone()));
            }
            _ => (self.touched, self.taken_by) = (n, None),
        }
    }

    /// When the lease ends; long ago where nobody has it.
    pub(crate) fn lease(&self) -> Micros {
        match &self.state {
            State::Assigned { until, .. } => *until,
            _ => Micros(0),
        }
    }

    /// The worker who has the item at an instant, if the lease still holds.
    pub fn holder(&self, now: Micros) -> Option<&WorkerId> {
        match &self.state {
            State::Assigned { worker, until } if *until > now => Some(worker),
            _ => None,
        }
    }
}
