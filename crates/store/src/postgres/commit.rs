//! The commit: a batch goes in whole, in one transaction on the head it was decided on, or not at all.
//!
//! It takes two journeys to the server: one begins and moves the head, which makes other writers of the
//! tenant wait; the other writes all rows and commits. If the connection breaks on the second, nobody
//! knows whether the commit was heard: [`stands`] then looks, after whatever is under way has ended.

use super::fault::Fault;
use super::reads;
use super::session::{Ask, Session, Values};
use super::tables::{Tables, Write};
use super::values::kept;
use baton_journal::store::{Batch, Head, StoreError};
use std::borrow::Cow;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::ToSql;

const BEGIN: &str = "begin";
const COMMIT: &str = "commit";
const ROLLBACK: &str = "rollback";

const MOVE_HEAD: &str = "update head set n = $1, chain = $2, at = $3
     where tenant = $4 and n = $5 and chain = $6";
const FIRST_HEAD: &str = "insert into head (n, chain, at, tenant) values ($1, $2, $3, $4)
     on conflict (tenant) do nothing";
/// Waits for the transaction that holds the head, and then holds it; changes nothing.
const HOLD_HEAD: &str = "insert into head (tenant, n, chain, at) values ($1, 0, '', 0)
     on conflict (tenant) do update set n = excluded.n where false";

/// Why a batch did not go in.
pub(super) enum Failed {
    /// The port's answer; the transaction is over.
    Answer(StoreError),
    /// The server's; nothing was written.
    Fault(Fault),
    /// The connection broke while the commit was under way.
    Unknown(Fault),
}

impl From<Fault> for Failed {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// A head's columns as they are bound.
struct Bound<'a> {
    tenant: Cow<'a, str>,
    base: &'a Head,
    head: Head,
    base_chain: &'a [u8],
}

impl<'a> Bound<'a> {
    fn of(batch: &'a Batch) -> Self {
        let head = batch.entries.last().map(|entry| Head {
            n: entry.n,
            chain: entry.chain,
            at: entry.at,
        });
        Self {
            tenant: kept(batch.tenant.as_str()),
            base: &batch.base,
            head: head.unwrap_or_else(|| batch.base.clone()),
            base_chain: &batch.base.chain,
        }
    }
}

/// Begins a transaction that holds the tenant's head, where the tenant has one.
pub(super) async fn hold(session: &mut Session, tenant: &str) -> Result<(), Fault> {
    let text = "select n from head where tenant = $1 for update";
    session.prepare(&[text]).await?;
    let tenant = kept(tenant);
    let values: Values<'_> = vec![&tenant];
    let done = session
        .pipeline(Some(BEGIN), &[Ask { text, values }], None)
        .await?;
    done.into_iter().collect::<Result<Vec<_>, _>>().map(drop)
}

/// Ends a transaction without a trace.
pub(super) async fn roll_back(session: &mut Session) -> Result<(), Fault> {
    session.run(ROLLBACK).await
}

/// Commits a batch; see the port. `held` says that its transaction has begun.
pub(super) async fn commit(
    session: &mut Session,
    tables: &Tables,
    batch: &Batch,
    held: bool,
) -> Result<(), Failed> {
    let mut writes = tables.writes(batch).map_err(Failed::Answer)?;
    let texts: Vec<&str> = writes.iter().map(|write| write.text).collect();
    session.prepare(&texts).await?;
    session.prepare(&[MOVE_HEAD]).await?;
    match move_head(session, batch, held).await? {
        Moved::No(found) => {
            return Err(Failed::Answer(StoreError::HeadMoved {
                expected: batch.base.n,
                found,
            }));
        }
        Moved::Begun => {
            let versions = tables.versions();
            session.prepare(&[versions.text]).await?;
            writes.push(versions);
        }
        Moved::Yes => {}
    }
    write(session, batch, &writes).await
}

/// What became of the head.
enum Moved {
    /// It was moved.
    Yes,
    /// It is the tenant's first.
    Begun,
    /// It is elsewhere, and the transaction is over.
    No(i64),
}

