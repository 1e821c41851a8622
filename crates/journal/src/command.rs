//! Commands: what may be asked. A command is sealed at the door: its personal fields are sealed cells.

pub mod agreement;
mod asking;
mod desk;
mod lanes;
mod tokens;
mod work;

pub use asking::{Answer, Ask, Contest};
pub use desk::{Assign, DecideTime, ProposeTime};
pub use lanes::{PlanShares, TakeStep};
pub use tokens::{IssueToken, RevokeToken};
pub use work::{ClaimFor, Extend, Fail, Fenced};

use crate::document::Document;
use crate::people::WorkState;
use crate::setup::{Deployment, InFlight, Party, Share, Site, Worker};
use baton_model::{
    CaseId, Diagnostic, LaneId, Micros, PartyId, ProcessId, Record, SubjectId, WorkItemId, WorkerId,
};
use serde::{Deserialize, Serialize};

/// A request to change something.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    // ---- set-up, decided by `access` and `engine`
    /// Begin a tenant.
    Found {
        /// The tenant's name.
        name: String,
        /// Whether its data is simulated; for ever.
        simulated: bool,
        /// Whose data it is.
        client: PartyId,
    },
    /// Make a party known.
    RegisterParty(Party),
    /// Make a site known.
    RegisterSite(Site),
    /// Make a worker known, or change one.
    RegisterWorker(Worker),
    /// Deploy a pack, or a new version of it.
    Deploy(Box<Deployment>),
    /// Give a lane to a party from now on.
    Allocate {
        /// The lane.
        lane: LaneId,
        /// Who runs it.
        party: PartyId,
        /// Why.
        reason: String,
    },

    /// Split a lane's new cases between parties from now on. Shares add up to 10,000.
    SetShares {
        /// The lane.
        lane: LaneId,
        /// The parties; those with 0 are backups.
        shares: Vec<Share>,
        /// What becomes of the open items of a party that has no share any more.
        in_flight: InFlight,
        /// Why.
        reason: String,
    },
    /// Give a party nothing new in a lane until it is resumed.
    PauseParty {
        /// The lane.
        lane: LaneId,
        /// The party.
        party: PartyId,
        /// What becomes of its open items.
        in_flight: InFlight,
        /// Why; the party sees it.
        reason: String,
    },
    /// Let a paused party have its share again.
    ResumeParty {
        /// The lane.
        lane: LaneId,
        /// The party.
        party: PartyId,
        /// Why.
        reason: String,
    },
    /// Let a party of the lane, mostly a backup, run all of it from now on.
    StepIn {
        /// The lane.
        lane: LaneId,
        /// Who steps in.
        party: PartyId,
        /// What becomes of the open items of the others.
        in_flight: InFlight,
        /// Why.
        reason: String,
    },
    /// Restore what was before the last change of a lane.
    UndoChange {
        /// The lane.
        lane: LaneId,
        /// Why.
        reason: String,
    },
    /// Let the shares of a lane change by dated steps.
    PlanShares(PlanShares),
    /// Cancel what is still to come of a lane's plan.
    CancelPlan {
        /// The lane.
        lane: LaneId,
        /// Why.
        reason: String,
    },
    /// Take the step of a lane's plan that is due.
    TakeStep(TakeStep),
    /// Give these open items of parties that stopped to those that run the lane now: a slice of a
    /// hand-over, sent by the shell.
    HandOver {
        /// The lane.
        lane: LaneId,
        /// The items with their cases.
        items: Vec<(CaseId, WorkItemId)>,
    },

    /// Let a version of an agreement count from its date on.
    SetAgreement(Box<agreement::SetAgreement>),

    // ---- intake
    /// Take in a document that was read.
    Receive(Box<Document>),
    /// Note a file that could not be read.
    Refuse {
        /// The file's name.
        name: String,
        /// How it came.
        channel: String,
        /// SHA-256 of its bytes, in hex.
        sha256: String,
        /// Its size in bytes.
        size: u64,
        /// What is wrong with it.
        findings: Vec<Diagnostic>,
    },

    // ---- engine
    /// Start a case of a process by hand.
    StartCase {
        /// The process.
        process: ProcessId,
        /// Its first fields.
        record: Record,
    },
    /// A timer has come due.
    FireTimer {
        /// The case.
        case: CaseId,
        /// The timer's id in the case.
        timer: String,
    },
    /// A message for whichever case waits for it.
    Publish {
        /// The message's name.
        message: String,
        /// The case it is for.
        case: CaseId,
        /// The correlation key's value.
        key: String,
        /// What it brings.
        record: Record,
    },
    /// Try a stuck step again, after setting fields.
    ResolveIncident {
        /// The case.
        case: CaseId,
        /// The incident's id in the case.
        incident: String,
        /// Fields to set first.
        record: Record,
    },

    // ---- desk
    /// Take a work item.
    Claim {
        /// The item.
        item: WorkItemId,
        /// Its case.
        case: CaseId,
    },
    /// Take a work item from the colleague who has it.
    TakeOver {
        /// The item.
        item: WorkItemId,
        /// Its case.
        case: CaseId,
    },
    /// Take the first of these that is still free.
    ClaimNext {
        /// Items with their cases, as the page saw them.
        candidates: Vec<(CaseId, WorkItemId)>,
    },
    /// Give a work item back.
    Release {
        /// The item.
        item: WorkItemId,
        /// Its case.
        case: CaseId,
    },
    /// Keep what was typed so far.
    SaveDraft {
        /// The item.
        item: WorkItemId,
        /// Its case.
        case: CaseId,
        /// The form's fields.
        fields: Record,
    },
    /// Finish a work item.
    Complete {
        /// The item.
        item: WorkItemId,
        /// Its case.
        case: CaseId,
        /// The `n` that last touched the item when the page was drawn.
        expected: i64,
        /// The form's fields.
        fields: Record,
    },
    /// Set an item aside, with a coded reason of the holder's own; its clock runs on.
    Pause {
        /// The item.
        item: WorkItemId,
        /// Its case.
        case: CaseId,
        /// The reason's code, like `break`.
        reason: String,
    },
    /// Go on with it.
    Resume {
        /// The item.
        item: WorkItemId,
        /// Its case.
        case: CaseId,
    },
    /// Stop an item's clock until somebody has answered.
    Ask(Box<Ask>),
    /// Answer what is asked about an item.
    Answer(Box<Answer>),
    /// Object to a pause.
    Contest(Box<Contest>),
    /// Take the first of these that is still free, for so long.
    ClaimFor(ClaimFor),
    /// Keep an item for longer.
    Extend(Extend),
    /// Say that a bot cannot do an item.
    Fail(Fail),
    /// Do this only while a claim holds.
    Fenced(Fenced),

    /// Give a work item to a worker of one's own party, or back to the queue.
    Assign(Assign),
    /// Say what one does from now on.
    SetState {
        /// What.
        state: WorkState,
    },
    /// End the shift of a worker of whom nothing was seen for long: sent by the shell.
    EndShift {
        /// The worker.
        worker: WorkerId,
    },
    /// Say that one's time was other than recorded.
    ProposeTime(ProposeTime),
    /// Decide on such a correction.
    DecideTime(DecideTime),

    // ---- access
    /// Make a one-time sign-in link.
    Invite {
        /// For whom.
        worker: WorkerId,
        /// SHA-256 of the link's token, in hex.
        link: String,
        /// Until when it works.
        until: Micros,
    },
    /// Use a one-time link.
    OpenSession {
        /// SHA-256 of the link's token, in hex.
        link: String,
        /// SHA-256 of the new session's token, in hex.
        session: String,
        /// Until when the session holds.
        until: Micros,
    },
    /// Sign out.
    CloseSession {
        /// SHA-256 of the session's token, in hex.
        session: String,
    },
    /// Let a client program act as a worker.
    IssueToken(IssueToken),
    /// Let it act no more.
    RevokeToken(RevokeToken),
    /// Show a masked field once, for a reason.
    Reveal {
        /// The case.
        case: CaseId,
        /// The field.
        field: String,
        /// Why.
        reason: String,
    },
    /// Attempts to reach what the worker may not see, counted over a minute.
    NoteDenials {
        /// Who tried.
        worker: WorkerId,
        /// The first id tried.
        what: String,
        /// How many attempts.
        count: u32,
    },
    /// Destroy a subject's key.
    EraseSubject {
        /// Whose data.
        subject: SubjectId,
        /// Why, like the request's reference.
        reason: String,
    },
}

impl Command {
    /// The command's name for people and lists, like `claim_next`.
    pub fn label(&self) -> String {
        match self {
            Self::Fenced(fenced) => fenced.command.label(),
            command => crate::about::label(command),
        }
    }
}
