//! Pauses over the API: what is asked about work items, answers, and objections.

use super::ask::{Body, Caller, Path, Query, Sent};
use super::cases::in_sight;
use super::describe::Nothing;
use super::items::{act, ids};
use super::listed::{Listed, Paging};
use super::problem::Problem;
use super::shape::{Accepted, All, Field, Page, instant};
use crate::handlers::Web;
use crate::handlers::answer::read;
use crate::handlers::frame::Frame;
use axum::Json;
use axum::extract::State;
use baton_app::views::Reader;
use baton_app::views::pauses::{self, Filter, Pause, Said};
use baton_model::CaseId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Which pauses are asked for.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Asked {
    /// Those alone that ask the own party something; else those of the items in sight.
    of_us: Option<bool>,
    /// Those alone that last.
    open: Option<bool>,
}

/// A pause of a work item.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PauseOfItem)]
pub(crate) struct Paused {
    /// The number of the entry that paused.
    n: i64,
    /// The case.
    case: String,
    /// The work item.
    item: String,
    /// Its lane.
    lane: String,
    /// The party that paused; absent where the one who asks is not told.
    #[serde(skip_serializing_if = "Option::is_none")]
    party: Option<String>,
    /// For whom or why it waits, as a code.
    reason: String,
    /// Whether the clock stands still for it: from a request to its answer, and never otherwise.
    counts: bool,
    /// The party that is asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    asked: Option<String>,
    /// What is asked, as the one who asks may see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    request: Option<Field>,
    /// Since when.
    #[schema(format = DateTime)]
    from: String,
    /// Until when; absent while it lasts.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    until: Option<String>,
    /// The answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    answer: Option<Remark>,
    /// Who gave it, where it was recorded for somebody else.
    #[serde(skip_serializing_if = "Option::is_none")]
    given_by: Option<Field>,
    /// The client's objection; it changes no number.
    #[serde(skip_serializing_if = "Option::is_none")]
    objection: Option<Remark>,
}

/// What was said to a pause.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Remark {
    /// The number of the entry.
    n: i64,
    /// The party that said it; absent where the one who asks is not told.
    #[serde(skip_serializing_if = "Option::is_none")]
    party: Option<String>,
    /// What.
    text: Field,
}

impl Paused {
    fn of(frame: &Frame<'_>, pause: &Pause) -> Self {
        let named = |party: &baton_model::PartyId| frame.may_name(party).then(|| party.to_string());
        let remark = |said: &Said, by: &baton_model::PartyId| Remark {
            n: said.n,
            party: named(by),
            text: Field::of(said.text.show()),
        };
        Self {
            n: pause.n,
            case: pause.case.to_string(),
            item: pause.item.to_string(),
            lane: pause.lane.to_string(),
            party: named(&pause.party),
            reason: pause.code.clone(),
            counts: pause.counts(),
            asked: pause.asked.as_ref().and_then(named),
            request: pause.text.as_ref().map(|text| Field::of(text.show())),
            from: instant(pause.at),
            until: pause.until.map(instant),
            answer: pause.answer.as_ref().map(|said| remark(said, &said.by)),
            given_by: pause.given_by.as_ref().map(|text| Field::of(text.show())),
            objection: pause
                .contest
                .as_ref()
                .map(|said| remark(said, &frame.about.client)),
        }
    }
}

/// An answer to what is asked.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(as = AnswerToRequest)]
#[serde(deny_unknown_fields)]
pub(crate) struct Answer {
    /// The answer. It is sealed under the case's key.
    #[schema(min_length = 2, max_length = 2000)]
    answer: String,
    /// Who gave it, where it is recorded for somebody else: the holder needs it.
    #[serde(default)]
    #[schema(max_length = 2000)]
    given_by: Option<String>,
    /// The claim's fence: it is refused if the claim does not hold any more.
    #[schema(minimum = 1)]
    fence: Option<i64>,
}

impl Body for Answer {}

