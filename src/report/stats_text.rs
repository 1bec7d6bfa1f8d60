//! The answer of `stats` for people.

use super::{
    Align, Grid, Layout, Report, StatsBody, StatsRow, grouped,
    shown::{grouped_or_none, name as shown},
};

/// The answer as text: a table of the files if there are several, and all
/// numbers of the only file or of the total.
pub(super) fn render(report: &Report<StatsBody>, layout: &Layout) -> String {
    let mut text = String::new();
    let body = &report.body;
    match body.files.as_slice() {
        [] => {}
        [only] => details(&mut text, only, layout),
        files => {
            overview(&mut text, files, &body.total, layout);
            text.push('\n');
            details(&mut text, &body.total, layout);
        }
    }
    text
}

fn overview(text: &mut String, files: &[StatsRow], total: &StatsRow, layout: &Layout) {
    let right = Align::Right;
    let mut table = Grid::new([right, right, right, right, right, Align::Left, Align::Left]);
    table.words(&[
        "LINES", "WORDS", "CHARS", "BYTES", "LONGEST", "ENDING", "FILE",
    ]);
    for row in files.iter().chain([total]) {
        let name = match &row.path {
            Some(path) if row.complete => shown(path.as_path()),
            Some(path) => format!(
                "{} (incomplete: what could be read of it)",
                shown(path.as_path())
            ),
            None => "total".into(),
        };
        table.row([
            grouped(row.lines),
            grouped(row.words),
            grouped(row.chars),
            grouped(row.bytes),
            grouped_or_none(row.line_length.max),
            row.line_ending.into(),
            name,
        ]);
    }
    table.render(text, "", layout);
}

fn details(text: &mut String, row: &StatsRow, layout: &Layout) {
    match &row.path {
        Some(path) if row.complete => text.push_str(&shown(path.as_path())),
        Some(path) => {
            text.push_str(&shown(path.as_path()));
            text.push_str(" (incomplete: these are the numbers of what could be read)");
        }
        None => text.push_str("total"),
    }
    text.push('\n');
    let mut table = Grid::new([Align::Left, Align::Right, Align::Left]);
    let mut number = |name: &str, value: String, note: &str| {
        table.row([name.to_string(), value, note.to_string()]);
    };
    number("bytes", grouped(row.bytes), "");
    if row.bytes_on_disk != Some(row.bytes) {
        number("bytes on disk", grouped_or_none(row.bytes_on_disk), "");
    }
    let open = row.final_newline == Some(false);
    if let Some(records) = row.records {
        number("records", grouped(records), "");
    }
    number("lines", grouped(row.lines), "");
    let note = if open {
        "the last line has no newline"
    } else {
        ""
    };
    number("newlines", grouped(row.newlines), note);
    number("words", grouped(row.words), "");
    number("chars", grouped(row.chars), "");
    number("empty lines", grouped(row.empty_lines), "");
    number(
        "blank lines",
        grouped(row.blank_lines),
        "white space only, empty ones included",
    );
    number("line ending", row.line_ending.to_string(), "");
    number("crlf lines", grouped(row.crlf_lines), "");
    number("NUL bytes", grouped(row.nul_bytes), "");
    let invalid = if row.mixed_encodings {
        "lines, and others have UTF-8: more than one encoding"
    } else {
        "lines"
    };
    number("invalid UTF-8", grouped(row.invalid_utf8_lines), invalid);
    table.render(text, "  ", layout);
    lengths(text, row, layout);
}

fn lengths(text: &mut String, row: &StatsRow, layout: &Layout) {
    let length = &row.line_length;
    let Some(mean) = length.mean else { return };
    text.push_str("\n  bytes in a line\n");
    let mut table = Grid::new([Align::Right; 7]);
    table.words(&["min", "mean", "p50", "p90", "p99", "p99.9", "max"]);
    table.row([
        grouped_or_none(length.min),
        format!("{mean:.1}"),
        grouped_or_none(length.p50),
        grouped_or_none(length.p90),
        grouped_or_none(length.p99),
        grouped_or_none(length.p999),
        grouped_or_none(length.max),
    ]);
    table.render(text, "  ", layout);
    if let (Some(method), Some(error)) = (length.method, length.error) {
        text.push_str("  approximate: ");
        text.push_str(method);
        text.push_str("; ");
        text.push_str(error);
        text.push('\n');
    }
    histogram(text, &length.histogram, layout);
    longest(text, row, layout);
}

fn histogram(text: &mut String, rows: &[(u64, u64, u64)], layout: &Layout) {
    const BAR: u64 = 40;
    let most = rows.iter().map(|row| row.2).max().unwrap_or(0).max(1);
    let mut table = Grid::new([Align::Right, Align::Right, Align::Drawn]);
    table.words(&["bytes", "lines", ""]);
    for &(from, to, lines) in rows {
        let range = if to - from == 1 {
            grouped(from)
        } else {
            format!("{}-{}", grouped(from), grouped(to - 1))
        };
        let bar = (u128::from(lines) * u128::from(BAR)).div_ceil(u128::from(most));
        table.row([range, grouped(lines), "#".repeat(bar as usize)]);
    }
    text.push('\n');
    table.render(text, "  ", layout);
}

fn longest(text: &mut String, row: &StatsRow, layout: &Layout) {
    if row.longest_lines.is_empty() {
        return;
    }
    text.push_str("\n  longest lines\n");
    let mut table = Grid::new([Align::Right, Align::Right, Align::Right, Align::Left]);
    table.words(&["bytes", "line", "offset", "file"]);
    for long in &row.longest_lines {
        table.row([
            grouped(long.length),
            grouped(long.line),
            grouped(long.offset),
            shown(long.path.as_path()),
        ]);
    }
    table.render(text, "  ", layout);
}
