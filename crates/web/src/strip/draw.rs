//! Draws the bars of a strip: threads, full blocks, hatches, grips, rail, dotted line, pole and baton.
//!
//! Words are `label`'s business, places are `scale`'s. Colours are style classes, never attributes, so
//! that light, dark and print share one drawing.

use super::marks::worked;
use super::scale::Scale;
use super::words::escape;
use super::{Leg, Size, Span, State, Strip, label, table};
use baton_model::Micros;
use std::fmt::Write;

/// A drawing under way.
pub(crate) struct Canvas<'a> {
    pub(crate) strip: &'a Strip,
    pub(crate) size: &'a Size,
    pub(crate) scale: Scale,
    pub(crate) out: String,
}

/// The whole drawing.
pub(crate) fn strip(strip: &Strip, size: &Size) -> String {
    let mut canvas = Canvas {
        strip,
        size,
        scale: Scale::of(strip, size),
        out: String::new(),
    };
    canvas.head();
    label::ticks(&mut canvas);
    canvas.future();
    canvas.folded();
    for index in strip.folded()..strip.legs.len() {
        canvas.leg(index);
    }
    for index in strip.folded()..strip.legs.len() {
        canvas.grip(index);
    }
    canvas.rail();
    canvas.pole();
    canvas.baton();
    label::words(&mut canvas);
    canvas.put("</svg>");
    canvas.out
}

impl Canvas<'_> {
    pub(crate) fn put(&mut self, text: &str) {
        self.out.push_str(text);
    }

    /// Opens a group whose origin is an instant's place and a height.
    pub(crate) fn at(&mut self, at: Micros, body: &str) {
        let x = self.scale.x(at);
        let top = self.size.above;
        let _ = write!(
            self.out,
            "<svg x=\"{x:.2}%\" y=\"{top}\" overflow=\"visible\">{body}</svg>"
        );
    }

    pub(crate) fn bar(&mut self, class: &str, span: Span, thickness: f64) {
        let (x, end) = (self.scale.x(span.from), self.scale.x(span.until));
        let top = self.size.above + (self.size.height - thickness) / 2.0;
        let width = (end - x).max(0.0);
        let _ = write!(
            self.out,
            "<rect class=\"{class}\" x=\"{x:.2}%\" y=\"{top}\" width=\"{width:.2}%\" height=\"{thickness}\"/>"
        );
    }

    fn head(&mut self) {
        let (class, total) = (self.size.class, self.size.total);
        let safe: String = self
            .strip
            .of
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
            .collect();
        let id = format!("{class}-{safe}");
        let _ = write!(
            self.out,
            "<svg class=\"strip {class}\" width=\"100%\" height=\"{total}\" role=\"img\" \
             aria-labelledby=\"{id}-t {id}-d\"><title id=\"{id}-t\">Relay of {}</title><desc id=\"{id}-d\">{}</desc>",
            escape(&self.strip.of),
            escape(&table::sentence(self.strip))
        );
    }

    fn folded(&mut self) {
        let count = self.strip.folded();
        if count == 0 {
            return;
        }
        let until = self.strip.end_of(&self.strip.legs[count - 1]);
        let span = Span {
            from: self.strip.start(),
            until,
        };
        let href = self.strip.unfold.clone().unwrap_or_default();
        let _ = write!(self.out, "<a href=\"{}\" class=\"fold\">", escape(&href));
        self.bar("fold-box", span, self.size.height);
        if self.size.words != super::size::Words::None {
            let y = self.size.above + self.size.height / 2.0 + 4.0;
            let _ = write!(self.out, "<text x=\"1%\" y=\"{y}\">+{count} hops</text>");
        }
        self.put("</a>");
    }

    fn leg(&mut self, index: usize) {
        let leg = &self.strip.legs[index];
        let span = Span {
            from: leg.from,
            until: self.strip.end_of(leg),
        };
        let class = fill(leg);
        self.bar(&format!("thread {class}"), span, self.size.thread);
        if self.is_offered(index) {
            return;
        }
        for open in worked(leg, span) {
            self.bar(&format!("leg {class}"), open, self.size.height);
        }
        for pause in leg
            .pauses
            .iter()
            .filter_map(|pause| pause.span.within(span))
        {
            self.bar(&format!("paused {class}"), pause, self.size.height);
        }
    }

    fn is_offered(&self, index: usize) -> bool {
        self.strip.state == State::Offered && index + 1 == self.strip.legs.len()
    }

    /// The slanted start of a leg with the party's rings; the gap before it is the hand-over.
    fn grip(&mut self, index: usize) {
        let leg = &self.strip.legs[index];
        let first = index == self.strip.folded();
        let rings = leg.slot.map_or(0, |slot| slot.rings());
        let (h, s) = (self.size.height, self.size.slant / 2.0);
        let gap = if first { 0.0 } else { self.size.gap };
        let end = self.size.grip(rings).min(self.room(index));
        let mut body = String::new();
        if !first {
            body.push_str(&self.tail(index - 1));
        }
        let (low, high) = if first {
            (0.0, 0.0)
        } else {
            (gap / 2.0 - s, gap / 2.0 + s)
        };
        let _ = write!(
            body,
            "<path class=\"leg {}\" d=\"M{low:.1} {h}L{high:.1} 0H{:.1}L{:.1} {h}Z\"/>",
            fill(leg),
            end + s,
            end - s
        );
        if !first {
            let _ = write!(
                body,
                "<path class=\"gap\" stroke-width=\"{gap}\" d=\"M{:.1} {:.1}L{:.1} -0.5\"/>",
                -s,
                h + 0.5,
                s
            );
        }
        self.rings(&mut body, leg, gap);
        self.at(leg.from, &body);
    }

    /// The corner of the leg before, that the lean of the grip leaves open.
    fn tail(&self, before: usize) -> String {
        let leg = &self.strip.legs[before];
        let until = self.strip.end_of(leg);
        let full = leg
            .open
            .iter()
            .any(|open| open.until >= until && open.from < until);
        if !full {
            return String::new();
        }
        let (h, s) = (self.size.height, self.size.slant / 2.0);
        format!(
            "<path class=\"tail {}\" d=\"M0 0H{s:.1}L0 {:.1}Z\"/>",
            fill(leg),
            h / 2.0
        )
    }

    /// How much a grip may take: its own leg's usual width.
    fn room(&self, index: usize) -> f64 {
        let leg = &self.strip.legs[index];
        let width = self.scale.x(self.strip.end_of(leg)) - self.scale.x(leg.from);
        (width / 100.0 * self.size.nominal).max(self.size.slant)
    }

    fn rings(&self, body: &mut String, leg: &Leg, gap: f64) {
        if self.size.ring == 0.0 {
            return;
        }
        let rings = leg.slot.map_or(0, |slot| slot.rings().min(8));
        let (h, s) = (self.size.height, self.size.slant / 2.0);
        for ring in 0..rings {
            let x = gap + self.size.ring * (f64::from(ring) + 0.9);
            let (inset, lean) = (h * 0.1, s * 0.8);
            let _ = write!(
                body,
                "<path class=\"ring {}\" d=\"M{:.1} {:.1}L{:.1} {inset:.1}\"/>",
                fill(leg),
                x - lean,
                h - inset,
                x + lean
            );
        }
    }
}

/// The style class of a leg's fill.
fn fill(leg: &Leg) -> &'static str {
    leg.slot.map_or("px", |slot| slot.class())
}
