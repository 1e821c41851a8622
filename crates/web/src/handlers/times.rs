//! From a case's times to its strip, its clocks table and the time left. Of another provider's legs a
//! provider sees one grey leg with wall time only.

use super::frame::{Frame, zone};
use crate::pages::parts::{Cell, Left, Mark, Remaining, Row, Table, Tone};
use crate::strip::{self, Axis, Leg, Pause, Span, State, Strip, Target, hours, moment};
use baton_app::views::times::{CaseTimes, HopTimes, Interval};
use baton_model::{Micros, WorkingTime};

/// What a strip is drawn for.
pub(crate) struct Drawing<'a> {
    pub(crate) frame: &'a Frame<'a>,
    pub(crate) axis: Axis,
    /// Whether the case is stuck.
    pub(crate) incident: bool,
    /// Whether its open item waits for the first hand.
    pub(crate) offered: bool,
    /// The person who holds it, of the viewer's own party.
    pub(crate) person: Option<String>,
}

impl Drawing<'_> {
    /// The strip of a case, or one without legs where it has no clock yet.
    pub(crate) fn strip_or_empty(&self, times: Option<&CaseTimes>, case: &str) -> Strip {
        times.map_or_else(|| self.empty(case), |times| self.strip(times))
    }

    fn empty(&self, case: &str) -> Strip {
        Strip {
            of: case.to_string(),
            legs: Vec::new(),
            now: self.frame.now,
            target: None,
            state: State::Done,
            next: None,
            zone: self.frame.zone.clone(),
            axis: self.axis,
            unfold: None,
        }
    }

    /// The strip of a case.
    pub(crate) fn strip(&self, times: &CaseTimes) -> Strip {
        let last = times.hops.len().saturating_sub(1);
        Strip {
            of: times.case.to_string(),
            legs: times
                .hops
                .iter()
                .enumerate()
                .map(|(place, hop)| self.leg(hop, place == last))
                .collect(),
            now: times.until.unwrap_or(times.now),
            target: self.target(times),
            state: self.state(times),
            next: None,
            zone: self.frame.zone.clone(),
            axis: self.axis,
            unfold: None,
        }
    }

    fn leg(&self, hop: &HopTimes, last: bool) -> Leg {
        let known = self.frame.may_name(&hop.party);
        let site = self.frame.sites.get(&hop.site).filter(|_| known);
        Leg {
            code: if known {
                hop.party.to_string()
            } else {
                "another party".into()
            },
            slot: self.frame.slot(&hop.party),
            lane: if known {
                self.frame.lane(&hop.lane)
            } else {
                String::new()
            },
            person: self.person.clone().filter(|_| last && hop.until.is_none()),
            note: None,
            from: hop.from,
            until: hop.until,
            site: site.map(|site| strip::Site {
                name: site.name.clone(),
                zone: zone(&site.zone),
            }),
            open: if known {
                spans(&hop.open)
            } else {
                vec![Span {
                    from: hop.from,
                    until: hop.until.unwrap_or(self.frame.now),
                }]
            },
            pauses: if known {
                hop.pauses.iter().map(|pause| self.pause(pause)).collect()
            } else {
                Vec::new()
            },
            worked: known.then_some(hop.clock.working),
            allowed: hop.clock.target.filter(|_| known),
        }
    }

    fn pause(&self, pause: &baton_app::views::times::Pause) -> Pause {
        let span = Span {
            from: pause.from,
            until: pause.until.unwrap_or(self.frame.now),
        };
        Pause {
            span,
            reason: said(&pause.reason),
        }
    }

    fn target(&self, times: &CaseTimes) -> Option<Target> {
        let hop = times.hops.iter().rfind(|hop| hop.until.is_none())?;
        let at = hop.clock.due.filter(|_| self.frame.may_name(&hop.party))?;
        Some(Target {
            at,
            left: left(hop)?,
            open: spans(&times.ahead),
        })
    }

    fn state(&self, times: &CaseTimes) -> State {
        let paused = times
            .hops
            .last()
            .is_some_and(|hop| hop.pauses.last().is_some_and(|pause| pause.until.is_none()));
        if times.until.is_some() {
            State::Done
        } else if self.incident {
            State::Incident
        } else if paused {
            State::Paused
        } else if self.offered {
            State::Offered
        } else {
            State::Running
        }
    }
}

/// A coded reason in words.
pub(crate) fn said(code: &str) -> String {
    code.replace('-', " ")
}

fn spans(intervals: &[Interval]) -> Vec<Span> {
    intervals
        .iter()
        .map(|interval| Span {
            from: interval.from,
            until: interval.until,
        })
        .collect()
}

/// The working time left of a hop, negative past its target.
fn left(hop: &HopTimes) -> Option<WorkingTime> {
    hop.clock.remaining()
}

