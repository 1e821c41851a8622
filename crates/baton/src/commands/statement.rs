//! `baton statement` and `baton scorecard`: a month's charges and service levels, as pages show them to
//! the client, for the terminal, as JSON or as CSV.

use super::Outcome;
use crate::failure::Failure;
use crate::open::{Data, Open};
use baton_app::figures::{self, Sight};
use baton_app::views::marked_table;
use baton_app::views::scorecard::{Score, Scorecard};
use baton_app::views::statement::Statement;
use baton_model::share::percent;
use baton_model::{AgreementId, Decimal, Month, PartyId};
use clap::Args;
use serde_json::json;
use std::io::Write;
use std::process::ExitCode;

/// Which month, and how it is printed.
#[derive(Args)]
struct How {
    /// The month, like 2026-11; the one that runs where none is named
    #[arg(long, value_name = "MONTH", value_parser = month)]
    month: Option<Month>,
    /// Print JSON
    #[arg(long, conflicts_with = "csv")]
    json: bool,
    /// Print CSV
    #[arg(long)]
    csv: bool,
}

pub(super) fn month(text: &str) -> Result<Month, String> {
    Month::parse(text).ok_or_else(|| "write a month like 2026-11".into())
}

/// The service levels of a month: counts, values with their interval, how they stand.
#[derive(Args)]
#[command(after_help = "\
Examples:
  baton scorecard --data ./data --month 2026-11
  baton scorecard --data ./data --party KS --json")]
pub(crate) struct ScorecardCommand {
    #[command(flatten)]
    data: Data,
    #[command(flatten)]
    how: How,
    /// As this party sees it
    #[arg(long)]
    party: Option<String>,
}

/// The charges of a month under an agreement: accepted items by lane, times their unit price.
#[derive(Args)]
#[command(after_help = "\
Examples:
  baton statement --data ./data KS-2026 --month 2026-11
  baton statement --data ./data KS-2026 --month 2026-11 --json > KS-2026-11.json
  baton verify --data ./data --statement KS-2026-11.json      recompute it from the journal")]
pub(crate) struct StatementCommand {
    #[command(flatten)]
    data: Data,
    /// The agreement's id
    agreement: String,
    #[command(flatten)]
    how: How,
}

impl How {
    fn month(&self, open: &Open) -> Result<Month, Failure> {
        let month = self
            .month
            .map_or_else(|| figures::running(&open.app, &open.tenant), Ok);
        Ok(month?)
    }
}

