//! `baton rate` on the command line: the vectors of SCIENCE.md section 4, TV3 and TV4 out of the built
//! program, each explained; and every bad input refused with its code and place.

mod support;

use serde_json::Value;
use std::path::Path;
use support::{Temporary, run};

fn sample(file: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/purchase-to-pay/rates");
    folder.join(file).display().to_string()
}

/// A card of its own in a folder.
struct Card(Temporary);

impl Card {
    fn new(rest: &str) -> Self {
        let folder = Temporary::new("rate");
        let card = Self(folder);
        card.write(&format!(
            "id = \"T\"\nname = \"Test\"\ncurrency = \"EUR\"\nzone = \"Europe/Berlin\"\nfrom = \"2026-01\"\nrounding = {{ half = \"up\", over = \"line\" }}\n{rest}"
        ));
        card
    }

    fn path(&self) -> String {
        self.0.join("card.toml")
    }

    fn write(&self, text: &str) {
        std::fs::write(self.path(), text).expect("written");
    }

    fn text(&self) -> String {
        std::fs::read_to_string(self.path()).expect("the card")
    }

    fn run(&self, arguments: &[&str], code: i32) -> String {
        let path = self.path();
        let all = [&["rate", &path, "--month", "2026-11"], arguments].concat();
        run(&all, code)
    }

    fn json(&self, arguments: &[&str]) -> Value {
        serde_json::from_str(&self.run(&[arguments, &["--json"]].concat(), 0)).expect("JSON")
    }

    fn total(&self, arguments: &[&str]) -> String {
        self.json(arguments)["total"]
            .as_str()
            .expect("a total")
            .to_owned()
    }
}

fn bands(count: &str) -> Card {
    Card::new(&format!(
        "[[line]]\nid = \"v\"\nname = \"Volume\"\nper = \"unit\"\nprice = \"50000\"\n[line.bands]\nbaseline = \"1000\"\nband = \"10 %\"\ncount = \"{count}\"\narc = [{{ to = \"1250\", price = \"40\" }}, {{ price = \"35\" }}]\nrrc = [{{ to = \"750\", price = \"30\" }}, {{ price = \"25\" }}]\n"
    ))
}

#[test]
fn bands_by_both_conventions() {
    let edge = bands("edge");
    for (volume, total) in [
        ("900", "50000.00"),
        ("1000", "50000.00"),
        ("1100", "50000.00"),
        ("1101", "50040.00"),
        ("1150", "52000.00"),
        ("1300", "57750.00"),
        ("850", "48500.00"),
        ("700", "44250.00"),
    ] {
        assert_eq!(
            edge.total(&["--volume", &format!("v={volume}")]),
            total,
            "{volume}"
        );
    }
    let baseline = bands("baseline");
    assert_eq!(baseline.total(&["--volume", "v=1150"]), "56000.00");
    assert_eq!(baseline.total(&["--volume", "v=1100"]), "50000.00");
    let said = edge.run(&["--volume", "v=1300", "--explain"], 0);
    for step in [
        "baseline 1000 at 50000, band 900 to 1100",
        "edge rule: counted from the band's edge, 1100",
        "ARC step 1, from 1100 to 1250: 150 × 40 = +6000",
        "ARC step 2, from 1250 to 1300: 50 × 35 = +1750",
        "50000 + 7750 = 57750",
    ] {
        assert!(said.contains(step), "{step} is missing in\n{said}");
    }
    assert!(!edge.run(&["--volume", "v=1300"], 0).contains("ARC step"));
}

#[test]
fn tv4() {
    let card = Card::new(
        "[[line]]\nid = \"v\"\nname = \"Volume\"\nper = \"unit\"\nprice = \"0\"\n[line.bands]\nbaseline = \"10000\"\nband = \"5 %\"\ncount = \"edge\"\narc = [{ price = \"1.80\" }]\nrrc = [{ price = \"1.20\" }]\n",
    );
    assert_eq!(card.total(&["--volume", "v=10300"]), "0.00");
    assert_eq!(card.total(&["--volume", "v=11200"]), "1260.00");
    assert_eq!(card.total(&["--volume", "v=9000"]), "-600.00");
}

const TV3: &str = "[[line]]\nid = \"fee\"\nname = \"Fee\"\nper = \"fixed\"\nprice = \"100000\"\n[credits]\nat-risk = \"12 %\"\npool = \"200 %\"\nmultipliers = [\"1\", \"1.5\"]\nearn-back = 2\n[[credits.level]]\nid = \"a\"\nname = \"A\"\ncritical = true\nallocation = \"40 %\"\n[[credits.level]]\nid = \"b\"\nname = \"B\"\ncritical = true\nallocation = \"60 %\"\n[[credits.level]]\nid = \"c\"\nname = \"C\"\ncritical = true\nallocation = \"50 %\"\n[[credits.level]]\nid = \"d\"\nname = \"D\"\ncritical = true\nallocation = \"50 %\"\n[[credits.level]]\nid = \"key\"\nname = \"Key\"\n";

