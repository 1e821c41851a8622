//! One turn: a command is decided by one stage, the others react in the order of the journey, first
//! in, first out, until all is quiet. And its replay.

use crate::World;
use baton_journal::event::ServiceLeft;
use baton_journal::turn::Refusal;
use baton_journal::{Change, Command, Entry, Env, Event, EventName, Key, Need, Rejection, Stop};
use std::collections::VecDeque;

/// More events than any sound command causes; past it the command is refused whole.
const EVENTS: usize = 20_000;

/// What became of a command.
#[derive(Debug)]
pub enum Turned {
    /// It was accepted: its events, and the view rows that change.
    Accepted {
        /// The events, in order.
        events: Vec<Event>,
        /// The changes of views, in order.
        changes: Vec<Change>,
    },
    /// It was refused; nothing changed.
    Rejected(Rejection),
}

/// Runs a turn. On a [`Need`] the world is as it was before; load the slot and run the turn again.
pub fn turn(world: &mut World, command: &Command, env: &Env<'_>) -> Result<Turned, Need> {
    world.begin();
    let stop = match run(world, command, env) {
        Ok(turned) => return Ok(turned),
        Err(stop) => stop,
    };
    world.roll_back();
    match stop {
        Stop::Need(need) => Err(need),
        Stop::Reject(rejection) => Ok(Turned::Rejected(rejection)),
    }
}

fn run(world: &mut World, command: &Command, env: &Env<'_>) -> Result<Turned, Stop> {
    let mut queue = VecDeque::from(world.decide(command, env)?);
    let (mut events, mut changes) = (Vec::new(), Vec::new());
    while let Some(event) = queue.pop_front().or_else(|| unanswered(&events)) {
        if events.len() >= EVENTS {
            return Err(endless().into());
        }
        let name = EventName {
            n: env.n,
            i: events.len() as u32,
        };
        require(world, &event)?;
        world.apply(&event, name, env.now);
        world.project(&event, name, env.now, &mut changes);
        queue.extend(world.react(&event, env)?);
        events.push(event);
    }
    Ok(Turned::Accepted { events, changes })
}

/// Once all is quiet: a service that was asked for and that no stage answered is left to bots.
fn unanswered(events: &[Event]) -> Option<Event> {
    let mut waiting = Vec::new();
    for event in events {
        match event {
            Event::ServiceAsked {
                case,
                token,
                service,
                ..
            } => waiting.push((case, *token, service)),
            Event::ServiceAnswered { case, token, .. }
            | Event::ServiceFailed { case, token, .. }
            | Event::ServiceLeft(ServiceLeft { case, token, .. }) => {
                waiting.retain(|(of, at, _)| *of != case || at != token);
            }
            _ => {}
        }
    }
    let (case, token, service) = waiting.first()?;
    Some(Event::ServiceLeft(ServiceLeft {
        case: (*case).clone(),
        token: *token,
        service: (*service).clone(),
    }))
}

/// Replays an entry: folds its events and gives the view rows that change. Nothing is decided and
/// nothing evaluated. On a [`Need`] the world is as it was before.
pub fn fold(world: &mut World, entry: &Entry) -> Result<Vec<Change>, Need> {
    for event in &entry.events {
        require(world, event)?;
    }
    let mut changes = Vec::new();
    for (name, event) in entry.named() {
        world.apply(event, name, entry.at);
        world.project(event, name, entry.at, &mut changes);
    }
    Ok(changes)
}

fn require(world: &mut World, event: &Event) -> Result<(), Need> {
    if let Event::CaseStarted { case, .. } = event {
        world.begins(&Key::Case(case.clone()));
    }
    for key in event.keys() {
        if !world.holds(&key) {
            return Err(Need(key));
        }
    }
    Ok(())
}

fn endless() -> Rejection {
    let message = format!(
        "the command would cause more than {EVENTS} events; nothing was done, send less at once"
    );
    Rejection::new(Refusal::Invalid, "BATON-RELAY-001", message)
}
