//! Cells below each other.

use unicode_width::UnicodeWidthStr as _;

use super::{Layout, shown::cut};

/// Between columns.
pub(super) const GAP: usize = 2;

/// A column of text is not cut below this.
const LEAST: usize = 12;

/// How the cells of a column are set.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Align {
    /// For words. They are cut in the middle where a line would not fit.
    Left,
    /// For numbers, which are never cut.
    Right,
    /// For what is drawn: set to the left, and never cut.
    Drawn,
}

/// Rows of cells, each column as wide as its widest cell.
#[derive(Clone, Debug)]
pub struct Grid {
    columns: Vec<Align>,
    rows: Vec<Vec<String>>,
}

impl Grid {
    /// A grid of columns like these, without a row.
    pub fn new(columns: impl Into<Vec<Align>>) -> Grid {
        Grid {
            columns: columns.into(),
            rows: Vec::new(),
        }
    }

    /// Adds a row of cells, which must do nothing to a terminal; see
    /// [`printable`](super::printable). Missing cells are empty.
    pub fn row(&mut self, cells: impl Into<Vec<String>>) {
        let mut cells = cells.into();
        cells.resize(self.columns.len(), String::new());
        self.rows.push(cells);
    }

    /// Adds a row of words, such as the headings.
    pub fn words(&mut self, cells: &[&str]) {
        self.row(cells.iter().map(ToString::to_string).collect::<Vec<_>>());
    }

    /// Adds a column behind the others, with a cell for every row.
    pub(super) fn column(&mut self, align: Align, cells: impl IntoIterator<Item = String>) {
        self.columns.push(align);
        for (row, cell) in self.rows.iter_mut().zip(cells) {
            row.push(cell);
        }
    }

    /// How many columns of a terminal a line takes.
    pub(super) fn width(&self) -> usize {
        let all = 0..self.columns.len();
        let widths = all.map(|column| self.column_width(column) + GAP);
        widths.sum::<usize>().saturating_sub(GAP)
    }

    /// Cuts columns of words, the widest first, until a line fits.
    pub(super) fn fit(&mut self, width: usize, ascii: bool) {
        let ellipsis = if ascii { "..." } else { "…" };
        let mut over = self.width().saturating_sub(width);
        while over > 0 {
            let all = 0..self.columns.len();
            let words = all.filter(|&column| self.columns[column] == Align::Left);
            let mut widths: Vec<_> = words.map(|c| (self.column_width(c), c)).collect();
            widths.sort_unstable_by(|a, b| b.cmp(a));
            let Some(&(widest, column)) = widths.first() else {
                return;
            };
            if widest <= LEAST {
                return;
            }
            // Down to the next widest, and by one at least.
            let next = widths.get(1).map_or(LEAST, |(width, _)| *width);
            let needed = widest.saturating_sub(over);
            let target = next.min(widest - 1).max(needed).max(LEAST);
            for row in &mut self.rows {
                row[column] = cut(&row[column], target, ellipsis);
            }
            over = over.saturating_sub(widest - self.column_width(column));
        }
    }

    /// Appends the rows, fitted to the layout; no line ends with spaces. Where
    /// numbers alone are wider than the terminal, lines are cut at its edge.
    pub fn render(mut self, out: &mut String, indent: &str, layout: &Layout) {
        if let Some(width) = layout.width {
            self.fit(width.saturating_sub(indent.width()), layout.ascii);
        }
        let all = 0..self.columns.len();
        let widths: Vec<usize> = all.map(|column| self.column_width(column)).collect();
        for row in &self.rows {
            let start = out.len();
            out.push_str(indent);
            for (i, cell) in row.iter().enumerate() {
                let room = " ".repeat(widths[i] - cell.width());
                out.push_str(&" ".repeat(if i == 0 { 0 } else { GAP }));
                match self.columns[i] {
                    Align::Right => out.extend([room.as_str(), cell]),
                    Align::Left | Align::Drawn => out.extend([cell.as_str(), &room]),
                }
            }
            out.truncate(out.trim_end_matches(' ').len().max(start));
            if let Some(width) = layout.width {
                let line = clipped(&out[start..], width, layout.ascii);
                out.truncate(start);
                out.push_str(&line);
            }
            out.push('\n');
        }
    }

    fn column_width(&self, column: usize) -> usize {
        let cells = self.rows.iter().map(|row| row[column].width());
        cells.max().unwrap_or(0)
    }
}

/// A line, or as much of it as fits.
fn clipped(line: &str, width: usize, ascii: bool) -> String {
    if line.width() <= width {
        return line.to_string();
    }
    let end = if ascii { "~" } else { "\u{2026}" };
    let room = width.saturating_sub(end.width());
    let mut kept = 0;
    for (at, char) in line.char_indices() {
        let next = at + char.len_utf8();
        if line[..next].width() > room {
            break;
        }
        kept = next;
    }
    format!("{}{end}", &line[..kept])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rendered(grid: Grid, width: Option<usize>) -> String {
        let (mut out, ascii) = (String::new(), false);
        grid.render(
            &mut out,
            " ",
            &Layout {
                width,
                ascii,
                rows: None,
            },
        );
        out
    }

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let mut grid = Grid::new([Align::Left, Align::Right, Align::Left]);
        grid.words(&["NAME", "N", "X"]);
        grid.words(&["a", "1,000"]);
        grid.words(&["\u{4e2d}\u{6587}\u{5b57}", "2", "b"]);
        assert_eq!(
            rendered(grid, None),
            " NAME        N  X\n a       1,000\n \u{4e2d}\u{6587}\u{5b57}      2  b\n"
        );
    }

    #[test]
    fn words_are_cut_the_widest_first() {
        let mut grid = Grid::new([Align::Left, Align::Right, Align::Left]);
        grid.words(&["a name of many words", "12345", "another one of these"]);
        for (width, want) in [
            (60, " a name of many words  12345  another one of these\n"),
            (48, " a name of…any words  12345  another o… of these\n"),
            (20, " a name…words  1234…\n"),
            (1, "…\n"),
        ] {
            let got = rendered(grid.clone(), Some(width));
            assert_eq!(got, want, "{width}");
        }
    }
}
