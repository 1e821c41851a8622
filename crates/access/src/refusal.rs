//! The refusals of this room, with their codes. What is not for the one who asks is answered exactly
//! like what does not exist: the words carry only what was asked, never what was found.

use baton_journal::turn::Refusal;
use baton_journal::{Rejection, Stop};
use baton_model::{CaseId, LaneId, PartyId, SiteId, WorkItemId, WorkerId};

fn refuse(kind: Refusal, code: &str, message: String) -> Stop {
    Stop::Reject(Rejection::new(kind, code, message))
}

/// A refusal for the door, which has no stage to stop.
pub(crate) fn said(stop: Stop) -> Rejection {
    match stop {
        Stop::Reject(rejection) => rejection,
        Stop::Need(need) => {
            let message = format!("{} is not loaded; send it again", need.0);
            Rejection::new(Refusal::Conflict, "BATON-ACCESS-055", message)
        }
    }
}

pub(crate) fn founded() -> Stop {
    let message = "this tenant has begun already; use another tenant id".into();
    refuse(Refusal::Conflict, "BATON-ACCESS-010", message)
}

pub(crate) fn no_party(party: &PartyId) -> Stop {
    let message = format!("there is no party `{party}`; register it first");
    refuse(Refusal::Invalid, "BATON-ACCESS-011", message)
}

pub(crate) fn slot(slot: u32) -> Stop {
    let message = format!(
        "colour slot {slot} is taken, or the party has another one; a party keeps its slot for ever, and 0 is the client's; choose a free one"
    );
    refuse(Refusal::Conflict, "BATON-ACCESS-012", message)
}

pub(crate) fn role(party: &PartyId) -> Stop {
    let message = format!(
        "party `{party}` cannot have this role: a tenant has one client, named when it began; choose another role"
    );
    refuse(Refusal::Conflict, "BATON-ACCESS-013", message)
}

pub(crate) fn no_site(site: &SiteId, party: &PartyId) -> Stop {
    let message = format!("`{site}` is no site of party `{party}`; register it first");
    refuse(Refusal::Invalid, "BATON-ACCESS-014", message)
}

pub(crate) fn moved(what: &str) -> Stop {
    let message = format!("`{what}` belongs to another party; register a new one under a new id");
    refuse(Refusal::Conflict, "BATON-ACCESS-015", message)
}

pub(crate) fn unsealed(worker: &WorkerId) -> Stop {
    let message = format!(
        "name and address of `{worker}` came in the clear; they are personal: seal them at the door"
    );
    refuse(Refusal::Invalid, "BATON-ACCESS-016", message)
}

pub(crate) fn not_administrator() -> Stop {
    let message = "only an administrator of the client may do this; ask one".into();
    refuse(Refusal::Forbidden, "BATON-ACCESS-017", message)
}

pub(crate) fn not_vendor_manager() -> Stop {
    let message = "only a vendor manager or an administrator of the client may change who runs a lane; ask one";
    refuse(Refusal::Forbidden, "BATON-ACCESS-052", message.into())
}

pub(crate) fn stranger() -> Stop {
    let message = "the worker is not known here; sign in again".into();
    refuse(Refusal::Forbidden, "BATON-ACCESS-018", message)
}

pub(crate) fn no_worker(worker: &WorkerId) -> Stop {
    let message = format!("there is no worker `{worker}`; register the worker first");
    refuse(Refusal::Missing, "BATON-ACCESS-019", message)
}

pub(crate) fn no_hash() -> Stop {
    let message = "a token is kept as its SHA-256 in 64 small hex digits; send that".into();
    refuse(Refusal::Invalid, "BATON-ACCESS-020", message)
}

pub(crate) fn dead_link() -> Stop {
    let message =
        "this link was used, has expired or never was; ask for a new one where you got it".into();
    refuse(Refusal::Missing, "BATON-ACCESS-021", message)
}

pub(crate) fn no_session() -> Stop {
    let message = "there is no such session; sign in again".into();
    refuse(Refusal::Missing, "BATON-ACCESS-022", message)
}

pub(crate) fn past() -> Stop {
    let message = "the given end is not after now; give a later one".into();
    refuse(Refusal::Invalid, "BATON-ACCESS-023", message)
}

