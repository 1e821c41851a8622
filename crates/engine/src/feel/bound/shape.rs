//! The shape of a value as the bound knows it: how many steps it took, how many elements and values it
//! has at most, in all and in one element. Sums and products saturate, so a bound never wraps around
//! to something small.

use baton_model::Value;

/// Steps taken, elements of the outer list, values in all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::feel) struct Shape {
    pub(super) steps: u64,
    pub(super) len: u64,
    pub(super) size: u64,
    pub(super) each: u64,
}

impl Shape {
    /// A single value.
    pub(super) const ONE: Self = Self {
        steps: 1,
        len: 1,
        size: 1,
        each: 1,
    };

    /// The steps it took.
    pub(in crate::feel) fn steps(self) -> u64 {
        self.steps
    }

    /// Something of this many values, perhaps a list.
    pub(super) fn sized(size: u64) -> Self {
        Self {
            steps: size,
            len: size,
            size,
            each: size,
        }
    }

    /// A text; eight bytes count as a value.
    pub(super) fn text(text: &str) -> Self {
        Self::whole(1 + text.len() as u64 / 8)
    }

    /// A single value made of this many.
    fn whole(size: u64) -> Self {
        Self {
            steps: 1,
            len: 1,
            size,
            each: size,
        }
    }

    /// A value of the context.
    pub(super) fn of(value: &Value) -> Self {
        match value {
            Value::Text(text) => Self::text(text),
            Value::List(items) => {
                let sizes = || items.iter().map(|item| Self::of(item).size);
                let (size, each) = (sizes().sum::<u64>() + 1, sizes().max().unwrap_or(1));
                Self {
                    steps: 1,
                    len: items.len() as u64,
                    size,
                    each,
                }
            }
            Value::Map(map) => Self::whole(
                map.values()
                    .map(|value| Self::of(value).size + 1)
                    .sum::<u64>()
                    + 1,
            ),
            _ => Self::ONE,
        }
    }

    /// The same value, copied once more.
    pub(super) fn copied(self) -> Self {
        Self {
            steps: self.steps.saturating_add(self.size / 8),
            ..self
        }
    }

    /// One element of it.
    pub(super) fn element(self) -> Self {
        Self {
            steps: 1,
            len: self.each,
            size: self.each,
            each: self.each,
        }
    }

    /// The same steps for a list of as many elements as it has values.
    pub(super) fn resized(self, size: u64) -> Self {
        Self {
            len: size,
            size,
            ..self
        }
    }

    /// What none of these values is larger than.
    pub(super) fn largest(values: &[&Value]) -> Self {
        let largest = values.iter().map(|value| Self::of(value)).reduce(Self::or);
        Self {
            steps: 1,
            ..largest.unwrap_or(Self::ONE)
        }
    }

    /// Both, together in one value.
    pub(super) fn and(self, other: Self) -> Self {
        Self {
            steps: self.steps.saturating_add(other.steps),
            len: self.len.saturating_add(other.len),
            size: self.size.saturating_add(other.size),
            each: self.size.max(other.size),
        }
    }

    /// Either of them, both paid for.
    pub(super) fn or(self, other: Self) -> Self {
        Self {
            steps: self.steps.saturating_add(other.steps),
            len: self.len.max(other.len),
            size: self.size.max(other.size),
            each: self.each.max(other.each),
        }
    }

    /// The other's value, after the steps of both.
    pub(super) fn before(self, other: Self) -> Self {
        Self {
            steps: self.steps.saturating_add(other.steps),
            ..other
        }
    }

    /// The steps of this many rounds, and the list of their values; `copied` is copied along once.
    pub(super) fn times(self, rounds: u64, copied: u64) -> Self {
        Self {
            steps: self
                .steps
                .saturating_add(1)
                .saturating_mul(rounds)
                .saturating_add(copied),
            len: rounds,
            size: self.size.saturating_mul(rounds),
            each: self.size,
        }
    }

    /// The same list, copied as it grows by one round after the other.
    pub(super) fn growing(self) -> Self {
        Self {
            steps: self
                .steps
                .saturating_add(self.len.saturating_mul(self.size) / 2),
            ..self
        }
    }
}
