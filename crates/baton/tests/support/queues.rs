//! A pack of a test's own: so many lanes of one task each, a case for one of them at a time, and workers of
//! one party who do all of them. The first worker is an administrator, the others are bots.

use super::house::House;
use super::{Temporary, house};
use baton_app::App;
use baton_journal::{Actor, Command};
use baton_model::{Cell, ProcessId, Record, TenantId, Value};
use std::fmt::Write;

/// What the task of a lane is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Task {
    /// A person fills a form.
    Form,
    /// A service that no room offers.
    Service,
}

const FORM: &str = r#"{ "type": "object", "properties": { "q.answer": { "type": "string", "title": "Answer" } } }"#;

/// A new data folder with the pack in it.
pub fn found(name: &str, lanes: usize, workers: usize, task: Task) -> House {
    founded(name, lanes, workers, task, false)
}

/// The same; items ask for the language that `q.language` names, and every worker speaks English alone.
pub fn found_english(name: &str, workers: usize) -> House {
    founded(name, 1, workers, Task::Form, true)
}

fn founded(name: &str, lanes: usize, workers: usize, task: Task, spoken: bool) -> House {
    let folder = Temporary::new(&format!("{name}-pack"));
    let mut pack = String::from(
        "id = \"queues\"\nversion = \"1\"\nname = \"Queues\"\nprefix = \"Q\"\nprocesses = [",
    );
    let form = if task == Task::Form {
        "\"answer.json\""
    } else {
        ""
    };
    std::fs::write(folder.path().join("answer.json"), FORM).expect("a form");
    let named: Vec<String> = (0..lanes).map(|lane| format!("\"q{lane}.bpmn\"")).collect();
    writeln!(pack, "{}]\ndecisions = []\nforms = [{}]\npersonal = []\n[headline]\ntitle = \"q.title\"\nabout = \"q.title\"", named.join(", "), form).expect("text");
    for lane in 0..lanes {
        writeln!(
            pack,
            "[[lane]]\nid = \"lane{lane}\"\nname = \"Lane {lane}\"\nparty = \"LV\"\nsite = \"hamburg\"\n\
             target = \"PT8H\"\nfreetext = \"full\"\nread = [\"q.*\"]\nwrite = [\"q.*\"]"
        )
        .expect("text");
        if spoken {
            pack += "language = \"q.language\"\n";
        }
        std::fs::write(
            folder.path().join(format!("q{lane}.bpmn")),
            model(lane, task),
        )
        .expect("a model");
    }
    pack += "[[party]]\nid = \"LV\"\nname = \"Linden\"\nrole = \"client\"\n\
        [[site]]\nid = \"hamburg\"\nparty = \"LV\"\nname = \"Hamburg\"\ncalendar = \"week\"\n\
        [[calendar]]\nid = \"week\"\nzone = \"Europe/Berlin\"\nweek = { mon-fri = [\"08:00-17:00\"] }\n";
    let all: Vec<String> = (0..lanes).map(|lane| format!("\"lane{lane}\"")).collect();
    for worker in 0..workers {
        let role = if worker == 0 { "administrator" } else { "bot" };
        writeln!(
            pack,
            "[[worker]]\nid = \"w{worker}\"\nparty = \"LV\"\nsite = \"hamburg\"\nname = \"W {worker}\"\n\
             email = \"w{worker}@linden.example\"\nlanes = [{}]\n\
             roles = [\"{role}\"]",
            all.join(", ")
        )
        .expect("text");
        if spoken {
            pack += "languages = [\"en\"]\n";
        }
    }
    std::fs::write(folder.path().join("pack.toml"), pack).expect("a pack");
    House::found(name, &folder.path().to_string_lossy())
}

