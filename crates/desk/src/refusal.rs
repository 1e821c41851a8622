//! What a worker is told who may not do what was asked: one refusal a reason, each saying what to do.

use crate::asking::{ASKED, FOR_PARTY};
use crate::item::{Item, State};
use crate::rules::PAUSES;
use baton_journal::Rejection;
use baton_journal::command::Contest;
use baton_journal::turn::Refusal;
use baton_model::{Micros, WorkItemId, WorkerId};

pub(crate) fn no_item(item: &WorkItemId) -> Rejection {
    let message =
        format!("there is no open work item `{item}`; it may be done already, see its case");
    Rejection::new(Refusal::Missing, "BATON-DESK-001", message)
}

pub(crate) fn not_yours(item: &Item, now: Micros) -> Rejection {
    let message = match item.holder(now) {
        Some(_) => format!(
            "{} is with a colleague; take another item or ask for it",
            item.id
        ),
        None => format!("{} is not with you (any more); claim it first", item.id),
    };
    Rejection::new(Refusal::Conflict, "BATON-DESK-002", message).about(item.id.as_str())
}

pub(crate) fn moved(item: &Item, expected: i64) -> Rejection {
    let message = format!(
        "{} was changed by entry {} after your page was drawn from entry {expected}; nothing of yours is lost, compare and send again",
        item.id, item.touched
    );
    Rejection::new(Refusal::Conflict, "BATON-DESK-003", message).about(item.touched.to_string())
}

pub(crate) fn excluded(item: &Item) -> Rejection {
    let message = format!(
        "you cannot do `{}` of {}: whoever created the order never approves its invoice; a colleague of the lane must; take another item",
        item.name, item.case
    );
    Rejection::new(Refusal::Forbidden, "BATON-DESK-004", message)
}

pub(crate) fn lacks_role(item: &Item, role: &str) -> Rejection {
    let message = format!(
        "`{}` of {} needs a worker with the role {role}; take another item",
        item.name, item.case
    );
    Rejection::new(Refusal::Forbidden, "BATON-DESK-005", message)
}

pub(crate) fn lacks(item: &Item, missing: &[String]) -> Rejection {
    let message = format!(
        "`{}` of {} asks for {}, which you do not have; take another item, a colleague who has it will do this one",
        item.name,
        item.case,
        missing.join(" and ")
    );
    Rejection::new(Refusal::Forbidden, "BATON-DESK-011", message)
}

pub(crate) fn paused(item: &Item, reason: &str) -> Rejection {
    let message = format!("{} is paused ({reason}); resume it first", item.id);
    Rejection::new(Refusal::Conflict, "BATON-DESK-006", message)
}

pub(crate) fn unknown_pause(reason: &str) -> Rejection {
    let message = format!(
        "`{reason}` is no reason to pause; choose one of {}",
        PAUSES.join(", ")
    );
    Rejection::new(Refusal::Invalid, "BATON-DESK-007", message).about("reason")
}

pub(crate) fn without_request(code: &str) -> Rejection {
    let message = format!(
        "`{code}` waits for somebody: send a `request` that says what is asked; only from such a request to its answer does the clock stand still"
    );
    Rejection::new(Refusal::Invalid, "BATON-DESK-040", message).about("request")
}

pub(crate) fn not_asked(code: &str) -> Rejection {
    let message = format!(
        "nobody is asked by `{code}`; choose one of {}, or leave the request out",
        ASKED.join(", ")
    );
    Rejection::new(Refusal::Invalid, "BATON-DESK-041", message).about("reason")
}

pub(crate) fn asks_nobody() -> Rejection {
    let message = format!("`{FOR_PARTY}` needs the `party` that is asked; name it");
    Rejection::new(Refusal::Invalid, "BATON-DESK-042", message).about("party")
}

pub(crate) fn own_party() -> Rejection {
    let message = "your own party is no other side; set the item aside as `internal`, and its clock runs on, or name another party";
    Rejection::new(Refusal::Invalid, "BATON-DESK-043", message).about("party")
}

pub(crate) fn asked_already(item: &Item, n: i64, waits_for: &str) -> Rejection {
    let message = format!(
        "what entry {n} asked about {} is not answered ({waits_for}); an answer lets it run again: record it with who gave it, or wait for it",
        item.id
    );
    Rejection::new(Refusal::Conflict, "BATON-DESK-044", message).about(n.to_string())
}

pub(crate) fn no_request(item: &Item) -> Rejection {
    let message = format!(
        "nothing is asked about {} (any more); reload the page, it may be answered already",
        item.id
    );
    Rejection::new(Refusal::Conflict, "BATON-DESK-045", message)
}

