//! The demo's floor: gives each simulated colleague a token, starts the floor beside the server and
//! ends it with the server. What the floor does, it does over HTTP.

use crate::failure::Failure;
use crate::open::Open;
use baton_app::command::{Actor, Command, RevokeToken};
use baton_app::sight::{self, Worker};
use baton_app::{App, Folder};
use baton_floor::{Api, Floor, Nature, SideFile, Staff};
use baton_journal::setup::{InFlight, Share};
use baton_model::{LaneId, PartyId, TenantId, WallTime};
use std::net::SocketAddr;
use std::sync::mpsc::{Sender, channel};
use std::thread::JoinHandle;

/// The role of those who only exist here.
pub(super) const SIMULATED: &str = "simulated";
/// The name of the tokens.
const TOKEN: &str = "demo floor";
/// How long they hold.
const YEAR: WallTime = WallTime::hours(365 * 24);
/// How many items of each worker's queue are left for whoever looks at the demo.
const SPARE: usize = 4;
/// Who checks documents in the demo: two providers and a bot, in hundredths of a percent.
const VERIFY: [(&str, &str, u32); 3] = [
    ("TO", "tala-manila", 5_000),
    ("KS", "kestrel-krakow", 3_000),
    ("DL", "docklens-cloud", 2_000),
];

/// A running floor; it ends when it is dropped.
pub(super) struct Running {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // What was wrong with it, it has said.
            let _ = thread.join();
        }
    }
}

/// Shares the checking of documents out between providers and the bot, where the pack's cast has them.
pub(super) fn share_out(app: &App, tenant: &TenantId) -> Result<(), Failure> {
    let parties = sight::parties(app, tenant)?;
    if !VERIFY
        .iter()
        .all(|(party, ..)| parties.contains_key(&PartyId::new(*party)))
    {
        return Ok(());
    }
    let share = |(party, site, basis_points): (&str, &str, u32)| Share {
        party: PartyId::new(party),
        site: baton_model::SiteId::new(site),
        basis_points,
        when: None,
        takes: Default::default(),
    };
    let command = Command::SetShares {
        lane: LaneId::new("verify"),
        shares: VERIFY.map(share).into(),
        in_flight: InFlight::Finish,
        reason: "half with Tala, the rest with Kestrel and the Docklens bot".into(),
    };
    app.submit_now(tenant, Actor::System, &app.fresh_cause("demo"), command)?;
    Ok(())
}

/// Those who will work, with their tokens, and the side file.
pub(super) struct Prepared {
    staff: Vec<(Worker, String)>,
    side: SideFile,
    pace: u32,
}

/// Gives every simulated colleague a token.
pub(super) fn prepare(open: &Open, folder: &Folder, pace: u32) -> Result<Prepared, Failure> {
    let beside = folder.path().join("floor");
    std::fs::create_dir_all(&beside).map_err(Failure::io(&beside))?;
    let side = SideFile::open(&beside.join("planted.jsonl"));
    let side = side.map_err(|error| Failure::Said(error.to_string()))?;
    let workers = sight::workers(&open.app, &open.tenant)?.into_iter();
    let simulated = workers.filter(|worker| worker.roles.contains(SIMULATED));
    let staff = simulated.map(|worker| Ok((worker.clone(), token(open, &worker)?)));
    Ok(Prepared {
        staff: staff.collect::<Result<_, Failure>>()?,
        side,
        pace,
    })
}

impl Prepared {
    /// Starts the floor against the server that listens at an address.
    pub(super) fn begin(self, address: SocketAddr) -> Result<Running, Failure> {
        let address = format!("http://{address}");
        let staff = self.staff.iter();
        let floor = Floor {
            staff: staff
                .map(|(worker, token)| hire(worker, token, &address))
                .collect(),
            side: self.side,
            pace: self.pace,
            deals: u64::MAX,
            earlier: Default::default(),
            spare: SPARE,
            rng: fastrand::Rng::new(),
        };
        let (stop, stopped) = channel();
        let run = move || {
            if let Err(error) = floor.run(&stopped) {
                tracing::error!(%error, "the floor stands still");
            }
        };
        let thread = std::thread::Builder::new().name("floor".into()).spawn(run);
        Ok(Running {
            stop: Some(stop),
            thread: Some(thread.map_err(Failure::io("the floor's thread"))?),
        })
    }
}

/// A token of the worker's own, in place of the one of an earlier start.
fn token(open: &Open, worker: &Worker) -> Result<String, Failure> {
    let (app, tenant) = (&open.app, &open.tenant);
    let earlier = sight::tokens(app, tenant, Some(&worker.id))?;
    for token in earlier.into_iter().filter(|token| token.name == TOKEN) {
        let command = Command::RevokeToken(RevokeToken { hash: token.hash });
        app.submit_now(tenant, Actor::System, &app.fresh_cause("demo"), command)?;
    }
    let until = app.now().plus(YEAR);
    Ok(sight::issue_token(
        app,
        (tenant, Actor::System),
        &worker.id,
        TOKEN,
        until,
    )?)
}

fn hire(worker: &Worker, token: &str, address: &str) -> Staff {
    let nature = match worker.roles.contains("bot") {
        true => Nature::Bot,
        false => Nature::Person,
    };
    Staff {
        id: worker.id.to_string(),
        nature,
        api: Api::new(address, token),
    }
}
