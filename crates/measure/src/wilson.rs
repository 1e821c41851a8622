//! The 95 % interval of a proportion after Wilson, in decimals: what a sample of this size leaves open.
//!
//! With p = s ÷ n and z = 1.959963984540054: (p + z²/2n ± z √(p(1−p)/n + z²/4n²)) ÷ (1 + z²/n).

use baton_model::Decimal;

/// The quantile of the normal distribution that leaves 2.5 % on each side.
const Z: Decimal = Decimal::from_parts(2_903_650_710, 456_339, 0, false, 15);

/// An interval of a proportion, both ends between 0 and 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Between {
    /// The lower end.
    pub low: Decimal,
    /// The upper end.
    pub high: Decimal,
}

/// The interval of `met` out of `all`; nothing for none.
pub fn wilson(met: u64, all: u64) -> Option<Between> {
    if all == 0 || met > all {
        return None;
    }
    let n = Decimal::from(all);
    let p = Decimal::from(met) / n;
    let spread = Z * Z / n;
    let two = Decimal::from(2);
    let inner = p * (Decimal::ONE - p) / n + spread / n / Decimal::from(4);
    let half = Z * root(inner);
    let middle = p + spread / two;
    let whole = Decimal::ONE + spread;
    let clamped = |value: Decimal| value.clamp(Decimal::ZERO, Decimal::ONE);
    Some(Between {
        low: if met == 0 {
            Decimal::ZERO
        } else {
            clamped((middle - half) / whole)
        },
        high: if met == all {
            Decimal::ONE
        } else {
            clamped((middle + half) / whole)
        },
    })
}

/// The square root by Newton's method, to some 24 digits.
fn root(of: Decimal) -> Decimal {
    if of <= Decimal::ZERO {
        return Decimal::ZERO;
    }
    let two = Decimal::from(2);
    let mut guess = Decimal::ONE;
    for _ in 0..64 {
        let next = (guess + of / guess) / two;
        if (next - guess).abs() < Decimal::new(1, 24) {
            return next;
        }
        guess = next;
    }
    guess
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(found: Decimal, expected: &str) {
        let expected: Decimal = expected.parse().unwrap();
        let digits = expected.scale();
        assert_eq!(found.round_dp(digits), expected);
    }

    #[test]
    fn the_vectors_of_the_science_page() {
        assert_eq!(Z.to_string(), "1.959963984540054");
        let of = |met, all| wilson(met, all).unwrap();
        near(of(81, 263).low, "0.255289");
        near(of(81, 263).high, "0.366210");
        near(of(0, 20).low, "0");
        near(of(0, 20).high, "0.161125");
        near(of(285, 300).low, "0.9192");
        near(of(285, 300).high, "0.9695");
    }

    #[test]
    fn the_ends_stay_in_the_unit() {
        assert_eq!(wilson(20, 20).unwrap().high, Decimal::ONE);
        assert_eq!(wilson(0, 0), None);
        assert_eq!(wilson(3, 2), None);
        for all in [1, 2, 7, 1_000_000] {
            let between = wilson(all / 2, all).unwrap();
            assert!(between.low >= Decimal::ZERO && between.low < between.high);
        }
    }
}
