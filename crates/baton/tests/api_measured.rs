//! Scorecards, statements, clocks and lists over HTTP: the rows behind a number equal it page by page, what
//! is exported says that it is simulated and still verifies, and a walk loses and repeats nothing.

#![allow(
    clippy::print_stdout,
    reason = "what happened is the point of the test"
)]

mod support;

use baton_model::Decimal;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use support::api::{Api, token};
use support::house::packs_folder;
use support::lanes::{Lanes, data};
use support::stage::Stage;
use support::{Server, Temporary, free_address, run};

/// A house in which work came back, left to the program and served.
struct Month {
    folder: Temporary,
    server: Server,
}

impl Month {
    fn played(name: &str) -> Self {
        let lanes = Lanes::new(name);
        for place in 0..6 {
            lanes.returned(place * 5);
        }
        lanes.straight(60);
        lanes.at(70);
        lanes.start();
        let folder = lanes.leave();
        let server = Server::start(&data(&folder), free_address());
        Self { folder, server }
    }

    fn api(&self, worker: &str) -> Api {
        Api {
            address: self.server.address,
            token: token(&data(&self.folder), worker),
        }
    }
}

/// All rows of a list, three at a time, and its first page.
fn walk(api: &Api, path: &str) -> (Vec<Value>, Value) {
    let mark = if path.contains('?') { '&' } else { '?' };
    let first = api.get(&format!("{path}{mark}limit=3")).expect(200);
    let (mut rows, mut page) = (Vec::new(), first.clone());
    loop {
        rows.extend(page["items"].as_array().expect("rows").clone());
        let Some(next) = page["next"].as_str() else {
            break;
        };
        page = api
            .get(&format!("{path}{mark}limit=3&cursor={next}"))
            .expect(200);
    }
    (rows, first)
}

fn decimal(value: &Value) -> Decimal {
    value.as_str().expect("a number").parse().expect("a number")
}

#[test]
fn the_rows_behind_every_number_equal_it() {
    let month = Month::played("api-rows");
    for worker in ["lena", "jana"] {
        let api = month.api(worker);
        let card = api.get("/scorecard?month=2026-11").expect(200);
        assert_eq!(card["simulated"], true);
        let at = card["at"].as_str().expect("an instant");
        let agreements = card["agreements"].as_array().expect("agreements");
        assert_eq!(agreements.len(), if worker == "lena" { 2 } else { 1 });
        let mut opened = 0;
        for agreement in agreements {
            for level in agreement["levels"].as_array().expect("levels") {
                let of = format!(
                    "month=2026-11&agreement={}&lane={}",
                    agreement["agreement"].as_str().expect("an id"),
                    level["lane"].as_str().expect("a lane")
                );
                let counts: &[(&str, &str)] = if level["kind"] == "on_time" {
                    &[
                        ("due", "due"),
                        ("met", "met"),
                        ("missed", "late"),
                        ("excluded", "excluded"),
                        ("open", "open"),
                    ]
                } else {
                    &[("due", "completed"), ("met", "met"), ("missed", "missed")]
                };
                for (number, asked) in counts {
                    let path = if level["kind"] == "on_time" {
                        format!("/scorecard/hops?{of}&of={asked}&at={at}")
                    } else {
                        format!("/scorecard/items?{of}&of={asked}")
                    };
                    let (rows, first) = walk(&api, &path);
                    assert_eq!(json!(rows.len()), level[number], "{path}: {level}");
                    assert_eq!(first["total"], level[number], "{path}");
                    let distinct: BTreeSet<String> = rows.iter().map(Value::to_string).collect();
                    assert_eq!(distinct.len(), rows.len(), "{path}: none twice");
                    opened += rows.len();
                }
            }
            for work in agreement["work"].as_array().expect("lanes") {
                let people = work["by_people"]["due"].as_u64().expect("a number");
                let bots = work["by_bots"]["due"].as_u64().expect("a number");
                assert_eq!(work["completed"], people + bots, "{work}");
            }
        }
        assert!(
            opened > 20,
            "only {opened} rows behind the numbers of {worker}"
        );
        let over = api.get(&format!(
            "/scorecard/hops?month=2026-11&of=over&at={at}&limit=200"
        ));
        let over = over.expect(200);
        let rows = over["items"].as_array().expect("rows").iter();
        let sum: i64 = rows
            .map(|row| row["over_micros"].as_i64().expect("µs"))
            .sum();
        assert_eq!(over["over_micros"], sum);
        let breaches = card["breaches"].as_array().expect("breaches").iter();
        let all: i64 = breaches
            .map(|one| one["over_micros"].as_i64().expect("µs"))
            .sum();
        assert_eq!(all, sum, "{card}");
    }
    let provider = month.api("jana");
    for foreign in ["party=TO", "agreement=TO-1"] {
        let hops = provider.get(&format!("/scorecard/hops?month=2026-11&{foreign}"));
        assert_eq!(hops.problem(404), "BATON-WEB-013", "{foreign}");
    }
    let items = provider.get("/scorecard/items?month=2026-11&agreement=TO-1");
    assert_eq!(items.problem(404), "BATON-WEB-013");
    let wrong = provider.get("/scorecard?month=2026-13");
    assert_eq!(wrong.problem(400), "BATON-WEB-012");
}

