//! The program with its journal in PostgreSQL: it founds, takes in, serves and verifies there, goes on
//! when the server was away, and tells its password to nobody.

mod support;

use baton_postgres_tests::{Database, PASSWORD, database};
use std::process::Output;
use support::house::packs_folder;
use support::{Server, Temporary, baton_on, free_address, link_on, run_on, sign_in};

/// A database and a data folder with a tenant in them.
fn founded(temporary: &Temporary) -> (Database, String, String) {
    let database = database();
    let (store, data) = (database.address(), temporary.join("data"));
    let init = ["init", "--pack", "purchase-to-pay", "--data", &data];
    run_on(Some(&store), &init, 0);
    (database, store, data)
}

/// What the program says, and its exit code.
fn said(store: &str, arguments: &[&str]) -> (String, Option<i32>) {
    let output: Output = baton_on(Some(store))
        .args(arguments)
        .env("BATON_LOG", "trace")
        .output()
        .expect("the program starts");
    let texts = [&output.stdout, &output.stderr].map(|text| String::from_utf8_lossy(text));
    (texts.concat(), output.status.code())
}

#[test]
fn everything_of_an_installation_but_the_journal_is_in_the_data_folder() {
    let temporary = Temporary::new("postgres");
    let (database, store, data) = founded(&temporary);
    let sample = packs_folder().join("purchase-to-pay/sample/1-orders");
    let import = ["import", "--data", &data, &sample.display().to_string()];
    run_on(Some(&store), &import, 0);
    assert!(!temporary.path().join("data/journal.db").exists());
    assert!(temporary.path().join("data/keys/root.key").exists());
    let entries: usize = database
        .sql("select count(*) from entry")
        .parse()
        .expect("a number");
    assert!(entries > 10, "{entries}");
    // Who verifies needs neither keys nor the data folder.
    let elsewhere = temporary.join("elsewhere");
    let out = run_on(Some(&store), &["verify", "--data", &elsewhere], 0);
    assert!(out.contains("everything holds"), "{out}");
    database.sql("update lane set party = 'TO' where lane = 'pay'");
    let out = run_on(Some(&store), &["verify", "--data", &elsewhere], 1);
    assert!(out.contains("BROKEN      view lane"), "{out}");
    database.sql("update entry set bytes = bytes || 'x'::bytea where n = 3");
    let out = run_on(Some(&store), &["verify", "--data", &elsewhere], 1);
    assert!(out.contains("BROKEN") && out.contains("entry 3"), "{out}");
}

#[test]
fn what_is_missing_is_said() {
    let temporary = Temporary::new("postgres-missing");
    let (_, store, data) = founded(&temporary);
    for (store, arguments, words) in [
        (&store, ["verify", "--data", &data], None),
        (
            &store,
            ["documents", "--data", "nowhere"],
            Some("there are no keys in nowhere/keys"),
        ),
        (
            &database().address(),
            ["verify", "--data", &data],
            Some("there is no journal in"),
        ),
    ] {
        let (out, code) = said(store, &arguments);
        assert_eq!(code, Some(if words.is_some() { 3 } else { 0 }), "{out}");
        assert!(out.contains(words.unwrap_or("everything holds")), "{out}");
    }
    let init = [
        "init",
        "--pack",
        "purchase-to-pay",
        "--data",
        &temporary.join("other"),
    ];
    let (out, code) = said(&store, &init);
    assert!(
        code == Some(3) && out.contains("already has a journal"),
        "{out}"
    );
    assert!(!temporary.path().join("other").exists());
}

#[test]
fn the_password_is_told_to_nobody() {
    let temporary = Temporary::new("postgres-password");
    let (_, store, data) = founded(&temporary);
    let secret = &PASSWORD[..6];
    assert!(store.contains(secret));
    let nowhere = store.replace("127.0.0.1", "192.0.2.1");
    let away = store.replacen("/test_", "/nothing_", 1);
    let written_wrong = store.replace("%40", "@");
    for store in [
        &store,
        &nowhere,
        &away,
        &written_wrong,
        &format!("x{store}"),
    ] {
        for arguments in [
            ["verify", "--data", &data].as_slice(),
            &["documents", "--data", &data],
            &["serve", "--help"],
            &["verify", "--data", &data, "--store", store],
            &["verify", "--store", store, "--nonsense"],
        ] {
            let (out, _) = said(store, arguments);
            assert!(!out.contains(secret), "{arguments:?}: {out}");
            assert!(
                !out.contains("of:the") && !out.contains("of%3Athe"),
                "{arguments:?}: {out}"
            );
        }
    }
}

#[test]
fn pages_are_there_again_when_the_server_was_away() {
    let temporary = Temporary::new("postgres-away");
    let (database, store, data) = founded(&temporary);
    let token = link_on(Some(&store), &data, "tom.harms");
    let server = Server::start_on(Some(&store), &data, free_address());
    let session = sign_in(server.address, &token);
    for page in ["/work", "/cases", "/journal", "/documents/refused"] {
        let answer = server.get(page, Some(&session)).expect("an answer");
        assert_eq!(answer.status, 200, "{page}: {answer:?}");
        database.break_connections();
    }
    let sample = packs_folder().join("purchase-to-pay/sample/1-orders/4500-7702-brixner.xml");
    let file = (
        String::from("order.xml"),
        std::fs::read(sample).expect("a sample"),
    );
    database.break_connections();
    let answer = server
        .upload(&session, "after", &[file])
        .expect("an answer");
    assert_eq!(answer.status, 200, "{answer:?}");
}