pub(crate) fn token_known() -> Stop {
    let message = "this token's hash is in use; draw a new token".into();
    refuse(Refusal::Conflict, "BATON-ACCESS-024", message)
}

pub(crate) fn no_name(most: usize) -> Stop {
    let message =
        format!("a token needs a name of 1 to {most} characters; say what program it is for");
    refuse(Refusal::Invalid, "BATON-ACCESS-025", message)
}

pub(crate) fn no_token() -> Stop {
    let message = "there is no such token; `baton token list` shows those that hold".into();
    refuse(Refusal::Missing, "BATON-ACCESS-026", message)
}

pub(crate) fn no_item(item: &WorkItemId) -> Stop {
    let message = format!(
        "there is no work item `{item}` here; look at its case, or take another one from your work"
    );
    refuse(Refusal::Missing, "BATON-ACCESS-030", message)
}

pub(crate) fn not_yours(item: &WorkItemId) -> Stop {
    let message = format!(
        "work item `{item}` is in a lane you do not work in; its lane's workers do it; take one of your lanes"
    );
    refuse(Refusal::Forbidden, "BATON-ACCESS-031", message)
}

pub(crate) fn unwritable(lane: &LaneId, field: &str) -> Stop {
    let message = format!(
        "lane `{lane}` may not write the field `{field}`; leave it out, or let the pack declare it and the agreement grant it under `write`"
    );
    match refuse(Refusal::Forbidden, "BATON-ACCESS-032", message) {
        Stop::Reject(rejection) => Stop::Reject(rejection.about(field)),
        need => need,
    }
}

pub(crate) fn no_case(case: &CaseId) -> Stop {
    let message =
        format!("there is no case `{case}` here; search for it among those in your sight");
    refuse(Refusal::Missing, "BATON-ACCESS-040", message)
}

pub(crate) fn no_reason() -> Stop {
    let message = "say why, in 3 to 500 characters".into();
    refuse(Refusal::Invalid, "BATON-ACCESS-041", message)
}

pub(crate) fn undeclared(field: &str) -> Stop {
    let message = format!(
        "the field `{field}` is not declared for your lanes; it cannot be revealed to you; ask somebody whose lane declares it"
    );
    refuse(Refusal::Forbidden, "BATON-ACCESS-042", message)
}

pub(crate) fn spent(budget: usize, minutes: i64) -> Stop {
    let message = format!(
        "your {budget} reveals of this hour are used; the next is free in {minutes} min; wait for it"
    );
    refuse(Refusal::Forbidden, "BATON-ACCESS-043", message)
}

pub(crate) fn unaskable(party: &PartyId) -> Stop {
    let message = format!(
        "`{party}` does not see this case through you and could not answer; ask the client, who sees every case"
    );
    match refuse(Refusal::Invalid, "BATON-ACCESS-053", message) {
        Stop::Reject(rejection) => Stop::Reject(rejection.about("party")),
        need => need,
    }
}

pub(crate) fn not_client() -> Stop {
    let message = "only a worker of the client objects to a pause; answer what is asked instead, or let the client know".into();
    refuse(Refusal::Forbidden, "BATON-ACCESS-054", message)
}

pub(crate) fn takes_nothing_in() -> Stop {
    let message = "your party does not run the lane in which documents arrive; give the file to the client, or to the party that runs that lane; where no party may, deploy the pack again".into();
    refuse(Refusal::Forbidden, "BATON-ACCESS-056", message)
}

pub(crate) fn not_inviting() -> Stop {
    let message =
        "only an administrator or a team leader of a party lets its workers in; ask one of yours"
            .into();
    refuse(Refusal::Forbidden, "BATON-ACCESS-057", message)
}

pub(crate) fn invites_itself(party: &PartyId) -> Stop {
    let message = format!(
        "`{party}` lets its own workers in: an administrator or a team leader of it has signed in before; ask one of them"
    );
    refuse(Refusal::Forbidden, "BATON-ACCESS-058", message)
}

pub(crate) fn shell_only() -> Stop {
    let message = "only Baton itself does this; leave it to happen by its own".into();
    refuse(Refusal::Forbidden, "BATON-ACCESS-050", message)
}

pub(crate) fn nothing() -> Stop {
    let message = "there is nothing to note; count at least one attempt".into();
    refuse(Refusal::Invalid, "BATON-ACCESS-051", message)
}
