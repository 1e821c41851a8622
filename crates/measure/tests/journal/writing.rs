//! Writes a small journal: its events by short names, the stage that follows it, and the rows it gives.

use baton_journal::event::agreement::AgreementSet;
use baton_journal::event::{AnswerRequested, ItemSetAside, RequestAnswered, TaskEnd};
use baton_journal::setup::{Deployment, Site};
use baton_journal::store::Row;
use baton_journal::{Change, Datum, Event, EventName, Stage, View};
use baton_measure::{CaseTimes, Measure, case_times, view};
use baton_model::calendar::CalendarSpec;
use baton_model::{CaseId, Cell, Micros, WorkItemId, WorkingTime};
use std::collections::BTreeMap;

pub(crate) const CALENDARS: [(&str, &str, &str); 4] = [
    (
        "LV",
        "Europe/Berlin",
        "week = { mon-fri = [\"09:00-17:00\"] }",
    ),
    (
        "KS",
        "Europe/Warsaw",
        "week = { mon-fri = [\"08:00-18:00\"] }",
    ),
    (
        "TO",
        "Asia/Manila",
        "week = { mon-fri = [\"09:00-18:00\"] }",
    ),
    ("DL", "UTC", "always = true"),
];

/// A journal being written, with the rows it gives.
#[derive(Default)]
pub(crate) struct Journal {
    pub(crate) stage: Measure,
    rows: BTreeMap<(&'static str, Vec<Datum>), Row>,
    n: i64,
}

impl Journal {
    pub(crate) fn new() -> Self {
        let mut journal = Self::default();
        let founded = Event::TenantFounded {
            name: "Linden & Voss".into(),
            simulated: true,
            client: "LV".into(),
        };
        journal.entry("2026-11-01T00:00Z", &[founded]);
        for (party, zone, hours) in CALENDARS {
            journal.site("2026-11-01T00:00Z", party, zone, hours);
        }
        journal.entry("2026-11-01T00:00Z", &[deployed(None)]);
        journal
    }

    pub(crate) fn site(&mut self, at: &str, party: &str, zone: &str, hours: &str) {
        let event = Event::SiteRegistered(site(party, zone, hours));
        self.entry(at, &[event]);
    }

    pub(crate) fn entry(&mut self, at: &str, events: &[Event]) {
        self.entry_at(instant(at), events);
    }

    pub(crate) fn entry_at(&mut self, at: Micros, events: &[Event]) {
        self.n += 1;
        for (i, event) in (0..).zip(events) {
            let name = EventName { n: self.n, i };
            self.stage.apply(event, name, at);
            for change in self.stage.project(event, name, at) {
                let Change::Put { view, row } = change else {
                    panic!("measure deletes no row")
                };
                let declared = declared(view);
                assert_eq!(row.len(), declared.columns.len(), "{view}");
                self.rows.insert((view, row[..declared.key].to_vec()), row);
            }
        }
    }

    pub(crate) fn rows(&self, view: &View) -> Vec<Row> {
        let rows = self.rows.iter().filter(|((name, _), _)| *name == view.name);
        rows.map(|(_, row)| row.clone()).collect()
    }

    /// The times from the state, checked against the times from the rows.
    pub(crate) fn times(&self, now: Micros) -> CaseTimes {
        let state = self.stage.case(&case()).unwrap().unwrap();
        let times = case_times(state, self.stage.setup().unwrap().book(), now);
        let clocks = self.rows(&view::CASE_CLOCK);
        let rebuilt = view::case_clock(&clocks[0], &self.rows(&view::HOP)).unwrap();
        let book = view::book(&self.rows(&view::CALENDAR)).unwrap();
        assert_eq!(case_times(&rebuilt, &book, now), times);
        assert!(times.adds_up());
        times
    }

    pub(crate) fn times_at(&self, now: &str) -> CaseTimes {
        self.times(instant(now))
    }

    pub(crate) fn cell(&self, view: &View, row: usize, column: &str) -> Datum {
        let place = view.columns.iter().position(|one| one.name == column);
        self.rows(view)[row][place.unwrap()].clone()
    }
}

pub(crate) fn declared(view: &str) -> &'static View {
    let mut views = Measure::VIEWS.iter();
    views.find(|declared| declared.name == view).unwrap()
}

