//! Whether two numbers differ: ratios, flags, and how much it matters.
//! The rules stand in the [module above](super).

use std::cmp::Ordering;

use schemars::JsonSchema;
use serde::Serialize;

/// How rows are judged, and which are shown.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DiffOptions {
    /// What counts are divided by before they are judged. Default: lines.
    pub per: Per,
    /// From which ratio on, or one by it, a row has shifted. Default: 2.
    pub ratio: f64,
    /// By how much counts must differ at least. With 0 whatever differs is
    /// flagged, without a look at chance. Default: 10.
    pub floor: u64,
    /// How many rows of a table are shown; all if absent. Default: 20.
    pub limit: Option<usize>,
    /// Show what has not changed too where there are many rows. Default: no.
    pub all: bool,
}

impl Default for DiffOptions {
    fn default() -> DiffOptions {
        DiffOptions {
            per: Per::Line,
            ratio: 2.0,
            floor: 10,
            limit: Some(20),
            all: false,
        }
    }
}

/// What counts are divided by before they are judged.
#[derive(Clone, Copy, Debug, Default, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Per {
    /// All records of a side.
    #[default]
    Line,
    /// The seconds of a side.
    Second,
}

/// What has become of a row.
#[derive(Clone, Copy, Debug, Eq, JsonSchema, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Flag {
    /// There was none before.
    New,
    /// There is none any more.
    Gone,
    /// There is much more, or much less.
    Shifted,
    /// It would be one of these, but the counts are too small to say.
    Few,
    /// None of these.
    Unchanged,
}

impl Flag {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Flag::New => "new",
            Flag::Gone => "gone",
            Flag::Shifted => "shifted",
            Flag::Few => "few",
            Flag::Unchanged => "unchanged",
        }
    }

    /// Whether it says that something has changed.
    pub fn is_change(self) -> bool {
        self < Flag::Few
    }
}

/// How much there is of each side: lines, or seconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Volume {
    pub(super) before: f64,
    pub(super) after: f64,
}

/// What is said of a row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Verdict {
    pub(super) flag: Flag,
    /// What rows are ordered by.
    pub(super) score: f64,
    /// The ratio, or one by it, if that is more; infinite if there is nothing
    /// on one side; 1 where nothing can be said.
    pub(super) severity: f64,
}

impl Verdict {
    /// Nothing can be said.
    pub(super) const NONE: Verdict = Verdict {
        flag: Flag::Unchanged,
        score: 0.0,
        severity: 1.0,
    };
}

impl Volume {
    /// The rate after by the rate before; `None` if there is none.
    pub(super) fn ratio(self, before: u64, after: u64) -> Option<f64> {
        let rate = |count: u64, volume: f64| count as f64 / volume;
        quotient(rate(before, self.before), rate(after, self.after))
    }

    /// Both counts as they would be in as much as the smaller side has.
    fn level(self, before: u64, after: u64) -> (f64, f64) {
        let smaller = self.before.min(self.after);
        if smaller <= 0.0 {
            return (before as f64, after as f64);
        }
        let level = |count: u64, volume: f64| count as f64 * (smaller / volume);
        (level(before, self.before), level(after, self.after))
    }
}

/// `after / before`, if that is a number.
pub(super) fn quotient(before: f64, after: f64) -> Option<f64> {
    let ratio = after / before;
    (ratio.is_finite() && before != 0.0).then_some(ratio)
}