#[test]
fn a_statement_over_http_is_the_file_that_verify_recomputes() {
    let month = Month::played("api-statement");
    let (client, provider) = (month.api("lena"), month.api("jana"));
    let all = client.get("/statements?month=2026-11").expect(200);
    let listed: Vec<_> = all["items"].as_array().expect("rows").iter().collect();
    assert_eq!(listed.len(), 2, "{all}");
    let statement = provider.get("/statements/KS-1?month=2026-11").expect(200);
    let own = listed.iter().find(|it| it["agreement"] == "KS-1");
    assert_eq!(own.expect("its own")["total"]["amount"], statement["total"]);
    let of = "/scorecard/items?month=2026-11&agreement=KS-1";
    let mut sum = Decimal::ZERO;
    for line in statement["lines"].as_array().expect("lines") {
        let lane = line["lane"].as_str().expect("a lane");
        let (rows, _) = walk(
            &provider,
            &format!("{of}&lane={lane}&version={}&of=accepted", line["version"]),
        );
        assert_eq!(json!(rows.len()), line["quantity"], "{line}");
        let amounts: Decimal = rows.iter().map(|row| decimal(&row["amount"])).sum();
        assert_eq!(amounts, decimal(&line["amount"]), "{line}");
        sum += decimal(&line["amount"]);
    }
    assert_eq!(sum, decimal(&statement["total"]));
    assert_eq!(
        provider.get("/statements/TO-1?month=2026-11").problem(404),
        "BATON-WEB-013"
    );

    let again = provider
        .get("/statements/KS-1/recomputed?month=2026-11")
        .expect(200);
    assert_eq!(
        (&again["same"], &again["differences"]),
        (&json!(true), &json!([])),
        "{again}"
    );
    assert_eq!(again["total"]["amount"], statement["total"]);

    // The file is of a simulated tenant, and one that says otherwise does not hold.
    assert_eq!(statement["simulated"], true);
    let file = month.folder.join("statement.json");
    let verify = [
        "verify",
        "--data",
        &data(&month.folder),
        "--month",
        "2026-11",
        "--statement",
        &file,
    ];
    std::fs::write(&file, statement.to_string()).expect("written");
    assert!(run(&verify, 0).contains("to the cent"));
    for real in [Some(json!(false)), None] {
        let mut forged = statement.clone();
        let fields = forged.as_object_mut().expect("a file");
        fields.remove("simulated");
        fields.extend(real.map(|real| ("simulated".to_string(), real)));
        std::fs::write(&file, forged.to_string()).expect("written");
        let said = run(&verify, 1);
        assert!(
            said.contains("/simulated: the file says false, the journal gives true"),
            "{said}"
        );
    }
}

