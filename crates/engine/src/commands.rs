//! The commands the engine decides, and what a worker's form must be like.

use crate::model::{Compiled, Process, check_pack};
use crate::run::Run;
use crate::stage::Engine;
use crate::state::{CaseState, Wait};
use baton_journal::setup::{Deployment, Share};
use baton_journal::turn::Refusal;
use baton_journal::{Document, Env, Event, Need, Rejection, Stop};
use baton_model::{CaseId, DocumentId, ProcessId, Record};

type Decision = Result<Vec<Event>, Stop>;

/// Deploys a pack whose models can be run, as the next version of its processes.
pub(crate) fn deploy(engine: &Engine, pack: &Deployment) -> Decision {
    let packs = engine.packs()?;
    if packs.and_then(|packs| packs.last(pack)) == Some(pack) {
        return Err(refuse(
            Refusal::Duplicate,
            "BATON-ENGINE-020",
            format!(
                "the pack `{}` is deployed just like this already; change it for another version",
                pack.pack
            ),
        ));
    }
    let compiled = check_pack(pack).map_err(|findings| {
        let lines: Vec<_> = findings
            .iter()
            .map(|(path, finding)| format!("{path}: {finding}"))
            .collect();
        refuse(
            Refusal::Invalid,
            "BATON-ENGINE-021",
            format!("the pack cannot be deployed:\n{}", lines.join("\n")),
        )
    })?;
    let mut versions = Vec::new();
    for process in compiled.processes.keys() {
        if let Some(owner) = packs.and_then(|packs| packs.owner(process, pack)) {
            let message = format!(
                "the process `{process}` belongs to the pack `{}`; give yours another id",
                owner.pack
            );
            return Err(refuse(Refusal::Conflict, "BATON-ENGINE-022", message));
        }
        let id = ProcessId::new(process);
        let version = packs
            .and_then(|packs| packs.newest(&id))
            .map_or(1, |(_, version)| version + 1);
        versions.push((id, version));
    }
    Ok(vec![Event::PackDeployed {
        deployment: Box::new(pack.clone()),
        versions,
    }])
}

/// Starts a case by hand.
pub(crate) fn start_case(
    engine: &Engine,
    process: &ProcessId,
    record: &Record,
    env: &Env<'_>,
) -> Decision {
    if !engine.has_process(process)? {
        return Err(refuse(
            Refusal::Missing,
            "BATON-ENGINE-023",
            format!("there is no process `{process}`; deploy a pack that has it"),
        ));
    }
    let Some((deployed, version)) = engine.packs()?.and_then(|packs| packs.newest(process)) else {
        return Ok(Vec::new());
    };
    let compiled = deployed.compiled();
    let found = compiled
        .processes
        .get(process.as_str())
        .and_then(|process| Some((process, process.start()?)));
    let Some((model, start)) = found else {
        return Ok(Vec::new());
    };
    let begun = Begun {
        deployed: &deployed.pack,
        compiled,
        process: model,
        version,
        start: &start.id,
    };
    Ok(begin(
        &begun,
        CaseId::new(format!("{}-{}", deployed.pack.prefix, env.n)),
        None,
        record,
        env,
    ))
}

/// Starts a case of every process that a document of this kind sets off.
pub(crate) fn start_on(
    engine: &Engine,
    id: &DocumentId,
    document: &Document,
    env: &Env<'_>,
) -> Result<Vec<Event>, Need> {
    let mut events = Vec::new();
    let Some(packs) = engine.packs()? else {
        return Ok(events);
    };
    let mut count = 0;
    for (deployed, process, version) in packs.in_force() {
        let Some(start) = process.start_on(document.kind.name()) else {
            continue;
        };
        count += 1;
        let beside = if count > 1 {
            format!("-{count}")
        } else {
            String::new()
        };
        let case = CaseId::new(format!("{}-{}{beside}", deployed.pack.prefix, env.n));
        let compiled = deployed.compiled();
        let begun = Begun {
            deployed: &deployed.pack,
            compiled,
            process,
            version,
            start: &start.id,
        };
        events.extend(begin(
            &begun,
            case,
            Some((id, document)),
            &document.record,
            env,
        ));
    }
    Ok(events)
}

/// Gives a document to the case that awaits it. Where that case awaits it no more, nothing is lost: the
/// document sets off what it sets off by itself.
pub(crate) fn take_in(engine: &Engine, event: &Event, env: &Env<'_>) -> Result<Vec<Event>, Need> {
    let Event::DocumentCorrelated {
        case,
        message,
        key,
        id,
        document,
        brought,
    } = event
    else {
        return Ok(Vec::new());
    };
    let run = engine.resume(case, env)?;
    let found = run.and_then(|run| {
        let awaited = run.state.awaited_as(message, key)?.clone();
        Some((run, awaited))
    });
    match found {
        Some((run, awaited)) => {
            Ok(run.message(awaited.token, &awaited.node, message, brought.clone()))
        }
        None => start_on(engine, id, document, env),
    }
}

