//! The rows of `swathe stats`.

use std::path::Path;

use schemars::JsonSchema;
use serde::Serialize;

use super::{
    Card, Cell, Chart, Column, Layout, Name, Report, StatsGroups, Table, Tabular, Warning,
    stats_part, stats_text,
};
use crate::statistic::{LengthAnswer, TextAnswer};

/// What `swathe stats` has to say.
#[derive(Clone, Debug, JsonSchema, Serialize)]
pub struct StatsBody {
    /// A row for every file that could be opened, in the order given.
    pub files: Vec<StatsRow>,
    /// All files together, with what could be read of those that are not complete.
    pub total: StatsRow,
    /// The numbers of the records of each key, if that was asked for.
    #[serde(flatten)]
    pub by: Option<StatsGroups>,
}

/// The numbers of one file, or of all.
#[derive(Clone, Debug, JsonSchema, Serialize)]
pub struct StatsRow {
    /// The file; `None` for the total.
    pub path: Option<Name>,
    /// Whether all of it was seen.
    pub complete: bool,
    /// Present if the file became longer meanwhile; what was added was not
    /// seen.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub grew: bool,
    /// See [`TextAnswer`] for these numbers.
    pub bytes: u64,
    /// Bytes before anything was decoded; `None` if that is not known.
    pub bytes_on_disk: Option<u64>,
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
    /// Present if some lines are not valid UTF-8 and others have characters of UTF-8
    /// beyond ASCII: the file has more than one encoding.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub mixed_encodings: bool,
    /// Whether the last line has its `\n`; `None` if there is no line.
    pub final_newline: Option<bool>,
    /// `lf`, `crlf`, `mixed` or `none`.
    pub line_ending: &'static str,
    /// How long lines are.
    pub line_length: LengthAnswer,
    /// The longest lines.
    pub longest_lines: Vec<LongLineRow>,
}

/// One of the longest lines.
#[derive(Clone, Debug, Eq, JsonSchema, PartialEq, Serialize)]
pub struct LongLineRow {
    /// Bytes of content.
    pub length: u64,
    /// Its number, from 1.
    pub line: u64,
    /// Where it starts.
    pub offset: u64,
    /// The file it is in.
    pub path: Name,
}

impl StatsRow {
    /// A complete row without a path. `sources` are the names of the sources
    /// that positions speak of.
    pub fn new(
        answer: TextAnswer,
        bytes_on_disk: Option<u64>,
        sources: &[impl AsRef<Path>],
    ) -> StatsRow {
        let longest = answer.longest_lines.iter().filter_map(|long| {
            let path = sources.get(long.position.source as usize)?;
            Some(LongLineRow {
                length: long.length,
                line: long.position.line,
                offset: long.position.offset,
                path: Name::from(path.as_ref()),
            })
        });
        StatsRow {
            path: None,
            complete: true,
            grew: false,
            bytes: answer.bytes,
            bytes_on_disk,
            newlines: answer.newlines,
            lines: answer.lines,
            records: None,
            words: answer.words,
            chars: answer.chars,
            empty_lines: answer.empty_lines,
            blank_lines: answer.blank_lines,
            crlf_lines: answer.crlf_lines,
            nul_bytes: answer.nul_bytes,
            invalid_utf8_lines: answer.invalid_utf8_lines,
            mixed_encodings: answer.mixed_encodings,
            final_newline: answer.final_newline,
            line_ending: answer.line_ending,
            longest_lines: longest.collect(),
            line_length: answer.line_length,
        }
    }
}

impl Tabular for StatsBody {
    fn text(report: &Report<StatsBody>, layout: &Layout) -> Option<String> {
        let grouped = report.body.by.is_some();
        (!grouped).then(|| stats_text::render(report, layout))
    }

    /// A row for every file; the longest lines of all, how many lines have
    /// which length, and the total if it is not that of the only file. If there
    /// are groups, these and nothing else.
    fn tables(&self) -> Vec<Table> {
        if let Some(groups) = &self.by {
            return vec![groups.table()];
        }
        let records = self.total.records.is_some();
        let mut files = Table::new("files", columns(records));
        for row in &self.files {
            files.row(row.cells());
        }
        let mut lengths = Table::new(
            "line_length",
            ["from", "to_exclusive", "lines"].map(Column::detail),
        );
        for &(from, to, lines) in &self.total.line_length.histogram {
            lengths.row([from, to, lines].map(Cell::from));
        }
        let names = ["length", "line", "offset", "path"].map(Column::detail);
        let mut longest = Table::new("longest_lines", names);
        for long in &self.total.longest_lines {
            longest.row([
                Cell::from(long.length),
                Cell::from(long.line),
                Cell::from(long.offset),
                Cell::from(&long.path),
            ]);
        }
        let mut tables = vec![files, lengths, longest];
        if self.files.len() != 1 {
            let mut total = Table::new("total", columns(records));
            total.row(self.total.cells());
            total.columns.remove(0);
            total.rows[0].remove(0);
            tables.insert(1, total);
        }
        tables
    }

    fn tables_of_a_part(&self) -> Vec<Table> {
        match &self.by {
            Some(_) => self.tables(),
            None => stats_part::tables(self),
        }
    }

    fn warnings(&self) -> Vec<Warning> {
        let mut found = stats_part::warnings(self);
        if let Some(error) = self.by.as_ref().and_then(|by| by.error.as_ref()) {
            found.push(Warning::plain("not_exact", format!("stats: {error}")));
        }
        found
    }

    fn charts(&self) -> Vec<Chart> {
        self.to_see()
    }

    fn cards(&self) -> Vec<Card> {
        self.to_see_first()
    }
}

/// With records where they are counted.
fn columns(records: bool) -> Vec<Column> {
    let count = [
        "bytes",
        "bytes_on_disk",
        "newlines",
        "lines",
        "words",
        "chars",
    ];
    let rare = [
        "empty_lines",
        "blank_lines",
        "crlf_lines",
        "nul_bytes",
        "invalid_utf8_lines",
    ];
    let length = ["min", "max", "mean", "p50", "p90", "p99", "p999"];
    let mut columns = vec![Column::label("path"), Column::detail("complete")];
    columns.extend(count.into_iter().chain(rare).map(Column::measure));
    columns.extend(["final_newline", "line_ending"].map(Column::detail));
    let name = |name| Column::measure(format!("line_length_{name}"));
    columns.extend(length.map(name));
    columns.extend(records.then(|| Column::measure("records")));
    columns
}

impl StatsRow {
    fn cells(&self) -> Vec<Cell> {
        let length = &self.line_length;
        let mut cells = vec![
            Cell::from(self.path.as_ref()),
            Cell::from(self.complete),
            Cell::from(self.bytes),
            Cell::from(self.bytes_on_disk),
            Cell::from(self.newlines),
            Cell::from(self.lines),
            Cell::from(self.words),
            Cell::from(self.chars),
            Cell::from(self.empty_lines),
            Cell::from(self.blank_lines),
            Cell::from(self.crlf_lines),
            Cell::from(self.nul_bytes),
            Cell::from(self.invalid_utf8_lines),
            Cell::from(self.final_newline),
            Cell::from(self.line_ending),
            Cell::from(length.min),
            Cell::from(length.max),
            Cell::from(length.mean),
            Cell::from(length.p50),
            Cell::from(length.p90),
            Cell::from(length.p99),
            Cell::from(length.p999),
        ];
        cells.extend(self.records.map(Cell::from));
        cells
    }
}
