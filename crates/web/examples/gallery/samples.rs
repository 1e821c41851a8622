//! The sample structs of the gallery, taken from the design's pictures.

use baton_model::{Masked, Micros, WorkingTime};
use baton_web::pages::case::*;
use baton_web::pages::cases::*;
use baton_web::pages::documents::*;
use baton_web::pages::form::*;
use baton_web::pages::journal::*;
use baton_web::pages::parts::*;
use baton_web::pages::shell::*;
use baton_web::pages::trouble::*;
use baton_web::pages::work::*;
use baton_web::strip::*;
use jiff::tz::TimeZone;

fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap_or(TimeZone::UTC)
}

/// Minutes after Wednesday 18 November 2026, 09:12 in Kraków.
fn at(minutes: i64) -> Micros {
    let start: jiff::Timestamp = "2026-11-18T08:12:00Z".parse().unwrap_or_default();
    Micros(start.as_microsecond()).plus(baton_model::WallTime::minutes(minutes))
}

fn span(from: i64, until: i64) -> Span {
    Span {
        from: at(from),
        until: at(until),
    }
}

fn masked<T>(value: T) -> Masked<T> {
    Masked::made(value)
}

fn leg(
    code: &str,
    slot: u8,
    lane: &str,
    from: i64,
    until: Option<i64>,
    open: &[(i64, i64)],
    worked: i64,
) -> Leg {
    Leg {
        code: code.into(),
        slot: Some(Slot(slot)),
        lane: lane.into(),
        person: None,
        note: None,
        from: at(from),
        until: until.map(at),
        site: None,
        open: open.iter().map(|(a, b)| span(*a, *b)).collect(),
        pauses: Vec::new(),
        worked: Some(WorkingTime::minutes(worked)),
        allowed: None,
    }
}

pub(crate) fn strip() -> Strip {
    let mut dl = leg("DL", 3, "Receive", 0, Some(4), &[(0, 4)], 4);
    dl.note = Some("bot, 24 × 7".into());
    let mut to = leg(
        "TO",
        2,
        "Verify",
        4,
        Some(1080),
        &[(4, 108), (1008, 1080)],
        176,
    );
    to.site = Some(baton_web::strip::Site {
        name: "Manila".into(),
        zone: zone("Asia/Manila"),
    });
    let mut ks = leg(
        "KS",
        1,
        "Resolve exception",
        1080,
        None,
        &[(1368, 1968)],
        242,
    );
    ks.person = Some("A. Wrona".into());
    ks.allowed = Some(WorkingTime::hours(8));
    ks.pauses = vec![Pause {
        span: span(1458, 1613),
        reason: "client, buyer".into(),
    }];
    Strip {
        of: "P2P-20419".into(),
        legs: vec![dl, to, ks],
        now: at(1765),
        target: Some(Target {
            at: at(2843),
            left: WorkingTime::minutes(238),
            open: vec![span(1765, 1968), span(2808, 2843)],
        }),
        state: State::Running,
        next: Some("LV Approve".into()),
        zone: zone("Europe/Warsaw"),
        axis: Axis::Wall,
        unfold: None,
    }
}

fn small(now: i64, left: i64, state: State) -> Strip {
    let mut strip = strip();
    strip.now = at(now);
    strip.state = state;
    let due = now + if left < 0 { left } else { left + 120 };
    strip.target = Some(Target {
        at: at(due),
        left: WorkingTime::minutes(left),
        open: vec![],
    });
    strip
}

pub(crate) fn shell(title: &str, place: Place) -> Shell {
    Shell {
        title: title.into(),
        place,
        party: Party {
            chip: Chip::new("KS", 1),
            name: "Kestrel".into(),
            site: Some("Kraków".into()),
        },
        client: Some("Linden & Voss".into()),
        open: Some(14),
        refused: Some(3),
        zones: vec![
            ZoneClock {
                time: "14:37".into(),
                place: "Kraków".into(),
                zone: "Europe/Warsaw".into(),
            },
            ZoneClock {
                time: "21:37".into(),
                place: "Manila".into(),
                zone: "Asia/Manila".into(),
            },
        ],
        person: Person {
            initials: "AW".into(),
            name: "Agnieszka Wrona".into(),
        },
        simulated: false,
        foot: Foot {
            live: "Live".into(),
            head: 184_306,
            checkpoint: Some(CheckpointMark {
                covers: 184_000,
                href: "/journal/checkpoints".into(),
                signed: "signed by LV 14:31".into(),
            }),
        },
        said: None,
        token: "t".into(),
    }
}

fn view(name: &str, count: usize, current: bool) -> ViewLink {
    ViewLink {
        name: name.into(),
        href: "/work".into(),
        count,
        current,
    }
}

