//! Events: what happened. An event's shape never changes; a new shape is a new variant beside the old
//! one, with an upcaster.
//!
//! What was evaluated is in the event: inputs, fired rules and result. Replay evaluates nothing.

mod access;
pub mod agreement;
mod asking;
mod desk;
mod intake;
mod lanes;
mod parts;
mod tokens;
mod work;

pub use access::{
    DenialsCounted, FieldRevealed, LinkIssued, SessionClosed, SessionOpened, SubjectErased,
};
pub use asking::{AnswerRequested, ItemSetAside, PauseContested, RequestAnswered};
pub use desk::{ItemDirected, TimeCorrectionDecided, TimeCorrectionProposed, WorkerStateSet};
pub use intake::{ClaimReleased, DocumentRefused, QuantitiesClaimed, RefusalRepeated};
pub use lanes::{
    Gate, GateMeasure, LaneShared, PartyPaused, PartyResumed, PlanEnded, Reading, ShareDrawn,
    SharesPlanned, Step, StepFailed, StepTaken,
};
pub use parts::{ClaimedLine, TaskEnd};
pub use tokens::{TokenIssued, TokenRevoked};
pub use work::{ItemFailed, LeaseExtended, ServiceLeft};

use crate::document::{Document, DocumentKind};
use crate::setup::{Deployment, Party, Site, Worker};
use crate::turn::FiredRule;
use baton_model::{
    CaseId, DocumentId, LaneId, Micros, PartyId, ProcessId, Record, SiteId, TaskId, Value,
    WorkItemId, WorkerId, WorkingTime,
};
use serde::{Deserialize, Serialize};

