//! `baton bench floor`: what a floor of client programs gets out of one Baton over HTTP, beside what axum
//! gives that answers from a point read of the same store.
//!
//! The server is a process of its own, on loopback (`served`); the clients are threads of this one. It works
//! in a folder of its own, which it removes. The clients' side of HTTP is in `line`, the open streams in
//! `streams`.

mod line;
mod served;
mod streams;

use super::{Scratch, load, tenant};
use crate::commands::Outcome;
use crate::commands::serve::BLOCKING;
use crate::failure::Failure;
use crate::open::start;
use baton_app::command::{Actor, Command};
use baton_app::{App, Folder, sight};
use baton_journal::Datum;
use baton_journal::store::Store;
use baton_model::{ProcessId, TenantId, WallTime, WorkerId};
use baton_store::sqlite;
use clap::Args;
use line::Line;
use serde_json::{Value, json};
use served::Served;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use tokio::runtime::Runtime;

/// How many clients work.
const CLIENTS: usize = 64;
/// How many readers look at pages at once.
const READERS: usize = 2;
/// How often each of them looks.
const LOOKS: usize = 200;
/// How many open pages listen.
const LISTENERS: usize = 1_000;
/// How many changes they are told of.
const CHANGES: usize = 20;

/// Measures completed work items per second over HTTP with 64 clients, pages, live updates and memory.
#[derive(Args)]
#[command(
    after_help = "Example:\n  baton bench floor --data /srv/baton --cases 30000 --seconds 10"
)]
pub(crate) struct Floor {
    /// A folder on the disk to measure; a folder of its own is made in it and removed
    #[arg(long, value_name = "DIR", env = "BATON_DATA", default_value = ".")]
    data: PathBuf,
    /// How many cases wait when it begins
    #[arg(long, default_value_t = 30_000, value_parser = clap::value_parser!(u32).range(100..))]
    cases: u32,
    /// How long the clients work at most
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=600))]
    seconds: u64,
    /// How many open pages listen
    #[arg(long, default_value_t = LISTENERS)]
    listeners: usize,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// What was measured.
struct Figures {
    /// Completed items a second.
    items: f64,
    completed: usize,
    /// Answers a second of axum with a point read.
    bare: f64,
    work: Spread,
    case: Spread,
    live: Spread,
    listeners: usize,
    /// The server's resident memory in MB after the clients worked, and with all pages open.
    memory: (f64, f64),
}

/// How long something takes, in milliseconds.
struct Spread {
    median: f64,
    p99: f64,
    most: f64,
}

impl Spread {
    fn of(mut times: Vec<Duration>) -> Self {
        times.sort();
        let at = |part: f64| {
            let place = (times.len() as f64 * part).ceil() as usize;
            let time = times.get(place.saturating_sub(1).min(times.len().saturating_sub(1)));
            time.map_or(f64::NAN, |time| time.as_secs_f64() * 1_000.0)
        };
        Self {
            median: at(0.5),
            p99: at(0.99),
            most: at(1.0),
        }
    }

    fn json(&self) -> Value {
        json!({ "p50_ms": self.median, "p99_ms": self.p99, "most_ms": self.most })
    }
}

impl Floor {
    pub(crate) fn run(self) -> Outcome {
        streams::allow_many_files();
        let scratch = Scratch::make(&self.data)?;
        let folder = Folder::at(scratch.0.join("data"));
        folder.make().map_err(Failure::io(&scratch.0))?;
        let tokens = self.fill(&folder, &scratch)?;
        let figures = self.measure(&folder, &tokens)?;
        println!(
            "{}",
            if self.json {
                figures.json()
            } else {
                figures.text()
            }
        );
        Ok(ExitCode::SUCCESS)
    }

    /// A folder full of work, and the tokens of those who will do it.
    fn fill(&self, folder: &Folder, scratch: &Scratch) -> Result<Vec<String>, Failure> {
        let app = start(folder.clone(), Arc::new(sqlite::open(&folder.journal())?))?;
        let tenant = tenant::install(&app, &scratch.0, CLIENTS)?;
        let filled = fill(&app, &tenant, self.cases as usize);
        let count = self.listeners.div_ceil(4).max(CLIENTS);
        let tokens = filled.and_then(|()| tokens(&app, &tenant, count));
        app.stop();
        tokens
    }

