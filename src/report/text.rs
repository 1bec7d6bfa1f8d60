//! Tables for terminals.

use unicode_width::UnicodeWidthStr as _;

use super::{
    Align, Cell, Column, Grid, Layout, Role, Table,
    grid::GAP,
    printable,
    shown::{SERIES, bar, binned, shown, sparkline},
};

/// The columns of a bar where nothing bounds it, and at most.
const BAR: usize = 30;
/// A bar that would be shorter than this says nothing and is left out.
const LEAST_BAR: usize = 6;
/// A series is drawn in so many columns at least; before, words are cut.
const LEAST_SERIES: usize = 24;

/// All tables, those behind the first below their names.
pub(super) fn write(tables: &[Table], layout: &Layout) -> String {
    let mut out = String::new();
    for (i, table) in tables.iter().enumerate() {
        if i > 0 {
            out.push('\n');
            out.push_str(&table.name.replace('_', " "));
            out.push('\n');
        }
        if table.rows.is_empty() && !table.empty.is_empty() {
            out.push_str(table.empty);
            out.push('\n');
        } else {
            one(&mut out, table, layout);
        }
        for note in &table.notes {
            wrapped(&mut out, note, layout);
        }
    }
    out
}

fn one(out: &mut String, table: &Table, layout: &Layout) {
    let columns = table.columns.iter().enumerate();
    let mut columns: Vec<_> = columns.filter(|(_, column)| !column.data_only).collect();
    let mut grid = grid(table, &columns, layout);
    let mut left_out = Vec::new();
    while layout.width.is_some_and(|width| grid.width() > width)
        && let Some(last) = columns.iter().rposition(|(_, column)| column.spare)
    {
        left_out.push(columns.remove(last).1.name.replace('_', " "));
        grid = self::grid(table, &columns, layout);
    }
    bars(&mut grid, table, layout);
    grid.render(out, "", layout);
    if !left_out.is_empty() {
        left_out.reverse();
        let names = left_out.join(", ");
        let note = format!("left out, since the terminal is narrow: {names}");
        wrapped(out, &note, layout);
    }
}

/// Appends a sentence, with line ends between words where it does not fit.
pub(super) fn wrapped(out: &mut String, note: &str, layout: &Layout) {
    let room = layout.width.unwrap_or(usize::MAX);
    // It may quote what comes from a log or a pattern.
    let note = printable(note.as_bytes());
    let mut used = 0;
    for word in note.split(' ') {
        let width = word.width();
        if used > 0 && used + 1 + width > room {
            out.push('\n');
            used = 0;
        } else if used > 0 {
            out.push(' ');
            used += 1;
        }
        out.push_str(word);
        used += width;
    }
    out.push('\n');
}

/// The cells of these columns below their names, fitted as far as they can be. A
/// series is drawn in as many columns as are left, from its first count to its last.
fn grid(table: &Table, columns: &[(usize, &Column)], layout: &Layout) -> Grid {
    let aligns = columns.iter().map(|(i, column)| align(table, *i, column));
    let series = aligns.filter(|align| *align == Align::Drawn).count();
    let Some(width) = layout.width.filter(|_| series > 0) else {
        return drawn_in(table, columns, layout, SERIES);
    };
    let others = drawn_in(table, columns, layout, 0).width();
    let room = width.saturating_sub(others) / series;
    drawn_in(
        table,
        columns,
        layout,
        room.max(LEAST_SERIES.min(width / 2)),
    )
}

/// A table as text, with series in so many columns.
fn drawn_in(table: &Table, columns: &[(usize, &Column)], layout: &Layout, series: usize) -> Grid {
    let aligns = columns.iter().map(|(i, column)| align(table, *i, column));
    let mut grid = Grid::new(aligns.collect::<Vec<_>>());
    let heading = columns.iter().map(|(_, column)| heading(column));
    grid.row(heading.collect::<Vec<_>>());
    for row in &table.rows {
        let cells = columns.iter();
        let cells = cells.map(|(i, column)| match &row[*i] {
            Cell::Series(_) if series == 0 => String::new(),
            Cell::Series(counts) => sparkline(&binned(counts, series), layout.ascii),
            other => shown(other, column.unit, layout.ascii),
        });
        grid.row(cells.collect::<Vec<_>>());
    }
    if let Some(width) = layout.width.filter(|_| series > 0) {
        grid.fit(width, layout.ascii);
    }
    grid
}

fn heading(column: &Column) -> String {
    if column.typed {
        printable(column.name.as_bytes())
    } else {
        column.name.to_uppercase().replace('_', " ")
    }
}

fn align(table: &Table, at: usize, column: &Column) -> Align {
    let mut cells = table.rows.iter().map(|row| &row[at]);
    if cells.clone().any(|cell| matches!(cell, Cell::Series(_))) {
        Align::Drawn
    } else if column.role == Role::Label || cells.any(|cell| matches!(cell, Cell::Text(_))) {
        Align::Left
    } else {
        Align::Right
    }
}

