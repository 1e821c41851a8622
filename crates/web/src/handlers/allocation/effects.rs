//! What a change of a lane would do, computed before it is made from the same rows the command will be
//! decided on; and the command it comes to.

use super::{Fields, ramp};
use crate::handlers::frame::Frame;
use crate::handlers::work::encoded;
use crate::pages::allocation::Preview;
use baton_app::command::{Command, PlanShares, Step};
use baton_app::lanes::{self, InFlight, LaneNow, Part, Share, Takes};
use baton_model::share::percent;
use baton_model::{Micros, PartyId, WallTime};
use jiff::civil::DateTime;

/// The command the fields come to; in words what is wrong with them.
pub(super) fn command(
    frame: &Frame<'_>,
    lane: &LaneNow,
    fields: &Fields,
) -> Result<Command, String> {
    let dated = match text(fields, "act") {
        "share" => dated(frame, fields)?,
        _ => None,
    };
    Change::of(frame, lane, fields)?.command(lane, fields, dated)
}

/// A change that is asked for.
enum Change {
    Share(Vec<Share>),
    Ramp(Vec<Step>, Option<Micros>),
    Pause(PartyId),
    Resume(PartyId),
    StepIn(PartyId),
    Cancel,
    Undo,
}

impl Change {
    /// The change as its fields say; in words what is wrong with them.
    fn of(frame: &Frame<'_>, lane: &LaneNow, fields: &Fields) -> Result<Self, String> {
        let party = PartyId::new(text(fields, "party"));
        match text(fields, "act") {
            "pause" => Ok(Self::Pause(party)),
            "resume" => Ok(Self::Resume(party)),
            "step_in" => Ok(Self::StepIn(party)),
            "cancel" => Ok(Self::Cancel),
            "undo" => Ok(Self::Undo),
            "share" => shares(lane, fields).map(Self::Share),
            "ramp" => {
                ramp::steps(frame, lane, fields).map(|(steps, until)| Self::Ramp(steps, until))
            }
            other => Err(format!(
                "there is no change `{other}`; choose one on the page"
            )),
        }
    }

    /// The command.
    fn command(self, lane: &LaneNow, fields: &Fields, dated: Dated) -> Result<Command, String> {
        let id = lane.id.clone();
        let in_flight = policy(fields);
        let reason = text(fields, "reason").trim().to_owned();
        if reason.is_empty() {
            return Err("say why: the reason is kept and shown to those it concerns".into());
        }
        Ok(match self {
            Self::Share(mut shares) => {
                shares.retain(|share| share.basis_points > 0 || has_part(lane, &share.party));
                if let Some((at, until)) = dated {
                    let step = Step {
                        at,
                        shares,
                        gate: None,
                    };
                    return Ok(Command::PlanShares(PlanShares {
                        lane: id,
                        steps: vec![step],
                        until,
                        in_flight,
                        reason,
                    }));
                }
                Command::SetShares {
                    lane: id,
                    shares,
                    in_flight,
                    reason,
                }
            }
            Self::Ramp(steps, until) => Command::PlanShares(PlanShares {
                lane: id,
                steps,
                until,
                in_flight,
                reason,
            }),
            Self::Cancel => Command::CancelPlan { lane: id, reason },
            Self::Undo => Command::UndoChange { lane: id, reason },
            Self::Pause(party) => Command::PauseParty {
                lane: id,
                party,
                in_flight,
                reason,
            },
            Self::Resume(party) => Command::ResumeParty {
                lane: id,
                party,
                reason,
            },
            Self::StepIn(party) => Command::StepIn {
                lane: id,
                party,
                in_flight,
                reason,
            },
        })
    }

    /// Each party's part of new cases afterwards.
    fn after(&self, lane: &LaneNow) -> Vec<(PartyId, u32)> {
        let kept = |without: Option<&PartyId>, with: Option<&PartyId>| {
            let parts = lane.parts.iter().filter(|part| {
                let party = &part.share.party;
                Some(party) == with || (part.active && Some(party) != without)
            });
            parts
                .map(|part| (part.share.party.clone(), part.share.basis_points))
                .collect()
        };
        match self {
            Self::Share(shares) => {
                let paused = |party: &PartyId| {
                    let part = lane.parts.iter().find(|part| part.share.party == *party);
                    part.is_some_and(|part| part.paused.is_some())
                };
                let works = shares.iter().filter(|share| !paused(&share.party));
                works
                    .map(|share| (share.party.clone(), share.basis_points))
                    .collect()
            }
            Self::Ramp(steps, _) => steps.last().map_or_else(Vec::new, ramp::split),
            Self::Cancel => super::now(lane),
            Self::Undo => lane.before.clone(),
            Self::Pause(party) => kept(Some(party), None),
            Self::Resume(party) => kept(None, Some(party)),
            Self::StepIn(party) => vec![(party.clone(), 10_000)],
        }
    }
}

