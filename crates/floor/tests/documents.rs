//! Documents add up, whatever is planted in them, and the side file goes on where it stopped.

use baton_floor::{Deal, Defect, Planted, SideFile, credit_note, documents};
use fastrand::Rng;
use jiff::civil::date;

#[test]
fn every_deal_adds_up_and_a_defect_changes_the_invoice_or_the_receipt_only() {
    let mut rng = Rng::with_seed(7);
    for number in 1..500 {
        let mut deal = Deal::draw(&mut rng, number, date(2026, 11, 20));
        let sound = deal.clone();
        if number % 2 == 0 {
            let defect = Defect::ALL[(number / 2) as usize % Defect::ALL.len()];
            defect.plant(&mut deal, &mut rng);
            assert_eq!(deal.defect, Some(defect));
        }
        let lines: i64 = deal.invoiced.iter().map(|line| line.amount().0).sum();
        let charges: i64 = deal.charges.iter().map(|charge| charge.amount.0).sum();
        assert_eq!(deal.net().0, lines + charges);
        let order = |deal: &Deal| documents(deal).expect("documents")[0].xml.clone();
        if deal.defect != Some(Defect::OverBudget) {
            assert_eq!(order(&deal), order(&sound), "{:?}", deal.defect);
        }
        let [_, receipt, invoice] = documents(&deal).expect("documents");
        assert!(invoice.xml.contains(&deal.invoice) && receipt.xml.contains(&deal.order));
        assert!(!invoice.xml.contains("& "), "an ampersand is written out");
    }
}

#[test]
fn a_credit_note_gives_back_a_part_of_what_was_invoiced_and_names_the_invoice() {
    let mut rng = Rng::with_seed(13);
    for number in 1..200 {
        let deal = Deal::draw(&mut rng, number, date(2026, 11, 20));
        let note = deal.credited(&mut rng, number + 1, date(2026, 11, 21));
        let line = &note.invoiced[0];
        let of = deal.invoiced.iter().find(|one| one.item == line.item);
        let of = of.expect("a line of the invoice");
        assert!(line.quantity > 0 && line.quantity <= of.quantity);
        assert_eq!((line.price, note.net()), (of.price, line.amount()));
        let xml = credit_note(&note).expect("a document").xml;
        let about = format!("<cac:InvoiceDocumentReference><cbc:ID>{}<", deal.invoice);
        assert!(xml.contains(&about) && xml.contains(&format!("<cbc:ID>{}<", note.invoice)));
    }
}

#[test]
fn a_price_defect_is_past_both_limits_anybody_might_set() {
    let mut rng = Rng::with_seed(11);
    for number in 1..200 {
        let mut deal = Deal::draw(&mut rng, number, date(2026, 11, 20));
        assert_eq!(past(&deal), 0, "a sound deal differs harmlessly at most");
        Defect::Price.plant(&mut deal, &mut rng);
        assert_eq!(past(&deal), 1);
    }
}

/// How many lines are dearer by over two percent and over 25.00.
fn past(deal: &Deal) -> usize {
    let lines = deal.invoiced.iter().zip(&deal.ordered);
    let past = lines.filter(|(now, then)| {
        let percent = now.price.0 * 100 > then.price.0 * 102;
        percent && now.amount().0 - then.amount().0 > 2_500
    });
    past.count()
}

#[test]
fn the_side_file_goes_on_and_names_a_line_that_is_none() {
    let folder = std::env::temp_dir().join(format!("baton-floor-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let path = folder.join("planted.jsonl");
    let planted = |number| Planted {
        number,
        supplier: "Hagedorn".into(),
        invoice: format!("HV-2026-{number:05}"),
        credits: None,
        order: "4600-00001".into(),
        defect: Some(Defect::Price),
        reasons: vec!["price".into()],
    };
    let mut side = SideFile::open(&path).expect("a new file");
    assert_eq!(side.number(), 1);
    side.note(&planted(1)).expect("noted");
    side.note(&planted(2)).expect("noted");
    drop(side);
    assert_eq!(SideFile::open(&path).expect("open again").number(), 3);
    assert_eq!(
        SideFile::read(&path).expect("read"),
        [planted(1), planted(2)]
    );
    std::fs::write(&path, "no line\n").expect("written");
    let error = SideFile::open(&path).expect_err("no line").to_string();
    assert!(
        error.contains("BATON-FLOOR-002") && error.contains("line 1"),
        "{error}"
    );
    std::fs::remove_dir_all(&folder).expect("removed");
}
