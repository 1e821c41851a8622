//! The server that is measured: this program as `baton serve`, a process of its own, so that what it takes
//! of memory is its own too.

use crate::failure::Failure;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// The running server; it ends with this.
pub(super) struct Served {
    child: Child,
    pub(super) address: SocketAddr,
}

impl Served {
    /// Serves a data folder on a free port.
    pub(super) fn begin(data: &Path) -> Result<Self, Failure> {
        let program = std::env::current_exe().map_err(Failure::io("this program"))?;
        let mut child = Command::new(program)
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(data)
            .env_remove("BATON_STORE")
            .stdout(Stdio::piped())
            .spawn()
            .map_err(Failure::io("the server"))?;
        let address = child
            .stdout
            .take()
            .and_then(|out| listening(BufReader::new(out)));
        let gone =
            || Failure::Said("the server ended before it listened; its words stand above".into());
        match address {
            Some(address) => Ok(Self { child, address }),
            None => {
                end(&mut child);
                Err(gone())
            }
        }
    }

    /// Its resident memory in MB.
    pub(super) fn memory(&self) -> f64 {
        let path = format!("/proc/{}/status", self.child.id());
        let status = std::fs::read_to_string(path).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
        kilobytes.map_or(f64::NAN, |kilobytes| kilobytes / 1_024.0)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        end(&mut self.child);
    }
}

/// The folder is removed afterwards, so nothing is lost by a hard end.
fn end(child: &mut Child) {
    // It may have ended by itself.
    let _ = child.kill();
    let _ = child.wait();
}

/// The address it says it listens on.
fn listening(out: impl BufRead) -> Option<SocketAddr> {
    out.lines().map_while(Result::ok).find_map(|line| {
        let address = line.strip_prefix("listening: http://")?;
        address.trim_end_matches('/').parse().ok()
    })
}
