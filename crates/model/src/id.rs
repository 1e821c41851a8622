//! Typed ids: one newtype a thing, so that a case is never passed where a work item is meant.
//!
//! Ids are opaque text. Those made by Baton are derived from the entry that made them (see the
//! engine), so the same commands give the same ids.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Arc<str>);

        impl $name {
            /// The id with this text.
            pub fn new(text: impl AsRef<str>) -> Self {
                Self(Arc::from(text.as_ref()))
            }

            /// The id's text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self::new(text)
            }
        }
    )*};
}

ids! {
    /// A client's data, or a party's own books; the first part of every key.
    TenantId;
    /// A legal entity, by its short code on strips and chips (`LV`).
    PartyId;
    /// A place of a party, with its calendar.
    SiteId;
    /// A calendar of open hours: a party's, a site's or an agreement's.
    CalendarId;
    /// A person or bot of a party.
    WorkerId;
    /// A process, without its version.
    ProcessId;
    /// A lane of a process.
    LaneId;
    /// A box in a process model.
    TaskId;
    /// One run of a process, like `P2P-20419`.
    CaseId;
    /// One run of a task in a case: the case's id, a dot, and a count.
    WorkItemId;
    /// An agreement between client and provider.
    AgreementId;
    /// A document that came in: an order, a receipt, an invoice.
    DocumentId;
    /// Whose personal data a field is; the owner of a key that can be destroyed.
    SubjectId;
    /// A pack: a folder that makes a service.
    PackId;
}
