//! Which records of which inputs count: the flags every statistic has for it.

use std::ffi::OsStr;

use swathe::{
    run::{Order, SelectionArgs},
    time::{Shape, When, Zone, day},
};

use crate::{
    cli::{
        flag::{self, Choices},
        value,
    },
    formats,
};

/// The words for [`Order`].
const ORDERS: [(&str, Order); 3] = [
    ("given", Order::Given),
    ("path", Order::Path),
    ("time", Order::Time),
];

type Flag = flag::Flag<SelectionArgs>;

/// The flags, for every command that reads.
pub(crate) fn flags() -> Vec<Flag> {
    let mut all = filters();
    all.extend(times());
    all.extend(records());
    all
}

fn filters() -> Vec<Flag> {
    vec![
        Flag::each(
            "--and PATTERN",
            "Only records in which PATTERN matches too",
            value::string,
            |o| &mut o.and,
        )
        .brief()
        .more(
            "A record is a line unless --record says otherwise. In a search, filters say which \
             of the lines that match (with -v: that do not) are selected; -v does not turn them \
             round. -F, -i, -S and --no-unicode hold for their patterns too, -w and -x do not.",
        ),
        Flag::each(
            "--not PATTERN",
            "Only records in which PATTERN does not match",
            value::string,
            |o| &mut o.not,
        ),
        Flag::each(
            "--where COND",
            "Only records for which COND holds: status>=500",
            value::string,
            |o| &mut o.conditions,
        )
        .brief()
        .more(
            "KEY OP VALUE. KEY: field:N, json:a.b, logfmt:k, csv:name, level, time, a name \
             that the format of the records has, or $1 and $name, the groups of the pattern. OP: = != < <= > >= compare \
             numbers (1.5e3, 45%), durations (took>100ms), sizes (bytes>1M; bare numbers are \
             bytes), times (time>14:02, logfmt:t>=2026-11-23T14:00) and levels (level>=warn), as \
             VALUE is one; = != take text, lists (status=502,503) and classes (status=5xx) too; ~ \
             !~ take a regex. VALUE between quotes is one text whatever it is. What cannot be \
             compared is told, and only != holds for it. && || ! and ( ) join comparisons \
             ('level=error || took>1s'); several --where must all hold.",
        ),
        Flag::one(
            "--log-format FORMAT",
            "How records look, and what their fields are called",
            formats::said,
            |o| &mut o.format,
        )
        .alias("preset")
        .among(Choices::Formats)
        .more(
            "A name (swathe formats list has them), the path of a .toml file (swathe formats show \
             prints one to start from), what a configuration has behind log_format of nginx \
             ('$remote_addr [$time_local] $status') or LogFormat of Apache ('%h %t %>s'), or a \
             layout: '{time} {level:level} {message}'. Without it the first lines of each input \
             decide.",
        ),
        Flag::one(
            "--delimiter D",
            "What stands between fields (\\t for a tab)",
            delimiter,
            |o| &mut o.delimiter,
        ),
    ]
}

fn times() -> Vec<Flag> {
    vec![
        Flag::one(
            "--since WHEN",
            "From WHEN on: 14:30, end-2h, '2 hours ago'",
            value::parsed::<When>,
            |o| &mut o.since,
        )
        .brief()
        .more(
            "2026-11-23T14:30Z, '2026-11-23 14:30', 2026-11-23, '23/Nov/2026:14:30:00 +0000', \
             1795444200; 14:30 and 'Nov 23 14:30' (the last ones in the input); start+10m and \
             end-2h (from the first and the last timestamp of the input; these need a file, not \
             standard input); '2 hours ago', now, today and 'yesterday 14:30' (by the clock). A \
             line without a timestamp belongs to the one before it; those before the \
             first timestamp are in no range. In a search of a pipe the first 64 KiB, or all of \
             it, are waited for to see how timestamps are written.",
        ),
        Flag::one("--until WHEN", "Before WHEN", value::parsed::<When>, |o| {
            &mut o.until
        }),
        Flag::one(
            "--tz ZONE",
            "The zone of timestamps that name none (UTC)",
            |v| Zone::named(value::text(v)?).map_err(|error| error.to_string()),
            |o| &mut o.times.zone,
        )
        .more("Such as Europe/Berlin or +02:00."),
        Flag::one(
            "--time-format FORMAT",
            "How timestamps are written (auto)",
            |v| Shape::parse(value::text(v)?).map_err(|error| error.to_string()),
            |o| &mut o.times.shape,
        )
        .more(
            "As for strptime, or the name of one of the ways that docs/timestamps.md lists, such \
             as day_first; auto looks at the first lines of each file.",
        ),
        Flag::one(
            "--base-year YEAR",
            "The year of timestamps without one",
            value::within(1700, 2199),
            |o| &mut o.times.base_year,
        )
        .more("That of the first of them; a year begins where the months begin anew."),
        Flag::one(
            "--base-date DATE",
            "The day of timestamps that say the time of day alone",
            |v| {
                let text = value::text(v)?;
                day(text).ok_or_else(|| "a day, such as 2026-11-23, is expected".to_string())
            },
            |o| &mut o.times.base_date,
        )
        .more(
            "Such as 2026-11-23: that of the first of a file, which may go on past midnight. \
             Without it, it is the date in the name of the file (app-2026-11-23.log), and where \
             there is none, they are not read; both are said.",
        ),
        Flag::choice("--order ORDER", "Read files in this order", &ORDERS, |o| {
            &mut o.order
        })
        .more("time: in the order of first timestamps, as for a rotated set of logs."),
    ]
}

fn records() -> Vec<Flag> {
    vec![
        Flag::one(
            "--record WHAT",
            "What a record is: line, auto, or a REGEX",
            value::string,
            |o| &mut o.record,
        )
        .brief()
        .more(
            "REGEX: a record starts with a line that matches. auto: with a line that starts with \
             a timestamp, so that a stack trace belongs to its event. In a search, a record in \
             which a line matches is printed whole, each line with its own number (by -o, -r and \
             --vimgrep line by line); -c, -m, -v, -A, -B and --first count records, and each \
             is one message of --json.",
        ),
        Flag::one(
            "--record-max SIZE",
            "Cut records that become longer than SIZE (4M)",
            value::positive_size,
            |o| &mut o.record_max,
        ),
    ]
}

/// The byte between fields.
///
/// # Errors
/// When it is not one.
fn delimiter(value: &OsStr) -> std::result::Result<u8, String> {
    match value.as_encoded_bytes() {
        b"\\t" => Ok(b'\t'),
        &[byte] if byte != b'\n' => Ok(byte),
        _ => Err("it is not one byte; write one character, or \\t for a tab".to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delimiters_are_one_byte() {
        for (text, want) in [
            ("\\t", Some(b'\t')),
            (";", Some(b';')),
            ("", None),
            ("ab", None),
        ] {
            assert_eq!(delimiter(OsStr::new(text)).ok(), want, "{text}");
        }
    }
}
