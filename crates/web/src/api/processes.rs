//! `/api/v1/processes`: what is deployed, and the forms of it.

use super::ask::{Caller, Path, Query};
use super::describe::Nothing;
use super::problem::Problem;
use super::shape::{All, FormField, instant};
use crate::handlers::Web;
use crate::handlers::answer::{Failed, read};
use axum::Json;
use axum::extract::State;
use baton_app::views::{Reader, forms, processes};
use serde::Serialize;
use utoipa::ToSchema;

/// A version of a process.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Process {
    /// Its id.
    id: String,
    /// Its version.
    version: i64,
    /// Its name.
    name: String,
    /// The pack it came with.
    pack: String,
    /// Since when new cases run under it.
    #[schema(format = DateTime)]
    deployed: String,
    /// The ids of its forms.
    forms: Vec<String>,
}

/// A form.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FormShape {
    /// Its id.
    id: String,
    /// Its heading.
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    /// Its fields, in order.
    fields: Vec<FormField>,
}

/// List the processes that are deployed
#[utoipa::path(get, path = "/processes", tag = "processes", operation_id = "list_processes",
    responses((status = 200, description = "Their versions, the newest first", body = All<Process>)))]
pub(crate) async fn list(
    State(web): State<Web>,
    caller: Caller,
    Query(_): Query<Nothing>,
) -> Result<Json<All<Process>>, Problem> {
    let all = read(&web, move |app| {
        let reader = Reader::of(app, &caller.0.viewer.scope);
        let shape = |it: processes::Process| Process {
            id: it.id,
            version: it.version,
            name: it.name,
            pack: it.pack,
            deployed: instant(it.deployed),
            forms: it.forms,
        };
        let items = processes::list(&reader)?.into_iter().map(shape).collect();
        Ok(All { items })
    });
    Ok(Json(all.await?))
}

/// Read a form
#[utoipa::path(get, path = "/processes/{process}/versions/{version}/forms/{form}", tag = "processes",
    operation_id = "read_form",
    params(("process" = String, Path, description = "The process's id"),
        ("version" = i64, Path, description = "The process's version", minimum = 1),
        ("form" = String, Path, description = "The form's id")),
    responses((status = 200, description = "The form", body = FormShape)))]
pub(crate) async fn form(
    State(web): State<Web>,
    caller: Caller,
    Path((process, version, id)): Path<(String, i64, String)>,
    Query(_): Query<Nothing>,
) -> Result<Json<FormShape>, Problem> {
    let form = read(&web, move |app| {
        let reader = Reader::of(app, &caller.0.viewer.scope);
        let form = forms::of(&reader, &process, version, &id)?;
        let form = form.ok_or(Failed::Missing("form"))?;
        Ok(FormShape {
            id,
            title: form.title,
            description: form.description,
            fields: form.fields.iter().map(FormField::of).collect(),
        })
    });
    Ok(Json(form.await?))
}