/// An objection to a pause.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Objection {
    /// The pause: the number of its entry.
    #[schema(minimum = 1)]
    pause: i64,
    /// Why it should not count. It is sealed under the case's key.
    #[schema(min_length = 2, max_length = 2000)]
    why: String,
}

impl Body for Objection {}

/// List pauses
///
/// Of the items in sight, or with `of_us` what is asked of the own party; the last first.
#[utoipa::path(get, path = "/pauses", tag = "items", operation_id = "list_pauses", params(Asked, Paging),
    responses((status = 200, description = "A page of pauses", body = Page<Paused>)))]
pub(crate) async fn list(
    State(web): State<Web>,
    caller: Caller,
    listed: Listed<Asked, i64>,
) -> Result<Json<Page<Paused>>, Problem> {
    let filter = Filter {
        case: None,
        open: listed.asked.open.unwrap_or_default(),
        of_us: listed.asked.of_us.unwrap_or_default(),
        before: listed.after.unwrap_or_default(),
    };
    let page = read(&web, move |app| {
        let frame = Frame::of(app, &caller.0)?;
        let scope = &caller.0.viewer.scope;
        let found = pauses::list(&Reader::of(app, scope), scope, &filter, listed.read())?;
        Ok(listed.page(found, |pause| pause.n, |pause| Paused::of(&frame, pause)))
    });
    Ok(Json(page.await?))
}

/// List the pauses of a case
///
/// Those of the items in sight, and those that ask the own party something; the first first.
#[utoipa::path(get, path = "/cases/{case}/pauses", tag = "cases", operation_id = "case_pauses",
    params(("case" = String, Path, description = "The case's id")),
    responses((status = 200, description = "Its pauses in order", body = All<Paused>)))]
pub(crate) async fn of_case(
    State(web): State<Web>,
    caller: Caller,
    Path(case): Path<String>,
    Query(_): Query<Nothing>,
) -> Result<Json<All<Paused>>, Problem> {
    let asking = web.clone();
    let all = read(&web, move |app| {
        let frame = Frame::of(app, &caller.0)?;
        let (reader, id) = (frame.reader(), CaseId::new(&case));
        in_sight(&asking, &caller, &reader, &id)?;
        let found = pauses::of_case(&reader, &caller.0.viewer.scope, &id)?;
        let items = found.iter().map(|it| Paused::of(&frame, it)).collect();
        Ok(All { items })
    });
    Ok(Json(all.await?))
}

/// Answer what is asked about an item
///
/// By the party that was asked, or recorded by the item's holder with who gave it. The clock runs again.
#[utoipa::path(post, path = "/items/{item}/answer", tag = "items", operation_id = "answer_request",
    params(("item" = String, Path, description = "The item's id")), request_body = Answer,
    responses((status = 200, description = "It is answered, and the clock runs again", body = Accepted)))]
pub(crate) async fn answer(
    State(web): State<Web>,
    Path(id): Path<String>,
    sent: Sent<Answer>,
) -> Result<Json<Accepted>, Problem> {
    let (item, case) = ids(&id);
    let scope = &sent.by.0.viewer.scope;
    let given_by = sent.body.given_by.as_deref();
    let command = web
        .app
        .answer(scope, (&item, &case), &sent.body.answer, given_by)?;
    act(&web, &sent, sent.body.fence, command).await
}

/// Object to a pause
///
/// For the client, once a pause. It is kept beside the pause and changes no number.
#[utoipa::path(post, path = "/items/{item}/contest", tag = "items", operation_id = "contest_pause",
    params(("item" = String, Path, description = "The item's id")), request_body = Objection,
    responses((status = 200, description = "It is kept beside the pause", body = Accepted)))]
pub(crate) async fn contest(
    State(web): State<Web>,
    Path(id): Path<String>,
    sent: Sent<Objection>,
) -> Result<Json<Accepted>, Problem> {
    let (item, case) = ids(&id);
    let scope = &sent.by.0.viewer.scope;
    let command = web
        .app
        .contest(scope, (&item, &case), sent.body.pause, &sent.body.why)?;
    act(&web, &sent, None, command).await
}
