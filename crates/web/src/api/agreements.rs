//! `/api/v1/agreements`: what was agreed, in versions; what a text would change, and taking it in. A
//! provider reads its own.

use super::ask::{Body, Caller, Path, Query, Sent};
use super::describe::Nothing;
use super::once;
use super::people::unseen;
use super::problem::Problem;
use super::shape::{Accepted, All, instant};
use crate::handlers::Web;
use crate::handlers::answer::{Failed, read};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use baton_app::agreements::{self, effects};
use baton_app::command::{Command, Event, SetAgreement};
use baton_app::views::Reader;
use baton_app::views::agreements::{self as views, Known};
use baton_app::views::scorecard::LevelKind;
use baton_model::agreement::{AgreedLane, ServiceLevel};
use baton_model::{Agreement, AgreementId, Diagnostic};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An agreement in a list, as its last version says.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AgreementRow)]
pub(crate) struct RowShape {
    /// Its id.
    #[schema(example = "KS-2026")]
    id: String,
    /// Its last version.
    version: u32,
    /// Its name.
    name: String,
    /// Who runs the lanes.
    provider: String,
    /// From when on this version counts.
    #[schema(format = DateTime)]
    from: String,
    /// Until when the agreement does.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    until: Option<String>,
}

impl RowShape {
    fn of(known: &Known) -> Self {
        let agreement = &known.set.agreement;
        Self {
            id: agreement.id.to_string(),
            version: known.set.version,
            name: agreement.name.clone(),
            provider: agreement.provider.to_string(),
            from: instant(known.set.from),
            until: agreement.until.map(instant),
        }
    }
}

/// A version of an agreement.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Agreement)]
pub(crate) struct AgreementShape {
    #[serde(flatten)]
    row: RowShape,
    /// Whose processes they are.
    client: String,
    /// What its prices are in: the ISO 4217 code.
    currency: String,
    /// The IANA zone whose months are counted.
    zone: String,
    /// At which sites of the provider.
    sites: Vec<String>,
    /// The lanes it covers.
    lanes: Vec<AgreedLaneShape>,
    /// Its service levels.
    levels: Vec<AgreedLevel>,
    /// What happens when the provider fails.
    #[serde(skip_serializing_if = "Option::is_none")]
    continuity: Option<ContinuityShape>,
    /// Where a lane shows its workers more than was agreed.
    wider: Vec<Wider>,
    /// The entry that brought it.
    n: i64,
    /// The text it was read from.
    text: String,
}

/// What an agreement says of a lane.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AgreedLane)]
pub(crate) struct AgreedLaneShape {
    /// The lane.
    lane: String,
    /// The price of an accepted item; it may have more digits than the currency.
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<String>,
    /// Its place in the rate card.
    #[serde(skip_serializing_if = "Option::is_none")]
    rate_card: Option<String>,
    /// The fields that may be read there.
    read: Vec<String>,
    /// The fields that may be written there.
    write: Vec<String>,
    /// How much free text may be shown there: `none`, `redacted`, `full`.
    freetext: String,
}

impl AgreedLaneShape {
    fn of(lane: &AgreedLane) -> Self {
        let price = lane.price.as_ref();
        Self {
            lane: lane.lane.to_string(),
            unit: price.map(|price| price.unit.to_string()),
            rate_card: price.map(|price| price.card.clone()),
            read: lane.read.clone(),
            write: lane.write.clone(),
            freetext: lane.freetext.clone(),
        }
    }
}

/// What a service level counts.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(as = LevelKind)]
#[serde(rename_all = "snake_case")]
pub(crate) enum KindShape {
    /// Hops left within a working time.
    OnTime,
    /// Items that were right the first time.
    FirstPass,
}

