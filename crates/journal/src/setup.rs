//! What a tenant is set up with: parties, sites, workers and deployed packs. Set-up is journaled like
//! everything else, so a case can be replayed under the models it ran with.

use crate::people::Able;
use baton_model::calendar::CalendarSpec;
use baton_model::{Cell, Decimal, LaneId, PackId, PartyId, SiteId, WorkerId, WorkingTime};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What a party is to the tenant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartyRole {
    /// Whose processes they are.
    Client,
    /// Who runs lanes for pay, with people or bots.
    Provider,
    /// Who verifies.
    Auditor,
}

/// A party.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    /// The id, which is also the short code on chips: two capitals.
    pub id: PartyId,
    /// The name.
    pub name: String,
    /// What it is to the tenant.
    pub role: PartyRole,
    /// Its colour slot: 0 for the client, then in order, kept for ever.
    pub slot: u32,
}

/// A site of a party.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Site {
    /// The id.
    pub id: SiteId,
    /// Whose site.
    pub party: PartyId,
    /// The place, like `Kraków`.
    pub name: String,
    /// Its working time.
    pub calendar: CalendarSpec,
    /// Its country, like `PL`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// The classes of data that may not be seen there.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub barred: BTreeSet<String>,
}

/// A worker of a party. Name and address are personal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Worker {
    /// The id.
    pub id: WorkerId,
    /// Whose worker.
    pub party: PartyId,
    /// Where.
    pub site: SiteId,
    /// The name, sealed.
    pub name: Cell,
    /// The e-mail address, sealed.
    pub email: Cell,
    /// The lanes whose work items the worker does.
    pub lanes: BTreeSet<LaneId>,
    /// What the worker may do beyond that, like `controller`.
    pub roles: BTreeSet<String>,
    /// Skills, languages and clearances.
    #[serde(default, skip_serializing_if = "Able::is_empty")]
    pub able: Able,
}

/// A party's part of a lane.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    /// The party.
    pub party: PartyId,
    /// At which of its sites.
    pub site: SiteId,
    /// Its part of the new cases, in hundredths of a percent; 0 for a backup that is dormant.
    pub basis_points: u32,
    /// Which cases it takes, as a FEEL condition over the case's fields; all where there is none.
    pub when: Option<String>,
    /// Which cases it takes, by language and value.
    #[serde(default, skip_serializing_if = "Takes::is_all")]
    pub takes: Takes,
}

/// Which cases a party takes, without an expression; all where nothing is said.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Takes {
    /// Cases in these languages, by the field that the lane's setting names.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub languages: BTreeSet<String>,
    /// Cases of at least this value, by the amount that the pack's headline names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub least: Option<Decimal>,
    /// Cases of at most this value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub most: Option<Decimal>,
}

impl Takes {
    /// Whether it takes every case.
    pub fn is_all(&self) -> bool {
        *self == Self::default()
    }
}

/// What becomes of a party's open work items in a lane when it stops getting new ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InFlight {
    /// It finishes all of them.
    Finish,
    /// It finishes what somebody works on; the rest is handed over.
    #[default]
    Split,
    /// All of them are handed over.
    HandOver,
}

/// How much free text of a case a lane shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Freetext {
    /// None of it.
    #[default]
    None,
    /// With what looks personal blacked out.
    Redacted,
    /// All of it; counts as full disclosure.
    Full,
}

/// What a pack says of a lane.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LaneSetting {
    /// The lane's id in the model.
    pub id: LaneId,
    /// Its name.
    pub name: String,
    /// Who runs it from the deployment on.
    pub party: PartyId,
    /// At which of the party's sites.
    pub site: SiteId,
    /// The target of a hop there, on the site's calendar.
    pub target: Option<WorkingTime>,
    /// How much free text it shows.
    pub freetext: Freetext,
    /// The fields a worker there may read: names, or prefixes ending in `*`.
    pub read: Vec<String>,
    /// The fields a worker there may write.
    pub write: Vec<String>,
    /// What its work items ask of a worker.
    #[serde(default, skip_serializing_if = "Able::is_empty")]
    pub asks: Able,
    /// The field of a case that names the language its items ask for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// The documents whose processes start in it, by their kinds: who runs it may send documents in.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub receives: BTreeSet<String>,
}

/// A text file of a pack.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceFile {
    /// Its path inside the pack.
    pub path: String,
    /// Its text, unchanged.
    pub text: String,
}

/// Which fields of a case lists and headers show first, by their names in the record.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Headline {
    /// What people call the case by, like `invoice.number`.
    pub title: String,
    /// Whom it is about, like `supplier.name`.
    pub about: String,
    /// The amount at stake, like `invoice.gross`.
    pub amount: String,
    /// The amount's currency, like `invoice.currency`.
    pub currency: String,
    /// Why it needs a person, like `exception.reason`.
    pub reason: String,
}

/// A table's row: column to text.
pub type TableRow = BTreeMap<String, String>;

/// A pack as it is deployed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deployment {
    /// The pack.
    pub pack: PackId,
    /// The pack's own version text.
    pub version: String,
    /// Its name for people.
    pub name: String,
    /// What its case ids begin with, like `P2P`.
    pub prefix: String,
    /// Which fields lists show of its cases.
    pub headline: Headline,
    /// The target of a whole case, on the client's calendar.
    pub target: Option<WorkingTime>,
    /// BPMN files.
    pub processes: Vec<SourceFile>,
    /// DMN files.
    pub decisions: Vec<SourceFile>,
    /// JSON-Schema forms; a form's id is its file's stem.
    pub forms: Vec<SourceFile>,
    /// CSV tables by their file's stem.
    pub tables: BTreeMap<String, Vec<TableRow>>,
    /// Lanes.
    pub lanes: Vec<LaneSetting>,
    /// Personal fields: names, or prefixes ending in `*`.
    pub personal: Vec<String>,
    /// Classes of data by name: fields, or prefixes ending in `*`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub classes: BTreeMap<String, Vec<String>>,
}
