//! Every refusal names what to do: the problems of the HTTP API are provoked one by one, and the detail of
//! each holds an instruction; so do all refusals of the stages, provoked or not.

#![allow(
    clippy::print_stdout,
    reason = "what was refused is the point of the test"
)]

mod support;

use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::Path;
use support::api::{Api, token};
use support::house::packs_folder;
use support::stage::Stage;
use support::{Answer, Server, free_address, request, run};

/// What an instruction begins with.
const VERBS: &str = "add ask begin bring cancel change choose claim come compare complete correct count deploy draw end enter extend \
    fill give go issue keep leave let look make mend move name open pause put read register release reload restore resume \
    run save say seal search see send set show sign start take try use wait write";

/// Whether a detail says what to do: a part of it begins with a verb, or it names where to look.
fn instructs(detail: &str) -> bool {
    if ["`GET /", "`POST /", "`baton "]
        .iter()
        .any(|place| detail.contains(place))
    {
        return true;
    }
    let parts = detail.split([';', ',', ':', '.']);
    let parts = parts.flat_map(|part| part.split(" and ").flat_map(|part| part.split(" or ")));
    let first = |part: &str| {
        part.split_whitespace()
            .next()
            .unwrap_or_default()
            .to_string()
    };
    parts
        .map(first)
        .any(|word| VERBS.split_whitespace().any(|verb| verb == word))
}

#[test]
fn an_instruction_is_told_from_a_statement() {
    for said in [
        "it has changed; read it again",
        "the path is wrong, correct it",
        "give one worker its lane",
        "there is none: `GET /api/v1/lanes` lists them",
    ] {
        assert!(instructs(said), "{said}");
    }
    for said in [
        "the lane is paused already",
        "it reads the field",
        "no such party",
    ] {
        assert!(!instructs(said), "{said}");
    }
}

/// The functions of a source that name a code, each with its text.
fn refusals(source: &str) -> Vec<(String, String)> {
    let shipped = source.split("#[cfg(test)]").next().unwrap_or_default();
    let functions = shipped.split("\npub").chain(shipped.split("\nfn "));
    let texts = functions.filter_map(|function| {
        let body = function.split("\n}").next()?;
        let code = body.split("\"BATON-").nth(1)?.split('"').next()?;
        let literals: Vec<&str> = body.split('"').skip(1).step_by(2).collect();
        let text = literals.iter().filter(|text| !text.starts_with("BATON-"));
        Some((
            code.to_string(),
            text.copied().collect::<Vec<_>>().join("; "),
        ))
    });
    texts.collect()
}

fn sources(folder: &Path, into: &mut Vec<std::path::PathBuf>) {
    for entry in std::fs::read_dir(folder)
        .expect("a folder")
        .filter_map(Result::ok)
    {
        let path = entry.path();
        if path.is_dir() {
            sources(&path, into);
        } else if path.ends_with("refusal.rs") {
            into.push(path);
        }
    }
}

#[test]
fn every_refusal_of_a_stage_says_what_to_do() {
    let mut paths = Vec::new();
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    for room in std::fs::read_dir(crates)
        .expect("the rooms")
        .filter_map(Result::ok)
    {
        sources(&room.path().join("src"), &mut paths);
    }
    let (mut seen, mut silent) = (BTreeSet::new(), Vec::new());
    for path in &paths {
        for (code, text) in refusals(&std::fs::read_to_string(path).expect("a source")) {
            if !instructs(&text) {
                silent.push(format!("BATON-{code}: {text}"));
            }
            seen.insert(code);
        }
    }
    assert!(silent.is_empty(), "{}", silent.join("\n"));
    assert!(seen.len() > 60, "only {} refusals were found", seen.len());
}

/// What was refused, and how.
#[derive(Default)]
struct Said {
    codes: BTreeSet<String>,
    wrong: Vec<String>,
}

impl Said {
    fn is(&mut self, code: &str, answer: &Answer) {
        let problem: Value = serde_json::from_str(&answer.body).unwrap_or_default();
        let (found, detail) = (
            problem["code"].as_str().unwrap_or_default(),
            problem["detail"].as_str().unwrap_or_default(),
        );
        if found != code {
            self.wrong.push(format!(
                "{code} expected, {} {found}: {}",
                answer.status, answer.body
            ));
        } else if !instructs(detail) {
            self.wrong
                .push(format!("{code} says not what to do: {detail}"));
        }
        self.codes.insert(code.to_string());
    }

    /// What must go well, so that what follows is refused for the reason that is meant.
    fn went(&mut self, answer: &Answer) {
        if !(200..300).contains(&answer.status) {
            self.wrong.push(format!("it was refused: {}", answer.body));
        }
    }
}