#[allow(clippy::too_many_arguments)]
fn row(
    left: i64,
    kind: Left,
    due: &str,
    subject: &str,
    with: &str,
    case: &str,
    reason: &str,
    lane: &str,
    amount: &str,
) -> WorkRow {
    let state = if kind == Left::Paused {
        State::Paused
    } else {
        State::Running
    };
    WorkRow {
        item: format!("{case}.3"),
        href: "/items/P2P-20419.3".into(),
        left: Remaining {
            kind,
            micros: left * 60_000_000,
            due: due.into(),
            runs: true,
        },
        subject: subject.into(),
        with: with.into(),
        case: case.into(),
        reason: reason.into(),
        holder: Chip::new("KS", 1),
        lane: lane.into(),
        strip: small(1765 + (subject.len() as i64 * 37) % 300, left, state),
        amount: amount.into(),
        here: None,
        picked: case == "P2P-20419",
        claim: true,
    }
}

fn here(mut row: WorkRow, initials: &str, word: &str) -> WorkRow {
    row.here = Some(Presence {
        initials: initials.into(),
        word: word.into(),
        edits: word != "views",
    });
    row
}

fn groups() -> Vec<Group> {
    let past = vec![
        here(
            row(
                -72,
                Left::Late,
                "today 13:25",
                "INV-88214",
                "Hallgarten Logistik GmbH",
                "P2P-20388",
                "Receipt missing, 2 lines",
                "Resolve exception",
                "12,406.10",
            ),
            "PM",
            "edits",
        ),
        row(
            -8,
            Left::Late,
            "today 14:29",
            "7734/26",
            "Ristrutt. Fratelli Moro S.r.l.",
            "P2P-20391",
            "VAT code not on order",
            "Verify",
            "2,318.00",
        ),
    ];
    let next = vec![
        here(
            row(
                19,
                Left::Risk,
                "today 14:56",
                "RE-2026-4471",
                "Papierwerk Sonnenau AG",
                "P2P-20402",
                "Price +3.1 % on line 10",
                "Resolve exception",
                "8,120.44",
            ),
            "JK",
            "views",
        ),
        row(
            41,
            Left::Risk,
            "today 15:18",
            "F-19022",
            "Transports Belmont SA",
            "P2P-20407",
            "Over budget, cost centre 4410",
            "Resolve exception",
            "31,870.00",
        ),
        row(
            55,
            Left::Risk,
            "today 15:32",
            "100883",
            "Nadel & Faden KG",
            "P2P-20411",
            "Order closed, residual 2 pcs",
            "Verify",
            "640.25",
        ),
    ];
    let later = vec![
        here(
            row(
                238,
                Left::Plenty,
                "Fri 08:35",
                "INV-20419",
                "Brixner Kartonagen GmbH",
                "P2P-20419",
                "Price +5.0 % on line 30",
                "Resolve exception",
                "3,892.37",
            ),
            "AW",
            "draft",
        ),
        row(
            260,
            Left::Plenty,
            "Fri 08:57",
            "A-55120",
            "Osthafen Kühlhaus GmbH",
            "P2P-20424",
            "Quantity 118 of 120 received",
            "Resolve exception",
            "5,010.90",
        ),
        here(
            row(
                302,
                Left::Plenty,
                "Fri 09:39",
                "2026-0919",
                "Studio Quist ApS",
                "P2P-20430",
                "No order, contract C-118",
                "Verify",
                "4,200.00",
            ),
            "MN",
            "views",
        ),
        row(
            407,
            Left::Plenty,
            "Fri 11:24",
            "INV-7781",
            "Harrow Lane Textiles Ltd",
            "P2P-20433",
            "Currency GBP, order EUR",
            "Resolve exception",
            "9,933.18",
        ),
        row(
            450,
            Left::Paused,
            "paused",
            "GS-4402",
            "Donaudampfschifffahrtsgesellschaft mbH & Co. KG (credit note)",
            "P2P-20377",
            "Waiting for client: buyer",
            "Rechnungsabweichung klären",
            "−1,150.00",
        ),
        row(
            461,
            Left::Plenty,
            "Fri 12:18",
            "RE-61177",
            "Talblick Gastro OHG",
            "P2P-20436",
            "Discount 2 % ends Fri",
            "Verify",
            "1,077.60",
        ),
        row(
            466,
            Left::Plenty,
            "Fri 12:23",
            "INV-3302",
            "Möller Fördertechnik GmbH",
            "P2P-20437",
            "Unit of measure: pallet against piece",
            "Resolve exception",
            "14,760.00",
        ),
        row(
            475,
            Left::Plenty,
            "Fri 12:32",
            "R-3391",
            "Kunstdruck Ewers GmbH",
            "P2P-20438",
            "Duplicate suspected: P2P-20102",
            "Verify",
            "2,640.00",
        ),
        row(
            478,
            Left::Plenty,
            "Fri 12:35",
            "99-1043",
            "Waldkirch Druckluft GmbH",
            "P2P-20440",
            "Second reminder attached",
            "Verify",
            "412.50",
        ),
    ];
    let group = |name: &str, rows: Vec<WorkRow>| Group {
        name: name.into(),
        rows: rows.into_iter().map(masked).collect(),
    };
    vec![
        group("Past target", past),
        group("Due in the next working hour", next),
        group("Later", later),
    ]
}

