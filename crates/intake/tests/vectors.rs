//! Vectors of the match: tolerances' edges, many lines to many, units, prices per base quantity,
//! corrections, charges, budgets.

use baton_intake::lines::{Charge, Line, Quantities};
use baton_intake::matching::{Against, Claim, Facts, Order, matched};
use baton_model::Decimal;

fn decimal(text: &str) -> Decimal {
    text.parse().expect("a number")
}

fn line(id: &str, item: &str, quantity: &str, price: &str) -> Line {
    let (quantity, price) = (decimal(quantity), decimal(price));
    Line {
        id: id.into(),
        item: Some(item.into()),
        name: format!("Item {item}"),
        quantity,
        unit: "C62".into(),
        price,
        base_quantity: Decimal::ONE,
        net: quantity * price,
        ..Line::default()
    }
}

fn on(mut line: Line, order_line: &str) -> Line {
    line.order_line = Some(order_line.into());
    line
}

fn order(lines: Vec<Line>) -> Order {
    Order {
        number: "PO-1".into(),
        currency: "EUR".into(),
        cost_centre: None,
        lines,
        charges: Vec::new(),
    }
}

fn claim(lines: Vec<Line>) -> Claim {
    Claim {
        supplier: "S".into(),
        number: "INV-1".into(),
        credit_note: false,
        suspected: false,
        order: Some("PO-1".into()),
        sales_order: None,
        cost_centre: None,
        currency: "EUR".into(),
        net: lines
            .iter()
            .fold(Decimal::ZERO, |sum, line| sum.saturating_add(line.net)),
        lines,
        charges: Vec::new(),
    }
}

fn quantities(of: &[(&str, &str)]) -> Quantities {
    let one = |(line, quantity): &(&str, &str)| (line.to_string(), decimal(quantity));
    of.iter().map(one).collect()
}

fn all_received(order: &Order) -> Against<'_> {
    let received = order
        .lines
        .iter()
        .map(|line| (line.id.clone(), line.quantity));
    Against {
        order: Some(order),
        received: received.collect(),
        ..Against::default()
    }
}

fn facts(order: &Order, lines: Vec<Line>) -> Facts {
    matched(&claim(lines), &all_received(order))
}

#[test]
fn one_hundred_and_one_of_a_hundred_is_one_per_cent_over() {
    let order = order(vec![line("10", "A", "100", "5.00")]);
    let facts = facts(&order, vec![line("1", "A", "101", "5.00")]);
    assert_eq!(facts.lines[0].quantity_over, decimal("1"));
    assert_eq!(facts.lines[0].quantity_over_percent, decimal("1"));
    assert_eq!(facts.lines[0].amount_over_quantity, decimal("5"));
    assert_eq!(facts.lines[0].price_over_percent, Decimal::ZERO);
}

#[test]
fn the_picture_of_the_case_desk() {
    let order = order(vec![
        line("10", "folding-carton", "2000", "0.420"),
        line("20", "stretch-film", "120", "6.900"),
        line("30", "corner-board", "4000", "0.380"),
    ]);
    let invoiced = vec![
        line("10", "folding-carton", "2000", "0.420"),
        line("20", "stretch-film", "121", "6.900"),
        line("30", "corner-board", "4000", "0.399"),
    ];
    let facts = facts(&order, invoiced);
    let over = |at: usize| {
        (
            facts.lines[at].quantity_over_percent,
            facts.lines[at].price_over_percent,
        )
    };
    assert_eq!(over(0), (Decimal::ZERO, Decimal::ZERO));
    assert_eq!(over(1), (decimal("0.8333"), Decimal::ZERO));
    assert_eq!(over(2), (Decimal::ZERO, decimal("5")));
    assert_eq!(facts.lines[1].amount_over_quantity, decimal("6.9"));
    assert_eq!(facts.lines[2].amount_over_price, decimal("76"));
}

#[test]
fn what_others_claimed_counts_before() {
    let order = order(vec![line("10", "A", "100", "1")]);
    let against = Against {
        claimed: quantities(&[("10", "60")]),
        ..all_received(&order)
    };
    let facts = matched(&claim(vec![line("1", "A", "50", "1")]), &against);
    assert_eq!(facts.lines[0].invoiced_before, decimal("60"));
    assert_eq!(facts.lines[0].quantity_over, decimal("10"));
}

#[test]
fn not_received_is_not_owed() {
    let order = order(vec![line("10", "A", "100", "1")]);
    let against = Against {
        order: Some(&order),
        ..Against::default()
    };
    let facts = matched(&claim(vec![line("1", "A", "100", "1")]), &against);
    assert_eq!(facts.lines[0].quantity_over_percent, decimal("100"));
}

#[test]
fn several_invoice_lines_share_one_order_line() {
    let order = order(vec![line("10", "A", "100", "1")]);
    let lines = vec![
        on(line("1", "A", "60", "1"), "10"),
        on(line("2", "A", "50", "1"), "10"),
    ];
    let facts = facts(&order, lines);
    let over: Vec<_> = facts.lines.iter().map(|line| line.quantity_over).collect();
    assert_eq!(over, [decimal("10"), decimal("10")]);
    let amounts: Decimal = facts
        .lines
        .iter()
        .map(|line| line.amount_over_quantity)
        .sum();
    assert_eq!(amounts, decimal("10"), "the money counts once");
    assert_eq!(facts.claimed[0].quantity, decimal("110"));
}

