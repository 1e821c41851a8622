//! Several programs over one journal, on each store: they see what the others wrote, lose nothing, leave
//! no gap and repeat nothing.

#![allow(clippy::print_stdout, reason = "the numbers are the point of the test")]

mod support;

use baton_app::clock::{Clock, SystemClock};
use baton_app::{App, proofs};
use baton_journal::{Actor, Command};
use baton_model::{TenantId, WallTime, WorkerId};
use baton_postgres_tests::database;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use support::Temporary;
use support::house::{House, packs_folder};
use support::stores::{Place, places};

fn sample(file: &str) -> Vec<u8> {
    let path = packs_folder().join("purchase-to-pay/sample").join(file);
    std::fs::read(path).expect("a sample document")
}

/// Chain, tree and every view against the journal folded again.
fn holds(house: &House) {
    let store = house.app.store();
    let report = proofs::verify(store, &house.tenant, &[], &|_| {}).expect("verified");
    assert!(report.holds(), "{report:?}");
}

/// A program starts; a second one works on a case that the first has not loaded, keeps its slots and
/// ends. The first folds what it missed: what the second kept is no ground to fold it on.
fn missed(place: &Place) {
    let mut house = place.found("missed", "purchase-to-pay");
    for file in [
        "1-orders/4500-7731-brixner.xml",
        "2-receipts/4500-7731-brixner.xml",
    ] {
        house.import(file, &sample(file));
    }
    let case = house.import("invoice", &sample("3-invoices/INV-20419-brixner.xml"));
    let case = case.case.expect("a case");
    house.app.stop();
    house.app = place.program(house.folder.path());
    // It has loaded the tenant, and no case.
    baton_app::sight::invite(&house.app, &house.tenant, &WorkerId::new("tom.harms"))
        .expect("a link");
    let other = place.beside(&house);
    let item = other
        .open(&case, "resolve_exception")
        .expect("an open item");
    let (item, case) = (item.id, item.case);
    let worker = other.worker("agnieszka.wrona");
    let reason = "internal".to_string();
    for command in [
        Command::Claim {
            item: item.clone(),
            case: case.clone(),
        },
        Command::Pause {
            item: item.clone(),
            case: case.clone(),
            reason: reason.clone(),
        },
        Command::Resume {
            item: item.clone(),
            case: case.clone(),
        },
    ] {
        other.submit(worker.clone(), command).expect("accepted");
    }
    other.app.stop();
    house
        .submit(worker, Command::Pause { item, case, reason })
        .expect("accepted");
    holds(&house);
}

#[test]
fn what_another_program_kept_is_not_folded_twice() {
    places().iter().for_each(missed);
}

const PROGRAMS: usize = 3;
const SUBMITTERS: usize = 4;
/// Over a thousand in all, so that slots are kept meanwhile.
const COMMANDS: usize = 90;

/// Several programs at once, each with a data folder of its own that shares the keys, as on several
/// machines; or all on one folder. Every command is accepted once, and told so.
fn at_once(place: &Place, apart: bool) {
    let house = place.found("at-once", "purchase-to-pay");
    let folders: Vec<Temporary> = (0..PROGRAMS).map(|_| Temporary::new("machine")).collect();
    let programs: Vec<App> = folders
        .iter()
        .map(|folder| {
            if apart {
                elsewhere(place, &house, folder)
            } else {
                place.program(house.folder.path())
            }
        })
        .collect();
    let began = Instant::now();
    let told: Vec<i64> = std::thread::scope(|scope| {
        let submitters: Vec<_> = (0..PROGRAMS * SUBMITTERS)
            .map(|id| {
                let (app, tenant) = (&programs[id % PROGRAMS], &house.tenant);
                scope.spawn(move || submit(app, tenant, id))
            })
            .collect();
        let told = submitters
            .into_iter()
            .map(|one| one.join().expect("it ends"));
        told.flatten().collect()
    });
    let took = began.elapsed();
    programs.iter().for_each(App::stop);
    check(&house, told);
    println!(
        "{place:?} apart {apart}: {} commands in {took:?}",
        PROGRAMS * SUBMITTERS * COMMANDS
    );
}

