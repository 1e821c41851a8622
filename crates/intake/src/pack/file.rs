//! `pack.toml` as it is written: every key it may have. What the keys mean together is checked beside.

use baton_journal::setup::{Freetext, Headline, PartyRole};
use baton_model::calendar::CalendarSpec;
use serde::Deserialize;
use std::collections::BTreeSet;
use toml::Spanned;

/// A text with its place in the file.
pub(super) type Text = Spanned<String>;

/// The whole file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PackFile {
    pub(super) id: Text,
    pub(super) version: Text,
    pub(super) name: Text,
    pub(super) prefix: Text,
    pub(super) target: Option<Text>,
    pub(super) processes: Vec<Text>,
    #[serde(default)]
    pub(super) decisions: Vec<Text>,
    #[serde(default)]
    pub(super) forms: Vec<Text>,
    #[serde(default)]
    pub(super) tables: Vec<Text>,
    #[serde(default)]
    pub(super) agreements: Vec<Text>,
    #[serde(default)]
    pub(super) personal: Vec<String>,
    #[serde(default)]
    pub(super) headline: Headline,
    #[serde(default)]
    pub(super) calendar: Vec<Spanned<CalendarSpec>>,
    #[serde(default)]
    pub(super) party: Vec<PartyEntry>,
    #[serde(default)]
    pub(super) site: Vec<SiteEntry>,
    #[serde(default)]
    pub(super) worker: Vec<WorkerEntry>,
    #[serde(default)]
    pub(super) lane: Vec<LaneEntry>,
    #[serde(default)]
    pub(super) class: Vec<ClassEntry>,
}

/// A party of the cast.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PartyEntry {
    pub(super) id: Text,
    pub(super) name: String,
    pub(super) role: PartyRole,
}

/// A site of a party.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SiteEntry {
    pub(super) id: Text,
    pub(super) party: Text,
    pub(super) name: String,
    pub(super) calendar: Text,
    #[serde(default)]
    pub(super) country: Option<String>,
    #[serde(default)]
    pub(super) barred: Vec<Text>,
}

/// A worker of a party.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WorkerEntry {
    pub(super) id: Text,
    pub(super) party: Text,
    pub(super) site: Text,
    pub(super) name: String,
    pub(super) email: Text,
    #[serde(default)]
    pub(super) lanes: Vec<Text>,
    #[serde(default)]
    pub(super) roles: Vec<String>,
    #[serde(default)]
    pub(super) skills: BTreeSet<String>,
    #[serde(default)]
    pub(super) languages: BTreeSet<String>,
    #[serde(default)]
    pub(super) clearances: BTreeSet<String>,
}

/// A lane of the pack's processes.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LaneEntry {
    pub(super) id: Text,
    pub(super) name: String,
    pub(super) party: Text,
    pub(super) site: Text,
    pub(super) target: Option<Text>,
    #[serde(default)]
    pub(super) freetext: Freetext,
    #[serde(default)]
    pub(super) read: Vec<Text>,
    #[serde(default)]
    pub(super) write: Vec<Text>,
    #[serde(default)]
    pub(super) skills: BTreeSet<String>,
    #[serde(default)]
    pub(super) clearance: BTreeSet<String>,
    #[serde(default)]
    pub(super) language: Option<Text>,
}

/// A class of data: fields that may not be seen everywhere.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ClassEntry {
    pub(super) name: Text,
    pub(super) fields: Vec<Text>,
}
