//! What all searches together came to.

use std::{fmt, io, time::Duration};

use super::Out;
use crate::search::Stats;

/// Writes the block that ends the output of `--stats`: `spent` is the time of
/// all searches added up, `total` the time since the start.
///
/// # Errors
/// When `out` does not take it.
pub fn write_stats_trailer<O: Out>(
    stats: &Stats,
    spent: Duration,
    total: Duration,
    out: &mut O,
) -> io::Result<()> {
    let block = format!(
        "\n{} matches\n{} matched lines\n{} files contained matches\n{} files searched\n\
         {} bytes printed\n{} bytes searched\n\
         {} seconds spent searching\n{} seconds total\n",
        stats.matches,
        stats.matched_lines,
        stats.searches_with_match,
        stats.searches,
        stats.bytes_printed,
        stats.bytes_searched,
        Seconds(spent),
        Seconds(total),
    );
    out.put(block.as_bytes())
}

/// Writes the message that ends JSON Lines: `spent` is the time of all
/// searches added up, `total` the time since the start.
///
/// # Errors
/// When `out` does not take it.
pub fn write_json_summary<O: Out>(
    stats: &Stats,
    spent: Duration,
    total: Duration,
    out: &mut O,
) -> io::Result<()> {
    // Here, and only here, ripgrep's keys are in alphabetical order.
    let message = format!(
        "{{\"data\":{{\"elapsed_total\":{},\"stats\":{{\"bytes_printed\":{},\
         \"bytes_searched\":{},\"elapsed\":{},\"matched_lines\":{},\"matches\":{},\
         \"searches\":{},\"searches_with_match\":{}}}}},\"type\":\"summary\"}}\n",
        duration(total),
        stats.bytes_printed,
        stats.bytes_searched,
        duration(spent),
        stats.matched_lines,
        stats.matches,
        stats.searches,
        stats.searches_with_match,
    );
    out.put(message.as_bytes())
}

fn duration(duration: Duration) -> String {
    format!(
        "{{\"human\":\"{}s\",\"nanos\":{},\"secs\":{}}}",
        Seconds(duration),
        duration.subsec_nanos(),
        duration.as_secs(),
    )
}

/// A duration in seconds with six digits behind the point.
pub(super) struct Seconds(pub(super) Duration);

impl fmt::Display for Seconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.6}", self.0.as_secs_f64())
    }
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
    const SPENT: Duration = Duration::from_nanos(183_775);
    const TOTAL: Duration = Duration::new(2, 896_887);

    #[test]
    fn the_block_has_ripgreps_words() {
        let mut got = vec![];
        write_stats_trailer(&STATS, SPENT, TOTAL, &mut got).unwrap();
        let want = "\n6 matches\n5 matched lines\n2 files contained matches\n\
                    1 files searched\n4 bytes printed\n3 bytes searched\n\
                    0.000184 seconds spent searching\n2.000897 seconds total\n";
        assert_eq!(String::from_utf8(got).unwrap(), want);
    }

    #[test]
    fn the_message_has_ripgreps_keys() {
        let mut got = vec![];
        write_json_summary(&STATS, SPENT, TOTAL, &mut got).unwrap();
        let want = r#"{"data":{"elapsed_total":{"human":"2.000897s","nanos":896887,"secs":2},"stats":{"bytes_printed":4,"bytes_searched":3,"elapsed":{"human":"0.000184s","nanos":183775,"secs":0},"matched_lines":5,"matches":6,"searches":1,"searches_with_match":2}},"type":"summary"}"#;
        assert_eq!(String::from_utf8(got).unwrap(), format!("{want}\n"));
    }
}