/// Judges two counts. One that is not known is less than what is known of its
/// side, so that nothing follows from it.
pub(super) fn counts(
    (before, after): (Option<u64>, Option<u64>),
    volume: Option<Volume>,
    options: &DiffOptions,
) -> Verdict {
    let (Some(before), Some(after)) = (before, after) else {
        return Verdict {
            flag: Flag::Few,
            ..Verdict::NONE
        };
    };
    let Some(volume) = volume.filter(|_| before != after || before > 0) else {
        return Verdict::NONE;
    };
    let (a, b) = volume.level(before, after);
    let severity = if a == 0.0 || b == 0.0 {
        f64::INFINITY
    } else {
        (b / a).max(a / b)
    };
    let floor = options.floor as f64;
    let chance = if severity.is_finite() && options.floor > 0 {
        3.0 * (a + b).sqrt()
    } else {
        0.0
    };
    let enough = (a - b).abs() >= floor.max(chance);
    let flag = match (severity >= options.ratio, enough) {
        (false, _) => Flag::Unchanged,
        (true, false) => Flag::Few,
        (true, true) if before == 0 => Flag::New,
        (true, true) if after == 0 => Flag::Gone,
        (true, true) => Flag::Shifted,
    };
    let even = floor.max(1.0);
    Verdict {
        flag,
        score: rounded(((b + even) / (a + even)).log2().abs()),
        severity: if enough { severity } else { 1.0 },
    }
}

/// A percentile of one side.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Size {
    pub(super) value: f64,
    /// How many numbers lie beyond it.
    pub(super) beyond: f64,
    pub(super) exact: bool,
}

/// By how much two percentiles can differ that are not exact: each is within
/// 0.8 %.
const ROUGH: f64 = 1.016;

/// Judges two percentiles, by the ratio of their values.
pub(super) fn sizes(before: Option<Size>, after: Option<Size>, options: &DiffOptions) -> Verdict {
    let (Some(before), Some(after)) = (before, after) else {
        return Verdict::NONE;
    };
    if before
        .value
        .partial_cmp(&after.value)
        .is_some_and(Ordering::is_eq)
    {
        return Verdict::NONE;
    }
    let ratio = quotient(before.value, after.value).filter(|ratio| *ratio > 0.0);
    let size = ratio.map_or(f64::INFINITY, |ratio| ratio.max(1.0 / ratio));
    let rough = !(before.exact && after.exact);
    let severity = if rough { (size / ROUGH).max(1.0) } else { size };
    let enough = before.beyond.min(after.beyond) >= options.floor as f64;
    let flag = match (severity >= options.ratio, enough) {
        (false, _) => Flag::Unchanged,
        (true, false) => Flag::Few,
        (true, true) => Flag::Shifted,
    };
    Verdict {
        flag,
        // From nothing to something there is no ratio; it comes first.
        score: ratio.map_or(1000.0, |ratio| rounded(ratio.log2().abs())),
        severity: if enough { severity } else { 1.0 },
    }
}

