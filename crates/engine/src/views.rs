//! The rows the engine shows: cases, their fields, incidents, timers and deployed processes.
//!
//! Fields stand in them as cells, so personal ones are sealed here too. Rows are computed from the
//! state after an event and from nothing else.

use crate::stage::Engine;
use crate::state::CaseState;
use baton_journal::setup::Deployment;
use baton_journal::{Change, Column, Datum, Event, EventName, Key, View};
use baton_model::{CaseId, Micros, ProcessId, TaskId};
use serde::Serialize;

/// Cases.
pub const CASES: View = View {
    name: "cases",
    version: 1,
    columns: &[
        Column::text("case_id"),
        Column::text("process"),
        Column::int("process_version"),
        Column::text("document"),
        Column::text("kind"),
        Column::text("outcome"),
        Column::int("incidents"),
        Column::int("started"),
        Column::int("ended"),
        Column::int("n"),
    ],
    key: 1,
    indexes: &[&["process", "started"], &["document"], &["incidents"]],
};

/// The fields of a case: a JSON object of cells by name; and in lower case what it can be searched by,
/// its id and those of its headline that are not personal.
pub const CASE_RECORD: View = View {
    name: "case_record",
    version: 1,
    columns: &[
        Column::text("case_id"),
        Column::text("record"),
        Column::text("search"),
        Column::int("n"),
    ],
    key: 1,
    indexes: &[],
};

/// Incidents that are open.
pub const INCIDENT: View = View {
    name: "incident",
    version: 1,
    columns: &[
        Column::text("case_id"),
        Column::text("incident"),
        Column::text("node"),
        Column::text("name"),
        Column::text("message"),
        Column::int("since"),
    ],
    key: 2,
    indexes: &[&["since"]],
};

/// Timers that are set.
pub const TIMER: View = View {
    name: "timer",
    version: 1,
    columns: &[
        Column::text("case_id"),
        Column::text("timer"),
        Column::text("node"),
        Column::int("due"),
    ],
    key: 2,
    indexes: &[&["due"]],
};

/// Deployed processes.
pub const PROCESS: View = View {
    name: "process",
    version: 1,
    columns: &[
        Column::text("process"),
        Column::int("process_version"),
        Column::text("name"),
        Column::text("pack"),
        Column::text("pack_version"),
        Column::int("deployed"),
        Column::text("headline"),
        Column::text("personal"),
        Column::int("n"),
    ],
    key: 2,
    indexes: &[],
};

/// The forms of deployed processes, as JSON Schema.
pub const FORM: View = View {
    name: "form",
    version: 1,
    columns: &[
        Column::text("process"),
        Column::int("process_version"),
        Column::text("form"),
        Column::text("schema"),
    ],
    key: 3,
    indexes: &[],
};

/// The rows that change with an event.
pub(crate) fn project(engine: &Engine, event: &Event, name: EventName, at: Micros) -> Vec<Change> {
    if let Event::PackDeployed { .. } = event {
        return processes(engine, event, name, at);
    }
    let Some(case) = event.case() else {
        return Vec::new();
    };
    let Some(state) = engine.cases.peek(&Key::Case(case.clone())) else {
        return Vec::new();
    };
    let view = CaseView {
        engine,
        case,
        state,
        n: name.n,
    };
    match event {
        Event::CaseStarted { .. } => vec![view.case(None), view.record()],
        Event::FieldsSet { .. } => vec![view.record()],
        Event::MessageEnded { record, .. } if !record.is_empty() => vec![view.record()],
        Event::IncidentRaised { .. } => vec![view.incident(event, at), view.case(None)],
        Event::IncidentResolved { incident, .. } => {
            vec![
                view.gone(&INCIDENT, incident),
                view.case(None),
                view.record(),
            ]
        }
        Event::TimerSet {
            timer, node, due, ..
        } => vec![view.timer(timer, node, *due)],
        Event::TimerEnded { timer, .. } => vec![view.gone(&TIMER, timer)],
        Event::CaseEnded { .. } => vec![view.case(Some(at))],
        _ => Vec::new(),
    }
}

