//! Every verb of the HTTP API, and its description: what is routed is described, and what is described is
//! routed. The other kinds of clients: a provider, a client's worker, a bot.

#![allow(
    clippy::print_stdout,
    reason = "what happened is the point of the test"
)]

mod support;

use serde_json::{Value, json};
use support::api::{Api, token};
use support::house::packs_folder;
use support::stage::Stage;

fn api(stage: &Stage, worker: &str) -> Api {
    Api {
        address: stage.server.address,
        token: token(&stage.data, worker),
    }
}

/// The operations of the description: method and path.
fn operations(document: &Value) -> Vec<(String, String)> {
    let paths = document["paths"].as_object().expect("paths");
    let of = |(path, item): (&String, &Value)| {
        let methods = item.as_object().expect("operations").keys();
        methods
            .map(|method| (method.clone(), path.clone()))
            .collect::<Vec<_>>()
    };
    paths.iter().flat_map(of).collect()
}

#[test]
fn what_is_described_is_routed_and_what_is_routed_is_described() {
    let stage = Stage::set("api-document");
    let worker = api(&stage, "tom.harms");
    let nobody = Api {
        token: String::new(),
        ..worker.clone()
    };
    let document = nobody.get("/openapi.json").expect(200);
    assert!(
        document["openapi"]
            .as_str()
            .expect("a version")
            .starts_with("3.1"),
        "{}",
        document["openapi"]
    );
    let described = operations(&document);
    assert!(described.len() > 40, "{described:?}");
    for (method, path) in &described {
        let there = path.replace(['{', '}'], "");
        // A POST without a body or a token still says 401, 415 or 422; an address that is not routed says 404
        // with a code of its own, and a method that is not routed 405.
        let answer = nobody.send(&method.to_uppercase(), &there, &[], b"");
        let code = answer.json()["code"]
            .as_str()
            .unwrap_or_default()
            .to_string();
        assert!(
            code != "BATON-WEB-037" && answer.status != 405,
            "{method} {path} is described and not routed: {}",
            answer.body
        );
        let operation = &document["paths"][path][method];
        assert!(
            operation["summary"].is_string() && operation["operationId"].is_string(),
            "{method} {path}"
        );
        let answers = operation["responses"].as_object().expect("responses");
        assert!(
            answers.contains_key(&answer.status.to_string()),
            "{method} {path}: {}",
            answer.status
        );
    }
    // Every route is registered with its description in the same words: nothing is routed by hand.
    let source = std::fs::read_to_string(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../web/src/api/mod.rs"
    ));
    let source = source.expect("the routes");
    assert!(!source.contains(".route("), "routed without a description");
}

/// The names under which the shapes of a source are described.
fn shapes(source: &str) -> Vec<String> {
    let derived = source.split("#[derive(").skip(1);
    let derived = derived.filter(|rest| {
        let traits = rest.split(")]").next().unwrap_or_default();
        traits.contains("ToSchema")
    });
    let name = |rest: &str| {
        let after = |mark: &str| rest.find(mark).map(|at| (at, &rest[at + mark.len()..]));
        let marks = ["#[schema(as = ", " struct ", " enum "];
        let (_, named) = marks.into_iter().filter_map(after).min().expect("a name");
        let letter = |sign: &char| sign.is_alphanumeric();
        named.chars().take_while(letter).collect::<String>()
    };
    derived.map(name).collect()
}

#[test]
fn no_two_shapes_are_described_under_one_name() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../web/src/api");
    let files = std::fs::read_dir(folder)
        .expect("the API")
        .filter_map(Result::ok);
    let sources = files.map(|file| std::fs::read_to_string(file.path()).expect("a source"));
    let mut names: Vec<String> = sources.flat_map(|source| shapes(&source)).collect();
    assert!(names.len() > 90, "only {} shapes: {names:?}", names.len());
    names.sort();
    let twice: Vec<_> = names.windows(2).filter(|pair| pair[0] == pair[1]).collect();
    assert!(twice.is_empty(), "the one stands for the other: {twice:?}");
}

/// The variants of the enum in a source, in order.
fn variants(source: &str) -> Vec<String> {
    let body = source.split("pub enum Command {").nth(1).expect("commands");
    let body = body.split("\n}").next().expect("their end");
    let names = body.lines().filter_map(|line| {
        let name = line.strip_prefix("    ")?;
        let begins = name.starts_with(|sign: char| sign.is_ascii_uppercase());
        begins.then(|| {
            name.split([' ', '(', ','])
                .next()
                .unwrap_or_default()
                .to_string()
        })
    });
    names.collect()
}

