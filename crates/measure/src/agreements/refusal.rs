//! Why a version of an agreement is not taken in.

use baton_journal::Rejection;
use baton_journal::turn::Refusal;
use baton_model::{AgreementId, LaneId, PartyId};

pub(super) fn same(id: &AgreementId, version: u32) -> Rejection {
    let message = format!(
        "{id} says the same as its version {version}; nothing was changed, change the text for another version"
    );
    Rejection::new(Refusal::Duplicate, "BATON-MEASURE-010", message).about(version.to_string())
}

pub(super) fn other_provider(id: &AgreementId, provider: &PartyId) -> Rejection {
    let message =
        format!("{id} is an agreement with {provider}; give one with another party its own id");
    Rejection::new(Refusal::Invalid, "BATON-MEASURE-011", message).about("provider")
}

pub(super) fn other_client(client: &PartyId) -> Rejection {
    let message = format!(
        "{client} is not the client here; an agreement names whose processes they are; correct the name"
    );
    Rejection::new(Refusal::Invalid, "BATON-MEASURE-012", message).about("client")
}

pub(super) fn unknown(kind: &str, id: &str) -> Rejection {
    let message =
        format!("there is no {kind} `{id}` here; correct the name, or make it known first");
    Rejection::new(Refusal::Invalid, "BATON-MEASURE-013", message).about(id)
}

pub(super) fn covered(lane: &LaneId, other: &AgreementId) -> Rejection {
    let message = format!(
        "lane `{lane}` of this provider is covered by {other} at the same time; end that one first, or bring it as its next version"
    );
    Rejection::new(Refusal::Conflict, "BATON-MEASURE-014", message).about(lane.as_str())
}
