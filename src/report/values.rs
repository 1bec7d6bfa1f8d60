//! The rows of `swathe values`.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Cell, Chart, Column, KeyRow, Table, Tabular, Unit, Warning, grouped, shown::counted};
use crate::{
    key::Key,
    sketch::Quantiles,
    statistic::{NumbersAnswer, ValuesAnswer},
};

/// What `swathe values` has to say.
#[derive(Clone, Debug, JsonSchema, Serialize)]
pub struct ValuesBody {
    /// What the groups are by; empty if there is one group only.
    pub keys: Vec<String>,
    /// Where the numbers are from.
    pub of: String,
    /// What they are measured in: `none`, `seconds`, `bytes`, or `mixed` if
    /// some were times and some sizes.
    pub unit: &'static str,
    /// The groups that come first.
    pub groups: Vec<ValuesRow>,
    /// How many groups there are.
    pub distinct: u64,
    /// Whether that is exact.
    pub distinct_exact: bool,
    /// How it was estimated, if it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub distinct_method: Option<&'static str>,
    /// How far it may be off, if it was estimated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub distinct_error: Option<String>,
    /// Records that have something where the number should be.
    pub matched: u64,
    /// Records that do not.
    pub unmatched_lines: u64,
    /// How many numbers, and what is none, are in groups that are not shown.
    pub other: u64,
    /// Whether these are the first groups and all their numbers exact.
    pub exact: bool,
    /// Why these may not be the first groups.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// How many times the inputs were read.
    pub passes: u32,
}

/// The numbers of one group.
#[derive(Clone, Debug, JsonSchema, Serialize)]
pub struct ValuesRow {
    /// The values of its keys; `null` without keys.
    pub key: KeyRow,
    /// How many numbers there are.
    pub count: u64,
    /// How often there was something else instead.
    pub not_a_number: u64,
    /// What they come to.
    pub sum: f64,
    /// The smallest; `null` of no number, as all that follow.
    pub min: Option<f64>,
    /// The greatest.
    pub max: Option<f64>,
    /// The mean.
    pub mean: Option<f64>,
    /// The standard deviation of these numbers as a population.
    pub stddev: Option<f64>,
    /// The smallest number such that half of them are not greater.
    pub p50: Option<f64>,
    /// The number that 90 % do not exceed.
    pub p90: Option<f64>,
    /// The number that 95 % do not exceed.
    pub p95: Option<f64>,
    /// The number that 99 % do not exceed.
    pub p99: Option<f64>,
    /// The number that 99.9 % do not exceed.
    pub p999: Option<f64>,
    /// From, to (exclusive) and how many: a row for every power of two that has
    /// numbers. Of negative numbers it is `from` that is exclusive.
    pub histogram: Vec<(f64, f64, u64)>,
    /// Present, and `false`, if the percentiles are not exact.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exact: Option<bool>,
    /// How they were found then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<&'static str>,
    /// How far they may be off then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<&'static str>,
}

impl ValuesBody {
    /// The rows of an answer. `by` is what groups are by, `of` where numbers
    /// are from.
    pub fn new(answer: ValuesAnswer, by: &[Key], of: &Key) -> ValuesBody {
        let kept = answer.kept_one_in;
        let error = if answer.changed {
            Some("the input changed between passes".to_string())
        } else {
            (kept > 1).then(|| {
                format!(
                    "one of {kept} groups was looked at, chosen by the hash of its key: \
                     not all fit into memory (--memory), and the input {}",
                    match answer.passes {
                        1 => "cannot be read again".to_string(),
                        passes => format!("was read {passes} times"),
                    }
                )
            })
        };
        let rows = answer.groups.into_iter();
        let groups: Vec<ValuesRow> = rows.map(|g| ValuesRow::new(g.key, g.numbers)).collect();
        let estimated = answer.distinct_error;
        ValuesBody {
            keys: by.iter().map(ToString::to_string).collect(),
            of: of.to_string(),
            unit: answer.unit,
            exact: error.is_none() && groups.iter().all(|row| row.exact.is_none()),
            groups,
            distinct: answer.distinct,
            distinct_exact: estimated.is_none(),
            distinct_method: estimated.map(|_| "share of hashes"),
            distinct_error: estimated.map(|error| format!("standard error {:.2} %", error * 100.0)),
            matched: answer.matched,
            unmatched_lines: answer.unmatched,
            other: answer.other,
            error,
            passes: answer.passes,
        }
    }
}

