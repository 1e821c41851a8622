//! The keywords of one schema object, its place in the file, and what was found wrong with them.

use crate::xml::Lines;
use baton_model::Diagnostic;
use serde_json::{Map, Value as Json};
use std::cell::RefCell;

/// The file being read and its findings.
pub(super) struct Source<'t> {
    text: &'t str,
    found: RefCell<Vec<Diagnostic>>,
}

impl<'t> Source<'t> {
    pub(super) fn new(bytes: &'t [u8]) -> Self {
        let text = std::str::from_utf8(bytes).unwrap_or("");
        let found = RefCell::new(Vec::new());
        Self { text, found }
    }

    pub(super) fn finish(self) -> Vec<Diagnostic> {
        self.found.into_inner()
    }

    /// Where the last name of a path stands: each name is looked for behind the one before.
    fn place(&self, path: &[String]) -> (u32, u32) {
        let mut at = 0;
        for name in path.iter().filter(|name| name.parse::<usize>().is_err()) {
            let quoted = format!("\"{name}\"");
            let rest = self.text.get(at..).unwrap_or("");
            let found = rest.match_indices(&quoted).find(|(found, quoted)| {
                let behind = rest.get(found + quoted.len()..).unwrap_or("");
                behind.trim_start().starts_with(':')
            });
            at += found.map_or(0, |(found, _)| found);
        }
        Lines::of(self.text).position(at)
    }

    fn refuse(&self, path: &[String], code: &str, message: String) {
        let (line, column) = self.place(path);
        let finding = Diagnostic::at(code, line, column, message).about(path.join("/"));
        self.found.borrow_mut().push(finding);
    }
}

/// An object of the schema.
pub(super) struct Keywords<'a> {
    map: &'a Map<String, Json>,
    source: &'a Source<'a>,
    path: Vec<String>,
}

impl<'a> Keywords<'a> {
    /// The object at a path; anything else is refused.
    pub(super) fn of(json: &'a Json, source: &'a Source<'a>, path: &[String]) -> Option<Self> {
        let path = path.to_vec();
        let Json::Object(map) = json else {
            source.refuse(
                &path,
                "BATON-FORM-002",
                "this must be an object { … }".into(),
            );
            return None;
        };
        Some(Self { map, source, path })
    }

    fn below(&self, name: &str) -> Vec<String> {
        let mut path = self.path.clone();
        path.extend((!name.is_empty()).then(|| name.to_owned()));
        path
    }

    pub(super) fn get(&self, name: &str) -> Option<&'a Json> {
        self.map.get(name)
    }

    /// Refuses the value of a keyword.
    pub(super) fn wrong(&self, name: &str, why: &str) {
        let path = self.below(name);
        self.source.refuse(
            &path,
            "BATON-FORM-003",
            format!("{}: {why}", path.join("/")),
        );
    }

    /// Refuses keywords that are not understood here.
    pub(super) fn only(&self, understood: &[&str]) {
        for name in self
            .map
            .keys()
            .filter(|name| !understood.contains(&name.as_str()))
        {
            let message = format!(
                "the keyword `{name}` is not understood here; write one of {}",
                understood.join(", ")
            );
            self.source
                .refuse(&self.below(name), "BATON-FORM-001", message);
        }
    }

    /// Refuses keywords of other types of field than this.
    pub(super) fn belong(&self, to_this: &[&str]) {
        let bound = [
            "format",
            "minLength",
            "maxLength",
            "pattern",
            "minimum",
            "maximum",
        ];
        for name in bound.iter().filter(|name| self.map.contains_key(**name)) {
            if !to_this.contains(name) {
                self.wrong(
                    name,
                    "this keyword does not go with the field's type; remove it",
                );
            }
        }
    }

    /// The object under a keyword; its absence is refused.
    pub(super) fn child(&self, name: &str) -> Option<Keywords<'a>> {
        if !self.map.contains_key(name) {
            self.wrong(name, "this keyword is needed");
        }
        self.child_if_any(name)
    }

    /// The object under a keyword, if there is one.
    pub(super) fn child_if_any(&self, name: &str) -> Option<Keywords<'a>> {
        Keywords::of(self.map.get(name)?, self.source, &self.below(name))
    }

    /// All objects below, by name.
    pub(super) fn children(&self) -> impl Iterator<Item = (&'a str, Keywords<'a>)> + '_ {
        self.map.iter().filter_map(|(name, json)| {
            let child = Keywords::of(json, self.source, &self.below(name))?;
            Some((name.as_str(), child))
        })
    }

    /// The objects of a list.
    pub(super) fn list(&self, name: &str) -> impl Iterator<Item = Keywords<'a>> + '_ {
        let items = self
            .get(name)
            .and_then(Json::as_array)
            .into_iter()
            .flatten();
        let path = self.below(name);
        items.enumerate().filter_map(move |(n, json)| {
            let path: Vec<String> = path.iter().cloned().chain([n.to_string()]).collect();
            Keywords::of(json, self.source, &path)
        })
    }

    /// The text of a keyword; anything but text is refused.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        let json = self.map.get(name)?;
        if !json.is_string() {
            self.wrong(name, "write a text in quotes");
        }
        json.as_str().map(str::to_owned)
    }

    /// The whole number of a keyword; anything else is refused.
    pub(super) fn whole(&self, name: &str) -> Option<i64> {
        let json = self.map.get(name)?;
        if !json.is_i64() {
            self.wrong(name, "write a whole number");
        }
        json.as_i64()
    }

    /// The truth of a keyword, false if absent; anything else is refused.
    pub(super) fn truth(&self, name: &str) -> bool {
        let json = self.map.get(name);
        if json.is_some_and(|json| !json.is_boolean()) {
            self.wrong(name, "write true or false");
        }
        json.and_then(Json::as_bool).unwrap_or(false)
    }
}
