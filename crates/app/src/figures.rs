//! Scorecards and statements for the terminal of whoever runs Baton, as the client or one party sees
//! them; and a statement as a file that either side can have recomputed.

use crate::recompute::Recomputed;
use crate::views::agreements as agreed;
use crate::views::scorecard::{self, Scorecard};
use crate::views::statement::{self, Statement};
use crate::views::times::{self, CaseTimes};
use crate::views::{Reader, ViewError, int, maybe, text};
use crate::{App, sight};
use baton_journal::store::Row;
use baton_model::{AgreementId, CaseId, Micros, Month, PartyId, Scope, TenantId};
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// What a party sees of a tenant's figures.
pub struct Sight<'a> {
    app: &'a App,
    scope: Scope,
    /// Whether the tenant's data is simulated.
    pub simulated: bool,
}

impl<'a> Sight<'a> {
    /// As a party sees it; as the client does where none is named.
    pub fn of(app: &'a App, tenant: &TenantId, party: Option<PartyId>) -> Result<Self, ViewError> {
        let about = sight::about(app, tenant)?;
        let client = about.client;
        let party = party.unwrap_or_else(|| client.clone());
        let scope = baton_access::party_scope(tenant, &party, party == client);
        Ok(Self {
            app,
            scope,
            simulated: about.simulated,
        })
    }

    /// The scorecard of a month.
    pub fn scorecard(&self, month: Month) -> Result<Scorecard, ViewError> {
        let reader = Reader::of(self.app, &self.scope);
        scorecard::scorecard(&reader, &self.scope, month, self.app.now())
    }

    /// The statement of a month as it is kept; nothing where the agreement does not count then.
    pub fn exported(&self, id: &AgreementId, month: Month) -> Result<Option<Exported>, ViewError> {
        exported(self.app, &self.scope, id, month)
    }
}

/// The times of a case now, for the terminal; nothing where there is no such case.
pub fn clocks(app: &App, tenant: &TenantId, case: &CaseId) -> Result<Option<CaseTimes>, ViewError> {
    let reader = Reader::shell(app, tenant);
    times::times(&reader, &times::book(&reader)?, case, app.now())
}

/// A pause of a case, without its texts, as the terminal prints it.
#[derive(Clone, Debug, Serialize)]
pub struct Paused {
    /// The entry that paused.
    pub n: i64,
    /// The work item.
    pub item: String,
    /// Its lane.
    pub lane: String,
    /// The party that paused.
    pub party: String,
    /// For whom or why, as a code.
    pub reason: String,
    /// The party that is asked, if one is.
    pub asked: Option<String>,
    /// Whether the clock stands still for it: where something was asked.
    pub counts: bool,
    /// Since when.
    pub from: Micros,
    /// Until when.
    pub until: Option<Micros>,
    /// The entry that answered.
    pub answered_by: Option<i64>,
    /// The entry in which the client objects to it.
    pub contested_by: Option<i64>,
}

const PAUSES: &str = "select n, item, lane, party, code, asked, case when text is null then 0 else 1 end, at, \
    until_at, answered_n, contested_n from pause where tenant = $1 and case_id = $2 order by n";

/// The pauses of a case, for the terminal.
pub fn pauses(app: &App, tenant: &TenantId, case: &CaseId) -> Result<Vec<Paused>, ViewError> {
    let rows = Reader::shell(app, tenant).rows(PAUSES, &[case.as_str().into()])?;
    let number = |row: &Row, column: usize| Some(int(row, column)).filter(|number| *number > 0);
    let paused = |row: &Row| Paused {
        n: int(row, 0),
        item: text(row, 1),
        lane: text(row, 2),
        party: text(row, 3),
        reason: text(row, 4),
        asked: maybe(row, 5),
        counts: int(row, 6) == 1,
        from: Micros(int(row, 7)),
        until: number(row, 8).map(Micros),
        answered_by: number(row, 9),
        contested_by: number(row, 10),
    };
    Ok(rows.iter().map(paused).collect())
}

/// The month that runs, in the zone of the tenant's agreements.
pub fn running(app: &App, tenant: &TenantId) -> Result<Month, ViewError> {
    let known = agreed::all(&Reader::shell(app, tenant))?;
    let zone = known
        .first()
        .map_or("UTC", |known| known.set.agreement.zone.as_str());
    Ok(Month::of(app.now(), zone))
}