pub(crate) fn instant(text: &str) -> Micros {
    Micros(text.parse::<jiff::Timestamp>().unwrap().as_microsecond())
}

pub(crate) fn site(party: &str, zone: &str, hours: &str) -> Site {
    let text = format!("id = \"{party}\"\nzone = \"{zone}\"\n{hours}");
    let calendar: CalendarSpec = toml::from_str(&text).unwrap();
    Site {
        id: format!("{party}-site").as_str().into(),
        party: party.into(),
        name: party.into(),
        calendar,
        country: None,
        barred: Default::default(),
    }
}

pub(crate) fn deployed(target: Option<WorkingTime>) -> Event {
    Event::PackDeployed {
        deployment: Box::new(Deployment {
            pack: "purchase-to-pay".into(),
            version: "1".into(),
            name: "Purchase to pay".into(),
            prefix: "P2P".into(),
            headline: Default::default(),
            target,
            processes: Vec::new(),
            decisions: Vec::new(),
            forms: Vec::new(),
            tables: BTreeMap::new(),
            lanes: Vec::new(),
            personal: Vec::new(),
            classes: BTreeMap::new(),
        }),
        versions: vec![("purchase-to-pay".into(), 1)],
    }
}

pub(crate) fn case() -> CaseId {
    CaseId::new("P2P-20419")
}

pub(crate) fn item(n: u32) -> WorkItemId {
    WorkItemId::new(format!("P2P-20419.{n}"))
}

pub(crate) fn started() -> Event {
    Event::CaseStarted {
        case: case(),
        process: "purchase-to-pay".into(),
        version: 1,
        document: None,
        kind: None,
        record: BTreeMap::new(),
    }
}

pub(crate) fn ready(n: u32, lane: &str, own: Option<i64>) -> Event {
    Event::TaskReady {
        case: case(),
        item: item(n),
        task: lane.into(),
        name: lane.into(),
        lane: lane.into(),
        form: None,
        target: own.map(WorkingTime::hours),
        role: None,
        excluded: None,
    }
}

pub(crate) fn given(n: u32, lane: &str, party: &str, hours: i64) -> Event {
    Event::ItemAllocated {
        case: case(),
        item: item(n),
        lane: lane.into(),
        party: party.into(),
        site: format!("{party}-site").as_str().into(),
        target: Some(WorkingTime::hours(hours)),
        reason: "lane".into(),
    }
}

pub(crate) fn over(n: u32) -> Event {
    Event::TaskEnded {
        case: case(),
        item: item(n),
        end: TaskEnd::Completed,
    }
}

pub(crate) fn taken_back(n: u32) -> Event {
    Event::TaskEnded {
        case: case(),
        item: item(n),
        end: TaskEnd::Cancelled,
    }
}

pub(crate) fn agreed(set: AgreementSet) -> Event {
    Event::AgreementSet(Box::new(set))
}

pub(crate) fn paused(n: u32) -> Event {
    Event::ItemPaused {
        case: case(),
        item: item(n),
        reason: "waiting-for-client".into(),
    }
}

pub(crate) fn resumed(n: u32) -> Event {
    Event::ItemResumed {
        case: case(),
        item: item(n),
    }
}

fn written() -> Cell {
    Cell::Sealed {
        subject: "case:P2P-20419".into(),
        record: "P2P-20419".into(),
        ciphertext: "c2VhbGVk".into(),
    }
}

pub(crate) fn asked(n: u32) -> Event {
    Event::AnswerRequested(Box::new(AnswerRequested {
        case: case(),
        item: item(n),
        worker: "jana".into(),
        waits_for: "waiting-for-client".into(),
        asked: Some("LV".into()),
        text: written(),
    }))
}

pub(crate) fn answered(n: u32) -> Event {
    Event::RequestAnswered(Box::new(RequestAnswered {
        case: case(),
        item: item(n),
        request: 1,
        by: "LV".into(),
        worker: "lena".into(),
        text: written(),
        given_by: None,
    }))
}

pub(crate) fn aside(n: u32) -> Event {
    Event::ItemSetAside(ItemSetAside {
        case: case(),
        item: item(n),
        code: "break".into(),
    })
}

pub(crate) fn ended() -> Event {
    Event::CaseEnded {
        case: case(),
        outcome: "proposed".into(),
    }
}
