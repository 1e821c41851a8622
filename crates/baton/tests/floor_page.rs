//! The team leader's floor as its page shows it: queues of the last hours, filters in the address, what is at
//! risk in the next hour, and what would help, computed from the rows alone.

mod support;

use baton_app::clock::SetClock;
use baton_app::command::WorkState;
use baton_app::people::{self, Change};
use baton_app::views::{Reader, floor};
use baton_journal::Command;
use baton_model::{Micros, WallTime};
use std::sync::Arc;
use support::house::{House, packs_folder};
use support::served::Served;
use support::{Answer, Temporary, copy};

/// Friday, 20 November 2026, 09:00 in Kraków.
const NINE: Micros = Micros(1_795_161_600_000_000);
/// Three invoices that need a person at Kestrel, and what they come after.
const INVOICES: [&str; 1] = ["3-invoices/INV-20419-brixner.xml"];

fn minutes(minutes: i64) -> Micros {
    NINE.plus(WallTime::minutes(minutes))
}

/// A house whose lane `resolve` has a target of three hours and asks for German.
fn house(name: &str, clock: Arc<SetClock>) -> (House, Temporary) {
    let folder = Temporary::new(name);
    copy(&packs_folder().join("purchase-to-pay"), folder.path());
    let change = |file: &str, from: &str, to: &str| {
        let file = folder.path().join(file);
        let text = std::fs::read_to_string(&file).expect("the pack");
        assert!(text.contains(from), "the lane resolve");
        std::fs::write(&file, text.replace(from, to)).expect("written");
    };
    let place = "site = \"kestrel-krakow\"\ntarget";
    let asks = format!("language = \"supplier.country\"\n{place}");
    change("pack.toml", place, &asks);
    let (long, short) = ("exception\" target=\"PT8H", "exception\" target=\"PT3H");
    change("purchase-to-pay.bpmn", long, short);
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
    files.extend(INVOICES.map(str::to_owned));
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    house.sample(&files);
    (house, folder)
}

fn says(house: &House, worker: &str, state: WorkState) {
    house
        .submit(house.worker(worker), Command::SetState { state })
        .expect("said");
}

fn help(page: &Answer) -> &str {
    let from = page.body.find("What would help now").expect("the part");
    let rest = &page.body[from..];
    &rest[..rest.find("</section>").expect("its end")]
}

#[test]
fn what_would_help_names_who_can_and_is_free_and_gives_the_item() {
    let clock = Arc::new(SetClock::at(NINE));
    let (house, _folder) = house("help", clock.clone());
    let served = Served::of(&house);
    let jana = served.sign_in("jana.kos");
    assert!(help(&served.get(&jana, "/floor")).contains("Nothing that is due in the next hour"));

    // Two hours and a quarter later the item is due within the hour, and nobody has it.
    clock.set(minutes(135));
    let nobody = served.get(&jana, "/floor");
    let said = help(&nobody);
    assert!(
        said.contains("Resolve exception waits for people: 1 item that ask for"),
        "{said}"
    );
    assert!(!said.contains("<button"), "nobody is at work: {said}");
    assert!(nobody.body.contains("class=\"item soon\""), "it is marked");

    // Who is at work but lacks the language does not help; who is on a break is named, not asked.
    says(&house, "piotr.zielinski", WorkState::Available);
    says(&house, "agnieszka.wrona", WorkState::Break);
    let page = served.get(&jana, "/floor");
    let said = help(&page);
    assert!(!said.contains("<button"), "{said}");
    assert!(said.contains("Agnieszka Wrona is on a break"), "{said}");
    assert!(!said.contains("Piotr"), "{said}");

    clock.set(minutes(140));
    says(&house, "agnieszka.wrona", WorkState::Wrap);
    clock.set(minutes(145));
    let page = served.get(&jana, "/floor");
    let said = help(&page);
    assert!(said.contains("to Agnieszka Wrona</b>"), "{said}");
    assert!(said.contains("is in wrap for 5 min"), "{said}");
    let field = |name: &str| {
        let from = said
            .find(&format!("name=\"{name}\" value=\""))
            .expect("a field");
        let value = &said[from..];
        value.split('"').nth(3).expect("its value").to_owned()
    };
    let form = format!(
        "item={}&worker={}&why={}",
        field("item"),
        field("worker"),
        field("why").replace(' ', "+")
    );
    assert_eq!(served.post(&jana, "/floor/assign", &form).status, 303);
    let held = house.viewer("jana.kos");
    let reader = Reader::of(&house.app, &held.scope);
    let open = floor::open(&reader, &held.scope, house.app.now()).expect("items");
    assert_eq!(open[0].worker.as_deref(), Some("agnieszka.wrona"));
    let after = served.get(&jana, "/floor");
    assert!(help(&after).contains("Nothing that is due in the next hour"));
}

