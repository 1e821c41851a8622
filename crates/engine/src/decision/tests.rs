//! Decisions: tables with the rules that fire, requirements, boxed logic, and what cannot be decided.

use super::*;

const MODEL: &str = r##"<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" name="match" namespace="n">
  <inputData id="i1" name="due"><variable name="due" typeRef="date"/></inputData>
  <businessKnowledgeModel id="k" name="share"><encapsulatedLogic>
    <formalParameter name="part"/><formalParameter name="whole"/>
    <literalExpression><text>100 * part / whole</text></literalExpression></encapsulatedLogic></businessKnowledgeModel>
  <decision id="over" name="over percent">
    <knowledgeRequirement><requiredKnowledge href="#k"/></knowledgeRequirement>
    <literalExpression><text>share(line.quantity - line.ordered, line.ordered)</text></literalExpression></decision>
  <decision id="verdict" name="verdict">
    <informationRequirement><requiredDecision href="#over"/></informationRequirement>
    <decisionTable hitPolicy="POLICY">
      <input><inputExpression><text>over percent</text></inputExpression></input>
      <input><inputExpression><text>line.known</text></inputExpression></input>
      <output name="verdict"><outputValues><text>"exception", "pass"</text></outputValues></output>
      <rule id="r1"><inputEntry><text>&lt;= 2</text></inputEntry><inputEntry><text>true</text></inputEntry>
        <outputEntry><text>"pass"</text></outputEntry><annotationEntry><text>within 2 %</text></annotationEntry></rule>
      <rule id="r2"><inputEntry><text>&gt; 2</text></inputEntry><inputEntry><text>-</text></inputEntry>
        <outputEntry><text>"exception"</text></outputEntry></rule>
      <rule id="r3"><inputEntry><text>-</text></inputEntry><inputEntry><text>false</text></inputEntry>
        <outputEntry><text>"exception"</text></outputEntry></rule>
    </decisionTable></decision>
  <decision id="late" name="late"><informationRequirement><requiredInput href="#i1"/></informationRequirement>
    <literalExpression><text>due &lt; date(now)</text></literalExpression></decision>
  <decision id="circle" name="circle"><informationRequirement><requiredDecision href="#circle"/></informationRequirement>
    <literalExpression><text>1</text></literalExpression></decision>
  <decision id="boxed" name="boxed"><context>
    <contextEntry><variable name="a"/><literalExpression><text>1 + 1</text></literalExpression></contextEntry>
    <contextEntry><variable name="b"/><list><literalExpression><text>a</text></literalExpression><literalExpression><text>a * 2</text></literalExpression></list></contextEntry>
  </context></decision>
  <decision id="filter" name="filter"><filter><in><literalExpression><text>[1]</text></literalExpression></in></filter></decision>
</definitions>"##;

fn line(quantity: i64, known: bool) -> Value {
    let line = [
        ("quantity", Value::number(quantity)),
        ("ordered", Value::number(100)),
        ("known", Value::Bool(known)),
    ];
    Value::map([
        ("line", Value::map(line)),
        ("due", Value::text("2026-01-31")),
    ])
}

fn decide(policy: &str, decision: &str, context: &Value) -> Result<Answer, EvaluationError> {
    let models = Models::read(&[MODEL.replace("POLICY", policy)]).unwrap();
    models.decide(decision, context, Micros(1_770_000_000_000_000), "UTC")
}

#[test]
fn a_table_names_the_rule_that_fired_and_what_it_saw() {
    let made = decide("UNIQUE", "verdict", &line(101, true)).unwrap();
    assert_eq!(made.value, Value::text("pass"));
    let [rule] = made.rules.as_slice() else {
        panic!("{made:?}")
    };
    assert_eq!(
        (rule.index, rule.id.as_str(), rule.note.as_str()),
        (1, "r1", "within 2 %")
    );
    assert_eq!(
        rule.inputs[0],
        ("over percent".to_owned(), Value::number(1))
    );
    assert_eq!(rule.outputs, [("verdict".to_owned(), Value::text("pass"))]);
    assert_eq!(
        decide("UNIQUE", "verdict", &line(103, true)).unwrap().rules[0].index,
        2
    );
}

#[test]
fn hit_policies_differ_where_two_rules_hold() {
    let both = line(103, false);
    let error = decide("UNIQUE", "verdict", &both).unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("BATON-DECISION-005: line 11: rules 2 and 3"),
        "{error}"
    );
    assert_eq!(
        decide("ANY", "verdict", &both).unwrap().value,
        Value::text("exception")
    );
    assert_eq!(decide("FIRST", "verdict", &both).unwrap().rules.len(), 1);
    assert_eq!(
        decide("COLLECT", "verdict", &both)
            .unwrap()
            .value
            .items()
            .len(),
        2
    );
    assert_eq!(
        decide("RULE ORDER", "verdict", &both).unwrap().rules.len(),
        2
    );
    assert_eq!(
        decide("PRIORITY", "verdict", &both).unwrap().value,
        Value::text("exception")
    );
    assert_eq!(
        decide("COLLECT\" aggregation=\"COUNT", "verdict", &both)
            .unwrap()
            .value,
        Value::number(2)
    );
}

#[test]
fn inputs_are_typed_and_boxed_logic_is_evaluated() {
    assert_eq!(
        decide("UNIQUE", "late", &line(1, true)).unwrap().value,
        Value::Bool(true)
    );
    let boxed = decide("UNIQUE", "boxed", &line(1, true)).unwrap().value;
    assert_eq!(
        boxed.get("b").unwrap().items(),
        [Value::number(2), Value::number(4)]
    );
}

#[test]
fn what_cannot_be_decided_says_why() {
    let code = |decision: &str, context: &Value| {
        decide("UNIQUE", decision, context).unwrap_err().to_string()
    };
    assert!(code("nobody", &line(1, true)).starts_with("BATON-DECISION-001"));
    assert!(code("circle", &line(1, true)).starts_with("BATON-DECISION-003"));
    assert!(code("filter", &line(1, true)).starts_with("BATON-DECISION-004: line 30"));
    let text = Value::map([(
        "line",
        Value::map([
            ("quantity", Value::text("secret")),
            ("ordered", Value::number(1)),
        ]),
    )]);
    let error = code("verdict", &text);
    assert!(
        error.starts_with("BATON-FEEL-006") && !error.contains("secret"),
        "{error}"
    );
}

#[test]
fn models_out_of_bounds_are_refused() {
    let model = |logic: &str| {
        format!(
            "<definitions xmlns=\"https://www.omg.org/spec/DMN/20191111/MODEL/\"><decision id=\"d\" name=\"d\">{logic}</decision></definitions>"
        )
    };
    let decide = |logic: &str| {
        let question = baton_journal::Question::Decision {
            models: std::sync::Arc::new(vec![model(logic)]),
            decision: "d".into(),
            context: Value::map::<String>([]),
            now: Micros(0),
        };
        crate::answer(&question).unwrap_err().to_string()
    };
    assert!(decide("").starts_with("BATON-DECISION-007"));
    assert!(decide("<decisionTable hitPolicy=\"ODD\"/>").starts_with("BATON-DECISION-002"));
    let rule = "<rule><inputEntry><text>1</text></inputEntry><outputEntry><text>1</text></outputEntry></rule>".repeat(10_001);
    let table = format!(
        "<decisionTable><input><inputExpression><text>1</text></inputExpression></input><output/>{rule}</decisionTable>"
    );
    assert!(decide(&table).starts_with("BATON-DECISION-006"));
}
