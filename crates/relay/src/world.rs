//! The states of all stages together, and the one list of stages in the order of the journey.

use baton_access::Access;
use baton_allocation::Allocation;
use baton_desk::Desk;
use baton_engine::Engine;
use baton_intake::Intake;
use baton_journal::slots::Snapshot;
use baton_journal::{Change, Command, Env, Event, EventName, Key, Need, Shelf, Stage, Stop, View};
use baton_measure::Measure;
use baton_model::Micros;

/// Every stage's state of one tenant.
#[derive(Default)]
pub struct World {
    /// Documents and the register of orders.
    pub intake: Intake,
    /// Cases.
    pub engine: Engine,
    /// Who runs which lane.
    pub allocation: Allocation,
    /// Work items.
    pub desk: Desk,
    /// Hops and clocks.
    pub measure: Measure,
    /// Parties, workers, sessions, grants.
    pub access: Access,
}

/// Calls a macro with every stage, in the order of the journey.
macro_rules! for_each_stage {
    ($apply:ident) => {
        $apply!(intake Intake);
        $apply!(engine Engine);
        $apply!(allocation Allocation);
        $apply!(desk Desk);
        $apply!(measure Measure);
        $apply!(access Access);
    };
}

/// Every view of every stage.
pub fn views() -> Vec<View> {
    let mut views = Vec::new();
    macro_rules! add {
        ($field:ident $stage:ident) => {
            views.extend_from_slice($stage::VIEWS);
        };
    }
    for_each_stage!(add);
    views
}

impl World {
    /// Asks every stage whether it objects, then the one that decides. `access` is asked first: whoever
    /// may not see a thing learns nothing about it from another stage's objection.
    pub(crate) fn decide(&self, command: &Command, env: &Env<'_>) -> Result<Vec<Event>, Stop> {
        macro_rules! veto {
            ($field:ident $stage:ident) => {
                self.$field.veto(command, env)?;
            };
        }
        // What is done under a fence is first a command like any other, to everyone but the desk.
        if let Command::Fenced(fenced) = command {
            self.access.veto(&fenced.command, env)?;
            self.desk.veto(command, env)?;
            return self.decide(&fenced.command, env);
        }
        self.access.veto(command, env)?;
        for_each_stage!(veto);
        macro_rules! decide {
            ($field:ident $stage:ident) => {
                if $stage::decides(command) {
                    return self.$field.decide(command, env);
                }
            };
        }
        for_each_stage!(decide);
        Ok(Vec::new())
    }

    /// What all stages let follow from an event, in the order of the journey.
    pub(crate) fn react(&self, event: &Event, env: &Env<'_>) -> Result<Vec<Event>, Need> {
        let mut drafts = Vec::new();
        macro_rules! react {
            ($field:ident $stage:ident) => {
                drafts.extend(self.$field.react(event, env)?);
            };
        }
        for_each_stage!(react);
        Ok(drafts)
    }

    /// Folds an event into every stage; its keys must be loaded.
    pub(crate) fn apply(&mut self, event: &Event, name: EventName, at: Micros) {
        macro_rules! apply {
            ($field:ident $stage:ident) => {
                self.$field.apply(event, name, at);
            };
        }
        for_each_stage!(apply);
    }

    /// The view rows that change with an event.
    pub(crate) fn project(
        &self,
        event: &Event,
        name: EventName,
        at: Micros,
        into: &mut Vec<Change>,
    ) {
        macro_rules! project {
            ($field:ident $stage:ident) => {
                into.extend(self.$field.project(event, name, at));
            };
        }
        for_each_stage!(project);
    }

    /// Visits the slots of every stage.
    pub fn shelves(&mut self, visit: &mut dyn FnMut(&mut dyn Shelf)) {
        macro_rules! visit_shelves {
            ($field:ident $stage:ident) => {
                self.$field.shelves(visit);
            };
        }
        for_each_stage!(visit_shelves);
    }

    /// The shelves' names that accept a key and do not hold it yet.
    pub fn missing(&mut self, key: &Key) -> Vec<&'static str> {
        let mut names = Vec::new();
        self.shelves(&mut |shelf| {
            if shelf.accepts(key) && !shelf.holds(key) {
                names.push(shelf.name());
            }
        });
        names
    }

    /// Whether every shelf that accepts a key holds it.
    pub(crate) fn holds(&mut self, key: &Key) -> bool {
        let mut all = true;
        self.shelves(&mut |shelf| all = all && (!shelf.accepts(key) || shelf.holds(key)));
        all
    }

    /// Notes that a case that begins has no slots yet, so that nobody looks for them.
    pub(crate) fn begins(&mut self, key: &Key) {
        self.shelves(&mut |shelf| {
            if shelf.accepts(key) && !shelf.holds(key) {
                // Without bytes there is nothing that could be unreadable.
                let _ = shelf.load(key, None);
            }
        });
    }

    /// Loads a slot of a shelf from its snapshot, or notes that there is none.
    pub fn load(
        &mut self,
        shelf: &str,
        key: &Key,
        snapshot: Option<&[u8]>,
    ) -> Result<(), serde_json::Error> {
        let mut result = Ok(());
        self.shelves(&mut |each| {
            if each.name() == shelf {
                result = each.load(key, snapshot);
            }
        });
        result
    }

    /// Hands over the slots that changed since the last call.
    pub fn drain(&mut self) -> Result<Vec<Snapshot>, serde_json::Error> {
        let (mut snapshots, mut result) = (Vec::new(), Ok(()));
        self.shelves(&mut |shelf| {
            if result.is_ok() {
                result = shelf.drain(&mut snapshots);
            }
        });
        result.map(|()| snapshots)
    }

    /// How many slots are loaded.
    pub fn loaded(&mut self) -> usize {
        let mut count = 0;
        self.shelves(&mut |shelf| count += shelf.len());
        count
    }

    /// Forgets the slots that are safely in the store.
    pub fn forget(&mut self) {
        self.shelves(&mut |shelf| shelf.forget());
    }

    pub(crate) fn begin(&mut self) {
        self.shelves(&mut |shelf| shelf.begin());
    }

    pub(crate) fn roll_back(&mut self) {
        self.shelves(&mut |shelf| shelf.roll_back());
    }
}
