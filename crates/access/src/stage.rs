//! The stage: what this room keeps, decides and refuses in a turn.
//!
//! It decides set-up, sign-in, reveals, denials and erasure, and objects to whatever a worker may not
//! ask. It destroys no key: the tombstone goes to the journal here, the key goes in the shell after the
//! commit.

use crate::grants::Reading;
use crate::reveal::{Asked, REVEALS_AN_HOUR, Reveals, is_original, reveal, stated};
use crate::session::{Link, Session};
use crate::sight::CaseSight;
use crate::tenancy::Tenancy;
use crate::token::{self, Token};
use crate::{guard, refusal, rows, session, setup, views};
use baton_journal::event::{
    DenialsCounted, FieldRevealed, LinkIssued, SessionClosed, SessionOpened, SubjectErased,
};
use baton_journal::{
    Actor, Change, Command, Env, Event, EventName, Key, Need, Shelf, Slots, Stage, Stop, View,
};
use baton_model::{CaseId, Micros, Scope, TenantId, WorkerId};

/// The room's state.
#[derive(Debug)]
pub struct Access {
    pub(crate) tenancy: Slots<Tenancy>,
    pub(crate) cases: Slots<CaseSight>,
    links: Slots<Link>,
    sessions: Slots<Session>,
    tokens: Slots<Token>,
    reveals: Slots<Reveals>,
    originals: Slots<Reveals>,
}

impl Default for Access {
    fn default() -> Self {
        Self {
            tenancy: Slots::new("access.tenancy_and_terms", |key| *key == Key::Tenant),
            cases: Slots::new("access.sight", |key| matches!(key, Key::Case(_))),
            links: Slots::new("access.links", |key| matches!(key, Key::Link(_))),
            sessions: Slots::new("access.sessions", |key| matches!(key, Key::Session(_))),
            tokens: Slots::new("access.tokens", |key| matches!(key, Key::Token(_))),
            reveals: Slots::new("access.reveals", |key| matches!(key, Key::Worker(_))),
            originals: Slots::new("access.originals", |key| matches!(key, Key::Worker(_))),
        }
    }
}

impl Access {
    /// What a session may see, by its token's hash; nothing if there is none or it has ended.
    pub fn scope(
        &self,
        tenant: &TenantId,
        session: &str,
        now: Micros,
    ) -> Result<Option<Scope>, Need> {
        let found = self.sessions.get(&Key::Session(session.into()))?;
        let Some(found) = found.filter(|found| found.holds(now)) else {
            return Ok(None);
        };
        let tenancy = self.tenancy()?;
        Ok(tenancy.and_then(|tenancy| tenancy.scope(tenant, &found.worker)))
    }

    /// What a worker may see, without a session: for commands of the command line and of tests.
    pub fn scope_of_worker(
        &self,
        tenant: &TenantId,
        worker: &WorkerId,
    ) -> Result<Option<Scope>, Need> {
        let tenancy = self.tenancy()?;
        Ok(tenancy.and_then(|tenancy| tenancy.scope(tenant, worker)))
    }

    /// The tenant's set-up, once it began.
    pub fn tenancy(&self) -> Result<Option<&Tenancy>, Need> {
        self.tenancy.get(&Key::Tenant)
    }

    /// Who holds what of a case.
    pub fn case(&self, case: &CaseId) -> Result<Option<&CaseSight>, Need> {
        self.cases.get(&Key::Case(case.clone()))
    }

    /// How many reveals a worker has left this hour.
    pub fn reveals_left(&self, worker: &WorkerId, now: Micros) -> Result<usize, Need> {
        let reveals = self.reveals.get(&Key::Worker(worker.clone()))?;
        Ok(reveals
            .cloned()
            .unwrap_or_default()
            .left(REVEALS_AN_HOUR, now))
    }

    fn set_up(&self, command: &Command) -> Result<Vec<Event>, Stop> {
        let empty = Tenancy::default();
        let tenancy = self.tenancy()?.unwrap_or(&empty);
        match command {
            Command::Found {
                name,
                simulated,
                client,
            } => setup::found(tenancy, name, *simulated, client),
            Command::RegisterParty(party) => setup::party(tenancy, party),
            Command::RegisterSite(site) => setup::site(tenancy, site),
            Command::RegisterWorker(worker) => setup::worker(tenancy, worker),
            _ => Ok(Vec::new()),
        }
    }

