//! Models that compile and models that are refused, each finding with its element and line.

use super::*;
use crate::Models;
use baton_journal::setup::{Deployment, SourceFile};
use baton_model::Diagnostic;
use std::collections::BTreeSet;

fn checked(body: &str) -> Result<Vec<Process>, Vec<Diagnostic>> {
    let xml = format!(
        "<definitions xmlns=\"http://www.omg.org/spec/BPMN/20100524/MODEL\" xmlns:baton=\"urn:baton:bpmn:1\">\n<process id=\"p\">\n{body}\n</process></definitions>"
    );
    check(
        xml.as_bytes(),
        &Models::default(),
        &BTreeSet::from(["check".to_owned()]),
    )
}

/// The findings as code, line and element.
fn findings(body: &str) -> Vec<(String, u32, String)> {
    let found = checked(body).unwrap_err();
    found
        .into_iter()
        .map(|one| (one.code, one.line, one.subject.unwrap_or_default()))
        .collect()
}

fn one(code: &str, line: u32, subject: &str) -> (String, u32, String) {
    (code.into(), line, subject.into())
}

fn flows(pairs: &[(&str, &str)]) -> &'static str {
    let flow = |(from, to): &(&str, &str)| {
        format!("<sequenceFlow id=\"{from}-{to}\" sourceRef=\"{from}\" targetRef=\"{to}\"/>")
    };
    pairs.iter().map(flow).collect::<String>().leak()
}

#[test]
fn every_element_that_is_not_run_is_named_with_its_line() {
    let body = "<startEvent id=\"s\"/>\n<complexGateway id=\"c\" name=\"Odd\"/>\n<callActivity id=\"call\"/>\n<inclusiveGateway id=\"i\"/>\n<task id=\"t\"><multiInstanceLoopCharacteristics/></task>\n<startEvent id=\"late\"><timerEventDefinition><timeCycle>R/P1D</timeCycle></timerEventDefinition></startEvent>\n"
        .to_owned()
        + flows(&[("s", "c"), ("c", "call"), ("call", "i"), ("i", "t")]);
    let found = checked(&body).unwrap_err();
    let lines: Vec<_> = found
        .iter()
        .map(|one| (one.line, one.subject.as_deref().unwrap_or("")))
        .collect();
    assert_eq!(
        lines,
        [(4, "c"), (5, "call"), (6, "i"), (7, "t"), (8, "late")]
    );
    assert!(
        found
            .iter()
            .all(|one| one.code == "BATON-MODEL-006" || one.subject.as_deref() == Some("late")),
        "{found:?}"
    );
    assert!(
        found[0]
            .message
            .contains("`Odd` (c): `complexGateway` is not run"),
        "{}",
        found[0].message
    );
}

#[test]
fn gateways_need_conditions_and_a_default() {
    let body = "<startEvent id=\"s\"/><endEvent id=\"a\"/><endEvent id=\"b\"/>\n<exclusiveGateway id=\"g\"/>\n".to_owned();
    let bare = body.clone() + flows(&[("s", "g"), ("g", "a"), ("g", "b")]);
    assert_eq!(findings(&bare), [one("BATON-MODEL-020", 4, "g")]);
    let condition = "<conditionExpression>x &gt; 1</conditionExpression></sequenceFlow>";
    let full = bare
        .replace("targetRef=\"a\"/>", &format!("targetRef=\"a\">{condition}"))
        .replace("targetRef=\"b\"/>", &format!("targetRef=\"b\">{condition}"));
    assert_eq!(findings(&full), [one("BATON-MODEL-021", 4, "g")]);
    assert!(checked(&full.replace("id=\"g\"", "id=\"g\" default=\"g-b\"")).is_ok());
    let wrong = full
        .replace("x &gt; 1", "x &gt;")
        .replace("id=\"g\"", "id=\"g\" default=\"g-b\"");
    assert_eq!(
        findings(&wrong)
            .iter()
            .map(|found| found.0.as_str())
            .collect::<Vec<_>>(),
        ["BATON-MODEL-013"; 2]
    );
}

