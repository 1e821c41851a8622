//! Pauses, on the pages and over the API of the built program: a clock stands still from a request that the
//! other side can see to its answer, and never on the holder's word alone; who may ask, answer and object;
//! texts are sealed and come through the mask.

mod support;

use serde_json::{Value, json};
use support::api::{Api, token};
use support::run;
use support::stage::{Stage, journal};

const CLIENT: &str = "tom.harms";
const HOLDER: &str = "jana.kos";

struct Desk {
    stage: Stage,
    holder: Api,
    client: Api,
    other: Api,
}

impl Desk {
    /// The exception of the sample is with a worker of KS.
    fn set(name: &str) -> Self {
        let stage = Stage::set(name);
        let of = |worker: &str| Api {
            address: stage.server.address,
            token: token(&stage.data, worker),
        };
        let (holder, client, other) = (of(HOLDER), of(CLIENT), of("maria.santos"));
        let desk = Self {
            holder,
            client,
            other,
            stage,
        };
        desk.holder
            .post(&desk.item("claim"), &json!({}))
            .expect(200);
        desk
    }

    fn item(&self, verb: &str) -> String {
        format!("/items/{}/{verb}", self.stage.resolve.item)
    }

    fn ask(&self, text: &str) -> i64 {
        let asked = json!({ "reason": "waiting-for-client", "request": text });
        let entry = self.holder.post(&self.item("pause"), &asked).expect(200);
        entry["n"].as_i64().expect("a number")
    }

    fn version(&self) -> Value {
        let path = format!("/items/{}", self.stage.resolve.item);
        self.holder.get(&path).expect(200)["version"].clone()
    }

    fn pauses(&self, api: &Api) -> Vec<Value> {
        let path = format!("/cases/{}/pauses", self.stage.resolve.id);
        let all = api.get(&path).expect(200);
        all["items"].as_array().expect("pauses").clone()
    }

    fn hop(&self) -> Value {
        let path = format!("/cases/{}/times", self.stage.resolve.id);
        self.holder.get(&path).expect(200)["hops"][0].clone()
    }
}

#[test]
fn the_holders_word_alone_stops_no_clock() {
    let desk = Desk::set("pauses-alone");
    let pause = |body: Value| desk.holder.post(&desk.item("pause"), &body);
    for (body, code) in [
        (json!({ "reason": "waiting-for-client" }), "BATON-DESK-040"),
        (
            json!({ "reason": "waiting-for-supplier" }),
            "BATON-DESK-040",
        ),
        (json!({ "reason": "lunch" }), "BATON-DESK-007"),
        (
            json!({ "reason": "lunch", "request": "Hungry?" }),
            "BATON-DESK-041",
        ),
        (
            json!({ "reason": "waiting-for-party", "request": "Who?" }),
            "BATON-DESK-042",
        ),
        (
            json!({ "reason": "waiting-for-party", "request": "Who?", "party": "KS" }),
            "BATON-ACCESS-053",
        ),
        (
            json!({ "reason": "waiting-for-party", "request": "Who?", "party": "TO" }),
            "BATON-ACCESS-053",
        ),
        (
            json!({ "reason": "waiting-for-client", "request": " " }),
            "BATON-APP-044",
        ),
    ] {
        assert_eq!(pause(body.clone()).problem(422), code, "{body}");
    }
    pause(json!({ "reason": "break" })).expect(200);
    let kept = desk.pauses(&desk.holder);
    assert_eq!(kept.len(), 1, "{kept:?}");
    assert_eq!(
        (&kept[0]["counts"], &kept[0]["reason"]),
        (&json!(false), &json!("break"))
    );
    let hop = desk.hop();
    assert_eq!(hop["paused_micros"], 0, "its clock runs on: {hop}");
    assert!(hop["due"].is_string(), "and it stays due: {hop}");
    let page = desk
        .stage
        .get(HOLDER, &format!("/items/{}", desk.stage.resolve.item));
    assert!(page.body.contains("set it aside: a break"), "{}", page.body);
    assert!(page.body.contains("the clock ran on"));
    desk.holder
        .post(&desk.item("resume"), &json!({}))
        .expect(200);
    let done = desk
        .holder
        .post(&desk.item("answer"), &json!({ "answer": "Mine." }));
    assert_eq!(done.problem(409), "BATON-DESK-045", "nothing was asked");
    let said = run(
        &["clocks", "--data", &desk.stage.data, &desk.stage.resolve.id],
        0,
    );
    assert!(said.contains("nothing asked: the clock ran on"), "{said}");
}

