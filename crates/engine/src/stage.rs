//! The engine as a stage of the journey: the commands it decides, the events it reacts to, its slots.

use crate::commands;
use crate::forms;
use crate::packs::Packs;
use crate::run::Run;
use crate::state::CaseState;
use crate::views;
use baton_journal::event::{ItemFailed, ServiceLeft};
use baton_journal::{
    Change, Command, Env, Event, EventName, Key, Need, Shelf, Slots, Stage, Stop, View,
};
use baton_model::{CaseId, Micros, ProcessId};

/// The stage.
#[derive(Debug)]
pub struct Engine {
    pub(crate) cases: Slots<CaseState>,
    pub(crate) packs: Slots<Packs>,
}

impl Default for Engine {
    fn default() -> Self {
        Self {
            cases: Slots::new("engine.cases", |key| matches!(key, Key::Case(_))),
            packs: Slots::new("engine.packs", |key| *key == Key::Tenant),
        }
    }
}

impl Engine {
    /// A case that is loaded.
    pub(crate) fn case(&self, case: &CaseId) -> Result<Option<&CaseState>, Need> {
        self.cases.get(&Key::Case(case.clone()))
    }

    pub(crate) fn packs(&self) -> Result<Option<&Packs>, Need> {
        self.packs.get(&Key::Tenant)
    }

    /// A case about to go on; nothing where it is not there or has ended.
    pub(crate) fn resume<'a>(
        &'a self,
        case: &CaseId,
        env: &'a Env<'a>,
    ) -> Result<Option<Run<'a>>, Need> {
        let Some(state) = self.case(case)?.filter(|state| state.ended.is_none()) else {
            return Ok(None);
        };
        let packs = self.packs()?;
        let found = packs.and_then(|packs| packs.of(&state.process, state.version));
        let Some(deployed) = found else {
            return Ok(None);
        };
        let Some(process) = deployed.compiled().processes.get(state.process.as_str()) else {
            return Ok(None);
        };
        Ok(Some(Run {
            case: case.clone(),
            state: state.clone(),
            process,
            pack: deployed.compiled(),
            personal: &deployed.pack.personal,
            env,
            events: Vec::new(),
            entered: 0,
        }))
    }

    /// The newest version of a process, by id.
    pub(crate) fn has_process(&self, process: &ProcessId) -> Result<bool, Need> {
        Ok(self
            .packs()?
            .is_some_and(|packs| packs.newest(process).is_some()))
    }
}

impl Stage for Engine {
    const VIEWS: &'static [View] = &[
        views::CASES,
        views::CASE_RECORD,
        views::INCIDENT,
        views::TIMER,
        views::PROCESS,
        views::FORM,
    ];

    fn decides(command: &Command) -> bool {
        matches!(
            command,
            Command::Deploy(_)
                | Command::StartCase { .. }
                | Command::FireTimer { .. }
                | Command::Publish { .. }
                | Command::ResolveIncident { .. }
        )
    }

    fn veto(&self, command: &Command, _env: &Env<'_>) -> Result<(), Stop> {
        match command {
            Command::Complete {
                item, case, fields, ..
            } => forms::fit(self, case, item, fields),
            Command::SetShares { shares, .. } => commands::conditions(shares),
            Command::PlanShares(plan) => {
                let mut steps = plan.steps.iter();
                steps.try_for_each(|step| commands::conditions(&step.shares))
            }
            _ => Ok(()),
        }
    }

    fn decide(&self, command: &Command, env: &Env<'_>) -> Result<Vec<Event>, Stop> {
        match command {
            Command::Deploy(pack) => commands::deploy(self, pack),
            Command::StartCase { process, record } => {
                commands::start_case(self, process, record, env)
            }
            Command::FireTimer { case, timer } => commands::fire_timer(self, case, timer, env),
            Command::Publish {
                message,
                case,
                key,
                record,
            } => commands::publish(self, case, message, key, record, env),
            Command::ResolveIncident {
                case,
                incident,
                record,
            } => commands::resolve(self, case, incident, record, env),
            _ => Ok(Vec::new()),
        }
    }

    fn react(&self, event: &Event, env: &Env<'_>) -> Result<Vec<Event>, Need> {
        let run = match event {
            Event::DocumentReceived { id, document, .. } => {
                return commands::start_on(self, id, document, env);
            }
            Event::DocumentCorrelated { .. } => return commands::take_in(self, event, env),
            Event::ItemCompleted { case, .. }
            | Event::ServiceAnswered { case, .. }
            | Event::ServiceFailed { case, .. }
            | Event::ServiceLeft(ServiceLeft { case, .. })
            | Event::ItemFailed(ItemFailed { case, .. }) => self.resume(case, env)?,
            _ => None,
        };
        Ok(match (run, event) {
            (Some(run), Event::ItemCompleted { item, fields, .. }) => run.completed(item, fields),
            (Some(run), Event::ServiceAnswered { token, result, .. }) => {
                run.answered(*token, result)
            }
            (
                Some(run),
                Event::ServiceFailed {
                    token,
                    code,
                    message,
                    ..
                },
            ) => run.failed(*token, code, message),
            (Some(run), Event::ServiceLeft(left)) => run.left_to_bots(left),
            (Some(run), Event::ItemFailed(failed)) => run.bot_failed(failed),
            _ => Vec::new(),
        })
    }

    fn apply(&mut self, event: &Event, _name: EventName, at: Micros) {
        if let Event::PackDeployed {
            deployment,
            versions,
        } = event
        {
            self.packs
                .upsert(&Key::Tenant, |packs| packs.add(deployment, versions));
        }
        let Some(key) = event.case().cloned().map(Key::Case) else {
            return;
        };
        match CaseState::begun(event, at) {
            Some(state) => self.cases.put(key, state),
            None if CaseState::concerns(event) => self.cases.update(&key, |case| case.apply(event)),
            None => {}
        }
    }

    fn project(&self, event: &Event, name: EventName, at: Micros) -> Vec<Change> {
        views::project(self, event, name, at)
    }

    fn shelves(&mut self, visit: &mut dyn FnMut(&mut dyn Shelf)) {
        visit(&mut self.cases);
        visit(&mut self.packs);
    }
}
