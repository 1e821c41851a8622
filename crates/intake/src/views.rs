//! Intake's views: documents taken in, files refused, the register of orders line by line, and
//! proposed payments. Personal fields are in none of them.

use crate::Intake;
use crate::lines::Fields;
use crate::receive::Seen;
use crate::register::{self, Entry};
use baton_journal::event::{ClaimReleased, DocumentRefused, QuantitiesClaimed, RefusalRepeated};
use baton_journal::{Change, Column, Datum, Document, DocumentKind, Event, Key, View};
use baton_model::{CaseId, Diagnostic, DocumentId, Micros, Record};

/// The views intake owns.
pub(crate) const VIEWS: &[View] = &[DOCUMENT, REFUSED, ORDERS, PROPOSAL];

const DOCUMENT: View = View {
    name: "document",
    version: 2,
    columns: &[
        Column::text("id"),
        Column::text("kind"),
        Column::text("number"),
        Column::text("sender"),
        Column::text("name"),
        Column::text("channel"),
        Column::text("sha256"),
        Column::int("size"),
        Column::int("at"),
        Column::text("case_id"),
        Column::text("suspected_of"),
        Column::text("subject"),
    ],
    key: 1,
    indexes: &[&["at"], &["case_id"]],
};

const REFUSED: View = View {
    name: "refused",
    version: 2,
    columns: &[
        Column::text("id"),
        Column::text("name"),
        Column::text("channel"),
        Column::text("sha256"),
        Column::int("line"),
        Column::text("reason"),
        Column::text("code"),
        Column::int("at"),
        Column::int("size"),
        Column::text("findings"),
        Column::int("times"),
        Column::int("last"),
    ],
    key: 1,
    indexes: &[&["at"]],
};

const ORDERS: View = View {
    name: "orders",
    version: 1,
    columns: &[
        Column::text("order_id"),
        Column::int("place"),
        Column::text("number"),
        Column::text("line"),
        Column::text("item"),
        Column::text("name"),
        Column::text("unit"),
        Column::text("ordered"),
        Column::text("received"),
        Column::text("claimed"),
        Column::text("price"),
        Column::text("currency"),
    ],
    key: 2,
    indexes: &[],
};

const PROPOSAL: View = View {
    name: "proposal",
    version: 1,
    columns: &[
        Column::text("case_id"),
        Column::text("supplier_id"),
        Column::text("supplier"),
        Column::text("invoice"),
        Column::text("amount"),
        Column::text("currency"),
        Column::text("due"),
        Column::int("at"),
    ],
    key: 1,
    indexes: &[&["at"]],
};

/// The rows that change with an event.
pub(crate) fn project(intake: &Intake, event: &Event, at: Micros) -> Vec<Change> {
    match event {
        Event::DocumentReceived { id, document, .. }
        | Event::DocumentCorrelated { id, document, .. } => received(intake, id, document),
        Event::DocumentRefused(DocumentRefused { sha256, .. })
        | Event::RefusalRepeated(RefusalRepeated { sha256, .. }) => {
            refused(intake, sha256).into_iter().collect()
        }
        Event::CaseStarted {
            document: Some(id),
            kind: Some(kind),
            record,
            ..
        } => started(intake, id, *kind, record),
        Event::QuantitiesClaimed(QuantitiesClaimed { order, .. })
        | Event::ClaimReleased(ClaimReleased { order, .. }) => {
            let order = order.as_deref();
            order.map(|key| order_rows(intake, key)).unwrap_or_default()
        }
        Event::PaymentProposed { case, record } => vec![proposal(case, record, at)],
        _ => Vec::new(),
    }
}

/// The slot of an invoice's or credit note's number, from the fields its case began with.
pub(crate) fn number_of(kind: DocumentKind, record: &Record) -> Option<Key> {
    let fields = Fields(record);
    let sender = fields.text("supplier.id")?;
    let number = fields.text("invoice.number")?;
    Some(Key::number_of(&sender, kind, &number))
}

fn received(intake: &Intake, id: &DocumentId, document: &Document) -> Vec<Change> {
    let key = Key::number(document);
    let seen = intake.numbers.peek(&key).into_iter().flatten();
    let mut changes: Vec<_> = seen
        .filter(|seen| seen.id == *id)
        .map(|seen| row(document.kind, &document.number, &document.sender, seen))
        .collect();
    for key in register::touched(document) {
        if let Key::Order(key) = key {
            changes.extend(order_rows(intake, &key));
        }
    }
    changes
}

