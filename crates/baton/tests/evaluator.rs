//! Evaluations in a process of their own: what runs long or takes too much is ended, the program lives
//! on, the case says why it is stuck, and the next evaluation works. What it costs is printed.

#![allow(clippy::print_stdout, reason = "the cost is a point of the test")]

mod support;

use baton_app::evaluator::Evaluator;
use baton_journal::{Actor, Command, Event, Question};
use baton_model::{CaseId, Micros, ProcessId, Record, Value};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use support::house::{House, fields, open_items, packs_folder};
use support::{Temporary, baton, copy, run};

/// It passes every limit that is checked before an expression runs, and takes many seconds: each round
/// makes a large automaton of a small text.
const ENDLESS: &str = r#"count(for i in 1..500 return matches(title, "[^a]{0,900}b")) > 0"#;

/// A model with a decision of this expression about a `title`.
fn model(expression: &str) -> Arc<Vec<String>> {
    let expression = expression
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    Arc::new(vec![format!(
        r##"<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="D" namespace="urn:d">
  <inputData id="i" name="title"><variable name="title"/></inputData>
  <decision id="asked" name="asked"><variable name="asked"/>
    <informationRequirement><requiredInput href="#i"/></informationRequirement>
    <literalExpression><text>{expression}</text></literalExpression>
  </decision>
</definitions>"##
    )])
}

fn about(models: &Arc<Vec<String>>) -> Question {
    Question::Decision {
        models: Arc::clone(models),
        decision: "asked".into(),
        context: Value::map([("title", Value::text("a"))]),
        now: Micros(0),
    }
}

fn expression(text: &str) -> Question {
    Question::Expression {
        text: text.into(),
        context: Value::map([("title", Value::text("a"))]),
        now: Micros(0),
    }
}

/// An expression over a case of so many fields.
fn wide(fields: usize) -> Question {
    let field = |n| (format!("field{n}"), Value::text("some text of a case"));
    Question::Expression {
        text: "field7 = \"x\"".into(),
        context: Value::map((0..fields).map(field)),
        now: Micros(0),
    }
}

fn evaluator() -> Evaluator {
    Evaluator::in_a_process(env!("CARGO_BIN_EXE_baton").into())
}

/// The processes this test's process started and that still are: id and command line.
fn children() -> Vec<(u32, String)> {
    let own = std::process::id();
    let processes = std::fs::read_dir("/proc").expect("/proc").flatten();
    let ids = processes.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    ids.filter_map(|id| {
        let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
        let after = stat.rsplit_once(") ")?.1;
        let parent = after.split(' ').nth(1)?.parse::<u32>().ok()?;
        let line = std::fs::read_to_string(format!("/proc/{id}/cmdline")).ok()?;
        (parent == own && line.contains("\0evaluator\0")).then_some((id, line))
    })
    .collect()
}

/// The tests come one after another, because they count the processes they start.
static TURN: Mutex<()> = Mutex::new(());

#[test]
fn what_runs_long_is_killed_and_the_next_evaluation_works() {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let evaluator = evaluator();
    let (quick, endless) = (model("string length(title)"), model(ENDLESS));
    let answer = evaluator.ask(&about(&quick)).expect("an answer");
    assert_eq!(answer.value, Value::number(1));
    let first = children();
    assert_eq!(first.len(), 1, "{first:?}");

    for question in [about(&endless), expression(ENDLESS)] {
        let began = Instant::now();
        let reason = evaluator.ask(&question).expect_err("it is ended");
        let took = began.elapsed();
        assert!(reason.starts_with("BATON-APP-013"), "{reason}");
        assert!(
            took >= Duration::from_millis(700) && took < Duration::from_secs(2),
            "{took:?}"
        );
        assert_eq!(children(), [], "the process is gone, not left behind");
        // The next question starts another, which is sent the models anew.
        let answer = evaluator.ask(&about(&quick)).expect("an answer");
        assert_eq!(answer.value, Value::number(1));
        println!("ended after {took:?}: {reason}");
    }
    let last = children();
    assert_eq!(last.len(), 1);
    assert_ne!(first, last, "another process");

    // What it is given: no environment, and its memory is limited.
    let id = last[0].0;
    let environment = std::fs::read_to_string(format!("/proc/{id}/environ")).expect("its own");
    assert_eq!(environment, "MIMALLOC_ARENA_RESERVE=65536\0TZ=UTC\0");
    let limits = std::fs::read_to_string(format!("/proc/{id}/limits")).expect("its limits");
    let space = limits
        .lines()
        .find(|line| line.starts_with("Max address space"));
    assert!(
        space.is_some_and(|line| line.contains("1073741824")),
        "{limits}"
    );
    let core = limits
        .lines()
        .find(|line| line.starts_with("Max core file size"));
    assert!(core.is_some_and(|line| line.contains(" 0 ")), "{limits}");

    // Killed from outside, it is started again.
    let killed = std::process::Command::new("kill")
        .args(["-9", &id.to_string()])
        .status();
    assert!(killed.expect("kill").success());
    let reason = evaluator.ask(&about(&quick)).expect_err("nobody answers");
    assert!(reason.starts_with("BATON-APP-014"), "{reason}");
    assert!(evaluator.ask(&about(&quick)).is_ok());

    // One that wants more memory than there may be ends its process, not this one: here the limit is
    // lowered to what it has already.
    let id = children()[0].0.to_string();
    let lowered = std::process::Command::new("prlimit")
        .args(["--pid", &id, "--as=1"])
        .status();
    assert!(lowered.expect("prlimit").success());
    let large = Arc::new(vec![[quick[0].as_str(), &" ".repeat(60 << 20)].concat()]);
    let reason = evaluator.ask(&about(&large)).expect_err("no memory");
    assert!(reason.starts_with("BATON-APP-014"), "{reason}");
    assert!(reason.contains("1024 MB of memory"), "{reason}");
    assert!(
        evaluator.ask(&wide(10_000)).is_ok(),
        "another has its memory"
    );

    // Where it cannot even be started, that is said.
    let nowhere = Evaluator::in_a_process("/no/such/program".into());
    let reason = nowhere.ask(&about(&quick)).expect_err("no program");
    assert!(reason.starts_with("BATON-APP-015"), "{reason}");
    let silent = Evaluator::in_a_process("/bin/true".into());
    let reason = silent.ask(&about(&quick)).expect_err("no evaluator");
    assert!(reason.starts_with("BATON-APP-015"), "{reason}");

    drop(evaluator);
    assert_eq!(children(), [], "it ends with its owner");
    cost(&quick);
}

