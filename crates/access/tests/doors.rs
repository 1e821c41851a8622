//! Set-up, sign-in and who may ask for what: given a journal, when a command, then events or a refusal
//! with its code.

mod given;

use baton_access::ORIGINALS_AN_HOUR;
use baton_journal::command::IssueToken;
use baton_journal::event::SessionOpened;
use baton_journal::setup::InFlight;
use baton_journal::{Command, Event};
use baton_model::{Cell, Micros, Value, WallTime};
use given::{Given, allocated, by, party, sealed, site, worker};
use std::collections::BTreeMap;

fn hash(sign: char) -> String {
    sign.to_string().repeat(64)
}

fn invite(given: &Given, worker: &str, link: char) -> Command {
    let until = given.now.plus(WallTime::hours(24));
    Command::Invite {
        worker: worker.into(),
        link: hash(link),
        until,
    }
}

fn enter(given: &Given, link: char, session: char) -> Command {
    let until = given.now.plus(WallTime::hours(8));
    Command::OpenSession {
        link: hash(link),
        session: hash(session),
        until,
    }
}

#[test]
fn a_tenant_begins_once_with_one_client_and_fixed_slots() {
    let mut given = Given::cast();
    let system = || baton_journal::Actor::System;
    let again = Command::Found {
        name: "x".into(),
        simulated: false,
        client: "KS".into(),
    };
    assert_eq!(given.refused(system(), again), "BATON-ACCESS-010");
    let foreign = Command::RegisterSite(site("XX"));
    assert_eq!(given.refused(system(), foreign), "BATON-ACCESS-011");
    let taken = Command::RegisterParty(party("DL", 2));
    assert_eq!(given.refused(system(), taken), "BATON-ACCESS-012");
    let changed = Command::RegisterParty(party("KS", 5));
    assert_eq!(given.refused(system(), changed), "BATON-ACCESS-012");
    let client = Command::RegisterParty(party("DL", 0));
    assert_eq!(given.refused(system(), client), "BATON-ACCESS-013");
    let mut odd = worker("bob", "KS", &[], &[]);
    odd.site = "TO-1".into();
    assert_eq!(
        given.refused(system(), Command::RegisterWorker(odd)),
        "BATON-ACCESS-014"
    );
    let moved = Command::RegisterWorker(worker("aga", "TO", &[], &[]));
    assert_eq!(given.refused(system(), moved), "BATON-ACCESS-015");
    let parties: Vec<_> = given
        .view("party")
        .into_iter()
        .map(|row| row[0].clone())
        .collect();
    assert_eq!(parties, ["KS", "LV", "TO"]);
}

#[test]
fn a_workers_name_in_the_clear_is_refused() {
    let mut given = Given::cast();
    let mut bob = worker("bob", "KS", &[], &[]);
    bob.name = Cell::Clear(Value::text("Bob"));
    let code = given.refused(baton_journal::Actor::System, Command::RegisterWorker(bob));
    assert_eq!(code, "BATON-ACCESS-016");
}

#[test]
fn a_worker_who_leaves_a_lane_loses_its_row() {
    let mut given = Given::cast();
    given.accept(Command::RegisterWorker(worker(
        "aga",
        "KS",
        &["resolve", "pay"],
        &[],
    )));
    given.accept(Command::RegisterWorker(worker("aga", "KS", &["pay"], &[])));
    let lanes = given.view("worker_lane");
    let own: Vec<_> = lanes
        .iter()
        .filter(|row| row[0] == "aga")
        .map(|row| &row[1])
        .collect();
    assert_eq!(own, ["pay"]);
}

