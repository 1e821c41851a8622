//! Who may take which case without an expression, where a lane may not go, and shares that change by dated
//! steps: gates, roll-back, the end of a change, undo.

mod support;

use baton_app::clock::SetClock;
use baton_app::ticks::{Watch, tick};
use baton_app::{Failure, Receipt, lanes, ramps};
use baton_journal::command::PlanShares;
use baton_journal::event::{Gate, GateMeasure, Step};
use baton_journal::setup::{InFlight, Share, Takes};
use baton_journal::{Actor, Command, Event};
use baton_model::{
    Cell, Decimal, LaneId, Micros, PartyId, ProcessId, Record, SiteId, Value, WallTime,
};
use std::sync::Arc;
use support::Temporary;
use support::house::{House, fields, packs_folder};

/// Monday, 23 November 2026, 09:00 in Hamburg.
const NINE: Micros = Micros(1_795_420_800_000_000);
const KS: (&str, &str) = ("KS", "kestrel-krakow");
const LV: (&str, &str) = ("LV", "linden-voss-hamburg");

fn house(name: &str, clock: Arc<SetClock>, more: &str) -> House {
    let folder = Temporary::new(&format!("{name}-pack"));
    support::copy(&packs_folder().join("request"), folder.path());
    let pack = folder.path().join("pack.toml");
    let text = std::fs::read_to_string(&pack).expect("the pack");
    let text = text
        .replace(
            "reason = \"request.kind\"\n",
            "reason = \"request.kind\"\namount = \"request.hours\"\n",
        )
        .replace(
            "target = \"PT1H\"\n",
            "target = \"PT1H\"\nlanguage = \"request.tongue\"\n",
        )
        .replace(
            "calendar = \"kestrel\"\n",
            &format!("calendar = \"kestrel\"\n{more}"),
        );
    std::fs::write(&pack, text).expect("the pack");
    House::found_at(name, &folder.path().display().to_string(), clock)
}

fn lane() -> LaneId {
    LaneId::new("intake")
}

fn part((party, site): (&str, &str), percent: u32, takes: Takes) -> Share {
    Share {
        party: PartyId::new(party),
        site: SiteId::new(site),
        basis_points: percent * 100,
        when: None,
        takes,
    }
}

fn order(house: &House, command: Command) -> Result<Receipt, Failure> {
    house.submit(Actor::System, command)
}

fn set(house: &House, shares: Vec<Share>) -> Result<Receipt, Failure> {
    let command = Command::SetShares {
        lane: lane(),
        shares,
        in_flight: InFlight::Split,
        reason: "a second party".into(),
    };
    order(house, command)
}

fn code(refused: Result<Receipt, Failure>) -> String {
    let failure = refused.expect_err("refused");
    let rejection = failure.rejection().expect("a rejection");
    format!("{}: {}", rejection.code, rejection.message)
}

/// Starts a case; who got its first item, and why.
fn start(house: &House, hours: i64, tongue: &str) -> (String, String, String) {
    let record = Record::from([
        (
            "request.hours".to_owned(),
            Cell::Clear(Value::number(Decimal::from(hours))),
        ),
        (
            "request.tongue".to_owned(),
            Cell::Clear(Value::text(tongue)),
        ),
    ]);
    let process = ProcessId::new("request");
    let started = order(house, Command::StartCase { process, record }).expect("a case");
    let given = started.events.into_iter().find_map(|event| match event {
        Event::ItemAllocated {
            case,
            party,
            reason,
            ..
        } => Some((case.to_string(), party.to_string(), reason)),
        _ => None,
    });
    given.expect("an item")
}

/// The shares in force, like `KS 30, LV 70`.
fn shares(house: &House) -> String {
    let all = lanes::all(&house.app, &house.tenant).expect("lanes");
    let lane = all
        .into_iter()
        .find(|one| one.id == lane())
        .expect("the lane");
    let mut parts: Vec<String> = lane
        .parts
        .iter()
        .filter(|part| part.active)
        .map(|part| format!("{} {}", part.share.party, part.share.basis_points / 100))
        .collect();
    parts.sort();
    parts.join(", ")
}

fn last_reason(house: &House) -> String {
    let versions = lanes::versions(&house.app, &house.tenant, &lane()).expect("versions");
    versions[0].reason.clone()
}

fn days(days: i64) -> Micros {
    NINE.plus(WallTime::hours(24 * days))
}

fn ticked(house: &House) {
    tick(&house.app, &mut Watch::default()).expect("a tick");
}