/// A service level, as it was agreed.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AgreedLevel {
    /// Its id in the agreement.
    pub(crate) id: String,
    /// Its name.
    pub(crate) name: String,
    /// The lane it is about.
    pub(crate) lane: String,
    /// What is counted.
    pub(crate) kind: KindShape,
    /// Of hops: within which working time, in microseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) within_micros: Option<i64>,
    /// The part that must be met, in hundredths of a percent.
    pub(crate) target_basis_points: u32,
    /// Whether it carries credits; else it only reports.
    pub(crate) critical: bool,
    /// Below this count it says nothing.
    pub(crate) minimum: u32,
}

impl AgreedLevel {
    pub(crate) fn of(level: &ServiceLevel) -> Self {
        let (kind, within) = match level.kind {
            LevelKind::OnTime { within } => (KindShape::OnTime, Some(within.0)),
            LevelKind::FirstPass => (KindShape::FirstPass, None),
        };
        Self {
            id: level.id.clone(),
            name: level.name.clone(),
            lane: level.lane.to_string(),
            kind,
            within_micros: within,
            target_basis_points: level.target,
            critical: level.critical,
            minimum: level.minimum,
        }
    }
}

/// What happens when the provider fails.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Continuity)]
pub(crate) struct ContinuityShape {
    /// Who steps in.
    backup: String,
    /// What becomes of open work items.
    in_flight: String,
}

/// Where a lane shows more than was agreed.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Wider {
    /// The lane.
    lane: String,
    /// The fields it shows under the deployed pack, which the agreement does not grant.
    fields: Vec<String>,
}

impl AgreementShape {
    fn of(reader: &Reader<'_>, known: &Known) -> Result<Self, Failed> {
        let agreement = &known.set.agreement;
        let wider = views::wider(reader, agreement)?.into_iter();
        let continuity = agreement.continuity.as_ref();
        Ok(Self {
            row: RowShape::of(known),
            client: agreement.client.to_string(),
            currency: agreement.currency.code().to_string(),
            zone: agreement.zone.clone(),
            sites: agreement.sites.iter().map(ToString::to_string).collect(),
            lanes: agreement.lanes.iter().map(AgreedLaneShape::of).collect(),
            levels: agreement.levels.iter().map(AgreedLevel::of).collect(),
            continuity: continuity.map(|continuity| ContinuityShape {
                backup: continuity.backup.to_string(),
                in_flight: continuity.in_flight.clone(),
            }),
            wider: wider
                .map(|(lane, fields)| Wider {
                    lane: lane.to_string(),
                    fields,
                })
                .collect(),
            n: known.name.n,
            text: known.set.text.clone(),
        })
    }
}

/// A version of an agreement, and what it changed.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AgreementVersion {
    /// The version.
    version: u32,
    /// From when on it counts.
    #[schema(format = DateTime)]
    from: String,
    /// When it became known.
    #[schema(format = DateTime)]
    at: String,
    /// The entry that brought it.
    n: i64,
    /// What it changed against the version before, in words.
    effects: Vec<String>,
}

/// List the agreements
///
/// Each as its last version says: a provider's own, all for the client.
#[utoipa::path(get, path = "/agreements", tag = "agreements", operation_id = "list_agreements",
    responses((status = 200, description = "The agreements", body = All<RowShape>)))]
pub(crate) async fn list(
    State(web): State<Web>,
    caller: Caller,
    Query(_): Query<Nothing>,
) -> Result<Json<All<RowShape>>, Problem> {
    let all = read(&web, move |app| {
        let scope = &caller.0.viewer.scope;
        let known = views::in_sight(&Reader::of(app, scope), scope)?;
        // The versions of one agreement stand together, the last one last.
        let last = |place: usize| {
            let id = |known: &Known| known.set.agreement.id.clone();
            known.get(place + 1).map(id) != known.get(place).map(id)
        };
        let lasts = (0..known.len()).filter(|place| last(*place));
        let items = lasts.filter_map(|place| known.get(place).map(RowShape::of));
        Ok(All {
            items: items.collect(),
        })
    });
    Ok(Json(all.await?))
}

