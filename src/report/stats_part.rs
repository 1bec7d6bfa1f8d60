//! The numbers of `swathe stats` as a part of a report: down the page, not
//! across it, and what is odd about the files.

use super::{Cell, Column, StatsBody, StatsRow, Table, Unit, Warning, grouped};

/// The files (if there are several), all numbers of the total, how long lines
/// are, and which are the longest.
pub(super) fn tables(body: &StatsBody) -> Vec<Table> {
    let mut tables = vec![summary(body)];
    if body.files.len() > 1 {
        tables.push(files(body));
    }
    tables.extend(lengths(&body.total));
    if !body.total.longest_lines.is_empty() {
        tables.push(longest(body));
    }
    tables
}

fn summary(body: &StatsBody) -> Table {
    let row = &body.total;
    let mut table = Table::new(
        "summary",
        [Column::label("what"), Column::measure("number")],
    );
    let mut add = |what: &str, number: Cell| table.row([Cell::from(what), number]);
    add("files", Cell::from(body.files.len() as u64));
    add("bytes", row.bytes.into());
    if row.bytes_on_disk != Some(row.bytes) {
        add("bytes on disk", row.bytes_on_disk.into());
    }
    if let Some(records) = row.records {
        add("records", records.into());
    }
    for (what, number) in [
        ("lines", row.lines),
        ("words", row.words),
        ("characters", row.chars),
        ("empty lines", row.empty_lines),
        ("blank lines", row.blank_lines),
        ("CRLF lines", row.crlf_lines),
        ("NUL bytes", row.nul_bytes),
        ("invalid UTF-8 lines", row.invalid_utf8_lines),
    ] {
        add(what, number.into());
    }
    let length = &row.line_length;
    for (what, number) in [
        ("shortest line", length.min),
        ("median line", length.p50),
        ("p90 line", length.p90),
        ("p99 line", length.p99),
        ("p99.9 line", length.p999),
        ("longest line", length.max),
    ] {
        add(what, number.into());
    }
    add("mean line", length.mean.into());
    let ending = match row.line_ending {
        "lf" => "lines end with LF",
        "crlf" => "lines end with CRLF",
        "mixed" => "some lines end with CRLF, others with LF",
        _ => "no line has an end",
    };
    table.note(format!(
        "{ending}; lengths are bytes without it; blank lines include empty ones"
    ));
    table
}

fn files(body: &StatsBody) -> Table {
    let columns = [
        Column::label("path"),
        Column::measure("lines").bar(),
        Column::measure("bytes").unit(Unit::Bytes),
        Column::detail("longest_line"),
        Column::detail("line_ending"),
        Column::detail("complete"),
    ];
    let mut table = Table::new("files", columns);
    for row in &body.files {
        table.row([
            Cell::from(row.path.as_ref()),
            Cell::from(row.lines),
            Cell::from(row.bytes),
            Cell::from(row.line_length.max),
            Cell::from(row.line_ending),
            Cell::from(row.complete),
        ]);
    }
    table
}

fn lengths(row: &StatsRow) -> Option<Table> {
    let columns = [
        Column::detail("from"),
        Column::detail("to"),
        Column::detail("lines").bar(),
        Column::detail("percent").unit(Unit::Percent),
    ];
    let mut table = Table::new("line_length", columns);
    for &(from, to, lines) in &row.line_length.histogram {
        table.row([
            Cell::from(from),
            Cell::from(to.saturating_sub(1)),
            Cell::from(lines),
            Cell::from(100.0 * lines as f64 / row.lines as f64),
        ]);
    }
    if let Some(error) = row.line_length.error {
        table.note(format!("percentiles are approximate: {error}"));
    }
    (!table.rows.is_empty()).then_some(table)
}

fn longest(body: &StatsBody) -> Table {
    let columns = [
        Column::detail("length").bar(),
        Column::detail("line"),
        Column::detail("offset"),
        Column::label("path"),
    ];
    let mut table = Table::new("longest_lines", columns);
    for long in &body.total.longest_lines {
        table.row([
            Cell::from(long.length),
            Cell::from(long.line),
            Cell::from(long.offset),
            Cell::from(&long.path),
        ]);
    }
    table
}

/// What is odd about the files.
pub(super) fn warnings(body: &StatsBody) -> Vec<Warning> {
    let (total, files) = (&body.total, &body.files);
    let mut found = Vec::new();
    let mut add = |about, count: u64, one: &str, many: &str| {
        if count > 0 {
            let words = if count == 1 { one } else { many };
            let message = format!("{} {words}", grouped(count));
            found.push(Warning::counted(about, count, message));
        }
    };
    let count = |is: fn(&StatsRow) -> bool| files.iter().filter(|file| is(file)).count() as u64;
    add(
        "incomplete",
        count(|file| !file.complete),
        "file could not be read to its end; the numbers have what could be read of it",
        "files could not be read to their ends; the numbers have what could be read of them",
    );
    add(
        "invalid_utf8",
        total.invalid_utf8_lines,
        "line is not valid UTF-8",
        "lines are not valid UTF-8",
    );
    add(
        "mixed_encodings",
        count(|file| file.mixed_encodings),
        "file has lines in UTF-8 and lines in another encoding",
        "files have lines in UTF-8 and lines in another encoding",
    );
    add(
        "nul_bytes",
        total.nul_bytes,
        "NUL byte: this may not be text",
        "NUL bytes: this may not be text",
    );
    add(
        "mixed_line_endings",
        count(|file| file.line_ending == "mixed"),
        "file has lines that end with CRLF and lines that end with LF",
        "files have lines that end with CRLF and lines that end with LF",
    );
    add(
        "no_final_newline",
        count(|file| file.final_newline == Some(false)),
        "file ends without a newline: its last line may be cut off",
        "files end without a newline: their last lines may be cut off",
    );
    add(
        "grew",
        count(|file| file.grew),
        "file became longer meanwhile; what was added was not seen",
        "files became longer meanwhile; what was added was not seen",
    );
    if total.mixed_encodings && !files.iter().any(|file| file.mixed_encodings) {
        let message = "some files are in UTF-8 and others in another encoding";
        found.push(Warning::plain("mixed_encodings", message));
    }
    found
}
