//! What people and programs type: sealed at the door, once it is known that they may write there. Whoever
//! may not is refused before a key is made for them.

use crate::views::{Reader, processes};
use crate::{App, Failure};
use baton_access::{Place, Target, WRITING_SQL, matches, may_write};
use baton_journal::command::{Answer, Ask, Contest};
use baton_journal::store::StoreError;
use baton_journal::turn::Refusal;
use baton_journal::{Command, Rejection};
use baton_model::{CaseId, Cell, PartyId, ProcessId, Record, Scope, SubjectId, Value, WorkItemId};

/// The fields under which texts of pauses are sealed.
pub(crate) const REQUEST: &str = "request.text";
/// The same of an answer.
pub(crate) const ANSWER: &str = "answer.text";
/// The same of who gave it.
pub(crate) const GIVEN_BY: &str = "given_by.text";
/// The same of an objection.
pub(crate) const OBJECTION: &str = "objection.text";

/// The most characters of what is asked, answered or objected.
const LONGEST: usize = 2_000;

impl App {
    /// Fields that were typed into an item or a case, personal ones sealed under the case's own key.
    pub fn typed(&self, scope: &Scope, to: Target<'_>, record: Record) -> Result<Record, Failure> {
        let personal = self.personal(&scope.tenant).map_err(store)?;
        if !record.keys().any(|field| matches(&personal, field)) {
            return Ok(record);
        }
        self.may_write(scope, to)?;
        // A case that is to begin has no id yet: its fields are sealed for one that is drawn for them.
        let drawn = || format!("start-{}", self.token(8));
        let case = to.case().map_or_else(drawn, ToString::to_string);
        self.seal_for(scope, &case, record, &personal)
    }

    /// The first fields of a case of a process, the same way.
    pub fn typed_first(
        &self,
        scope: &Scope,
        process: &ProcessId,
        record: Record,
    ) -> Result<Record, Failure> {
        let personal = self.personal(&scope.tenant).map_err(store)?;
        if !record.keys().any(|field| matches(&personal, field)) {
            return Ok(record);
        }
        self.may_write(scope, Target::NewCase)?;
        if !known(&Reader::of(self, scope), process)? {
            let message = format!("there is no process `{process}`; deploy its pack first");
            return Err(refused(
                Refusal::Missing,
                "BATON-APP-043",
                message,
                "process",
            ));
        }
        self.typed(scope, Target::NewCase, record)
    }

    /// The command that asks somebody and stops an item's clock until the answer.
    pub fn ask(
        &self,
        scope: &Scope,
        (item, case): (&WorkItemId, &CaseId),
        waits_for: &str,
        party: Option<&str>,
        text: &str,
    ) -> Result<Command, Failure> {
        self.may_write(scope, Target::Item(item, case))?;
        let text = said(text, "request", "what is asked of whom")?;
        Ok(Command::Ask(Box::new(Ask {
            item: item.clone(),
            case: case.clone(),
            waits_for: waits_for.into(),
            party: party.map(PartyId::new),
            text: self.text(scope, case, REQUEST, text)?,
        })))
    }

    /// The command that answers what is asked about an item.
    pub fn answer(
        &self,
        scope: &Scope,
        (item, case): (&WorkItemId, &CaseId),
        text: &str,
        given_by: Option<&str>,
    ) -> Result<Command, Failure> {
        self.may_write(scope, Target::Seen(case))?;
        let text = said(text, "answer", "what the answer is")?;
        let given_by = given_by.map(str::trim).filter(|name| !name.is_empty());
        let given_by = given_by.map(|name| said(name, "given_by", "who gave the answer"));
        let seal = |field: &str, text: &str| self.text(scope, case, field, text);
        Ok(Command::Answer(Box::new(Answer {
            item: item.clone(),
            case: case.clone(),
            text: seal(ANSWER, text)?,
            given_by: given_by
                .transpose()?
                .map(|name| seal(GIVEN_BY, name))
                .transpose()?,
        })))
    }

    /// The command by which the client objects to a pause.
    pub fn contest(
        &self,
        scope: &Scope,
        (item, case): (&WorkItemId, &CaseId),
        request: i64,
        text: &str,
    ) -> Result<Command, Failure> {
        self.may_write(scope, Target::Seen(case))?;
        let text = said(text, "why", "why you object")?;
        let text = match scope.client {
            true => self.text(scope, case, OBJECTION, text)?,
            // The stage refuses it; nothing is sealed for it.
            false => Cell::Clear(Value::Null),
        };
        Ok(Command::Contest(Box::new(Contest {
            item: item.clone(),
            case: case.clone(),
            request,
            text,
        })))
    }

    fn may_write(&self, scope: &Scope, to: Target<'_>) -> Result<(), Failure> {
        let rows = match to.case() {
            Some(case) => {
                let parameters = [scope.party.as_str().into(), case.as_str().into()];
                Reader::of(self, scope).rows(WRITING_SQL, &parameters)
            }
            None => Ok(Vec::new()),
        };
        may_write(scope, &rows.map_err(store)?, to).map_err(Failure::Rejected)
    }

    fn text(&self, scope: &Scope, case: &CaseId, field: &str, text: &str) -> Result<Cell, Failure> {
        let record = Record::from([(field.to_owned(), Cell::Clear(Value::text(text)))]);
        let mut sealed = self.seal_for(scope, case.as_str(), record, &[field.to_owned()])?;
        Ok(sealed.remove(field).unwrap_or(Cell::Clear(Value::Null)))
    }

    fn seal_for(
        &self,
        scope: &Scope,
        case: &str,
        record: Record,
        personal: &[String],
    ) -> Result<Record, Failure> {
        let subject = SubjectId::new(format!("case:{case}"));
        let place = Place::new(&scope.tenant, case);
        self.inner.door.seal(place, &subject, record, personal)
    }
}

fn known(reader: &Reader<'_>, process: &ProcessId) -> Result<bool, Failure> {
    let all = processes::list(reader).map_err(|error| Failure::Store(error.to_string()))?;
    Ok(all.iter().any(|known| known.id == process.as_str()))
}

/// A text that says something.
fn said<'a>(text: &'a str, field: &str, what: &str) -> Result<&'a str, Failure> {
    let text = text.trim();
    if (2..=LONGEST).contains(&text.chars().count()) {
        return Ok(text);
    }
    let message = format!("say {what}, in 2 to {LONGEST} characters");
    Err(refused(Refusal::Invalid, "BATON-APP-044", message, field))
}

fn refused(kind: Refusal, code: &'static str, message: String, about: &str) -> Failure {
    Failure::Rejected(Rejection::new(kind, code, message).about(about))
}

fn store(error: StoreError) -> Failure {
    Failure::Store(error.to_string())
}