fn has_part(lane: &LaneNow, party: &PartyId) -> bool {
    lane.parts.iter().any(|part| part.share.party == *party)
}

pub(super) fn text<'a>(fields: &'a Fields, name: &str) -> &'a str {
    fields.get(name).map(String::as_str).unwrap_or_default()
}

fn policy(fields: &Fields) -> InFlight {
    lanes::policy(text(fields, "in_flight")).unwrap_or_default()
}

/// The preview's own address with each policy for work in flight.
fn policies(fields: &Fields, chosen: InFlight) -> Vec<(String, &'static str, bool)> {
    let asked = fields.iter().filter(|(name, _)| {
        sent_back(name) || matches!(name.as_str(), "lane" | "act" | "party" | "at" | "until")
    });
    let asked = asked.filter(|(name, _)| name.as_str() != "in_flight");
    let query: Vec<String> = asked
        .map(|(name, value)| format!("{}={}", encoded(name), encoded(value)))
        .collect();
    let all = [
        ("finish", "Finish all"),
        ("split", "Finish started"),
        ("hand_over", "Hand over all"),
    ];
    let link = |(word, words)| {
        let href = format!("/allocation?{}&in_flight={word}", query.join("&"));
        (href, words, lanes::policy(word) == Some(chosen))
    };
    all.map(link).into()
}

/// Whether a field of the preview goes along with the change.
fn sent_back(name: &str) -> bool {
    let each = [
        "share.", "when.", "least.", "most.", "lang.", "at.", "gate.",
    ];
    each.iter().any(|prefix| name.starts_with(prefix)) || name == "in_flight"
}

/// The shares as they were typed, one field a party.
fn shares(lane: &LaneNow, fields: &Fields) -> Result<Vec<Share>, String> {
    let typed = fields.iter().filter_map(|(name, value)| {
        let party = name.strip_prefix("share.")?;
        Some((PartyId::new(party), value.as_str()))
    });
    let mut shares = Vec::new();
    for (party, value) in typed {
        let part = lane.parts.iter().find(|part| part.share.party == party);
        let when = text(fields, &format!("when.{party}")).trim().to_owned();
        let site = part.map(|part| part.share.site.clone());
        let site = site.or_else(|| lane.homes.get(&party).cloned());
        let site = site.ok_or_else(|| format!("{party} has no site here; register one first"))?;
        shares.push(Share {
            basis_points: points(value).map_err(|wrong| format!("share of {party}: {wrong}"))?,
            site,
            when: Some(when).filter(|when| !when.is_empty()),
            takes: takes(fields, &party)?,
            party,
        });
    }
    let sum: u64 = shares
        .iter()
        .map(|share| u64::from(share.basis_points))
        .sum();
    if sum != 10_000 {
        let sum = percent(u32::try_from(sum).unwrap_or(u32::MAX));
        return Err(format!(
            "the shares add up to {sum} %, not 100 %; correct them"
        ));
    }
    Ok(shares)
}

/// Which cases a party takes, as it was typed.
fn takes(fields: &Fields, party: &PartyId) -> Result<Takes, String> {
    let typed = |name: &str| text(fields, &format!("{name}.{party}")).trim().to_owned();
    let value = |name: &str| match typed(name).as_str() {
        "" => Ok(None),
        value => value.replace(',', ".").parse().map(Some).map_err(|_| {
            format!("`{value}` is no value of a case of {party}; write a number like 25000")
        }),
    };
    let languages = typed("lang");
    let languages = languages.split([',', ' ']).map(str::trim);
    Ok(Takes {
        languages: languages
            .filter(|code| !code.is_empty())
            .map(str::to_owned)
            .collect(),
        least: value("least")?,
        most: value("most")?,
    })
}

/// When a change comes true and when it ends, where it is dated.
type Dated = Option<(Micros, Option<Micros>)>;

