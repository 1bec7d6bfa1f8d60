//! What is odd about counts over time: what somebody who is called at night wants to
//! be told first.
//!
//! Every rule has a floor, so that an ordinary log is told of nothing. They see nothing
//! but the merged answer: counts of equal stretches of time.

use std::ops::Range;

use super::{GapRow, Warning, charts::span, grouped};

/// Stretches with errors that are told of at most, and gaps.
const MOST: usize = 3;

/// Errors are told of from so many on, among so many lines, from this share on, and if
/// they are so many times more frequent than elsewhere.
const ERRORS: u64 = 10;
const ERRORS_AMONG: u64 = 20;
const ERROR_SHARE: f64 = 0.05;
const ABOVE: f64 = 3.0;

/// The share of answers of a server from which on there are too many errors, wherever
/// they are. Of levels there is no such share: some programs write of nothing but errors.
pub(super) const TOO_MANY: f64 = 0.1;

/// Of fewer buckets it cannot be said what is usual.
const BUCKETS: usize = 12;

/// A burst has so many times the lines of nearly all other buckets, and so many.
const BURST: f64 = 10.0;
const BURST_LINES: u64 = 500;

/// Where nearly every bucket has so many lines, it is odd that there are none, or that
/// there are so much fewer from a time on.
const STEADY: u64 = 20;
const SILENCE: u64 = 10;

/// Lines over time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Series<'a> {
    /// Where each bucket begins.
    pub(super) starts: &'a [&'a str],
    /// How many seconds each is long.
    pub(super) seconds: u64,
    /// All lines of each.
    pub(super) lines: &'a [u64],
}

