//! All cases the viewer may see: search, filters, pages.
//!
//! The search itself is the handler's; a case outside the scope is simply not here.

use super::parts::{Chip, Empty, Link, Pager, Remaining, Tag};
use super::shell::Shell;
use super::work::ViewSection;
use crate::strip::Strip;
use askama::Template;
use baton_model::Masked;

/// `GET /cases?q=&state=&lane=&page=`
#[derive(Template)]
#[template(path = "cases.html")]
pub struct CasesPage {
    /// The frame.
    pub shell: Shell,
    /// The filters at the side, in sections.
    pub views: Vec<ViewSection>,
    /// What was searched for.
    pub query: String,
    /// Filters a new search keeps, as form fields.
    pub kept: Vec<(String, String)>,
    /// Filters in force; each link takes its filter away.
    pub filters: Vec<Link>,
    /// What the subject column is called.
    pub subject_name: String,
    /// What the amount column is called.
    pub amount_name: String,
    /// The cases.
    pub rows: Vec<Masked<CaseRow>>,
    /// Which part is shown.
    pub pager: Pager,
    /// What stands there when nothing is found.
    pub empty: Option<Empty>,
}

/// One case in the list.
pub struct CaseRow {
    /// The case's id.
    pub case: String,
    /// Where it opens: `/cases/{id}`.
    pub href: String,
    /// The time left on the holder's clock; none once it has ended.
    pub left: Option<Remaining>,
    /// When it ended.
    pub ended: String,
    /// What it is about.
    pub subject: String,
    /// With whom.
    pub with: String,
    /// Why it waits, or how it ended.
    pub reason: String,
    /// Who holds it.
    pub holder: Option<Chip>,
    /// In which lane.
    pub lane: String,
    /// The relay.
    pub strip: Strip,
    /// The amount.
    pub amount: String,
    /// How it stands, like `running` or `incident`.
    pub state: Tag,
}
