//! Checks of views and queries: rows written with the entries, read under a sight, kept and rebuilt.

use super::subject::{ITEM, Journal, SIGHT, delete, item, put};
use super::{Departure, Open, holds, same};
use baton_journal::store::StoreError;
use baton_journal::{Column, Datum, View};

pub(super) fn put_and_delete(open: Open<'_>) -> Result<(), Departure> {
    let mut journal = Journal::open(open, "put", "a")?;
    let name = |number: i64| format!("{number:03}");
    let many = (0..45).map(|n| put(&ITEM, item(&name(n), "KS", n)));
    journal.change(many.collect())?;
    let odd = vec!["ö".into(), Datum::Null, Datum::Int(i64::MIN), Datum::Null];
    journal.change(vec![
        put(&ITEM, item("000", "TO", -1)),
        delete(&ITEM, &["001"]),
        put(&ITEM, item("002", "TO", 1)),
        delete(&ITEM, &["002"]),
        delete(&ITEM, &["003"]),
        put(&ITEM, item("003", "TO", 3)),
        delete(&ITEM, &["never there"]),
        put(&ITEM, odd.clone()),
        put(&SIGHT, vec!["w".into(), "000".into()]),
        put(&SIGHT, vec!["w".into(), "000".into()]),
    ])?;
    let mut expected = vec![item("000", "TO", -1), item("003", "TO", 3)];
    expected.extend((4..45).map(|n| item(&name(n), "KS", n)));
    expected.push(odd);
    same(
        "rows",
        journal.store.view_rows(&journal.tenant, &ITEM)?,
        expected,
    )?;
    journal.change(vec![put(&SIGHT, vec!["w".into(), "000".into()])])?;
    let sights = journal.store.view_rows(&journal.tenant, &SIGHT)?;
    same("rows that are only a key", sights.len(), 1)?;
    let mut other = Journal::open(open, "put", "b")?;
    other.change(vec![
        put(&ITEM, item("000", "DL", 0)),
        delete(&ITEM, &["003"]),
    ])?;
    let rows = journal.store.view_rows(&journal.tenant, &ITEM)?;
    same(
        "another tenant's rows",
        rows[..2].to_vec(),
        vec![item("000", "TO", -1), item("003", "TO", 3)],
    )
}

/// Every text is kept as it is, and texts sort by their bytes, not by a language.
pub(super) fn odd_texts(open: Open<'_>) -> Result<(), Departure> {
    let mut journal = Journal::open(open, "odd", "a")?;
    let texts = [
        "",
        "\0",
        "\u{1}",
        "\u{1}0",
        " ",
        "%_\\'\"",
        "Z",
        "Zz",
        "a",
        "a\0b",
        "z",
        "~",
        "Ö",
        "ö",
        "\u{10ffff}",
    ];
    let rows = texts.map(|text| vec![text.into(), text.into(), 1.into(), Datum::Null]);
    let put_all = rows.iter().rev().map(|row| put(&ITEM, row.clone()));
    journal.change(put_all.collect())?;
    let found = journal.store.view_rows(&journal.tenant, &ITEM)?;
    same("odd texts", found, rows.to_vec())?;
    let sql = "select party from conformance_item where tenant = $1 and item = $2 and party > $3";
    for pair in texts.windows(2) {
        let parameters = ["a".into(), pair[1].into(), pair[0].into()];
        let found = journal.store.read(sql, &parameters)?;
        same("an odd text asked for", found, vec![vec![pair[1].into()]])?;
    }
    journal.change(vec![delete(&ITEM, &["a\0b"])])?;
    let found = journal.store.view_rows(&journal.tenant, &ITEM)?;
    same("after one was deleted", found.len(), texts.len() - 1)
}

