//! What `baton verify` finds, and what erasing leaves. A forger here has the whole data folder and may
//! write the database; what the chain alone cannot show, a checkpoint kept elsewhere does.

#![allow(
    clippy::print_stdout,
    reason = "what was found is the point of the test"
)]

#[path = "../../access/tests/canary/mod.rs"]
mod canary;
mod support;

use baton_journal::chain;
use rusqlite::{Connection, params};
use std::path::Path;
use support::house::packs_folder;
use support::{Server, Temporary, free_address, link, request, run, sign_in, upload};

const CASE: [&str; 3] = [
    "sample/1-orders/4500-7731-brixner.xml",
    "sample/2-receipts/4500-7731-brixner.xml",
    "sample/3-invoices/INV-20419-brixner.xml",
];

fn sample(file: &str) -> String {
    packs_folder()
        .join("purchase-to-pay")
        .join(file)
        .display()
        .to_string()
}

/// A data folder with a few documents in it, and a checkpoint of it kept elsewhere.
fn kept(temporary: &Temporary) -> (String, String) {
    let (data, note) = (
        temporary.join("data"),
        temporary.join("kept-elsewhere.note"),
    );
    run(&["init", "--pack", "purchase-to-pay", "--data", &data], 0);
    let files = CASE.map(sample);
    let mut arguments = vec!["import", "--data", &data];
    arguments.extend(files.iter().map(String::as_str));
    run(&arguments, 0);
    run(&["checkpoint", "--data", &data, "--out", &note], 0);
    (data, note)
}

fn database(data: &str) -> Connection {
    Connection::open(Path::new(data).join("journal.db")).expect("the database")
}

/// The stored entries of the journal: number, bytes, chain.
fn stored(database: &Connection) -> Vec<(i64, Vec<u8>, Vec<u8>)> {
    let mut statement = database
        .prepare("select n, bytes, chain from entry order by n")
        .expect("a statement");
    let rows = statement
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .expect("rows");
    rows.map(|row| row.expect("a row")).collect()
}

/// The entry that decided the lines, and its bytes with the rule's note forged to a wider tolerance.
fn forged(database: &Connection) -> (i64, Vec<u8>) {
    let (n, bytes, _) = stored(database)
        .pop()
        .expect("the last entry is the invoice's");
    let text = String::from_utf8(bytes).expect("JSON");
    assert!(
        text.contains("not yet invoiced, within 2 %"),
        "the rule that fired is in the event"
    );
    (
        n,
        text.replace(
            "not yet invoiced, within 2 %",
            "not yet invoiced, within 9 %",
        )
        .into_bytes(),
    )
}

/// Writes the chain anew over what the entries hold now, as a careful forger would.
fn rehash(database: &Connection) {
    let mut link = chain::START;
    for (n, bytes, _) in stored(database) {
        link = chain::next(&link, &bytes);
        database
            .execute(
                "update entry set chain = ?1 where n = ?2",
                params![link.to_vec(), n],
            )
            .expect("written");
    }
    database
        .execute("update head set chain = ?1", params![link.to_vec()])
        .expect("written");
}

#[test]
fn everything_holds_with_and_without_a_checkpoint() {
    let temporary = Temporary::new("holds");
    let (data, note) = kept(&temporary);
    assert!(run(&["verify", "--data", &data], 0).contains("everything holds"));
    assert!(
        run(&["verify", "--data", &data, "--checkpoint", &note], 0).contains("everything holds")
    );
    // The journal grows; the old checkpoint still leads to it.
    run(
        &[
            "import",
            "--data",
            &data,
            &sample("sample/3-invoices/INV-20388-brixner.xml"),
        ],
        0,
    );
    let out = run(&["verify", "--data", &data, "--checkpoint", &note], 0);
    assert!(out.contains("everything holds"), "{out}");
}

#[test]
fn a_changed_byte_is_found_wherever_it_is() {
    let temporary = Temporary::new("byte");
    let (data, _) = kept(&temporary);
    let entries = stored(&database(&data));
    let mut found = 0;
    // The first, a middle and the last entry; the first, a middle and the last byte of each.
    for at in [0, entries.len() / 2, entries.len() - 1] {
        let (n, bytes, _) = &entries[at];
        for place in [0, bytes.len() / 2, bytes.len() - 1] {
            let mut changed = bytes.clone();
            changed[place] ^= 1;
            let database = database(&data);
            database
                .execute(
                    "update entry set bytes = ?1 where n = ?2",
                    params![changed, n],
                )
                .expect("written");
            drop(database);
            let out = run(&["verify", "--data", &data], 1);
            let named = out
                .lines()
                .any(|line| line.contains("BROKEN") && line.contains(&format!("entry {n}")));
            assert!(named, "entry {n}, byte {place}: {out}");
            self::database(&data)
                .execute(
                    "update entry set bytes = ?1 where n = ?2",
                    params![bytes, n],
                )
                .expect("back");
            found += 1;
        }
    }
    assert!(run(&["verify", "--data", &data], 0).contains("everything holds"));
    println!("{found} changed bytes, each found and its entry named");
}

