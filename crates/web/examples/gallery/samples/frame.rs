//! The gallery's frame and the relay of picture 02.

use baton_model::{Masked, Micros, WorkingTime};
use baton_web::pages::parts::*;
use baton_web::pages::shell::*;
use baton_web::pages::work::*;
use baton_web::strip::*;
use jiff::tz::TimeZone;

pub(crate) fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap_or(TimeZone::UTC)
}

/// Minutes after Wednesday 18 November 2026, 09:12 in Kraków.
pub(crate) fn at(minutes: i64) -> Micros {
    let start: jiff::Timestamp = "2026-11-18T08:12:00Z".parse().unwrap_or_default();
    Micros(start.as_microsecond()).plus(baton_model::WallTime::minutes(minutes))
}

pub(crate) fn span(from: i64, until: i64) -> Span {
    Span {
        from: at(from),
        until: at(until),
    }
}

pub(crate) fn masked<T>(value: T) -> Masked<T> {
    Masked::made(value)
}

pub(crate) fn leg(
    code: &str,
    slot: u8,
    lane: &str,
    from: i64,
    until: Option<i64>,
    open: &[(i64, i64)],
    worked: i64,
) -> Leg {
    Leg {
        code: code.into(),
        slot: Some(Slot(slot)),
        lane: lane.into(),
        person: None,
        note: None,
        from: at(from),
        until: until.map(at),
        site: None,
        open: open.iter().map(|(a, b)| span(*a, *b)).collect(),
        pauses: Vec::new(),
        worked: Some(WorkingTime::minutes(worked)),
        allowed: None,
    }
}

pub(crate) fn strip() -> Strip {
    let mut dl = leg("DL", 3, "Receive", 0, Some(4), &[(0, 4)], 4);
    dl.note = Some("bot, 24 × 7".into());
    let mut to = leg(
        "TO",
        2,
        "Verify",
        4,
        Some(1080),
        &[(4, 108), (1008, 1080)],
        176,
    );
    to.site = Some(baton_web::strip::Site {
        name: "Manila".into(),
        zone: zone("Asia/Manila"),
    });
    let mut ks = leg(
        "KS",
        1,
        "Resolve exception",
        1080,
        None,
        &[(1368, 1968)],
        242,
    );
    ks.person = Some("A. Wrona".into());
    ks.allowed = Some(WorkingTime::hours(8));
    ks.pauses = vec![Pause {
        span: span(1458, 1613),
        reason: "client, buyer".into(),
    }];
    Strip {
        of: "P2P-20419".into(),
        legs: vec![dl, to, ks],
        now: at(1765),
        target: Some(Target {
            at: at(2843),
            left: WorkingTime::minutes(238),
            open: vec![span(1765, 1968), span(2808, 2843)],
        }),
        state: State::Running,
        next: Some("LV Approve".into()),
        zone: zone("Europe/Warsaw"),
        axis: Axis::Wall,
        unfold: None,
    }
}

pub(crate) fn small(now: i64, left: i64, state: State) -> Strip {
    let mut strip = strip();
    strip.now = at(now);
    strip.state = state;
    let due = now + if left < 0 { left } else { left + 120 };
    strip.target = Some(Target {
        at: at(due),
        left: WorkingTime::minutes(left),
        open: vec![],
    });
    strip
}

pub(crate) fn shell(title: &str, place: Place) -> Shell {
    Shell {
        title: title.into(),
        place,
        party: Party {
            chip: Chip::new("KS", 1),
            name: "Kestrel".into(),
            site: Some("Kraków".into()),
        },
        client: Some("Linden & Voss".into()),
        open: Some(14),
        refused: Some(3),
        uploads: true,
        zones: vec![
            ZoneClock {
                time: "14:37".into(),
                place: "Kraków".into(),
                zone: "Europe/Warsaw".into(),
            },
            ZoneClock {
                time: "21:37".into(),
                place: "Manila".into(),
                zone: "Asia/Manila".into(),
            },
        ],
        person: Person {
            initials: "AW".into(),
            name: "Agnieszka Wrona".into(),
            state: "available",
            leads: false,
        },
        simulated: false,
        foot: Foot {
            live: "Live".into(),
            head: 184_306,
            checkpoint: Some(CheckpointMark {
                covers: 184_000,
                href: "/journal/checkpoints".into(),
                signed: "signed by LV 14:31".into(),
            }),
        },
        said: None,
        token: "t".into(),
    }
}

pub(crate) fn view(name: &str, count: usize, current: bool) -> ViewLink {
    ViewLink {
        name: name.into(),
        href: "/work".into(),
        count,
        current,
    }
}