#[test]
fn tasks_need_a_lane_and_a_form_that_is_there() {
    let task = |form: &str| {
        format!(
            "<startEvent id=\"s\"/><endEvent id=\"e\"/>\n<userTask id=\"u\"><extensionElements><baton:task {form}/></extensionElements></userTask>"
        ) + flows(&[("s", "u"), ("u", "e")])
    };
    assert_eq!(
        findings(&task("form=\"other\"")),
        [
            one("BATON-MODEL-016", 4, "u"),
            one("BATON-MODEL-018", 4, "u")
        ]
    );
    assert_eq!(
        findings(&task("target=\"P1D\" colour=\"red\"")),
        [
            one("BATON-MODEL-008", 4, "u"),
            one("BATON-MODEL-016", 4, "u"),
            one("BATON-MODEL-017", 4, "u"),
            one("BATON-MODEL-018", 4, "u")
        ]
    );
    let lane = "<laneSet id=\"ls\"><lane id=\"outer\"><flowNodeRef>s</flowNodeRef><flowNodeRef>e</flowNodeRef><flowNodeRef>u</flowNodeRef><childLaneSet id=\"cs\"><lane id=\"inner\"><flowNodeRef>u</flowNodeRef></lane></childLaneSet></lane></laneSet>";
    let process = checked(&(lane.to_owned() + task("form=\"check\"").as_str()))
        .unwrap()
        .remove(0);
    assert_eq!(
        process.node(&"u".into()).unwrap().lane,
        Some("inner".into())
    );
    assert_eq!(
        process.node(&"s".into()).unwrap().lane,
        Some("outer".into())
    );
}

#[test]
fn what_is_not_joined_up_is_found() {
    let body = "<startEvent id=\"s\"/>\n<task id=\"alone\"/>\n<boundaryEvent id=\"b\" attachedToRef=\"nobody\"><errorEventDefinition/></boundaryEvent>\n<businessRuleTask id=\"r\"><extensionElements><baton:decision ref=\"none\" result=\"x\"/></extensionElements></businessRuleTask>\n<subProcess id=\"sub\"/>\n".to_owned()
        + flows(&[("s", "r"), ("r", "sub"), ("sub", "gone")]);
    let found = findings(&body);
    for wanted in [
        one("BATON-MODEL-015", 4, "alone"),
        one("BATON-MODEL-004", 5, "b"),
        one("BATON-MODEL-019", 6, "r"),
        one("BATON-MODEL-003", 7, "sub"),
        one("BATON-MODEL-005", 8, "sub-gone"),
    ] {
        assert!(found.contains(&wanted), "{wanted:?} is not in {found:?}");
    }
    assert_eq!(
        findings("<task id=\"x\"/>")[0],
        one("BATON-MODEL-014", 2, "p")
    );
}

#[test]
fn a_file_that_is_too_large_is_refused_at_once() {
    let tasks: String = (0..6_000)
        .map(|place| format!("<task id=\"t{place}\"/>"))
        .collect();
    let start = std::time::Instant::now();
    assert_eq!(findings(&tasks)[0].0, "BATON-MODEL-027");
    let near: String = (0..2_400).map(|place| format!("<task id=\"t{place}\"/><sequenceFlow id=\"f{place}\" sourceRef=\"t{place}\" targetRef=\"t{place}\"/>")).collect();
    assert!(findings(&("<startEvent id=\"s\"/>".to_owned() + near.as_str())).len() > 1_000);
    assert!(start.elapsed() < std::time::Duration::from_secs(2));
}

#[test]
fn times_are_read_as_iso_8601() {
    assert_eq!(duration("P1DT2H"), Some(baton_model::WallTime::hours(26)));
    assert_eq!(duration("PT90M"), Some(baton_model::WallTime::minutes(90)));
    for wrong in ["P1M", "1 hour", "-PT1H", ""] {
        assert_eq!(duration(wrong), None, "{wrong}");
    }
    assert_eq!(working_time("P1D"), None);
    assert_eq!(
        instant("2026-06-01T12:00:00+02:00"),
        instant("2026-06-01T10:00:00")
    );
    assert_eq!(
        cycle("R3/PT1H"),
        Some((Some(3), baton_model::WallTime::hours(1)))
    );
    assert_eq!(cycle("R/PT1H").unwrap().0, None);
}

