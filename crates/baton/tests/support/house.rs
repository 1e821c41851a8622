//! A data folder with the real app over it, in the test's own process: documents go in as `baton import`
//! takes them, workers do their items, and what happened is read from the journal's entries.

use super::Temporary;
use baton_app::clock::{Clock, SystemClock};
use baton_app::evaluator::Evaluator;
use baton_app::imports::{self, Imported};
use baton_app::sight::{self, Viewer};
use baton_app::views::{Reader, times};
use baton_app::{App, Failure, Folder, Outside, Receipt, packs};
use baton_journal::{Actor, Command, Entry, Event};
use baton_model::{CaseId, Cell, Decimal, PartyId, Record, TenantId, Value, WorkItemId, WorkerId};
use std::path::Path;
use std::sync::Arc;

/// The folder of the packs that come with Baton.
pub fn packs_folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs")
}

/// A running house.
pub struct House {
    pub app: App,
    pub tenant: TenantId,
    pub folder: Temporary,
    pub(super) clock: Arc<dyn Clock>,
}

/// A work item as it was created.
#[derive(Clone, Debug)]
pub struct Item {
    pub case: CaseId,
    pub id: WorkItemId,
    pub task: String,
    pub lane: String,
    pub excluded: Option<String>,
}

impl House {
    /// A new data folder with a pack in it: one that comes with Baton, or a folder's path.
    pub fn found(name: &str, pack: &str) -> Self {
        Self::found_at(name, pack, Arc::new(SystemClock))
    }

    /// The same by a clock of the test's own.
    pub fn found_at(name: &str, pack: &str, clock: Arc<dyn Clock>) -> Self {
        let folder = Temporary::new(name);
        let app = open(folder.path(), clock.clone());
        let pack = packs::read(pack).unwrap_or_else(|findings| panic!("{pack}: {findings:?}"));
        let tenant = packs::install(&app, &pack, None, true).expect("the pack is installed");
        Self {
            app,
            tenant,
            folder,
            clock,
        }
    }

    /// Another app over the same folder, by the same clock; its owner stops it.
    pub fn beside(&self) -> App {
        open(self.folder.path(), self.clock.clone())
    }

    /// Stops the app and starts another over the same folder.
    pub fn restart(&mut self) {
        self.app.stop();
        self.app = self.beside();
    }

    /// A house over a copy of the folder as it is now, as if the machine had gone off at this instant:
    /// nothing was kept that was not written with an answer.
    pub fn after_a_crash(&self, name: &str) -> Self {
        let folder = Temporary::new(name);
        super::copy(self.folder.path(), folder.path());
        Self {
            app: open(folder.path(), self.clock.clone()),
            tenant: self.tenant.clone(),
            folder,
            clock: self.clock.clone(),
        }
    }

    pub fn import(&self, name: &str, bytes: &[u8]) -> Imported {
        imports::import(&self.app, &self.tenant, Actor::System, "cli", name, bytes)
            .expect("an answer")
    }

    pub fn submit(&self, actor: Actor, command: Command) -> Result<Receipt, Failure> {
        self.app
            .submit_now(&self.tenant, actor, &self.app.fresh_cause("test"), command)
    }

    pub fn entries(&self) -> Vec<Entry> {
        entries(&self.app, &self.tenant)
    }

    /// The events of a case, in order.
    pub fn events(&self, case: &str) -> Vec<Event> {
        let events = self.entries().into_iter().flat_map(|entry| entry.events);
        events
            .filter(|event| event.case().is_some_and(|of| of.as_str() == case))
            .collect()
    }

    /// The work item of a task that is still open in a case.
    pub fn open(&self, case: &str, task: &str) -> Option<Item> {
        open_items(&self.events(case))
            .into_iter()
            .rfind(|item| item.task == task)
    }

    /// A worker who has signed in by a one-time link.
    pub fn viewer(&self, worker: &str) -> Viewer {
        let link = sight::invite(&self.app, &self.tenant, &WorkerId::new(worker)).expect("a link");
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .expect("a thread");
        let token = runtime
            .block_on(sight::sign_in(&self.app, &self.tenant, &link))
            .expect("signed in");
        let viewer = sight::viewer(&self.app, &token).expect("the session");
        viewer.expect("a viewer")
    }

    /// The times of a case now, as the pages of a worker of the client get them.
    pub fn times(&self, viewer: &Viewer, case: &str) -> times::CaseTimes {
        let reader = Reader::of(&self.app, &viewer.scope);
        let book = times::book(&reader).expect("the calendars");
        times::times(&reader, &book, &CaseId::new(case), self.app.now())
            .expect("the times")
            .expect("a case")
    }

    /// Takes in documents of the pack that comes with Baton; the case the last one started.
    pub fn sample(&self, files: &[&str]) -> String {
        let mut case = None;
        for file in files {
            let path = packs_folder().join("purchase-to-pay/sample").join(file);
            case = self
                .import(file, &std::fs::read(path).expect("a sample"))
                .case;
        }
        case.expect("the last document starts a case")
    }

