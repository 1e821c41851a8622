//! BPMN files as they are read, and as they are refused.

use super::*;

const MODEL: &str = r#"<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:baton="urn:baton:bpmn:1"
  xmlns:di="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC">
  <bpmn:message id="m" name="invoice"/>
  <bpmn:error id="e" errorCode="NO_ORDER"/>
  <bpmn:process id="p" name="Pay" isExecutable="true">
    <bpmn:laneSet id="ls"><bpmn:lane id="outer" name="Outer"><bpmn:flowNodeRef>s</bpmn:flowNodeRef>
      <bpmn:childLaneSet id="cs"><bpmn:lane id="inner"><bpmn:flowNodeRef> t </bpmn:flowNodeRef></bpmn:lane></bpmn:childLaneSet>
    </bpmn:lane></bpmn:laneSet>
    <bpmn:startEvent id="s"><bpmn:messageEventDefinition messageRef="m"/></bpmn:startEvent>
    <bpmn:userTask id="t" name="Check">
      <bpmn:extensionElements><baton:task form="check" target="PT8H" colour="red"/></bpmn:extensionElements>
    </bpmn:userTask>
    <bpmn:boundaryEvent id="b" attachedToRef="t" cancelActivity="false">
      <bpmn:timerEventDefinition><bpmn:timeDuration>PT1H</bpmn:timeDuration></bpmn:timerEventDefinition>
    </bpmn:boundaryEvent>
    <bpmn:complexGateway id="c"/>
    <bpmn:sequenceFlow id="f" sourceRef="s" targetRef="t"><bpmn:conditionExpression>= a &gt; 1</bpmn:conditionExpression></bpmn:sequenceFlow>
  </bpmn:process>
  <di:BPMNDiagram><di:BPMNPlane><di:BPMNShape bpmnElement="t"><dc:Bounds x="10.4" y="20" width="100" height="80"/></di:BPMNShape></di:BPMNPlane></di:BPMNDiagram>
</bpmn:definitions>"#;

#[test]
fn a_model_is_read_with_positions() {
    let read = parse(MODEL.as_bytes()).unwrap();
    let process = &read.processes[0];
    assert_eq!(read.messages["m"].name, "invoice");
    assert_eq!(read.errors["e"], "NO_ORDER");
    assert_eq!(
        process
            .lanes
            .iter()
            .map(|lane| (lane.id.as_str(), lane.depth))
            .collect::<Vec<_>>(),
        [("outer", 0), ("inner", 1)]
    );
    assert_eq!(process.lanes[1].nodes, ["t"]);
    let [start, task, boundary, complex] = process.body.nodes.as_slice() else {
        panic!("{process:?}")
    };
    assert_eq!(start.kind, Kind::Start(Trigger::Message("m".into())));
    assert_eq!(
        (task.at.line, task.extension.form.as_deref()),
        (10, Some("check"))
    );
    assert_eq!(task.extension.unknown, ["baton:task colour"]);
    assert!(
        matches!(&boundary.kind, Kind::Boundary(event) if !event.interrupting && event.attached == "t")
    );
    assert_eq!(complex.kind, Kind::Unknown("complexGateway".into()));
    assert_eq!(
        process.body.flows[0].condition.as_ref().unwrap().text,
        "a > 1"
    );
    assert_eq!(
        read.shapes["t"],
        Bounds {
            x: 10,
            y: 20,
            width: 100,
            height: 80
        }
    );
}

#[test]
fn what_is_no_model_is_refused_with_its_line() {
    assert_eq!(
        parse(b"<definitions/>").unwrap_err()[0].code,
        "BATON-BPMN-001"
    );
    let broken = MODEL.replace(" targetRef=\"t\"", "");
    let findings = parse(broken.as_bytes()).unwrap_err();
    assert_eq!(
        (
            findings[0].code.as_str(),
            findings[0].line,
            findings[0].subject.as_deref()
        ),
        ("BATON-BPMN-002", 17, Some("f"))
    );
    assert!(parse(b"\xff\xfe<").is_err());
}

#[test]
fn models_in_latin_1_are_read() {
    let text = MODEL.replace("name=\"Pay\"", "name=\"Z\u{fc}rich\"");
    let declared = format!("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\n{text}");
    let latin: Vec<u8> = declared.chars().map(|letter| letter as u8).collect();
    for bytes in [latin.as_slice(), declared.as_bytes()] {
        let read = parse(bytes).unwrap();
        assert_eq!(
            (read.processes[0].name.as_str(), read.processes[0].at.line),
            ("Z\u{fc}rich", 6)
        );
    }
}