/// The dates of a change as they were typed, in the viewer's zone.
fn dated(frame: &Frame<'_>, fields: &Fields) -> Result<Dated, String> {
    let read = |name: &str| match text(fields, name).trim() {
        "" => Ok(None),
        typed => instant(frame, typed)
            .map(Some)
            .ok_or_else(|| format!("`{typed}` is no day and time; write it like 2026-12-01T08:00")),
    };
    match (read("at")?, read("until")?) {
        (None, None) => Ok(None),
        // From now on: the tick takes a step that is due at once.
        (at, until) => Ok(Some((
            at.unwrap_or(frame.now.plus(WallTime::seconds(1))),
            until,
        ))),
    }
}

pub(super) fn instant(frame: &Frame<'_>, typed: &str) -> Option<Micros> {
    let local: DateTime = typed.parse().ok()?;
    let zoned = local.to_zoned(frame.zone.clone()).ok()?;
    Some(Micros(zoned.timestamp().as_microsecond()))
}

/// A percentage with at most two decimals, a comma or a point before them, in hundredths.
pub(super) fn points(typed: &str) -> Result<u32, String> {
    let wrong = || format!("`{typed}` is no percentage; write a number like 70 or 33.34");
    let text = typed.trim().trim_end_matches('%').trim().replace(',', ".");
    let (whole, part) = text.split_once('.').unwrap_or((text.as_str(), ""));
    let digits = |text: &str| text.chars().all(|sign| sign.is_ascii_digit());
    if whole.is_empty() || whole.len() > 3 || part.len() > 2 || !digits(whole) || !digits(part) {
        return Err(wrong());
    }
    let whole: u32 = whole.parse().map_err(|_| wrong())?;
    let part: u32 = format!("{part:0<2}").parse().map_err(|_| wrong())?;
    match whole * 100 + part {
        points @ ..=10_000 => Ok(points),
        _ => Err(wrong()),
    }
}

/// The preview of the change the fields ask for.
pub(super) fn preview(
    frame: &Frame<'_>,
    lane: &LaneNow,
    fields: &Fields,
    refused: Option<String>,
) -> Preview {
    let change = Change::of(frame, lane, fields);
    let party = PartyId::new(text(fields, "party"));
    let name = named(frame, &party);
    let (act, button, title) = match text(fields, "act") {
        "pause" => ("pause", "Pause", format!("Pause {name} in {}", lane.name)),
        "resume" => (
            "resume",
            "Resume",
            format!("Resume {name} in {}", lane.name),
        ),
        "step_in" => (
            "step_in",
            "Step in",
            format!("{name} steps in for {}", lane.name),
        ),
        "cancel" => (
            "cancel",
            "Cancel the plan",
            format!("Cancel what is planned for {}", lane.name),
        ),
        "undo" => (
            "undo",
            "Undo",
            format!("Undo the last change of {}", lane.name),
        ),
        "ramp" => ("ramp", "Plan the ramp", format!("Ramp of {}", lane.name)),
        _ => (
            "share",
            "Set shares",
            format!("New shares of {}", lane.name),
        ),
    };
    let (effects, wrong) = match &change {
        Ok(change) => (effects(frame, lane, change, policy(fields)), None),
        Err(wrong) => (Vec::new(), Some(wrong.clone())),
    };
    let ends = |name: &str| act == "ramp" && name == "until";
    let kept = fields.keys().filter(|name| sent_back(name) || ends(name));
    let nobody = change
        .as_ref()
        .is_ok_and(|change| !change.after(lane).iter().any(|(_, points)| *points > 0));
    Preview {
        button: button.into(),
        title,
        act,
        party: text(fields, "party").to_owned(),
        kept: kept
            .map(|name| (name.clone(), text(fields, name).to_owned()))
            .collect(),
        at: text(fields, "at").to_owned(),
        until: text(fields, "until").to_owned(),
        policies: if ["resume", "cancel"].contains(&act) {
            Vec::new()
        } else {
            policies(fields, policy(fields))
        },
        effects,
        warning: warning(frame, lane, change.as_ref().ok()),
        reason: text(fields, "reason").to_owned(),
        may: frame.signed.viewer.may_allocate() && wrong.is_none() && !nobody,
        refused: refused.or(wrong),
    }
}

