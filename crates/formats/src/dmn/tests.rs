//! DMN files as they are read, and as they are refused.

use super::*;

const MODEL: &str = r##"<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" name="m" namespace="n">
  <inputData id="i" name="Age"><variable name="Age" typeRef="number"/></inputData>
  <decision id="d" name="Grade">
    <informationRequirement><requiredInput href="#i"/></informationRequirement>
    <decisionTable hitPolicy="COLLECT" aggregation="MAX">
      <input><inputExpression><text> Age </text></inputExpression></input>
      <output name="grade"/>
      <rule id="r1"><inputEntry><text>&gt; 5</text></inputEntry><outputEntry><text>1</text></outputEntry>
        <annotationEntry><text>old</text></annotationEntry></rule>
    </decisionTable>
  </decision>
</definitions>"##;

#[test]
fn a_table_is_read_with_lines() {
    let model = parse(MODEL.as_bytes()).unwrap();
    let decision = model.decision("Grade").unwrap();
    assert_eq!(decision.requires, ["i"]);
    let Some(Logic::Table(table)) = &decision.logic else {
        panic!("{decision:?}")
    };
    assert_eq!(table.hit_policy, HitPolicy::Collect(Some(Aggregator::Max)));
    assert_eq!(
        table.inputs[0].expression,
        Text {
            text: "Age".into(),
            line: 6
        }
    );
    assert_eq!(
        (table.rules[0].line, table.rules[0].note.as_str()),
        (8, "old")
    );
}

#[test]
fn what_is_no_model_is_refused_with_its_line() {
    let findings = parse(b"<definitions/>").unwrap_err();
    assert_eq!(
        (findings[0].code.as_str(), findings[0].line),
        ("BATON-DMN-001", 1)
    );
    let short = MODEL.replace("<outputEntry><text>1</text></outputEntry>", "");
    let findings = parse(short.as_bytes()).unwrap_err();
    assert_eq!(
        (findings[0].code.as_str(), findings[0].line),
        ("BATON-DMN-003", 8)
    );
    assert_eq!(findings[0].subject.as_deref(), Some("r1"));
    let code = |text: String| parse(text.as_bytes()).unwrap_err()[0].code.clone();
    assert_eq!(code(MODEL.replace("COLLECT", "ODD")), "BATON-DMN-004");
    let java = "<decision id=\"j\"><literalExpression expressionLanguage=\"java\"><text>1</text></literalExpression></decision></definitions>";
    assert_eq!(code(MODEL.replace("</definitions>", java)), "BATON-DMN-002");
    assert!(parse(b"<!DOCTYPE x><definitions/>").is_err());
}
