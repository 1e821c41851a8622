//! An XML writer that cannot forget an end tag or an escape.
//!
//! It writes into memory, which takes every byte, so the writer's results are not looked at. Characters
//! that XML cannot hold are left out.

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};
use rust_decimal::Decimal;

/// A document being written.
pub(super) struct Out {
    writer: Writer<Vec<u8>>,
}

impl Out {
    /// A UBL document of this root, with its namespaces.
    pub(super) fn document(root: &str, inner: impl FnOnce(&mut Self)) -> Vec<u8> {
        let mut out = Self {
            writer: Writer::new_with_indent(Vec::new(), b' ', 2),
        };
        out.event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)));
        let schema = "urn:oasis:names:specification:ubl:schema:xsd:";
        let namespaces = [
            ("xmlns", format!("{schema}{root}-2")),
            ("xmlns:cac", format!("{schema}CommonAggregateComponents-2")),
            ("xmlns:cbc", format!("{schema}CommonBasicComponents-2")),
        ];
        let attributes = namespaces.iter().map(|(name, uri)| (*name, uri.as_str()));
        out.event(Event::Start(
            BytesStart::new(root).with_attributes(attributes),
        ));
        inner(&mut out);
        out.event(Event::End(BytesEnd::new(root)));
        let mut bytes = out.writer.into_inner();
        bytes.push(b'\n');
        bytes
    }

    fn event(&mut self, event: Event<'_>) {
        let _ = self.writer.write_event(event);
    }

    /// An element that holds elements.
    pub(super) fn group(&mut self, name: &str, inner: impl FnOnce(&mut Self)) {
        self.event(Event::Start(BytesStart::new(name)));
        inner(self);
        self.event(Event::End(BytesEnd::new(name)));
    }

    /// An element that holds text.
    pub(super) fn leaf(&mut self, name: &str, text: &str) {
        self.with(name, None, text);
    }

    /// An element that holds text, if there is one.
    pub(super) fn maybe(&mut self, name: &str, text: Option<&str>) {
        if let Some(text) = text {
            self.leaf(name, text);
        }
    }

    /// An element that holds text and has an attribute, if it has a value.
    pub(super) fn with(&mut self, name: &str, attribute: Option<(&str, &str)>, text: &str) {
        let attributes = attribute.map(|(key, value)| (key, clean(value)));
        let attributes = attributes.iter().map(|(key, value)| (*key, value.as_str()));
        self.event(Event::Start(
            BytesStart::new(name).with_attributes(attributes),
        ));
        self.event(Event::Text(BytesText::new(&clean(text))));
        self.event(Event::End(BytesEnd::new(name)));
    }

    /// An amount in a currency.
    pub(super) fn amount(&mut self, name: &str, amount: Decimal, currency: &str) {
        self.with(name, Some(("currencyID", currency)), &amount.to_string());
    }

    /// A quantity in a unit.
    pub(super) fn quantity(&mut self, name: &str, quantity: Decimal, unit: Option<&str>) {
        self.with(
            name,
            unit.map(|unit| ("unitCode", unit)),
            &quantity.to_string(),
        );
    }
}

/// The text without the characters that XML 1.0 cannot hold.
fn clean(text: &str) -> String {
    let holds = |c: &char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..);
    text.chars().filter(holds).collect()
}
