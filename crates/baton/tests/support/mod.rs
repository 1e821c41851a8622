//! What the end-to-end tests share: a data folder that goes away, the program as a child process, and
//! the few HTTP requests they need, written by hand so that no client stands between.

#![allow(dead_code, unreachable_pub, reason = "each test binary uses its part")]
#![allow(clippy::print_stdout, reason = "a test says why it did nothing")]

pub mod api;
pub mod days;
pub mod house;
pub mod lanes;
pub mod queues;
pub mod served;
pub mod stage;
pub mod stores;

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// The built program, with its journal in the data folder.
pub fn baton() -> Command {
    baton_on(None)
}

/// The built program, with its journal in a database if there is one.
pub fn baton_on(store: Option<&str>) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_baton"));
    command.env_remove("BATON_STORE");
    command.envs(store.map(|store| ("BATON_STORE", store)));
    command
}

/// Runs the program and gives what it printed; panics where it did not end with the code.
pub fn run(arguments: &[&str], code: i32) -> String {
    run_on(None, arguments, code)
}

/// The same with the journal in a database.
pub fn run_on(store: Option<&str>, arguments: &[&str], code: i32) -> String {
    let output: Output = baton_on(store)
        .args(arguments)
        .output()
        .expect("the program starts");
    let out = String::from_utf8_lossy(&output.stdout).into_owned();
    let err = String::from_utf8_lossy(&output.stderr);
    assert_eq!(
        output.status.code(),
        Some(code),
        "baton {arguments:?}\n{out}\n{err}"
    );
    out
}

/// A folder that is removed with its owner.
pub struct Temporary(PathBuf);

