//! The live map of a process: which versions run, its outline, and for each lane and party what is open,
//! late, arrived and how long it took. All numbers are of the version that is shown.
//!
//! The client counts every case; a provider counts what is in its sight, and of hops only its own.

mod handed;
mod outline;

use super::{Reader, ViewError, int, maybe, text};
use crate::lanes::LaneNow;
use baton_access::item_condition;
use baton_journal::store::{Row, StoreError};
use baton_journal::{Datum, Entry, Event};
use baton_measure::view;
use baton_model::{Micros, PartyId, Scope, TenantId, WallTime, WorkingTime};
pub use handed::{Handed, Window, handed, handed_rows};
pub use outline::{Flow, Node, Outline, Shape};
use std::collections::BTreeMap;

/// What the map looks back on.
pub const WEEK: WallTime = WallTime::hours(7 * 24);

/// The most hops a median is taken of: the newest.
const HOPS: usize = 5_000;

const VERSION: &str =
    "select p.process, p.process_version, p.name, p.pack_version, p.deployed, p.n, ";
const VERSIONS: &str =
    " from process p where p.tenant = $1 order by p.process, p.process_version desc";

/// A version of a process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// The process.
    pub process: String,
    /// The version.
    pub version: i64,
    /// The process's name.
    pub name: String,
    /// The version of the pack it came with.
    pub pack: String,
    /// Since when.
    pub since: Micros,
    /// How many cases in sight run under it.
    pub running: i64,
    /// Whether new cases begin under it.
    pub newest: bool,
    n: i64,
}

/// The versions of all processes, the newest of each first, with the cases in sight that run under them.
pub fn versions(reader: &Reader<'_>, scope: &Scope) -> Result<Vec<Version>, StoreError> {
    let running = format!(
        "(select count(*) from cases c where c.tenant = $1 and c.process = p.process \
         and c.process_version = p.process_version and c.ended is null and {})",
        baton_access::case_condition(scope, "c", 2, 3)
    );
    let parameters = [scope.party.as_str().into(), scope.worker.as_str().into()];
    listed(reader, &running, &parameters)
}

fn listed(
    reader: &Reader<'_>,
    running: &str,
    parameters: &[Datum],
) -> Result<Vec<Version>, StoreError> {
    let rows = reader.rows(&format!("{VERSION}{running}{VERSIONS}"), parameters)?;
    let mut versions: Vec<Version> = Vec::new();
    for row in &rows {
        let newest = versions
            .last()
            .is_none_or(|last| last.process != text(row, 0));
        versions.push(Version {
            process: text(row, 0),
            version: int(row, 1),
            name: text(row, 2),
            pack: text(row, 3),
            since: Micros(int(row, 4)),
            n: int(row, 5),
            running: int(row, 6),
            newest,
        });
    }
    Ok(versions)
}

/// The outline of a version, from the entry that deployed it.
pub fn outline(reader: &Reader<'_>, version: &Version) -> Result<Option<Outline>, StoreError> {
    let tenant: &TenantId = reader.tenant();
    let stored = reader.app().store().entries(tenant, version.n - 1, 1)?;
    let entry = stored
        .first()
        .and_then(|stored| Entry::from_bytes(&stored.bytes).ok());
    let events = entry.into_iter().flat_map(|entry| entry.events);
    Ok(events
        .filter_map(|event| match event {
            Event::PackDeployed { deployment, .. } => Some(deployment),
            _ => None,
        })
        .flat_map(|deployment| deployment.processes)
        .find_map(|file| outline::read(&file.text, &version.process)))
}

/// The lanes of every process in force, in the order their models give.
pub(crate) fn order(reader: &Reader<'_>) -> Result<Vec<String>, StoreError> {
    let mut lanes = Vec::new();
    for version in listed(reader, "0", &[])?
        .iter()
        .filter(|version| version.newest)
    {
        let outline = outline(reader, version)?.unwrap_or_default();
        lanes.extend(outline.lanes.into_iter().map(|(id, _)| id));
    }
    Ok(lanes)
}

/// Open and late cases.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Load {
    /// Cases with an open work item.
    pub open: i64,
    /// Those of them whose hop is past its due instant.
    pub late: i64,
}

