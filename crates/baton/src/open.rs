//! Opens a data folder: the store behind its port, the app over it, and the one tenant in it.

use crate::failure::Failure;
use baton_app::{App, Folder};
use baton_journal::store::Store;
use baton_model::TenantId;
use clap::Args;
use std::path::PathBuf;
use std::sync::Arc;

/// Where the data is.
#[derive(Args, Clone, Debug)]
pub(crate) struct Data {
    /// The data folder.
    #[arg(long, value_name = "DIR", env = "BATON_DATA", default_value = "data")]
    pub(crate) data: PathBuf,
    /// Which tenant, where the folder has several.
    #[arg(long, value_name = "ID")]
    pub(crate) tenant: Option<String>,
}

/// An open data folder.
pub(crate) struct Open {
    /// The app, running.
    pub(crate) app: App,
    /// The tenant.
    pub(crate) tenant: TenantId,
}

impl Drop for Open {
    fn drop(&mut self) {
        self.app.stop();
    }
}

impl Data {
    /// The folder, where it has a journal.
    pub(crate) fn existing(&self) -> Result<Folder, Failure> {
        let folder = Folder::at(&self.data);
        if folder.exists() {
            return Ok(folder);
        }
        let path = self.data.display();
        Err(Failure::Said(format!(
            "{path} is no data folder; make one with `baton init --pack purchase-to-pay --data {path}`"
        )))
    }

    /// The store of an existing folder, without an app.
    pub(crate) fn store(&self) -> Result<Arc<dyn Store>, Failure> {
        store(&self.existing()?)
    }

    /// Starts the app over an existing folder.
    pub(crate) fn open(&self) -> Result<Open, Failure> {
        let folder = self.existing()?;
        let app = App::start(folder.clone(), store(&folder)?)?;
        let tenant = self.tenant_of(&app.tenants()?)?;
        Ok(Open { app, tenant })
    }

    /// The tenant asked for, or the only one.
    pub(crate) fn tenant_of(&self, tenants: &[TenantId]) -> Result<TenantId, Failure> {
        let names = || {
            tenants
                .iter()
                .map(TenantId::as_str)
                .collect::<Vec<_>>()
                .join(", ")
        };
        match (&self.tenant, tenants) {
            (Some(id), _) => tenants
                .iter()
                .find(|tenant| tenant.as_str() == id)
                .cloned()
                .ok_or_else(|| {
                    Failure::Said(format!("there is no tenant `{id}`; there is {}", names()))
                }),
            (None, [only]) => Ok(only.clone()),
            (None, []) => Err(Failure::Said(
                "the data folder has no tenant yet; run `baton init`".into(),
            )),
            (None, _) => Err(Failure::Said(format!(
                "say which tenant with --tenant: {}",
                names()
            ))),
        }
    }
}

/// The store of a folder.
pub(crate) fn store(folder: &Folder) -> Result<Arc<dyn Store>, Failure> {
    Ok(Arc::new(baton_store::sqlite::open(&folder.journal())?))
}
