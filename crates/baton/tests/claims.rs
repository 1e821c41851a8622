//! Many client programs at once: no item is given to two, none is done twice, and a program that was
//! stopped past its lease completes nothing.
//!
//! `BATON_CLAIMS=100000 cargo test -p baton --test claims -- --nocapture` makes the large run.

#![allow(
    clippy::print_stdout,
    reason = "what happened is the point of the test"
)]

mod support;

use baton_journal::Event;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use support::api::{Api, token};
use support::queues::Task;
use support::stage::journal;
use support::{Server, free_address, queues};

const CLIENTS: usize = 64;
const QUEUES: usize = 8;

/// A connection that is kept.
struct Line {
    stream: BufReader<TcpStream>,
    token: String,
}

impl Line {
    fn open(address: SocketAddr, token: &str) -> Self {
        let stream = TcpStream::connect(address).expect("a connection");
        stream.set_nodelay(true).expect("no delay");
        let wait = Some(Duration::from_secs(120));
        stream.set_read_timeout(wait).expect("a limit");
        Self {
            stream: BufReader::new(stream),
            token: token.into(),
        }
    }

    fn post(&mut self, path: &str, body: &Value) -> (u16, Value) {
        let body = body.to_string();
        let head = format!(
            "POST /api/v1{path} HTTP/1.1\r\nhost: test\r\nauthorization: Bearer {}\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            self.token,
            body.len()
        );
        self.stream
            .get_mut()
            .write_all(head.as_bytes())
            .expect("sent");
        let (mut status, mut length) = (0, 0);
        loop {
            let mut line = String::new();
            let read = self.stream.read_line(&mut line).expect("a line");
            assert!(read > 0, "the connection was closed");
            let line = line.trim_end();
            if line.is_empty() {
                break;
            }
            if let Some(code) = line.strip_prefix("HTTP/1.1 ") {
                status = code[..3].parse().expect("a status");
            }
            if let Some(n) = line.to_ascii_lowercase().strip_prefix("content-length: ") {
                length = n.parse().expect("a length");
            }
        }
        let mut bytes = vec![0; length];
        self.stream.read_exact(&mut bytes).expect("a body");
        (status, serde_json::from_slice(&bytes).unwrap_or_default())
    }
}

/// Claims until nothing is free; the items, and how often nothing was free although something was.
fn claim_all(address: SocketAddr, token: &str) -> Vec<(String, i64)> {
    let mut line = Line::open(address, token);
    let mut claimed = Vec::new();
    loop {
        let (status, item) = line.post("/work/claim-next", &json!({}));
        match status {
            200 => claimed.push((
                item["id"].as_str().expect("an id").to_string(),
                item["fence"].as_i64().expect("a fence"),
            )),
            204 => return claimed,
            other => panic!("{other}: {item}"),
        }
    }
}

#[test]
fn of_many_who_claim_at_once_no_two_get_the_same() {
    let asked = std::env::var("BATON_CLAIMS").ok();
    let claims: usize = asked.map_or(2_000, |count| count.parse().expect("a number"));
    let house = queues::found("claims", QUEUES, QUEUES, Task::Form);
    queues::fill(&house, QUEUES, claims);
    let (_kept, data) = queues::served(house);
    let tokens: Vec<String> = (0..QUEUES)
        .map(|worker| token(&data, &format!("w{worker}")))
        .collect();
    let server = Server::start(&data, free_address());
    let began = Instant::now();
    let claimed: Vec<(String, i64)> = std::thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS)
            .map(|client| {
                let (address, token) = (server.address, &tokens[client % tokens.len()]);
                scope.spawn(move || claim_all(address, token))
            })
            .collect();
        let each = clients.into_iter();
        each.flat_map(|client| client.join().expect("a client"))
            .collect()
    });
    let took = began.elapsed();
    println!(
        "{} claims by {CLIENTS} clients on {QUEUES} queues in {:.1} s: {:.0} a second",
        claimed.len(),
        took.as_secs_f64(),
        claimed.len() as f64 / took.as_secs_f64()
    );
    let items: BTreeSet<&String> = claimed.iter().map(|(item, _)| item).collect();
    assert_eq!(items.len(), claimed.len(), "an item was given to two");
    assert_eq!(claimed.len(), claims, "an item was given to nobody");
    server.stop();
    // The journal says the same: one assignment an item, by the entry that is its fence.
    let mut assigned = BTreeSet::new();
    for entry in journal(&data) {
        for event in &entry.events {
            if let Event::ItemAssigned { item, .. } = event {
                assigned.insert((item.to_string(), entry.n));
            }
        }
    }
    assert_eq!(assigned, claimed.into_iter().collect());
}