/// The numbers of a lane, a party's part of a lane, and a task.
#[derive(Clone, Debug, Default)]
pub struct Numbers {
    /// By lane.
    pub lanes: BTreeMap<String, Load>,
    /// By lane and party.
    pub parts: BTreeMap<(String, String), Load>,
    /// By task.
    pub tasks: BTreeMap<String, Load>,
    /// All of it.
    pub all: Load,
    /// Hops that began in the last seven days, by lane and party.
    pub arrived: BTreeMap<(String, String), i64>,
    /// The working times of hops that ended in them, by lane and party.
    worked: BTreeMap<(String, String), Vec<i64>>,
}

impl Numbers {
    /// The median working time of the hops of a lane that ended in the last seven days, of one party or of
    /// all; nothing where none ended. Of an even number of hops it is the lower one in the middle.
    pub fn median(&self, lane: &str, party: Option<&str>) -> Option<WorkingTime> {
        let own = self
            .worked
            .iter()
            .filter(|((at, of), _)| at == lane && party.is_none_or(|party| of == party));
        let mut all: Vec<i64> = own.flat_map(|(_, times)| times).copied().collect();
        all.sort_unstable();
        all.get((all.len().checked_sub(1)?) / 2)
            .copied()
            .map(WorkingTime)
    }

    /// How many of a lane's hops of the last seven days began at a party, in hundredths of a percent.
    pub fn share(&self, lane: &str, party: &str) -> Option<u32> {
        let own = self.arrived.iter().filter(|((at, _), _)| at == lane);
        let all: i64 = own.map(|(_, count)| count).sum();
        let of = self.arrived.get(&(lane.to_owned(), party.to_owned()));
        let points = of.copied().unwrap_or_default() * 10_000 / Some(all).filter(|all| *all > 0)?;
        u32::try_from(points).ok()
    }
}

impl Numbers {
    /// The parties of a lane; those too that only have open cases left there.
    pub fn parties(&self, now: &LaneNow) -> Vec<PartyId> {
        let own = now.parts.iter().map(|part| part.share.party.clone());
        let mut parties: Vec<PartyId> = own.collect();
        for (lane, party) in self.parts.keys() {
            if lane == now.id.as_str() && !parties.iter().any(|known| known.as_str() == party) {
                parties.push(PartyId::new(party));
            }
        }
        parties
    }
}

/// The numbers of a version at an instant.
pub fn numbers(
    reader: &Reader<'_>,
    scope: &Scope,
    version: &Version,
    now: Micros,
) -> Result<Numbers, ViewError> {
    let counting = Counting {
        reader,
        scope,
        version,
        now,
    };
    let mut numbers = Numbers {
        all: counting.by("")?.remove(&Vec::new()).unwrap_or_default(),
        ..Numbers::default()
    };
    for (key, load) in counting.by("w.lane")? {
        numbers.lanes.insert(part(&key, 0), load);
    }
    for (key, load) in counting.by("w.lane, w.party")? {
        numbers.parts.insert((part(&key, 0), part(&key, 1)), load);
    }
    for (key, load) in counting.by("w.task")? {
        numbers.tasks.insert(part(&key, 0), load);
    }
    for row in counting.arrived()? {
        numbers
            .arrived
            .insert((text(&row, 0), text(&row, 1)), int(&row, 2));
    }
    numbers.worked = counting.worked()?;
    Ok(numbers)
}

fn part(key: &[String], place: usize) -> String {
    key.get(place).cloned().unwrap_or_default()
}

/// What is late: the open hop of the item's lane and party is past its due instant.
pub(super) const LATE: &str = "exists (select 1 from hop late where late.tenant = w.tenant \
     and late.case_id = w.case_id and late.lane = w.lane and late.site = w.site \
     and late.until_at is null and late.due_at <= ";

struct Counting<'a> {
    reader: &'a Reader<'a>,
    scope: &'a Scope,
    version: &'a Version,
    now: Micros,
}

