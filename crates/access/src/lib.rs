//! Access: who is signed in, which party sees which case, which fields a worker is shown, and the keys
//! under which personal fields are sealed. It alone issues a [`baton_model::Scope`] and makes a
//! [`baton_model::Masked`].
//!
//! It does no IO, draws no randomness and keeps no key: keys, instants and tokens' hashes are arguments,
//! and where keys lie is the shell's business (`app`). Its data comes from set-up events, allocations and
//! sign-in; its views are joined by every query, and its mask stands before every page.
//!
//! # What it is built against
//!
//! - **Whoever reads disk, backup or journal** finds personal fields only as ciphertext ([`seal()`]). Each
//!   is bound to tenant, record, field and subject, so a cell moved elsewhere does not open, and a subject
//!   erased stays erased: its key was random, lay in one place, and is gone. Sizes of fields, ids of
//!   subjects and which fields are personal can be seen.
//! - **Whoever holds the root key and the journal** can read everything that is not erased. They are kept
//!   and backed up apart; nothing here protects one who has both.
//! - **A worker of another party** gets the same answer for a case that is not there as for one that is
//!   not in sight (`guard`); the attempts are counted and journaled. Queries join the view `sight`.
//! - **A curious worker of the right party** sees the fields that the own lanes declare, personal ones as
//!   dots; a reveal takes a reason, is journaled by field, and there are five an hour. An original shows
//!   all at once: only lanes that declare `original.*` open one, and each opening is journaled.
//! - **A stolen one-time link** works once, for a day; tokens are kept as hashes, so views and journal
//!   open no session. A session ends after half a day, and at once when it is closed. A client program's token ends after a
//!   year at the latest, and at once when it is revoked.
//! - **A failing source of randomness** breaks no cell: the nonce is synthetic (AES-SIV).
//! - **Not covered here**: what a worker copies by hand, what is in the memory of a running process, a
//!   subject's old key in a backup of the key store that outlives its erasure, the traffic of the network.

mod chunk;
mod grants;
mod guard;
mod keys;
mod mask;
mod redact;
mod refusal;
mod reveal;
mod rows;
mod seal;
mod session;
mod setup;
mod sight;
mod stage;
mod tenancy;
mod terms;
mod token;
mod told;
pub mod views;
mod writing;

pub use chunk::{CHUNK_BYTES, ChunkError, decrypt, encrypt};
pub use grants::{Grant, Grants, Reading};
pub use keys::{KEY_BYTES, RootKey, SubjectKey, TenantKey};
pub use mask::{DOTS, Opener, Shown, mask, mask_person, mask_said, structural};
pub use redact::{BLACK, is_freetext, redact};
pub use reveal::{ORIGINALS_AN_HOUR, REVEALS_AN_HOUR, Reveals};
pub use seal::{Place, SealError, document_record, matches, open, seal, seal_record};
pub use session::{LINK_LIFE, Link, SESSION_LIFE, SESSION_SQL, Session, party_scope, scope_of};
pub use sight::{CaseSight, Holding, case_condition, item_condition, queue_condition};
pub use stage::Access;
pub use tenancy::{ADMINISTRATOR, Person, Tenancy, VENDOR_MANAGER};
pub use terms::Terms;
pub use token::{TOKEN_LIFE, Token};
pub use told::{Told, ToldEntry, ToldEvent};
pub use writing::{Target, WRITING_SQL, may_take_in, may_write};