pub(crate) fn unsaid() -> Rejection {
    let message = "say who gave the answer: you record it for somebody else";
    Rejection::new(Refusal::Invalid, "BATON-DESK-046", message).about("given_by")
}

pub(crate) fn open_text() -> Rejection {
    let message = "what is asked, answered and objected may be personal and came in the clear; seal it at the door";
    Rejection::new(Refusal::Invalid, "BATON-DESK-047", message)
}

pub(crate) fn no_contest(asked: &Contest) -> Rejection {
    let message = format!(
        "entry {} asked nothing about {} that you could object to; see the pauses of the case",
        asked.request, asked.item
    );
    Rejection::new(Refusal::Missing, "BATON-DESK-048", message)
}

pub(crate) fn contested(n: i64) -> Rejection {
    let message =
        format!("entry {n} objects to this pause already; look there, the relief desk decides it");
    Rejection::new(Refusal::Duplicate, "BATON-DESK-049", message)
}

pub(crate) fn still_held(item: &Item) -> Rejection {
    let message = format!(
        "{} is in a queue or with a worker whose lease still holds; wait for its end",
        item.id
    );
    Rejection::new(Refusal::Conflict, "BATON-DESK-009", message)
}

pub(crate) fn over(item: &WorkItemId) -> Rejection {
    let message = format!(
        "{item} is over: somebody completed it, or the process took it back; nothing of yours was kept, take another item"
    );
    Rejection::new(Refusal::Conflict, "BATON-DESK-031", message)
}

pub(crate) fn stale(item: &Item, fence: i64, now: Micros) -> Rejection {
    let message = if item.fence != fence {
        format!(
            "the claim of entry {fence} holds no more: entry {} gave {} away anew; nothing of yours was kept, claim again",
            item.fence, item.id
        )
    } else {
        let ended = match &item.state {
            State::Assigned { until, .. } if *until <= now => format!("its lease ended at {until}"),
            _ => format!("{} went back to the queue", item.id),
        };
        format!(
            "the claim of entry {fence} holds no more: {ended}; nothing of yours was kept, claim again and extend the lease in time"
        )
    };
    Rejection::new(Refusal::Conflict, "BATON-DESK-031", message).about(item.touched.to_string())
}

pub(crate) fn unfenced() -> Rejection {
    let message = "a fence belongs to a command about one work item; send the command without it";
    Rejection::new(Refusal::Invalid, "BATON-DESK-033", message)
}

pub(crate) fn no_service(item: &Item) -> Rejection {
    let message = format!(
        "{} is no bot's item; pause it, give it back or complete it",
        item.id
    );
    Rejection::new(Refusal::Conflict, "BATON-DESK-034", message)
}

pub(crate) fn unsound_code() -> Rejection {
    let message = "an error's code has 1 to 100 letters, digits, hyphens, dots or underscores; send one like `not-readable`";
    Rejection::new(Refusal::Invalid, "BATON-DESK-035", message).about("code")
}

pub(crate) fn in_queue(item: &Item) -> Rejection {
    let message = format!(
        "{} is in the queue already; leave it there, or give it to somebody",
        item.id
    );
    Rejection::new(Refusal::Duplicate, "BATON-DESK-012", message)
}

pub(crate) fn has_it(item: &Item, worker: &WorkerId) -> Rejection {
    let message = format!(
        "{} is with {worker} already; leave it there, or choose somebody else",
        item.id
    );
    Rejection::new(Refusal::Duplicate, "BATON-DESK-013", message)
}

/// Why the worker cannot be given an item, in the words of what the worker would have been told.
pub(crate) fn cannot(item: &Item, worker: &WorkerId, why: &Rejection) -> Rejection {
    let reason = match why.code.as_str() {
        "BATON-DESK-001" => format!("{worker} does not do this lane for your party"),
        "BATON-DESK-004" => format!("{worker} created the order and never approves its invoice"),
        _ => {
            let missing = why.message.split(" asks for ").nth(1);
            let missing = missing.and_then(|rest| rest.split(", which you").next());
            match (missing, &item.role) {
                (Some(missing), _) => format!("{worker} lacks {missing}"),
                (None, role) => {
                    format!("{worker} lacks the role {}", role.as_deref().unwrap_or(""))
                }
            }
        }
    };
    let message = format!(
        "{} cannot go there: {reason}; choose somebody else",
        item.id
    );
    Rejection::new(Refusal::Forbidden, "BATON-DESK-014", message)
}

pub(crate) fn none_free(candidates: usize) -> Rejection {
    let message = format!("none of the {candidates} items is free any more; reload the list");
    Rejection::new(Refusal::Conflict, "BATON-DESK-010", message)
}
