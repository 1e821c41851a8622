//! `GET /live`: the stream by which an open page learns that something moved. It says the journal's head,
//! that presence changed, and when it ends; it names no case, no item and nobody.
//!
//! It reads no view: the page asks for its own parts again, under its own scope.

use super::Web;
use super::answer::{Failed, read};
use super::session::Signed;
use crate::live::Seat;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use baton_app::sight;
use futures_util::stream;
use serde::Deserialize;
use std::convert::Infallible;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

/// The least time between two events: at most four a second.
const APART: Duration = Duration::from_millis(250);
/// How soon after an event it is looked whether the session still holds.
const SOON: Duration = Duration::from_secs(1);
/// How often it is looked while nothing happens, and how often a silent stream says that it is there.
const ALIVE: Duration = Duration::from_secs(15);

/// The stream's address.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Asked {
    /// The head the page was drawn from.
    since: Option<i64>,
}

/// `GET /live`. A reader without a session is told so in the stream, for a page cannot read a status.
pub(crate) async fn stream(
    State(web): State<Web>,
    signed: Option<Signed>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Response, Failed> {
    let reader = match signed {
        Some(signed) => Reader::seated(web, signed, last(&headers).or(asked.since)).await?,
        None => Reader::Over(Some("signed-out")),
    };
    let told = stream::unfold(reader, |reader| async {
        let (event, reader) = reader.next().await?;
        Some((Ok::<_, Infallible>(event), reader))
    });
    let alive = KeepAlive::new().interval(ALIVE).text("here");
    // A proxy that gathers answers before it hands them on would hold the events back.
    let unheld = [("x-accel-buffering", "no")];
    Ok((unheld, Sse::new(told).keep_alive(alive)).into_response())
}

/// The number of the last event a browser had when its stream broke.
fn last(headers: &HeaderMap) -> Option<i64> {
    headers.get("last-event-id")?.to_str().ok()?.parse().ok()
}

enum Reader {
    Seated(Box<Seated>),
    /// One word is left to say, or none.
    Over(Option<&'static str>),
}

struct Seated {
    web: Web,
    signed: Signed,
    seat: Seat,
    head: i64,
    presence: u64,
    /// Not before this instant is anything said.
    quiet: Instant,
    /// When the session is looked at next.
    check: Instant,
}

impl Reader {
    async fn seated(web: Web, signed: Signed, since: Option<i64>) -> Result<Self, Failed> {
        let seat = web.live.seat(&signed.viewer);
        let tenant = signed.tenant().clone();
        let n = read(&web, move |app| Ok(app.store().head(&tenant)?.n)).await?;
        web.live.head(signed.tenant(), n);
        let presence = seat
            .told
            .borrow()
            .presence
            .get(&signed.viewer.scope.party)
            .copied();
        let now = Instant::now();
        Ok(Self::Seated(Box::new(Seated {
            web,
            signed,
            seat,
            // A number past the head is of another journal: a page that has it knows nothing of this one.
            head: since.filter(|since| *since <= n).unwrap_or(-1),
            presence: presence.unwrap_or_default(),
            quiet: now,
            check: now + ALIVE,
        })))
    }

    async fn next(self) -> Option<(Event, Self)> {
        match self {
            Self::Over(last) => Some((word(last?), Self::Over(None))),
            Self::Seated(mut seated) => match seated.event().await {
                Ok(event) => Some((event, Self::Seated(seated))),
                Err(last) => Some((word(last), Self::Over(None))),
            },
        }
    }
}

/// An event that is its own news. Browsers drop an event without data.
fn word(word: &str) -> Event {
    Event::default().event(word).data(word)
}

async fn stopped(stopping: &mut watch::Receiver<bool>) {
    // An error means that nobody is left to say it, which is the same.
    let _ = stopping.wait_for(|stopping| *stopping).await;
}

impl Seated {
    /// The next event; the last word where the stream ends.
    async fn event(&mut self) -> Result<Event, &'static str> {
        loop {
            let waits = self.news().is_some();
            let quiet = self.quiet;
            tokio::select! {
                biased;
                () = stopped(&mut self.seat.stopping) => return Err("restarting"),
                _ = &mut self.seat.taken => return Err("crowded"),
                () = sleep_until(self.check) => self.look().await?,
                () = sleep_until(quiet), if waits => {
                    if let Some(event) = self.say() {
                        return Ok(event);
                    }
                }
                _ = self.seat.told.changed(), if !waits => {}
            }
        }
    }

    /// The head and the presence, where one of them is news to this page.
    fn news(&self) -> Option<(i64, u64)> {
        let told = self.seat.told.borrow();
        let presence = told.presence.get(&self.signed.viewer.scope.party).copied();
        let news = (told.head, presence.unwrap_or_default());
        (news.0 > self.head || news.1 != self.presence).then_some(news)
    }

    /// Says what is news: a head before a presence, for it makes the page ask for everything.
    fn say(&mut self) -> Option<Event> {
        let (head, presence) = self.news()?;
        let now = Instant::now();
        self.quiet = now + APART;
        self.check = self.check.min(now + SOON);
        self.presence = presence;
        if head > self.head {
            self.head = head;
            let n = head.to_string();
            return Some(Event::default().event("head").id(&n).data(n));
        }
        Some(word("presence"))
    }

    /// Ends the stream when its session has ended.
    async fn look(&mut self) -> Result<(), &'static str> {
        self.check = Instant::now() + ALIVE;
        let viewer = self.signed.viewer.clone();
        let holds = read(&self.web, move |app| Ok(sight::holds(app, &viewer)?)).await;
        match holds {
            Ok(false) => Err("signed-out"),
            Ok(true) => Ok(()),
            Err(failed) => {
                tracing::warn!(?failed, "a stream's session could not be looked at");
                Ok(())
            }
        }
    }
}
