//! A ramp of several steps by the page: the form without scripts, its effects before it is confirmed, the plan
//! as it runs with what its gates measured, a roll-back, and cancelling it.

mod support;

use baton_app::clock::SetClock;
use baton_app::command::Event;
use baton_app::lanes;
use baton_app::ticks::{Watch, tick};
use baton_model::{Micros, WallTime};
use std::collections::BTreeMap;
use std::sync::Arc;
use support::house::House;
use support::served::Served;

/// Monday, 23 November 2026, 09:00 in Hamburg.
const NINE: Micros = Micros(1_795_420_800_000_000);

fn days(days: i64) -> Micros {
    NINE.plus(WallTime::hours(24 * days))
}

fn encoded(fields: &BTreeMap<String, String>) -> String {
    let safe = |text: &str| -> String {
        let byte = |byte: u8| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'_' | b'-' => {
                char::from(byte).to_string()
            }
            other => format!("%{other:02X}"),
        };
        text.bytes().map(byte).collect()
    };
    let pairs = fields
        .iter()
        .map(|(name, value)| format!("{}={}", safe(name), safe(value)));
    pairs.collect::<Vec<_>>().join("&")
}

/// The fields of a form of the page as a browser would send them.
fn form(page: &str, begins: &str) -> BTreeMap<String, String> {
    let from = page.find(begins).unwrap_or_else(|| panic!("no {begins}"));
    let form = page[from..].split("</form>").next().expect("its end");
    let mut fields = BTreeMap::new();
    for tag in form.split("<input ").skip(1) {
        let tag = tag.split('>').next().expect("its end");
        let value = |name: &str| {
            let (_, rest) = tag.split_once(&format!("{name}=\""))?;
            rest.split('"').next().map(str::to_owned)
        };
        if let Some(name) = value("name") {
            fields.insert(name, value("value").unwrap_or_default());
        }
    }
    for select in form.split("<select ").skip(1) {
        let select = select.split("</select>").next().expect("its end");
        let name = select
            .split("name=\"")
            .nth(1)
            .and_then(|it| it.split('"').next());
        let options: Vec<&str> = select.split("<option ").skip(1).collect();
        let chosen = options
            .iter()
            .find(|it| it.contains(" selected"))
            .or(options.first());
        let value = chosen.and_then(|it| it.split("value=\"").nth(1)?.split('"').next());
        if let (Some(name), Some(value)) = (name, value) {
            fields.insert(name.into(), value.into());
        }
    }
    fields
}

fn set(fields: &mut BTreeMap<String, String>, changes: &[(&str, &str)]) {
    for (name, value) in changes {
        fields.insert((*name).into(), (*value).into());
    }
}

fn shares(house: &House) -> String {
    let all = lanes::all(&house.app, &house.tenant).expect("lanes");
    let lane = all.into_iter().find(|one| one.id.as_str() == "verify");
    let parts = lane.expect("the lane").parts;
    let mut parts: Vec<String> = parts
        .iter()
        .filter(|part| part.share.basis_points > 0)
        .map(|part| format!("{} {}", part.share.party, part.share.basis_points / 100))
        .collect();
    parts.sort();
    parts.join(", ")
}

/// Where a form of the ramp is typed and shown: a step is added, filled and its effects looked at.
fn typed(served: &Served<'_>, mara: &str) -> BTreeMap<String, String> {
    let page = served.get(mara, "/allocation?lane=verify&act=ramp").body;
    let mut fields = form(&page, "class=\"ramp-form\"");
    assert_eq!(fields["at.1"], "2026-11-24T08:00", "tomorrow at eight");
    assert_eq!(fields["share.1.TO"], "100");
    set(
        &mut fields,
        &[("share.1.TO", "90"), ("share.1.KS", "10"), ("add", "1")],
    );
    for _ in 0..2 {
        let page = served
            .get(mara, &format!("/allocation?{}", encoded(&fields)))
            .body;
        fields = form(&page, "class=\"ramp-form\"");
        set(&mut fields, &[("add", "1")]);
    }
    fields.remove("add");
    assert_eq!(
        fields["at.3"], "2026-12-08T08:00",
        "a week after the one before"
    );
    assert_eq!(fields["gate.3.is"], "on_time", "a later step has a gate");
    assert_eq!(fields["share.3.KS"], "10", "a copy of the step before");
    set(&mut fields, &[("remove", "2")]);
    let page = served
        .get(mara, &format!("/allocation?{}", encoded(&fields)))
        .body;
    let mut fields = form(&page, "class=\"ramp-form\"");
    assert!(!fields.contains_key("at.3"), "a step is gone");
    assert_eq!(
        fields["at.2"], "2026-12-08T08:00",
        "the others are numbered anew"
    );
    set(
        &mut fields,
        &[
            ("share.2.TO", "70"),
            ("share.2.KS", "30"),
            ("gate.2.of", "TO"),
            ("gate.2.points", "60"),
            ("gate.2.hops", "1"),
            ("gate.2.days", "30"),
        ],
    );
    fields
}

