//! The tick: fires timers that are due, takes idle work items back, and takes in files from the watched
//! folder. Each becomes a command with a cause of its own, so a tick that is repeated after a crash
//! does nothing twice.

use crate::views::{Reader, int, text};
use crate::{App, Failure, imports};
use baton_journal::store::StoreError;
use baton_journal::{Actor, Command};
use baton_model::{CaseId, TenantId, WallTime, WorkItemId, WorkerId};
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// How many of a kind a tick does at most; the next tick goes on.
const SLICE: i64 = 200;

const TIMERS: &str = "select case_id, timer, due from timer where tenant = $1 and due <= $2 order by due, case_id, timer limit $3";

const IDLE: &str = "select item, case_id, lease from work_item \
    where tenant = $1 and state = 'assigned' and lease <= $2 order by lease, item limit $3";

/// How long a worker may do nothing before the shift ends by itself.
const QUIET: WallTime = WallTime::hours(12);

/// Workers at work of whom nothing was seen: neither a change of state nor an item in hand.
const SILENT: &str = "select s.worker, s.number from worker_state s where s.tenant = $1 \
    and s.until_at is null and s.state <> 'off' and s.from_at <= $2 and not exists (select 1 from held h \
      where h.tenant = s.tenant and h.worker = s.worker and coalesce(h.until_at, $2) >= $2) \
    order by s.worker limit $3";

/// What a tick did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Done {
    /// Timers fired.
    pub timers: usize,
    /// Work items taken back.
    pub idle: usize,
    /// Work items handed over from parties that stopped.
    pub handed_over: usize,
    /// Files taken in.
    pub files: usize,
}

/// The watched folder between two ticks: a file is taken once its size has stood still.
#[derive(Debug, Default)]
pub struct Watch(HashMap<PathBuf, u64>);

/// Does what is due now, for every tenant. Files of the watched folder go to the only tenant.
pub fn tick(app: &App, watch: &mut Watch) -> Result<Done, Failure> {
    let mut done = Done::default();
    let tenants = app
        .tenants()
        .map_err(|error| Failure::Store(error.to_string()))?;
    for tenant in &tenants {
        done.timers += due(app, tenant).map_err(|error| Failure::Store(error.to_string()))?;
        silent(app, tenant).map_err(|error| Failure::Store(error.to_string()))?;
        crate::ramps::take(app, tenant)?;
        done.handed_over += crate::lanes::hand_over(app, tenant)?;
        done.idle += idle(app, tenant).map_err(|error| Failure::Store(error.to_string()))?;
    }
    if let [tenant] = tenants.as_slice() {
        done.files = watch.take_in(app, tenant)?;
    }
    Ok(done)
}

fn due(app: &App, tenant: &TenantId) -> Result<usize, StoreError> {
    let rows = Reader::shell(app, tenant).rows(TIMERS, &[app.now().0.into(), SLICE.into()])?;
    for row in &rows {
        let (case, timer) = (CaseId::new(text(row, 0)), text(row, 1));
        let cause = format!("timer:{case}:{timer}:{}", int(row, 2));
        note(app.submit_now(
            tenant,
            Actor::System,
            &cause,
            Command::FireTimer { case, timer },
        ));
    }
    Ok(rows.len())
}

fn idle(app: &App, tenant: &TenantId) -> Result<usize, StoreError> {
    let rows = Reader::shell(app, tenant).rows(IDLE, &[app.now().0.into(), SLICE.into()])?;
    for row in &rows {
        let (item, case) = (WorkItemId::new(text(row, 0)), CaseId::new(text(row, 1)));
        let cause = format!("lease:{item}:{}", int(row, 2));
        note(app.submit_now(
            tenant,
            Actor::System,
            &cause,
            Command::Release { item, case },
        ));
    }
    Ok(rows.len())
}

fn silent(app: &App, tenant: &TenantId) -> Result<(), StoreError> {
    let long_ago = app.now().0 - QUIET.0;
    for row in Reader::shell(app, tenant).rows(SILENT, &[long_ago.into(), SLICE.into()])? {
        let worker = WorkerId::new(text(&row, 0));
        let cause = format!("shift:{worker}:{}", int(&row, 1));
        let command = Command::EndShift { worker };
        note(app.submit_now(tenant, Actor::System, &cause, command));
    }
    Ok(())
}

/// A tick's command may lose a race; that is no fault.
fn note(outcome: Result<crate::Receipt, Failure>) {
    if let Err(failure) = outcome {
        tracing::info!(%failure, "a tick's command was not accepted");
    }
}

impl Watch {
    fn take_in(&mut self, app: &App, tenant: &TenantId) -> Result<usize, Failure> {
        let inbox = app.folder().inbox();
        let sizes = sizes(&inbox);
        let still: Vec<PathBuf> = sizes
            .iter()
            .filter(|(path, size)| self.0.get(*path) == Some(size))
            .map(|(path, _)| path.clone())
            .collect();
        self.0 = sizes;
        for path in &still {
            self.take(app, tenant, path)?;
        }
        Ok(still.len())
    }

    fn take(&mut self, app: &App, tenant: &TenantId, path: &Path) -> Result<(), Failure> {
        let name = path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default();
        let bytes = match imports::read_capped(path) {
            Ok(bytes) => bytes,
            Err(error) => {
                tracing::warn!(file = %name, %error, "a file of the inbox cannot be read; it stays there");
                return Ok(());
            }
        };
        let imported = imports::import(app, tenant, Actor::System, "folder", &name, &bytes)?;
        // The original is kept encrypted; the plain copy must not stay behind.
        if let Err(error) = std::fs::remove_file(path) {
            tracing::warn!(file = %name, %error, "a file was taken in but cannot be removed from the inbox");
        }
        self.0.remove(path);
        tracing::info!(file = %name, %imported, "taken in from the inbox");
        Ok(())
    }
}

/// The files directly in a folder and their sizes; hidden ones and folders are left alone.
fn sizes(folder: &Path) -> HashMap<PathBuf, u64> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return HashMap::new();
    };
    let files = entries
        .flatten()
        .filter(|entry| !entry.file_name().to_string_lossy().starts_with('.'));
    files
        .filter_map(|entry| {
            let meta = entry.metadata().ok()?;
            meta.is_file().then(|| (entry.path(), meta.len()))
        })
        .collect()
}
