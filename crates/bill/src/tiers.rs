//! Prices by volume: graduated, where each part costs its tier's price, and whole-volume, where the tier
//! that is reached prices everything.

use crate::card::{Step, TierRule};
use baton_model::Decimal;

/// The exact amount of a volume, and its steps in words.
pub fn amount(rule: TierRule, tiers: &[Step], volume: Decimal) -> (Decimal, Vec<String>) {
    match rule {
        TierRule::Graduated => graduated(tiers, volume),
        TierRule::Whole => whole(tiers, volume),
    }
}

fn graduated(tiers: &[Step], volume: Decimal) -> (Decimal, Vec<String>) {
    let (mut from, mut sum, mut words) = (Decimal::ZERO, Decimal::ZERO, Vec::new());
    words.push("graduated tiers: each part of the volume at its own price".into());
    for (place, tier) in tiers.iter().enumerate() {
        let until = tier.edge.map_or(volume, |edge| edge.min(volume));
        if until <= from {
            break;
        }
        let (part, price) = (until - from, tier.price);
        let amount = part * price;
        let place = place + 1;
        words.push(format!(
            "tier {place}, over {from} to {until}: {part} × {price} = {}",
            amount.normalize()
        ));
        (from, sum) = (until, sum + amount);
    }
    words.push(format!("together {}", sum.normalize()));
    (sum, words)
}

fn whole(tiers: &[Step], volume: Decimal) -> (Decimal, Vec<String>) {
    let reached = |tier: &&Step| tier.edge.is_none_or(|edge| volume <= edge);
    let Some(tier) = tiers.iter().find(reached) else {
        return (Decimal::ZERO, Vec::new());
    };
    let place = tiers.iter().take_while(|before| !reached(before)).count() + 1;
    let edge = tier
        .edge
        .map_or("without end".into(), |edge| format!("up to {edge}"));
    let (price, amount) = (tier.price, volume * tier.price);
    let words = vec![
        format!(
            "whole-volume tiers: {volume} lies in tier {place}, {edge}, which prices all of it"
        ),
        format!("{volume} × {price} = {}", amount.normalize()),
    ];
    (amount, words)
}