pub(super) fn queries(open: Open<'_>) -> Result<(), Departure> {
    let mut journal = Journal::open(open, "queries", "a")?;
    let mut changes: Vec<_> = (0..20)
        .map(|n| put(&ITEM, item(&n.to_string(), "KS", n)))
        .collect();
    changes.extend(["3", "5", "19"].map(|seen| put(&SIGHT, vec!["mila".into(), seen.into()])));
    changes.push(put(&SIGHT, vec!["jan".into(), "4".into()]));
    journal.change(changes)?;
    let sql = "select i.item, i.due from conformance_sight s
               join conformance_item i on i.tenant = s.tenant and i.item = s.item
               where s.tenant = $1 and s.worker = $2 and i.due > $3 order by i.due";
    let parameters = ["a".into(), "mila".into(), Datum::Int(3)];
    let rows = journal.store.read(sql, &parameters)?;
    let expected = vec![
        vec!["5".into(), Datum::Int(5)],
        vec!["19".into(), Datum::Int(19)],
    ];
    same("rows in sight", rows, expected)?;
    let twice = "select $1, $2, $1";
    let row = journal.store.read(twice, &[Datum::Int(1), "two".into()])?;
    same(
        "a parameter twice",
        row,
        vec![vec![1.into(), "two".into(), 1.into()]],
    )?;
    let unsound: [(&str, &[Datum]); 3] = [
        ("select $2, $1", &[Datum::Null, Datum::Null]),
        ("select $1", &[]),
        ("select ?", &[Datum::Null]),
    ];
    for (sql, parameters) in unsound {
        let refused = journal.store.read(sql, parameters);
        holds(sql, matches!(refused, Err(StoreError::Unsound { .. })))?;
    }
    holds(
        "nonsense is refused",
        journal.store.read("select", &[]).is_err(),
    )?;
    let erasing = journal.store.read("delete from conformance_item", &[]);
    holds("a query that writes is refused", erasing.is_err())?;
    let rows = journal.store.view_rows(&journal.tenant, &ITEM)?;
    same("rows after a query that writes", rows.len(), 20)
}

pub(super) fn opened_again(open: Open<'_>) -> Result<(), Departure> {
    let mut journal = Journal::open(open, "again", "a")?;
    journal.commit(&journal.batch(30))?;
    journal.change(vec![put(&ITEM, item("1", "KS", 1))])?;
    let head = journal.head.clone();
    drop(journal);
    let mut journal = Journal::open(open, "again", "a")?;
    same("the head", journal.head.clone(), head)?;
    let rows = journal.store.view_rows(&journal.tenant, &ITEM)?;
    same("rows", rows, vec![item("1", "KS", 1)])?;
    journal.commit(&journal.batch(1))?;
    journal.unchanged()
}

/// The rows' meaning changed, their columns did not.
const MEANT_OTHERWISE: View = View { version: 2, ..ITEM };

/// The columns changed.
const OTHER_COLUMNS: View = View {
    version: 3,
    columns: &[Column::text("item"), Column::int("size")],
    indexes: &[&["size"]],
    ..ITEM
};

/// A view that older data folders do not have.
const NEW: View = View {
    name: "conformance_new",
    ..SIGHT
};

/// A view whose columns changed is stale until it was rebuilt for every tenant.
pub(super) fn versions(open: Open<'_>) -> Result<(), Departure> {
    for tenant in ["a", "b"] {
        let mut journal = Journal::open(open, "versions", tenant)?;
        journal.change(vec![put(&ITEM, item("1", "KS", 1))])?;
    }
    rebuilt(open, &MEANT_OTHERWISE, &item("9", "KS", 9))?;
    rebuilt(open, &OTHER_COLUMNS, &["9".into(), 9.into()])?;
    let stale = open("versions")?.prepare(&[OTHER_COLUMNS, NEW])?;
    same("a new view", stale, vec![NEW.name])
}

fn rebuilt(open: Open<'_>, view: &View, row: &[Datum]) -> Result<(), Departure> {
    let stale = vec![view.name];
    same(
        "stale",
        open("versions")?.prepare(&[*view, SIGHT])?,
        stale.clone(),
    )?;
    let store = open("versions")?;
    same(
        "still stale",
        store.prepare(&[*view, SIGHT])?,
        stale.clone(),
    )?;
    let [first, second] = store
        .tenants()?
        .try_into()
        .unwrap_or_else(|_| ["", ""].map(baton_model::TenantId::new));
    store.replace_view(&first, view, &mut [row.to_owned()].into_iter())?;
    same(
        "stale for another tenant",
        store.prepare(&[*view, SIGHT])?,
        stale,
    )?;
    store.replace_view(&second, view, &mut [row.to_owned()].into_iter())?;
    same("rebuilt", store.prepare(&[*view, SIGHT])?, Vec::new())?;
    same("rows", store.view_rows(&first, view)?, vec![row.to_owned()])
}