#[test]
fn the_client_finds_what_is_asked_answers_and_the_clock_runs_again() {
    let desk = Desk::set("pauses-client");
    let n = desk.ask("Which price holds for line 30? Call 0561-123456.");
    let waits = desk.hop();
    assert!(
        waits["paused_micros"].as_i64() > Some(0),
        "it stands still: {waits}"
    );
    let go_on = desk.holder.post(&desk.item("resume"), &json!({}));
    assert_eq!(
        go_on.problem(409),
        "BATON-DESK-044",
        "not before the answer"
    );
    let alone = desk
        .holder
        .post(&desk.item("answer"), &json!({ "answer": "The order's." }));
    assert_eq!(alone.problem(422), "BATON-DESK-046", "who gave it?");
    // The client finds it: over the API, beside the work list, in the list of cases.
    let asked = desk.client.get("/pauses?of_us=true&open=true").expect(200);
    assert_eq!(asked["items"][0]["n"], n, "{asked}");
    assert!(
        asked["items"][0]["request"]["value"]
            .as_str()
            .expect("text")
            .contains("0561-123456")
    );
    let work = desk.stage.get(CLIENT, "/work");
    assert!(work.body.contains("/cases?state=asked"), "{}", work.body);
    let list = desk.stage.get(CLIENT, "/cases?state=asked");
    assert!(
        list.body
            .contains("KS asks: Which price holds for line 30?"),
        "{}",
        list.body
    );
    let page = format!("/cases/{}", desk.stage.resolve.id);
    assert!(desk.stage.get(CLIENT, &page).body.contains("asks you"));
    // A third party learns nothing of it.
    assert_eq!(desk.other.get("/pauses").expect(200)["items"], json!([]));
    let not_mine = desk
        .other
        .post(&desk.item("answer"), &json!({ "answer": "It is mine." }));
    assert_eq!(not_mine.problem(404), "BATON-ACCESS-040");

    let form = "answer=That+of+the+order,+ask+0561-654321.";
    let answered = desk.stage.post(CLIENT, &desk.item("answer"), form);
    assert_eq!(answered.status, 303, "{}", answered.body);
    let after = desk.hop();
    assert!(after["due"].is_string(), "it is due again: {after}");
    let [pause] = &desk.pauses(&desk.holder)[..] else {
        panic!("one pause")
    };
    assert_eq!(
        pause["request"]["value"],
        "Which price holds for line 30? Call 0561-123456."
    );
    // The holder's lane shows free text redacted, and so is what others wrote to it.
    assert_eq!(
        pause["answer"]["text"]["value"],
        "That of the order, ask ████."
    );
    let history = desk.stage.get(HOLDER, &page);
    assert!(
        history.body.contains("the clock runs again"),
        "{}",
        history.body
    );
    assert_eq!(
        desk.client.get("/pauses?of_us=true&open=true").expect(200)["items"],
        json!([])
    );
    let fence = desk
        .holder
        .get(&format!("/items/{}", desk.stage.resolve.item))
        .expect(200);
    let answer = json!({ "fence": fence["fence"], "fields": { "resolution.answer": "order_price",
        "resolution.reason": "supplier_error", "resolution.note": "As the client says." } });
    desk.holder
        .post(&desk.item("complete"), &answer)
        .expect(200);
    // Nothing of it lies open in the journal.
    let (data, _kept) = desk.stage.stop();
    let text = serde_json::to_string(&journal(&data)).expect("JSON");
    for part in ["Which price holds", "0561-123456", "That of the order"] {
        assert!(!text.contains(part), "{part} lies open in the journal");
    }
    run(&["verify", "--data", &data], 0);
}

