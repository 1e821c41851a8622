//! Pages that stay open, over HTTP: the stream says the head within a second of a commit by anybody, goes on
//! from where it broke, ends with its session and with the server, and tells another party only a number.
//! Who is present is told to colleagues alone.

mod support;

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};
use support::run;
use support::stage::Stage;

/// What a stream said: an event's name and its data.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Said {
    event: String,
    data: String,
}

/// An open stream. Its raw lines are kept, so that a test can look for what must not be in them.
struct Listener {
    lines: Receiver<String>,
    raw: Vec<String>,
}

impl Listener {
    fn open(stage: &Stage, session: Option<&str>, path: &str, last: Option<i64>) -> Self {
        let address = stage.server.address;
        let mut stream = TcpStream::connect(address).expect("a connection");
        let mut head = format!("GET {path} HTTP/1.1\r\nhost: {address}\r\n");
        for (name, value) in [
            (
                "authorization",
                session.map(|session| format!("Bearer {session}")),
            ),
            ("last-event-id", last.map(|n| n.to_string())),
        ] {
            if let Some(value) = value {
                head += &format!("{name}: {value}\r\n");
            }
        }
        stream
            .write_all(format!("{head}\r\n").as_bytes())
            .expect("the request is sent");
        let (tell, lines) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(stream).lines().map_while(Result::ok) {
                if tell.send(line).is_err() {
                    return;
                }
            }
        });
        let raw = Vec::new();
        Self { lines, raw }
    }

    fn of(stage: &Stage, worker: &str) -> Self {
        let mut listener = Self::open(stage, Some(stage.session(worker)), "/live", None);
        listener.head("it says at once where the journal is");
        listener
    }

    /// The next event; nothing where none comes in time or the stream has ended.
    fn next(&mut self, within: Duration) -> Option<Said> {
        let until = Instant::now() + within;
        let (mut event, mut data) = (None, String::new());
        loop {
            let line = match self
                .lines
                .recv_timeout(until.saturating_duration_since(Instant::now()))
            {
                Ok(line) => line,
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => return None,
            };
            self.raw.push(line.clone());
            if let Some(name) = line.strip_prefix("event: ") {
                event = Some(name.to_string());
            } else if let Some(text) = line.strip_prefix("data:") {
                data = text.trim().to_string();
            } else if line == "0" {
                return None;
            } else if line.is_empty()
                && let Some(event) = event.take()
            {
                assert!(!data.is_empty(), "a browser drops {event} without data");
                return Some(Said { event, data });
            }
        }
    }

    fn head(&mut self, why: &str) -> i64 {
        let said = self.next(Duration::from_secs(1));
        let said = said.unwrap_or_else(|| panic!("{why}: nothing was said"));
        assert_eq!(said.event, "head", "{why}");
        said.data.parse().expect("a number")
    }

    /// Waits for an event, whatever comes before it.
    fn until(&mut self, event: &str, within: Duration) -> bool {
        let until = Instant::now() + within;
        loop {
            match self.next(until.saturating_duration_since(Instant::now())) {
                Some(said) if said.event == event => return true,
                Some(_) => {}
                None => return false,
            }
        }
    }

    /// Whether the stream ends, and with nothing more: its last chunk is the empty one.
    fn ends(&mut self) -> bool {
        let last = |listener: &Self| listener.raw.iter().any(|line| line == "0");
        self.next(Duration::from_secs(2)).is_none() && last(self)
    }
}

fn claim(stage: &Stage, worker: &str, item: &str) {
    let answer = stage.post(worker, &format!("/items/{item}/claim"), "");
    assert_eq!(answer.status, 303, "{worker} claims {item}");
}

#[test]
fn a_head_is_told_within_a_second_and_a_broken_stream_goes_on() {
    let stage = Stage::set("live-head");
    let session = stage.session("agnieszka.wrona");
    let mut listener = Listener::open(&stage, Some(session), "/live", None);
    let first = listener.head("a stream without a number is told where the journal is");
    let began = Instant::now();
    claim(&stage, "maria.santos", &stage.verify.item);
    let second = listener.head("another session's commit is told");
    assert!(began.elapsed() < Duration::from_secs(1));
    assert_eq!(second, first + 1);

    // What broke off before the commit is told of it at once; what knows of it hears nothing.
    let broken = |last| Listener::open(&stage, Some(session), "/live", Some(last));
    let mut behind = broken(first);
    assert_eq!(behind.head("a reader that is behind"), second);
    let mut level = broken(second);
    assert_eq!(
        level.next(Duration::from_millis(700)),
        None,
        "nothing is news"
    );
    let mut page = Listener::open(
        &stage,
        Some(session),
        &format!("/live?since={second}"),
        None,
    );
    assert_eq!(page.next(Duration::from_millis(700)), None, "nor to a page");
    let mut foreign = broken(second + 1_000);
    assert_eq!(foreign.head("a number of another journal"), second);

    // Another process on the same folder is heard of, too.
    run(&["link", "--data", &stage.data, "jana.kos"], 0);
    let told = level.next(Duration::from_secs(3)).expect("it is told");
    assert!(
        told.data.parse::<i64>().expect("a number") > second,
        "{told:?}"
    );

    // And after the server was away.
    let stage = stage.restart();
    let session = stage.session("agnieszka.wrona");
    let mut back = Listener::open(&stage, Some(session), "/live", Some(first));
    assert!(back.head("after a restart") > second);
}

