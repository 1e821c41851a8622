//! What open pages are told while they stay open: the head of each tenant that somebody watches, and that
//! the presence of a party's people changed. One seat a stream; a session has only so many.
//!
//! It holds no case data and journals nothing: a page is told that something moved and asks again under its
//! own scope. Heads come from `app`, from this process at once and from others when the store is looked at.

pub mod presence;

use baton_app::App;
use baton_app::sight::Viewer;
use baton_model::{PartyId, TenantId};
use presence::Presence;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{oneshot, watch};

/// How often the store is asked for heads that another process moved.
const LOOK: Duration = Duration::from_secs(1);
/// The most streams of a session; the oldest makes room. A browser without HTTP/2 opens six connections to a
/// server, and the pages themselves need some.
const SEATS: usize = 4;

/// What the streams of a tenant are told.
#[derive(Clone, Debug, Default)]
pub(crate) struct Told {
    /// The journal's head.
    pub(crate) head: i64,
    /// How often the presence of a party's people changed.
    pub(crate) presence: BTreeMap<PartyId, u64>,
}

/// Everything that open pages share.
#[derive(Debug, Default)]
pub struct Live {
    tenants: Mutex<HashMap<TenantId, watch::Sender<Told>>>,
    sessions: Mutex<Sessions>,
    stopping: watch::Sender<bool>,
    /// Who has what open.
    pub(crate) presence: Presence,
}

#[derive(Debug, Default)]
struct Sessions {
    next: u64,
    open: HashMap<String, Vec<(u64, oneshot::Sender<()>)>>,
}

/// A stream's place: what it is told, and when it has to go.
#[derive(Debug)]
pub(crate) struct Seat {
    live: Arc<Live>,
    session: String,
    number: u64,
    /// What its tenant is told.
    pub(crate) told: watch::Receiver<Told>,
    /// Answered when a newer stream of the session takes the place.
    pub(crate) taken: oneshot::Receiver<()>,
    /// Whether the server is about to stop.
    pub(crate) stopping: watch::Receiver<bool>,
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut sessions = held(&self.live.sessions);
        if let Some(open) = sessions.open.get_mut(&self.session) {
            open.retain(|(number, _)| *number != self.number);
            if open.is_empty() {
                sessions.open.remove(&self.session);
            }
        }
    }
}

impl Live {
    /// Takes a seat for a viewer. The oldest stream of a session that has too many is told to go.
    pub(crate) fn seat(self: &Arc<Self>, viewer: &Viewer) -> Seat {
        let told = self.watched(&viewer.scope.tenant);
        let (go, taken) = oneshot::channel();
        let mut sessions = held(&self.sessions);
        sessions.next += 1;
        let number = sessions.next;
        let open = sessions.open.entry(viewer.session.clone()).or_default();
        if open.len() >= SEATS {
            let (_, oldest) = open.remove(0);
            // A stream that is gone already needs no telling.
            let _ = oldest.send(());
        }
        open.push((number, go));
        Seat {
            live: self.clone(),
            session: viewer.session.clone(),
            number,
            told,
            taken,
            stopping: self.stopping.subscribe(),
        }
    }

    fn watched(&self, tenant: &TenantId) -> watch::Receiver<Told> {
        let mut tenants = held(&self.tenants);
        tenants.entry(tenant.clone()).or_default().subscribe()
    }

    /// Tells the streams of a tenant of a head; one they know already is no news.
    pub(crate) fn head(&self, tenant: &TenantId, n: i64) {
        if let Some(told) = held(&self.tenants).get(tenant) {
            told.send_if_modified(|told| {
                let news = n > told.head;
                told.head = told.head.max(n);
                news
            });
        }
    }

    /// Tells the streams of a party that the presence of its people changed.
    pub(crate) fn stirred(&self, tenant: &TenantId, party: &PartyId) {
        if let Some(told) = held(&self.tenants).get(tenant) {
            told.send_modify(|told| *told.presence.entry(party.clone()).or_default() += 1);
        }
    }

    /// Ends all streams with the word that the server comes back.
    pub(crate) fn stop(&self) {
        self.stopping.send_replace(true);
    }

    /// Looks at the heads of the tenants that are watched, and at who went away without a word.
    fn look(&self, app: &App) {
        for (tenant, party) in self.presence.sweep(Instant::now()) {
            self.stirred(&tenant, &party);
        }
        let watched: Vec<TenantId> = {
            let mut tenants = held(&self.tenants);
            tenants.retain(|_, told| told.receiver_count() > 0);
            tenants.keys().cloned().collect()
        };
        for tenant in watched {
            match app.store().head(&tenant) {
                Ok(head) => self.head(&tenant, head.n),
                Err(error) => tracing::warn!(%tenant, %error, "its head could not be looked at"),
            }
        }
    }

    /// Hands on every commit until the app is gone: this process's as they are told, others' within a second.
    pub(crate) async fn run(self: Arc<Self>, app: App) {
        let mut heads = app.heads();
        let mut look = tokio::time::interval(LOOK);
        look.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                told = heads.recv() => match told {
                    Ok((tenant, n)) => { self.head(&tenant, n); continue }
                    Err(RecvError::Lagged(_)) => {}
                    Err(RecvError::Closed) => return,
                },
                _ = look.tick() => {}
            }
            let (live, app) = (self.clone(), app.clone());
            if tokio::task::spawn_blocking(move || live.look(&app))
                .await
                .is_err()
            {
                tracing::error!("looking at the heads ended by a fault of its own");
            }
        }
    }
}

/// The lock; what a thread left behind that ended amid it is whole, for nothing here can end amid it.
pub(crate) fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
