//! Work items: the list in order of the due instant, and one item.

use super::{Reader, ViewError, int, maybe, text};
use baton_access::item_condition;
use baton_journal::Datum;
use baton_journal::people::Able;
use baton_journal::store::Row;
use baton_model::{CaseId, LaneId, Micros, PartyId, Record, Scope, WorkItemId, WorkerId};
use std::fmt::Write;

/// An open work item.
#[derive(Clone, Debug)]
pub struct Item {
    /// The id.
    pub id: WorkItemId,
    /// Its case.
    pub case: CaseId,
    /// The task.
    pub task: String,
    /// The task's name.
    pub name: String,
    /// The lane.
    pub lane: LaneId,
    /// The lane's name.
    pub lane_name: String,
    /// The party that has it.
    pub party: PartyId,
    /// Its form.
    pub form: Option<String>,
    /// The role it needs.
    pub role: Option<String>,
    /// The worker who has it, while the lease holds.
    pub worker: Option<WorkerId>,
    /// The lease's end.
    pub lease: Micros,
    /// Since when it is there.
    pub since: Micros,
    /// Why its clock stands still.
    pub paused: Option<String>,
    /// What was typed so far.
    pub draft: Option<Record>,
    /// Why it is with this party.
    pub why: String,
    /// The entry that last touched it.
    pub touched: i64,
    /// When its hop is due.
    pub due: Option<Micros>,
    /// Who may not do it.
    pub excluded: Option<WorkerId>,
    /// The entry that last gave it to a worker.
    pub fence: i64,
    /// Which team leader gave it to its worker, and why.
    pub given: Option<(WorkerId, String)>,
    /// What the viewer misses to do it, in words; nothing where the viewer can.
    pub misses: Option<String>,
}

/// Which items are asked for.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// A lane's id, or all.
    pub lane: String,
    /// `mine`, `free`, `paused`, or all.
    pub holder: String,
}

const COLUMNS: &str = "w.item, w.case_id, w.task, w.name, w.lane, l.name, w.party, w.form, w.role, w.worker, w.lease, \
    w.since, w.paused, w.draft, w.why, w.touched, w.excluded, w.fence, w.asks, w.given_by, w.given_why";

/// When the item's hop is due. It is named where it orders, as an expression may not be ordered by a name.
const DUE: &str = "(select min(h.due_at) from hop h where h.tenant = w.tenant and h.case_id = w.case_id \
    and h.lane = w.lane and h.until_at is null)";

const TABLES: &str = "work_item w left join lane l on l.tenant = w.tenant and l.lane = w.lane";

const OWN_LANES: &str = " and w.party = $2 and exists (select 1 from worker_lane o \
    where o.tenant = w.tenant and o.worker = $3 and o.lane = w.lane) and coalesce(w.excluded, '') <> $3";

/// The condition on `work_item w` for the items in sight that match, and its parameters after the tenant.
fn matching(scope: &Scope, filter: &Filter) -> (String, Vec<Datum>) {
    let mut parameters: Vec<Datum> =
        vec![scope.party.as_str().into(), scope.worker.as_str().into()];
    let mut condition = item_condition(scope, "w", 2, 3);
    // A client's worker sees every case, but works only on the own lanes.
    condition.push_str(OWN_LANES);
    if !filter.lane.is_empty() {
        parameters.push(filter.lane.as_str().into());
        let _ = write!(condition, " and w.lane = ${}", parameters.len() + 1);
    }
    match filter.holder.as_str() {
        "mine" => condition.push_str(" and w.worker = $3"),
        "free" => condition.push_str(" and w.state = 'offered'"),
        "paused" => condition.push_str(" and w.paused is not null"),
        _ => {}
    }
    (condition, parameters)
}

/// The items in sight that match, the first due first; those without a due instant last.
pub fn list(
    reader: &Reader<'_>,
    scope: &Scope,
    filter: &Filter,
    limit: usize,
) -> Result<Vec<Item>, ViewError> {
    let (condition, parameters) = matching(scope, filter);
    let sql = format!(
        "select {COLUMNS}, {DUE} from {TABLES} where w.tenant = $1 and {condition} \
         order by {DUE} is null, {DUE}, w.since, w.item limit {limit}"
    );
    let now = reader.app().now();
    let doer = Doer::of(reader, scope)?;
    Ok(reader
        .rows(&sql, &parameters)?
        .iter()
        .map(|row| item(row, now, &doer))
        .collect())
}

/// One item in sight; nothing where there is none, or none for this viewer.
pub fn one(reader: &Reader<'_>, scope: &Scope, id: &WorkItemId) -> Result<Option<Item>, ViewError> {
    let sql = format!(
        "select {COLUMNS}, {DUE} from {TABLES} where w.tenant = $1 and {} and w.item = $4",
        item_condition(scope, "w", 2, 3)
    );
    let parameters = [
        scope.party.as_str().into(),
        scope.worker.as_str().into(),
        id.as_str().into(),
    ];
    let now = reader.app().now();
    let doer = Doer::of(reader, scope)?;
    Ok(reader
        .rows(&sql, &parameters)?
        .first()
        .map(|row| item(row, now, &doer)))
}

