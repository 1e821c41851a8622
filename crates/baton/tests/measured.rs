//! What is measured and charged under agreements, out of the running program: the example of the science
//! page, returns and corrections, every number into its events, and what verify finds.

mod support;

use baton_model::Decimal;
use serde_json::Value;
use std::collections::BTreeSet;
use support::house::fields;
use support::lanes::{Lanes, data};
use support::{Server, Temporary, copy, free_address, link, run, sign_in};

fn json(arguments: &[&str]) -> Value {
    serde_json::from_str(&run(arguments, 0)).expect("JSON")
}

/// The example of the science page: a case with a target of 36 h; the first lane holds 30 h, its own
/// target being 24, and waits 2 h for the customer; the second holds 8 h of its 12.
fn example(name: &str) -> (Lanes, String) {
    let lanes = Lanes::new(name);
    let case = lanes.start();
    let item = lanes.house.open(&case, "first").expect("an item");
    lanes.at(10);
    lanes.house.claim("jana", &item).expect("claimed");
    let (jana, lena) = (lanes.house.viewer("jana"), lanes.house.viewer("lena"));
    let house = &lanes.house;
    house
        .ask(&jana, &item, "waiting-for-client", "Which lot is it?")
        .expect("asked");
    lanes.at(12);
    let answered = house.answer(&lena, &item, "The second.", None);
    answered.expect("answered by the client");
    lanes.at(32);
    lanes.done(&case, "first", "on");
    lanes.at(40);
    lanes.done(&case, "second", "on");
    (lanes, case)
}

#[test]
fn the_example_of_the_science_page_comes_out_of_the_program() {
    let (lanes, case) = example("science");
    let folder = lanes.leave();
    let data = data(&folder);
    let times = json(&["clocks", "--data", &data, &case, "--json"]);
    const HOUR: i64 = 3_600_000_000;
    assert_eq!(times["clock"]["wall"], 40 * HOUR, "40 h of case time");
    assert_eq!(times["clock"]["working"], 38 * HOUR, "the clock ran 38 h");
    assert_eq!(times["lateness"]["late"], 2 * HOUR, "2 h late");
    assert_eq!(
        times["hops"][0]["charged"],
        2 * HOUR,
        "all of the first lane"
    );
    assert_eq!(times["hops"][1]["charged"], 0);
    assert_eq!(times["lateness"]["unattributed"], 0);
    let held: i64 = times["held"]
        .as_array()
        .expect("holders")
        .iter()
        .map(|of| of[1].as_i64().expect("us"))
        .sum();
    assert_eq!(held, 40 * HOUR, "the holders add up to the microsecond");
    let said = run(&["clocks", "--data", &data, &case], 0);
    assert!(
        said.contains("late 2:00:00, unattributed 0:00:00"),
        "{said}"
    );

    let server = Server::start(&data, free_address());
    let lena = sign_in(server.address, &link(&data, "lena"));
    let page = server
        .get("/scorecard/cases?month=2026-11", Some(&lena))
        .expect("a page");
    assert!(
        page.body.contains("data-total=\"1\"") && page.body.contains("2 h 00"),
        "{}",
        page.body
    );
    assert!(
        page.body.contains("KS</span> 2 h 00"),
        "charged to the first lane's party"
    );
    let own = server
        .get(&format!("/cases/{case}"), Some(&lena))
        .expect("a page");
    assert!(
        own.body.contains("Charged"),
        "the case page says whom it is charged to"
    );
}