/// The child of the next test: claims with a short lease, says so, and completes when it is told to.
#[test]
#[ignore = "it is started by the test below"]
fn a_program_that_claims_and_waits() {
    let Ok(address) = std::env::var("BATON_TEST_ADDRESS") else {
        return;
    };
    let token = std::env::var("BATON_TEST_TOKEN").expect("a token");
    let mut line = Line::open(address.parse().expect("an address"), &token);
    let (status, item) = line.post("/work/claim-next", &json!({ "lease_seconds": 1 }));
    assert_eq!(status, 200, "{item}");
    println!(
        "claimed {} {}",
        item["id"].as_str().expect("an id"),
        item["fence"]
    );
    let mut told = String::new();
    std::io::stdin().read_line(&mut told).expect("told");
    let path = format!("/items/{}/complete", item["id"].as_str().expect("an id"));
    let body = json!({ "fence": item["fence"], "fields": { "q.answer": "too late" } });
    let (status, answer) = line.post(&path, &body);
    println!(
        "answered {status} {}",
        answer["code"].as_str().unwrap_or_default()
    );
}

fn signal(child: u32, name: &str) {
    let sent = Command::new("kill")
        .args([name, &child.to_string()])
        .status();
    assert!(sent.expect("kill runs").success(), "{name}");
}

#[test]
fn a_program_stopped_past_its_lease_completes_nothing() {
    let house = queues::found("stopped", 1, 2, Task::Form);
    queues::fill(&house, 1, 1);
    let (_kept, data) = queues::served(house);
    let (slow, quick) = (token(&data, "w0"), token(&data, "w1"));
    let server = Server::start(&data, free_address());
    let mut child = Command::new(std::env::current_exe().expect("this test"))
        .args([
            "a_program_that_claims_and_waits",
            "--exact",
            "--ignored",
            "--nocapture",
        ])
        .env("BATON_TEST_ADDRESS", server.address.to_string())
        .env("BATON_TEST_TOKEN", slow)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("a program");
    let mut said = BufReader::new(child.stdout.take().expect("its output")).lines();
    let mut next = |word: &str| {
        let found = said
            .by_ref()
            .map(|line| line.expect("a line"))
            .find_map(|line| {
                line.find(word)
                    .map(|at| line[at + word.len()..].trim().to_string())
            });
        found.unwrap_or_else(|| panic!("it never said `{word}`"))
    };
    let claimed = next("claimed ");
    signal(child.id(), "-STOP");
    // The lease ends while it stands still; the item goes to another, who completes it.
    let other = Api {
        address: server.address,
        token: quick,
    };
    let until = Instant::now() + Duration::from_secs(30);
    let taken = loop {
        let answer = other.post("/work/claim-next", &json!({}));
        if answer.status == 200 {
            break answer.json();
        }
        assert!(
            Instant::now() < until,
            "the item never came back: {}",
            answer.body
        );
        std::thread::yield_now();
    };
    assert!(
        claimed.starts_with(taken["id"].as_str().expect("an id")),
        "{claimed}: {taken}"
    );
    child
        .stdin
        .take()
        .expect("its input")
        .write_all(b"now\n")
        .expect("told");
    signal(child.id(), "-CONT");
    assert_eq!(next("answered "), "409 BATON-DESK-031");
    assert!(child.wait().expect("it ends").success());
    let done = json!({ "fence": taken["fence"], "fields": { "q.answer": "in time" } });
    let path = format!("/items/{}/complete", taken["id"].as_str().expect("an id"));
    other.post(&path, &done).expect(200);
    server.stop();
    let kept = serde_json::to_string(&journal(&data)).expect("JSON");
    assert!(
        kept.contains("in time") && !kept.contains("too late"),
        "nothing of it is kept"
    );
}

#[test]
fn two_hundred_items_in_german_hide_none_in_english() {
    let house = queues::found_english("english", 2);
    (0..200).for_each(|_| drop(queues::start_in(&house, "de")));
    let english = queues::start_in(&house, "en-GB");
    let viewer = house.viewer("w1");
    let reader = baton_app::views::Reader::of(&house.app, &viewer.scope);
    let next = baton_app::views::queue::next(&reader, &viewer).expect("what is next");
    let next = next.expect("the page goes on with it").to_string();
    assert!(next.starts_with(&english), "{next}");
    let (_kept, data) = queues::served(house);
    let worker = token(&data, "w1");
    let server = Server::start(&data, free_address());
    let api = Api {
        address: server.address,
        token: worker,
    };
    let claimed = api.post("/work/claim-next", &json!({})).expect(200);
    assert_eq!(claimed["case"], english.as_str(), "the only one in English");
    assert_eq!(api.post("/work/claim-next", &json!({})).status, 204);
}