#[test]
fn tv3_allocations_above_the_whole_are_capped() {
    let card = Card::new(TV3);
    assert_eq!(card.total(&["--failed", "a"]), "95200.00");
    assert_eq!(card.total(&["--failed", "a", "--failed", "b"]), "88000.00");
    let three = ["--failed", "a", "--failed", "b", "--failed", "c"];
    assert_eq!(card.total(&three), "88000.00");
    assert_eq!(card.total(&["--failed", "key"]), "100000.00");
    let said = card.run(&[&three[..], &["--explain"]].concat(), 0);
    assert!(
        said.contains("all together capped at EUR 12000.00"),
        "{said}"
    );
    let said = card.run(&["--failed", "key", "--explain"], 0);
    assert!(
        said.contains("a key level: it reports its failure and carries no credit"),
        "{said}"
    );
}

#[test]
fn the_pool_of_a_category() {
    let card = Card::new(
        "[[line]]\nid = \"fee\"\nname = \"Fee\"\nper = \"fixed\"\nprice = \"100000\"\n[credits]\nat-risk = \"10 %\"\n[[credits.category]]\nid = \"quality\"\npool = \"50 %\"\n[[credits.level]]\nid = \"a\"\nname = \"A\"\ncritical = true\ncategory = \"quality\"\nallocation = \"40 %\"\n",
    );
    assert_eq!(card.total(&["--failed", "a"]), "98000.00");
    let said = card.run(&["--failed", "a", "--explain"], 0);
    assert!(
        said.contains("10000 × 50 % pool of quality × 40 % allocation = 2000"),
        "{said}"
    );
}

#[test]
fn repeated_failures_multiply_and_good_months_earn_back() {
    let card = Card::new(TV3);
    let again = ["--failed", "a", "--credited", "2026-10:a=4800"];
    assert_eq!(card.total(&again), "92800.00");
    let good = card.json(&["--credited", "2026-09:a=4800"]);
    assert_eq!(good["total"], "104800.00");
    assert_eq!(good["credits"]["lines"][0]["amount"], "4800.00");
    // A failure in between, or one month too few, and nothing comes back.
    assert_eq!(
        card.total(&[
            "--credited",
            "2026-09:a=4800",
            "--credited",
            "2026-10:a=7200"
        ]),
        "100000.00"
    );
    assert_eq!(card.total(&["--credited", "2026-10:a=4800"]), "100000.00");
    // It comes back once.
    assert_eq!(card.total(&["--credited", "2026-08:a=4800"]), "100000.00");
}

#[test]
fn the_sample_of_the_help_has_every_kind_of_line() {
    let (card, facts) = (
        sample("sample.toml"),
        format!("recovered={}", sample("outcomes.toml")),
    );
    let mut arguments = vec![
        "rate",
        &card,
        "--explain",
        "--outcomes",
        &facts,
        "--failed",
        "resolve-on-time",
    ];
    for volume in [
        "resolve=1150",
        "verify=9000",
        "scan=2501",
        "training=12.5",
        "calls=940",
        "team=3.5",
    ] {
        arguments.extend(["--volume", volume]);
    }
    let said = run(&[&arguments[..], &["--month", "2026-11"]].concat(), 0);
    for step in [
        "tier 1, over 0 to 5000: 5000 × 1.42 = 7100",
        "tier 2, over 5000 to 9000: 4000 × 1.3 = 5200",
        "2501 × 0.045 per unit = 112.545",
        "EUR 112.55",
        "dup-1: charged: confirmed by LV, who is not paid for it",
        "dup-2: not charged yet: confirmed only by who is paid for it",
        "dup-3: charged: LV was told and kept silent through the window",
        "dup-4: taken back: charged in an earlier month, reopened inside the window",
        "1 × 95 per outcome = 95",
        "75000 - 78515.35 reached, at least 0 = 0",
        "78515.35 × 12 % at risk = 9421.842, and EUR 9421.84 at most",
        "passed through at cost: no base for credits",
        "EUR 74959.01",
    ] {
        assert!(said.contains(step), "{step} is missing in\n{said}");
    }
    let said = run(&[&arguments[..], &["--month", "2027-02"]].concat(), 0);
    assert!(
        said.contains("index from 2027-01: × 1.031, rounded to 4 decimals: 0.045 → 0.0464"),
        "{said}"
    );
    let path = sample("outcomes.toml");
    let other = ["rate", &card, "--outcomes", &format!("verify={path}")];
    let volumes = arguments.split_off(7);
    let said = run(&[&other[..], &volumes, &["--month", "2026-11"]].concat(), 1);
    assert!(said.contains("BATON-BILL-013"), "{said}");
    assert!(run(&["rate", "--help"], 0).contains("packs/purchase-to-pay/rates/sample.toml"));
}

#[test]
fn a_currency_without_minor_units() {
    let card = Card::new("[[line]]\nid = \"v\"\nname = \"V\"\nper = \"unit\"\nprice = \"12.5\"\n");
    card.write(&card.text().replace("EUR", "JPY"));
    assert_eq!(card.total(&["--volume", "v=3"]), "38");
    card.write(&card.text().replace("\"up\"", "\"even\""));
    assert_eq!(card.total(&["--volume", "v=5"]), "62");
}

