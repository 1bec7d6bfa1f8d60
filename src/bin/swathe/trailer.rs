//! Totals behind the results, in ripgrep's words.

use std::{
    io::{self, Write},
    time::Duration,
};

use serde_json::{Value, json};
use swathe::search::Stats;

/// Writes what `--stats` asks for: an empty line and a line for each total.
///
/// # Errors
/// When `out` cannot be written.
pub(crate) fn write_text(
    out: &mut impl Write,
    stats: &Stats,
    searching: Duration,
    total: Duration,
) -> io::Result<()> {
    let text = format!(
        "\n{} matches\n{} matched lines\n{} files contained matches\n{} files searched\n\
         {} bytes printed\n{} bytes searched\n\
         {:.6} seconds spent searching\n{:.6} seconds total\n",
        stats.matches,
        stats.matched_lines,
        stats.searches_with_match,
        stats.searches,
        stats.bytes_printed,
        stats.bytes_searched,
        searching.as_secs_f64(),
        total.as_secs_f64(),
    );
    out.write_all(text.as_bytes())
}

/// Writes the `summary` that ends the output of `--json`.
///
/// # Errors
/// When `out` cannot be written.
pub(crate) fn write_json(
    out: &mut impl Write,
    stats: &Stats,
    searching: Duration,
    total: Duration,
) -> io::Result<()> {
    let summary = json!({
        "type": "summary",
        "data": {
            "elapsed_total": elapsed(total),
            "stats": {
                "elapsed": elapsed(searching),
                "searches": stats.searches,
                "searches_with_match": stats.searches_with_match,
                "bytes_searched": stats.bytes_searched,
                "bytes_printed": stats.bytes_printed,
                "matched_lines": stats.matched_lines,
                "matches": stats.matches,
            },
        },
    });
    out.write_all(format!("{summary}\n").as_bytes())
}

fn elapsed(duration: Duration) -> Value {
    json!({
        "secs": duration.as_secs(),
        "nanos": duration.subsec_nanos(),
        "human": format!("{:.6}s", duration.as_secs_f64()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const STATS: Stats = Stats {
        searches: 1,
        searches_with_match: 2,
        bytes_searched: 3,
        bytes_printed: 4,
        matched_lines: 5,
        matches: 6,
    };

    #[test]
    fn text() {
        let mut out = Vec::new();
        let (searching, total) = (Duration::from_millis(1), Duration::from_millis(2500));
        write_text(&mut out, &STATS, searching, total).unwrap();
        let want = "\n6 matches\n5 matched lines\n2 files contained matches\n1 files searched\n\
                    4 bytes printed\n3 bytes searched\n\
                    0.001000 seconds spent searching\n2.500000 seconds total\n";
        assert_eq!(String::from_utf8(out).unwrap(), want);
    }

    /// The field order of ripgrep 15.2, which scripts may rely on.
    #[test]
    fn json() {
        let mut out = Vec::new();
        let (searching, total) = (Duration::from_micros(6), Duration::new(1, 5000));
        write_json(&mut out, &STATS, searching, total).unwrap();
        let want = r#"{"data":{"elapsed_total":{"human":"1.000005s","nanos":5000,"secs":1},"#
            .to_string()
            + r#""stats":{"bytes_printed":4,"bytes_searched":3,"#
            + r#""elapsed":{"human":"0.000006s","nanos":6000,"secs":0},"matched_lines":5,"#
            + r#""matches":6,"searches":1,"searches_with_match":2}},"type":"summary"}"#
            + "\n";
        assert_eq!(String::from_utf8(out).unwrap(), want);
    }
}
