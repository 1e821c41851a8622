//! `baton rate`: a month by a rate card, without a data folder: what it costs, and why.

use super::Outcome;
use crate::failure::Failure;
use baton_app::rates::{Asked, Bill, Charge, CreditLine, Fault, RateCard, ask, rate, read};
use baton_model::{Diagnostic, Money, Month};
use clap::Args;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// The charges and service credits of a month by a rate card, from volumes you name.
#[derive(Args)]
#[command(after_help = "\
Examples:
  baton rate CARD.toml --volume resolve=1150 --month 2026-11 --explain
  baton rate CARD.toml --volume resolve=1150 --failed resolve-on-time --json
  baton rate CARD.toml … --credited 2026-10:resolve-on-time=4800
      an earlier credit: failing again multiplies, good months earn it back
  baton rate CARD.toml … --outcomes recovered=facts.toml
      outcomes, with who confirmed them

A card with every kind of line and its outcomes, to be tried from Baton's own folder:
  baton rate packs/purchase-to-pay/rates/sample.toml --month 2026-11 --explain \\
    --outcomes recovered=packs/purchase-to-pay/rates/outcomes.toml \\
    --volume resolve=1150 --volume verify=9000 --volume scan=2500 --volume calls=940 \\
    --volume training=12.5 --volume team=3.5 --failed resolve-on-time")]
pub(crate) struct Rate {
    /// The rate card, a TOML file
    card: PathBuf,
    /// How much of a line was done
    #[arg(long, value_name = "LINE=NUMBER")]
    volume: Vec<String>,
    /// The outcomes of a line, a TOML file of [[outcome]] entries
    #[arg(long, value_name = "LINE=FILE", value_parser = line_file)]
    outcomes: Vec<(String, PathBuf)>,
    /// A service level that failed in the month
    #[arg(long, value_name = "LEVEL")]
    failed: Vec<String>,
    /// A credit of an earlier month; months without one count as good
    #[arg(long, value_name = "MONTH:LEVEL=AMOUNT")]
    credited: Vec<String>,
    /// The month, like 2026-11; the one that runs where none is named
    #[arg(long, value_name = "MONTH", value_parser = super::statement::month)]
    month: Option<Month>,
    /// Say of each line which rule made it, step by step
    #[arg(long)]
    explain: bool,
    /// Print JSON
    #[arg(long, conflicts_with = "explain")]
    json: bool,
}

/// What is wrong, each with where.
type Wrong = Vec<String>;

/// A line, the file with its outcomes, and the file's text.
type Facts = (String, PathBuf, String);

fn line_file(text: &str) -> Result<(String, PathBuf), String> {
    let (line, path) = text
        .split_once('=')
        .ok_or("write a line and a file, like recovered=facts.toml")?;
    Ok((line.into(), path.into()))
}

impl Rate {
    pub(crate) fn run(self) -> Outcome {
        let text = std::fs::read_to_string(&self.card).map_err(Failure::io(&self.card))?;
        let facts = self.facts()?;
        let billed = read::read(&text)
            .map_err(|found| placed(&self.card, &found))
            .and_then(|card| Ok((self.bill(&card, facts)?, card)));
        match billed {
            Ok((bill, card)) if self.json => println!("{:#}", bill_json(&card, &bill)),
            Ok((bill, card)) => self.print(&card, &bill),
            Err(wrong) => {
                wrong.iter().for_each(|wrong| println!("{wrong}"));
                return Ok(ExitCode::from(1));
            }
        }
        Ok(ExitCode::SUCCESS)
    }

    /// The texts of the files of outcomes, by line.
    fn facts(&self) -> Result<Vec<Facts>, Failure> {
        let read = |(line, path): &(String, PathBuf)| {
            let text = std::fs::read_to_string(path).map_err(Failure::io(path))?;
            Ok((line.clone(), path.clone(), text))
        };
        self.outcomes.iter().map(read).collect()
    }

