//! The work list with its preview: what waits for the viewer, in order of the due instant.
//!
//! Grouping and order are the handler's; selection and preview loading are the script's.

use super::parts::{Chip, DocLink, Empty, EventLine, Link, Note, Remaining, Table};
use super::shell::Shell;
use crate::strip::Strip;
use askama::Template;
use baton_model::Masked;

/// `GET /work?lane=&view=&item=`
#[derive(Template)]
#[template(path = "work.html")]
pub struct WorkPage {
    /// The frame.
    pub shell: Shell,
    /// The views at the side, in sections.
    pub views: Vec<ViewSection>,
    /// The name of the view shown.
    pub heading: String,
    /// How many items are open in it.
    pub open: usize,
    /// How many of them are shown, where that is not all.
    pub first: Option<usize>,
    /// The filters that narrow it; each link takes its filter away.
    pub filters: Vec<Link>,
    /// What the subject column is called, like `Invoice, supplier`.
    pub subject_name: String,
    /// What the amount column is called, like `EUR gross`.
    pub amount_name: String,
    /// `Past target`, `Due in the next working hour`, `Later`; empty groups left out.
    pub groups: Vec<Group>,
    /// The preview of the picked row.
    pub preview: Option<Masked<Preview>>,
    /// What stands there when nothing waits.
    pub empty: Option<Empty>,
}

/// A section of views.
pub struct ViewSection {
    /// Its name.
    pub name: String,
    /// Its views.
    pub views: Vec<ViewLink>,
}

/// A view: a filter with a name.
pub struct ViewLink {
    /// Its name.
    pub name: String,
    /// Its address.
    pub href: String,
    /// How many items it holds.
    pub count: usize,
    /// Whether it is shown.
    pub current: bool,
}

/// Rows of the same urgency.
pub struct Group {
    /// Its name.
    pub name: String,
    /// Its rows.
    pub rows: Vec<Masked<WorkRow>>,
}

/// One work item in the list.
pub struct WorkRow {
    /// The work item's id.
    pub item: String,
    /// Where it opens: `/items/{id}`.
    pub href: String,
    /// The time left.
    pub left: Remaining,
    /// What it is about, like the invoice's number.
    pub subject: String,
    /// With whom, like the supplier's name.
    pub with: String,
    /// The case.
    pub case: String,
    /// Why it waits, like `Price +5.0 % on line 30`.
    pub reason: String,
    /// Who holds it.
    pub holder: Chip,
    /// In which lane.
    pub lane: String,
    /// The relay.
    pub strip: Strip,
    /// The amount, formatted.
    pub amount: String,
    /// Who else is here.
    pub here: Option<Presence>,
    /// Whether it is the picked row.
    pub picked: bool,
    /// Who gave it to the viewer, and why.
    pub given: Option<String>,
    /// What the viewer misses to do it.
    pub misses: Option<String>,
    /// Whether the viewer may claim it.
    pub claim: bool,
}

/// Somebody at an item.
pub struct Presence {
    /// Two letters.
    pub initials: String,
    /// `views`, `edits`, `draft`, `holds it`.
    pub word: String,
    /// Whether in the baton's colour.
    pub edits: bool,
}

/// What the preview shows of an item.
pub struct Preview {
    /// The work item's id.
    pub item: String,
    /// Where it opens.
    pub href: String,
    /// The number of the entry that last touched it.
    pub n: u64,
    /// The case.
    pub case: String,
    /// What it is about.
    pub subject: String,
    /// With whom.
    pub with: String,
    /// The amount with its currency.
    pub amount: String,
    /// Who holds it, like `you hold it`.
    pub held: Option<Presence>,
    /// The relay.
    pub strip: Strip,
    /// What is to be decided.
    pub note: Option<Note>,
    /// The lines in question.
    pub lines: Option<Table>,
    /// The viewer's draft.
    pub draft: Option<Draft>,
    /// Why it is with the viewer.
    pub why: Option<Why>,
    /// The last events.
    pub events: Vec<EventLine>,
    /// The documents.
    pub docs: Vec<DocLink>,
    /// The draft's fields, if they answer every required field: then E completes from here.
    pub complete: Option<Vec<(String, String)>>,
    /// Whether the viewer may claim it.
    pub claim: bool,
}

/// A draft saved on the server.
pub struct Draft {
    /// When it was saved.
    pub at: String,
    /// What it says.
    pub text: String,
}

/// Why an item is with somebody.
pub struct Why {
    /// `you` or the party's name.
    pub whom: String,
    /// The reason.
    pub text: String,
}

/// `GET /work/preview/{item}`: the preview alone, for the script.
#[derive(Template)]
#[template(path = "preview.html")]
pub struct PreviewPart {
    /// What it shows.
    pub preview: Masked<Preview>,
    /// The session's token.
    pub token: String,
}