#[test]
fn a_return_takes_the_item_back_and_in_a_later_month_is_a_correction() {
    let lanes = Lanes::new("returned");
    let case = lanes.returned(0);
    lanes.straight(40);
    // Completed on 30 November, returned on 1 December.
    let late = lanes.returned(24 * 29 - 4);
    let folder = lanes.leave();
    let data = data(&folder);
    for case in [&case, &late] {
        let times = json(&["clocks", "--data", &data, case, "--json"]);
        assert_eq!(
            times["hops"].as_array().map(Vec::len),
            Some(4),
            "there, back and on"
        );
        let held = times["held"].as_array().expect("holders").iter();
        let held: i64 = held.map(|of| of[1].as_i64().expect("us")).sum();
        assert_eq!(Some(held), times["clock"]["wall"].as_i64());
    }
    let statement = |id: &str, month: &str| {
        json(&["statement", "--data", &data, id, "--month", month, "--json"])
    };
    let november = statement("KS-1", "2026-11");
    // The first case's item came back and was done again: one accepted. The second's came back later.
    assert_eq!(november["lines"][0]["quantity"], 3);
    assert_eq!(november["lines"][0]["returned"], 1);
    assert_eq!(november["total"], "11.70");
    let december = statement("KS-1", "2026-12");
    assert_eq!(december["lines"][0]["quantity"], 1, "done again");
    assert_eq!(december["lines"][1]["line"], "l1.1.correction");
    assert_eq!(december["lines"][1]["amount"], "-3.90");
    assert_eq!(december["total"], "0.00");
    // 1.425 a piece: three items are 4.275, rounded once to 4.28.
    assert_eq!(statement("TO-1", "2026-11")["total"], "4.28");

    let scores = json(&["scorecard", "--data", &data, "--month", "2026-11", "--json"]);
    let level = |agreement: &str, id: &str| {
        let levels = scores["levels"].as_array().expect("levels");
        let found = levels
            .iter()
            .find(|level| level["agreement"] == agreement && level["level"] == id);
        found.expect("a level").clone()
    };
    let first = level("KS-1", "first-pass");
    assert_eq!((&first["met"], &first["due"]), (&2.into(), &4.into()));
    let on_time = level("KS-1", "on-time");
    assert_eq!(on_time["due"], 4);
    assert_eq!(on_time["missed"], 1, "27 h of 24");
    assert_eq!(on_time["over_us"], 3 * 3_600_000_000_i64);
}

#[test]
fn an_altered_row_and_an_altered_statement_are_found() {
    let lanes = Lanes::new("altered");
    lanes.returned(0);
    let folder = lanes.leave();
    let data = data(&folder);
    let file = folder.join("statement.json");
    let statement = run(
        &[
            "statement",
            "--data",
            &data,
            "KS-1",
            "--month",
            "2026-11",
            "--json",
        ],
        0,
    );
    std::fs::write(&file, &statement).expect("written");
    let verify = [
        "verify",
        "--data",
        &data,
        "--month",
        "2026-11",
        "--statement",
        &file,
    ];
    let said = run(&verify, 0);
    assert!(said.contains("same as entries 1 to"), "{said}");
    assert!(
        said.contains("KS-1 on-time 2026-11: met 1 of 2, 10800000000 us past target"),
        "{said}"
    );
    assert!(said.contains("EUR 3.90"), "{said}");

    // A statement with another figure does not hold.
    std::fs::write(
        &file,
        statement.replace("\"amount\":\"3.90\"", "\"amount\":\"3.91\""),
    )
    .expect("written");
    let said = run(&verify, 1);
    assert!(
        said.contains("/lines/1/amount: the file says \"3.91\", the journal gives \"3.90\""),
        "{said}"
    );

    // Nor does a stored row.
    for (sql, view) in [
        (
            "update measurement set over = over - 1 where over > 0",
            "view measurement: 1 rows differ",
        ),
        (
            "update unit set price = '3.91' where lane = 'l1'",
            "view unit: 2 rows differ",
        ),
    ] {
        let altered = Temporary::new("altered-copy");
        copy(folder.path(), altered.path());
        let path = baton_app::Folder::at(altered.path()).journal();
        let journal = rusqlite::Connection::open(path).expect("the journal");
        assert!(journal.execute(sql, []).expect("altered") > 0, "{sql}");
        drop(journal);
        let said = run(
            &["verify", "--data", &altered.path().display().to_string()],
            1,
        );
        assert!(said.contains(view), "{said}");
    }
}

