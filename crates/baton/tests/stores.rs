//! The two stores side by side: the same commands give the same journal on both, byte for byte, and every
//! query of the shell means the same on both.

#![allow(clippy::print_stdout, reason = "the numbers are the point of the test")]

mod support;

use baton_app::clock::SetClock;
use baton_app::once::Cause;
use baton_app::sight::{self, Viewer};
use baton_app::views::Place as After;
use baton_app::views::queue::State;
use baton_app::views::{
    Reader, agreements, cases, documents, floor, forms, journal, map, pauses, processes, queue,
    scorecard, statement, time, times, work,
};
use baton_app::{figures, lanes, once, originals, proofs, ramps};
use baton_journal::Datum;
use baton_journal::event::{Gate, GateMeasure};
use baton_model::{AgreementId, LaneId, Micros, Month, PartyId, Scope, WallTime, WorkerId};
use baton_relay::views;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use support::days;
use support::house::House;
use support::stores::{Asked, Place, places};

/// The same days on each store.
#[test]
fn the_same_commands_and_queries_mean_the_same_on_both_stores() {
    let asked = Asked::default();
    let [sqlite, postgres] = places();
    let heard = Place::Heard(Box::new(sqlite), asked.clone());
    let houses = [&heard, &postgres].map(played);
    same_journals_and_views(&houses);
    // Both are asked, so that both journals have the same sessions.
    houses.iter().for_each(ask);
    heard.program(houses[0].folder.path()).stop();
    same_answers(&houses, &asked.all());
}

fn played(place: &Place) -> House {
    let clock = Arc::new(SetClock::at(days::BEGIN));
    let house = place.found_at("days", "purchase-to-pay", clock.clone());
    days::play(&house, &clock);
    house
}

/// The same commands gave the same journal, byte for byte, and the same rows of every view.
fn same_journals_and_views([one, two]: &[House; 2]) {
    let [(first, entries), (second, others)] = [one, two].map(|house| {
        let store = house.app.store();
        let entries = store
            .entries(&house.tenant, 0, usize::MAX)
            .expect("entries");
        (store.head(&house.tenant).expect("a head"), entries)
    });
    for (entry, other) in entries.iter().zip(&others) {
        let texts = [entry, other].map(|entry| String::from_utf8_lossy(&entry.bytes));
        assert_eq!(texts[0], texts[1], "entry {}", entry.n);
        assert_eq!(entry, other);
    }
    assert_eq!(first, second);
    let mut rows = 0;
    for view in views() {
        let [ours, theirs] = [one, two].map(|house| {
            let rows = house.app.store().view_rows(&house.tenant, &view);
            rows.expect("rows")
        });
        assert_eq!(ours, theirs, "{}", view.name);
        rows += ours.len();
    }
    for house in [one, two] {
        let report = proofs::verify(house.app.store(), &house.tenant, &[], &|_| {});
        assert!(report.expect("verified").holds());
    }
    assert!(first.n > 200, "only {} entries prove little", first.n);
    println!(
        "{} entries with equal chains, {rows} equal rows in {} views",
        first.n,
        views().len()
    );
}

/// Asks everything that pages and the program ask, as each kind of viewer.
fn ask(house: &House) {
    let viewers = days::sign_in(house);
    for viewer in &viewers {
        ask_as(house, viewer);
    }
    let (app, tenant) = (&house.app, &house.tenant);
    sight::workers(app, tenant).expect("workers");
    sight::lanes(app, tenant).expect("lanes");
    sight::parties(app, tenant).expect("parties");
    sight::sites(app, tenant).expect("sites");
    sight::about(app, tenant).expect("about");
    documents::all(app, tenant, 3, 20).expect("documents");
    lanes::all(app, tenant).expect("lanes");
    lanes::versions(app, tenant, &LaneId::new("resolve")).expect("versions");
    let resolve = LaneId::new("resolve");
    ramps::all(app, tenant, &resolve).expect("a plan");
    let viewer = house.viewer("mara.linden");
    ramps::before(&Reader::of(app, &viewer.scope), &resolve).expect("the shares before it");
    for measure in [GateMeasure::OnTime, GateMeasure::Returned] {
        let gate = Gate {
            measure,
            party: PartyId::new("KS"),
            points: 9_000,
            hops: 1,
            days: 7,
        };
        ask_gate(house, &resolve, &gate);
    }
    lanes::site_of(app, tenant, &PartyId::new("KS")).expect("a site");
}

