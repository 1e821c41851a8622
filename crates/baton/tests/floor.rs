//! People at work: what items ask of workers, giving items to somebody, what workers do and for how long,
//! and the team leader's floor over HTTP.

mod support;

use baton_app::clock::SetClock;
use baton_app::people::{self, Change};
use baton_app::ticks::{Watch, tick};
use baton_app::views::work::{self, Filter};
use baton_app::views::{Reader, floor, time};
use baton_app::{Failure, Receipt};
use baton_journal::command::{Assign, DecideTime, ProposeTime};
use baton_journal::people::WorkState;
use baton_journal::{Command, Event};
use baton_model::{Micros, WallTime, WorkerId};
use std::sync::Arc;
use support::Temporary;
use support::house::{House, Item, packs_folder};
use support::stage::Stage;

/// Friday, 20 November 2026, 09:00 in Kraków.
const NINE: Micros = Micros(1_795_161_600_000_000);
const INVOICE: &str = "3-invoices/INV-20419-brixner.xml";

fn minutes(minutes: i64) -> Micros {
    NINE.plus(WallTime::minutes(minutes))
}

/// A house with an exception in the lane `resolve`, whose pack says more of that lane.
fn house(name: &str, more: &str, clock: Arc<SetClock>) -> (House, Item, Temporary) {
    let folder = Temporary::new(name);
    copy(&packs_folder().join("purchase-to-pay"), folder.path());
    let file = folder.path().join("pack.toml");
    let text = std::fs::read_to_string(&file).expect("the pack");
    let said = "write = [\"resolution.*\"]\n";
    assert!(text.contains(said), "the lane resolve");
    let text = text.replace(said, &format!("{said}{more}\n"));
    std::fs::write(&file, text).expect("written");
    let house = House::found_at(name, &folder.path().display().to_string(), clock);
    let sample = packs_folder().join("purchase-to-pay/sample");
    let all = |folder: &str| -> Vec<String> {
        let read = std::fs::read_dir(sample.join(folder)).expect("samples");
        let mut names: Vec<String> = read
            .map(|file| format!("{folder}/{}", file.expect("a file").file_name().display()))
            .collect();
        names.sort();
        names
    };
    let mut files = [all("1-orders"), all("2-receipts")].concat();
    files.push(INVOICE.to_owned());
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    let case = house.sample(&files);
    let item = house
        .open(&case, "resolve_exception")
        .expect("an exception");
    (house, item, folder)
}

fn copy(from: &std::path::Path, to: &std::path::Path) {
    for entry in std::fs::read_dir(from).expect("a folder").flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            std::fs::create_dir_all(&target).expect("a folder");
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), &target).expect("a file");
        }
    }
}

fn code(refused: Result<Receipt, Failure>) -> String {
    let failure = refused.expect_err("refused");
    let rejection = failure.rejection().expect("a rejection");
    format!("{}: {}", rejection.code, rejection.message)
}

fn assign(
    house: &House,
    leader: &str,
    item: &Item,
    worker: Option<&str>,
) -> Result<Receipt, Failure> {
    house.submit(
        house.worker(leader),
        Command::Assign(Assign {
            item: item.id.clone(),
            case: item.case.clone(),
            worker: worker.map(WorkerId::new),
            why: "knows the supplier".into(),
        }),
    )
}

#[test]
fn an_item_asks_for_skill_and_language_and_says_what_is_missing() {
    let clock = Arc::new(SetClock::at(NINE));
    let more = "skills = [\"tax\"]\nlanguage = \"supplier.country\"";
    let (house, item, _folder) = house("asks", more, clock);
    let viewer = house.viewer("piotr.zielinski");
    let listed = || {
        let reader = Reader::of(&house.app, &viewer.scope);
        work::list(&reader, &viewer.scope, &Filter::default(), 9).expect("the list")
    };
    let misses = listed()[0].misses.clone().expect("something is missing");
    assert!(
        misses.contains("the skill tax and the language DE"),
        "{misses}"
    );
    let refused = code(house.claim("piotr.zielinski", &item));
    assert!(refused.starts_with("BATON-DESK-011"), "{refused}");
    assert!(
        refused.contains("the skill tax and the language DE"),
        "{refused}"
    );
    let next = Command::ClaimNext {
        candidates: vec![(item.case.clone(), item.id.clone())],
    };
    let none = code(house.submit(house.worker("piotr.zielinski"), next));
    assert!(none.starts_with("BATON-DESK-010"), "{none}");

    let learned = Change {
        skills: vec!["tax".into()],
        languages: vec!["de".into()],
        ..Change::default()
    };
    let none = Change::default();
    people::change(
        &house.app,
        &house.tenant,
        "piotr.zielinski",
        &learned,
        &none,
    )
    .expect("learned");
    assert_eq!(listed()[0].misses, None);
    house.claim("piotr.zielinski", &item).expect("claimed now");
}