impl ScorecardCommand {
    pub(crate) fn run(self) -> Outcome {
        let open = self.data.open()?;
        let month = self.how.month(&open)?;
        let party = self.party.as_deref().map(PartyId::new);
        let sight = Sight::of(&open.app, &open.tenant, party)?;
        let card = sight.scorecard(month)?;
        match () {
            () if self.how.json => println!("{}", card_json(&card, sight.simulated)),
            () if self.how.csv => print_bytes(&card_csv(&card, sight.simulated))?,
            () => {
                mark(sight.simulated);
                print_card(&card);
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn print_bytes(bytes: &[u8]) -> Result<(), Failure> {
    std::io::stdout()
        .write_all(bytes)
        .map_err(Failure::io("the output"))
}

fn scores(card: &Scorecard) -> impl Iterator<Item = &Score> {
    card.cards.iter().flat_map(|card| &card.scores)
}

/// A part of one with four decimals of a percent.
fn part(value: Option<Decimal>) -> String {
    value.map_or_else(String::new, |value| {
        (value * Decimal::from(100))
            .round_dp(4)
            .normalize()
            .to_string()
    })
}

fn minutes(score: &Score) -> i64 {
    score.tally.over.0 / 60_000_000
}

/// Says of what is printed that it is simulated.
pub(super) fn mark(simulated: bool) {
    if simulated {
        println!("SIMULATED DATA");
    }
}

fn print_card(card: &Scorecard) {
    println!("{}", card.month.words());
    for part_of in &card.cards {
        let agreement = &part_of.set.agreement;
        println!(
            "{} {} v{}",
            agreement.provider, agreement.id, part_of.set.version
        );
        for score in &part_of.scores {
            let tally = &score.tally;
            let between = tally.between();
            let ends = between.map_or_else(String::new, |between| {
                format!(
                    "[{} to {}]",
                    part(Some(between.low)),
                    part(Some(between.high))
                )
            });
            println!(
                "  {:<24} {:>8} % of {:<6} {ends:<22} target {} %  {}  missed {}, excluded {}, open {}, {} min past target",
                score.level.id,
                part(tally.value()),
                tally.due(),
                percent(score.level.target),
                score.standing.words(),
                tally.missed,
                tally.excluded,
                tally.open,
                minutes(score)
            );
        }
    }
}

fn card_json(card: &Scorecard, simulated: bool) -> serde_json::Value {
    let level = |score: &Score| {
        let tally = &score.tally;
        let between = tally.between();
        json!({
            "agreement": score.set.agreement.id, "version": score.set.version,
            "party": score.set.agreement.provider, "level": score.level.id, "lane": score.level.lane,
            "target": percent(score.level.target), "met": tally.met, "due": tally.due(),
            "missed": tally.missed, "excluded": tally.excluded, "open": tally.open,
            "value": part(tally.value()), "low": part(between.map(|it| it.low)),
            "high": part(between.map(|it| it.high)), "over_us": tally.over.0,
            "state": score.standing.words(),
        })
    };
    let levels: Vec<_> = scores(card).map(level).collect();
    json!({"month": card.month, "simulated": simulated, "levels": levels})
}

fn card_csv(card: &Scorecard, simulated: bool) -> Vec<u8> {
    let rows = scores(card).map(|score| {
        let tally = &score.tally;
        vec![
            score.set.agreement.provider.to_string(),
            score.set.agreement.id.to_string(),
            score.level.id.clone(),
            tally.met.to_string(),
            tally.due().to_string(),
            part(tally.value()),
            percent(score.level.target),
            score.standing.words().to_string(),
            tally.over.0.to_string(),
        ]
    });
    let columns = [
        "party",
        "agreement",
        "level",
        "met",
        "due",
        "value",
        "target",
        "state",
        "over_us",
    ];
    marked_table(simulated, &columns, rows)
}

impl StatementCommand {
    pub(crate) fn run(self) -> Outcome {
        let open = self.data.open()?;
        let month = self.how.month(&open)?;
        let id = AgreementId::new(&self.agreement);
        let sight = Sight::of(&open.app, &open.tenant, None)?;
        let found = sight.exported(&id, month)?.ok_or_else(|| {
            Failure::Said(format!(
                "no agreement {id} counts in {month}; `baton agreement list` shows which there are"
            ))
        })?;
        match () {
            () if self.how.json => {
                let file = figures::statement_json(&found.statement, found.head, sight.simulated);
                println!("{file}");
            }
            () if self.how.csv => print_bytes(&statement_csv(&found.statement, sight.simulated))?,
            () => {
                mark(sight.simulated);
                print_statement(&found.statement);
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// A statement's lines and total.
pub(super) fn print_statement(statement: &Statement) {
    println!("{} {}", statement.agreement, statement.month);
    for line in &statement.lines {
        println!(
            "  {:<28} {:>8} × {:<8} = {:>12}",
            line.key(),
            line.quantity,
            line.unit,
            line.amount.amount()
        );
    }
    println!("  {:<28} {:>35}", "total", statement.total);
}

fn statement_csv(statement: &Statement, simulated: bool) -> Vec<u8> {
    let rows = statement.lines.iter().map(|line| {
        vec![
            line.key(),
            line.quantity.to_string(),
            line.unit.to_string(),
            line.amount.amount().to_string(),
            statement.currency.to_string(),
        ]
    });
    let columns = ["line", "quantity", "unit", "amount", "currency"];
    marked_table(simulated, &columns, rows)
}