#[test]
fn a_changed_row_of_a_view_is_found() {
    let temporary = Temporary::new("view");
    let (data, _) = kept(&temporary);
    let changed = database(&data)
        .execute("update lane set party = 'TO' where lane = 'pay'", [])
        .expect("written");
    assert_eq!(changed, 1);
    let out = run(&["verify", "--data", &data], 1);
    assert!(out.contains("BROKEN      view lane"), "{out}");
}

#[test]
fn an_edited_and_rehashed_chain_is_found_against_a_checkpoint_and_by_nothing_else() {
    let temporary = Temporary::new("rehash");
    let (data, note) = kept(&temporary);
    {
        let database = database(&data);
        let (n, bytes) = forged(&database);
        database
            .execute(
                "update entry set bytes = ?1 where n = ?2",
                params![bytes, n],
            )
            .expect("written");
        rehash(&database);
    }
    let alone = run(&["verify", "--data", &data], 0);
    assert!(alone.contains("no checkpoint to compare with"), "{alone}");
    let out = run(&["verify", "--data", &data, "--checkpoint", &note], 1);
    assert!(
        out.contains("BROKEN") && out.contains("does NOT hold"),
        "{out}"
    );
    println!("edited and re-hashed: {}", finding(&out));
}

#[test]
fn a_cut_tail_is_found_against_a_checkpoint_and_by_nothing_else() {
    let temporary = Temporary::new("tail");
    let (data, note) = kept(&temporary);
    {
        let database = database(&data);
        let entries = stored(&database);
        let (n, _, link) = &entries[entries.len() - 2];
        let at: i64 = database
            .query_row("select at from entry where n = ?1", [n], |row| row.get(0))
            .expect("at");
        for table in ["entry", "entry_case"] {
            database
                .execute(&format!("delete from {table} where n > ?1"), [n])
                .expect("cut");
        }
        database
            .execute(
                "update head set n = ?1, chain = ?2, at = ?3",
                params![n, link, at],
            )
            .expect("written");
        // Snapshots and views would give the cut away; the forger has them made anew.
        database.execute("delete from snapshot", []).expect("cut");
        database
            .execute("update flushed set n = 0", [])
            .expect("cut");
        database
            .execute("update view_version set version = -1", [])
            .expect("cut");
    }
    run(&["documents", "--data", &data], 0);
    let alone = run(&["verify", "--data", &data], 0);
    assert!(alone.contains("no checkpoint to compare with"), "{alone}");
    let out = run(&["verify", "--data", &data, "--checkpoint", &note], 1);
    assert!(
        out.contains("BROKEN") && out.contains("does NOT hold"),
        "{out}"
    );
    println!("cut tail: {}", finding(&out));
}

fn finding(out: &str) -> &str {
    out.lines()
        .find(|line| line.contains("BROKEN"))
        .unwrap_or_default()
        .trim()
}

/// What is planted in the invoice, and what stands there.
const CANARIES: [(&str, &str, &str); 4] = [
    (
        "supplier.contact",
        "Petra Brixner",
        "Zwitschi Kanarienvogel",
    ),
    (
        "supplier.email",
        "petra.brixner@brixner.example",
        "zwitschi.gelb@kanarienvogel.example",
    ),
    (
        "supplier.phone",
        "+49 561 5550120",
        "+49 30 77001144 KANARI",
    ),
    (
        "supplier.iban",
        "DE74999999990000004417",
        "DE02120300000000202051",
    ),
];

/// An invoice with canaries in its personal fields.
fn planted(temporary: &Temporary) -> String {
    let mut xml = std::fs::read_to_string(sample(CASE[2])).expect("the sample");
    for (field, before, canary) in CANARIES {
        assert!(xml.contains(before), "{field} is in the sample");
        xml = xml.replace(before, canary);
    }
    let path = temporary.join("planted.xml");
    std::fs::write(&path, xml).expect("written");
    path
}

