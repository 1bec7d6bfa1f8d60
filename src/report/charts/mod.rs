//! What can be drawn of an answer, as plain data.
//!
//! A body says what there is to see, in a [`Chart`] or a [`Card`]; how it looks
//! is up to whoever draws it ([`crate::report`] has a page of HTML that does).
//! No chart says more than the tables of the same body do.

mod count;
mod lengths;
mod levels;
mod templates;
mod timeline;
mod values;

pub(super) use timeline::span;

use super::{Cell, Unit};

/// Something to look at.
#[derive(Clone, Debug, PartialEq)]
pub struct Chart {
    /// What it shows, as a sentence without an end.
    pub title: String,
    /// The table that has the same numbers, if that need not be seen as well.
    pub table: Option<&'static str>,
    /// What it is.
    pub kind: ChartKind,
}

/// The kinds of charts.
#[derive(Clone, Debug, PartialEq)]
pub enum ChartKind {
    /// Counts over time.
    Timeline(TimelineChart),
    /// How many there are of each size.
    Histogram(HistogramChart),
    /// Where in the files something is: counts of equal parts.
    Positions(Vec<Series>),
    /// Sizes of the same thing below each other, such as percentiles.
    Sizes(Unit, Vec<(String, f64)>),
    /// Parts of a whole.
    Shares(Vec<Share>),
}

/// Counts over time.
#[derive(Clone, Debug, PartialEq)]
pub struct TimelineChart {
    /// Where each bucket begins (RFC 3339), in order and without a gap.
    pub starts: Vec<String>,
    /// How many seconds each is long.
    pub seconds: u64,
    /// All lines of each bucket.
    pub total: Vec<u64>,
    /// What they consist of, each a part of the total; what is left is other.
    pub parts: Vec<Series>,
    /// What is counted beside them, and may overlap.
    pub lines: Vec<Series>,
    /// The bucket with the most lines.
    pub peak: Option<usize>,
}

/// How many there are of each size.
#[derive(Clone, Debug, PartialEq)]
pub struct HistogramChart {
    /// What sizes are measured in.
    pub unit: Unit,
    /// What is counted: `lines`.
    pub what: &'static str,
    /// From, to (exclusive), how many; in order.
    pub bars: Vec<(f64, f64, u64)>,
    /// Sizes that have a name: `p99`.
    pub marks: Vec<(&'static str, f64)>,
}

/// Counts with a name.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// The name; it can be from the input.
    pub name: String,
    /// How it is coloured.
    pub tone: Tone,
    /// The counts.
    pub counts: Vec<u64>,
}

/// A part of a whole.
#[derive(Clone, Debug, PartialEq)]
pub struct Share {
    /// The name; it can be from the input.
    pub name: String,
    /// How it is coloured.
    pub tone: Tone,
    /// How much it is.
    pub count: u64,
}

/// What a colour stands for.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Tone {
    /// Nothing in particular: one of a few that are easy to tell apart.
    Of(usize),
    /// Bad.
    Bad,
    /// Worse.
    Worst,
    /// Perhaps bad.
    Doubtful,
    /// As it should be.
    #[default]
    Normal,
    /// As it should be, and worth a look.
    Notable,
    /// A detail.
    Low,
    /// A detail of a detail.
    Lowest,
    /// Of little interest.
    Quiet,
}

impl Tone {
    /// That of a status of HTTP.
    pub(crate) fn of_status(status: &str) -> Tone {
        match status.as_bytes() {
            [b'5', _, _] => Tone::Bad,
            [b'4', _, _] => Tone::Doubtful,
            [b'3', _, _] => Tone::Low,
            [b'2', _, _] => Tone::Normal,
            _ => Tone::Quiet,
        }
    }

    /// That of a level by its name.
    pub(crate) fn of_level(name: Option<&str>) -> Tone {
        match name {
            Some("fatal") => Tone::Worst,
            Some("error") => Tone::Bad,
            Some("warn") => Tone::Doubtful,
            Some("notice") => Tone::Notable,
            Some("info") => Tone::Normal,
            Some("debug") => Tone::Low,
            Some("trace") => Tone::Lowest,
            _ => Tone::Quiet,
        }
    }
}

/// A number that should be seen first.
#[derive(Clone, Debug, PartialEq)]
pub struct Card {
    /// What it is.
    pub label: &'static str,
    /// The number.
    pub value: Cell,
    /// What it is measured in.
    pub unit: Unit,
    /// More about it.
    pub note: String,
    /// How it is coloured.
    pub tone: Tone,
}

impl Card {
    fn new(label: &'static str, value: impl Into<Cell>, note: impl Into<String>) -> Card {
        Card {
            label,
            value: value.into(),
            unit: Unit::Plain,
            note: note.into(),
            tone: Tone::Normal,
        }
    }
}
