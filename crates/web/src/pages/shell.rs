//! What stands around every page: top bar, foot, and the keys.
//!
//! Nothing here is of a case; the handler fills it from the session and the journal's head.

use super::parts::{Chip, thousands};

/// The frame of a page.
#[derive(Clone, Debug)]
pub struct Shell {
    /// The page's name, in the browser's title and on narrow screens.
    pub title: String,
    /// The place the page belongs to.
    pub place: Place,
    /// The viewer's party.
    pub party: Party,
    /// The client worked for, when the viewer is of another party.
    pub client: Option<String>,
    /// Open items of the viewer, beside the place Work.
    pub open: Option<usize>,
    /// Refused documents waiting, beside the place Documents.
    pub refused: Option<usize>,
    /// Whether the viewer's party may send documents in.
    pub uploads: bool,
    /// The clocks of the sites concerned.
    pub zones: Vec<ZoneClock>,
    /// The viewer.
    pub person: Person,
    /// Whether the tenant is simulated; every page says so.
    pub simulated: bool,
    /// The foot.
    pub foot: Foot,
    /// What just happened, said once, like `INV-20402 completed. Next is open.`
    pub said: Option<String>,
    /// The session's token against forged requests; every form carries it as `token`.
    pub token: String,
}

/// The places of the top bar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The work list.
    Work,
    /// A case, opened to work on.
    Desk,
    /// A team leader's floor.
    Floor,
    /// All cases.
    Cases,
    /// The map of a process.
    Map,
    /// Who runs which lane.
    Allocation,
    /// Service levels.
    Scorecard,
    /// Charges of a month.
    Statements,
    /// What was agreed.
    Agreements,
    /// Documents that came in.
    Documents,
    /// The journal.
    Journal,
    /// None of them.
    Elsewhere,
}

/// The viewer's party and site.
#[derive(Clone, Debug)]
pub struct Party {
    /// Its chip.
    pub chip: Chip,
    /// Its name.
    pub name: String,
    /// The viewer's site, like `Kraków`.
    pub site: Option<String>,
}

/// The clock of one site.
#[derive(Clone, Debug)]
pub struct ZoneClock {
    /// The time there, like `14:37`.
    pub time: String,
    /// The place, like `Kraków`.
    pub place: String,
    /// The IANA zone, for the page's own ticking.
    pub zone: String,
}

/// A person as pages show one.
#[derive(Clone, Debug)]
pub struct Person {
    /// Two letters.
    pub initials: String,
    /// The full name.
    pub name: String,
    /// What the person says to do: `available`, `break`.
    pub state: &'static str,
    /// Whether the person leads workers of the party.
    pub leads: bool,
}

impl Person {
    /// What the person may say to do: word, and in words.
    pub fn states(&self) -> [(&'static str, &'static str); 5] {
        [
            ("available", "Available"),
            ("wrap", "Wrap up"),
            ("break", "Break"),
            ("training", "Training"),
            ("off", "Not at work"),
        ]
    }
}

/// The foot's figures.
#[derive(Clone, Debug)]
pub struct Foot {
    /// `Live`, or of which instant the figures are.
    pub live: String,
    /// The journal's head.
    pub head: u64,
    /// The last checkpoint.
    pub checkpoint: Option<CheckpointMark>,
}

/// The last checkpoint in short.
#[derive(Clone, Debug)]
pub struct CheckpointMark {
    /// The entries it covers.
    pub covers: u64,
    /// Where it opens.
    pub href: String,
    /// Who signed it and when, like `signed by LV 14:31`.
    pub signed: String,
}

/// A place as a link.
#[derive(Clone, Debug)]
pub struct PlaceLink {
    /// Its name.
    pub name: &'static str,
    /// Its address.
    pub href: &'static str,
    /// Its icon.
    pub icon: &'static str,
    /// The letter after G that goes there.
    pub letter: &'static str,
    /// A count beside it.
    pub count: Option<usize>,
    /// Whether the page is of it.
    pub current: bool,
}

/// A key and what it does.
#[derive(Clone, Copy, Debug)]
pub struct Hint {
    /// The keys, pressed in order or together.
    pub keys: &'static [&'static str],
    /// What they do.
    pub does: &'static str,
}

/// How many places stand at the foot of a narrow screen.
const NEAR: usize = 4;