impl Counting<'_> {
    /// Open and late cases, grouped by columns of the work items.
    fn by(&self, columns: &str) -> Result<BTreeMap<Vec<String>, Load>, StoreError> {
        let mut loads: BTreeMap<Vec<String>, Load> = BTreeMap::new();
        for (key, count) in self.count(columns, false)? {
            loads.entry(key).or_default().open = count;
        }
        for (key, count) in self.count(columns, true)? {
            loads.entry(key).or_default().late = count;
        }
        Ok(loads)
    }

    fn count(&self, columns: &str, late: bool) -> Result<Vec<(Vec<String>, i64)>, StoreError> {
        let (select, group) = match columns {
            "" => (String::new(), String::new()),
            columns => (format!(", {columns}"), format!(" group by {columns}")),
        };
        let mut sql = format!(
            "select count(distinct w.case_id){select} from work_item w join cases c \
             on c.tenant = w.tenant and c.case_id = w.case_id where w.tenant = $1 and {} \
             and c.process = $4 and c.process_version = $5",
            item_condition(self.scope, "w", 2, 3)
        );
        let mut parameters: Vec<Datum> = vec![
            self.scope.party.as_str().into(),
            self.scope.worker.as_str().into(),
            self.version.process.as_str().into(),
            self.version.version.into(),
        ];
        if late {
            sql.push_str(&format!(" and {LATE}$6)"));
            parameters.push(self.now.0.into());
        }
        let rows = self.reader.rows(&format!("{sql}{group}"), &parameters)?;
        let key = |row: &Row| (1..row.len()).map(|column| text(row, column)).collect();
        Ok(rows.iter().map(|row| (key(row), int(row, 0))).collect())
    }

    fn since(&self) -> Vec<Datum> {
        vec![
            self.version.process.as_str().into(),
            self.version.version.into(),
            (self.now.0 - WEEK.0).into(),
        ]
    }

    /// How many hops began, by lane and party. A provider's share of a lane needs all of them; of the
    /// others it is told no more than that.
    fn arrived(&self) -> Result<Vec<Row>, StoreError> {
        let sql = "select h.lane, h.party, count(*) from hop h join cases c on c.tenant = h.tenant \
             and c.case_id = h.case_id where h.tenant = $1 and c.process = $2 \
             and c.process_version = $3 and h.from_at >= $4 group by h.lane, h.party";
        self.reader.rows(sql, &self.since())
    }

    /// The working times of the hops that ended, by lane and party; a provider's own.
    fn worked(&self) -> Result<BTreeMap<(String, String), Vec<i64>>, ViewError> {
        let own = if self.scope.client {
            ""
        } else {
            " and h.party = $5"
        };
        let sql = format!(
            "select h.case_id, h.number, h.lane, h.party, h.site, h.calendar, h.target, h.from_at, \
             h.until_at, h.due_at, h.paused_since, h.pauses, h.items, h.sources from hop h \
             join cases c on c.tenant = h.tenant and c.case_id = h.case_id where h.tenant = $1 \
             and c.process = $2 and c.process_version = $3 and h.until_at >= $4{own} \
             order by h.until_at desc limit {HOPS}"
        );
        let mut parameters = self.since();
        if !self.scope.client {
            parameters.push(self.scope.party.as_str().into());
        }
        let rows = self.reader.rows(&sql, &parameters)?;
        let book = super::times::book(self.reader)?;
        let mut worked: BTreeMap<(String, String), Vec<i64>> = BTreeMap::new();
        for hop in rows.iter().filter_map(|row| view::hop(row)) {
            let calendar = book.or_always(hop.calendar.as_ref());
            let reading = hop.clock.read(calendar, hop.target, self.now);
            let of = worked.entry((hop.lane.to_string(), hop.party.to_string()));
            of.or_default().push(reading.working.0);
        }
        Ok(worked)
    }
}

const INCIDENTS: &str = "select i.case_id, i.node, i.name, i.message, i.since from incident i \
     join cases c on c.tenant = i.tenant and c.case_id = i.case_id where i.tenant = $1 and ";

/// An open incident of the process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stuck {
    /// The case.
    pub case: String,
    /// The node.
    pub node: String,
    /// Its name.
    pub name: String,
    /// What went wrong; nothing for a provider, which sees that its case is stuck and no fields of it.
    pub message: Option<String>,
    /// Since when.
    pub since: Micros,
}

/// The open incidents in sight, the newest first.
pub fn stuck(
    reader: &Reader<'_>,
    scope: &Scope,
    version: &Version,
    limit: usize,
) -> Result<Vec<Stuck>, StoreError> {
    let sql = format!(
        "{INCIDENTS}{} and c.process = $4 and c.process_version = $5 \
         order by i.since desc, i.case_id limit {limit}",
        baton_access::case_condition(scope, "c", 2, 3)
    );
    let parameters = [
        scope.party.as_str().into(),
        scope.worker.as_str().into(),
        version.process.as_str().into(),
        version.version.into(),
    ];
    let rows = reader.rows(&sql, &parameters)?;
    Ok(rows
        .iter()
        .map(|row| Stuck {
            case: text(row, 0),
            node: text(row, 1),
            name: text(row, 2),
            message: maybe(row, 3).filter(|_| scope.client),
            since: Micros(int(row, 4)),
        })
        .collect())
}