/// What a call costs in its own process and on a thread, for the two kinds of question.
fn cost(models: &Arc<Vec<String>>) {
    let apart = evaluator();
    let thread = Evaluator::on_a_thread();
    for (what, question) in [
        ("an expression", expression("title = \"b\"")),
        ("a decision", about(models)),
        ("an expression over 500 fields", wide(500)),
    ] {
        let [apart, thread] = [&apart, &thread].map(|evaluator| {
            evaluator.ask(&question).expect("an answer");
            let began = Instant::now();
            (0..500).for_each(|_| drop(evaluator.ask(&question).expect("an answer")));
            began.elapsed() / 500
        });
        println!("{what}: {apart:?} in a process, {thread:?} on a thread");
    }
}

/// A copy of the pack `request` in which an analysis takes for ever to judge.
fn slow_pack(folder: &Temporary) -> String {
    let pack = folder.path().join("slow");
    copy(&packs_folder().join("request"), &pack);
    let model = pack.join("effort.dmn");
    let text = std::fs::read_to_string(&model).expect("the model");
    let hours = "<text>request.hours</text>";
    assert_eq!(text.matches(hours).count(), 1);
    let endless = ENDLESS
        .replace("title", "request.title")
        .replace('>', "&gt;");
    let slow = format!(
        "<text>if request.kind = \"analysis\" then (if {endless} then 99 else 1) else request.hours</text>"
    );
    std::fs::write(model, text.replace(hours, &slow)).expect("written");
    pack.display().to_string()
}

#[test]
fn a_pack_whose_decision_never_ends_makes_an_incident_and_everything_else_goes_on() {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let folder = Temporary::new("slow-pack");
    let house = House::found("slow-decision", &slow_pack(&folder));
    let case = |kind: &str| {
        let start = Command::StartCase {
            process: ProcessId::new("request"),
            record: Record::new(),
        };
        let started = house.submit(Actor::System, start).expect("started");
        let case: CaseId = started
            .events
            .iter()
            .find_map(|event| event.case().cloned())
            .expect("a case");
        let answer = fields(&[
            ("request.title", "Why freight rose"),
            ("request.kind", kind),
            ("request.hours", "1.5"),
        ]);
        house
            .done(case.as_str(), "take_down", "lena.brandt", answer)
            .expect("taken down");
        case
    };
    let stuck = case("analysis");
    let events = house.events(stuck.as_str());
    let incident = events.iter().find_map(|event| match event {
        Event::IncidentRaised { node, message, .. } => Some((node.as_str(), message.as_str())),
        _ => None,
    });
    let (node, message) = incident.expect("an incident");
    assert_eq!(node, "judge");
    assert!(message.starts_with("BATON-APP-013"), "{message}");
    assert!(message.contains("simplify"), "{message}");
    // The next case, of the same model, in the same program.
    let other = case("report");
    assert_eq!(open_items(&house.events(other.as_str()))[0].task, "do_it");
    // Tried again it is ended again; the journal holds and is folded without any evaluation.
    let again = Command::ResolveIncident {
        case: stuck.clone(),
        incident: "1".into(),
        record: fields(&[("request.kind", "report")]),
    };
    house.submit(Actor::System, again).expect("resolved");
    assert_eq!(open_items(&house.events(stuck.as_str()))[0].task, "do_it");
    let data = house.folder.path().display().to_string();
    assert!(run(&["verify", "--data", &data], 0).contains("everything holds"));
    println!("{stuck}: {message}");
}

#[test]
fn times_without_a_zone_mean_the_same_on_every_machine() {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let question = expression(
        r#"date and time("2026-11-22T10:00:00") = date and time("2026-11-22T10:00:00Z")"#,
    );
    let evaluator = evaluator();
    assert_eq!(
        evaluator.ask(&question).expect("an answer").value,
        Value::Bool(true)
    );
    // The program itself, started on a machine in Manila, decides as in Hamburg.
    let folder = Temporary::new("zones");
    let (file, input) = (folder.join("zone.dmn"), folder.join("in.json"));
    let text = model(r#"date and time(title) < date and time("2026-11-22T10:00:00Z")"#);
    std::fs::write(&file, &text[0]).expect("written");
    std::fs::write(&input, r#"{"title":"2026-11-22T11:00:00"}"#).expect("written");
    let decided = ["Asia/Manila", "America/New_York", "UTC"].map(|zone| {
        let output = baton()
            .env("TZ", zone)
            .args(["decide", &file, "asked", "--input", &input])
            .output()
            .expect("the program starts");
        String::from_utf8_lossy(&output.stdout).into_owned()
    });
    assert!(decided[0].contains("false"), "{decided:?}");
    assert!(
        decided.iter().all(|said| *said == decided[0]),
        "{decided:?}"
    );
}
