//! Reading a JSON Schema into a form, keyword by keyword; what is not understood is refused by name.

mod keywords;

use super::{Choice, Field, Form, Kind, Limits, Pattern};
use crate::json;
use baton_model::{Decimal, Diagnostic, Value};
use keywords::{Keywords, Source};
use regex::RegexBuilder;
use std::collections::BTreeSet;

/// The most fields a form may have.
const MOST_FIELDS: usize = 200;

const OF_FORM: &[&str] = &[
    "type",
    "title",
    "description",
    "properties",
    "required",
    "additionalProperties",
    "$schema",
    "$id",
    "$comment",
];
const OF_FIELD: &[&str] = &[
    "type",
    "title",
    "description",
    "default",
    "readOnly",
    "enum",
    "oneOf",
    "format",
    "minLength",
    "maxLength",
    "pattern",
    "minimum",
    "maximum",
    "$comment",
    "x-baton",
];
const OF_CHOICE: &[&str] = &["const", "title", "description", "x-baton"];
const OF_BATON: &[&str] = &["help", "key", "widget", "order"];

pub(super) fn form(bytes: &[u8]) -> Result<Form, Vec<Diagnostic>> {
    let tree = json::read_plain(bytes).map_err(|found| vec![found])?;
    let source = Source::new(bytes);
    let form = Keywords::of(&tree, &source, &[]).and_then(root);
    match (form, source.finish()) {
        (Some(form), found) if found.is_empty() => Ok(form),
        (_, found) => Err(found),
    }
}

fn root(of: Keywords<'_>) -> Option<Form> {
    of.only(OF_FORM);
    if of.text("type").as_deref() != Some("object") {
        of.wrong("type", "a form's type is `object`");
    }
    if of
        .get("additionalProperties")
        .is_some_and(|extra| extra != &serde_json::Value::Bool(false))
    {
        of.wrong(
            "additionalProperties",
            "a form takes no other fields: write false or leave it out",
        );
    }
    let required = required(&of);
    let properties = of.child("properties")?;
    let mut fields: Vec<Field> = properties
        .children()
        .filter_map(|(name, entry)| field(name, entry, required.contains(name)))
        .collect();
    if fields.len() > MOST_FIELDS {
        of.wrong("properties", "a form has at most 200 fields");
    }
    for name in required
        .iter()
        .filter(|name| properties.get(name).is_none())
    {
        of.wrong(
            "required",
            &format!("it names `{name}`, which is no property"),
        );
    }
    fields.sort_by_key(|field| field.order.unwrap_or(i64::MAX));
    Some(Form {
        title: of.text("title"),
        description: of.text("description"),
        fields,
    })
}

fn required(of: &Keywords<'_>) -> BTreeSet<String> {
    let names = of.get("required").and_then(|names| names.as_array());
    let names: Option<BTreeSet<String>> = names.map_or(Some(BTreeSet::new()), |names| {
        names
            .iter()
            .map(|name| name.as_str().map(str::to_owned))
            .collect()
    });
    if names.is_none() || (of.get("required").is_some_and(|names| !names.is_array())) {
        of.wrong("required", "write a list of names of properties");
    }
    names.unwrap_or_default()
}

fn field(name: &str, of: Keywords<'_>, required: bool) -> Option<Field> {
    of.only(OF_FIELD);
    if name.is_empty() || name.starts_with('$') {
        of.wrong(
            "",
            "a field's name is not empty and does not begin with `$`",
        );
    }
    let kind = kind(&of)?;
    let baton = of.child_if_any("x-baton");
    if let Some(baton) = &baton {
        baton.only(OF_BATON);
    }
    let of_baton = |name| baton.as_ref().and_then(|baton| baton.text(name));
    Some(Field {
        name: name.to_owned(),
        title: of.text("title").unwrap_or_else(|| name.to_owned()),
        help: of_baton("help").or_else(|| of.text("description")),
        key: baton.as_ref().and_then(key),
        widget: of_baton("widget"),
        order: baton.as_ref().and_then(|baton| baton.whole("order")),
        required,
        read_only: of.truth("readOnly"),
        default: of.get("default").and_then(Value::from_json),
        kind,
    })
}

