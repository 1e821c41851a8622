//! Signing checkpoints: the tenant's signing key lies with the keys; the note covers the journal's tree
//! as it stands. A copy of the last one is kept in the data folder to be shown; what proves anything is
//! the one in the other party's hands.

use crate::proofs::Pages;
use crate::{App, Failure};
use baton_journal::checkpoint::{Checkpoint, SignedCheckpoint};
use baton_journal::note::Signer;
use baton_journal::tree::{Frontier, leaf};
use baton_model::{Micros, TenantId};
use sha2::{Digest, Sha256};
use std::path::PathBuf;

/// A signed checkpoint over a tenant's journal as it stands.
pub fn checkpoint(app: &App, tenant: &TenantId) -> Result<SignedCheckpoint, Failure> {
    let mut frontier = Frontier::default();
    for entry in Pages::of(app.store(), tenant) {
        frontier.push(leaf(
            &entry
                .map_err(|error| Failure::Store(error.to_string()))?
                .bytes,
        ));
    }
    let signer = signer(app, tenant)?;
    Checkpoint::of(tenant, &frontier)
        .sign(&[&signer])
        .map_err(|error| Failure::Door(error.to_string()))
}

/// The last checkpoint that was signed here.
#[derive(Clone, Debug)]
pub struct Last {
    /// The note.
    pub note: SignedCheckpoint,
    /// When it was signed.
    pub at: Micros,
    /// The key's name and id.
    pub key: String,
    /// Whether the signature is by the tenant's key.
    pub valid: bool,
}

/// Keeps a copy of a checkpoint to be shown.
///
/// # Errors
/// If the copy cannot be written.
pub fn keep(app: &App, tenant: &TenantId, note: &SignedCheckpoint) -> Result<(), Failure> {
    let path = kept(app, tenant);
    let text = format!("{}\n{note}", app.now().0);
    let fresh = path.with_extension("fresh");
    let written = std::fs::write(&fresh, text).and_then(|()| std::fs::rename(&fresh, &path));
    written.map_err(|error| Failure::Store(format!("{}: {error}", path.display())))
}

/// The last checkpoint that was signed here, if there is one.
pub fn last(app: &App, tenant: &TenantId) -> Option<Last> {
    let text = std::fs::read_to_string(kept(app, tenant)).ok()?;
    let (at, note) = text.split_once('\n')?;
    let note: SignedCheckpoint = note.parse().ok()?;
    let verifier = signer(app, tenant).ok()?.verifier();
    Some(Last {
        at: Micros(at.parse().ok()?),
        key: format!("{}+{}", verifier.name(), crate::hex(&verifier.id())),
        valid: note
            .verify(std::slice::from_ref(&verifier))
            .is_ok_and(|known| !known.is_empty()),
        note,
    })
}

fn kept(app: &App, tenant: &TenantId) -> PathBuf {
    app.folder()
        .path()
        .join(format!("checkpoint-{tenant}.note"))
}

/// The key that checks a tenant's signatures, as it is handed to the other party.
pub fn verifier(app: &App, tenant: &TenantId) -> Result<String, Failure> {
    Ok(format!("{}\n", signer(app, tenant)?.verifier()))
}

fn signer(app: &App, tenant: &TenantId) -> Result<Signer, Failure> {
    // The tenant's key makes the seed, so it needs no file of its own and is the same after a restore.
    let seed: [u8; 32] =
        Sha256::digest(app.inner.door.keys.blind(tenant, "signing", "checkpoint")).into();
    let name = format!("baton.{tenant}");
    Signer::new(&name, &seed).map_err(|error| Failure::Door(error.to_string()))
}
