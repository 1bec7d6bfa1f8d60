//! The tallies of all blocks, in their order, and what comes of them.

use super::{
    Options, Profile,
    distribution::{KEYS, LATENCIES},
    expected::{
        Bucket, Expected, Found, KeyCount, Levels, LineLength, LongLine, Made, Needles, Place,
        Timeline, Top, Values,
    },
    profile::{Facts, Level, Mark, facts, key_name},
    tally::{Longest, Occurrences, Tally},
};

/// Needles whose places are told; beyond, their number must do.
const MOST_PLACES: usize = 100_000;
/// Keys that are told.
const TOP: usize = 20;

/// What is true of the blocks so far.
#[derive(Debug)]
pub(super) struct Total {
    bytes: u64,
    /// The plain sums of the tallies.
    sums: Tally,
    /// Lines of each length.
    lengths: Vec<u64>,
    /// Events of each rank, and at the end of the key without one.
    keys: Vec<u64>,
    latencies: Vec<u64>,
}

impl Total {
    pub(super) fn new() -> Total {
        Total {
            bytes: 0,
            sums: Tally::default(),
            lengths: Vec::new(),
            keys: vec![0; KEYS + 1],
            latencies: vec![0; LATENCIES],
        }
    }

    /// Adds the next block.
    pub(super) fn add(&mut self, tally: &Tally, bytes: u64) {
        self.bytes += bytes;
        let sums = &mut self.sums;
        let lines = sums.lines;
        for (all, more) in sums.marks.iter_mut().zip(&tally.marks) {
            all.append(more, lines);
        }
        let places = tally
            .needles
            .iter()
            .map(|(line, offset)| (line + lines, *offset));
        sums.needles
            .extend(places.take(MOST_PLACES - sums.needles.len()));
        if tally.longest.length > sums.longest.length {
            sums.longest = Longest {
                line: tally.longest.line + lines,
                ..tally.longest
            };
        }
        sums.lines += tally.lines;
        sums.events += tally.events;
        sums.words += tally.words;
        sums.empty += tally.empty;
        sums.no_characters += tally.no_characters;
        sums.invalid_lines += tally.invalid_lines;
        sums.nul_bytes += tally.nul_bytes;
        for (all, more) in sums.levels.iter_mut().zip(tally.levels) {
            *all += more;
        }
        for (all, more) in sums.hours.iter_mut().zip(tally.hours) {
            *all = (all.0 + more.0, all.1 + more.1);
        }
        sums.times = match (sums.times, tally.times) {
            (Some((first, _)), Some((_, last))) => Some((first, last)),
            (all, more) => all.or(more),
        };
        for &length in &tally.lengths {
            let length = length as usize;
            if self.lengths.len() <= length {
                self.lengths.resize(length + 1, 0);
            }
            self.lengths[length] += 1;
        }
        for key in &tally.keys {
            self.keys[key.map_or(KEYS, |rank| rank as usize)] += 1;
        }
        for &latency in &tally.latencies {
            self.latencies[latency as usize] += 1;
        }
    }

    /// What is to be expected of the whole file.
    pub(super) fn expected(&self, options: &Options) -> Expected {
        let facts = facts(options.profile);
        let sums = &self.sums;
        Expected {
            schema: 1,
            command: "generate",
            made: Made::new(options),
            bytes: self.bytes,
            newlines: sums.lines,
            lines: sums.lines,
            events: sums.events,
            words: sums.words,
            chars: self.bytes - sums.no_characters,
            empty_lines: sums.empty,
            blank_lines: sums.empty,
            crlf_lines: if options.crlf { sums.lines } else { 0 },
            nul_bytes: sums.nul_bytes,
            invalid_utf8_lines: sums.invalid_lines,
            final_newline: true,
            line_ending: if options.crlf { "crlf" } else { "lf" },
            longest_line: LongLine {
                length: sums.longest.length,
                line: sums.longest.line,
                offset: sums.longest.offset,
            },
            line_length: self.line_length(),
            patterns: self.patterns(facts),
            needles: self.needles(),
            top: self.top(options.profile, facts),
            values: self.values(facts),
            levels: facts.levels.then(|| self.levels()),
            timeline: self.timeline(options.profile, facts),
        }
    }

    fn patterns(&self, facts: &Facts) -> Vec<Found> {
        let found = |known: &super::profile::Known| {
            let Occurrences {
                lines,
                matches,
                first,
                last,
            } = self.sums.marks[known.mark as usize];
            Found {
                pattern: known.pattern,
                ignore_case: known.ignore_case,
                lines,
                matches,
                first: first.map(Place::from),
                last: last.map(Place::from),
            }
        };
        facts.patterns.iter().map(found).collect()
    }

    fn needles(&self) -> Needles {
        let found = &self.sums.marks[Mark::Rare as usize];
        let places: Vec<Place> = self.sums.needles.iter().copied().map(Place::from).collect();
        Needles {
            text: super::profile::NEEDLE,
            count: found.matches,
            listed: places.len() as u64,
            places,
        }
    }

