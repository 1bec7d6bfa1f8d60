//! The rows of `swathe top`.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Cell, Column, KeyRow, Table, Tabular, Warning, grouped, shown::counted};
use crate::{
    key::Key,
    statistic::{Inexact, TopAnswer, TopGroup},
};

/// What `swathe top` has to say.
#[derive(Clone, Debug, JsonSchema, Serialize)]
pub struct TopBody {
    /// What the groups are by.
    pub keys: Vec<String>,
    /// The groups that come first.
    pub groups: Vec<TopRow>,
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
    /// Records that were counted: those the regex matches in, or all.
    pub matched: u64,
    /// Records that were not.
    pub unmatched_lines: u64,
    /// What all counts come to, shown or not; more than `matched` if all
    /// matches of a record count.
    pub counted: u64,
    /// What the counts of groups that are not shown come to.
    pub other: u64,
    /// Whether these are the first groups and their counts exact.
    pub exact: bool,
    /// How they were counted.
    pub method: &'static str,
    /// What may be wrong about them, if they are not exact.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// How many times the inputs were read.
    pub passes: u32,
    /// Whether the inputs were not what they had been when they were read
    /// again.
    #[serde(skip)]
    pub changed: bool,
    /// Whether there are numbers of different values, and sums.
    #[serde(skip)]
    columns: (bool, bool),
}

/// The numbers of one group.
#[derive(Clone, Debug, JsonSchema, Serialize)]
pub struct TopRow {
    /// The values of its keys.
    pub key: KeyRow,
    /// How often they came.
    pub count: u64,
    /// `false` if that is an estimate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count_exact: Option<bool>,
    /// The share of that in all that was counted, in hundredths.
    pub percent: f64,
    /// How many different values the key asked for has here.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub distinct: Option<DistinctRow>,
    /// What the numbers of the key asked for come to here.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub sum: Option<SumRow>,
}

/// How many different values there are.
#[derive(Clone, Debug, JsonSchema, Serialize)]
pub struct DistinctRow {
    /// How many.
    pub distinct: u64,
    /// `false` if that is an estimate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exact: Option<bool>,
    /// How it was estimated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<&'static str>,
    /// How far it may be off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<&'static str>,
}

/// What numbers come to.
#[derive(Clone, Debug, JsonSchema, Serialize)]
pub struct SumRow {
    /// The sum.
    pub sum: f64,
    /// How many values were no numbers.
    pub not_a_number: u64,
}

/// What was asked for beside counts.
#[derive(Clone, Copy, Debug, Default)]
pub struct TopColumns<'a> {
    /// What groups are by.
    pub by: &'a [Key],
    /// Different values of a key were counted.
    pub distinct: bool,
    /// Numbers were added up.
    pub sum: bool,
}

impl TopBody {
    /// The rows of an answer.
    pub fn new(answer: TopAnswer, columns: TopColumns<'_>) -> TopBody {
        let counted = answer.counted;
        let error = answer.inexact.as_ref().map(|inexact| match inexact {
            Inexact::Estimated {
                too_high_by,
                missing_below,
                memory,
            } => {
                let enough = match memory {
                    Some(bytes) => format!("a --memory of about {}M", bytes.div_ceil(1 << 20)),
                    None => "a larger --max-groups".to_string(),
                };
                format!(
                    "estimated counts are at most {too_high_by} too high, and groups of fewer \
                     than {missing_below} may be missing, each with a probability of 98 %; all \
                     groups fit into {enough}"
                )
            }
            Inexact::TooLong(keys) => {
                format!("{keys} keys are longer than --memory allows and were not counted")
            }
            Inexact::Changed => "the input changed between passes".to_string(),
        });
        let row = |group: TopGroup| TopRow::new(group, counted, columns);
        TopBody {
            keys: columns.by.iter().map(ToString::to_string).collect(),
            groups: answer.groups.into_iter().map(row).collect(),
            distinct: answer.distinct,
            distinct_exact: answer.distinct_error.is_none(),
            distinct_method: answer.distinct_error.map(|_| "share of hashes"),
            distinct_error: answer
                .distinct_error
                .map(|error| format!("standard error {:.2} %", error * 100.0)),
            matched: answer.matched,
            unmatched_lines: answer.unmatched,
            counted,
            other: answer.other,
            exact: answer.inexact.is_none(),
            method: match (&answer.inexact, answer.passes) {
                (Some(Inexact::Estimated { .. }), _) => {
                    "some groups exactly, others by a sample and a Count-Min sketch"
                }
                (_, 0..=1) => "all groups at once",
                _ => "groups in parts by their hash, one pass for each",
            },
            error,
            passes: answer.passes,
            changed: answer.inexact == Some(Inexact::Changed),
            columns: (columns.distinct, columns.sum),
        }
    }
}