/// To so many digits that every machine computes the same.
fn rounded(score: f64) -> f64 {
    (score * 1000.0).round() / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVEN: Volume = Volume {
        before: 1000.0,
        after: 1000.0,
    };

    fn flag(before: u64, after: u64, volume: Volume, floor: u64) -> Flag {
        let options = DiffOptions {
            floor,
            ..DiffOptions::default()
        };
        counts((Some(before), Some(after)), Some(volume), &options).flag
    }

    #[test]
    fn counts_of_sides_of_one_size() {
        for (before, after, floor, want) in [
            (0, 0, 10, Flag::Unchanged),
            (0, 0, 0, Flag::Unchanged),
            (7, 7, 0, Flag::Unchanged),
            (1, 3, 10, Flag::Few),
            (0, 9, 10, Flag::Few),
            (0, 10, 10, Flag::New),
            (10, 0, 10, Flag::Gone),
            (9, 0, 10, Flag::Few),
            (0, 1, 0, Flag::New),
            (0, 1, 1, Flag::New),
            (1, 0, 0, Flag::Gone),
            (1, 2, 0, Flag::Shifted),
            (1, 2, 1, Flag::Few),
            // More than ten apart, but by chance.
            (12, 26, 10, Flag::Few),
            (20, 50, 10, Flag::Shifted),
            (50, 20, 10, Flag::Shifted),
            (100, 199, 10, Flag::Unchanged),
            (100, 200, 10, Flag::Shifted),
            (200, 100, 10, Flag::Shifted),
        ] {
            assert_eq!(flag(before, after, EVEN, floor), want, "{before} {after}");
        }
    }

    #[test]
    fn counts_are_of_the_smaller_side() {
        let longer = Volume {
            before: 1000.0,
            after: 100_000.0,
        };
        for (before, after, want) in [
            // As many in as many lines.
            (50, 5000, Flag::Unchanged),
            // A thousand lines would have had five.
            (0, 500, Flag::Few),
            (0, 1000, Flag::New),
            (50, 0, Flag::Gone),
            (50, 20_000, Flag::Shifted),
        ] {
            assert_eq!(flag(before, after, longer, 10), want, "{before} {after}");
        }
    }

    #[test]
    fn a_side_of_nothing_has_no_rate() {
        let empty = Volume {
            before: 0.0,
            after: 50.0,
        };
        assert_eq!(empty.ratio(0, 50), None);
        assert_eq!(flag(0, 50, empty, 10), Flag::New);
        assert_eq!(flag(0, 5, empty, 10), Flag::Few);
        let options = DiffOptions::default();
        assert_eq!(counts((Some(1), Some(90)), None, &options), Verdict::NONE);
        let unknown = counts((None, Some(90)), Some(EVEN), &options);
        assert_eq!((unknown.flag, unknown.severity), (Flag::Few, 1.0));
    }

    #[test]
    fn ratios_of_rates() {
        let twice = Volume {
            before: 10.0,
            after: 20.0,
        };
        for (before, after, want) in [
            (5, 10, Some(1.0)),
            (5, 20, Some(2.0)),
            (5, 0, Some(0.0)),
            (0, 5, None),
            (0, 0, None),
        ] {
            assert_eq!(twice.ratio(before, after), want, "{before} {after}");
        }
    }

    #[test]
    fn the_order_of_sides_does_not_matter() {
        let volume = Volume {
            before: 700.0,
            after: 300.0,
        };
        let turned = Volume {
            before: 300.0,
            after: 700.0,
        };
        let options = DiffOptions::default();
        let mut last = 0.0;
        for after in [3, 30, 90, 300] {
            let one = counts((Some(7), Some(after)), Some(volume), &options);
            let other = counts((Some(after), Some(7)), Some(turned), &options);
            assert_eq!(one, other);
            assert!(one.score >= last, "more is more");
            last = one.score;
        }
    }

    #[test]
    fn percentiles_by_their_values() {
        let size = |value: f64, beyond: f64, exact: bool| {
            Some(Size {
                value,
                beyond,
                exact,
            })
        };
        let options = DiffOptions::default();
        for (before, after, want) in [
            (size(1.0, 10.0, true), size(2.0, 10.0, true), Flag::Shifted),
            (size(2.0, 10.0, true), size(1.0, 10.0, true), Flag::Shifted),
            (size(1.0, 9.9, true), size(2.0, 99.0, true), Flag::Few),
            (
                size(1.0, 99.0, true),
                size(1.99, 99.0, true),
                Flag::Unchanged,
            ),
            // Twice as much, or 1.6 % less.
            (
                size(1.0, 99.0, false),
                size(2.0, 99.0, true),
                Flag::Unchanged,
            ),
            (size(1.0, 99.0, false), size(2.1, 99.0, true), Flag::Shifted),
            (size(0.0, 99.0, true), size(0.1, 99.0, true), Flag::Shifted),
            (
                size(0.0, 99.0, true),
                size(0.0, 99.0, true),
                Flag::Unchanged,
            ),
            (size(-1.0, 99.0, true), size(1.0, 99.0, true), Flag::Shifted),
            (
                size(-1.0, 99.0, true),
                size(-1.5, 99.0, true),
                Flag::Unchanged,
            ),
            (None, size(1.0, 99.0, true), Flag::Unchanged),
        ] {
            let verdict = sizes(before, after, &options);
            assert_eq!(verdict.flag, want, "{before:?} {after:?}");
        }
    }
}