    fn measure(&self, folder: &Folder, tokens: &[String]) -> Result<Figures, Failure> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .max_blocking_threads(BLOCKING)
            .enable_all()
            .build()
            .map_err(Failure::io("the clients' threads"))?;
        let long = Duration::from_secs(self.seconds);
        let bare = bare(&runtime, folder, long.min(Duration::from_secs(3)))?;
        let served = Served::begin(folder.path())?;
        let (completed, took) = work(served.address, tokens, long)?;
        let busy = served.memory();
        let work = pages(served.address, tokens, |_| "/work".into())?;
        let cases = some_cases(served.address, &tokens[0])?;
        let case = |look: usize| format!("/cases/{}", cases[look % cases.len()]);
        let case = pages(served.address, tokens, case)?;
        let listeners = self.listeners;
        let (live, open) = streams::delays(&runtime, &served, tokens, listeners, CHANGES)?;
        Ok(Figures {
            items: completed as f64 / took.as_secs_f64(),
            completed,
            bare,
            work: Spread::of(work),
            case: Spread::of(case),
            live: Spread::of(live),
            listeners,
            memory: (busy, open),
        })
    }
}

/// Starts cases, many at once, each with a work item that waits.
fn fill(app: &App, tenant: &TenantId, cases: usize) -> Result<(), Failure> {
    std::thread::scope(|scope| {
        let parts: Vec<_> = (0..CLIENTS)
            .map(|part| {
                scope.spawn(move || {
                    (part..cases).step_by(CLIENTS).try_for_each(|case| {
                        let subject = format!("floor-{case}");
                        let record = app.sealed(tenant, &subject, load::record())?;
                        let process = ProcessId::new(tenant::PROCESS);
                        let command = Command::StartCase { process, record };
                        let cause = app.fresh_cause("floor");
                        app.submit_now(tenant, Actor::System, &cause, command)
                            .map(drop)
                            .map_err(Failure::from)
                    })
                })
            })
            .collect();
        parts.into_iter().try_for_each(ended)
    })
}

/// What a thread came to.
fn ended<T>(thread: std::thread::ScopedJoinHandle<'_, Result<T, Failure>>) -> Result<T, Failure> {
    let fault = |_| Err(Failure::Said("a client ended by a fault of its own".into()));
    thread.join().unwrap_or_else(fault)
}

/// So many tokens, spread over the workers.
fn tokens(app: &App, tenant: &TenantId, count: usize) -> Result<Vec<String>, Failure> {
    let until = app.now().plus(WallTime::hours(24));
    let issue = |number: usize| {
        let worker = WorkerId::new(tenant::worker(number % CLIENTS));
        let actor = Actor::System;
        Ok(sight::issue_token(
            app,
            (tenant, actor),
            &worker,
            "floor",
            until,
        )?)
    };
    (0..count).map(issue).collect()
}

/// Clients that claim and complete until nothing is left or the time is over.
fn work(
    address: SocketAddr,
    tokens: &[String],
    long: Duration,
) -> Result<(usize, Duration), Failure> {
    let over = AtomicBool::new(false);
    let began = Instant::now();
    let completed = std::thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS)
            .map(|client| {
                let over = &over;
                scope.spawn(move || {
                    let mut line = Line::open(address, &tokens[client])?;
                    let mut done = 0;
                    while !over.load(Ordering::Relaxed) && began.elapsed() < long {
                        match one(&mut line)? {
                            true => done += 1,
                            false => over.store(true, Ordering::Relaxed),
                        }
                    }
                    Ok(done)
                })
            })
            .collect();
        clients
            .into_iter()
            .map(ended)
            .sum::<Result<usize, Failure>>()
    })?;
    Ok((completed, began.elapsed()))
}

/// One item from claim to completion; nothing where nothing is free.
fn one(line: &mut Line) -> Result<bool, Failure> {
    match claim(line)? {
        Some(item) => complete(line, &item).map(|_| true),
        None => Ok(false),
    }
}

/// The next free item.
fn claim(line: &mut Line) -> Result<Option<Value>, Failure> {
    match line.post("/api/v1/work/claim-next", &json!({}))? {
        (200, item) => Ok(Some(item)),
        (204, _) => Ok(None),
        (_, problem) => Err(Failure::Said(format!("no item was claimed: {problem}"))),
    }
}

/// Completes an item; the number of the entry.
fn complete(line: &mut Line, item: &Value) -> Result<i64, Failure> {
    let id = item["id"].as_str().unwrap_or_default();
    let body = json!({ "fence": item["fence"], "fields": { "bench.answer": "done" } });
    let (status, answer) = line.post(&format!("/api/v1/items/{id}/complete"), &body)?;
    match answer["n"].as_i64().filter(|_| status == 200) {
        Some(n) => Ok(n),
        None => Err(Failure::Said(format!(
            "an item was not completed: {answer}"
        ))),
    }
}