impl TopRow {
    fn new(group: TopGroup, counted: u64, columns: TopColumns<'_>) -> TopRow {
        let value = group.value.as_ref();
        let distinct = value.filter(|_| columns.distinct).map(|value| {
            let estimated = value.distinct_estimated;
            DistinctRow {
                distinct: value.distinct,
                exact: estimated.map(|_| false),
                method: estimated.map(|(method, _)| method),
                error: estimated.map(|(_, error)| error),
            }
        });
        let sum = value.filter(|_| columns.sum).map(|value| SumRow {
            sum: value.sum,
            not_a_number: value.not_a_number,
        });
        TopRow {
            percent: 100.0 * group.count as f64 / counted.max(1) as f64,
            key: KeyRow(group.key),
            count: group.count,
            count_exact: (!group.exact).then_some(false),
            distinct,
            sum,
        }
    }
}

impl Tabular for TopBody {
    fn tables(&self) -> Vec<Table> {
        let mut columns: Vec<Column> = self.keys.iter().map(Column::key).collect();
        columns.push(Column::measure("count").bar());
        columns.push(Column::detail("percent").unit(super::Unit::Percent));
        let (distinct, sum) = self.columns;
        if distinct {
            columns.push(Column::measure("distinct"));
        }
        if sum {
            columns.push(Column::measure("sum"));
            columns.push(Column::detail("not_a_number").data_only());
        }
        let mut groups = Table::new("groups", columns);
        for row in &self.groups {
            let mut cells: Vec<Cell> = row.key.cells().collect();
            cells.extend([Cell::from(row.count), Cell::from(row.percent)]);
            if distinct {
                cells.push(Cell::from(row.distinct.as_ref().map(|row| row.distinct)));
            }
            if sum {
                let sum = row.sum.as_ref();
                cells.push(Cell::from(sum.map(|row| row.sum)));
                cells.push(Cell::from(sum.map(|row| row.not_a_number)));
            }
            groups.row(cells);
        }
        groups.notes = self.notes();
        vec![groups]
    }

    fn warnings(&self) -> Vec<Warning> {
        let warning = |error: &String| Warning::plain("not_exact", format!("top: {error}"));
        self.error.iter().map(warning).collect()
    }
}

impl TopBody {
    fn notes(&self) -> Vec<String> {
        let about = if self.distinct_exact { "" } else { "about " };
        let mut counts = format!(
            "{} counted, {about}{}, {} in those not shown; {} without a match",
            grouped(self.counted),
            counted(self.distinct, "group", "groups"),
            grouped(self.other),
            counted(self.unmatched_lines, "line", "lines"),
        );
        if self.counted != self.matched {
            let matched = counted(self.matched, "line matches", "lines match");
            counts.insert_str(0, &format!("{matched}; "));
        }
        let mut notes = vec![counts];
        let mut estimated = self.groups.iter().filter_map(|row| row.distinct.as_ref());
        if let Some((method, error)) = estimated.find_map(|row| row.method.zip(row.error)) {
            notes.push(format!(
                "numbers of different values are estimates where there are many: {error} ({method})"
            ));
        }
        if let Some(error) = &self.error {
            notes.push(format!("not exact: {error}"));
        } else if self.passes > 1 {
            notes.push(format!(
                "read {} times, since not all groups fit into memory (--memory)",
                self.passes
            ));
        }
        notes
    }
}
