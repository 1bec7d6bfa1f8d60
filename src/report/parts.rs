//! Several answers in one document.

use std::fmt::Write as _;

use super::{
    Cell, Column, Layout, Part, Table, Warning, csv, json_lines, markdown, prometheus, text,
};

/// As wide as text is where nothing says how wide it may be: one long message
/// must not push the bars of all others out of sight.
const WIDTH: usize = 120;

/// For a terminal: each answer below its title, and the warnings.
pub(super) fn text(title: &str, parts: &[Part], warnings: &[Warning], layout: &Layout) -> String {
    let layout = &Layout {
        width: layout.width.or(Some(WIDTH)),
        ..*layout
    };
    let mut out = heading(title, '=');
    for part in parts {
        out.push('\n');
        out.push_str(&heading(&part.title, '-'));
        if !part.only.is_empty() {
            let _ = writeln!(
                out,
                "only {}",
                super::printable(part.only.join(", ").as_bytes())
            );
        }
        out.push_str(&text::write(&part.for_people, layout));
    }
    if !warnings.is_empty() {
        out.push('\n');
        out.push_str(&heading("Warnings", '-'));
        for warning in warnings {
            out.push_str(&warning.message);
            out.push('\n');
        }
    }
    out
}

fn heading(title: &str, under: char) -> String {
    use unicode_width::UnicodeWidthStr as _;
    let title = super::printable(title.as_bytes());
    let line: String = std::iter::repeat_n(under, title.width().max(1)).collect();
    format!("{title}\n{line}\n")
}

/// For a document.
pub(super) fn markdown(title: &str, parts: &[Part], warnings: &[Warning]) -> String {
    let plain = |text: &str| markdown::escaped(&super::printable(text.as_bytes()));
    let mut out = format!("# {}\n", plain(title));
    for part in parts {
        let _ = write!(out, "\n## {}\n", plain(&part.title));
        if !part.only.is_empty() {
            let _ = write!(out, "\nOnly {}.\n", plain(&part.only.join(", ")));
        }
        markdown::tables(&mut out, &part.for_people);
    }
    if !warnings.is_empty() {
        out.push_str("\n## Warnings\n\n");
        for warning in warnings {
            let _ = writeln!(out, "- {}", plain(&warning.message));
        }
    }
    out
}

/// All tables in long form: a row for every cell. Tables of different answers
/// have nothing else in common.
fn long(parts: &[Part]) -> Table {
    let columns = ["section", "kind", "table", "row", "column", "value"];
    let mut long = Table::new("report", columns.map(Column::label));
    for part in parts {
        for table in &part.tables {
            for (number, cells) in (1_u64..).zip(&table.rows) {
                for (column, cell) in table.columns.iter().zip(cells) {
                    long.row([
                        Cell::from(part.title.as_str()),
                        Cell::from(part.kind),
                        Cell::from(table.name),
                        Cell::from(number),
                        Cell::from(column.name.as_str()),
                        cell.clone(),
                    ]);
                }
            }
        }
    }
    long
}

/// One document with the cells of all tables, see [`long`].
pub(super) fn csv(parts: &[Part], delimiter: u8) -> Vec<u8> {
    csv::write(&long(parts), delimiter)
}

/// A document for each table, with a name for it that has no ending.
pub(super) fn csv_files(parts: &[Part], delimiter: u8) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    for (number, part) in (1..).zip(parts) {
        for table in &part.tables {
            let title = file_name(&part.title);
            let name = format!("{number:02}-{title}-{}", table.name);
            files.push((name, csv::write(table, delimiter)));
        }
    }
    files
}

/// Letters and digits with dashes between.
fn file_name(title: &str) -> String {
    let lower = title.to_lowercase();
    let words = lower.split(|c: char| !c.is_ascii_alphanumeric());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    let mut name = words.join("-");
    name.truncate(40);
    if name.is_empty() {
        "section".into()
    } else {
        name
    }
}

/// A line for every row of every table, which says where it belongs.
pub(super) fn json_lines(parts: &[Part]) -> String {
    let mut out = String::new();
    for part in parts {
        for table in &part.tables {
            out.push_str(&json_lines::write(&below(
                part,
                table,
                &["section", "table"],
            )));
        }
    }
    out
}

/// Metrics with the section as their first label.
pub(super) fn metrics(parts: &[Part], complete: bool) -> Option<String> {
    let mut all = Vec::new();
    for part in parts {
        for table in &part.tables {
            all.push((part.kind, below(part, table, &["section"])));
        }
    }
    prometheus::write_all(&all, "report", complete)
}

/// The table with columns before its own that say where it belongs.
fn below(part: &Part, table: &Table, names: &[&str]) -> Table {
    let where_it_is = |name: &&str| match *name {
        "table" => Cell::from(table.name),
        _ => Cell::from(part.title.as_str()),
    };
    let columns = names.iter().map(|name| Column::label(*name));
    let columns: Vec<Column> = columns.chain(table.columns.iter().cloned()).collect();
    let mut below = Table::new(table.name, columns);
    for cells in &table.rows {
        let first = names.iter().map(where_it_is);
        below.row(first.chain(cells.iter().cloned()).collect::<Vec<_>>());
    }
    below
}