fn found(folder: &Path) -> Vec<String> {
    CANARIES
        .iter()
        .flat_map(|(field, _, canary)| {
            canary::find(folder, canary)
                .into_iter()
                .map(move |at| format!("{field}: {at}"))
        })
        .collect()
}

/// What a page of the case shows when a field is revealed.
fn revealed(server: &Server, session: &str, case: &str, field: &str) -> String {
    let body = format!("field={field}&reason=to+call+the+supplier");
    let headers = [("content-type", "application/x-www-form-urlencoded")];
    let answer = request(
        server.address,
        "POST",
        &format!("/cases/{case}/reveal"),
        Some(session),
        &headers,
        body.as_bytes(),
    );
    answer.expect("an answer").body
}

fn pages_open(server: &Server, session: &str, case: &str) {
    for path in [
        format!("/cases/{case}"),
        "/cases".into(),
        "/work".into(),
        format!("/journal?case={case}"),
        "/journal".into(),
    ] {
        let answer = server.get(&path, Some(session)).expect("an answer");
        assert_eq!(answer.status, 200, "{path}");
        assert!(
            answer.body.contains(case) || path == "/work" || path == "/journal",
            "{path} shows the case"
        );
    }
}

#[test]
fn erasing_a_subject_leaves_no_canary_in_any_file_and_everything_verifies() {
    let temporary = Temporary::new("erase");
    let (data, note) = (temporary.join("data"), temporary.join("before.note"));
    let folder = Path::new(&data).to_path_buf();
    run(&["init", "--pack", "purchase-to-pay", "--data", &data], 0);
    let invoice = planted(&temporary);
    assert!(
        !canary::find(temporary.path(), CANARIES[0].2).is_empty(),
        "the search finds what is there in the clear"
    );
    let out = run(
        &[
            "import",
            "--data",
            &data,
            "--json",
            &sample(CASE[0]),
            &sample(CASE[1]),
            &invoice,
        ],
        0,
    );
    let last: serde_json::Value =
        serde_json::from_str(out.lines().last().expect("a line")).expect("JSON");
    let case = last["case"].as_str().expect("a case").to_string();
    run(&["checkpoint", "--data", &data, "--out", &note], 0);
    let [before, after] = [(); 2].map(|()| link(&data, "tom.harms"));
    {
        let server = Server::start(&data, free_address());
        let session = sign_in(server.address, &before);
        pages_open(&server, &session, &case);
        for (field, _, canary) in CANARIES {
            assert!(
                revealed(&server, &session, &case, field).contains(canary),
                "{field} is there and can be revealed"
            );
        }
    }
    // Before anything is erased there is no personal plaintext either: it is sealed at the door.
    assert_eq!(found(&folder), Vec::<String>::new(), "sealed");
    let subjects = run(&["erase", "--data", &data, "--list"], 0);
    let subject = subjects
        .lines()
        .find(|subject| subject.contains("DE999000201"))
        .expect("the supplier");
    run(
        &[
            "erase",
            "--data",
            &data,
            subject,
            "--reason",
            "request 2026-118",
        ],
        1,
    );
    run(
        &[
            "erase",
            "--data",
            &data,
            subject,
            "--reason",
            "request 2026-118",
            "--yes",
        ],
        0,
    );
    assert_eq!(found(&folder), Vec::<String>::new(), "erased");
    let out = run(&["verify", "--data", &data, "--checkpoint", &note], 0);
    assert!(out.contains("everything holds"), "{out}");
    let server = Server::start(&data, free_address());
    let session = sign_in(server.address, &after);
    pages_open(&server, &session, &case);
    for (field, _, canary) in CANARIES {
        assert!(
            !revealed(&server, &session, &case, field).contains(canary),
            "{field} is gone"
        );
    }
    assert_eq!(
        found(&folder),
        Vec::<String>::new(),
        "erased, and served since"
    );
    println!(
        "{} canaries under {subject}: revealed before, gone after; {}",
        CANARIES.len(),
        out.lines().nth(1).unwrap_or_default().trim()
    );
    println!("originals left: {}", originals(&folder));
}

/// How many originals are kept.
fn originals(folder: &Path) -> usize {
    fn count(folder: &Path) -> usize {
        let entries = std::fs::read_dir(folder)
            .expect("a folder")
            .map(|entry| entry.expect("an entry").path());
        entries
            .map(|path| if path.is_dir() { count(&path) } else { 1 })
            .sum()
    }
    count(&folder.join("originals"))
}

