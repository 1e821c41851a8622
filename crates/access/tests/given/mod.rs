//! Given a journal, when a command, then events: a small shell around the one stage, with view rows in
//! memory. Used by the tests of this room.

#![allow(dead_code, unreachable_pub)]

use baton_access::Access;
use baton_journal::setup::{
    Deployment, Freetext, Headline, LaneSetting, Party, PartyRole, Site, Worker,
};
use baton_journal::turn::Question;
use baton_journal::{
    Actor, Answer, Change, Command, Datum, Env, Event, EventName, Key, Need, Peek, Rejection,
    Stage, Stop,
};
use baton_model::{CaseId, Cell, Micros, Scope, SubjectId, TenantId, Value, WorkerId};
use std::collections::{BTreeMap, BTreeSet};

struct NoPeek;

impl Peek for NoPeek {
    fn open(&self, _: &CaseId, _: &str, _: &Cell) -> Result<Value, String> {
        Err("nothing is opened here".into())
    }

    fn evaluate(&self, _: &Question) -> Result<Answer, String> {
        Err("nothing is evaluated here".into())
    }
}

/// A tenant's journal with this one stage.
pub struct Given {
    pub access: Access,
    pub tenant: TenantId,
    pub now: Micros,
    pub rows: BTreeMap<(&'static str, Vec<Datum>), Vec<Datum>>,
    n: i64,
}

impl Given {
    /// An empty tenant.
    pub fn nothing() -> Self {
        Self {
            access: Access::default(),
            tenant: "lv".into(),
            now: Micros(1_700_000_000_000_000),
            rows: BTreeMap::new(),
            n: 0,
        }
    }

    /// The cast of purchase-to-pay: LV the client, KS and TO providers, one worker each and
    /// administrators, and a pack of three lanes.
    pub fn cast() -> Self {
        let mut given = Self::parties();
        given.event(Event::PackDeployed {
            deployment: Box::new(pack()),
            versions: vec![],
        });
        given
    }

    /// The same without a pack.
    pub fn parties() -> Self {
        let mut given = Self::nothing();
        let found = Command::Found {
            name: "LV".into(),
            simulated: true,
            client: "LV".into(),
        };
        given.accept(found);
        for (slot, id) in ["LV", "KS", "TO"].into_iter().enumerate() {
            given.accept(Command::RegisterParty(party(id, slot as u32)));
            given.accept(Command::RegisterSite(site(id)));
        }
        for (id, party, lanes, roles) in [
            ("lena", "LV", vec!["approve"], vec![]),
            ("ute", "LV", vec![], vec!["administrator"]),
            ("aga", "KS", vec!["resolve"], vec![]),
            ("jan", "KS", vec![], vec!["administrator"]),
            ("maria", "TO", vec!["verify"], vec![]),
        ] {
            given.accept(Command::RegisterWorker(worker(id, party, &lanes, &roles)));
        }
        given
    }

    /// A case of the cast with items at TO (verify) and KS (resolve).
    pub fn case(mut self, case: &str) -> Self {
        self.event(started(case));
        self.event(allocated(case, &format!("{case}.1"), "verify", "TO"));
        self.event(allocated(case, &format!("{case}.2"), "resolve", "KS"));
        self
    }

    pub fn event(&mut self, event: Event) {
        self.n += 1;
        self.fold(&event, 0);
    }

    fn fold(&mut self, event: &Event, i: u32) {
        for key in event.keys() {
            self.load(&key);
        }
        let name = EventName { n: self.n, i };
        self.access.apply(event, name, self.now);
        for change in self.access.project(event, name, self.now) {
            self.change(change);
        }
    }

    fn change(&mut self, change: Change) {
        let width = |name| {
            let view = Access::VIEWS.iter().find(|view| view.name == name);
            let view = view.expect("declared");
            (view.key, view.columns.len())
        };
        match change {
            Change::Put { view, row } => {
                let (key, columns) = width(view);
                assert_eq!(row.len(), columns, "{view}");
                self.rows.insert((view, row[..key].to_vec()), row);
            }
            Change::Delete { view, key } => {
                assert_eq!(key.len(), width(view).0, "{view}");
                self.rows.remove(&(view, key));
            }
        }
    }

    fn load(&mut self, key: &Key) {
        self.access.shelves(&mut |shelf| {
            if shelf.accepts(key) && !shelf.holds(key) {
                shelf.load(key, None).expect("loads");
            }
        });
    }

    /// A command by an actor: its events, which are folded, or its rejection.
    pub fn when(&mut self, actor: Actor, command: Command) -> Result<Vec<Event>, Rejection> {
        loop {
            let env = Env {
                now: self.now,
                n: self.n + 1,
                tenant: &self.tenant,
                actor: &actor,
                peek: &NoPeek,
            };
            let vetoed = self.access.veto(&command, &env);
            let decided = vetoed.and_then(|()| {
                if Access::decides(&command) {
                    self.access.decide(&command, &env)
                } else {
                    Ok(Vec::new())
                }
            });
            match decided {
                Ok(events) => {
                    self.n += 1;
                    for (i, event) in (0..).zip(&events) {
                        self.fold(event, i);
                    }
                    return Ok(events);
                }
                Err(Stop::Reject(rejection)) => return Err(rejection),
                Err(Stop::Need(Need(key))) => self.load(&key),
            }
        }
    }

