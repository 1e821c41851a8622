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
    let message = format!("lane `{lane}` is already run by {party} alone");
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

pub(crate) fn not_all(sum: u32) -> Rejection {
    let sum = percent(sum);
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
    let message = format!("party {party} is already paused in lane `{lane}`");
    Rejection::new(Refusal::Duplicate, "BATON-ALLOCATION-011", message)
}

pub(crate) fn not_paused(lane: &LaneId, party: &PartyId) -> Rejection {
    let message = format!("party {party} is not paused in lane `{lane}`");
    Rejection::new(Refusal::Duplicate, "BATON-ALLOCATION-012", message)
}

pub(crate) fn nothing_to_hand_over(lane: &LaneId) -> Rejection {
    let message = format!("none of these items of lane `{lane}` is to be handed over any more");
    Rejection::new(Refusal::Duplicate, "BATON-ALLOCATION-013", message)
}

pub(crate) fn too_many(parties: usize) -> Rejection {
    let message = format!(
        "{parties} parties are too many for a lane, which has at most {}",
        crate::views::PLACES
    );
    Rejection::new(Refusal::Invalid, "BATON-ALLOCATION-014", message)
}
