//! The guided tour of a simulated company: five minutes, a step at a time, each with where to go and as
//! whom. It holds no figure and no case.

use super::shell::Shell;
use askama::Template;

/// `GET /tour`.
#[derive(Template)]
#[template(path = "tour.html")]
pub struct TourPage {
    /// The frame.
    pub shell: Shell,
    /// Whether the viewer may do the steps of the client's vendor manager.
    pub manager: bool,
}

/// A step of the tour.
pub struct Step {
    /// What it shows.
    pub title: &'static str,
    /// What to do, and what to look at.
    pub what: &'static str,
    /// Where.
    pub href: &'static str,
    /// The link's words.
    pub go: &'static str,
    /// Whether it takes the client's vendor manager.
    pub manager: bool,
}

/// The steps in order.
const STEPS: &[Step] = &[
    Step {
        title: "See the work move",
        what: "The process is a diagram; each band is a lane, its colours are the parties that run it. Suppliers send \
            invoices, people and a bot work on them: the badges count what is open and what is late, and move by themselves.",
        href: "/map",
        go: "Open the map",
        manager: false,
    },
    Step {
        title: "Take a case yourself",
        what: "Open a row. The strip above says who held the case, for how long on whose calendar, and who has it now; below \
            stand the lines compared and the rule that fired. Answer with a digit, complete with Ctrl+Enter: the case moves on.",
        href: "/work",
        go: "Open your work list",
        manager: false,
    },
    Step {
        title: "Hand a lane to the other provider",
        what: "In Verify, give Kestrel 80 and Tala 20. What that does is shown before it happens. The process is not \
            touched: only who gets the next case changes, and each case says why it went where it went.",
        href: "/allocation?lane=verify",
        go: "Change who runs Verify",
        manager: true,
    },
    Step {
        title: "Pause a party",
        what: "Pause Tala in Verify and choose what becomes of its open items. Nothing new goes there from that entry on; \
            items that are handed over change hands at that very instant, and so do the clocks.",
        href: "/allocation?lane=verify",
        go: "Pause Tala",
        manager: true,
    },
    Step {
        title: "See whose time it was",
        what: "A case that was handed over has two legs in one lane. Below the strip, the clocks table adds up: the \
            holders' wall times are the case's, to the microsecond.",
        href: "/cases",
        go: "Open a case",
        manager: false,
    },
    Step {
        title: "Watch the scorecard and the statement",
        what: "Service levels by party and lane, with counts and intervals; and what is owed for accepted items so far this \
            month. Both move while people work.",
        href: "/scorecard",
        go: "Open the scorecard",
        manager: false,
    },
    Step {
        title: "Open a number",
        what: "Every figure with a dotted underline opens into the events it was computed from; their count or sum is the \
            figure. Each event stands in an entry of the journal, with its hash.",
        href: "/statement",
        go: "Open the statement",
        manager: false,
    },
    Step {
        title: "Have it checked",
        what: "On the machine that runs this: `baton verify --data demo-data`. It reads the journal alone, follows the chain, \
            folds every view again and compares. Change a byte of the database first, and it names the entry.",
        href: "/journal",
        go: "Open the journal",
        manager: false,
    },
];

impl TourPage {
    fn steps(&self) -> &'static [Step] {
        STEPS
    }
}
