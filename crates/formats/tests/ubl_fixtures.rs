//! Every real document of the fixtures: read with the file's own totals, or refused with line and reason;
//! and every invoice among them derived, written and read back.

#![allow(clippy::print_stdout)]

mod fixtures;

use baton_formats::ubl::{self, Defect, Document, Invoice};
use baton_formats::xml;
use baton_model::Decimal;
use fixtures::files;
use std::path::{Path, PathBuf};

/// An amount of the totals as the file has it, found without the reader under test.
fn stated(bytes: &[u8], name: &str) -> Option<Decimal> {
    let tree = xml::parse(bytes).expect("well-formed");
    let totals = tree
        .root_element()
        .children()
        .find(|node| node.tag_name().name().ends_with("MonetaryTotal"))?;
    let node = totals
        .children()
        .find(|node| node.tag_name().name() == name)?;
    node.text()?.trim().parse().ok()
}

fn totals_equal(path: &Path, bytes: &[u8], totals: &ubl::Totals) {
    let pairs = [
        ("LineExtensionAmount", totals.lines),
        ("TaxExclusiveAmount", totals.net),
        ("TaxInclusiveAmount", totals.gross),
        ("AllowanceTotalAmount", totals.allowances),
        ("ChargeTotalAmount", totals.charges),
        ("PrepaidAmount", totals.prepaid),
        ("PayableRoundingAmount", totals.rounding),
        ("PayableAmount", totals.payable),
    ];
    for (name, read) in pairs {
        if let Some(stated) = stated(bytes, name) {
            assert_eq!(stated, read, "{} {name}", path.display());
        }
    }
}

fn check(path: &Path) -> String {
    let bytes = std::fs::read(path).expect("fixture");
    match ubl::read(&bytes) {
        Ok(document) => {
            match &document {
                Document::Invoice(invoice) | Document::CreditNote(invoice) => {
                    totals_equal(path, &bytes, &invoice.totals);
                }
                Document::Order(order) => {
                    if let Some(totals) = &order.totals {
                        totals_equal(path, &bytes, totals);
                    }
                }
                _ => {}
            }
            document.kind().to_owned()
        }
        Err(found) => {
            for finding in &found {
                assert!(finding.line > 0 && finding.column > 0, "{}", path.display());
                println!("{}: {finding}", path.display());
            }
            found[0].code.clone()
        }
    }
}

fn counts(folder: &str) -> std::collections::BTreeMap<String, usize> {
    let mut counts = std::collections::BTreeMap::new();
    for path in files(folder, "xml") {
        *counts.entry(check(&path)).or_default() += 1;
    }
    counts
}

#[test]
fn every_billing_example_reads() {
    let counts = counts("peppol-billing/phive-2026-05");
    assert!(
        counts.is_empty() || counts == [("invoice".into(), 7)].into(),
        "{counts:?}"
    );
}

#[test]
fn every_xrechnung_reads() {
    let counts = counts("xrechnung");
    assert!(
        counts.is_empty() || counts == [("invoice".into(), 16)].into(),
        "{counts:?}"
    );
}

#[test]
fn every_order_and_despatch_reads_and_the_rest_is_refused() {
    let counts = counts("peppol-order");
    let expected = [
        ("BATON-UBL-002".into(), 24),
        ("despatch_advice".into(), 4),
        ("order".into(), 8),
    ];
    assert!(counts.is_empty() || counts == expected.into(), "{counts:?}");
}

#[test]
fn norm_examples_read_or_say_why() {
    for path in files("en16931/examples", "xml") {
        println!("{} {}", path.display(), check(&path));
    }
}

fn invoices() -> Vec<(Vec<u8>, Invoice)> {
    ["peppol-billing/phive-2026-05", "xrechnung"]
        .iter()
        .flat_map(|folder| files(folder, "xml"))
        .filter_map(|path| {
            let bytes = std::fs::read(path).expect("fixture");
            match ubl::read(&bytes) {
                Ok(Document::Invoice(invoice)) => Some((bytes, invoice)),
                _ => None,
            }
        })
        .collect()
}

