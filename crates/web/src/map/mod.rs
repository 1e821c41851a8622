//! The map of a process as SVG: lanes as bands in the process's order, what stands in them, the flows
//! between, and on each task how many cases are there and how many of them are late.
//!
//! It counts nothing and knows no party's rights: whoever fills a [`Map`] has left out what the viewer
//! may not see. Places are `layout`'s business, ways `route`'s; colours are style classes.

mod draw;
mod label;
mod layout;
mod route;

pub use baton_app::views::map::Shape;

/// A process, ready to draw.
#[derive(Clone, Debug, Default)]
pub struct Map {
    /// What it is of, for the drawing's title.
    pub title: String,
    /// The drawing in a sentence.
    pub says: String,
    /// Its lanes, from the top.
    pub bands: Vec<Band>,
    /// What stands in them, from left to right.
    pub boxes: Vec<Node>,
    /// The flows: from, to, name.
    pub flows: Vec<(usize, usize, String)>,
    /// What went along a flow: the flow, and what is said there.
    pub marks: Vec<(usize, Mark)>,
}

/// How many cases were handed over along a flow.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mark {
    /// Like `44/h`.
    pub text: String,
    /// Their list.
    pub href: String,
    /// The same in words.
    pub said: String,
}

/// A lane.
#[derive(Clone, Debug, Default)]
pub struct Band {
    /// Its name.
    pub name: String,
    /// Where it is chosen; none where the viewer has no part in it.
    pub href: Option<String>,
    /// Whether it is chosen.
    pub picked: bool,
    /// The parties: style class, code, hundredths of a percent.
    pub parts: Vec<(&'static str, String, u32)>,
    /// Open and late cases.
    pub load: Option<Badge>,
    /// Further lines, like `P50 2 h 41 working`.
    pub lines: Vec<String>,
}

/// A box, diamond or circle.
#[derive(Clone, Debug)]
pub struct Node {
    /// Its name.
    pub name: String,
    /// What it looks like.
    pub shape: Shape,
    /// Its lane.
    pub band: usize,
    /// How many automatic steps it stands for.
    pub steps: u32,
    /// Open and late cases there.
    pub load: Option<Badge>,
    /// How many cases are stuck there.
    pub stuck: usize,
}

/// How many cases are open and late, and where they are listed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Badge {
    /// Open ones.
    pub open: i64,
    /// Their list.
    pub href: String,
    /// Late ones among them.
    pub late: i64,
    /// Their list.
    pub late_href: String,
}

impl Map {
    /// The drawing.
    pub fn svg(&self) -> String {
        draw::map(self, &layout::Layout::of(self))
    }
}

#[cfg(test)]
mod tests;