/// The links of a page that carry a number, and what they say they open into.
fn figures(body: &str) -> Vec<(String, Option<u64>, Option<String>, String)> {
    let attribute = |tag: &str, name: &str| {
        let rest = tag.split_once(&format!(" {name}=\""))?.1;
        Some(
            rest.split('"')
                .next()
                .unwrap_or_default()
                .replace("&amp;", "&")
                .replace("&#38;", "&"),
        )
    };
    let links = body.split("<a ").skip(1).filter_map(|link| {
        let (tag, rest) = link.split_once('>')?;
        let tag = format!(" {tag}");
        let href = attribute(&tag, "href")?;
        let count = attribute(&tag, "data-count").and_then(|count| count.parse().ok());
        let text = rest.split('<').next().unwrap_or_default().to_string();
        let number = text
            .parse::<u64>()
            .ok()
            .filter(|_| href.starts_with("/scorecard/"));
        Some((href, count.or(number), attribute(&tag, "data-sum"), text))
    });
    links
        .filter(|(_, count, sum, _)| count.is_some() || sum.is_some())
        .collect()
}

/// Follows a number through all pages of its rows: how many there are, and what their values add up to.
fn follow(server: &Server, session: &str, href: &str) -> (u64, Decimal) {
    let (mut rows, mut sum, mut next) = (0, Decimal::ZERO, Some(href.to_string()));
    while let Some(href) = next {
        let page = server.get(&href, Some(session)).expect("a page");
        assert_eq!(page.status, 200, "{href}");
        for row in page.body.split("data-value=\"").skip(1) {
            let value = row.split('"').next().unwrap_or_default();
            sum += value.parse::<Decimal>().expect("a value");
        }
        let mark = if href.contains("state=missed") {
            "class=\"level"
        } else {
            " data-row "
        };
        rows += page.body.matches(mark).count() as u64;
        next = page
            .body
            .split("rel=\"next\" href=\"")
            .nth(1)
            .and_then(|rest| {
                let href = rest
                    .split('"')
                    .next()?
                    .replace("&amp;", "&")
                    .replace("&#38;", "&");
                href.contains("page=").then_some(href)
            });
    }
    (rows, sum)
}

#[test]
fn every_number_opens_into_rows_that_equal_it() {
    let lanes = Lanes::new("numbers");
    for place in 0..30 {
        lanes.returned(place * 4 - (place % 2));
    }
    lanes.at(300);
    lanes.start();
    let folder = lanes.leave();
    let data = data(&folder);
    let server = Server::start(&data, free_address());
    let mut seen = BTreeSet::new();
    for worker in ["lena", "jana"] {
        let session = sign_in(server.address, &link(&data, worker));
        let mut pages = vec![
            "/statement?month=2026-11".to_string(),
            "/statement/KS-1?month=2026-11".into(),
        ];
        for level in ["KS-1/on-time", "KS-1/first-pass"] {
            pages.push(format!("/scorecard?month=2026-11&level={level}"));
        }
        if worker == "lena" {
            pages.push("/scorecard?month=2026-11&level=TO-1/on-time".into());
            pages.push("/statement/TO-1?month=2026-11".into());
        }
        for page in pages {
            let answer = server.get(&page, Some(&session)).expect("a page");
            assert_eq!(answer.status, 200, "{page}");
            for (href, count, sum, text) in figures(&answer.body) {
                let (rows, added) = follow(&server, &session, &href);
                if let Some(count) = count {
                    assert_eq!(rows, count, "{worker} {page}: {text} opens {href}");
                }
                if let Some(sum) = sum {
                    let sum: Decimal = sum.parse().expect("a sum");
                    assert_eq!(
                        added
                            .round_dp_with_strategy(2, baton_model::Rounding::MidpointAwayFromZero),
                        sum,
                        "{worker} {page}: {text} opens {href}"
                    );
                }
                seen.insert(href);
            }
        }
    }
    assert!(seen.len() > 30, "only {} numbers were opened", seen.len());
}