#[test]
fn what_leaves_a_simulated_tenant_says_so() {
    let month = Month::played("api-simulated");
    let folder = data(&month.folder);
    let lena = month.api("lena");
    for path in [
        "/statement/KS-1?month=2026-11&format=csv",
        "/scorecard/rows?month=2026-11&format=csv",
        "/scorecard/units?month=2026-11&format=csv",
        "/time.csv",
    ] {
        let file = month.server.get(path, Some(&lena.token)).expect("a file");
        assert_eq!(file.status, 200, "{path}");
        let mut lines = file.body.lines();
        assert!(
            lines
                .next()
                .is_some_and(|head| head.ends_with(",simulated")),
            "{path}: {}",
            file.body
        );
        assert!(
            lines.all(|row| row.ends_with(",yes")),
            "{path}: {}",
            file.body
        );
        assert!(
            file.head.contains("filename=\"simulated-"),
            "{path}: {}",
            file.head
        );
    }
    let figures = |extra: &[&str]| {
        let shown = [&["--data", &folder, "--month", "2026-11"], extra].concat();
        let statement = run(&[&["statement"], &shown[..], &["KS-1"]].concat(), 0);
        (statement, run(&[&["scorecard"], &shown[..]].concat(), 0))
    };
    for (extra, mark) in [
        (&[][..], "SIMULATED DATA\n"),
        (&["--json"], "\"simulated\":true"),
        (&["--csv"], ",yes\r\n"),
    ] {
        let (statement, scorecard) = figures(extra);
        assert!(
            statement.contains(mark) && scorecard.contains(mark),
            "{extra:?}: {statement}{scorecard}"
        );
    }
    let case = lena.get("/cases?limit=1").expect(200)["items"][0]["id"].clone();
    let case = case.as_str().expect("an id");
    let clocks: Value =
        serde_json::from_str(&run(&["clocks", "--data", &folder, case, "--json"], 0))
            .expect("JSON");
    assert_eq!(clocks["simulated"], true);

    // A bundle carries the founding of the tenant, proved like the case's entries.
    let proof = lena.get(&format!("/cases/{case}/proof"));
    assert_eq!(proof.status, 200, "{}", proof.body);
    let file = month.folder.join("case.proof");
    std::fs::write(&file, &proof.body).expect("written");
    let said = run(&["verify", "--bundle", &file], 1);
    assert!(
        said.contains("SIMULATED DATA") && said.contains("nobody vouches"),
        "{said}"
    );
    let forged = proof
        .body
        .replace("\"simulated\":true", "\"simulated\":false");
    assert_ne!(forged, proof.body, "the founding is in it");
    std::fs::write(&file, forged).expect("written");
    assert!(run(&["verify", "--bundle", &file], 1).contains("BATON-AUDIT-023"));

    // A real company's documents are as they were.
    let stage = Stage::set("api-real");
    let real = Api {
        address: stage.server.address,
        token: token(&stage.data, "mara.linden"),
    };
    let statement = real.get("/statements/KS-2026?month=2026-11").expect(200);
    assert_eq!(statement["simulated"], false);
    let csv = stage
        .server
        .get("/statement/KS-2026?format=csv", Some(&real.token))
        .expect("a file");
    assert!(
        !csv.body.contains("simulated") && !csv.head.contains("simulated"),
        "{}",
        csv.body
    );
    let proof = real.get(&format!("/cases/{}/proof", stage.resolve.id));
    std::fs::write(&file, proof.body).expect("written");
    assert!(!run(&["verify", "--bundle", &file], 1).contains("SIMULATED"));
}

