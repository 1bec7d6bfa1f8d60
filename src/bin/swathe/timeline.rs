//! `swathe timeline`: how many lines were written when.

use std::ffi::OsString;

use clap::{Arg, ArgMatches, Command, value_parser};
use swathe::{
    Result,
    key::Key,
    report::TimelineBody,
    request::TimelineRequest,
    run::Input,
    statistic::TimelineOptions,
    time::{Zone, duration},
};

use crate::stat::{
    command::StatCommand, input, keys, lacking, patterns, rows, size::parse_positive_size, usage,
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

impl StatCommand for TimelineRequest {
    const ABOUT: &'static str = "Count lines by when they were written; gaps and peaks";

    fn command() -> Command {
        let command = Command::new("timeline")
            .about("Count lines, and those that match, by when they were written")
            .before_help(EXAMPLES)
            .after_long_help(MORE)
            .override_usage("swathe timeline [OPTIONS] [-e PATTERN]... [PATH]...");
        patterns::add(command).args([
            Arg::new("bucket")
                .long("bucket")
                .value_name("SPAN")
                .default_value("auto")
                .hide_default_value(true)
                .help("Count by 10s, 1m, 5m, 1h, 1d; auto: 60 to 200 of them"),
            Arg::new("by")
                .long("by")
                .value_name("KEY[,KEY]...")
                .help("Count by KEY too: level, field:3, json:a.b ...")
                .long_help(
                    "Count by KEY too: level, field:3, json:a.b ... (see swathe top --help)",
                ),
            rows::arg("10", "Show the N groups with the most lines"),
            Arg::new("memory")
                .long("memory")
                .value_name("SIZE")
                .value_parser(parse_positive_size)
                .default_value("1G")
                .hide_short_help(true)
                .help("Keep groups in at most SIZE; the rest takes more passes"),
            Arg::new("gaps-over")
                .long("gaps-over")
                .value_name("SPAN")
                .help("Tell all gaps of SPAN (2s or more) and longer"),
            Arg::new("path")
                .value_name("PATH")
                .num_args(0..)
                .value_parser(value_parser!(OsString))
                .help("Files to read, - for standard input"),
        ])
    }

    fn lacking(&self, body: &TimelineBody) -> Option<String> {
        let none = body.first.is_none() && body.unparsed_lines > 0;
        none.then(|| lacking::TIMESTAMP.to_string())
    }

    fn parse(matches: &ArgMatches) -> Result<(TimelineRequest, Vec<Input>)> {
        let text = |name: &str| matches.get_one::<String>(name).map(String::as_str);
        let gaps_over = text("gaps-over").map(|text| span("--gaps-over", text));
        let gaps_over = gaps_over.transpose()?;
        if gaps_over.is_some_and(|seconds| seconds < 2) {
            return Err(usage(
                "--gaps-over is too short: lines are counted by the second, \
                 so gaps are known from 2s on",
            ));
        }
        let options = TimelineOptions {
            patterns: patterns::flagged(matches)?,
            pattern_options: patterns::options(matches),
            bucket: match text("bucket") {
                None | Some("auto") => None,
                Some(text) => Some(span("--bucket", text)?),
            },
            by: match text("by") {
                Some(list) => Key::list(list)?,
                None => Vec::new(),
            },
            keys: keys::form(matches)?,
            limit: rows::parse(matches),
            memory: matches.get_one("memory").copied().unwrap_or(1 << 30),
            gaps_over,
            zone: Zone::named(text("tz").unwrap_or("UTC"))?,
            ..TimelineOptions::default()
        };
        let paths = matches.get_many::<OsString>("path").into_iter().flatten();
        Ok((TimelineRequest { options }, input::named(paths)))
    }
}

/// The seconds of a span such as `5m`, at least one.
fn span(flag: &str, text: &str) -> Result<u64> {
    let seconds = duration(text).and_then(|seconds| u64::try_from(seconds).ok());
    seconds.filter(|&seconds| seconds > 0).ok_or_else(|| {
        usage(format!(
            "{flag} {text:?} is no span of time; write 10s, 5m, 1h, 1d or 1d12h"
        ))
    })
}
