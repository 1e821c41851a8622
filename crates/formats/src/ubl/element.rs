//! A place in a UBL tree: typed access to children, every finding kept with its line.
//!
//! Only children in UBL's two component namespaces count; extensions are passed over. Text is joined
//! across comments, so that a comment cannot hide half a value.

use super::Fault;
use crate::xml::{Lines, Node};
use baton_model::{Currency, Diagnostic};
use jiff::civil::Date;
use rust_decimal::Decimal;
use std::cell::{Cell, RefCell};

/// The most findings reported of one file.
const MOST_FINDINGS: usize = 50;
/// The longest identifier, in bytes.
const LONGEST: usize = 500;
/// No quantity, price or amount may reach this, so that no sum can overflow.
const TOO_LARGE: i64 = 1_000_000_000_000;

const COMPONENTS: [&str; 2] = [
    "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
    "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
];

/// One reading of a file: its lines and what was found wrong so far.
pub(super) struct Reading<'t> {
    lines: Lines<'t>,
    found: RefCell<Vec<Diagnostic>>,
    /// Whether a value is absent or unreadable, so that sums over it would mislead.
    gaps: Cell<bool>,
}

impl<'t> Reading<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self {
            lines: Lines::of(text),
            found: RefCell::new(Vec::new()),
            gaps: Cell::new(false),
        }
    }

    /// The findings, in the order of the file.
    pub(super) fn finish(self) -> Vec<Diagnostic> {
        let mut found = self.found.into_inner();
        found.sort_by_key(|finding| (finding.line, finding.column));
        found
    }
}

/// An element and the reading it is part of.
#[derive(Clone, Copy)]
pub(super) struct At<'a, 'i> {
    node: Node<'a, 'i>,
    reading: &'a Reading<'a>,
}

impl<'a, 'i> At<'a, 'i> {
    pub(super) fn new(node: Node<'a, 'i>, reading: &'a Reading<'a>) -> Self {
        Self { node, reading }
    }