fn ask_gate(house: &House, lane: &LaneId, gate: &Gate) {
    let viewer = house.viewer("mara.linden");
    let reader = Reader::of(&house.app, &viewer.scope);
    ramps::measure(&reader, lane, gate, house.app.now()).expect("a reading");
}

fn ask_floor(reader: &Reader<'_>, scope: &Scope) {
    let late = Micros(i64::MAX / 2);
    floor::open(reader, scope, late).expect("open items");
    let past = floor::past(reader, scope, late).expect("the last hours");
    let all = past.lanes.values();
    assert!(all.into_iter().all(|points| points.len() == floor::POINTS));
    let people = floor::people(reader, scope, Micros(0)).expect("people");
    for person in &people {
        let worker = WorkerId::new(&person.id);
        let day = time::day(reader, scope, &worker, (Micros(0), late)).expect("a day");
        let sums: i64 = day.sums().iter().map(|(_, sum)| sum.0).sum();
        assert_eq!(
            sum_of(&day.recorded),
            day.shift().0,
            "no correction was made"
        );
        assert_eq!(sums, day.shift().0, "the states add up to the shift");
        time::may_see(reader, scope, &worker).expect("who may see it");
    }
    time::corrections(reader, scope, None).expect("corrections");
}

fn sum_of(stretches: &[time::Stretch]) -> i64 {
    stretches.iter().map(|one| one.length().0).sum()
}

fn ask_map(reader: &Reader<'_>, scope: &Scope) {
    lanes::lanes(reader, scope).expect("lanes");
    for version in map::versions(reader, scope).expect("versions") {
        map::outline(reader, &version)
            .expect("an outline")
            .expect("of the model");
        let numbers = map::numbers(reader, scope, &version, Micros(i64::MAX / 2)).expect("numbers");
        map::stuck(reader, scope, &version, 5).expect("what is stuck");
        let window = map::Window {
            since: Micros(0),
            until: Micros(i64::MAX / 2),
        };
        for (giver, taker, count) in map::handed(reader, scope, &version, window).expect("counts") {
            let lanes = (giver.as_str(), taker.as_str());
            let rows = map::handed_rows(reader, scope, &version, window, lanes, (0, 9));
            assert_eq!(rows.expect("rows").1 as u64, count, "{giver} to {taker}");
        }
        let standing = cases::Standing {
            process: version.process.clone(),
            version: version.version,
            ..cases::Standing::default()
        };
        for (late, count) in [(false, numbers.all.open), (true, numbers.all.late)] {
            let filter = cases::Filter {
                standing: cases::Standing {
                    late,
                    ..standing.clone()
                },
                limit: 1,
                ..cases::Filter::default()
            };
            let listed = cases::list(reader, scope, &filter).expect("cases").total;
            // What is late by the clock of a far day is not late by the list's own clock.
            assert!(
                late || i64::try_from(listed) == Ok(count),
                "{listed} listed, {count} counted"
            );
        }
        let narrow = cases::Filter {
            standing: cases::Standing {
                lane: "resolve".into(),
                party: "KS".into(),
                task: "resolve_exception".into(),
                late: true,
                ..standing
            },
            limit: 5,
            ..cases::Filter::default()
        };
        cases::list(reader, scope, &narrow).expect("cases");
    }
}

