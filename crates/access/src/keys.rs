//! The hierarchy of keys: root key → tenant key → subject key. A subject key is random and lies wrapped
//! under the tenant key; everything else is derived, so destroying the wrapped key destroys the data.
//!
//! Pure: random bytes come in as arguments, and where keys are kept is the shell's business. From here
//! they go to `seal` (cells) and `chunk` (originals). No key is printed or serialised.

use crate::SealError;
use aes_siv::KeyInit;
use aes_siv::siv::Aes256Siv;
use baton_model::{SubjectId, TenantId};
use hkdf::Hkdf;
use sha2::Sha256;
use std::fmt;
use zeroize::Zeroizing;

/// The length of a root or subject key in bytes.
pub const KEY_BYTES: usize = 32;

pub(crate) type Secret<const N: usize> = Zeroizing<[u8; N]>;

/// The key above all: from a file, a passphrase or a key service.
pub struct RootKey(Secret<KEY_BYTES>);

impl RootKey {
    /// The root key of these random bytes.
    pub fn new(bytes: [u8; KEY_BYTES]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The key of a tenant.
    pub fn tenant(&self, tenant: &TenantId) -> TenantKey {
        let derive = Hkdf::<Sha256>::new(Some(b"baton-tenant-1"), &self.0[..]);
        let name = tenant.as_str().as_bytes();
        TenantKey {
            tenant: tenant.clone(),
            wrap: expand(&derive, &[b"wrap", name]),
            blind: expand(&derive, &[b"blind", name]),
        }
    }
}

/// A tenant's key: wraps subject keys, and makes names that say nothing without it.
pub struct TenantKey {
    tenant: TenantId,
    wrap: Secret<64>,
    blind: Secret<32>,
}

impl TenantKey {
    /// Wraps a subject's key, bound to tenant and subject.
    pub fn wrap(&self, subject: &SubjectId, key: &SubjectKey) -> Result<Vec<u8>, SealError> {
        siv(&self.wrap)
            .encrypt(self.binding(subject), &key.secret[..])
            .map_err(|_| SealError::Long)
    }

    /// Unwraps a subject's key.
    pub fn unwrap_key(&self, subject: &SubjectId, wrapped: &[u8]) -> Result<SubjectKey, SealError> {
        let plain = siv(&self.wrap).decrypt(self.binding(subject), wrapped);
        let plain = Zeroizing::new(plain.map_err(|_| SealError::Wrapped)?);
        let bytes: [u8; KEY_BYTES] = plain[..].try_into().map_err(|_| SealError::Wrapped)?;
        Ok(SubjectKey::new(bytes))
    }

    /// A blind name in hex: the same for the same text, and meaningless without the key. `purpose`
    /// keeps names of different kinds apart.
    pub fn blind(&self, purpose: &str, text: &str) -> String {
        let derive = Hkdf::<Sha256>::new(Some(b"baton-blind-1"), &self.blind[..]);
        let name: Secret<16> = expand(&derive, &[purpose.as_bytes(), text.as_bytes()]);
        name.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    fn binding<'a>(&'a self, subject: &'a SubjectId) -> [&'a [u8]; 3] {
        [
            b"baton-subject-key-1",
            self.tenant.as_str().as_bytes(),
            subject.as_str().as_bytes(),
        ]
    }
}

/// The key of one subject's personal data. Destroyed, the data is gone.
pub struct SubjectKey {
    secret: Secret<KEY_BYTES>,
    pub(crate) cells: Secret<64>,
    pub(crate) chunks: Secret<64>,
    pub(crate) mark: [u8; 8],
}

impl SubjectKey {
    /// The subject key of these random bytes.
    pub fn new(bytes: [u8; KEY_BYTES]) -> Self {
        let secret = Zeroizing::new(bytes);
        let derive = Hkdf::<Sha256>::new(Some(b"baton-subject-1"), &secret[..]);
        let mark: Secret<8> = expand(&derive, &[b"mark"]);
        Self {
            cells: expand(&derive, &[b"cells"]),
            chunks: expand(&derive, &[b"chunks"]),
            mark: *mark,
            secret,
        }
    }
}

macro_rules! hidden {
    ($($name:ident)*) => {$(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(hidden)"))
            }
        }
    )*};
}

hidden!(RootKey TenantKey SubjectKey);

/// AES-256 in SIV mode (RFC 5297): deterministic, and safe when nothing is random.
pub(crate) fn siv(key: &Secret<64>) -> Aes256Siv {
    Aes256Siv::new(&(**key).into())
}

/// Derives a key from its parts. Each part is preceded by its length, so that no two lists of parts
/// read the same.
fn expand<const N: usize>(derive: &Hkdf<Sha256>, parts: &[&[u8]]) -> Secret<N> {
    let info: Vec<u8> = parts
        .iter()
        .flat_map(|part| {
            let length = (part.len() as u64).to_be_bytes();
            length.into_iter().chain(part.iter().copied())
        })
        .collect();
    let mut key = Zeroizing::new([0; N]);
    // Expansion fails only past 255 blocks of 32 bytes; the longest key here has two.
    let grown = derive.expand(&info, &mut key[..]);
    debug_assert!(grown.is_ok());
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tenant(byte: u8, name: &str) -> TenantKey {
        RootKey::new([byte; 32]).tenant(&TenantId::new(name))
    }

    #[test]
    fn a_wrapped_key_opens_only_for_its_tenant_and_subject() {
        let key = SubjectKey::new([7; 32]);
        let brixner = SubjectId::new("brixner");
        let wrapped = tenant(1, "lv").wrap(&brixner, &key).unwrap();
        let back = tenant(1, "lv").unwrap_key(&brixner, &wrapped).unwrap();
        assert_eq!(back.secret, key.secret);
        for (other, subject) in [
            (tenant(2, "lv"), "brixner"),
            (tenant(1, "lw"), "brixner"),
            (tenant(1, "lv"), "brixnes"),
        ] {
            let refused = other.unwrap_key(&SubjectId::new(subject), &wrapped);
            let said = refused.err().map(|error| error.to_string());
            assert!(said.is_some_and(|said| said.starts_with("BATON-ACCESS-002")));
        }
    }

    #[test]
    fn blind_names_differ_by_tenant_purpose_and_text() {
        let names = [
            tenant(1, "lv").blind("subject", "a"),
            tenant(1, "lw").blind("subject", "a"),
            tenant(1, "lv").blind("document", "a"),
            tenant(1, "lv").blind("subject", "b"),
            tenant(1, "lv").blind("subjecta", ""),
        ];
        let distinct: std::collections::BTreeSet<_> = names.iter().collect();
        assert_eq!(distinct.len(), names.len());
        assert_eq!(names[0], tenant(1, "lv").blind("subject", "a"));
    }

    #[test]
    fn keys_are_never_printed() {
        let key = SubjectKey::new([7; 32]);
        assert_eq!(format!("{key:?}"), "SubjectKey(hidden)");
    }

    #[test]
    fn every_derived_key_is_its_own() {
        let key = SubjectKey::new([7; 32]);
        assert_ne!(key.cells, key.chunks);
        assert_ne!(key.cells[..8], key.mark);
        assert!(key.cells.iter().any(|byte| *byte != 0));
    }
}
