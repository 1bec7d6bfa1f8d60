//! Patterns to look at, and their numbers as a part of a report.

use super::{Chart, ChartKind, Series, Tone};
use crate::report::{Cell, Column, CountBody, CountRow, PlaceRow, Table, Unit, grouped, printable};

impl CountBody {
    pub(in crate::report) fn to_see(&self) -> Vec<Chart> {
        let strip = |(at, row): (usize, &CountRow)| {
            Some(Series {
                name: printable(title(row).as_bytes()),
                tone: Tone::Of(at),
                counts: row.positions.clone()?,
            })
        };
        let strips: Vec<Series> = self.patterns.iter().enumerate().filter_map(strip).collect();
        if strips.is_empty() {
            return Vec::new();
        }
        vec![Chart {
            title: "Where in the files the matches are, from their start to their end".into(),
            table: None,
            kind: ChartKind::Positions(strips),
        }]
    }

    /// A row for every pattern with the places of its first and last match;
    /// the patterns of each file below, if they were asked for.
    pub(in crate::report) fn as_a_part(&self) -> Vec<Table> {
        let columns = [
            Column::label("pattern"),
            Column::measure("lines").bar(),
            Column::detail("percent").unit(Unit::Percent),
            Column::measure("matches"),
            Column::detail("regex").data_only(),
            Column::detail("first match").data_only(),
            Column::detail("last match").data_only(),
        ];
        let mut table = Table::new("patterns", columns);
        for row in &self.patterns {
            table.row([
                Cell::from(title(row)),
                Cell::from(row.lines),
                Cell::from(100.0 * row.lines as f64 / self.lines_total.max(1) as f64),
                Cell::from(row.matches),
                Cell::from(row.name.as_ref().map(|_| row.pattern.as_str())),
                Cell::from(row.first.as_ref().map(place)),
                Cell::from(row.last.as_ref().map(place)),
            ]);
        }
        let several = match self.multi_pattern_lines {
            0 => String::new(),
            lines => format!("; {} match more than one", grouped(lines)),
        };
        table.note(format!(
            "{} of {} lines match a pattern{several}",
            grouped(self.lines_any),
            grouped(self.lines_total),
        ));
        let mut tables = vec![table];
        if let Some(files) = self.files.as_ref().filter(|files| !files.is_empty()) {
            let mut table = Table::new(
                "files",
                [
                    Column::label("path"),
                    Column::label("pattern"),
                    Column::measure("lines").bar(),
                    Column::measure("matches"),
                    Column::detail("complete"),
                ],
            );
            for file in files {
                for row in &file.body.patterns {
                    table.row([
                        Cell::from(&file.path),
                        Cell::from(title(row)),
                        Cell::from(row.lines),
                        Cell::from(row.matches),
                        Cell::from(file.complete),
                    ]);
                }
            }
            tables.push(table);
        }
        tables
    }
}

fn title(row: &CountRow) -> &str {
    row.name.as_ref().unwrap_or(&row.pattern)
}

fn place(place: &PlaceRow) -> String {
    let path = printable(place.path.as_path().as_os_str().as_encoded_bytes());
    format!(
        "{path}, line {}, byte {}",
        grouped(place.line),
        grouped(place.offset)
    )
}