/// A program on another machine, whose data folder shares the keys.
fn elsewhere(place: &Place, house: &House, folder: &Temporary) -> App {
    let keys = house.folder.path().join("keys");
    std::os::unix::fs::symlink(keys, folder.path().join("keys")).expect("shared keys");
    place.program(folder.path())
}

fn invite(link: &str) -> Command {
    Command::Invite {
        worker: WorkerId::new("tom.harms"),
        link: baton_app::sight::hash(link),
        until: SystemClock.now().plus(WallTime::hours(1)),
    }
}

/// Invites a worker again and again, each command sent twice; gives the numbers told.
fn submit(app: &App, tenant: &TenantId, id: usize) -> Vec<i64> {
    let one = |command: usize| {
        let cause = format!("test:{id}:{command}");
        let first = app.submit_now(tenant, Actor::System, &cause, invite(&cause));
        let first = first.unwrap_or_else(|failure| panic!("{cause}: {failure}"));
        let again = app.submit_now(tenant, Actor::System, &cause, invite(&cause));
        let again = again.unwrap_or_else(|failure| panic!("{cause} again: {failure}"));
        assert_eq!(
            (again.n, first.repeated, again.repeated),
            (first.n, false, true)
        );
        first.n
    };
    (0..COMMANDS).map(one).collect()
}

fn check(house: &House, mut told: Vec<i64>) {
    told.sort_unstable();
    told.dedup();
    assert_eq!(
        told.len(),
        PROGRAMS * SUBMITTERS * COMMANDS,
        "an entry each"
    );
    let entries = house.entries();
    assert!(
        entries.iter().zip(1..).all(|(entry, n)| entry.n == n),
        "a gap"
    );
    let causes = entries
        .iter()
        .filter(|entry| entry.cause.starts_with("test:"));
    assert_eq!(causes.map(|entry| entry.n).collect::<Vec<_>>(), told);
    holds(house);
}

#[test]
fn programs_on_one_folder_lose_nothing() {
    places().iter().for_each(|place| at_once(place, false));
}

#[test]
fn programs_on_several_machines_lose_nothing() {
    at_once(&Place::Postgres(database()), true);
}

/// What the near program commits in milliseconds would always be there before the far one's batch.
#[test]
fn a_program_far_from_the_database_gets_its_turn() {
    let database = database();
    let (near, between) = (Place::Postgres(database.clone()), database.between());
    let house = near.found("far", "purchase-to-pay");
    let folder = Temporary::new("machine");
    let far = elsewhere(&Place::Behind(database, between.port), &house, &folder);
    between.slow_down(Duration::from_millis(20));
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for id in 0..2 {
            let (house, done) = (&house, &done);
            scope.spawn(move || {
                while !done.load(Ordering::SeqCst) {
                    let cause = house.app.fresh_cause(&format!("near:{id}"));
                    let invited =
                        house
                            .app
                            .submit_now(&house.tenant, Actor::System, &cause, invite(&cause));
                    invited.expect("accepted");
                }
            });
        }
        let told: Result<Vec<_>, _> = (0..5)
            .map(|n| {
                far.submit_now(
                    &house.tenant,
                    Actor::System,
                    &format!("far:{n}"),
                    invite(&format!("{n}")),
                )
            })
            .collect();
        done.store(true, Ordering::SeqCst);
        told.expect("accepted");
    });
    far.stop();
    let entries = house.entries();
    let of_far = entries
        .iter()
        .filter(|entry| entry.cause.starts_with("far:"));
    assert_eq!(of_far.count(), 5);
    holds(&house);
    println!("5 commands from afar among {} entries", entries.len());
}