#[test]
fn many_commits_are_few_events_and_the_last_is_told() {
    let stage = Stage::set("live-many");
    let mut listener = Listener::of(&stage, "agnieszka.wrona");
    let began = Instant::now();
    for round in 0..30 {
        let act = if round % 2 == 0 { "claim" } else { "release" };
        let path = format!("/items/{}/{act}", stage.verify.item);
        assert_eq!(stage.post("maria.santos", &path, "").status, 303);
    }
    let mut told = Vec::new();
    while let Some(said) = listener.next(Duration::from_millis(1_500)) {
        assert_eq!(said.event, "head");
        told.push(said.data.parse::<i64>().expect("a number"));
    }
    let most = began.elapsed().as_millis() / 250 + 2;
    assert!(told.len() as u128 <= most, "{} events", told.len());
    assert!(told.len() < 30, "each commit was an event of its own");
    assert!(told.is_sorted_by(|one, next| one < next), "{told:?}");
    let mut late = Listener::open(&stage, Some(stage.session("jana.kos")), "/live", None);
    assert_eq!(told.last().copied(), Some(late.head("the present head")));
}

#[test]
fn a_stream_ends_with_its_session_and_with_the_server() {
    let stage = Stage::set("live-end");
    let mut nobody = Listener::open(&stage, None, "/live", None);
    let said = nobody.next(Duration::from_secs(1)).expect("a word");
    assert_eq!(said.event, "signed-out");
    assert!(nobody.ends(), "and nothing else");

    let mut leaving = Listener::of(&stage, "agnieszka.wrona");
    let mut staying = Listener::of(&stage, "jana.kos");
    assert_eq!(stage.post("agnieszka.wrona", "/sign-out", "").status, 303);
    assert!(leaving.until("signed-out", Duration::from_secs(3)));
    assert!(leaving.ends(), "a stream of nobody is closed");
    claim(&stage, "maria.santos", &stage.verify.item);
    assert!(!staying.raw.iter().any(|line| line.contains("signed-out")));
    assert!(staying.until("head", Duration::from_secs(1)), "others stay");

    let mut oldest = Listener::of(&stage, "jose.reyes");
    let more: Vec<Listener> = (0..4).map(|_| Listener::of(&stage, "jose.reyes")).collect();
    assert!(
        oldest.until("crowded", Duration::from_secs(1)),
        "it makes room"
    );
    assert!(oldest.ends());
    drop(more);

    let (_folder, took) = stage.asked_to_stop();
    assert!(staying.until("restarting", Duration::from_secs(1)));
    assert!(staying.ends());
    assert!(
        took < Duration::from_secs(5),
        "no open stream holds it: {took:?}"
    );
}

#[test]
fn another_party_learns_nothing_but_the_number() {
    let stage = Stage::set("live-party");
    let mut other = Listener::of(&stage, "maria.santos");
    let mut client = Listener::of(&stage, "tom.harms");
    let mut colleague = Listener::of(&stage, "jana.kos");
    let item = &stage.resolve.item;
    let here = format!("page=a&item={item}&edits=1");
    assert_eq!(
        stage.post("agnieszka.wrona", "/presence", &here).status,
        204
    );
    assert!(colleague.until("presence", Duration::from_secs(1)));
    claim(&stage, "agnieszka.wrona", item);
    let draft = "resolution.note=Only+for+Kestrel";
    let saved = stage.post("agnieszka.wrona", &format!("/items/{item}/draft"), draft);
    assert_eq!(saved.status, 303);
    for (who, listener) in [("TO", &mut other), ("LV", &mut client)] {
        while listener.next(Duration::from_millis(600)).is_some() {}
        let allowed = |line: &String| {
            let number =
                |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_hexdigit());
            let value = line.strip_prefix("data: ").or(line.strip_prefix("id: "));
            value.is_some_and(number) || line.is_empty() || line == "event: head" || number(line)
        };
        // The answer's head and the sizes of chunks aside, there are numbers only.
        let body = listener.raw.iter().skip_while(|line| !line.is_empty());
        let more: Vec<&String> = body.filter(|line| !allowed(line)).collect();
        assert!(more.is_empty(), "{who} is told {more:?}");
        assert!(listener.raw.iter().any(|line| line == "event: head"));
    }
}

