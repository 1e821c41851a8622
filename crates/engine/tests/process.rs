//! Processes run: given a journal, when a command or another stage's event comes, then these events.
#![allow(clippy::unwrap_used)] // a test, helpers and all

mod support;

use baton_journal::{Command, DocumentKind, Event};
use baton_model::{Cell, ProcessId, Record, SubjectId, Value};
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
        message.starts_with("BATON-FEEL-006") && !message.contains("much"),
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
    let code = |refused: Result<Vec<Event>, String>| {
        refused.unwrap_err().split(':').next().unwrap().to_owned()
    };
    assert_eq!(code(complete(&[])), "BATON-FORM-101");
    assert_eq!(
        code(complete(&[("note", Value::text("  "))])),
        "BATON-FORM-101"
    );
    let note = ("note", Value::text("x"));
    assert_eq!(
        code(complete(&[note.clone(), ("other", num(1))])),
        "BATON-FORM-107"
    );
    assert_eq!(
        code(complete(&[note.clone(), ("ok", Value::text("true"))])),
        "BATON-ENGINE-029"
    );
    assert_eq!(code(complete(&[("note", num(1))])), "BATON-ENGINE-029");
    assert_eq!(
        code(complete(&[note.clone(), ("ok", Value::List(Vec::new()))])),
        "BATON-FORM-106"
    );
    assert!(complete(&[note]).is_ok());
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

#[test]
fn a_pack_that_cannot_run_is_not_deployed() {
    let mut journal = Journal::given(&simple(), &[]);
    let odd = simple() + "<complexGateway id=\"odd\"/>";
    let refused = journal
        .when(Command::Deploy(Box::new(pack(&odd, &[]))))
        .unwrap_err();
    assert!(
        refused.starts_with("BATON-ENGINE-021")
            && refused.contains("odd")
            && refused.contains("line "),
        "{refused}"
    );
    let mut other = pack(&simple(), &[]);
    other.pack = "other".into();
    let taken = journal.when(Command::Deploy(Box::new(other))).unwrap_err();
    assert!(taken.starts_with("BATON-ENGINE-022"), "{taken}");
}

#[test]
fn a_decision_for_each_needs_a_list() {
    let mut journal = Journal::given(
        &rule_task("ref=\"match-line\" each=\"match.lines\" as=\"line\" result=\"verdicts\""),
        &[DMN],
    );
    journal.start(&[("match.lines", num(1))]);
    assert!(journal.incident().unwrap().starts_with("BATON-ENGINE-005"));
}
