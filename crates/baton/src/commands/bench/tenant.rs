//! The tenant that is measured: one party, a worker for each submitter, and a process of one task,
//! installed as a pack like any other.

use crate::failure::Failure;
use baton_app::{App, packs};
use baton_model::TenantId;
use std::fmt::Write;
use std::path::Path;

/// The party that works.
pub(super) const PARTY: &str = "LV";
/// The process that is run.
pub(super) const PROCESS: &str = "bench";

const PACK: &str = include_str!("pack.toml");
const MODEL: &str = include_str!("bench.bpmn");
const FORM: &str = include_str!("answer.json");

/// The worker of a submitter.
pub(super) fn worker(number: usize) -> String {
    format!("worker-{number}")
}

/// Installs the pack with so many workers.
pub(super) fn install(app: &App, scratch: &Path, workers: usize) -> Result<TenantId, Failure> {
    let folder = scratch.join("pack");
    let mut pack = PACK.to_string();
    for number in 0..workers {
        let id = worker(number);
        // Writing to a string cannot fail.
        let _ = write!(
            pack,
            "\n[[worker]]\nid = \"{id}\"\nparty = \"{PARTY}\"\nsite = \"linden-voss-hamburg\"\n\
             name = \"{id}\"\nemail = \"{id}@linden-voss.example\"\nlanes = [\"bench_lane\"]\n"
        );
    }
    std::fs::create_dir_all(&folder).map_err(Failure::io(&folder))?;
    for (name, text) in [
        ("pack.toml", pack.as_str()),
        ("bench.bpmn", MODEL),
        ("answer.json", FORM),
    ] {
        std::fs::write(folder.join(name), text).map_err(Failure::io(&folder))?;
    }
    let pack = packs::read(&folder.to_string_lossy()).map_err(|findings| {
        let first = findings
            .first()
            .map(|(file, finding)| format!("{file}: {finding}"));
        Failure::Said(first.unwrap_or_else(|| "the measured pack cannot be read".into()))
    })?;
    Ok(packs::install(app, &pack, None, true)?)
}
