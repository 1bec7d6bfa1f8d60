//! Round numbers for axes.

/// Round numbers from 0 to at least `most`, about `count` steps apart.
pub(super) fn steps(most: f64, count: f64) -> Vec<f64> {
    if most.is_nan() || most <= 0.0 || most.is_infinite() {
        return vec![0.0, 1.0];
    }
    let rough = most / count;
    let magnitude = 10_f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0]
        .into_iter()
        .map(|factor| factor * magnitude)
        .find(|step| *step >= rough * 0.999)
        .unwrap_or(rough)
        // Counts have no halves.
        .max(if most >= 2.0 { 1.0 } else { 0.0 });
    let mut all = vec![0.0];
    while all.last().is_some_and(|last| *last < most * (1.0 - 1e-9)) {
        all.push(all.len() as f64 * step);
    }
    all
}

/// A count on an axis: `12k`.
pub(super) fn short(number: f64) -> String {
    let units = [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")];
    let (value, unit) = units
        .into_iter()
        .find(|(size, _)| number >= *size)
        .map_or((number, ""), |(size, unit)| (number / size, unit));
    let text = format!("{value:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    format!("{text}{unit}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_have_round_numbers() {
        for (most, want) in [
            (0.0, &[0.0, 1.0][..]),
            (1.0, &[0.0, 0.5, 1.0]),
            (3.0, &[0.0, 1.0, 2.0, 3.0]),
            (97.0, &[0.0, 50.0, 100.0]),
            (100.0, &[0.0, 50.0, 100.0]),
            (12_345.0, &[0.0, 5000.0, 10_000.0, 15_000.0]),
        ] {
            assert_eq!(steps(most, 4.0), want, "{most}");
        }
        for most in [7.0, 1e3, 123_456_789.0, 1e18] {
            let steps = steps(most, 4.0);
            assert!(steps.len() <= 6 && *steps.last().unwrap() >= most, "{most}");
        }
    }

    #[test]
    fn counts_are_short() {
        for (number, want) in [(0.0, "0"), (999.0, "999"), (1500.0, "1.5k"), (2e6, "2M")] {
            assert_eq!(short(number), want);
        }
    }
}
