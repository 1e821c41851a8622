//! A tenant in memory: intake alone, its slots loaded as they are asked for.

#![allow(dead_code)]

use baton_formats::ubl;
use baton_intake::Intake;
use baton_intake::reading::{Arrival, read};
use baton_journal::setup::{Deployment, Headline, TableRow};
use baton_journal::{
    Actor, Answer, Command, Document, Env, Event, EventName, Key, Need, Peek, Question, Rejection,
    Stage, Stop,
};
use baton_model::{CaseId, Cell, Micros, Record, TaskId, TenantId, Value};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;

struct Blind;

impl Peek for Blind {
    fn open(&self, _: &CaseId, _: &str, cell: &Cell) -> Result<Value, String> {
        cell.value().cloned().ok_or_else(|| "sealed".into())
    }

    fn evaluate(&self, _: &Question) -> Result<Answer, String> {
        Err("intake evaluates nothing".into())
    }
}

/// Intake and the number of its last entry.
#[derive(Default)]
pub(crate) struct World {
    pub(crate) intake: Intake,
    pub(crate) n: i64,
}

impl World {
    fn load(&mut self, key: &Key) {
        self.intake.shelves(&mut |shelf| {
            if shelf.accepts(key) && !shelf.holds(key) {
                shelf.load(key, None).expect("an absent slot loads");
            }
        });
    }

    fn apply(&mut self, event: &Event) {
        for key in event.keys() {
            self.load(&key);
        }
        let name = EventName { n: self.n, i: 0 };
        self.intake.apply(event, name, Micros(self.n));
    }

    fn env<T>(&self, ask: impl FnOnce(&Intake, &Env<'_>) -> T) -> T {
        let (tenant, actor) = (TenantId::new("t"), Actor::System);
        let env = Env {
            now: Micros(self.n),
            n: self.n,
            tenant: &tenant,
            actor: &actor,
            peek: &Blind,
        };
        ask(&self.intake, &env)
    }

    /// Applies an event and all that intake makes of it.
    pub(crate) fn happens(&mut self, event: Event) -> Vec<Event> {
        self.apply(&event);
        let mut all = vec![];
        let followed = loop {
            match self.env(|intake, env| intake.react(&event, env)) {
                Ok(followed) => break followed,
                Err(Need(key)) => self.load(&key),
            }
        };
        for event in followed {
            self.apply(&event);
            all.push(event);
        }
        all
    }

    /// Decides a command.
    pub(crate) fn run(&mut self, command: &Command) -> Result<Vec<Event>, Rejection> {
        self.n += 1;
        let events = loop {
            match self.env(|intake, env| intake.decide(command, env)) {
                Ok(events) => break events,
                Err(Stop::Need(Need(key))) => self.load(&key),
                Err(Stop::Reject(rejection)) => return Err(rejection),
            }
        };
        for event in &events {
            self.happens(event.clone());
        }
        Ok(events)
    }

    /// Takes in a file, which must be sound; the document as received.
    pub(crate) fn takes(&mut self, name: &str, bytes: &[u8]) -> Result<Document, Rejection> {
        let command = command(name, bytes);
        let events = self.run(&command)?;
        match events.into_iter().next() {
            Some(Event::DocumentReceived { document, .. }) => Ok(*document),
            other => panic!("{name}: {other:?}"),
        }
    }

    /// Deploys a pack of tables alone.
    pub(crate) fn deploys(&mut self, tables: BTreeMap<String, Vec<TableRow>>) {
        self.happens(Event::PackDeployed {
            deployment: Box::new(Deployment {
                pack: "tables".into(),
                version: "1".into(),
                name: "Tables".into(),
                prefix: "T".into(),
                headline: Headline::default(),
                target: None,
                processes: Vec::new(),
                decisions: Vec::new(),
                forms: Vec::new(),
                tables,
                lanes: Vec::new(),
                personal: Vec::new(),
                classes: BTreeMap::new(),
            }),
            versions: Vec::new(),
        });
    }

    /// Asks a service for a case; what follows.
    pub(crate) fn asks(&mut self, case: &str, service: &str, record: &Record) -> Vec<Event> {
        self.happens(Event::ServiceAsked {
            case: CaseId::new(case),
            node: TaskId::new("node"),
            token: 1,
            service: service.into(),
            record: record.clone(),
        })
    }

    /// The facts of a match.
    pub(crate) fn matches(&mut self, case: &str, record: &Record) -> Value {
        let events = self.asks(case, "three-way-match", record);
        match events.last() {
            Some(Event::ServiceAnswered { result, .. }) => result.clone(),
            other => panic!("no answer: {other:?}"),
        }
    }
}

/// The command a file makes. The test's hash is its text: equal bytes, equal hash.
pub(crate) fn command(name: &str, bytes: &[u8]) -> Command {
    let sha256 = format!("{:x}", fold(bytes));
    read(&Arrival {
        name,
        channel: "cli",
        sha256: &sha256,
        bytes,
    })
}

fn fold(bytes: &[u8]) -> u64 {
    let step = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3);
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, step)
}

/// Says a line past the capture of the test runner.
pub(crate) fn say(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}

/// The folder of fixtures, if there is one.
pub(crate) fn fixtures() -> Option<PathBuf> {
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/fixtures");
    let folder = std::env::var_os("BATON_FIXTURES").map_or_else(beside, PathBuf::from);
    let there = folder.is_dir();
    if !there {
        say("skipped: no fixtures");
    }
    there.then_some(folder)
}

/// Every file of the fixtures' invoice folders that is an invoice or a credit note, with its bytes.
pub(crate) fn invoices() -> Vec<(String, Vec<u8>, ubl::Invoice)> {
    let Some(folder) = fixtures() else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for sub in ["peppol-billing", "xrechnung", "en16931"] {
        collect(&folder.join(sub), &mut found);
    }
    found.sort_by(|one, other| one.0.cmp(&other.0));
    found
}

fn collect(folder: &std::path::Path, found: &mut Vec<(String, Vec<u8>, ubl::Invoice)>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "xml") {
            let bytes = std::fs::read(&path).expect("a fixture reads");
            if let Ok(ubl::Document::Invoice(invoice) | ubl::Document::CreditNote(invoice)) =
                ubl::read(&bytes)
            {
                found.push((path.display().to_string(), bytes, invoice));
            }
        }
    }
}

/// A number at a path of a value.
pub(crate) fn number(value: &Value, path: &str) -> String {
    let number = value.at(path).and_then(Value::as_number);
    number
        .map(|number| number.normalize().to_string())
        .unwrap_or_default()
}
