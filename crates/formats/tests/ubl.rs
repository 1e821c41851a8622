//! UBL refused and read in small: each reason with its code and line, each tolerance at its edge.

use baton_formats::ubl::{self, Document, Invoice};
use baton_model::{Decimal, Diagnostic};
use proptest::prelude::*;

const SMALL: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
 xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
 xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
<cbc:ID>R-1</cbc:ID>
<cbc:IssueDate>2026-07-16</cbc:IssueDate>
<cbc:DueDate>2026-08-15+02:00</cbc:DueDate>
<cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>
<cbc:Note>first</cbc:Note>
<cbc:Note>second</cbc:Note>
<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>
<cbc:AccountingCost>4711</cbc:AccountingCost>
<cac:OrderReference><cbc:ID>NA</cbc:ID></cac:OrderReference>
<cac:AccountingSupplierParty><cac:Party>
 <cac:PartyIdentification><cbc:ID>7</cbc:ID></cac:PartyIdentification>
 <cac:PartyTaxScheme><cbc:CompanyID>DE1</cbc:CompanyID><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>
 <cac:PartyLegalEntity><cbc:RegistrationName>Seller &amp; Sons</cbc:RegistrationName></cac:PartyLegalEntity>
 <cac:Contact><cbc:Name>Ann</cbc:Name><cbc:Telephone>1</cbc:Telephone><cbc:ElectronicMail>a@b.c</cbc:ElectronicMail></cac:Contact>
</cac:Party></cac:AccountingSupplierParty>
<cac:AccountingCustomerParty><cac:Party>
 <cac:PartyName><cbc:Name>Buyer</cbc:Name></cac:PartyName>
</cac:Party></cac:AccountingCustomerParty>
<cac:PaymentMeans><cac:PayeeFinancialAccount><cbc:ID>DE79 0000 0000</cbc:ID></cac:PayeeFinancialAccount></cac:PaymentMeans>
<cac:AllowanceCharge><cbc:ChargeIndicator>true</cbc:ChargeIndicator><cbc:AllowanceChargeReasonCode>FC</cbc:AllowanceChargeReasonCode><cbc:Amount currencyID="EUR">5.00</cbc:Amount></cac:AllowanceCharge>
<cac:TaxTotal><cbc:TaxAmount currencyID="EUR">19.95</cbc:TaxAmount>
 <cac:TaxSubtotal><cbc:TaxableAmount currencyID="EUR">105.00</cbc:TaxableAmount>
 <cbc:TaxAmount currencyID="EUR">19.95</cbc:TaxAmount>
 <cac:TaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>19</cbc:Percent></cac:TaxCategory></cac:TaxSubtotal>
</cac:TaxTotal>
<cac:LegalMonetaryTotal>
<cbc:LineExtensionAmount currencyID="EUR">100.00</cbc:LineExtensionAmount>
<cbc:TaxExclusiveAmount currencyID="EUR">105.00</cbc:TaxExclusiveAmount>
<cbc:TaxInclusiveAmount currencyID="EUR">124.95</cbc:TaxInclusiveAmount>
<cbc:ChargeTotalAmount currencyID="EUR">5.00</cbc:ChargeTotalAmount>
<cbc:PrepaidAmount currencyID="EUR">24.90</cbc:PrepaidAmount>
<cbc:PayableRoundingAmount currencyID="EUR">-0.05</cbc:PayableRoundingAmount>
<cbc:PayableAmount currencyID="EUR">100.00</cbc:PayableAmount>
</cac:LegalMonetaryTotal>
<cac:InvoiceLine>
<cbc:ID>1</cbc:ID>
<cbc:InvoicedQuantity unitCode="C62">50</cbc:InvoicedQuantity>
<cbc:LineExtensionAmount currencyID="EUR">100.00</cbc:LineExtensionAmount>
<cac:OrderLineReference><cbc:LineID>4</cbc:LineID></cac:OrderLineReference>
<cac:AllowanceCharge><cbc:ChargeIndicator>false</cbc:ChargeIndicator><cbc:Amount currencyID="EUR">25</cbc:Amount></cac:AllowanceCharge>
<cac:Item><cbc:Name>Bolt</cbc:Name></cac:Item>
<cac:Price><cbc:PriceAmount currencyID="EUR">250</cbc:PriceAmount><cbc:BaseQuantity unitCode="C62">100</cbc:BaseQuantity></cac:Price>
</cac:InvoiceLine>
</Invoice>
"#;