/// Adds a column of bars behind the last, for the first column that wants one.
fn bars(grid: &mut Grid, table: &Table, layout: &Layout) {
    let Some(at) = table.columns.iter().position(|column| column.bar) else {
        return;
    };
    let width = match layout.width {
        Some(room) => room.saturating_sub(grid.width() + GAP).min(BAR),
        None => BAR,
    };
    if width < LEAST_BAR || table.rows.len() < 2 {
        return;
    }
    let value = |cell: &Cell| match cell {
        Cell::Count(count) => *count as f64,
        Cell::Number(number) => *number,
        _ => 0.0,
    };
    let values: Vec<f64> = table.rows.iter().map(|row| value(&row[at])).collect();
    let most = values.iter().copied().fold(0.0, f64::max);
    let bars = values
        .iter()
        .map(|value| bar(value / most, width, layout.ascii));
    let heading = std::iter::once(String::new());
    grid.column(Align::Drawn, heading.chain(bars));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let columns = [
            Column::label("key"),
            Column::measure("count").bar(),
            Column::detail("offset").data_only(),
            Column::detail("per_hour"),
        ];
        let mut table = Table::new("groups", columns);
        let long = "/a/very/long/path/that/does/not/fit/at/all";
        for (key, count, series) in [(long, 1000, vec![1, 8]), ("中文", 125, vec![0, 1])] {
            table.row([
                Cell::from(key),
                Cell::Count(count),
                Cell::Count(9),
                Cell::Series(series),
            ]);
        }
        table.note("2 of 7 groups");
        table
    }

    #[test]
    fn as_wide_as_it_gets() {
        assert_eq!(
            write(&[table()], &Layout::default()),
            "KEY                                         COUNT  PER HOUR\n\
             /a/very/long/path/that/does/not/fit/at/all  1,000  ▁█        ██████████████████████████████\n\
             中文                                          125   █        ███▊\n\
             2 of 7 groups\n"
        );
    }

    #[test]
    fn lines_fit_the_terminal() {
        let layout = |width| Layout {
            width: Some(width),
            ..Layout::default()
        };
        for width in [80, 61, 50, 40, 33] {
            let text = write(&[table()], &layout(width));
            for line in text.lines() {
                assert!(line.width() <= width, "{width}: {line}");
            }
        }
        assert_eq!(
            write(&[table()], &layout(40)),
            "KEY                      COUNT  PER HOUR\n\
             /a/very/lon…/fit/at/all  1,000  ▁█\n\
             中文                       125   █\n\
             2 of 7 groups\n"
        );
    }

    #[test]
    fn a_series_is_drawn_to_its_end() {
        let columns = [
            Column::label("key"),
            Column::measure("lines"),
            Column::detail("buckets"),
        ];
        let mut table = Table::new("groups", columns);
        for key in ["a", "/a/key/of/many/words/that/wants/most/of/the/line"] {
            let mut counts = vec![0; 199];
            counts[0] = 5;
            counts[198] = 5;
            table.row([Cell::from(key), Cell::Count(10), Cell::Series(counts)]);
        }
        for width in [80, 60, 45, 200, 300] {
            let layout = Layout {
                width: Some(width),
                ascii: true,
                ..Layout::default()
            };
            let text = write(std::slice::from_ref(&table), &layout);
            for line in text.lines().skip(1) {
                assert!(line.width() <= width, "{width}: {text}");
                // The key, its lines, and what is drawn at either end.
                assert_eq!(line.split_whitespace().count(), 4, "{width}: {text}");
            }
        }
    }

    #[test]
    fn spare_columns_go_where_there_is_no_room() {
        let columns = [
            Column::label("key"),
            Column::measure("sum_of_all").spare(),
            Column::measure("count"),
            Column::measure("mean").spare(),
        ];
        let mut table = Table::new("groups", columns);
        table.row([
            Cell::from("a"),
            Cell::Count(1_000_000_000),
            Cell::Count(1_000_000),
            Cell::Count(1_000_000),
        ]);
        let text = |width| {
            let width = Some(width);
            write(
                std::slice::from_ref(&table),
                &Layout {
                    width,
                    ascii: true,
                    rows: None,
                },
            )
        };
        assert_eq!(
            text(40),
            "KEY     SUM OF ALL      COUNT       MEAN\na    1,000,000,000  1,000,000  1,000,000\n"
        );
        assert_eq!(
            text(30),
            "KEY     SUM OF ALL      COUNT\na    1,000,000,000  1,000,000\n\
             left out, since the terminal\nis narrow: mean\n"
        );
        assert_eq!(
            text(20),
            "KEY      COUNT\na    1,000,000\n\
             left out, since the\nterminal is narrow:\nsum of all, mean\n"
        );
    }

    #[test]
    fn several_tables_have_names() {
        let mut second = Table::new("longest_lines", [Column::label("x")]);
        second.row([Cell::from("a\x1b")]);
        let text = write(&[second.clone(), second], &Layout::default());
        assert_eq!(text, "X\na\\u{1b}\n\nlongest lines\nX\na\\u{1b}\n");
    }
}
