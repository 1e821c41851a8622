//! Processes run: given a journal, when a command or another stage's event comes, then these events.
#![allow(clippy::unwrap_used)] // a test, helpers and all

mod support;

use baton_journal::{Command, DocumentKind, Event};
use baton_model::{Cell, Micros, ProcessId, Record, SubjectId, Value, WallTime};
use support::*;

fn num(number: i64) -> Value {
    Value::number(number)
}

fn simple() -> String {
    let nodes = ["s", "a", "g", "b", "paid", "rejected"];
    lane(&nodes)
        + "<startEvent id=\"s\"/>"
        + user("a")
        + "<exclusiveGateway id=\"g\" default=\"g-b\"/>"
        + user("b")
        + "<endEvent id=\"paid\"/><endEvent id=\"rejected\"><extensionElements><baton:outcome name=\"rejected\"/></extensionElements></endEvent>"
        + path(&["s", "a", "g", "b", "paid"])
        + flow("g", "rejected", "ok = false")
}

#[test]
fn a_case_goes_from_task_to_task_to_its_end() {
    let mut journal = Journal::given(&simple(), &[]);
    journal.start(&[]);
    assert_eq!(journal.open(), ["a"]);
    journal.complete(
        "a",
        &[("ok", Value::Bool(true)), ("note", Value::text("fine"))],
    );
    assert_eq!(journal.open(), ["b"]);
    assert_eq!(journal.field("note"), Some(Value::text("fine")));
    journal.complete("b", &[("note", Value::text("done"))]);
    assert_eq!(journal.outcome(), Some("completed"));
    assert_eq!(journal.slots(), journal.replayed());
}

#[test]
fn a_gateway_says_what_it_read_and_found() {
    let mut journal = Journal::given(&simple(), &[]);
    let case = journal.start(&[]);
    let events = journal.complete(
        "a",
        &[("ok", Value::Bool(false)), ("note", Value::text("bad"))],
    );
    assert_eq!(journal.outcome(), Some("rejected"));
    let evaluated = Event::Evaluated {
        case,
        node: "g".into(),
        expression: "ok = false".into(),
        inputs: vec!["ok".into()],
        result: Value::Bool(true),
    };
    assert!(events.contains(&evaluated), "{events:#?}");
}

#[test]
fn a_document_starts_a_case_and_only_of_its_kind() {
    let body = lane(&["s", "a", "e"])
        + "<startEvent id=\"s\"><messageEventDefinition messageRef=\"m1\"/></startEvent>"
        + user("a")
        + "<endEvent id=\"e\"/>"
        + path(&["s", "a", "e"]);
    let mut journal = Journal::given(&body, &[]);
    journal.turn(vec![document(DocumentKind::Order, &[])]);
    assert!(journal.open().is_empty());
    let events = journal.turn(vec![document(
        DocumentKind::Invoice,
        &[("invoice.number", Value::text("7"))],
    )]);
    assert!(
        matches!(&events[1], Event::CaseStarted { record, version: 1, .. } if record.contains_key("invoice.number")),
        "{events:#?}"
    );
    assert_eq!(journal.open(), ["a"]);
}

#[test]
fn an_incident_is_resolved_by_setting_fields() {
    let body = simple().replace("ok = false", "amount &gt; 100");
    let mut journal = Journal::given(&body, &[]);
    let case = journal.start(&[("amount", Value::text("much"))]);
    journal.complete("a", &[("note", Value::text("x"))]);
    let message = journal.incident().unwrap();
    assert!(
        message.starts_with("BATON-ENGINE-007") && !message.contains("much"),
        "{message}"
    );
    assert!(journal.open().is_empty());
    let record = record(&[("amount", num(99))]);
    journal
        .when(Command::ResolveIncident {
            case: case.clone(),
            incident: "1".into(),
            record: record.clone(),
        })
        .unwrap();
    assert_eq!(journal.open(), ["b"]);
    let again = journal.when(Command::ResolveIncident {
        case,
        incident: "1".into(),
        record,
    });
    assert!(again.unwrap_err().starts_with("BATON-ENGINE-027"));
    assert_eq!(journal.slots(), journal.replayed());
}

