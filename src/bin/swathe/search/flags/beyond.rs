//! What goes beyond ripgrep.

use crate::{
    cli::{
        flag::{Flag, Group},
        value,
    },
    search::{
        beyond::{Beyond, line_range},
        low::Low,
    },
};

pub(super) fn flags() -> Vec<Flag<Low>> {
    let all = filters().into_iter().chain(time());
    let all = all.chain(records()).chain(counts()).chain([resume()]);
    Flag::grouped(Group::Beyond, all)
}

macro_rules! text {
    ($long:literal, $value:literal, $help:literal, |$beyond:ident, $text:ident| $set:expr) => {
        Flag::value($long, $value, $help, |low: &mut Low, v| {
            let $beyond: &mut Beyond = &mut low.beyond;
            let $text = value::text(v)?.to_string();
            $set;
            Ok(())
        })
    };
}

fn filters() -> Vec<Flag<Low>> {
    vec![
        text!(
            "and",
            "PATTERN",
            "Only lines in which PATTERN matches too",
            |beyond, text| beyond.words.and.push(text)
        )
        .brief()
        .more(
            "Filters say which of the lines that match (with -v: that do not) are selected; -v \
             does not turn them round. -F, -i, -S and --no-unicode hold for their patterns too, \
             -w and -x do not. What passes all of them is printed, counted, listed as usual.",
        ),
        text!(
            "not",
            "PATTERN",
            "Only lines in which PATTERN does not match",
            |beyond, text| beyond.words.not.push(text)
        ),
        text!(
            "where",
            "COND",
            "Only lines for which COND holds: status>=500",
            |beyond, text| beyond.words.conditions.push(text)
        )
        .brief()
        .more(
            "KEY OP VALUE. KEY: field:N, json:a.b, logfmt:k, csv:name, level, a name of \
             --preset, or $1 and $name, the groups of the pattern. OP: = != compare numbers and \
             text, < <= > >= plain numbers and levels, ~ !~ take a regex. VALUE between quotes is \
             text whatever it is. Several --where must all hold.",
        ),
        text!(
            "preset",
            "FORM",
            "Name the fields of lines for --where",
            |beyond, text| beyond.words.preset = Some(text)
        )
        .more("nginx, apache, syslog, json or logfmt."),
        text!(
            "delimiter",
            "D",
            "What stands between fields, for --where",
            |beyond, text| beyond.words.delimiter = Some(text)
        ),
        Flag::value(
            "range",
            "A..B",
            "Only lines A to B of each file",
            |low: &mut Low, v| {
                low.beyond.range = Some(line_range(value::text(v)?)?);
                Ok(())
            },
        )
        .more(
            "Numbers from 1, both included; A.. and ..B are open. Context may lie outside. \
             Reading ends behind B.",
        ),
    ]
}

fn time() -> Vec<Flag<Low>> {
    vec![
        text!(
            "since",
            "WHEN",
            "Only lines not before WHEN",
            |beyond, text| beyond.words.since = Some(text)
        )
        .brief()
        .more(
            "2026-11-23T14:30Z, '2026-11-23 14:30', '23/Nov/2026:14:30:00 +0000', 1795444200; 14:30 \
             and 'Nov 23 14:30' (the last ones in the input); start+10m and end-2h (from the first \
             and the last timestamp of the input); '2 hours ago', now, today and 'yesterday \
             14:30'. A line without a timestamp belongs to the one before it; those before the \
             first timestamp are in no range. Of a pipe the first 64 KiB, or all of it, are \
             waited for to see how timestamps are written.",
        ),
        text!("until", "WHEN", "Only lines before WHEN", |beyond, text| {
            beyond.words.until = Some(text);
        }),
        text!(
            "tz",
            "ZONE",
            "The zone of timestamps that name none (UTC)",
            |beyond, text| beyond.words.zone = text
        ),
        text!(
            "time-format",
            "FORMAT",
            "How timestamps are written (auto)",
            |beyond, text| beyond.words.time_format = text
        )
        .more("As for strptime; auto looks at the first lines of each file."),
        Flag::value(
            "base-year",
            "YEAR",
            "The year of timestamps without one",
            |low: &mut Low, v| {
                low.beyond.words.base_year = Some(value::number(v)?);
                Ok(())
            },
        ),
        Flag::value(
            "order",
            "ORDER",
            "Search files as given, by path, or by time",
            |low: &mut Low, v| {
                let orders = [("given", "given"), ("path", "path"), ("time", "time")];
                low.beyond.words.order = value::choice(v, &orders)?.to_string();
                Ok(())
            },
        )
        .more("time: in the order of first timestamps, as for a rotated set of logs."),
    ]
}

