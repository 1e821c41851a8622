//! Where an instant stands on the strip: a piecewise linear map from time to per cent of the width.
//!
//! It decides minimum widths and the folding of old hops; it draws nothing.

use super::{Axis, Leg, Size, Span, Strip};
use baton_model::Micros;

/// A leg this small a part of the strip gives its true length up for its grip's width.
const TRUE_LENGTH_FROM: f64 = 0.02;
/// The most the folded hops may take.
const FOLDED_AT_MOST: f64 = 0.06;

/// The map from instants to per cent.
#[derive(Clone, Debug)]
pub(crate) struct Scale {
    points: Vec<(i64, f64)>,
}

struct Part {
    pieces: Vec<(i64, i64, f64)>,
    least: f64,
    most: f64,
}

impl Scale {
    /// The scale of a strip in a size.
    pub(crate) fn of(strip: &Strip, size: &Size) -> Self {
        let parts = parts(strip, size);
        let whole: f64 = parts.iter().map(Part::weight).sum::<f64>().max(1.0);
        let widths: Vec<f64> = parts.iter().map(|part| part.width(whole)).collect();
        let sum = widths.iter().sum::<f64>().max(f64::EPSILON);
        let mut at = 0.0;
        let mut points = vec![(strip.start().0, 0.0)];
        for (part, width) in parts.iter().zip(&widths) {
            part.place(&mut points, at, width / sum * 100.0);
            at += width / sum * 100.0;
        }
        Self { points }
    }

    /// The place of an instant, 0 to 100.
    pub(crate) fn x(&self, at: Micros) -> f64 {
        let right = self.points.partition_point(|(t, _)| *t < at.0);
        match (
            right.checked_sub(1).map(|i| self.points[i]),
            self.points.get(right),
        ) {
            (Some((t0, x0)), Some((t1, x1))) => {
                x0 + (x1 - x0) * (at.0 - t0) as f64 / ((t1 - t0) as f64).max(1.0)
            }
            (None, Some((_, x))) => *x,
            (Some((_, x)), None) => x,
            (None, None) => 0.0,
        }
    }
}

impl Part {
    fn weight(&self) -> f64 {
        self.pieces.iter().map(|piece| piece.2).sum()
    }

    fn width(&self, whole: f64) -> f64 {
        let share = self.weight() / whole;
        let floor = if share < TRUE_LENGTH_FROM {
            self.least
        } else {
            0.0
        };
        share.max(floor).min(self.most)
    }

    fn place(&self, points: &mut Vec<(i64, f64)>, at: f64, width: f64) {
        let weight = self.weight();
        let wall: i64 = self.pieces.iter().map(|piece| piece.1 - piece.0).sum();
        let mut x = at;
        for (from, until, own) in &self.pieces {
            let part = if weight > 0.0 {
                own / weight
            } else {
                (until - from) as f64 / (wall as f64).max(1.0)
            };
            x += part * width;
            points.push((*until, x));
        }
    }
}

/// One part a leg, the folded ones together, and the time to the target.
fn parts(strip: &Strip, size: &Size) -> Vec<Part> {
    let folded = strip.folded();
    let mut parts = Vec::new();
    if folded > 0 {
        let until = strip.end_of(&strip.legs[folded - 1]);
        parts.push(Part {
            pieces: vec![(
                strip.start().0,
                until.0,
                until.since(strip.start()).0 as f64,
            )],
            least: FOLDED_AT_MOST,
            most: FOLDED_AT_MOST,
        });
    }
    parts.extend(
        strip.legs[folded..]
            .iter()
            .map(|leg| leg_part(strip, leg, size)),
    );
    if let Some(target) = strip
        .target
        .as_ref()
        .filter(|target| target.at > strip.last_end())
    {
        let span = Span {
            from: strip.last_end(),
            until: target.at,
        };
        parts.push(part(strip.axis, span, &target.open, 0.0));
    }
    parts
}

fn leg_part(strip: &Strip, leg: &Leg, size: &Size) -> Part {
    let rings = leg.slot.map_or(0, |slot| slot.rings());
    let span = Span {
        from: leg.from,
        until: strip.end_of(leg),
    };
    let worked = super::marks::worked(leg, span);
    part(strip.axis, span, &worked, size.grip(rings) / size.nominal)
}

fn part(axis: Axis, span: Span, worked: &[Span], least: f64) -> Part {
    let mut pieces = Vec::new();
    let mut at = span.from.0;
    let closed = |from: i64, until: i64| match axis {
        Axis::Wall => (until - from) as f64,
        Axis::Working => 0.0,
    };
    for open in worked {
        let (from, until) = (open.from.0.max(at), open.until.0.min(span.until.0));
        if from >= until {
            continue;
        }
        if from > at {
            pieces.push((at, from, closed(at, from)));
        }
        pieces.push((from, until, (until - from) as f64));
        at = until;
    }
    if span.until.0 > at {
        pieces.push((at, span.until.0, closed(at, span.until.0)));
    }
    Part {
        pieces,
        least,
        most: 1.0,
    }
}
