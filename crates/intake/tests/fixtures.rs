//! Real invoices through the match: with their derived order and receipt nothing is found, with one
//! planted defect that one thing is.

mod tenant;

use baton_formats::ubl::{self, Defect, Invoice, InvoiceKind, Planted};
use baton_journal::setup::TableRow;
use baton_model::{Decimal, Value};
use tenant::{World, invoices, number, say};

/// What a line's facts say is wrong, in the words of the decision table.
fn reasons(line: &Value) -> Vec<&'static str> {
    let over = |path: &str| !matches!(number(line, path).as_str(), "0" | "");
    let truth = |path: &str| line.at(path).and_then(Value::as_bool) == Some(true);
    let checks = [
        (!truth("known"), "unknown line"),
        (truth("known") && !truth("unit_same"), "unit"),
        (over("quantity_over_percent"), "quantity"),
        (over("price_over_percent"), "price"),
    ];
    let found = checks.into_iter().filter(|(found, _)| *found);
    found.map(|(_, reason)| reason).collect()
}

/// The reasons of all lines and of the header, of an invoice against its planted documents.
fn matched(planted: &Planted, name: &str, bytes: &[u8]) -> Vec<&'static str> {
    matched_in(World::default(), planted, name, bytes)
}

fn matched_in(mut world: World, planted: &Planted, name: &str, bytes: &[u8]) -> Vec<&'static str> {
    let order = ubl::write_order(&planted.order);
    let receipt = ubl::write_receipt(&planted.receipt);
    world.takes("order.xml", &order).expect("a new order");
    world.takes("receipt.xml", &receipt).expect("a new receipt");
    let mut document = world.takes(name, bytes).expect("a new invoice");
    if let Some(resent) = &planted.resent {
        document = world.takes(name, resent).expect("another document");
    }
    let facts = world.matches("P2P-1", &document.record);
    let lines = facts.get("lines").map(Value::items).unwrap_or_default();
    let mut found: Vec<_> = lines.iter().flat_map(reasons).collect();
    let header = facts.get("header").cloned().unwrap_or_default();
    let truth = |path: &str| header.at(path).and_then(Value::as_bool) == Some(true);
    found.extend((!truth("order_found")).then_some("no order"));
    found.extend(truth("suspected_duplicate").then_some("duplicate"));
    found.extend((!truth("currency_same")).then_some("currency"));
    found.extend((number(&header, "charges_unagreed") != "0").then_some("charges"));
    let over = number(&header, "over_budget") != "0";
    found.extend(over.then_some("over budget"));
    found.dedup();
    found
}

/// A tenant whose budget for an order is a cent below a net amount.
fn poor(order: &str, net: Decimal, currency: &str) -> World {
    let budget = (net - Decimal::new(1, 2)).to_string();
    let row = |fields: &[(&str, &str)]| -> TableRow {
        let fields = fields.iter();
        fields
            .map(|(column, text)| (column.to_string(), text.to_string()))
            .collect()
    };
    let budgets = row(&[
        ("cost_centre", "C"),
        ("budget", &budget),
        ("currency", currency),
        ("owner", "o"),
    ]);
    let orders = row(&[("order", order), ("creator", "c"), ("cost_centre", "C")]);
    let tables = [
        ("budgets".to_string(), vec![budgets]),
        ("orders".to_string(), vec![orders]),
    ];
    let mut world = World::default();
    world.deploys(tables.into());
    world
}

/// Whether a credit note asks for something: no order can be derived that it would answer.
fn charges_again(invoice: &Invoice) -> bool {
    let negative = |line: &ubl::InvoiceLine| line.quantity < Decimal::ZERO;
    invoice.kind == InvoiceKind::CreditNote && invoice.lines.iter().any(negative)
}

#[test]
fn every_real_invoice_with_its_derived_order_has_no_finding() {
    let mut wrong = Vec::new();
    let invoices = invoices();
    for (name, bytes, invoice) in &invoices {
        if charges_again(invoice) {
            continue;
        }
        let derived = ubl::derive(invoice);
        let planted = Planted {
            order: derived.order,
            receipt: derived.receipt,
            resent: None,
        };
        let found = matched(&planted, name, bytes);
        if !found.is_empty() {
            wrong.push(format!("{name}: {found:?}"));
        }
    }
    say(&format!("{} invoices matched", invoices.len()));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_planted_defect_is_found_for_its_reason() {
    let expected = [
        (Defect::Quantity, "quantity"),
        (Defect::Price, "price"),
        (Defect::Unit, "unit"),
        (Defect::UnknownLine, "unknown line"),
        (Defect::Duplicate, "duplicate"),
    ];
    let mut wrong = Vec::new();
    for (name, bytes, invoice) in &invoices() {
        if invoice.kind == InvoiceKind::CreditNote {
            continue;
        }
        for (defect, reason) in expected {
            let found = matched(&ubl::plant(defect, invoice, bytes), name, bytes);
            if found != [reason] {
                wrong.push(format!("{name}: {} gave {found:?}", defect.word()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_budget_a_cent_too_small_is_found_and_nothing_else() {
    let mut wrong = Vec::new();
    for (name, bytes, invoice) in &invoices() {
        let net = invoice.totals.net;
        if invoice.kind == InvoiceKind::CreditNote || net <= Decimal::ZERO {
            continue;
        }
        let planted = ubl::plant(Defect::OverBudget, invoice, bytes);
        let world = poor(&planted.order.number, net, invoice.currency.code());
        let found = matched_in(world, &planted, name, bytes);
        if found != ["over budget"] {
            wrong.push(format!("{name}: {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
