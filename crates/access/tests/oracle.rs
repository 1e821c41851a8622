//! Masks and sight against an oracle: a second, naive telling of the rules over plain lists, asked the
//! same questions about random worlds. No difference is allowed.

mod given;

use baton_access::{
    Access, DOTS, Grants, Place, SealError, Shown, SubjectKey, case_condition, item_condition,
    mask, open, seal,
};
use baton_journal::setup::{Freetext, LaneSetting};
use baton_journal::store::Store;
use baton_journal::{Column, Datum, Event, Stage, View};
use baton_model::{Cell, Record, Scope, TenantId, Value};
use baton_store::sqlite::Sqlite;
use given::{Given, allocated, lane, pack, started, worker};
use proptest::prelude::*;
use proptest::sample::{Index, subsequence};
use std::collections::BTreeSet;

const PARTIES: [&str; 3] = ["LV", "KS", "TO"];
const LANES: [&str; 5] = ["a", "b", "c", "d", "e"];
const FIELDS: [&str; 7] = [
    "invoice.number",
    "invoice.note",
    "supplier.name",
    "supplier.iban",
    "supplier.note",
    "note",
    "x",
];
const GLOBS: [&str; 7] = [
    "*",
    "invoice.*",
    "supplier.*",
    "supplier.iban",
    "invoice.note",
    "n*",
    "invoice.num",
];
const TEXT: &str = "DE89370400440532013000";

