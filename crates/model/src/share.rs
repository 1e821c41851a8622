//! Parts of a whole, counted in hundredths of a percent, so that shares add up exactly.

/// The whole.
pub const WHOLE: u32 = 10_000;

/// Hundredths of a percent as a percentage without needless digits, like `70`, `2.5` or `33.34`.
pub fn percent(basis_points: u32) -> String {
    let (whole, part) = (basis_points / 100, basis_points % 100);
    match part {
        0 => whole.to_string(),
        part if part.is_multiple_of(10) => format!("{whole}.{}", part / 10),
        part => format!("{whole}.{part:02}"),
    }
}

#[cfg(test)]
mod tests {
    use super::percent;

    #[test]
    fn a_percentage_has_no_needless_digits() {
        let shown = [7_000, 250, 3_333, 5, 0, 10_000].map(percent);
        assert_eq!(shown, ["70", "2.5", "33.33", "0.05", "0", "100"]);
    }
}