/// How long a page takes, looked at by a few readers at once.
fn pages(
    address: SocketAddr,
    tokens: &[String],
    path: impl Fn(usize) -> String + Sync,
) -> Result<Vec<Duration>, Failure> {
    let path = &path;
    std::thread::scope(|scope| {
        let readers: Vec<_> = (0..READERS)
            .map(|reader| {
                scope.spawn(move || {
                    let mut line = Line::open(address, &tokens[reader])?;
                    let mut times = Vec::new();
                    for look in 0..LOOKS {
                        let began = Instant::now();
                        let status = line.get(&path(reader * LOOKS + look))?;
                        times.push(began.elapsed());
                        if status != 200 {
                            let page = path(reader * LOOKS + look);
                            return Err(Failure::Said(format!("{page} answered {status}")));
                        }
                    }
                    Ok(times)
                })
            })
            .collect();
        let each: Result<Vec<_>, Failure> = readers.into_iter().map(ended).collect();
        Ok(each?.into_iter().flatten().collect())
    })
}

fn some_cases(address: SocketAddr, token: &str) -> Result<Vec<String>, Failure> {
    let mut line = Line::open(address, token)?;
    let (_, list) = line.json("/api/v1/cases?limit=100")?;
    let rows = list["items"].as_array().into_iter().flatten();
    let ids: Vec<String> = rows
        .filter_map(|row| row["id"].as_str().map(str::to_string))
        .collect();
    match ids.is_empty() {
        true => Err(Failure::Said("no case is listed".into())),
        false => Ok(ids),
    }
}

/// Answers a second of axum alone, each from a point read of the same store.
fn bare(runtime: &Runtime, folder: &Folder, long: Duration) -> Result<f64, Failure> {
    let store: Arc<dyn Store> = Arc::new(sqlite::open(&folder.journal())?);
    let tenants = store.tenants()?;
    let tenant = tenants.first().map_or("", TenantId::as_str).to_string();
    let read = move || {
        let (store, tenant) = (store.clone(), tenant.clone());
        async move {
            let sql = "select party, name from party where tenant = $1 and party = $2";
            let key = [Datum::from(tenant), Datum::from(tenant::PARTY)];
            let read = move || store.read(sql, &key);
            let rows = tokio::task::spawn_blocking(read).await;
            rows.ok()
                .and_then(Result::ok)
                .map_or(0, |rows| rows.len())
                .to_string()
        }
    };
    let router = axum::Router::new().route("/", axum::routing::get(read));
    let listener = runtime
        .block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))
        .map_err(Failure::io("a port"))?;
    let address = listener.local_addr().map_err(Failure::io("a port"))?;
    let server = runtime.spawn(async move { axum::serve(listener, router).await });
    let began = Instant::now();
    let answers = std::thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS)
            .map(|_| {
                scope.spawn(move || {
                    let mut line = Line::open(address, "")?;
                    let mut answers = 0;
                    while began.elapsed() < long {
                        line.get("/")?;
                        answers += 1;
                    }
                    Ok(answers)
                })
            })
            .collect();
        clients
            .into_iter()
            .map(ended)
            .sum::<Result<usize, Failure>>()
    })?;
    let took = began.elapsed();
    server.abort();
    Ok(answers as f64 / took.as_secs_f64())
}

impl Figures {
    fn text(&self) -> String {
        let spread = |spread: &Spread| {
            format!(
                "p50 {:>7.1} ms   p99 {:>7.1} ms   most {:>7.1} ms",
                spread.median, spread.p99, spread.most
            )
        };
        format!(
            "completed items      {:>8.0} a second with {CLIENTS} clients ({} in all)   aim 2,000\n\
             axum, a point read   {:>8.0} a second with {CLIENTS} clients: an item is two requests, {:.0} % of it\n\
             work list            {}   aim p99 < 20 ms\n\
             case page            {}   aim p99 < 20 ms\n\
             live, {:>5} pages    {}   aim < 1,000 ms\n\
             memory               {:>8.0} MB after the work, {:.0} MB with all pages open   aim 200 MB",
            self.items,
            self.completed,
            self.bare,
            self.items * 2.0 / self.bare * 100.0,
            spread(&self.work),
            spread(&self.case),
            self.listeners,
            spread(&self.live),
            self.memory.0,
            self.memory.1
        )
    }

    fn json(&self) -> String {
        json!({
            "items_per_second": self.items, "completed": self.completed, "clients": CLIENTS,
            "bare_answers_per_second": self.bare, "work_list": self.work.json(), "case_page": self.case.json(),
            "listeners": self.listeners, "live": self.live.json(),
            "memory_mb": self.memory.0, "memory_with_listeners_mb": self.memory.1,
        })
        .to_string()
    }
}