/// What stands against a change: a lane nobody would run, or a party without a worker for it.
fn warning(frame: &Frame<'_>, lane: &LaneNow, change: Option<&Change>) -> Option<String> {
    let after = change?.after(lane);
    let mut runs = after.iter().filter(|(_, points)| *points > 0).peekable();
    if runs.peek().is_none() {
        let what = "Then nobody would run the lane.";
        return Some(format!(
            "{what} Let another party step in, or give one a share first."
        ));
    }
    let idle = runs.find(|(party, _)| lane.workers.get(party).is_none_or(|count| *count == 0));
    idle.map(|(party, _)| {
        format!(
            "No worker of {} does {}: its items would wait. Give one of its workers the lane first.",
            named(frame, party),
            lane.name
        )
    })
}

/// A party's name.
pub(super) fn named(frame: &Frame<'_>, party: &PartyId) -> String {
    let known = frame.parties.get(party);
    known.map_or_else(|| party.to_string(), |party| party.name.clone())
}

pub(super) type Effect = (String, String, String, &'static str);

fn effects(frame: &Frame<'_>, lane: &LaneNow, change: &Change, policy: InFlight) -> Vec<Effect> {
    if let Change::Ramp(steps, until) = change {
        return ramp::effects(frame, lane, steps, *until, policy);
    }
    let after = change.after(lane);
    let before: Vec<(PartyId, u32)> = super::now(lane);
    let mut parties: Vec<&PartyId> = before
        .iter()
        .chain(&after)
        .map(|(party, _)| party)
        .collect();
    parties.sort();
    parties.dedup();
    let mut effects = Vec::new();
    for party in parties {
        let (now, then) = (part_of(&before, party), part_of(&after, party));
        if now != then {
            let name = format!("New cases to {}", named(frame, party));
            effects.push((name, now, then, "exact, from then on"));
        }
    }
    effects.extend(in_flight(frame, lane, &after, policy));
    effects
}

/// A party's part of what all active ones have, in percent.
pub(super) fn part_of(shares: &[(PartyId, u32)], party: &PartyId) -> String {
    let all: u64 = shares.iter().map(|(_, points)| u64::from(*points)).sum();
    let own = shares.iter().find(|(of, _)| of == party);
    let own = own.map_or(0, |(_, points)| u64::from(*points));
    let points = u32::try_from(own * 10_000 / all.max(1)).unwrap_or_default();
    format!("{} %", percent(points))
}

/// What becomes of the open items of those that stop.
fn in_flight(
    frame: &Frame<'_>,
    lane: &LaneNow,
    after: &[(PartyId, u32)],
    policy: InFlight,
) -> Vec<Effect> {
    let goes_on = |part: &&Part| {
        let own = after.iter().find(|(party, _)| *party == part.share.party);
        own.is_some_and(|(_, points)| *points > 0)
    };
    let stopping = lane
        .parts
        .iter()
        .filter(|part| !goes_on(part) && part.open > 0);
    let (mut effects, mut moved) = (Vec::new(), 0);
    for part in stopping {
        let stays = match policy {
            InFlight::Finish => part.open,
            InFlight::Split => part.started,
            InFlight::HandOver => 0,
        };
        moved += part.open - stays;
        let name = format!("Open items of {}", named(frame, &part.share.party));
        let sure = "exact; what is started or finished meanwhile changes it";
        effects.push((name, part.open.to_string(), stays.to_string(), sure));
    }
    let takers: Vec<&Part> = lane.parts.iter().filter(goes_on).collect();
    if let ([taker], true) = (takers.as_slice(), moved > 0) {
        let name = format!("Open items of {}", named(frame, &taker.share.party));
        let then = (taker.open + moved).to_string();
        effects.push((
            name,
            taker.open.to_string(),
            then,
            "exact; clocks split at that instant",
        ));
    } else if moved > 0 {
        effects.push((
            "Items handed over".into(),
            "0".into(),
            moved.to_string(),
            "exact; by the new shares",
        ));
    }
    effects
}

#[cfg(test)]
mod tests {
    use super::points;

    #[test]
    fn a_percentage_is_read_as_people_write_it() {
        let read = ["70", " 33,34 %", "0", "100", "2.5"].map(|text| points(text).ok());
        assert_eq!(
            read,
            [Some(7_000), Some(3_334), Some(0), Some(10_000), Some(250)]
        );
        for wrong in ["", "-1", "101", "100.01", "7e1", "33.333", "x", "1.-2"] {
            assert!(points(wrong).is_err(), "{wrong}");
        }
    }
}
