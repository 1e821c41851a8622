//! A connection that is kept, and the little of HTTP/1.1 that a measuring client needs: no client library
//! stands between, so its cost is not measured.

use crate::failure::Failure;
use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};

/// A connection.
pub(super) struct Line {
    stream: BufReader<TcpStream>,
    bearer: String,
}

fn broken(error: std::io::Error) -> Failure {
    Failure::io("the connection")(error)
}

impl Line {
    /// A new connection with a token.
    pub(super) fn open(address: SocketAddr, token: &str) -> Result<Self, Failure> {
        let stream = TcpStream::connect(address).map_err(broken)?;
        stream.set_nodelay(true).map_err(broken)?;
        Ok(Self {
            stream: BufReader::new(stream),
            bearer: token.to_string(),
        })
    }

    /// Sends JSON; the status and the JSON of the answer.
    pub(super) fn post(&mut self, path: &str, body: &Value) -> Result<(u16, Value), Failure> {
        let body = body.to_string();
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: baton\r\nauthorization: Bearer {}\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            self.bearer,
            body.len()
        );
        self.send(&head)
    }

    /// Reads a page; its status.
    pub(super) fn get(&mut self, path: &str) -> Result<u16, Failure> {
        let (status, _) = self.answer(&self.asked(path))?;
        Ok(status)
    }

    /// Reads JSON.
    pub(super) fn json(&mut self, path: &str) -> Result<(u16, Value), Failure> {
        self.send(&self.asked(path))
    }

    fn asked(&self, path: &str) -> String {
        format!(
            "GET {path} HTTP/1.1\r\nhost: baton\r\nauthorization: Bearer {}\r\n\r\n",
            self.bearer
        )
    }

    fn send(&mut self, request: &str) -> Result<(u16, Value), Failure> {
        let (status, body) = self.answer(request)?;
        Ok((status, serde_json::from_slice(&body).unwrap_or_default()))
    }

    fn answer(&mut self, request: &str) -> Result<(u16, Vec<u8>), Failure> {
        let sent = self.stream.get_mut().write_all(request.as_bytes());
        sent.map_err(broken)?;
        let (mut status, mut length) = (0, 0);
        loop {
            let mut line = String::new();
            if self.stream.read_line(&mut line).map_err(broken)? == 0 {
                return Err(Failure::Said("the server closed the connection".into()));
            }
            let line = line.trim_end().to_ascii_lowercase();
            if line.is_empty() {
                break;
            }
            if let Some(rest) = line.strip_prefix("http/1.1 ") {
                status = rest
                    .get(..3)
                    .and_then(|code| code.parse().ok())
                    .unwrap_or(0);
            } else if let Some(n) = line.strip_prefix("content-length: ") {
                length = n.parse().unwrap_or(0);
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).map_err(broken)?;
        Ok((status, body))
    }
}
