//! Who may do what, through the built program: who sends documents in, who makes keys, who lets workers in,
//! and what an agreement leaves of a lane's fields.

mod support;

use baton_app::views::{Reader, map};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use support::api::{Api, token};
use support::house::{House, packs_folder};
use support::run;
use support::stage::Stage;

fn api(stage: &Stage, worker: &str) -> Api {
    Api {
        address: stage.server.address,
        token: token(&stage.data, worker),
    }
}

/// How many files lie in a folder and those below it.
fn files(folder: &Path) -> usize {
    let entries = std::fs::read_dir(folder).expect("a folder");
    let count = |path: PathBuf| if path.is_dir() { files(&path) } else { 1 };
    entries
        .map(|entry| count(entry.expect("an entry").path()))
        .sum()
}

/// How many keys and originals there are.
fn kept(stage: &Stage) -> (usize, usize) {
    let folder = Path::new(&stage.data);
    (
        files(&folder.join("keys")),
        files(&folder.join("originals")),
    )
}

fn send(api: &Api, name: &str, bytes: &[u8]) -> support::Answer {
    let mut body = format!(
        "--x\r\nContent-Disposition: form-data; name=\"files\"; filename=\"{name}\"\r\n\r\n"
    )
    .into_bytes();
    body.extend_from_slice(bytes);
    body.extend_from_slice(b"\r\n--x--\r\n");
    let kind = [("content-type", "multipart/form-data; boundary=x")];
    api.send("POST", "/documents", &kind, &body)
}

#[test]
fn documents_are_sent_in_by_the_client_and_whoever_runs_the_lane_they_start_in() {
    let stage = Stage::set("rights-documents");
    let sample = |file: &str| {
        let path = packs_folder().join("purchase-to-pay/sample").join(file);
        std::fs::read(path).expect("a sample")
    };
    let before = kept(&stage);
    for worker in ["maria.santos", "jana.kos"] {
        let other = api(&stage, worker);
        let invoice = send(&other, "a.xml", &sample("3-invoices/R-55120-hansa.xml"));
        assert_eq!(invoice.problem(403), "BATON-ACCESS-056", "{worker}");
        let order = send(&other, "b.xml", &sample("1-orders/4500-7711-hansa.xml"));
        assert_eq!(order.problem(403), "BATON-ACCESS-056", "{worker}");
        let unread = send(&other, "c.xml", b"<no/>");
        assert_eq!(unread.problem(403), "BATON-ACCESS-056", "{worker}");
        let page = stage.get(worker, "/documents/upload");
        assert!(page.body.contains("Not for your party"), "{}", page.body);
        assert!(
            !page.body.contains("type=\"file\""),
            "{worker} is offered it"
        );
        let list = stage.get(worker, "/documents");
        assert!(
            !list.body.contains("href=\"/documents/upload\""),
            "{}",
            list.body
        );
    }
    assert_eq!(kept(&stage), before, "nothing of what was refused is kept");
    let reader = api(&stage, "docklens-reader");
    let taken = send(&reader, "a.xml", &sample("3-invoices/R-55120-hansa.xml")).expect(200);
    assert_ne!(taken[0]["outcome"], "refused", "{taken}");
    let client = api(&stage, "tom.harms");
    let unread = send(&client, "c.xml", b"<no/>").expect(200);
    assert_eq!(unread[0]["outcome"], "refused", "it is kept and listed");
    assert!(
        stage
            .get("tom.harms", "/documents/upload")
            .body
            .contains("type=\"file\"")
    );

    // Whoever gets a share of the lane may from then on.
    let share = [
        "lane",
        "share",
        "receive",
        "DL=70",
        "TO=30",
        "--reason",
        "two readers",
    ];
    let arguments: Vec<&str> = share.into_iter().chain(["--data", &stage.data]).collect();
    run(&arguments, 0);
    let order = send(
        &api(&stage, "maria.santos"),
        "b.xml",
        &sample("1-orders/4500-7711-hansa.xml"),
    );
    order.expect(200);
    let kestrel = send(
        &api(&stage, "jana.kos"),
        "b.xml",
        &sample("1-orders/4500-7705-nordlicht.xml"),
    );
    assert_eq!(kestrel.problem(403), "BATON-ACCESS-056");
}

