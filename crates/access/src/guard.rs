//! Who may ask for what: the veto of this room over every command of a worker.
//!
//! It looks at party, lane, role and declared fields only; whether an item is free or a form is right is
//! for other rooms. Baton itself (`Actor::System`) is not asked.

use crate::Access;
use crate::refusal;
use crate::tenancy::Tenancy;
use baton_journal::command::{Ask, ClaimFor, IssueToken};
use baton_journal::{Actor, Command, Env, Stop};
use baton_model::{CaseId, Micros, Record, Scope, WorkItemId, WorkerId};

/// Objects to a command that its worker may not give.
pub(crate) fn check(access: &Access, command: &Command, env: &Env<'_>) -> Result<(), Stop> {
    let Actor::Worker { party, worker } = env.actor else {
        return Ok(());
    };
    let tenancy = access.tenancy()?.ok_or_else(refusal::stranger)?;
    let scope = tenancy.scope(env.tenant, worker);
    let scope = scope.filter(|scope| scope.party == *party);
    let scope = scope.ok_or_else(refusal::stranger)?;
    match command {
        Command::FireTimer { .. }
        | Command::HandOver { .. }
        | Command::EndShift { .. }
        | Command::TakeStep(_)
        | Command::NoteDenials { .. }
        | Command::Found { .. } => Err(refusal::shell_only()),
        Command::RegisterParty(_)
        | Command::RegisterSite(_)
        | Command::RegisterWorker(_)
        | Command::Deploy(_)
        | Command::EraseSubject { .. } => administrator(tenancy, &scope),
        Command::Invite { worker, .. } => invites(tenancy, &scope, worker),
        Command::Receive(document) => takes_in(tenancy, &scope, Some(document.kind.name())),
        Command::Refuse { .. } => takes_in(tenancy, &scope, None),
        Command::IssueToken(IssueToken { worker, .. }) => {
            administrator(tenancy, &scope)?;
            of_own_party(tenancy, &scope, worker)
        }
        Command::Allocate { .. }
        | Command::SetShares { .. }
        | Command::PauseParty { .. }
        | Command::ResumeParty { .. }
        | Command::StepIn { .. }
        | Command::UndoChange { .. }
        | Command::PlanShares(_)
        | Command::CancelPlan { .. }
        | Command::SetAgreement(_) => vendor_manager(tenancy, &scope),
        Command::StartCase { .. } => of_client(&scope),
        Command::Publish { case, .. } | Command::ResolveIncident { case, .. } => {
            sees(access, &scope, case)?;
            of_client(&scope)
        }
        Command::Reveal { case, .. } => sees(access, &scope, case),
        Command::Ask(asked) => {
            does(access, (&scope, env.now), &asked.case, &asked.item, None)?;
            askable(access, tenancy, &scope, asked)
        }
        // Whose it is to answer, the desk knows; whoever sees the case may try.
        Command::Answer(given) => sees(access, &scope, &given.case),
        Command::Contest(asked) => {
            sees(access, &scope, &asked.case)?;
            of_client_to(&scope)
        }
        _ => items(access, (&scope, env.now), command),
    }
}

/// A party lets its own workers in. The client's administrator gives another party its first link: once
/// somebody of it who can invite has signed in, it looks after itself.
fn invites(tenancy: &Tenancy, scope: &Scope, worker: &WorkerId) -> Result<(), Stop> {
    let person = tenancy.workers.get(&scope.worker);
    let person = person.filter(|person| tenancy.invites(person));
    let person = person.ok_or_else(refusal::not_inviting)?;
    let Some(invited) = tenancy.workers.get(worker) else {
        return Ok(());
    };
    if invited.party == person.party {
        return Ok(());
    }
    if !scope.client {
        return Err(refusal::no_worker(worker));
    }
    if tenancy.looks_after_itself(&invited.party) {
        return Err(refusal::invites_itself(&invited.party));
    }
    Ok(())
}

/// Documents are sent in by the client, or by a party that runs the lane they start in.
fn takes_in(tenancy: &Tenancy, scope: &Scope, kind: Option<&str>) -> Result<(), Stop> {
    if scope.client || tenancy.grants.takes_in(&scope.party, kind) {
        return Ok(());
    }
    Err(refusal::takes_nothing_in())
}

