//! A stage of the journey: what it vetoes, decides, reacts to and shows. `relay` joins the stages.

use crate::{Change, Command, Env, Event, EventName, Need, Shelf, Stop, View};
use baton_model::Micros;

/// A room of the journey. Everything but [`Stage::apply`] reads; `apply` is the only change of state.
pub trait Stage: Default + Send {
    /// The views this stage owns.
    const VIEWS: &'static [View];

    /// Whether this stage decides such a command. Exactly one stage does.
    fn decides(command: &Command) -> bool;

    /// May refuse a command another stage decides.
    fn veto(&self, _command: &Command, _env: &Env<'_>) -> Result<(), Stop> {
        Ok(())
    }

    /// Decides a command: the events it causes here.
    fn decide(&self, command: &Command, env: &Env<'_>) -> Result<Vec<Event>, Stop>;

    /// Reacts to an event: the events that follow from it here. A reaction never rejects.
    fn react(&self, _event: &Event, _env: &Env<'_>) -> Result<Vec<Event>, Need> {
        Ok(Vec::new())
    }

    /// Folds an event into the state. It cannot fail, evaluates nothing and opens no cell.
    fn apply(&mut self, event: &Event, name: EventName, at: Micros);

    /// The rows of its views that change with an event, read from the state after it.
    fn project(&self, _event: &Event, _name: EventName, _at: Micros) -> Vec<Change> {
        Vec::new()
    }

    /// Its slots.
    fn shelves(&mut self, visit: &mut dyn FnMut(&mut dyn Shelf));
}