#[test]
fn a_ramp_is_typed_looked_at_confirmed_and_cancelled() {
    let clock = Arc::new(SetClock::at(NINE));
    let house = House::found_at("ramp-page", "purchase-to-pay", clock.clone());
    let served = Served::of(&house);
    let mara = served.sign_in("mara.linden");
    let mut fields = typed(&served, &mara);

    set(&mut fields, &[("share.2.KS", "31")]);
    let page = served
        .get(&mara, &format!("/allocation?{}", encoded(&fields)))
        .body;
    assert!(
        page.contains("step 2: the shares add up to 101 %, not 100 %"),
        "said where"
    );
    assert!(!page.contains(">Plan the ramp"), "and cannot be confirmed");
    set(
        &mut fields,
        &[("share.2.KS", "30"), ("at.2", "2026-11-24T07:00")],
    );
    let page = served
        .get(&mara, &format!("/allocation?{}", encoded(&fields)))
        .body;
    assert!(page.contains("step 2 is not later than what comes before it"));
    set(&mut fields, &[("at.2", "2026-12-08T08:00")]);
    let page = served
        .get(&mara, &format!("/allocation?{}", encoded(&fields)))
        .body;
    for said in [
        "Tue 24 Nov: new cases to KS",
        "Tue 8 Dec: new cases to KS",
        "Gate of step 2: TO at least 60 % on time",
        "waits for 1",
        "Share of KS in Verify: 0 % before, 10 % from Tue 24 Nov, 30 % from Tue 8 Dec",
    ] {
        assert!(page.contains(said), "{said}");
    }
    assert_eq!(shares(&house), "TO 100", "nothing has changed yet");

    let mut confirm = form(&page, "class=\"effects-form\"");
    let unexplained = served.post(&mara, "/allocation", &encoded(&confirm));
    assert_eq!(unexplained.status, 422);
    assert!(
        unexplained.body.contains("say why"),
        "and keeps what was typed"
    );
    assert_eq!(
        form(&unexplained.body, "class=\"ramp-form\"")["share.2.KS"],
        "30"
    );
    set(&mut confirm, &[("reason", "ramp of Kestrel")]);
    assert_eq!(
        served.post(&mara, "/allocation", &encoded(&confirm)).status,
        303
    );
    let events = house.entries().into_iter().flat_map(|entry| entry.events);
    let planned = events.filter_map(|event| match event {
        Event::SharesPlanned(plan) => Some(plan),
        _ => None,
    });
    let planned: Vec<_> = planned.collect();
    assert_eq!((planned.len(), planned[0].steps.len()), (1, 2));
    assert_eq!(
        planned[0].steps[1].gate.as_ref().map(|gate| gate.points),
        Some(6_000)
    );

    clock.set(days(2));
    tick(&house.app, &mut Watch::default()).expect("a tick");
    assert_eq!(shares(&house), "KS 10, TO 90", "the first step");
    let mara = served.sign_in("mara.linden");
    let page = served.get(&mara, "/allocation?lane=verify").body;
    assert!(page.contains("Ramp: Kestrel Shared Services in Verify"));
    assert!(page.contains(">taken</span>") && page.contains(">planned</span>"));
    assert!(page.contains("today 10 %"), "in the drawing");
    assert!(page.contains("cancel the plan below"), "one ramp at a time");

    let page = served.get(&mara, "/allocation?lane=verify&act=cancel").body;
    let mut cancel = form(&page, "class=\"effects-form\"");
    set(&mut cancel, &[("reason", "the gate is too low")]);
    assert_eq!(
        served.post(&mara, "/allocation", &encoded(&cancel)).status,
        303
    );
    let page = served.get(&mara, "/allocation?lane=verify").body;
    assert!(page.contains(">cancelled</span>") && page.contains("the last plan is over"));
    clock.set(days(30));
    tick(&house.app, &mut Watch::default()).expect("a tick");
    assert_eq!(shares(&house), "KS 10, TO 90", "nothing more comes");
}

#[test]
fn what_a_gate_measured_stands_beside_its_step_whether_it_held_or_not() {
    let clock = Arc::new(SetClock::at(NINE));
    let house = House::found_at("ramp-gates", "purchase-to-pay", clock.clone());
    let case = house.sample(&["3-invoices/8830021-stadtwerke.xml"]);
    let item = house
        .open(&case, "check_document")
        .expect("an item of Verify");
    house.claim("maria.santos", &item).expect("claimed");
    let fields = support::house::fields(&[("verify.answer", "not_ours")]);
    house
        .done(&case, "check_document", "maria.santos", fields)
        .expect("completed in time");
    let served = Served::of(&house);
    let mara = served.sign_in("mara.linden");
    let mut fields = typed(&served, &mara);
    // A third step that cannot hold: nothing may come back, and all must be on time by then.
    set(&mut fields, &[("add", "1")]);
    let page = served
        .get(&mara, &format!("/allocation?{}", encoded(&fields)))
        .body;
    let mut fields = form(&page, "class=\"ramp-form\"");
    set(
        &mut fields,
        &[
            ("share.3.TO", "50"),
            ("share.3.KS", "50"),
            ("gate.3.is", "returned"),
            ("gate.3.points", "0"),
        ],
    );
    let page = served
        .get(&mara, &format!("/allocation?{}", encoded(&fields)))
        .body;
    assert!(page.contains("100 % of 1"), "measured now");
    let mut confirm = form(&page, "class=\"effects-form\"");
    set(&mut confirm, &[("reason", "ramp of Kestrel")]);
    assert_eq!(
        served.post(&mara, "/allocation", &encoded(&confirm)).status,
        303
    );
    for day in [2, 16] {
        clock.set(days(day));
        tick(&house.app, &mut Watch::default()).expect("a tick");
    }
    assert_eq!(shares(&house), "KS 30, TO 70");
    let mara = served.sign_in("mara.linden");
    let page = served.get(&mara, "/allocation?lane=verify").body;
    assert!(
        page.contains("TO had 100 % of 1 hops on time, at least 60 % is asked"),
        "the gate that held says what it measured"
    );
}