fn api(stage: &Stage, worker: &str) -> Api {
    Api {
        address: stage.server.address,
        token: token(&stage.data, worker),
    }
}

fn share(party: &str, points: u32) -> Value {
    json!({ "party": party, "basis_points": points })
}

#[test]
fn every_problem_that_is_provoked_says_what_to_do() {
    let stage = Stage::set("problems");
    let mut said = Said::default();
    of_requests(&stage, &mut said);
    of_items(&stage, &mut said);
    of_cases(&stage, &mut said);
    of_lanes(&stage, &mut said);
    of_agreements(&stage, &mut said);
    of_people(&stage, &mut said);
    of_originals(stage, &mut said);
    assert!(said.wrong.is_empty(), "{}", said.wrong.join("\n"));
    println!("{} kinds of problems: {:?}", said.codes.len(), said.codes);
    assert!(said.codes.len() >= 70, "{}", said.codes.len());
}

fn of_requests(stage: &Stage, said: &mut Said) {
    let worker = api(stage, "agnieszka.wrona");
    let nobody = Api {
        token: "baton_nothing".into(),
        ..worker.clone()
    };
    let (claim, kind) = ("/work/claim-next", [("content-type", "application/json")]);
    said.is("BATON-WEB-010", &nobody.get("/work"));
    let foreign = request(
        stage.server.address,
        "GET",
        "/api/v1/documents/D-1/original",
        Some(&worker.token),
        &[("sec-fetch-site", "cross-site")],
        b"",
    );
    said.is("BATON-WEB-011", &foreign.expect("an answer"));
    said.is("BATON-WEB-012", &worker.get("/scorecard?month=13"));
    said.is("BATON-WEB-013", &worker.get("/cases/none"));
    said.is("BATON-WEB-018", &worker.send("PUT", "/work", &[], b""));
    said.is(
        "BATON-WEB-019",
        &worker.send("POST", claim, &kind, &vec![b' '; (1 << 20) + 1]),
    );
    for wrong in [
        "/work?limit=0",
        "/work?state=lost",
        "/journal/first",
        "/time?day=",
    ] {
        said.is("BATON-WEB-030", &worker.get(wrong));
    }
    said.is("BATON-WEB-030", &worker.send("POST", claim, &kind, b"{"));
    said.is(
        "BATON-WEB-031",
        &worker.post(claim, &json!({ "lanes": ["pay"] })),
    );
    said.is(
        "BATON-WEB-031",
        &worker.post(claim, &json!({ "lease_seconds": 0 })),
    );
    said.is("BATON-WEB-031", &worker.get("/cases?cursor=00"));
    said.is(
        "BATON-WEB-032",
        &worker.send("POST", claim, &[("content-type", "text/plain")], b"{}"),
    );
    said.is("BATON-WEB-037", &worker.get("/nothing"));
    let on = json!({ "state": "available" });
    worker
        .post_once("/time/state", &on, Some("key"))
        .expect(200);
    let other = worker.post_once("/time/state", &json!({ "state": "wrap" }), Some("key"));
    said.is("BATON-WEB-035", &other);
}