    pub(super) fn name(self) -> &'a str {
        self.node.tag_name().name()
    }

    pub(super) fn namespace(self) -> &'a str {
        self.node.tag_name().namespace().unwrap_or("")
    }

    /// The line the element begins on.
    pub(super) fn line(self) -> u32 {
        self.reading.lines.of_node(self.node).0
    }

    /// Keeps a finding at this element.
    pub(super) fn refuse(self, fault: Fault) {
        if !fault.is_sum() {
            self.reading.gaps.set(true);
        }
        let mut found = self.reading.found.borrow_mut();
        if found.len() < MOST_FINDINGS {
            let (line, column) = self.reading.lines.of_node(self.node);
            found.push(Diagnostic::at(
                fault.code(),
                line,
                column,
                fault.to_string(),
            ));
        }
    }

    /// Whether all values so far could be read, so that sums over them say the truth.
    pub(super) fn no_gaps(self) -> bool {
        !self.reading.gaps.get()
    }

    /// The children of a name, in order.
    pub(super) fn many(self, name: &str) -> impl Iterator<Item = At<'a, 'i>> {
        self.node
            .children()
            .filter(move |node| {
                let tag = node.tag_name();
                tag.name() == name && tag.namespace().is_some_and(|ns| COMPONENTS.contains(&ns))
            })
            .map(move |node| At::new(node, self.reading))
    }

    /// The only child of a name; a second one is refused.
    pub(super) fn one(self, name: &str) -> Option<At<'a, 'i>> {
        let mut all = self.many(name);
        let first = all.next();
        if let Some(second) = all.next() {
            second.refuse(Fault::Repeated(name.into()));
        }
        first
    }

    /// The only descendant down these names.
    pub(super) fn find(self, path: &[&str]) -> Option<At<'a, 'i>> {
        path.iter().try_fold(self, |at, name| at.one(name))
    }

    /// The only child of a name; its absence is refused.
    pub(super) fn need(self, name: &'static str) -> Option<At<'a, 'i>> {
        let found = self.one(name);
        if found.is_none() {
            self.missing(name);
        }
        found
    }

    pub(super) fn missing(self, name: &'static str) {
        let parent = self.name().to_owned();
        self.refuse(Fault::Missing { parent, name });
    }

    /// The element's own text, or nothing if it is blank. What documents and parties are known by must be
    /// short, since it is looked up by.
    pub(super) fn own_text(self) -> Option<String> {
        let pieces = self.node.children().filter(Node::is_text);
        let text: String = pieces.filter_map(|piece| piece.text()).collect();
        let text = text.trim();
        if text.len() > LONGEST && self.is_known_by() {
            let why = "too long; at most 500 bytes are taken";
            self.unreadable::<()>(text.to_owned(), why);
        }
        (!text.is_empty()).then(|| text.to_owned())
    }

    /// Whether a document or party is known by the element's text: an identifier, or a party's name.
    fn is_known_by(self) -> bool {
        let parent = self.node.parent().map(|parent| parent.tag_name().name());
        let of_party = parent.is_some_and(|name| ["PartyName", "PartyLegalEntity"].contains(&name));
        of_party || self.name().ends_with("ID")
    }

    pub(super) fn attribute(self, name: &str) -> Option<String> {
        let value = self.node.attribute(name)?.trim();
        (!value.is_empty()).then(|| value.to_owned())
    }

    /// The text of the only child of a name.
    pub(super) fn text(self, name: &str) -> Option<String> {
        self.one(name)?.own_text()
    }

    /// The texts of all children of a name, one a line.
    pub(super) fn texts(self, name: &str) -> Option<String> {
        let all: Vec<String> = self.many(name).filter_map(At::own_text).collect();
        (!all.is_empty()).then(|| all.join("\n"))
    }

    /// The text of the only child of a name; its absence is refused.
    pub(super) fn need_text(self, name: &'static str) -> Option<String> {
        let found = self.text(name);
        if found.is_none() {
            self.missing(name);
        }
        found
    }

    /// The text down a path.
    pub(super) fn text_at(self, path: &[&str]) -> Option<String> {
        self.find(path)?.own_text()
    }

    fn unreadable<T>(self, value: String, why: &'static str) -> Option<T> {
        let name = self.name().to_owned();
        let value = value.chars().take(40).collect();
        self.refuse(Fault::Unreadable { name, value, why });
        None
    }

    /// The element's text as a decimal number.
    pub(super) fn own_decimal(self) -> Option<Decimal> {
        let text = self.own_text().unwrap_or_default();
        let plain = text.trim_start_matches(['+', '-']);
        let digits = plain.bytes().filter(u8::is_ascii_digit).count();
        let points = plain.bytes().filter(|byte| *byte == b'.').count();
        let written = digits > 0 && points <= 1 && digits + points == plain.len();
        if !written || text.len() > plain.len() + 1 {
            return self.unreadable(text, "no decimal number; write it like 1234.50");
        }
        match text.parse::<Decimal>() {
            Ok(number) if number.abs() < Decimal::from(TOO_LARGE) => Some(number),
            _ => self.unreadable(text, "a number of more digits than are taken"),
        }
    }

    /// The number of the only child of a name.
    pub(super) fn decimal(self, name: &str) -> Option<Decimal> {
        self.one(name)?.own_decimal()
    }

    /// The amount of the only child of a name, which must be in the document's currency.
    pub(super) fn amount(self, name: &str, currency: Currency) -> Option<Decimal> {
        let at = self.one(name)?;
        match at.attribute("currencyID") {
            Some(code) if code == currency.code() => {}
            Some(found) => {
                let (name, document) = (at.name().to_owned(), currency.to_string());
                at.refuse(Fault::OtherCurrency {
                    name,
                    found,
                    document,
                });
            }
            None => at.missing("currencyID"),
        }
        at.own_decimal()
    }

    /// An amount whose absence is refused.
    pub(super) fn need_amount(self, name: &'static str, currency: Currency) -> Option<Decimal> {
        if self.many(name).next().is_none() {
            self.missing(name);
        }
        self.amount(name, currency)
    }

    /// The date of the only child of a name; a zone behind it is passed over.
    pub(super) fn date(self, name: &str) -> Option<Date> {
        let at = self.one(name)?;
        let text = at.own_text()?;
        let day = text.get(..10).filter(|day| day.is_ascii());
        let zone = text.get(10..).unwrap_or("");
        let zoned = zone.is_empty() || zone == "Z" || (zone.len() == 6 && zone.contains(':'));
        match day.filter(|_| zoned).and_then(|day| day.parse().ok()) {
            Some(date) => Some(date),
            None => at.unreadable(text, "no date; write it like 2026-07-16"),
        }
    }

    /// A date whose absence is refused.
    pub(super) fn need_date(self, name: &'static str) -> Option<Date> {
        if self.text(name).is_none() {
            self.missing(name);
        }
        self.date(name)
    }

    /// The truth value of the only child of a name; its absence is refused.
    pub(super) fn need_truth(self, name: &'static str) -> Option<bool> {
        let at = self.need(name)?;
        match at.own_text().unwrap_or_default().as_str() {
            "true" | "1" => Some(true),
            "false" | "0" => Some(false),
            other => at.unreadable(other.to_owned(), "neither true nor false"),
        }
    }

    /// The document's currency; its absence is refused.
    pub(super) fn currency(self) -> Option<Currency> {
        let at = self.need("DocumentCurrencyCode")?;
        let text = at.own_text().unwrap_or_default();
        match Currency::parse(&text) {
            Some(currency) => Some(currency),
            None => at.unreadable(text, "no ISO 4217 code; write three capitals like EUR"),
        }
    }
}