fn read(text: &str) -> Invoice {
    match ubl::read(text.as_bytes()) {
        Ok(Document::Invoice(invoice)) => invoice,
        other => panic!("{other:?}"),
    }
}

fn refused(text: &str) -> Vec<Diagnostic> {
    ubl::read(text.as_bytes()).expect_err("must be refused")
}

/// The first finding after a replacement in the small invoice.
fn broken(from: &str, to: &str) -> Diagnostic {
    assert!(SMALL.contains(from), "{from}");
    let found = refused(&SMALL.replacen(from, to, 1));
    found.into_iter().next().expect("one")
}

#[test]
fn reads_what_the_case_record_needs() {
    let invoice = read(SMALL);
    assert_eq!(invoice.number, "R-1");
    assert_eq!(
        invoice.due.map(|day| day.to_string()).as_deref(),
        Some("2026-08-15")
    );
    assert_eq!(invoice.note.as_deref(), Some("first\nsecond"));
    assert_eq!(invoice.order, None, "NA is Peppol's word for none");
    assert_eq!(invoice.cost_centre.as_deref(), Some("4711"));
    assert_eq!(invoice.supplier.id(), "DE1");
    assert_eq!(invoice.supplier.name, "Seller & Sons");
    assert_eq!(invoice.supplier.contact.email.as_deref(), Some("a@b.c"));
    assert_eq!(invoice.buyer.id(), "Buyer");
    assert_eq!(invoice.iban.as_deref(), Some("DE7900000000"));
    assert_eq!(invoice.allowance_charges[0].label(), "FC");
    let line = &invoice.lines[0];
    assert_eq!(line.order_line.as_deref(), Some("4"));
    assert_eq!(line.price.per_unit(), Some(Decimal::new(25, 1)));
    assert_eq!(line.at, 39);
}

#[test]
fn refuses_a_line_that_does_not_add_up() {
    let found = broken(">25<", ">26<");
    assert_eq!((found.code.as_str(), found.line), ("BATON-UBL-007", 42));
    assert_eq!(
        found.message,
        "the line's net amount is 100.00, but 50 × 250 / 100 − 26 = 99.00; correct the line"
    );
}

#[test]
fn refuses_what_is_too_long_to_be_known_by() {
    let long = "N".repeat(501);
    for (from, to, line) in [
        ("<cbc:ID>R-1<", format!("<cbc:ID>{long}<"), 5),
        (">Buyer<", format!(">{long}<"), 21),
    ] {
        let found = broken(from, &to);
        assert_eq!((found.code.as_str(), found.line), ("BATON-UBL-004", line));
        assert!(found.message.len() < 200, "{}", found.message);
    }
    assert_eq!(
        read(&SMALL.replacen(">R-1<", &format!(">{}<", &long[1..]), 1))
            .number
            .len(),
        500
    );
    read(&SMALL.replacen(">first<", &format!(">{long}<"), 1));
}

#[test]
fn takes_the_cents_that_rounding_leaves() {
    read(&SMALL.replacen(">250<", ">250.04<", 1));
    assert_eq!(broken(">250<", ">250.06<").code, "BATON-UBL-007");
}

#[test]
fn refuses_totals_that_do_not_add_up() {
    let found = broken(
        "<cbc:ChargeTotalAmount currencyID=\"EUR\">5.00",
        "<cbc:ChargeTotalAmount currencyID=\"EUR\">4.00",
    );
    assert_eq!((found.code.as_str(), found.line), ("BATON-UBL-008", 32));
    let found = broken("\">-0.05<", "\">0.05<");
    assert_eq!((found.code.as_str(), found.line), ("BATON-UBL-008", 37));
    assert_eq!(
        found.message,
        "PayableAmount is 100.00, but total with tax 124.95 − prepaid 24.90 + rounding 0.05 = \
         100.10; correct the total"
    );
}