fn num(text: &str) -> Cell {
    Cell::text(text)
}

fn preview() -> Preview {
    let mut lines = Table::new(&["Line", "#Order", "#Receipt", "#Invoice", "#EUR"]);
    lines.rows = vec![
        Row {
            cells: vec![
                num("10 Carton"),
                num("0.420"),
                num("2,000").tone(Tone::Quiet),
                num("0.420"),
                num("none").tone(Tone::Quiet),
            ],
            mark: Mark::None,
        },
        Row {
            cells: vec![
                num("20 Stretch film"),
                num("6.900"),
                num("120").tone(Tone::Quiet),
                num("6.900"),
                num("+6.90"),
            ],
            mark: Mark::None,
        },
        Row {
            cells: vec![
                num("30 Corner board").tone(Tone::Strong),
                num("0.380"),
                num("4,000").tone(Tone::Quiet),
                num("0.399").tone(Tone::Strong),
                num("+76.00").tone(Tone::Strong),
            ],
            mark: Mark::None,
        },
    ];
    Preview {
        item: "P2P-20419.3".into(),
        href: "/items/P2P-20419.3".into(),
        n: 11,
        case: "P2P-20419".into(),
        subject: "INV-20419".into(),
        with: "Brixner Kartonagen GmbH".into(),
        amount: "EUR 3,892.37".into(),
        held: Some(Presence { initials: "AW".into(), word: "you hold it".into(), edits: true }),
        strip: strip(),
        note: Some(Note { tone: Tone::Risk, strong: "Price +5.0 % on line 30,".into(), text: "limit 2 % and EUR 25. Owner: buyer Lena Brandt, who answered at 12:05: “new list price since 1 Nov, file attached”.".into() }),
        lines: Some(lines),
        draft: Some(Draft { at: "14:31".into(), text: "Accept the new price, reason “list price changed”, attach price list 2026-11.".into() }),
        why: Some(Why { whom: "you".into(), text: "Lane Resolve exception is 100 % Kestrel since 1 Oct. Routed to you: German, packaging, earliest due.".into() }),
        events: history().into_iter().take(4).collect(),
        docs: docs(),
        complete: Some(vec![("decision".into(), "accept".into())]),
        claim: false,
    }
}

fn docs() -> Vec<DocLink> {
    ["Invoice", "Order 4500-7731", "Receipt advice", "Price list"]
        .map(|name| DocLink {
            name: name.into(),
            href: Some("/documents/1".into()),
        })
        .into()
}

fn event(at: &str, parties: &[(&str, u8)], strong: &str, text: &str) -> EventLine {
    EventLine {
        at: at.into(),
        parties: parties
            .iter()
            .map(|(code, slot)| Chip::new(*code, *slot))
            .collect(),
        strong: strong.into(),
        text: text.into(),
        ..EventLine::default()
    }
}

fn history() -> Vec<EventLine> {
    let mut events = vec![
        event("14:36", &[], "", "Draft saved v11"),
        event(
            "12:05",
            &[("LV", 0)],
            "Lena Brandt",
            "answered, pause ended",
        ),
        event(
            "09:30",
            &[("KS", 1)],
            "",
            "Paused: waiting for client, buyer",
        ),
        event("08:42", &[("KS", 1)], "", "Assigned to Agnieszka Wrona"),
        event(
            "03:12",
            &[("TO", 2), ("KS", 1)],
            "Handed over,",
            "price variance",
        ),
        event("02:07", &[("TO", 2)], "", "Work began"),
        event(
            "Wed 09:16",
            &[("DL", 3), ("TO", 2)],
            "",
            "Handed over, Verify 30 % Tala",
        ),
        event("09:12", &[("DL", 3)], "", "UBL read, 3 lines, no duplicate"),
    ];
    events[1].quote = Some("“New list price since 1 Nov, please accept.”".into());
    events[7].n = Some(183_911);
    events
}

pub(crate) fn work() -> WorkPage {
    WorkPage {
        shell: shell("My next", Place::Work),
        views: vec![
            ViewSection {
                name: "Views".into(),
                views: vec![
                    view("My next", 14, true),
                    view("Past target", 2, false),
                    view("Due next hour", 3, false),
                    view("Offered", 9, false),
                ],
            },
            ViewSection {
                name: "Lanes".into(),
                views: vec![
                    view("Verify", 62, false),
                    view("Resolve exception", 21, false),
                ],
            },
        ],
        heading: "My next".into(),
        open: 14,
        filters: vec![Link {
            name: "Lane: Verify, Resolve exception".into(),
            href: "/work".into(),
        }],
        subject_name: "Invoice, supplier".into(),
        amount_name: "EUR gross".into(),
        groups: groups(),
        preview: Some(masked(preview())),
        empty: None,
    }
}

