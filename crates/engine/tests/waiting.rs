//! What cases wait for: sub-processes, timers, messages, errors; and what is taken back when they do not.
#![allow(clippy::unwrap_used)] // a test, helpers and all

mod support;

use baton_journal::{Command, DocumentKind, Event};
use baton_model::{Micros, Value, WallTime};
use support::*;

fn num(number: i64) -> Value {
    Value::number(number)
}

fn sub_process(boundary: &str, inner_end: &str) -> String {
    lane(&["s", "sub", "b", "late", "e"])
        + "<startEvent id=\"s\"/><endEvent id=\"e\"/>"
        + "<subProcess id=\"sub\"><startEvent id=\"is\"/><parallelGateway id=\"if\"/>"
        + user("ia")
        + user("ib")
        + inner_end
        + path(&["is", "if", "ia", "ie"])
        + path(&["if", "ib", "ie"])
        + "</subProcess>"
        + boundary
        + user("late")
        + path(&["s", "sub", "e"])
        + path(&["b", "late", "e"])
}

const TIMER: &str = "<boundaryEvent id=\"b\" attachedToRef=\"sub\"><timerEventDefinition><timeDuration>PT2H</timeDuration></timerEventDefinition></boundaryEvent>";

#[test]
fn a_sub_process_ends_with_its_last_token_and_its_timer_with_it() {
    let mut journal = Journal::given(&sub_process(TIMER, "<endEvent id=\"ie\"/>"), &[]);
    journal.start(&[]);
    assert_eq!(journal.open(), ["ia", "ib"]);
    journal.complete("ia", &[("note", Value::text("x"))]);
    assert_eq!(journal.outcome(), None);
    journal.complete("ib", &[("note", Value::text("x"))]);
    assert_eq!(journal.outcome(), Some("completed"));
    assert!(
        journal
            .events
            .iter()
            .any(|event| matches!(event, Event::TimerEnded { fired: false, .. }))
    );
    assert_eq!(journal.slots(), journal.replayed());
}

#[test]
fn an_interrupting_timer_takes_back_all_that_is_inside() {
    let mut journal = Journal::given(&sub_process(TIMER, "<endEvent id=\"ie\"/>"), &[]);
    let case = journal.start(&[]);
    let early = journal
        .when(Command::FireTimer {
            case: case.clone(),
            timer: "1".into(),
        })
        .unwrap_err();
    assert!(early.starts_with("BATON-ENGINE-025"), "{early}");
    journal.now = journal.now.plus(WallTime::hours(2));
    journal
        .when(Command::FireTimer {
            case: case.clone(),
            timer: "1".into(),
        })
        .unwrap();
    assert_eq!(
        (journal.open(), journal.cancelled()),
        (vec!["late".to_owned()], 2)
    );
    let again = journal
        .when(Command::FireTimer {
            case,
            timer: "1".into(),
        })
        .unwrap_err();
    assert!(again.starts_with("BATON-ENGINE-024"), "{again}");
    journal.complete("late", &[("note", Value::text("x"))]);
    assert_eq!(journal.outcome(), Some("completed"));
    assert_eq!(journal.slots(), journal.replayed());
}

#[test]
fn an_error_end_goes_to_the_boundary_of_the_sub_process() {
    let boundary = "<boundaryEvent id=\"b\" attachedToRef=\"sub\"><errorEventDefinition errorRef=\"e1\"/></boundaryEvent>";
    let end = "<endEvent id=\"ie\"><errorEventDefinition errorRef=\"e1\"/></endEvent>";
    let mut journal = Journal::given(&sub_process(boundary, end), &[]);
    journal.start(&[]);
    journal.complete("ia", &[("note", Value::text("x"))]);
    assert_eq!(
        (journal.open(), journal.cancelled()),
        (vec!["late".to_owned()], 1)
    );
    assert_eq!(journal.slots(), journal.replayed());
}

