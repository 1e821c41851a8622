//! The cast of a pack: the parties, sites and workers it brings, so that a new folder can be used at
//! once. Workers' names and addresses are in the clear here; the shell seals them.

use super::file::{PackFile, PartyEntry, SiteEntry, Text, WorkerEntry};
use super::{Fault, Findings};
use baton_journal::people::Able;
use baton_journal::setup::{Party, PartyRole, Site, Worker};
use baton_model::calendar::Book;
use baton_model::{Cell, LaneId, PartyId, SiteId, Value, WorkerId};
use std::collections::{BTreeMap, BTreeSet};

/// The cast as far as it is sound.
pub(super) struct Cast {
    pub(super) client: PartyId,
    pub(super) parties: Vec<Party>,
    pub(super) sites: Vec<Site>,
    pub(super) workers: Vec<Worker>,
}

pub(super) fn read(file: &PackFile, findings: &mut Findings<'_>) -> Cast {
    unique("party", file.party.iter().map(|entry| &entry.id), findings);
    unique("site", file.site.iter().map(|entry| &entry.id), findings);
    unique(
        "worker",
        file.worker.iter().map(|entry| &entry.id),
        findings,
    );
    calendars(file, findings);
    let is_client = |entry: &&PartyEntry| entry.role == PartyRole::Client;
    let clients: Vec<_> = file.party.iter().filter(is_client).collect();
    if clients.len() != 1 {
        let place = clients.get(1).map_or(0..0, |second| second.id.span());
        findings.at(place, &Fault::Clients(clients.len()));
    }
    let client = clients.first().map_or("", |entry| entry.id.get_ref());
    Cast {
        client: PartyId::new(client),
        parties: parties(file, findings),
        sites: file
            .site
            .iter()
            .filter_map(|entry| site(file, entry, findings))
            .collect(),
        workers: file
            .worker
            .iter()
            .map(|entry| worker(file, entry, findings))
            .collect(),
    }
}

/// Notes ids that are given twice.
pub(super) fn unique<'a>(
    kind: &'static str,
    ids: impl Iterator<Item = &'a Text>,
    findings: &mut Findings<'_>,
) {
    let mut seen = BTreeMap::new();
    for id in ids {
        if seen.insert(id.get_ref(), ()).is_some() {
            let id_text = id.get_ref().clone();
            findings.at(id.span(), &Fault::Twice { kind, id: id_text });
        }
    }
}

fn calendars(file: &PackFile, findings: &mut Findings<'_>) {
    for entry in &file.calendar {
        if let Err(error) = Book::new([entry.get_ref()]) {
            findings.at(entry.span(), &Fault::Calendar(error.to_string()));
        }
    }
}

/// The parties with their colour slots: the client's is 0, the others' follow in order.
fn parties(file: &PackFile, findings: &mut Findings<'_>) -> Vec<Party> {
    let mut next = 0;
    let mut parties = Vec::new();
    for entry in &file.party {
        let id = entry.id.get_ref();
        let code = id.len() == 2 && id.chars().all(|letter| letter.is_ascii_uppercase());
        if !code {
            let what = "party code; write two capitals, like LV";
            let text = id.clone();
            findings.at(entry.id.span(), &Fault::Form { text, what });
        }
        let slot = match entry.role {
            PartyRole::Client => 0,
            _ => {
                next += 1;
                next
            }
        };
        parties.push(Party {
            id: PartyId::new(id),
            name: entry.name.clone(),
            role: entry.role,
            slot,
        });
    }
    parties
}

fn site(file: &PackFile, entry: &SiteEntry, findings: &mut Findings<'_>) -> Option<Site> {
    party_known(file, &entry.party, findings);
    let named = |id: &str| id == entry.calendar.get_ref();
    let calendar = file
        .calendar
        .iter()
        .find(|calendar| named(calendar.get_ref().id.as_str()));
    if calendar.is_none() {
        unknown("calendar", &entry.calendar, findings);
    }
    Some(Site {
        id: SiteId::new(entry.id.get_ref()),
        party: PartyId::new(entry.party.get_ref()),
        name: entry.name.clone(),
        calendar: calendar?.get_ref().clone(),
        country: entry.country.clone(),
        barred: barred(file, entry, findings),
    })
}

/// The classes a site may not see; each must be declared.
fn barred(file: &PackFile, entry: &SiteEntry, findings: &mut Findings<'_>) -> BTreeSet<String> {
    for class in &entry.barred {
        let mut known = file.class.iter();
        if !known.any(|known| known.name.get_ref() == class.get_ref()) {
            unknown("class", class, findings);
        }
    }
    let names = entry.barred.iter();
    names.map(|class| class.get_ref().clone()).collect()
}

fn worker(file: &PackFile, entry: &WorkerEntry, findings: &mut Findings<'_>) -> Worker {
    place_known(file, &entry.party, &entry.site, findings);
    let email = entry.email.get_ref();
    if !email.contains('@') {
        let what = "e-mail address";
        let text = email.clone();
        findings.at(entry.email.span(), &Fault::Form { text, what });
    }
    for lane in &entry.lanes {
        if !file
            .lane
            .iter()
            .any(|known| known.id.get_ref() == lane.get_ref())
        {
            unknown("lane", lane, findings);
        }
    }
    let lanes = entry.lanes.iter().map(|lane| LaneId::new(lane.get_ref()));
    Worker {
        id: WorkerId::new(entry.id.get_ref()),
        party: PartyId::new(entry.party.get_ref()),
        site: SiteId::new(entry.site.get_ref()),
        name: Cell::Clear(Value::text(&entry.name)),
        email: Cell::Clear(Value::text(email)),
        lanes: lanes.collect(),
        roles: entry.roles.iter().cloned().collect(),
        able: Able {
            skills: entry.skills.clone(),
            languages: entry.languages.clone(),
            clearances: entry.clearances.clone(),
        },
    }
}

fn party_known(file: &PackFile, party: &Text, findings: &mut Findings<'_>) {
    if !file
        .party
        .iter()
        .any(|known| known.id.get_ref() == party.get_ref())
    {
        unknown("party", party, findings);
    }
}

/// Notes a party or a site that is not declared, or a site that is another party's.
pub(super) fn place_known(file: &PackFile, party: &Text, site: &Text, findings: &mut Findings<'_>) {
    party_known(file, party, findings);
    let known = file
        .site
        .iter()
        .find(|known| known.id.get_ref() == site.get_ref());
    match known {
        None => unknown("site", site, findings),
        Some(known) if known.party.get_ref() != party.get_ref() => {
            let fault = Fault::OtherSite {
                site: site.get_ref().clone(),
                owner: known.party.get_ref().clone(),
                party: party.get_ref().clone(),
            };
            findings.at(site.span(), &fault);
        }
        Some(_) => {}
    }
}

fn unknown(kind: &'static str, name: &Text, findings: &mut Findings<'_>) {
    let id = name.get_ref().clone();
    findings.at(name.span(), &Fault::Unknown { kind, id });
}