#[test]
fn set_up_is_for_administrators_of_the_client() {
    let mut given = Given::cast().case("P2P-1");
    let commands = || {
        [
            Command::RegisterWorker(worker("bob", "KS", &[], &[])),
            Command::EraseSubject {
                subject: "s".into(),
                reason: "request 7".into(),
            },
        ]
    };
    for (who, party) in [("jan", "KS"), ("lena", "LV")] {
        for command in commands() {
            assert_eq!(given.refused(by(who, party), command), "BATON-ACCESS-017");
        }
    }
    for command in commands() {
        given.when(by("ute", "LV"), command).expect("allowed");
    }
    assert_eq!(given.view("erasure").len(), 1);
    let token = |worker: &str| {
        Command::IssueToken(IssueToken {
            worker: worker.into(),
            hash: hash('b'),
            name: "robot".into(),
            until: Micros(i64::MAX),
        })
    };
    // A program acts as a worker of the administrator's own party alone.
    let refused = given.refused(by("ute", "LV"), token("aga"));
    assert_eq!(refused, "BATON-ACCESS-019");
    given.when(by("ute", "LV"), token("lena")).expect("allowed");
}

#[test]
fn a_party_lets_its_own_workers_in_and_the_client_gives_the_first_link() {
    let mut given = Given::cast();
    given.accept(Command::RegisterWorker(worker(
        "bob",
        "KS",
        &[],
        &["team-leader"],
    )));
    given.accept(Command::RegisterWorker(worker(
        "tim",
        "TO",
        &[],
        &["team-leader"],
    )));
    let first = invite(&given, "bob", 'a');
    given.when(by("ute", "LV"), first).expect("the first link");
    let again = invite(&given, "aga", 'b');
    given
        .when(by("ute", "LV"), again)
        .expect("nobody was here yet");
    given.accept(enter(&given, 'b', 'c'));
    let still = invite(&given, "bob", 'd');
    given
        .when(by("ute", "LV"), still)
        .expect("aga cannot invite");
    given.accept(enter(&given, 'a', 'e'));
    let late = invite(&given, "aga", 'f');
    assert_eq!(
        given.refused(by("ute", "LV"), late.clone()),
        "BATON-ACCESS-058"
    );
    given.when(by("bob", "KS"), late).expect("bob lets aga in");
    let own = invite(&given, "lena", '1');
    assert_eq!(
        given.refused(by("bob", "KS"), own.clone()),
        "BATON-ACCESS-019"
    );
    assert_eq!(
        given.refused(by("lena", "LV"), own.clone()),
        "BATON-ACCESS-057"
    );
    given.when(by("ute", "LV"), own).expect("the own party");
    let other = invite(&given, "tim", '2');
    given
        .when(by("ute", "LV"), other)
        .expect("TO has not been here");
}

#[test]
fn who_runs_a_lane_is_for_vendor_managers_and_administrators_of_the_client() {
    let mut given = Given::cast();
    let manager = ["vendor-manager"];
    given.accept(Command::RegisterWorker(worker("mara", "LV", &[], &manager)));
    given.accept(Command::RegisterWorker(worker("zoe", "KS", &[], &manager)));
    let (lane, party) = (|| "pay".into(), || "KS".into());
    let reason = || "why".to_string();
    let commands = || {
        [
            Command::Allocate {
                lane: lane(),
                party: party(),
                reason: reason(),
            },
            Command::SetShares {
                lane: lane(),
                shares: Vec::new(),
                in_flight: InFlight::Split,
                reason: reason(),
            },
            Command::PauseParty {
                lane: lane(),
                party: party(),
                in_flight: InFlight::Split,
                reason: reason(),
            },
            Command::ResumeParty {
                lane: lane(),
                party: party(),
                reason: reason(),
            },
            Command::StepIn {
                lane: lane(),
                party: party(),
                in_flight: InFlight::Split,
                reason: reason(),
            },
        ]
    };
    for (who, party) in [("jan", "KS"), ("lena", "LV"), ("zoe", "KS")] {
        for command in commands() {
            assert_eq!(given.refused(by(who, party), command), "BATON-ACCESS-052");
        }
    }
    for command in commands() {
        given
            .when(by("mara", "LV"), command.clone())
            .expect("a vendor manager may");
        given
            .when(by("ute", "LV"), command)
            .expect("an administrator may");
    }
    let slice = Command::HandOver {
        lane: lane(),
        items: Vec::new(),
    };
    assert!(
        given
            .refused(by("ute", "LV"), slice)
            .starts_with("BATON-ACCESS"),
        "the shell's own"
    );
}