/// A fact.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    // ---- set-up
    /// A tenant began.
    TenantFounded {
        /// Its name.
        name: String,
        /// Whether its data is simulated.
        simulated: bool,
        /// Whose data it is.
        client: PartyId,
    },
    /// A party is known.
    PartyRegistered(Party),
    /// A site is known.
    SiteRegistered(Site),
    /// A worker is known, as described now.
    WorkerRegistered(Worker),
    /// A pack is in force for new cases.
    PackDeployed {
        /// The pack as deployed.
        deployment: Box<Deployment>,
        /// The version each of its processes got, counted per process from 1.
        versions: Vec<(ProcessId, u32)>,
    },
    /// A lane is run by a party from now on.
    LaneGiven {
        /// The lane.
        lane: LaneId,
        /// The party.
        party: PartyId,
        /// The party's site.
        site: SiteId,
        /// Why.
        reason: String,
    },

    /// A version of an agreement is known.
    AgreementSet(Box<agreement::AgreementSet>),

    // ---- intake
    /// A document was taken in.
    DocumentReceived {
        /// Its id.
        id: DocumentId,
        /// The document.
        document: Box<Document>,
        /// The document with the same sender and number but other content, if there was one.
        suspected_of: Option<DocumentId>,
    },
    /// A document was taken in that a running case waited for.
    DocumentCorrelated {
        /// The case.
        case: CaseId,
        /// The message it awaited: the document's kind by its name.
        message: String,
        /// The correlation key's value it awaited it by.
        key: String,
        /// The document's id.
        id: DocumentId,
        /// The document.
        document: Box<Document>,
        /// What it brings to the case.
        brought: Record,
    },
    /// A file was refused; it is kept.
    DocumentRefused(DocumentRefused),
    /// The bytes of a file that was refused came again and are refused again.
    RefusalRepeated(RefusalRepeated),
    /// An invoice claims quantities of an order and an amount of a budget until its case ends.
    QuantitiesClaimed(QuantitiesClaimed),
    /// The claim of a rejected case was given back.
    ClaimReleased(ClaimReleased),
    /// A payment is proposed: the end of purchase-to-pay.
    PaymentProposed {
        /// The case.
        case: CaseId,
        /// The invoice's number, supplier, amount, currency, due date; personal fields sealed.
        record: Record,
    },

    // ---- engine
    /// A case began.
    CaseStarted {
        /// The case.
        case: CaseId,
        /// The process.
        process: ProcessId,
        /// Its version.
        version: u32,
        /// The document that started it.
        document: Option<DocumentId>,
        /// Its kind.
        kind: Option<DocumentKind>,
        /// Its first fields.
        record: Record,
    },
    /// A token went from one node to the next.
    TokenMoved {
        /// The case.
        case: CaseId,
        /// The token.
        token: u32,
        /// The node left, absent at a start.
        from: Option<TaskId>,
        /// The node entered, absent where the token ends.
        to: Option<TaskId>,
        /// The sequence flow taken.
        flow: Option<String>,
    },
    /// Fields of a case were set.
    FieldsSet {
        /// The case.
        case: CaseId,
        /// The node that set them.
        by: TaskId,
        /// The fields.
        record: Record,
    },
    /// A condition or script was evaluated.
    Evaluated {
        /// The case.
        case: CaseId,
        /// The node.
        node: TaskId,
        /// The expression.
        expression: String,
        /// The names of the fields it read.
        inputs: Vec<String>,
        /// Its result.
        result: Value,
    },
    /// A decision was made.
    Decided {
        /// The case.
        case: CaseId,
        /// The node.
        node: TaskId,
        /// The decision's name.
        decision: String,
        /// The version of the process it was decided under.
        version: u32,
        /// Which element of a list it was about, from 0.
        element: Option<u32>,
        /// The rules that fired, with the inputs they saw.
        rules: Vec<FiredRule>,
        /// The result.
        result: Value,
    },
    /// A work item was created.
    TaskReady {
        /// The case.
        case: CaseId,
        /// The work item.
        item: WorkItemId,
        /// The task.
        task: TaskId,
        /// The task's name.
        name: String,
        /// The lane.
        lane: LaneId,
        /// The form's id.
        form: Option<String>,
        /// The item's own target, on the holder's calendar; else the lane's.
        target: Option<WorkingTime>,
        /// The role a worker needs.
        role: Option<String>,
        /// A worker who may not do it (the creator never approves).
        excluded: Option<WorkerId>,
    },
    /// A work item's task is over.
    TaskEnded {
        /// The case.
        case: CaseId,
        /// The work item.
        item: WorkItemId,
        /// How.
        end: TaskEnd,
    },
    /// A service of another stage is asked for.
    ServiceAsked {
        /// The case.
        case: CaseId,
        /// The node.
        node: TaskId,
        /// The token that waits.
        token: u32,
        /// The service's name, like `three-way-match`.
        service: String,
        /// The case's fields.
        record: Record,
    },
    /// The service answered.
    ServiceAnswered {
        /// The case.
        case: CaseId,
        /// The token that waits.
        token: u32,
        /// The answer.
        result: Value,
    },
    /// The service failed.
    ServiceFailed {
        /// The case.
        case: CaseId,
        /// The token that waits.
        token: u32,
        /// The error's code, for a boundary event.
        code: String,
        /// What went wrong and what to do.
        message: String,
    },
    /// No stage offers the service: a bot is to do it.
    ServiceLeft(ServiceLeft),
    /// A timer was set.
    TimerSet {
        /// The case.
        case: CaseId,
        /// Its id in the case.
        timer: String,
        /// The node it belongs to.
        node: TaskId,
        /// The token it belongs to.
        token: u32,
        /// When it is due.
        due: Micros,
    },
    /// A timer is over: fired or no longer needed.
    TimerEnded {
        /// The case.
        case: CaseId,
        /// Its id in the case.
        timer: String,
        /// Whether it fired.
        fired: bool,
    },
    /// A case waits for a message.
    MessageAwaited {
        /// The case.
        case: CaseId,
        /// The node.
        node: TaskId,
        /// The token.
        token: u32,
        /// The message's name.
        message: String,
        /// The correlation key's value.
        key: String,
    },
    /// A message arrived, or is no longer awaited.
    MessageEnded {
        /// The case.
        case: CaseId,
        /// The token.
        token: u32,
        /// The message's name.
        message: String,
        /// Whether it arrived.
        arrived: bool,
        /// What it brought.
        record: Record,
    },
    /// A case is stuck and needs a person.
    IncidentRaised {
        /// The case.
        case: CaseId,
        /// The incident's id in the case.
        incident: String,
        /// The node.
        node: TaskId,
        /// The token.
        token: u32,
        /// What went wrong and what to do.
        message: String,
    },
    /// The incident is over.
    IncidentResolved {
        /// The case.
        case: CaseId,
        /// The incident's id in the case.
        incident: String,
        /// Fields that were set.
        record: Record,
    },
    /// A case ended.
    CaseEnded {
        /// The case.
        case: CaseId,
        /// How, by the end event's name for it: `proposed`, `rejected`.
        outcome: String,
    },

    // ---- allocation
    /// A lane's new cases are split between these parties from now on.
    LaneShared(LaneShared),
    /// A party gets nothing new in a lane from now on.
    PartyPaused(PartyPaused),
    /// A paused party has its share again.
    PartyResumed(PartyResumed),
    /// A case was counted to a party's share of a lane.
    ShareDrawn(ShareDrawn),
    /// The shares of a lane will change by dated steps.
    SharesPlanned(SharesPlanned),
    /// A step of a lane's plan was taken.
    StepTaken(StepTaken),
    /// A step's gate did not hold.
    StepFailed(StepFailed),
    /// A lane's plan is over.
    PlanEnded(PlanEnded),
    /// A work item was given to a party.
    ItemAllocated {
        /// The case.
        case: CaseId,
        /// The work item.
        item: WorkItemId,
        /// The lane.
        lane: LaneId,
        /// The party.
        party: PartyId,
        /// The party's site, whose calendar the clock runs on.
        site: SiteId,
        /// The hop's target on that calendar.
        target: Option<WorkingTime>,
        /// Why this party.
        reason: String,
    },

    // ---- desk
    /// A work item stands in a party's queue.
    ItemOffered {
        /// The case.
        case: CaseId,
        /// The work item.
        item: WorkItemId,
    },
    /// A worker has the item.
    ItemAssigned {
        /// The case.
        case: CaseId,
        /// The work item.
        item: WorkItemId,
        /// The worker.
        worker: WorkerId,
        /// Until when, unless the worker does something.
        until: Micros,
    },
    /// The item went back to the queue.
    ItemReleased {
        /// The case.
        case: CaseId,
        /// The work item.
        item: WorkItemId,
        /// Why: `returned`, `idle`, `taken-over`.
        reason: String,
    },
    /// What was typed so far is kept.
    DraftSaved {
        /// The case.
        case: CaseId,
        /// The work item.
        item: WorkItemId,
        /// The worker.
        worker: WorkerId,
        /// The form's fields.
        fields: Record,
    },
    /// The item's clock stopped on the holder's word alone: only journals of before requests hold this.
    ItemPaused {
        /// The case.
        case: CaseId,
        /// The work item.
        item: WorkItemId,
        /// The reason's code.
        reason: String,
    },
    /// The item's clock runs again.
    ItemResumed {
        /// The case.
        case: CaseId,
        /// The work item.
        item: WorkItemId,
    },
    /// A worker completed the item.
    ItemCompleted {
        /// The case.
        case: CaseId,
        /// The work item.
        item: WorkItemId,
        /// The worker.
        worker: WorkerId,
        /// The form's fields.
        fields: Record,
    },
    /// Whoever has an item keeps it for longer.
    LeaseExtended(LeaseExtended),
    /// A bot could not do an item.
    ItemFailed(ItemFailed),

    /// The item's clock stopped until somebody has answered.
    AnswerRequested(Box<AnswerRequested>),
    /// Somebody answered, and it runs again.
    RequestAnswered(Box<RequestAnswered>),
    /// The client objects to a pause.
    PauseContested(Box<PauseContested>),
    /// The item was set aside; the clocks run on.
    ItemSetAside(ItemSetAside),

    /// A team leader decided who does an item.
    ItemDirected(ItemDirected),
    /// A worker does something else from now on.
    WorkerStateSet(WorkerStateSet),
    /// A worker says that the own time was other than recorded.
    TimeCorrectionProposed(TimeCorrectionProposed),
    /// A team leader decided on such a correction.
    TimeCorrectionDecided(TimeCorrectionDecided),

    // ---- access
    /// A one-time link was made.
    LinkIssued(LinkIssued),
    /// A session began; its link is used up.
    SessionOpened(SessionOpened),
    /// A client program may act as a worker.
    TokenIssued(TokenIssued),
    /// It may no more.
    TokenRevoked(TokenRevoked),
    /// A session ended.
    SessionClosed(SessionClosed),
    /// A masked field was shown to a worker.
    FieldRevealed(FieldRevealed),
    /// A worker tried to reach what the worker may not see.
    DenialsCounted(DenialsCounted),
    /// A subject's key is destroyed; the tombstone.
    SubjectErased(SubjectErased),
}