/// The time left of the open hop in a lane: the first figure of every row.
pub(crate) fn remaining(frame: &Frame<'_>, times: Option<&CaseTimes>, lane: &str) -> Remaining {
    let hop = times.and_then(|times| {
        times
            .hops
            .iter()
            .rfind(|hop| hop.until.is_none() && hop.lane.as_str() == lane)
    });
    let Some((hop, left)) = hop.and_then(|hop| Some((hop, left(hop)?))) else {
        return Remaining {
            kind: Left::None,
            micros: 0,
            due: String::new(),
            runs: false,
        };
    };
    let paused = hop.pauses.last().is_some_and(|pause| pause.until.is_none());
    let allowed = hop.clock.target.map_or(0, |target| target.0);
    let kind = match left.0 {
        _ if paused => Left::Paused,
        micros if micros < 0 => Left::Late,
        micros if micros < WorkingTime::hours(1).0 || micros < allowed / 10 => Left::Risk,
        _ => Left::Plenty,
    };
    let due = match hop.clock.due {
        Some(due) if !paused => moment(due, &frame.zone),
        _ => "paused".into(),
    };
    Remaining {
        kind,
        micros: left.0,
        due,
        runs: runs(hop, frame.now),
    }
}

/// Whether working time passes just now.
fn runs(hop: &HopTimes, now: Micros) -> bool {
    let open = hop
        .open
        .last()
        .is_some_and(|interval| interval.until >= now);
    open && hop.pauses.last().is_none_or(|pause| pause.until.is_some())
}

/// The clocks table: a row a hop and the case's sum, which adds up exactly; of a late case also what each
/// is charged.
pub(crate) fn clocks(frame: &Frame<'_>, times: &CaseTimes) -> Table {
    let late = times.lateness.late > WorkingTime::ZERO;
    let columns = ["Party, lane", "#Working", "#Wall", "#Paused", "#Charged"];
    let mut table = Table::new(if late { &columns } else { &columns[..4] });
    let mut wall = Adding::default();
    let hops = times.hops.iter();
    table
        .rows
        .extend(hops.map(|hop| hop_clock(frame, hop, wall.next(hop.held.0))));
    let held: i64 = times.hops.iter().map(|hop| hop.held.0).sum();
    let whole = times.clock.wall.0;
    if whole > held {
        let waiting = [
            "waiting, no party".into(),
            "–".into(),
            wall.next(whole - held),
            "–".into(),
            hours(times.lateness.unattributed.0),
        ];
        table.rows.push(Row {
            cells: waiting
                .map(|text| Cell::text(text).tone(Tone::Quiet))
                .into(),
            mark: Mark::None,
        });
    }
    let sum = [
        Cell::text("Case"),
        Cell::text(hours(times.clock.working.0)),
        Cell::text(hours(whole)),
        Cell::text(hours(times.clock.paused.0)),
        Cell::text(hours(times.lateness.late.0)).tone(Tone::Late),
    ];
    table.rows.push(Row {
        cells: sum.into(),
        mark: Mark::Total,
    });
    let shown = table.head.len();
    table
        .rows
        .iter_mut()
        .for_each(|row| row.cells.truncate(shown));
    table
}

/// A hop's row of the clocks table; of another party's only the wall time.
fn hop_clock(frame: &Frame<'_>, hop: &HopTimes, wall: String) -> Row {
    let known = frame.may_name(&hop.party);
    let told = |text: String| Cell::text(if known { text } else { "–".into() });
    let lane = match known {
        true => frame.lane(&hop.lane),
        false => "another party".into(),
    };
    let first = Cell {
        chip: Some(frame.chip(&hop.party)),
        ..Cell::text(lane)
    };
    Row {
        cells: vec![
            first,
            told(hours(hop.clock.working.0)),
            Cell::text(wall),
            told(hours(hop.clock.paused.0)),
            told(hours(hop.charged.0)),
        ],
        mark: if hop.until.is_none() {
            Mark::Picked
        } else {
            Mark::None
        },
    }
}

/// On whose hours the working times of a case were counted, where they are not all the same: then they
/// do not add up, as wall times do.
pub(crate) fn counted_on(frame: &Frame<'_>, times: &CaseTimes) -> Option<String> {
    let known = times.hops.iter().filter(|hop| frame.may_name(&hop.party));
    let calendars = known.filter_map(|hop| hop.calendar.as_ref().map(|id| (id, &hop.site)));
    let mut places: Vec<String> = Vec::new();
    for (calendar, site) in calendars.filter(|(id, _)| Some(*id) != times.calendar.as_ref()) {
        let site = frame.sites.get(site);
        let place = site.map_or_else(|| calendar.to_string(), |site| site.name.clone());
        if !places.contains(&place) {
            places.push(place);
        }
    }
    let client = frame
        .sites
        .values()
        .find(|site| site.party == frame.about.client);
    let own = client.map_or("the client's", |site| site.name.as_str());
    (!places.is_empty()).then(|| {
        format!(
            "Working time counts each hop's own hours ({}), the case's those of {own}: they need not add up. Wall times do.",
            places.join(", ")
        )
    })
}

/// Durations shown in minutes so that those shown add up to the sum shown: each is rounded on the sum
/// so far, not by itself.
#[derive(Default)]
struct Adding(i64);

impl Adding {
    fn next(&mut self, micros: i64) -> String {
        const MINUTE: i64 = 60_000_000;
        let before = self.0 / MINUTE;
        self.0 += micros;
        hours((self.0 / MINUTE - before) * MINUTE)
    }
}