fn ask_as(house: &House, viewer: &Viewer) {
    let (app, scope) = (&house.app, &viewer.scope);
    let reader = Reader::of(app, scope);
    for (state, search) in [
        ("", ""),
        ("running", "BRIX"),
        ("stuck", "100 %_!"),
        ("ended", "\\"),
        ("asked", ""),
    ] {
        let filter = cases::Filter {
            search: search.into(),
            state: state.into(),
            skip: 0,
            limit: 30,
            ..cases::Filter::default()
        };
        cases::list(&reader, scope, &filter).expect("cases");
    }
    ask_map(&reader, scope);
    ask_api(house, viewer, &reader);
    ask_floor(&reader, scope);
    for search in ["", "Wrong", "%", "\\"] {
        let refused = documents::refused(&reader, scope, search, 0, 20).expect("refused files");
        if let Some(first) = refused.rows.first() {
            documents::one_refused(&reader, scope, &first.id).expect("a refused file");
        }
    }
    for (lane, holder) in [
        ("", ""),
        ("approve", "mine"),
        ("resolve", "free"),
        ("", "paused"),
    ] {
        let filter = work::Filter {
            lane: lane.into(),
            holder: holder.into(),
        };
        let counts = work::counts(&reader, scope).expect("numbers");
        let items = work::list(&reader, scope, &filter, 1_000).expect("items");
        assert_eq!(counts.of(&filter), items.len(), "{filter:?}");
        for item in items.iter().take(2) {
            work::one(&reader, scope, &item.id).expect("an item");
            forms::of_item(&reader, scope, &item.id).expect("its form");
            ask_case(house, viewer, &reader, &item.case);
        }
    }
    let listed = documents::list(&reader, scope, 0, 20).expect("documents");
    if let Some(first) = listed.rows.first() {
        documents::one(&reader, scope, &first.id).expect("a document");
    }
    ask_figures(&reader, viewer);
    journal::list(&reader, scope, 0, 30).expect("entries");
    sight::person(app, scope, &WorkerId::new("tom.harms")).expect("a person");
}

/// What client programs ask that pages do not.
fn ask_api(house: &House, viewer: &Viewer, reader: &Reader<'_>) {
    let scope = &viewer.scope;
    processes::list(reader).expect("processes");
    sight::tokens(&house.app, &house.tenant, None).expect("tokens");
    sight::colleagues(&house.app, scope).expect("colleagues");
    let cause = Cause::of(&scope.worker, "a key", &[b"a request"]);
    once::before(&house.app, &house.tenant, &cause).expect("a request before");
    for lane in ["verify", "resolve", "approve", "pay"] {
        let lane = LaneId::new(lane);
        let free = queue::free(reader, scope, &lane, 20).expect("free items");
        let each = queue::free_of_each(reader, scope, &lane, 20).expect("of each kind");
        let first = |all: &[queue::Free]| all.iter().map(queue::Free::order).min();
        assert_eq!(first(&each), first(&free));
    }
    queue::next(reader, viewer).expect("what is next");
    ask_pauses(reader, scope);
    let states = [State::Free, State::Mine, State::Held, State::Paused];
    for state in [None].into_iter().chain(states.map(Some)) {
        let filter = queue::Filter { lane: None, state };
        let page = queue::page(reader, scope, &filter, None, 2).expect("a page");
        if let Some(last) = page.last() {
            let after = last.position();
            queue::page(reader, scope, &filter, Some(&after), 2).expect("the next page");
        }
    }
    ask_pages(reader, scope);
}

