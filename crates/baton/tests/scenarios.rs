//! The scenarios of the packs that come with Baton, run against the real app: what becomes of every
//! sample document, and whole runs step by step until their outcome. They are data of the packs.

#![allow(clippy::print_stdout, reason = "the numbers are the point of the test")]

mod support;

use baton_app::Failure;
use baton_app::imports::Outcome;
use baton_journal::{Actor, Command, Event};
use baton_model::{CaseId, Cell, ProcessId, Record};
use serde::Deserialize;
use std::collections::BTreeMap;
use support::house::{House, fields, open_items, packs_folder, text};

/// `scenarios/samples.toml`
#[derive(Deserialize)]
struct Samples {
    import: Vec<String>,
    expect: Vec<Expect>,
}

#[derive(Deserialize)]
struct Expect {
    file: String,
    about: String,
    outcome: String,
    #[serde(default)]
    lane: String,
    #[serde(default)]
    task: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    owner: String,
}

/// `scenarios/paths.toml`
#[derive(Deserialize)]
struct Paths {
    path: Vec<Run>,
}

#[derive(Deserialize)]
struct Run {
    name: String,
    #[serde(default)]
    import: Vec<String>,
    start: Option<String>,
    outcome: String,
    amount: Option<String>,
    step: Vec<Step>,
}

#[derive(Deserialize)]
struct Step {
    task: Option<String>,
    #[serde(default)]
    worker: String,
    message: Option<String>,
    import: Option<String>,
    #[serde(default)]
    key: String,
    #[serde(default)]
    fields: BTreeMap<String, String>,
    #[serde(default)]
    refused: bool,
}