/// What a case begins with.
struct Begun<'a> {
    deployed: &'a Deployment,
    compiled: &'a Compiled,
    process: &'a Process,
    version: u32,
    start: &'a baton_model::TaskId,
}

fn begin(
    begun: &Begun<'_>,
    case: CaseId,
    document: Option<(&DocumentId, &Document)>,
    record: &Record,
    env: &Env<'_>,
) -> Vec<Event> {
    let started = Event::CaseStarted {
        case: case.clone(),
        process: ProcessId::new(&begun.process.id),
        version: begun.version,
        document: document.map(|(id, _)| id.clone()),
        kind: document.map(|(_, document)| document.kind),
        record: record.clone(),
    };
    let Some(state) = CaseState::begun(&started, env.now) else {
        return Vec::new();
    };
    let mut run = Run {
        case: case.clone(),
        state,
        process: begun.process,
        pack: begun.compiled,
        personal: &begun.deployed.personal,
        env,
        events: vec![started],
        entered: 0,
    };
    run.give(Event::TokenMoved {
        case,
        token: 0,
        from: None,
        to: Some(begun.start.clone()),
        flow: None,
    });
    run.finish()
}

/// Lets a due timer fire.
pub(crate) fn fire_timer(engine: &Engine, case: &CaseId, timer: &str, env: &Env<'_>) -> Decision {
    let run = running(engine, case, env)?;
    let Some(set) = run.state.timers.get(timer) else {
        return Err(refuse(
            Refusal::Missing,
            "BATON-ENGINE-024",
            format!("the case `{case}` has no timer `{timer}` set; look at the case again"),
        ));
    };
    if set.due > env.now {
        return Err(refuse(
            Refusal::Conflict,
            "BATON-ENGINE-025",
            format!("the timer `{timer}` of `{case}` is not due yet; wait for it"),
        ));
    }
    Ok(run.timer(timer))
}

/// Gives a message to the case that awaits it.
pub(crate) fn publish(
    engine: &Engine,
    case: &CaseId,
    message: &str,
    key: &str,
    record: &Record,
    env: &Env<'_>,
) -> Decision {
    let run = running(engine, case, env)?;
    match run.state.awaited_as(message, key).cloned() {
        Some(awaited) => Ok(run.message(awaited.token, &awaited.node, message, record.clone())),
        None => Err(refuse(
            Refusal::Missing,
            "BATON-ENGINE-026",
            format!(
                "the case `{case}` awaits no message `{message}` with the key `{key}`; correct the name or the key, or wait until it does"
            ),
        )),
    }
}

/// Tries a stuck step again, after setting fields.
pub(crate) fn resolve(
    engine: &Engine,
    case: &CaseId,
    incident: &str,
    record: &Record,
    env: &Env<'_>,
) -> Decision {
    let mut run = running(engine, case, env)?;
    let open = run
        .state
        .tokens
        .values()
        .any(|token| matches!(&token.wait, Wait::Incident { id, .. } if id == incident));
    if !open {
        return Err(refuse(
            Refusal::Missing,
            "BATON-ENGINE-027",
            format!("the case `{case}` has no open incident `{incident}`; look at the case again"),
        ));
    }
    run.give(Event::IncidentResolved {
        case: case.clone(),
        incident: incident.to_owned(),
        record: record.clone(),
    });
    Ok(run.finish())
}

fn running<'a>(engine: &'a Engine, case: &CaseId, env: &'a Env<'a>) -> Result<Run<'a>, Stop> {
    let missing = || {
        refuse(
            Refusal::Missing,
            "BATON-ENGINE-028",
            format!("there is no running case `{case}`; search for it, or start one"),
        )
    };
    engine.resume(case, env)?.ok_or_else(missing)
}

fn refuse(kind: Refusal, code: &str, message: String) -> Stop {
    Rejection::new(kind, code, message).into()
}

/// Whether the conditions of shares are expressions at all; what they read is known when a case comes.
pub(crate) fn conditions(shares: &[Share]) -> Result<(), Stop> {
    for share in shares {
        let checked = share.when.as_deref().map_or(Ok(()), crate::feel::check);
        checked.map_err(|error| {
            let message = format!("the condition of {}: {error}; correct it", share.party);
            Rejection::new(Refusal::Invalid, "BATON-ENGINE-030", message)
                .about(share.party.as_str())
        })?;
    }
    Ok(())
}
