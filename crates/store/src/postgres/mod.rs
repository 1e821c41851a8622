//! PostgreSQL behind the store port: one writing connection and readers beside it, to a server of version
//! 13 or later that several programs, on several machines, may share. The head decides between them.
//!
//! A commit is on the server's disk when it returns (`synchronous_commit = on`). It makes no backups and
//! keeps no copies; those are the server's. Texts of SQL stand beside what they do, in the modules below.

mod address;
mod commit;
mod fault;
mod parameters;
mod readers;
mod reads;
mod schema;
mod session;
mod tables;
mod values;
mod wait;
mod writer;

pub use address::{Address, AddressError};
use baton_journal::store::{Batch, Head, Row, Store, StoreError, StoredEntry};
use baton_journal::{Datum, View};
use baton_model::TenantId;
use fault::Fault;
use readers::Readers;
use session::{Server, Session};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use writer::Writer;

/// The oldest server's version, as the server tells it.
const OLDEST: i64 = 130_000;

/// A PostgreSQL database.
#[derive(Debug)]
pub struct Postgres {
    writer: Mutex<Writer>,
    readers: Readers,
}

/// Why a database cannot be a store.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// It cannot be reached or asked.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The server is too old.
    #[error(
        "BATON-STORE-033: the server at {address} is of version {found}, Baton needs PostgreSQL 13 or later; upgrade it"
    )]
    TooOld {
        /// Which server.
        address: Address,
        /// Its version.
        found: String,
    },
    /// The database does not keep text in UTF-8.
    #[error(
        "BATON-STORE-034: the database at {address} keeps text as {found}; make one with `create database … encoding 'UTF8' template template0`"
    )]
    Encoding {
        /// Which database.
        address: Address,
        /// Its encoding.
        found: String,
    },
    /// The server only follows another.
    #[error(
        "BATON-STORE-035: the server at {address} is a standby, which only reads; name the primary"
    )]
    Standby {
        /// Which server.
        address: Address,
    },
}

/// Opens a database. It must be there; its tables are made by [`Store::prepare`].
pub fn open(address: &Address) -> Result<Postgres, OpenError> {
    let operation = "the database";
    let server = Server::at(address.clone()).map_err(|error| StoreError::Unreachable {
        operation,
        reason: error.to_string(),
    })?;
    let server = Arc::new(server);
    let readers = Readers::of(Arc::clone(&server));
    let about = readers.read(operation, about)?;
    check(address, about)?;
    Ok(Postgres {
        writer: Mutex::new(Writer::of(server)),
        readers,
    })
}

/// What a server says of itself.
struct About {
    version: i64,
    spoken: String,
    encoding: String,
    standby: bool,
}

async fn about(session: &mut Session) -> Result<About, Fault> {
    let text =
        "select current_setting('server_version_num')::bigint, current_setting('server_version'),
         current_setting('server_encoding'), pg_is_in_recovery()";
    let rows = session.query(text, &[]).await?;
    let row = rows.first().ok_or_else(Fault::late)?;
    Ok(About {
        version: row.try_get(0)?,
        spoken: row.try_get(1)?,
        encoding: row.try_get(2)?,
        standby: row.try_get(3)?,
    })
}

fn check(address: &Address, about: About) -> Result<(), OpenError> {
    let address = address.clone();
    if about.version < OLDEST {
        let found = about.spoken;
        return Err(OpenError::TooOld { address, found });
    }
    if about.encoding != "UTF8" {
        let found = about.encoding;
        return Err(OpenError::Encoding { address, found });
    }
    if about.standby {
        return Err(OpenError::Standby { address });
    }
    Ok(())
}

/// A lock whose holder never leaves half-done work behind: transactions roll back when dropped.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A head that is held until this is dropped.
struct Held<'a>(&'a Mutex<Writer>);

impl Drop for Held<'_> {
    fn drop(&mut self) {
        lock(self.0).release();
    }
}