#[derive(Clone, Debug)]
struct World {
    lanes: Vec<(usize, Vec<&'static str>, u8)>,
    given: Vec<(usize, usize)>,
    workers: Vec<(usize, Vec<&'static str>)>,
    items: Vec<(usize, usize, usize)>,
    sealed: Vec<bool>,
    erased: bool,
}

fn worlds() -> impl Strategy<Value = World> {
    let globs = subsequence(GLOBS.to_vec(), 0..=3);
    let does = subsequence(LANES.to_vec(), 0..=LANES.len());
    (
        prop::collection::vec((0..3usize, globs, 0..3u8), LANES.len()),
        prop::collection::vec((0..LANES.len(), 0..3usize), 0..3),
        prop::collection::vec((0..3usize, does), 1..5),
        prop::collection::vec((0..2usize, 0..LANES.len(), 0..3usize), 0..8),
        prop::collection::vec(any::<bool>(), FIELDS.len()),
        any::<bool>(),
    )
        .prop_map(|(lanes, given, workers, items, sealed, erased)| World {
            lanes,
            given,
            workers,
            items,
            sealed,
            erased,
        })
}

fn rule(code: u8) -> Freetext {
    [Freetext::None, Freetext::Redacted, Freetext::Full][usize::from(code)]
}

impl World {
    fn build(&self) -> Given {
        let mut given = Given::parties();
        let mut pack = pack();
        let setting = |(id, (party, read, code)): (&&str, &(usize, Vec<&str>, u8))| LaneSetting {
            freetext: rule(*code),
            ..lane(id, PARTIES[*party], read, &[])
        };
        pack.lanes = LANES.iter().zip(&self.lanes).map(setting).collect();
        given.event(Event::PackDeployed {
            deployment: Box::new(pack),
            versions: vec![],
        });
        for (lane, party) in &self.given {
            let (lane, party) = (LANES[*lane].into(), PARTIES[*party].into());
            let (site, reason) = ("x".into(), "why".into());
            given.event(Event::LaneGiven {
                lane,
                party,
                site,
                reason,
            });
        }
        for (k, (party, lanes)) in self.workers.iter().enumerate() {
            let worker = worker(&format!("w{k}"), PARTIES[*party], lanes, &[]);
            given.accept(baton_journal::Command::RegisterWorker(worker));
        }
        given.event(started("C-0"));
        given.event(started("C-1"));
        for (k, (case, lane, party)) in self.items.iter().enumerate() {
            let (case, item) = (format!("C-{case}"), format!("C-{case}.{k}"));
            given.event(allocated(&case, &item, LANES[*lane], PARTIES[*party]));
        }
        given
    }

    /// The oracle: does worker `w` see case `case`?
    fn sees(&self, w: usize, case: usize) -> bool {
        self.workers[w].0 == 0
            || self
                .items
                .iter()
                .any(|item| item.0 == case && self.does(w, item))
    }

    /// The oracle: may worker `w` do the item, as far as lane and party go?
    fn does(&self, w: usize, item: &(usize, usize, usize)) -> bool {
        self.workers[w].0 == item.2 && self.workers[w].1.contains(&LANES[item.1])
    }

    /// The oracle: who runs a lane now?
    fn runs(&self, lane: usize) -> usize {
        let last = self.given.iter().rev().find(|(given, _)| *given == lane);
        last.map_or(self.lanes[lane].0, |(_, party)| *party)
    }

    /// The oracle: what worker `w` is shown of a field of a case.
    fn shown(&self, w: usize, case: usize, field: usize, revealed: bool) -> Shown {
        let name = FIELDS[field];
        let mut best = None;
        for lane in 0..LANES.len() {
            let through = self
                .items
                .iter()
                .any(|i| i.0 == case && i.1 == lane && self.does(w, i));
            let of_client = self.workers[w].0 == 0 && self.runs(lane) == 0;
            let declared = self.lanes[lane].1.iter().any(|glob| match *glob {
                "*" => true,
                "invoice.*" => name.split('.').next() == Some("invoice") && name.contains('.'),
                "supplier.*" => name.split('.').next() == Some("supplier") && name.contains('.'),
                "n*" => name.as_bytes()[0] == b'n',
                exact => exact == name,
            });
            if (through || of_client) && declared {
                best = best.max(Some(self.lanes[lane].2));
            }
        }
        let hidden = Shown::Masked {
            hint: DOTS.into(),
            revealable: false,
        };
        let Some(code) = best else { return hidden };
        if self.sealed[field] && self.erased {
            return Shown::Erased;
        }
        let freetext = ["invoice.note", "supplier.note", "note"].contains(&name);
        if freetext && code == 0 {
            return hidden;
        }
        if self.sealed[field] && !revealed {
            let hint = if name == "supplier.iban" {
                "DE•• •••• 3000"
            } else {
                DOTS
            };
            return Shown::Masked {
                hint: hint.into(),
                revealable: true,
            };
        }
        let text = if freetext && code == 1 {
            "████"
        } else {
            TEXT
        };
        Shown::Clear(Value::text(text))
    }

    fn record(&self, key: &SubjectKey, tenant: &TenantId) -> Record {
        let cell = |(field, sealed): (&&str, &bool)| {
            let (place, value) = (Place::new(tenant, "r"), Value::text(TEXT));
            let cell = match sealed {
                true => seal(key, place, &"s".into(), field, &value).expect("sealed"),
                false => Cell::Clear(value),
            };
            ((*field).to_owned(), cell)
        };
        FIELDS.iter().zip(&self.sealed).map(cell).collect()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn masks_agree_with_the_oracle(
        world in worlds(), who in any::<Index>(), case in 0..2usize, revealed in 0..FIELDS.len(),
    ) {
        let (given, key) = (world.build(), SubjectKey::new([5; 32]));
        let who = who.index(world.workers.len());
        let scope = given.scope(&format!("w{who}"));
        let record = world.record(&key, &given.tenant);
        let held = if world.erased { None } else { Some(&key) };
        let opener = |field: &str, cell: &Cell| -> Result<Value, SealError> {
            open(held, &given.tenant, field, cell)
        };
        let case_id = format!("C-{case}").as_str().into();
        let sight = given.access.case(&case_id).unwrap().unwrap();
        let reading = given.access.reading(&scope, sight, given.now).unwrap();
        let shown = mask(&reading, &record, &opener, Some(FIELDS[revealed]));
        for (field, name) in FIELDS.iter().enumerate() {
            let expected = world.shown(who, case, field, field == revealed);
            prop_assert_eq!(shown[*name].show(), &expected, "{} {:?}", name, world);
        }
    }
}

/// What the queries are asked about: a row per case and item there is.
const PROBE: View = View {
    name: "probe",
    version: 1,
    columns: &[Column::text("case_id"), Column::text("item")],
    key: 2,
    indexes: &[],
};

/// The view rows in a database, with the probe's.
fn database(given: &Given, world: &World) -> Sqlite {
    let store = baton_store::sqlite::memory().expect("a database");
    let mut views = Access::VIEWS.to_vec();
    views.push(PROBE);
    store.prepare(&views).expect("tables");
    for view in Access::VIEWS {
        let rows = given
            .rows
            .iter()
            .filter(|((name, _), _)| *name == view.name);
        let mut rows = rows.map(|(_, row)| row.clone());
        store
            .replace_view(&given.tenant, view, &mut rows)
            .expect("rows");
    }
    let cases = (0..2).map(|case| (case, String::new()));
    let items = world.items.iter().enumerate();
    let items = items.map(|(k, item)| (item.0, format!("C-{}.{k}", item.0)));
    let mut probes = cases
        .chain(items)
        .map(|(case, item)| vec![format!("C-{case}").into(), item.into()]);
    store
        .replace_view(&given.tenant, &PROBE, &mut probes)
        .expect("probes");
    store
}

/// The probes for which a condition holds.
fn hits(
    store: &Sqlite,
    given: &Given,
    scope: &Scope,
    condition: &str,
) -> BTreeSet<(String, String)> {
    let sql = format!("select p.case_id, p.item from probe p where p.tenant = $1 and {condition}");
    let own = [
        given.tenant.as_str(),
        scope.party.as_str(),
        scope.worker.as_str(),
    ]
    .map(Datum::from);
    let rows = store.read(&sql, &own).expect("rows");
    let text = |row: &[Datum], k: usize| row[k].text().unwrap_or_default().to_owned();
    rows.iter()
        .map(|row| (text(row, 0), text(row, 1)))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn sight_agrees_with_the_oracle_in_state_and_in_queries(world in worlds()) {
        let given = world.build();
        let store = database(&given, &world);
        for who in 0..world.workers.len() {
            let scope = given.scope(&format!("w{who}"));
            let of_cases = hits(&store, &given, &scope, &case_condition(&scope, "p", 2, 3));
            let of_items = hits(&store, &given, &scope, &item_condition(&scope, "p", 2, 3));
            for case in 0..2 {
                let id = format!("C-{case}");
                let sight = given.access.case(&id.as_str().into()).unwrap().unwrap();
                let expected = world.sees(who, case);
                prop_assert_eq!(sight.seen_by(&scope), expected);
                prop_assert_eq!(of_cases.contains(&(id, String::new())), expected, "{:?}", world);
            }
            for (k, item) in world.items.iter().enumerate() {
                let (case, id) = (format!("C-{}", item.0), format!("C-{}.{k}", item.0));
                let sight = given.access.case(&case.as_str().into()).unwrap().unwrap();
                let expected = scope.client || world.does(who, item);
                prop_assert_eq!(sight.item_seen_by(&scope, &id.as_str().into()), expected);
                prop_assert_eq!(of_items.contains(&(case, id)), expected, "{:?}", world);
            }
        }
    }

    #[test]
    fn grants_read_from_rows_are_those_of_the_state(world in worlds()) {
        let given = world.build();
        let store = database(&given, &world);
        let rows = store.read(Grants::SQL, &[given.tenant.as_str().into()]).unwrap();
        let state = &given.access.tenancy().unwrap().unwrap().grants;
        prop_assert_eq!(&Grants::from_rows(&rows), state);
    }
}