impl Temporary {
    pub fn new(name: &str) -> Self {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let next = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("baton-{name}-{}-{next}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).expect("a temporary folder");
        Self(path)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    pub fn join(&self, name: &str) -> String {
        self.0.join(name).display().to_string()
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The real sample files, where the checkout has them beside it.
pub fn fixtures() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/fixtures");
    let path = std::env::var_os("BATON_FIXTURES").map_or(beside, PathBuf::from);
    if path.is_dir() {
        return Some(path);
    }
    println!("skipped: no fixtures (set BATON_FIXTURES)");
    None
}

/// A port nobody listens on just now.
pub fn free_address() -> SocketAddr {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("its address")
}

/// A served data folder.
pub struct Server {
    child: Child,
    pub address: SocketAddr,
    /// How long it took from the start to the first answer.
    pub ready: Duration,
}

impl Server {
    pub fn start(data: &str, address: SocketAddr) -> Self {
        Self::start_on(None, data, address)
    }

    /// The same with the journal in a database.
    pub fn start_on(store: Option<&str>, data: &str, address: SocketAddr) -> Self {
        let began = Instant::now();
        let child = baton_on(store)
            .args(["serve", "--data", data, "--listen", &address.to_string()])
            .stdout(Stdio::null())
            .stderr(Stdio::inherit())
            .spawn()
            .expect("the server starts");
        let mut server = Self {
            child,
            address,
            ready: Duration::ZERO,
        };
        while began.elapsed() < Duration::from_secs(30) {
            if server
                .get("/health", None)
                .is_ok_and(|answer| answer.status == 200)
            {
                server.ready = began.elapsed();
                return server;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        panic!("the server was not ready within 30 s");
    }

    /// SIGKILL: nothing is flushed, nothing is said.
    pub fn kill(mut self) {
        self.child.kill().expect("the server is killed");
        self.child.wait().expect("the server is gone");
    }

    /// SIGTERM, as whoever runs it would; gives how long it took to end.
    pub fn stop(mut self) -> Duration {
        let began = Instant::now();
        let asked = Command::new("kill")
            .arg(self.child.id().to_string())
            .status()
            .expect("kill runs");
        assert!(asked.success(), "the server is asked to stop");
        let ended = self.child.wait().expect("the server ends");
        assert!(ended.success(), "it ends cleanly: {ended}");
        began.elapsed()
    }

    pub fn get(&self, path: &str, session: Option<&str>) -> std::io::Result<Answer> {
        request(self.address, "GET", path, session, &[], b"")
    }

    /// Uploads files; the key makes the upload safe to repeat.
    pub fn upload(
        &self,
        session: &str,
        key: &str,
        files: &[(String, Vec<u8>)],
    ) -> std::io::Result<Answer> {
        upload(self.address, session, key, files)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An HTTP answer.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Answer {
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }
}

/// A session by a one-time link made for a worker before the server starts.
pub fn sign_in(address: SocketAddr, token: &str) -> String {
    let answer = request(
        address,
        "POST",
        &format!("/sign-in/{token}"),
        None,
        &[],
        b"",
    )
    .expect("signed in");
    let cookie = answer
        .head
        .lines()
        .find_map(|line| line.strip_prefix("set-cookie: ").map(str::to_string));
    let cookie = cookie.unwrap_or_else(|| panic!("no session: {answer:?}"));
    cookie
        .split(';')
        .next()
        .and_then(|pair| pair.split_once('='))
        .expect("a cookie")
        .1
        .to_string()
}

/// A one-time link's token for a worker.
pub fn link(data: &str, worker: &str) -> String {
    link_on(None, data, worker)
}

/// The same with the journal in a database.
pub fn link_on(store: Option<&str>, data: &str, worker: &str) -> String {
    let out = run_on(store, &["link", "--data", data, worker], 0);
    out.trim().rsplit('/').next().expect("a link").to_string()
}

pub fn upload(
    address: SocketAddr,
    session: &str,
    key: &str,
    files: &[(String, Vec<u8>)],
) -> std::io::Result<Answer> {
    const BOUNDARY: &str = "baton-test-boundary";
    let mut body = Vec::new();
    for (name, bytes) in files {
        body.extend(format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"files\"; filename=\"{name}\"\r\n\r\n").bytes());
        body.extend(bytes);
        body.extend(b"\r\n");
    }
    body.extend(format!("--{BOUNDARY}--\r\n").bytes());
    let kind = format!("multipart/form-data; boundary={BOUNDARY}");
    request(
        address,
        "POST",
        "/api/v1/documents",
        Some(session),
        &[("content-type", &kind), ("idempotency-key", key)],
        &body,
    )
}

pub fn request(
    address: SocketAddr,
    method: &str,
    path: &str,
    session: Option<&str>,
    headers: &[(&str, &str)],
    body: &[u8],
) -> std::io::Result<Answer> {
    let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(2))?;
    stream.set_read_timeout(Some(Duration::from_secs(20)))?;
    let mut head = format!(
        "{method} {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\norigin: http://{address}\r\n"
    );
    for (name, value) in headers {
        head += &format!("{name}: {value}\r\n");
    }
    if let Some(session) = session {
        head += &format!("authorization: Bearer {session}\r\n");
    }
    head += &format!("content-length: {}\r\n\r\n", body.len());
    stream.write_all(head.as_bytes())?;
    stream.write_all(body)?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes)?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let (head, body) = text
        .split_once("\r\n\r\n")
        .ok_or_else(|| std::io::Error::other("cut short"))?;
    let status = head
        .split(' ')
        .nth(1)
        .and_then(|code| code.parse().ok())
        .unwrap_or(0);
    let whole = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))
        .and_then(|n| n.parse().ok());
    if whole.is_some_and(|length: usize| length != body.len()) {
        return Err(std::io::Error::other("cut short"));
    }
    Ok(Answer {
        status,
        head: head.to_string(),
        body: body.to_string(),
    })
}

/// Copies a folder with all below it.
pub fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder") {
        let path = entry.expect("an entry").path();
        let target = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            std::fs::copy(&path, &target).expect("copied");
        }
    }
}
