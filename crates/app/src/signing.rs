//! Signing checkpoints: the tenant's signing key lies with the keys; the note covers the journal's tree
//! as it stands.

use crate::proofs::Pages;
use crate::{App, Failure};
use baton_journal::checkpoint::{Checkpoint, SignedCheckpoint};
use baton_journal::note::Signer;
use baton_journal::tree::{Frontier, leaf};
use baton_model::TenantId;
use sha2::{Digest, Sha256};

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