fn read<T: for<'a> Deserialize<'a>>(pack: &str, name: &str) -> T {
    let path = packs_folder().join(pack).join("scenarios").join(name);
    let text = std::fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The files of a pack that a pattern like `sample/1-orders/*` names, in order.
fn matching(pack: &str, pattern: &str) -> Vec<String> {
    let folder = pattern.strip_suffix("/*").expect("a pattern ends with /*");
    let entries = std::fs::read_dir(packs_folder().join(pack).join(folder)).expect("the samples");
    let name =
        |entry: std::fs::DirEntry| format!("{folder}/{}", entry.file_name().to_string_lossy());
    let mut names: Vec<String> = entries
        .map(|entry| name(entry.expect("an entry")))
        .collect();
    names.sort();
    names
}

fn bytes(pack: &str, file: &str) -> Vec<u8> {
    std::fs::read(packs_folder().join(pack).join(file)).expect("a sample document")
}

#[test]
fn the_sample_documents_become_what_is_expected_of_them() {
    let samples: Samples = read("purchase-to-pay", "samples.toml");
    let house = House::found("samples", "purchase-to-pay");
    let files: Vec<String> = samples
        .import
        .iter()
        .flat_map(|pattern| matching("purchase-to-pay", pattern))
        .collect();
    let mut became = BTreeMap::new();
    for file in &files {
        became.insert(
            file.clone(),
            house.import(file, &bytes("purchase-to-pay", file)),
        );
    }
    let mut wrong = Vec::new();
    for expect in &samples.expect {
        let imported = &became[&expect.file];
        let outcome = format!("{:?}", imported.outcome).to_lowercase();
        let events = imported
            .case
            .as_ref()
            .map(|case| house.events(case))
            .unwrap_or_default();
        let open = open_items(&events);
        let waits =
            |item: &support::house::Item| item.lane == expect.lane && item.task == expect.task;
        let there = expect.lane.is_empty() || open.iter().any(waits);
        let same = expect.outcome == "duplicate"
            || (
                text(&events, "exception.reason"),
                text(&events, "exception.owner"),
            ) == (expect.reason.clone(), expect.owner.clone());
        if outcome != expect.outcome || !there || !same {
            wrong.push(format!(
                "{} ({}): {outcome} {open:?} {}",
                expect.file,
                expect.about,
                text(&events, "exception.reason")
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    println!(
        "{} sample documents, {} expectations hold",
        files.len(),
        samples.expect.len()
    );
}

/// The code of a refusal.
fn code(failure: &Failure) -> String {
    failure
        .rejection()
        .map(|rejection| rejection.code.clone())
        .unwrap_or_default()
}

/// Starts a run's case: by its last document, or by hand.
fn start(house: &House, pack: &str, run: &Run) -> CaseId {
    if let Some(process) = &run.start {
        let process = ProcessId::new(process);
        let receipt = house
            .submit(
                Actor::System,
                Command::StartCase {
                    process,
                    record: Record::new(),
                },
            )
            .expect("started");
        return receipt
            .events
            .iter()
            .find_map(|event| event.case().cloned())
            .expect("a case");
    }
    let mut case = None;
    for file in &run.import {
        case = house.import(file, &bytes(pack, file)).case;
    }
    CaseId::new(case.expect("the last document starts a case"))
}

fn step(house: &House, pack: &str, case: &CaseId, step: &Step) {
    if let Some(file) = &step.import {
        let imported = house.import(file, &bytes(pack, file));
        assert_eq!(imported.outcome, Outcome::Correlated, "{imported}");
        assert_eq!(imported.case.as_deref(), Some(case.as_str()), "{imported}");
        return;
    }
    let pairs: Vec<(&str, &str)> = step
        .fields
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .collect();
    let record = fields(&pairs);
    if let Some(message) = &step.message {
        let command = Command::Publish {
            message: message.clone(),
            case: case.clone(),
            key: step.key.clone(),
            record,
        };
        house
            .submit(Actor::System, command)
            .expect("the message arrives");
        return;
    }
    let task = step
        .task
        .as_deref()
        .expect("a step has a task, a message or a document");
    if step.refused {
        let item = house.open(case.as_str(), task).expect("the item waits");
        let refusal = code(
            &house
                .claim(&step.worker, &item)
                .expect_err("the worker may not"),
        );
        // Whoever created the order is told so; a missing role has another code.
        let creator = item.excluded.as_deref() == Some(step.worker.as_str());
        assert_eq!(
            refusal == "BATON-DESK-004",
            creator,
            "{} claims {task}: {refusal}",
            step.worker
        );
        assert!(refusal.starts_with("BATON-DESK-"), "{refusal}");
        return;
    }
    house
        .done(case.as_str(), task, &step.worker, record)
        .unwrap_or_else(|failure| panic!("{task}: {failure}"));
}

/// Runs the paths of a pack and gives how many there were.
fn walk(pack: &str) -> usize {
    let paths: Paths = read(pack, "paths.toml");
    for run in &paths.path {
        let house = House::found("path", pack);
        let case = start(&house, pack, run);
        run.step
            .iter()
            .for_each(|one| step(&house, pack, &case, one));
        let events = house.events(case.as_str());
        let ended = events.iter().find_map(|event| match event {
            Event::CaseEnded { outcome, .. } => Some(outcome.as_str()),
            _ => None,
        });
        assert_eq!(ended, Some(run.outcome.as_str()), "{}", run.name);
        let proposed = events.iter().find_map(|event| match event {
            Event::PaymentProposed { record, .. } => {
                record.get("payment.amount").and_then(Cell::value).cloned()
            }
            _ => None,
        });
        let amount = proposed
            .and_then(|value| value.as_number())
            .map(|number| number.to_string());
        if let Some(expected) = &run.amount {
            assert_eq!(amount.as_ref(), Some(expected), "{}", run.name);
        }
        assert_eq!(
            amount.is_some(),
            run.outcome == "proposed",
            "{}: a payment is proposed or it is not",
            run.name
        );
    }
    paths.path.len()
}

#[test]
fn the_runs_of_purchase_to_pay_end_as_expected() {
    println!("purchase-to-pay: {} whole runs", walk("purchase-to-pay"));
}

#[test]
fn the_runs_of_a_pack_without_any_code_end_as_expected() {
    println!("request: {} whole runs", walk("request"));
}

/// The fired rules of a decision in a case, as `id: result`.
fn fired(events: &[Event], decision_node: &str) -> Vec<String> {
    let decided = events.iter().filter_map(|event| match event {
        Event::Decided { node, rules, .. } if node.as_str() == decision_node => Some(rules),
        _ => None,
    });
    let result = |rule: &baton_journal::FiredRule| {
        let out = rule
            .outputs
            .iter()
            .find(|(name, _)| name == "result")
            .and_then(|(_, value)| value.as_text());
        format!("{}: {}", rule.id, out.unwrap_or_default())
    };
    decided.flatten().map(result).collect()
}

/// Acceptance 3 by its numbers.
#[test]
fn a_hundred_and_one_of_a_hundred_passes_and_five_percent_dearer_is_an_exception_with_an_owner() {
    let pack = "purchase-to-pay";
    let house = House::found("tolerance", pack);
    let import = |file: &str| {
        house
            .import(file, &bytes(pack, &format!("sample/{file}")))
            .case
    };
    for part in ["1-orders", "2-receipts"] {
        matching(pack, &format!("sample/{part}/*"))
            .iter()
            .for_each(|file| drop(house.import(file, &bytes(pack, file))));
    }
    let passes = house.events(&import("3-invoices/2026-1187-nordlicht.xml").expect("a case"));
    assert_eq!(open_items(&passes)[0].task, "approve_invoice");
    let rules = fired(&passes, "judge_lines");
    assert!(
        rules.iter().all(|rule| rule.ends_with(": pass"))
            && rules.contains(&"line_rule_3: pass".into()),
        "{rules:?}"
    );
    let over: Vec<String> = passes
        .iter()
        .filter_map(|event| match event {
            Event::Decided { rules, .. } => Some(rules),
            _ => None,
        })
        .flatten()
        .flat_map(|rule| {
            rule.inputs
                .iter()
                .filter(|(name, _)| name.contains("quantity_over_percent"))
        })
        .map(|(_, value)| value.to_json().to_string())
        .collect();
    assert!(
        over.iter().any(|percent| percent.contains('1')),
        "101 of 100 is 1 % over: {over:?}"
    );

    let dear = import("3-invoices/INV-20419-brixner.xml").expect("a case");
    let events = house.events(&dear);
    assert_eq!(open_items(&events)[0].task, "resolve_exception");
    assert_eq!(
        (
            text(&events, "exception.reason"),
            text(&events, "exception.owner")
        ),
        ("price".into(), "buyer".into())
    );
    let rules = fired(&events, "judge_lines");
    assert!(
        rules.contains(&"line_rule_6: exception".into()),
        "{rules:?}"
    );

    // The creator of the order cannot approve; a colleague can.
    let clean = import("3-invoices/INV-20388-brixner.xml").expect("a case");
    let item = house.open(&clean, "approve_invoice").expect("it waits");
    let refusal = house
        .claim("lena.brandt", &item)
        .expect_err("she created the order");
    assert_eq!(code(&refusal), "BATON-DESK-004", "{refusal}");
    house.claim("tom.harms", &item).expect("a colleague may");
    println!(
        "101 of 100 passes by line_rule_3; +5 % is `price`, owner buyer, by line_rule_6; the creator is refused with BATON-DESK-004"
    );
}
