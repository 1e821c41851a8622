//! The database's address: read from a URL, and shown without its password, wherever it is shown.
//!
//! Baton speaks no TLS to its database. An address that asks for it is refused, and so is another machine
//! without a word that the way there is safe: nothing goes over a network in the clear by default.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;
use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode};

/// How long opening a connection may take.
const CONNECT: Duration = Duration::from_secs(10);
/// After how long without an answer a connection counts as lost.
const SILENCE: Duration = Duration::from_secs(20);

/// A PostgreSQL database's address.
#[derive(Clone)]
pub struct Address(Arc<Config>);

/// Why an address cannot be used. The address itself is never part of it: it holds a password.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// It cannot be read.
    #[error(
        "BATON-STORE-030: the store's address is not understood; write postgres://USER:PASSWORD@HOST/DATABASE, with signs like @ : / in the password as %40 %3A %2F"
    )]
    Unreadable,
    /// It asks for TLS.
    #[error(
        "BATON-STORE-031: sslmode={0} asks for TLS, which Baton does not speak to its database; lead the connection through a tunnel (stunnel, SSH, WireGuard) or a Unix socket and say sslmode=disable"
    )]
    Tls(String),
    /// It leads over a network in the clear.
    #[error(
        "BATON-STORE-032: `{0}` is another machine, and rows would go there unencrypted; lead the connection through a tunnel, or say ?sslmode=disable where the network itself is safe"
    )]
    Plain(String),
}

impl FromStr for Address {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        let prefixed = ["postgres://", "postgresql://"];
        if !prefixed.iter().any(|prefix| text.starts_with(prefix)) {
            return Err(AddressError::Unreadable);
        }
        if let Some(mode) = asked_tls(text) {
            return Err(AddressError::Tls(mode.to_owned()));
        }
        let config: Config = text.parse().map_err(|_| AddressError::Unreadable)?;
        // A host with this sign is the rest of a password that was not written as it must be.
        let misread = |host: &Host| matches!(host, Host::Tcp(name) if name.contains('@'));
        if config.get_hosts().iter().any(misread) || config.get_hosts().is_empty() {
            return Err(AddressError::Unreadable);
        }
        match remote(&config) {
            Some(host) if config.get_ssl_mode() != SslMode::Disable => {
                Err(AddressError::Plain(host))
            }
            _ => Ok(Self(Arc::new(settled(config)))),
        }
    }
}

/// The mode, where the address asks for TLS.
fn asked_tls(text: &str) -> Option<&str> {
    let (_, parameters) = text.rsplit_once('?')?;
    let mut pairs = parameters
        .split('&')
        .filter_map(|pair| pair.split_once('='));
    let (_, mode) = pairs.find(|(name, _)| *name == "sslmode")?;
    ["require", "verify-ca", "verify-full"]
        .contains(&mode)
        .then_some(mode)
}

/// A host that is not this machine.
fn remote(config: &Config) -> Option<String> {
    let far = config.get_hostaddrs().iter().find(|at| !at.is_loopback());
    if let Some(far) = far {
        return Some(far.to_string());
    }
    if !config.get_hostaddrs().is_empty() {
        return None;
    }
    config.get_hosts().iter().find_map(|host| match host {
        Host::Tcp(name) if !is_here(name) => Some(name.clone()),
        _ => None,
    })
}

fn is_here(name: &str) -> bool {
    let loopback = |at: std::net::IpAddr| at.is_loopback();
    name == "localhost" || name.parse().is_ok_and(loopback)
}

/// What every connection has, unless the address says otherwise.
fn settled(mut config: Config) -> Config {
    config.ssl_mode(SslMode::Disable);
    if config.get_application_name().is_none() {
        config.application_name("baton");
    }
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(CONNECT);
    }
    if config.get_tcp_user_timeout().is_none() {
        config.tcp_user_timeout(SILENCE);
        config.keepalives_idle(SILENCE / 2);
        config.keepalives_interval(SILENCE / 4);
        config.keepalives_retries(2);
    }
    config
}

impl Address {
    pub(super) fn config(&self) -> &Config {
        &self.0
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("postgres://")?;
        for (place, host) in self.0.get_hosts().iter().enumerate() {
            let comma = if place > 0 { "," } else { "" };
            match host {
                Host::Tcp(name) => write!(f, "{comma}{name}")?,
                Host::Unix(path) => write!(f, "{comma}{}", path.display())?,
            }
            if let Some(port) = self.0.get_ports().get(place) {
                write!(f, ":{port}")?;
            }
        }
        write!(f, "/{}", self.0.get_dbname().unwrap_or_default())
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

#[cfg(test)]
mod tests {
    use super::{Address, AddressError};

    fn refused(text: &str) -> String {
        let error = text.parse::<Address>().expect_err(text);
        assert!(!format!("{error} {error:?}").contains("kept"), "{error}");
        error.to_string()
    }

    #[test]
    fn an_address_is_shown_without_its_password() {
        for (text, shown) in [
            (
                "postgres://u:kept%40@localhost/b",
                "postgres://localhost:5432/b",
            ),
            (
                "postgresql://u:kept@127.0.0.1:6000/b",
                "postgres://127.0.0.1:6000/b",
            ),
            (
                "postgres://u:kept@[::1]/b?sslmode=prefer",
                "postgres://::1:5432/b",
            ),
            (
                "postgres://u:kept@%2Frun%2Fpg/b",
                "postgres:///run/pg:5432/b",
            ),
            (
                "postgres://u:kept@a,b:1/c?sslmode=disable",
                "postgres://a:5432,b:1/c",
            ),
        ] {
            let address: Address = text.parse().expect(text);
            assert_eq!(address.to_string(), shown);
            assert_eq!(format!("{address:?}"), shown);
            assert!(address.config().get_password().is_some());
        }
    }

    #[test]
    fn what_cannot_be_read_is_refused_without_repeating_it() {
        for text in [
            "",
            "journal.db",
            "mysql://u:kept@localhost/b",
            "host=localhost password=kept",
            "postgres://u:kept@/b",
            "postgres://u:kept@localhost:port/b",
            "postgres://u:k@kept@localhost/b",
            "postgres://u:x@localhost/b?kept=1",
            "postgres://u:x@localhost/b?sslmode=kept",
        ] {
            assert!(refused(text).starts_with("BATON-STORE-030"), "{text}");
        }
    }

    #[test]
    fn tls_is_refused_and_nothing_goes_plain_over_a_network_by_default() {
        for mode in ["require", "verify-ca", "verify-full"] {
            let text = format!("postgres://u:kept@localhost/b?connect_timeout=3&sslmode={mode}");
            let told = refused(&text);
            assert!(
                told.starts_with("BATON-STORE-031") && told.contains(mode),
                "{told}"
            );
        }
        for text in [
            "postgres://u:kept@db.example/b",
            "postgres://u:kept@db.example/b?sslmode=prefer",
            "postgres://u:kept@localhost,10.0.0.7/b",
            "postgres://u:kept@localhost/b?hostaddr=10.0.0.7",
        ] {
            assert!(refused(text).starts_with("BATON-STORE-032"), "{text}");
        }
        let told = AddressError::Plain("db.example".into()).to_string();
        assert!(told.contains("sslmode=disable"), "{told}");
        let said = "postgres://u:kept@db.example/b?sslmode=disable";
        assert!(said.parse::<Address>().is_ok());
    }
}