pub(crate) fn work_empty() -> WorkPage {
    let mut page = work();
    page.groups.clear();
    page.preview = None;
    page.empty = Some(Empty {
        what: "Nothing waits for you".into(),
        then: "New items come when the lane before passes a case on. 9 are offered to your party."
            .into(),
        act: Some(Link {
            name: "Show offered".into(),
            href: "/work?view=offered".into(),
        }),
    });
    page
}

pub(crate) fn preview_part() -> PreviewPart {
    PreviewPart {
        preview: masked(preview()),
        token: "t".into(),
    }
}

fn variance() -> Table {
    let mut table = Table::new(&[
        "Line",
        "~#Ordered",
        "~#Received",
        "~#Invoiced",
        "#Order price",
        "#Invoice price",
        "#EUR",
        "~Variance",
    ]);
    let tag = |text: &str, tone| {
        Some(Tag {
            text: text.into(),
            tone,
        })
    };
    let line = |cells: [&str; 7], last: Cell, mark| {
        let mut cells: Vec<Cell> = cells.iter().map(|c| num(c)).collect();
        cells.push(last);
        Row { cells, mark }
    };
    table.rows = vec![
        line(
            [
                "10 Folding carton",
                "2,000",
                "2,000",
                "2,000",
                "0.420",
                "0.420",
                "0.00",
            ],
            num("none").tone(Tone::Quiet),
            Mark::None,
        ),
        line(
            [
                "20 Stretch film",
                "120",
                "120",
                "121",
                "6.900",
                "6.900",
                "+6.90",
            ],
            Cell {
                tag: tag("0.8 %", Tone::Plain),
                text: "passes".into(),
                ..Cell::default()
            },
            Mark::None,
        ),
        line(
            [
                "30 Corner board",
                "4,000",
                "4,000",
                "4,000",
                "0.380",
                "0.399",
                "+76.00",
            ],
            Cell {
                tag: tag("5.0 %", Tone::Risk),
                ..Cell::default()
            },
            Mark::Picked,
        ),
        line(
            [
                "Net, order against invoice",
                "",
                "",
                "",
                "3,188.00",
                "3,270.90",
                "+82.90",
            ],
            Cell {
                tag: tag("2.6 %", Tone::Plain),
                ..Cell::default()
            },
            Mark::Total,
        ),
    ];
    for (row, column) in [(1, 3), (2, 0), (2, 5), (2, 6)] {
        table.rows[row].cells[column].tone = Tone::Strong;
    }
    table
}

fn form() -> WorkForm {
    let answer = |value: &str, label: &str, hint: &str, key| Answer {
        value: value.into(),
        label: label.into(),
        hint: hint.into(),
        key: Some(key),
    };
    let field = |name: &str, label: &str, hint: &str, kind, value: &str| Field {
        name: name.into(),
        label: label.into(),
        hint: hint.into(),
        kind,
        value: value.into(),
        required: true,
        wrong: None,
    };
    WorkForm {
        item: "P2P-20419.3".into(),
        n: 11,
        heading: "Resolve exception".into(),
        sub: "step 3 of 5 · version 11".into(),
        saved: Some("14:36".into()),
        fields: vec![
            field(
                "decision",
                "What should happen with line 30?",
                "",
                Kind::Answers(vec![
                    answer(
                        "accept",
                        "Accept the invoiced price",
                        "EUR 3,892.37 goes to Approve",
                        1,
                    ),
                    answer("credit", "Ask for a credit note", "EUR 76.00 net", 2),
                    answer("order", "Pay the order price", "short-pay with notice", 3),
                    answer(
                        "reject",
                        "Reject the invoice",
                        "needs a reason, tells supplier",
                        4,
                    ),
                ]),
                "accept",
            ),
            field(
                "reason",
                "Reason",
                "",
                Kind::Select(vec![answer("list", "List price changed", "", 0)]),
                "list",
            ),
            field("from", "Valid from", "", Kind::Line, "1 Nov 2026"),
            field(
                "note",
                "Note to approver",
                "Linden & Voss sees this",
                Kind::Text,
                "Buyer Lena Brandt confirmed the new list price, file attached. Order 4500-7731 not yet updated.",
            ),
        ],
        claim: false,
        not_now: None,
        next: Some("next: INV-88214".into()),
    }
}

fn clocks() -> Table {
    let mut table = Table::new(&["Party, lane", "#Working", "#Wall", "#Paused"]);
    let row = |chip: Option<Chip>, cells: [&str; 4], mark| {
        let mut cells: Vec<Cell> = cells.iter().map(|c| num(c)).collect();
        cells[0].chip = chip;
        Row { cells, mark }
    };
    table.rows = vec![
        row(
            Some(Chip::new("DL", 3)),
            ["Receive", "0 h 04", "0 h 04", "0"],
            Mark::None,
        ),
        row(
            Some(Chip::new("TO", 2)),
            ["Verify", "2 h 56", "17 h 56", "0"],
            Mark::None,
        ),
        row(
            Some(Chip::new("KS", 1)),
            ["Resolve exception", "4 h 02", "11 h 25", "2 h 35"],
            Mark::Picked,
        ),
        row(
            None,
            ["Case", "3 calendars", "29 h 25", "2 h 35"],
            Mark::Total,
        ),
    ];
    table.rows[2].cells[3].href = Some("/journal".into());
    table.rows[3].cells[1].tone = Tone::Quiet;
    table
}