#[test]
fn every_command_has_a_verb_or_a_reason_why_not() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
    let read = |path: &str| std::fs::read_to_string(format!("{root}/{path}")).expect("a file");
    let commands = variants(&read("crates/journal/src/command.rs"));
    assert!(commands.len() > 40, "{commands:?}");
    let document: Value = serde_json::from_slice(baton_web::api::openapi()).expect("JSON");
    let described = operations(&document);
    let docs = read("docs/api.md");
    let table = docs.split("| command | verb |").nth(1).expect("the table");
    let mut told = Vec::new();
    for row in table.lines().skip(2).take_while(|row| row.starts_with('|')) {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let [_, names, verb, _] = cells.as_slice() else {
            panic!("not two cells: {row}");
        };
        told.extend(
            names
                .split(", ")
                .map(|name| name.trim_matches('`').to_string()),
        );
        let verbs: Vec<(&str, &str)> = verb
            .split('`')
            .filter_map(|part| part.split_once(" /"))
            .collect();
        assert!(!verbs.is_empty() || verb.starts_with("none: "), "{row}");
        for (method, path) in verbs {
            let known = (method.to_lowercase(), format!("/{path}"));
            assert!(described.contains(&known), "{row}: there is no such verb");
        }
    }
    let (mut commands, mut rows) = (commands, told);
    commands.sort();
    rows.sort();
    assert_eq!(
        rows, commands,
        "docs/api.md and the commands of the journal"
    );
}

#[test]
fn a_person_of_the_client_does_everything_over_http() {
    let stage = Stage::set("api-client");
    let client = api(&stage, "tom.harms");
    let me = client.get("/me").expect(200);
    assert_eq!(
        (&me["party"], &me["client"]),
        (&json!("LV"), &json!(true)),
        "{me}"
    );
    let case = &stage.resolve.id;
    let list = client.get("/cases?limit=2").expect(200);
    assert_eq!(list["items"].as_array().expect("rows").len(), 2);
    let more = client.get(&format!(
        "/cases?limit=2&cursor={}",
        list["next"].as_str().expect("a next page")
    ));
    let more = more.expect(200);
    assert_eq!(more["items"].as_array().expect("rows").len(), 1, "{more}");
    assert!(more["next"].is_null(), "the last page has no next");
    let found = client
        .get(&format!("/cases?q={}&state=running", stage.resolve.number))
        .expect(200);
    assert_eq!(found["items"][0]["id"], *case, "{found}");
    let whole = client.get(&format!("/cases/{case}")).expect(200);
    assert_eq!(
        whole["fields"]["invoice.number"]["value"], "INV-20419",
        "{whole}"
    );
    assert_eq!(whole["amount"]["currency"], "EUR");
    let entries = client.get(&format!("/cases/{case}/entries")).expect(200);
    assert_eq!(entries["items"][0]["n"], stage.resolve.n, "{entries}");
    let times = client.get(&format!("/cases/{case}/times")).expect(200);
    assert!(
        times["hops"][0]["wall_micros"].as_i64().expect("wall time") > 0,
        "{times}"
    );
    let proof = client.get(&format!("/cases/{case}/proof"));
    assert_eq!(proof.status, 200, "{}", proof.body);
    let note = client.get("/checkpoint").expect(200);
    assert!(
        proof.body.contains(
            note["note"]
                .as_str()
                .expect("a note")
                .lines()
                .next()
                .expect("a line")
        )
    );
    let journal = client.get("/journal?limit=5").expect(200);
    let n = journal["items"][0]["n"].as_i64().expect("a number");
    assert_eq!(client.get(&format!("/journal/{n}")).expect(200)["n"], n);
    let next = client.get(&format!(
        "/journal?limit=5&cursor={}",
        journal["next"].as_str().expect("more")
    ));
    assert_eq!(next.expect(200)["items"][0]["n"], n - 5);

    let documents = client.get("/documents?limit=200").expect(200);
    let invoice = documents["items"]
        .as_array()
        .expect("rows")
        .iter()
        .find(|it| it["case"] == *case);
    let id = invoice.expect("its invoice")["id"]
        .as_str()
        .expect("an id")
        .to_string();
    assert_eq!(
        client.get(&format!("/documents/{id}")).expect(200)["number"],
        "INV-20419"
    );
    for list in [
        "/parties",
        "/sites",
        "/workers",
        "/processes",
        "/tokens",
        "/refused-documents",
    ] {
        assert!(client.get(list).expect(200)["items"].is_array(), "{list}");
    }
    let process = &client.get("/processes").expect(200)["items"][0];
    let form = format!(
        "/processes/{}/versions/{}/forms/approve",
        process["id"].as_str().expect("an id"),
        process["version"]
    );
    assert!(client.get(&form).expect(200)["fields"].is_array());
}

