//! The stage: duplicates, suspected duplicates, refusals; claims taken, moved and given back; documents
//! in any sequence; proposals.

mod tenant;

use baton_intake::pack::{self, Files};
use baton_journal::event::ClaimedLine;
use baton_journal::event::{DocumentRefused, QuantitiesClaimed};
use baton_journal::{Command, Event, Key, Shelf, Stage};
use baton_model::{CaseId, Cell, Decimal, Record, Value};
use proptest::prelude::*;
use tenant::{World, command, number};

fn decimal(text: &str) -> Decimal {
    text.parse().expect("a number")
}

fn sample(path: &str) -> Vec<u8> {
    let root = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../packs/purchase-to-pay/sample/"
    );
    std::fs::read(format!("{root}{path}")).expect("the sample")
}

const ORDER: &str = "1-orders/4500-7737-messer.xml";
const RECEIPT: &str = "2-receipts/4500-7737-messer.xml";
const PART_1: &str = "3-invoices/MW-7802-messer-part-1.xml";
const PART_2: &str = "4-later/MW-7815-messer-part-2.xml";

fn take(world: &mut World, path: &str) -> Record {
    world.takes(path, &sample(path)).expect("it is new").record
}

fn over(facts: &Value) -> String {
    number(
        &facts.get("lines").expect("lines").items()[0],
        "quantity_over",
    )
}

fn deploy(world: &mut World) {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../packs/purchase-to-pay");
    let mut files = Files::new();
    for path in [
        "pack.toml",
        "purchase-to-pay.bpmn",
        "match.dmn",
        "tables/orders.csv",
        "tables/budgets.csv",
        "agreements/KS-2026.toml",
        "agreements/TO-2026.toml",
        "agreements/DL-2026.toml",
        "agreements/LV-2026.toml",
    ] {
        let text = std::fs::read_to_string(format!("{root}/{path}")).expect("the pack");
        files.insert(path.into(), text);
    }
    for form in [
        "verify",
        "resolve-exception",
        "approve",
        "approve-over-budget",
        "release-payment",
    ] {
        files.insert(format!("forms/{form}.json"), "{}".into());
    }
    let pack = pack::read(&files).expect("the pack is sound");
    world.happens(Event::PackDeployed {
        deployment: Box::new(pack.deployment),
        versions: Vec::new(),
    });
}

#[test]
fn the_same_bytes_again_name_the_case_that_is_there() {
    let mut world = World::default();
    let record = take(&mut world, PART_1);
    let again = world
        .takes("other-name.xml", &sample(PART_1))
        .expect_err("a duplicate");
    assert_eq!(
        (again.code.as_str(), again.about.as_deref()),
        ("BATON-INTAKE-001", Some("D-1"))
    );
    world.happens(Event::CaseStarted {
        case: CaseId::new("P2P-1"),
        process: "purchase-to-pay".into(),
        version: 1,
        document: Some("D-1".into()),
        kind: Some(baton_journal::DocumentKind::Invoice),
        record,
    });
    let again = world
        .takes("third.xml", &sample(PART_1))
        .expect_err("a duplicate");
    assert_eq!(again.about.as_deref(), Some("P2P-1"));
}

#[test]
fn the_same_number_with_other_content_is_suspected() {
    let mut world = World::default();
    take(&mut world, PART_1);
    let mut other = sample(PART_1);
    other.push(b'\n');
    let events = world
        .run(&command("again.xml", &other))
        .expect("its own document");
    let [
        Event::DocumentReceived {
            suspected_of,
            document,
            ..
        },
    ] = &events[..]
    else {
        panic!("{events:?}");
    };
    assert_eq!(suspected_of.as_ref().map(|id| id.as_str()), Some("D-1"));
    let noted = document.record["invoice.suspected_of"]
        .value()
        .and_then(Value::as_text);
    assert_eq!(noted, Some("D-1"));
    let facts = world.matches("P2P-2", &document.record);
    assert_eq!(
        facts.at("header.suspected_duplicate"),
        Some(&Value::Bool(true))
    );
}

#[test]
fn a_broken_file_is_kept_with_line_and_reason() {
    let mut world = World::default();
    let bytes = sample("4-later/R-55171-hansa-wrong-total.xml");
    let events = world
        .run(&command("wrong.xml", &bytes))
        .expect("it is kept");
    let [Event::DocumentRefused(DocumentRefused { findings, .. })] = &events[..] else {
        panic!("{events:?}");
    };
    assert!(
        findings[0].line > 1 && findings[0].message.contains("851.10"),
        "{findings:?}"
    );
}

#[test]
fn a_second_order_of_the_number_does_not_replace_the_first() {
    let mut world = World::default();
    take(&mut world, ORDER);
    let text = String::from_utf8(sample(ORDER))
        .expect("text")
        .replace("8.750", "1.000");
    let text = text.replace("875.00", "100.00");
    world
        .takes("changed.xml", text.as_bytes())
        .expect("its own document");
    let record = take(&mut world, PART_1);
    let facts = world.matches("P2P-1", &record);
    assert_eq!(
        number(
            &facts.get("lines").expect("lines").items()[0],
            "order_price"
        ),
        "8.75"
    );
}