/// The versions of an agreement in sight, in order.
fn versions_of(
    web: &Web,
    app: &baton_app::App,
    caller: &Caller,
    id: &str,
) -> Result<Vec<Known>, Failed> {
    let scope = &caller.0.viewer.scope;
    let mut known = views::in_sight(&Reader::of(app, scope), scope)?;
    known.retain(|known| known.set.agreement.id.as_str() == id);
    if known.is_empty() {
        return Err(unseen(web, caller, id, "agreement"));
    }
    Ok(known)
}

/// Read an agreement
///
/// Its last version.
#[utoipa::path(get, path = "/agreements/{agreement}", tag = "agreements", operation_id = "read_agreement",
    params(("agreement" = String, Path, description = "The agreement's id")),
    responses((status = 200, description = "The agreement", body = AgreementShape)))]
pub(crate) async fn one(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<String>,
    Query(_): Query<Nothing>,
) -> Result<Json<AgreementShape>, Problem> {
    Ok(Json(version(web, caller, id, None).await?))
}

/// Read a version of an agreement
#[utoipa::path(get, path = "/agreements/{agreement}/versions/{version}", tag = "agreements",
    operation_id = "read_agreement_version",
    params(("agreement" = String, Path, description = "The agreement's id"),
        ("version" = u32, Path, description = "The version", minimum = 1)),
    responses((status = 200, description = "The agreement as that version says", body = AgreementShape)))]
pub(crate) async fn one_version(
    State(web): State<Web>,
    caller: Caller,
    Path((id, number)): Path<(String, u32)>,
    Query(_): Query<Nothing>,
) -> Result<Json<AgreementShape>, Problem> {
    Ok(Json(version(web, caller, id, Some(number)).await?))
}

async fn version(
    web: Web,
    caller: Caller,
    id: String,
    number: Option<u32>,
) -> Result<AgreementShape, Problem> {
    let asking = web.clone();
    let shape = read(&web, move |app| {
        let versions = versions_of(&asking, app, &caller, &id)?;
        let asked = |known: &&Known| number.is_none_or(|number| known.set.version == number);
        let known = versions.iter().rfind(asked);
        let known = known.ok_or(Failed::Missing("version of this agreement"))?;
        AgreementShape::of(&Reader::of(app, &caller.0.viewer.scope), known)
    });
    Ok(shape.await?)
}

/// List the versions of an agreement
///
/// The last first, each with what it changed in words.
#[utoipa::path(get, path = "/agreements/{agreement}/versions", tag = "agreements",
    operation_id = "list_agreement_versions",
    params(("agreement" = String, Path, description = "The agreement's id")),
    responses((status = 200, description = "Its versions", body = All<AgreementVersion>)))]
pub(crate) async fn versions(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<String>,
    Query(_): Query<Nothing>,
) -> Result<Json<All<AgreementVersion>>, Problem> {
    let asking = web.clone();
    let all = read(&web, move |app| {
        let versions = versions_of(&asking, app, &caller, &id)?;
        let mut before: Option<&Agreement> = None;
        let mut items = Vec::new();
        for known in &versions {
            items.push(AgreementVersion {
                version: known.set.version,
                from: instant(known.set.from),
                at: instant(known.at),
                n: known.name.n,
                effects: effects(before, &known.set.agreement),
            });
            before = Some(&known.set.agreement);
        }
        items.reverse();
        Ok(All { items })
    });
    Ok(Json(all.await?))
}

/// An agreement as text.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AgreementText {
    /// The TOML, as `baton agreement import` takes it.
    #[schema(min_length = 1)]
    text: String,
}

impl Body for AgreementText {}

/// What a text would change.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Effects {
    /// The agreement's id.
    id: String,
    /// The version it would be.
    version: u32,
    /// What it would change against the last version, in words; nothing where both say the same.
    effects: Vec<String>,
}

