//! Packs: the files of a folder become a deployment and its cast, or findings with file and line.
//!
//! Pure, over a map of paths and texts; the shell reads the folder. It checks that `pack.toml`, models,
//! forms and tables agree with each other; what the engine can run, the engine checks.

mod agreements;
mod cast;
mod fault;
mod file;
mod findings;
mod model;
mod table;

pub use fault::Fault;
pub use findings::Finding;

use crate::reading::PERSONAL;
use baton_formats::duration::working_time;
use baton_journal::command::agreement::SetAgreement;
use baton_journal::document::ORIGINAL;
use baton_journal::people::Able;
use baton_journal::setup::{
    Deployment, Freetext, LaneSetting, Party, Site, SourceFile, TableRow, Worker,
};
use baton_model::{LaneId, PackId, PartyId, SiteId, WorkingTime};
use file::{LaneEntry, PackFile, Text};
use findings::Findings;
use std::collections::{BTreeMap, BTreeSet};

/// The files of a pack's folder: text by path, with `/` between the parts.
pub type Files = BTreeMap<String, String>;

/// A pack: what is deployed, and who is in its cast.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pack {
    /// What is deployed.
    pub deployment: Deployment,
    /// Whose processes they are.
    pub client: PartyId,
    /// The parties, the client among them.
    pub parties: Vec<Party>,
    /// Their sites.
    pub sites: Vec<Site>,
    /// Their workers; names and addresses are in the clear, the shell seals them.
    pub workers: Vec<Worker>,
    /// The agreements between them.
    pub agreements: Vec<SetAgreement>,
}

/// Reads a pack.
///
/// # Errors
/// Every [`Finding`], with its file and line.
pub fn read(files: &Files) -> Result<Pack, Vec<Finding>> {
    let Some(text) = files.get("pack.toml") else {
        let mut findings = Findings::of("");
        findings.at(0..0, &Fault::NoPackFile);
        return Err(findings.finish());
    };
    let mut findings = Findings::of(text);
    let file: PackFile = match toml::from_str(text) {
        Ok(file) => file,
        Err(error) => {
            let place = error.span().unwrap_or_default();
            findings.at(place, &Fault::Toml(error.message().into()));
            return Err(findings.finish());
        }
    };
    let pack = pack(files, &file, &mut findings);
    match findings.finish() {
        found if found.is_empty() => Ok(pack),
        found => Err(found),
    }
}

fn pack(files: &Files, file: &PackFile, findings: &mut Findings<'_>) -> Pack {
    let cast = cast::read(file, findings);
    cast::unique("lane", file.lane.iter().map(|lane| &lane.id), findings);
    prefix(&file.prefix, findings);
    let mut listed = |paths: &[Text]| -> Vec<SourceFile> {
        let sources = paths
            .iter()
            .filter_map(|path| source(files, path, findings));
        sources.collect()
    };
    let processes = listed(&file.processes);
    let decisions = listed(&file.decisions);
    let forms = listed(&file.forms);
    let tables = listed(&file.tables);
    let agreements = listed(&file.agreements);
    let agreements = agreements::read(file, &agreements, findings);
    model::check(file, &processes, &decisions, &forms, findings);
    let receives = model::received(&processes);
    forms.iter().for_each(|form| json(form, findings));
    let deployment = Deployment {
        pack: PackId::new(file.id.get_ref()),
        version: file.version.get_ref().clone(),
        name: file.name.get_ref().clone(),
        prefix: file.prefix.get_ref().clone(),
        headline: file.headline.clone(),
        target: target(file.target.as_ref(), findings),
        processes,
        decisions,
        forms,
        tables: tables_of(&tables, findings),
        lanes: file
            .lane
            .iter()
            .map(|entry| lane(file, entry, &receives, findings))
            .collect(),
        personal: file.personal.clone(),
        classes: classes(file, findings),
    };
    Pack {
        deployment,
        client: cast.client,
        parties: cast.parties,
        sites: cast.sites,
        workers: cast.workers,
        agreements,
    }
}

fn source(files: &Files, path: &Text, findings: &mut Findings<'_>) -> Option<SourceFile> {
    let text = files.get(path.get_ref());
    if text.is_none() {
        findings.at(path.span(), &Fault::NoFile(path.get_ref().clone()));
    }
    Some(SourceFile {
        path: path.get_ref().clone(),
        text: text?.clone(),
    })
}

fn prefix(prefix: &Text, findings: &mut Findings<'_>) {
    let text = prefix.get_ref();
    let plain = |letter: char| letter.is_ascii_uppercase() || letter.is_ascii_digit();
    if text.is_empty() || text.len() > 8 || !text.chars().all(plain) {
        let what = "prefix of case ids; write one to eight capitals or digits, like P2P";
        let text = text.clone();
        findings.at(prefix.span(), &Fault::Form { text, what });
    }
}

