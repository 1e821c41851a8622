//! The HTTP API as a client program uses it: JSON both ways, with a token.

use super::{Answer, request, run};
use serde_json::Value;
use std::net::SocketAddr;

/// A client program with a worker's token.
#[derive(Clone)]
pub struct Api {
    pub address: SocketAddr,
    pub token: String,
}

/// A new token for a worker.
pub fn token(data: &str, worker: &str) -> String {
    let issued = run(
        &["token", "issue", "--data", data, worker, "--name", "test"],
        0,
    );
    issued.trim().to_string()
}

impl Api {
    pub fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[], b"")
    }

    pub fn post(&self, path: &str, body: &Value) -> Answer {
        self.post_once(path, body, None)
    }

    /// The same under a key that makes it safe to repeat.
    pub fn post_once(&self, path: &str, body: &Value, key: Option<&str>) -> Answer {
        let mut headers = vec![("content-type", "application/json")];
        headers.extend(key.map(|key| ("idempotency-key", key)));
        self.send("POST", path, &headers, body.to_string().as_bytes())
    }

    pub fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let path = format!("/api/v1{path}");
        request(
            self.address,
            method,
            &path,
            Some(&self.token),
            headers,
            body,
        )
        .expect("an answer")
    }
}

impl Answer {
    /// The JSON of an answer that must have a status.
    pub fn expect(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}\n{}", self.head, self.body);
        if self.body.is_empty() {
            Value::Null
        } else {
            self.json()
        }
    }

    /// The code of a problem that must have a status.
    pub fn problem(&self, status: u16) -> String {
        let kind = self.head.to_lowercase();
        assert!(
            kind.contains("content-type: application/problem+json"),
            "no problem: {}\n{}",
            self.head,
            self.body
        );
        let problem = self.expect(status);
        assert_eq!(problem["status"], status, "{problem}");
        let code = problem["code"].as_str().expect("a code").to_string();
        assert_eq!(problem["type"], format!("/problems/{code}"), "{problem}");
        for part in ["title", "detail"] {
            assert!(
                problem[part].as_str().is_some_and(|text| !text.is_empty()),
                "{problem}"
            );
        }
        code
    }
}
