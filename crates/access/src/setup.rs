//! Decides set-up: the tenant's beginning, parties, sites and workers. Who may ask is `guard`'s business.

use crate::refusal;
use crate::tenancy::Tenancy;
use baton_journal::setup::{Party, PartyRole, Site, Worker};
use baton_journal::{Event, Stop};
use baton_model::{Cell, PartyId, Value};

pub(crate) fn found(
    tenancy: &Tenancy,
    name: &str,
    simulated: bool,
    client: &PartyId,
) -> Result<Vec<Event>, Stop> {
    if tenancy.client.is_some() {
        return Err(refusal::founded());
    }
    Ok(vec![Event::TenantFounded {
        name: name.into(),
        simulated,
        client: client.clone(),
    }])
}

pub(crate) fn party(tenancy: &Tenancy, party: &Party) -> Result<Vec<Event>, Stop> {
    if tenancy.is_client(&party.id) != (party.role == PartyRole::Client) {
        return Err(refusal::role(&party.id));
    }
    let clashes = |other: &Party| (other.id == party.id) != (other.slot == party.slot);
    let is_client = party.role == PartyRole::Client;
    if is_client != (party.slot == 0) || tenancy.parties.values().any(clashes) {
        return Err(refusal::slot(party.slot));
    }
    Ok(vec![Event::PartyRegistered(party.clone())])
}

pub(crate) fn site(tenancy: &Tenancy, site: &Site) -> Result<Vec<Event>, Stop> {
    known(tenancy, &site.party)?;
    let owner = tenancy.sites.get(&site.id);
    if owner.is_some_and(|owner| *owner != site.party) {
        return Err(refusal::moved(site.id.as_str()));
    }
    Ok(vec![Event::SiteRegistered(site.clone())])
}

pub(crate) fn worker(tenancy: &Tenancy, worker: &Worker) -> Result<Vec<Event>, Stop> {
    known(tenancy, &worker.party)?;
    if tenancy.sites.get(&worker.site) != Some(&worker.party) {
        return Err(refusal::no_site(&worker.site, &worker.party));
    }
    let before = tenancy.workers.get(&worker.id);
    if before.is_some_and(|before| before.party != worker.party) {
        return Err(refusal::moved(worker.id.as_str()));
    }
    if is_open(&worker.name) || is_open(&worker.email) {
        return Err(refusal::unsealed(&worker.id));
    }
    Ok(vec![Event::WorkerRegistered(worker.clone())])
}

fn known(tenancy: &Tenancy, party: &PartyId) -> Result<(), Stop> {
    if tenancy.parties.contains_key(party) {
        return Ok(());
    }
    Err(refusal::no_party(party))
}

fn is_open(cell: &Cell) -> bool {
    cell.value().is_some_and(|value| *value != Value::Null)
}
