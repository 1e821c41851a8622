//! The work of people over HTTP: an exception is resolved and the case moves on, the fired rules stand on
//! the page, the creator cannot approve, nothing is done twice, and a stop in between loses nothing.

#![allow(
    clippy::print_stdout,
    reason = "what happened is the point of the test"
)]

mod support;

use baton_journal::Event;
use std::collections::BTreeMap;
use support::Answer;
use support::house::open_items;
use support::stage::{Case, Stage, journal};

/// A page's text without its tags, blanks made one.
fn words(page: &Answer) -> String {
    let mut text = String::new();
    for part in page.body.split('<') {
        text += part.split_once('>').map_or(part, |(_, after)| after);
        text.push(' ');
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The hidden field of a page's form that says which state of the item it was drawn from.
fn seen(page: &Answer) -> String {
    let field = page
        .body
        .split("name=\"n\"")
        .nth(1)
        .expect("the form says what it was drawn from");
    let value = field
        .split("value=\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next());
    value.expect("its value").to_string()
}

/// Claims an item, opens its page and completes its form.
fn complete(stage: &Stage, worker: &str, item: &str, form: &str) -> Answer {
    let claimed = stage.post(worker, &format!("/items/{item}/claim"), "");
    assert_eq!(
        claimed.status,
        303,
        "{worker} claims {item}: {}",
        words(&claimed)
    );
    let page = stage.get(worker, &format!("/items/{item}"));
    assert_eq!(page.status, 200, "{item}");
    let form = format!("{form}&n={}", seen(&page));
    stage.post(worker, &format!("/items/{item}/complete"), &form)
}

/// The item of a case that a worker's list leads to.
fn next_item(stage: &Stage, worker: &str, case: &Case) -> String {
    let page = stage.get(worker, "/work");
    let lead = format!("/items/{}.", case.id);
    let rest = page
        .body
        .split(&lead)
        .nth(1)
        .unwrap_or_else(|| panic!("{} is not on {worker}'s list", case.id));
    let number: String = rest.chars().take_while(char::is_ascii_digit).collect();
    format!("{}.{number}", case.id)
}

#[test]
fn an_exception_is_resolved_by_people_and_a_stop_in_between_loses_nothing() {
    let stage = Stage::set("desk");
    let (case, item) = (&stage.resolve, stage.resolve.item.clone());
    // The rules that fired are on the page: +5 % by rule 6 of the table, 121 of 120 passes by rule 3.
    let page = words(&stage.get("agnieszka.wrona", &format!("/items/{item}")));
    for said in ["match-line", "price over percent 5", "exception", "pass"] {
        assert!(
            page.contains(said),
            "the page does not say `{said}`: {page}"
        );
    }
    let resolution = "resolution.answer=order_price&resolution.reason=supplier_error&resolution.note=Not+agreed.";
    // What the form does not allow is refused, by field, and nothing is done.
    let wrong = complete(
        &stage,
        "agnieszka.wrona",
        &item,
        "resolution.answer=no_such_answer&resolution.reason=other",
    );
    assert_eq!(wrong.status, 422, "{}", words(&wrong));
    let page = stage.get("agnieszka.wrona", &format!("/items/{item}"));
    let form = format!("{resolution}&n={}", seen(&page));
    let done = stage.post("agnieszka.wrona", &format!("/items/{item}/complete"), &form);
    assert_eq!(done.status, 303, "{}", words(&done));
    let again = stage.post("agnieszka.wrona", &format!("/items/{item}/complete"), &form);
    assert!(again.status >= 400, "done twice: {}", again.status);
    assert!(
        !stage
            .get("agnieszka.wrona", "/work")
            .body
            .contains(&format!("/items/{item}\"")),
        "off the list"
    );

    // The case has moved on to Approve. Its order's creator may not approve it.
    let approval = next_item(&stage, "tom.harms", case);
    let creator = stage.post("lena.brandt", &format!("/items/{approval}/claim"), "");
    assert_eq!(creator.status, 403, "{}", words(&creator));
    assert!(
        creator.body.contains("BATON-DESK-004"),
        "{}",
        words(&creator)
    );
    let stage = stage.restart();
    let done = complete(&stage, "tom.harms", &approval, "approval.answer=approve");
    assert_eq!(
        done.status,
        303,
        "the session still holds: {}",
        words(&done)
    );
    let release = next_item(&stage, "mara.linden", &stage.resolve);
    let done = complete(&stage, "mara.linden", &release, "release.answer=release");
    assert_eq!(done.status, 303, "{}", words(&done));
    let page = words(&stage.get("mara.linden", &format!("/cases/{}", stage.resolve.id)));
    assert!(page.contains("proposed"), "{page}");

    let id = stage.resolve.id.clone();
    let (data, _folder) = stage.stop();
    let events: Vec<Event> = journal(&data)
        .into_iter()
        .flat_map(|entry| entry.events)
        .collect();
    let of: Vec<Event> = events
        .into_iter()
        .filter(|event| event.case().is_some_and(|case| case.as_str() == id))
        .collect();
    assert!(open_items(&of).is_empty());
    let completed = of
        .iter()
        .filter(|event| matches!(event, Event::ItemCompleted { .. }))
        .count();
    assert_eq!(completed, 3, "each item once");
    let amounts: Vec<String> = of
        .iter()
        .filter_map(|event| match event {
            Event::PaymentProposed { record, .. } => record["payment.amount"].value()?.as_number(),
            _ => None,
        })
        .map(|amount| amount.to_string())
        .collect();
    assert_eq!(amounts, ["3793.72"], "one payment, at the order's price");
    println!(
        "resolved by KS, creator refused (BATON-DESK-004), killed and started again, approved and released by LV: {} proposed once",
        amounts[0]
    );
}

#[test]
fn of_many_who_claim_at_once_one_has_the_item() {
    let stage = Stage::set("race");
    let path = format!("/items/{}/claim", stage.resolve.item);
    let workers = ["agnieszka.wrona", "jana.kos", "piotr.zielinski"];
    let statuses: Vec<(&str, u16)> = std::thread::scope(|scope| {
        let claims = workers.iter().cycle().take(24);
        let claim = |worker: &'static str| (worker, stage.post(worker, &path, "").status);
        let threads: Vec<_> = claims
            .map(|worker| scope.spawn(move || claim(worker)))
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().expect("a claim ends"))
            .collect()
    });
    let mut won: BTreeMap<&str, usize> = BTreeMap::new();
    for (worker, status) in &statuses {
        assert!(matches!(status, 303 | 409), "{worker}: {status}");
        *won.entry(worker).or_default() += usize::from(*status == 303);
    }
    let winners: Vec<_> = won.iter().filter(|(_, times)| **times > 0).collect();
    assert_eq!(winners.len(), 1, "{statuses:?}");
    let item = stage.resolve.item.clone();
    let (data, _folder) = stage.stop();
    // The one who has it may claim again, which only keeps it longer.
    let mut holders: Vec<String> = journal(&data)
        .into_iter()
        .flat_map(|entry| entry.events)
        .filter_map(|event| match event {
            Event::ItemAssigned {
                item: of, worker, ..
            } if of.as_str() == item => Some(worker.to_string()),
            _ => None,
        })
        .collect();
    holders.dedup();
    assert_eq!(holders, [winners[0].0.to_string()]);
    println!(
        "24 claims at once by three workers: {holders:?} has it, the others are told so (409)"
    );
}
