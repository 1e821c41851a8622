//! Packs: those that come with Baton and those in folders; reading, installing, and deriving documents
//! to try them with.

use crate::{App, Failure, Receipt, StoreError, sight};
use baton_access::Place;
use baton_formats::{bpmn, ubl};
use baton_intake::pack::{self as reading, Files};
use baton_journal::setup::{Deployment, Party, Worker};
use baton_journal::{Actor, Command};
use baton_model::{AgreementId, Cell, Diagnostic, Record, SubjectId, TenantId, WorkerId};
use rust_embed::Embed;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The packs that come with Baton.
#[derive(Embed)]
#[folder = "../../packs"]
struct Shipped;

/// The folder of a pack that holds documents to try it with.
const SAMPLE: &str = "sample/";

/// A pack with its sample documents.
#[derive(Clone, Debug)]
pub struct Pack {
    /// What is deployed.
    pub deployment: Deployment,
    /// Documents to try it with, in the order of their names.
    pub samples: Vec<(String, Vec<u8>)>,
    cast: reading::Pack,
}

/// What is wrong with a pack, each with its file.
pub type Findings = Vec<(String, Diagnostic)>;

/// The names of the packs that come with Baton.
pub fn names() -> BTreeSet<String> {
    Shipped::iter()
        .filter_map(|path| path.split_once('/').map(|(pack, _)| pack.to_string()))
        .collect()
}

/// Reads a pack by the name of one that comes with Baton, or by the path of its folder.
pub fn read(name: &str) -> Result<Pack, Findings> {
    let bytes = if names().contains(name) {
        shipped(name)
    } else {
        folder(Path::new(name))?
    };
    let (samples, rest): (Vec<_>, Vec<_>) = bytes
        .into_iter()
        .partition(|(path, _)| path.starts_with(SAMPLE));
    let mut files = Files::new();
    for (path, bytes) in rest {
        let text = String::from_utf8(bytes)
            .map_err(|_| vec![said(&path, "is not UTF-8 text; save it as UTF-8")])?;
        files.insert(path, text);
    }
    let cast = reading::read(&files).map_err(|findings| {
        findings
            .into_iter()
            .map(|finding| (finding.path, finding.diagnostic))
            .collect::<Vec<_>>()
    })?;
    baton_engine::model::check_pack(&cast.deployment)?;
    let name = |path: String| path.rsplit('/').next().unwrap_or(&path).to_string();
    Ok(Pack {
        deployment: cast.deployment.clone(),
        samples: samples
            .into_iter()
            .map(|(path, bytes)| (name(path), bytes))
            .collect(),
        cast,
    })
}

fn shipped(name: &str) -> BTreeMap<String, Vec<u8>> {
    let inside = |path: &str| {
        path.strip_prefix(name)?
            .strip_prefix('/')
            .map(str::to_string)
    };
    let files = Shipped::iter()
        .filter_map(|path| Some((inside(&path)?, Shipped::get(&path)?.data.into_owned())));
    files.collect()
}

fn folder(root: &Path) -> Result<BTreeMap<String, Vec<u8>>, Findings> {
    let mut files = BTreeMap::new();
    collect(root, root, &mut files).map_err(|error| {
        let known = names().into_iter().collect::<Vec<_>>().join(", ");
        vec![said(
            &root.display().to_string(),
            &format!("cannot be read: {error}. With Baton come: {known}"),
        )]
    })?;
    Ok(files)
}

fn collect(root: &Path, path: &Path, files: &mut BTreeMap<String, Vec<u8>>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(path)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(root, &path, files)?;
        } else if let Ok(inside) = path.strip_prefix(root) {
            let name = inside
                .components()
                .map(|part| part.as_os_str().to_string_lossy())
                .collect::<Vec<_>>()
                .join("/");
            files.insert(name, std::fs::read(&path)?);
        }
    }
    Ok(())
}

fn said(path: &str, message: &str) -> (String, Diagnostic) {
    (
        path.to_string(),
        Diagnostic::at("BATON-PACK-900", 0, 0, message),
    )
}

