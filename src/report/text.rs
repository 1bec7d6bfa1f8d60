//! Tables for terminals.

use unicode_width::UnicodeWidthStr as _;

use super::{
    Cell, Column, Layout, Role, Table,
    shown::{bar, cut, shown},
};

/// Between columns.
const GAP: usize = 2;

/// The columns of a bar where nothing bounds it, and at most.
const BAR: usize = 30;
/// A bar that would be shorter than this says nothing and is left out.
const LEAST_BAR: usize = 6;
/// A column of text is not cut below this.
const LEAST_TEXT: usize = 12;

/// All tables, those behind the first below their names.
pub(super) fn write(tables: &[Table], layout: &Layout) -> String {
    let mut out = String::new();
    for (i, table) in tables.iter().enumerate() {
        if i > 0 {
            out.push('\n');
            out.push_str(&table.name.replace('_', " "));
            out.push('\n');
        }
        one(&mut out, table, layout);
        for note in &table.notes {
            out.push_str(note);
            out.push('\n');
        }
    }
    out
}

/// A column as it is set.
struct Set {
    cells: Vec<String>,
    left: bool,
    /// It is text from the input and may be cut.
    text: bool,
}

impl Set {
    fn width(&self) -> usize {
        self.cells
            .iter()
            .map(|cell| cell.width())
            .max()
            .unwrap_or(0)
    }
}

fn one(out: &mut String, table: &Table, layout: &Layout) {
    let columns = (0..).zip(&table.columns);
    let shown = columns.filter(|(_, column)| !column.data_only);
    let mut set: Vec<Set> = shown
        .map(|(i, column)| column_of(table, i, column, layout))
        .collect();
    fit(&mut set, layout);
    bars(&mut set, table, layout);
    let widths: Vec<usize> = set.iter().map(Set::width).collect();
    for row in 0..=table.rows.len() {
        let start = out.len();
        for (i, (column, width)) in set.iter().zip(&widths).enumerate() {
            let cell = column.cells[row].as_str();
            let room = " ".repeat(width - cell.width());
            out.push_str(&" ".repeat(if i == 0 { 0 } else { GAP }));
            let (before, behind) = if column.left {
                ("", &*room)
            } else {
                (&*room, "")
            };
            out.push_str(before);
            out.push_str(cell);
            out.push_str(behind);
        }
        out.truncate(out.trim_end_matches(' ').len().max(start));
        out.push('\n');
    }
}

fn column_of(table: &Table, at: usize, column: &Column, layout: &Layout) -> Set {
    let cells = || table.rows.iter().map(|row| &row[at]);
    let text = cells().any(|cell| matches!(cell, Cell::Text(_)));
    let series = cells().any(|cell| matches!(cell, Cell::Series(_)));
    let mut set = vec![column.name.to_uppercase().replace('_', " ")];
    set.extend(cells().map(|cell| shown(cell, column.unit, layout.ascii)));
    Set {
        cells: set,
        left: text || series || column.role == Role::Label,
        text,
    }
}

/// Cuts columns of text, the widest first, until a line fits.
fn fit(set: &mut [Set], layout: &Layout) {
    let Some(room) = layout.width else { return };
    let ellipsis = if layout.ascii { "..." } else { "…" };
    let used: usize = set.iter().map(|column| column.width() + GAP).sum();
    let mut over = used.saturating_sub(GAP).saturating_sub(room);
    while over > 0 {
        let texts = set.iter_mut().filter(|column| column.text);
        let mut widths: Vec<_> = texts.map(|column| (column.width(), column)).collect();
        widths.sort_by_key(|(width, _)| std::cmp::Reverse(*width));
        let next = widths.get(1).map_or(LEAST_TEXT, |(width, _)| *width);
        let Some((width, widest)) = widths.into_iter().next() else {
            return;
        };
        if width <= LEAST_TEXT {
            return;
        }
        // Down to the next widest, and by one at least.
        let target = next
            .min(width - 1)
            .max(width - over.min(width))
            .max(LEAST_TEXT);
        for cell in &mut widest.cells {
            *cell = cut(cell, target, ellipsis);
        }
        let now = widest.width();
        over = over.saturating_sub(width - now);
    }
}

/// Adds a column of bars behind the last, for the first column that wants one.
fn bars(set: &mut Vec<Set>, table: &Table, layout: &Layout) {
    let Some(at) = table.columns.iter().position(|column| column.bar) else {
        return;
    };
    let used: usize = set.iter().map(|column| column.width() + GAP).sum();
    let width = match layout.width {
        Some(room) => room.saturating_sub(used).min(BAR),
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
    let mut cells = vec![String::new()];
    cells.extend(
        values
            .iter()
            .map(|value| bar(value / most, width, layout.ascii)),
    );
    set.push(Set {
        cells,
        left: true,
        text: false,
    });
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
            ascii: false,
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
    fn several_tables_have_names() {
        let mut second = Table::new("longest_lines", [Column::label("x")]);
        second.row([Cell::from("a\x1b")]);
        let text = write(&[second.clone(), second], &Layout::default());
        assert_eq!(text, "X\na\\u{1b}\n\nlongest lines\nX\na\\u{1b}\n");
    }
}