#[test]
fn an_answer_is_recorded_with_who_gave_it_and_the_client_may_object() {
    let desk = Desk::set("pauses-recorded");
    let asked = json!({ "reason": "waiting-for-supplier", "request": "Which delivery is it?" });
    let n = desk.holder.post(&desk.item("pause"), &asked).expect(200)["n"].clone();
    let open = json!({ "answer": "The second.", "given_by": "B. Kern of Brixner" });
    desk.holder.post(&desk.item("answer"), &open).expect(200);
    let objection = json!({ "pause": n, "why": "The note was in the first mail." });
    let own = desk.holder.post(&desk.item("contest"), &objection);
    assert_eq!(own.problem(403), "BATON-ACCESS-054");
    let before = desk.hop()["paused_micros"].clone();
    desk.client
        .post(&desk.item("contest"), &objection)
        .expect(200);
    let again = desk.client.post(&desk.item("contest"), &objection);
    assert_eq!(again.problem(409), "BATON-DESK-049");
    let nothing = json!({ "pause": 1, "why": "Nothing was asked." });
    let nothing = desk.client.post(&desk.item("contest"), &nothing);
    assert_eq!(nothing.problem(404), "BATON-DESK-048");
    assert_eq!(
        desk.hop()["paused_micros"],
        before,
        "an objection changes no number"
    );
    let page = desk
        .stage
        .get(CLIENT, &format!("/cases/{}", desk.stage.resolve.id));
    for part in [
        "KS recorded the answer of B. Kern of Brixner",
        "objects to this pause",
    ] {
        assert!(page.body.contains(part), "{part}: {}", page.body);
    }
    let said = run(
        &["clocks", "--data", &desk.stage.data, &desk.stage.resolve.id],
        0,
    );
    assert!(
        said.contains("waiting-for-supplier") && said.contains("the client objects in entry"),
        "{said}"
    );
}

#[test]
fn the_client_waits_for_a_party_that_had_the_case_but_not_for_itself() {
    let desk = Desk::set("pauses-party");
    let claim = format!("/items/{}/claim", desk.stage.approve.item);
    let pause = format!("/items/{}/pause", desk.stage.approve.item);
    desk.client.post(&claim, &json!({})).expect(200);
    let own = json!({ "reason": "waiting-for-client", "request": "Do we know?" });
    assert_eq!(
        desk.client.post(&pause, &own).problem(422),
        "BATON-DESK-043"
    );
    let stranger = json!({ "reason": "waiting-for-party", "party": "KS", "request": "Do you?" });
    let refused = desk.client.post(&pause, &stranger);
    assert_eq!(refused.problem(422), "BATON-ACCESS-053", "KS never had it");

    // KS resolves the exception; whoever approves asks it back.
    let fields = json!({ "resolution.answer": "accept", "resolution.reason": "list_price_changed",
        "resolution.note": "The list price has changed." });
    let done = json!({ "version": desk.version(), "fields": fields });
    desk.holder.post(&desk.item("complete"), &done).expect(200);
    let work = desk.client.get("/work?lane=approve").expect(200);
    let items = work["items"].as_array().expect("items");
    let approve = items
        .iter()
        .find(|item| item["case"] == desk.stage.resolve.id.as_str());
    let item = approve.expect("it is to be approved")["id"]
        .as_str()
        .expect("an id")
        .to_string();
    desk.client
        .post(&format!("/items/{item}/claim"), &json!({}))
        .expect(200);
    let unasked = json!({ "answer": "We would have said." });
    let refused = desk.holder.post(&format!("/items/{item}/answer"), &unasked);
    assert_eq!(
        refused.problem(404),
        "BATON-DESK-001",
        "who is not asked is not told of another party's item"
    );
    let asked = json!({ "reason": "waiting-for-party", "party": "KS", "request": "Since when?" });
    desk.client
        .post(&format!("/items/{item}/pause"), &asked)
        .expect(200);
    let asked = desk.holder.get("/pauses?of_us=true&open=true").expect(200);
    assert_eq!(asked["items"][0]["item"], item.as_str(), "{asked}");
    let answer = json!({ "answer": "Since the first of November." });
    desk.holder
        .post(&format!("/items/{item}/answer"), &answer)
        .expect(200);
    let now = desk.client.get(&format!("/items/{item}")).expect(200);
    assert_eq!(now["paused"], Value::Null, "{now}");
}

#[test]
fn what_comes_in_the_clear_is_refused() {
    use baton_journal::Command;
    use baton_journal::command::Ask;
    use baton_model::{Cell, Value};
    let house = support::house::House::found("pauses-clear", "purchase-to-pay");
    let case = house.sample(&[
        "1-orders/4500-7731-brixner.xml",
        "2-receipts/4500-7731-brixner.xml",
        "3-invoices/INV-20419-brixner.xml",
    ]);
    let item = house.open(&case, "resolve_exception").expect("an item");
    house.claim("jana.kos", &item).expect("claimed");
    let ask = Command::Ask(Box::new(Ask {
        item: item.id,
        case: item.case,
        waits_for: "waiting-for-client".into(),
        party: None,
        text: Cell::Clear(Value::text("Which?")),
    }));
    let refused = house.submit(house.worker("jana.kos"), ask).unwrap_err();
    assert_eq!(refused.rejection().expect("refused").code, "BATON-DESK-047");
}
