//! The chain: each entry's hash holds the one before it, so no entry can be changed, removed or
//! inserted without changing every hash after it.
//!
//! `chain(n) = SHA-256(0x02 || chain(n-1) || bytes(n))`, with 32 zero bytes before the first entry.
//! The first byte keeps the links apart from the leaves (`0x00`) and nodes (`0x01`) of the tree over
//! the same bytes (see `tree`), so no hash can be passed off as one of another kind. The tenant and
//! the number need no place of their own: they are in the bytes.
//!
//! A chain alone proves nothing against whoever can write all of it again; that is what a
//! `checkpoint` in another party's hands is for.

use crate::tree::Hash;
use sha2::{Digest, Sha256};

/// What stands before the first entry.
pub const START: Hash = [0; 32];

/// What the hashed text of a link begins with.
const LINK: [u8; 1] = [2];

/// The chain's hash after an entry with these bytes.
pub fn next(before: &Hash, bytes: &[u8]) -> Hash {
    Sha256::new()
        .chain_update(LINK)
        .chain_update(before)
        .chain_update(bytes)
        .finalize()
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_the_hash_of_its_mark_the_link_before_and_the_bytes() {
        let mut text = vec![2];
        text.extend([0; 32]);
        text.extend(b"entry");
        let expected: Hash = Sha256::digest(&text).into();
        assert_eq!(next(&START, b"entry"), expected);
    }

    #[test]
    fn a_changed_byte_changes_every_link_after_it() {
        let honest = next(&next(&START, b"one"), b"two");
        assert_ne!(next(&next(&START, b"onE"), b"two"), honest);
        assert_ne!(next(&next(&START, b"two"), b"one"), honest);
    }
}
