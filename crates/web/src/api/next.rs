//! Which free item is offered to whom: the heads of the queues, read now and then and handed out one by
//! one, so that many who ask at once are not all offered the same.
//!
//! It is a hint and lives in memory: the desk decides who gets an item. What it has read is at most a
//! quarter of a second old, or a few times as old as reading it took.

use super::problem::Problem;
use crate::handlers::Web;
use crate::handlers::answer::{Failed, read};
use baton_app::App;
use baton_app::sight::Viewer;
use baton_app::views::Reader;
use baton_app::views::queue::{self, Free};
use baton_model::{LaneId, PartyId, TenantId, WorkItemId};
use std::collections::{BTreeSet, HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How many items that ask the same are read of a lane at once.
const READ: usize = 500;
/// For how long they are handed out.
const FRESH: Duration = Duration::from_millis(250);
/// Of how many times as long as they took to read, where that is longer.
const SHARE: u32 = 20;

/// The queues' heads.
#[derive(Debug, Default)]
pub(crate) struct Heads(Mutex<HashMap<Place, Arc<Mutex<Queue>>>>);

type Place = (TenantId, PartyId, LaneId, Reach);

/// How far a queue is looked through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Reach {
    /// Its first items.
    Head,
    /// The first of each kind, for one who can do none of the head.
    Each,
}

/// The head of one queue.
#[derive(Debug, Default)]
struct Queue {
    free: VecDeque<Free>,
    read: Option<(Instant, Duration)>,
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Queue {
    /// Reads it anew where it is old, or older than the one who asks can do with.
    fn refresh(
        &mut self,
        app: &App,
        viewer: &Viewer,
        (lane, reach): (&LaneId, Reach),
        newer: Option<Instant>,
    ) -> Result<(), Failed> {
        let fresh = |(at, took): (Instant, Duration)| {
            at.elapsed() <= FRESH.max(took * SHARE) && newer.is_none_or(|newer| at >= newer)
        };
        if self.read.is_some_and(fresh) {
            return Ok(());
        }
        let began = Instant::now();
        let scope = &viewer.scope;
        let reader = Reader::of(app, scope);
        let free = match reach {
            Reach::Head => queue::free(&reader, scope, lane, READ)?,
            Reach::Each => queue::free_of_each(&reader, scope, lane, READ)?,
        };
        self.free = free.into();
        self.read = Some((began, began.elapsed()));
        Ok(())
    }
}

impl Heads {
    fn queue(&self, viewer: &Viewer, lane: &LaneId, reach: Reach) -> Arc<Mutex<Queue>> {
        let scope = &viewer.scope;
        let place = (
            scope.tenant.clone(),
            scope.party.clone(),
            lane.clone(),
            reach,
        );
        held(&self.0).entry(place).or_default().clone()
    }

    /// The first due item of these lanes that the viewer may do and has not tried; it is handed to nobody
    /// else meanwhile.
    fn take(
        &self,
        app: &App,
        viewer: &Viewer,
        lanes: &[LaneId],
        tried: &BTreeSet<WorkItemId>,
        (reach, newer): (Reach, Option<Instant>),
    ) -> Result<Option<Free>, Failed> {
        let fits = |free: &&Free| free.suits(viewer) && !tried.contains(&free.item);
        let mut best: Option<(LaneId, Free)> = None;
        for lane in lanes {
            let queue = self.queue(viewer, lane, reach);
            let mut queue = held(&queue);
            queue.refresh(app, viewer, (lane, reach), newer)?;
            let first = queue.free.iter().find(fits);
            if let Some(first) = first
                && best
                    .as_ref()
                    .is_none_or(|(_, best)| first.order() < best.order())
            {
                best = Some((lane.clone(), first.clone()));
            }
        }
        let Some((lane, free)) = best else {
            return Ok(None);
        };
        let queue = self.queue(viewer, &lane, reach);
        let mut queue = held(&queue);
        let place = queue.free.iter().position(|other| other.item == free.item);
        // Where somebody was handed it in between, both try; the desk decides.
        Ok(place
            .and_then(|place| queue.free.remove(place))
            .or(Some(free)))
    }
}

/// The next item to try; nothing where nothing is free.
pub(crate) async fn take(
    web: &Web,
    viewer: &Viewer,
    lanes: &[LaneId],
    tried: &BTreeSet<WorkItemId>,
) -> Result<Option<Free>, Problem> {
    let (heads, viewer) = (web.heads.clone(), viewer.clone());
    let (lanes, tried) = (lanes.to_vec(), tried.clone());
    let taken = read(web, move |app| {
        let began = Instant::now();
        // All that was read may be handed out, and there may be more by now; and all that is first may ask
        // for what this one lacks.
        let looks = [
            (Reach::Head, None),
            (Reach::Head, Some(began)),
            (Reach::Each, None),
        ];
        for look in looks {
            let free = heads.take(app, &viewer, &lanes, &tried, look)?;
            if free.is_some() {
                return Ok(free);
            }
        }
        Ok(None)
    });
    Ok(taken.await?)
}
