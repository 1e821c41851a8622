//! Why a change of a lane is refused, and what to do.

use baton_journal::Rejection;
use baton_journal::turn::Refusal;
use baton_model::share::percent;
use baton_model::{LaneId, PartyId, SiteId};

pub(crate) fn no_lane(lane: &LaneId) -> Rejection {
    let message =
        format!("there is no lane `{lane}`; `baton lane list` shows those that are deployed");
    Rejection::new(Refusal::Missing, "BATON-ALLOCATION-001", message)
}

pub(crate) fn no_site(party: &PartyId) -> Rejection {
    let message = format!("party {party} has no site here; register the party and a site first");
    Rejection::new(Refusal::Invalid, "BATON-ALLOCATION-002", message)
}

pub(crate) fn already(lane: &LaneId, party: &PartyId) -> Rejection {
    let message = format!("lane `{lane}` is already run by {party} alone; choose another party");
    Rejection::new(Refusal::Duplicate, "BATON-ALLOCATION-003", message)
}

pub(crate) fn lane_taken(lane: &LaneId, pack: &str) -> Rejection {
    let message = format!(
        "lane id `{lane}` already belongs to pack {pack}; give the lane another id in the model"
    );
    Rejection::new(Refusal::Invalid, "BATON-ALLOCATION-004", message)
}

pub(crate) fn no_reason() -> Rejection {
    let message = "say why: the reason is kept and shown to those it concerns";
    Rejection::new(Refusal::Invalid, "BATON-ALLOCATION-005", message)
}

pub(crate) fn not_all(sum: u64) -> Rejection {
    let sum = percent(u32::try_from(sum).unwrap_or(u32::MAX));
    let message = format!("the shares add up to {sum} %, not 100 %; correct them");
    Rejection::new(Refusal::Invalid, "BATON-ALLOCATION-006", message)
}

pub(crate) fn twice() -> Rejection {
    let message = "a party stands twice among the shares; give it one share";
    Rejection::new(Refusal::Invalid, "BATON-ALLOCATION-007", message)
}

pub(crate) fn no_such_site(party: &PartyId, site: &SiteId) -> Rejection {
    let message = format!("party {party} has no site `{site}`; name one of its sites");
    Rejection::new(Refusal::Invalid, "BATON-ALLOCATION-008", message)
}

pub(crate) fn nobody_left(lane: &LaneId) -> Rejection {
    let message = format!(
        "then nobody would run lane `{lane}`; let another party step in, or give one a share first"
    );
    Rejection::new(Refusal::Invalid, "BATON-ALLOCATION-009", message)
}

pub(crate) fn no_part(lane: &LaneId, party: &PartyId) -> Rejection {
    let message = format!("party {party} has no part in lane `{lane}`; choose one that has");
    Rejection::new(Refusal::Missing, "BATON-ALLOCATION-010", message)
}

pub(crate) fn paused_already(lane: &LaneId, party: &PartyId) -> Rejection {
    let message =
        format!("party {party} is already paused in lane `{lane}`; resume it, or leave it so");
    Rejection::new(Refusal::Duplicate, "BATON-ALLOCATION-011", message)
}

pub(crate) fn not_paused(lane: &LaneId, party: &PartyId) -> Rejection {
    let message = format!("party {party} is not paused in lane `{lane}`; leave it so");
    Rejection::new(Refusal::Duplicate, "BATON-ALLOCATION-012", message)
}

pub(crate) fn nothing_to_hand_over(lane: &LaneId) -> Rejection {
    let message = format!(
        "none of these items of lane `{lane}` is to be handed over any more; read the lane again"
    );
    Rejection::new(Refusal::Duplicate, "BATON-ALLOCATION-013", message)
}

pub(crate) fn too_many(parties: usize) -> Rejection {
    let message = format!(
        "{parties} parties are too many for a lane; name at most {}",
        crate::views::PLACES
    );
    Rejection::new(Refusal::Invalid, "BATON-ALLOCATION-014", message)
}

/// A lane that shows a class of data goes to no site where that class is barred.
pub(crate) fn barred(
    lane: &LaneId,
    site: &SiteId,
    class: &str,
    country: Option<&str>,
) -> Rejection {
    let place = country.map_or_else(String::new, |country| format!(" ({country})"));
    let message = format!(
        "lane `{lane}` shows data of the class `{class}`, which may not be seen at site `{site}`{place}; choose another site, or take these fields out of what the lane reads"
    );
    Rejection::new(Refusal::Forbidden, "BATON-ALLOCATION-015", message)
}

pub(crate) fn plan_open(lane: &LaneId) -> Rejection {
    let message = format!("lane `{lane}` has a plan that goes on; cancel it first");
    Rejection::new(Refusal::Conflict, "BATON-ALLOCATION-016", message)
}

pub(crate) fn steps(count: usize) -> Rejection {
    let most = crate::plan::STEPS;
    let message = format!("a plan has one to {most} steps, not {count}; correct them");
    Rejection::new(Refusal::Invalid, "BATON-ALLOCATION-017", message)
}

pub(crate) fn not_in_order() -> Rejection {
    let message = "the steps of a plan lie ahead, each later than the one before, and its end after the last; correct the dates";
    Rejection::new(Refusal::Invalid, "BATON-ALLOCATION-018", message)
}

pub(crate) fn gate() -> Rejection {
    let message =
        "a gate asks for 0 to 100 %, over one hop or more of the last 1 to 92 days; correct it";
    Rejection::new(Refusal::Invalid, "BATON-ALLOCATION-019", message)
}

pub(crate) fn no_plan(lane: &LaneId) -> Rejection {
    let message = format!("lane `{lane}` has no such plan any more; read the lane again");
    Rejection::new(Refusal::Missing, "BATON-ALLOCATION-020", message)
}

pub(crate) fn not_due(lane: &LaneId, step: u32) -> Rejection {
    let message = format!("step {step} of the plan of lane `{lane}` is not due yet; wait for it");
    Rejection::new(Refusal::Conflict, "BATON-ALLOCATION-021", message)
}

pub(crate) fn too_few(hops: u32) -> Rejection {
    let message =
        format!("the gate asks for {hops} hops that ended; wait for them, as the step does");
    Rejection::new(Refusal::Conflict, "BATON-ALLOCATION-022", message)
}

pub(crate) fn nothing_to_undo(lane: &LaneId) -> Rejection {
    let message = format!("there is no change of lane `{lane}` to undo; set its shares instead");
    Rejection::new(Refusal::Missing, "BATON-ALLOCATION-023", message)
}

pub(crate) fn untold(lane: &LaneId, what: &str) -> Rejection {
    let message = format!(
        "the pack of lane `{lane}` names no field for the {what} of a case; name it there, or take the condition away"
    );
    Rejection::new(Refusal::Invalid, "BATON-ALLOCATION-024", message)
}