fn fired() -> Fired {
    let mut rules = Table::new(&["Rule", "Input at 03:12", "Result"]);
    rules.rows = vec![
        Row {
            cells: vec![
                num("2 Quantity"),
                num("121 / 120, 0.8 %").tone(Tone::Quiet),
                num("pass").tone(Tone::Good),
            ],
            mark: Mark::None,
        },
        Row {
            cells: vec![
                num("5 Price").tone(Tone::Strong),
                num("0.399 / 0.380, 5.0 %"),
                num("exception").tone(Tone::Risk),
            ],
            mark: Mark::None,
        },
        Row {
            cells: vec![num("Owner 1"), num("packaging"), num("buyer L. Brandt")],
            mark: Mark::None,
        },
    ];
    Fired {
        note: Note {
            tone: Tone::Risk,
            strong: "Match tolerance v7, rule 5 fired".into(),
            text: "price variance 5.0 % > 2 % and EUR 76.00 > EUR 25.00 → exception".into(),
        },
        rules,
    }
}

pub(crate) fn case(query: Option<&str>) -> CasePage {
    let mut strip = strip();
    if query == Some("strip=working") {
        strip.axis = Axis::Working;
    }
    let bank = Fact {
        masked: true,
        reveal: Some(Reveal {
            field: "supplier.iban".into(),
            left: "4 of 5 reveals left this hour".into(),
        }),
        ..Fact::new("Bank", "DE•• •••• 4417")
    };
    let desk = Desk {
        case: "P2P-20419".into(),
        path: "/items/P2P-20419.3".into(),
        list: "/work".into(),
        position: Some("6 of 14".into()),
        subject: "INV-20419".into(),
        with: "Brixner Kartonagen GmbH".into(),
        amount: "3,892.37 EUR".into(),
        status: Some(Tag { text: "Price exception".into(), tone: Tone::Risk }),
        here: vec![Presence { initials: "JK".into(), word: "Jana Kos views".into(), edits: false }],
        strip,
        as_table: query == Some("strip=table"),
        form: Some(form()),
        note: Some(Note { tone: Tone::Risk, strong: "Line 30, price +5.0 %, EUR 76.00".into(), text: "0.399 invoiced, 0.380 ordered; limit 2 % and EUR 25.".into() }),
        lines: Some(variance()),
        data: vec![],
        fired: Some(fired()),
        clocks: clocks(),
        facts: vec![Fact::new("Target", "8 working hours, Kraków 08:00–18:00"), Fact::new("Due", "Fri 08:35 Kraków · 15:35 Manila"), Fact::new("Case", "pay by Fri 4 Dec, 11 working days")],
        why: Some(Why { whom: "Kestrel".into(), text: "Lane 100 % Kestrel since 1 Oct, agreement KS-2026 v4, 3.2. Routed to you by skill packaging, language German.".into() }),
        history: history(),
        context_name: "Supplier".into(),
        context: vec![Fact::new("Name", "Brixner Kartonagen GmbH, Kassel"), bank],
        docs: docs(),
    };
    CasePage {
        shell: shell("INV-20419", Place::Desk),
        desk: masked(desk),
    }
}

pub(crate) fn cases() -> CasesPage {
    let tag = |text: &str, tone| Tag {
        text: text.into(),
        tone,
    };
    let rows = groups()
        .into_iter()
        .flat_map(|group| group.rows)
        .enumerate()
        .map(|(i, row)| {
            let ended = i % 4 == 3;
            row.map(|row| CaseRow {
                case: row.case,
                href: "/items/x".into(),
                left: (!ended).then_some(row.left),
                ended: "ended Wed 16:02".into(),
                subject: row.subject,
                with: row.with,
                reason: row.reason,
                holder: (!ended).then_some(row.holder),
                lane: row.lane,
                strip: if ended {
                    Strip {
                        state: State::Done,
                        ..row.strip
                    }
                } else if i == 5 {
                    Strip {
                        state: State::Incident,
                        ..row.strip
                    }
                } else {
                    row.strip
                },
                amount: row.amount,
                state: if ended {
                    tag("proposed", Tone::Good)
                } else if i == 5 {
                    tag("incident", Tone::Late)
                } else {
                    tag("running", Tone::Plain)
                },
            })
        })
        .collect();
    CasesPage {
        shell: shell("Cases", Place::Cases),
        views: vec![
            ViewSection {
                name: "State".into(),
                views: vec![
                    view("All", 312, true),
                    view("Running", 96, false),
                    view("Incident", 1, false),
                    view("Ended", 215, false),
                ],
            },
            ViewSection {
                name: "Lane".into(),
                views: vec![
                    view("Verify", 62, false),
                    view("Resolve exception", 21, false),
                ],
            },
        ],
        query: String::new(),
        kept: vec![],
        filters: vec![Link {
            name: "State: running".into(),
            href: "/cases".into(),
        }],
        subject_name: "Invoice, supplier".into(),
        amount_name: "EUR gross".into(),
        rows,
        pager: Pager {
            from: 1,
            to: 14,
            total: 312,
            before: None,
            after: Some("/cases?page=2".into()),
        },
        empty: None,
    }
}

