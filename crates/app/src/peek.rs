//! What the shell lends to the stages during a turn: it opens cells with the subject's key and asks the
//! evaluator. Nothing it opens stays behind the turn.

use crate::Inner;
use baton_journal::{Answer, Peek, Question};
use baton_model::{CaseId, Cell, TenantId, Value};

/// The shell's side of a turn of one tenant.
pub(crate) struct ShellPeek<'a> {
    pub(crate) inner: &'a Inner,
    pub(crate) tenant: &'a TenantId,
}

impl Peek for ShellPeek<'_> {
    fn open(&self, _case: &CaseId, field: &str, cell: &Cell) -> Result<Value, String> {
        self.inner.door.open(self.tenant, field, cell)
    }

    fn evaluate(&self, question: &Question) -> Result<Answer, String> {
        self.inner.evaluator.ask(question)
    }
}