/// The first page of each list and the one after it.
fn ask_pages(reader: &Reader<'_>, scope: &Scope) {
    for search in ["", "BRIX"] {
        let filter = |after: Option<After>| cases::Filter {
            search: search.into(),
            after,
            limit: 2,
            ..cases::Filter::default()
        };
        let page = cases::some(reader, scope, &filter(None)).expect("cases");
        let after = page.last().map(cases::Case::place);
        let next = cases::some(reader, scope, &filter(after)).expect("the next cases");
        assert!(
            next.iter()
                .all(|case| page.iter().all(|one| one.id != case.id))
        );
    }
    let page = documents::some(reader, scope, None, (0, 2)).expect("documents");
    let after = page.last().map(documents::Document::place);
    documents::some(reader, scope, after.as_ref(), (0, 2)).expect("the next documents");
    let page = documents::some_refused(reader, scope, None, 1).expect("refused files");
    let after = page.last().map(documents::Refused::place);
    documents::some_refused(reader, scope, after.as_ref(), 1).expect("the next refused files");
    let after = After {
        at: Micros(i64::MAX / 2),
        id: String::new(),
    };
    for open in [None, Some(true), Some(false)] {
        let filter = time::CorrectionFilter {
            worker: Some(scope.worker.clone()),
            open,
            id: Some("none".into()),
        };
        for after in [None, Some(&after)] {
            time::some_corrections(reader, scope, &filter, after, 2).expect("corrections");
        }
    }
}

fn ask_pauses(reader: &Reader<'_>, scope: &Scope) {
    pauses::asked_of_us(reader, scope).expect("a number");
    for (open, of_us, before) in [(false, false, 0), (true, true, 0), (false, true, 9_999)] {
        let filter = pauses::Filter {
            case: None,
            open,
            of_us,
            before,
        };
        let found = pauses::list(reader, scope, &filter, 20).expect("pauses");
        for pause in found.iter().take(2) {
            let of_case = pauses::of_case(reader, scope, &pause.case).expect("pauses");
            assert!(of_case.iter().any(|one| one.n == pause.n));
        }
    }
}

/// The figures of the month in which the days are played, and the rows behind them.
fn ask_figures(reader: &Reader<'_>, viewer: &Viewer) {
    let (scope, month) = (&viewer.scope, Month::of(days::BEGIN, "Europe/Berlin"));
    let now = days::BEGIN.plus(WallTime::hours(200));
    agreements::in_sight(reader, scope).expect("agreements");
    scorecard::scorecard(reader, scope, month, now).expect("a scorecard");
    let party = Some(scope.party.clone());
    let lane = Some(LaneId::new("approve"));
    for of in ["due", "met", "late", "excluded", "open", "over"] {
        let asked = scorecard::Asked {
            party: party.clone(),
            lane: lane.clone(),
            agreement: Some("LV-2026".into()),
            of: of.into(),
        };
        let all = scorecard::rows(reader, scope, month, &asked, now, (0, 20)).expect("rows");
        let (mut walked, mut after) = (Vec::new(), None);
        loop {
            let page = scorecard::rows_after(reader, scope, month, &asked, now, after.as_ref(), 1);
            let Some(row) = page.expect("a row").rows.pop() else {
                break;
            };
            after = Some(row.place());
            walked.extend(after.clone());
        }
        let all: Vec<_> = all.rows.iter().map(scorecard::Counted::place).collect();
        assert!(walked.starts_with(&all), "row by row it is the same");
    }
    let period = scorecard::Period::of(month, "Europe/Berlin", now);
    let (late, _) = scorecard::late_cases(reader, scope, &period, (0, 20)).expect("late cases");
    let after = late.first().map(scorecard::late_place);
    scorecard::late_cases_after(reader, scope, &period, after.as_ref(), (0, 20)).expect("the next");
    let id = AgreementId::new("KS-2026");
    statement::statement(reader, scope, &id, month).expect("a statement");
    for (of, bots) in [
        ("completed", None),
        ("accepted", Some(true)),
        ("returned", Some(false)),
        ("rework", None),
        ("met", None),
        ("missed", None),
        ("correction", None),
    ] {
        let asked = statement::Asked {
            agreement: Some(id.clone()),
            lane: Some(LaneId::new("resolve")),
            version: Some(1),
            bots,
            of: of.into(),
        };
        let all = statement::rows(reader, scope, month, &asked, (0, 20)).expect("rows");
        let after = all.rows.first().map(|unit| asked.place(unit));
        let next = statement::rows_after(reader, scope, month, &asked, after.as_ref(), 20);
        let next = next.expect("the rows after the first").rows;
        assert!(
            all.rows.iter().skip(1).take(20).eq(next.iter().take(19)),
            "{of}"
        );
        statement::sum(reader, scope, month, &asked).expect("a sum");
    }
}

