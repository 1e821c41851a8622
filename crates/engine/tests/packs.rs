//! The packs of the repository: every model in them compiles.
#![allow(clippy::unwrap_used, clippy::print_stdout)] // a test, helpers and all

use baton_engine::{Models, model};
use baton_journal::setup::SourceFile;
use std::collections::BTreeSet;
use std::path::Path;

fn files(folder: &Path, ending: &str) -> Vec<SourceFile> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|known| known == ending) {
            let text = std::fs::read_to_string(&path).unwrap();
            found.push(SourceFile {
                path: path.file_name().unwrap().to_string_lossy().into(),
                text,
            });
        }
    }
    found
}

#[test]
fn every_pack_compiles() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs");
    for pack in std::fs::read_dir(&root).into_iter().flatten() {
        let pack = pack.unwrap().path();
        let under = |name: &str, ending: &str| {
            [files(&pack, ending), files(&pack.join(name), ending)].concat()
        };
        let (decisions, forms) = (under("decisions", "dmn"), under("forms", "json"));
        let wrong = model::check_decisions(&decisions);
        assert!(wrong.is_empty(), "{}: {wrong:#?}", pack.display());
        let texts: Vec<_> = decisions.iter().map(|file| file.text.as_str()).collect();
        let models = Models::read(&texts).unwrap();
        let forms: BTreeSet<_> = forms
            .iter()
            .map(|form| form.path.trim_end_matches(".json").to_owned())
            .collect();
        for process in under("processes", "bpmn") {
            let checked = model::check(process.text.as_bytes(), &models, &forms);
            assert!(
                checked.is_ok(),
                "{}: {:#?}",
                process.path,
                checked.unwrap_err()
            );
            println!("{} compiles", process.path);
        }
    }
}