#[test]
fn erasing_beside_a_running_server_counts_for_it_at_once() {
    let temporary = Temporary::new("beside");
    let data = temporary.join("data");
    run(&["init", "--pack", "purchase-to-pay", "--data", &data], 0);
    let invoice = planted(&temporary);
    let import = |file: &str| -> String {
        let out = run(&["import", "--data", &data, "--json", file], 0);
        let line: serde_json::Value = serde_json::from_str(&out).expect("JSON");
        line["case"].as_str().expect("a case").to_string()
    };
    let case = import(&invoice);
    let token = link(&data, "tom.harms");
    let server = Server::start(&data, free_address());
    let session = sign_in(server.address, &token);
    let (field, before, canary) = CANARIES[3];
    assert!(revealed(&server, &session, &case, field).contains(canary));
    let erase = [
        "erase",
        "--data",
        &data,
        "DE999000201",
        "--reason",
        "request 2026-118",
        "--yes",
    ];
    run(&erase, 0);
    assert!(
        !revealed(&server, &session, &case, field).contains(canary),
        "gone"
    );
    pages_open(&server, &session, &case);
    // What the same supplier sends later is sealed under a new key, that both processes know.
    let files = [(
        "later.xml".to_string(),
        std::fs::read(sample("sample/3-invoices/INV-20402-brixner.xml")).expect("a sample"),
    )];
    let answer = upload(server.address, &session, "later", &files)
        .expect("an answer")
        .json();
    let later = answer[0]["case"].as_str().expect("a case").to_string();
    drop(server);
    let server = Server::start(&data, free_address());
    assert!(
        revealed(&server, &session, &later, field).contains(before),
        "kept across a restart"
    );
    assert!(
        !revealed(&server, &session, &case, field).contains(canary),
        "gone for good"
    );
}

#[test]
fn a_changed_index_of_cases_is_found() {
    let temporary = Temporary::new("index");
    let (data, _) = kept(&temporary);
    let whole = run(&["verify", "--data", &data], 0);
    assert!(whole.contains("view        entry_case"), "{whole}");
    let before: Vec<(String, i64)> = {
        let database = database(&data);
        let mut statement = database
            .prepare("select case_id, n from entry_case order by n")
            .expect("a statement");
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)));
        rows.expect("rows").map(|row| row.expect("a row")).collect()
    };
    let (case, n) = before.last().expect("a case").clone();
    let tenant = "(select tenant from head)";
    for (what, sql, back) in [
        (
            "an entry is taken from a case",
            format!("delete from entry_case where n = {n}"),
            format!("insert into entry_case values ({tenant}, '{case}', {n})"),
        ),
        (
            "an entry is given to a case",
            format!("insert into entry_case values ({tenant}, '{case}', 3)"),
            format!("delete from entry_case where case_id = '{case}' and n = 3"),
        ),
        (
            "a case is made up",
            format!("update entry_case set case_id = 'P2P-666' where n = {n}"),
            format!("update entry_case set case_id = '{case}' where n = {n}"),
        ),
    ] {
        assert_eq!(database(&data).execute(&sql, []).expect("written"), 1);
        let out = run(&["verify", "--data", &data], 1);
        assert!(out.contains("BROKEN      view entry_case"), "{what}: {out}");
        println!("{what}: {}", finding(&out));
        assert_eq!(database(&data).execute(&back, []).expect("back"), 1);
        assert!(run(&["verify", "--data", &data], 0).contains("everything holds"));
    }
}

/// A case of a kept folder, its proof and the key, both as files.
fn proved(temporary: &Temporary, data: &str) -> (String, String, String) {
    let (bundle, key) = (temporary.join("case.proof"), temporary.join("baton.key"));
    let documents = run(&["documents", "--data", data, "--json"], 0);
    let case = documents
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).expect("JSON"))
        .find_map(|line| line["case"].as_str().map(str::to_string));
    let case = case.expect("a case");
    let said = run(&["prove", &case, "--data", data, "--out", &bundle], 0);
    assert!(said.contains(&case), "{said}");
    let text = run(&["checkpoint", "--data", data, "--key"], 0);
    std::fs::write(&key, text).expect("written");
    (case, bundle, key)
}

