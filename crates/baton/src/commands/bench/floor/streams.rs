//! Open pages that listen, and how long it takes until the last of them is told of a change.

use super::line::Line;
use super::served::Served;
use super::{claim, complete};
use crate::failure::Failure;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::runtime::Runtime;
use tokio::sync::watch;

/// How long it is waited for all of them at most.
const PATIENCE: Duration = Duration::from_secs(20);
/// Streams are told at most four times a second; a change comes well apart from the one before.
const APART: Duration = Duration::from_millis(600);

/// Lets this process have as many files as the machine allows: each stream has two ends here.
pub(super) fn allow_many_files() {
    use rustix::process::{Resource, getrlimit, setrlimit};
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    if let Err(error) = setrlimit(Resource::Nofile, limit) {
        tracing::warn!(%error, "the limit of open files stays as it is");
    }
}

/// The head that each stream was last told.
struct Heard {
    heads: Vec<AtomicI64>,
    count: watch::Sender<usize>,
}

impl Heard {
    /// How many streams know of an entry.
    fn know(&self, n: i64) -> usize {
        let known = self.heads.iter();
        known
            .filter(|head| head.load(Ordering::Relaxed) >= n)
            .count()
    }
}

/// The time from each of some changes until the last stream was told, and the server's memory in MB while
/// all are open.
pub(super) fn delays(
    runtime: &Runtime,
    served: &Served,
    tokens: &[String],
    listeners: usize,
    changes: usize,
) -> Result<(Vec<Duration>, f64), Failure> {
    let address = served.address;
    let heard = Arc::new(Heard {
        heads: (0..listeners).map(|_| AtomicI64::new(0)).collect(),
        count: watch::Sender::new(0),
    });
    let streams: Vec<_> = (0..listeners)
        .map(|number| {
            let token = tokens[number / 4 % tokens.len()].clone();
            runtime.spawn(listen(address, token, heard.clone(), number))
        })
        .collect();
    // The first event says where the journal stands.
    wait(runtime, &heard, 1)?;
    let mut line = Line::open(address, &tokens[0])?;
    let mut delays = Vec::new();
    for _ in 0..changes {
        let item = claim(&mut line)?;
        let none = || Failure::Said("no item is left to change; ask for more --cases".into());
        let item = item.ok_or_else(none)?;
        std::thread::sleep(APART);
        let began = Instant::now();
        let n = complete(&mut line, &item)?;
        wait(runtime, &heard, n)?;
        delays.push(began.elapsed());
        std::thread::sleep(APART);
    }
    let memory = served.memory();
    for stream in streams {
        stream.abort();
    }
    Ok((delays, memory))
}

/// Waits until all streams know of an entry.
fn wait(runtime: &Runtime, heard: &Heard, n: i64) -> Result<(), Failure> {
    let listeners = heard.heads.len();
    let mut changed = heard.count.subscribe();
    let all = async {
        while heard.know(n) < listeners {
            if changed.changed().await.is_err() {
                return;
            }
        }
    };
    let timely = runtime.block_on(async { tokio::time::timeout(PATIENCE, all).await });
    timely.map_err(|_| {
        let reached = heard.know(n);
        Failure::Said(format!(
            "only {reached} of {listeners} streams were told within {PATIENCE:?}"
        ))
    })
}

/// Listens, and keeps the last head that was told.
async fn listen(address: SocketAddr, token: String, heard: Arc<Heard>, number: usize) {
    let Ok(mut stream) = TcpStream::connect(address).await else {
        return;
    };
    let request = format!(
        "GET /live HTTP/1.1\r\nhost: baton\r\nauthorization: Bearer {token}\r\naccept: text/event-stream\r\n\r\n"
    );
    if stream.write_all(request.as_bytes()).await.is_err() {
        return;
    }
    let mut buffer = [0; 4_096];
    while let Ok(read) = stream.read(&mut buffer).await {
        if read == 0 {
            return;
        }
        let text = String::from_utf8_lossy(&buffer[..read]);
        let told = text.lines().filter_map(|line| line.strip_prefix("id:"));
        if let Some(n) = told.filter_map(|n| n.trim().parse::<i64>().ok()).max() {
            heard.heads[number].fetch_max(n, Ordering::Relaxed);
            heard.count.send_modify(|count| *count += 1);
        }
    }
}