pub(crate) fn refused(detail: bool) -> RefusedPage {
    let row = |file: &str, line, reason: &str, code: &str, picked| {
        masked(RefusedRow {
            href: "/documents/refused/1".into(),
            file: file.into(),
            line,
            reason: reason.into(),
            code: code.into(),
            at: "today 11:04".into(),
            picked,
        })
    };
    let excerpt = (211..=217)
        .map(|n| ExcerptLine {
            number: n,
            text: if n == 214 {
                "    <cbc:LineExtensionAmount currencyID=\"EUR\">1596.00</cbc:LineExtensionAmount>"
                    .into()
            } else {
                "    <cbc:InvoicedQuantity unitCode=\"C62\">4000</cbc:InvoicedQuantity>".into()
            },
            here: n == 214,
        })
        .collect();
    RefusedPage {
        shell: shell("Refused documents", Place::Documents),
        rows: vec![
            row(
                "INV-20419.xml",
                Some(214),
                "Line total 1,596.00 is not 4,000 × 0.399 + 12.00.",
                "BATON-INTAKE-014",
                true,
            ),
            row(
                "rechnung-sammelabrechnung-2026-11.xml",
                Some(3),
                "The XML ends inside an element.",
                "BATON-FORMATS-002",
                false,
            ),
            row(
                "scan.pdf",
                None,
                "This is no UBL document: it starts with %PDF.",
                "BATON-INTAKE-001",
                false,
            ),
        ],
        detail: Some(masked(RefusedDetail {
            file: "INV-20419.xml".into(),
            at: "today 11:04".into(),
            line: Some(214),
            reason: "Line total 1,596.00 is not 4,000 × 0.399 + 12.00.".into(),
            advice: "Ask the supplier for a corrected invoice; the file is kept.".into(),
            code: "BATON-INTAKE-014".into(),
            size: "14 KB".into(),
            hash: "e15d09aa…7780".into(),
            n: Some(183_990),
            excerpt,
        })),
        detail_page: detail,
        pager: Pager {
            from: 1,
            to: 3,
            total: 3,
            before: None,
            after: None,
        },
        empty: None,
    }
}

pub(crate) fn upload() -> UploadPage {
    let row = |file: &str, text: &str, tone, case: Option<&str>, total: &str, reason: &str| {
        masked(UploadRow {
            file: file.into(),
            outcome: Tag {
                text: text.into(),
                tone,
            },
            case: case.map(|case| Link {
                name: case.into(),
                href: "/cases/x".into(),
            }),
            total: total.into(),
            reason: reason.into(),
            href: (text == "refused").then(|| "/documents/refused/1".into()),
        })
    };
    UploadPage {
        shell: shell("Upload", Place::Documents),
        limits: "Up to 200 files at once, 10 MB each.".into(),
        results: vec![
            row(
                "base-example.xml",
                "case",
                Tone::Good,
                Some("P2P-20441"),
                "EUR 1,656.25",
                "",
            ),
            row(
                "base-example-copy.xml",
                "duplicate",
                Tone::Plain,
                Some("P2P-20441"),
                "EUR 1,656.25",
                "same sender, number and bytes",
            ),
            row(
                "base-example-changed.xml",
                "suspected",
                Tone::Risk,
                Some("P2P-20442"),
                "EUR 1,700.00",
                "same sender and number, other content",
            ),
            row(
                "broken.xml",
                "refused",
                Tone::Late,
                None,
                "",
                "line 3: the XML ends inside an element",
            ),
        ],
        summary: "1 case, 1 duplicate, 1 suspected, 1 refused".into(),
    }
}

fn checkpoint() -> CheckpointView {
    let signer = |code: &str, slot, name: &str, key: &str| Signer {
        party: Chip::new(code, slot),
        name: name.into(),
        at: "14:30:58".into(),
        key: key.into(),
        valid: true,
    };
    CheckpointView {
        covers: 184_000,
        at: "today 14:30:58".into(),
        signers: vec![signer("LV", 0, "Linden & Voss", "linden-voss+5a1c")],
        note: "baton.linden-voss.example/journal\n184000\nfB4EuS1xFkK3JrBEAWJ8qfusMvXIUw+xkDzE2wIloE8=\n\n— linden-voss.example WhwK…kQ==".into(),
        limits: vec!["That the work was done well.".into(), "That the clock of the server was right.".into(), "The 306 entries after 184,000: signed by the next checkpoint.".into()],
    }
}

