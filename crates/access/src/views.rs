//! The views of this room, declared: who belongs where, who is signed in, what a lane may see, which case
//! is in whose sight, and what was revealed, tried and erased. `rows` fills them from events; pages and
//! the shell read them. Names of people stay sealed cells.

use baton_journal::{Column, View};

/// Every view of this room.
pub const VIEWS: &[View] = &[
    PARTY,
    SITE,
    WORKER,
    WORKER_LANE,
    SESSION,
    TOKEN,
    LANE_GRANT,
    SIGHT,
    REVEAL,
    DENIAL,
    ERASURE,
];

const fn view(
    name: &'static str,
    key: usize,
    columns: &'static [Column],
    indexes: &'static [&'static [&'static str]],
) -> View {
    View {
        name,
        version: 1,
        columns,
        key,
        indexes,
    }
}

/// The parties. `role` is `client`, `provider` or `auditor`.
pub const PARTY: View = view(
    "party",
    1,
    &[
        Column::text("party"),
        Column::text("name"),
        Column::text("role"),
        Column::int("slot"),
    ],
    &[],
);

/// The sites; `zone` is the IANA zone of the site's calendar.
pub const SITE: View = view(
    "site",
    1,
    &[
        Column::text("site"),
        Column::text("party"),
        Column::text("name"),
        Column::text("zone"),
        Column::int("always"),
    ],
    &[],
);

/// The workers; `name` and `email` are sealed cells in JSON, `lanes` and `roles` lists in JSON, `client`
/// is 1 for workers of the client, `able` are skills, languages and clearances in JSON.
pub const WORKER: View = View {
    name: "worker",
    version: 2,
    key: 1,
    columns: &[
        Column::text("worker"),
        Column::text("party"),
        Column::text("site"),
        Column::text("name"),
        Column::text("email"),
        Column::text("lanes"),
        Column::text("roles"),
        Column::int("client"),
        Column::text("able"),
    ],
    indexes: &[&["party"]],
};

/// The lanes a worker does, a row each: what queries join.
pub const WORKER_LANE: View = view(
    "worker_lane",
    2,
    &[Column::text("worker"), Column::text("lane")],
    &[],
);

/// The sessions that were not closed, by their token's hash. One holds while now is before `until`.
pub const SESSION: View = view(
    "session",
    1,
    &[
        Column::text("session"),
        Column::text("worker"),
        Column::int("until"),
        Column::int("since"),
    ],
    &[&["worker"]],
);

/// The tokens of client programs that were not revoked, by their hash. One holds while now is before
/// `until`.
pub const TOKEN: View = view(
    "token",
    1,
    &[
        Column::text("token"),
        Column::text("worker"),
        Column::text("name"),
        Column::int("until"),
        Column::int("since"),
    ],
    &[&["worker"]],
);

/// What a lane may read and write (lists in JSON), its rule for free text (in JSON), who has a share of it
/// and which documents start in it.
pub const LANE_GRANT: View = View {
    name: "lane_grant",
    version: 2,
    key: 1,
    columns: &[
        Column::text("lane"),
        Column::text("name"),
        Column::text("party"),
        Column::text("read"),
        Column::text("write"),
        Column::text("freetext"),
        Column::text("runners"),
        Column::text("receives"),
    ],
    indexes: &[],
};

/// Which party sees which case, and which work item by which lane. A row of a case has an empty `item`;
/// the client's row of a case has an empty `lane` too and stands for everything in it.
pub const SIGHT: View = view(
    "sight",
    4,
    &[
        Column::text("party"),
        Column::text("case_id"),
        Column::text("lane"),
        Column::text("item"),
    ],
    &[&["case_id"]],
);

/// The reveals, one by one.
pub const REVEAL: View = view(
    "reveal",
    2,
    &[
        Column::int("n"),
        Column::int("i"),
        Column::text("worker"),
        Column::text("case_id"),
        Column::text("field"),
        Column::text("reason"),
        Column::int("at"),
    ],
    &[&["worker", "at"], &["case_id"]],
);

/// Attempts to reach what the worker may not see, counted by the minute.
pub const DENIAL: View = view(
    "denial",
    2,
    &[
        Column::int("n"),
        Column::int("i"),
        Column::text("worker"),
        Column::text("what"),
        Column::int("count"),
        Column::int("at"),
    ],
    &[&["worker", "at"]],
);

/// The last erasure of each subject: the tombstones. `n` is what the key store is told.
pub const ERASURE: View = view(
    "erasure",
    1,
    &[
        Column::text("subject"),
        Column::int("n"),
        Column::text("reason"),
        Column::int("at"),
    ],
    &[],
);
