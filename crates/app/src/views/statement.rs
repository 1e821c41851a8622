//! The statement of a month and the completed work items behind each of its lines.

use super::agreements::{AgreementSet, in_sight};
use super::scorecard::{own, terms};
use super::{Place, Reader, ViewError, int, maybe, text};
use baton_journal::Datum;
use baton_journal::store::Row;
pub use baton_measure::statement::{Line, Statement, UnitRow, Units};
use baton_measure::statement::{statement as charge, unit_of};
use baton_model::{AgreementId, Decimal, LaneId, Month, Scope};

const DONE: &str = "select agreement, version, lane, rework, returned_month, card, price, count(*) \
    from unit where tenant = $1 and month = $2";
const BACK: &str = "select agreement, version, lane, rework, returned_month, card, price, count(*) \
    from unit where tenant = $1 and returned_month = $2 and month < $2";
const GROUP: &str = " group by agreement, version, lane, rework, returned_month, card, price";

macro_rules! columns {
    () => {
        "item, case_id, number, party, agreement, version, lane, worker, at, month, n, i, rework, \
         returned_at, returned_month, returned_n, returned_i, card, price"
    };
}

const DONE_ROWS: &str = concat!(
    "select ",
    columns!(),
    " from unit where tenant = $1 and month = $2"
);
const BACK_ROWS: &str = concat!(
    "select ",
    columns!(),
    " from unit where tenant = $1 and returned_month = $2 and month < $2"
);

/// What the list of a bot's roles looks like.
pub(super) const BOT: &str = "%\"bot\"%";

/// The units in sight that count in a month, those that count alike together.
pub(super) fn units_of(
    reader: &Reader<'_>,
    scope: &Scope,
    month: &str,
) -> Result<Vec<Units>, ViewError> {
    let mut units = Vec::new();
    for (sql, earlier) in [(DONE, false), (BACK, true)] {
        let mut with: Vec<Datum> = vec![month.into()];
        let sql = own(scope, sql, &mut with) + GROUP;
        let rows = reader.rows(&sql, &with)?;
        units.extend(rows.iter().map(|row| group(row, month, earlier)));
    }
    Ok(units)
}

fn group(row: &Row, month: &str, earlier: bool) -> Units {
    Units {
        agreement: AgreementId::new(text(row, 0)),
        version: u32::try_from(int(row, 1)).unwrap_or_default(),
        lane: LaneId::new(text(row, 2)),
        rework: int(row, 3) == 1,
        returned: text(row, 4) == month,
        earlier,
        card: maybe(row, 5),
        price: maybe(row, 6).and_then(|price| price.parse().ok()),
        count: int(row, 7).unsigned_abs(),
    }
}

/// A statement with the versions of the agreement that count in its month.
#[derive(Debug)]
pub struct Charged {
    /// The versions.
    pub terms: Vec<AgreementSet>,
    /// The statement.
    pub statement: Statement,
}

/// The statement of a month under an agreement in sight; nothing where it does not count then.
pub fn statement(
    reader: &Reader<'_>,
    scope: &Scope,
    agreement: &AgreementId,
    month: Month,
) -> Result<Option<Charged>, ViewError> {
    let known = in_sight(reader, scope)?;
    let terms = terms(&known, month);
    let Some(terms) = terms.get(agreement) else {
        return Ok(None);
    };
    let units = units_of(reader, scope, &month.to_string())?;
    let statement = charge(terms, &units, month).ok_or_else(|| ViewError::Unsound {
        what: format!("the statement of {agreement}"),
        reason: "an amount is out of range".into(),
    })?;
    Ok(Some(Charged {
        terms: terms.iter().copied().cloned().collect(),
        statement,
    }))
}

/// Which completed work items are asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// Under this agreement.
    pub agreement: Option<AgreementId>,
    /// In this lane.
    pub lane: Option<LaneId>,
    /// At the price of this version.
    pub version: Option<u32>,
    /// By bots alone, or by people alone.
    pub bots: Option<bool>,
    /// `completed`, `accepted`, `returned`, `rework`, `met` and `missed` the first time, or
    /// `correction`: completed before and returned in the month.
    pub of: String,
}

/// A page of completed work items.
#[derive(Debug)]
pub struct UnitPage {
    /// The rows.
    pub rows: Vec<UnitRow>,
    /// How many there are.
    pub total: usize,
}