/// Moves the head from the one the batch was decided on.
async fn move_head(session: &mut Session, batch: &Batch, held: bool) -> Result<Moved, Fault> {
    let bound = Bound::of(batch);
    let chain: &[u8] = &bound.head.chain;
    let to: [&(dyn ToSql + Sync); 4] = [&bound.head.n, &chain, &bound.head.at.0, &bound.tenant];
    let values = to.iter().copied().chain([
        &bound.base.n as &(dyn ToSql + Sync),
        &bound.base_chain as &(dyn ToSql + Sync),
    ]);
    let ask = Ask {
        text: MOVE_HEAD,
        values: values.collect(),
    };
    let begin = (!held).then_some(BEGIN);
    let done = session.pipeline(begin, &[ask], None).await?;
    let mut moved = 0;
    for each in done {
        moved = each?;
    }
    if moved == 1 {
        return Ok(Moved::Yes);
    }
    if batch.base == Head::EMPTY && begins(session, batch, &to).await? {
        return Ok(Moved::Begun);
    }
    let found = reads::head(session, &batch.tenant).await?;
    if found == batch.base && batch.entries.is_empty() {
        return Ok(Moved::Yes);
    }
    roll_back(session).await?;
    Ok(Moved::No(found.n))
}

/// Writes a tenant's first head; false where another writer did.
async fn begins(
    session: &mut Session,
    batch: &Batch,
    values: &[&(dyn ToSql + Sync)],
) -> Result<bool, Fault> {
    if batch.entries.is_empty() {
        return Ok(false);
    }
    Ok(session.execute(FIRST_HEAD, values).await? == 1)
}

/// Writes the rows and commits.
async fn write(session: &mut Session, batch: &Batch, writes: &[Write<'_>]) -> Result<(), Failed> {
    let tenant = kept(batch.tenant.as_str());
    let ask = |write| ask(&tenant, write);
    let asks: Vec<Ask<'_>> = writes.iter().map(ask).collect();
    let mut done = session.pipeline(None, &asks, Some(COMMIT)).await?;
    let committed = done.pop().unwrap_or_else(|| Err(Fault::late()));
    match (done.into_iter().find_map(Result::err), committed) {
        (None, Ok(_)) => Ok(()),
        // Rows that were refused make the server take the commit for a roll-back.
        (Some(fault), Ok(_)) => Err(refused(session, batch, fault).await),
        (_, Err(fault)) if fault.is_lost() => Err(Failed::Unknown(fault)),
        (fault, Err(last)) => Err(Failed::Fault(fault.unwrap_or(last))),
    }
}

/// A write's values: the tenant, and the columns.
pub(super) fn ask<'a>(tenant: &'a Cow<'a, str>, write: &'a Write<'a>) -> Ask<'a> {
    let lists = write.lists.iter().map(|list| list as &(dyn ToSql + Sync));
    let tenant: &(dyn ToSql + Sync) = tenant;
    Ask {
        text: write.text,
        values: std::iter::once(tenant).chain(lists).collect(),
    }
}

/// Why rows were refused: a cause that is already there, or something else.
async fn refused(session: &mut Session, batch: &Batch, fault: Fault) -> Failed {
    if !fault.is(&SqlState::UNIQUE_VIOLATION) {
        return Failed::Fault(fault);
    }
    for entry in &batch.entries {
        if let Ok(Some(_)) = reads::cause(session, &batch.tenant, &entry.cause).await {
            return Failed::Answer(StoreError::CauseKnown {
                cause: entry.cause.to_string(),
            });
        }
    }
    Failed::Fault(fault)
}

/// Whether a batch whose commit was under way when the connection broke is in the journal. The head is
/// taken first, so that a commit still under way has ended: what is not there then never will be.
pub(super) async fn stands(session: &mut Session, batch: &Batch) -> Result<bool, Fault> {
    let Some(last) = batch.entries.last() else {
        // Kept slots alone can be written again.
        return Ok(false);
    };
    let tenant = kept(batch.tenant.as_str());
    session.run(BEGIN).await?;
    session.execute(HOLD_HEAD, &[&tenant]).await?;
    let text = "select 1 from entry where tenant = $1 and n = $2 and chain = $3";
    let chain: &[u8] = &last.chain;
    let found = session.query(text, &[&tenant, &last.n, &chain]).await?;
    roll_back(session).await?;
    Ok(!found.is_empty())
}
