//! Expressions made of FEEL's own pieces at random, always the same ones: none panics, hangs or takes a
//! second, whether it is sound or not.
#![allow(clippy::unwrap_used, clippy::print_stdout)] // a test, helpers and all

use baton_engine::feel::evaluate;
use baton_model::{Micros, Value};
use std::time::{Duration, Instant};

const PIECES: [&str; 72] = [
    "1",
    "2.5",
    "10000",
    "-",
    "+",
    "*",
    "/",
    "**",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ",",
    ":",
    ".",
    "..",
    "=",
    "!=",
    "<",
    "<=",
    ">",
    "\"a\"",
    "\"x.*(\"",
    "true",
    "null",
    "a",
    "b",
    "lines",
    "lines.net",
    "item",
    "and",
    "or",
    "not(",
    "if",
    "then",
    "else",
    "for",
    "i",
    "in",
    "return",
    "some",
    "every",
    "satisfies",
    "between",
    "instance of",
    "function(",
    "date(",
    "time(",
    "duration(",
    "string(",
    "sum(",
    "count(",
    "sort(",
    "matches(",
    "replace(",
    "split(",
    "substring(",
    "concatenate(",
    "flatten(",
    "list replace(",
    "index of(",
    "range(",
    "get value(",
    "context put(",
    "@\"P1D\"",
    "@\"2026-01-31\"",
    "?",
    "number(",
    "decimal(",
    "string join(",
];

#[test]
fn noise_is_survived() {
    let rounds = std::env::var("BATON_NOISE")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(4_000);
    let run = move || {
        let line = Value::map([("net", Value::number(5)), ("item", Value::text("bolt"))]);
        let context = Value::map([
            ("a", Value::number(3)),
            ("b", Value::text("text")),
            ("lines", Value::List(vec![line; 40])),
        ]);
        let (mut seed, mut given, mut longest) = (88_172_645_463_325_252_u64, 0, Duration::ZERO);
        for _ in 0..rounds {
            let text = noise(&mut seed);
            let start = Instant::now();
            given += usize::from(evaluate(&text, &context, Micros(0), "UTC").is_ok());
            let took = start.elapsed();
            longest = longest.max(took);
            assert!(took < Duration::from_secs(1), "{text} took {took:?}");
        }
        println!("{given} of {rounds} have a value; the slowest took {longest:?}");
    };
    std::panic::set_hook(Box::new(|_| {}));
    let run = std::thread::Builder::new()
        .stack_size(64 << 20)
        .spawn(run)
        .unwrap()
        .join();
    let _ = std::panic::take_hook();
    assert!(
        run.is_ok(),
        "{}",
        run.unwrap_err()
            .downcast_ref::<String>()
            .cloned()
            .unwrap_or_default()
    );
}

fn noise(seed: &mut u64) -> String {
    let mut next = |most: u64| {
        *seed ^= *seed << 13;
        *seed ^= *seed >> 7;
        *seed ^= *seed << 17;
        (*seed % most) as usize
    };
    let length = 1 + next(14);
    let pieces: Vec<_> = (0..length)
        .map(|_| PIECES[next(PIECES.len() as u64)])
        .collect();
    let mut text = pieces.join(" ");
    // Close what was opened, so that more of it gets past the parser.
    for _ in 0..text
        .matches('(')
        .count()
        .saturating_sub(text.matches(')').count())
    {
        text.push(')');
    }
    text
}