fn key(baton: &Keywords<'_>) -> Option<char> {
    let text = baton.text("key")?;
    let mut characters = text.chars();
    match (characters.next(), characters.next()) {
        (Some(key), None) => Some(key),
        _ => {
            baton.wrong("key", "a key is one character");
            None
        }
    }
}

fn kind(of: &Keywords<'_>) -> Option<Kind> {
    if of.get("oneOf").is_some() || of.get("enum").is_some() {
        return choices(of).map(Kind::Choice);
    }
    let allowed: &[&str] = match of.text("type").as_deref() {
        Some("string") => &["format", "minLength", "maxLength", "pattern"],
        Some("number" | "integer") => &["minimum", "maximum"],
        _ => &[],
    };
    of.belong(allowed);
    match of.text("type").as_deref() {
        Some("string") => text(of),
        Some("number") => Some(number(of, false)),
        Some("integer") => Some(number(of, true)),
        Some("boolean") => Some(Kind::Truth),
        _ => {
            of.wrong(
                "type",
                "a field's type is string, number, integer or boolean",
            );
            None
        }
    }
}

fn text(of: &Keywords<'_>) -> Option<Kind> {
    match of.text("format").as_deref() {
        Some("date") => return Some(Kind::Date),
        Some(_) => of.wrong("format", "the only format is `date`"),
        None => {}
    }
    let count = |name| of.whole(name).and_then(|count| u32::try_from(count).ok());
    let pattern = of.text("pattern").and_then(|source| {
        let compiled = RegexBuilder::new(&source).size_limit(1 << 18).build().ok();
        if compiled.is_none() {
            of.wrong(
                "pattern",
                "this is no regular expression without look-around or back-references",
            );
        }
        compiled.map(|compiled| Pattern { source, compiled })
    });
    let length = Limits {
        least: count("minLength"),
        most: count("maxLength"),
    };
    Some(Kind::Text { length, pattern })
}

fn number(of: &Keywords<'_>, whole: bool) -> Kind {
    let limit = |name| -> Option<Decimal> {
        let value = Value::from_json(of.get(name)?);
        let number = value.and_then(|value| value.as_number());
        if number.is_none() {
            of.wrong(name, "write a number");
        }
        number
    };
    let range = Limits {
        least: limit("minimum"),
        most: limit("maximum"),
    };
    Kind::Number { range, whole }
}

fn choices(of: &Keywords<'_>) -> Option<Vec<Choice>> {
    of.belong(&["enum", "oneOf"]);
    let (name, choices): (_, Vec<Option<Choice>>) = if of.get("oneOf").is_some() {
        ("oneOf", of.list("oneOf").map(titled).collect())
    } else {
        let values = of.get("enum").and_then(|values| values.as_array());
        ("enum", values.into_iter().flatten().map(plain).collect())
    };
    let all: Option<Vec<Choice>> = choices.into_iter().collect();
    let inputs: Option<BTreeSet<String>> = all
        .as_ref()
        .map(|all| all.iter().map(Choice::input).collect());
    match (all, inputs) {
        (Some(all), Some(inputs)) if !all.is_empty() && inputs.len() == all.len() => Some(all),
        _ => {
            of.wrong(
                name,
                "write one or more different texts, numbers or truths, in oneOf each as const",
            );
            None
        }
    }
}

/// A value that can be chosen: a text that is not blank, a number or a truth.
fn choosable(value: &serde_json::Value) -> Option<Value> {
    let choosable = match value {
        serde_json::Value::String(text) => !text.trim().is_empty(),
        other => other.is_number() || other.is_boolean(),
    };
    Value::from_json(value).filter(|_| choosable)
}

fn plain(value: &serde_json::Value) -> Option<Choice> {
    let mut choice = Choice {
        value: choosable(value)?,
        title: String::new(),
        help: None,
        key: None,
    };
    choice.title = choice.input();
    Some(choice)
}

fn titled(of: Keywords<'_>) -> Option<Choice> {
    of.only(OF_CHOICE);
    let mut choice = plain(of.get("const")?)?;
    let baton = of.child_if_any("x-baton");
    if let Some(baton) = &baton {
        baton.only(&["help", "key"]);
        choice.key = key(baton);
    }
    choice.help = baton
        .and_then(|baton| baton.text("help"))
        .or_else(|| of.text("description"));
    choice.title = of.text("title").unwrap_or(choice.title);
    Some(choice)
}