fn processes(engine: &Engine, event: &Event, name: EventName, at: Micros) -> Vec<Change> {
    let Event::PackDeployed {
        deployment,
        versions,
    } = event
    else {
        return Vec::new();
    };
    let packs = engine.packs.peek(&Key::Tenant);
    let mut changes = Vec::new();
    for (process, version) in versions {
        let deployed = packs.and_then(|packs| packs.of(process, *version));
        let model =
            deployed.and_then(|deployed| deployed.compiled().processes.get(process.as_str()));
        let shown = model.map_or(process.as_str(), |model| model.name.as_str());
        let row = vec![
            process.as_str().into(),
            i64::from(*version).into(),
            shown.into(),
            deployment.pack.as_str().into(),
            deployment.version.as_str().into(),
            at.0.into(),
            json(&deployment.headline).into(),
            json(&deployment.personal).into(),
            name.n.into(),
        ];
        changes.push(Change::Put {
            view: PROCESS.name,
            row,
        });
        changes.extend(forms(deployment, process, *version));
    }
    changes
}

fn forms(
    deployment: &Deployment,
    process: &ProcessId,
    version: u32,
) -> impl Iterator<Item = Change> {
    deployment.forms.iter().map(move |form| {
        let id = crate::model::stem(&form.path);
        let row = vec![
            process.as_str().into(),
            i64::from(version).into(),
            id.into(),
            form.text.as_str().into(),
        ];
        Change::Put {
            view: FORM.name,
            row,
        }
    })
}

/// A value as JSON text. What is written here always has a JSON form.
fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

struct CaseView<'a> {
    engine: &'a Engine,
    case: &'a CaseId,
    state: &'a CaseState,
    n: i64,
}

impl CaseView<'_> {
    fn case(&self, ended: Option<Micros>) -> Change {
        let state = self.state;
        let row = vec![
            self.case.as_str().into(),
            state.process.as_str().into(),
            i64::from(state.version).into(),
            state.document.as_ref().map(|id| id.as_str()).into(),
            state.kind.as_deref().into(),
            state.ended.as_deref().into(),
            state.incidents().into(),
            state.started.0.into(),
            ended.map(|at| at.0).into(),
            self.n.into(),
        ];
        Change::Put {
            view: CASES.name,
            row,
        }
    }

    fn record(&self) -> Change {
        let (case, record) = (self.case.as_str(), json(&self.state.record));
        Change::Put {
            view: CASE_RECORD.name,
            row: vec![
                case.into(),
                record.into(),
                self.search().into(),
                self.n.into(),
            ],
        }
    }

    /// What the case can be searched by.
    fn search(&self) -> String {
        let packs = self.engine.packs.peek(&Key::Tenant);
        let deployed = packs.and_then(|packs| packs.of(&self.state.process, self.state.version));
        let names = deployed
            .map(|deployed| &deployed.pack.headline)
            .into_iter()
            .flat_map(|headline| [&headline.title, &headline.about, &headline.reason]);
        let texts = names.filter_map(|name| self.state.record.get(name)?.value()?.as_text());
        let all: Vec<&str> = std::iter::once(self.case.as_str()).chain(texts).collect();
        all.join(" ").to_lowercase()
    }

    fn incident(&self, event: &Event, at: Micros) -> Change {
        let mut row: Vec<Datum> = vec![self.case.as_str().into()];
        if let Event::IncidentRaised {
            incident,
            node,
            message,
            ..
        } = event
        {
            let name = self.name(node);
            row.extend([
                incident.as_str().into(),
                node.as_str().into(),
                name.into(),
                message.as_str().into(),
                at.0.into(),
            ]);
        }
        Change::Put {
            view: INCIDENT.name,
            row,
        }
    }

    fn timer(&self, timer: &str, node: &TaskId, due: Micros) -> Change {
        let row = vec![
            self.case.as_str().into(),
            timer.into(),
            node.as_str().into(),
            due.0.into(),
        ];
        Change::Put {
            view: TIMER.name,
            row,
        }
    }

    fn gone(&self, view: &View, id: &str) -> Change {
        Change::Delete {
            view: view.name,
            key: vec![self.case.as_str().into(), Datum::from(id)],
        }
    }

    /// A node's name for people.
    fn name(&self, node: &TaskId) -> String {
        let packs = self.engine.packs.peek(&Key::Tenant);
        let deployed = packs.and_then(|packs| packs.of(&self.state.process, self.state.version));
        let process = deployed.and_then(|deployed| {
            deployed
                .compiled()
                .processes
                .get(self.state.process.as_str())
        });
        let found = process.and_then(|process| process.node(node));
        found.map_or_else(|| node.to_string(), |found| found.name.clone())
    }
}
