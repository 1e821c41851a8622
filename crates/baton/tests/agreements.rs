//! Agreements on the command line: imported, compared in words, refused with their place.

mod support;

use serde_json::Value;
use std::path::Path;
use support::lanes::{Lanes, data};
use support::run;

fn json(arguments: &[&str]) -> Value {
    serde_json::from_str(&run(arguments, 0)).expect("JSON")
}

#[test]
fn agreements_are_imported_compared_and_refused_with_their_place() {
    let lanes = Lanes::new("import");
    lanes.returned(0);
    let folder = lanes.leave();
    let data = data(&folder);
    let pack = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/two-lanes/KS-1.toml");
    let text = std::fs::read_to_string(pack).expect("the agreement");
    let file = folder.join("KS.toml");
    let write = |text: &str| std::fs::write(&file, text).expect("written");
    let import = |code: i32, dry: bool| {
        let mut arguments = vec!["agreement", "import", "--data", &data, &file];
        arguments.extend(dry.then_some("--dry-run"));
        run(&arguments, code)
    };
    write(
        &text
            .replace("unit = \"3.90\"", "unit = \"4.10\"")
            .replace("\"90 %\"", "\"95 %\""),
    );
    let said = import(0, true);
    assert!(
        said.contains("lane l1, an accepted item: EUR 3.90 → EUR 4.10"),
        "{said}"
    );
    assert!(
        said.contains("level on-time, target: 90 % → 95 %"),
        "{said}"
    );
    assert!(said.contains("nothing was changed"), "{said}");
    assert!(import(0, false).contains("KS-1 v2 counts from"));
    // What was measured and charged before stays as it was.
    let before = json(&[
        "statement",
        "--data",
        &data,
        "KS-1",
        "--month",
        "2026-11",
        "--json",
    ]);
    assert!(
        before["lines"]
            .as_array()
            .expect("lines")
            .iter()
            .any(|line| line["unit"] == "3.90" && line["quantity"] == 1)
    );
    let said = run(
        &["agreement", "diff", "--data", &data, "KS-1@1", "KS-1@2"],
        0,
    );
    assert!(said.contains("EUR 3.90 → EUR 4.10"), "{said}");
    let shown = run(
        &[
            "agreement",
            "show",
            "--data",
            &data,
            "KS-1",
            "--version",
            "1",
        ],
        0,
    );
    assert_eq!(shown, text, "the text it was read from, unchanged");
    let listed = run(&["agreement", "list", "--data", &data], 0);
    assert_eq!(listed.matches("KS-1").count(), 2, "{listed}");
    write(&text.replace("unit = \"3.90\"", "unit = \"much\""));
    let said = import(1, false);
    assert!(said.contains("line 12: `much` is no price"), "{said}");
    for (from, to, code) in [
        (
            "provider = \"KS\"",
            "provider = \"XX\"",
            "BATON-MEASURE-013",
        ),
        ("client = \"LV\"", "client = \"TO\"", "BATON-MEASURE-012"),
        ("id = \"l1\"", "id = \"l9\"", "BATON-AGREEMENT-005"),
        (
            "[\"kestrel-krakow\"]",
            "[\"tala-manila\"]",
            "BATON-MEASURE-013",
        ),
        ("id = \"KS-1\"", "id = \"KS-2\"", "BATON-MEASURE-014"),
    ] {
        write(&text.replacen(from, to, 1));
        let output = support::baton()
            .args(["agreement", "import", "--data", &data, &file])
            .output()
            .expect("runs");
        let said = String::from_utf8_lossy(&output.stdout).into_owned()
            + String::from_utf8_lossy(&output.stderr).as_ref();
        assert!(
            !output.status.success() && said.contains(code),
            "{to}: {said}"
        );
    }
    let other = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/two-lanes/TO-1.toml");
    let other = std::fs::read_to_string(other).expect("the other agreement");
    write(&other.replace("id = \"TO-1\"", "id = \"KS-1\""));
    let output = support::baton()
        .args(["agreement", "import", "--data", &data, &file])
        .output()
        .expect("runs");
    assert!(String::from_utf8_lossy(&output.stderr).contains("BATON-MEASURE-011"));
    let last = run(&["agreement", "show", "--data", &data, "KS-1"], 0);
    write(&last);
    let output = support::baton()
        .args(["agreement", "import", "--data", &data, &file])
        .output()
        .expect("runs");
    assert!(String::from_utf8_lossy(&output.stderr).contains("BATON-MEASURE-010"));
}
