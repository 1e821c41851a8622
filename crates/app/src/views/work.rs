//! Work items: the list in order of the due instant, and one item.

use super::{Reader, ViewError, int, maybe, text};
use baton_access::{item_condition, queue_condition};
use baton_journal::Datum;
use baton_journal::people::Able;
use baton_journal::store::Row;
use baton_model::{CaseId, LaneId, Micros, PartyId, Record, Scope, WorkItemId, WorkerId};

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
    /// Since when its case is in the lane.
    pub arrived: Micros,
    /// For whom it waits, or why it was set aside.
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

/// When the item's hop is due: that of its lane and site, and a site is of one party. By the party the
/// database would go through all open hops of the party, where a case has a few.
const DUE: &str = "(select min(h.due_at) from hop h where h.tenant = w.tenant and h.case_id = w.case_id \
    and h.lane = w.lane and h.site = w.site and h.until_at is null)";

/// Since when its case is in the lane.
const ARRIVED: &str = "(select min(h.from_at) from hop h where h.tenant = w.tenant \
    and h.case_id = w.case_id and h.lane = w.lane and h.site = w.site \
    and h.until_at is null)";

const TABLES: &str = "work_item w left join lane l on l.tenant = w.tenant and l.lane = w.lane";

const NOT_BARRED: &str = " and coalesce(w.excluded, '') <> $3";

/// The condition of a filter on `work_item w`, and its parameters after the scope's.
fn matching(filter: &Filter) -> (String, Vec<Datum>) {
    let mut condition = NOT_BARRED.to_string();
    let mut parameters = Vec::new();
    if !filter.lane.is_empty() {
        parameters.push(filter.lane.as_str().into());
        condition.push_str(" and w.lane = $4");
    }
    condition.push_str(match filter.holder.as_str() {
        "mine" => " and w.worker = $3",
        "free" => " and w.state = 'offered'",
        "paused" => " and w.paused is not null",
        _ => "",
    });
    (condition, parameters)
}

/// The scope's parameters, and others after them.
fn parameters(scope: &Scope, others: &[Datum]) -> Vec<Datum> {
    let own: [Datum; 2] = [scope.party.as_str().into(), scope.worker.as_str().into()];
    own.iter().chain(others).cloned().collect()
}

/// The items of the viewer's queues that match, the first due first; those without a due instant last.
pub fn list(
    reader: &Reader<'_>,
    scope: &Scope,
    filter: &Filter,
    limit: usize,
) -> Result<Vec<Item>, ViewError> {
    let (condition, others) = matching(filter);
    let parameters = parameters(scope, &others);
    if matches!(filter.holder.as_str(), "mine" | "paused") {
        let queue = queue_condition("w", 2, 3);
        let few = format!(
            "w.tenant = $1 and {queue}{condition} \
             order by {DUE} is null, {DUE}, {ARRIVED}, w.item limit {limit}"
        );
        return picked(reader, scope, &few, &parameters);
    }
    Half::both(limit, |half, left| {
        in_order(reader, scope, half, &condition, &parameters, left)
    })
}

/// The items of the viewer's queues, read from their open hops: in the order of `hop`'s index the first due
/// come first, and of a long queue only its head is read. An item's hop is the one at its site: a party whose
/// site was changed while a case is in a lane holds it there in two hops.
pub(super) fn queue() -> String {
    format!(
        "hop h cross join {TABLES} where h.tenant = $1 and h.party = $2 and h.until_at is null \
         and w.tenant = h.tenant and w.case_id = h.case_id and w.lane = h.lane \
         and w.site = h.site and {}",
        queue_condition("w", 2, 3)
    )
}

/// The halves of the order: what is due, and after it what is never due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Half {
    Due,
    Never,
}

impl Half {
    /// Reads the one, and of the other as much as is left.
    pub(super) fn both<T>(
        limit: usize,
        read: impl Fn(Self, usize) -> Result<Vec<T>, ViewError>,
    ) -> Result<Vec<T>, ViewError> {
        let mut all = read(Self::Due, limit)?;
        if all.len() < limit {
            all.extend(read(Self::Never, limit - all.len())?);
        }
        Ok(all)
    }

