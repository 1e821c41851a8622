//! What a worker answers: fields as JSON, checked against the item's form, personal ones sealed.

use super::ask::Caller;
use super::items::ids;
use super::problem::Problem;
use crate::handlers::Web;
use crate::handlers::answer::read;
use baton_app::forms::FieldError;
use baton_app::views::{Reader, forms};
use baton_app::{App, Failure, Target};
use baton_model::{Cell, Record, Value, WorkItemId};
use serde_json::Value as Plain;
use std::collections::BTreeMap;

/// The fields of an answer, checked against the form and sealed.
pub(crate) async fn answered(
    web: &Web,
    by: &Caller,
    item: &WorkItemId,
    fields: &BTreeMap<String, Plain>,
    under_fence: bool,
) -> Result<Record, Problem> {
    let (viewer, id) = (by.0.viewer.clone(), item.clone());
    let found = read(web, move |app| {
        let reader = Reader::of(app, &viewer.scope);
        Ok(forms::of_item(&reader, &viewer.scope, &id)?)
    });
    let values = match found.await? {
        Some(form) => form.check(&inputs(fields)?).map_err(wrong)?,
        None => match values(fields) {
            // A claim that does not hold any more is refused as such, whatever was sent with it.
            Err(_) if under_fence => BTreeMap::new(),
            values => values?,
        },
    };
    sealed(&web.app, by, item, values)
}

/// Values of an item as a record, personal fields sealed once it is known that the caller may write there.
pub(crate) fn sealed(
    app: &App,
    by: &Caller,
    item: &WorkItemId,
    values: BTreeMap<String, Value>,
) -> Result<Record, Problem> {
    let clear = |(name, value)| (name, Cell::Clear(value));
    let record: Record = values.into_iter().map(clear).collect();
    let (_, case) = ids(item.as_str());
    let sealed = app.typed(&by.0.viewer.scope, Target::Item(item, &case), record);
    sealed.map_err(|failure: Failure| failure.into())
}

/// Fields as a form takes them: each as it would be typed.
fn inputs(fields: &BTreeMap<String, Plain>) -> Result<BTreeMap<String, String>, Problem> {
    let mut inputs = BTreeMap::new();
    for (name, value) in fields {
        let text = match value {
            Plain::Null => continue,
            Plain::String(text) => text.clone(),
            Plain::Bool(truth) => truth.to_string(),
            Plain::Number(number) => number.to_string(),
            Plain::Array(_) | Plain::Object(_) => {
                let message = "send text, a number, true or false";
                return Err(wrong_field(name, message));
            }
        };
        inputs.insert(name.clone(), text);
    }
    Ok(inputs)
}

/// Fields of an item without a form, as they are.
pub(crate) fn values(fields: &BTreeMap<String, Plain>) -> Result<BTreeMap<String, Value>, Problem> {
    let mut values = BTreeMap::new();
    for (name, json) in fields.iter().filter(|(_, json)| !json.is_null()) {
        let value = Value::from_json(json);
        let message = "a number has too many digits, or a name begins with `$`; mend it";
        values.insert(
            name.clone(),
            value.ok_or_else(|| wrong_field(name, message))?,
        );
    }
    Ok(values)
}

fn wrong_field(name: &str, message: &str) -> Problem {
    let mut problem = Problem::invalid(&format!("`{name}`: {message}")).about(Some(name.into()));
    problem.fields.insert(name.into(), message.into());
    problem
}

fn wrong(errors: Vec<FieldError>) -> Problem {
    let Some(first) = errors.first() else {
        return Problem::invalid("the form does not take these fields");
    };
    let detail = format!("`{}`: {}", first.field, first.message);
    let mut problem = Problem::invalid(&detail).about(Some(first.field.clone()));
    problem.code = first.code.into();
    problem.kind = format!("/problems/{}", first.code);
    problem.fields = errors
        .into_iter()
        .map(|error| (error.field, error.message))
        .collect();
    problem
}
