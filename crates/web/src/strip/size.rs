//! The measures of the strip's sizes. Nothing else here.

/// The measures of one size, in CSS pixels.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// The class on the drawing.
    pub class: &'static str,
    /// Height of a leg.
    pub height: f64,
    /// Thickness of a thread.
    pub thread: f64,
    /// Width the drawing usually gets; only minimum widths and label fits use it.
    pub nominal: f64,
    /// How far a grip leans.
    pub slant: f64,
    /// Width of the gap of a hand-over.
    pub gap: f64,
    /// Distance of two rings; nothing draws none.
    pub ring: f64,
    /// Width of the baton.
    pub baton: f64,
    /// How far the baton stands out above and below.
    pub over: f64,
    /// How far the pole stands out above and below.
    pub pole: f64,
    /// Space above the leg.
    pub above: f64,
    /// Height of the whole drawing.
    pub total: f64,
    /// Which words stand around it.
    pub words: Words,
}

/// Which words stand around a strip.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Words {
    /// None.
    None,
    /// Codes and working times above, three instants below.
    Short,
    /// Everything: lanes, persons, working and wall time, pauses, dates.
    Full,
}

impl Size {
    /// 30 px with labels.
    pub const LARGE: Size = Size {
        class: "strip-large",
        height: 30.0,
        thread: 5.0,
        nominal: 1160.0,
        slant: 8.0,
        gap: 3.0,
        ring: 3.6,
        baton: 10.0,
        over: 5.5,
        pole: 10.0,
        above: 40.0,
        total: 110.0,
        words: Words::Full,
    };

    /// 18 px with codes.
    pub const MEDIUM: Size = Size {
        class: "strip-medium",
        height: 20.0,
        thread: 4.0,
        nominal: 330.0,
        slant: 6.0,
        gap: 2.5,
        ring: 2.6,
        baton: 7.0,
        over: 3.5,
        pole: 5.0,
        above: 22.0,
        total: 68.0,
        words: Words::Short,
    };

    /// 18 px without words.
    pub const PLAIN: Size = Size {
        class: "strip-plain",
        height: 18.0,
        above: 6.0,
        total: 30.0,
        words: Words::None,
        ..Size::MEDIUM
    };

    /// 9 px for lists.
    pub const TINY: Size = Size {
        class: "strip-tiny",
        height: 9.0,
        thread: 2.5,
        nominal: 108.0,
        slant: 2.6,
        gap: 1.6,
        ring: 0.0,
        baton: 3.6,
        over: 2.0,
        pole: 3.0,
        above: 5.0,
        total: 19.0,
        words: Words::None,
    };

    /// How wide a grip with this many rings is.
    pub(crate) fn grip(&self, rings: u8) -> f64 {
        let rings = f64::from(rings.min(8));
        if self.ring == 0.0 {
            self.height * 0.66
        } else {
            self.slant * 0.6 + self.ring * (rings + 0.8)
        }
    }
}
