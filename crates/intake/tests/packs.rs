//! The packs of the repository are sound, their samples become what their scenarios say as far as
//! intake decides it, and every mistake in a pack is found at its place.

mod tenant;

use baton_intake::pack::{self, Files, Finding};
use baton_journal::turn::Refusal;
use baton_journal::{Command, Event};
use std::path::{Path, PathBuf};
use tenant::{World, command};

fn folder(pack: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../packs")
        .join(pack)
}

fn files(pack: &str) -> Files {
    let root = folder(pack);
    let mut files = Files::new();
    collect(&root, &root, &mut files);
    files
}

fn collect(root: &Path, folder: &Path, files: &mut Files) {
    for entry in std::fs::read_dir(folder)
        .expect("the pack is there")
        .flatten()
    {
        let path = entry.path();
        if path.is_dir() {
            collect(root, &path, files);
        } else {
            let name = path.strip_prefix(root).expect("below the root");
            let name = name.to_string_lossy().replace('\\', "/");
            files.insert(name, std::fs::read_to_string(&path).expect("text"));
        }
    }
}

fn findings(files: &Files) -> Vec<Finding> {
    pack::read(files).err().unwrap_or_default()
}

#[test]
fn the_packs_of_the_repository_are_sound() {
    for name in ["purchase-to-pay", "request"] {
        assert_eq!(findings(&files(name)), [], "{name}");
    }
    let read = pack::read(&files("purchase-to-pay")).expect("sound");
    assert_eq!(read.client.as_str(), "LV");
    assert_eq!(
        read.parties
            .iter()
            .map(|party| party.slot)
            .collect::<Vec<_>>(),
        [0, 1, 2, 3]
    );
    assert_eq!(read.deployment.lanes.len(), 5);
    assert_eq!(read.deployment.tables["budgets"].len(), 5);
}

/// What intake makes of a file: what the scenario calls its outcome.
fn outcome(world: &mut World, name: &str, bytes: &[u8]) -> &'static str {
    let command = command(name, bytes);
    if matches!(command, Command::Refuse { .. }) {
        return "refused";
    }
    match world.run(&command) {
        Err(rejection) if rejection.kind == Refusal::Duplicate => "duplicate",
        Err(rejection) => panic!("{name}: {rejection}"),
        Ok(events) => match &events[0] {
            Event::DocumentReceived { suspected_of, .. } if suspected_of.is_some() => "suspected",
            Event::DocumentReceived { document, .. } if document.kind.name() == "order" => "order",
            Event::DocumentReceived { .. } => "case",
            other => panic!("{name}: {other:?}"),
        },
    }
}

#[test]
fn samples_become_what_the_scenario_says() {
    let files = files("purchase-to-pay");
    let scenario: toml::Table = files["scenarios/samples.toml"].parse().expect("TOML");
    let expected: std::collections::BTreeMap<_, _> = scenario["expect"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|entry| (entry["file"].as_str(), entry["outcome"].as_str()))
        .collect();
    let mut world = World::default();
    let samples = files.iter().filter(|(path, _)| path.starts_with("sample/"));
    let mut seen = 0;
    for (path, text) in samples {
        let found = outcome(&mut world, path, text.as_bytes());
        match expected.get(&Some(path.as_str())) {
            Some(expected) => assert_eq!(Some(found), *expected, "{path}"),
            None => assert!(
                !path.contains("invoices/") && found != "refused",
                "{path}: {found}"
            ),
        }
        seen += usize::from(expected.contains_key(&Some(path.as_str())));
    }
    assert_eq!(seen, expected.len(), "every expected file is there");
}

