//! Tables of a page: every number right, with bars, sums, and what there is no
//! room for below its row.

use super::writer::Html;
use crate::report::{
    Cell, Column, Role, Table, Unit, grouped,
    shown::{SERIES, binned, shown, words},
};

/// Beyond as many rows there is a box to filter them.
const FILTERED: usize = 8;

/// How a table stands on its page.
#[derive(Clone, Copy, Debug)]
pub(super) struct Look {
    /// It is folded up, since a chart shows the same.
    pub(super) folded: bool,
    /// Its name stands above it.
    pub(super) named: bool,
    /// How many rows it has at most.
    pub(super) rows: usize,
}

/// Draws the table.
pub(super) fn write(html: &mut Html, table: &Table, id: &str, look: Look) {
    if table.rows.is_empty() {
        let none = match table.empty {
            "" => "nothing found",
            other => other,
        };
        html.raw("<p class=\"none\">").raw(none).raw("</p>");
        notes(html, table);
        return;
    }
    let name = words(table.name);
    if look.folded {
        html.raw("<details class=\"folded\"><summary>Table: ")
            .text(&name)
            .raw(", ");
        html.text(&rows(table.rows.len() as u64)).raw("</summary>");
    } else if look.named {
        html.raw("<h3 class=\"table-name\">")
            .text(&name)
            .raw("</h3>");
    }
    html.raw("<div class=\"tools js\">");
    if table.rows.len() > FILTERED {
        html.raw("<label>Filter <input type=\"search\" data-filter=\"")
            .text(id)
            .raw("\"></label>");
    }
    html.raw("<button type=\"button\" data-copy=\"")
        .text(id)
        .raw("\">Copy as CSV</button></div>");
    html.raw("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"")
        .text(&name);
    let columns = Columns::of(table);
    html.raw(if columns.are_few() {
        "\"><table class=\"narrow\" id=\""
    } else {
        "\"><table id=\""
    });
    html.text(id).raw("\">");
    columns.head(html);
    html.raw("<tbody>");
    let most = columns.most(table);
    for row in table.rows.iter().take(look.rows) {
        columns.row(html, row, most);
    }
    html.raw("</tbody>");
    columns.foot(html, table);
    html.raw("</table></div>");
    if table.rows.len() > look.rows {
        html.raw("<p class=\"cut\">showing ")
            .text(&grouped(look.rows as u64))
            .raw(" of ");
        html.text(&grouped(table.rows.len() as u64)).raw("</p>");
    }
    notes(html, table);
    if look.folded {
        html.raw("</details>");
    }
}

fn notes(html: &mut Html, table: &Table) {
    for note in &table.notes {
        html.raw("<p class=\"note\">")
            .bytes(note.as_bytes())
            .raw("</p>");
    }
}

fn rows(count: u64) -> String {
    format!(
        "{} {}",
        grouped(count),
        if count == 1 { "row" } else { "rows" }
    )
}

/// The columns that are seen, and those that are below.
struct Columns<'a> {
    seen: Vec<(usize, &'a Column)>,
    below: Vec<(usize, &'a Column)>,
    /// The column that is wide and has what is below.
    wide: usize,
    bar: Option<usize>,
    /// Whether the cells of a column are words.
    words: Vec<bool>,
}

impl<'a> Columns<'a> {
    fn of(table: &'a Table) -> Columns<'a> {
        let is_words = |at: usize, column: &Column| {
            let mut cells = table.rows.iter().map(|row| &row[at]);
            column.role == Role::Label
                || cells.any(|cell| matches!(cell, Cell::Text(_) | Cell::Series(_)))
        };
        let all: Vec<(usize, &Column)> = table.columns.iter().enumerate().collect();
        let words: Vec<bool> = all
            .iter()
            .map(|(at, column)| is_words(*at, column))
            .collect();
        let (below, mut seen): (Vec<_>, Vec<_>) = all.into_iter().partition(|(_, c)| c.data_only);
        // What a row is about stays in sight where the numbers are scrolled.
        seen.sort_by_key(|(_, column)| column.role != Role::Label);
        let label = seen.iter().find(|(_, column)| column.role == Role::Label);
        Columns {
            wide: label.or(seen.first()).map_or(0, |(at, _)| *at),
            bar: seen
                .iter()
                .find(|(_, column)| column.bar)
                .map(|(at, _)| *at),
            seen,
            below,
            words,
        }
    }

    /// They would be far from each other on a wide page.
    fn are_few(&self) -> bool {
        self.seen.len() < 3 && self.bar.is_none()
    }

    fn most(&self, table: &Table) -> f64 {
        let cells = self
            .bar
            .map(|bar| table.rows.iter().map(move |row| &row[bar]));
        cells
            .into_iter()
            .flatten()
            .filter_map(number)
            .fold(0.0, f64::max)
    }

    fn head(&self, html: &mut Html) {
        html.raw("<thead><tr>");
        for (at, column) in &self.seen {
            html.raw(if self.words[*at] {
                "<th scope=\"col\">"
            } else {
                "<th scope=\"col\" class=\"n\">"
            });
            html.bytes(heading(column).as_bytes()).raw("</th>");
            if self.bar == Some(*at) {
                html.raw("<th scope=\"col\" class=\"bar\" aria-label=\"bar\"></th>");
            }
        }
        html.raw("</tr></thead>");
    }

    fn row(&self, html: &mut Html, row: &[Cell], most: f64) {
        html.raw("<tr>");
        for (at, column) in &self.seen {
            let cell = &row[*at];
            match (*at == self.wide, self.words[*at]) {
                (true, true) => html.raw("<th scope=\"row\">"),
                (_, true) => html.raw("<td>"),
                _ => {
                    html.raw("<td class=\"n\"");
                    if let Some(value) = number(cell) {
                        html.raw(" data-v=\"").text(&value.to_string()).raw("\"");
                    }
                    html.raw(">")
                }
            };
            let below = self.below.iter().filter(|(at, _)| row[*at] != Cell::Null);
            let below: Vec<_> = below.collect();
            if *at == self.wide && !below.is_empty() {
                html.raw("<details><summary>");
                value(html, cell, column.unit);
                html.raw("</summary><dl>");
                for (at, column) in below {
                    html.raw("<dt>")
                        .bytes(heading(column).as_bytes())
                        .raw("</dt><dd>");
                    value(html, &row[*at], column.unit);
                    html.raw("</dd>");
                }
                html.raw("</dl></details>");
            } else {
                value(html, cell, column.unit);
            }
            let wide_words = *at == self.wide && self.words[*at];
            html.raw(if wide_words { "</th>" } else { "</td>" });
            if self.bar == Some(*at) {
                bar(html, number(cell).unwrap_or(0.0), most);
            }
        }
        html.raw("</tr>");
    }

    /// Sum, least and greatest of the counts that are worth watching, over all
    /// rows, seen or not.
    fn foot(&self, html: &mut Html, table: &Table) {
        let counts = |at: usize| -> Option<Vec<u64>> {
            let count = |row: &Vec<Cell>| match row[at] {
                Cell::Count(count) => Some(count),
                _ => None,
            };
            table.rows.iter().map(count).collect()
        };
        let summed = |at: usize, column: &Column| column.role == Role::Measure && !self.words[at];
        let sums: Vec<Option<Vec<u64>>> = self
            .seen
            .iter()
            .map(|(at, column)| summed(*at, column).then(|| counts(*at)).flatten())
            .collect();
        if table.rows.len() < 5 || sums.iter().all(Option::is_none) {
            return;
        }
        html.raw("<tfoot>");
        let total: fn(&[u64]) -> u64 = |counts| counts.iter().sum();
        let least: fn(&[u64]) -> u64 = |counts| counts.iter().copied().min().unwrap_or(0);
        let most: fn(&[u64]) -> u64 = |counts| counts.iter().copied().max().unwrap_or(0);
        for (name, of) in [("total", total), ("least", least), ("most", most)] {
            html.raw("<tr>");
            for ((at, column), counts) in self.seen.iter().zip(&sums) {
                if *at == self.wide && self.words[*at] {
                    html.raw("<th scope=\"row\">").raw(name).raw("</th>");
                } else {
                    html.raw("<td class=\"n\">");
                    if let Some(counts) = counts {
                        value(html, &Cell::Count(of(counts)), column.unit);
                    } else if !self.words[self.wide] && *at == self.wide {
                        html.raw(name);
                    }
                    html.raw("</td>");
                }
                if self.bar == Some(*at) {
                    html.raw("<td class=\"bar\"></td>");
                }
            }
            html.raw("</tr>");
        }
        html.raw("</tfoot>");
    }
}

fn heading(column: &Column) -> String {
    if column.typed {
        column.name.clone()
    } else {
        words(&column.name)
    }
}

/// A value as people read it.
pub(super) fn value(html: &mut Html, cell: &Cell, unit: Unit) {
    match cell {
        Cell::Text(bytes) if bytes.is_empty() => {
            html.raw("<span class=\"none\">(empty)</span>");
        }
        Cell::Text(bytes) => {
            html.bytes(bytes);
        }
        Cell::Null => {
            html.raw("<span class=\"none\">–</span>");
        }
        Cell::Series(counts) => spark(html, counts),
        other => {
            html.text(&shown(other, unit, false));
        }
    }
}

fn number(cell: &Cell) -> Option<f64> {
    match cell {
        Cell::Count(count) => Some(*count as f64),
        Cell::Number(number) => Some(*number),
        _ => None,
    }
}

fn bar(html: &mut Html, number: f64, most: f64) {
    html.raw("<td class=\"bar\"><svg viewBox=\"0 0 100 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><rect class=\"t0\" height=\"10\"");
    let share = if most > 0.0 { number / most } else { 0.0 };
    // What is there can be seen, however little it is.
    let least = if number > 0.0 { 0.8 } else { 0.0 };
    html.attribute("width", (100.0 * share).clamp(least, 100.0))
        .raw("/></svg></td>");
}

/// Counts side by side, a small drawing.
fn spark(html: &mut Html, counts: &[u64]) {
    let counts = &binned(counts, SERIES);
    let most = counts.iter().copied().max().unwrap_or(0).max(1) as f64;
    html.raw(
        "<svg class=\"spark\" preserveAspectRatio=\"none\" aria-hidden=\"true\" viewBox=\"0 0 ",
    );
    html.number(counts.len().max(1) as u64)
        .raw(" 20\"><path class=\"t0\" d=\"M0 20");
    for (at, count) in counts.iter().enumerate() {
        let height = 20.0 * (*count as f64) / most;
        html.raw("L")
            .number(at as u64)
            .raw(" ")
            .at(20.0 - height)
            .raw("h1");
    }
    html.raw("V20z\"/></svg>");
}
