//! Expressions: what they give, what is refused before it runs, and how fast.

use super::*;
use std::time::{Duration, Instant};

fn num(text: &str) -> Value {
    Value::number(text.parse::<baton_model::Decimal>().unwrap())
}

fn case() -> Value {
    let line = |net: &str| Value::map([("net", num(net)), ("item", Value::text("bolt"))]);
    Value::map([(
        "invoice",
        Value::map([
            ("net", num("100.10")),
            ("number", Value::text("4711")),
            ("lines", Value::List(vec![line("60.05"), line("40.05")])),
        ]),
    )])
}

fn run(text: &str) -> Result<Value, EvaluationError> {
    evaluate(
        text,
        &case(),
        Micros(1_767_225_600_000_000),
        "Europe/Berlin",
    )
}

#[test]
fn numbers_cross_exactly() {
    assert_eq!(run("invoice.net + 0.2").unwrap(), num("100.30"));
    assert_eq!(run("0.1 + 0.2").unwrap(), num("0.3"));
    assert_eq!(
        run("sum(invoice.lines.net) = invoice.net").unwrap(),
        Value::Bool(true)
    );
    assert_eq!(
        run("12345678901234567890.12345678").unwrap(),
        num("12345678901234567890.12345678")
    );
}

#[test]
fn lists_maps_and_dates_cross() {
    assert_eq!(
        run("for line in invoice.lines return line.net * 2").unwrap(),
        Value::List(vec![num("120.1"), num("80.1")])
    );
    assert_eq!(
        run("some line in invoice.lines satisfies line.net > 50").unwrap(),
        Value::Bool(true)
    );
    assert_eq!(
        run("invoice.lines[net > 50][1].item").unwrap(),
        Value::text("bolt")
    );
    assert_eq!(
        run("date(\"2026-01-31\") + duration(\"P1D\")").unwrap(),
        Value::text("2026-02-01")
    );
    assert_eq!(run("{a: 1, b: a + 1}.b").unwrap(), num("2"));
}

#[test]
fn the_instant_is_an_argument() {
    assert_eq!(
        run("string(now)").unwrap(),
        Value::text("2026-01-01T01:00:00@Europe/Berlin")
    );
    for text in ["now()", "today()"] {
        assert!(
            matches!(run(text), Err(EvaluationError::Refused { .. })),
            "{text}"
        );
    }
}

#[test]
fn a_null_with_an_error_is_an_error_and_names_no_value() {
    let error = run("invoice.number * 2").unwrap_err();
    assert!(matches!(error, EvaluationError::NoValue { .. }), "{error}");
    assert!(!error.to_string().contains("4711"), "{error}");
    assert!(run("nobody.knows").is_err());
    assert_eq!(run("invoice.order").unwrap(), Value::Null);
    assert_eq!(run("invoice.order = null").unwrap(), Value::Bool(true));
}

#[test]
fn what_takes_too_long_is_refused_at_once() {
    let chain = vec!["1"; 2_000].join("+");
    let short_chain = vec!["1"; 600].join("+");
    let deep = format!("{}1{}", "(".repeat(500), ")".repeat(500));
    let doubling = (1..60)
        .map(|n| format!("a{n}: concatenate(a{0},a{0})", n - 1))
        .collect::<Vec<_>>()
        .join(",");
    let texts = [
        chain.as_str(),
        short_chain.as_str(),
        deep.as_str(),
        "for i in 1..1000000 return i",
        "for i in 1..10000 return i",
        "for i in 1..10000, j in 1..10000 return i * j",
        "some i in [1..1000000] satisfies i = -1",
        "for i in 1..1000 return for j in 1..1000 return for k in 1..1000 return k",
        "for i in 1..count(invoice.lines) return i",
        "for i in [1..1000000] return i",
        "for i in 1..10000 return sum(partial)",
        "{f: function(n) if n = 0 then 0 else f(n - 1), x: f(100000)}.x",
        "(function(f, n) f(f, n + 1))(function(f, n) f(f, n + 1), 1)",
        "function(a) external {java: {class: \"x\", method signature: \"y()\"}}",
        &format!("{{a0: [1,2,3,4,5,6,7,8], {doubling}}}"),
    ];
    for text in texts {
        let start = Instant::now();
        let result = run(text);
        assert!(result.is_err(), "{} gave {result:?}", begin(text));
        assert!(start.elapsed() < Duration::from_secs(1), "{}", begin(text));
    }
}

