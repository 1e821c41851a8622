//! The case desk of picture 02.

use super::frame::*;
use super::work::*;
use baton_web::pages::case::*;
use baton_web::pages::form::*;
use baton_web::pages::parts::*;
use baton_web::pages::shell::*;
use baton_web::pages::work::*;
use baton_web::strip::*;

pub(crate) fn variance() -> Table {
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

pub(crate) fn form() -> WorkForm {
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
        take_over: false,
        give_back: true,
        resume: false,
        asks: vec![baton_web::pages::pause::Askable {
            value: "waiting-for-client".into(),
            name: "Linden & Voss".into(),
        }],
        next: Some("next: INV-88214".into()),
    }
}

pub(crate) fn clocks() -> Table {
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

pub(crate) fn fired() -> Fired {
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
        pauses: vec![],
        counted_on: None,
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
