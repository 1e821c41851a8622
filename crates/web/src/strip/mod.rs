//! The relay strip: who held a case, how long, and who has it now, as SVG drawn by the server.
//!
//! It computes no clock and knows no calendar: the hops with their open intervals, pauses and working
//! times come from `measure`, already masked for the one who looks. It goes into pages as text. Widths
//! are percentages, so the drawing fits any column without scaling its letters.

mod ahead;
mod draw;
mod label;
mod marks;
mod scale;
mod short;
mod size;
mod table;
mod words;

use baton_model::{Micros, WorkingTime};
use jiff::tz::TimeZone;

pub use size::Size;
pub use table::LegRow;
pub(crate) use words::{brief, clock, escape, local};
pub use words::{day, exact, hours, moment};

/// A party's place in the fixed order of fills and rings; 0 is the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot(pub u8);

impl Slot {
    /// The style class of the slot's fill: fills repeat after the fourth provider.
    pub fn class(self) -> &'static str {
        match self.0 {
            0 => "p0",
            n => ["p1", "p2", "p3", "p4"][usize::from((n - 1) % 4)],
        }
    }

    /// How many rings the grip carries.
    pub fn rings(self) -> u8 {
        self.0
    }
}

/// A stretch of wall time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Its first instant.
    pub from: Micros,
    /// The instant after its last.
    pub until: Micros,
}

/// A stretch in which a leg's clock stood still, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pause {
    /// The stretch.
    pub span: Span,
    /// The reason in words, like `client, buyer`.
    pub reason: String,
}

/// A site's name and zone, to say when it was closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    /// Its place, like `Manila`.
    pub name: String,
    /// Its zone.
    pub zone: TimeZone,
}

/// One hop of the case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leg {
    /// The party's code, like `KS`; `another party` where the viewer may not know more.
    pub code: String,
    /// The party's slot; none for another party's leg, which is drawn grey.
    pub slot: Option<Slot>,
    /// The lane's name.
    pub lane: String,
    /// The person who holds it, only of the viewer's own party.
    pub person: Option<String>,
    /// What is said of the leg beside its times, like `bot, 24 × 7`.
    pub note: Option<String>,
    /// When the party got the case.
    pub from: Micros,
    /// When it passed the case on; none for the holder.
    pub until: Option<Micros>,
    /// Where the leg is worked, for the words on its longest thread.
    pub site: Option<Site>,
    /// The open hours inside the leg, drawn at full height.
    pub open: Vec<Span>,
    /// The pauses inside the leg, in order.
    pub pauses: Vec<Pause>,
    /// The working time used; none where the viewer sees wall time only.
    pub worked: Option<WorkingTime>,
    /// The working time the target grants, if the leg has one.
    pub allowed: Option<WorkingTime>,
}

/// What the case is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Somebody holds it and the clock runs.
    Running,
    /// Its clock stands still: the baton is hollow.
    Paused,
    /// It waits in a queue for the first hand: the last leg is a thread.
    Offered,
    /// It is stuck and needs a person.
    Incident,
    /// It has ended: no baton, no dotted line.
    Done,
}

/// The instant by which the holder must pass the case on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The due instant.
    pub at: Micros,
    /// The working time left, negative past the target.
    pub left: WorkingTime,
    /// The holder's open hours between now and the target.
    pub open: Vec<Span>,
}

/// What length means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Axis {
    /// Length is wall time.
    #[default]
    Wall,
    /// Length is working time; closed hours and pauses shrink to nothing.
    Working,
}

/// A case's relay, ready to draw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Strip {
    /// What the strip is of, like `P2P-20419`; also makes the ids of its spoken text unique.
    pub of: String,
    /// The hops, oldest first.
    pub legs: Vec<Leg>,
    /// The instant of drawing.
    pub now: Micros,
    /// The holder's target.
    pub target: Option<Target>,
    /// What the case is doing.
    pub state: State,
    /// Who comes next, like `LV Approve`, if the process says it.
    pub next: Option<String>,
    /// The viewer's zone, for dates.
    pub zone: TimeZone,
    /// What length means.
    pub axis: Axis,
    /// Where the folded hops open; none draws every hop.
    pub unfold: Option<String>,
}

/// How many hops are drawn before the oldest fold.
const SHOWN_HOPS: usize = 10;

impl Strip {
    /// The large drawing, 30 px with labels and dates.
    pub fn large(&self) -> String {
        draw::strip(self, &Size::LARGE)
    }

    /// The medium drawing, 18 px with codes.
    pub fn medium(&self) -> String {
        draw::strip(self, &Size::MEDIUM)
    }

    /// The medium drawing without any words around it.
    pub fn plain(&self) -> String {
        draw::strip(self, &Size::PLAIN)
    }

    /// The tiny drawing for lists, 9 px without rings.
    pub fn tiny(&self) -> String {
        draw::strip(self, &Size::TINY)
    }

    /// The spoken sentence.
    pub fn sentence(&self) -> String {
        table::sentence(self)
    }

    /// The table version, a row a hop.
    pub fn rows(&self) -> Vec<LegRow> {
        table::rows(self)
    }

    /// How many of the oldest hops are folded away.
    pub fn folded(&self) -> usize {
        match self.unfold {
            Some(_) if self.legs.len() > SHOWN_HOPS => self.legs.len() - SHOWN_HOPS,
            _ => 0,
        }
    }

    /// The first leg, when it is too short for a label above it: its words stand before the strip.
    pub fn before(&self) -> Option<LegRow> {
        let narrow = label::first_is_narrow(self);
        narrow
            .then(|| table::rows(self).into_iter().next())
            .flatten()
    }

    pub(crate) fn end_of(&self, leg: &Leg) -> Micros {
        leg.until.unwrap_or(self.now)
    }

    pub(crate) fn start(&self) -> Micros {
        self.legs.first().map_or(self.now, |leg| leg.from)
    }

    pub(crate) fn last_end(&self) -> Micros {
        self.legs.last().map_or(self.now, |leg| self.end_of(leg))
    }

    pub(crate) fn late(&self) -> bool {
        let ended = self.last_end();
        self.target.as_ref().is_some_and(|target| ended > target.at)
    }
}

#[cfg(test)]
mod tests;
