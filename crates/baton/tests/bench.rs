//! `baton bench` as it is run on a disk: it prints a line a measurement and leaves nothing behind.

mod support;

use support::{Temporary, run};

#[test]
fn a_measurement_prints_its_figures_and_leaves_nothing_behind() {
    let temporary = Temporary::new("bench");
    let disk = temporary.path().display().to_string();
    let arguments = [
        "bench",
        "--data",
        &disk,
        "--seconds",
        "1",
        "--submitters",
        "1,3",
        "--json",
    ];
    let out = run(&arguments, 0);
    let lines: Vec<serde_json::Value> = out
        .lines()
        .map(|line| serde_json::from_str(line).expect("a JSON line"))
        .collect();
    assert_eq!(lines.len(), 2, "{out}");
    for (line, submitters) in lines.iter().zip([1, 3]) {
        assert_eq!(line["submitters"], submitters);
        let figure = |name: &str| line[name].as_f64().expect("a figure");
        assert!(figure("commands_per_second") > 0.0, "{line}");
        assert!(figure("same_rows_commands_per_second") > 0.0, "{line}");
        assert!(figure("plain_rows_commands_per_second") > 0.0, "{line}");
        assert!(figure("events_per_command") > 1.0, "{line}");
        assert!(figure("entry_bytes") > 100.0, "{line}");
        assert!(figure("view_rows_per_command") > 1.0, "{line}");
        assert!(figure("commands_per_commit") >= 1.0, "{line}");
    }
    let left = std::fs::read_dir(temporary.path())
        .expect("the disk's folder")
        .count();
    assert_eq!(left, 0, "the measurement's own folder is still there");
}