#[test]
fn part_deliveries_are_claimed_one_after_the_other() {
    let mut world = World::default();
    take(&mut world, ORDER);
    take(&mut world, RECEIPT);
    let (first, second) = (take(&mut world, PART_1), take(&mut world, PART_2));
    assert_eq!(over(&world.matches("P2P-1", &first)), "0");
    assert_eq!(over(&world.matches("P2P-2", &second)), "40");
    assert_eq!(
        over(&world.matches("P2P-1", &first)),
        "40",
        "both claim now"
    );
    world.happens(Event::CaseEnded {
        case: "P2P-2".into(),
        outcome: "rejected".into(),
    });
    assert_eq!(
        over(&world.matches("P2P-1", &first)),
        "0",
        "the claim was given back"
    );
    world.happens(Event::CaseEnded {
        case: "P2P-1".into(),
        outcome: "proposed".into(),
    });
    assert_eq!(
        over(&world.matches("P2P-3", &second)),
        "40",
        "a paid claim stays"
    );
}

#[test]
fn a_claim_moves_when_the_order_is_found_later() {
    let mut world = World::default();
    take(&mut world, ORDER);
    take(&mut world, RECEIPT);
    let mut record = take(&mut world, PART_1);
    let order = record.insert("invoice.order".into(), Cell::Clear(Value::text("wrong")));
    let facts = world.matches("P2P-1", &record);
    assert_eq!(facts.at("header.order_found"), Some(&Value::Bool(false)));
    record.insert("invoice.order".into(), order.expect("it named one"));
    let events = world.asks("P2P-1", "three-way-match", &record);
    let labels: Vec<_> = events.iter().map(Event::label).collect();
    assert_eq!(
        labels,
        ["claim_released", "quantities_claimed", "service_answered"]
    );
}

#[test]
fn budgets_and_creators_come_from_the_pack() {
    let mut world = World::default();
    deploy(&mut world);
    for path in [
        "1-orders/4500-7690-aurora.xml",
        "2-receipts/4500-7690-aurora.xml",
    ] {
        take(&mut world, path);
    }
    let record = take(&mut world, "3-invoices/AUR-3307-aurora.xml");
    let facts = world.matches("P2P-1", &record);
    assert_eq!(number(&facts, "header.over_budget"), "4500");
    assert_eq!(facts.at("header.creator"), Some(&Value::text("tom.harms")));
    let facts = world.matches("P2P-2", &record);
    assert_eq!(number(&facts, "header.committed"), "24500");
    world.happens(Event::CaseEnded {
        case: "P2P-1".into(),
        outcome: "rejected".into(),
    });
    assert_eq!(
        number(&world.matches("P2P-2", &record), "header.committed"),
        "0"
    );
}

fn proposed(events: &[Event]) -> Record {
    let found = events.iter().find_map(|event| match event {
        Event::PaymentProposed { record, .. } => Some(record.clone()),
        _ => None,
    });
    found.expect("a proposal")
}

fn amount(record: &Record) -> Decimal {
    record["payment.amount"]
        .value()
        .and_then(Value::as_number)
        .expect("an amount")
}

#[test]
fn a_proposal_takes_the_deduction_with_its_tax_and_keeps_sealed_fields_sealed() {
    let mut world = World::default();
    let mut record = take(&mut world, "3-invoices/INV-20419-brixner.xml");
    assert_eq!(
        amount(&proposed(&world.asks("P2P-1", "payment-proposal", &record))),
        decimal("3892.37")
    );
    record.insert(
        "deduction".into(),
        Cell::Clear(Value::number(decimal("82.90"))),
    );
    let sealed = Cell::Sealed {
        subject: "DE999000201".into(),
        record: "document".into(),
        ciphertext: "AA==".into(),
    };
    record.insert("supplier.iban".into(), sealed.clone());
    let payment = proposed(&world.asks("P2P-1", "payment-proposal", &record));
    assert_eq!(amount(&payment), decimal("3793.72"));
    assert_eq!(payment["supplier.iban"], sealed);
}

#[test]
fn a_credit_note_gives_back_only_when_it_is_proposed() {
    let mut world = World::default();
    for path in [
        "1-orders/4500-7718-brixner.xml",
        "2-receipts/4500-7718-brixner.xml",
    ] {
        take(&mut world, path);
    }
    let invoice = take(&mut world, "3-invoices/INV-20402-brixner.xml");
    let credit = take(&mut world, "4-later/CN-20431-brixner.xml");
    world.matches("P2P-1", &invoice);
    let facts = world.matches("P2P-2", &credit);
    assert_eq!(facts.at("header.credit_note"), Some(&Value::Bool(true)));
    let claimed = |world: &mut World| {
        let facts = world.matches("P2P-3", &invoice);
        world.happens(Event::CaseEnded {
            case: "P2P-3".into(),
            outcome: "rejected".into(),
        });
        number(
            &facts.get("lines").expect("lines").items()[0],
            "invoiced_before",
        )
    };
    assert_eq!(claimed(&mut world), "90");
    let events = world.asks("P2P-2", "payment-proposal", &credit);
    assert_eq!(amount(&proposed(&events)), decimal("-103.53"));
    assert_eq!(claimed(&mut world), "84");
}