/// Founds a tenant with the pack's cast and deploys the pack in it.
pub fn install(
    app: &App,
    pack: &Pack,
    name: Option<&str>,
    simulated: bool,
) -> Result<TenantId, Failure> {
    let cast = &pack.cast;
    let client = cast.parties.iter().find(|party| party.id == cast.client);
    let name = name
        .or(client.map(|party| party.name.as_str()))
        .unwrap_or("Tenant");
    let tenant = TenantId::new(slug(name));
    let send = |command: Command| {
        app.submit_now(&tenant, Actor::System, &app.fresh_cause("init"), command)
            .map(drop)
    };
    send(Command::Found {
        name: name.to_string(),
        simulated,
        client: cast.client.clone(),
    })?;
    cast.parties
        .iter()
        .try_for_each(|party| send(Command::RegisterParty(party.clone())))?;
    cast.sites
        .iter()
        .try_for_each(|site| send(Command::RegisterSite(site.clone())))?;
    send(Command::Deploy(Box::new(pack.deployment.clone())))?;
    for agreement in &cast.agreements {
        send(Command::SetAgreement(Box::new(agreement.clone())))?;
    }
    for worker in &cast.workers {
        send(Command::RegisterWorker(sealed(app, &tenant, worker)?))?;
    }
    Ok(tenant)
}

/// Deploys a pack, or a new version of one, and makes those of its cast and agreements known that are new.
/// A worker who is known keeps what is known of the worker and gets the pack's lanes as well.
///
/// # Errors
/// If a stage refuses the pack, or it cannot be kept.
pub fn deploy(app: &App, tenant: &TenantId, pack: &Pack) -> Result<Receipt, Failure> {
    let store = |error: StoreError| Failure::Store(error.to_string());
    let send = |command: Command| {
        app.submit_now(tenant, Actor::System, &app.fresh_cause("deploy"), command)
    };
    let parties = sight::parties(app, tenant).map_err(store)?;
    let new = |party: &&Party| !parties.contains_key(&party.id);
    for party in pack.cast.parties.iter().filter(new) {
        send(Command::RegisterParty(party.clone()))?;
    }
    let sites = sight::sites(app, tenant).map_err(store)?;
    for site in pack
        .cast
        .sites
        .iter()
        .filter(|site| !sites.contains_key(&site.id))
    {
        send(Command::RegisterSite(site.clone()))?;
    }
    let receipt = send(Command::Deploy(Box::new(pack.deployment.clone())))?;
    let agreed = crate::views::agreements::all(&crate::views::Reader::shell(app, tenant));
    let agreed = agreed.map_err(|error| Failure::Store(error.to_string()))?;
    let known = |id: &AgreementId| agreed.iter().any(|known| known.set.agreement.id == *id);
    for agreement in &pack.cast.agreements {
        if !known(&agreement.agreement.id) {
            send(Command::SetAgreement(Box::new(agreement.clone())))?;
        }
    }
    let known = sight::registered(app, tenant).map_err(store)?;
    for worker in &pack.cast.workers {
        match known.get(&worker.id) {
            None => drop(send(Command::RegisterWorker(sealed(app, tenant, worker)?))?),
            Some(known) if !worker.lanes.is_subset(&known.lanes) => {
                let mut both = known.clone();
                both.lanes.extend(worker.lanes.iter().cloned());
                both.roles.extend(worker.roles.iter().cloned());
                send(Command::RegisterWorker(both))?;
            }
            Some(_) => {}
        }
    }
    Ok(receipt)
}

/// A worker with name and address sealed under the worker's own key.
pub(crate) fn sealed(app: &App, tenant: &TenantId, worker: &Worker) -> Result<Worker, Failure> {
    let subject = subject_of(&worker.id);
    let place = subject.to_string();
    let record = Record::from([
        ("worker.name".to_string(), worker.name.clone()),
        ("worker.email".to_string(), worker.email.clone()),
    ]);
    let personal = ["worker.*".to_string()];
    let mut sealed =
        app.inner
            .door
            .seal(Place::new(tenant, &place), &subject, record, &personal)?;
    let mut take = |field: &str| {
        sealed
            .remove(field)
            .unwrap_or(Cell::Clear(baton_model::Value::Null))
    };
    Ok(Worker {
        name: take("worker.name"),
        email: take("worker.email"),
        ..worker.clone()
    })
}

