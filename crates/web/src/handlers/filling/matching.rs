//! Lines compared: order, receipt and invoice side by side with their variance, and the rules that
//! fired. Drawn from the case's own fields and events; every figure was computed before.

use crate::pages::case::Fired;
use crate::pages::parts::{Cell, Mark, Note, Row, Table, Tag, Tone};
use baton_app::command::{Entry, Event, FiredRule};
use baton_app::views::headline::{grouped, words};
use baton_model::{Decimal, Value};

/// The table of compared lines, where the case has been matched.
pub(crate) fn lines(facts: &Value, verdicts: Option<&Value>) -> Option<Table> {
    let lines = facts.items();
    if lines.is_empty() {
        return None;
    }
    let mut table = Table::new(&[
        "Line",
        "~#Ordered",
        "~#Received",
        "#Invoiced",
        "~#Order price",
        "#Invoice price",
        "#Variance",
        "~Result",
    ]);
    for (place, line) in lines.iter().enumerate() {
        let verdict = verdicts.and_then(|verdicts| verdict(verdicts, place));
        table.rows.push(row(line, verdict));
    }
    Some(table)
}

/// The same in short, for the preview beside a list.
pub(crate) fn brief(facts: &Value, verdicts: Option<&Value>) -> Option<Table> {
    let lines = facts.items();
    let mut table = Table::new(&["Line", "#Order", "#Receipt", "#Invoice", "#Variance"]);
    for (place, line) in lines.iter().enumerate() {
        let exception = verdicts
            .and_then(|verdicts| verdict(verdicts, place))
            .is_some_and(is_exception);
        let tone = if exception { Tone::Strong } else { Tone::Plain };
        let number = |name: &str| {
            let number = line.get(name).and_then(Value::as_number);
            Cell::text(number.map_or_else(|| "–".into(), plain))
        };
        let over = sum(line, &["amount_over_quantity", "amount_over_price"]);
        let name = format!("{} {}", text(line, "line"), text(line, "name"));
        table.rows.push(Row {
            cells: vec![
                Cell::text(name.chars().take(22).collect::<String>()).tone(tone),
                priced(line, "order_price"),
                number("received"),
                priced(line, "price").tone(tone),
                Cell::text(signed(over)).tone(if exception { Tone::Risk } else { Tone::Quiet }),
            ],
            mark: Mark::None,
        });
    }
    (!lines.is_empty()).then_some(table)
}

/// The verdict on a line: the exception among its verdicts, else the first. A table that collects gives
/// several a line, one that does not gives one.
fn verdict(verdicts: &Value, place: usize) -> Option<&Value> {
    let of_line = verdicts.items().get(place)?;
    let several = of_line.items();
    several
        .iter()
        .find(|verdict| is_exception(verdict))
        .or(several.first())
        .or(Some(of_line))
}

fn is_exception(verdict: &Value) -> bool {
    verdict.get("result").and_then(Value::as_text) == Some("exception")
}

/// The first exception in words, like `Price +5.0 % on line 30`.
pub(crate) fn said(lines: &Value, verdicts: &Value) -> Option<String> {
    let found = lines.items().iter().enumerate().find_map(|(place, line)| {
        let verdict = verdict(verdicts, place).filter(|verdict| is_exception(verdict))?;
        Some((line, text(verdict, "reason")))
    });
    let (line, reason) = found?;
    let over = line
        .get(&format!("{reason}_over_percent"))
        .and_then(Value::as_number)
        .filter(|over| !over.is_zero());
    let over = over
        .map(|over| {
            format!(
                " {}{} %",
                if over.is_sign_positive() { "+" } else { "" },
                over.round_dp(1)
            )
        })
        .unwrap_or_default();
    let (reason, line) = (super::case::capital(&reason), text(line, "line"));
    Some(if reason.ends_with("line") {
        format!("{reason} {line}")
    } else {
        format!("{reason}{over} on line {line}")
    })
}

fn row(line: &Value, verdict: Option<&Value>) -> Row {
    let exception = verdict.is_some_and(is_exception);
    let number = |name: &str| {
        Cell::text(
            line.get(name)
                .and_then(Value::as_number)
                .map(plain)
                .unwrap_or_else(|| "–".into()),
        )
    };
    let name = format!("{} {}", text(line, "line"), text(line, "name"));
    let over = sum(line, &["amount_over_quantity", "amount_over_price"]);
    let tone = if exception { Tone::Strong } else { Tone::Plain };
    Row {
        cells: vec![
            Cell::text(name.trim()).tone(tone),
            number("ordered"),
            number("received"),
            number("quantity"),
            priced(line, "order_price"),
            priced(line, "price").tone(tone),
            Cell::text(signed(over)).tone(tone),
            result(line, verdict, exception),
        ],
        mark: if exception { Mark::Picked } else { Mark::None },
    }
}