    /// The same by Baton itself.
    pub fn accept(&mut self, command: Command) -> Vec<Event> {
        self.when(Actor::System, command).expect("accepted")
    }

    /// The code with which a worker's command is refused.
    pub fn refused(&mut self, actor: Actor, command: Command) -> String {
        self.when(actor, command).expect_err("refused").code
    }

    pub fn scope(&self, worker: &str) -> Scope {
        let worker = WorkerId::new(worker);
        let scope = self.access.scope_of_worker(&self.tenant, &worker);
        scope.expect("loaded").expect("known")
    }

    /// The rows of a view as texts.
    pub fn view(&self, name: &str) -> Vec<Vec<String>> {
        let rows = self.rows.iter().filter(|((view, _), _)| *view == name);
        rows.map(|(_, row)| row.iter().map(said).collect())
            .collect()
    }
}

fn said(datum: &Datum) -> String {
    datum
        .text()
        .map_or_else(|| datum.int().to_string(), str::to_owned)
}

/// A worker as the one who asks.
pub fn by(worker: &str, party: &str) -> Actor {
    Actor::Worker {
        party: party.into(),
        worker: worker.into(),
    }
}

pub fn party(id: &str, slot: u32) -> Party {
    let role = if slot == 0 {
        PartyRole::Client
    } else {
        PartyRole::Provider
    };
    Party {
        id: id.into(),
        name: id.into(),
        role,
        slot,
    }
}

pub fn site(party: &str) -> Site {
    let calendar = serde_json::from_value(serde_json::json!({
        "id": party, "zone": "Europe/Berlin", "always": true
    }));
    Site {
        id: format!("{party}-1").as_str().into(),
        party: party.into(),
        name: "Hamburg".into(),
        calendar: calendar.expect("a calendar"),
        country: None,
        barred: BTreeSet::new(),
    }
}

pub fn sealed(subject: &str) -> Cell {
    Cell::Sealed {
        subject: SubjectId::new(subject),
        record: "r".into(),
        ciphertext: "xx".into(),
    }
}

pub fn worker(id: &str, party: &str, lanes: &[&str], roles: &[&str]) -> Worker {
    Worker {
        id: id.into(),
        party: party.into(),
        site: format!("{party}-1").as_str().into(),
        name: sealed(id),
        email: sealed(id),
        lanes: lanes.iter().map(|lane| (*lane).into()).collect(),
        roles: roles
            .iter()
            .map(|role| (*role).to_owned())
            .collect::<BTreeSet<_>>(),
        able: Default::default(),
    }
}

pub fn lane(id: &str, party: &str, read: &[&str], write: &[&str]) -> LaneSetting {
    let globs = |list: &[&str]| list.iter().map(|glob| (*glob).to_owned()).collect();
    LaneSetting {
        id: id.into(),
        name: id.into(),
        party: party.into(),
        site: format!("{party}-1").as_str().into(),
        target: None,
        freetext: Freetext::Redacted,
        read: globs(read),
        write: globs(write),
        asks: Default::default(),
        language: None,
        receives: Default::default(),
    }
}

pub fn pack() -> Deployment {
    Deployment {
        pack: "p2p".into(),
        version: "1".into(),
        name: "Purchase to pay".into(),
        prefix: "P2P".into(),
        headline: Headline::default(),
        target: None,
        processes: vec![],
        decisions: vec![],
        forms: vec![],
        tables: BTreeMap::new(),
        lanes: vec![
            lane("verify", "TO", &["invoice.*"], &["verify.*"]),
            lane(
                "resolve",
                "KS",
                &["invoice.*", "supplier.*"],
                &["resolution.*"],
            ),
            lane(
                "approve",
                "LV",
                &["invoice.*", "supplier.name", "original.*"],
                &["approval.*"],
            ),
        ],
        personal: vec!["supplier.iban".into()],
        classes: BTreeMap::new(),
    }
}

pub fn started(case: &str) -> Event {
    Event::CaseStarted {
        case: case.into(),
        process: "p2p".into(),
        version: 1,
        document: None,
        kind: None,
        record: BTreeMap::new(),
    }
}

pub fn allocated(case: &str, item: &str, lane: &str, party: &str) -> Event {
    Event::ItemAllocated {
        case: case.into(),
        item: item.into(),
        lane: lane.into(),
        party: party.into(),
        site: format!("{party}-1").as_str().into(),
        target: None,
        reason: "all of it".into(),
    }
}
