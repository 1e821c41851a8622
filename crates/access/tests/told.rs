//! What a journal page tells whom: the same entry to the client, to the party that did the work and to
//! another provider of the case.

mod given;

use baton_access::{Place, SealError, Shown, SubjectKey, Told, ToldEntry, open, seal};
use baton_journal::event::FieldRevealed;
use baton_journal::{Actor, Entry, Event};
use baton_model::{Cell, Masked, Record, Value};
use given::{Given, allocated, by, started};
use std::collections::BTreeMap;

const IBAN: &str = "DE89370400440532013000";

fn key() -> SubjectKey {
    SubjectKey::new([5; 32])
}

fn record(given: &Given, text: (&str, &str)) -> Record {
    let place = Place::new(&given.tenant, "P2P-1");
    let iban = seal(
        &key(),
        place,
        &"s".into(),
        "supplier.iban",
        &Value::text(IBAN),
    );
    BTreeMap::from([
        ("supplier.iban".to_owned(), iban.expect("sealed")),
        (text.0.to_owned(), Cell::Clear(Value::text(text.1))),
    ])
}

/// Agnieszka of KS completes her item; the process goes on.
fn entry(given: &Given, actor: Actor) -> Entry {
    let (case, item) = ("P2P-1", "P2P-1.2");
    let fields = record(given, ("resolution.answer", "accept"));
    let completed = Event::ItemCompleted {
        case: case.into(),
        item: item.into(),
        worker: "aga".into(),
        fields,
    };
    let decided = Event::Decided {
        case: case.into(),
        node: "route".into(),
        decision: "route".into(),
        version: 1,
        element: None,
        rules: vec![],
        result: Value::text("secret result"),
    };
    Entry {
        format: 1,
        tenant: given.tenant.clone(),
        n: 9,
        at: given.now,
        actor,
        cause: "c".into(),
        command: baton_journal::Command::Resume {
            item: item.into(),
            case: case.into(),
        },
        events: vec![completed, decided, started("P2P-2")],
    }
}

fn told(given: &Given, worker: &str, entry: &Entry) -> Option<Masked<ToldEntry>> {
    let scope = given.scope(worker);
    let case = "P2P-1".into();
    let sight = given.access.case(&case).expect("loaded").expect("known");
    let mut told = Told::to(&scope);
    if sight.seen_by(&scope) {
        let own = sight
            .items
            .iter()
            .filter(|(_, holding)| holding.workable_by(&scope));
        let reading = given
            .access
            .reading(&scope, sight, given.now)
            .expect("loaded");
        told = told.case(case, own.map(|(item, _)| item.clone()), reading);
    }
    let opener = |field: &str, cell: &Cell| -> Result<Value, SealError> {
        open(Some(&key()), &given.tenant, field, cell)
    };
    told.entry(entry, &opener)
}

fn json(told: &Masked<ToldEntry>) -> String {
    serde_json::to_string(told).expect("JSON")
}

#[test]
fn the_party_that_did_it_is_told_all_but_what_is_masked() {
    let given = Given::cast().case("P2P-1");
    let told = told(&given, "aga", &entry(&given, by("aga", "KS"))).expect("told");
    let entry = told.show();
    assert_eq!((entry.events.len(), entry.silent), (2, 1));
    assert_eq!(
        entry.worker.as_ref().map(|worker| worker.as_str()),
        Some("aga")
    );
    let completed = &entry.events[0];
    assert_eq!(completed.label, "item_completed");
    assert_eq!(
        completed.worker.as_ref().map(|worker| worker.as_str()),
        Some("aga")
    );
    let hint = Shown::Masked {
        hint: "DE•• •••• 3000".into(),
        revealable: true,
    };
    assert_eq!(completed.fields["supplier.iban"], hint);
    assert!(!json(&told).contains(IBAN));
}