    fn line_length(&self) -> LineLength {
        let [p50, p90, p99, p999] =
            [0.5, 0.9, 0.99, 0.999].map(|share| percentile(&self.lengths, share) as u64);
        let sum: u64 = (0..)
            .zip(&self.lengths)
            .map(|(length, lines): (u64, _)| length * lines)
            .sum();
        LineLength {
            min: self
                .lengths
                .iter()
                .position(|&lines| lines > 0)
                .unwrap_or(0) as u64,
            max: self.sums.longest.length,
            mean: sum as f64 / self.sums.lines as f64,
            p50,
            p90,
            p99,
            p999,
        }
    }

    fn top(&self, profile: Profile, facts: &Facts) -> Top {
        let matched: u64 = self.keys.iter().sum();
        let mut ranks: Vec<usize> = (0..self.keys.len())
            .filter(|&rank| self.keys[rank] > 0)
            .collect();
        let distinct = ranks.len() as u64;
        let name = |rank: usize| key_name(profile, (rank < KEYS).then_some(rank as u32));
        ranks.sort_by(|&a, &b| {
            let by_count = self.keys[b].cmp(&self.keys[a]);
            by_count.then_with(|| name(a).cmp(&name(b)))
        });
        let row = |&rank: &usize| KeyCount {
            key: name(rank),
            count: self.keys[rank],
        };
        let groups: Vec<KeyCount> = ranks.iter().take(TOP).map(row).collect();
        Top {
            regex: facts.key,
            matched,
            unmatched_lines: self.sums.lines - matched,
            distinct,
            other: matched - groups.iter().map(|group| group.count).sum::<u64>(),
            groups,
        }
    }

    fn values(&self, facts: &Facts) -> Values {
        let count: u64 = self.latencies.iter().sum();
        let value = |millis: usize| {
            if facts.in_seconds {
                millis as f64 / 1000.0
            } else {
                millis as f64
            }
        };
        let at = |share: f64| (count > 0).then(|| value(percentile(&self.latencies, share)));
        // Every value is a whole number of 2^-63: added up exactly, rounded once.
        let unit = (1u64 << 63) as f64;
        let sum: i128 = (0..self.latencies.len())
            .map(|millis| (value(millis) * unit) as i128 * i128::from(self.latencies[millis]))
            .sum();
        Values {
            regex: facts.latency,
            count,
            sum: sum as f64 / unit,
            min: self.latencies.iter().position(|&n| n > 0).map(value),
            max: self.latencies.iter().rposition(|&n| n > 0).map(value),
            p50: at(0.5),
            p90: at(0.9),
            p95: at(0.95),
            p99: at(0.99),
            p999: at(0.999),
        }
    }

    fn levels(&self) -> Levels {
        let levels = &self.sums.levels;
        let at = |level: Level| levels[level as usize];
        Levels {
            debug: at(Level::Debug),
            info: at(Level::Info),
            warn: at(Level::Warn),
            error: at(Level::Error),
            none: self.sums.lines - self.sums.events,
        }
    }

    fn timeline(&self, profile: Profile, facts: &Facts) -> Timeline {
        let stamp = |millis: u64| {
            let (hours, minutes) = (millis / 3_600_000, millis / 60_000 % 60);
            let (seconds, millis) = (millis / 1000 % 60, millis % 1000);
            let whole = format!("2026-11-23T{hours:02}:{minutes:02}:{seconds:02}");
            let fraction = format!("{millis:03}");
            let fraction = fraction.trim_end_matches('0');
            match profile {
                Profile::App | Profile::Json if !fraction.is_empty() => {
                    format!("{whole}.{fraction}Z")
                }
                _ => format!("{whole}Z"),
            }
        };
        let (first, last) = self.sums.times.unwrap_or_default();
        let hours = first / 3_600_000..=last / 3_600_000;
        let bucket = |hour: u64| {
            let (lines, errors) = self.sums.hours[hour as usize];
            Bucket {
                start: stamp(hour * 3_600_000),
                lines,
                errors,
            }
        };
        let error = facts
            .patterns
            .iter()
            .find(|known| known.mark == Mark::Error);
        Timeline {
            bucket_seconds: 3600,
            base_year: 2026,
            pattern: error.map(|known| known.pattern),
            first: stamp(first),
            last: stamp(last),
            unparsed_lines: 0,
            out_of_order: 0,
            buckets: hours.map(bucket).collect(),
        }
    }
}

/// The smallest number such that at least this share is not greater; `counts`
/// says how often each number occurs.
fn percentile(counts: &[u64], share: f64) -> usize {
    let total: u64 = counts.iter().sum();
    // Shares are thousandths.
    let thousandths = (share * 1000.0).round() as u128;
    let wanted = (u128::from(total) * thousandths).div_ceil(1000).max(1) as u64;
    let mut seen = 0;
    counts
        .iter()
        .position(|count| {
            seen += count;
            seen >= wanted
        })
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::percentile;

    #[test]
    fn percentiles_are_nearest_rank() {
        let counts = [0, 1, 0, 2, 1];
        for (share, want) in [(0.5, 3), (0.25, 1), (0.751, 4), (0.999, 4), (0.001, 1)] {
            assert_eq!(percentile(&counts, share), want, "{share}");
        }
        assert_eq!(percentile(&[], 0.5), 0);
    }
}