    /// Claims an item; what the worker's party is comes from the journal.
    pub fn claim(&self, worker: &str, item: &Item) -> Result<Receipt, Failure> {
        self.submit(
            self.worker(worker),
            Command::Claim {
                item: item.id.clone(),
                case: item.case.clone(),
            },
        )
    }

    /// Asks somebody about an item that the viewer has; its clock stands still.
    pub fn ask(
        &self,
        viewer: &Viewer,
        item: &Item,
        waits_for: &str,
        text: &str,
    ) -> Result<Receipt, Failure> {
        let about = (&item.id, &item.case);
        let command = self.app.ask(&viewer.scope, about, waits_for, None, text)?;
        self.submit(viewer.actor(), command)
    }

    /// Answers what is asked about an item, or records who did.
    pub fn answer(
        &self,
        viewer: &Viewer,
        item: &Item,
        text: &str,
        given_by: Option<&str>,
    ) -> Result<Receipt, Failure> {
        let about = (&item.id, &item.case);
        let command = self.app.answer(&viewer.scope, about, text, given_by)?;
        self.submit(viewer.actor(), command)
    }

    /// Claims and completes the item of a task.
    pub fn done(
        &self,
        case: &str,
        task: &str,
        worker: &str,
        fields: Record,
    ) -> Result<Receipt, Failure> {
        let item = self
            .open(case, task)
            .unwrap_or_else(|| panic!("{case}: no open item of {task}"));
        let expected = self.claim(worker, &item)?.n;
        self.submit(
            self.worker(worker),
            Command::Complete {
                item: item.id,
                case: item.case,
                expected,
                fields,
            },
        )
    }

    /// A worker as the one who asks.
    pub fn worker(&self, id: &str) -> Actor {
        let events = self.entries().into_iter().flat_map(|entry| entry.events);
        let known = events.filter_map(|event| match event {
            Event::WorkerRegistered(worker) if worker.id.as_str() == id => Some(worker.party),
            _ => None,
        });
        let party: PartyId = known.last().unwrap_or_else(|| panic!("no worker {id}"));
        Actor::Worker {
            party,
            worker: WorkerId::new(id),
        }
    }
}

impl Drop for House {
    fn drop(&mut self) {
        self.app.stop();
    }
}

/// An app over a data folder, which is made where it is missing.
fn open(path: &Path, clock: Arc<dyn Clock>) -> App {
    let folder = Folder::at(path);
    folder.make().expect("the data folder");
    let store = baton_store::sqlite::open(&folder.journal()).expect("the store");
    let outside = Outside {
        clock,
        evaluator: Evaluator::in_a_process(env!("CARGO_BIN_EXE_baton").into()),
        ..Outside::default()
    };
    App::start_in(folder, Arc::new(store), outside).expect("the app")
}

/// All entries of a tenant.
pub fn entries(app: &App, tenant: &TenantId) -> Vec<Entry> {
    let stored = app
        .store()
        .entries(tenant, 0, usize::MAX >> 1)
        .expect("entries");
    stored
        .iter()
        .map(|stored| Entry::from_bytes(&stored.bytes).expect("an entry"))
        .collect()
}

/// The work items that events created and did not end.
pub fn open_items(events: &[Event]) -> Vec<Item> {
    let mut open = Vec::new();
    for event in events {
        match event {
            Event::TaskReady {
                case,
                item,
                task,
                lane,
                excluded,
                ..
            } => open.push(Item {
                case: case.clone(),
                id: item.clone(),
                task: task.to_string(),
                lane: lane.to_string(),
                excluded: excluded.as_ref().map(ToString::to_string),
            }),
            Event::TaskEnded { item, .. } => open.retain(|open: &Item| open.id != *item),
            _ => {}
        }
    }
    open
}

/// The last value of a case's field that was set in the clear.
pub fn field(events: &[Event], name: &str) -> Option<Value> {
    let mut set = events.iter().filter_map(|event| match event {
        Event::FieldsSet { record, .. } => record.get(name).and_then(Cell::value).cloned(),
        _ => None,
    });
    set.next_back()
}

/// A field's text; nothing where it is not set or null.
pub fn text(events: &[Event], name: &str) -> String {
    field(events, name)
        .and_then(|value| value.as_text().map(str::to_string))
        .unwrap_or_default()
}

/// A form's fields: texts, and numbers where the name says hours.
pub fn fields(pairs: &[(&str, &str)]) -> Record {
    let value = |name: &str, text: &str| match text.parse::<Decimal>() {
        Ok(number) if name.ends_with("hours") => Value::number(number),
        _ => Value::text(text),
    };
    pairs
        .iter()
        .map(|(name, text)| (name.to_string(), Cell::Clear(value(name, text))))
        .collect()
}