#[test]
fn what_an_element_lacks_is_found() {
    let wrong = [
        (
            "<scriptTask id=\"x\" scriptFormat=\"js\"><script>1</script></scriptTask>",
            "BATON-MODEL-007",
        ),
        (
            "<scriptTask id=\"x\" scriptFormat=\"feel\"><script>1</script></scriptTask>",
            "BATON-MODEL-012",
        ),
        (
            "<intermediateCatchEvent id=\"x\"><timerEventDefinition><timeDuration>soon</timeDuration></timerEventDefinition></intermediateCatchEvent>",
            "BATON-MODEL-009",
        ),
        (
            "<intermediateCatchEvent id=\"x\"><messageEventDefinition/></intermediateCatchEvent>",
            "BATON-MODEL-010",
        ),
        (
            "<endEvent id=\"x\"><errorEventDefinition errorRef=\"none\"/></endEvent>",
            "BATON-MODEL-011",
        ),
        (
            "<task id=\"x\"/><boundaryEvent id=\"b\" attachedToRef=\"x\"><errorEventDefinition/></boundaryEvent>",
            "BATON-MODEL-022",
        ),
        ("<task id=\"x\"/><task id=\"x\"/>", "BATON-MODEL-002"),
        (
            "<scriptTask id=\"x\" scriptFormat=\"feel\"><extensionElements><baton:script result=\"r\"/></extensionElements><script>now()</script></scriptTask>",
            "BATON-MODEL-013",
        ),
    ];
    for (element, code) in wrong {
        let found =
            findings(&("<startEvent id=\"s\"/>".to_owned() + element + flows(&[("s", "x")])));
        assert!(
            found.iter().any(|one| one.0 == code),
            "{element}: {found:?}"
        );
    }
    let none = check(
        b"<definitions xmlns=\"http://www.omg.org/spec/BPMN/20100524/MODEL\"/>",
        &Models::default(),
        &BTreeSet::new(),
    );
    assert_eq!(none.unwrap_err()[0].code, "BATON-MODEL-001");
}

#[test]
fn a_packs_files_are_checked_together() {
    let file = |path: &str, text: &str| SourceFile {
        path: path.into(),
        text: text.into(),
    };
    let decisions = "<definitions xmlns=\"https://www.omg.org/spec/DMN/20191111/MODEL/\"><import name=\"i\"/>\n<decision id=\"a\" name=\"a\"><literalExpression><text>1 +</text></literalExpression></decision>\n<decision id=\"b\" name=\"b\"/></definitions>";
    let found = check_decisions(&[file("d.dmn", decisions)]);
    let found: Vec<_> = found
        .iter()
        .map(|(_, one)| (one.code.as_str(), one.line))
        .collect();
    assert_eq!(
        found,
        [
            ("BATON-MODEL-024", 1),
            ("BATON-MODEL-025", 2),
            ("BATON-MODEL-026", 3)
        ]
    );
    let process = "<definitions xmlns=\"http://www.omg.org/spec/BPMN/20100524/MODEL\"><process id=\"p\"><laneSet id=\"ls\"><lane id=\"l\"><flowNodeRef>s</flowNodeRef></lane></laneSet><startEvent id=\"s\"/></process></definitions>";
    let pack = Deployment {
        pack: "t".into(),
        version: String::new(),
        name: String::new(),
        prefix: "T".into(),
        headline: Default::default(),
        target: None,
        processes: vec![file("p.bpmn", process)],
        decisions: Vec::new(),
        forms: vec![file("forms/f.json", "{}")],
        tables: Default::default(),
        lanes: Vec::new(),
        personal: Vec::new(),
        classes: Default::default(),
    };
    let found = check_pack(&pack).unwrap_err();
    assert!(
        found
            .iter()
            .any(|(path, one)| path == "p.bpmn" && one.code == "BATON-MODEL-023"),
        "{found:?}"
    );
    assert!(
        found
            .iter()
            .any(|(path, one)| path == "forms/f.json" && one.code.starts_with("BATON-FORM")),
        "{found:?}"
    );
}