#[test]
fn one_invoice_line_fills_several_order_lines() {
    let order = order(vec![line("10", "A", "40", "1"), line("20", "A", "60", "1")]);
    let facts = facts(&order, vec![line("1", "A", "100", "1")]);
    assert_eq!(facts.lines[0].order_line.as_deref(), Some("10, 20"));
    assert_eq!(facts.lines[0].quantity_over, Decimal::ZERO);
    let claimed: Vec<_> = facts.claimed.iter().map(|line| line.quantity).collect();
    assert_eq!(claimed, [decimal("40"), decimal("60")]);
}

#[test]
fn a_price_is_per_base_quantity() {
    let order = order(vec![line("10", "A", "1000", "0.05")]);
    let mut invoiced = line("1", "A", "1000", "50");
    invoiced.base_quantity = decimal("1000");
    let facts = facts(&order, vec![invoiced]);
    assert_eq!(facts.lines[0].price, decimal("0.05"));
    assert_eq!(facts.lines[0].price_over, Decimal::ZERO);
}

#[test]
fn freight_on_a_line_is_part_of_its_price() {
    let order = order(vec![line("10", "A", "10", "10")]);
    let mut invoiced = line("1", "A", "10", "10");
    invoiced.charges = decimal("5");
    let facts = facts(&order, vec![invoiced]);
    assert_eq!(facts.lines[0].price_over_percent, decimal("5"));
}

#[test]
fn another_unit_has_no_variance() {
    let order = order(vec![line("10", "A", "10", "10")]);
    let mut invoiced = line("1", "A", "500", "99");
    invoiced.unit = "KGM".into();
    let facts = facts(&order, vec![invoiced]);
    assert!(!facts.lines[0].unit_same);
    assert_eq!(facts.lines[0].quantity_over, Decimal::ZERO);
    assert_eq!(facts.lines[0].price_over, Decimal::ZERO);
}

#[test]
fn a_wrong_order_line_is_not_guessed_at() {
    let order = order(vec![line("10", "A", "10", "10")]);
    let facts = facts(&order, vec![on(line("1", "A", "10", "10"), "99")]);
    assert!(!facts.lines[0].known);
    assert!(facts.claimed.is_empty());
}

#[test]
fn without_an_item_the_name_decides_if_only_one_has_it() {
    let nameless = |mut line: Line| {
        line.item = None;
        line.name = "Paper  A4".into();
        line
    };
    let twice = order(vec![
        nameless(line("10", "", "5", "4")),
        nameless(line("20", "", "5", "9")),
    ]);
    let mut invoiced = nameless(line("1", "", "5", "9"));
    invoiced.name = "paper a4".into();
    let known = facts(&twice, vec![invoiced.clone()]);
    assert_eq!(
        known.lines[0].order_line.as_deref(),
        Some("20"),
        "the one with its price"
    );
    invoiced.price = decimal("7");
    assert!(
        !facts(&twice, vec![invoiced]).lines[0].known,
        "ambiguous is unknown"
    );
}

#[test]
fn a_correction_gives_back_and_is_not_over() {
    let order = order(vec![line("10", "A", "10", "10")]);
    let lines = vec![line("1", "A", "-2", "10"), line("2", "A", "12", "10")];
    let facts = facts(&order, lines);
    assert!(
        facts
            .lines
            .iter()
            .all(|line| line.quantity_over == Decimal::ZERO)
    );
    assert_eq!(facts.claimed[0].quantity, decimal("10"));
}

#[test]
fn charges_that_were_agreed_are_covered_once() {
    let freight = |amount: &str| Charge {
        charge: true,
        reason: "Freight".into(),
        amount: decimal(amount),
    };
    let mut order = order(vec![line("10", "A", "10", "10")]);
    order.charges = vec![freight("30")];
    let mut claim = claim(vec![line("1", "A", "10", "10")]);
    claim.charges = vec![freight("30"), freight("30")];
    let facts = matched(&claim, &all_received(&order));
    assert_eq!(facts.header.charges_unagreed, decimal("30"));
}

#[test]
fn over_budget_is_what_passes_it_after_the_others() {
    let order = order(vec![line("10", "A", "10", "100")]);
    let against = Against {
        budget: Some((decimal("5000"), "lena.brandt".into())),
        committed: decimal("4500"),
        ..all_received(&order)
    };
    let facts = matched(&claim(vec![line("1", "A", "10", "100")]), &against);
    assert_eq!(facts.header.over_budget, decimal("500"));
    assert_eq!(facts.header.budget_owner.as_deref(), Some("lena.brandt"));
}

#[test]
fn the_largest_numbers_do_not_panic() {
    let most = "79228162514264337593543950335";
    let mut huge = line("1", "A", "1", "1");
    (huge.quantity, huge.price, huge.net) = (decimal(most), decimal(most), decimal(most));
    huge.base_quantity = decimal("0.0000000000000000000000000001");
    huge.charges = -decimal(most);
    let mut order = order(vec![line("10", "A", "0.0000000000000000000000000001", "0")]);
    let claim = claim(vec![huge.clone(), huge.clone()]);

    let facts = matched(&claim, &all_received(&order));
    assert_eq!(facts.lines.len(), 2);
    order.lines = vec![huge.clone(), huge];
    assert_eq!(matched(&claim, &all_received(&order)).lines.len(), 2);
}