    /// The items of the viewer's queues in it.
    pub(super) fn queue(self) -> String {
        match self {
            Self::Due => queue() + " and h.due_at is not null",
            Self::Never => queue() + " and h.due_at is null",
        }
    }

    /// The order within it.
    pub(super) fn order(self) -> &'static str {
        match self {
            Self::Due => "order by h.due_at, h.from_at, w.item",
            Self::Never => "order by h.from_at, w.item",
        }
    }
}

/// The first items of one half of the order under a further condition.
pub(super) fn in_order(
    reader: &Reader<'_>,
    scope: &Scope,
    half: Half,
    condition: &str,
    parameters: &[Datum],
    limit: usize,
) -> Result<Vec<Item>, ViewError> {
    let (queue, order) = (half.queue(), half.order());
    let sql = format!(
        "select {COLUMNS}, h.due_at, h.from_at from {queue}{condition} {order} limit {limit}"
    );
    items(reader, scope, &sql, parameters)
}

/// One item in sight; nothing where there is none, or none for this viewer.
pub fn one(reader: &Reader<'_>, scope: &Scope, id: &WorkItemId) -> Result<Option<Item>, ViewError> {
    let sql = format!(
        "select {COLUMNS}, {DUE}, {ARRIVED} from {TABLES} where w.tenant = $1 and {} and w.item = $4",
        item_condition(scope, "w", 2, 3)
    );
    let parameters = [
        scope.party.as_str().into(),
        scope.worker.as_str().into(),
        id.as_str().into(),
    ];
    Ok(items(reader, scope, &sql, &parameters)?.pop())
}

/// The items of a condition over `work_item w`, whose caller has put the scope into it.
pub(super) fn picked(
    reader: &Reader<'_>,
    scope: &Scope,
    condition: &str,
    parameters: &[Datum],
) -> Result<Vec<Item>, ViewError> {
    let sql = format!("select {COLUMNS}, {DUE}, {ARRIVED} from {TABLES} where {condition}");
    items(reader, scope, &sql, parameters)
}

fn items(
    reader: &Reader<'_>,
    scope: &Scope,
    sql: &str,
    parameters: &[Datum],
) -> Result<Vec<Item>, ViewError> {
    let (now, doer) = (reader.app().now(), Doer::of(reader, scope)?);
    let rows = reader.rows(sql, parameters)?;
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
        arrived: Micros(int(row, 22)),
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

/// How many items of the viewer's queues there are of each kind: counted once, asked many times.
#[derive(Clone, Debug, Default)]
pub struct Counts(Vec<Counted>);

#[derive(Clone, Debug)]
struct Counted {
    lane: String,
    offered: bool,
    paused: bool,
    mine: bool,
    items: usize,
}

impl Counts {
    /// How many match.
    pub fn of(&self, filter: &Filter) -> usize {
        let matching = |kind: &&Counted| {
            let held = match filter.holder.as_str() {
                "mine" => kind.mine,
                "free" => kind.offered,
                "paused" => kind.paused,
                _ => true,
            };
            held && (filter.lane.is_empty() || filter.lane == kind.lane)
        };
        self.0.iter().filter(matching).map(|kind| kind.items).sum()
    }
}

/// Counts the items of the viewer's queues. An index holds all that is asked for in this order, so no row is
/// read and nothing is sorted.
pub fn counts(reader: &Reader<'_>, scope: &Scope) -> Result<Counts, ViewError> {
    let sql = format!(
        "select w.lane, w.state, w.worker, w.paused, count(*) from work_item w \
         where w.tenant = $1 and {}{NOT_BARRED} group by w.lane, w.state, w.worker, w.paused",
        queue_condition("w", 2, 3)
    );
    let rows = reader.rows(&sql, &parameters(scope, &[]))?;
    let counted = |row: &Row| Counted {
        lane: text(row, 0),
        offered: text(row, 1) == "offered",
        paused: maybe(row, 3).is_some(),
        mine: maybe(row, 2).is_some_and(|worker| worker == scope.worker.as_str()),
        items: usize::try_from(int(row, 4)).unwrap_or_default(),
    };
    Ok(Counts(rows.iter().map(counted).collect()))
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