#[test]
fn a_worker_is_believed_only_with_the_own_party() {
    let mut given = Given::cast().case("P2P-1");
    let claim = || Command::Claim {
        item: "P2P-1.1".into(),
        case: "P2P-1".into(),
    };
    assert_eq!(given.refused(by("aga", "TO"), claim()), "BATON-ACCESS-018");
    assert_eq!(
        given.refused(by("nobody", "TO"), claim()),
        "BATON-ACCESS-018"
    );
}

#[test]
fn a_link_works_once_and_only_its_hash_is_kept() {
    let mut given = Given::cast();
    given.accept(invite(&given, "aga", 'a'));
    let events = given.accept(enter(&given, 'a', 'b'));
    assert!(
        matches!(&events[..], [Event::SessionOpened(SessionOpened { worker, .. })] if worker.as_str() == "aga")
    );
    let again = enter(&given, 'a', 'c');
    assert_eq!(
        given.refused(baton_journal::Actor::System, again),
        "BATON-ACCESS-021"
    );
    let unknown = enter(&given, 'd', 'c');
    assert_eq!(
        given.refused(baton_journal::Actor::System, unknown),
        "BATON-ACCESS-021"
    );
    let plain = Command::Invite {
        worker: "aga".into(),
        link: "token".into(),
        until: Micros(0),
    };
    assert_eq!(
        given.refused(baton_journal::Actor::System, plain),
        "BATON-ACCESS-020"
    );
    let nobody = invite(&given, "nobody", 'e');
    assert_eq!(
        given.refused(baton_journal::Actor::System, nobody),
        "BATON-ACCESS-019"
    );
    let same = invite(&given, "aga", 'a');
    assert_eq!(
        given.refused(baton_journal::Actor::System, same),
        "BATON-ACCESS-024"
    );
}

#[test]
fn a_link_ends_after_a_day_whatever_was_asked() {
    let mut given = Given::cast();
    let (start, forever) = (given.now, Micros(i64::MAX));
    given.accept(Command::Invite {
        worker: "aga".into(),
        link: hash('a'),
        until: forever,
    });
    given.now = start.plus(WallTime::hours(24));
    let late = enter(&given, 'a', 'b');
    assert_eq!(
        given.refused(baton_journal::Actor::System, late.clone()),
        "BATON-ACCESS-021"
    );
    given.now = Micros(given.now.0 - 1);
    given.accept(late);
    let past = Command::Invite {
        worker: "aga".into(),
        link: hash('f'),
        until: given.now,
    };
    assert_eq!(
        given.refused(baton_journal::Actor::System, past),
        "BATON-ACCESS-023"
    );
}

#[test]
fn a_session_gives_a_scope_until_it_ends_or_is_closed() {
    let mut given = Given::cast();
    given.accept(invite(&given, "aga", 'a'));
    given.accept(enter(&given, 'a', 'b'));
    let start = given.now;
    let scope = |given: &Given, now| {
        let scope = given.access.scope(&given.tenant, &hash('b'), now);
        scope.expect("loaded")
    };
    let seen = scope(&given, start).expect("holds");
    assert_eq!((seen.party.as_str(), seen.client), ("KS", false));
    assert_eq!(seen, from_rows(&given, start).expect("holds"));
    let end = start.plus(WallTime::hours(8));
    assert!(scope(&given, end).is_none() && from_rows(&given, end).is_none());

    let close = || Command::CloseSession { session: hash('b') };
    assert_eq!(
        given.refused(by("maria", "TO"), close()),
        "BATON-ACCESS-022"
    );
    given.when(by("aga", "KS"), close()).expect("closed");
    assert!(scope(&given, start).is_none() && from_rows(&given, start).is_none());
    assert_eq!(given.refused(by("aga", "KS"), close()), "BATON-ACCESS-022");
}

