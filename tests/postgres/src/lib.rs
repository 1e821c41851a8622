//! A throwaway PostgreSQL server for tests: started once a test binary from Debian's package, in a folder
//! and on a port of its own, as an ordinary user; gone with the tests, however they end. It never touches
//! a server that the machine runs already.
//!
//! Each test takes a [`Database`] of its own. Where there is no PostgreSQL to start the tests fail and
//! say what to install.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "tests alone use it"
)]

mod between;
mod place;

pub use between::{Between, Break};
use place::Place;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock};
use std::time::{Duration, Instant};

/// The role that owns the databases. Its password has signs that an address must write otherwise.
const USER: &str = "baton";
/// The password; tests look that it is shown nowhere.
pub const PASSWORD: &str = "s3cret@of:the/tests?";
const WRITTEN: &str = "s3cret%40of%3Athe%2Ftests%3F";

/// How long the server may take to be ready.
const READY: Duration = Duration::from_secs(60);

/// Ends with the process that holds its standard input, and takes the server and its folder along.
const KEEPER: &str = "
\"$0/postgres\" -D \"$1/data\" >\"$1/log\" 2>&1 &
server=$!
cat >/dev/null
kill -QUIT $server
wait $server
rm -rf \"$1\"
";

/// The server.
struct Server {
    place: Place,
    port: u16,
    keeper: Mutex<Child>,
}

/// A database of a test's own.
#[derive(Clone, Debug)]
pub struct Database {
    name: String,
}

/// A new, empty database.
pub fn database() -> Database {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    let name = format!("test_{}", NEXT.fetch_add(1, Ordering::Relaxed));
    let server = server();
    let by_language = if server.place.version() >= 15 {
        // A language's order differs from that of the bytes, which Baton must keep.
        " locale_provider icu icu_locale 'en-US'"
    } else {
        ""
    };
    server.sql(
        "postgres",
        &format!("create database {name} encoding 'UTF8' template template0{by_language}"),
    );
    Database { name }
}

impl Database {
    /// Its address, with the password.
    pub fn address(&self) -> String {
        self.address_at(server().port)
    }

    /// Its address by another port, behind which a test stands between.
    pub fn address_at(&self, port: u16) -> String {
        format!("postgres://{USER}:{WRITTEN}@127.0.0.1:{port}/{}", self.name)
    }

    /// The server's port.
    fn port(&self) -> u16 {
        server().port
    }

    /// Something that stands between a store and the server.
    pub fn between(&self) -> Between {
        let asked = self.clone();
        let waiting = move || asked.sql("select count(*) from pg_locks where not granted") != "0";
        Between::stand(self.port(), waiting)
    }

    /// Runs a text as `psql` does; gives the rows, a line each, with `|` between the columns.
    pub fn sql(&self, text: &str) -> String {
        server().sql(&self.name, text)
    }

    /// Breaks every connection to the database, as a server that is started anew does.
    pub fn break_connections(&self) {
        self.sql(
            "select count(pg_terminate_backend(pid)) from pg_stat_activity
             where datname = current_database() and pid <> pg_backend_pid()",
        );
    }
}

fn server() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    let server = SERVER.get_or_init(|| Server::start().unwrap_or_else(|why| panic!("{why}")));
    if let Ok(Some(status)) = server.keeper.lock().expect("unpoisoned").try_wait() {
        panic!("the test's PostgreSQL server ended: {status}");
    }
    server
}

impl Server {
    fn start() -> Result<Self, String> {
        let place = Place::make()?;
        place.run(
            "initdb",
            &[
                "--no-sync",
                "--encoding=UTF8",
                "--locale=C",
                "--auth=scram-sha-256",
            ],
            &[
                "--username",
                USER,
                "--pwfile",
                &place.file("password", PASSWORD)?,
            ],
        )?;
        for _ in 0..5 {
            let port = free_port().map_err(|error| format!("a free port: {error}"))?;
            let mut server = Self::on(&place, port)?;
            if server.is_ready()? {
                return Ok(server);
            }
        }
        Err(format!("PostgreSQL does not start:\n{}", place.log()))
    }

    /// Starts the server on a port.
    fn on(place: &Place, port: u16) -> Result<Self, String> {
        let settings = format!(
            "listen_addresses = '127.0.0.1'\nport = {port}\nunix_socket_directories = ''\n\
             max_connections = 200\nshared_buffers = 32MB\nfsync = off\nfull_page_writes = off\n\
             log_min_messages = warning\n"
        );
        place.file("data/postgresql.auto.conf", &settings)?;
        let mut keeper = place.command("/bin/sh");
        keeper
            .arg("-c")
            .arg(KEEPER)
            .arg(place.programs())
            .arg(place.folder());
        let keeper = keeper.stdin(Stdio::piped()).stdout(Stdio::null()).spawn();
        Ok(Self {
            place: place.clone(),
            port,
            keeper: Mutex::new(keeper.map_err(|error| format!("a shell: {error}"))?),
        })
    }

    /// Waits until it answers; false where it ended, as when another was faster with the port.
    fn is_ready(&mut self) -> Result<bool, String> {
        let began = Instant::now();
        while began.elapsed() < READY {
            if self
                .psql("postgres", "select 1")
                .output()
                .is_ok_and(|told| told.status.success())
            {
                return Ok(true);
            }
            if self.place.log().contains("could not bind") {
                return Ok(false);
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Err(format!(
            "PostgreSQL is not ready within {READY:?}:\n{}",
            self.place.log()
        ))
    }

    fn psql(&self, database: &str, text: &str) -> Command {
        let mut psql = Command::new(self.place.programs().join("psql"));
        psql.env_clear()
            .env("PGPASSWORD", PASSWORD)
            .current_dir("/");
        psql.args(["--no-psqlrc", "--quiet", "--tuples-only", "--no-align"]);
        psql.args(["--host=127.0.0.1", "--username", USER, "--dbname", database]);
        psql.args([
            "--set=ON_ERROR_STOP=1",
            "--port",
            &self.port.to_string(),
            "--command",
            text,
        ]);
        psql
    }

    fn sql(&self, database: &str, text: &str) -> String {
        let told = self.psql(database, text).output().expect("psql starts");
        let error = String::from_utf8_lossy(&told.stderr);
        assert!(told.status.success(), "{text}: {error}");
        String::from_utf8_lossy(&told.stdout).trim_end().to_owned()
    }
}

fn free_port() -> std::io::Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

/// The folder of PostgreSQL's programs: the newest of Debian's, else the one on the path.
fn programs() -> Result<PathBuf, String> {
    let versions = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten();
    let mut found: Vec<(u32, PathBuf)> = versions
        .filter_map(|entry| {
            let version = entry.file_name().to_str()?.parse().ok()?;
            Some((version, entry.path().join("bin")))
        })
        .filter(|(_, folder)| is_server(folder))
        .collect();
    found.sort();
    if let Some((_, newest)) = found.pop() {
        return Ok(newest);
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let on_path = std::env::split_paths(&path).find(|folder| is_server(folder));
    on_path.ok_or_else(|| {
        "there is no PostgreSQL server to test with; install it: apt-get install postgresql".into()
    })
}

fn is_server(folder: &Path) -> bool {
    ["initdb", "postgres", "psql"]
        .iter()
        .all(|program| folder.join(program).is_file())
}
