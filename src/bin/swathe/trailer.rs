//! Totals behind the results, on their way from the library to the output.

use std::{
    io::{self, Write},
    time::Duration,
};

use swathe::{
    print::{write_json_summary, write_stats_trailer},
    search::Stats,
};

/// Writes what `--stats` asks for.
///
/// # Errors
/// When `out` cannot be written.
pub(crate) fn write_text(
    out: &mut impl Write,
    stats: &Stats,
    searching: Duration,
    total: Duration,
) -> io::Result<()> {
    let mut text = Vec::new();
    write_stats_trailer(stats, searching, total, &mut text)?;
    out.write_all(&text)
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
    let mut text = Vec::new();
    write_json_summary(stats, searching, total, &mut text)?;
    out.write_all(&text)
}
