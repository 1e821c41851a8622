//! Who may depend on whom: the table of rooms as data, and the check of `cargo metadata` against it.
//! It does not look at sources. A stage may use the journal's vocabulary and codecs, never another
//! stage, and never reaches storage, network, clock or randomness through any crate.

use crate::Finding;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

/// The stages in the order of the journey. They meet in the journal and never use one another.
pub const STAGES: &[&str] = &[
    "intake",
    "engine",
    "allocation",
    "desk",
    "quality",
    "measure",
    "bill",
    "govern",
    "sourcing",
    "access",
    "audit",
];

/// The rooms that only hold vocabulary and codecs: whoever may use a room may use these where that room does.
const GROUND: &[&str] = &["model", "journal", "formats"];

/// What each room may use directly; `*` stands for all stages.
const TABLE: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("journal", &["model"]),
    ("formats", &["model"]),
    ("intake", &["journal", "formats"]),
    ("engine", &["journal", "formats"]),
    ("allocation", &["journal"]),
    ("desk", &["journal"]),
    ("quality", &["journal"]),
    ("measure", &["journal"]),
    ("bill", &["journal", "formats"]),
    ("govern", &["journal"]),
    ("sourcing", &["journal"]),
    ("access", &["journal"]),
    ("audit", &["journal", "formats"]),
    ("relay", &["*"]),
    ("plan", &["relay", "*"]),
    ("store", &["journal"]),
    ("app", &["relay", "*", "journal"]),
    ("web", &["app"]),
    ("baton", &["web", "app", "store", "floor"]),
    ("floor", &[]),
    ("house-tests", &[]),
    ("postgres-tests", &[]),
];

/// Crates that bring IO: no stage, and no room below a stage, reaches one by any path.
const OUTSIDE: &[&str] = &["rusqlite", "tokio", "tokio-postgres", "axum", "hyper"];

/// Crates of clock, randomness and network that those rooms must not name themselves. Below them they may
/// lie idle: a decimal type can offer random values without anyone asking for one.
const UNNAMED: &[&str] = &["rand", "getrandom", "fastrand", "reqwest", "uuid", "chrono"];

/// One package of the workspace or of its dependencies, and what it uses outside its tests.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Package {
    /// The package's name.
    pub name: String,
    /// Names of the packages it uses in normal and build dependencies.
    pub uses: BTreeSet<String>,
    /// Names of the packages only its tests use.
    pub tests_use: BTreeSet<String>,
}

/// Runs `cargo metadata` for this machine's target and reads the resolved packages.
pub fn packages(root: &Path) -> Vec<Package> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".into());
    let out = Command::new(cargo)
        .args(["metadata", "--format-version", "1", "--filter-platform"])
        .arg(host())
        .current_dir(root)
        .output();
    let bytes = match out {
        Ok(out) if out.status.success() => out.stdout,
        Ok(out) => panic!("cargo metadata: {}", String::from_utf8_lossy(&out.stderr)),
        Err(error) => panic!("cargo metadata could not be started: {error}"),
    };
    match serde_json::from_slice(&bytes) {
        Ok(value) => read(&value),
        Err(error) => panic!("cargo metadata printed no JSON: {error}"),
    }
}

fn host() -> String {
    let out = Command::new("rustc").arg("-vV").output();
    let text = out.map(|out| String::from_utf8_lossy(&out.stdout).into_owned());
    text.unwrap_or_default()
        .lines()
        .find_map(|line| line.strip_prefix("host: "))
        .unwrap_or("x86_64-unknown-linux-gnu")
        .to_owned()
}

/// Reads the packages from the JSON of `cargo metadata`.
pub fn read(metadata: &Value) -> Vec<Package> {
    let names: BTreeMap<&str, &str> = list(&metadata["packages"])
        .filter_map(|package| Some((package["id"].as_str()?, package["name"].as_str()?)))
        .collect();
    list(&metadata["resolve"]["nodes"])
        .filter_map(|node| read_node(node, &names))
        .collect()
}

fn read_node(node: &Value, names: &BTreeMap<&str, &str>) -> Option<Package> {
    let mut package = Package {
        name: (*names.get(node["id"].as_str()?)?).to_owned(),
        ..Package::default()
    };
    for dep in list(&node["deps"]) {
        let Some(name) = dep["pkg"].as_str().and_then(|id| names.get(id)) else {
            continue;
        };
        let only_tests = list(&dep["dep_kinds"]).all(|kind| kind["kind"] == "dev");
        let set = if only_tests {
            &mut package.tests_use
        } else {
            &mut package.uses
        };
        set.insert((*name).to_owned());
    }
    Some(package)
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

/// Checks every `baton-*` package against the table.
pub fn check(packages: &[Package]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for package in packages {
        if let Some(room) = room(&package.name) {
            check_room(room, package, &mut findings);
            check_outside(room, package, packages, &mut findings);
        }
    }
    findings.sort();
    findings
}

fn room(package: &str) -> Option<&str> {
    match package {
        "baton" => Some(package),
        _ => package.strip_prefix("baton-"),
    }
}

fn check_room(name: &str, package: &Package, findings: &mut Vec<Finding>) {
    let Some(allowed) = allowed(name) else {
        findings.push(Finding::new(name, 0, "is no room of the table in tests/house/src/rooms.rs; add it there and in ARCHITECTURE.md"));
        return;
    };
    for used in package.uses.iter().filter_map(|used| room(used)) {
        if !allowed.contains(used) {
            let may: Vec<_> = allowed.iter().copied().collect();
            let message = format!("may not use baton-{used}; it may use {}", may.join(", "));
            findings.push(Finding::new(name, 0, message));
        }
    }
    for used in package.tests_use.iter().filter_map(|used| room(used)) {
        if STAGES.contains(&name) && STAGES.contains(&used) {
            let message = format!("may not use the stage baton-{used}, not even in tests");
            findings.push(Finding::new(name, 0, message));
        }
    }
}

/// The rooms that `name` may use: its row of the table, and the vocabulary those rooms speak.
fn allowed(name: &str) -> Option<BTreeSet<&'static str>> {
    let mut allowed = row(name)?;
    let mut open: Vec<_> = allowed.iter().copied().collect();
    let mut seen = BTreeSet::new();
    while let Some(next) = open.pop() {
        if seen.insert(next) {
            open.extend(row(next).into_iter().flatten());
        }
    }
    allowed.extend(seen.into_iter().filter(|room| GROUND.contains(room)));
    Some(allowed)
}

