//! Draws where the case stands and what is ahead of it: dotted line, pole, rail, baton, incident.
//!
//! The legs behind it are `draw`'s.

use super::draw::Canvas;
use super::size::Words;
use super::{Span, State};
use std::fmt::Write;

impl Canvas<'_> {
    /// The dotted line to the target and the boxes of the holder's open hours.
    pub(crate) fn future(&mut self) {
        let Some(target) = &self.strip.target else {
            return;
        };
        let span = Span {
            from: self.strip.last_end(),
            until: target.at,
        };
        if self.strip.state == State::Done || span.from >= span.until {
            return;
        }
        let (x, end) = (self.scale.x(span.from), self.scale.x(span.until));
        let mid = self.size.above + self.size.height / 2.0;
        let _ = write!(
            self.out,
            "<line class=\"ahead\" x1=\"{x:.2}%\" y1=\"{mid}\" x2=\"{end:.2}%\" y2=\"{mid}\"/>"
        );
        if self.size.words == Words::Full {
            for open in target.open.iter().filter_map(|open| open.within(span)) {
                self.bar("ahead-open", open, self.size.height - 1.0);
            }
        }
    }

    /// The red rail from the target to the end, when it is past.
    pub(crate) fn rail(&mut self) {
        let Some(target) = self.strip.target.as_ref().filter(|_| self.strip.late()) else {
            return;
        };
        let (x, end) = (self.scale.x(target.at), self.scale.x(self.strip.last_end()));
        let thick = (self.size.height / 7.0).max(2.0);
        let top = self.size.above + self.size.height + thick / 3.0;
        let _ = write!(
            self.out,
            "<rect class=\"rail\" x=\"{x:.2}%\" y=\"{top:.1}\" width=\"{:.2}%\" height=\"{thick:.1}\"/>",
            end - x
        );
    }

    pub(crate) fn pole(&mut self) {
        let Some(target) = &self.strip.target else {
            return;
        };
        let (h, out) = (self.size.height, self.size.pole);
        let flag = (h / 3.0).clamp(4.0, 9.0);
        let body = format!(
            "<path class=\"pole\" d=\"M0 {:.1}V{:.1}\"/><path class=\"pennant\" d=\"M0 {:.1}l{flag:.1} {:.1}l-{flag:.1} {:.1}z\"/>",
            -out,
            h + out * 0.75,
            -out,
            flag * 0.4,
            flag * 0.4
        );
        self.at(target.at, &body);
    }

    /// The baton, now; hollow while paused, absent when done; beside it the sign of an incident.
    pub(crate) fn baton(&mut self) {
        if self.strip.state == State::Done || self.strip.legs.is_empty() {
            return;
        }
        let (h, over, half) = (self.size.height, self.size.over, self.size.baton / 2.0);
        let lean = self.size.slant / 2.0 * (h + 2.0 * over) / h;
        let hollow = if self.strip.state == State::Paused {
            " hollow"
        } else {
            ""
        };
        let mut body = format!(
            "<path class=\"baton{hollow}\" d=\"M{:.1} {:.1}L{:.1} {:.1}H{:.1}L{:.1} {:.1}Z\"/>",
            -lean - half,
            h + over,
            lean - half,
            -over,
            lean + half,
            half - lean,
            h + over
        );
        if self.strip.state == State::Incident {
            let (x, r) = (half + lean + h * 0.45, h * 0.55);
            let mid = h / 2.0;
            let _ = write!(
                body,
                "<path class=\"incident\" d=\"M{:.1} {:.1}L{:.1} {:.1}H{x:.1}Z\"/><path class=\"incident-sign\" d=\"M{:.1} {:.1}v{:.1}m0 {:.1}v{:.1}\"/>",
                x + r,
                mid - r,
                x + 2.0 * r,
                mid + r * 0.9,
                x + r,
                mid - r * 0.3,
                r * 0.6,
                r * 0.25,
                r * 0.12
            );
        }
        self.at(self.strip.last_end(), &body);
    }
}