#[test]
fn another_provider_of_the_case_learns_that_something_happened() {
    let given = Given::cast().case("P2P-1");
    let told = told(&given, "maria", &entry(&given, by("aga", "KS"))).expect("told");
    let text = json(&told);
    for secret in [
        "aga",
        "KS",
        "P2P-1.2",
        "P2P-2",
        "accept",
        "resolution",
        "secret",
        IBAN,
        "3000",
    ] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
    assert_eq!(told.show().events[0].label, "item_completed");
}

#[test]
fn the_client_is_told_the_party_but_no_names_of_its_workers() {
    let given = Given::cast().case("P2P-1");
    let told = told(&given, "lena", &entry(&given, by("aga", "KS"))).expect("told");
    assert_eq!(
        told.show().party.as_ref().map(|party| party.as_str()),
        Some("KS")
    );
    assert_eq!((told.show().events.len(), told.show().silent), (3, 0));
    assert_eq!(
        told.show().events[0]
            .item
            .as_ref()
            .map(|item| item.as_str()),
        Some("P2P-1.2")
    );
    let text = json(&told);
    assert!(!text.contains("aga") && !text.contains(IBAN), "{text}");
}

#[test]
fn who_sees_no_case_of_an_entry_is_told_nothing_of_it() {
    let given = Given::cast().case("P2P-1");
    assert_eq!(told(&given, "jan", &entry(&given, by("aga", "KS"))), None);
}

#[test]
fn a_reveal_is_told_to_the_client_and_to_its_own_party() {
    let given = Given::cast().case("P2P-1");
    let mut entry = entry(&given, by("aga", "KS"));
    entry.events = vec![Event::FieldRevealed(FieldRevealed {
        case: "P2P-1".into(),
        field: "supplier.iban".into(),
        worker: "aga".into(),
        reason: "the supplier rang up".into(),
    })];
    assert_eq!(told(&given, "maria", &entry), None);
    for worker in ["aga", "lena"] {
        let told = told(&given, worker, &entry).expect("told");
        assert_eq!(told.show().events[0].facts["field"], "supplier.iban");
    }
}

/// Maria of TO typed a draft and asked; then the lane went to KS, and the client answered.
#[test]
fn of_an_item_that_was_handed_over_the_next_party_is_not_told_who_had_it() {
    let mut given = Given::cast().case("P2P-1");
    let (case, item) = ("P2P-1", "P2P-1.3");
    let before = allocated(case, item, "resolve", "TO");
    given.event(before.clone());
    let after = allocated(case, item, "resolve", "KS");
    given.event(after.clone());
    let draft = Event::DraftSaved {
        case: case.into(),
        item: item.into(),
        worker: "maria".into(),
        fields: record(&given, ("invoice.note", "typed by Tala")),
    };
    let of = |party: &str, worker: &str| {
        Event::RequestAnswered(Box::new(baton_journal::event::RequestAnswered {
            case: case.into(),
            item: item.into(),
            request: 4,
            by: party.into(),
            worker: worker.into(),
            text: given::sealed("s"),
            given_by: None,
        }))
    };
    let taken = Event::ItemAssigned {
        case: case.into(),
        item: item.into(),
        worker: "maria".into(),
        until: given.now,
    };
    let by_to = Entry {
        events: vec![taken, draft, of("TO", "maria"), before],
        ..entry(&given, by("maria", "TO"))
    };
    let text = json(&told(&given, "aga", &by_to).expect("told"));
    for secret in ["maria", "TO", "TO-1", "typed by Tala"] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
    let client = json(&told(&given, "lena", &by_to).expect("told"));
    assert!(
        client.contains("\"party\":\"TO\"") && !client.contains("maria"),
        "{client}"
    );
    let by_lv = Entry {
        events: vec![after],
        ..entry(&given, by("lena", "LV"))
    };
    let text = json(&told(&given, "aga", &by_lv).expect("told"));
    assert!(
        text.contains("\"party\":\"KS\""),
        "its own arrival is told: {text}"
    );
}