#[test]
fn filters_stand_in_the_address_and_hold_for_people_and_items() {
    let clock = Arc::new(SetClock::at(NINE));
    let (house, _folder) = house("filters", clock.clone());
    let tax = Change {
        skills: vec!["tax".into()],
        clearances: vec!["payroll".into()],
        ..Change::default()
    };
    people::change(
        &house.app,
        &house.tenant,
        "olena.shevchuk",
        &tax,
        &Change::default(),
    )
    .expect("learned");
    let served = Served::of(&house);
    let jana = served.sign_in("jana.kos");
    let names = |path: &str| -> Vec<String> {
        let page = served.get(&jana, path).body;
        let from = page.find("id=\"floor-people\"").expect("people");
        let people = page[from..]
            .split("id=\"floor-help\"")
            .next()
            .expect("them");
        let known = ["Agnieszka", "Jana", "Piotr", "Marek", "Olena"];
        let shown = known.into_iter().filter(|name| people.contains(name));
        shown.map(str::to_owned).collect()
    };
    assert_eq!(names("/floor").len(), 5);
    assert_eq!(names("/floor?language=de"), ["Agnieszka", "Jana"]);
    assert_eq!(names("/floor?skill=tax"), ["Olena"]);
    assert_eq!(names("/floor?clearance=payroll&language="), ["Olena"]);
    assert!(names("/floor?skill=tax&language=de").is_empty());

    let items = |path: &str| served.get(&jana, path).body.matches("data-row").count();
    assert_eq!(items("/floor"), 1);
    assert_eq!(items("/floor?skill=tax"), 0, "it does not ask for that");
    assert_eq!(items("/floor?due=soon"), 0);
    clock.set(minutes(135));
    assert_eq!(items("/floor?due=soon"), 1);
    clock.set(minutes(200));
    assert_eq!(items("/floor?due=soon"), 0);
    assert_eq!(items("/floor?due=late"), 1);
}

#[test]
fn the_queue_of_the_last_hours_is_what_the_hops_say() {
    let clock = Arc::new(SetClock::at(NINE));
    let (house, _folder) = house("past", clock.clone());
    clock.set(minutes(95));
    let viewer = house.viewer("jana.kos");
    let reader = Reader::of(&house.app, &viewer.scope);
    let past = |now| {
        let past = floor::past(&reader, &viewer.scope, now).expect("the last hours");
        past.lanes.get("resolve").cloned().expect("the lane")
    };
    let mut points = vec![0; floor::POINTS - 4];
    points.extend([1, 1, 1, 1]);
    assert_eq!(past(minutes(95)), points, "held since 95 minutes");
    // A hop that begins at a point counts there.
    let mut points = vec![0; floor::POINTS - 4];
    points.extend([1, 1, 1, 1]);
    assert_eq!(past(minutes(90)), points);

    let served = Served::of(&house);
    let jana = served.sign_in("jana.kos");
    let page = served.get(&jana, "/floor").body;
    assert!(
        page.contains("Resolve exception: 0 cases held at 02:35, at most 1, 1 now"),
        "said with the drawing"
    );
    let figures = page
        .split("Cases held, in figures")
        .nth(1)
        .expect("a table");
    let row = figures
        .split("Resolve exception</th>")
        .nth(1)
        .expect("a row");
    let row = row.split("</tr>").next().expect("its end");
    assert_eq!(row.matches("<td class=\"num\">0</td>").count(), 7);
    assert_eq!(row.matches("<td class=\"num\">1</td>").count(), 2);
}