fn row(name: &str) -> Option<BTreeSet<&'static str>> {
    let (_, uses) = TABLE.iter().find(|(room, _)| *room == name)?;
    let mut rooms = BTreeSet::new();
    for used in *uses {
        match *used {
            "*" => rooms.extend(STAGES.iter().copied()),
            used => {
                rooms.insert(used);
            }
        }
    }
    Some(rooms)
}

fn check_outside(name: &str, package: &Package, all: &[Package], findings: &mut Vec<Finding>) {
    if !(STAGES.contains(&name) || GROUND.contains(&name) || name == "relay") {
        return;
    }
    for named in UNNAMED.iter().filter(|name| package.uses.contains(**name)) {
        let message = format!("uses {named}; take instants, seeds and answers as arguments");
        findings.push(Finding::new(name, 0, message));
    }
    for banned in OUTSIDE {
        if let Some(path) = path_to(&package.name, banned, all) {
            let message = format!("does no IO, yet reaches {banned} by {}", path.join(" -> "));
            findings.push(Finding::new(name, 0, message));
        }
    }
}

/// The shortest path of normal dependencies between two packages.
fn path_to(from: &str, to: &str, all: &[Package]) -> Option<Vec<String>> {
    let uses: BTreeMap<&str, &BTreeSet<String>> = all
        .iter()
        .map(|package| (package.name.as_str(), &package.uses))
        .collect();
    let mut paths = std::collections::VecDeque::from([vec![from.to_owned()]]);
    let mut seen = BTreeSet::new();
    while let Some(path) = paths.pop_front() {
        let last = path.last()?;
        if last == to {
            return Some(path);
        }
        for next in uses.get(last.as_str()).into_iter().copied().flatten() {
            if seen.insert(next.clone()) {
                let mut longer = path.clone();
                longer.push(next.clone());
                paths.push_back(longer);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn package(name: &str, uses: &[&str]) -> Package {
        Package {
            name: name.into(),
            uses: uses.iter().map(|used| (*used).to_owned()).collect(),
            tests_use: BTreeSet::new(),
        }
    }

    fn messages(packages: &[Package]) -> String {
        let findings: Vec<_> = check(packages).iter().map(Finding::to_string).collect();
        findings.join("\n")
    }

    #[test]
    fn the_rows_of_the_table_pass() {
        let rows = [
            package("baton-engine", &["baton-journal", "baton-model", "serde"]),
            package("baton-relay", &["baton-engine", "baton-desk"]),
            package("baton", &["baton-web", "baton-store", "baton-model"]),
        ];
        assert_eq!(messages(&rows), "");
    }

    #[test]
    fn a_stage_that_uses_a_stage_is_found() {
        let found = messages(&[package("baton-desk", &["baton-engine"])]);
        assert!(found.contains("desk: may not use baton-engine"), "{found}");
    }

    #[test]
    fn a_stage_that_uses_a_stage_in_its_tests_is_found() {
        let mut desk = package("baton-desk", &[]);
        desk.tests_use.insert("baton-engine".into());
        assert!(messages(&[desk]).contains("not even in tests"));
    }

    #[test]
    fn pages_may_not_pass_by_the_shell() {
        let found = messages(&[package("baton-web", &["baton-store", "baton-engine"])]);
        assert!(found.contains("web: may not use baton-store"), "{found}");
        assert!(found.contains("web: may not use baton-engine"), "{found}");
    }

    #[test]
    fn an_unknown_room_is_found() {
        let found = messages(&[package("baton-utils", &[])]);
        assert!(found.contains("utils: is no room"), "{found}");
    }

    #[test]
    fn storage_behind_another_crate_is_found() {
        let packages = [
            package("baton-measure", &["handy"]),
            package("handy", &["rusqlite"]),
            package("rusqlite", &[]),
        ];
        let found = messages(&packages);
        assert!(
            found.contains("baton-measure -> handy -> rusqlite"),
            "{found}"
        );
    }

    #[test]
    fn randomness_named_by_a_stage_is_found() {
        let found = messages(&[package("baton-access", &["rand"])]);
        assert!(found.contains("access: uses rand"), "{found}");
        assert_eq!(messages(&[package("baton-app", &["rand"])]), "");
    }

    #[test]
    fn metadata_is_read_with_kinds() {
        let kinds = |kind: Value| json!([{ "kind": kind }]);
        let metadata = json!({
            "packages": [{"id": "a 1", "name": "a"}, {"id": "b 1", "name": "b"}, {"id": "c 1", "name": "c"}],
            "resolve": {"nodes": [{"id": "a 1", "deps": [
                {"pkg": "b 1", "dep_kinds": kinds(Value::Null)},
                {"pkg": "c 1", "dep_kinds": kinds("dev".into())},
            ]}]},
        });
        let mut expected = package("a", &["b"]);
        expected.tests_use.insert("c".into());
        assert_eq!(read(&metadata), [expected]);
    }
}