/// A statement, and the entry up to which it is computed.
#[derive(Debug)]
pub struct Exported {
    /// The statement.
    pub statement: Statement,
    /// The last entry that counts in it.
    pub head: i64,
}

/// How often a statement that moves while it is read is read again.
const TRIES: usize = 20;

/// The statement of a month in sight as it is kept: computed up to exactly the entry that is named, also
/// while work goes on. Nothing where the agreement does not count then.
pub fn exported(
    app: &App,
    scope: &Scope,
    id: &AgreementId,
    month: Month,
) -> Result<Option<Exported>, ViewError> {
    let reader = Reader::of(app, scope);
    let head = || Ok::<_, ViewError>(app.store().head(&scope.tenant)?.n);
    let read = || {
        let found = statement::statement(&reader, scope, id, month)?;
        Ok::<_, ViewError>(found.map(|found| found.statement))
    };
    let (mut n, mut last) = (head()?, read()?);
    for _ in 0..TRIES {
        let Some(statement) = last else {
            return Ok(None);
        };
        let now = head()?;
        if now == n {
            return Ok(Some(Exported { statement, head: n }));
        }
        // Entries came meanwhile. Where they changed nothing of it, it is as of the entry in between.
        let again = read()?;
        if again.as_ref() == Some(&statement) {
            return Ok(Some(Exported {
                statement,
                head: now,
            }));
        }
        (n, last) = (head()?, read()?);
    }
    Err(ViewError::Moving(format!("the statement of {id}")))
}

/// A statement as a file: every figure as text, the entry up to which it was computed, and whether all of
/// it is simulated.
pub fn statement_json(statement: &Statement, head: i64, simulated: bool) -> Value {
    let lines: Vec<Value> = statement.lines.iter().map(|line| {
        json!({
            "line": line.key(), "lane": line.lane, "version": line.version, "rate_card": line.card,
            "quantity": line.quantity, "unit": line.unit.to_string(),
            "amount": line.amount.amount().to_string(), "returned": line.returned,
        })
    })
    .collect();
    json!({
        "agreement": statement.agreement, "month": statement.month, "up_to_entry": head,
        "currency": statement.currency, "lines": lines,
        "total": statement.total.amount().to_string(), "simulated": simulated,
    })
}

/// What of a statement's file differs from the journal, in words; nothing where all is the same.
pub fn differences(file: &Value, again: &Recomputed) -> Vec<String> {
    let text = |name: &str| file.get(name).and_then(Value::as_str).unwrap_or_default();
    let id = AgreementId::new(text("agreement"));
    let Some(month) = Month::parse(text("month")) else {
        return vec![format!("`{}` is no month", text("month"))];
    };
    let Some(statement) = again.statement(&id, month) else {
        return vec![format!(
            "no agreement `{id}` counts in {month} up to entry {}",
            again.n
        )];
    };
    let sound = statement_json(&statement, again.n, again.simulated);
    let mut found = Vec::new();
    let mut file = file.clone();
    if let Some(fields) = file.as_object_mut() {
        // What says nothing says that it is real.
        fields.entry("simulated").or_insert(Value::Bool(false));
    }
    compare("", &file, &sound, &mut found);
    found
}

fn compare(place: &str, file: &Value, sound: &Value, found: &mut Vec<String>) {
    match (file, sound) {
        (Value::Object(file), Value::Object(sound)) => {
            let names: BTreeSet<&String> = file.keys().chain(sound.keys()).collect();
            for name in names {
                let of = |side: &serde_json::Map<String, Value>| {
                    side.get(name).cloned().unwrap_or_default()
                };
                compare(&format!("{place}/{name}"), &of(file), &of(sound), found);
            }
        }
        (Value::Array(file), Value::Array(sound)) if file.len() == sound.len() => {
            for (line, (file, sound)) in file.iter().zip(sound).enumerate() {
                compare(&format!("{place}/{}", line + 1), file, sound, found);
            }
        }
        (file, sound) if file != sound => {
            found.push(format!(
                "{place}: the file says {file}, the journal gives {sound}"
            ));
        }
        _ => {}
    }
}