#[test]
fn a_running_case_keeps_its_version() {
    let mut journal = Journal::given(&simple(), &[]);
    journal.start(&[]);
    let changed = simple()
        .replace("default=\"g-b\"", "default=\"g-rejected\"")
        .replace(
            flow("g", "rejected", "ok = false"),
            flow("g", "rejected", ""),
        )
        .replace(flow("g", "b", ""), flow("g", "b", "ok = false"));
    let events = journal
        .when(Command::Deploy(Box::new(pack(&changed, &[]))))
        .unwrap();
    assert!(
        matches!(&events[0], Event::PackDeployed { versions, .. } if versions == &[(ProcessId::new("p"), 2)])
    );
    journal.complete(
        "a",
        &[("ok", Value::Bool(true)), ("note", Value::text("x"))],
    );
    assert_eq!(journal.open(), ["b"], "the old version's default");
    journal.start(&[]);
    journal.complete(
        "a",
        &[("ok", Value::Bool(true)), ("note", Value::text("x"))],
    );
    assert_eq!(
        journal.outcome(),
        Some("rejected"),
        "the new version's default"
    );
    let same = journal
        .when(Command::Deploy(Box::new(pack(&changed, &[]))))
        .unwrap_err();
    assert!(same.starts_with("BATON-ENGINE-020"), "{same}");
}

#[test]
fn parallel_ways_are_joined_before_the_case_goes_on() {
    let nodes = ["s", "f", "a", "b", "j", "c", "e"];
    let body = lane(&nodes)
        + "<startEvent id=\"s\"/><parallelGateway id=\"f\"/><parallelGateway id=\"j\"/><endEvent id=\"e\"/>"
        + user("a")
        + user("b")
        + user("c")
        + path(&["s", "f", "a", "j", "c", "e"])
        + path(&["f", "b", "j"]);
    let mut journal = Journal::given(&body, &[]);
    journal.start(&[]);
    assert_eq!(journal.open(), ["a", "b"]);
    journal.complete("b", &[("note", Value::text("x"))]);
    assert_eq!(journal.open(), ["a"]);
    journal.complete("a", &[("note", Value::text("x"))]);
    assert_eq!(journal.open(), ["c"]);
    journal.complete("c", &[("note", Value::text("x"))]);
    assert_eq!(journal.outcome(), Some("completed"));
    assert_eq!(journal.slots(), journal.replayed());
}

#[test]
fn two_services_beside_each_other_are_asked_one_after_the_other_and_joined() {
    let service = |id: &str| {
        format!(
            "<serviceTask id=\"{id}\"><extensionElements><baton:service name=\"{id}\" result=\"{id}\"/></extensionElements></serviceTask>"
        )
        .leak() as &str
    };
    let body = "<startEvent id=\"s\"/><parallelGateway id=\"f\"/><parallelGateway id=\"j\"/><endEvent id=\"e\"/>".to_owned()
        + service("x")
        + service("y")
        + path(&["s", "f", "x", "j", "e"])
        + path(&["f", "y", "j"]);
    let mut journal = Journal::given(&body, &[])
        .service("x", Ok(Value::map([("a", num(1)), ("b", num(2))])))
        .service("y", Ok(num(3)));
    journal.start(&[]);
    assert_eq!(
        journal.outcome(),
        Some("completed"),
        "{:#?}",
        journal.events
    );
    assert_eq!(journal.field("x.b"), Some(num(2)));
    assert_eq!(journal.field("y"), Some(num(3)));
    assert_eq!(journal.slots(), journal.replayed());
}