impl Series<'_> {
    /// Stretches in which errors are far more frequent than in all others. `errors` are
    /// those of each bucket, called `what`; so large a share of all is `too_many`.
    pub(super) fn errors(self, errors: &[u64], what: &str, too_many: Option<f64>) -> Vec<Warning> {
        let mut found = Vec::new();
        let most = 0..self.lines.len().min(errors.len());
        self.worst(errors, most, MOST, &mut found);
        found.sort_by_key(|range| range.start);
        let count = |range: &Range<usize>| {
            let sum = |of: &[u64]| of[range.clone()].iter().sum::<u64>();
            (sum(errors), sum(self.lines))
        };
        let (mut other, mut among) = count(&(0..errors.len().min(self.lines.len())));
        for range in &found {
            let (errors, lines) = count(range);
            (other, among) = (other - errors, among - lines);
        }
        let are_too_many = |share| other >= ERRORS && other as f64 >= share * among as f64;
        if found.is_empty() && too_many.is_some_and(are_too_many) {
            let (some, all) = (grouped(other), grouped(among));
            let message = format!(
                "{some} of {all} lines are {what} ({})",
                percent(other, among)
            );
            return vec![Warning::counted("error_share", other, message)];
        }
        let elsewhere = percent(other, among);
        let say = |range: &Range<usize>| {
            let (errors, lines) = count(range);
            let (from, to) = (self.time(range.start), self.time(range.end));
            let message = format!(
                "{} of {} lines are {what} from {from} to {to} ({}), and {elsewhere} of all others",
                grouped(errors),
                grouped(lines),
                percent(errors, lines),
            );
            Warning::counted("error_share", errors, message)
        };
        found.iter().map(say).collect()
    }

    /// The stretch with the most errors beyond what is tolerated, then those before and
    /// behind it.
    fn worst(
        self,
        errors: &[u64],
        within: Range<usize>,
        left: usize,
        found: &mut Vec<Range<usize>>,
    ) {
        let usual = usual_share(errors, self.lines);
        let tolerated = ERROR_SHARE.max(ABOVE * usual);
        let excess = |at: usize| errors[at] as f64 - tolerated * self.lines[at] as f64;
        let (mut best, mut sum, mut start) = (0.0, 0.0, within.start);
        let mut range = 0..0;
        for at in within.clone() {
            if sum <= 0.0 {
                (sum, start) = (0.0, at);
            }
            sum += excess(at);
            if sum > best {
                (best, range) = (sum, start..at + 1);
            }
        }
        let of = |all: &[u64]| all[range.clone()].iter().sum::<u64>();
        let is_all = self.lines.iter().sum::<u64>() == of(self.lines);
        if range.is_empty() || is_all || of(errors) < ERRORS || of(self.lines) < ERRORS_AMONG {
            return;
        }
        found.push(range.clone());
        if found.len() < left {
            self.worst(errors, within.start..range.start, left, found);
        }
        if found.len() < left {
            self.worst(errors, range.end..within.end, left, found);
        }
    }

    /// A stretch with far more lines than any other has.
    pub(super) fn burst(self) -> Option<Warning> {
        let peak = self.lines.iter().copied().max()?;
        let usual = quantile(self.lines, 90);
        if self.lines.len() < BUCKETS || peak < BURST_LINES || usual < STEADY {
            return None;
        }
        let is_burst = |at: &usize| self.lines[*at] as f64 >= BURST * usual as f64;
        let first = (0..self.lines.len()).find(is_burst)?;
        let last = (first..self.lines.len()).take_while(is_burst).last()?;
        let lines: u64 = self.lines[first..=last].iter().sum();
        let message = format!(
            "{} lines from {} to {}, where nine of ten {} have {} at most",
            grouped(lines),
            self.time(first),
            self.time(last + 1),
            self.spans(),
            grouped(usual),
        );
        Some(Warning::counted("burst", lines, message))
    }

    /// So few lines from a time on that something has stopped.
    pub(super) fn silence(self) -> Option<Warning> {
        // The last bucket need not be whole.
        let whole = self.lines.len().checked_sub(1).filter(|n| *n >= BUCKETS)?;
        let tail = self.lines[..whole].iter().rev();
        let tail = tail.take_while(|lines| **lines < STEADY / 2).count();
        let (before, behind) = self.lines[..whole].split_at(whole - tail);
        let least = quantile(before, 10);
        let silent = behind.iter().all(|lines| lines * SILENCE <= least);
        if before.len() < BUCKETS || behind.len() < 2 || least < STEADY || !silent {
            return None;
        }
        let lines: u64 = self.lines[before.len()..].iter().sum();
        let message = format!(
            "nearly silent from {} on: {} lines, where nine of ten {} have {} at least",
            self.time(before.len()),
            grouped(lines),
            self.spans(),
            grouped(least),
        );
        Some(Warning::counted("silence", lines, message))
    }

    /// Gaps, in the order of time, where there is hardly ever one.
    pub(super) fn gaps(self, gaps: &[GapRow]) -> Vec<Warning> {
        let usual = quantile(self.lines, 25);
        if self.lines.len() < BUCKETS || usual < STEADY / 2 {
            return Vec::new();
        }
        let long = |gap: &&GapRow| gap.seconds >= 2.0 * self.seconds as f64;
        let mut long: Vec<&GapRow> = gaps.iter().filter(long).collect();
        long.sort_by(|a, b| b.seconds.total_cmp(&a.seconds));
        long.truncate(MOST);
        long.sort_by(|a, b| a.from.cmp(&b.from));
        let say = |gap: &&GapRow| {
            let message = format!(
                "no line from {} to {}, where three of four {} have {} at least",
                short(&gap.from),
                short(&gap.to),
                self.spans(),
                grouped(usual),
            );
            Warning::plain("gap", message)
        };
        long.iter().map(say).collect()
    }

    /// Where a bucket begins; behind the last one, where it does.
    fn time(&self, at: usize) -> String {
        match self.starts.get(at) {
            Some(start) => short(start),
            None => "the end".into(),
        }
    }

    /// `stretches of 5 minutes`.
    fn spans(&self) -> String {
        format!("stretches of {}", length(self.seconds))
    }
}

fn short(time: &str) -> String {
    time.get(..19).unwrap_or(time).replace('T', " ")
}

/// `1 minute`, `5 minutes`.
fn length(seconds: u64) -> String {
    let span = span(seconds);
    if span.starts_with(|c: char| c.is_ascii_digit()) {
        span
    } else {
        format!("1 {span}")
    }
}

fn percent(some: u64, all: u64) -> String {
    format!("{:.1}%", 100.0 * some as f64 / all.max(1) as f64)
}

/// The share of errors that half of the buckets with lines do not exceed.
fn usual_share(errors: &[u64], lines: &[u64]) -> f64 {
    let shares = errors.iter().zip(lines).filter(|(_, lines)| **lines > 0);
    let mut shares: Vec<f64> = shares.map(|(e, lines)| *e as f64 / *lines as f64).collect();
    shares.sort_by(f64::total_cmp);
    shares.get(shares.len() / 2).copied().unwrap_or(0.0)
}

