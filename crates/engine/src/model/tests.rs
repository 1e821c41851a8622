use super::*;
use crate::Models;
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
    (format!("BATON-MODEL-{code}"), line, subject.into())
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
        found[0].message.contains("`Odd` (c) is a complexGateway"),
        "{}",
        found[0].message
    );
}

#[test]
fn gateways_need_conditions_and_a_default() {
    let body = "<startEvent id=\"s\"/><endEvent id=\"a\"/><endEvent id=\"b\"/>\n<exclusiveGateway id=\"g\"/>\n".to_owned();
    let bare = body.clone() + flows(&[("s", "g"), ("g", "a"), ("g", "b")]);
    assert_eq!(findings(&bare), [one("020", 4, "g")]);
    let condition = "<conditionExpression>x &gt; 1</conditionExpression></sequenceFlow>";
    let full = bare
        .replace("targetRef=\"a\"/>", &format!("targetRef=\"a\">{condition}"))
        .replace("targetRef=\"b\"/>", &format!("targetRef=\"b\">{condition}"));
    assert_eq!(findings(&full), [one("021", 4, "g")]);
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
        [one("016", 4, "u"), one("018", 4, "u")]
    );
    assert_eq!(
        findings(&task("target=\"P1D\" colour=\"red\"")),
        [
            one("008", 4, "u"),
            one("016", 4, "u"),
            one("017", 4, "u"),
            one("018", 4, "u")
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
        one("015", 4, "alone"),
        one("004", 5, "b"),
        one("019", 6, "r"),
        one("003", 7, "sub"),
        one("005", 8, "sub-gone"),
    ] {
        assert!(found.contains(&wanted), "{wanted:?} is not in {found:?}");
    }
    assert_eq!(findings("<task id=\"x\"/>")[0], one("014", 2, "p"));
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
