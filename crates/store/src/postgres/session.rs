//! One connection: its settings, its prepared statements, and how it is asked.

use super::address::Address;
use super::fault::Fault;
use super::values::is_portable;
use super::wait::{Request, together, wait};
use std::collections::HashMap;
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, NoTls, Row, Statement};

/// How many statements a connection keeps prepared.
const STATEMENTS: usize = 256;
/// How long opening a connection with its settings may take, over all hosts of the address.
const OPENING: Duration = Duration::from_secs(30);
/// How long is waited for a read's answer. The server gives up on a statement earlier.
pub(super) const READING: Duration = Duration::from_secs(40);
/// How long is waited for a commit's answer. The server gives up on a statement, and on a lock, earlier.
pub(super) const WRITING: Duration = Duration::from_secs(90);

/// What a connection is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// Reading: whatever text a query brings, nothing is written.
    Read,
    /// Committing. A transaction whose program went away without a word holds the head for the time that
    /// its session may be idle, so others wait for a lock a little longer than that.
    Write,
    /// Making tables and rebuilding views, which takes as long as it takes.
    Make,
}

impl Purpose {
    fn settings(self) -> &'static str {
        match self {
            Self::Read => {
                "set default_transaction_read_only = on; set statement_timeout = '30s';
                 set lock_timeout = '30s'"
            }
            Self::Write => {
                "set default_transaction_isolation = 'read committed';
                 set default_transaction_read_only = off; set synchronous_commit = on;
                 set statement_timeout = '60s'; set lock_timeout = '40s';
                 set idle_in_transaction_session_timeout = '30s'"
            }
            Self::Make => {
                "set default_transaction_isolation = 'read committed';
                 set default_transaction_read_only = off; set synchronous_commit = on;
                 set statement_timeout = 0; set lock_timeout = '60s';
                 set idle_in_transaction_session_timeout = '10min'"
            }
        }
    }
}

/// A database server, and the thread that carries all connections to it.
pub(super) struct Server {
    address: Address,
    runtime: Option<Runtime>,
}

impl Server {
    pub(super) fn at(address: Address) -> std::io::Result<Self> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("postgres")
            .enable_all()
            .build()?;
        Ok(Self {
            address,
            runtime: Some(runtime),
        })
    }

    /// Opens a connection.
    pub(super) fn open(&self, purpose: Purpose) -> Result<Session, Fault> {
        let Some(runtime) = &self.runtime else {
            return Err(Fault::late());
        };
        let config = self.address.config().clone();
        let opening = runtime.spawn(async move {
            let (client, connection) = config.connect(NoTls).await?;
            // Its end is told to whoever waits for an answer, and to the next who asks.
            tokio::spawn(connection);
            client.batch_execute(purpose.settings()).await?;
            Ok(client)
        });
        let opened = wait(OPENING, opening).ok_or_else(Fault::late)?;
        let client = opened.map_err(|error| Fault::Lost(error.to_string()))?;
        client.map(Session::over)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Dropping a runtime waits, which is not allowed where another runtime runs.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl std::fmt::Debug for Server {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}", self.address)
    }
}

/// An open connection.
pub(super) struct Session {
    client: Client,
    statements: HashMap<String, Statement>,
}

/// A statement's parameters.
pub(super) type Values<'a> = Vec<&'a (dyn ToSql + Sync)>;

/// A text and the values for its parameters.
pub(super) struct Ask<'a> {
    pub(super) text: &'a str,
    pub(super) values: Values<'a>,
}

impl Session {
    fn over(client: Client) -> Self {
        Self {
            client,
            statements: HashMap::new(),
        }
    }

    /// Whether it is known to be lost.
    pub(super) fn is_lost(&self) -> bool {
        self.client.is_closed()
    }

    /// Runs texts without parameters, one after another.
    pub(super) async fn run(&self, texts: &str) -> Result<(), Fault> {
        Ok(self.client.batch_execute(texts).await?)
    }

