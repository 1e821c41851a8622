//! What lies where: packs hold no Rust, a crate's folder bears its name, and no room is a drawer for
//! everything. It reads names of files only. Findings go to `tests/house.rs`.

use crate::Finding;
use crate::source::{below, relative};
use std::fs;
use std::path::Path;

/// Rooms that say nothing about their contents.
const DRAWERS: &[&str] = &[
    "utils", "util", "common", "helpers", "helper", "misc", "shared", "core",
];

/// Checks the folders of the repository.
pub fn check(root: &Path) -> Vec<Finding> {
    let mut findings = packs(root);
    findings.extend(crates(root));
    findings.sort();
    findings
}

fn packs(root: &Path) -> Vec<Finding> {
    let files = below(&root.join("packs"));
    let names = files.iter().filter_map(|path| relative(root, path));
    names
        .filter(|name| name.ends_with(".rs") || name.ends_with("Cargo.toml"))
        .map(|name| {
            Finding::new(
                name,
                0,
                "a pack holds no Rust: say it in BPMN, DMN, forms or TOML",
            )
        })
        .collect()
}

fn crates(root: &Path) -> Vec<Finding> {
    let mut findings = Vec::new();
    for entry in fs::read_dir(root.join("crates"))
        .into_iter()
        .flatten()
        .flatten()
    {
        let room = entry.file_name().to_string_lossy().into_owned();
        let manifest = fs::read_to_string(entry.path().join("Cargo.toml")).unwrap_or_default();
        if DRAWERS.contains(&room.as_str()) {
            findings.push(Finding::new(
                format!("crates/{room}"),
                0,
                "name the room by what it is",
            ));
        }
        if !manifest.is_empty() && !is_named(&manifest, &room) {
            let message = format!("the package of this folder must be `baton-{room}`");
            findings.push(Finding::new(format!("crates/{room}"), 0, message));
        }
    }
    findings
}

fn is_named(manifest: &str, room: &str) -> bool {
    let name = match room {
        "baton" => "baton".to_owned(),
        _ => format!("baton-{room}"),
    };
    manifest
        .lines()
        .any(|line| line.trim() == format!("name = \"{name}\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn planted(name: &str, files: &[(&str, &str)]) -> String {
        let root = std::env::temp_dir().join(format!("baton-house-{}-{name}", std::process::id()));
        for (file, text) in files {
            let path = root.join(file);
            fs::create_dir_all(path.parent().expect("folder")).expect("folder made");
            fs::write(path, text).expect("file written");
        }
        let findings: Vec<_> = check(&root).iter().map(Finding::to_string).collect();
        fs::remove_dir_all(&root).expect("folder removed");
        findings.join("\n")
    }

    #[test]
    fn rust_in_a_pack_is_found() {
        let found = planted(
            "pack",
            &[("packs/a/pack.toml", ""), ("packs/a/src/lib.rs", "")],
        );
        assert!(
            found.starts_with("packs/a/src/lib.rs: a pack holds no Rust"),
            "{found}"
        );
    }

    #[test]
    fn a_drawer_and_a_wrong_name_are_found() {
        let files = [
            ("crates/utils/Cargo.toml", "name = \"baton-utils\""),
            ("crates/desk/Cargo.toml", "name = \"desk\""),
            ("crates/baton/Cargo.toml", "name = \"baton\""),
        ];
        let found = planted("crates", &files);
        assert!(found.contains("crates/utils: name the room"), "{found}");
        assert!(found.contains("must be `baton-desk`"), "{found}");
        assert_eq!(found.lines().count(), 2, "{found}");
    }
}