/// The least count that so many of a hundred counts do not exceed.
fn quantile(counts: &[u64], hundredths: usize) -> u64 {
    let mut sorted = counts.to_vec();
    sorted.sort_unstable();
    let at = (hundredths * sorted.len()).div_ceil(100);
    sorted.get(at.saturating_sub(1)).copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The warnings about lines and errors of minutes from 10:00 on.
    fn said(lines: &[u64], errors: &[u64], gaps: &[GapRow]) -> Vec<String> {
        let starts =
            (0..lines.len()).map(|at| format!("2026-11-23T{:02}:{:02}:00Z", 10 + at / 60, at % 60));
        let starts: Vec<String> = starts.collect();
        let starts: Vec<&str> = starts.iter().map(String::as_str).collect();
        let series = Series {
            starts: &starts,
            seconds: 60,
            lines,
        };
        let mut all = series.errors(errors, "errors", None);
        all.extend(series.burst());
        all.extend(series.silence());
        all.extend(series.gaps(gaps));
        all.into_iter()
            .map(|warning| format!("{}: {}", warning.about, warning.message))
            .collect()
    }

    fn series(of: &[(usize, u64)]) -> Vec<u64> {
        let parts = of.iter().map(|(times, count)| vec![*count; *times]);
        parts.collect::<Vec<_>>().concat()
    }

    #[test]
    fn what_is_far_above_the_rest_is_told_with_its_time() {
        let lines = series(&[(60, 100)]);
        for (errors, want) in [
            (series(&[(60, 0)]), &[][..]),
            (series(&[(60, 30)]), &[]),
            (series(&[(20, 1), (1, 9), (39, 1)]), &[]),
            (series(&[(20, 4), (5, 8), (35, 4)]), &[]),
            (
                series(&[(20, 1), (5, 25), (35, 1)]),
                &[
                    "error_share: 125 of 500 lines are errors from 2026-11-23 10:20:00 to \
                   2026-11-23 10:25:00 (25.0%), and 1.0% of all others",
                ],
            ),
            (
                series(&[(2, 40), (50, 0), (8, 90)]),
                &[
                    "error_share: 80 of 200 lines are errors from 2026-11-23 10:00:00 to \
                     2026-11-23 10:02:00 (40.0%), and 0.0% of all others",
                    "error_share: 720 of 800 lines are errors from 2026-11-23 10:52:00 to \
                     the end (90.0%), and 0.0% of all others",
                ],
            ),
        ] {
            assert_eq!(said(&lines, &errors, &[]), want, "{errors:?}");
        }
        let all = Series {
            starts: &["2026-11-23T10:00:00Z"],
            seconds: 60,
            lines: &[100],
        };
        for (errors, want) in [(9, 0), (10, 1)] {
            let said = all.errors(&[errors], "errors", Some(TOO_MANY));
            assert_eq!(said.len(), want, "{errors}");
        }
        // Few lines prove nothing.
        assert!(said(&[1; 40], &series(&[(20, 0), (9, 1), (11, 0)]), &[]).is_empty());
    }

    #[test]
    fn bursts_and_silence_and_gaps_are_told() {
        let gap = |from: &str, to: &str, seconds| GapRow {
            from: format!("2026-11-23T{from}Z"),
            to: format!("2026-11-23T{to}Z"),
            seconds,
        };
        let long = [
            gap("10:29:59", "10:35:00", 301.0),
            gap("10:01:00", "10:01:50", 50.0),
        ];
        for (lines, gaps, want) in [
            (series(&[(60, 100)]), &[][..], &[][..]),
            // By day and by night.
            (series(&[(20, 300), (20, 900), (19, 40), (1, 3)]), &[], &[]),
            // Too few buckets, too few lines, or no usual count at all.
            (series(&[(6, 10), (1, 5000)]), &[], &[]),
            (series(&[(30, 1), (1, 400), (29, 1)]), &[], &[]),
            (series(&[(10, 0), (3, 5000), (10, 0)]), &[], &[]),
            (series(&[(40, 0), (1, 900), (40, 3)]), &[], &[]),
            (series(&[(20, 5), (5, 0), (20, 5)]), &long, &[]),
            (
                series(&[(30, 100), (2, 4000), (28, 100)]),
                &[],
                &[
                    "burst: 8,000 lines from 2026-11-23 10:30:00 to 2026-11-23 10:32:00, where \
                   nine of ten stretches of 1 minute have 100 at most",
                ],
            ),
            (
                series(&[(40, 100), (5, 2), (1, 1)]),
                &[],
                &[
                    "silence: nearly silent from 2026-11-23 10:40:00 on: 11 lines, where nine of \
                   ten stretches of 1 minute have 100 at least",
                ],
            ),
            (series(&[(40, 100), (1, 2), (1, 1)]), &[], &[]),
            (
                series(&[(30, 100), (5, 0), (25, 100)]),
                &long,
                &[
                    "gap: no line from 2026-11-23 10:29:59 to 2026-11-23 10:35:00, where three of \
                   four stretches of 1 minute have 100 at least",
                ],
            ),
        ] {
            assert_eq!(said(&lines, &vec![0; lines.len()], gaps), want, "{lines:?}");
        }
        assert!(said(&[], &[], &[]).is_empty());
    }
}
