//! The split of a lane's cases by share, exactly: after any number of cases each party has its share of
//! them to within less than one case.
//!
//! The rule is Tijdeman's for the chairman assignment problem (R. Tijdeman, "The chairman assignment
//! problem", Discrete Mathematics 32, 1980): of the parties whose turn may come now, that one goes first
//! whose turn must come soonest. It keeps every prefix within `1 - 1/(2n - 2)` of the shares of n
//! parties. All in whole numbers.

use baton_model::PartyId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How many cases were drawn between the same parties, and how many each got.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// All of them.
    pub cases: u64,
    /// Each party's.
    pub by: BTreeMap<PartyId, u64>,
}

impl Count {
    /// How many cases a party got.
    pub fn of(&self, party: &PartyId) -> u64 {
        self.by.get(party).copied().unwrap_or_default()
    }

    /// Counts a case to a party.
    pub fn add(&mut self, party: &PartyId) {
        self.cases += 1;
        *self.by.entry(party.clone()).or_default() += 1;
    }

    /// Whose turn the next case is, between parties with weights above 0; nobody's where there is none.
    pub fn next<'a>(&self, weights: &[(&'a PartyId, u32)]) -> Option<&'a PartyId> {
        let [first, _, ..] = weights else {
            return weights.first().map(|(party, _)| *party);
        };
        let all: i128 = weights.iter().map(|(_, weight)| i128::from(*weight)).sum();
        let turns = 2 * weights.len() as i128 - 2;
        // How far a party is behind its share once the next case is there, times `all`.
        let behind = |(party, weight): &(&PartyId, u32)| {
            i128::from(*weight) * (i128::from(self.cases) + 1) - i128::from(self.of(party)) * all
        };
        let may = weights.iter().filter(|one| behind(one) * turns >= all);
        let soonest = may.min_by(|one, other| {
            let left = |one| all * (turns - 1) - turns * behind(one);
            // left / weight, compared across.
            (left(one) * i128::from(other.1)).cmp(&(left(other) * i128::from(one.1)))
        });
        Some(soonest.unwrap_or(first).0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parties(weights: &[u32]) -> Vec<(PartyId, u32)> {
        let named = weights.iter().enumerate();
        named
            .map(|(number, weight)| (PartyId::new(format!("P{number}")), *weight))
            .collect()
    }

    /// The largest distance of any party from its share after any of so many cases.
    fn worst(weights: &[u32], cases: u64) -> f64 {
        let parties = parties(weights);
        let weights: Vec<(&PartyId, u32)> =
            parties.iter().map(|(id, weight)| (id, *weight)).collect();
        let all: f64 = parties.iter().map(|(_, weight)| f64::from(*weight)).sum();
        let (mut count, mut worst) = (Count::default(), 0.0_f64);
        for case in 1..=cases {
            let party = count.next(&weights).expect("somebody's turn").clone();
            count.add(&party);
            for (party, weight) in &parties {
                let share = case as f64 * f64::from(*weight) / all;
                worst = worst.max((share - count.of(party) as f64).abs());
            }
        }
        worst
    }

    #[test]
    fn thirty_percent_of_a_hundred_cases_are_thirty() {
        let parties = parties(&[7_000, 3_000]);
        let weights: Vec<(&PartyId, u32)> =
            parties.iter().map(|(id, weight)| (id, *weight)).collect();
        let mut count = Count::default();
        for _ in 0..1_000 {
            let party = count.next(&weights).expect("somebody's turn").clone();
            count.add(&party);
            if count.cases.is_multiple_of(10) {
                assert_eq!(count.of(&parties[1].0), count.cases * 3 / 10);
            }
        }
        assert_eq!(count.of(&parties[0].0), 700);
    }

    #[test]
    fn no_prefix_is_off_by_a_case() {
        for weights in [
            &[7_000, 3_000][..],
            &[3_334, 3_333, 3_333],
            &[9_999, 1],
            &[5_000, 2_500, 1_250, 1_250],
            &[1, 1, 1, 1, 1, 1, 9_994],
            &[4_900, 4_900, 200],
        ] {
            let found = worst(weights, 3_000);
            assert!(found < 1.0, "{weights:?}: off by {found}");
        }
    }

    #[test]
    fn one_party_gets_all_and_none_gets_nothing() {
        let parties = parties(&[1]);
        let alone = [(&parties[0].0, 1)];
        assert_eq!(Count::default().next(&alone), Some(&parties[0].0));
        assert_eq!(Count::default().next(&[]), None);
    }
}