#[test]
fn a_team_leader_gives_an_item_to_one_who_can_and_the_worker_sees_who_did() {
    let clock = Arc::new(SetClock::at(NINE));
    let (house, item, _folder) = house("gives", "", clock.clone());
    let by_nobody = code(assign(&house, "agnieszka.wrona", &item, Some("jana.kos")));
    assert!(by_nobody.starts_with("BATON-DESK-025"), "{by_nobody}");
    let other = code(assign(&house, "jana.kos", &item, Some("maria.santos")));
    assert!(other.starts_with("BATON-DESK-014"), "{other}");
    assert!(
        other.contains("does not do this lane for your party"),
        "{other}"
    );
    let queued = code(assign(&house, "jana.kos", &item, None));
    assert!(queued.starts_with("BATON-DESK-012"), "{queued}");
    let outside = code(assign(&house, "maria.santos", &item, Some("maria.santos")));
    assert!(!outside.contains("knows"), "{outside}");

    house.claim("agnieszka.wrona", &item).expect("claimed");
    let given = assign(&house, "jana.kos", &item, Some("piotr.zielinski")).expect("given");
    let labels: Vec<String> = given.events.iter().map(Event::label).collect();
    assert_eq!(labels, ["item_released", "item_directed", "item_assigned"]);
    let again = code(assign(&house, "jana.kos", &item, Some("piotr.zielinski")));
    assert!(again.starts_with("BATON-DESK-013"), "{again}");

    let viewer = house.viewer("piotr.zielinski");
    let reader = Reader::of(&house.app, &viewer.scope);
    let listed = work::list(&reader, &viewer.scope, &Filter::default(), 9).expect("the list");
    let (leader, why) = listed[0].given.clone().expect("given by somebody");
    assert_eq!(
        (leader.as_str(), why.as_str()),
        ("jana.kos", "knows the supplier")
    );
    // To be given an item is no break's end: the worker has said nothing.
    let people = floor::people(&reader, &viewer.scope, NINE).expect("people");
    let piotr = people
        .iter()
        .find(|one| one.id == "piotr.zielinski")
        .expect("him");
    assert_eq!((piotr.state(), piotr.hands.len()), ("off", 1));

    // Beyond the short lease of a claim the item is still with him.
    clock.set(minutes(45));
    tick(&house.app, &mut Watch::default()).expect("a tick");
    let reader = Reader::of(&house.app, &viewer.scope);
    let still = work::one(&reader, &viewer.scope, &item.id)
        .expect("read")
        .expect("the item");
    assert_eq!(still.worker, Some(WorkerId::new("piotr.zielinski")));
    assign(&house, "jana.kos", &item, None).expect("back to the queue");
    let free = work::one(&reader, &viewer.scope, &item.id)
        .expect("read")
        .expect("the item");
    assert_eq!((free.worker, free.given), (None, None));
}