#[test]
fn refuses_taxes_that_do_not_add_up() {
    let found = broken("<cbc:Percent>19", "<cbc:Percent>7");
    assert_eq!((found.code.as_str(), found.line), ("BATON-UBL-009", 27));
    assert!(
        found.message.contains("105.00 × 7 % = 7.35"),
        "{}",
        found.message
    );
    let found = broken(
        "TaxableAmount currencyID=\"EUR\">105.00",
        "TaxableAmount currencyID=\"EUR\">104.00",
    );
    assert_eq!((found.code.as_str(), found.line), ("BATON-UBL-009", 32));
}

#[test]
fn refuses_what_is_absent_unreadable_or_doubled() {
    let code = |from, to| broken(from, to).code;
    assert_eq!(code("<cbc:ID>R-1</cbc:ID>", ""), "BATON-UBL-003");
    assert_eq!(
        code("<cbc:ID>R-1</cbc:ID>", "<cbc:ID> </cbc:ID>"),
        "BATON-UBL-003"
    );
    assert_eq!(code(" unitCode=\"C62\">50", ">50"), "BATON-UBL-003");
    assert_eq!(code("2026-07-16", "2026-02-30"), "BATON-UBL-004");
    assert_eq!(code("2026-07-16", "16.07.2026"), "BATON-UBL-004");
    assert_eq!(code(">50<", ">5e1<"), "BATON-UBL-004");
    assert_eq!(code(">50<", ">--50<"), "BATON-UBL-004");
    assert_eq!(code(">50<", ">1000000000000<"), "BATON-UBL-004");
    assert_eq!(code(">100</cbc:BaseQ", ">0</cbc:BaseQ"), "BATON-UBL-004");
    assert_eq!(code(">true<", ">perhaps<"), "BATON-UBL-004");
    assert_eq!(code("EUR</cbc:Doc", "Euro</cbc:Doc"), "BATON-UBL-004");
    let twice = "<cbc:ID>R-1</cbc:ID><cbc:ID>R-2</cbc:ID>";
    assert_eq!(code("<cbc:ID>R-1</cbc:ID>", twice), "BATON-UBL-005");
    assert_eq!(
        code(
            "PriceAmount currencyID=\"EUR\"",
            "PriceAmount currencyID=\"USD\""
        ),
        "BATON-UBL-006"
    );
}

#[test]
fn a_comment_cannot_hide_half_a_value() {
    let invoice = read(&SMALL.replacen(">R-1<", ">R-<!-- -->1<", 1));
    assert_eq!(invoice.number, "R-1");
}

#[test]
fn other_roots_are_named() {
    let found = refused("<html xmlns='http://www.w3.org/1999/xhtml'/>");
    assert_eq!(found[0].code, "BATON-UBL-001");
    assert!(found[0].message.contains("<html>"));
    let found = refused("<Invoice/>");
    assert_eq!(found[0].code, "BATON-UBL-001");
    let found = refused("<Order xmlns='urn:oasis:names:specification:ubl:schema:xsd:Invoice-2'/>");
    assert_eq!(found[0].code, "BATON-UBL-002");
    assert_eq!(refused("plain text")[0].code, "BATON-XML-010");
}

#[test]
fn lines_of_one_order_line_become_one() {
    let start = SMALL.find("<cac:InvoiceLine>").expect("a line");
    let end = SMALL.find("</Invoice>").expect("an end");
    let back = SMALL[start..end]
        .replace(">50<", ">-50<")
        .replace("EUR\">100.00", "EUR\">-100.00")
        .replace(">false<", ">true<");
    let twice = format!("{}{back}{back}</Invoice>", &SMALL[..end]);
    let twice = twice
        .replacen(
            "Amount currencyID=\"EUR\">100.00",
            "Amount currencyID=\"EUR\">-100.00",
            1,
        )
        .replacen("\">105.00", "\">-95.00", 2)
        .replacen("19.95", "-18.05", 2)
        .replacen("124.95", "-113.05", 1)
        .replacen("\">100.00</cbc:Payable", "\">-138.00</cbc:Payable", 1);
    let derived = ubl::derive(&read(&twice));
    let lines = &derived.order.lines;
    assert_eq!((lines.len(), lines[0].id.as_str()), (1, "4"));
    assert_eq!(lines[0].quantity, Decimal::from(50));
    assert_eq!(derived.receipt.lines[0].received, Decimal::from(50));
}

