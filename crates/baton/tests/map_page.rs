//! Hand-overs on the map: counted from hops, on the flow and in the table, each opening into as many rows; and
//! to a provider its own alone.

mod support;

use baton_app::clock::SetClock;
use baton_model::{Micros, WallTime};
use std::sync::Arc;
use support::house::{House, fields};
use support::served::Served;

/// Friday, 20 November 2026, 09:00 in Kraków.
const NINE: Micros = Micros(1_795_161_600_000_000);

/// The numbers with their addresses in a page's table of hand-overs.
fn numbers(page: &str) -> Vec<(u64, String)> {
    let rows = page.split("href=\"/map/hand-overs?").skip(1);
    let counted = rows.filter_map(|part| {
        let address = part.split('"').next()?;
        let address = address.replace("&#38;", "&").replace("&amp;", "&");
        let tag = part.split('>').next()?;
        let count = tag.split("data-count=\"").nth(1)?.split('"').next()?;
        Some((count.parse().ok()?, address))
    });
    counted.collect()
}

#[test]
fn hand_overs_are_counted_from_hops_and_open_into_them() {
    let clock = Arc::new(SetClock::at(NINE));
    let house = House::found_at("hand-overs", "purchase-to-pay", clock.clone());
    let case = house.sample(&["3-invoices/8830021-stadtwerke.xml"]);
    clock.set(NINE.plus(WallTime::minutes(10)));
    let answer = fields(&[("verify.answer", "new")]);
    house
        .done(&case, "check_document", "maria.santos", answer)
        .expect("checked");
    let open = |task| house.open(&case, task);
    let next = open("resolve_exception").or_else(|| open("approve_invoice"));
    let lane = next.expect("the case went on").lane;
    let served = Served::of(&house);
    let mara = served.sign_in("mara.linden");
    let map = served.get(&mara, "/map").body;
    let counted = numbers(&map);
    let (count, address) = counted.first().expect("a number");
    assert_eq!((counted.len(), *count), (1, 1));
    assert!(
        address.contains(&format!("from=verify&to={lane}")),
        "{address}"
    );
    assert!(map.contains("1 handed over from Verify to"), "on the flow");
    let behind = format!("/map/hand-overs?{address}");
    let opened = served.get(&mara, &behind).body;
    assert!(opened.contains("data-total=\"1\"") && opened.contains(&case));
    let file = served.get(&mara, &format!("{behind}&format=csv")).body;
    assert_eq!(file.lines().count(), 2, "{file}");
    let before = behind.split("&at=").next().expect("an address");
    let of_no_time = served.get(&mara, &format!("{before}&at={}", i64::MIN)).body;
    assert!(of_no_time.contains("data-total=\"0\""), "{of_no_time}");

    // Who gave it counts it too; a provider that neither gave nor took it does not.
    let tala = served.sign_in("maria.santos");
    assert_eq!(numbers(&served.get(&tala, "/map").body).len(), 1);
    let other = served.sign_in("docklens-reader");
    assert!(numbers(&served.get(&other, "/map").body).is_empty());
    let rows = served.get(&other, &behind).body;
    assert!(rows.contains("data-total=\"0\"") && !rows.contains(&case));

    // An hour later it is no more of the last hour, but of the last day.
    clock.set(NINE.plus(WallTime::minutes(71)));
    assert!(numbers(&served.get(&mara, "/map").body).is_empty());
    let day = served.get(&mara, "/map?span=day").body;
    assert_eq!(numbers(&day).len(), 1);
    assert!(day.contains("1/day"));
}
