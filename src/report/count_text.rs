//! The answer of `count` for people.

use super::{
    Align, CountBody, CountFile, Grid, Layout, PlaceRow, Report, grouped, printable,
    shown::name as shown, text::wrapped,
};

/// The answer as text: a row for every pattern, and below it the lines.
pub(super) fn render(report: &Report<CountBody>, layout: &Layout) -> String {
    let mut text = String::new();
    let what = match &report.selected.record {
        Some(_) => "records",
        None => "lines",
    };
    let files = report.body.files.as_deref().unwrap_or_default();
    for file in files {
        file_heading(&mut text, file);
        body(&mut text, &file.body, what, layout);
        text.push('\n');
    }
    if !files.is_empty() {
        text.push_str("total\n");
    }
    body(&mut text, &report.body, what, layout);
    text
}

fn file_heading(text: &mut String, file: &CountFile) {
    text.push_str(&shown(file.path.as_path()));
    if !file.complete {
        text.push_str(" (incomplete: what could be read of it)");
    }
    text.push('\n');
}

/// `what` is what counts: lines, or records.
fn body(text: &mut String, body: &CountBody, what: &str, layout: &Layout) {
    let mut table = Grid::new([
        Align::Right,
        Align::Right,
        Align::Left,
        Align::Left,
        Align::Left,
        Align::Left,
    ]);
    let positions = body.patterns.iter().any(|row| row.positions.is_some());
    let heading = if positions { "WHERE" } else { "" };
    table.words(&["LINES", "MATCHES", "PATTERN", "FIRST", "LAST", heading]);
    for row in &body.patterns {
        let name = row.name.as_deref().unwrap_or(&row.pattern);
        table.row([
            grouped(row.lines),
            grouped(row.matches),
            printable(name.as_bytes()),
            place(row.first.as_ref()),
            place(row.last.as_ref()),
            row.positions.as_deref().map_or_else(String::new, spark),
        ]);
    }
    table.render(text, "", layout);
    wrapped(
        text,
        &format!(
            "{} of {} {what} match, {} do not",
            grouped(body.lines_any),
            grouped(body.lines_total),
            grouped(body.lines_none)
        ),
        layout,
    );
    if body.patterns.len() > 1 {
        wrapped(
            text,
            &format!(
                "{} match more than one pattern; {} matches in all",
                grouped(body.multi_pattern_lines),
                grouped(body.matches_total)
            ),
            layout,
        );
    }
}

/// The widest that numbers are drawn.
const SPARKS: usize = 40;

/// How numbers go up and down; of many, several share a place.
fn spark(numbers: &[u64]) -> String {
    const HEIGHTS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let share = numbers.len().div_ceil(SPARKS).max(1);
    let sums: Vec<u64> = numbers
        .chunks(share)
        .map(|some| some.iter().sum())
        .collect();
    let most = sums.iter().max().copied().unwrap_or(0).max(1);
    let height = |sum: u64| {
        let step = (u128::from(sum) * HEIGHTS.len() as u128).div_ceil(u128::from(most)) as usize;
        step.checked_sub(1).map_or(' ', |step| HEIGHTS[step])
    };
    sums.into_iter().map(height).collect()
}

/// A place as editors and compilers write it.
fn place(place: Option<&PlaceRow>) -> String {
    place.map_or_else(
        || "-".into(),
        |place| format!("{}:{}", shown(place.path.as_path()), place.line),
    )
}
