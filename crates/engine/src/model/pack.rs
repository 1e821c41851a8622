//! A pack's models together: compiled once for each version, and checked file by file.

use super::{Process, check};
use crate::Models;
use baton_formats::form::Form;
use baton_journal::setup::{Deployment, SourceFile};
use baton_model::Diagnostic;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A pack's processes, decisions and forms, ready to run.
#[derive(Debug, Default)]
pub struct Compiled {
    /// Processes by id.
    pub processes: BTreeMap<String, Process>,
    /// Decisions.
    pub decisions: Models,
    /// The decisions' texts, for the shell's evaluator.
    pub texts: Arc<Vec<String>>,
    /// Forms by id.
    pub forms: BTreeMap<String, Form>,
}

/// Compiles a pack's files.
///
/// # Errors
/// Every finding with the path of its file.
pub fn check_pack(pack: &Deployment) -> Result<Compiled, Vec<(String, Diagnostic)>> {
    let mut findings = check_decisions(&pack.decisions);
    let mut compiled = Compiled::default();
    for file in &pack.forms {
        match Form::parse(file.text.as_bytes()) {
            Ok(form) => drop(compiled.forms.insert(stem(&file.path), form)),
            Err(found) => findings.extend(
                found
                    .into_iter()
                    .map(|finding| (file.path.clone(), finding)),
            ),
        }
    }
    compiled.texts = Arc::new(
        pack.decisions
            .iter()
            .map(|file| file.text.clone())
            .collect(),
    );
    compiled.decisions = Models::read(&compiled.texts).unwrap_or_default();
    let forms: BTreeSet<String> = pack.forms.iter().map(|file| stem(&file.path)).collect();
    for file in &pack.processes {
        match check(file.text.as_bytes(), &compiled.decisions, &forms) {
            Ok(processes) => findings.extend(
                compiled
                    .add(processes, pack)
                    .into_iter()
                    .map(|finding| (file.path.clone(), finding)),
            ),
            Err(found) => findings.extend(
                found
                    .into_iter()
                    .map(|finding| (file.path.clone(), finding)),
            ),
        }
    }
    if findings.is_empty() {
        Ok(compiled)
    } else {
        Err(findings)
    }
}

impl Compiled {
    fn add(&mut self, processes: Vec<Process>, pack: &Deployment) -> Vec<Diagnostic> {
        let mut findings = Vec::new();
        for process in processes {
            for (lane, name) in &process.lanes {
                let used = process
                    .nodes
                    .iter()
                    .any(|node| node.lane.as_ref() == Some(lane));
                if used && !pack.lanes.iter().any(|setting| setting.id == *lane) {
                    let message =
                        format!("lane `{name}` ({lane}) is not set in pack.toml; say who runs it");
                    findings.push(
                        Diagnostic::at("BATON-MODEL-023", 0, 0, message).about(lane.as_str()),
                    );
                }
            }
            self.processes.insert(process.id.clone(), process);
        }
        findings
    }
}

/// Checks DMN files: that they can be read and every expression in them can be evaluated.
pub fn check_decisions(files: &[SourceFile]) -> Vec<(String, Diagnostic)> {
    let mut findings = Vec::new();
    for file in files {
        let found = match Models::read(&[&file.text]) {
            Ok(models) => models.check(),
            Err(found) => found.into_iter().map(|(_, finding)| finding).collect(),
        };
        findings.extend(
            found
                .into_iter()
                .map(|finding| (file.path.clone(), finding)),
        );
    }
    findings
}

/// A file's name without folders and endings; a form's id.
pub(crate) fn stem(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.split('.').next().unwrap_or(name).to_owned()
}