/// What the query of `SESSION_SQL` would join.
fn from_rows(given: &Given, now: Micros) -> Option<baton_model::Scope> {
    let find = |view: &'static str, key: &str| {
        let key = vec![baton_journal::Datum::from(key)];
        given.rows.get(&(view, key)).cloned()
    };
    let session = find("session", &hash('b'))?;
    let worker = find("worker", session[1].text()?)?;
    let [id, party, lanes, client] = [0, 1, 5, 7].map(|column: usize| worker[column].clone());
    let row = vec![id, party, lanes, client, session[2].clone()];
    baton_access::scope_of(&given.tenant, &row, now)
}

#[test]
fn an_item_is_done_only_in_the_own_lane_of_the_own_party() {
    let mut given = Given::cast().case("P2P-1");
    let claim = |item: &str| Command::Claim {
        item: item.into(),
        case: "P2P-1".into(),
    };
    given.when(by("aga", "KS"), claim("P2P-1.2")).expect("own");
    let foreign = given.when(by("aga", "KS"), claim("P2P-1.1")).unwrap_err();
    let absent = given.when(by("aga", "KS"), claim("P2P-1.9")).unwrap_err();
    assert_eq!(foreign.code, "BATON-ACCESS-030");
    assert_eq!((foreign.code, foreign.kind), (absent.code, absent.kind));
    assert_eq!(
        foreign.message.replace("P2P-1.1", "P2P-1.9"),
        absent.message
    );
    assert_eq!(
        given.refused(by("lena", "LV"), claim("P2P-1.2")),
        "BATON-ACCESS-031"
    );
    assert_eq!(
        given.refused(by("jan", "KS"), claim("P2P-1.2")),
        "BATON-ACCESS-030"
    );
    let next = Command::ClaimNext {
        candidates: ["P2P-1.2", "P2P-1.1"]
            .map(|item| ("P2P-1".into(), item.into()))
            .to_vec(),
    };
    assert_eq!(given.refused(by("aga", "KS"), next), "BATON-ACCESS-030");
}

#[test]
fn only_declared_fields_are_written() {
    let mut given = Given::cast().case("P2P-1");
    let complete = |field: &str| Command::Complete {
        item: "P2P-1.2".into(),
        case: "P2P-1".into(),
        expected: 1,
        fields: BTreeMap::from([(field.to_owned(), sealed("s"))]),
    };
    given
        .when(by("aga", "KS"), complete("resolution.answer"))
        .expect("declared");
    let refused = given
        .when(by("aga", "KS"), complete("invoice.gross"))
        .unwrap_err();
    assert_eq!(refused.code, "BATON-ACCESS-032");
    assert_eq!(refused.about.as_deref(), Some("invoice.gross"));
}

#[test]
fn timers_and_denials_are_batons_own_and_incidents_the_clients() {
    let mut given = Given::cast().case("P2P-1");
    let timer = Command::FireTimer {
        case: "P2P-1".into(),
        timer: "1".into(),
    };
    assert_eq!(given.refused(by("ute", "LV"), timer), "BATON-ACCESS-050");
    let resolve = |case: &str| Command::ResolveIncident {
        case: case.into(),
        incident: "1".into(),
        record: BTreeMap::new(),
    };
    given
        .when(by("lena", "LV"), resolve("P2P-1"))
        .expect("client");
    assert_eq!(
        given.refused(by("aga", "KS"), resolve("P2P-1")),
        "BATON-ACCESS-017"
    );
    assert_eq!(
        given.refused(by("jan", "KS"), resolve("P2P-1")),
        "BATON-ACCESS-040"
    );
    let note = |count| Command::NoteDenials {
        worker: "aga".into(),
        what: "P2P-9".into(),
        count,
    };
    assert_eq!(
        given.refused(baton_journal::Actor::System, note(0)),
        "BATON-ACCESS-051"
    );
    given.accept(note(3));
    assert_eq!(given.view("denial")[0][2..5], ["aga", "P2P-9", "3"]);
}

