//! Real documents through the whole program: totals as the file states them, or refused with line and
//! reason; and every real invoice through the match with its derived order and receipt, unchanged and
//! with one planted defect.
//!
//! What a file's totals are is read here from its text, apart from Baton's own reader.

#![allow(clippy::print_stdout, reason = "the numbers are the point of the test")]

mod support;

use baton_app::{App, Folder, imports, packs};
use baton_model::Decimal;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use support::house::{House, entries, field, open_items, packs_folder, text};
use support::{Server, Temporary, fixtures, free_address, link, run, sign_in, upload};

const SETS: [&str; 3] = ["peppol-billing", "peppol-order", "xrechnung"];

/// All files of the sets, in order.
fn files(root: &Path) -> Vec<PathBuf> {
    fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
        let entries = std::fs::read_dir(folder).expect("a folder");
        let mut paths: Vec<PathBuf> = entries
            .map(|entry| entry.expect("an entry").path())
            .collect();
        paths.sort();
        for path in paths {
            if path.is_dir() {
                walk(&path, files)
            } else {
                files.push(path)
            }
        }
    }
    let mut files = Vec::new();
    SETS.iter()
        .for_each(|set| walk(&root.join(set), &mut files));
    files
}

/// The element of this local name in a text: its attributes and what stands in it.
fn element<'a>(text: &'a str, name: &str) -> Option<(&'a str, &'a str)> {
    let mut from = 0;
    while let Some(at) = text[from..].find('<').map(|at| from + at) {
        let end = at + text[at..].find('>')?;
        let tag = &text[at + 1..end];
        let own = tag
            .split([' ', '\t', '\r', '\n', '/'])
            .next()
            .unwrap_or_default();
        if own.rsplit(':').next() == Some(name) && !tag.starts_with('/') {
            let close = text[end..]
                .find(&format!("</{own}>"))
                .map_or(end, |close| end + close);
            return Some((tag, &text[end + 1..close.max(end + 1)]));
        }
        from = end;
    }
    None
}

fn amount(text: &str, name: &str) -> Option<Decimal> {
    element(text, name).and_then(|(_, inside)| inside.trim().parse().ok())
}

/// Currency, net, tax, gross and payable as the file states them; what it leaves out is nothing.
fn stated(xml: &str) -> Option<[Option<String>; 5]> {
    let kind =
        element(xml, "LegalMonetaryTotal").or_else(|| element(xml, "AnticipatedMonetaryTotal"));
    let currency = element(xml, "DocumentCurrencyCode").map(|(_, text)| text.trim().to_string())?;
    let totals = kind?.1;
    // Of several tax totals the one in the document's currency.
    let mut rest = xml;
    let mut tax = None;
    while let Some((_, inside)) = element(rest, "TaxTotal") {
        if let Some((tag, text)) = element(inside, "TaxAmount")
            && tag.contains(&format!("\"{currency}\""))
        {
            tax = text.trim().parse::<Decimal>().ok();
            break;
        }
        rest = &rest[inside.as_ptr() as usize - rest.as_ptr() as usize + inside.len()..];
    }
    let said = |number: Option<Decimal>| number.map(|number| number.normalize().to_string());
    Some([
        Some(currency),
        said(amount(totals, "TaxExclusiveAmount")),
        said(tax),
        said(amount(totals, "TaxInclusiveAmount")),
        said(amount(totals, "PayableAmount")),
    ])
}