#[test]
fn bad_cards_are_refused_with_code_and_place() {
    let card = bands("edge");
    let good = card.text() + TV3;
    for (from, to, code, line) in [
        ("id = \"T\"", "idd = \"T\"", "BATON-BILL-001", 1),
        ("\"50000\"", "\"-5\"", "BATON-BILL-002", 11),
        ("\"50000\"", "\"99999999999999\"", "BATON-BILL-002", 11),
        ("\"10 %\"", "\"110 %\"", "BATON-BILL-002", 14),
        ("\"Volume\"", "\"\\u001b[2J\"", "BATON-BILL-002", 9),
        ("id = \"fee\"", "id = \"v\"", "BATON-BILL-003", 19),
        ("\"50000\"", "\"USD 50000\"", "BATON-BILL-005", 11),
        ("\"50000\"", "\"50000.001\"", "BATON-BILL-006", 11),
        ("\"1250\"", "\"1050\"", "BATON-BILL-007", 16),
        ("\"750\"", "\"950\"", "BATON-BILL-007", 17),
        (
            "{ price = \"35\" }",
            "{ to = \"1300\", price = \"35\" }",
            "BATON-BILL-008",
            16,
        ),
        ("per = \"unit\"", "per = \"fixed\"", "BATON-BILL-009", 8),
        (
            "critical = true\nallocation = \"40 %\"",
            "allocation = \"40 %\"",
            "BATON-BILL-010",
            29,
        ),
        ("pool = \"200 %\"", "pool = \"150 %\"", "BATON-BILL-011", 24),
        ("Europe/Berlin", "Europe/Nowhere", "BATON-BILL-021", 4),
    ] {
        assert!(good.contains(from), "{from}");
        card.write(&good.replacen(from, to, 1));
        let said = card.run(&["--volume", "v=1000"], 1);
        assert!(said.contains(code), "{to}: {said}");
        assert!(said.contains(&format!("line {line}: ")), "{to}: {said}");
    }
    let index = "[[index]]\nfrom = \"2026-05-01\"\nfactor = \"1.1\"\ndigits = 2\nhalf = \"up\"\n";
    card.write(&format!("{good}{index}{index}"));
    assert!(
        card.run(&["--volume", "v=1000"], 1)
            .contains("BATON-BILL-012")
    );
    let none = Card::new("");
    assert!(none.run(&[], 1).contains("BATON-BILL-004"));
}

#[test]
fn bad_questions_are_refused_with_code_and_argument() {
    let card = bands("edge");
    card.write(&(card.text() + TV3));
    let volume = "--volume";
    for (arguments, code) in [
        (vec![volume, "v"], "BATON-BILL-002"),
        (vec![volume, "v=1", volume, "v=2"], "BATON-BILL-003"),
        (vec![volume, "w=1000"], "BATON-BILL-013"),
        (vec![], "BATON-BILL-014"),
        (vec![volume, "fee=1"], "BATON-BILL-015"),
        (vec![volume, "v=-1"], "BATON-BILL-016"),
        (
            vec![volume, "v=99999999999999999999999999"],
            "BATON-BILL-016",
        ),
        (vec![volume, "v=1e3"], "BATON-BILL-016"),
        (vec![volume, "v=10.5"], "BATON-BILL-016"),
        (
            vec![volume, "v=1", "--failed", "a", "--failed", "a"],
            "BATON-BILL-003",
        ),
        (vec![volume, "v=1", "--failed", "z"], "BATON-BILL-018"),
        (
            vec![volume, "v=1", "--credited", "2026-11:a=5"],
            "BATON-BILL-019",
        ),
        (
            vec![volume, "v=1", "--credited", "2026-10:a=5.001"],
            "BATON-BILL-006",
        ),
    ] {
        let said = card.run(&arguments, 1);
        assert!(said.contains(code), "{arguments:?}: {said}");
    }
    let said = card.run(&[volume, "v=-1"], 1);
    assert!(said.starts_with("--volume v=-1: "), "{said}");
    let early = run(
        &["rate", &card.path(), "--month", "2025-12", volume, "v=1000"],
        1,
    );
    assert!(early.contains("BATON-BILL-017"), "{early}");
    let outcomes = Card::new(
        "[[line]]\nid = \"o\"\nname = \"O\"\nper = \"outcome\"\nprice = \"1\"\n[line.outcome]\npaid = \"KS\"\nreopen-days = 3\n",
    );
    assert!(outcomes.run(&[], 1).contains("BATON-BILL-022"));
    let huge =
        Card::new("[[line]]\nid = \"v\"\nname = \"V\"\nper = \"unit\"\nprice = \"1000000000\"\n");
    assert!(
        huge.run(&[volume, "v=1000000000"], 1)
            .contains("BATON-BILL-020")
    );
}