/// Nobody lets a program act as another party's worker; the terminal alone does, for whoever runs Baton.
fn of_own_party(tenancy: &Tenancy, scope: &Scope, worker: &WorkerId) -> Result<(), Stop> {
    match tenancy.workers.get(worker) {
        Some(person) if person.party != scope.party => Err(refusal::no_worker(worker)),
        _ => Ok(()),
    }
}

fn administrator(tenancy: &Tenancy, scope: &Scope) -> Result<(), Stop> {
    let person = tenancy.workers.get(&scope.worker);
    if person.is_some_and(|person| tenancy.is_administrator(person)) {
        return Ok(());
    }
    Err(refusal::not_administrator())
}

fn vendor_manager(tenancy: &Tenancy, scope: &Scope) -> Result<(), Stop> {
    let person = tenancy.workers.get(&scope.worker);
    if person.is_some_and(|person| tenancy.is_vendor_manager(person)) {
        return Ok(());
    }
    Err(refusal::not_vendor_manager())
}

fn of_client(scope: &Scope) -> Result<(), Stop> {
    if scope.client {
        return Ok(());
    }
    Err(refusal::not_administrator())
}

/// The party that is asked must see the case: the client does; another party the client asks alone, and
/// of those that had the case.
fn askable(access: &Access, tenancy: &Tenancy, scope: &Scope, asked: &Ask) -> Result<(), Stop> {
    let Some(party) = asked
        .party
        .as_ref()
        .filter(|party| !tenancy.is_client(party))
    else {
        return Ok(());
    };
    let sight = access.case(&asked.case)?;
    let had = sight.is_some_and(|sight| sight.lanes(party).next().is_some());
    if scope.client && had {
        return Ok(());
    }
    Err(refusal::unaskable(party))
}

fn of_client_to(scope: &Scope) -> Result<(), Stop> {
    if scope.client {
        return Ok(());
    }
    Err(refusal::not_client())
}

fn sees(access: &Access, scope: &Scope, case: &CaseId) -> Result<(), Stop> {
    let sight = access.case(case)?;
    if sight.is_some_and(|sight| sight.seen_by(scope)) {
        return Ok(());
    }
    Err(refusal::no_case(case))
}

/// Commands about work items: each must be the worker's to do.
fn items(access: &Access, scope: (&Scope, Micros), command: &Command) -> Result<(), Stop> {
    match command {
        Command::SaveDraft { item, case, fields }
        | Command::Complete {
            item, case, fields, ..
        } => does(access, scope, case, item, Some(fields)),
        Command::ClaimNext { candidates } | Command::ClaimFor(ClaimFor { candidates, .. }) => {
            candidates
                .iter()
                .try_for_each(|(case, item)| does(access, scope, case, item, None))
        }
        other => match other.item() {
            Some((case, item)) => does(access, scope, case, item, None),
            None => Ok(()),
        },
    }
}

fn does(
    access: &Access,
    (scope, at): (&Scope, Micros),
    case: &CaseId,
    item: &WorkItemId,
    fields: Option<&Record>,
) -> Result<(), Stop> {
    let sight = access.case(case)?;
    let holding = sight.and_then(|sight| sight.items.get(item));
    let holding = holding.filter(|holding| scope.client || holding.workable_by(scope));
    let holding = holding.ok_or_else(|| refusal::no_item(item))?;
    if !holding.workable_by(scope) {
        return Err(refusal::not_yours(item));
    }
    let tenancy = access.tenancy()?;
    let grant = tenancy.and_then(|tenancy| tenancy.grants.get(&holding.lane));
    let agreed = tenancy.filter(|_| !scope.client);
    let agreed =
        agreed.and_then(|tenancy| tenancy.terms.narrowing(&scope.party, &holding.lane, at));
    let writes = |field: &String| {
        let agreed = agreed.is_none_or(|agreed| agreed.writes(field));
        agreed && grant.is_some_and(|grant| grant.writes(field))
    };
    let foreign = fields.and_then(|fields| fields.keys().find(|field| !writes(field)));
    foreign.map_or(Ok(()), |field| {
        Err(refusal::unwritable(&holding.lane, field))
    })
}