/// What an import's line of JSON says: nothing wrong, or what.
fn wrong(line: &serde_json::Value, xml: &str) -> Option<String> {
    if line["outcome"] == "refused" {
        let told = line["line"].as_u64().is_some_and(|line| line > 0)
            && line["reason"]
                .as_str()
                .is_some_and(|reason| reason.len() > 20)
            && line["code"]
                .as_str()
                .is_some_and(|code| code.starts_with("BATON-"));
        return (!told).then(|| format!("refused without line or reason: {line}"));
    }
    let kind = line["kind"].as_str().unwrap_or_default();
    if kind.ends_with("_advice") {
        return None;
    }
    let Some(stated) = stated(xml) else {
        return Some(format!("taken in, but the file states no totals: {line}"));
    };
    for (name, stated) in ["currency", "net", "tax", "gross", "payable"]
        .iter()
        .zip(stated)
    {
        // An order may leave totals out.
        let Some(stated) = stated else {
            if kind == "order" {
                continue;
            }
            return Some(format!("the file states no {name}"));
        };
        let got = line[name].as_str().unwrap_or_default();
        let same = got == stated
            || got
                .parse::<Decimal>()
                .is_ok_and(|got| got.normalize().to_string() == stated);
        if !same {
            return Some(format!("{name} is {stated} in the file and {got} here"));
        }
    }
    None
}

/// Holds the lines of an import against the files, and gives the number of each outcome.
fn hold(lines: &[serde_json::Value], files: &[PathBuf]) -> String {
    assert_eq!(lines.len(), files.len(), "a line a file");
    let mut counts = std::collections::BTreeMap::<String, usize>::new();
    let mut findings = Vec::new();
    for (line, path) in lines.iter().zip(files) {
        let xml = std::fs::read_to_string(path).expect("a fixture");
        findings.extend(wrong(line, &xml).map(|found| format!("{}: {found}", path.display())));
        let outcome = line["outcome"].as_str().expect("an outcome");
        let kind = line["kind"].as_str().unwrap_or("other file");
        *counts.entry(format!("{outcome} {kind}")).or_default() += 1;
    }
    assert!(findings.is_empty(), "{}", findings.join("\n"));
    counts
        .iter()
        .map(|(name, count)| format!("{count} {name}"))
        .collect::<Vec<_>>()
        .join(", ")
}

#[test]
fn every_real_file_imports_with_its_totals_or_is_refused_with_line_and_reason() {
    let Some(root) = fixtures() else { return };
    let files = files(&root);
    let temporary = Temporary::new("p2p-cli");
    let data = temporary.join("data");
    run(&["init", "--pack", "purchase-to-pay", "--data", &data], 0);
    let folders: Vec<String> = SETS
        .iter()
        .map(|set| root.join(set).display().to_string())
        .collect();
    let mut arguments = vec!["import", "--data", &data, "--json"];
    arguments.extend(folders.iter().map(String::as_str));
    // Exit code 1: some were refused.
    let out = run(&arguments, 1);
    let lines: Vec<serde_json::Value> = out
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    println!("by CLI, {} files: {}", files.len(), hold(&lines, &files));
    // Again, the same bytes: nothing is taken in twice.
    let again = run(&arguments, 1);
    let new = again
        .lines()
        .filter(|line| !line.contains("\"duplicate\"") && !line.contains("\"refused\""))
        .count();
    assert_eq!(new, 0, "taken in twice:\n{again}");
    let documents = run(&["documents", "--data", &data, "--json"], 0)
        .lines()
        .count();
    let taken = lines
        .iter()
        .filter(|line| line["outcome"] != "refused")
        .count();
    assert_eq!(documents, taken, "documents kept and taken in");
}

#[test]
fn every_real_file_uploads_over_http_with_its_totals_or_is_refused() {
    let Some(root) = fixtures() else { return };
    let files = files(&root);
    let temporary = Temporary::new("p2p-http");
    let data = temporary.join("data");
    run(&["init", "--pack", "purchase-to-pay", "--data", &data], 0);
    let token = link(&data, "lena.brandt");
    let server = Server::start(&data, free_address());
    let session = sign_in(server.address, &token);
    let name = |path: &PathBuf| {
        path.file_name()
            .expect("a name")
            .to_string_lossy()
            .into_owned()
    };
    let parts: Vec<_> = files
        .iter()
        .map(|path| (name(path), std::fs::read(path).expect("a fixture")))
        .collect();
    let answer = upload(server.address, &session, "all", &parts).expect("an answer");
    assert_eq!(answer.status, 200, "{answer:?}");
    let lines = answer.json().as_array().expect("a list").clone();
    println!(
        "by HTTP in one upload, {} files: {}",
        files.len(),
        hold(&lines, &files)
    );
    let again = upload(server.address, &session, "again", &parts)
        .expect("an answer")
        .json();
    for line in again.as_array().expect("a list") {
        assert!(
            line["outcome"] == "duplicate" || line["outcome"] == "refused",
            "taken in twice: {line}"
        );
    }
}