    fn bill(&self, card: &RateCard, facts: Vec<Facts>) -> Result<Bill, Wrong> {
        let mut wrong = Wrong::new();
        let mut volumes = BTreeMap::new();
        for text in &self.volume {
            let twice = |line: &str| Fault::Twice {
                kind: "volume of line",
                id: line.into(),
            };
            let read = ask::volume(card, text).and_then(|(line, volume)| {
                let before = volumes.insert(line.clone(), volume);
                before.map_or(Ok(()), |_| Err(twice(&line)))
            });
            wrong.extend(read.err().map(|fault| argument("--volume", text, &fault)));
        }
        let mut outcomes = BTreeMap::new();
        for (line, path, text) in facts {
            match read::outcomes::read(&text) {
                Ok(found) if !outcomes.contains_key(&line) => drop(outcomes.insert(line, found)),
                Ok(_) => {
                    let kind = "file of outcomes for line";
                    wrong.push(said(&Fault::Twice { kind, id: line }));
                }
                Err(found) => wrong.extend(placed(&path, &found)),
            }
        }
        let mut credited = Vec::new();
        for text in &self.credited {
            match ask::credited(card, text) {
                Ok(credit) => credited.push(credit),
                Err(fault) => wrong.push(argument("--credited", text, &fault)),
            }
        }
        if !wrong.is_empty() {
            return Err(wrong);
        }
        let month = self.month.unwrap_or_else(|| running(card));
        let failed = self.failed.clone();
        let asked = Asked {
            month,
            volumes,
            outcomes,
            failed,
            credited,
        };
        rate(card, &asked).map_err(|fault| vec![said(&fault)])
    }

    fn print(&self, card: &RateCard, bill: &Bill) {
        println!("{} {}, {}", card.id, card.name, bill.month.words());
        for charge in &bill.charges {
            row(&charge.name, &counted(charge), charge.amount);
            self.steps(&charge.words);
        }
        row("Charges", "", bill.charged);
        if let Some(credits) = &bill.credits {
            for line in &credits.lines {
                row(&credit_name(line), "", line.amount);
                self.steps(&line.words);
            }
        }
        row("Total, before tax", "", bill.total);
    }

    fn steps(&self, words: &[String]) {
        for step in words.iter().filter(|_| self.explain) {
            println!("      {step}");
        }
    }
}

fn row(name: &str, quantity: &str, amount: Money) {
    println!("  {name:<44} {quantity:>16} {:>20}", amount.to_string());
}

fn running(card: &RateCard) -> Month {
    let now = jiff::Timestamp::now().as_microsecond();
    Month::of(baton_model::Micros(now), &card.zone)
}

fn placed(path: &Path, found: &[Diagnostic]) -> Wrong {
    found
        .iter()
        .map(|finding| format!("{}: {finding}", path.display()))
        .collect()
}

fn said(fault: &Fault) -> String {
    format!("{fault} [{}]", fault.code())
}

fn argument(name: &str, text: &str, fault: &Fault) -> String {
    format!("{name} {text}: {}", said(fault))
}

fn counted(charge: &Charge) -> String {
    let quantity = charge
        .quantity
        .map(|quantity| format!("{quantity} {}", charge.per.words(quantity)));
    quantity.unwrap_or_default()
}

fn credit_name(line: &CreditLine) -> String {
    let kind = match line.amount.minor {
        0 => "Reported",
        1.. => "Earned back",
        _ => "Credit",
    };
    format!("{kind}: {}", line.name)
}

fn bill_json(card: &RateCard, bill: &Bill) -> Value {
    let charge = |charge: &Charge| {
        json!({
            "line": charge.line, "name": charge.name, "quantity": charge.quantity, "per": charge.per.word(),
            "pass_through": charge.pass_through, "exact": charge.exact.normalize(),
            "amount": charge.amount.amount(), "explained": charge.words,
        })
    };
    let credit = |line: &CreditLine| {
        json!({
            "level": line.level, "name": line.name, "amount": line.amount.amount(), "explained": line.words,
        })
    };
    let credits = bill.credits.as_ref().map(|credits| {
        json!({
            "base": credits.base.amount(), "cap": credits.cap.amount(),
            "lines": credits.lines.iter().map(credit).collect::<Vec<_>>(),
        })
    });
    json!({
        "card": card.id, "month": bill.month, "currency": card.currency,
        "charges": bill.charges.iter().map(charge).collect::<Vec<_>>(),
        "charged": bill.charged.amount(), "credits": credits, "total": bill.total.amount(),
    })
}