    fn sign_in(&self, command: &Command, env: &Env<'_>) -> Result<Vec<Event>, Stop> {
        match command {
            Command::Invite {
                worker,
                link,
                until,
            } => {
                let empty = Tenancy::default();
                let tenancy = self.tenancy()?.unwrap_or(&empty);
                let known = self.links.get(&Key::Link(link.clone()))?.is_some();
                session::invite(tenancy, known, worker, link, *until, env.now)
            }
            Command::OpenSession {
                link,
                session,
                until,
            } => {
                let found = self.links.get(&Key::Link(link.clone()))?;
                let other = self.sessions.get(&Key::Session(session.clone()))?;
                session::begin((link, found), (session, other), *until, env.now)
            }
            Command::CloseSession { session } => self.close(session, env.actor),
            _ => self.tokens(command, env),
        }
    }

    fn tokens(&self, command: &Command, env: &Env<'_>) -> Result<Vec<Event>, Stop> {
        let empty = Tenancy::default();
        let tenancy = self.tenancy()?.unwrap_or(&empty);
        let found = |token: &str| self.tokens.get(&Key::Token(token.into()));
        match command {
            Command::IssueToken(asked) => {
                token::issue(tenancy, found(&asked.hash)?.is_some(), asked, env.now)
            }
            Command::RevokeToken(asked) => {
                token::revoke(tenancy, found(&asked.hash)?, &asked.hash, env.actor)
            }
            _ => Ok(Vec::new()),
        }
    }

    fn close(&self, session: &str, actor: &Actor) -> Result<Vec<Event>, Stop> {
        let found = self.sessions.get(&Key::Session(session.into()))?;
        let found = found.ok_or_else(refusal::no_session)?;
        if actor.worker().is_some_and(|worker| *worker != found.worker) {
            return Err(refusal::no_session());
        }
        let session = session.into();
        Ok(vec![Event::SessionClosed(SessionClosed { session })])
    }

    fn reveal(
        &self,
        case: &CaseId,
        field: &str,
        reason: &str,
        env: &Env<'_>,
    ) -> Result<Vec<Event>, Stop> {
        let worker = env.actor.worker().ok_or_else(refusal::stranger)?;
        let scope = self.scope_of_worker(env.tenant, worker)?;
        let scope = scope.ok_or_else(refusal::stranger)?;
        let sight = self.case(case)?.filter(|sight| sight.seen_by(&scope));
        let sight = sight.ok_or_else(|| refusal::no_case(case))?;
        let empty = Reveals::default();
        let key = Key::Worker(worker.clone());
        let reveals = if is_original(field) {
            self.originals.get(&key)?
        } else {
            self.reveals.get(&key)?
        };
        let asked = Asked {
            case,
            field,
            reason,
            worker,
        };
        let reading = self.reading(&scope, sight, env.now)?;
        reveal(&asked, &reading, reveals.unwrap_or(&empty), env.now)
    }

    /// What a worker may read of a case at an instant.
    pub fn reading<'a>(
        &'a self,
        scope: &'a Scope,
        sight: &'a CaseSight,
        at: Micros,
    ) -> Result<Reading<'a>, Need> {
        let tenancy = self.tenancy()?;
        Ok(tenancy.map_or_else(Reading::nothing, |tenancy| {
            let terms = (&tenancy.terms, at);
            let lanes = sight.lanes(&scope.party);
            tenancy.grants.reading(scope, lanes, terms)
        }))
    }

    fn note(&self, command: &Command) -> Result<Vec<Event>, Stop> {
        match command {
            Command::NoteDenials { count: 0, .. } => Err(refusal::nothing()),
            Command::NoteDenials {
                worker,
                what,
                count,
            } => Ok(vec![Event::DenialsCounted(DenialsCounted {
                worker: worker.clone(),
                what: what.chars().take(100).collect(),
                count: *count,
            })]),
            Command::EraseSubject { subject, reason } => {
                Ok(vec![Event::SubjectErased(SubjectErased {
                    subject: subject.clone(),
                    reason: stated(reason)?,
                })])
            }
            _ => Ok(Vec::new()),
        }
    }
}

impl Stage for Access {
    const VIEWS: &'static [View] = views::VIEWS;

    fn decides(command: &Command) -> bool {
        matches!(
            command,
            Command::Found { .. }
                | Command::RegisterParty(_)
                | Command::RegisterSite(_)
                | Command::RegisterWorker(_)
                | Command::Invite { .. }
                | Command::OpenSession { .. }
                | Command::CloseSession { .. }
                | Command::IssueToken(_)
                | Command::RevokeToken(_)
                | Command::Reveal { .. }
                | Command::NoteDenials { .. }
                | Command::EraseSubject { .. }
        )
    }