/// The completed work items behind a number, the latest first.
pub fn rows(
    reader: &Reader<'_>,
    scope: &Scope,
    month: Month,
    asked: &Asked,
    (skip, limit): (usize, usize),
) -> Result<UnitPage, ViewError> {
    let (sql, with) = asked.query(scope, month);
    let count = sql.replacen(columns!(), "count(*)", 1);
    let total = reader.rows(&count, &with)?;
    let total = total.first().map(|row| int(row, 0)).unwrap_or_default();
    let order = asked.order();
    let sql = format!("{sql} order by {order} desc, item desc limit {limit} offset {skip}");
    Ok(UnitPage {
        rows: units(&reader.rows(&sql, &with)?)?,
        total: total.unsigned_abs() as usize,
    })
}

/// The same after a place.
pub fn rows_after(
    reader: &Reader<'_>,
    scope: &Scope,
    month: Month,
    asked: &Asked,
    after: Option<&Place>,
    limit: usize,
) -> Result<UnitPage, ViewError> {
    let (mut sql, mut with) = asked.query(scope, month);
    let count = sql.replacen(columns!(), "count(*)", 1);
    let total = reader.rows(&count, &with)?;
    let total = total.first().map(|row| int(row, 0)).unwrap_or_default();
    let order = asked.order();
    if let Some(after) = after {
        sql += &after.condition(order, "item", &mut with);
    }
    let sql = format!("{sql} order by {order} desc, item desc limit {limit}");
    Ok(UnitPage {
        rows: units(&reader.rows(&sql, &with)?)?,
        total: total.unsigned_abs() as usize,
    })
}

fn units(rows: &[Row]) -> Result<Vec<UnitRow>, ViewError> {
    let unsound = || ViewError::Unsound {
        what: "a completed work item".into(),
        reason: "a row is not as declared".into(),
    };
    rows.iter()
        .map(|row| unit_of(row).ok_or_else(unsound))
        .collect()
}

/// What all rows asked for are charged together: the database counts them by price.
pub fn sum(
    reader: &Reader<'_>,
    scope: &Scope,
    month: Month,
    asked: &Asked,
) -> Result<Decimal, ViewError> {
    let (sql, with) = asked.query(scope, month);
    let back = asked.of == "correction";
    // What was returned in the month it was done in is not charged; what was returned later is taken back.
    let charged = if back {
        ""
    } else {
        " and coalesce(returned_month, '') <> $2"
    };
    let sql = sql.replacen(columns!(), "price, count(*)", 1);
    let rows = reader.rows(&format!("{sql}{charged} group by price"), &with)?;
    let priced = rows.iter().map(|row| {
        let price: Decimal = text(row, 0).parse().unwrap_or_default();
        price * Decimal::from(int(row, 1))
    });
    let sum: Decimal = priced.sum();
    Ok(if back { -sum } else { sum })
}

impl Asked {
    /// The column by which the rows go.
    fn order(&self) -> &'static str {
        match self.of.as_str() {
            "correction" => "returned_at",
            _ => "at",
        }
    }

    /// A unit's place in the list.
    pub fn place(&self, unit: &UnitRow) -> Place {
        let returned = unit.returned_at.filter(|_| self.of == "correction");
        Place {
            at: returned.unwrap_or(unit.at),
            id: unit.item.to_string(),
        }
    }

    /// The rows in sight that are asked for, without their order.
    fn query(&self, scope: &Scope, month: Month) -> (String, Vec<Datum>) {
        let mut with: Vec<Datum> = vec![month.to_string().into()];
        let base = match self.of.as_str() {
            "correction" => BACK_ROWS,
            _ => DONE_ROWS,
        };
        let mut sql = own(scope, base, &mut with);
        sql += match self.of.as_str() {
            "accepted" => " and coalesce(returned_month, '') <> $2",
            "returned" => " and returned_month = $2",
            "rework" => " and rework = 1",
            "met" => " and rework = 0 and coalesce(returned_month, '') <> $2",
            "missed" => " and not (rework = 0 and coalesce(returned_month, '') <> $2)",
            _ => "",
        };
        if let Some(bots) = self.bots {
            with.push(BOT.into());
            sql += &format!(
                " and {}exists (select 1 from worker w where w.tenant = unit.tenant \
             and w.worker = unit.worker and w.roles like ${})",
                if bots { "" } else { "not " },
                with.len() + 1
            );
        }
        self.narrow(&mut sql, &mut with);
        (sql, with)
    }

    fn narrow(&self, sql: &mut String, with: &mut Vec<Datum>) {
        let version = self.version.map(|version| i64::from(version).into());
        let values: [(&str, Option<Datum>); 3] = [
            (
                "agreement",
                self.agreement.as_ref().map(|id| id.as_str().into()),
            ),
            ("lane", self.lane.as_ref().map(|lane| lane.as_str().into())),
            ("version", version),
        ];
        for (column, value) in values {
            if let Some(value) = value {
                with.push(value);
                *sql += &format!(" and {column} = ${}", with.len() + 1);
            }
        }
    }
}
