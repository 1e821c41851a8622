//! Pauses in words: who asks whom what, since when, what it does to the clock, and what the viewer may do
//! about it. Whether it is done, the desk decides.

use crate::handlers::frame::Frame;
use crate::handlers::times::said as coded;
use crate::pages::pause::{Answers, Askable, PauseLine, Told};
use crate::strip::{hours, moment};
use baton_app::views::headline::spoken;
use baton_app::views::pauses::Pause;
use baton_app::views::times::CaseTimes;
use baton_app::views::work::Item;
use baton_model::PartyId;

/// The pauses of a case, the first first.
pub(crate) fn lines(frame: &Frame<'_>, pauses: &[Pause]) -> Vec<PauseLine> {
    pauses.iter().map(|pause| line(frame, pause)).collect()
}

fn line(frame: &Frame<'_>, pause: &Pause) -> PauseLine {
    let scope = &frame.signed.viewer.scope;
    let until = pause.until.unwrap_or(frame.now);
    let lasted = hours(until.since(pause.at).0);
    let clock = match (pause.counts(), pause.until.is_some()) {
        (true, true) => format!("the clock stood still {lasted}"),
        (true, false) => format!("the clock stands still, {lasted} by now"),
        (false, _) => format!("{lasted}, the clock ran on"),
    };
    let from = moment(pause.at, &frame.zone);
    let when = match pause.until {
        Some(until) => format!("{from} to {}", moment(until, &frame.zone)),
        None => format!("since {from}"),
    };
    PauseLine {
        n: pause.n,
        item: pause.item.to_string(),
        party: frame.chip(&pause.party),
        does: does(frame, pause),
        when,
        text: pause.text.as_ref().map(|text| spoken(text.show())),
        answer: pause.answer.as_ref().map(|answer| Told {
            who: answered(frame, pause, &answer.by),
            text: spoken(answer.text.show()),
            n: answer.n,
        }),
        contest: pause.contest.as_ref().map(|contest| Told {
            who: format!("{} objects to this pause", name(frame, &frame.about.client)),
            text: spoken(contest.text.show()),
            n: contest.n,
        }),
        clock,
        open: pause.is_open(),
        answers: answers(frame, pause),
        contests: scope.client && pause.counts() && pause.party != scope.party,
    }
}

/// Who asks for what, in words: `asks Linden & Voss`, `waits for the supplier`, `on a break`.
pub(crate) fn does(frame: &Frame<'_>, pause: &Pause) -> String {
    match (&pause.asked, pause.code.as_str()) {
        (Some(asked), _) if *asked == frame.signed.viewer.scope.party => "asks you".into(),
        (Some(asked), _) => format!("asks {}", name(frame, asked)),
        (None, "break") => "set it aside: a break".into(),
        (None, code) => match code.strip_prefix("waiting-for-") {
            Some("system") => "set it aside: waits for a system".into(),
            Some(who) => format!("waits for the {who}"),
            None => format!("set it aside: {}", coded(code)),
        },
    }
}

fn answered(frame: &Frame<'_>, pause: &Pause, by: &PartyId) -> String {
    let by = if frame.may_name(by) {
        by.to_string()
    } else {
        "Another party".into()
    };
    match &pause.given_by {
        Some(given) => format!("{by} recorded the answer of {}", spoken(given.show())),
        None => format!("{by} answered"),
    }
}

fn name(frame: &Frame<'_>, party: &PartyId) -> String {
    let known = frame.parties.get(party).filter(|_| frame.may_name(party));
    known.map_or_else(|| "another party".into(), |known| known.name.clone())
}

/// How the viewer may answer: the party asked by itself, its holder and the client for others.
fn answers(frame: &Frame<'_>, pause: &Pause) -> Answers {
    let scope = &frame.signed.viewer.scope;
    // A provider sees the pauses of its own items alone, also of one that was handed over to it paused.
    let own = !scope.client || pause.party == scope.party;
    let holds = own && scope.lanes.contains(&pause.lane);
    match &pause.asked {
        Some(asked) if *asked == scope.party => Answers::Asked,
        None if scope.client => Answers::Records,
        _ if holds => Answers::Records,
        _ => Answers::No,
    }
}

/// Whom the holder of an item may ask: the client, those outside, and for the client who had the case.
pub(crate) fn askable(frame: &Frame<'_>, item: &Item, times: Option<&CaseTimes>) -> Vec<Askable> {
    let client = &frame.about.client;
    let mut all = Vec::new();
    if item.party != *client {
        all.push(Askable {
            value: "waiting-for-client".into(),
            name: name(frame, client),
        });
    }
    for who in ["supplier", "customer"] {
        all.push(Askable {
            value: format!("waiting-for-{who}"),
            name: format!("the {who}"),
        });
    }
    let hops = times.into_iter().flat_map(|times| &times.hops);
    let mut others: Vec<&PartyId> = hops.map(|hop| &hop.party).collect();
    others.sort();
    others.dedup();
    others.retain(|party| item.party == *client && *party != client);
    all.extend(others.into_iter().map(|party| Askable {
        value: format!("waiting-for-party:{party}"),
        name: name(frame, party),
    }));
    all
}
