//! Deals as UBL 2.1 documents, as a buyer and its suppliers would send them.

use crate::deal::Deal;
use crate::goods::Supplier;
use crate::money::Cents;
use askama::Template;
use jiff::{Span, civil::Date};

/// A document to be sent.
#[derive(Clone, Debug)]
pub struct Document {
    /// The file's name.
    pub name: String,
    /// The document.
    pub xml: String,
}

#[derive(Template)]
#[template(path = "party.xml")]
struct PartyXml<'a> {
    party: Party<'a>,
}

struct Party<'a> {
    name: &'a str,
    scheme: &'a str,
    vat: &'a str,
    street: &'a str,
    city: &'a str,
    postal_code: &'a str,
    country: &'a str,
    contact: Option<(&'a str, &'a str, &'a str)>,
}

#[derive(Template)]
#[template(path = "order.xml")]
struct OrderXml<'a> {
    deal: &'a Deal,
    buyer: &'a str,
    seller: &'a str,
}

#[derive(Template)]
#[template(path = "receipt.xml")]
struct ReceiptXml<'a> {
    deal: &'a Deal,
    buyer: &'a str,
    seller: &'a str,
}

#[derive(Template)]
#[template(path = "invoice.xml")]
struct InvoiceXml<'a> {
    deal: &'a Deal,
    due: Date,
    tax: Cents,
    gross: Cents,
    buyer: &'a str,
    seller: &'a str,
}

#[derive(Template)]
#[template(path = "credit_note.xml")]
struct CreditNoteXml<'a> {
    deal: &'a Deal,
    credits: &'a str,
    tax: Cents,
    gross: Cents,
    buyer: &'a str,
    seller: &'a str,
}

/// The buyer: the sample company.
const BUYER: Party<'_> = Party {
    name: "Linden & Voss GmbH",
    scheme: "9930",
    vat: "DE999000111",
    street: "Speicherweg 14",
    city: "Hamburg",
    postal_code: "20457",
    country: "DE",
    contact: None,
};

/// The documents of a deal in the order they are sent: order, receipt, invoice.
pub fn documents(deal: &Deal) -> Result<[Document; 3], askama::Error> {
    let buyer = PartyXml { party: BUYER }.render()?;
    let seller = PartyXml {
        party: seller(deal.supplier, false),
    }
    .render()?;
    let order = OrderXml {
        deal,
        buyer: &buyer,
        seller: &seller,
    };
    let receipt = ReceiptXml {
        deal,
        buyer: &buyer,
        seller: &seller,
    };
    Ok([
        Document {
            name: format!("order-{}.xml", deal.order),
            xml: order.render()?,
        },
        Document {
            name: format!("receipt-{}.xml", deal.order),
            xml: receipt.render()?,
        },
        invoice(deal)?,
    ])
}

/// The invoice alone, for one that is sent again.
pub(crate) fn invoice(deal: &Deal) -> Result<Document, askama::Error> {
    let tax = deal.net().percent(19);
    let invoice = InvoiceXml {
        deal,
        due: deal.issued.saturating_add(Span::new().days(30)),
        tax,
        gross: deal.net() + tax,
        buyer: &PartyXml { party: BUYER }.render()?,
        seller: &PartyXml {
            party: seller(deal.supplier, true),
        }
        .render()?,
    };
    Ok(Document {
        name: format!("invoice-{}.xml", deal.invoice),
        xml: invoice.render()?,
    })
}

/// A credit note.
pub fn credit_note(deal: &Deal) -> Result<Document, askama::Error> {
    let tax = deal.net().percent(19);
    let note = CreditNoteXml {
        deal,
        credits: deal.credits.as_deref().unwrap_or_default(),
        tax,
        gross: deal.net() + tax,
        buyer: &PartyXml { party: BUYER }.render()?,
        seller: &PartyXml {
            party: seller(deal.supplier, true),
        }
        .render()?,
    };
    Ok(Document {
        name: format!("credit-note-{}.xml", deal.invoice),
        xml: note.render()?,
    })
}

fn seller(supplier: &'static Supplier, contact: bool) -> Party<'static> {
    let (street, postal_code, city) = supplier.address;
    Party {
        name: supplier.name,
        scheme: supplier.scheme,
        vat: supplier.vat,
        street,
        city,
        postal_code,
        country: supplier.country,
        contact: contact.then_some(supplier.contact),
    }
}
