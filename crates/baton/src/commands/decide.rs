//! `baton decide`: makes a decision of a DMN file, with the rules that fired.

use super::Outcome;
use crate::failure::Failure;
use baton_journal::Question;
use baton_model::{Micros, Value};
use clap::Args;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

/// Makes a decision of a DMN file and prints the result and the rules that fired, as JSON.
#[derive(Args)]
#[command(after_help = "\
Examples:
  baton decide packs/purchase-to-pay/match.dmn match-line --input line.json
  echo '{\"line\":{\"quantity_over_percent\":1}}' | baton decide match.dmn match-line --input -")]
pub(crate) struct Decide {
    /// The DMN file
    file: PathBuf,
    /// The decision's name or id
    decision: String,
    /// A JSON file with the input values; `-` reads the terminal's input
    #[arg(long, value_name = "FILE")]
    input: PathBuf,
}

impl Decide {
    pub(crate) fn run(self) -> Outcome {
        let model = std::fs::read_to_string(&self.file).map_err(Failure::io(&self.file))?;
        let question = Question::Decision {
            models: Arc::new(vec![model]),
            decision: self.decision.clone(),
            context: self.context()?,
            now: Micros(0),
        };
        let answer = match crate::open::evaluator()?.ask(&question) {
            Ok(answer) => answer,
            Err(reason) => {
                println!("{reason}");
                return Ok(ExitCode::from(1));
            }
        };
        let out = serde_json::json!({
            "decision": self.decision,
            "result": answer.value.to_json(),
            "rules": answer.rules.iter().map(rule).collect::<Vec<_>>(),
        });
        println!("{out:#}");
        Ok(ExitCode::SUCCESS)
    }

    fn context(&self) -> Result<Value, Failure> {
        let bytes = if self.input.as_os_str() == "-" {
            let mut bytes = Vec::new();
            std::io::Read::read_to_end(&mut std::io::stdin(), &mut bytes)
                .map_err(Failure::io("the input"))?;
            bytes
        } else {
            std::fs::read(&self.input).map_err(Failure::io(&self.input))?
        };
        baton_formats::json::read(&bytes)
            .map_err(|error| Failure::Said(format!("{}: {error}", self.input.display())))
    }
}

fn rule(rule: &baton_journal::FiredRule) -> serde_json::Value {
    let pairs = |pairs: &[(String, Value)]| {
        pairs
            .iter()
            .map(|(name, value)| (name.clone(), value.to_json()))
            .collect::<serde_json::Map<_, _>>()
    };
    serde_json::json!({
        "rule": rule.index, "id": rule.id, "note": rule.note,
        "inputs": pairs(&rule.inputs), "outputs": pairs(&rule.outputs),
    })
}
