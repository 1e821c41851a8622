//! Lanes that several parties run: exact shares, pause and resume, step-in, hand-over of open work items
//! and what the clocks say of it, over the real app.

#![allow(
    clippy::print_stdout,
    reason = "what was counted is the point of the test"
)]

mod support;

use baton_app::{Failure, lanes, proofs};
use baton_journal::setup::{InFlight, Share};
use baton_journal::{Actor, Command, Event};
use baton_model::{CaseId, LaneId, PartyId, ProcessId, Record, SiteId, WorkItemId};
use std::collections::BTreeMap;
use std::time::Instant;
use support::Temporary;
use support::house::{House, Item, packs_folder};

const KS: (&str, &str) = ("KS", "kestrel-krakow");
const TO: (&str, &str) = ("TO", "tala-manila");
const LV: (&str, &str) = ("LV", "linden-voss-hamburg");

/// A house with the pack `request`, in which a worker of each party does the lane.
fn house(name: &str) -> House {
    let folder = Temporary::new(&format!("{name}-pack"));
    support::copy(&packs_folder().join("request"), folder.path());
    let pack = folder.path().join("pack.toml");
    let text = std::fs::read_to_string(&pack).expect("the pack");
    let text = text
        .replace("lanes = [\"", "lanes = [\"intake\", \"")
        .replace("\"intake\", \"intake\"", "\"intake\"");
    std::fs::write(&pack, text).expect("the pack");
    House::found(name, &folder.path().display().to_string())
}

fn lane() -> LaneId {
    LaneId::new("intake")
}

fn part((party, site): (&str, &str), percent: u32) -> Share {
    Share {
        party: PartyId::new(party),
        site: SiteId::new(site),
        basis_points: percent * 100,
        when: None,
        takes: Default::default(),
    }
}

fn order(house: &House, command: Command) -> Result<baton_app::Receipt, Failure> {
    house.submit(Actor::System, command)
}

fn share(house: &House, shares: Vec<Share>) {
    let command = Command::SetShares {
        lane: lane(),
        shares,
        in_flight: InFlight::Split,
        reason: "second provider".into(),
    };
    order(house, command).expect("the shares are set");
}

fn pause(house: &House, party: &str, in_flight: InFlight) {
    let (lane, party) = (lane(), PartyId::new(party));
    let reason = "accuracy below target".into();
    let command = Command::PauseParty {
        lane,
        party,
        in_flight,
        reason,
    };
    order(house, command).expect("the party is paused");
}

fn resume(house: &House, party: &str) {
    let command = Command::ResumeParty {
        lane: lane(),
        party: PartyId::new(party),
        reason: "retrained".into(),
    };
    order(house, command).expect("the party is resumed");
}

/// An item as it was given to a party, and why.
struct Given {
    case: CaseId,
    item: WorkItemId,
    party: String,
    why: String,
}

/// Starts a case; the item it begins with.
fn start(house: &House) -> Given {
    let process = ProcessId::new("request");
    let record = Record::new();
    let started = order(house, Command::StartCase { process, record }).expect("a case");
    let given = started.events.into_iter().find_map(|event| match event {
        Event::ItemAllocated {
            case,
            item,
            party,
            reason,
            ..
        } => Some(Given {
            case,
            item,
            party: party.to_string(),
            why: reason,
        }),
        _ => None,
    });
    given.expect("an item")
}

fn claim(
    house: &House,
    given: &Given,
    worker: &str,
    party: &str,
) -> Result<baton_app::Receipt, Failure> {
    let actor = Actor::Worker {
        party: PartyId::new(party),
        worker: baton_model::WorkerId::new(worker),
    };
    house.submit(
        actor,
        Command::Claim {
            item: given.item.clone(),
            case: given.case.clone(),
        },
    )
}

/// Open items of each party in the lane, from the page's own query.
fn open(house: &House) -> BTreeMap<String, i64> {
    let lanes = lanes::all(&house.app, &house.tenant).expect("the lanes");
    let intake = lanes
        .into_iter()
        .find(|it| it.id == lane())
        .expect("intake");
    let parts = intake.parts.into_iter();
    parts
        .map(|part| (part.share.party.to_string(), part.open))
        .collect()
}

fn verified(house: &House) {
    let report = proofs::verify(house.app.store(), &house.tenant, &[], &|_| {}).expect("a report");
    assert!(report.holds(), "{report:?}");
}

