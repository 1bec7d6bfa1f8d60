//! `swathe timeline`: how many lines were written when.

use std::ffi::OsStr;

use clap::Command;
use swathe::{Result, request::TimelineRequest, run::Input, statistic::TimelineOptions};

use crate::{
    cli::value,
    stat::{
        args::{self, Flag, Options},
        command::StatCommand,
        input, patterns,
    },
};

const EXAMPLES: &str = "\
Examples:
  swathe timeline app.log
  swathe timeline -e ERROR -e WARN --bucket 5m --since end-2h app.log
  swathe timeline --gaps-over 30s --tz Europe/Berlin --format json app.log";

const MORE: &str = "\
Timestamps are found by looking at the first lines: RFC 3339 and ISO 8601, web servers, syslog,
Apache's error log, seconds to nanoseconds since 1970, those of many systems, and the members
ts, time, timestamp, @timestamp ... of JSON and logfmt. --time-format says it for all others.

A line without a timestamp belongs to the one before it (a stack trace); lines before the first
one are counted apart. Syslog has no year: the last line is taken to be of when the file was last
written, or the first of --base-year, and a year begins where the months begin anew.

Groups are those with the most lines, and the lines of all others are one more, `other`. What does
not fit into --memory is counted in further passes over the files. Standard input can be read only
once; what did not fit is then said.

Buckets are wider than --bucket says where there would be more than 100,000 of them, or where lines
were written in more than a million different seconds; that is said too.

Gaps are told that stand out: the longest ten of those ten times as long as the median time to the
next line (where there are fewer than eight such times, any). --gaps-over tells all, in order.";

/// What its own flags say.
#[derive(Debug, Default)]
pub(crate) struct Told {
    /// Seconds; `None` to choose.
    bucket: Option<u64>,
    gaps_over: Option<u64>,
}

impl StatCommand for TimelineRequest {
    const ABOUT: &'static str = "Count lines by when they were written; gaps and peaks";

    fn command() -> Command {
        Command::new("timeline")
            .about("Count lines, and those that match, by when they were written")
            .before_help(EXAMPLES)
            .after_long_help(MORE)
            .override_usage("swathe timeline [OPTIONS] [-e PATTERN]... [PATH]...")
    }

    type Told = Told;

    fn flags() -> Vec<Flag<Told>> {
        let own = [
            Flag::<Told>::one(
                "--bucket SPAN",
                "Count by 10s, 1m, 5m, 1h, 1d; auto: 60 to 200",
                |v| {
                    let chosen = v == "auto";
                    (!chosen).then(|| value::span(v)).transpose()
                },
                |o| &mut o.own.bucket,
            )
            .brief(),
            args::by("Count by KEY too: level, field:3, json:a.b ..."),
            args::limit("-k --limit N", "Show the N groups with the most lines (10)"),
            args::memory(),
            Flag::<Told>::one(
                "--gaps-over SPAN",
                "Tell all gaps of SPAN (2s or more) and longer",
                gap,
                |o| &mut o.own.gaps_over,
            )
            .brief(),
        ];
        patterns::flags().chain(own).collect()
    }

    fn asked(told: &Options<Told>) -> Result<(TimelineRequest, Vec<Input>)> {
        let (own, shared) = (&told.own, &told.shared);
        let options = TimelineOptions {
            patterns: patterns::flagged(shared)?,
            pattern_options: shared.matching.options(),
            bucket: own.bucket,
            by: shared.by.clone(),
            keys: shared.key_options(),
            limit: shared.limit,
            memory: shared.memory(),
            gaps_over: own.gaps_over,
            zone: shared.words.times.zone.clone(),
            ..TimelineOptions::default()
        };
        Ok((TimelineRequest { options }, input::named(&shared.operands)))
    }
}

fn gap(value: &OsStr) -> std::result::Result<u64, String> {
    match value::span(value)? {
        1 => Err(
            "it is too short: lines are counted by the second, so gaps are known from 2s on".into(),
        ),
        seconds => Ok(seconds),
    }
}
