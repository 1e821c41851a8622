//! A decided batch on its way to the disk: committed on the node's own thread, or on one beside it while
//! the node decides the next. Nothing is answered before the commit.

use super::draft::Outcome;
use crate::Inner;
use crate::request::{Failure, Receipt, Request};
use baton_journal::store::{Batch, StoreError};
use baton_model::TenantId;
use std::collections::HashSet;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;

/// A batch that is decided, with the requests it answers.
pub(super) struct Decided {
    pub(super) batch: Batch,
    pub(super) outcomes: Vec<Outcome>,
    pub(super) requests: Vec<Request>,
}

/// A batch that was committed; up to which number its slots were kept, if they were.
pub(super) struct Landed {
    pub(super) flushed: Option<i64>,
}

/// A batch that was not committed; its requests are to be decided again or told why not.
pub(super) struct Refused {
    pub(super) error: StoreError,
    pub(super) requests: Vec<Request>,
}

impl Decided {
    /// Commits the batch and answers its requests.
    pub(super) fn commit(self, inner: &Inner) -> Result<Landed, Refused> {
        if let Err(error) = self.write(inner) {
            return Err(Refused {
                error,
                requests: self.requests,
            });
        }
        if let Some(last) = self.batch.entries.last() {
            inner.announce(&self.batch.tenant, last.n);
        }
        for (request, outcome) in self.requests.into_iter().zip(self.outcomes) {
            answer(request, outcome);
        }
        Ok(Landed {
            flushed: self.batch.flushed,
        })
    }

    fn write(&self, inner: &Inner) -> Result<(), StoreError> {
        if !self.batch.entries.is_empty() {
            return inner.store.commit(&self.batch);
        }
        // Rejections and repeats alone hold only where the head they were decided on still stands.
        let found = inner.store.head(&self.batch.tenant)?.n;
        let expected = self.batch.base.n;
        if found == expected {
            Ok(())
        } else {
            Err(StoreError::HeadMoved { expected, found })
        }
    }

    fn causes(&self) -> HashSet<Arc<str>> {
        let causes = self.requests.iter().map(|request| request.cause.clone());
        causes.collect()
    }
}

/// Answers a request with what became of it.
pub(super) fn answer(request: Request, outcome: Outcome) {
    (request.reply)(match outcome {
        Outcome::Accepted { n, at, events } => Ok(Receipt {
            n,
            at,
            events,
            repeated: false,
        }),
        Outcome::Failed(Failure::Repeated(receipt)) => Ok(*receipt),
        Outcome::Failed(failure) => Err(failure),
    });
}

/// The thread beside the node, and the batch it is committing.
pub(super) struct Committer {
    decided: Option<Sender<Decided>>,
    landed: Receiver<Result<Landed, Refused>>,
    flying: Option<(TenantId, HashSet<Arc<str>>)>,
    thread: Option<JoinHandle<()>>,
}

impl Committer {
    /// Starts the thread.
    pub(super) fn start(inner: Arc<Inner>) -> std::io::Result<Self> {
        let (decided, batches) = channel::<Decided>();
        let (results, landed) = channel();
        let thread = std::thread::Builder::new()
            .name("committer".into())
            .spawn(move || {
                for batch in batches {
                    if results.send(batch.commit(&inner)).is_err() {
                        break;
                    }
                }
            })?;
        Ok(Self {
            decided: Some(decided),
            landed,
            flying: None,
            thread: Some(thread),
        })
    }

    /// Whether a batch is on its way.
    pub(super) fn is_flying(&self) -> bool {
        self.flying.is_some()
    }

    /// Whether these requests may be decided on the guess that the batch on its way lands: it is of
    /// their tenant, and none of them repeats a command in it.
    pub(super) fn may_be_followed(&self, tenant: &TenantId, requests: &[Request]) -> bool {
        self.flying.as_ref().is_none_or(|(of, causes)| {
            of == tenant && !requests.iter().any(|next| causes.contains(&next.cause))
        })
    }

    /// Sends a batch on its way. None may be flying.
    pub(super) fn launch(&mut self, batch: Decided) {
        let flying = (batch.batch.tenant.clone(), batch.causes());
        if let Some(decided) = &self.decided
            && decided.send(batch).is_ok()
        {
            self.flying = Some(flying);
        }
    }

    /// Waits for the batch on its way; nothing where there is none.
    pub(super) fn land(&mut self) -> Option<(TenantId, Result<Landed, Refused>)> {
        let (tenant, _) = self.flying.take()?;
        // A thread that failed has dropped the requests, which tells those who wait that it stopped.
        let result = self.landed.recv().unwrap_or_else(|_| {
            Err(Refused {
                error: StoreError::Write {
                    operation: "a batch",
                    reason: "the committing thread has ended; restart Baton".into(),
                },
                requests: Vec::new(),
            })
        });
        Some((tenant, result))
    }
}

impl Drop for Committer {
    fn drop(&mut self) {
        drop(self.decided.take());
        if let Some(thread) = self.thread.take() {
            // It has nothing left to do, or has failed and was reported where it mattered.
            let _ = thread.join();
        }
    }
}
