//! The service credits of a card, in either notation: allocations of a category's pool, or allocations of the
//! whole that may sum above 100 %.

use super::Findings;
use super::file::{CategoryEntry, CreditsEntry, LevelEntry};
use super::number::{PRICE_DIGITS, percent, plain};
use crate::Fault;
use crate::card::{CreditLevel, CreditRules, Part};
use baton_model::Decimal;

const PART: &str =
    "part; write a percentage between 0 and 100 with at most two decimals, like \"12 %\"";
const POOL: &str =
    "pool; write a percentage between 0 and 1000 with at most two decimals, like \"200 %\"";
const FACTOR: &str = "multiplier; write digits with a point, at most 100, like \"1.5\"";

/// The rules.
pub(super) fn rules(entry: &CreditsEntry, findings: &mut Findings<'_>) -> Option<CreditRules> {
    findings.unique(
        "category",
        entry.category.iter().map(|category| &category.id),
    );
    findings.unique("level", entry.level.iter().map(|level| &level.id));
    let at_risk = findings.some(percent(entry.at_risk.get_ref(), 100), &entry.at_risk, PART);
    let pools: Vec<Option<Decimal>> = entry
        .category
        .iter()
        .map(|category| findings.some(percent(category.pool.get_ref(), 100), &category.pool, PART))
        .collect();
    let pools: Vec<Decimal> = pools.into_iter().collect::<Option<_>>()?;
    let levels: Vec<_> = entry
        .level
        .iter()
        .map(|level| read_level(entry, level, &pools, findings))
        .collect();
    let levels: Vec<CreditLevel> = levels.into_iter().collect::<Option<_>>()?;
    sums(entry, &pools, &levels, findings);
    let mut multipliers = Vec::new();
    for text in &entry.multipliers {
        let factor =
            plain(text.get_ref(), PRICE_DIGITS).filter(|factor| *factor <= Decimal::ONE_HUNDRED);
        multipliers.push(findings.some(factor, text, FACTOR)?);
    }
    let earn_back = entry.earn_back.as_ref().map(|months| *months.get_ref());
    if let Some(months) = entry
        .earn_back
        .as_ref()
        .filter(|months| !(1..=60).contains(months.get_ref()))
    {
        let what = "number of good months; write one from 1 to 60, or leave earn-back away";
        findings.at(
            months.span(),
            &Fault::Form {
                text: months.get_ref().to_string(),
                what,
            },
        );
    }
    Some(CreditRules {
        at_risk: at_risk?,
        levels,
        multipliers,
        earn_back,
    })
}

fn read_level(
    entry: &CreditsEntry,
    level: &LevelEntry,
    pools: &[Decimal],
    findings: &mut Findings<'_>,
) -> Option<CreditLevel> {
    let (id, name) = (findings.id(&level.id)?, findings.name(&level.name)?);
    let allocation = match &level.allocation {
        Some(text) => Some(findings.some(percent(text.get_ref(), 100), text, PART)?),
        None => None,
    };
    let place = level
        .category
        .as_ref()
        .map(|name| same(&entry.category, name.get_ref()));
    let rule = match (level.critical, allocation, place) {
        (false, None, None) => {
            return Some(CreditLevel {
                id,
                name,
                part: None,
            });
        }
        (false, ..) => {
            "a key level only reports; take allocation and category away, or write critical = true"
        }
        (true, None, _) => {
            "a critical level carries credits; write its allocation, or take critical away"
        }
        (true, Some(_), Some(None)) => {
            "its category is none of the card; add a [[credits.category]], or name another"
        }
        (true, Some(_), None) if !pools.is_empty() => {
            "the card has pools by category; write the level's category"
        }
        (true, Some(allocation), place) => {
            let pool = place
                .flatten()
                .map(|at| (entry.category[at].id.get_ref().clone(), pools[at]));
            return Some(CreditLevel {
                id,
                name,
                part: Some(Part { pool, allocation }),
            });
        }
    };
    findings.at(level.id.span(), &Fault::Level { level: id, rule });
    None
}

fn same(categories: &[CategoryEntry], name: &str) -> Option<usize> {
    categories
        .iter()
        .position(|category| category.id.get_ref() == name)
}

/// Pools sum to 100 % at most, so do the allocations of each; without categories, to the declared pool.
fn sums(
    entry: &CreditsEntry,
    pools: &[Decimal],
    levels: &[CreditLevel],
    findings: &mut Findings<'_>,
) {
    let of = |category: Option<&str>| -> Decimal {
        let parts = levels.iter().filter_map(|level| level.part.as_ref());
        let parts =
            parts.filter(|part| part.pool.as_ref().map(|(name, _)| name.as_str()) == category);
        parts.map(|part| part.allocation).sum()
    };
    let place = entry.at_risk.span();
    if entry.category.is_empty() {
        let declared = match &entry.pool {
            Some(text) => findings.some(percent(text.get_ref(), 1000), text, POOL),
            None => Some(Decimal::ONE),
        };
        let hint = ", or declare the pool they sum to, like pool = \"200 %\"";
        if let Some(most) = declared {
            above("allocations".into(), of(None), most, hint, place, findings);
        }
        return;
    }
    if let Some(pool) = &entry.pool {
        let (level, rule) = (
            "pool".into(),
            "the card has pools by category; take `pool` away, or the categories",
        );
        findings.at(pool.span(), &Fault::Level { level, rule });
    }
    above(
        "pools of categories".into(),
        pools.iter().sum(),
        Decimal::ONE,
        "",
        place,
        findings,
    );
    for category in &entry.category {
        let id = category.id.get_ref();
        let what = format!("allocations of category `{id}`");
        above(
            what,
            of(Some(id)),
            Decimal::ONE,
            "",
            category.id.span(),
            findings,
        );
    }
}

fn above(
    what: String,
    sum: Decimal,
    most: Decimal,
    hint: &'static str,
    place: std::ops::Range<usize>,
    findings: &mut Findings<'_>,
) {
    let percent = |part: Decimal| (part * Decimal::ONE_HUNDRED).normalize().to_string();
    if sum > most {
        findings.at(
            place,
            &Fault::Sum {
                what,
                sum: percent(sum),
                most: percent(most),
                hint,
            },
        );
    }
}
