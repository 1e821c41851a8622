//! Signed notes (C2SP `signed-note`): a text, an empty line, and signature lines of several keys, each
//! `— NAME BASE64(key id, signature)`. Only Ed25519 keys (signature type `0x01`) are made here;
//! signatures of other types and of unknown keys are carried along and prove nothing.
//!
//! It knows no checkpoint and keeps no key: seeds come from the shell, texts go to files.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signer as _, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};
use std::fmt;
use std::str::FromStr;

/// The signature type of Ed25519 in key ids and key texts.
const ED25519: u8 = 1;
/// What a signature line begins with.
const DASH: &str = "— ";
/// No note may be longer; a checkpoint has a few hundred bytes.
const MAX_BYTES: usize = 1 << 20;
/// No note may carry more signatures.
const MAX_SIGNATURES: usize = 100;

/// The first four bytes of the hash of a key's name, type and bytes.
pub type KeyId = [u8; 4];

/// A named key that can sign.
#[derive(Debug)]
pub struct Signer {
    name: String,
    key: SigningKey,
}

impl Signer {
    /// A key from its 32 secret bytes, under a name without spaces and plus signs.
    pub fn new(name: &str, seed: &[u8; 32]) -> Result<Self, NoteError> {
        check_name(name)?;
        Ok(Self {
            name: name.to_owned(),
            key: SigningKey::from_bytes(seed),
        })
    }

    /// The public half, for those who verify.
    pub fn verifier(&self) -> Verifier {
        Verifier {
            name: self.name.clone(),
            key: self.key.verifying_key(),
        }
    }

    /// Signs a note's text.
    pub fn sign(&self, text: &str) -> Signature {
        Signature {
            name: self.name.clone(),
            key: self.verifier().id(),
            bytes: self.key.sign(text.as_bytes()).to_bytes().to_vec(),
        }
    }
}

/// A named key that can verify. As text: `NAME+KEYID+BASE64(type, public key)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verifier {
    name: String,
    key: VerifyingKey,
}

impl Verifier {
    /// The key's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The key's id in signature lines.
    pub fn id(&self) -> KeyId {
        let hash = Sha256::new()
            .chain_update(&self.name)
            .chain_update([b'\n', ED25519])
            .chain_update(self.key.as_bytes())
            .finalize();
        [hash[0], hash[1], hash[2], hash[3]]
    }

    /// Whether a signature line names this key.
    fn made(&self, signature: &Signature) -> bool {
        signature.name == self.name && signature.key == self.id()
    }

    fn accepts(&self, text: &str, signature: &Signature) -> bool {
        ed25519_dalek::Signature::from_slice(&signature.bytes)
            .and_then(|bytes| self.key.verify_strict(text.as_bytes(), &bytes))
            .is_ok()
    }
}

impl fmt::Display for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut key = vec![ED25519];
        key.extend(self.key.as_bytes());
        let id = u32::from_be_bytes(self.id());
        write!(f, "{}+{id:08x}+{}", self.name, STANDARD.encode(key))
    }
}

impl FromStr for Verifier {
    type Err = NoteError;

    fn from_str(text: &str) -> Result<Self, NoteError> {
        let malformed = || NoteError::Key(text.to_owned());
        let (name, rest) = text.trim().split_once('+').ok_or_else(malformed)?;
        let (id, key) = rest.split_once('+').ok_or_else(malformed)?;
        check_name(name)?;
        let key = STANDARD.decode(key).map_err(|_| malformed())?;
        let (&[ED25519], key) = key.split_at_checked(1).ok_or_else(malformed)? else {
            return Err(malformed());
        };
        let key = VerifyingKey::try_from(key).map_err(|_| malformed())?;
        let name = name.to_owned();
        let verifier = Self { name, key };
        let expected = format!("{:08x}", u32::from_be_bytes(verifier.id()));
        (id == expected).then_some(verifier).ok_or_else(malformed)
    }
}

/// A signature line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// The key's name.
    pub name: String,
    /// The key's id.
    pub key: KeyId,
    /// The signature's bytes.
    pub bytes: Vec<u8>,
}

/// A text and its signatures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The text, ending in a line feed.
    pub text: String,
    /// The signatures.
    pub signatures: Vec<Signature>,
}

impl Note {
    /// A text that nobody signed yet; it must end in a line feed and hold no control characters.
    pub fn new(text: String) -> Result<Self, NoteError> {
        check_text(&text)?;
        Ok(Self {
            text,
            signatures: Vec::new(),
        })
    }