#[test]
fn a_cases_proof_is_checked_without_a_data_folder_and_a_changed_byte_is_found() {
    let temporary = Temporary::new("bundle");
    let (data, _) = kept(&temporary);
    let (case, bundle, key) = proved(&temporary, &data);
    // The folder is gone: the bundle and the key are all there is.
    std::fs::rename(&data, temporary.join("elsewhere")).expect("moved away");
    let out = run(&["verify", "--bundle", &bundle, "--key", &key], 0);
    assert!(
        out.contains("everything holds") && out.contains(&case),
        "{out}"
    );
    assert!(out.contains("signature   by baton."), "{out}");
    print!("{out}");
    let unsigned = run(&["verify", "--bundle", &bundle], 1);
    assert!(unsigned.contains("nobody vouches"), "{unsigned}");

    let whole = std::fs::read(&bundle).expect("the bundle");
    assert!(
        !PERSONAL
            .iter()
            .any(|value| String::from_utf8_lossy(&whole).contains(value)),
        "personal fields stay sealed"
    );
    let touched = temporary.join("touched.proof");
    // Every so often through the entries, and every byte of the checkpoint at the end.
    let places = (0..whole.len()).filter(|place| place % 997 == 0 || whole.len() - place < 330);
    let mut found = 0;
    for place in places {
        let mut bytes = whole.clone();
        bytes[place] ^= 1;
        std::fs::write(&touched, bytes).expect("written");
        let output = support::baton()
            .args(["verify", "--bundle", &touched, "--key", &key])
            .output()
            .expect("the program starts");
        let out = String::from_utf8_lossy(&output.stdout);
        assert!(
            matches!(output.status.code(), Some(1 | 3)) && !out.contains("everything holds"),
            "byte {place}: {:?}\n{out}",
            output.status
        );
        found += 1;
    }
    println!("{found} changed bytes of {}, each found", whole.len());
    // What is added behind is found too.
    std::fs::write(&touched, [whole.as_slice(), b"entry 1\n{}\n\n"].concat()).expect("written");
    run(&["verify", "--bundle", &touched, "--key", &key], 1);
}

/// Personal values of the sample invoice.
const PERSONAL: [&str; 2] = ["DE74999999990000004417", "petra.brixner@brixner.example"];

#[test]
fn a_proof_from_a_forged_journal_does_not_meet_a_checkpoint_that_was_kept() {
    let temporary = Temporary::new("bundle-forged");
    let (data, note) = kept(&temporary);
    let (case, bundle, key) = proved(&temporary, &data);
    let honest = run(&["verify", "--bundle", &bundle, "--checkpoint", &note], 0);
    assert!(honest.contains("checkpoint  the same as"), "{honest}");
    {
        let database = database(&data);
        let (n, bytes) = forged(&database);
        database
            .execute(
                "update entry set bytes = ?1 where n = ?2",
                params![bytes, n],
            )
            .expect("written");
        rehash(&database);
    }
    // Whoever holds the keys can sign a forged tree; the other party's checkpoint gives it away.
    run(&["prove", &case, "--data", &data, "--out", &bundle], 0);
    let alone = run(&["verify", "--bundle", &bundle, "--key", &key], 0);
    assert!(alone.contains("everything holds"));
    let out = run(
        &[
            "verify",
            "--bundle",
            &bundle,
            "--key",
            &key,
            "--checkpoint",
            &note,
        ],
        1,
    );
    assert!(out.contains("has another root"), "{out}");
}

#[test]
fn what_cannot_be_proved_is_said() {
    let temporary = Temporary::new("bundle-none");
    let (data, note) = kept(&temporary);
    let (_, bundle, _) = proved(&temporary, &data);
    let failed = |arguments: &[&str]| {
        let output = support::baton()
            .args(arguments)
            .output()
            .expect("the program starts");
        assert_eq!(output.status.code(), Some(3), "{output:?}");
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    let unknown = failed(&["prove", "P2P-9999", "--data", &data]);
    assert!(unknown.contains("BATON-AUDIT-021"), "{unknown}");
    // A case that began after the checkpoint.
    let out = run(
        &[
            "import",
            "--data",
            &data,
            "--json",
            &sample("sample/3-invoices/INV-20388-brixner.xml"),
        ],
        0,
    );
    let line: serde_json::Value = serde_json::from_str(out.trim()).expect("JSON");
    let newer = failed(&[
        "prove",
        line["case"].as_str().expect("a case"),
        "--data",
        &data,
        "--checkpoint",
        &note,
    ]);
    assert!(newer.contains("BATON-AUDIT-023"), "{newer}");
    // Another journal's key signed nothing here.
    let other = temporary.join("other");
    run(&["init", "--pack", "request", "--data", &other], 0);
    let key = temporary.join("other.key");
    std::fs::write(&key, run(&["checkpoint", "--data", &other, "--key"], 0)).expect("written");
    let out = run(&["verify", "--bundle", &bundle, "--key", &key], 1);
    assert!(out.contains("BROKEN"), "{out}");
}
