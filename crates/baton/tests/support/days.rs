//! Some days of a tenant, the same each time: documents come in, workers take, pause, give back and
//! complete items, look at what is masked and try what they may not, timers run out, a subject is erased.

use super::house::{House, Item, fields, open_items, packs_folder};
use baton_app::clock::SetClock;
use baton_app::sight::{self, Viewer};
use baton_app::{App, erasure, packs, ticks};
use baton_journal::setup::{InFlight, Share};
use baton_journal::{Actor, Command};
use baton_model::{
    LaneId, Micros, PartyId, ProcessId, Record, SiteId, SubjectId, WallTime, WorkerId,
};
use std::collections::BTreeMap;

/// When the days begin: 2026-11-02, 08:00 in Hamburg.
pub const BEGIN: Micros = Micros(1_793_602_800_000_000);

/// A task, who completes it, and with what.
type Done = (
    &'static str,
    &'static str,
    &'static [(&'static str, &'static str)],
);

const DONE: [Done; 5] = [
    (
        "check_document",
        "maria.santos",
        &[("verify.answer", "new"), ("verify.note", "Ours.")],
    ),
    (
        "resolve_exception",
        "agnieszka.wrona",
        &[
            ("resolution.answer", "order_price"),
            ("resolution.reason", "supplier_error"),
        ],
    ),
    (
        "approve_invoice",
        "tom.harms",
        &[("approval.answer", "approve")],
    ),
    (
        "approve_over_budget",
        "mara.linden",
        &[("approval.answer", "reject"), ("approval.cover", "none")],
    ),
    (
        "release_payment",
        "ole.voss",
        &[("release.answer", "release")],
    ),
];

/// One who sees each kind of thing: client, controller, providers, a bot's operator.
pub const VIEWERS: [&str; 5] = [
    "tom.harms",
    "mara.linden",
    "agnieszka.wrona",
    "maria.santos",
    "docklens-reader",
];

/// Plays the days.
pub fn play(house: &House, clock: &SetClock) {
    let mut at = BEGIN;
    let mut later = |span: WallTime| {
        at = at.plus(span);
        clock.set(at);
    };
    for file in samples() {
        later(WallTime::minutes(7));
        let bytes = std::fs::read(&file).expect("a sample document");
        let name = file.file_name().expect("a name").to_string_lossy();
        house.import(&name, &bytes);
    }
    let workers = DONE.iter().map(|(_, worker, _)| *worker);
    let actors: BTreeMap<&str, Actor> = workers
        .chain(VIEWERS)
        .map(|worker| (worker, house.worker(worker)))
        .collect();
    for round in 0..4 {
        for (place, item) in open(house).iter().enumerate() {
            later(WallTime::minutes(11));
            work(house, &actors, item, place + round);
        }
        later(WallTime::hours(3));
        tick(&house.app);
    }
    look(house);
    give_away(house);
    tick(&house.app);
    let second = packs::read("request").expect("a pack");
    packs::deploy(&house.app, &house.tenant, &second).expect("deployed");
    let start = Command::StartCase {
        process: ProcessId::new("request"),
        record: Record::new(),
    };
    house.submit(Actor::System, start).expect("started");
    later(WallTime::hours(240));
    tick(&house.app);
    let subjects = erasure::subjects(&house.app, &house.tenant).expect("subjects");
    // A sender of orders alone has nothing personal here.
    let erased = subjects.iter().any(|subject| {
        let subject = SubjectId::new(subject.as_str());
        erasure::erase(&house.app, &house.tenant, &subject, "as asked").is_ok()
    });
    assert!(erased, "{subjects:?}");
}

/// The sample documents in the order in which they come.
fn samples() -> Vec<std::path::PathBuf> {
    let folder = packs_folder().join("purchase-to-pay/sample");
    let mut files = Vec::new();
    for part in ["1-orders", "2-receipts", "3-invoices", "4-later"] {
        let entries = std::fs::read_dir(folder.join(part)).expect("the samples");
        let mut names: Vec<_> = entries
            .map(|entry| entry.expect("an entry").path())
            .collect();
        names.sort();
        files.extend(names);
    }
    files
}

fn tick(app: &App) {
    let mut watch = ticks::Watch::default();
    ticks::tick(app, &mut watch).expect("a tick");
}

fn open(house: &House) -> Vec<Item> {
    let events = house.entries().into_iter().flat_map(|entry| entry.events);
    open_items(&events.collect::<Vec<_>>())
}