#[test]
fn a_provider_sees_its_own_and_another_partys_is_not_there() {
    let lanes = Lanes::new("sight");
    lanes.returned(0);
    let folder = lanes.leave();
    let data = data(&folder);
    let server = Server::start(&data, free_address());
    let jana = sign_in(server.address, &link(&data, "jana"));
    let get = |path: &str| server.get(path, Some(&jana)).expect("an answer");
    for path in [
        "/scorecard?month=2026-11",
        "/statement?month=2026-11",
        "/agreements",
    ] {
        let page = get(path);
        assert_eq!(page.status, 200, "{path}");
        assert!(
            page.body.contains("KS-1") && !page.body.contains("TO-1"),
            "{path}"
        );
        assert!(!page.body.contains("Tala"), "{path}");
    }
    for path in [
        "/scorecard?month=2026-11&level=TO-1/on-time",
        "/scorecard/rows?month=2026-11&party=TO",
        "/scorecard/rows?month=2026-11&agreement=TO-1",
        "/scorecard/units?month=2026-11&agreement=TO-1",
        "/statement/TO-1?month=2026-11",
        "/agreements/TO-1",
    ] {
        assert_eq!(get(path).status, 404, "{path}");
    }
    let all = get("/scorecard/rows?month=2026-11&of=due");
    assert!(!all.body.contains(">TO<"), "rows of the own party only");
    let wrong = get("/scorecard?month=13");
    assert_eq!(wrong.status, 400);
    let lena = sign_in(server.address, &link(&data, "lena"));
    let own = server.get("/agreements/TO-1", Some(&lena)).expect("a page");
    assert_eq!(own.status, 200);
    let again = server
        .get("/statement/KS-1?month=2026-11&recompute=1", Some(&lena))
        .expect("a page");
    assert!(
        again.body.contains("The same to the cent."),
        "{}",
        again.body
    );
    let empty = server
        .get("/scorecard?month=2020-01", Some(&lena))
        .expect("a page");
    assert!(empty.body.contains("No agreement counts in this month"));
    let file = server
        .get("/statement/KS-1?month=2026-11&format=csv", Some(&lena))
        .expect("a file");
    assert!(
        file.head.contains("text/csv") && file.body.contains("l1.1,l1,1,1,1,3.90,3.90,EUR"),
        "{}",
        file.body
    );
}

#[test]
fn a_bot_and_a_person_stand_on_one_scorecard() {
    let lanes = Lanes::new("bots");
    for (place, worker) in ["maria", "reader", "reader"].into_iter().enumerate() {
        lanes.at(place as i64);
        let case = lanes.start();
        lanes.done(&case, "first", "on");
        let answer = fields(&[("done.answer", "on")]);
        lanes
            .house
            .done(&case, "second", worker, answer)
            .expect("done");
    }
    let folder = lanes.leave();
    let data = data(&folder);
    let server = Server::start(&data, free_address());
    let lena = sign_in(server.address, &link(&data, "lena"));
    let page = server
        .get(
            "/scorecard?month=2026-11&level=TO-1/first-pass",
            Some(&lena),
        )
        .expect("a page");
    // Two of two leave open what lies above 34.2 %, one of one what lies above 20.7 %.
    assert!(
        page.body
            .contains("100.0 % of 2 right the first time, 34.2 % to 100.0 %"),
        "{}",
        page.body
    );
    assert!(
        page.body
            .contains("100.0 % of 1 right the first time, 20.7 % to 100.0 %"),
        "{}",
        page.body
    );
    for (by, count) in [("bots", 2), ("people", 1)] {
        let href =
            format!("/scorecard/units?month=2026-11&agreement=TO-1&lane=l2&of=completed&by={by}");
        assert_eq!(follow(&server, &lena, &href).0, count, "{by}");
    }
}