fn of_items(stage: &Stage, said: &mut Said) {
    let worker = api(stage, "agnieszka.wrona");
    let item = format!("/items/{}", stage.resolve.item);
    let post = |act: &str, body: Value| worker.post(&format!("{item}/{act}"), &body);
    said.is("BATON-DESK-002", &post("release", json!({})));
    said.is("BATON-DESK-008", &post("resume", json!({})));
    let claim = worker.post_once(&format!("{item}/claim"), &json!({}), Some("claim"));
    let fence = claim.expect(200)["fence"].clone();
    said.is("BATON-WEB-036", &post("claim", json!({})));
    said.is(
        "BATON-DESK-032",
        &post("extend", json!({ "lease_seconds": 0 })),
    );
    said.is(
        "BATON-DESK-034",
        &post("fail", json!({ "code": "not-readable" })),
    );
    said.is(
        "BATON-DESK-007",
        &post("pause", json!({ "reason": "tired" })),
    );
    said.went(&post("pause", json!({ "reason": "outage" })));
    let answer = |fields: Value| json!({ "fence": fence, "fields": fields });
    let good = json!({ "resolution.answer": "order_price", "resolution.reason": "supplier_error" });
    said.is("BATON-DESK-003", &post("complete", answer(good.clone())));
    let now = worker.get(&item).expect(200)["version"].clone();
    let asleep = json!({ "version": now, "fields": good });
    said.is("BATON-DESK-006", &post("complete", asleep));
    said.went(&post("resume", json!({})));
    said.is(
        "BATON-WEB-031",
        &post("complete", json!({ "fields": good })),
    );
    for (code, name, value) in [
        ("BATON-FORM-104", "resolution.valid_from", json!("soon")),
        ("BATON-FORM-106", "resolution.reason", json!("none")),
        ("BATON-FORM-107", "payment.amount", json!("1")),
        ("BATON-FORM-102", "resolution.note", json!("x".repeat(1001))),
    ] {
        let mut fields = good.clone();
        fields[name] = value;
        said.is(code, &post("complete", answer(fields)));
    }
    said.is(
        "BATON-FORM-101",
        &post("complete", answer(json!({ "resolution.answer": "reject" }))),
    );
    said.is(
        "BATON-ACCESS-032",
        &post("draft", json!({ "fields": { "payment.amount": "1" } })),
    );
    let stale = json!({ "fence": fence.as_i64().expect("a number") - 1 });
    said.is("BATON-DESK-031", &post("extend", stale));
    said.went(&post("complete", answer(good.clone())));
    said.is("BATON-DESK-031", &post("complete", answer(good)));
    let again = worker.post_once(&format!("{item}/claim"), &json!({}), Some("claim"));
    said.is("BATON-WEB-013", &again);
    said.is(
        "BATON-ACCESS-030",
        &worker.post(
            &format!("/items/{}/pause", stage.approve.item),
            &json!({ "reason": "outage" }),
        ),
    );
    // Of the client, who sees all: not in a lane of hers, not her role, her own order.
    let client = api(stage, "lena.brandt");
    let verify = format!("/items/{}/draft", stage.verify.item);
    said.is(
        "BATON-ACCESS-031",
        &client.post(&verify, &json!({ "fields": {} })),
    );
}

fn of_cases(stage: &Stage, said: &mut Said) {
    let (worker, client) = (api(stage, "agnieszka.wrona"), api(stage, "tom.harms"));
    let case = format!("/cases/{}", stage.resolve.id);
    said.is("BATON-WEB-016", &worker.get(&format!("{case}/proof")));
    said.is(
        "BATON-ENGINE-023",
        &client.post("/cases", &json!({ "process": "none" })),
    );
    said.is(
        "BATON-ACCESS-017",
        &worker.post("/cases", &json!({ "process": "none" })),
    );
    let message = json!({ "message": "none", "key": "none" });
    said.is(
        "BATON-ENGINE-026",
        &client.post(&format!("{case}/messages"), &message),
    );
    said.is(
        "BATON-ENGINE-027",
        &client.post(&format!("{case}/incidents/none/resolve"), &json!({})),
    );
    said.is(
        "BATON-ACCESS-040",
        &worker.post("/cases/none/messages", &message),
    );
    let reveal = |field: &str, reason: &str| {
        let ask = json!({ "field": field, "reason": reason });
        worker.post(&format!("{case}/reveal"), &ask)
    };
    said.is("BATON-ACCESS-041", &reveal("supplier.email", ""));
    said.is("BATON-ACCESS-042", &reveal("payment.amount", "to see it"));
    let ask = json!({ "field": "supplier.email", "reason": "the supplier asks" });
    let path = format!("{case}/reveal");
    said.went(&worker.post_once(&path, &ask, Some("reveal")));
    said.is(
        "BATON-WEB-034",
        &worker.post_once(&path, &ask, Some("reveal")),
    );
    for _ in 0..4 {
        said.went(&worker.post(&path, &ask));
    }
    said.is("BATON-ACCESS-043", &worker.post(&path, &ask));
}

