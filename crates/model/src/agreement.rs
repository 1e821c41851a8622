//! An agreement between client and provider as machines read it: lanes, service levels, unit prices,
//! field grants, continuity. What is written in TOML, `formats` reads; its versions, `measure` keeps.
//!
//! Instants are in UTC beside the zone whose months the agreement counts. It computes nothing.

use crate::{AgreementId, Currency, Decimal, LaneId, Micros, PartyId, SiteId, WorkingTime};
use serde::{Deserialize, Serialize};
use std::fmt;

/// An agreement, as one version of it says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agreement {
    /// Its id, the same in every version.
    pub id: AgreementId,
    /// Its name.
    pub name: String,
    /// Whose processes they are.
    pub client: PartyId,
    /// Who runs the lanes. The client itself for its own team, which is measured by the same rules.
    pub provider: PartyId,
    /// What its prices are in.
    pub currency: Currency,
    /// The IANA zone whose months are counted.
    pub zone: String,
    /// From when on it counts.
    pub from: Micros,
    /// Until when, if it ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Micros>,
    /// At which sites of the provider; their calendars count.
    pub sites: Vec<SiteId>,
    /// The lanes it covers.
    pub lanes: Vec<AgreedLane>,
    /// Its service levels.
    pub levels: Vec<ServiceLevel>,
    /// What happens when the provider fails.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub continuity: Option<Continuity>,
}

/// What an agreement says of a lane.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgreedLane {
    /// The lane.
    pub lane: LaneId,
    /// The price of an accepted item, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<Price>,
    /// The fields that may be read there: names, or prefixes ending in `*`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub read: Vec<String>,
    /// The fields that may be written there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub write: Vec<String>,
    /// How much free text may be shown there: `none`, `redacted`, `full`.
    pub freetext: String,
}

/// A unit price.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Price {
    /// Its place in the rate card, like `1.2`.
    pub card: String,
    /// The price of one accepted item. It may have more digits than the currency.
    pub unit: Decimal,
}

/// A service level.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceLevel {
    /// Its id in the agreement.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The lane it is about.
    pub lane: LaneId,
    /// What is counted.
    pub kind: LevelKind,
    /// The part that must be met, in hundredths of a percent.
    pub target: u32,
    /// Whether it carries credits; else it only reports.
    pub critical: bool,
    /// Below this count it says nothing.
    pub minimum: u32,
}

/// What a service level counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LevelKind {
    /// Hops left within this working time of the holder's calendar.
    OnTime {
        /// The time.
        within: WorkingTime,
    },
    /// Items that were right the first time: no rework, and not returned before the month's end.
    FirstPass,
}

/// What happens when the provider fails.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Continuity {
    /// Who steps in.
    pub backup: PartyId,
    /// What becomes of open work items: `finish`, `split`, `hand_over`.
    pub in_flight: String,
}

impl Agreement {
    /// What it says of a lane, if it covers it.
    pub fn lane(&self, lane: &LaneId) -> Option<&AgreedLane> {
        self.lanes.iter().find(|agreed| agreed.lane == *lane)
    }

    /// The on-time level of a lane; there is at most one.
    pub fn on_time(&self, lane: &LaneId) -> Option<(&ServiceLevel, WorkingTime)> {
        self.levels.iter().find_map(|level| match level.kind {
            LevelKind::OnTime { within } if level.lane == *lane => Some((level, within)),
            _ => None,
        })
    }

    /// Whether it is of the client's own team: measured, without prices and credits.
    pub fn own_team(&self) -> bool {
        self.client == self.provider
    }
}

impl fmt::Display for LevelKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OnTime { within } => write!(f, "within {} of working time", Hours(*within)),
            Self::FirstPass => f.write_str("right the first time"),
        }
    }
}

/// A working time in hours and minutes, like `4 h` or `1 h 30`.
struct Hours(WorkingTime);

impl fmt::Display for Hours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let minutes = self.0.0 / WorkingTime::minutes(1).0;
        match (minutes / 60, minutes % 60) {
            (hours, 0) => write!(f, "{hours} h"),
            (0, minutes) => write!(f, "{minutes} min"),
            (hours, minutes) => write!(f, "{hours} h {minutes:02}"),
        }
    }
}
