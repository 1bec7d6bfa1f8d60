//! The groups of `swathe stats --by`.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Cell, Column, KeyRow, Table, Unit, grouped, shown::counted};
use crate::{
    key::Key,
    statistic::{LengthAnswer, TextByAnswer, TextGroup},
};

/// The numbers of each key.
#[derive(Clone, Debug, JsonSchema, Serialize)]
pub struct StatsGroups {
    /// What the groups are by.
    pub keys: Vec<String>,
    /// The groups with the most lines, or records where they are counted.
    pub groups: Vec<StatsGroup>,
    /// How many groups there are, or about so many if `exact` is `false`.
    pub distinct: u64,
    /// Lines, or records where they are counted, of groups that are not shown.
    pub other: u64,
    /// Whether these are the groups that come first. Their numbers are.
    pub exact: bool,
    /// Why they may not be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// The numbers of one group; see [`TextAnswer`](crate::statistic::TextAnswer).
#[derive(Clone, Debug, JsonSchema, Serialize)]
pub struct StatsGroup {
    /// The values of its keys.
    pub key: KeyRow,
    /// Bytes, the ends of lines included.
    pub bytes: u64,
    /// `\n` bytes.
    pub newlines: u64,
    /// Lines.
    pub lines: u64,
    /// Present where a record may have several lines: how many records.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub records: Option<u64>,
    /// Words.
    pub words: u64,
    /// Characters.
    pub chars: u64,
    /// Lines without content.
    pub empty_lines: u64,
    /// Lines of nothing but white space, the empty ones included.
    pub blank_lines: u64,
    /// Lines that end with `\r\n`.
    pub crlf_lines: u64,
    /// Zero bytes.
    pub nul_bytes: u64,
    /// Lines that are not valid UTF-8.
    pub invalid_utf8_lines: u64,
    /// How long lines are.
    pub line_length: LengthAnswer,
}

impl StatsGroups {
    /// The rows of an answer, with records where they are counted.
    pub fn new(answer: TextByAnswer, by: &[Key], records: bool) -> StatsGroups {
        let (kept, groups) = (answer.kept_one_in, answer.groups.into_iter());
        StatsGroups {
            keys: by.iter().map(ToString::to_string).collect(),
            groups: groups
                .map(|group| StatsGroup::new(group, records))
                .collect(),
            distinct: answer.distinct,
            other: answer.other,
            exact: kept == 1,
            error: (kept > 1).then(|| {
                format!(
                    "one of {kept} groups was looked at, chosen by the hash of its key: \
                     not all fit into memory"
                )
            }),
        }
    }

    pub(super) fn table(&self) -> Table {
        let mut columns: Vec<Column> = self.keys.iter().map(Column::key).collect();
        let records = self.groups.iter().any(|group| group.records.is_some());
        columns.extend(records.then(|| Column::measure("records").bar()));
        let lines = Column::measure("lines");
        columns.extend([
            if records { lines } else { lines.bar() },
            Column::measure("bytes").unit(Unit::Bytes),
            Column::measure("words").spare(),
            Column::measure("chars").data_only(),
        ]);
        let rare = [
            "newlines",
            "empty_lines",
            "blank_lines",
            "crlf_lines",
            "nul_bytes",
            "invalid_utf8_lines",
        ];
        columns.extend(rare.map(|name| Column::measure(name).data_only()));
        let length = |name: &str| Column::measure(format!("line_length_{name}"));
        columns.extend([
            length("min").data_only(),
            length("mean").spare(),
            length("p50").data_only(),
            length("p90").data_only(),
            length("p99").spare(),
            length("p999").data_only(),
            length("max"),
        ]);
        let mut table = Table::new("groups", columns);
        for group in &self.groups {
            table.row(group.cells());
        }
        let about = if self.exact { "" } else { "about " };
        table.note(format!(
            "{} of {about}{}, {} {} in those not shown",
            self.groups.len(),
            counted(self.distinct, "group", "groups"),
            grouped(self.other),
            if records { "records" } else { "lines" },
        ));
        if let Some(error) = &self.error {
            table.note(format!("NOT EXACT: {error}"));
        }
        table
    }
}

impl StatsGroup {
    fn new(group: TextGroup, records: bool) -> StatsGroup {
        let answer = group.answer;
        StatsGroup {
            key: KeyRow(group.key),
            bytes: answer.bytes,
            newlines: answer.newlines,
            lines: answer.lines,
            records: records.then_some(answer.records),
            words: answer.words,
            chars: answer.chars,
            empty_lines: answer.empty_lines,
            blank_lines: answer.blank_lines,
            crlf_lines: answer.crlf_lines,
            nul_bytes: answer.nul_bytes,
            invalid_utf8_lines: answer.invalid_utf8_lines,
            line_length: answer.line_length,
        }
    }

    fn cells(&self) -> Vec<Cell> {
        let mut cells: Vec<Cell> = self.key.cells().collect();
        cells.extend(self.records.map(Cell::from));
        let counts = [
            self.lines,
            self.bytes,
            self.words,
            self.chars,
            self.newlines,
            self.empty_lines,
            self.blank_lines,
            self.crlf_lines,
            self.nul_bytes,
            self.invalid_utf8_lines,
        ];
        cells.extend(counts.map(Cell::from));
        let length = &self.line_length;
        cells.extend([
            Cell::from(length.min),
            Cell::from(length.mean),
            Cell::from(length.p50),
            Cell::from(length.p90),
            Cell::from(length.p99),
            Cell::from(length.p999),
            Cell::from(length.max),
        ]);
        cells
    }
}