#[test]
fn a_party_takes_cases_by_value_and_language_and_the_reason_says_so() {
    let house = house("takes", Arc::new(SetClock::at(NINE)), "");
    let takes = Takes {
        languages: ["de".to_owned()].into(),
        most: Some(Decimal::from(10)),
        ..Takes::default()
    };
    set(
        &house,
        vec![part(KS, 100, takes), part(LV, 0, Takes::default())],
    )
    .expect("set");
    let (_, party, _) = start(&house, 10, "de-AT");
    assert_eq!(party, "KS");
    let backup = part(LV, 1, Takes::default());
    let takes = Takes {
        languages: ["de".to_owned()].into(),
        most: Some(Decimal::from(10)),
        ..Takes::default()
    };
    set(&house, vec![part(KS, 99, takes), backup]).expect("set");
    let (_, party, why) = start(&house, 11, "de");
    assert_eq!(party, "LV");
    assert!(why.contains("KS takes only cases of at most 10"), "{why}");
    let (_, party, why) = start(&house, 5, "fr");
    assert_eq!(party, "LV");
    assert!(why.contains("KS takes only cases in de"), "{why}");
}

#[test]
fn a_condition_is_read_when_it_is_set() {
    let house = house("condition", Arc::new(SetClock::at(NINE)), "");
    let mut wrong = part(KS, 50, Takes::default());
    wrong.when = Some("request.hours < (".into());
    let before = shares(&house);
    let said = code(set(&house, vec![wrong, part(LV, 50, Takes::default())]));
    assert!(
        said.starts_with("BATON-ENGINE-030") && said.contains("the condition of KS"),
        "{said}"
    );
    assert_eq!(shares(&house), before, "nothing was changed");
    let too_much = vec![
        part(KS, u32::MAX / 100, Takes::default()),
        part(LV, 101, Takes::default()),
    ];
    assert!(code(set(&house, too_much)).starts_with("BATON-ALLOCATION-006"));
}

#[test]
fn a_lane_that_shows_a_barred_class_does_not_go_there() {
    let more = "country = \"PL\"\nbarred = [\"person\"]\n\n[[class]]\nname = \"person\"\nfields = [\"request.from\"]\n";
    let house = house("barred", Arc::new(SetClock::at(NINE)), more);
    for refused in [
        set(
            &house,
            vec![
                part(KS, 50, Takes::default()),
                part(LV, 50, Takes::default()),
            ],
        ),
        order(
            &house,
            Command::StepIn {
                lane: lane(),
                party: PartyId::new("KS"),
                in_flight: InFlight::Finish,
                reason: "storm".into(),
            },
        ),
    ] {
        let said = code(refused);
        assert!(said.starts_with("BATON-ALLOCATION-015"), "{said}");
        assert!(said.contains("`person`") && said.contains("(PL)"), "{said}");
    }
    assert_eq!(shares(&house), "LV 100", "refused before it took effect");
    let other = Command::Allocate {
        lane: LaneId::new("check"),
        party: PartyId::new("KS"),
        reason: "it shows nobody's name".into(),
    };
    order(&house, other).expect("what shows nothing of the class may go");
}

/// Ends the first item of a case of the client so many hours after it began.
fn worked(house: &House, clock: &SetClock, begin: Micros, hours: i64) {
    clock.set(begin);
    let (case, party, _) = start(house, 1, "");
    assert_eq!(party, "LV");
    clock.set(begin.plus(WallTime::hours(hours)));
    let typed = fields(&[
        ("request.title", "A report"),
        ("request.kind", "report"),
        ("request.hours", "1"),
    ]);
    house
        .done(&case, "take_down", "lena.brandt", typed)
        .expect("done");
}

fn ramp(house: &House, gate: Gate, until: Option<Micros>) -> Result<Receipt, Failure> {
    let step = |day, percent, gate| Step {
        at: days(day),
        shares: vec![
            part(KS, percent, Takes::default()),
            part(LV, 100 - percent, Takes::default()),
        ],
        gate,
    };
    let plan = PlanShares {
        lane: lane(),
        steps: vec![
            step(1, 10, None),
            step(2, 30, Some(gate.clone())),
            step(3, 50, Some(gate)),
        ],
        until,
        in_flight: InFlight::Split,
        reason: "ramp of Kestrel".into(),
    };
    order(house, Command::PlanShares(plan))
}

fn gate(points: u32, hops: u32) -> Gate {
    Gate {
        measure: GateMeasure::OnTime,
        party: PartyId::new("LV"),
        points,
        hops,
        days: 7,
    }
}

fn states(house: &House) -> Vec<String> {
    let steps = ramps::all(&house.app, &house.tenant, &lane()).expect("the plan");
    steps.into_iter().map(|step| step.state).collect()
}