fn model(lane: usize, task: Task) -> String {
    let (start, done) = (
        format!("<bpmn:incoming>f{lane}</bpmn:incoming>"),
        format!("<bpmn:outgoing>g{lane}</bpmn:outgoing>"),
    );
    let (task, more) = match task {
        Task::Form => (
            format!(
                "<bpmn:userTask id=\"t{lane}\" name=\"Do {lane}\"><bpmn:extensionElements><baton:task form=\"answer\"/>\
                 </bpmn:extensionElements>{start}{done}</bpmn:userTask>"
            ),
            String::new(),
        ),
        Task::Service => (
            format!(
                "<bpmn:serviceTask id=\"t{lane}\" name=\"Read {lane}\"><bpmn:extensionElements>\
                 <baton:service name=\"read-scan\" result=\"q.scan\"/></bpmn:extensionElements>{start}{done}</bpmn:serviceTask>\
                 <bpmn:boundaryEvent id=\"b{lane}\" attachedToRef=\"t{lane}\"><bpmn:outgoing>h{lane}</bpmn:outgoing>\
                 <bpmn:errorEventDefinition errorRef=\"unreadable\"/></bpmn:boundaryEvent>\
                 <bpmn:endEvent id=\"x{lane}\"><bpmn:extensionElements><baton:outcome name=\"unreadable\"/></bpmn:extensionElements>\
                 <bpmn:incoming>h{lane}</bpmn:incoming></bpmn:endEvent>\
                 <bpmn:sequenceFlow id=\"h{lane}\" sourceRef=\"b{lane}\" targetRef=\"x{lane}\"/>"
            ),
            format!(
                "<bpmn:flowNodeRef>b{lane}</bpmn:flowNodeRef><bpmn:flowNodeRef>x{lane}</bpmn:flowNodeRef>"
            ),
        ),
    };
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<bpmn:definitions xmlns:bpmn=\"http://www.omg.org/spec/BPMN/20100524/MODEL\" \
         xmlns:baton=\"urn:baton:bpmn:1\" id=\"d{lane}\" targetNamespace=\"urn:test:q{lane}\">\
         <bpmn:error id=\"unreadable\" errorCode=\"not-readable\"/>\
         <bpmn:process id=\"q{lane}\" name=\"Q {lane}\" isExecutable=\"true\">\
         <bpmn:laneSet id=\"lanes{lane}\"><bpmn:lane id=\"lane{lane}\" name=\"Lane {lane}\">\
         <bpmn:flowNodeRef>s{lane}</bpmn:flowNodeRef><bpmn:flowNodeRef>t{lane}</bpmn:flowNodeRef>\
         <bpmn:flowNodeRef>e{lane}</bpmn:flowNodeRef>{more}</bpmn:lane></bpmn:laneSet>\
         <bpmn:startEvent id=\"s{lane}\"><bpmn:outgoing>f{lane}</bpmn:outgoing></bpmn:startEvent>{task}\
         <bpmn:endEvent id=\"e{lane}\"><bpmn:incoming>g{lane}</bpmn:incoming></bpmn:endEvent>\
         <bpmn:sequenceFlow id=\"f{lane}\" sourceRef=\"s{lane}\" targetRef=\"t{lane}\"/>\
         <bpmn:sequenceFlow id=\"g{lane}\" sourceRef=\"t{lane}\" targetRef=\"e{lane}\"/>\
         </bpmn:process></bpmn:definitions>"
    )
}

/// Starts so many cases, spread over the lanes, many at once.
pub fn fill(house: &House, lanes: usize, cases: usize) {
    const AT_ONCE: usize = 64;
    std::thread::scope(|scope| {
        for part in 0..AT_ONCE {
            let (app, tenant) = (&house.app, &house.tenant);
            scope.spawn(move || {
                for case in (part..cases).step_by(AT_ONCE) {
                    start(app, tenant, case % lanes);
                }
            });
        }
    });
}

/// Starts a case in a language; its id.
pub fn start_in(house: &House, language: &str) -> String {
    let text = |text: &str| Cell::Clear(Value::text(text));
    let command = Command::StartCase {
        process: ProcessId::new("q0"),
        record: Record::from([
            ("q.title".to_string(), text("A letter")),
            ("q.language".to_string(), text(language)),
        ]),
    };
    let started = house.submit(Actor::System, command).expect("a case");
    let case = started.events.iter().find_map(|event| event.case());
    case.expect("its id").to_string()
}

fn start(app: &App, tenant: &TenantId, lane: usize) {
    let title = Cell::Clear(Value::text(format!("Lane {lane}")));
    let command = Command::StartCase {
        process: ProcessId::new(format!("q{lane}")),
        record: Record::from([("q.title".to_string(), title)]),
    };
    app.submit_now(tenant, Actor::System, &app.fresh_cause("test"), command)
        .expect("a case");
}

/// The data folder of a house, as an argument; its app is stopped.
pub fn served(house: House) -> (Temporary, String) {
    house.app.stop();
    let entries = house::entries(&house.app, &house.tenant).len();
    assert!(entries > 0, "something is in it");
    let kept = Temporary::new("served");
    super::copy(house.folder.path(), kept.path());
    let data = kept.path().display().to_string();
    (kept, data)
}