    fn veto(&self, command: &Command, env: &Env<'_>) -> Result<(), Stop> {
        guard::check(self, command, env)
    }

    fn decide(&self, command: &Command, env: &Env<'_>) -> Result<Vec<Event>, Stop> {
        guard::check(self, command, env)?;
        match command {
            Command::Found { .. }
            | Command::RegisterParty(_)
            | Command::RegisterSite(_)
            | Command::RegisterWorker(_) => self.set_up(command),
            Command::Reveal {
                case,
                field,
                reason,
            } => self.reveal(case, field, reason, env),
            Command::NoteDenials { .. } | Command::EraseSubject { .. } => self.note(command),
            _ => self.sign_in(command, env),
        }
    }

    fn apply(&mut self, event: &Event, _name: EventName, at: Micros) {
        let first = match event {
            Event::SessionOpened(opened) => !self.entered(&opened.worker),
            Event::AgreementSet(_) => true,
            _ => false,
        };
        self.tenancy
            .upsert_if(&Key::Tenant, first, |it| it.fold(event));
        match event {
            Event::TenantFounded { .. }
            | Event::PartyRegistered(_)
            | Event::SiteRegistered(_)
            | Event::WorkerRegistered(_)
            | Event::PackDeployed { .. }
            | Event::LaneGiven { .. }
            | Event::LaneShared(_) => {
                self.tenancy.upsert(&Key::Tenant, |it| it.fold(event));
            }
            Event::CaseStarted { case, .. } => {
                self.cases.upsert(&Key::Case(case.clone()), |_| ());
            }
            Event::ItemAllocated {
                case,
                item,
                lane,
                party,
                ..
            } => self
                .cases
                .upsert(&Key::Case(case.clone()), |it| it.give(item, lane, party)),
            _ => self.fold_people(event, at),
        }
    }

    fn project(&self, event: &Event, name: EventName, at: Micros) -> Vec<Change> {
        rows::project(self, event, name, at)
    }

    fn shelves(&mut self, visit: &mut dyn FnMut(&mut dyn Shelf)) {
        visit(&mut self.tenancy);
        visit(&mut self.cases);
        visit(&mut self.links);
        visit(&mut self.sessions);
        visit(&mut self.tokens);
        visit(&mut self.reveals);
        visit(&mut self.originals);
    }
}

impl Access {
    /// Whether a worker signed in before.
    fn entered(&self, worker: &WorkerId) -> bool {
        let tenancy = self.tenancy.peek(&Key::Tenant);
        let person = tenancy.and_then(|tenancy| tenancy.workers.get(worker));
        person.is_some_and(|person| person.entered)
    }

    /// Folds what workers do at the door: links, sessions, reveals.
    fn fold_people(&mut self, event: &Event, at: Micros) {
        match event {
            Event::LinkIssued(LinkIssued {
                worker,
                link,
                until,
            }) => {
                let (worker, until) = (worker.clone(), *until);
                let issued = Link {
                    worker,
                    until,
                    used: false,
                };
                self.links.put(Key::Link(link.clone()), issued);
            }
            Event::SessionOpened(SessionOpened {
                worker,
                link,
                session,
                until,
            }) => {
                let key = Key::Link(link.clone());
                self.links.update(&key, |link| link.used = true);
                let (worker, until) = (worker.clone(), *until);
                let key = Key::Session(session.clone());
                self.sessions.put(key, Session { worker, until });
            }
            Event::TokenIssued(issued) => {
                let (worker, until) = (issued.worker.clone(), issued.until);
                let key = Key::Token(issued.hash.clone());
                self.tokens.put(key, Token { worker, until });
            }
            Event::TokenRevoked(revoked) => {
                self.tokens.remove(&Key::Token(revoked.hash.clone()));
            }
            Event::SessionClosed(SessionClosed { session }) => {
                self.sessions.remove(&Key::Session(session.clone()));
            }
            Event::FieldRevealed(FieldRevealed { worker, field, .. }) => {
                let key = Key::Worker(worker.clone());
                let slots = if is_original(field) {
                    &mut self.originals
                } else {
                    &mut self.reveals
                };
                slots.upsert(&key, |reveals| reveals.note(at));
            }
            _ => {}
        }
    }
}