    /// Adds a key's signature, in the place of an older one of the same key.
    pub fn sign(&mut self, signer: &Signer) {
        let verifier = signer.verifier();
        self.signatures.retain(|old| !verifier.made(old));
        self.signatures.push(signer.sign(&self.text));
    }

    /// The known keys that signed. One false signature of a known key spoils the note, and so does
    /// the lack of any true one.
    pub fn verify<'a>(&self, known: &'a [Verifier]) -> Result<Vec<&'a Verifier>, NoteError> {
        let mut signed = Vec::new();
        for signature in &self.signatures {
            let Some(verifier) = known.iter().find(|key| key.made(signature)) else {
                continue;
            };
            if !verifier.accepts(&self.text, signature) {
                return Err(NoteError::False(signature.name.clone()));
            }
            if !signed.contains(&verifier) {
                signed.push(verifier);
            }
        }
        if signed.is_empty() {
            return Err(NoteError::Unsigned);
        }
        Ok(signed)
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        for signature in &self.signatures {
            let mut bytes = signature.key.to_vec();
            bytes.extend(&signature.bytes);
            writeln!(f, "{DASH}{} {}", signature.name, STANDARD.encode(bytes))?;
        }
        Ok(())
    }
}

impl FromStr for Note {
    type Err = NoteError;

    fn from_str(note: &str) -> Result<Self, NoteError> {
        check_text(note)?;
        let split = note
            .rfind("\n\n")
            .ok_or(NoteError::Text("has no empty line before its signatures"))?;
        let (text, rest) = note.split_at(split + 1);
        let signatures = rest[1..]
            .lines()
            .map(signature)
            .collect::<Result<Vec<_>, _>>()?;
        if signatures.is_empty() || signatures.len() > MAX_SIGNATURES {
            return Err(NoteError::Text("must carry 1 to 100 signatures"));
        }
        Ok(Self {
            text: text.to_owned(),
            signatures,
        })
    }
}

/// Reads a signature line.
fn signature(line: &str) -> Result<Signature, NoteError> {
    let malformed = || NoteError::Line(line.to_owned());
    let rest = line.strip_prefix(DASH).ok_or_else(malformed)?;
    let (name, bytes) = rest.split_once(' ').ok_or_else(malformed)?;
    check_name(name)?;
    let bytes = STANDARD.decode(bytes).map_err(|_| malformed())?;
    let (key, bytes) = bytes.split_first_chunk::<4>().ok_or_else(malformed)?;
    if bytes.is_empty() {
        return Err(malformed());
    }
    Ok(Signature {
        name: name.to_owned(),
        key: *key,
        bytes: bytes.to_vec(),
    })
}

fn check_name(name: &str) -> Result<(), NoteError> {
    let bad = |c: char| c.is_whitespace() || c.is_control() || c == '+';
    if name.is_empty() || name.contains(bad) {
        return Err(NoteError::Name(name.to_owned()));
    }
    Ok(())
}

fn check_text(text: &str) -> Result<(), NoteError> {
    if text.len() > MAX_BYTES {
        return Err(NoteError::Text("is longer than 1 MiB"));
    }
    if !text.ends_with('\n') {
        return Err(NoteError::Text("does not end in a line feed"));
    }
    if text.contains(|c: char| c < ' ' && c != '\n') {
        return Err(NoteError::Text("holds control characters"));
    }
    Ok(())
}

/// Why a note, a key or a signature is not one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// The text breaks a rule of notes.
    #[error("BATON-JOURNAL-010: the note {0}; get it again from whoever signed it")]
    Text(&'static str),
    /// A signature line cannot be read.
    #[error(
        "BATON-JOURNAL-011: `{0}` is not a signature line (`— name base64`); get the note again from whoever signed it"
    )]
    Line(String),
    /// A key's name cannot stand in a note.
    #[error(
        "BATON-JOURNAL-012: `{0}` cannot name a key; choose a name without spaces and plus signs"
    )]
    Name(String),
    /// A key's text cannot be read.
    #[error(
        "BATON-JOURNAL-013: `{0}` is not an Ed25519 key in the form `name+id+base64`; ask its owner for it"
    )]
    Key(String),
    /// A known key's signature is false.
    #[error(
        "BATON-JOURNAL-014: the signature by `{0}` is false: the note was changed after it was signed, or another key signed it"
    )]
    False(String),
    /// No known key signed.
    #[error("BATON-JOURNAL-015: none of the known keys signed the note; add the signer's key")]
    Unsigned,
}
