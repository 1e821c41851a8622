//! Sign-in, grants, masks, subject keys

mod chunk;
mod keys;
mod seal;

pub use chunk::{CHUNK_BYTES, ChunkError, decrypt, encrypt};
pub use keys::{KEY_BYTES, RootKey, SubjectKey, TenantKey};
pub use seal::{Place, SealError, document_record, matches, open, seal, seal_record};