fn of_lanes(stage: &Stage, said: &mut Said) {
    let manager = api(stage, "mara.linden");
    let post = |path: &str, body: Value| manager.post(&format!("/lanes/verify/{path}"), &body);
    let shares = |shares: Value| post("shares", json!({ "shares": shares, "reason": "why" }));
    said.is(
        "BATON-ALLOCATION-023",
        &post("undo", json!({ "reason": "wrong" })),
    );
    said.is(
        "BATON-ALLOCATION-020",
        &post("plan/cancel", json!({ "reason": "late" })),
    );
    let change = |party: &str, reason: &str| json!({ "party": party, "reason": reason });
    said.is(
        "BATON-ALLOCATION-003",
        &post("give", change("TO", "as it is")),
    );
    said.is("BATON-ALLOCATION-002", &post("give", change("XX", "why")));
    said.is("BATON-ALLOCATION-005", &post("give", change("KS", " ")));
    said.is("BATON-ALLOCATION-010", &post("pause", change("KS", "why")));
    said.is("BATON-ALLOCATION-009", &post("pause", change("TO", "why")));
    said.is("BATON-ALLOCATION-006", &shares(json!([share("TO", 1)])));
    said.is(
        "BATON-ALLOCATION-007",
        &shares(json!([share("TO", 5000), share("TO", 5000)])),
    );
    said.is("BATON-WEB-031", &shares(json!([share("XX", 10_000)])));
    let mut away = share("TO", 10_000);
    away["site"] = json!("kestrel-krakow");
    said.is("BATON-ALLOCATION-008", &shares(json!([away])));
    let mut odd = share("TO", 10_000);
    odd["when"] = json!("1 +");
    said.is("BATON-ENGINE-030", &shares(json!([odd])));
    let mut tongues = share("TO", 10_000);
    tongues["takes"] = json!({ "languages": ["de"] });
    said.is("BATON-ALLOCATION-024", &shares(json!([tongues])));
    said.went(&shares(json!([share("TO", 5000), share("KS", 5000)])));
    said.is("BATON-ALLOCATION-012", &post("resume", change("KS", "why")));
    said.went(&post("pause", change("KS", "why")));
    said.is("BATON-ALLOCATION-011", &post("pause", change("KS", "why")));
    let stale = json!({ "party": "KS", "reason": "why", "version": 1 });
    said.is("BATON-WEB-038", &post("resume", stale));
    let at = |days: i64| {
        (jiff::Timestamp::now() + jiff::SignedDuration::from_hours(24 * days)).to_string()
    };
    let plan = |steps: Value| post("plan", json!({ "steps": steps, "reason": "a ramp" }));
    let step = |days: i64| json!({ "at": at(days), "shares": [share("TO", 10_000)] });
    said.is("BATON-ALLOCATION-017", &plan(json!([])));
    said.is("BATON-ALLOCATION-018", &plan(json!([step(-1)])));
    let mut gated = step(1);
    gated["gate"] =
        json!({ "measure": "returned", "party": "TO", "basis_points": 300, "hops": 30, "days": 0 });
    said.is("BATON-ALLOCATION-019", &plan(json!([gated])));
    let mut undated = step(1);
    undated["at"] = json!("soon");
    said.is("BATON-WEB-031", &plan(json!([undated])));
    said.went(&plan(json!([step(1)])));
    said.is("BATON-ALLOCATION-016", &plan(json!([step(1)])));
    let provider = api(stage, "maria.santos");
    said.is(
        "BATON-ACCESS-052",
        &provider.post("/lanes/verify/undo", &json!({ "reason": "why" })),
    );
}

fn of_agreements(stage: &Stage, said: &mut Said) {
    let manager = api(stage, "mara.linden");
    let known = manager.get("/agreements/KS-2026").expect(200);
    let text = known["text"].as_str().expect("TOML");
    let with = |from: &str, to: &str| {
        assert!(text.contains(from), "{from}");
        manager.post(
            "/agreements",
            &json!({ "text": text.replacen(from, to, 1) }),
        )
    };
    said.is("BATON-MEASURE-010", &with("KS", "KS"));
    let moved = text
        .replacen("\"KS\"", "\"TO\"", 1)
        .replacen("kestrel-krakow", "tala-manila", 1);
    said.is(
        "BATON-MEASURE-011",
        &manager.post("/agreements", &json!({ "text": moved })),
    );
    said.is(
        "BATON-MEASURE-012",
        &with("client = \"LV\"", "client = \"TO\""),
    );
    said.is(
        "BATON-MEASURE-013",
        &with("backup = \"TO\"", "backup = \"XX\""),
    );
    said.is(
        "BATON-MEASURE-014",
        &with("id = \"KS-2026\"", "id = \"KS-2027\""),
    );
    for (code, from, to) in [
        ("BATON-AGREEMENT-001", "id = ", "id "),
        ("BATON-AGREEMENT-002", "\"92 %\"", "\"very good\""),
        (
            "BATON-AGREEMENT-003",
            "id = \"resolve-first-pass\"",
            "id = \"resolve-on-time\"",
        ),
        (
            "BATON-AGREEMENT-005",
            "lane = \"verify\"\nkind",
            "lane = \"pay\"\nkind",
        ),
        (
            "BATON-AGREEMENT-006",
            "lane = \"verify\"\nkind",
            "lane = \"resolve\"\nkind",
        ),
        ("BATON-AGREEMENT-007", "within = \"PT8H\"\n", ""),
        (
            "BATON-AGREEMENT-008",
            "\"Europe/Berlin\"",
            "\"Europe/Atlantis\"",
        ),
        (
            "BATON-AGREEMENT-009",
            "from = \"2026-01-01\"",
            "from = \"2026-01-01\"\nuntil = \"2025-01-01\"",
        ),
    ] {
        said.is(code, &with(from, to));
    }
}