fn commands() -> Vec<String> {
    vec!["baton verify --data DIR --checkpoint checkpoint.txt".into()]
}

pub(crate) fn journal() -> JournalPage {
    let row = |n, actor: &str, code: &str, slot, command: &str, events: &str| {
        masked(JournalRow {
            n,
            href: format!("/journal/{n}"),
            at: "today 14:36:12".into(),
            party: Some(Chip::new(code, slot)),
            actor: actor.into(),
            command: command.into(),
            events: events.into(),
            case: Some(Link {
                name: "P2P-20419".into(),
                href: "/cases/x".into(),
            }),
            hash: "7c1e…a04f".into(),
            covered: n <= 184_000,
        })
    };
    let mut rows = vec![
        row(
            184_306,
            "Agnieszka Wrona",
            "KS",
            1,
            "SaveDraft",
            "DraftSaved",
        ),
        row(
            184_305,
            "Tomás Reyes",
            "TO",
            2,
            "Complete",
            "ItemCompleted, TokenMoved, ServiceAsked, ServiceAnswered, HopEnded, HopBegan, ItemOffered",
        ),
    ];
    rows.extend((0..20).map(|i| {
        row(
            184_010 - i,
            "Docklens bot",
            "DL",
            3,
            "StartCase",
            "CaseStarted, HopBegan, ItemOffered",
        )
    }));
    JournalPage {
        shell: shell("Journal", Place::Journal),
        case: String::new(),
        rows,
        pager: Pager {
            from: 1,
            to: 22,
            total: 184_306,
            before: None,
            after: Some("/journal?before=183990".into()),
        },
        empty: None,
        checkpoint: Some(checkpoint()),
        commands: commands(),
    }
}

pub(crate) fn entry() -> EntryPage {
    let step = |name: &str, text: &str| Step {
        name: name.into(),
        text: text.into(),
        holds: true,
    };
    let view = EntryView {
        n: 171_163,
        before: Some("/journal/171162".into()),
        after: Some("/journal/171164".into()),
        verdict: Note { tone: Tone::Good, strong: "“Complete, Agnieszka Wrona, 30 Oct 16:40:12 UTC” is in the journal, unchanged since it was written.".into(), text: "Whoever changed one letter of it would need the signature of Linden & Voss again.".into() },
        steps: vec![
            step("The entry has a fingerprint", "The stored 412 bytes give SHA-256 e15d…7780. It also covers the entry before it, 171,162."),
            step("Its neighbours lead to the root", "Joined with the 18 fingerprints of the path it gives exactly the root of checkpoint 184,000."),
            step("The parties signed that root", "One signature, made at 14:30 today."),
        ],
        tree: Some(Tree { n: 171_163, given: ["e7…41", "03…9c", "b8…f2", "aa…01"].map(Into::into).into(), root: "7c1e 04b9 … a04f".into() }),
        facts: vec![Fact::new("At", "30 Oct 2026 16:40:12.004 UTC"), Fact::new("By", "Agnieszka Wrona, Kestrel"), Fact::new("Cause", "http/9b1f"), Fact { href: Some("/cases/x".into()), ..Fact::new("Case", "P2P-20419") }],
        events: vec![EventView { index: 0, name: "ItemCompleted".into(), text: "{\"item\":\"P2P-20419.3\",\"decision\":\"accept\",\"supplier.iban\":\"sealed\"}".into() }, EventView { index: 1, name: "HopEnded".into(), text: "{\"lane\":\"Resolve exception\",\"party\":\"KS\"}".into() }],
    };
    EntryPage {
        shell: shell("Entry 171,163", Place::Journal),
        entry: masked(view),
        checkpoint: Some(checkpoint()),
        commands: commands(),
    }
}

pub(crate) fn missing() -> ErrorPage {
    ErrorPage { shell: shell("Not found", Place::Elsewhere), status: 404, what: "There is no such case here".into(), detail: "Nothing with the number P2P-99999 is among the cases you may see. Check the number, or search for the supplier.".into(), acts: vec![Link { name: "Back to Work".into(), href: "/work".into() }, Link { name: "Search cases".into(), href: "/cases".into() }], code: "BATON-WEB-404".into() }
}

pub(crate) fn conflict() -> ConflictPage {
    let row = |field: &str, before: &str, theirs: &str, yours: &str| ConflictRow {
        field: field.into(),
        before: before.into(),
        theirs: theirs.into(),
        yours: yours.into(),
    };
    ConflictPage {
        shell: shell("Conflict", Place::Desk),
        conflict: masked(Conflict {
            who: "Jana Kos".into(),
            ago: "20 s ago".into(),
            seen: 11,
            n: 12,
            rows: vec![
                row("Line 30", "open", "ask for credit note", "accept price"),
                row("Reason", "empty", "above contract", "list price changed"),
            ],
            action: "/items/x/complete".into(),
            fields: vec![],
            keep: "/items/x".into(),
            again: true,
        }),
    }
}