#[test]
fn a_thousand_cases_at_70_and_30_are_700_and_300_and_no_prefix_is_off_by_one() {
    let house = house("shares");
    share(&house, vec![part(KS, 70), part(TO, 30), part(LV, 0)]);
    let mut got: BTreeMap<String, f64> = BTreeMap::new();
    for case in 1..=1_000 {
        let given = start(&house);
        assert!(given.why.contains("its turn"), "{}", given.why);
        *got.entry(given.party).or_default() += 1.0;
        for (party, part) in [("KS", 0.7), ("TO", 0.3)] {
            let off = (got.get(party).copied().unwrap_or_default() - part * f64::from(case)).abs();
            assert!(off < 1.0, "{party} is off by {off} after {case} cases");
        }
    }
    assert_eq!((got["KS"], got["TO"]), (700.0, 300.0));
    verified(&house);
    println!("1,000 cases: KS 700, TO 300; no prefix off by a case");
}

#[test]
fn a_party_that_comes_back_is_not_flooded() {
    let house = house("resume");
    share(&house, vec![part(KS, 90), part(TO, 10)]);
    (0..50).for_each(|_| drop(start(&house)));
    pause(&house, "TO", InFlight::Finish);
    let paused: Vec<Given> = (0..200).map(|_| start(&house)).collect();
    assert!(
        paused.iter().all(|given| given.party == "KS"),
        "nothing new while paused"
    );
    assert!(paused[0].why.contains("TO is paused"), "{}", paused[0].why);
    resume(&house, "TO");
    let after: Vec<String> = (0..50).map(|_| start(&house).party).collect();
    let came = after.iter().filter(|party| *party == "TO").count();
    assert_eq!(
        came, 5,
        "a new count: 10 % of 50, not the backlog of the pause"
    );
    let longest = after
        .split(|party| party == "KS")
        .map(<[String]>::len)
        .max();
    assert_eq!(longest, Some(1), "never two in a row");
    verified(&house);
}

#[test]
fn a_paused_party_finishes_what_is_started_and_the_rest_is_handed_over_once() {
    let house = house("split");
    share(&house, vec![part(KS, 50), part(TO, 50)]);
    let all: Vec<Given> = (0..240).map(|_| start(&house)).collect();
    let mine: Vec<&Given> = all.iter().filter(|given| given.party == "TO").collect();
    assert_eq!(mine.len(), 120);
    for given in &mine[..7] {
        claim(&house, given, "maria.santos", "TO").expect("started");
    }
    pause(&house, "TO", InFlight::Split);
    let moved = lanes::hand_over(&house.app, &house.tenant).expect("handed over");
    assert_eq!(moved, 113, "all that nobody had started, in slices");
    assert_eq!(
        lanes::hand_over(&house.app, &house.tenant).expect("again"),
        0
    );
    assert_eq!(
        open(&house),
        BTreeMap::from([("KS".into(), 233), ("TO".into(), 7)])
    );
    let left =
        claim(&house, mine[50], "maria.santos", "TO").expect_err("it is another party's now");
    assert!(left.rejection().is_some(), "{left}");
    clocks_split(&house, mine[50]);
    verified(&house);
}

/// The hop of the party that stopped ends at the instant the other's begins.
fn clocks_split(house: &House, given: &Given) {
    let rows = house
        .app
        .store()
        .read(
            "select party, from_at, until_at from hop where tenant = $1 and case_id = $2 order by number",
            &[house.tenant.as_str().into(), given.case.as_str().into()],
        )
        .expect("the hops");
    let hops: Vec<(&str, i64, i64)> = rows
        .iter()
        .map(|row| (row[0].text().expect("a party"), row[1].int(), row[2].int()))
        .collect();
    let [("TO", _, until), ("KS", from, 0)] = hops[..] else {
        panic!("{hops:?}");
    };
    assert_eq!(until, from, "no instant is lost or counted twice");
}

#[test]
fn a_backup_that_steps_in_is_offered_the_first_item_within_a_second() {
    let house = house("step-in");
    share(&house, vec![part(KS, 100), part(LV, 0)]);
    (0..150).for_each(|_| drop(start(&house)));
    assert_eq!(open(&house)["LV"], 0, "a backup is dormant");
    let began = Instant::now();
    let command = Command::StepIn {
        lane: lane(),
        party: PartyId::new("LV"),
        in_flight: InFlight::HandOver,
        reason: "Kraków is closed by a storm".into(),
    };
    order(&house, command).expect("stepped in");
    assert_eq!(start(&house).party, "LV", "new cases go there at once");
    let first = began.elapsed();
    lanes::hand_over(&house.app, &house.tenant).expect("handed over");
    assert_eq!(
        open(&house),
        BTreeMap::from([("KS".into(), 0), ("LV".into(), 151)])
    );
    let again = house.submit(
        Actor::System,
        Command::PauseParty {
            lane: lane(),
            party: PartyId::new("LV"),
            in_flight: InFlight::Split,
            reason: "no".into(),
        },
    );
    let refused = again.expect_err("nobody would be left");
    assert!(
        refused.to_string().contains("BATON-ALLOCATION-009")
            || refused.to_string().contains("nobody"),
        "{refused}"
    );
    verified(&house);
    println!(
        "first item offered to the backup {first:?} after the command; 150 handed over in {:?}",
        began.elapsed()
    );
}

