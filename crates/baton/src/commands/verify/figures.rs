//! Levels and statements recomputed from the journal alone, printed to the microsecond and the cent, and
//! compared with statements that were exported.

use crate::commands::statement::{mark, print_statement};
use crate::failure::Failure;
use baton_app::figures::differences;
use baton_app::recompute::Recomputed;
use baton_journal::store::Store;
use baton_model::{Month, TenantId};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub(super) fn month(text: &str) -> Result<Month, String> {
    Month::parse(text).ok_or_else(|| "write a month like 2026-11".into())
}

/// Prints a month's figures and compares files; whether all files hold.
pub(super) fn check(
    store: &Arc<dyn Store>,
    tenant: &TenantId,
    month: Option<Month>,
    files: &[PathBuf],
) -> Result<bool, Failure> {
    let all = Recomputed::of(store, tenant, None)?;
    print(&all, month.unwrap_or_else(|| Month::of(all.at, "UTC")));
    let mut holds = true;
    for path in files {
        holds &= file(store, tenant, path)?;
    }
    Ok(holds)
}

fn print(all: &Recomputed, month: Month) {
    mark(all.simulated);
    for score in all.scores(month, all.at) {
        let tally = &score.tally;
        println!(
            "  recomputed  {} {} {month}: met {} of {}, {} us past target",
            score.set.agreement.id,
            score.level.id,
            tally.met,
            tally.due(),
            tally.over.0
        );
    }
    for id in all.agreements(month) {
        let statement = all.statement(&id, month);
        statement
            .iter()
            .filter(|found| !found.lines.is_empty())
            .for_each(print_statement);
    }
}

fn file(store: &Arc<dyn Store>, tenant: &TenantId, path: &Path) -> Result<bool, Failure> {
    let name = path.display();
    let text = std::fs::read_to_string(path).map_err(Failure::io(path))?;
    let file: Value = serde_json::from_str(&text)
        .map_err(|error| Failure::Said(format!("{name}: it is no statement's file: {error}")))?;
    let n = file.get("up_to_entry").and_then(Value::as_i64);
    let n = n.ok_or_else(|| Failure::Said(format!("{name}: it does not say up to which entry")))?;
    let again = Recomputed::of(store, tenant, Some(n))?;
    let different = differences(&file, &again);
    match different.as_slice() {
        [] => println!("  statement   {name}: same as entries 1 to {n} give, to the cent"),
        different => different
            .iter()
            .for_each(|said| println!("  BROKEN      {name}: {said}")),
    }
    Ok(different.is_empty())
}