#[test]
fn a_case_says_who_held_it_and_whose_lateness_it_is() {
    let month = Month::played("api-clocks");
    let client = month.api("lena");
    let (late, first) = walk(&client, "/scorecard/cases?month=2026-11");
    assert_eq!(json!(late.len()), first["total"]);
    let card = client.get("/scorecard?month=2026-11").expect(200);
    assert_eq!(card["late_cases"], first["total"]);
    let (cases, _) = walk(&client, "/cases");
    assert_eq!(cases.len(), 8);
    for case in &cases {
        let id = case["id"].as_str().expect("an id");
        let times = client.get(&format!("/cases/{id}/times")).expect(200);
        let sum = |list: &str, part: &str| -> i64 {
            let list = times[list].as_array().expect("parts").iter();
            list.map(|of| of[part].as_i64().expect("µs")).sum()
        };
        assert_eq!(times["wall_micros"], sum("held", "wall_micros"), "{times}");
        let rest = times["unattributed_micros"].as_i64().expect("µs");
        assert_eq!(
            times["late_micros"],
            sum("charged", "micros") + rest,
            "{times}"
        );
        // Of the other provider's part a provider is told how long it was.
        let own = month.api("jana").get(&format!("/cases/{id}/times"));
        if own.status == 200 {
            assert!(!own.body.contains("\"TO\""), "{}", own.body);
            assert_eq!(
                own.json()["hops"].as_array().map(Vec::is_empty),
                Some(false)
            );
        }
    }
}

#[test]
fn a_walk_repeats_and_loses_nothing_while_rows_arrive() {
    let stage = Stage::set("api-keyset");
    let client = Api {
        address: stage.server.address,
        token: token(&stage.data, "tom.harms"),
    };
    let ids = |page: &Value| -> Vec<String> {
        let rows = page["items"].as_array().expect("rows").iter();
        rows.map(|row| row["id"].as_str().expect("an id").to_string())
            .collect()
    };
    for (list, file) in [
        ("/cases", "2026-10-114-elbe.xml"),
        ("/documents", "2026-1187-nordlicht.xml"),
    ] {
        let before = ids(&client.get(&format!("{list}?limit=200")).expect(200));
        let first = client.get(&format!("{list}?limit=2")).expect(200);
        let next = first["next"].as_str().expect("a next page").to_string();
        // Another one comes while the walk is under way.
        let sample = packs_folder()
            .join("purchase-to-pay/sample/3-invoices")
            .join(file);
        let files = [(file.to_string(), std::fs::read(sample).expect("a sample"))];
        let came = support::upload(stage.server.address, &client.token, file, &files);
        let came = came.expect("an answer");
        assert_eq!(came.expect(200)[0]["outcome"], "case", "{}", came.body);
        let mut seen = ids(&first);
        let rest = client
            .get(&format!("{list}?limit=200&cursor={next}"))
            .expect(200);
        seen.extend(ids(&rest));
        assert_eq!(
            seen, before,
            "{list}: what was there is given once, in order"
        );
        let now = ids(&client.get(&format!("{list}?limit=200")).expect(200));
        assert_eq!(
            now.len(),
            before.len() + 1,
            "{list}: it is there for the next walk"
        );
        // A cursor of another list is none of this one.
        let foreign = client.get("/journal?limit=1").expect(200)["next"].clone();
        let foreign = client.get(&format!(
            "{list}?cursor={}",
            foreign.as_str().expect("a cursor")
        ));
        assert_eq!(foreign.problem(422), "BATON-WEB-031", "{list}");
    }
    let provider = Api {
        address: stage.server.address,
        token: token(&stage.data, "agnieszka.wrona"),
    };
    let found = provider
        .get(&format!("/cases?q={}&limit=1", stage.resolve.number))
        .expect(200);
    assert_eq!(
        ids(&found),
        std::slice::from_ref(&stage.resolve.id),
        "the mask stands before the search"
    );
    let hidden = provider
        .get(&format!("/cases?q={}&limit=1", stage.approve.number))
        .expect(200);
    assert!(ids(&hidden).is_empty());
}
