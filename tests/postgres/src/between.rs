//! What stands between a store and its server: it passes everything on, slowly if it is told to,
//! and breaks the connection at a commit.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A commit as it goes over the wire.
const COMMIT: &[u8] = b"Q\0\0\0\x0bcommit\0";

/// What to do at the next commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Break {
    /// Pass it on.
    Never,
    /// Break before the server hears of it.
    Unheard,
    /// Break when the server has heard of it, before its answer.
    Unanswered,
    /// Break, and let the server hear of it only when somebody waits for a lock.
    Late,
}

/// It, listening.
pub struct Between {
    /// The port to connect to instead of the server's.
    pub port: u16,
    delay: Arc<AtomicU64>,
    next: Arc<Mutex<Break>>,
    closed: Arc<AtomicBool>,
}

impl Between {
    /// Listens before a server; `waiting` says whether somebody waits for a lock there.
    pub fn stand(server: u16, waiting: impl Fn() -> bool + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let between = Self {
            port: listener.local_addr().unwrap().port(),
            delay: Arc::default(),
            next: Arc::new(Mutex::new(Break::Never)),
            closed: Arc::default(),
        };
        let (delay, next, closed) = (
            between.delay.clone(),
            between.next.clone(),
            between.closed.clone(),
        );
        let waiting = Arc::new(waiting);
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                if closed.load(Ordering::SeqCst) {
                    continue;
                }
                let server = TcpStream::connect(("127.0.0.1", server)).unwrap();
                let line = Line {
                    client,
                    server,
                    delay: delay.clone(),
                    next: next.clone(),
                };
                line.carry(waiting.clone());
            }
        });
        between
    }

    /// Breaks at the next commit.
    pub fn at_next_commit(&self, what: Break) {
        *self.next.lock().unwrap() = what;
    }

    /// Whether the break was made.
    pub fn is_done(&self) -> bool {
        *self.next.lock().unwrap() == Break::Never
    }

    /// Takes no more connections, or takes them again.
    pub fn close(&self, closed: bool) {
        self.closed.store(closed, Ordering::SeqCst);
    }

    /// Lets every answer take so much longer, as a server far away does.
    pub fn slow_down(&self, by: Duration) {
        self.delay.store(by.as_micros() as u64, Ordering::SeqCst);
    }
}

/// One connection through it.
struct Line {
    client: TcpStream,
    server: TcpStream,
    delay: Arc<AtomicU64>,
    next: Arc<Mutex<Break>>,
}

impl Line {
    fn carry(self, waiting: Arc<dyn Fn() -> bool + Send + Sync>) {
        let (mut from, mut to) = (
            self.server.try_clone().unwrap(),
            self.client.try_clone().unwrap(),
        );
        let delay = self.delay.clone();
        std::thread::spawn(move || {
            let mut bytes = [0; 65_536];
            while let Ok(count @ 1..) = from.read(&mut bytes) {
                let micros = delay.load(Ordering::SeqCst);
                std::thread::sleep(Duration::from_micros(micros));
                if to.write_all(&bytes[..count]).is_err() {
                    break;
                }
            }
            let _ = to.shutdown(Shutdown::Both);
        });
        std::thread::spawn(move || self.send(&*waiting));
    }

    fn send(mut self, waiting: &dyn Fn() -> bool) {
        let mut bytes = [0; 65_536];
        while let Ok(count @ 1..) = self.client.read(&mut bytes) {
            let sent = &bytes[..count];
            let commit = sent.windows(COMMIT.len()).position(|part| part == COMMIT);
            match (commit, self.told()) {
                (None, _) | (_, Break::Never) => self.server.write_all(sent).unwrap(),
                (Some(at), what) => return self.cut(what, &sent[..at], waiting),
            }
        }
        let _ = self.server.shutdown(Shutdown::Both);
    }

    fn told(&self) -> Break {
        *self.next.lock().unwrap()
    }

    fn cut(mut self, what: Break, before: &[u8], waiting: &dyn Fn() -> bool) {
        self.server.write_all(before).unwrap();
        *self.next.lock().unwrap() = Break::Never;
        if what == Break::Unanswered {
            self.server.write_all(COMMIT).unwrap();
        }
        self.client.shutdown(Shutdown::Both).unwrap();
        if what == Break::Late {
            while !waiting() {
                std::thread::yield_now();
            }
            self.server.write_all(COMMIT).unwrap();
        }
        self.server.shutdown(Shutdown::Write).unwrap();
    }
}