fn started(intake: &Intake, id: &DocumentId, kind: DocumentKind, record: &Record) -> Vec<Change> {
    let fields = Fields(record);
    let number = fields.text("invoice.number").unwrap_or_default();
    let sender = fields.text("supplier.id").unwrap_or_default();
    let key = number_of(kind, record);
    let seen = key.and_then(|key| intake.numbers.peek(&key));
    let own = seen.into_iter().flatten().filter(|seen| seen.id == *id);
    own.map(|seen| row(kind, &number, &sender, seen)).collect()
}

fn row(kind: DocumentKind, number: &str, sender: &str, seen: &Seen) -> Change {
    let case = seen.case.as_ref().map(CaseId::as_str);
    let suspected = seen.suspected_of.as_ref().map(DocumentId::as_str);
    Change::Put {
        view: DOCUMENT.name,
        row: vec![
            seen.id.as_str().into(),
            kind.name().into(),
            number.into(),
            sender.into(),
            seen.name.as_str().into(),
            seen.channel.as_str().into(),
            seen.sha256.as_str().into(),
            whole(seen.size),
            seen.at.0.into(),
            case.into(),
            suspected.into(),
            seen.subject.as_str().into(),
        ],
    }
}

fn whole(size: u64) -> Datum {
    i64::try_from(size).unwrap_or(i64::MAX).into()
}

/// The row of a refused file. One that an older Baton listed twice keeps both rows; the last is counted.
fn refused(intake: &Intake, sha256: &str) -> Option<Change> {
    let refused = intake.refused.peek(&Key::File(sha256.into()))?;
    let first = refused.findings.first();
    let reason = first.map_or("", |first| first.message.as_str());
    let code = first.map_or("", |first| first.code.as_str());
    Some(Change::Put {
        view: REFUSED.name,
        row: vec![
            refused.id.as_str().into(),
            refused.name.as_str().into(),
            refused.channel.as_str().into(),
            refused.sha256.as_str().into(),
            first.map_or(0, |first| i64::from(first.line)).into(),
            reason.into(),
            code.into(),
            refused.at.0.into(),
            whole(refused.size),
            listed(&refused.findings).into(),
            i64::from(refused.times).into(),
            refused.last.0.into(),
        ],
    })
}

fn listed(findings: &[Diagnostic]) -> String {
    serde_json::to_string(findings).unwrap_or_default()
}

/// The register's rows of an order; an order that has not come yet has none.
fn order_rows(intake: &Intake, key: &str) -> Vec<Change> {
    let entry = intake.orders.peek(&Key::Order(key.into()));
    entry.map(|entry| lines(key, entry)).unwrap_or_default()
}

fn lines(key: &str, entry: &Entry) -> Vec<Change> {
    let Some(order) = &entry.order else {
        return Vec::new();
    };
    let (received, claimed) = (entry.received(), &entry.claimed);
    let places = (0_i64..).zip(&order.lines);
    places
        .map(|(place, line)| Change::Put {
            view: ORDERS.name,
            row: vec![
                key.into(),
                place.into(),
                order.number.as_str().into(),
                line.id.as_str().into(),
                line.item.as_deref().into(),
                line.name.as_str().into(),
                line.unit.as_str().into(),
                line.quantity.to_string().into(),
                received
                    .get(&line.id)
                    .copied()
                    .unwrap_or_default()
                    .to_string()
                    .into(),
                claimed
                    .get(&line.id)
                    .copied()
                    .unwrap_or_default()
                    .to_string()
                    .into(),
                line.unit_price().to_string().into(),
                order.currency.as_str().into(),
            ],
        })
        .collect()
}

fn proposal(case: &CaseId, record: &Record, at: Micros) -> Change {
    let fields = Fields(record);
    let text = |name: &str| Datum::from(fields.text(name));
    Change::Put {
        view: PROPOSAL.name,
        row: vec![
            case.as_str().into(),
            text("supplier.id"),
            text("supplier.name"),
            text("invoice.number"),
            fields.number("payment.amount").to_string().into(),
            text("payment.currency"),
            text("payment.due"),
            at.0.into(),
        ],
    }
}
