//! Tables for documents.

use std::fmt::Write as _;

use super::{
    Cell, Role, Table, printable,
    shown::{shown, words},
};

/// All tables, each below its name.
pub(super) fn write(tables: &[Table], command: &str) -> String {
    let mut out = format!("## swathe {command}\n");
    self::tables(&mut out, tables);
    out
}

/// Appends tables, each below its name.
pub(super) fn tables(out: &mut String, tables: &[Table]) {
    for table in tables {
        let _ = write!(out, "\n### {}\n\n", words(table.name));
        if table.rows.is_empty() && !table.empty.is_empty() {
            let _ = writeln!(out, "{}", escaped(table.empty));
        } else {
            one(out, table);
        }
        for note in &table.notes {
            let _ = write!(out, "\n{}\n", escaped(note));
        }
    }
}

fn one(out: &mut String, table: &Table) {
    for column in &table.columns {
        let _ = write!(
            out,
            "| {} ",
            escaped(&printable(words(&column.name).as_bytes()))
        );
    }
    out.push_str("|\n");
    for (i, column) in table.columns.iter().enumerate() {
        let mut cells = table.rows.iter().map(|row| &row[i]);
        let left = column.role == Role::Label || cells.any(|cell| matches!(cell, Cell::Text(_)));
        out.push_str(if left { "| --- " } else { "| ---: " });
    }
    out.push_str("|\n");
    for row in &table.rows {
        for (cell, column) in row.iter().zip(&table.columns) {
            let text = shown(cell, column.unit, false);
            let text = match cell {
                Cell::Text(_) => escaped(&text),
                _ => text,
            };
            let _ = write!(out, "| {text} ");
        }
        out.push_str("|\n");
    }
}

/// Text that Markdown, and HTML in it, take for nothing but text.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::new();
    for char in text.chars() {
        match char {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\\' | '|' | '`' | '*' | '_' | '[' | ']' | '~' | '#' | '!' | '$' => {
                out.extend(['\\', char]);
            }
            _ => out.push(char),
        }
    }
    // Renderers make links of bare addresses.
    out.replace("://", ":\u{2060}//")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Column, Unit};

    #[test]
    fn cells_cannot_break_out() {
        let columns = [
            Column::label("user_agent"),
            Column::measure("bytes").unit(Unit::Bytes),
        ];
        let mut table = Table::new("groups", columns);
        table.row([Cell::from("a|b\n<script>*x*`"), Cell::Count(2048)]);
        table.row([Cell::Null, Cell::Null]);
        table.note("half of it");
        assert_eq!(
            write(&[table], "top"),
            "## swathe top\n\n### groups\n\n\
             | user agent | bytes |\n| --- | ---: |\n\
             | a\\|b\\\\n&lt;script&gt;\\*x\\*\\` | 2 KiB |\n| - | - |\n\nhalf of it\n"
        );
    }
}
