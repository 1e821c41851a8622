//! Opens a data folder: the store behind its port, the app over it, and the one tenant in it. The one
//! place that knows which stores there are.

use crate::failure::Failure;
use baton_app::evaluator::Evaluator;
use baton_app::{App, Folder, Outside};
use baton_journal::store::Store;
use baton_model::TenantId;
use baton_store::{postgres, sqlite};
use clap::Args;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

/// Which database holds the journal.
#[derive(Args, Clone, Debug)]
pub(crate) struct Journal {
    /// The PostgreSQL database that holds the journal, as postgres://USER:PASSWORD@HOST/DATABASE; else
    /// SQLite in the data folder does. Others on this machine can read a command line: better set it in
    /// the environment
    #[arg(long, value_name = "URL", env = "BATON_STORE", hide_env_values = true)]
    store: Option<Url>,
}

/// A database's address as it was given. It may hold a password and shows nothing.
#[derive(Clone)]
struct Url(String);

impl From<String> for Url {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Debug for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

impl Journal {
    /// Opens the store of a folder.
    pub(crate) fn open(&self, folder: &Folder) -> Result<Arc<dyn Store>, Failure> {
        Ok(match self.address()? {
            Some(address) => Arc::new(postgres::open(&address)?),
            None => Arc::new(sqlite::open(&folder.journal())?),
        })
    }

    /// The store of a folder, where it has a journal.
    pub(crate) fn existing(&self, folder: &Folder) -> Result<Option<Arc<dyn Store>>, Failure> {
        if self.store.is_none() && !folder.exists() {
            return Ok(None);
        }
        let store = self.open(folder)?;
        // A server's database is made before there is a journal in it.
        let empty = self.store.is_some() && store.tenants()?.is_empty();
        Ok((!empty).then_some(store))
    }

    /// Where the journal is or would be, in words.
    pub(crate) fn place(&self, folder: &Folder) -> Result<String, Failure> {
        let path = folder.path().display();
        Ok(match self.address()? {
            Some(address) => address.to_string(),
            None => path.to_string(),
        })
    }

    /// What a command for the same journal says besides the data folder.
    pub(crate) fn hint(&self) -> &'static str {
        match self.store {
            Some(_) => "   (with the same --store or BATON_STORE)",
            None => "",
        }
    }

    fn address(&self) -> Result<Option<postgres::Address>, Failure> {
        let parsed = self.store.as_ref().map(|url| url.0.parse());
        Ok(parsed.transpose()?)
    }
}

/// Where the data is.
#[derive(Args, Clone, Debug)]
pub(crate) struct Data {
    /// The data folder.
    #[arg(long, value_name = "DIR", env = "BATON_DATA", default_value = "data")]
    pub(crate) data: PathBuf,
    /// Which tenant, where the folder has several.
    #[arg(long, value_name = "ID")]
    pub(crate) tenant: Option<String>,
    #[command(flatten)]
    pub(crate) journal: Journal,
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
    /// The store, where it has a journal; without an app.
    pub(crate) fn store(&self) -> Result<Arc<dyn Store>, Failure> {
        let folder = Folder::at(&self.data);
        if let Some(store) = self.journal.existing(&folder)? {
            return Ok(store);
        }
        let (place, path) = (self.journal.place(&folder)?, self.data.display());
        Err(Failure::Said(format!(
            "there is no journal in {place}; make one with `baton init --pack purchase-to-pay --data {path}`{}",
            self.journal.hint()
        )))
    }

    /// Starts the app over an existing journal.
    pub(crate) fn open(&self) -> Result<Open, Failure> {
        let folder = Folder::at(&self.data);
        let store = self.store()?;
        if !folder.has_keys() {
            let path = folder.keys();
            return Err(Failure::Said(format!(
                "there are no keys in {}; --data must name the folder that holds the keys of this journal, or a copy of them",
                path.display()
            )));
        }
        let app = start(folder, store)?;
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

/// Starts an app whose evaluations run in a process of their own.
pub(crate) fn start(folder: Folder, store: Arc<dyn Store>) -> Result<App, Failure> {
    Ok(App::start_in(folder, store, outside()?)?)
}

/// What an app of this program takes from outside.
pub(crate) fn outside() -> Result<Outside, Failure> {
    Ok(Outside {
        evaluator: evaluator()?,
        ..Outside::default()
    })
}

/// Evaluations in a process of this program's own. It is named as the kernel knows it, so that a program
/// that was replaced on the disk meanwhile still evaluates by itself.
pub(crate) fn evaluator() -> Result<Evaluator, Failure> {
    let running = PathBuf::from("/proc/self/exe");
    let program = if running.exists() {
        running
    } else {
        std::env::current_exe().map_err(Failure::io("this program"))?
    };
    Ok(Evaluator::in_a_process(program))
}