proptest! {
    /// Any quantity and price that give a net are taken; a net two cents and more off is not.
    #[test]
    fn lines_add_up(quantity in 1..100_000i64, price in 1..10_000_000i64, off in -500..500i64) {
        let net = (Decimal::new(quantity, 2) * Decimal::new(price, 3)).round_dp_with_strategy(
            2, rust_decimal::RoundingStrategy::MidpointAwayFromZero);
        let stated = net + Decimal::new(off, 2);
        let order = format!("<Order xmlns='urn:oasis:names:specification:ubl:schema:xsd:Order-2'
 xmlns:cac='urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2'
 xmlns:cbc='urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2'>
<cbc:ID>1</cbc:ID><cbc:IssueDate>2026-07-16</cbc:IssueDate><cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>
<cac:BuyerCustomerParty><cac:Party><cac:PartyName><cbc:Name>B</cbc:Name></cac:PartyName></cac:Party></cac:BuyerCustomerParty>
<cac:SellerSupplierParty><cac:Party><cac:PartyName><cbc:Name>S</cbc:Name></cac:PartyName></cac:Party></cac:SellerSupplierParty>
<cac:OrderLine><cac:LineItem><cbc:ID>1</cbc:ID><cbc:Quantity unitCode='C62'>{}</cbc:Quantity>
<cbc:LineExtensionAmount currencyID='EUR'>{stated}</cbc:LineExtensionAmount>
<cac:Price><cbc:PriceAmount currencyID='EUR'>{}</cbc:PriceAmount></cac:Price><cac:Item><cbc:Name>I</cbc:Name></cac:Item>
</cac:LineItem></cac:OrderLine></Order>", Decimal::new(quantity, 2), Decimal::new(price, 3));
        let read = ubl::read(order.as_bytes());
        prop_assert_eq!(read.is_ok(), off.abs() <= 2);
    }

    /// No bytes make the reader panic.
    #[test]
    fn mutations_never_panic(at in 0..SMALL.len(), byte in 0u8..128) {
        let mut bytes = SMALL.as_bytes().to_vec();
        bytes[at] = byte;
        let _ = ubl::read(&bytes);
    }
}

#[test]
fn reads_a_credit_note() {
    let text = SMALL
        .replace("<Invoice ", "<CreditNote ")
        .replace("</Invoice>", "</CreditNote>")
        .replace("Invoice-2", "CreditNote-2")
        .replace("InvoiceLine", "CreditNoteLine")
        .replace("InvoicedQuantity", "CreditedQuantity")
        .replace("InvoiceTypeCode>380", "CreditNoteTypeCode>381")
        .replace("InvoiceTypeCode", "CreditNoteTypeCode");
    let document = ubl::read(text.as_bytes()).unwrap_or_else(|found| panic!("{found:?}"));
    assert_eq!((document.kind(), document.number()), ("credit_note", "R-1"));
    assert_eq!(document.sender().id(), "DE1");
    let Document::CreditNote(note) = document else {
        panic!("{document:?}")
    };
    assert_eq!(note.type_code.as_deref(), Some("381"));
    assert_eq!(note.totals.payable, Decimal::from(100));
    assert_eq!(note.lines[0].quantity, Decimal::from(50));
}

#[test]
fn currencies_without_cents_round_to_their_unit() {
    let yen = |price: &str| {
        SMALL
            .replace("\"EUR\"", "\"JPY\"")
            .replace("EUR</cbc:Doc", "JPY</cbc:Doc")
            .replacen(">250<", &format!(">{price}<"), 1)
    };
    read(&yen("251.2"));
    assert_eq!(refused(&yen("252.2"))[0].code, "BATON-UBL-007");
}
