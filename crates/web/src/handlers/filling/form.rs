//! The form of a work item: from the pack's JSON Schema, with what was typed or drafted in it.

use crate::pages::form::{Answer, Field, Kind};
use baton_app::forms::{self, Form};
use baton_app::views::headline::words;
use baton_model::{Cell, Record};
use std::collections::BTreeMap;

/// What stands in a form: what was just typed, else the draft, else what the schema says.
pub(crate) struct Typed<'a> {
    pub(crate) typed: Option<&'a BTreeMap<String, String>>,
    pub(crate) draft: Option<&'a Record>,
    pub(crate) wrong: &'a BTreeMap<String, String>,
}

/// The fields of a form, in its order.
pub(crate) fn fields(form: &Form, typed: &Typed<'_>) -> Vec<Field> {
    let shown = form.fields.iter().filter(|field| !field.read_only);
    shown.map(|schema| field(schema, typed)).collect()
}

fn field(schema: &forms::Field, typed: &Typed<'_>) -> Field {
    Field {
        name: schema.name.clone(),
        label: schema.title.clone(),
        hint: schema.help.clone().unwrap_or_default(),
        kind: kind(schema),
        value: value(schema, typed),
        required: schema.required,
        wrong: typed.wrong.get(&schema.name).cloned(),
    }
}

fn value(schema: &forms::Field, typed: &Typed<'_>) -> String {
    if let Some(typed) = typed.typed {
        return typed.get(&schema.name).cloned().unwrap_or_default();
    }
    let drafted = typed
        .draft
        .and_then(|draft| draft.get(&schema.name))
        .and_then(Cell::value);
    drafted
        .or(schema.default.as_ref())
        .map(plain)
        .unwrap_or_default()
}

fn plain(value: &baton_model::Value) -> String {
    match value {
        baton_model::Value::Bool(truth) => truth.to_string(),
        other => words(other),
    }
}

fn kind(schema: &forms::Field) -> Kind {
    let long = schema.widget.as_deref() == Some("textarea");
    match &schema.kind {
        forms::Kind::Text { .. } if long => Kind::Text,
        forms::Kind::Text { .. } => Kind::Line,
        forms::Kind::Date => Kind::Date,
        forms::Kind::Number { .. } => Kind::Number,
        forms::Kind::Truth => Kind::Check,
        forms::Kind::Choice(choices)
            if choices.len() <= 6 && schema.widget.as_deref() != Some("select") =>
        {
            Kind::Answers(answers(choices))
        }
        forms::Kind::Choice(choices) => Kind::Select(answers(choices)),
    }
}

fn answers(choices: &[forms::Choice]) -> Vec<Answer> {
    let answer = |(place, choice): (u8, &forms::Choice)| Answer {
        value: choice.input(),
        label: choice.title.clone(),
        hint: choice.help.clone().unwrap_or_default(),
        key: (place < 9).then_some(place + 1),
    };
    (0..).zip(choices).map(answer).collect()
}
