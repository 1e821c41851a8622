//! What lists and headers show of a case: the fields its pack names, through the mask.

use super::{Listed, Reader, ViewError, text};
use crate::granted::{self, Granted};
use crate::sight;
use baton_access::{Shown, mask, structural};
use baton_journal::setup::Headline;
use baton_model::{LaneId, Masked, Record, Scope, Value};
use std::collections::BTreeMap;

/// A record after the mask.
pub type Fields = BTreeMap<String, Masked<Shown>>;

/// Masks records of one viewer; grants and sight are read once for all the cases of a page.
pub struct Masking<'a> {
    reader: &'a Reader<'a>,
    scope: &'a Scope,
    grants: Granted,
    lanes: BTreeMap<String, Vec<LaneId>>,
}

impl<'a> Masking<'a> {
    /// What is told of an incident. Its words may be another party's; only the client is told those.
    pub fn incident(&self, message: String) -> String {
        if self.scope.client {
            return message;
        }
        "the client has been told what is wrong".into()
    }

    /// The mask of a scope over some cases.
    pub fn of(
        reader: &'a Reader<'a>,
        scope: &'a Scope,
        cases: &[String],
    ) -> Result<Self, ViewError> {
        Ok(Self {
            reader,
            scope,
            grants: granted::grants(reader, scope)?,
            lanes: lanes(reader, scope, cases)?,
        })
    }

    /// A case's record as the viewer may see it. `revealed` is a field whose reveal was just journaled.
    pub fn record(
        &self,
        case: &str,
        record: &Record,
        revealed: Option<&str>,
    ) -> Result<Fields, ViewError> {
        let lanes = self.lanes.get(case).map_or(&[][..], Vec::as_slice);
        let reading = self.grants.reading(self.scope, lanes);
        Ok(mask(
            &reading,
            record,
            &sight::opener(self.reader.app(), &self.scope.tenant),
            revealed,
        ))
    }

    /// The heading of masked fields; the case's id stands in where there is no title.
    pub fn heading(&self, headline: &Headline, fields: &Fields, case: &str) -> Masked<Heading> {
        let shown = |name: &str| {
            fields
                .get(name)
                .map(|field| spoken(field.show()))
                .unwrap_or_default()
        };
        let title = shown(&headline.title);
        let heading = Heading {
            title: if title.is_empty() {
                case.to_string()
            } else {
                title
            },
            about: shown(&headline.about),
            amount: amount(fields.get(&headline.amount)),
            currency: shown(&headline.currency),
            reason: shown(&headline.reason),
        };
        structural(self.scope, heading)
    }
}

/// In which lanes each of some cases is in the sight of the viewer's party.
fn lanes(
    reader: &Reader<'_>,
    scope: &Scope,
    cases: &[String],
) -> Result<BTreeMap<String, Vec<LaneId>>, ViewError> {
    let mut lanes = BTreeMap::<String, Vec<LaneId>>::new();
    for listed in Listed::of(cases) {
        let sql = format!(
            "select distinct case_id, lane from sight where tenant = $1 and party = $2 \
             and case_id in ({}) and lane <> ''",
            listed.places(3)
        );
        for row in reader.rows(&sql, &listed.after(&[scope.party.as_str().into()]))? {
            let lane = LaneId::new(text(&row, 1));
            lanes.entry(text(&row, 0)).or_default().push(lane);
        }
    }
    Ok(lanes)
}

/// The headline of a case, ready to show.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Heading {
    /// What people call it.
    pub title: String,
    /// Whom it is about.
    pub about: String,
    /// The amount at stake.
    pub amount: String,
    /// Its currency.
    pub currency: String,
    /// Why it needs a person.
    pub reason: String,
}

/// A shown value in words.
pub fn spoken(shown: &Shown) -> String {
    match shown {
        Shown::Clear(value) => words(value),
        Shown::Masked { hint, .. } => hint.clone(),
        Shown::Erased => "erased".into(),
        Shown::Unreadable => "unreadable".into(),
    }
}

/// A value in words.
pub fn words(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(true) => "yes".into(),
        Value::Bool(false) => "no".into(),
        Value::Number(number) => number.num.to_string(),
        Value::Text(text) => text.clone(),
        Value::List(items) => items.iter().map(words).collect::<Vec<_>>().join(", "),
        Value::Map(map) => map
            .iter()
            .map(|(name, value)| format!("{name} {}", words(value)))
            .collect::<Vec<_>>()
            .join(", "),
    }
}

/// An amount with thousands apart and at least two digits.
fn amount(field: Option<&Masked<Shown>>) -> String {
    let Some(shown) = field.map(Masked::show) else {
        return String::new();
    };
    match shown.value().and_then(Value::as_number) {
        Some(number) => grouped(&format!("{number:.2}")),
        None => spoken(shown),
    }
}

/// `12406.10` as `12,406.10`.
pub fn grouped(plain: &str) -> String {
    let (sign, digits) = plain
        .strip_prefix('-')
        .map_or(("", plain), |digits| ("−", digits));
    let (whole, rest) = digits
        .split_once('.')
        .map_or((digits, None), |(whole, rest)| (whole, Some(rest)));
    let mut out = String::from(sign);
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    if let Some(rest) = rest {
        out.push('.');
        out.push_str(rest);
    }
    out
}
