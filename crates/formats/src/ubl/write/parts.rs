//! The components that orders and receipt advices share: party, item, price, allowance, reference.

use super::out::Out;
use crate::ubl::{AllowanceCharge, Contact, Identifier, Item, Party, Price};

/// A reference that holds an identifier, if there is one.
pub(super) fn reference(out: &mut Out, name: &str, id: Option<&str>) {
    if let Some(id) = id {
        out.group(name, |out| out.leaf("cbc:ID", id));
    }
}

fn identifier(out: &mut Out, name: &str, id: &Identifier) {
    let scheme = id.scheme.as_deref().map(|scheme| ("schemeID", scheme));
    out.with(name, scheme, &id.value);
}

/// A `cac:Party`.
pub(super) fn party(out: &mut Out, party: &Party) {
    out.group("cac:Party", |out| {
        if let Some(endpoint) = &party.endpoint {
            identifier(out, "cbc:EndpointID", endpoint);
        }
        for id in &party.identifications {
            out.group("cac:PartyIdentification", |out| {
                identifier(out, "cbc:ID", id)
            });
        }
        if let Some(name) = &party.trading_name {
            out.group("cac:PartyName", |out| out.leaf("cbc:Name", name));
        }
        if let Some(country) = &party.country {
            out.group("cac:PostalAddress", |out| {
                out.group("cac:Country", |out| {
                    out.leaf("cbc:IdentificationCode", country)
                });
            });
        }
        if let Some(vat) = &party.vat {
            out.group("cac:PartyTaxScheme", |out| {
                out.leaf("cbc:CompanyID", vat);
                reference(out, "cac:TaxScheme", Some("VAT"));
            });
        }
        out.group("cac:PartyLegalEntity", |out| {
            out.leaf("cbc:RegistrationName", &party.name);
            if let Some(legal) = &party.legal {
                identifier(out, "cbc:CompanyID", legal);
            }
        });
        contact(out, &party.contact);
    });
}

fn contact(out: &mut Out, contact: &Contact) {
    if *contact != Contact::default() {
        out.group("cac:Contact", |out| {
            out.maybe("cbc:Name", contact.name.as_deref());
            out.maybe("cbc:Telephone", contact.phone.as_deref());
            out.maybe("cbc:ElectronicMail", contact.email.as_deref());
        });
    }
}

/// A `cac:AllowanceCharge`.
pub(super) fn allowance_charge(out: &mut Out, entry: &AllowanceCharge, currency: &str) {
    out.group("cac:AllowanceCharge", |out| {
        out.leaf(
            "cbc:ChargeIndicator",
            if entry.charge { "true" } else { "false" },
        );
        out.maybe(
            "cbc:AllowanceChargeReasonCode",
            entry.reason_code.as_deref(),
        );
        out.maybe("cbc:AllowanceChargeReason", entry.reason.as_deref());
        if let Some(percent) = entry.percent {
            out.leaf("cbc:MultiplierFactorNumeric", &percent.to_string());
        }
        out.amount("cbc:Amount", entry.amount, currency);
        if let Some(base) = entry.base {
            out.amount("cbc:BaseAmount", base, currency);
        }
        if entry.tax_category.is_some() || entry.tax_percent.is_some() {
            out.group("cac:TaxCategory", |out| {
                out.maybe("cbc:ID", entry.tax_category.as_deref());
                if let Some(percent) = entry.tax_percent {
                    out.leaf("cbc:Percent", &percent.to_string());
                }
                reference(out, "cac:TaxScheme", Some("VAT"));
            });
        }
    });
}

/// A `cac:Price`.
pub(super) fn price(out: &mut Out, price: &Price, currency: &str) {
    out.group("cac:Price", |out| {
        out.amount("cbc:PriceAmount", price.amount, currency);
        out.quantity(
            "cbc:BaseQuantity",
            price.base_quantity,
            price.base_unit.as_deref(),
        );
    });
}

/// A `cac:Item`.
pub(super) fn item(out: &mut Out, item: &Item) {
    out.group("cac:Item", |out| {
        out.maybe("cbc:Description", item.description.as_deref());
        out.leaf("cbc:Name", &item.name);
        reference(
            out,
            "cac:BuyersItemIdentification",
            item.buyer_id.as_deref(),
        );
        reference(
            out,
            "cac:SellersItemIdentification",
            item.seller_id.as_deref(),
        );
        if let Some(standard) = &item.standard_id {
            out.group("cac:StandardItemIdentification", |out| {
                identifier(out, "cbc:ID", standard)
            });
        }
    });
}
