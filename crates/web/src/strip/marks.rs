//! Arithmetic on spans: a leg's open hours without its pauses, clipped to the leg.
//!
//! It draws nothing and knows no calendar.

use super::{Leg, Span};
use baton_model::Micros;

impl Span {
    /// The part both spans share.
    pub(crate) fn within(self, other: Span) -> Option<Span> {
        let from = Micros(self.from.0.max(other.from.0));
        let until = Micros(self.until.0.min(other.until.0));
        (from < until).then_some(Span { from, until })
    }
}

/// The open hours of a leg without its pauses, in order.
pub(crate) fn worked(leg: &Leg, span: Span) -> Vec<Span> {
    let mut left: Vec<Span> = leg
        .open
        .iter()
        .filter_map(|open| open.within(span))
        .collect();
    for pause in &leg.pauses {
        left = left
            .iter()
            .flat_map(|open| without(*open, pause.span))
            .collect();
    }
    left
}

fn without(open: Span, hole: Span) -> Vec<Span> {
    let before = Span {
        from: open.from,
        until: hole.from,
    };
    let after = Span {
        from: hole.until,
        until: open.until,
    };
    [before, after]
        .iter()
        .filter_map(|part| part.within(open))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(from: i64, until: i64) -> Span {
        Span {
            from: Micros(from),
            until: Micros(until),
        }
    }

    #[test]
    fn a_pause_splits_an_open_span() {
        assert_eq!(without(span(0, 10), span(3, 5)), [span(0, 3), span(5, 10)]);
        assert_eq!(without(span(0, 10), span(8, 20)), [span(0, 8)]);
        assert_eq!(without(span(0, 10), span(10, 20)), [span(0, 10)]);
        assert_eq!(without(span(0, 10), span(-1, 20)), []);
    }
}