#[test]
fn a_condition_keeps_cases_from_a_party_and_each_set_of_parties_has_its_own_count() {
    let house = house("eligible");
    let mut small = part(TO, 50);
    small.when = Some("request.hours < 10".into());
    share(&house, vec![part(KS, 50), small]);
    let given = |hours: i64| {
        let process = ProcessId::new("request");
        let hours = baton_model::Cell::clear(baton_model::Value::number(
            baton_model::Decimal::from(hours),
        ));
        let record = Record::from([("request.hours".to_string(), hours)]);
        let started = order(&house, Command::StartCase { process, record }).expect("a case");
        let of = started.events.iter().find_map(|event| match event {
            Event::ItemAllocated { party, reason, .. } => Some((party.to_string(), reason.clone())),
            _ => None,
        });
        of.expect("an item")
    };
    let large: Vec<_> = (0..10).map(|_| given(40)).collect();
    assert!(large.iter().all(|(party, _)| party == "KS"));
    assert!(large[0].1.contains("takes only"), "{}", large[0].1);
    let small: Vec<_> = (0..10).map(|_| given(2)).collect();
    let of_to = small.iter().filter(|(party, _)| party == "TO").count();
    assert_eq!(
        of_to, 5,
        "large cases do not count against the split of the small ones"
    );
    verified(&house);
}

#[test]
fn a_pause_goes_with_an_item_only_where_another_is_to_answer() {
    let house = house("paused-over");
    share(&house, vec![part(KS, 100), part(LV, 0)]);
    let workers: Vec<String> = ["LV", "KS"]
        .iter()
        .map(|party| worker_of(&house, party))
        .collect();
    let (client, holder) = (&workers[0], house.viewer(&workers[1]));
    let [aside, asked, supplier, returned] = [(); 4].map(|()| {
        let given = start(&house);
        claim(&house, &given, &workers[1], "KS").expect("claimed");
        Item {
            case: given.case,
            id: given.item,
            task: String::new(),
            lane: String::new(),
            excluded: None,
        }
    });
    let set_aside = |item: &Item| {
        let (case, item) = (item.case.clone(), item.id.clone());
        let command = Command::Pause {
            item,
            case,
            reason: "break".into(),
        };
        house.submit(holder.actor(), command).expect("set aside");
    };
    let paused = |item: &Item| {
        let sql = "select paused from work_item where tenant = $1 and item = $2";
        let with = [house.tenant.as_str().into(), item.id.as_str().into()];
        let rows = house.app.store().read(sql, &with).expect("the item");
        rows[0][0].text().map(str::to_owned)
    };
    set_aside(&returned);
    let (case, item) = (returned.case.clone(), returned.id.clone());
    house
        .submit(holder.actor(), Command::Release { item, case })
        .expect("given back");
    assert_eq!(paused(&returned), None, "whoever is next may take it");

    set_aside(&aside);
    house
        .ask(&holder, &asked, "waiting-for-client", "Which price?")
        .expect("asked");
    house
        .ask(&holder, &supplier, "waiting-for-supplier", "Which price?")
        .expect("asked");
    let command = Command::StepIn {
        lane: lane(),
        party: PartyId::new("LV"),
        in_flight: InFlight::HandOver,
        reason: "a storm".into(),
    };
    order(&house, command).expect("stepped in");
    lanes::hand_over(&house.app, &house.tenant).expect("handed over");
    assert_eq!(paused(&aside), None, "the break was another's");
    assert_eq!(
        paused(&asked),
        None,
        "the client waits for nobody but itself"
    );
    assert_eq!(paused(&supplier).as_deref(), Some("waiting-for-supplier"));
    let hops = house.times(&house.viewer(client), asked.case.as_str()).hops;
    let last = hops.last().expect("a hop");
    assert_eq!(
        (last.party.as_str(), last.clock.paused.0),
        ("LV", 0),
        "its clock runs: {last:?}"
    );
    verified(&house);
}

/// A worker of a party who does the lane.
fn worker_of(house: &House, party: &str) -> String {
    let sql = "select w.worker from worker w join worker_lane l on l.tenant = w.tenant and l.worker = w.worker \
        where w.tenant = $1 and w.party = $2 and l.lane = $3 order by w.worker";
    let with = [
        house.tenant.as_str().into(),
        party.into(),
        lane().as_str().into(),
    ];
    let rows = house.app.store().read(sql, &with).expect("the workers");
    rows[0][0].text().expect("a worker").to_owned()
}