/// The invoices among the files: those whose root is one.
fn invoices(root: &Path) -> Vec<PathBuf> {
    let mut files = files(root);
    files.retain(|path| {
        let xml = std::fs::read_to_string(path).unwrap_or_default();
        xml.contains("urn:oasis:names:specification:ubl:schema:xsd:Invoice-2\"")
            && element(&xml, "Invoice").is_some()
    });
    files
}

#[test]
fn every_real_invoice_passes_the_match_unchanged() {
    let Some(root) = fixtures() else { return };
    let invoices = invoices(&root);
    assert_eq!(invoices.len(), 23, "invoices among the fixtures");
    for path in &invoices {
        let temporary = Temporary::new("p2p-clean");
        let (data, derived) = (temporary.join("data"), temporary.join("derived"));
        let file = path.display().to_string();
        run(&["init", "--pack", "purchase-to-pay", "--data", &data], 0);
        run(&["pack", "derive", &file, "--into", &derived], 0);
        run(&["import", "--data", &data, "--json", &derived], 0);
        let out = run(&["import", "--data", &data, "--json", &file], 0);
        let line: serde_json::Value = serde_json::from_str(&out).expect("JSON");
        assert_eq!(line["outcome"], "case", "{line}");
        let folder = Folder::at(PathBuf::from(&data));
        let store = baton_store::sqlite::open(&folder.journal()).expect("the store");
        let app = App::start(folder, Arc::new(store)).expect("the app");
        let tenant = app.tenants().expect("tenants")[0].clone();
        let events: Vec<_> = entries(&app, &tenant)
            .into_iter()
            .flat_map(|entry| entry.events)
            .collect();
        app.stop();
        let open = open_items(&events);
        let at: Vec<_> = open
            .iter()
            .map(|item| (item.lane.as_str(), item.task.as_str()))
            .collect();
        assert_eq!(
            at,
            [("approve", "approve_invoice")],
            "{file}: {:?}",
            field(&events, "exceptions")
        );
        assert_eq!(text(&events, "exception.reason"), "", "{file}");
    }
    println!(
        "{} real invoices pass the match unchanged and wait in Approve",
        invoices.len()
    );
}

/// What becomes of an invoice with its spoilt documents: lane, task, reason, owner.
fn spoilt(name: &str, pack: &str, files: &[(String, Vec<u8>)], invoice: &[u8]) -> [String; 4] {
    let house = House::found(name, pack);
    let resent = |file: &&(String, Vec<u8>)| file.0.ends_with("-resent.xml");
    for (name, bytes) in files.iter().filter(|file| !resent(file)) {
        assert_eq!(
            house.import(name, bytes).outcome,
            imports::Outcome::Document,
            "{name}"
        );
    }
    let mut imported = house.import("invoice.xml", invoice);
    assert_eq!(imported.outcome, imports::Outcome::Case, "{imported:?}");
    if let Some((name, bytes)) = files.iter().find(resent) {
        imported = house.import(name, bytes);
        assert_eq!(
            imported.outcome,
            imports::Outcome::Suspected,
            "{imported:?}"
        );
    }
    let events = house.events(&imported.case.expect("a case"));
    let open = open_items(&events);
    assert_eq!(open.len(), 1, "one item waits: {open:?}");
    [
        open[0].lane.clone(),
        open[0].task.clone(),
        text(&events, "exception.reason"),
        text(&events, "exception.owner"),
    ]
}