fn of_people(stage: &Stage, said: &mut Said) {
    let (worker, leader) = (api(stage, "piotr.zielinski"), api(stage, "jana.kos"));
    let off = json!({ "state": "off" });
    said.is("BATON-DESK-020", &worker.post("/time/state", &off));
    let minutes =
        |ago: i64| (jiff::Timestamp::now() - jiff::SignedDuration::from_mins(ago)).to_string();
    let time = |from: i64, until: i64, why: &str| {
        let body =
            json!({ "state": "wrap", "from": minutes(from), "until": minutes(until), "why": why });
        worker.post("/time/corrections", &body)
    };
    said.is("BATON-DESK-021", &time(3, 2, ""));
    said.is("BATON-DESK-023", &time(2, 3, "why"));
    let id = time(3, 2, "why").expect(201)["id"].clone();
    let decide = format!("/time/corrections/{}/decide", id.as_str().expect("an id"));
    let yes = json!({ "approved": true, "why": "seen" });
    said.is("BATON-DESK-025", &worker.post(&decide, &yes));
    said.went(&leader.post(&decide, &yes));
    said.is("BATON-DESK-024", &leader.post(&decide, &yes));
    said.is("BATON-WEB-013", &worker.get("/floor"));
    said.is("BATON-WEB-013", &worker.get("/time?worker=maria.santos"));
    said.is(
        "BATON-ACCESS-017",
        &worker.post("/tokens", &json!({ "worker": "jana.kos", "name": "mine" })),
    );
    said.is(
        "BATON-ACCESS-026",
        &api(stage, "tom.harms").send("DELETE", "/tokens/none", &[], b""),
    );
    // A case of its own to be given away.
    let client = api(stage, "tom.harms");
    let sample = packs_folder().join("purchase-to-pay/sample/3-invoices/INV-20425-brixner.xml");
    let files = [(
        "more.xml".to_string(),
        std::fs::read(sample).expect("a sample"),
    )];
    support::upload(stage.server.address, &client.token, "more", &files)
        .expect("an answer")
        .expect(200);
    let open = leader.get("/floor/items").expect(200);
    let Some(item) = open["items"][0]["item"].as_str() else {
        panic!("nothing is open at Kestrel: {open}");
    };
    let assign = |body: Value| leader.post(&format!("/items/{item}/assign"), &body);
    said.is("BATON-DESK-012", &assign(json!({ "why": "back" })));
    said.is(
        "BATON-DESK-014",
        &assign(json!({ "worker": "maria.santos", "why": "hers" })),
    );
    said.went(&assign(json!({ "worker": "jana.kos", "why": "mine" })));
    said.is(
        "BATON-DESK-013",
        &assign(json!({ "worker": "jana.kos", "why": "mine" })),
    );
}

/// An original that is not for one's lanes, lost from the disk, erased.
fn of_originals(stage: Stage, said: &mut Said) {
    let (worker, client) = (api(&stage, "agnieszka.wrona"), api(&stage, "tom.harms"));
    let documents = client.get("/documents?limit=200").expect(200);
    let of = |case: &str| {
        let mut rows = documents["items"].as_array().expect("rows").iter();
        let row = rows.find(|row| row["case"] == case).expect("its document");
        format!("/documents/{}/original", row["id"].as_str().expect("an id"))
    };
    let (own, other) = (of(&stage.resolve.id), of(&stage.verify.id));
    said.is("BATON-WEB-016", &worker.get(&own));
    let (data, _folder) = stage.stop();
    let listed = run(&["erase", "--data", &data, "--list"], 0);
    let subject = listed
        .lines()
        .find(|line| line.contains("DE999000201"))
        .expect("the supplier");
    run(
        &[
            "erase",
            "--data",
            &data,
            subject.trim(),
            "--reason",
            "request 12",
            "--yes",
        ],
        0,
    );
    std::fs::remove_dir_all(Path::new(&data).join("originals")).expect("the disk lost them");
    let server = Server::start(&data, free_address());
    let client = Api {
        address: server.address,
        token: client.token,
    };
    said.is("BATON-WEB-017", &client.get(&own));
    said.is("BATON-WEB-020", &client.get(&other));
}