fn result(line: &Value, verdict: Option<&Value>, exception: bool) -> Cell {
    let percent = ["price_over_percent", "quantity_over_percent"];
    let percent = percent
        .iter()
        .filter_map(|name| line.get(name)?.as_number())
        .find(|percent| !percent.is_zero());
    let reason = verdict
        .map(|verdict| text(verdict, "reason"))
        .unwrap_or_default();
    if exception {
        let tag = percent.map_or(reason.clone(), |percent| {
            format!("{} %", plain(percent.round_dp(1)))
        });
        return Cell {
            tag: Some(Tag {
                text: tag,
                tone: Tone::Risk,
            }),
            ..Cell::default()
        };
    }
    match percent {
        Some(percent) => Cell {
            tag: Some(Tag {
                text: format!("{} %", plain(percent.round_dp(1))),
                tone: Tone::Plain,
            }),
            ..Cell::text("passes")
        },
        None => Cell::text("none").tone(Tone::Quiet),
    }
}

fn sum(line: &Value, names: &[&str]) -> Decimal {
    names
        .iter()
        .filter_map(|name| line.get(name)?.as_number())
        .sum()
}

fn signed(amount: Decimal) -> String {
    let sign = if amount > Decimal::ZERO { "+" } else { "" };
    format!("{sign}{}", grouped(&format!("{amount:.2}")))
}

fn plain(number: Decimal) -> String {
    grouped(&number.normalize().to_string())
}

/// A price of a line, with two decimals at least and its own where it has more.
fn priced(line: &Value, name: &str) -> Cell {
    let price = line.get(name).and_then(Value::as_number);
    Cell::text(price.map_or_else(|| "–".into(), price_words))
}

fn price_words(price: Decimal) -> String {
    let price = price.normalize();
    if price.scale() < 2 {
        return grouped(&format!("{price:.2}"));
    }
    grouped(&price.to_string())
}

fn text(value: &Value, name: &str) -> String {
    value.get(name).map(words).unwrap_or_default()
}

/// The rules that fired, of the last round of decisions in these entries.
pub(crate) fn fired(entries: &[&Entry]) -> Option<Fired> {
    let last = entries.iter().rfind(|entry| {
        entry
            .events
            .iter()
            .any(|event| matches!(event, Event::Decided { .. }))
    })?;
    let mut table = Table::new(&["Rule", "Input", "Result"]);
    let mut said = Vec::new();
    let mut version = 0;
    for event in &last.events {
        let Event::Decided {
            decision,
            element,
            rules,
            version: of,
            ..
        } = event
        else {
            continue;
        };
        version = *of;
        for rule in rules {
            let exception = outcome(rule) == "exception";
            if exception {
                said.push(note(decision, rule));
            }
            table
                .rows
                .push(rule_row(decision, *element, rule, exception));
        }
    }
    table.rows.sort_by_key(|row| row.mark == Mark::None);
    let tone = if said.is_empty() {
        Tone::Good
    } else {
        Tone::Risk
    };
    let text = if said.is_empty() {
        "every limit that is set holds → pass".into()
    } else {
        said.join("; ")
    };
    let note = Note {
        tone,
        strong: format!("Decided by version {version} of the process"),
        text,
    };
    Some(Fired { note, rules: table })
}

fn outcome(rule: &FiredRule) -> String {
    let result = rule.outputs.iter().find(|(name, _)| name == "result");
    result.map(|(_, value)| words(value)).unwrap_or_default()
}

fn note(decision: &str, rule: &FiredRule) -> String {
    let said = if rule.note.is_empty() {
        output(rule, "reason")
    } else {
        rule.note.clone()
    };
    format!(
        "{decision}, rule {} fired: {said} → {}",
        rule.index,
        outcome(rule)
    )
}

fn output(rule: &FiredRule, name: &str) -> String {
    rule.outputs
        .iter()
        .find(|(output, _)| output == name)
        .map(|(_, value)| words(value))
        .unwrap_or_default()
}

fn rule_row(decision: &str, element: Option<u32>, rule: &FiredRule, exception: bool) -> Row {
    let place = element
        .map(|element| format!(", line {}", element + 1))
        .unwrap_or_default();
    let reason = output(rule, "reason");
    let about = |name: &str| !reason.is_empty() && short(name).contains(&reason);
    let narrow = rule.inputs.iter().any(|(name, _)| about(name));
    let seen = rule
        .inputs
        .iter()
        .filter(|(name, _)| !narrow || about(name));
    let inputs: Vec<String> = seen
        .map(|(name, value)| format!("{} {}", short(name), words(value)))
        .collect();
    let result = if exception {
        Cell::text(output(rule, "reason")).tone(Tone::Risk)
    } else {
        Cell::text("pass").tone(Tone::Good)
    };
    let mark = if exception { Mark::Picked } else { Mark::None };
    Row {
        cells: vec![
            Cell::text(format!("{} {decision}{place}", rule.index)),
            Cell::text(inputs.join(", ")),
            result,
        ],
        mark,
    }
}

/// `line.price_over_percent` as `price over percent`.
fn short(expression: &str) -> String {
    expression
        .rsplit('.')
        .next()
        .unwrap_or(expression)
        .replace('_', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_have_two_decimals_at_least() {
        let said = |text: &str| price_words(text.parse().expect("a number"));
        let prices = ["38.9", "38.90", "12", "0.0120", "1234.5", "-4"].map(said);
        assert_eq!(
            prices,
            ["38.90", "38.90", "12.00", "0.012", "1,234.50", "−4.00"]
        );
    }
}