#[test]
fn whoever_may_not_write_makes_no_key() {
    let stage = Stage::set("rights-keys");
    let (other, client) = (api(&stage, "jana.kos"), api(&stage, "tom.harms"));
    let before = kept(&stage);
    let personal = json!({ "supplier.iban": "DE89370400440532013000" });
    let foreign = [&stage.verify.item, "P2P-9999.1", "nowhere.1"];
    for item in foreign {
        let draft = json!({ "fields": personal });
        let refused = other.post(&format!("/items/{item}/draft"), &draft);
        assert_eq!(refused.problem(404), "BATON-ACCESS-030", "{item}");
        let form = "supplier.iban=DE89370400440532013000";
        let page = stage.post("jana.kos", &format!("/items/{item}/draft"), form);
        assert_eq!(page.status, 404, "{item}");
        let answer = json!({ "answer": "It is so.", "given_by": "nobody" });
        let refused = other.post(&format!("/items/{item}/answer"), &answer);
        assert_eq!(refused.problem(404), "BATON-ACCESS-040", "{item}");
        let asked = json!({ "reason": "waiting-for-client", "request": "Why?" });
        let refused = other.post(&format!("/items/{item}/pause"), &asked);
        assert_eq!(refused.problem(404), "BATON-ACCESS-030", "{item}");
    }
    let message = json!({ "message": "credit_note", "key": "1", "fields": personal });
    for case in [&stage.verify.id, "P2P-9999"] {
        let refused = other.post(&format!("/cases/{case}/messages"), &message);
        assert_eq!(refused.problem(404), "BATON-ACCESS-040", "{case}");
    }
    let new = json!({ "process": "purchase-to-pay", "fields": personal });
    assert_eq!(other.post("/cases", &new).problem(403), "BATON-ACCESS-017");
    let unknown = json!({ "process": "nothing", "fields": personal });
    assert_eq!(
        client.post("/cases", &unknown).problem(404),
        "BATON-APP-043"
    );
    assert_eq!(kept(&stage), before, "not one key was made");
}

#[test]
fn the_map_counts_what_is_in_sight() {
    let house = House::found("rights-map", "purchase-to-pay");
    house.sample(&[
        "1-orders/4500-7731-brixner.xml",
        "2-receipts/4500-7731-brixner.xml",
        "3-invoices/INV-20419-brixner.xml",
    ]);
    let running = |worker: &str| {
        let viewer = house.viewer(worker);
        let versions = map::versions(&Reader::of(&house.app, &viewer.scope), &viewer.scope);
        versions.expect("versions")[0].running
    };
    assert_eq!(running("tom.harms"), 1);
    assert_eq!(running("agnieszka.wrona"), 1, "it is with KS");
    assert_eq!(running("maria.santos"), 0, "TO never had it");
}

#[test]
fn a_party_lets_its_own_workers_in() {
    let stage = Stage::set("rights-links");
    run(
        &[
            "worker",
            "change",
            "--data",
            &stage.data,
            "mara.linden",
            "--role",
            "administrator",
        ],
        0,
    );
    let (admin, leader) = (api(&stage, "mara.linden"), api(&stage, "jana.kos"));
    let invite = |by: &Api, worker: &str| by.post("/links", &json!({ "worker": worker }));
    let own = invite(&leader, "piotr.zielinski").expect(201);
    let path = own["path"].as_str().expect("a path");
    assert!(path.starts_with("/sign-in/"), "{own}");
    support::sign_in(
        stage.server.address,
        path.rsplit('/').next().expect("a token"),
    );
    // Everybody of the cast has signed in: Kestrel's team leader looks after Kestrel now.
    assert_eq!(
        invite(&admin, "agnieszka.wrona").problem(403),
        "BATON-ACCESS-058"
    );
    invite(&admin, "tom.harms").expect(201);
    assert_eq!(
        invite(&leader, "maria.santos").problem(404),
        "BATON-ACCESS-019"
    );
    let plain = api(&stage, "agnieszka.wrona");
    assert_eq!(invite(&plain, "jana.kos").problem(403), "BATON-ACCESS-057");
    // Nobody of Docklens can invite: the client still does.
    invite(&admin, "docklens-reader").expect(201);
}