#[test]
fn a_failing_service_goes_to_its_boundary_event_or_to_a_person() {
    let body = |code: &str| {
        lane(&["s", "x", "b", "fix", "e"])
            + "<startEvent id=\"s\"/><serviceTask id=\"x\"><extensionElements><baton:service name=\"x\" result=\"r\"/></extensionElements></serviceTask>"
            + format!(
                "<boundaryEvent id=\"b\" attachedToRef=\"x\"><errorEventDefinition{code}/></boundaryEvent><endEvent id=\"e\"/>"
            )
            .as_str()
            + user("fix")
            + path(&["s", "x", "e"])
            + path(&["b", "fix", "e"])
    };
    for code in [" errorRef=\"e1\"", ""] {
        let mut journal = Journal::given(&body(code), &[]).service("x", Err("NO_ORDER"));
        journal.start(&[]);
        assert_eq!(journal.open(), ["fix"]);
    }
    let mut journal = Journal::given(&body(" errorRef=\"e1\""), &[]).service("x", Err("OTHER"));
    let case = journal.start(&[]);
    assert_eq!(journal.incident(), Some("OTHER: no"));
    journal.services.insert("x", Ok(num(1)));
    journal
        .when(Command::ResolveIncident {
            case,
            incident: "1".into(),
            record: Record::new(),
        })
        .unwrap();
    assert_eq!(journal.outcome(), Some("completed"));
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

const DMN: &str = r##"<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" name="d" namespace="n">
  <decision id="d1" name="match-line"><decisionTable hitPolicy="FIRST">
    <input><inputExpression><text>line.over</text></inputExpression></input>
    <output name="verdict"/>
    <rule id="r1"><inputEntry><text>&lt;= 2</text></inputEntry><outputEntry><text>"pass"</text></outputEntry></rule>
    <rule id="r2"><inputEntry><text>-</text></inputEntry><outputEntry><text>"exception"</text></outputEntry></rule>
  </decisionTable></decision>
  <decision id="d2" name="bank"><decisionTable>
    <input><inputExpression><text>starts with(supplier.iban, "DE")</text></inputExpression></input>
    <output name="where"/>
    <rule id="b1"><inputEntry><text>true</text></inputEntry><outputEntry><text>"home"</text></outputEntry></rule>
    <rule id="b2"><inputEntry><text>false</text></inputEntry><outputEntry><text>"abroad"</text></outputEntry></rule>
  </decisionTable></decision>
</definitions>"##;

fn rule_task(attributes: &str) -> String {
    format!(
        "<startEvent id=\"s\"/><businessRuleTask id=\"d\"><extensionElements><baton:decision {attributes}/></extensionElements></businessRuleTask><endEvent id=\"e\"/>"
    ) + path(&["s", "d", "e"])
}

#[test]
fn a_decision_is_made_for_each_line_and_keeps_its_fired_rules() {
    let mut journal = Journal::given(
        &rule_task("ref=\"match-line\" each=\"match.lines\" as=\"line\" result=\"verdicts\""),
        &[DMN],
    );
    let line = |over: i64| Value::map([("over", num(over))]);
    journal.start(&[("match.lines", Value::List(vec![line(1), line(5)]))]);
    assert_eq!(
        journal.field("verdicts"),
        Some(Value::List(vec![
            Value::text("pass"),
            Value::text("exception")
        ]))
    );
    let decided: Vec<_> = journal
        .events
        .iter()
        .filter_map(|event| match event {
            Event::Decided {
                element,
                rules,
                version,
                ..
            } => Some((*element, rules[0].index, rules[0].inputs.clone(), *version)),
            _ => None,
        })
        .collect();
    let input = |over| vec![("line.over".to_owned(), num(over))];
    assert_eq!(
        decided,
        [(Some(0), 1, input(1), 1), (Some(1), 2, input(5), 1)]
    );
    assert_eq!(journal.slots(), journal.replayed());
}

#[test]
fn personal_fields_are_named_in_events_and_never_shown() {
    let mut journal = Journal::given(&rule_task("ref=\"bank\" result=\"where\""), &[DMN]);
    let sealed = |text: &str| Cell::Sealed {
        subject: SubjectId::new("S"),
        record: String::new(),
        ciphertext: text.into(),
    };
    let start = |text: &str| Command::StartCase {
        process: ProcessId::new("p"),
        record: Record::from([("supplier.iban".into(), sealed(text))]),
    };
    journal.when(start("DE89")).unwrap();
    assert_eq!(journal.field("where"), Some(Value::text("home")));
    let rules = journal.events.iter().find_map(|event| match event {
        Event::Decided { rules, .. } => Some(rules.clone()),
        _ => None,
    });
    assert_eq!(rules.unwrap()[0].inputs[0].1, Value::text("(personal)"));
    journal.when(start("erased")).unwrap();
    assert_eq!(journal.incident(), Some("`supplier.iban` was erased"));
}

#[test]
fn a_script_sets_a_field_but_no_personal_one() {
    let script = |text: &str, result: &str| {
        format!(
            "<startEvent id=\"s\"/><scriptTask id=\"x\" scriptFormat=\"feel\"><extensionElements><baton:script result=\"{result}\"/></extensionElements><script>{text}</script></scriptTask><endEvent id=\"e\"/>"
        ) + path(&["s", "x", "e"])
    };
    let mut journal = Journal::given(&script("a * 1.19", "gross"), &[]);
    journal.start(&[("a", num(100))]);
    assert_eq!(
        journal.field("gross"),
        Some(num(119)).map(|_| Value::number("119.00".parse::<baton_model::Decimal>().unwrap()))
    );
    let mut journal = Journal::given(&script("\"DE\"", "supplier.iban"), &[]);
    journal.start(&[]);
    assert!(journal.incident().unwrap().starts_with("BATON-ENGINE-010"));
    let mut journal = Journal::given(&script("supplier.iban", "copy"), &[]);
    let sealed = Cell::Sealed {
        subject: SubjectId::new("S"),
        record: String::new(),
        ciphertext: "DE89".into(),
    };
    journal
        .when(Command::StartCase {
            process: ProcessId::new("p"),
            record: Record::from([("supplier.iban".into(), sealed)]),
        })
        .unwrap();
    assert!(journal.incident().unwrap().starts_with("BATON-ENGINE-011"));
}

#[test]
fn a_form_is_checked_before_an_item_is_completed() {
    let mut journal = Journal::given(&simple(), &[]);
    let case = journal.start(&[]);
    let (_, item, _) = journal.open_items().remove(0);
    let mut complete = |fields: &[(&str, Value)]| {
        journal.when(Command::Complete {
            item: item.clone(),
            case: case.clone(),
            expected: 1,
            fields: record(fields),
        })
    };
    assert!(complete(&[]).unwrap_err().starts_with("BATON-ENGINE-030"));
    assert!(
        complete(&[("note", Value::text("  "))])
            .unwrap_err()
            .starts_with("BATON-ENGINE-030")
    );
    assert!(
        complete(&[("note", Value::text("x")), ("other", num(1))])
            .unwrap_err()
            .starts_with("BATON-ENGINE-029")
    );
    assert!(complete(&[("note", Value::text("x"))]).is_ok());
}

#[test]
fn the_creator_is_kept_from_a_task() {
    let task = "<userTask id=\"a\"><extensionElements><baton:task form=\"check\" role=\"controller\" target=\"PT8H\" exclude=\"order.creator\"/></extensionElements></userTask>";
    let body = lane(&["s", "a", "e"])
        + "<startEvent id=\"s\"/>"
        + task
        + "<endEvent id=\"e\"/>"
        + path(&["s", "a", "e"]);
    let mut journal = Journal::given(&body, &[]);
    journal.start(&[("order.creator", Value::text("ida"))]);
    let ready = journal.events.iter().find_map(|event| match event {
        Event::TaskReady {
            excluded,
            role,
            target,
            lane,
            ..
        } => Some((excluded.clone(), role.clone(), *target, lane.clone())),
        _ => None,
    });
    let (excluded, role, target, lane) = ready.unwrap();
    assert_eq!(
        (excluded.unwrap().as_str(), role.as_deref(), lane.as_str()),
        ("ida", Some("controller"), "l")
    );
    assert_eq!(target, Some(baton_model::WorkingTime::hours(8)));
}

#[test]
fn what_is_not_there_is_refused() {
    let mut journal = Journal::given(&simple(), &[]);
    let missing = journal.when(Command::StartCase {
        process: ProcessId::new("q"),
        record: Record::new(),
    });
    assert!(missing.unwrap_err().starts_with("BATON-ENGINE-023"));
    let missing = journal.when(Command::FireTimer {
        case: "T-99".into(),
        timer: "1".into(),
    });
    assert!(missing.unwrap_err().starts_with("BATON-ENGINE-028"));
}
