//! A team leader's floor: queues by lane, targets of the next hour, items to give to somebody, and people.

use super::parts::Remaining;
use super::shell::Shell;
use askama::Template;

/// `GET /floor?lane=&due=&state=&skill=&language=&clearance=`
#[derive(Template)]
#[template(path = "floor.html")]
pub struct FloorPage {
    /// The frame.
    pub shell: Shell,
    /// The place and the day, in words.
    pub day: String,
    /// The queues.
    pub queues: Vec<QueueRow>,
    /// All of them.
    pub all: QueueRow,
    /// The targets of the next hour, as a drawing; none where there is none.
    pub targets: Option<String>,
    /// The same in a sentence.
    pub targets_say: String,
    /// The items.
    pub items: Vec<ItemRow>,
    /// How many more there are.
    pub more: usize,
    /// The queues of the last hours in figures.
    pub past: PastTable,
    /// What the items are chosen by, in words; nothing where all are shown.
    pub chosen: Option<String>,
    /// The skill, language and clearance looked for, in words.
    pub sought: Option<String>,
    /// Where the people are shown without it.
    pub anybody: String,
    /// Where all are shown.
    pub everything: String,
    /// The fields of the address, sent back with a form.
    pub kept: Vec<(&'static str, String)>,
    /// What can be looked for.
    pub filters: Vec<Choice>,
    /// Who may be given an item: id and words.
    pub givable: Vec<(String, String)>,
    /// Filters of people: name, count, address, whether chosen.
    pub states: Vec<(String, usize, String, bool)>,
    /// The people.
    pub people: Vec<PersonRow>,
    /// What would help now.
    pub helps: Vec<Help>,
    /// How many more there are.
    pub beyond: usize,
    /// Corrections of times that wait.
    pub waiting: usize,
}

impl FloorPage {
    /// Whether a field of the address is no filter of people's, and goes along in the filter's form.
    pub fn beside(&self, name: &&str) -> bool {
        !self.filters.iter().any(|filter| filter.name == *name)
    }
}

/// A skill, language or clearance that can be looked for.
pub struct Choice {
    /// The field's name.
    pub name: &'static str,
    /// Its label.
    pub label: &'static str,
    /// The words: shown, whether chosen, sent.
    pub options: Vec<(String, bool, String)>,
}

/// The queues of the last hours in figures.
#[derive(Default)]
pub struct PastTable {
    /// The instants.
    pub head: Vec<String>,
    /// The lanes with the cases held then.
    pub rows: Vec<(String, Vec<i64>)>,
}

/// Something that would help now.
#[derive(Default)]
pub struct Help {
    /// What to do, or what waits.
    pub title: String,
    /// From what it was computed.
    pub text: String,
    /// The item to give; empty where nobody can take it.
    pub item: String,
    /// Where it opens.
    pub href: String,
    /// To whom.
    pub worker: String,
    /// What that worker reads.
    pub why: String,
}

/// A lane's queue.
#[derive(Default)]
pub struct QueueRow {
    /// The lane.
    pub name: String,
    /// Where its items are shown here.
    pub href: String,
    /// Whether it is chosen.
    pub picked: bool,
    /// Open items.
    pub open: usize,
    /// How old the oldest is.
    pub oldest: String,
    /// The cases held over the last hours, as a drawing.
    pub spark: String,
    /// Items due in the next hour, and where they are shown.
    pub risk: (usize, String),
    /// Items past their due instant, and where they are shown.
    pub late: (usize, String),
    /// People who have an item of it in hand.
    pub busy: usize,
}

/// An item of the floor.
pub struct ItemRow {
    /// The item.
    pub item: String,
    /// Its case, with what it is about where the leader may see it.
    pub title: String,
    /// Where it opens.
    pub href: String,
    /// Its lane and task.
    pub lane: String,
    /// What it asks of a worker.
    pub asks: String,
    /// The working time left.
    pub left: Remaining,
    /// When it is due, where that is within the next hour.
    pub soon: Option<String>,
    /// Who has it and for how long; initials and words.
    pub holder: Option<(String, String)>,
}

/// A person of the floor.
pub struct PersonRow {
    /// Two letters.
    pub initials: String,
    /// The name.
    pub name: String,
    /// The worker's time.
    pub href: String,
    /// What the worker does.
    pub state: &'static str,
    /// The lane worked in, or the lanes done.
    pub lane: String,
    /// The item in hand: words and address.
    pub on: Option<(String, String)>,
    /// How many more are in hand.
    pub more: usize,
    /// How long the state lasts.
    pub lasts: String,
    /// How many items were completed today.
    pub done: usize,
    /// Their median time in hand.
    pub median: String,
    /// Languages, skills and clearances.
    pub able: String,
}
