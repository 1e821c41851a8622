//! The journal: its entries, and one entry with its proof.
//!
//! It proves nothing itself: `audit` does, and the page says what came of it. What a viewer may not see
//! of an entry has been masked before.

use super::case::Fact;
use super::parts::{Chip, Empty, Link, Note, Pager, thousands};
use super::shell::Shell;
pub use super::tree::Tree;
use askama::Template;
use baton_model::Masked;

/// `GET /journal?case=&before=`
#[derive(Template)]
#[template(path = "journal.html")]
pub struct JournalPage {
    /// The frame.
    pub shell: Shell,
    /// The case whose entries are shown, or nothing for all.
    pub case: String,
    /// The entries, newest first.
    pub rows: Vec<Masked<JournalRow>>,
    /// Which part is shown.
    pub pager: Pager,
    /// What stands there when there are none.
    pub empty: Option<Empty>,
    /// The last checkpoint.
    pub checkpoint: Option<CheckpointView>,
    /// The commands that verify it elsewhere, or make the first checkpoint.
    pub commands: Vec<String>,
}

/// One entry in the list.
pub struct JournalRow {
    /// Its number.
    pub n: u64,
    /// Where it opens: `/journal/{n}`.
    pub href: String,
    /// When it was accepted.
    pub at: String,
    /// The actor's party.
    pub party: Option<Chip>,
    /// The actor, or `system`.
    pub actor: String,
    /// The command.
    pub command: String,
    /// Its events, joined.
    pub events: String,
    /// The case concerned.
    pub case: Option<Link>,
    /// Its hash, shortened.
    pub hash: String,
    /// Whether the last checkpoint covers it.
    pub covered: bool,
}

/// A checkpoint with its signatures.
pub struct CheckpointView {
    /// The entries it covers.
    pub covers: u64,
    /// When it was signed.
    pub at: String,
    /// Who signed.
    pub signers: Vec<Signer>,
    /// The signed note's text.
    pub note: String,
    /// What it does not prove, a sentence each.
    pub limits: Vec<String>,
}

/// One signature.
pub struct Signer {
    /// The party.
    pub party: Chip,
    /// Its name.
    pub name: String,
    /// When it signed.
    pub at: String,
    /// The key's name and hash.
    pub key: String,
    /// Whether the signature holds.
    pub valid: bool,
}

/// `GET /journal/{n}`
#[derive(Template)]
#[template(path = "entry.html")]
pub struct EntryPage {
    /// The frame.
    pub shell: Shell,
    /// The entry.
    pub entry: Masked<EntryView>,
    /// The checkpoint that covers it, else the last.
    pub checkpoint: Option<CheckpointView>,
    /// The commands that verify it elsewhere.
    pub commands: Vec<String>,
}

/// One entry with its proof.
pub struct EntryView {
    /// Its number.
    pub n: u64,
    /// The entry before.
    pub before: Option<String>,
    /// The entry after.
    pub after: Option<String>,
    /// What came of the proof, good or late.
    pub verdict: Note,
    /// The steps of the proof.
    pub steps: Vec<Step>,
    /// Its place in the tree.
    pub tree: Option<Tree>,
    /// When, who, cause, hashes.
    pub facts: Vec<Fact>,
    /// Its events.
    pub events: Vec<EventView>,
}

/// One step of a proof.
pub struct Step {
    /// What is checked.
    pub name: String,
    /// With what outcome.
    pub text: String,
    /// Whether it holds.
    pub holds: bool,
}

/// One event of an entry.
pub struct EventView {
    /// Its index in the entry.
    pub index: usize,
    /// Its name.
    pub name: String,
    /// What it says, in the viewer's mask.
    pub text: String,
}

impl JournalRow {
    /// The number with its thousands apart.
    pub fn number(&self) -> String {
        thousands(self.n)
    }
}

impl EntryView {
    /// The number with its thousands apart.
    pub fn number(&self) -> String {
        thousands(self.n)
    }
}

impl CheckpointView {
    /// The number with its thousands apart.
    pub fn number(&self) -> String {
        thousands(self.covers)
    }
}
