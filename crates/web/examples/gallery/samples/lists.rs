//! Cases and documents.

use super::frame::*;
use super::work::*;
use baton_web::pages::cases::*;
use baton_web::pages::documents::*;
use baton_web::pages::parts::*;
use baton_web::pages::shell::*;
use baton_web::pages::work::*;
use baton_web::strip::*;

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
            again: None,
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
            again: Some("3 times, last Thu 11:20".into()),
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
        may: true,
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
