//! What would help now: of the items that are due in the next hour and that nobody has, which person of the
//! own party could take one: free or in wrap, in the lane, with what it asks for. Computed from the rows of
//! items and people and from nothing else; nothing moves before the leader says so.

use super::{SOON, title, words};
use crate::handlers::answer::Failed;
use crate::handlers::frame::Frame;
use crate::pages::floor::Help;
use crate::strip::{brief, clock};
use baton_app::views::floor::{Open, Person};
use std::collections::{BTreeMap, BTreeSet};

/// How many stand on the page.
const MOST: usize = 4;

type Names<'a> = BTreeMap<&'a str, String>;

/// What would help, the first due first, and how many more there are.
pub(super) fn helps(
    frame: &Frame<'_>,
    open: &[Open],
    people: &[Person],
    names: &Names<'_>,
) -> Result<(Vec<Help>, usize), Failed> {
    let risky = open
        .iter()
        .filter(|item| item.worker.is_none() && item.due_in(frame.now, frame.now.plus(SOON)));
    let mut free: Vec<&Person> = people.iter().filter(|person| is_free(person)).collect();
    free.sort_by_key(|person| (person.state() != "available", person.since()));
    let (mut helps, mut left) = (Vec::new(), Vec::new());
    let mut asked: BTreeSet<&str> = BTreeSet::new();
    for item in risky {
        let mut able = free.iter().filter(|person| person.may_do(item));
        match able.find(|person| !asked.contains(person.id.as_str())) {
            Some(person) => {
                asked.insert(&person.id);
                helps.push(give(frame, item, person, names)?);
            }
            None => left.push(item),
        }
    }
    let others: Vec<&Person> = people
        .iter()
        .filter(|person| !asked.contains(person.id.as_str()))
        .collect();
    helps.extend(nobody(frame, &left, &others, names));
    let beyond = helps.len().saturating_sub(MOST);
    helps.truncate(MOST);
    Ok((helps, beyond))
}

/// Whether somebody could take an item at once.
fn is_free(person: &Person) -> bool {
    let rests = matches!(person.state(), "available" | "wrap");
    rests && !person.roles.contains("bot")
}

fn give(
    frame: &Frame<'_>,
    item: &Open,
    person: &Person,
    names: &Names<'_>,
) -> Result<Help, Failed> {
    let name = called(names, person);
    let due = item.due.unwrap_or(frame.now);
    let (at, left) = (clock(due, &frame.zone), brief(due.0 - frame.now.0));
    let asks = match words(&item.asks).as_str() {
        "" => String::new(),
        asks => format!(" It asks for {asks}; {name} has that."),
    };
    let lane = frame.lane(&item.lane.as_str().into());
    Ok(Help {
        title: format!("Give {} to {name}", title(frame, item)?),
        text: format!(
            "Due at {at}, in {left}, and nobody has it.{asks} {name} does {lane} and {}.",
            doing(frame, person)
        ),
        item: item.item.clone(),
        href: format!("/items/{}", item.item),
        worker: person.id.clone(),
        why: format!("due at {at}, and nobody had it"),
    })
}

/// What a person does, like `is available for 9 min`.
fn doing(frame: &Frame<'_>, person: &Person) -> String {
    let since = person.since();
    let lasts = since.map_or_else(String::new, |since| {
        format!(" for {}", brief(frame.now.0 - since.0))
    });
    match person.state() {
        "available" => format!("is available{lasts}"),
        "wrap" => format!("is in wrap{lasts}"),
        "active" => format!("has {} in hand", person.hands.len()),
        "break" => format!("is on a break{lasts}"),
        "training" => format!("is in training{lasts}"),
        _ => "is off".into(),
    }
}

fn called(names: &Names<'_>, person: &Person) -> String {
    let name = names.get(person.id.as_str()).cloned();
    name.unwrap_or_else(|| person.id.clone())
}

/// The items that nobody free can take, by lane and what they ask for; and who could once free.
fn nobody(frame: &Frame<'_>, left: &[&Open], others: &[&Person], names: &Names<'_>) -> Vec<Help> {
    let mut groups: BTreeMap<(&str, String), Vec<&Open>> = BTreeMap::new();
    for item in left {
        let key = (item.lane.as_str(), words(&item.asks));
        groups.entry(key).or_default().push(item);
    }
    let said = groups.into_iter().map(|((lane, asks), items)| {
        let first = items.first().copied();
        let mut could: Vec<&&Person> = others
            .iter()
            .filter(|person| first.is_some_and(|item| person.may_do(item)))
            .filter(|person| !person.roles.contains("bot") && person.state() != "off")
            .collect();
        could.sort_by_key(|person| person.hands.len());
        let could: Vec<String> = could
            .iter()
            .take(2)
            .map(|person| format!("{} {}", called(names, person), doing(frame, person)))
            .collect();
        let asks = match asks.as_str() {
            "" => String::new(),
            asks => format!(" that ask for {asks}"),
        };
        let due = first.and_then(|item| item.due).unwrap_or(frame.now);
        let (count, noun) = match items.len() {
            1 => ("1".to_owned(), "item"),
            many => (many.to_string(), "items"),
        };
        Help {
            title: format!(
                "{} waits for people: {count} {noun}{asks}",
                frame.lane(&lane.into())
            ),
            text: format!("First due at {}. {}", clock(due, &frame.zone), who(&could)),
            href: format!(
                "/floor?lane={}&due=soon",
                crate::handlers::work::encoded(lane)
            ),
            ..Help::default()
        }
    });
    said.collect()
}

/// Who could take them later; those that stand above with an item of their own are not named again.
fn who(could: &[String]) -> String {
    if could.is_empty() {
        return "Nobody else of your people at work does this lane and has what is asked for."
            .into();
    }
    format!("Nobody else who can is free: {}.", could.join("; "))
}
