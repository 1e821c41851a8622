//! The work list of picture 01.

use super::frame::*;
use baton_web::pages::parts::*;
use baton_web::pages::shell::*;
use baton_web::pages::work::*;
use baton_web::strip::*;

#[allow(clippy::too_many_arguments)]
pub(crate) fn row(
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
        given: None,
        misses: None,
        claim: true,
    }
}

pub(crate) fn here(mut row: WorkRow, initials: &str, word: &str) -> WorkRow {
    row.here = Some(Presence {
        initials: initials.into(),
        word: word.into(),
        edits: word != "views",
    });
    row
}

pub(crate) fn groups() -> Vec<Group> {
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

pub(crate) fn num(text: &str) -> Cell {
    Cell::text(text)
}

pub(crate) fn preview() -> Preview {
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

pub(crate) fn docs() -> Vec<DocLink> {
    ["Invoice", "Order 4500-7731", "Receipt advice", "Price list"]
        .map(|name| DocLink {
            name: name.into(),
            href: Some("/documents/1".into()),
        })
        .into()
}

pub(crate) fn event(at: &str, parties: &[(&str, u8)], strong: &str, text: &str) -> EventLine {
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

pub(crate) fn history() -> Vec<EventLine> {
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
        first: None,
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