impl Store for Postgres {
    fn prepare(&self, views: &[View]) -> Result<Vec<&'static str>, StoreError> {
        lock(&self.writer).prepare(views)
    }

    fn tenants(&self) -> Result<Vec<TenantId>, StoreError> {
        self.readers.read("the list of tenants", reads::tenants)
    }

    fn head(&self, tenant: &TenantId) -> Result<Head, StoreError> {
        self.readers.read("the journal's head", async |session| {
            reads::head(session, tenant).await
        })
    }

    fn hold(&self, tenant: &TenantId) -> Result<Option<Box<dyn Send + '_>>, StoreError> {
        lock(&self.writer).hold(tenant)?;
        Ok(Some(Box::new(Held(&self.writer))))
    }

    fn is_shared(&self) -> bool {
        true
    }

    fn commit(&self, batch: &Batch) -> Result<(), StoreError> {
        lock(&self.writer).commit(batch)
    }

    fn entries(
        &self,
        tenant: &TenantId,
        after: i64,
        limit: usize,
    ) -> Result<Vec<StoredEntry>, StoreError> {
        self.readers.read("the journal's entries", async |session| {
            reads::entries(session, tenant, after, limit).await
        })
    }

    fn case_entries(&self, tenant: &TenantId, case: &str) -> Result<Vec<StoredEntry>, StoreError> {
        self.readers.read("a case's entries", async |session| {
            reads::case_entries(session, tenant, case).await
        })
    }

    fn cause(&self, tenant: &TenantId, cause: &str) -> Result<Option<i64>, StoreError> {
        self.readers.read("a cause", async |session| {
            reads::cause(session, tenant, cause).await
        })
    }

    fn snapshot(
        &self,
        tenant: &TenantId,
        shelf: &str,
        key: &str,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        self.readers.read("a snapshot", async |session| {
            reads::snapshot(session, tenant, shelf, key).await
        })
    }

    fn snapshots(
        &self,
        tenant: &TenantId,
        slots: &[(&str, String)],
    ) -> Result<Vec<Option<Vec<u8>>>, StoreError> {
        self.readers.read("snapshots", async |session| {
            reads::snapshots(session, tenant, slots).await
        })
    }

    fn flushed(&self, tenant: &TenantId) -> Result<i64, StoreError> {
        let operation = "the number of the last flush";
        self.readers.read(operation, async |session| {
            reads::flushed(session, tenant).await
        })
    }

    fn replace_view(
        &self,
        tenant: &TenantId,
        view: &View,
        rows: &mut dyn Iterator<Item = Row>,
    ) -> Result<(), StoreError> {
        lock(&self.writer).replace_view(tenant, view, rows)
    }

    fn view_rows(&self, tenant: &TenantId, view: &View) -> Result<Vec<Row>, StoreError> {
        self.readers.read("a view's rows", async |session| {
            reads::view_rows(session, tenant, view).await
        })
    }

    fn read(&self, sql: &str, parameters: &[Datum]) -> Result<Vec<Row>, StoreError> {
        self.readers.read("a query", async |session| {
            reads::query(session, sql, parameters).await
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{About, check};

    fn told(version: i64, encoding: &str, standby: bool) -> String {
        let about = About {
            version,
            spoken: "12.22".into(),
            encoding: encoding.into(),
            standby,
        };
        let address = "postgres://u:kept@localhost/b".parse().expect("an address");
        match check(&address, about) {
            Ok(()) => String::new(),
            Err(error) => format!("{error} {error:?}"),
        }
    }

    #[test]
    fn a_server_that_will_not_do_is_told() {
        assert_eq!(told(130_000, "UTF8", false), "");
        for (found, code) in [
            (told(120_022, "UTF8", false), "BATON-STORE-033"),
            (told(150_020, "LATIN1", false), "BATON-STORE-034"),
            (told(150_020, "UTF8", true), "BATON-STORE-035"),
        ] {
            assert!(
                found.starts_with(code) && !found.contains("kept"),
                "{found}"
            );
        }
    }
}