#[test]
fn the_states_of_a_day_add_up_and_a_correction_needs_a_leader() {
    let clock = Arc::new(SetClock::at(NINE));
    let (house, item, _folder) = house("times", "", clock.clone());
    let says = |state| house.submit(house.worker("agnieszka.wrona"), Command::SetState { state });
    says(WorkState::Available).expect("at work");
    assert!(code(says(WorkState::Available)).starts_with("BATON-DESK-020"));
    clock.set(minutes(10));
    house.claim("agnieszka.wrona", &item).expect("claimed");
    clock.set(minutes(30));
    let release = Command::Release {
        item: item.id.clone(),
        case: item.case.clone(),
    };
    house
        .submit(house.worker("agnieszka.wrona"), release)
        .expect("given back");
    clock.set(minutes(40));
    says(WorkState::Break).expect("a break");
    clock.set(minutes(55));
    // Whoever takes an item is back from the break.
    let back = house
        .claim("agnieszka.wrona", &item)
        .expect("claimed again");
    assert_eq!(back.events[0].label(), "worker_state_set");
    clock.set(minutes(60));
    says(WorkState::Wrap).expect("wraps up");
    clock.set(minutes(65));
    says(WorkState::Off).expect("goes home");

    let viewer = house.viewer("agnieszka.wrona");
    let day = || {
        let reader = Reader::of(&house.app, &viewer.scope);
        let window = (NINE, minutes(120));
        time::day(&reader, &viewer.scope, &viewer.scope.worker, window).expect("the day")
    };
    let in_minutes = |day: &time::Day| -> Vec<(&str, i64)> {
        let sums = day.sums().into_iter();
        sums.map(|(state, sum)| (state, sum.0 / 60_000_000))
            .collect()
    };
    let recorded = [
        ("active", 25),
        ("available", 20),
        ("wrap", 5),
        ("break", 15),
        ("training", 0),
    ];
    assert_eq!(in_minutes(&day()), recorded);
    assert_eq!(
        day().shift(),
        WallTime::minutes(65),
        "first available to signed out"
    );

    let propose = |from: i64, until: i64| {
        let asked = ProposeTime {
            id: format!("c{from}"),
            state: WorkState::Training,
            from: minutes(from),
            until: minutes(until),
            why: "coached by Jana".into(),
        };
        house.submit(house.worker("agnieszka.wrona"), Command::ProposeTime(asked))
    };
    assert!(code(propose(40, 40)).starts_with("BATON-DESK-023"));
    assert!(
        code(propose(60, 600)).starts_with("BATON-DESK-023"),
        "not over yet"
    );
    propose(35, 45).expect("proposed");
    assert_eq!(
        in_minutes(&day()),
        recorded,
        "nothing counts before it is decided"
    );
    let decide = |who: &str, worker: &str| {
        let asked = DecideTime {
            id: "c35".into(),
            worker: WorkerId::new(worker),
            approved: true,
            why: "true".into(),
        };
        house.submit(house.worker(who), Command::DecideTime(asked))
    };
    assert!(code(decide("agnieszka.wrona", "agnieszka.wrona")).starts_with("BATON-DESK-025"));
    assert!(code(decide("maria.santos", "agnieszka.wrona")).starts_with("BATON-DESK-024"));
    decide("jana.kos", "agnieszka.wrona").expect("approved");
    assert!(code(decide("jana.kos", "agnieszka.wrona")).starts_with("BATON-DESK-024"));
    let counted = [
        ("active", 25),
        ("available", 15),
        ("wrap", 5),
        ("break", 10),
        ("training", 10),
    ];
    assert_eq!(in_minutes(&day()), counted);
    assert_eq!(day().shift(), WallTime::minutes(65));
    let still: i64 = day().recorded.iter().map(|one| one.length().0).sum();
    assert_eq!(still, WallTime::minutes(65).0, "what was recorded stays");
}

#[test]
fn a_shift_that_nobody_ended_ends_by_itself() {
    let clock = Arc::new(SetClock::at(NINE));
    let (house, item, _folder) = house("shift", "", clock.clone());
    house.claim("agnieszka.wrona", &item).expect("claimed");
    let viewer = house.viewer("agnieszka.wrona");
    let state = || {
        let reader = Reader::of(&house.app, &viewer.scope);
        let people = floor::people(&reader, &viewer.scope, NINE).expect("people");
        let one = people.iter().find(|one| one.id == "agnieszka.wrona");
        one.map(floor::Person::state).expect("her")
    };
    assert_eq!(state(), "active");
    clock.set(minutes(11 * 60));
    tick(&house.app, &mut Watch::default()).expect("a tick");
    assert_eq!(state(), "available", "the idle item went back");
    clock.set(minutes(24 * 60));
    tick(&house.app, &mut Watch::default()).expect("a tick");
    assert_eq!(state(), "off");
}