fn target(text: Option<&Text>, findings: &mut Findings<'_>) -> Option<WorkingTime> {
    let written = text?;
    let target = working_time(written.get_ref());
    if target.is_none() {
        let what = "target; write working time in hours and minutes, like PT8H or PT1H30M";
        let text = written.get_ref().clone();
        findings.at(written.span(), &Fault::Form { text, what });
    }
    target
}

fn lane(
    file: &PackFile,
    entry: &LaneEntry,
    receives: &BTreeMap<String, BTreeSet<String>>,
    findings: &mut Findings<'_>,
) -> LaneSetting {
    cast::place_known(file, &entry.party, &entry.site, findings);
    original(file, entry, findings);
    LaneSetting {
        id: LaneId::new(entry.id.get_ref()),
        name: entry.name.clone(),
        party: PartyId::new(entry.party.get_ref()),
        site: SiteId::new(entry.site.get_ref()),
        target: target(entry.target.as_ref(), findings),
        freetext: entry.freetext,
        read: globs(&entry.read, findings),
        write: globs(&entry.write, findings),
        asks: Able {
            skills: entry.skills.clone(),
            languages: BTreeSet::new(),
            clearances: entry.clearance.clone(),
        },
        language: entry.language.as_ref().map(|field| field.get_ref().clone()),
        receives: receives
            .get(entry.id.get_ref())
            .cloned()
            .unwrap_or_default(),
    }
}

/// A lane that may open originals must be one that may see all that stands in them.
fn original(file: &PackFile, entry: &LaneEntry, findings: &mut Findings<'_>) {
    let covers = |pattern: &Text, field: &str| match pattern.get_ref().strip_suffix('*') {
        Some(prefix) => field.starts_with(prefix),
        None => pattern.get_ref() == field,
    };
    let Some(pattern) = entry.read.iter().find(|read| covers(read, ORIGINAL)) else {
        return;
    };
    let reads = |field: &str| entry.read.iter().any(|read| covers(read, field));
    let own = PERSONAL.iter().copied();
    let personal = own.chain(file.personal.iter().map(String::as_str));
    let hidden: Vec<&str> = personal.filter(|field| !reads(field)).collect();
    let what = match hidden.first() {
        _ if entry.freetext != Freetext::Full => "not all free text".to_string(),
        Some(field) => format!("not the field `{field}`"),
        None => return,
    };
    let fault = Fault::Original {
        lane: entry.id.get_ref().clone(),
        pattern: pattern.get_ref().clone(),
        what,
    };
    findings.at(pattern.span(), &fault);
}

/// The classes of data by name.
fn classes(file: &PackFile, findings: &mut Findings<'_>) -> BTreeMap<String, Vec<String>> {
    cast::unique(
        "class",
        file.class.iter().map(|class| &class.name),
        findings,
    );
    let classes = file.class.iter();
    classes
        .map(|class| (class.name.get_ref().clone(), globs(&class.fields, findings)))
        .collect()
}

/// Field patterns: names, or prefixes that end in `*`.
fn globs(patterns: &[Text], findings: &mut Findings<'_>) -> Vec<String> {
    for pattern in patterns {
        let text = pattern.get_ref();
        let star = text.find('*').is_some_and(|at| at + 1 < text.len());
        if star || text.is_empty() {
            let what =
                "field pattern; write a name like invoice.number, or a prefix like invoice.*";
            let text = text.clone();
            findings.at(pattern.span(), &Fault::Form { text, what });
        }
    }
    patterns
        .iter()
        .map(|pattern| pattern.get_ref().clone())
        .collect()
}

fn json(form: &SourceFile, findings: &mut Findings<'_>) {
    match serde_json::from_str::<serde_json::Value>(&form.text) {
        Ok(serde_json::Value::Object(_)) => {}
        Ok(_) => {
            let fault = Fault::Json("it is no object".into());
            findings.add(&form.path, 1, 1, &fault);
        }
        Err(error) => {
            let place = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
            let (line, column) = (place(error.line()), place(error.column()));
            findings.add(&form.path, line, column, &Fault::Json(error.to_string()));
        }
    }
}

fn tables_of(
    sources: &[SourceFile],
    findings: &mut Findings<'_>,
) -> BTreeMap<String, Vec<TableRow>> {
    let tables = sources.iter().map(|source| {
        let rows = table::rows(source, findings);
        (stem(&source.path).to_string(), rows)
    });
    tables.collect()
}

/// A file's name without its folder and its last extension.
pub(crate) fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}