#[test]
fn steps_are_taken_at_their_instants_while_their_gates_hold_and_roll_back_when_one_fails() {
    let clock = Arc::new(SetClock::at(NINE));
    let house = house("ramp", clock.clone(), "");
    ramp(&house, gate(6_000, 2), None).expect("planned");
    assert!(code(ramp(&house, gate(6_000, 2), None)).starts_with("BATON-ALLOCATION-016"));
    ticked(&house);
    assert_eq!(shares(&house), "LV 100", "nothing before its instant");
    worked(&house, &clock, NINE, 0);
    clock.set(days(1));
    ticked(&house);
    assert_eq!(shares(&house), "KS 10, LV 90");
    assert_eq!(last_reason(&house), "step 1 of 3: ramp of Kestrel");
    clock.set(days(2));
    ticked(&house);
    assert_eq!(
        shares(&house),
        "KS 10, LV 90",
        "one hop is too few: the step waits"
    );
    // A second hop that was on time.
    worked(&house, &clock, days(2), 0);
    ticked(&house);
    assert_eq!(shares(&house), "KS 30, LV 70");
    assert_eq!(states(&house), ["taken", "taken", "planned"]);
    // Two that were late: 50 % of 4 on time, 60 % are asked.
    order(
        &house,
        Command::PauseParty {
            lane: lane(),
            party: PartyId::new("KS"),
            in_flight: InFlight::Finish,
            reason: "so that the client gets the next two".into(),
        },
    )
    .expect("paused");
    worked(&house, &clock, days(2).plus(WallTime::minutes(5)), 3);
    worked(&house, &clock, days(2).plus(WallTime::minutes(185)), 3);
    order(
        &house,
        Command::ResumeParty {
            lane: lane(),
            party: PartyId::new("KS"),
            reason: "done".into(),
        },
    )
    .expect("resumed");
    clock.set(days(3));
    ticked(&house);
    assert_eq!(
        shares(&house),
        "KS 10, LV 90",
        "back to the last step that held"
    );
    let why = last_reason(&house);
    assert!(
        why.starts_with("rolled back to step 1: LV had 50 % of 4 hops on time"),
        "{why}"
    );
    assert_eq!(states(&house), ["taken", "taken", "failed"]);
    clock.set(days(9));
    ticked(&house);
    assert_eq!(shares(&house), "KS 10, LV 90", "the plan is over");
}

#[test]
fn a_change_can_be_dated_at_both_ends_cancelled_overtaken_and_undone() {
    let clock = Arc::new(SetClock::at(NINE));
    let house = house("dated", clock.clone(), "");
    let dated = |from: i64, until: Option<i64>| {
        let plan = PlanShares {
            lane: lane(),
            steps: vec![Step {
                at: days(from),
                shares: vec![
                    part(KS, 100, Takes::default()),
                    part(LV, 0, Takes::default()),
                ],
                gate: None,
            }],
            until: until.map(days),
            in_flight: InFlight::Finish,
            reason: "holidays".into(),
        };
        order(&house, Command::PlanShares(plan))
    };
    assert!(
        code(dated(0, None)).starts_with("BATON-ALLOCATION-018"),
        "not ahead"
    );
    assert!(
        code(dated(2, Some(1))).starts_with("BATON-ALLOCATION-018"),
        "ends before it begins"
    );
    dated(1, Some(2)).expect("planned");
    clock.set(days(1));
    ticked(&house);
    assert_eq!(shares(&house), "KS 100");
    clock.set(days(2));
    ticked(&house);
    assert_eq!(shares(&house), "LV 100", "until that day");
    assert_eq!(states(&house), ["taken", "taken"]);

    dated(3, None).expect("planned");
    let cancel = || {
        let reason = "not needed".into();
        order(
            &house,
            Command::CancelPlan {
                lane: lane(),
                reason,
            },
        )
    };
    cancel().expect("cancelled");
    assert!(code(cancel()).starts_with("BATON-ALLOCATION-020"));
    dated(3, None).expect("planned again");
    set(
        &house,
        vec![
            part(KS, 40, Takes::default()),
            part(LV, 60, Takes::default()),
        ],
    )
    .expect("by hand");
    assert_eq!(states(&house), ["overtaken"]);
    clock.set(days(4));
    ticked(&house);
    assert_eq!(shares(&house), "KS 40, LV 60");

    let undo = || {
        let reason = "wrong lane".into();
        order(
            &house,
            Command::UndoChange {
                lane: lane(),
                reason,
            },
        )
    };
    undo().expect("undone");
    assert_eq!(shares(&house), "LV 100");
    assert!(last_reason(&house).ends_with("undone: wrong lane"));
    undo().expect("the undoing is undone");
    assert_eq!(shares(&house), "KS 40, LV 60");
    order(
        &house,
        Command::PauseParty {
            lane: lane(),
            party: PartyId::new("KS"),
            in_flight: InFlight::HandOver,
            reason: "storm".into(),
        },
    )
    .expect("paused");
    assert_eq!(shares(&house), "LV 60");
    undo().expect("the pause is undone");
    assert_eq!(shares(&house), "KS 40, LV 60");
}
