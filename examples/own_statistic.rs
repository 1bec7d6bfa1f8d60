//! A statistic of one's own: the longest run of lines, one behind the other, that contain a
//! text. `cargo run --example own_statistic -- TEXT FILE...`
//!
//! Chunks are scanned at the same time and merged in order, so a partial keeps the runs at
//! its two ends: they may go on in the chunk before and behind.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program")]

use swathe::statistic::{Head, Scan, Statistic};

struct LongestRun {
    text: String,
}

/// Of some lines: how many there are, how many at each end contain the text, and the longest
/// run among them.
#[derive(Clone, Copy, Debug, Default)]
struct Runs {
    lines: u64,
    first: u64,
    last: u64,
    longest: u64,
}

impl Runs {
    fn line(contains: bool) -> Runs {
        let run = u64::from(contains);
        Runs {
            lines: 1,
            first: run,
            last: run,
            longest: run,
        }
    }

    /// These lines and those behind them.
    fn and(self, later: Runs) -> Runs {
        let (whole, later_whole) = (self.first == self.lines, later.first == later.lines);
        Runs {
            lines: self.lines + later.lines,
            first: self.first + if whole { later.first } else { 0 },
            last: later.last + if later_whole { self.last } else { 0 },
            longest: self.longest.max(later.longest).max(self.last + later.first),
        }
    }
}

impl Statistic for LongestRun {
    type Partial = Runs;
    type Output = u64;
    type Worker = ();

    fn worker(&self, _head: &Head) {}

    fn identity(&self) -> Runs {
        Runs::default()
    }

    fn scan(&self, (): &mut (), scan: &Scan<'_>, runs: &mut Runs) {
        let text = self.text.as_bytes();
        for line in scan.bytes().split_inclusive(|&byte| byte == b'\n') {
            let contains = line.windows(text.len().max(1)).any(|part| part == text);
            *runs = runs.and(Runs::line(contains));
        }
    }

    fn merge(&self, earlier: &mut Runs, later: Runs) {
        *earlier = earlier.and(later);
    }

    fn finish(&self, merged: Runs) -> u64 {
        merged.longest
    }
}

fn main() -> swathe::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let text = arguments.next().unwrap_or_else(|| "ERROR".into());
    let computed = swathe::compute(&LongestRun { text }, arguments)?;
    println!("{}", computed.output);
    for error in &computed.errors {
        eprintln!("own_statistic: {error:?}");
    }
    Ok(())
}
