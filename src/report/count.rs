//! The rows of `swathe count`.

use std::path::Path;

use schemars::JsonSchema;
use serde::Serialize;

use super::{Cell, Chart, Column, Layout, Name, Report, Table, Tabular, count_text};
use crate::statistic::{CountAnswer, Position};

/// What `swathe count` has to say: of all files, or of one.
#[derive(Clone, Debug, JsonSchema, Serialize)]
pub struct CountBody {
    /// A row for every pattern, in the order given.
    pub patterns: Vec<CountRow>,
    /// All lines; with records of several lines all records, here and below.
    pub lines_total: u64,
    /// Lines that match a pattern.
    pub lines_any: u64,
    /// Lines that match none.
    pub lines_none: u64,
    /// The matches of all patterns.
    pub matches_total: u64,
    /// Lines that match more than one pattern.
    pub multi_pattern_lines: u64,
    /// The counts of each file, if it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub files: Option<Vec<CountFile>>,
}

/// The numbers of one file.
#[derive(Clone, Debug, JsonSchema, Serialize)]
pub struct CountFile {
    /// The file.
    pub path: Name,
    /// Whether all of it was seen; if not, it is left out of the total.
    pub complete: bool,
    /// Present if the file became longer meanwhile; what was added was not
    /// seen.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub grew: bool,
    /// Its numbers.
    #[serde(flatten)]
    pub body: CountBody,
}

/// The numbers of one pattern.
#[derive(Clone, Debug, Eq, JsonSchema, PartialEq, Serialize)]
pub struct CountRow {
    /// Its place among the patterns, from 1.
    pub id: u64,
    /// What the caller calls it.
    pub name: Option<String>,
    /// The pattern.
    pub pattern: String,
    /// Lines with a match.
    pub lines: u64,
    /// Matches that do not overlap and are not empty.
    pub matches: u64,
    /// The first match in the first line that matches.
    pub first: Option<PlaceRow>,
    /// The first match in the last line that matches.
    pub last: Option<PlaceRow>,
    /// Matches in equal parts of the files, by where they start; present if it
    /// was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub positions: Option<Vec<u64>>,
}

/// A place in a file.
#[derive(Clone, Debug, Eq, JsonSchema, PartialEq, Serialize)]
pub struct PlaceRow {
    /// The file.
    pub path: Name,
    /// The number of the line, from 1.
    pub line: u64,
    /// The offset in bytes.
    pub offset: u64,
}

impl CountBody {
    /// The rows of an answer. `sources` are the names of the sources that
    /// positions speak of.
    pub fn new(answer: CountAnswer, sources: &[impl AsRef<Path>]) -> CountBody {
        let place = |position: Position| {
            let path = sources.get(position.source as usize)?;
            Some(PlaceRow {
                path: Name::from(path.as_ref()),
                line: position.line,
                offset: position.offset,
            })
        };
        let rows = (1..).zip(answer.patterns).map(|(id, count)| CountRow {
            id,
            name: count.pattern.name,
            pattern: count.pattern.pattern,
            lines: count.tally.map_or(0, |tally| tally.lines),
            matches: count.tally.map_or(0, |tally| tally.matches),
            first: count.tally.and_then(|tally| place(tally.first)),
            last: count.tally.and_then(|tally| place(tally.last)),
            positions: count.positions,
        });
        CountBody {
            patterns: rows.collect(),
            lines_total: answer.lines_total,
            lines_any: answer.lines_any,
            lines_none: answer.lines_none,
            matches_total: answer.matches_total,
            multi_pattern_lines: answer.multi_pattern_lines,
            files: None,
        }
    }
}

impl Tabular for CountBody {
    fn text(report: &Report<CountBody>, layout: &Layout) -> Option<String> {
        Some(count_text::render(report, layout))
    }

    /// A row for every pattern, of every file if they were asked for; and the
    /// lines of all.
    fn tables(&self) -> Vec<Table> {
        let files = self.files.as_deref().unwrap_or_default();
        let mut columns = vec![
            Column::label("id"),
            Column::label("name"),
            Column::label("pattern"),
            Column::measure("lines"),
            Column::measure("matches"),
        ];
        let places = ["first", "last"].map(|which| {
            ["path", "line", "offset"].map(|what| Column::detail(format!("{which}_{what}")))
        });
        columns.extend(places.into_iter().flatten());
        if !files.is_empty() {
            columns.insert(0, Column::label("path"));
            columns.insert(1, Column::detail("complete"));
        }
        let mut patterns = Table::new("patterns", columns);
        for file in files {
            for row in &file.body.patterns {
                let mut cells = vec![Cell::from(&file.path), Cell::from(file.complete)];
                cells.extend(row.cells());
                patterns.row(cells);
            }
        }
        if files.is_empty() {
            for row in &self.patterns {
                patterns.row(row.cells());
            }
        }
        vec![patterns, self.total()]
    }

    fn tables_of_a_part(&self) -> Vec<Table> {
        self.as_a_part()
    }

    fn charts(&self) -> Vec<Chart> {
        self.to_see()
    }
}

impl CountBody {
    fn total(&self) -> Table {
        let numbers = [
            ("lines_total", self.lines_total),
            ("lines_any", self.lines_any),
            ("lines_none", self.lines_none),
            ("matches_total", self.matches_total),
            ("multi_pattern_lines", self.multi_pattern_lines),
        ];
        let mut total = Table::new("total", numbers.map(|(name, _)| Column::measure(name)));
        total.row(numbers.map(|(_, number)| Cell::from(number)));
        total
    }
}

impl CountRow {
    fn cells(&self) -> Vec<Cell> {
        let place = |place: &Option<PlaceRow>| {
            let place = place.as_ref();
            [
                Cell::from(place.map(|place| &place.path)),
                Cell::from(place.map(|place| place.line)),
                Cell::from(place.map(|place| place.offset)),
            ]
        };
        let mut cells = vec![
            Cell::from(self.id),
            Cell::from(self.name.as_deref()),
            Cell::from(self.pattern.as_str()),
            Cell::from(self.lines),
            Cell::from(self.matches),
        ];
        cells.extend(place(&self.first));
        cells.extend(place(&self.last));
        cells
    }
}