/// The pack with a budget for one order.
fn pack_with_budget(into: &Path, order: &str, budget: Decimal, currency: &str) -> String {
    support::copy(&packs_folder().join("purchase-to-pay"), into);
    let budgets =
        format!("cost_centre,budget,currency,owner\nREAL,{budget},{currency},mara.linden\n");
    let orders = format!("order,creator,cost_centre\n\"{order}\",lena.brandt,REAL\n");
    std::fs::write(into.join("tables/budgets.csv"), budgets).expect("written");
    std::fs::write(into.join("tables/orders.csv"), orders).expect("written");
    into.display().to_string()
}

/// Each defect with the lane and task its case waits in, the reason and the owner.
const DEFECTS: [(&str, [&str; 4]); 6] = [
    (
        "quantity",
        ["resolve", "resolve_exception", "quantity", "goods receipt"],
    ),
    ("price", ["resolve", "resolve_exception", "price", "buyer"]),
    ("unit", ["resolve", "resolve_exception", "unit", "buyer"]),
    (
        "unknown-line",
        ["resolve", "resolve_exception", "unknown line", "buyer"],
    ),
    (
        "duplicate",
        [
            "verify",
            "check_document",
            "suspected duplicate",
            "accounts payable",
        ],
    ),
    (
        "over-budget",
        [
            "approve",
            "approve_over_budget",
            "over budget",
            "controller",
        ],
    ),
];

/// Runs an invoice with every defect; gives how many runs there were, and what was wrong.
fn defects_of(path: &Path) -> (usize, Vec<String>) {
    let bytes = std::fs::read(path).expect("a fixture");
    let stated = stated(&String::from_utf8_lossy(&bytes)).expect("totals");
    let (currency, net) = (
        stated[0].clone().expect("a currency"),
        stated[1].clone().expect("a net total"),
    );
    let net: Decimal = net.parse().expect("a number");
    let (mut runs, mut wrong) = (0, Vec::new());
    for (defect, want) in &DEFECTS {
        let over_budget = *defect == "over-budget";
        if over_budget && net <= Decimal::ZERO {
            continue;
        }
        let files = packs::derive("real", &bytes, Some(defect)).expect("derived");
        let scratch = Temporary::new("p2p-pack");
        let mut pack = "purchase-to-pay".to_string();
        if over_budget {
            let order = String::from_utf8_lossy(&files[0].1).into_owned();
            let number = element(&order, "ID").expect("its number").1.to_string();
            pack = pack_with_budget(
                &scratch.path().join("pack"),
                &number,
                net - Decimal::new(1, 2),
                &currency,
            );
        }
        let got = spoilt("p2p-spoilt", &pack, &files, &bytes);
        runs += 1;
        // The second sending of an invoice finds its goods invoiced already, too.
        let reason = if *defect == "duplicate" {
            got[2].split(", ").next()
        } else {
            Some(got[2].as_str())
        };
        if [&got[0], &got[1], reason.unwrap_or_default(), &got[3]] != *want {
            wrong.push(format!("{} {defect}: {got:?}", path.display()));
        }
    }
    (runs, wrong)
}

#[test]
fn every_planted_defect_is_found_with_its_reason_and_owner() {
    let Some(root) = fixtures() else { return };
    let invoices = invoices(&root);
    let (mut runs, mut wrong) = (0, Vec::new());
    // Most of a run is waiting for the disk.
    std::thread::scope(|scope| {
        let parts: Vec<_> = invoices
            .chunks(3)
            .map(|part| {
                scope.spawn(move || part.iter().map(|path| defects_of(path)).collect::<Vec<_>>())
            })
            .collect();
        for (count, found) in parts
            .into_iter()
            .flat_map(|part| part.join().expect("a part ends"))
        {
            runs += count;
            wrong.extend(found);
        }
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(
        runs, 137,
        "22 invoices with six defects, and a refund that no budget holds with five"
    );
    println!("{runs} runs with one planted defect each: found, with its reason and owner");
}
