//! The simulated workers: how long they take, and what they answer to a form. They see what the API
//! shows them and decide by that alone.

use crate::api::{Api, Taken};
use fastrand::Rng;
use serde_json::{Map, Value, json};
use std::time::Duration;

/// What a worker is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nature {
    /// A person: takes minutes, waits for others now and then, sends some things back.
    Person,
    /// A program: takes seconds, and is a little too sure of itself.
    Bot,
}

/// A simulated worker.
#[derive(Clone, Debug)]
pub struct Staff {
    /// The worker's id, for the log.
    pub id: String,
    /// What the worker is.
    pub nature: Nature,
    /// How the worker reaches Baton.
    pub api: Api,
}

/// What a worker asks before going on, and the answer that comes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Question {
    /// For whom it waits, as a code.
    pub(crate) reason: &'static str,
    /// What is asked.
    pub(crate) text: &'static str,
    /// The answer.
    pub(crate) answer: &'static str,
    /// Who gives it.
    pub(crate) given_by: &'static str,
}

impl Staff {
    /// How long an item takes this worker, at the ordinary pace.
    pub(crate) fn takes(&self, item: &Taken, rng: &mut Rng) -> Duration {
        let seconds = match (self.nature, item.form.as_deref()) {
            (Nature::Bot, _) => rng.u64(2..7),
            (_, Some("resolve-exception")) => rng.u64(120..700),
            (_, Some("verify")) => rng.u64(60..400),
            _ => rng.u64(30..200),
        };
        Duration::from_secs(seconds)
    }

    /// What the worker waits for before going on, if anything.
    pub(crate) fn waits_for(&self, item: &Taken, rng: &mut Rng) -> Option<Question> {
        let asks = item.form.as_deref() == Some("resolve-exception") && rng.u8(..8) == 0;
        (self.nature == Nature::Person && asks).then(|| match rng.bool() {
            true => Question {
                reason: "waiting-for-client",
                text: "Is the price on the invoice the one the buyer agreed to?",
                answer: "The buyer looked it up: the price of the order holds.",
                given_by: "the buyer of the order",
            },
            false => Question {
                reason: "waiting-for-supplier",
                text: "Which delivery is this invoice for? Please send the note.",
                answer: "It is for the delivery of the order; the note follows by post.",
                given_by: "the supplier's accounts desk",
            },
        })
    }

    /// The answer to an item's form; none to a form the worker does not know.
    pub(crate) fn answer(&self, item: &Taken, rng: &mut Rng) -> Option<Map<String, Value>> {
        let answer = match item.form.as_deref()? {
            "verify" => verify(item, self.nature, rng),
            "resolve-exception" => resolve(item, rng),
            "approve" => approve(rng),
            "approve-over-budget" => over_budget(rng),
            "release-payment" => json!({ "release.answer": "release" }),
            _ => return None,
        };
        answer.as_object().cloned()
    }
}

fn said<'a>(item: &'a Taken, field: &str) -> &'a str {
    let shown = item.fields.get(field);
    let value = shown.and_then(|shown| shown.get("value")?.as_str());
    value.unwrap_or_default()
}

/// A number that nobody gave out is mostly a known one, mistyped. A bot takes a duplicate for new now and
/// then.
fn verify(item: &Taken, nature: Nature, rng: &mut Rng) -> Value {
    let reason = said(item, "exception.reason");
    if reason.contains("suspected duplicate") {
        let sure = nature == Nature::Person || rng.u8(..10) > 0;
        return json!({ "verify.answer": if sure { "duplicate" } else { "new" } });
    }
    match said(item, "invoice.order").strip_prefix('X') {
        Some(meant) => json!({ "verify.answer": "order", "invoice.order": meant,
            "verify.note": "The number was mistyped on the invoice." }),
        None => json!({ "verify.answer": "new" }),
    }
}

fn resolve(item: &Taken, rng: &mut Rng) -> Value {
    let reason = said(item, "exception.reason");
    // Of a credit note counts what is wrong with it.
    let mut words = reason.split(',').map(str::trim);
    let wrong = words.find(|word| *word != "credit note");
    let (answer, because) = match wrong.unwrap_or(reason) {
        "credit note" => ("accept", "other"),
        "price" if rng.u8(..3) == 0 => ("accept", "list_price_changed"),
        "price" => ("order_price", "supplier_error"),
        "quantity" if rng.u8(..3) == 0 => ("accept", "more_delivered"),
        "quantity" => ("order_price", "short_delivered"),
        "unit" => ("accept", "other_unit"),
        "unknown line" | "charges not agreed" if rng.u8(..3) > 0 => ("accept", "freight_agreed"),
        "currency" => ("reject", "supplier_error"),
        _ => ("reject", "other"),
    };
    json!({ "resolution.answer": answer, "resolution.reason": because,
        "resolution.note": format!("{reason}: settled with the buyer.") })
}

fn approve(rng: &mut Rng) -> Value {
    match rng.u8(..50) {
        0 => json!({ "approval.answer": "reject", "approval.note": "We did not order this." }),
        1..4 => json!({ "approval.answer": "back", "approval.note": "Which delivery is this?" }),
        _ => json!({ "approval.answer": "approve" }),
    }
}

fn over_budget(rng: &mut Rng) -> Value {
    match rng.bool() {
        true => json!({ "approval.cover": "raised", "approval.answer": "approve" }),
        false => json!({ "approval.cover": "none", "approval.answer": "reject",
            "approval.note": "Not this year." }),
    }
}