#[test]
fn what_is_allowed_ends_within_a_second() {
    for text in [
        "sum(for i in 1..1000 return i * 2)",
        "sum(for i in 1..1200 return i)",
        "some i in [1..10000] satisfies i < 0",
        "count(for i in 1..15, j in 1..15 return [i, j])",
    ] {
        let start = Instant::now();
        run(text).unwrap();
        assert!(
            start.elapsed() < Duration::from_secs(1),
            "{text}: {:?}",
            start.elapsed()
        );
    }
}

#[test]
fn garbage_is_refused_without_a_panic() {
    for text in [
        "", "(", "\"open", "a b c +", "1 +", "}{", "@\"x\"", "if", "for", "[1..", "\u{0}",
        "/* open", "é+ü", "x[", "-", "{a:",
    ] {
        assert!(run(text).is_err(), "{text}");
    }
}

#[test]
fn brackets_in_texts_and_comments_do_not_count() {
    let text = format!("\"{}\" = \"\" /* {} */", "(".repeat(100), "[".repeat(100));
    assert_eq!(run(&text).unwrap(), Value::Bool(false));
}

#[test]
fn reads_names_the_paths() {
    let found = reads("invoice.net > 5 and supplier.iban != \"x.y\" and count(match.lines[1].net)");
    for path in ["invoice.net", "supplier.iban", "match.lines"] {
        assert!(found.contains(path), "{path}");
    }
    assert!(!found.contains("x.y"));
}

#[test]
fn each_refusal_has_its_code() {
    let long = format!("\"{}\"", "x".repeat(MAX_BYTES));
    let deep = format!(
        "{}1{}",
        "(".repeat(MAX_DEPTH + 1),
        ")".repeat(MAX_DEPTH + 1)
    );
    let refused = [
        (long.as_str(), "BATON-FEEL-001"),
        (deep.as_str(), "BATON-FEEL-002"),
        ("1 +", "BATON-FEEL-003"),
        ("today()", "BATON-FEEL-004"),
        ("for i in 1..10000 return i", "BATON-FEEL-005"),
        ("invoice.number * 2", "BATON-FEEL-006"),
        ("function(a) a", "BATON-FEEL-007"),
        ("10 ** 40", "BATON-FEEL-008"),
    ];
    for (text, code) in refused {
        let error = run(text).unwrap_err().to_string();
        assert!(error.starts_with(code), "{}: {error}", begin(text));
    }
}

#[test]
fn the_bound_knows_the_lists_of_the_case() {
    let line = |parts: usize| {
        Value::map([
            ("net", Value::number(1)),
            ("parts", Value::List(vec![Value::number(1); parts])),
        ])
    };
    let context = |lines: usize, parts: usize| {
        let mut list = vec![line(1); lines];
        list.push(line(parts));
        Value::map([("lines", Value::List(list))])
    };
    let run = |text: &str, context: &Value| evaluate(text, context, Micros(0), "UTC");
    let many = context(300, 1);
    assert_eq!(
        run("sum(for line in lines return line.net)", &many).unwrap(),
        Value::number(301)
    );
    assert_eq!(
        run(
            "count(for line in lines, part in line.parts return part)",
            &many
        )
        .unwrap(),
        Value::number(301)
    );
    let uneven = context(900, 3_000);
    let start = Instant::now();
    let error = run(
        "some line in lines satisfies some a in line.parts, b in line.parts satisfies a + b < 0",
        &uneven,
    );
    assert!(
        matches!(error, Err(EvaluationError::TooMuch { .. })),
        "{error:?}"
    );
    assert!(start.elapsed() < Duration::from_secs(1));
}
