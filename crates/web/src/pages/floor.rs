//! A team leader's floor: queues by lane, targets of the next hour, items to give to somebody, and people.

use super::parts::Remaining;
use super::shell::Shell;
use askama::Template;

/// `GET /floor?lane=&state=`
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
    /// The lane the items are of, if one is chosen, and where all are.
    pub lane: Option<(String, String)>,
    /// Who may be given an item: id and words.
    pub givable: Vec<(String, String)>,
    /// Filters of people: name, count, address, whether chosen.
    pub states: Vec<(String, usize, String, bool)>,
    /// The people.
    pub people: Vec<PersonRow>,
    /// Corrections of times that wait.
    pub waiting: usize,
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
    /// Items due in the next hour.
    pub risk: usize,
    /// Items past their due instant.
    pub late: usize,
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
    /// Languages and skills.
    pub able: String,
}