/// Reads written documents back; the lines then know their place, which derived ones do not.
fn read_back(order: &[u8], receipt: &[u8]) -> (ubl::Order, ubl::ReceiptAdvice) {
    let order = ubl::read(order).unwrap_or_else(|found| panic!("{found:?}"));
    let receipt = ubl::read(receipt).unwrap_or_else(|found| panic!("{found:?}"));
    let (Document::Order(mut order), Document::ReceiptAdvice(mut receipt)) = (order, receipt)
    else {
        panic!("other kinds");
    };
    order.lines.iter_mut().for_each(|line| line.at = 0);
    receipt.lines.iter_mut().for_each(|line| line.at = 0);
    (order, receipt)
}

#[test]
fn derived_documents_survive_writing() {
    for (bytes, invoice) in invoices() {
        let derived = ubl::derive(&invoice);
        let (order, receipt) = read_back(
            &ubl::write_order(&derived.order),
            &ubl::write_receipt(&derived.receipt),
        );
        assert_eq!(order, derived.order);
        assert_eq!(receipt, derived.receipt);
        assert!(order.seller.same_as(&invoice.supplier));
        assert_eq!(order.seller.id(), invoice.supplier.id());
        for defect in Defect::ALL {
            let planted = ubl::plant(defect, &invoice, &bytes);
            read_back(
                &ubl::write_order(&planted.order),
                &ubl::write_receipt(&planted.receipt),
            );
        }
    }
}

#[test]
fn each_defect_changes_what_it_names() {
    for (bytes, invoice) in invoices() {
        let whole = ubl::derive(&invoice);
        for defect in Defect::ALL {
            let planted = ubl::plant(defect, &invoice, &bytes);
            let order_changed = planted.order != whole.order;
            let receipt_changed = planted.receipt != whole.receipt;
            let expected = match defect {
                Defect::Quantity => (false, true),
                Defect::Price => (true, false),
                Defect::Unit | Defect::UnknownLine => (true, true),
                Defect::Duplicate | Defect::OverBudget => (false, false),
            };
            assert_eq!((order_changed, receipt_changed), expected, "{defect:?}");
            if let Some(resent) = planted.resent {
                let Ok(Document::Invoice(again)) = ubl::read(&resent) else {
                    panic!("unreadable");
                };
                assert_ne!(resent, bytes);
                assert_eq!(again, invoice);
            }
        }
    }
}

/// Checks files against a schema of the fixtures with `xmllint`, if both are there.
fn schema_valid(schema: &Path, documents: &[PathBuf]) {
    let run = std::process::Command::new("xmllint")
        .args(["--nonet", "--noout", "--schema"])
        .arg(schema)
        .args(documents)
        .output();
    match run {
        Ok(run) => assert!(
            run.status.success(),
            "{}",
            String::from_utf8_lossy(&run.stderr)
        ),
        Err(_) => println!("skipped: no xmllint"),
    }
}

#[test]
fn derived_documents_are_schema_valid() {
    let folder = std::env::temp_dir().join(format!("baton-derived-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let (mut orders, mut receipts) = (Vec::new(), Vec::new());
    for (n, (bytes, invoice)) in invoices().into_iter().enumerate() {
        for defect in Defect::ALL {
            let planted = ubl::plant(defect, &invoice, &bytes);
            let name = |kind| folder.join(format!("{kind}-{n}-{}.xml", defect.word()));
            std::fs::write(name("order"), ubl::write_order(&planted.order)).expect("writes");
            std::fs::write(name("receipt"), ubl::write_receipt(&planted.receipt)).expect("writes");
            orders.push(name("order"));
            receipts.push(name("receipt"));
        }
    }
    for schema in files("ubl-2.1-xsd/maindoc", "xsd") {
        match schema.file_name().and_then(|name| name.to_str()) {
            Some("UBL-Order-2.1.xsd") => schema_valid(&schema, &orders),
            Some("UBL-ReceiptAdvice-2.1.xsd") => schema_valid(&schema, &receipts),
            _ => {}
        }
    }
    std::fs::remove_dir_all(&folder).expect("removes its folder");
}
