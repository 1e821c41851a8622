//! Who runs which lane: the lanes with their shares, one lane opened, and the effects of a change before
//! it is made. For the client's people.

use super::parts::Chip;
use super::shell::Shell;
use askama::Template;
use baton_model::share::percent;

/// `GET /allocation?lane=&act=&party=`
#[derive(Template)]
#[template(path = "allocation.html")]
pub struct AllocationPage {
    /// The frame.
    pub shell: Shell,
    /// The lanes at the side, by process.
    pub services: Vec<Service>,
    /// The lane that is open; none where no pack is deployed.
    pub lane: Option<OpenLane>,
    /// The change that is looked at.
    pub preview: Option<Preview>,
}

/// A service and its lanes.
pub struct Service {
    /// Its name.
    pub name: String,
    /// Its lanes.
    pub lanes: Vec<LaneLink>,
}

/// A lane at the side.
pub struct LaneLink {
    /// Its name.
    pub name: String,
    /// Where it opens.
    pub href: String,
    /// Whether it is the one that is open.
    pub current: bool,
    /// Since when its shares are what they are, like `Mon 2 Nov`.
    pub since: String,
    /// The shares.
    pub bar: Bar,
}

/// A bar of shares.
pub struct Bar(pub Vec<BarPart>);

/// A party's part of a bar, in hundredths of a percent.
pub struct BarPart {
    /// The party.
    pub chip: Chip,
    /// Where it begins.
    pub from: u32,
    /// How wide it is.
    pub width: u32,
}

impl Bar {
    /// The bar in words, like `KS 70 %, TO 30 %`.
    pub fn words(&self) -> String {
        let words: Vec<String> = self.0.iter().map(BarPart::words).collect();
        words.join(", ")
    }
}

impl BarPart {
    /// The part in words, like `KS 70 %`.
    pub fn words(&self) -> String {
        format!("{} {} %", self.chip.code, percent(self.width))
    }

    /// The colour class of the party.
    pub fn class(&self) -> &'static str {
        self.chip
            .slot
            .map_or("px", super::super::strip::Slot::class)
    }

    /// Hundredths of a percent as SVG reads them.
    pub fn at(&self, points: &u32) -> String {
        format!("{}.{:02}%", points / 100, points % 100)
    }
}

/// A lane with its parties.
pub struct OpenLane {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its version and what made it, in words.
    pub version: String,
    /// The version's number, sent back with a change.
    pub epoch: u32,
    /// Its parties.
    pub parties: Vec<PartyRow>,
    /// Whether the viewer may change it.
    pub may: bool,
    /// The form of a ramp, where one is being made.
    pub ramp: Option<RampForm>,
    /// The plan as a drawing.
    pub drawing: Option<String>,
    /// What the plan is called.
    pub plan_of: String,
    /// The steps of its last plan.
    pub plan: Vec<PlanRow>,
    /// Whether something is still to come.
    pub open_plan: bool,
    /// Whether the last change can be undone.
    pub undo: bool,
    /// Its changes, the newest first.
    pub history: Vec<VersionRow>,
}

/// A ramp as it is being made.
pub struct RampForm {
    /// The parties that can be given a share: code, chip, name.
    pub parties: Vec<(String, Chip, String)>,
    /// The steps, at least one.
    pub steps: Vec<RampStep>,
    /// Whether no step can be added.
    pub full: bool,
    /// When the shares of before come back, as it was typed.
    pub until: String,
    /// What becomes of work in flight, as it was chosen.
    pub in_flight: String,
    /// The steps as a drawing.
    pub drawing: Option<String>,
}

/// A step of it, as it was typed.
pub struct RampStep {
    /// Its number, from 1.
    pub number: usize,
    /// When it is taken.
    pub at: String,
    /// Party and percent.
    pub shares: Vec<(String, String)>,
    /// What must hold before.
    pub gate: GateFields,
}

/// A gate as it was typed.
pub struct GateFields {
    /// `on_time`, `returned`, or empty for none.
    pub is: String,
    /// Of whose hops.
    pub of: String,
    /// Percent.
    pub points: String,
    /// Hops at least.
    pub hops: String,
    /// Of how many last days.
    pub days: String,
}

/// A party of the lane.
pub struct PartyRow {
    /// Its code.
    pub code: String,
    /// Its chip.
    pub chip: Chip,
    /// Its name.
    pub name: String,
    /// Its site.
    pub site: String,
    /// Its share in percent, as it stands in the number field.
    pub share: String,
    /// Which cases it takes, as a condition; empty for all.
    pub when: String,
    /// Which cases it takes: languages, least and most value.
    pub takes: [String; 3],
    /// Its open work items.
    pub open: i64,
    /// How many of them somebody works on.
    pub started: i64,
    /// Why it is paused.
    pub paused: Option<String>,
    /// Whether it is the one the preview is about.
    pub picked: bool,
    /// What may be done: name and link.
    pub acts: Vec<(&'static str, String)>,
}

/// A step of a plan.
pub struct PlanRow {
    /// Its number.
    pub step: u32,
    /// When it is taken.
    pub at: String,
    /// The shares from then on.
    pub bar: Bar,
    /// What must hold before, in words.
    pub gate: Option<String>,
    /// `planned`, `taken`, `failed`, or how the plan ended.
    pub state: String,
    /// What was measured for the gate.
    pub reading: Option<String>,
    /// Why.
    pub reason: String,
    /// The entry that last changed it.
    pub href: String,
}

/// A change of the lane.
pub struct VersionRow {
    /// Its number.
    pub epoch: i64,
    /// When.
    pub at: String,
    /// The entry that made it.
    pub href: String,
    /// The shares from then on.
    pub bar: Bar,
    /// What changed and why.
    pub text: String,
}

/// A change before it is made.
pub struct Preview {
    /// What it is, like `Pause TO in Verify`.
    pub title: String,
    /// The act, sent back.
    pub act: &'static str,
    /// The party it is about, sent back; empty for shares.
    pub party: String,
    /// Further fields that are sent back.
    pub kept: Vec<(String, String)>,
    /// What may become of work in flight: link, words, whether it is chosen. None where nobody stops.
    pub policies: Vec<(String, &'static str, bool)>,
    /// What it changes: name, now, after, how sure.
    pub effects: Vec<(String, String, String, &'static str)>,
    /// From when on, as it was typed; empty for now.
    pub at: String,
    /// Until when, as it was typed; empty for ever.
    pub until: String,
    /// What stands against it.
    pub warning: Option<String>,
    /// The reason as it was typed.
    pub reason: String,
    /// Why it was not done.
    pub refused: Option<String>,
    /// The button's words.
    pub button: String,
    /// Whether it can be done.
    pub may: bool,
}
