//! Forms: what is understood is drawn and checked, what is not is refused by name and place.

use baton_formats::form::{Form, Kind};
use baton_model::{Decimal, Value};
use std::collections::BTreeMap;

const RESOLVE: &str = r#"{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "Resolve exception",
  "description": "Decide what happens to the variance.",
  "type": "object",
  "required": ["decision.outcome", "decision.reason"],
  "additionalProperties": false,
  "properties": {
    "decision.outcome": {
      "title": "Outcome",
      "oneOf": [
        {"const": "accept", "title": "Accept the variance", "x-baton": {"key": "a", "help": "Pay as invoiced"}},
        {"const": "reject", "title": "Reject", "description": "Ask for a credit note"}
      ],
      "x-baton": {"order": 1, "key": "o", "widget": "radio"}
    },
    "decision.reason": {"type": "string", "title": "Reason", "minLength": 3, "maxLength": 20, "x-baton": {"order": 2, "help": "Shown to the approver", "widget": "textarea"}},
    "decision.amount": {"type": "number", "minimum": 0, "maximum": 99.5, "x-baton": {"order": 3}},
    "decision.pieces": {"type": "integer", "minimum": -5},
    "decision.due": {"type": "string", "format": "date"},
    "decision.code": {"type": "string", "pattern": "^[A-Z]{2}$"},
    "decision.urgent": {"type": "boolean", "title": "Urgent"},
    "decision.level": {"enum": [1, 2, 3]},
    "match.note": {"type": "string", "readOnly": true}
  }
}"#;

fn form() -> Form {
    Form::parse(RESOLVE.as_bytes()).unwrap_or_else(|found| panic!("{found:?}"))
}

