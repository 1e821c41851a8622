//! The parties of a document: who sells, who buys, by which names and identifiers.
//!
//! A party here is what the document says; whether it is one that Baton knows is `intake`'s to find.

use super::element::At;

/// An identifier and the scheme that issued it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Identifier {
    /// The scheme's code, like `0088` for a GLN; absent if the sender gave none.
    pub scheme: Option<String>,
    /// The identifier itself.
    pub value: String,
}

impl Identifier {
    pub(super) fn read(at: At<'_, '_>) -> Option<Self> {
        let value = at.own_text()?;
        let scheme = at.attribute("schemeID");
        Some(Self { scheme, value })
    }

    /// `scheme:value`, or the value alone.
    pub fn full(&self) -> String {
        match &self.scheme {
            Some(scheme) => format!("{scheme}:{}", self.value),
            None => self.value.clone(),
        }
    }
}

/// A person or desk at a party. Personal data.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contact {
    /// The person's or desk's name.
    pub name: Option<String>,
    /// Telephone, as written.
    pub phone: Option<String>,
    /// E-mail, as written.
    pub email: Option<String>,
}

impl Contact {
    fn read(at: At<'_, '_>) -> Self {
        Self {
            name: at.text("Name"),
            phone: at.text("Telephone"),
            email: at.text("ElectronicMail"),
        }
    }
}

/// A party as a document names it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Party {
    /// The legal name (BT-27, BT-44), or the trading name where only that is given.
    pub name: String,
    /// The trading name, where both are given.
    pub trading_name: Option<String>,
    /// The VAT identifier (BT-31, BT-48).
    pub vat: Option<String>,
    /// The identifier in a register of companies (BT-30, BT-47).
    pub legal: Option<Identifier>,
    /// The electronic address (BT-34, BT-49).
    pub endpoint: Option<Identifier>,
    /// Other identifiers (BT-29, BT-46).
    pub identifications: Vec<Identifier>,
    /// ISO 3166 code of its country.
    pub country: Option<String>,
    /// Whom to ask.
    pub contact: Contact,
}

impl Party {
    /// What identifies the party in Baton: VAT identifier, else legal identifier, electronic address,
    /// first other identifier, name. VAT comes first because other identifiers are often the buyer's own.
    pub fn id(&self) -> String {
        let identifiers = self.legal.iter().chain(&self.endpoint);
        self.vat
            .clone()
            .or_else(|| {
                identifiers
                    .chain(&self.identifications)
                    .next()
                    .map(Identifier::full)
            })
            .unwrap_or_else(|| self.name.clone())
    }

    /// Whether two documents name the same party: they share the VAT, legal or electronic identifier;
    /// where neither shares a kind of identifier, the same other identifier or name decides.
    pub fn same_as(&self, other: &Party) -> bool {
        let pairs = [
            (&self.vat, &other.vat),
            (&self.legal_full(), &other.legal_full()),
            (&self.endpoint_full(), &other.endpoint_full()),
        ]
        .map(|(mine, theirs)| mine.as_ref().zip(theirs.as_ref()).map(|(a, b)| a == b));
        pairs.into_iter().flatten().next().unwrap_or_else(|| {
            self.name == other.name
                || self
                    .identifications
                    .iter()
                    .any(|id| other.identifications.contains(id))
        })
    }

    fn legal_full(&self) -> Option<String> {
        self.legal.as_ref().map(Identifier::full)
    }

    fn endpoint_full(&self) -> Option<String> {
        self.endpoint.as_ref().map(Identifier::full)
    }

    /// Reads the `Party` inside a role like `AccountingSupplierParty`.
    pub(super) fn read_role(at: At<'_, '_>) -> Option<Self> {
        Self::read(at.need("Party")?)
    }

    /// Reads a `Party` that must have a name or an identifier.
    pub(super) fn read(at: At<'_, '_>) -> Option<Self> {
        let entity = at.many("PartyLegalEntity").next();
        let registered = entity.and_then(|entity| entity.text("RegistrationName"));
        let trading = at.many("PartyName").find_map(|name| name.text("Name"));
        let mut party = Self {
            name: String::new(),
            trading_name: registered.as_ref().and(trading.clone()),
            vat: vat(at),
            legal: entity.and_then(|entity| Identifier::read(entity.one("CompanyID")?)),
            endpoint: at.one("EndpointID").and_then(Identifier::read),
            identifications: identifications(at),
            country: at.text_at(&["PostalAddress", "Country", "IdentificationCode"]),
            contact: at.one("Contact").map(Contact::read).unwrap_or_default(),
        };
        party.name = registered.or(trading).unwrap_or_else(|| party.id());
        if party.name.is_empty() {
            at.missing("PartyLegalEntity/RegistrationName or other name");
            return None;
        }
        Some(party)
    }
}

fn vat(at: At<'_, '_>) -> Option<String> {
    at.many("PartyTaxScheme")
        .find(|tax| tax.text_at(&["TaxScheme", "ID"]).as_deref() == Some("VAT"))
        .and_then(|tax| tax.text("CompanyID"))
}

fn identifications(at: At<'_, '_>) -> Vec<Identifier> {
    at.many("PartyIdentification")
        .filter_map(|identification| Identifier::read(identification.one("ID")?))
        .collect()
}