#[test]
fn terminate_ends_everything_beside_it() {
    let body = lane(&["s", "f", "a", "b", "t"])
        + "<startEvent id=\"s\"/><parallelGateway id=\"f\"/><endEvent id=\"t\"><extensionElements><baton:outcome name=\"stopped\"/></extensionElements><terminateEventDefinition/></endEvent>"
        + user("a")
        + user("b")
        + path(&["s", "f", "a", "t"])
        + path(&["f", "b", "t"]);
    let mut journal = Journal::given(&body, &[]);
    journal.start(&[]);
    journal.complete("a", &[("note", Value::text("x"))]);
    assert_eq!(
        (journal.outcome(), journal.cancelled(), journal.open().len()),
        (Some("stopped"), 1, 0)
    );
}

#[test]
fn a_cycle_beside_a_task_fires_as_often_as_it_says() {
    let body = lane(&["s", "a", "b", "r", "e", "e2"])
        + "<startEvent id=\"s\"/><endEvent id=\"e\"/><endEvent id=\"e2\"/>"
        + user("a")
        + "<boundaryEvent id=\"b\" attachedToRef=\"a\" cancelActivity=\"false\"><timerEventDefinition><timeCycle>R2/PT1H</timeCycle></timerEventDefinition></boundaryEvent>"
        + user("r")
        + path(&["s", "a", "e"])
        + path(&["b", "r", "e2"]);
    let mut journal = Journal::given(&body, &[]);
    let case = journal.start(&[]);
    for reminders in 1..=2 {
        journal.now = journal.now.plus(WallTime::hours(1));
        journal
            .when(Command::FireTimer {
                case: case.clone(),
                timer: "1".into(),
            })
            .unwrap();
        assert_eq!(journal.open().len(), 1 + reminders);
    }
    journal.now = journal.now.plus(WallTime::hours(1));
    assert!(
        journal
            .when(Command::FireTimer {
                case,
                timer: "1".into()
            })
            .is_err()
    );
    assert_eq!(journal.slots(), journal.replayed());
}

#[test]
fn a_case_waits_for_a_time_and_for_a_message() {
    let body = "<startEvent id=\"s\"/><endEvent id=\"e\"/>".to_owned()
        + "<intermediateCatchEvent id=\"t\"><timerEventDefinition><timeDate>=due</timeDate></timerEventDefinition></intermediateCatchEvent>"
        + "<intermediateCatchEvent id=\"m\"><extensionElements><baton:subscription key=\"order.number\"/></extensionElements><messageEventDefinition messageRef=\"m2\"/></intermediateCatchEvent>"
        + path(&["s", "t", "m", "e"]);
    let mut journal = Journal::given(&body, &[]);
    let case = journal.start(&[
        ("due", Value::text("2026-06-02")),
        ("order.number", num(77)),
    ]);
    assert!(
        matches!(
            journal.events.last(),
            Some(Event::TimerSet {
                due: Micros(1_780_358_400_000_000),
                ..
            })
        ),
        "{:?}",
        journal.events.last()
    );
    journal.now = Micros(1_780_358_400_000_000);
    journal
        .when(Command::FireTimer {
            case: case.clone(),
            timer: "1".into(),
        })
        .unwrap();
    let publish = |key: &str| Command::Publish {
        message: "answer".into(),
        case: case.clone(),
        key: key.into(),
        record: record(&[("answer", num(1))]),
    };
    assert!(
        journal
            .when(publish("78"))
            .unwrap_err()
            .starts_with("BATON-ENGINE-026")
    );
    journal.when(publish("77")).unwrap();
    assert_eq!(journal.outcome(), Some("completed"));
    assert_eq!(journal.slots(), journal.replayed());
}

#[test]
fn a_loop_without_a_wait_becomes_an_incident() {
    let body = "<startEvent id=\"s\"/><task id=\"x\"/><exclusiveGateway id=\"g\" default=\"g-x\"/><endEvent id=\"e\"/>".to_owned()
        + path(&["s", "x", "g", "x"])
        + flow("g", "e", "done = true");
    let mut journal = Journal::given(&body, &[]);
    let case = journal.start(&[("done", Value::Bool(false))]);
    assert!(journal.incident().unwrap().starts_with("BATON-ENGINE-001"));
    journal
        .when(Command::ResolveIncident {
            case,
            incident: "1".into(),
            record: record(&[("done", Value::Bool(true))]),
        })
        .unwrap();
    assert_eq!(journal.outcome(), Some("completed"));
}