#[test]
fn a_credit_note_whose_order_comes_late_moves_its_claim() {
    let mut world = World::default();
    let credit = take(&mut world, "4-later/CN-20431-brixner.xml");
    world.matches("P2P-1", &credit);
    take(&mut world, "1-orders/4500-7718-brixner.xml");
    let events = world.asks("P2P-1", "payment-proposal", &credit);
    let labels: Vec<_> = events.iter().map(Event::label).collect();
    let expected = [
        "payment_proposed",
        "claim_released",
        "quantities_claimed",
        "service_answered",
    ];
    assert_eq!(labels, expected);
}

#[test]
fn another_service_is_not_ours() {
    let mut world = World::default();
    assert_eq!(world.asks("P2P-1", "weather", &Record::new()), []);
}

/// The register's row of the first line, as the view shows it: received and claimed.
fn register(world: &mut World) -> Vec<u8> {
    let mut bytes = Vec::new();
    world.intake.shelves(&mut |shelf: &mut dyn Shelf| {
        let mut drained = Vec::new();
        shelf.drain(&mut drained).expect("slots are JSON");
        let orders = drained
            .into_iter()
            .filter(|one| matches!(one.key, Key::Order(_)));
        bytes.extend(orders.flat_map(|one| one.bytes.unwrap_or_default()));
    });
    bytes
}

/// The documents of the part delivery, each with a fixed document id whatever the sequence.
fn arrive(world: &mut World, which: usize) {
    let path = [ORDER, RECEIPT, PART_1, PART_2][which];
    let Command::Receive(document) = command(path, &sample(path)) else {
        panic!("{path} is sound");
    };
    world.happens(Event::DocumentReceived {
        id: format!("D-{which}").as_str().into(),
        document,
        suspected_of: None,
    });
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn documents_may_come_in_any_sequence(order in Just(vec![0usize, 1, 2, 3]).prop_shuffle()) {
        let (mut straight, mut shuffled) = (World::default(), World::default());
        (0..4).for_each(|which| arrive(&mut straight, which));
        order.iter().for_each(|which| arrive(&mut shuffled, *which));
        prop_assert_eq!(register(&mut straight), register(&mut shuffled));
    }

    #[test]
    fn what_passes_never_exceeds_what_was_received(quantities in proptest::collection::vec(1u32..60, 1..12)) {
        let mut world = World::default();
        take(&mut world, ORDER);
        take(&mut world, RECEIPT);
        let invoice = take(&mut world, PART_1);
        let mut passed = 0;
        for (place, quantity) in quantities.iter().enumerate() {
            let record = with_quantity(&invoice, *quantity);
            let case = format!("P2P-{place}");
            let facts = world.matches(&case, &record);
            if over(&facts) == "0" {
                passed += quantity;
            } else {
                world.happens(Event::CaseEnded { case: case.as_str().into(), outcome: "rejected".into() });
            }
        }
        prop_assert!(passed <= 60, "{} of 60 passed", passed);
        let probe = world.matches("probe", &with_quantity(&invoice, 1));
        let before = number(&probe.get("lines").expect("lines").items()[0], "invoiced_before");
        prop_assert_eq!(before, passed.to_string());
    }

    #[test]
    fn claims_are_the_quantities_invoiced(first in 1u32..500, second in 1u32..500) {
        let mut world = World::default();
        take(&mut world, ORDER);
        let invoice = take(&mut world, PART_1);
        let mut record = invoice.clone();
        let lines = [first, second].map(|quantity| with_quantity(&invoice, quantity)["invoice.lines"].value().expect("clear").items()[0].clone());
        record.insert("invoice.lines".into(), Cell::Clear(Value::List(lines.to_vec())));
        let events = world.asks("P2P-1", "three-way-match", &record);
        let Event::QuantitiesClaimed(QuantitiesClaimed { lines, .. }) = &events[0] else { panic!("{events:?}") };
        let expected = ClaimedLine { order_line: "1".into(), quantity: Decimal::from(first + second) };
        prop_assert_eq!(lines, &vec![expected]);
    }
}

fn with_quantity(record: &Record, quantity: u32) -> Record {
    let mut record = record.clone();
    let line = record["invoice.lines"].value().expect("clear").items()[0].clone();
    let Value::Map(mut line) = line else {
        panic!("a line is a map")
    };
    line.insert("quantity".into(), Value::number(Decimal::from(quantity)));
    record.insert(
        "invoice.lines".into(),
        Cell::Clear(Value::List(vec![Value::Map(line)])),
    );
    record
}
