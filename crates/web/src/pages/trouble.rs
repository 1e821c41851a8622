//! Pages for what went wrong: what, where, what now, and the code; and the conflict that loses nothing.
//!
//! A page never says whether something hidden exists: another party's case is the same 404 as none.

use super::parts::{Link, Note};
use super::shell::Shell;
use askama::Template;
use baton_model::Masked;

/// Any error: 404, 422, 500 and the like.
#[derive(Template)]
#[template(path = "error.html")]
pub struct ErrorPage {
    /// The frame.
    pub shell: Shell,
    /// The status, like `404`.
    pub status: u16,
    /// What is wrong, like `There is no such case here`.
    pub what: String,
    /// Where, and what to do.
    pub detail: String,
    /// The next acts, the usual one first.
    pub acts: Vec<Link>,
    /// The stable code.
    pub code: String,
}

/// 409: the row moved while the viewer decided.
#[derive(Template)]
#[template(path = "conflict.html")]
pub struct ConflictPage {
    /// The frame.
    pub shell: Shell,
    /// Both answers.
    pub conflict: Masked<Conflict>,
}

/// Two answers to the same item.
pub struct Conflict {
    /// Who was first.
    pub who: String,
    /// How long ago, like `20 s ago`.
    pub ago: String,
    /// The entry the viewer's page was drawn from.
    pub seen: u64,
    /// The entry that last touched it.
    pub n: u64,
    /// Field by field.
    pub rows: Vec<ConflictRow>,
    /// Where the viewer's answer goes again.
    pub action: String,
    /// The viewer's fields, to send again.
    pub fields: Vec<(String, String)>,
    /// Where keeping theirs leads.
    pub keep: String,
    /// Whether the viewer's answer can still be given.
    pub again: bool,
}

/// `GET /items/{id}/since/{n}`: what happened to an item while its page was open, for the script.
#[derive(Template)]
#[template(path = "changed.html")]
pub struct ChangedPart {
    /// What happened.
    pub changed: Masked<Changed>,
}

/// What happened to an item while its page was open.
pub struct Changed {
    /// What, by whom, how long ago.
    pub what: String,
    /// What becomes of what was typed.
    pub then: String,
    /// What the form's button says now, if anything else.
    pub button: Option<String>,
    /// Whether the item is not the viewer's any more.
    pub over: bool,
}

/// One field of a conflict.
pub struct ConflictRow {
    /// The field's label.
    pub field: String,
    /// What it was.
    pub before: String,
    /// What the other made of it.
    pub theirs: String,
    /// What the viewer wrote.
    pub yours: String,
}

/// `GET /keys`: the list of keys for those without scripts.
#[derive(Template)]
#[template(path = "keys.html")]
pub struct KeysPage {
    /// The frame.
    pub shell: Shell,
}

/// `GET /sign-in`, `GET /sign-in/{link}`; a `POST` to `/sign-in` uses the link up, a `GET` never does.
#[derive(Template)]
#[template(path = "sign_in.html")]
pub struct SignInPage {
    /// The client whose work it is.
    pub client: String,
    /// The person and party a link is for, like `Agnieszka Wrona of Kestrel`.
    pub person: Option<String>,
    /// The link's secret part, when the page was opened by it.
    pub link: Option<String>,
    /// How long a link works, like `24 hours`.
    pub valid: String,
    /// What was wrong with the link.
    pub wrong: Option<Note>,
}