    /// Prepares the texts that are not prepared yet, all in one journey to the server.
    pub(super) async fn prepare(&mut self, texts: &[&str]) -> Result<(), Fault> {
        if self.statements.len() + texts.len() > STATEMENTS {
            self.statements.clear();
        }
        let missing = texts
            .iter()
            .filter(|text| !self.statements.contains_key(**text));
        let missing: Vec<&str> = missing.copied().collect();
        let client = &self.client;
        let requests = missing
            .iter()
            .map(|text| -> Request<'_, _> { Box::pin(client.prepare(text)) });
        for (text, prepared) in missing.iter().zip(together(requests.collect()).await) {
            self.statements.insert((*text).to_owned(), prepared?);
        }
        Ok(())
    }

    /// Prepares a query whose parameters have these types; what it gives must be portable.
    pub(super) async fn prepare_query(
        &mut self,
        sql: &str,
        types: &[Type],
    ) -> Result<Statement, Fault> {
        let names: Vec<&str> = types.iter().map(Type::name).collect();
        let key = format!("{} {sql}", names.join(" "));
        if let Some(statement) = self.statements.get(&key) {
            return Ok(statement.clone());
        }
        super::parameters::check(sql, types.len()).map_err(Fault::Unsound)?;
        let statement = self.client.prepare_typed(sql, types).await?;
        check_columns(&statement)?;
        if self.statements.len() >= STATEMENTS {
            self.statements.clear();
        }
        self.statements.insert(key, statement.clone());
        Ok(statement)
    }

    /// The rows a prepared statement gives.
    pub(super) async fn rows(
        &self,
        statement: &Statement,
        values: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Row>, Fault> {
        Ok(self.client.query(statement, values).await?)
    }

    /// The rows a text gives.
    pub(super) async fn query(
        &mut self,
        text: &str,
        values: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Row>, Fault> {
        self.prepare(&[text]).await?;
        self.rows(self.prepared(text)?, values).await
    }

    /// Runs a text, and tells how many rows it changed.
    pub(super) async fn execute(
        &mut self,
        text: &str,
        values: &[&(dyn ToSql + Sync)],
    ) -> Result<u64, Fault> {
        self.prepare(&[text]).await?;
        Ok(self.client.execute(self.prepared(text)?, values).await?)
    }

    /// Runs `before`, the prepared texts and `after` in this order and in one journey; tells of each how
    /// many rows it changed.
    pub(super) async fn pipeline(
        &self,
        before: Option<&'static str>,
        asks: &[Ask<'_>],
        after: Option<&'static str>,
    ) -> Result<Vec<Result<u64, Fault>>, Fault> {
        let plain = |text: &'static str| -> Request<'_, _> {
            Box::pin(async move { Ok(self.client.batch_execute(text).await.map(|()| 0)?) })
        };
        let mut requests: Vec<Request<'_, Result<u64, Fault>>> =
            before.map(plain).into_iter().collect();
        for ask in asks {
            let statement = self.prepared(ask.text)?;
            requests.push(Box::pin(async move {
                Ok(self.client.execute(statement, &ask.values).await?)
            }));
        }
        requests.extend(after.map(plain));
        Ok(together(requests).await)
    }

    fn prepared(&self, text: &str) -> Result<&Statement, Fault> {
        let unprepared = || Fault::Unsound("a statement was not prepared".into());
        self.statements.get(text).ok_or_else(unprepared)
    }
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session").finish_non_exhaustive()
    }
}

fn check_columns(statement: &Statement) -> Result<(), Fault> {
    if statement.columns().is_empty() {
        return Err(Fault::Unsound("the text gives no rows".into()));
    }
    match statement
        .columns()
        .iter()
        .find(|column| !is_portable(column))
    {
        None => Ok(()),
        Some(column) => {
            let (name, kind) = (column.name(), column.type_());
            let reason =
                format!("the column {name} is of type {kind}; cast it to bigint, text or bytea");
            Err(Fault::Unsound(reason))
        }
    }
}