/// Whose data a worker's is.
pub fn subject_of(worker: &WorkerId) -> SubjectId {
    SubjectId::new(format!("worker:{worker}"))
}

/// A name as a tenant's id: small letters, digits and dashes.
fn slug(name: &str) -> String {
    let mut slug = String::new();
    for sign in name.chars().flat_map(char::to_lowercase) {
        if sign.is_ascii_alphanumeric() {
            slug.push(sign);
        } else if !slug.ends_with('-') && !slug.is_empty() {
            slug.push('-');
        }
    }
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() {
        "tenant".into()
    } else {
        slug.into()
    }
}

/// Checks a process model with its decisions; what it is, in a line. Which forms there are is the
/// pack's business (`baton pack check`): those the model names count as there.
pub fn check_process(model: &[u8], decisions: &[Vec<u8>]) -> Result<String, Vec<Diagnostic>> {
    let texts: Vec<String> = decisions
        .iter()
        .map(|bytes| String::from_utf8_lossy(bytes).into_owned())
        .collect();
    let models = baton_engine::Models::read(&texts).map_err(|findings| {
        findings
            .into_iter()
            .map(|(_, finding)| finding)
            .collect::<Vec<_>>()
    })?;
    let mut forms = BTreeSet::new();
    bpmn::parse(model)?
        .processes
        .iter()
        .for_each(|process| named_forms(&process.body, &mut forms));
    let processes = baton_engine::model::check(model, &models, &forms)?;
    let said = processes.iter().map(|process| {
        format!(
            "process {} with {} lanes and {} nodes; no findings",
            process.id,
            process.lanes.len(),
            process.nodes.len()
        )
    });
    Ok(said.collect::<Vec<_>>().join("; "))
}

fn named_forms(scope: &bpmn::Scope, forms: &mut BTreeSet<String>) {
    for node in &scope.nodes {
        forms.extend(node.extension.form.clone());
        if let bpmn::Kind::SubProcess(inside) = &node.kind {
            named_forms(inside, forms);
        }
    }
}

/// The files of the order and receipt advice that match an invoice; with one planted defect if named.
/// A duplicate is the invoice again with other content.
pub fn derive(
    stem: &str,
    bytes: &[u8],
    defect: Option<&str>,
) -> Result<Vec<(String, Vec<u8>)>, Vec<Diagnostic>> {
    let invoice = match ubl::read(bytes)? {
        ubl::Document::Invoice(invoice) | ubl::Document::CreditNote(invoice) => invoice,
        other => {
            return Err(refusal(format!(
                "it is an {}; only an invoice or credit note has an order to derive",
                other.kind()
            )));
        }
    };
    let defect = match defect {
        None => None,
        Some(word) => Some(ubl::Defect::parse(word).ok_or_else(|| {
            refusal(format!("`{word}` is no defect; choose quantity, price, unit, unknown-line, duplicate or over-budget"))
        })?),
    };
    let made = match defect {
        None => {
            let ubl::Derived { order, receipt } = ubl::derive(&invoice);
            ubl::Planted {
                order,
                receipt,
                resent: None,
            }
        }
        Some(defect) => ubl::plant(defect, &invoice, bytes),
    };
    let mut files = vec![
        (format!("{stem}-order.xml"), ubl::write_order(&made.order)),
        (
            format!("{stem}-receipt.xml"),
            ubl::write_receipt(&made.receipt),
        ),
    ];
    files.extend(
        made.resent
            .map(|bytes| (format!("{stem}-resent.xml"), bytes)),
    );
    Ok(files)
}

fn refusal(message: String) -> Vec<Diagnostic> {
    vec![Diagnostic::at("BATON-APP-030", 0, 0, message)]
}
