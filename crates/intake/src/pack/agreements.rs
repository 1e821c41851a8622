//! The agreements that a pack brings: each is read by its codec, and what it names must be in the pack.

use super::file::PackFile;
use super::{Fault, Findings};
use baton_formats::agreement;
use baton_journal::command::agreement::SetAgreement;
use baton_journal::setup::SourceFile;
use baton_model::Agreement;

pub(super) fn read(
    file: &PackFile,
    sources: &[SourceFile],
    findings: &mut Findings<'_>,
) -> Vec<SetAgreement> {
    let mut agreements = Vec::new();
    for source in sources {
        match agreement::read(&source.text) {
            Ok(agreement) => {
                named(file, source, &agreement, findings);
                let text = source.text.clone();
                agreements.push(SetAgreement { agreement, text });
            }
            Err(found) => found
                .into_iter()
                .for_each(|finding| findings.push(&source.path, finding)),
        }
    }
    agreements
}

/// Notes parties, sites and lanes that the pack does not declare.
fn named(file: &PackFile, source: &SourceFile, of: &Agreement, findings: &mut Findings<'_>) {
    let mut missing = |kind: &'static str, id: &str, known: bool| {
        if !known {
            let id = id.to_string();
            findings.add(&source.path, 0, 0, &Fault::Unknown { kind, id });
        }
    };
    let backup = of.continuity.iter().map(|continuity| &continuity.backup);
    for party in [&of.client, &of.provider].into_iter().chain(backup) {
        let mut known = file.party.iter().map(|party| party.id.get_ref());
        missing(
            "party",
            party.as_str(),
            known.any(|id| id == party.as_str()),
        );
    }
    for site in &of.sites {
        let mut known = file.site.iter().map(|site| site.id.get_ref());
        missing("site", site.as_str(), known.any(|id| id == site.as_str()));
    }
    for lane in &of.lanes {
        let mut known = file.lane.iter().map(|lane| lane.id.get_ref());
        let id = lane.lane.as_str();
        missing("lane", id, known.any(|known| known == id));
    }
}