impl ValuesRow {
    fn new(key: Vec<Option<Vec<u8>>>, numbers: NumbersAnswer) -> ValuesRow {
        let [p50, p90, p95, p99, p999] = numbers.percentiles;
        let estimated = !numbers.exact;
        ValuesRow {
            key: KeyRow(if key.is_empty() { vec![None] } else { key }),
            count: numbers.count,
            not_a_number: numbers.not_a_number,
            sum: numbers.sum,
            min: numbers.min,
            max: numbers.max,
            mean: numbers.mean,
            stddev: numbers.stddev,
            p50,
            p90,
            p95,
            p99,
            p999,
            histogram: numbers.histogram,
            exact: estimated.then_some(false),
            method: estimated.then_some(Quantiles::METHOD),
            error: estimated.then_some(Quantiles::ERROR),
        }
    }
}

impl Tabular for ValuesBody {
    fn tables(&self) -> Vec<Table> {
        let unit = self.measured();
        let number = |name: &str| Column::measure(name).unit(unit);
        let mut columns: Vec<Column> = self.keys.iter().map(Column::key).collect();
        columns.extend([
            Column::measure("count"),
            Column::detail("not_a_number").data_only(),
            number("sum").spare(),
            number("min").spare(),
            number("mean").spare(),
            number("stddev").data_only(),
            number("p50"),
            number("p90").spare(),
            number("p95").data_only(),
            number("p99"),
            number("p999").data_only(),
            number("max"),
            Column::detail("exact").data_only(),
        ]);
        let mut groups = Table::new("groups", columns);
        for row in &self.groups {
            let mut cells: Vec<Cell> = Vec::new();
            if !self.keys.is_empty() {
                cells.extend(row.key.cells());
            }
            cells.extend([row.count, row.not_a_number].map(Cell::from));
            cells.push(Cell::from(row.sum));
            let rest = [
                row.min, row.mean, row.stddev, row.p50, row.p90, row.p95, row.p99, row.p999,
                row.max,
            ];
            cells.extend(rest.map(Cell::from));
            cells.push(Cell::from(row.exact.is_none()));
            groups.row(cells);
        }
        groups.notes = self.notes();
        let mut tables = vec![groups];
        if let [only] = self.groups.as_slice()
            && only.count > 0
        {
            let number = |name: &str| Column::detail(name).unit(unit);
            let columns = [number("from"), number("to"), Column::detail("count").bar()];
            let mut histogram = Table::new("histogram", columns);
            for &(from, to, count) in &only.histogram {
                histogram.row([Cell::from(from), Cell::from(to), Cell::from(count)]);
            }
            tables.push(histogram);
        }
        tables
    }

    fn warnings(&self) -> Vec<Warning> {
        let warning = |error: &String| Warning::plain("not_exact", format!("values: {error}"));
        self.error.iter().map(warning).collect()
    }

    fn charts(&self) -> Vec<Chart> {
        self.to_see()
    }
}

impl ValuesBody {
    /// What the numbers are measured in.
    pub(super) fn measured(&self) -> Unit {
        match self.unit {
            "seconds" => Unit::Seconds,
            "bytes" => Unit::Bytes,
            _ => Unit::Plain,
        }
    }

    /// What must be known to read the numbers.
    fn notes(&self) -> Vec<String> {
        let not_a_number: u64 = self.groups.iter().map(|row| row.not_a_number).sum();
        let mut first = vec![format!("{} lines with a value", grouped(self.matched))];
        if self.unmatched_lines > 0 {
            first.push(format!("{} without", grouped(self.unmatched_lines)));
        }
        if not_a_number > 0 {
            let (count, shown) = (
                grouped(not_a_number),
                if self.other > 0 { " shown" } else { "" },
            );
            first.push(format!("{count}{shown} that are no number"));
        }
        if !self.keys.is_empty() {
            let about = if self.distinct_exact { "" } else { "about " };
            let (shown, all) = (self.groups.len(), counted(self.distinct, "group", "groups"));
            first.push(format!("{shown} of {about}{all}"));
        }
        let mut notes = vec![first.join(", ")];
        if self.unit == "mixed" {
            notes.push("some numbers are times and some are sizes (see --unit)".into());
        }
        if self.groups.iter().any(|row| row.exact.is_some()) {
            let (method, error) = (Quantiles::METHOD, Quantiles::ERROR);
            notes.push(format!(
                "percentiles are approximate, within {error}: {method}; --exact reads once more"
            ));
        }
        if let Some(error) = &self.error {
            notes.push(format!("NOT EXACT: {error}"));
        } else if self.passes > 1 {
            notes.push(format!("read {} times", self.passes));
        }
        notes
    }
}