pub(crate) fn keys() -> KeysPage {
    KeysPage {
        shell: shell("Keys", Place::Elsewhere),
    }
}

pub(crate) fn sign_in(link: bool) -> SignInPage {
    SignInPage {
        client: "Linden & Voss".into(),
        person: link.then(|| "Agnieszka Wrona of Kestrel".into()),
        link: link.then(|| "k3j4".into()),
        valid: "24 hours".into(),
        wrong: (!link).then(|| Note {
            tone: Tone::Late,
            strong: "This link has been used".into(),
            text: "Ask your administrator for a new one.".into(),
        }),
    }
}

/// The states of picture 11, medium, on a bare page.
pub(crate) fn strips() -> String {
    let base = |legs: Vec<Leg>, now: i64, target: i64, state| Strip {
        legs,
        now: at(now),
        target: Some(Target {
            at: at(target),
            left: WorkingTime::minutes(target - now),
            open: vec![],
        }),
        state,
        next: None,
        unfold: None,
        ..strip()
    };
    let dl = || leg("DL", 3, "Receive", 0, Some(15), &[(0, 15)], 15);
    let to = |from, until| {
        leg(
            "TO",
            2,
            "Verify",
            from,
            Some(until),
            &[(from, until)],
            until - from,
        )
    };
    let ks = |from, until: Option<i64>, end| {
        leg("KS", 1, "Resolve", from, until, &[(from, end)], end - from)
    };
    let lv = |from, until: Option<i64>, end| {
        leg("LV", 0, "Approve", from, until, &[(from, end)], end - from)
    };
    let mb = leg("MB", 4, "Resolve", 130, None, &[(130, 240)], 110);
    let paused = Leg {
        pauses: vec![Pause {
            span: span(170, 230),
            reason: "client".into(),
        }],
        ..ks(110, None, 170)
    };
    let many: Vec<Leg> = (0..14)
        .map(|i| {
            if i % 2 == 0 {
                ks(i * 20, Some(i * 20 + 20), i * 20 + 20)
            } else {
                lv(i * 20, Some(i * 20 + 20), i * 20 + 20)
            }
        })
        .collect();
    let folded = Strip {
        unfold: Some("#".into()),
        ..base(many, 280, 340, State::Running)
    };
    let all = [
        (
            "Running",
            base(
                vec![dl(), to(15, 120), ks(120, None, 230)],
                230,
                350,
                State::Running,
            ),
        ),
        (
            "Paused",
            base(vec![to(0, 110), paused], 230, 350, State::Paused),
        ),
        (
            "Offered, nobody yet",
            base(
                vec![to(0, 110), ks(110, None, 180)],
                180,
                350,
                State::Offered,
            ),
        ),
        (
            "Past target",
            base(
                vec![dl(), ks(15, Some(150), 150), lv(150, None, 380)],
                380,
                290,
                State::Running,
            ),
        ),
        (
            "There and back",
            base(
                vec![
                    ks(0, Some(90), 90),
                    lv(90, Some(160), 160),
                    ks(160, Some(255), 255),
                    lv(255, None, 280),
                ],
                280,
                385,
                State::Running,
            ),
        ),
        (
            "Done",
            base(
                vec![dl(), to(15, 135), lv(135, Some(225), 225)],
                400,
                358,
                State::Done,
            ),
        ),
        (
            "Stepped in",
            base(vec![to(0, 130), mb], 240, 358, State::Running),
        ),
        (
            "Incident",
            base(
                vec![leg("DL", 3, "Receive", 0, None, &[(0, 135)], 135)],
                135,
                358,
                State::Incident,
            ),
        ),
        ("Fourteen hops", folded),
    ];
    let mut html = format!(
        "<!doctype html><link rel=stylesheet href={}><div class=visually-hidden></div>",
        assets_style()
    );
    html.push_str(&askama::Template::render(&Sprite).unwrap_or_default());
    html.push_str("<main class=pad>");
    for (name, strip) in &all {
        html.push_str(&format!("<h2>{name}</h2><div class=strips-row><table class=\"grid work\"><tr><td>{}</td><td class=c-relay>{}</td></tr></table></div><p class=quiet>{}</p>", strip.plain(), strip.tiny(), strip.sentence()));
    }
    html.push_str(&format!(
        "<h2>Large</h2>{}<h2>Large past target</h2>{}<h2>Fourteen hops</h2>{}</main>",
        all[4].1.large(),
        all[3].1.large(),
        all[8].1.large()
    ));
    html
}

fn assets_style() -> &'static str {
    baton_web::assets::STYLE
}

#[derive(askama::Template)]
#[template(path = "sprite.html")]
struct Sprite;