/// Say what an agreement would change
///
/// Nothing is changed: the text is read, and compared with the last version in sight.
#[utoipa::path(post, path = "/agreements/effects", tag = "agreements", operation_id = "agreement_effects",
    request_body = AgreementText,
    responses((status = 200, description = "What it would change", body = Effects)))]
pub(crate) async fn would(
    State(web): State<Web>,
    sent: Sent<AgreementText>,
) -> Result<Json<Effects>, Problem> {
    let asked = agreements::read(&sent.body.text).map_err(unreadable)?;
    Ok(Json(compared(&web, &sent.by, &asked).await?))
}

/// What an agreement would change against the last version in sight.
async fn compared(web: &Web, by: &Caller, asked: &SetAgreement) -> Result<Effects, Problem> {
    let (by, agreement) = (by.clone(), asked.agreement.clone());
    let effects = read(web, move |app| {
        let last = last(app, &by, &agreement.id)?;
        let before = last.as_ref().map(|known| &known.set.agreement);
        Ok(Effects {
            id: agreement.id.to_string(),
            version: last.as_ref().map_or(1, |known| known.set.version + 1),
            effects: effects(before, &agreement),
        })
    });
    Ok(effects.await?)
}

fn last(app: &baton_app::App, caller: &Caller, id: &AgreementId) -> Result<Option<Known>, Failed> {
    let scope = &caller.0.viewer.scope;
    let known = views::in_sight(&Reader::of(app, scope), scope)?;
    Ok(known
        .into_iter()
        .rfind(|known| known.set.agreement.id == *id))
}

/// What is wrong with a text: the first finding, and all of them by their line.
fn unreadable(findings: Vec<Diagnostic>) -> Problem {
    let Some(first) = findings.first() else {
        return Problem::invalid(
            "`text` is no agreement; write it like one of `GET /api/v1/agreements/{agreement}`",
        );
    };
    let at = |finding: &Diagnostic| format!("line {}, column {}", finding.line, finding.column);
    let detail = format!(
        "`text`, {}: {}; correct it and send it again",
        at(first),
        first.message
    );
    let mut problem = Problem::invalid(&detail).about(Some(at(first)));
    problem.code = first.code.clone();
    problem.kind = format!("/problems/{}", first.code);
    let fields = findings.iter();
    problem.fields = fields
        .map(|finding| (at(finding), finding.message.clone()))
        .collect();
    problem
}

/// An agreement that was taken in.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AgreementTaken {
    /// The agreement's id.
    id: String,
    /// The version it is.
    version: u32,
    /// From when on it counts.
    #[schema(format = DateTime)]
    from: String,
    #[serde(flatten)]
    accepted: Accepted,
}

/// Take an agreement in
///
/// Or its next version, for a vendor manager of the client. It counts from its date, never before now.
#[utoipa::path(post, path = "/agreements", tag = "agreements", operation_id = "set_agreement",
    request_body = AgreementText,
    responses((status = 201, description = "It counts from its date", body = AgreementTaken)))]
pub(crate) async fn set(
    State(web): State<Web>,
    sent: Sent<AgreementText>,
) -> Result<(StatusCode, Json<AgreementTaken>), Problem> {
    let asked = agreements::read(&sent.body.text).map_err(unreadable)?;
    let id = asked.agreement.id.to_string();
    let receipt = once::send(&web, &sent, Command::SetAgreement(Box::new(asked))).await?;
    let set = receipt.events.iter().find_map(|event| match event {
        Event::AgreementSet(set) => Some(set),
        _ => None,
    });
    let set = set.ok_or_else(|| Problem::answered_before(receipt.n))?;
    let taken = AgreementTaken {
        id,
        version: set.version,
        from: instant(set.from),
        accepted: Accepted::of(&receipt),
    };
    Ok((StatusCode::CREATED, Json(taken)))
}