#[test]
fn sight_follows_the_allocation() {
    let mut given = Given::cast().case("P2P-1");
    let rows = |given: &Given| -> Vec<String> {
        given
            .view("sight")
            .iter()
            .map(|row| row.join("|"))
            .collect()
    };
    let before = rows(&given);
    let expected = [
        "KS|P2P-1|resolve|",
        "KS|P2P-1|resolve|P2P-1.2",
        "LV|P2P-1||",
        "TO|P2P-1|verify|",
        "TO|P2P-1|verify|P2P-1.1",
    ];
    assert_eq!(before, expected);
    given.event(allocated("P2P-1", "P2P-1.2", "resolve", "TO"));
    let after = rows(&given);
    assert!(after.iter().all(|row| !row.starts_with("KS")), "{after:?}");
    assert!(after.contains(&"TO|P2P-1|resolve|P2P-1.2".to_owned()));
    let claim = Command::Claim {
        item: "P2P-1.2".into(),
        case: "P2P-1".into(),
    };
    assert_eq!(given.refused(by("aga", "KS"), claim), "BATON-ACCESS-030");
}

#[test]
fn a_reveal_needs_sight_a_reason_a_grant_and_a_budget() {
    let mut given = Given::cast().case("P2P-1");
    let ask = |case: &str, field: &str, reason: &str| Command::Reveal {
        case: case.into(),
        field: field.into(),
        reason: reason.into(),
    };
    let good = || ask("P2P-1", "supplier.iban", "supplier rang up");
    assert_eq!(given.refused(by("jan", "KS"), good()), "BATON-ACCESS-040");
    let elsewhere = ask("P2P-2", "supplier.iban", "supplier rang up");
    assert_eq!(
        given.refused(by("aga", "KS"), elsewhere),
        "BATON-ACCESS-040"
    );
    let silent = ask("P2P-1", "supplier.iban", "  x ");
    assert_eq!(given.refused(by("aga", "KS"), silent), "BATON-ACCESS-041");
    assert_eq!(given.refused(by("maria", "TO"), good()), "BATON-ACCESS-042");
    for left in (0..5).rev() {
        given
            .when(by("aga", "KS"), good())
            .expect("within the budget");
        let aga = "aga".into();
        assert_eq!(given.access.reveals_left(&aga, given.now), Ok(left));
    }
    assert_eq!(given.refused(by("aga", "KS"), good()), "BATON-ACCESS-043");
    // An original has a budget of its own, and needs to be declared as well.
    let original = || ask("P2P-1", "original.D-1", "original");
    assert_eq!(
        given.refused(by("aga", "KS"), original()),
        "BATON-ACCESS-042"
    );
    for _ in 0..ORIGINALS_AN_HOUR {
        given.when(by("lena", "LV"), original()).expect("opened");
    }
    assert_eq!(
        given.refused(by("lena", "LV"), original()),
        "BATON-ACCESS-043"
    );
    let lena = "lena".into();
    assert_eq!(given.access.reveals_left(&lena, given.now), Ok(5));
    given.now = given.now.plus(WallTime::hours(1));
    given.when(by("aga", "KS"), good()).expect("an hour later");
    assert_eq!(given.view("reveal").len(), 6 + ORIGINALS_AN_HOUR);
    assert_eq!(
        given.view("reveal")[0][2..5],
        ["aga", "P2P-1", "supplier.iban"]
    );
}