fn records() -> Vec<Flag<Low>> {
    vec![
        text!(
            "record",
            "WHAT",
            "What one event is: line, auto, or a REGEX",
            |beyond, text| beyond.words.record = text
        )
        .brief()
        .more(
            "REGEX: an event starts with a line that matches. auto: with a line that starts with \
             a timestamp, so that a stack trace belongs to its event. An event in which a line \
             matches is printed whole, each line with its own number; -o, --vimgrep and -r see \
             its lines one by one. -c, -m, -v, -A, -B and --first count events. With --json, \
             an event is one message.",
        ),
        Flag::value(
            "record-max",
            "SIZE",
            "Cut events that become longer than SIZE (4M)",
            |low: &mut Low, v| {
                low.beyond.words.record_max = match value::size(v)? {
                    0 => return Err("an event has at least 1 byte".to_string()),
                    size => Some(size),
                };
                Ok(())
            },
        ),
    ]
}

fn counts() -> Vec<Flag<Low>> {
    vec![
        Flag::switch(
            "count-total",
            "Print one count over all files",
            |low: &mut Low, on| {
                low.beyond.count_total = on;
            },
        )
        .no("no-count-total")
        .more(
            "With -o or --count-matches: of matches. It is printed even if it is zero. A file \
             that could not be read to its end is not in it.",
        ),
        Flag::value(
            "first",
            "N",
            "Stop after N lines over all files",
            |low: &mut Low, v| {
                low.beyond.first = Some(value::number(v)?);
                Ok(())
            },
        )
        .more(
            "The first N lines that match, with their context, in the order of the files; \
             nothing is read for more. -m counts in each file, this over all.",
        ),
        Flag::value(
            "last",
            "N",
            "Print the last N lines over all files",
            |low: &mut Low, v| {
                low.beyond.last = Some(value::number(v)?);
                Ok(())
            },
        )
        .brief()
        .more(
            "The tail of what would be printed without it, from the context before the Nth line \
             from the end on. Files are read from their ends backwards, so that it takes \
             milliseconds whatever their size; with -n, the lines before are counted. Standard \
             input and packed files are read to their ends. Files before those that have the \
             lines are not opened.",
        ),
        Flag::switch(
            "raw",
            "Print control bytes to a terminal as they are",
            |low: &mut Low, on| {
                low.beyond.raw = on;
            },
        )
        .no("no-raw")
        .more(
            "Else, on a terminal, control bytes in text and in names are shown as \\x1b and the \
             like, so that a log cannot move the cursor. Pipes and files get every byte as it is.",
        ),
    ]
}

fn resume() -> Flag<Low> {
    Flag::value(
        "resume",
        "STATE",
        "Only what is new since the run that wrote STATE",
        |low: &mut Low, v| {
            low.beyond.resume = Some(v.into());
            Ok(())
        },
    )
    .brief()
    .more(
        "STATE is a file, made by the first run, which searches everything. Each line is \
         printed once, when it has ended; of a rotated file the end is printed first. One \
         state belongs to one pattern with its filters; what is printed of a line, and of \
         how many, may differ from run to run. See below.",
    )
}
