//! The packs of the repository: every model in them compiles.
#![allow(clippy::unwrap_used, clippy::print_stdout)] // a test, helpers and all

mod support;

use baton_engine::{Models, model};
use baton_journal::setup::SourceFile;
use baton_journal::{Command, DocumentKind, Event};
use baton_model::{LaneId, Value};
use std::collections::BTreeSet;
use std::path::Path;
use support::Journal;

fn files(folder: &Path, ending: &str) -> Vec<SourceFile> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|known| known == ending) {
            let text = std::fs::read_to_string(&path).unwrap();
            found.push(SourceFile {
                path: path.file_name().unwrap().to_string_lossy().into(),
                text,
            });
        }
    }
    found
}

#[test]
fn every_pack_compiles() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs");
    for pack in std::fs::read_dir(&root).into_iter().flatten() {
        let pack = pack.unwrap().path();
        let under = |name: &str, ending: &str| {
            [files(&pack, ending), files(&pack.join(name), ending)].concat()
        };
        let (decisions, forms) = (under("decisions", "dmn"), under("forms", "json"));
        let wrong = model::check_decisions(&decisions);
        assert!(wrong.is_empty(), "{}: {wrong:#?}", pack.display());
        let texts: Vec<_> = decisions.iter().map(|file| file.text.as_str()).collect();
        let models = Models::read(&texts).unwrap();
        let forms: BTreeSet<_> = forms
            .iter()
            .map(|form| form.path.trim_end_matches(".json").to_owned())
            .collect();
        for process in under("processes", "bpmn") {
            let checked = model::check(process.text.as_bytes(), &models, &forms);
            assert!(
                checked.is_ok(),
                "{}: {:#?}",
                process.path,
                checked.unwrap_err()
            );
            println!("{} compiles", process.path);
        }
    }
}

fn num(number: &str) -> Value {
    Value::number(number.parse::<baton_model::Decimal>().unwrap())
}

/// What the match finds on an invoice of many lines: all sound but the first, whose price is 5 % over.
fn facts(lines: usize) -> Value {
    let line = |place: usize| {
        let over = if place == 0 { "5" } else { "0" };
        Value::map([
            ("line", Value::text(place.to_string())),
            ("name", Value::text("Bolt")),
            ("order_line", Value::text(place.to_string())),
            ("known", Value::Bool(true)),
            ("unit", Value::text("C62")),
            ("order_unit", Value::text("C62")),
            ("unit_same", Value::Bool(true)),
            ("ordered", num("100")),
            ("received", num("100")),
            ("invoiced_before", num("0")),
            ("quantity", num("100")),
            ("quantity_over", num("0")),
            ("quantity_over_percent", num("0")),
            ("price", num("10.50")),
            ("order_price", num("10.00")),
            ("price_over", num(if place == 0 { "0.50" } else { "0" })),
            ("price_over_percent", num(over)),
            ("amount_over_quantity", num("0")),
            (
                "amount_over_price",
                num(if place == 0 { "50.00" } else { "0" }),
            ),
        ])
    };
    let header = Value::map([
        ("order_found", Value::Bool(true)),
        ("order", Value::text("4500")),
        ("creator", Value::text("lena.brandt")),
        ("cost_centre", Value::text("100")),
        ("suspected_duplicate", Value::Bool(false)),
        ("credit_note", Value::Bool(false)),
        ("currency_same", Value::Bool(true)),
        ("charges_unagreed", num("0")),
        ("budget", num("10000")),
        ("committed", num("0")),
        ("over_budget", num("0")),
        ("budget_owner", Value::text("tom.harms")),
    ]);
    Value::map([
        ("lines", Value::List((0..lines).map(line).collect())),
        ("header", header),
    ])
}

#[test]
fn an_invoice_of_many_lines_runs_through_purchase_to_pay() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/purchase-to-pay");
    let mut pack = support::pack("", &[]);
    pack.processes = files(&root, "bpmn");
    pack.decisions = files(&root, "dmn");
    pack.forms = files(&root.join("forms"), "json");
    let text = &pack.processes[0].text;
    let lanes = text
        .match_indices("<bpmn:lane id=\"")
        .map(|(at, found)| &text[at + found.len()..]);
    let template = pack.lanes.remove(0);
    pack.lanes = lanes
        .map(|rest| {
            let mut lane = template.clone();
            lane.id = LaneId::new(rest.split('"').next().unwrap());
            lane
        })
        .collect();
    let mut journal = Journal::empty();
    journal.when(Command::Deploy(Box::new(pack))).unwrap();
    journal.services.insert("three-way-match", Ok(facts(50)));
    let start = std::time::Instant::now();
    let fields = [
        ("invoice.number", Value::text("1")),
        ("invoice.issued", Value::text("2026-11-01")),
    ];
    let events = journal.turn(vec![support::document(DocumentKind::Invoice, &fields)]);
    println!("{} events in {:?}", events.len(), start.elapsed());
    assert_eq!(journal.incident(), None);
    assert_eq!(journal.open(), ["resolve_exception"]);
    assert_eq!(
        journal.field("invoice.pay_by"),
        Some(Value::text("2026-12-01"))
    );
    let decided = events
        .iter()
        .filter(|event| matches!(event, Event::Decided { .. }))
        .count();
    assert_eq!(decided, 51);
}