#[test]
fn presence_is_shown_to_colleagues_alone() {
    let stage = Stage::set("live-presence");
    let (item, case) = (&stage.resolve.item, &stage.resolve.id);
    let row = |worker: &str| stage.get(worker, "/work").body;
    let beat = |worker: &str, more: &str| {
        let form = format!("page=one&item={item}&{more}");
        stage.post(worker, "/presence", &form).status
    };
    assert_eq!(beat("agnieszka.wrona", "edits=0"), 204);
    assert!(row("jana.kos").contains("<span class=\"face\">AW</span> views"));
    assert!(
        !row("agnieszka.wrona").contains("AW</span> views"),
        "not oneself"
    );
    assert_eq!(beat("agnieszka.wrona", "edits=1"), 204);
    assert!(row("jana.kos").contains("<span class=\"face edits\">AW</span> edits"));
    let desk = stage.get("jana.kos", &format!("/items/{item}")).body;
    assert!(
        desk.contains("Agnieszka Wrona edits"),
        "by name on the desk"
    );
    // The client sees the case, not who of its provider is at it.
    let seen = stage.get("tom.harms", &format!("/cases/{case}"));
    assert_eq!(seen.status, 200);
    assert!(!seen.body.contains("Agnieszka") && !seen.body.contains(">AW<"));
    assert_eq!(beat("agnieszka.wrona", "left=1"), 204);
    assert!(
        !row("jana.kos").contains("AW</span>"),
        "who left is not there"
    );
    // Nobody is present where nobody may look.
    assert_eq!(beat("maria.santos", "edits=1"), 404);
}

#[test]
fn what_became_of_an_item_is_told_in_words_to_those_who_may_know() {
    let stage = Stage::set("live-since");
    let (item, case) = (&stage.resolve.item, &stage.resolve.id);
    let since = |worker: &str, n: i64| stage.get(worker, &format!("/items/{item}/since/{n}"));
    assert_eq!(since("jana.kos", stage.resolve.n).status, 204);
    claim(&stage, "agnieszka.wrona", item);
    let taken = since("jana.kos", stage.resolve.n).body;
    assert!(taken.contains("Agnieszka Wrona took this"), "{taken}");
    assert!(taken.contains("data-button=\"Send although Agnieszka Wrona has it\""));
    assert_eq!(
        since("agnieszka.wrona", stage.resolve.n).status,
        204,
        "it was her"
    );
    let left = stage.get("jana.kos", &format!("/work/left?item={item}"));
    assert_eq!(left.json()[item.as_str()], "taken by Agnieszka Wrona");

    let answer = "resolution.answer=order_price&resolution.reason=supplier_error&n=1";
    let done = stage.post(
        "agnieszka.wrona",
        &format!("/items/{item}/complete"),
        answer,
    );
    assert_eq!(done.status, 303);
    let over = since("jana.kos", stage.resolve.n).body;
    assert!(over.contains("Agnieszka Wrona completed this"), "{over}");
    assert!(over.contains("data-button=\"See both answers\""), "{over}");
    let client = since("tom.harms", stage.resolve.n).body;
    assert!(!client.contains("Agnieszka"), "{client}");
    let left = stage.get("jana.kos", &format!("/work/left?item={item}"));
    assert_eq!(left.json()[item.as_str()], "done");
    assert_eq!(
        since("maria.santos", 0).status,
        404,
        "{case} is not hers to see"
    );
    let hidden = stage.get("maria.santos", &format!("/work/left?item={item}"));
    assert_eq!(hidden.json()[item.as_str()], "gone");
}

/// Another process lets a party step in on a lane, open items with it.
fn step_in(stage: &Stage, lane: &str, party: &str) {
    let act = ["lane", "step-in", "--data", &stage.data, lane, party];
    let how = ["--in-flight", "hand-over", "--reason", "site closed"];
    run(&[&act[..], &how[..]].concat(), 0);
}

#[test]
fn an_item_that_was_handed_over_says_so_to_those_who_still_see_its_case() {
    let stage = Stage::set("live-handed");
    let left = |worker: &str, item: &str| {
        let answer = stage.get(worker, &format!("/work/left?item={item}"));
        answer.json()[item].as_str().map(str::to_string)
    };
    let mut listener = Listener::of(&stage, "jana.kos");
    step_in(&stage, "approve", "KS");
    assert!(
        listener.until("head", Duration::from_secs(3)),
        "another process's commit"
    );
    // The client sees every case, and so what became of its own item.
    let (item, n) = (&stage.approve.item, stage.approve.n);
    let since = format!("/items/{item}/since/{n}");
    let told = stage.get("tom.harms", &since);
    assert_eq!(told.status, 200, "{}", told.body);
    assert!(
        told.body.contains("handed over to another party"),
        "{}",
        told.body
    );
    assert_eq!(left("tom.harms", item).as_deref(), Some("handed over"));
    // A provider that a case left learns nothing of it any more.
    step_in(&stage, "resolve", "LV");
    let (item, n) = (&stage.resolve.item, stage.resolve.n);
    let lost = stage.get("jana.kos", &format!("/items/{item}/since/{n}"));
    assert_eq!(lost.status, 404);
    assert_eq!(left("jana.kos", item).as_deref(), Some("gone"));
}