#[test]
fn lanes_are_shared_paused_and_handed_over_by_who_may() {
    let stage = Stage::set("api-lanes");
    let manager = api(&stage, "mara.linden");
    let lane = manager.get("/lanes/verify").expect(200);
    let version = lane["version"].as_u64().expect("a version");
    let shares = json!({ "shares": [{ "party": "TO", "basis_points": 7000 }, { "party": "KS", "basis_points": 3000 }],
        "in_flight": "finish", "reason": "a second provider", "version": version });
    manager.post("/lanes/verify/shares", &shares).expect(200);
    let stale = manager.post("/lanes/verify/shares", &shares);
    assert_eq!(stale.problem(409), "BATON-WEB-038");
    let pause = json!({ "party": "KS", "reason": "a fire drill", "in_flight": "finish" });
    manager.post("/lanes/verify/pause", &pause).expect(200);
    let now = manager.get("/lanes/verify").expect(200);
    let kestrel = now["parties"]
        .as_array()
        .expect("parties")
        .iter()
        .find(|part| part["party"] == "KS");
    assert_eq!(kestrel.expect("a part")["paused"], "a fire drill", "{now}");
    manager
        .post(
            "/lanes/verify/resume",
            &json!({ "party": "KS", "reason": "over" }),
        )
        .expect(200);
    manager
        .post(
            "/lanes/verify/step-in",
            &json!({ "party": "KS", "reason": "a drill" }),
        )
        .expect(200);
    manager
        .post(
            "/lanes/verify/give",
            &json!({ "party": "TO", "reason": "as before" }),
        )
        .expect(200);
    let history = manager.get("/lanes/verify/history").expect(200);
    assert!(
        history["items"].as_array().expect("changes").len() >= 5,
        "{history}"
    );
    // A provider changes nothing, and sees its own part only.
    let provider = api(&stage, "agnieszka.wrona");
    let refused = provider.post("/lanes/resolve/pause", &pause);
    assert_eq!(refused.problem(403), "BATON-ACCESS-052");
    assert_eq!(
        provider.get("/lanes/verify/history").problem(404),
        "BATON-WEB-013"
    );
    for lane in provider.get("/lanes").expect(200)["items"]
        .as_array()
        .expect("lanes")
    {
        for part in lane["parties"].as_array().expect("parties") {
            assert_eq!(part["party"], "KS", "{lane}");
        }
    }
    assert_eq!(
        provider
            .get(&format!("/cases/{}", stage.approve.id))
            .problem(404),
        "BATON-WEB-013"
    );
    assert_eq!(
        provider.get("/parties").expect(200)["items"]
            .as_array()
            .expect("parties")
            .len(),
        2
    );
    let proof = provider.get(&format!("/cases/{}/proof", stage.resolve.id));
    assert_eq!(proof.problem(403), "BATON-WEB-016");
}

#[test]
fn fields_are_revealed_for_a_reason_and_files_taken_in() {
    let stage = Stage::set("api-reveal");
    let worker = api(&stage, "agnieszka.wrona");
    let case = format!("/cases/{}", stage.resolve.id);
    let whole = worker.get(&case).expect(200);
    let fields = whole["fields"].as_object().expect("fields");
    let masked = fields.iter().find(|(_, field)| field["revealable"] == true);
    if let Some((name, _)) = masked {
        let without = worker.post(
            &format!("{case}/reveal"),
            &json!({ "field": name, "reason": "" }),
        );
        assert_eq!(without.problem(422), "BATON-ACCESS-041");
        let ask = json!({ "field": name, "reason": "the supplier asks on the phone" });
        let shown = worker.post(&format!("{case}/reveal"), &ask).expect(200);
        assert!(!shown["fields"][name]["value"].is_null(), "{shown}");
    }
    let client = api(&stage, "tom.harms");
    let path = packs_folder().join("purchase-to-pay/sample/3-invoices/2026-1203-nordlicht.xml");
    let files = [
        (
            "one.xml".to_string(),
            std::fs::read(path).expect("a sample"),
        ),
        ("bad.xml".to_string(), b"<a".to_vec()),
    ];
    let taken =
        support::upload(stage.server.address, &client.token, "key", &files).expect("an answer");
    let taken = taken.expect(200);
    assert_eq!(
        (&taken[0]["outcome"], &taken[1]["outcome"]),
        (&json!("case"), &json!("refused")),
        "{taken}"
    );
    let refused = client.get("/refused-documents").expect(200);
    assert_eq!(refused["items"][0]["file"], "bad.xml", "{refused}");
    let wrong = client.post("/documents", &json!({}));
    assert_eq!(wrong.problem(415), "BATON-WEB-032");
}