/// Every key, for the list under `?`.
pub const KEYS: &[Hint] = &[
    Hint {
        keys: &["J", "K"],
        does: "next row, previous row",
    },
    Hint {
        keys: &["↵"],
        does: "open the row",
    },
    Hint {
        keys: &["X"],
        does: "choose the row",
    },
    Hint {
        keys: &["N"],
        does: "show the new rows",
    },
    Hint {
        keys: &["C"],
        does: "claim: take an offered item",
    },
    Hint {
        keys: &["E"],
        does: "complete and next",
    },
    Hint {
        keys: &["P"],
        does: "ask and pause, or set the item aside",
    },
    Hint {
        keys: &["1", "–", "9"],
        does: "give that answer",
    },
    Hint {
        keys: &["Ctrl", "↵"],
        does: "complete, from inside a field",
    },
    Hint {
        keys: &["Esc"],
        does: "leave the field, clear the choice",
    },
    Hint {
        keys: &["/"],
        does: "search cases",
    },
    Hint {
        keys: &["G", "W"],
        does: "go to Work",
    },
    Hint {
        keys: &["A"],
        does: "assign the chosen items, on the floor",
    },
    Hint {
        keys: &["G", "F"],
        does: "go to the floor",
    },
    Hint {
        keys: &["G", "M"],
        does: "go to the map",
    },
    Hint {
        keys: &["G", "C"],
        does: "go to Cases",
    },
    Hint {
        keys: &["G", "S"],
        does: "go to Scorecard",
    },
    Hint {
        keys: &["G", "T"],
        does: "go to Statements",
    },
    Hint {
        keys: &["G", "G"],
        does: "go to Agreements",
    },
    Hint {
        keys: &["G", "D"],
        does: "go to Documents",
    },
    Hint {
        keys: &["G", "J"],
        does: "go to Journal",
    },
    Hint {
        keys: &["?"],
        does: "this list",
    },
];

const LIST: &[Hint] = &[
    Hint {
        keys: &["J", "K"],
        does: "move",
    },
    Hint {
        keys: &["↵"],
        does: "open",
    },
];
const WORK: &[Hint] = &[
    Hint {
        keys: &["J", "K"],
        does: "move",
    },
    Hint {
        keys: &["X"],
        does: "choose",
    },
    Hint {
        keys: &["↵"],
        does: "open",
    },
    Hint {
        keys: &["E"],
        does: "complete and next",
    },
];
const FLOOR: &[Hint] = &[
    Hint {
        keys: &["J", "K"],
        does: "move",
    },
    Hint {
        keys: &["X"],
        does: "choose",
    },
    Hint {
        keys: &["A"],
        does: "assign",
    },
];
const DESK: &[Hint] = &[
    Hint {
        keys: &["Ctrl", "↵"],
        does: "complete and next",
    },
    Hint {
        keys: &["Esc"],
        does: "leave the field",
    },
    Hint {
        keys: &["1", "–", "9"],
        does: "answer",
    },
];

impl Shell {
    /// The places as links, the current one marked.
    pub fn places(&self) -> Vec<PlaceLink> {
        let place = |name, href, icon, letter, count, current| PlaceLink {
            name,
            href,
            icon,
            letter,
            count,
            current,
        };
        let at = self.place;
        let work = matches!(at, Place::Work | Place::Desk);
        let mut places = vec![
            place("Work", "/work", "i-list", "w", self.open, work),
            place("Map", "/map", "i-map", "m", None, at == Place::Map),
            place("Cases", "/cases", "i-search", "c", None, at == Place::Cases),
            place(
                "Documents",
                "/documents",
                "i-doc",
                "d",
                self.refused,
                at == Place::Documents,
            ),
            place(
                "Journal",
                "/journal",
                "i-journal",
                "j",
                None,
                at == Place::Journal,
            ),
        ];
        if self.person.leads {
            let floor = place("Floor", "/floor", "i-people", "f", None, at == Place::Floor);
            places.insert(0, floor);
        }
        if self.client.is_none() {
            let at = at == Place::Allocation;
            let allocation = place("Allocation", "/allocation", "i-share", "a", None, at);
            places.insert(places.len() - 2, allocation);
        }
        let measured = [
            ("Scorecard", "/scorecard", "i-flag", "s", Place::Scorecard),
            ("Statements", "/statement", "i-sum", "t", Place::Statements),
            ("Agreements", "/agreements", "i-doc", "g", Place::Agreements),
        ];
        let from = places.len() - 2;
        let measured = measured
            .map(|(name, href, icon, letter, of)| place(name, href, icon, letter, None, at == of));
        places.splice(from..from, measured);
        places
    }

    /// The places at the foot of a narrow screen: the first ones.
    pub fn near(&self) -> Vec<PlaceLink> {
        let mut places = self.places();
        places.truncate(NEAR);
        places
    }

    /// The others, under *More* there.
    pub fn far(&self) -> Vec<PlaceLink> {
        self.places().into_iter().skip(NEAR).collect()
    }

    /// The keys the foot names on this page.
    pub fn hints(&self) -> &'static [Hint] {
        match self.place {
            Place::Work => WORK,
            Place::Desk => DESK,
            Place::Cases | Place::Documents | Place::Journal => LIST,
            Place::Floor => FLOOR,
            Place::Scorecard | Place::Statements | Place::Agreements => LIST,
            Place::Map | Place::Allocation | Place::Elsewhere => &[],
        }
    }
}

impl Foot {
    /// The head with its thousands apart.
    pub fn journal(&self) -> String {
        thousands(self.head)
    }
}

impl CheckpointMark {
    /// The number with its thousands apart.
    pub fn n(&self) -> String {
        thousands(self.covers)
    }

    /// The signers, after a space.
    pub fn said(&self) -> String {
        if self.signed.is_empty() {
            String::new()
        } else {
            format!(" {}", self.signed)
        }
    }
}