/// The items of a condition over `work_item w`, whose caller has put the scope into it.
pub(super) fn picked(
    reader: &Reader<'_>,
    scope: &Scope,
    condition: &str,
    parameters: &[Datum],
) -> Result<Vec<Item>, ViewError> {
    let sql = format!("select {COLUMNS}, {DUE} from {TABLES} where {condition}");
    let (now, doer) = (reader.app().now(), Doer::of(reader, scope)?);
    let rows = reader.rows(&sql, parameters)?;
    Ok(rows.iter().map(|row| item(row, now, &doer)).collect())
}

/// What the viewer can and may do.
struct Doer {
    able: Able,
    roles: Vec<String>,
    client: bool,
}

const DOER: &str = "select able, roles from worker where tenant = $1 and worker = $2";

impl Doer {
    fn of(reader: &Reader<'_>, scope: &Scope) -> Result<Self, ViewError> {
        let rows = reader.rows(DOER, &[scope.worker.as_str().into()])?;
        let json = |column| {
            rows.first()
                .map(|row| text(row, column))
                .unwrap_or_default()
        };
        Ok(Self {
            able: serde_json::from_str(&json(0)).unwrap_or_default(),
            roles: serde_json::from_str(&json(1)).unwrap_or_default(),
            client: scope.client,
        })
    }

    /// What is missing for an item, in words.
    fn misses(&self, row: &Row) -> Option<String> {
        let asks = maybe(row, 18).and_then(|json| serde_json::from_str::<Able>(&json).ok());
        let mut missing = asks.unwrap_or_default().missing_in(&self.able);
        let role = maybe(row, 8).filter(|role| !self.roles.contains(role));
        missing.extend(role.map(|role| format!("the role {role}")));
        (!missing.is_empty()).then(|| format!("asks for {}", missing.join(" and ")))
    }
}

fn item(row: &Row, now: Micros, doer: &Doer) -> Item {
    let lease = Micros(int(row, 10));
    Item {
        id: WorkItemId::new(text(row, 0)),
        case: CaseId::new(text(row, 1)),
        task: text(row, 2),
        name: text(row, 3),
        lane: LaneId::new(text(row, 4)),
        lane_name: text(row, 5),
        party: PartyId::new(text(row, 6)),
        form: maybe(row, 7),
        role: maybe(row, 8),
        worker: maybe(row, 9).filter(|_| lease > now).map(WorkerId::new),
        lease,
        since: Micros(int(row, 11)),
        paused: maybe(row, 12),
        draft: maybe(row, 13).and_then(|json| serde_json::from_str(&json).ok()),
        why: told_why(&text(row, 14), doer.client),
        touched: int(row, 15),
        due: Some(int(row, 21)).filter(|due| *due > 0).map(Micros),
        excluded: maybe(row, 16).map(WorkerId::new),
        fence: int(row, 17),
        given: maybe(row, 19).map(|leader| (WorkerId::new(leader), text(row, 20))),
        misses: doer.misses(row),
    }
}

/// How many items in sight match.
pub fn count(reader: &Reader<'_>, scope: &Scope, filter: &Filter) -> Result<usize, ViewError> {
    let (condition, parameters) = matching(scope, filter);
    let sql = format!("select count(*) from work_item w where w.tenant = $1 and {condition}");
    let rows = reader.rows(&sql, &parameters)?;
    let count = rows.first().map(|row| int(row, 0)).unwrap_or_default();
    Ok(usize::try_from(count).unwrap_or_default())
}

/// Why an item is with its party, as far as the viewer may know: of other parties' pauses, limits and
/// performance, which stand in brackets, and of who had it before, only the client is told.
pub fn told_why(why: &str, client: bool) -> String {
    if client {
        return why.to_string();
    }
    let own = why.split(" (").next().unwrap_or_default();
    match own.strip_prefix("handed over from ") {
        Some(rest) => format!(
            "handed over; {}",
            rest.split_once("; ").map_or("", |(_, why)| why)
        ),
        None => own.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::told_why;

    #[test]
    fn a_provider_is_told_of_itself_alone() {
        let why = "handed over from TO; KS has 70 % of Verify and 6 of 9 cases since version 2; the next is its turn (TO is paused; LV takes only `invoice.gross < 5`)";
        let told = "handed over; KS has 70 % of Verify and 6 of 9 cases since version 2; the next is its turn";
        assert_eq!(told_why(why, false), told);
        assert_eq!(told_why(why, true), why);
        let alone =
            "Lane Verify is 100 % KS (rolled back to step 1: TO had 71 % of 120 hops on time)";
        assert_eq!(told_why(alone, false), "Lane Verify is 100 % KS");
    }
}
