//! What came of [`Values`](super::Values).

/// What [`Values`](super::Values) found out.
#[derive(Clone, Debug, PartialEq)]
pub struct ValuesAnswer {
    /// The groups that come first; without keys the one there is.
    pub groups: Vec<ValuesGroup>,
    /// What numbers are measured in: `none`, `seconds`, `bytes`, or `mixed` if
    /// some were times and some sizes.
    pub unit: &'static str,
    /// How many groups there are.
    pub distinct: u64,
    /// How far `distinct` may be off, as a share of it; `None` if it is exact.
    pub distinct_error: Option<f64>,
    /// Records that have something where the number should be.
    pub matched: u64,
    /// Records that do not.
    pub unmatched: u64,
    /// How many numbers, and what is none, are in groups that are not shown.
    pub other: u64,
    /// How many passes were made over the source.
    pub passes: u32,
    /// Of how many groups one was looked at, where there were more than fit and
    /// the source cannot be read again; 1 if all were.
    pub kept_one_in: u64,
    /// The source had changed when it was read again, so that this is no
    /// answer.
    pub changed: bool,
}

/// One group.
#[derive(Clone, Debug, PartialEq)]
pub struct ValuesGroup {
    /// The values of its keys.
    pub key: Vec<Option<Vec<u8>>>,
    /// Its numbers.
    pub numbers: NumbersAnswer,
}

/// What there is to say about some numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct NumbersAnswer {
    /// How many there are.
    pub count: u64,
    /// How often there was something else instead.
    pub not_a_number: u64,
    /// What they come to, rounded once.
    pub sum: f64,
    /// The smallest; `None` of no number, as all that follow.
    pub min: Option<f64>,
    /// The greatest.
    pub max: Option<f64>,
    /// The mean, rounded once.
    pub mean: Option<f64>,
    /// The standard deviation of these numbers as a population.
    pub stddev: Option<f64>,
    /// The 50th, 90th, 95th, 99th and 99.9th percentile: each the smallest
    /// number such that so many are not greater.
    pub percentiles: [Option<f64>; 5],
    /// Whether the percentiles are exact.
    pub exact: bool,
    /// From, to and how many: a row for every power of two that has numbers;
    /// see [`Quantiles::histogram`](crate::sketch::Quantiles::histogram).
    pub histogram: Vec<(f64, f64, u64)>,
}
