//! What of the floor is shown: a lane, what is due, a state, and a skill, language or clearance. All of it
//! stands in the address, so that a view can be kept and sent to somebody.

use super::SOON;
use crate::handlers::frame::Frame;
use crate::handlers::work::encoded;
use crate::pages::floor::Choice;
use baton_app::command::Able;
use baton_app::views::floor::{Open, Person};
use baton_model::Micros;
use serde::Deserialize;
use std::collections::BTreeSet;

/// The floor's address.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    pub(super) lane: String,
    pub(super) due: String,
    pub(super) state: String,
    skill: String,
    language: String,
    clearance: String,
    pub(super) done: String,
}

impl Asked {
    /// What a form sent back of it.
    pub(super) fn kept(field: &impl Fn(&str) -> String) -> Self {
        let mut asked = Self::default();
        for name in ["lane", "due", "state", "skill", "language", "clearance"] {
            asked.set(name, &field(name));
        }
        asked
    }

    /// The same with some of it changed.
    pub(super) fn but(&self, changes: &[(&str, &str)]) -> Self {
        let mut asked = self.clone();
        for (name, value) in changes {
            asked.set(name, value);
        }
        asked
    }

    fn set(&mut self, name: &str, value: &str) {
        let place = match name {
            "lane" => &mut self.lane,
            "due" => &mut self.due,
            "state" => &mut self.state,
            "skill" => &mut self.skill,
            "language" => &mut self.language,
            _ => &mut self.clearance,
        };
        value.clone_into(place);
    }

    /// Its fields that say something, for forms and addresses.
    pub(super) fn fields(&self) -> Vec<(&'static str, String)> {
        let all = [
            ("lane", &self.lane),
            ("due", &self.due),
            ("state", &self.state),
            ("skill", &self.skill),
            ("language", &self.language),
            ("clearance", &self.clearance),
        ];
        let said = all.into_iter().filter(|(_, value)| !value.is_empty());
        said.map(|(name, value)| (name, value.clone())).collect()
    }

    /// The address.
    pub(super) fn address(&self) -> String {
        let fields = self.fields();
        let fields = fields
            .iter()
            .map(|(name, value)| format!("{name}={}", encoded(value)));
        let query: Vec<String> = fields.collect();
        if query.is_empty() {
            return "/floor".into();
        }
        format!("/floor?{}", query.join("&"))
    }

    /// Whether what somebody has, or an item asks for, holds what is looked for.
    pub(super) fn able(&self, able: &Able) -> bool {
        let one = |word: &String| Some(word.clone()).filter(|word| !word.is_empty());
        let wanted = Able {
            skills: one(&self.skill).into_iter().collect(),
            languages: one(&self.language).into_iter().collect(),
            clearances: one(&self.clearance).into_iter().collect(),
        };
        wanted.missing_in(able).is_empty()
    }

    /// Whether an item is shown.
    pub(super) fn item(&self, item: &Open, now: Micros) -> bool {
        let lane = self.lane.is_empty() || item.lane == self.lane;
        let due = self.due.is_empty() || due(item, &self.due, now);
        lane && due && self.able(&item.asks)
    }

    /// What is chosen, in words; nothing where all is shown.
    pub(super) fn words(&self, frame: &Frame<'_>) -> Option<String> {
        let mut words = Vec::new();
        if !self.lane.is_empty() {
            words.push(frame.lane(&self.lane.as_str().into()));
        }
        match self.due.as_str() {
            "soon" => words.push("due in the next hour".into()),
            "late" => words.push("past target".into()),
            _ => {}
        }
        words.extend(self.sought());
        (!words.is_empty()).then(|| capital(&words.join(", ")))
    }

    /// The skill, language and clearance that are looked for, in words.
    pub(super) fn sought(&self) -> Option<String> {
        let words = [
            self.skill.clone(),
            self.language.to_uppercase(),
            match self.clearance.as_str() {
                "" => String::new(),
                word => format!("cleared for {word}"),
            },
        ];
        let words: Vec<String> = words.into_iter().filter(|word| !word.is_empty()).collect();
        (!words.is_empty()).then(|| words.join(", "))
    }
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}

/// Whether an item is due as a word says: `soon`, within the next hour, or `late`, past it.
pub(super) fn due(item: &Open, word: &str, now: Micros) -> bool {
    match word {
        "soon" => item.due_in(now, now.plus(SOON)),
        "late" => item.due_in(Micros(0), now),
        _ => false,
    }
}

/// What can be looked for: whatever somebody has or an item asks for.
pub(super) fn choices(people: &[Person], open: &[Open], asked: &Asked) -> Vec<Choice> {
    let known = |of: fn(&Able) -> &BTreeSet<String>| -> BTreeSet<String> {
        let people = people.iter().map(|person| &person.able);
        let all = people.chain(open.iter().map(|item| &item.asks));
        all.flat_map(of).cloned().collect()
    };
    let main = |code: &String| -> String {
        let first = code.split(['-', '_']).next().unwrap_or(code);
        first.trim().to_lowercase()
    };
    let languages = known(|able| &able.languages).iter().map(main).collect();
    let choice = |name, label, chosen: &String, words: BTreeSet<String>| Choice {
        name,
        label,
        options: words
            .into_iter()
            .map(|word| {
                let said = match name {
                    "language" => word.to_uppercase(),
                    _ => word.clone(),
                };
                (said, *chosen == word, word)
            })
            .collect(),
    };
    let choices = [
        choice("skill", "Skill", &asked.skill, known(|able| &able.skills)),
        choice("language", "Language", &asked.language, languages),
        choice(
            "clearance",
            "Clearance",
            &asked.clearance,
            known(|able| &able.clearances),
        ),
    ];
    choices
        .into_iter()
        .filter(|one| !one.options.is_empty())
        .collect()
}