#[test]
fn the_floor_is_its_leaders_and_gives_items_without_scripts() {
    let stage = Stage::set("floor");
    for (worker, status) in [
        ("jana.kos", 200),
        ("agnieszka.wrona", 404),
        ("mara.linden", 404),
    ] {
        assert_eq!(stage.get(worker, "/floor").status, status, "{worker}");
    }
    let floor = stage.get("jana.kos", "/floor").body;
    assert!(floor.contains("Resolve exception") && floor.contains("Piotr Zieliński"));
    assert!(!floor.contains("Maria Santos"), "only the own party");
    assert!(!floor.contains(&stage.verify.item), "only the own items");

    let form = |worker: &str, item: &str| format!("item={item}&worker={worker}&why=knows+it");
    let given = stage.post(
        "jana.kos",
        "/floor/assign",
        &form("agnieszka.wrona", &stage.resolve.item),
    );
    assert_eq!(given.status, 303);
    let list = stage.get("agnieszka.wrona", "/work").body;
    assert!(
        list.contains("given by Jana Kos: knows it"),
        "the worker sees who gave it"
    );
    let refused = stage.post(
        "jana.kos",
        "/floor/assign",
        &form("jose.reyes", &stage.resolve.item),
    );
    let to = refused
        .head
        .lines()
        .find(|line| line.to_lowercase().starts_with("location"));
    let to = to
        .and_then(|line| line.split_once(": "))
        .expect("an address")
        .1;
    assert!(
        stage
            .get("jana.kos", to.trim())
            .body
            .contains("does not do this lane")
    );
    let foreign = stage.post(
        "jana.kos",
        "/floor/assign",
        &form("agnieszka.wrona", &stage.verify.item),
    );
    assert_eq!(foreign.status, 303);
    assert!(
        !stage
            .get("jana.kos", "/floor")
            .body
            .contains(&stage.verify.item)
    );

    assert_eq!(
        stage
            .post("agnieszka.wrona", "/state", "state=break&back=//evil")
            .status,
        303
    );
    assert!(
        stage
            .get("jana.kos", "/floor?state=break")
            .body
            .contains("Agnieszka Wrona")
    );
    assert!(
        stage
            .get("jana.kos", "/time?worker=agnieszka.wrona")
            .body
            .contains("Time of Agnieszka")
    );
    for (who, whom) in [
        ("agnieszka.wrona", "jana.kos"),
        ("maria.santos", "agnieszka.wrona"),
    ] {
        let path = format!("/time?worker={whom}");
        assert_eq!(stage.get(who, &path).status, 404, "{who} asks for {whom}");
    }
    let csv = stage.get("agnieszka.wrona", "/time.csv").body;
    assert!(csv.contains("agnieszka.wrona,recorded,break,"), "{csv}");
}

#[test]
fn every_number_of_the_map_opens_as_many_cases() {
    let stage = Stage::set("map");
    let map = stage.get("mara.linden", "/map?lane=resolve").body;
    assert!(map.contains("3 cases open"), "in the drawing's sentence");
    let mut seen = 0;
    for part in map.split("href=\"/cases?").skip(1) {
        let address = part
            .split('"')
            .next()
            .expect("an address")
            .replace("&#38;", "&")
            .replace("&amp;", "&");
        let count = part.split('>').nth(1).expect("its text");
        let Ok(count) = count
            .split('<')
            .next()
            .unwrap_or_default()
            .trim()
            .parse::<usize>()
        else {
            continue;
        };
        let list = stage.get("mara.linden", &format!("/cases?{address}")).body;
        assert_eq!(list.matches("data-row").count(), count, "{address}");
        seen += 1;
    }
    assert!(seen >= 4, "{seen} numbers were opened");
    let place = |lane: &str| map.find(&format!(">{lane}</text>")).expect("the lane");
    let lanes = ["Receive", "Verify", "Resolve exception", "Approve", "Pay"];
    let order: Vec<usize> = lanes.iter().map(|lane| place(lane)).collect();
    assert!(order.is_sorted(), "in the process's order");

    let kestrel = stage.get("agnieszka.wrona", "/map").body;
    assert!(kestrel.contains("another party") && !kestrel.contains(">Verify</text>"));
    assert!(kestrel.contains("1 cases open"), "its own cases only");
    assert_eq!(stage.get("agnieszka.wrona", "/map?lane=verify").status, 404);
    let allocation = stage.get("mara.linden", "/allocation").body;
    let place = |name: &str| {
        allocation
            .find(&format!("<b>{name}</b>"))
            .expect("the lane")
    };
    assert!(place("Receive") < place("Verify") && place("Resolve exception") < place("Approve"));
}