fn inputs(entries: &[(&str, &str)]) -> BTreeMap<String, String> {
    let entries = entries.iter();
    entries
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

/// The code of the one error, after one input is added to the needed ones.
fn wrong(name: &str, value: &str) -> String {
    let mut all = inputs(&[
        ("decision.outcome", "accept"),
        ("decision.reason", "agreed"),
    ]);
    all.insert(name.into(), value.into());
    let errors = form().check(&all).expect_err("must be refused");
    assert_eq!(
        (errors.len(), errors[0].field.as_str()),
        (1, name),
        "{errors:?}"
    );
    errors[0].code.to_owned()
}

#[test]
fn reads_fields_in_their_order() {
    let form = form();
    let names: Vec<&str> = form
        .fields
        .iter()
        .take(3)
        .map(|field| field.name.as_str())
        .collect();
    assert_eq!(
        names,
        ["decision.outcome", "decision.reason", "decision.amount"]
    );
    let outcome = form.field("decision.outcome").expect("there");
    let Kind::Choice(choices) = &outcome.kind else {
        panic!("{outcome:?}")
    };
    assert_eq!((outcome.key, outcome.required), (Some('o'), true));
    assert_eq!(
        (choices[0].key, choices[0].help.as_deref()),
        (Some('a'), Some("Pay as invoiced"))
    );
    assert_eq!(choices[1].help.as_deref(), Some("Ask for a credit note"));
    let reason = form.field("decision.reason").expect("there");
    assert_eq!(reason.help.as_deref(), Some("Shown to the approver"));
    assert_eq!(reason.widget.as_deref(), Some("textarea"));
}

#[test]
fn takes_good_inputs() {
    let values = form().check(&inputs(&[
        ("decision.outcome", "accept"),
        ("decision.reason", "line\r\nbreak"),
        ("decision.amount", "12.50"),
        ("decision.pieces", "-5"),
        ("decision.due", "2026-07-16"),
        ("decision.code", "DE"),
        ("decision.urgent", "on"),
        ("decision.level", "2"),
    ]));
    let values = values.expect("taken");
    assert_eq!(values["decision.reason"], Value::text("line\nbreak"));
    assert_eq!(
        values["decision.amount"],
        Value::number(Decimal::new(1250, 2))
    );
    assert_eq!(values["decision.urgent"], Value::Bool(true));
    assert_eq!(values["decision.level"], Value::number(2));
    assert_eq!(values["decision.due"], Value::text("2026-07-16"));
}

#[test]
fn a_blank_input_is_none_and_an_unsent_box_is_false() {
    let given = inputs(&[
        ("decision.outcome", "reject"),
        ("decision.reason", "too dear"),
        ("decision.due", " "),
    ]);
    let values = form().check(&given).expect("taken");
    assert!(!values.contains_key("decision.due"));
    assert_eq!(values["decision.urgent"], Value::Bool(false));
    let errors = form().check(&inputs(&[])).expect_err("two are needed");
    let fields: Vec<&str> = errors.iter().map(|error| error.field.as_str()).collect();
    assert_eq!(fields, ["decision.outcome", "decision.reason"]);
    assert!(errors.iter().all(|error| error.code == "BATON-FORM-101"));
}

#[test]
fn refuses_bad_inputs() {
    assert_eq!(wrong("decision.reason", "no"), "BATON-FORM-102");
    assert_eq!(wrong("decision.reason", &"é".repeat(21)), "BATON-FORM-102");
    assert_eq!(
        wrong("decision.code", &"A".repeat(10_001)),
        "BATON-FORM-102"
    );
    assert_eq!(wrong("decision.code", "de"), "BATON-FORM-103");
    assert_eq!(wrong("decision.due", "2026-02-30"), "BATON-FORM-104");
    assert_eq!(wrong("decision.due", "2026-07-16T10:00"), "BATON-FORM-104");
    assert_eq!(wrong("decision.amount", "99.51"), "BATON-FORM-105");
    assert_eq!(wrong("decision.amount", "1e1"), "BATON-FORM-105");
    assert_eq!(wrong("decision.amount", "1_0"), "BATON-FORM-105");
    assert_eq!(wrong("decision.amount", &"9".repeat(40)), "BATON-FORM-105");
    assert_eq!(wrong("decision.pieces", "1.5"), "BATON-FORM-105");
    assert_eq!(wrong("decision.outcome", "pay"), "BATON-FORM-106");
    assert_eq!(wrong("decision.urgent", "maybe"), "BATON-FORM-106");
    assert_eq!(wrong("invoice.payable", "1"), "BATON-FORM-107");
    assert_eq!(wrong("match.note", "1"), "BATON-FORM-107");
}

#[test]
fn refuses_keywords_it_does_not_understand() {
    let refused = |from: &str, to: &str| {
        let found = Form::parse(RESOLVE.replacen(from, to, 1).as_bytes()).expect_err("refused");
        assert_eq!(found.len(), 1, "{found:?}");
        let found = found.into_iter().next().expect("one");
        (found.code, found.line, found.subject.unwrap_or_default())
    };
    let code = |from: &str, to: &str| refused(from, to).0;
    assert_eq!(
        refused("\"minimum\": 0", "\"multipleOf\": 5"),
        (
            "BATON-FORM-001".into(),
            18,
            "properties/decision.amount/multipleOf".into()
        )
    );
    assert_eq!(
        code("\"additionalProperties\": false", "\"if\": {}"),
        "BATON-FORM-001"
    );
    assert_eq!(
        code("\"widget\": \"radio\"", "\"colour\": \"red\""),
        "BATON-FORM-001"
    );
    assert_eq!(
        code(
            "\"additionalProperties\": false",
            "\"additionalProperties\": true"
        ),
        "BATON-FORM-003"
    );
    assert_eq!(code("\"minLength\": 3", "\"minimum\": 3"), "BATON-FORM-003");
    assert_eq!(code("[A-Z]{2}", "(?=a)"), "BATON-FORM-003");
    assert_eq!(
        code("\"format\": \"date\"", "\"format\": \"email\""),
        "BATON-FORM-003"
    );
    assert_eq!(code("[1, 2, 3]", "[1, 2, 1]"), "BATON-FORM-003");
    assert_eq!(code("[1, 2, 3]", "[]"), "BATON-FORM-003");
    assert_eq!(code("\"key\": \"o\"", "\"key\": \"ok\""), "BATON-FORM-003");
    assert_eq!(
        code("\"decision.reason\"]", "\"decision.why\"]"),
        "BATON-FORM-003"
    );
    assert_eq!(
        code("\"type\": \"boolean\"", "\"type\": \"array\""),
        "BATON-FORM-003"
    );
    assert_eq!(code("{\"enum\": [1, 2, 3]}", "[]"), "BATON-FORM-002");
    let found = Form::parse(b"{\"type\": \"object\"}").expect_err("no properties");
    assert_eq!(found[0].code, "BATON-FORM-003");
    assert_eq!(
        Form::parse(b"[]").expect_err("no object")[0].code,
        "BATON-FORM-002"
    );
    assert_eq!(
        Form::parse(b"{").expect_err("no JSON")[0].code,
        "BATON-JSON-007"
    );
}
