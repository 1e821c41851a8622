//! What an event is about: its case, the slots it touches, and its name for people.

use crate::Event;
use crate::event::{
    ClaimReleased, DocumentRefused, QuantitiesClaimed, RefusalRepeated, SessionOpened,
};
use crate::slots::Key;
use baton_model::CaseId;
use serde::Serialize;

impl Event {
    /// The case the event is about, if any.
    pub fn case(&self) -> Option<&CaseId> {
        match self {
            Self::DocumentCorrelated { case, .. }
            | Self::PaymentProposed { case, .. }
            | Self::CaseStarted { case, .. }
            | Self::TokenMoved { case, .. }
            | Self::FieldsSet { case, .. }
            | Self::Evaluated { case, .. }
            | Self::Decided { case, .. }
            | Self::TaskReady { case, .. }
            | Self::TaskEnded { case, .. }
            | Self::ServiceAsked { case, .. }
            | Self::ServiceAnswered { case, .. }
            | Self::ServiceFailed { case, .. }
            | Self::TimerSet { case, .. }
            | Self::TimerEnded { case, .. }
            | Self::MessageAwaited { case, .. }
            | Self::MessageEnded { case, .. }
            | Self::IncidentRaised { case, .. }
            | Self::IncidentResolved { case, .. }
            | Self::CaseEnded { case, .. }
            | Self::ItemAllocated { case, .. }
            | Self::ItemOffered { case, .. }
            | Self::ItemAssigned { case, .. }
            | Self::ItemReleased { case, .. }
            | Self::DraftSaved { case, .. }
            | Self::ItemPaused { case, .. }
            | Self::ItemResumed { case, .. }
            | Self::ItemCompleted { case, .. } => Some(case),
            Self::QuantitiesClaimed(claimed) => Some(&claimed.case),
            Self::ClaimReleased(released) => Some(&released.case),
            Self::ShareDrawn(drawn) => Some(&drawn.case),
            Self::ServiceLeft(left) => Some(&left.case),
            Self::LeaseExtended(extended) => Some(&extended.case),
            Self::ItemFailed(failed) => Some(&failed.case),
            Self::AnswerRequested(asked) => Some(&asked.case),
            Self::RequestAnswered(answered) => Some(&answered.case),
            Self::PauseContested(contested) => Some(&contested.case),
            Self::ItemSetAside(aside) => Some(&aside.case),
            Self::FieldRevealed(revealed) => Some(&revealed.case),
            Self::ItemDirected(directed) => Some(&directed.case),
            _ => None,
        }
    }

    /// The slots that must be loaded before the event is applied.
    pub fn keys(&self) -> Vec<Key> {
        let mut keys = vec![Key::Tenant];
        keys.extend(self.case().cloned().map(Key::Case));
        match self {
            Self::DocumentReceived { document, .. } | Self::DocumentCorrelated { document, .. } => {
                keys.push(Key::number(document));
                keys.extend(document.orders.iter().cloned().map(Key::Order));
            }
            Self::DocumentRefused(DocumentRefused { sha256, .. })
            | Self::RefusalRepeated(RefusalRepeated { sha256, .. }) => {
                keys.push(Key::File(sha256.clone()));
            }
            Self::QuantitiesClaimed(QuantitiesClaimed {
                order, cost_centre, ..
            })
            | Self::ClaimReleased(ClaimReleased {
                order, cost_centre, ..
            }) => {
                keys.extend(order.clone().map(Key::Order));
                keys.extend(cost_centre.clone().map(Key::Budget));
            }
            Self::ShareDrawn(drawn) => keys.push(Key::Lane(drawn.lane.clone())),
            Self::LinkIssued(issued) => keys.push(Key::Link(issued.link.clone())),
            Self::TokenIssued(issued) => keys.push(Key::Token(issued.hash.clone())),
            Self::TokenRevoked(revoked) => keys.push(Key::Token(revoked.hash.clone())),
            Self::SessionOpened(SessionOpened { link, session, .. }) => {
                keys.extend([Key::Link(link.clone()), Key::Session(session.clone())]);
            }
            Self::SessionClosed(closed) => keys.push(Key::Session(closed.session.clone())),
            Self::FieldRevealed(revealed) => keys.push(Key::Worker(revealed.worker.clone())),
            Self::WorkerStateSet(set) => keys.push(Key::Worker(set.worker.clone())),
            Self::TimeCorrectionProposed(it) => keys.push(Key::Worker(it.worker.clone())),
            Self::TimeCorrectionDecided(it) => keys.push(Key::Worker(it.worker.clone())),
            _ => {}
        }
        keys
    }

    /// The event's name for people and lists, like `task_ready`.
    pub fn label(&self) -> String {
        label(self)
    }
}

/// The name of a variant as the journal writes it.
pub(crate) fn label(of: &impl Serialize) -> String {
    match serde_json::to_value(of) {
        Ok(serde_json::Value::Object(map)) => map.keys().next().cloned().unwrap_or_default(),
        Ok(serde_json::Value::String(name)) => name,
        _ => String::new(),
    }
}