/// What becomes of an item: some are paused, some given back, some left with a draft, most completed.
fn work(house: &House, actors: &BTreeMap<&str, Actor>, item: &Item, place: usize) {
    let known = DONE.iter().find(|(task, ..)| *task == item.task);
    let Some((_, worker, answers)) = known else {
        return;
    };
    let (item, case) = (item.id.clone(), item.case.clone());
    let by = |worker: &str, command| house.submit(actors[worker].clone(), command);
    let claim = Command::Claim {
        item: item.clone(),
        case: case.clone(),
    };
    // One who may not: the refusal leaves nothing in the journal.
    assert!(by("docklens-reader", claim.clone()).is_err());
    let Ok(claimed) = by(worker, claim) else {
        return;
    };
    let release = Command::Release {
        item: item.clone(),
        case: case.clone(),
    };
    let draft = Command::SaveDraft {
        item: item.clone(),
        case: case.clone(),
        fields: fields(answers),
    };
    let pause = Command::Pause {
        item: item.clone(),
        case: case.clone(),
        reason: "internal".into(),
    };
    let resume = Command::Resume {
        item: item.clone(),
        case: case.clone(),
    };
    let complete = |expected| Command::Complete {
        item: item.clone(),
        case: case.clone(),
        expected,
        fields: fields(answers),
    };
    let commands = match place % 7 {
        0 => vec![release],
        1 => vec![draft],
        2 => vec![pause],
        3 => vec![pause, resume, complete(claimed.n + 2)],
        _ => vec![complete(claimed.n)],
    };
    for command in commands {
        // A paused item, say, is not completed; a refusal is the same on both stores too.
        drop(by(worker, command));
    }
}

/// A lane goes to another party, with what is open there.
fn give_away(house: &House) {
    let share = Share {
        party: PartyId::new("TO"),
        site: SiteId::new("tala-manila"),
        basis_points: 10_000,
        when: None,
        takes: Default::default(),
    };
    let command = Command::SetShares {
        lane: LaneId::new("resolve"),
        shares: vec![share],
        in_flight: InFlight::HandOver,
        reason: "as agreed".into(),
    };
    house.submit(Actor::System, command).expect("given away");
}

/// Everyone signs in; one looks under the mask, one tries what is not there, one signs out.
fn look(house: &House) {
    let viewers = sign_in(house);
    wait(house, &viewers);
    let case = open(house).first().expect("an open item").case.clone();
    let field = "supplier.iban".to_string();
    let reason = "a call".to_string();
    let reveal = Command::Reveal {
        case,
        field,
        reason,
    };
    let denied = Command::NoteDenials {
        worker: WorkerId::new("docklens-reader"),
        what: "P2P-1".into(),
        count: 3,
    };
    let close = Command::CloseSession {
        session: viewers[4].session.clone(),
    };
    house.submit(viewers[1].actor(), reveal).expect("revealed");
    house.submit(Actor::System, denied).expect("noted");
    house.submit(viewers[4].actor(), close).expect("signed out");
}

/// A provider asks the client and waits; the client answers, and objects to the pause.
fn wait(house: &House, viewers: &[Viewer]) {
    let (client, provider) = (&viewers[0], &viewers[2]);
    let by = house.worker("agnieszka.wrona");
    let asked = open(house).into_iter().find_map(|item| {
        house.claim("agnieszka.wrona", &item).ok()?;
        // Some were set aside days ago.
        let resume = Command::Resume {
            item: item.id.clone(),
            case: item.case.clone(),
        };
        drop(house.submit(by.clone(), resume));
        let text = "Which price holds? Call 0561-123456.";
        let asked = house
            .ask(provider, &item, "waiting-for-client", text)
            .ok()?;
        Some((item, asked.n))
    });
    let (item, n) = asked.expect("an item to ask about");
    let contest = house.app.contest(
        &client.scope,
        (&item.id, &item.case),
        n,
        "The list says it.",
    );
    house
        .submit(client.actor(), contest.expect("sealed"))
        .expect("objected");
    house
        .answer(client, &item, "That of the order.", None)
        .expect("answered");
}

/// Signs everyone of [`VIEWERS`] in.
pub fn sign_in(house: &House) -> Vec<Viewer> {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    let runtime = runtime.expect("a thread");
    let one = |worker: &&str| {
        let link = sight::invite(&house.app, &house.tenant, &WorkerId::new(*worker));
        let link = link.expect("a link");
        let token = runtime.block_on(sight::sign_in(&house.app, &house.tenant, &link));
        let viewer = sight::viewer(&house.app, &token.expect("a session")).expect("a viewer");
        viewer.expect("signed in")
    };
    VIEWERS.iter().map(one).collect()
}