fn ask_case(house: &House, viewer: &Viewer, reader: &Reader<'_>, case: &baton_model::CaseId) {
    let scope = &viewer.scope;
    let one = cases::one(reader, scope, case, None).expect("a case");
    let one = one.expect("in sight");
    documents::of_case(reader, scope, case).expect("documents");
    originals::may_open(reader, scope, case).expect("a yes or no");
    forms::of(reader, &one.process, one.version, "resolve-exception").expect("a form");
    let lines = journal::of_case(reader, case).expect("entries");
    journal::told(reader, scope, &lines).expect("told");
    let book = times::book(reader).expect("calendars");
    times::times(reader, &book, case, house.app.now()).expect("times");
    figures::pauses(&house.app, &house.tenant, case).expect("pauses");
}

/// Every text that was asked of one store is asked of both, over the same rows.
fn same_answers([one, two]: &[House; 2], asked: &[(String, Vec<Datum>)]) {
    let mut rows = 0;
    for (sql, parameters) in asked {
        let [ours, theirs] = [one, two].map(|house| {
            let rows = house.app.store().read(sql, parameters);
            let mut rows = rows.unwrap_or_else(|error| panic!("{sql}: {error}"));
            if !sql.contains("order by") {
                rows.sort();
            }
            rows
        });
        assert_eq!(ours, theirs, "{sql}\n{parameters:?}");
        rows += ours.len();
    }
    let texts: BTreeSet<&str> = asked.iter().map(|(sql, _)| sql.as_str()).collect();
    let unasked: Vec<String> = written()
        .into_iter()
        .filter(|text| !is_among(text, &texts))
        .collect();
    assert!(
        unasked.is_empty(),
        "texts this test does not ask: {unasked:#?}"
    );
    println!(
        "{} texts asked {} times, {rows} equal rows",
        texts.len(),
        asked.len()
    );
}

/// Whether a text as it is written, with `{…}` where something is put in, is among those asked.
fn is_among(written: &str, asked: &BTreeSet<&str>) -> bool {
    let parts: Vec<&str> = written
        .split('{')
        .enumerate()
        .map(|(place, part)| match place {
            0 => part,
            _ => part.split_once('}').map_or("", |(_, behind)| behind),
        })
        .collect();
    asked.iter().any(|sql| {
        let begins = sql.starts_with(parts[0]);
        let mut rest = *sql;
        begins
            && parts.iter().all(|part| match rest.find(part) {
                Some(at) => {
                    rest = &rest[at + part.len()..];
                    true
                }
                None => false,
            })
    })
}

/// The texts of SQL in the sources of the rooms that bring some.
fn written() -> Vec<String> {
    let mut texts = Vec::new();
    for room in ["app", "access"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("..")
            .join(room)
            .join("src");
        sources(&folder, &mut texts);
    }
    assert!(texts.len() > 20, "only {} texts found", texts.len());
    texts
}

fn sources(folder: &Path, texts: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).expect("sources") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, texts);
        } else {
            let source = std::fs::read_to_string(&path).expect("a source");
            let literals = source.split("\"select ").skip(1);
            texts.extend(literals.map(|rest| format!("select {}", literal(rest))));
        }
    }
}

/// A literal to its closing quote, its lines joined as the compiler does.
fn literal(rest: &str) -> String {
    let whole = rest.split('"').next().unwrap_or_default();
    let lines: Vec<&str> = whole.split("\\\n").collect();
    let first = lines[0].to_owned();
    lines[1..]
        .iter()
        .fold(first, |text, line| text + line.trim_start())
}