/// A process of one step after its start, which becomes an incident.
fn stuck(step: &str, more: &str, fields: &[(&str, Value)]) -> String {
    let body =
        "<startEvent id=\"s\"/><endEvent id=\"e\"/>".to_owned() + step + flow("s", "x", "") + more;
    let mut journal = Journal::given(&body, &[]);
    journal.start(fields);
    journal.incident().unwrap_or("no incident").to_owned()
}

#[test]
fn what_cannot_go_on_becomes_an_incident_with_its_code() {
    let task = "<task id=\"x\"/>";
    assert!(stuck(task, flow("x", "e", "1 = 2"), &[]).starts_with("BATON-ENGINE-006"));
    assert!(stuck(task, flow("x", "e", "\"yes\""), &[]).starts_with("BATON-ENGINE-007"));
    let fail = "<endEvent id=\"x\"><errorEventDefinition errorRef=\"e1\"/></endEvent>";
    assert!(stuck(fail, flow("s", "e", ""), &[]).starts_with("BATON-ENGINE-008"));
    let timer = "<intermediateCatchEvent id=\"x\"><timerEventDefinition><timeDate>=due</timeDate></timerEventDefinition></intermediateCatchEvent>";
    assert!(
        stuck(timer, flow("x", "e", ""), &[("due", Value::text("soon"))])
            .starts_with("BATON-ENGINE-009")
    );
    assert!(stuck(timer, flow("x", "e", ""), &[]).starts_with("BATON-ENGINE-009"));
    let join = "<exclusiveGateway id=\"x\" default=\"x-a\"/><task id=\"a\"/><task id=\"b\"/><parallelGateway id=\"j\"/>";
    let ways =
        path(&["x", "a", "j", "e"]).to_owned() + flow("x", "b", "1 = 2") + flow("b", "j", "");
    assert!(stuck(join, &ways, &[]).starts_with("BATON-ENGINE-002"));
}

#[test]
fn a_document_for_a_case_that_awaits_it_no_more_is_not_lost() {
    let body = "<startEvent id=\"s\"/><endEvent id=\"e\"/>".to_owned()
        + "<startEvent id=\"c\"><messageEventDefinition messageRef=\"m1\"/></startEvent>"
        + "<intermediateCatchEvent id=\"m\"><messageEventDefinition messageRef=\"m2\"/></intermediateCatchEvent>"
        + path(&["s", "m", "e"])
        + path(&["c", "e"]);
    let mut journal = Journal::given(&body, &[]);
    let case = journal.start(&[]);
    let Event::DocumentReceived { id, document, .. } = document(DocumentKind::Invoice, &[]) else {
        panic!("a document");
    };
    let correlated = |message: &str| Event::DocumentCorrelated {
        case: case.clone(),
        message: message.into(),
        key: String::new(),
        id: id.clone(),
        document: document.clone(),
        brought: record(&[("credit_note.number", Value::text("CN-1"))]),
    };
    let started = |events: &[Event]| {
        let begins = |event: &&Event| matches!(event, Event::CaseStarted { .. });
        events.iter().filter(begins).count()
    };
    journal.n += 1;
    // Under another name it awaits nothing: the document starts what it starts by itself.
    assert_eq!(started(&journal.turn(vec![correlated("other")])), 1);
    let taken = journal.turn(vec![correlated("answer")]);
    assert_eq!(started(&taken), 0);
    let ended = |event: &Event| matches!(event, Event::CaseEnded { case: of, .. } if *of == case);
    assert!(taken.iter().any(ended), "{taken:?}");
    journal.n += 1;
    assert_eq!(
        started(&journal.turn(vec![correlated("answer")])),
        1,
        "it has ended"
    );
}