const NARROW: &str = r#"
id = "KS-2026"
name = "Exceptions and verification, Kraków"
client = "LV"
provider = "KS"
currency = "EUR"
zone = "Europe/Berlin"
from = "2026-01-01"
sites = ["kestrel-krakow"]

[[lane]]
id = "resolve"
price = { card = "1.1", unit = "3.90" }
read = ["invoice.*", "supplier.name", "exception.*", "resolution.*"]
write = ["resolution.answer", "resolution.reason"]
freetext = "none"

[[level]]
id = "resolve-on-time"
name = "Resolve exception on time, 8 h"
lane = "resolve"
kind = "on-time"
within = "PT8H"
target = "92 %"
"#;

#[test]
fn of_a_lanes_fields_a_provider_sees_what_its_agreement_grants() {
    let stage = Stage::set("rights-terms");
    let worker = "agnieszka.wrona";
    let provider = api(&stage, worker);
    let case = format!("/cases/{}", stage.resolve.id);
    let fields = |api: &Api| api.get(&case).expect(200)["fields"].clone();
    let before = fields(&provider);
    let vat = before["supplier.vat"]["value"]
        .as_str()
        .expect("shown")
        .to_string();
    assert_eq!(before["supplier.phone"]["revealable"], true, "{before}");
    assert!(stage.get(worker, &case).body.contains(&vat));

    let file = Path::new(&stage.data).join("KS-narrow.toml");
    std::fs::write(&file, NARROW).expect("written");
    let file = file.display().to_string();
    run(&["agreement", "import", "--data", &stage.data, &file], 0);
    let after = fields(&provider);
    assert_eq!(
        after["supplier.vat"],
        json!({ "masked": "••••", "revealable": false }),
        "{after}"
    );
    assert_eq!(after["supplier.phone"]["revealable"], false, "{after}");
    assert!(
        after["supplier.name"]["value"].is_string(),
        "granted by both"
    );
    let page = stage.get(worker, &case);
    assert!(!page.body.contains(&vat), "{}", page.body);
    let row = page.body.split("VAT number").nth(1).expect("its row");
    assert!(
        row[..300].contains("masked") && row[..300].contains("i-lock"),
        "{}",
        &row[..300]
    );
    let list = provider.get("/cases?q=brixner").expect(200);
    assert_eq!(
        list["items"][0]["id"],
        stage.resolve.id.as_str(),
        "the name is granted"
    );
    let reveal = json!({ "field": "supplier.phone", "reason": "a call" });
    let refused = provider.post(&format!("{case}/reveal"), &reveal);
    assert_eq!(refused.problem(403), "BATON-ACCESS-042");
    let entries = provider
        .get(&format!("{case}/entries"))
        .expect(200)
        .to_string();
    assert!(
        !entries.contains(&vat),
        "the journal tells no more than the page"
    );

    // It writes what both let it write.
    let item = format!("/items/{}", stage.resolve.item);
    let claimed = provider
        .post(&format!("{item}/claim"), &json!({}))
        .expect(200);
    assert!(
        claimed["fields"]["supplier.vat"]["value"].is_null(),
        "{claimed}"
    );
    let answer = |note: Option<&str>| {
        let mut fields =
            json!({ "resolution.answer": "accept", "resolution.reason": "list_price_changed" });
        if let Some(note) = note {
            fields["resolution.note"] = Value::from(note);
        }
        json!({ "fence": claimed["fence"], "fields": fields })
    };
    let refused = provider.post(&format!("{item}/complete"), &answer(Some("Not agreed.")));
    assert_eq!(refused.problem(403), "BATON-ACCESS-032");

    // A version that leaves the lane out, like one that has ended, opens nothing that was closed.
    let without = NARROW.replace("\"resolve\"", "\"verify\"");
    std::fs::write(&file, without).expect("written");
    run(&["agreement", "import", "--data", &stage.data, &file], 0);
    let left_out = fields(&provider);
    assert_eq!(
        left_out["supplier.vat"], after["supplier.vat"],
        "{left_out}"
    );

    // To the client it narrows nothing.
    assert_eq!(
        fields(&api(&stage, "tom.harms"))["supplier.vat"]["value"],
        vat.as_str()
    );
    run(&["verify", "--data", &stage.data], 0);
}
