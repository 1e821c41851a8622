//! Chunked encryption of originals: each chunk is sealed by itself, bound to the file's name, its place
//! and whether it is the last, so that chunks can be neither swapped, dropped nor moved to another file.
//!
//! Pure: bytes in, bytes out; the shell writes and reads the files. The nonce is synthetic, and a
//! file's random name makes equal files unequal on disk.

use crate::SealError;
use crate::keys::{SubjectKey, siv};
use baton_model::TenantId;

/// How many bytes of the original a chunk holds.
pub const CHUNK_BYTES: usize = 64 * 1024;

/// What the encryption adds to a chunk.
const TAG_BYTES: usize = 16;

/// What every file begins with.
const SHAPE: &[u8; 8] = b"BATON-D1";

/// Why an original does not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChunkError {
    /// The file is not one of ours, or of a newer shape.
    #[error(
        "BATON-ACCESS-005: the file is not an encrypted original of this version; restore it from a backup"
    )]
    Shape,
    /// The file was sealed under a key that has been destroyed.
    #[error("BATON-ACCESS-006: the original was erased; its key is destroyed for ever")]
    Erased,
    /// A chunk was changed, cut, swapped or moved.
    #[error(
        "BATON-ACCESS-007: chunk {index} of the original was changed; restore the file from a backup"
    )]
    Forged {
        /// The chunk, from 0.
        index: u64,
    },
}

/// Encrypts an original under its subject's key, bound to the name its file will have.
pub fn encrypt(
    key: &SubjectKey,
    tenant: &TenantId,
    name: &str,
    bytes: &[u8],
) -> Result<Vec<u8>, SealError> {
    let mut out = Vec::with_capacity(bytes.len() + bytes.len() / CHUNK_BYTES * TAG_BYTES + 64);
    out.extend_from_slice(SHAPE);
    out.extend_from_slice(&key.mark);
    let last = bytes.len().saturating_sub(1) / CHUNK_BYTES;
    let mut cipher = siv(&key.chunks);
    for index in 0..=last {
        let end = bytes.len().min((index + 1) * CHUNK_BYTES);
        let place = place(index as u64, index == last);
        let chunk = &bytes[index * CHUNK_BYTES..end];
        let sealed = cipher.encrypt(binding(tenant, name, &place), chunk);
        out.extend(sealed.map_err(|_| SealError::Long)?);
    }
    Ok(out)
}

/// Decrypts an original.
pub fn decrypt(
    key: &SubjectKey,
    tenant: &TenantId,
    name: &str,
    file: &[u8],
) -> Result<Vec<u8>, ChunkError> {
    let body = file.strip_prefix(SHAPE).ok_or(ChunkError::Shape)?;
    let (mark, body) = body.split_at_checked(8).ok_or(ChunkError::Shape)?;
    if mark != key.mark {
        return Err(ChunkError::Erased);
    }
    let size = CHUNK_BYTES + TAG_BYTES;
    let last = body.len().saturating_sub(1) / size;
    let mut cipher = siv(&key.chunks);
    let mut out = Vec::with_capacity(body.len());
    for index in 0..=last {
        let chunk = &body[index * size..body.len().min((index + 1) * size)];
        let index = index as u64;
        let place = place(index, index == last as u64);
        let plain = cipher.decrypt(binding(tenant, name, &place), chunk);
        out.extend(plain.map_err(|_| ChunkError::Forged { index })?);
    }
    Ok(out)
}

fn place(index: u64, last: bool) -> [u8; 9] {
    let mut place = [0; 9];
    place[..8].copy_from_slice(&index.to_be_bytes());
    place[8] = u8::from(last);
    place
}

fn binding<'a>(tenant: &'a TenantId, name: &'a str, place: &'a [u8]) -> [&'a [u8]; 4] {
    [SHAPE, tenant.as_str().as_bytes(), name.as_bytes(), place]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round(length: usize) -> (SubjectKey, TenantId, Vec<u8>, Vec<u8>) {
        let bytes: Vec<u8> = (0..length).map(|n| (n * 7 % 251) as u8).collect();
        let (key, tenant) = (SubjectKey::new([3; 32]), TenantId::new("lv"));
        let file = encrypt(&key, &tenant, "a.doc", &bytes).unwrap();
        (key, tenant, bytes, file)
    }

    fn code(error: ChunkError) -> String {
        error.to_string().chars().take(16).collect()
    }

    #[test]
    fn originals_of_every_length_come_back() {
        for length in [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 200_000] {
            let (key, tenant, bytes, file) = round(length);
            assert_eq!(decrypt(&key, &tenant, "a.doc", &file), Ok(bytes));
        }
    }

    #[test]
    fn a_changed_cut_swapped_or_moved_file_is_refused() {
        let (key, tenant, _, file) = round(3 * CHUNK_BYTES);
        let open = |file: &[u8]| decrypt(&key, &tenant, "a.doc", file);
        let mut changed = file.clone();
        changed[70_000] ^= 1;
        assert!(matches!(open(&changed), Err(ChunkError::Forged { .. })));
        let size = CHUNK_BYTES + TAG_BYTES;
        assert!(open(&file[..16 + 2 * size]).is_err(), "the last chunk cut");
        let mut swapped = file[..16].to_vec();
        swapped.extend_from_slice(&file[16 + size..16 + 2 * size]);
        swapped.extend_from_slice(&file[16..16 + size]);
        swapped.extend_from_slice(&file[16 + 2 * size..]);
        assert_eq!(open(&swapped), Err(ChunkError::Forged { index: 0 }));
        assert!(decrypt(&key, &tenant, "b.doc", &file).is_err());
        assert!(decrypt(&key, &TenantId::new("lw"), "a.doc", &file).is_err());
        assert_eq!(open(b"plain"), Err(ChunkError::Shape));
        assert_eq!(code(ChunkError::Forged { index: 0 }), "BATON-ACCESS-007");
        assert_eq!(code(ChunkError::Shape), "BATON-ACCESS-005");
    }

    #[test]
    fn another_key_means_erased() {
        let (_, tenant, _, file) = round(10);
        let other = SubjectKey::new([4; 32]);
        let refused = decrypt(&other, &tenant, "a.doc", &file);
        assert_eq!(refused, Err(ChunkError::Erased));
        assert_eq!(code(ChunkError::Erased), "BATON-ACCESS-006");
    }
}
