//! The picture of an entry's place in the Merkle tree: three levels of it, the path in yellow.
//!
//! It shows the lowest three levels of the real path and says how long that is; it computes no hash.

use super::parts::{escape, thousands};
use std::fmt::Write;

/// An entry's place in the tree.
pub struct Tree {
    /// The entry's number, from 1; its leaf is the one before it.
    pub n: u64,
    /// The hashes given in the proof, lowest first, shortened; the picture uses three.
    pub given: Vec<String>,
    /// The root, shortened.
    pub root: String,
}

/// Centres of the boxes on each level, lowest first.
const LEVELS: [&[f64]; 4] = [
    &[40.0, 119.0, 198.0, 277.0, 356.0, 435.0, 514.0, 593.0],
    &[79.5, 237.5, 395.5, 553.5],
    &[158.5, 474.5],
    &[316.5],
];
const TOPS: [f64; 4] = [236.0, 160.0, 84.0, 8.0];

impl Tree {
    /// The drawing.
    pub fn svg(&self) -> String {
        let levels = self.given.len().min(3);
        let leaf = (self.n.saturating_sub(1) % 8) as usize;
        let mut out = format!(
            "<figure class=\"tree\" tabindex=\"0\"><svg viewBox=\"0 0 640 300\" role=\"img\" aria-label=\"The path of entry {} to the root {}\">",
            thousands(self.n),
            escape(&self.root)
        );
        for level in 0..levels {
            self.edges(&mut out, level, leaf, false);
        }
        for level in 0..levels {
            self.edges(&mut out, level, leaf, true);
        }
        for level in 0..=levels {
            self.boxes(&mut out, level, leaf, levels);
        }
        let _ = write!(
            out,
            "<text class=\"strong\" x=\"{}\" y=\"290\" text-anchor=\"middle\">this entry</text>",
            LEVELS[0][leaf]
        );
        if levels > 0 {
            let (x, y) = (
                LEVELS[levels][0].max(LEVELS[levels][leaf >> levels]) + 44.0,
                TOPS[levels] + 17.0,
            );
            let _ = write!(
                out,
                "<text class=\"strong\" x=\"{x}\" y=\"{y}\">{}</text>",
                escape(&self.root)
            );
        }
        out.push_str("</svg>");
        let _ = write!(out, "<figcaption>{}</figcaption></figure>", self.caption());
        out
    }

    fn caption(&self) -> String {
        format!(
            "<span><i class=\"box path\"></i>computed from this entry</span><span><i class=\"box given\"></i>given in the proof</span>\
             <span><i class=\"box\"></i>not needed</span><span class=\"quiet\">the real path has {} steps</span>",
            self.given.len()
        )
    }

    fn edges(&self, out: &mut String, level: usize, leaf: usize, path: bool) {
        for (index, x) in LEVELS[level].iter().enumerate() {
            let Some(up) = LEVELS[level + 1].get(index / 2) else {
                continue;
            };
            if path != (index == leaf >> level) {
                continue;
            }
            let on = if path { " on" } else { "" };
            let (low, high) = (TOPS[level], TOPS[level + 1] + 26.0);
            let mid = (low + high) / 2.0;
            let _ = write!(
                out,
                "<path class=\"edge{on}\" d=\"M{x} {low}V{mid}H{up}V{high}\"/>"
            );
        }
    }

    fn boxes(&self, out: &mut String, level: usize, leaf: usize, levels: usize) {
        let shown = LEVELS[level].len().min(8 >> level);
        for (index, x) in LEVELS[level][..shown].iter().enumerate() {
            let (class, text) = self.box_of(level, index, leaf, levels);
            let (half, top) = (30.0, TOPS[level]);
            let _ = write!(
                out,
                "<rect class=\"node{class}\" x=\"{}\" y=\"{top}\" width=\"{}\" height=\"26\" rx=\"4\"/><text class=\"node-text\" x=\"{x}\" y=\"{}\" text-anchor=\"middle\">{}</text>",
                x - half,
                half * 2.0,
                top + 17.0,
                escape(&text)
            );
        }
    }

    fn box_of(
        &self,
        level: usize,
        index: usize,
        leaf: usize,
        levels: usize,
    ) -> (&'static str, String) {
        let on = leaf >> level;
        match (index == on, index == (on ^ 1), level) {
            (true, _, 0) => (" path", thousands(self.n)),
            (true, _, level) if level == levels && self.given.len() == levels => {
                (" path", "root".to_owned())
            }
            (true, _, level) if level == levels => (" path", "… root".to_owned()),
            (true, _, _) => (" path", "✓".to_owned()),
            (_, true, level) if level < levels => (" given", self.given[level].clone()),
            _ => ("", String::new()),
        }
    }
}
