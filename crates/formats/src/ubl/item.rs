//! What a line is about, and what one of it costs.

use super::Identifier;
use super::element::At;
use baton_model::Currency;
use rust_decimal::Decimal;

/// The goods or service of a line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Item {
    /// Its name (BT-153); its description where it has no name.
    pub name: String,
    /// More about it.
    pub description: Option<String>,
    /// The seller's identifier.
    pub seller_id: Option<String>,
    /// The buyer's identifier.
    pub buyer_id: Option<String>,
    /// A registered identifier, like a GTIN.
    pub standard_id: Option<Identifier>,
}

impl Item {
    /// The identifier to show: the seller's, else the registered one, else the buyer's.
    pub fn id(&self) -> Option<&str> {
        let standard = self.standard_id.as_ref().map(|id| id.value.as_str());
        self.seller_id
            .as_deref()
            .or(standard)
            .or(self.buyer_id.as_deref())
    }

    /// Whether two documents mean the same item: they share an identifier of one kind, or, where no
    /// kind is given on both sides, the name.
    pub fn same_as(&self, other: &Item) -> bool {
        let standard = |item: &Item| item.standard_id.as_ref().map(Identifier::full);
        let pairs = [
            (self.seller_id.clone(), other.seller_id.clone()),
            (standard(self), standard(other)),
            (self.buyer_id.clone(), other.buyer_id.clone()),
        ];
        let mut known = pairs
            .into_iter()
            .filter_map(|(mine, theirs)| Some(mine? == theirs?));
        match known.next() {
            Some(first) => first || known.any(|same| same),
            None => self.name == other.name,
        }
    }

    /// Reads the `Item` of a line; it must have a name or a description.
    pub(super) fn read(at: At<'_, '_>) -> Option<Self> {
        let description = at.texts("Description");
        let Some(name) = at.text("Name").or_else(|| description.clone()) else {
            at.missing("Name");
            return None;
        };
        Some(Self {
            name,
            description,
            seller_id: at.text_at(&["SellersItemIdentification", "ID"]),
            buyer_id: at.text_at(&["BuyersItemIdentification", "ID"]),
            standard_id: at
                .find(&["StandardItemIdentification", "ID"])
                .and_then(Identifier::read),
        })
    }
}

/// A price: an amount for a number of units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Price {
    /// The net price (BT-146) of `base_quantity` units, in the document's currency.
    pub amount: Decimal,
    /// How many units the amount is for (BT-149); 1 where not given. Never zero.
    pub base_quantity: Decimal,
    /// The unit of the base quantity, where given.
    pub base_unit: Option<String>,
}

impl Price {
    /// The price of one unit; nothing if it does not fit a decimal.
    pub fn per_unit(&self) -> Option<Decimal> {
        self.amount.checked_div(self.base_quantity)
    }

    /// What a quantity costs; nothing if it does not fit a decimal.
    pub fn of(&self, quantity: Decimal) -> Option<Decimal> {
        quantity
            .checked_mul(self.amount)?
            .checked_div(self.base_quantity)
    }

    /// Reads a `Price`; a base quantity of zero is refused.
    pub(super) fn read(at: At<'_, '_>, currency: Currency) -> Option<Self> {
        let amount = at.need_amount("PriceAmount", currency);
        let base = at.one("BaseQuantity");
        let base_quantity = base.and_then(At::own_decimal).unwrap_or(Decimal::ONE);
        if let Some(base) = base.filter(|_| base_quantity.is_zero()) {
            base.refuse(super::Fault::Unreadable {
                name: "BaseQuantity".into(),
                value: "0".into(),
                why: "no number of units a price can be for; write 1 or more",
            });
            return None;
        }
        Some(Self {
            amount: amount?,
            base_quantity,
            base_unit: base.and_then(|base| base.attribute("unitCode")),
        })
    }
}
