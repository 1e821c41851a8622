//! What is known of workers beyond party and lane: what they can and may do, what work asks for, and what
//! they do now.

use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What a worker can and may do, or what a lane asks of its workers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Able {
    /// What was learned, like `credit-notes`.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub skills: BTreeSet<String>,
    /// The languages spoken and read, as codes like `de`.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub languages: BTreeSet<String>,
    /// What may be seen or done beyond the lane's grants, like `payroll`.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub clearances: BTreeSet<String>,
}

impl Able {
    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// What one who asks for this misses in `other`, in words; nothing where all is there. Languages are
    /// compared by their first part: `de-AT` asks for `de`.
    pub fn missing_in(&self, other: &Self) -> Vec<String> {
        let skills = self.skills.difference(&other.skills);
        let skills = skills.map(|skill| format!("the skill {skill}"));
        let speaks = |asked: &&String| other.languages.iter().any(|one| main(one) == main(asked));
        let languages = self.languages.iter().filter(|asked| !speaks(asked));
        let languages = languages.map(|language| format!("the language {language}"));
        let clearances = self.clearances.difference(&other.clearances);
        let clearances = clearances.map(|clearance| format!("the clearance {clearance}"));
        skills.chain(languages).chain(clearances).collect()
    }
}

/// A language's first part in small letters.
fn main(language: &str) -> String {
    let first = language.split(['-', '_']).next().unwrap_or(language);
    first.trim().to_lowercase()
}

/// What a worker says to do. Who is available and has a work item in hand is active; that is read from
/// the items and never said, so that the two cannot differ.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WorkState {
    /// Takes work.
    Available,
    /// Finishes what the last item left to do.
    Wrap,
    /// Has a break.
    Break,
    /// Learns, or is coached.
    Training,
    /// Not at work.
    #[default]
    Off,
}

impl WorkState {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Available,
        Self::Wrap,
        Self::Break,
        Self::Training,
        Self::Off,
    ];

    /// Its word in views and addresses.
    pub fn word(self) -> &'static str {
        match self {
            Self::Available => "available",
            Self::Wrap => "wrap",
            Self::Break => "break",
            Self::Training => "training",
            Self::Off => "off",
        }
    }

    /// The state of a word.
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn able(skills: &[&str], languages: &[&str]) -> Able {
        let set = |words: &[&str]| words.iter().map(ToString::to_string).collect();
        Able {
            skills: set(skills),
            languages: set(languages),
            clearances: BTreeSet::new(),
        }
    }

    #[test]
    fn what_is_missing_is_named() {
        let asks = able(&["credit-notes", "tax"], &["de-AT"]);
        let has = able(&["tax"], &["DE", "en"]);
        assert_eq!(asks.missing_in(&has), ["the skill credit-notes"]);
        assert_eq!(
            asks.missing_in(&able(&[], &[])).len(),
            3,
            "two skills and a language"
        );
    }

    #[test]
    fn what_says_nothing_is_written_as_nothing() {
        let text = serde_json::to_string(&Able::default()).expect("JSON");
        assert_eq!(text, "{}");
    }

    #[test]
    fn states_are_known_by_their_words() {
        for state in WorkState::ALL {
            assert_eq!(WorkState::of(state.word()), Some(state));
        }
        assert_eq!(WorkState::of("asleep"), None);
    }
}
