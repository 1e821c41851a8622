//! Blocks: the hours of a day, like `09:00-17:00`. A block belongs to the date it begins on, also
//! when it ends on the next (`22:00-06:00`): a holiday removes the shift that begins on it.

use std::fmt;

/// Minutes in a day of the calendar, which is not always the length of the real one.
const DAY: u16 = 24 * 60;

/// One block of a day, in minutes after its midnight; past 1440 is the next day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Block {
    /// The first minute, 0 to 1439.
    pub start: u16,
    /// The minute at which it ends, up to a day after its start.
    pub end: u16,
}

impl Block {
    /// The whole day.
    pub const DAY: Self = Self { start: 0, end: DAY };

    /// The block of a text like `09:00-17:00`; an end not after the start is on the next day. Nothing
    /// if the text is not one, or start and end are the same.
    pub fn parse(text: &str) -> Option<Self> {
        let (start, end) = text.split_once('-')?;
        let (start, end) = (minute(start.trim())?, minute(end.trim())?);
        if start == end || start == DAY {
            return None;
        }
        let end = if end > start { end } else { end + DAY };
        Some(Self { start, end })
    }

    /// Whether two blocks of the same day share a minute.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.start < other.end && other.start < self.end
    }
}

/// The minute of a day of `hh:mm`, 00:00 to 24:00.
fn minute(text: &str) -> Option<u16> {
    let (hours, minutes) = text.split_once(':')?;
    let (hours, minutes) = (two_digits(hours)?, two_digits(minutes)?);
    let minute = hours * 60 + minutes;
    (minutes < 60 && minute <= DAY).then_some(minute)
}

fn two_digits(text: &str) -> Option<u16> {
    let digits = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

impl fmt::Display for Block {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let end = if self.end > DAY {
            self.end - DAY
        } else {
            self.end
        };
        let (start, hour) = (self.start, 60);
        write!(
            f,
            "{:02}:{:02}-{:02}:{:02}",
            start / hour,
            start % hour,
            end / hour,
            end % hour
        )
    }
}
