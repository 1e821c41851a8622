//! Agreements: the list, and one with its versions, what it says, and what each version changed.

use super::case::Fact;
use super::parts::{Chip, Empty, Link, Table};
use super::shell::Shell;
use askama::Template;

/// `GET /agreements` and `GET /agreements/{id}?version=`
#[derive(Template)]
#[template(path = "agreements.html")]
pub struct AgreementsPage {
    /// The frame.
    pub shell: Shell,
    /// The agreements.
    pub list: Vec<AgreementLink>,
    /// The one that is open.
    pub open: Option<OpenAgreement>,
    /// What stands where nothing is.
    pub empty: Option<Empty>,
}

/// An agreement at the side.
pub struct AgreementLink {
    /// The provider.
    pub chip: Chip,
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Where it opens.
    pub href: String,
    /// Whether it is the one that is open.
    pub current: bool,
}

/// An agreement.
pub struct OpenAgreement {
    /// The provider.
    pub chip: Chip,
    /// Its id and version, like `KS-2026 v2`.
    pub title: String,
    /// Its name.
    pub name: String,
    /// Its terms.
    pub facts: Vec<Fact>,
    /// Its service levels.
    pub levels: Table,
    /// Its lanes with prices and grants.
    pub lanes: Table,
    /// Where a lane shows more than was agreed, in words.
    pub wider: Vec<String>,
    /// Its versions, the newest first.
    pub versions: Vec<AgreementVersion>,
    /// The text it was read from.
    pub text: String,
}

/// A version of an agreement.
pub struct AgreementVersion {
    /// Its number.
    pub number: Link,
    /// Whether it is the one that is shown.
    pub current: bool,
    /// From when on it counts.
    pub from: String,
    /// The entry that brought it.
    pub entry: Link,
    /// What it changed.
    pub effects: Vec<String>,
}