/// A change of one file of the pack, the code it must be refused with, and a text its line holds.
const MISTAKES: [(&str, &str, &str, &str, &str); 22] = [
    (
        "pack.toml",
        "prefix = \"P2P\"",
        "prefix = \"P2P\"\ncolour = 1",
        "BATON-PACK-002",
        "colour",
    ),
    (
        "pack.toml",
        "\"match.dmn\"",
        "\"missing.dmn\"",
        "BATON-PACK-003",
        "missing.dmn",
    ),
    (
        "pack.toml",
        "id = \"jana.kos\"",
        "id = \"agnieszka.wrona\"",
        "BATON-PACK-004",
        "agnieszka",
    ),
    (
        "pack.toml",
        "calendar = \"kestrel\"",
        "calendar = \"osprey\"",
        "BATON-PACK-005",
        "osprey",
    ),
    (
        "pack.toml",
        "party = \"DL\"\nname",
        "party = \"XX\"\nname",
        "BATON-PACK-005",
        "XX",
    ),
    (
        "pack.toml",
        "lanes = [\"receive\"]",
        "lanes = [\"recieve\"]",
        "BATON-PACK-005",
        "recieve",
    ),
    (
        "pack.toml",
        "target = \"PT15M\"",
        "target = \"15 min\"",
        "BATON-PACK-006",
        "15 min",
    ),
    (
        "pack.toml",
        "prefix = \"P2P\"",
        "prefix = \"p2p\"",
        "BATON-PACK-006",
        "p2p",
    ),
    (
        "pack.toml",
        "id = \"TO\"",
        "id = \"Tala\"",
        "BATON-PACK-006",
        "Tala",
    ),
    (
        "pack.toml",
        "\"verify.*\", \"invoice.order\"",
        "\"ver*fy\"",
        "BATON-PACK-006",
        "ver*fy",
    ),
    (
        "pack.toml",
        "email = \"operations@",
        "email = \"operations_",
        "BATON-PACK-006",
        "operations_",
    ),
    (
        "pack.toml",
        "party = \"TO\"\nsite = \"tala-manila\"\ntarget",
        "party = \"TO\"\nsite = \"kestrel-krakow\"\ntarget",
        "BATON-PACK-007",
        "kestrel",
    ),
    (
        "pack.toml",
        "role = \"client\"",
        "role = \"auditor\"",
        "BATON-PACK-008",
        "",
    ),
    (
        "pack.toml",
        "zone = \"Asia/Manila\"",
        "zone = \"Asia/Manilla\"",
        "BATON-PACK-009",
        "[[calendar]]",
    ),
    (
        "purchase-to-pay.bpmn",
        "lane id=\"pay\"",
        "lane id=\"paying\"",
        "BATON-PACK-010",
        "paying",
    ),
    (
        "purchase-to-pay.bpmn",
        "form=\"approve\"",
        "form=\"approval\"",
        "BATON-PACK-012",
        "approval",
    ),
    (
        "purchase-to-pay.bpmn",
        "ref=\"match-line\"",
        "ref=\"match-lime\"",
        "BATON-PACK-013",
        "match-lime",
    ),
    (
        "purchase-to-pay.bpmn",
        "role=\"controller\"",
        "role=\"pope\"",
        "BATON-PACK-014",
        "pope",
    ),
    (
        "pack.toml",
        "\"supplier.phone\", \"match\"",
        "\"supplier.phone\", \"original.*\", \"match\"",
        "BATON-PACK-018",
        "original.*",
    ),
    (
        "pack.toml",
        "[\"invoice.number\", \"invoice.kind\"",
        "[\"*\", \"invoice.kind\"",
        "BATON-PACK-018",
        "\"*\"",
    ),
    (
        "pack.toml",
        "[\"original.*\", \"invoice.*\", \"buyer.*\", \"supplier.*\"",
        "[\"original.*\", \"invoice.*\", \"buyer.*\", \"supplier.id\"",
        "BATON-PACK-018",
        "supplier.id",
    ),
    (
        "tables/budgets.csv",
        "60000.00",
        "60 000",
        "BATON-PACK-017",
        "4100",
    ),
];

#[test]
fn every_mistake_is_found_at_its_line() {
    let sound = files("purchase-to-pay");
    for (path, before, after, code, holds) in MISTAKES {
        let mut files = sound.clone();
        let text = files.get_mut(path).expect("the file");
        assert!(text.contains(before), "{path} has no {before}");
        *text = text.replacen(before, after, 1);
        let text = text.clone();
        let found = findings(&files);
        let fits = |finding: &&Finding| finding.diagnostic.code == code;
        let finding = found
            .iter()
            .find(fits)
            .unwrap_or_else(|| panic!("{after}: {found:?}"));
        let place = finding.diagnostic.line.saturating_sub(1) as usize;
        let line = text.lines().nth(place).unwrap_or_default();
        assert!(
            finding.path == path && line.contains(holds),
            "{after}: {finding}: {line}"
        );
    }
}

#[test]
fn a_folder_without_a_pack_and_files_that_are_none() {
    assert_eq!(findings(&Files::new())[0].diagnostic.code, "BATON-PACK-001");
    let mut files = files("purchase-to-pay");
    files.insert("forms/verify.json".into(), "{\n \"type\" }".into());
    files.insert("tables/orders.csv".into(), "order,creator\n1,2,3\n".into());
    files.insert("match.dmn".into(), "<definitions>".into());
    let found = findings(&files);
    let code = |path: &str| {
        let finding = found.iter().find(|finding| finding.path == path);
        finding.map(|finding| (finding.diagnostic.code.as_str(), finding.diagnostic.line))
    };
    assert_eq!(code("forms/verify.json"), Some(("BATON-PACK-015", 2)));
    assert_eq!(code("tables/orders.csv"), Some(("BATON-PACK-016", 2)));
    assert!(code("match.dmn").is_some_and(|(code, _)| code.starts_with("BATON-XML-")));
}

#[test]
fn a_lane_that_no_process_has_is_named() {
    let mut files = files("request");
    let text = files.get_mut("pack.toml").expect("the file");
    *text = text
        .replace("id = \"deliver\"", "id = \"dispatch\"")
        .replace("\"deliver\"]", "\"dispatch\"]");
    let codes: Vec<_> = findings(&files)
        .into_iter()
        .map(|one| one.diagnostic.code)
        .collect();
    assert_eq!(codes, ["BATON-PACK-010", "BATON-PACK-011"]);
}
