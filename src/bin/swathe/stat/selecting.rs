//! Which records of which inputs count: the flags every statistic has for it.

use std::{
    ffi::OsStr,
    time::{SystemTime, UNIX_EPOCH},
};

use swathe::{
    Result,
    chunk::Record,
    pattern::PatternOptions,
    request::{Scope, ScopeTimes},
    run::{Input, Looks},
    select::{Selection, SelectionKeys, first_stamp, last_stamp},
    source::{Source, SourceOptions},
    statistic::LineEnding,
    time::{Known, Options, Shape, Stamp, When, Zone, range as time_range},
};

use super::usage;
use crate::cli::{flag, value};

/// The flags that say which records count, but for their times.
pub(crate) const SELECTING: [&str; 5] = ["and", "not", "where", "preset", "delimiter"];

/// What the flags say, before the inputs were looked at.
#[derive(Clone, Debug)]
pub(crate) struct SelectionPlan {
    record: Record,
    times: ScopeTimes,
    /// Without a range of time.
    selection: Selection,
    since: Option<When>,
    until: Option<When>,
    order: Order,
}

/// Which records count, and how they and their times are read, as it was typed.
#[derive(Clone, Debug, Default)]
pub(crate) struct SelectionArgs {
    pub(crate) and: Vec<String>,
    pub(crate) not: Vec<String>,
    pub(crate) conditions: Vec<String>,
    pub(crate) since: Option<When>,
    pub(crate) until: Option<When>,
    pub(crate) record: Option<String>,
    pub(crate) record_max: Option<u64>,
    pub(crate) times: ScopeTimes,
    pub(crate) order: Order,
    pub(crate) preset: Option<String>,
    pub(crate) delimiter: Option<u8>,
}

impl SelectionArgs {
    /// Whether a record may be more than a line.
    pub(crate) fn by_record(&self) -> bool {
        self.record.as_ref().is_some_and(|what| what != "line")
    }

    /// Whether they say which records count.
    pub(crate) fn selects(&self) -> bool {
        let by_text = [&self.and, &self.not, &self.conditions];
        by_text.iter().any(|texts| !texts.is_empty())
            || self.since.is_some()
            || self.until.is_some()
            || self.record.is_some()
    }
}

/// In which order inputs are read.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) enum Order {
    #[default]
    Given,
    Path,
    Time,
}

/// The words for [`Order`].
const ORDERS: [(&str, Order); 3] = [
    ("given", Order::Given),
    ("path", Order::Path),
    ("time", Order::Time),
];

/// Log formats whose fields have names.
const PRESETS: [&str; 5] = ["nginx", "apache", "syslog", "json", "logfmt"];

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
            "KEY OP VALUE. KEY: field:N, json:a.b, logfmt:k, csv:name, level, a name of \
             --preset, or $1 and $name, the groups of the pattern. OP: = != compare numbers and \
             text, < <= > >= plain numbers and levels, ~ !~ take a regex. VALUE between quotes is \
             text whatever it is. Several --where must all hold.",
        ),
        Flag::choice(
            "--preset FORM",
            "Name fields",
            &PRESETS.map(|name| (name, name.to_string())),
            |o| &mut o.preset,
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
        .more("As for strptime; auto looks at the first lines of each file."),
        Flag::one(
            "--base-year YEAR",
            "The year of timestamps without one",
            value::within(1700, 2199),
            |o| &mut o.times.base_year,
        )
        .more("That of the first of them; a year begins where the months begin anew."),
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

impl SelectionPlan {
    /// What the words say, where patterns are read with these options.
    ///
    /// # Errors
    /// When they make no sense.
    pub(crate) fn new(words: SelectionArgs, options: PatternOptions) -> Result<SelectionPlan> {
        let max = words.record_max.unwrap_or(Record::MAX);
        Ok(SelectionPlan {
            record: match words.record.as_deref() {
                None | Some("line") => Record::default(),
                Some("auto") => Record::auto(max),
                Some(regex) => Record::regex(regex, max)?,
            },
            times: words.times,
            selection: Selection {
                and: words.and,
                not: words.not,
                options,
                conditions: words.conditions,
                keys: SelectionKeys {
                    pattern: None,
                    preset: words.preset,
                    delimiter: words.delimiter,
                },
                since: None,
                until: None,
            },
            since: words.since,
            until: words.until,
            order: words.order,
        })
    }

    /// Whether all inputs must be known before one is read.
    pub(crate) fn looks_first(&self) -> bool {
        let counts = |when: Option<When>| when.is_some_and(|w| w.needs_start() || w.needs_end());
        self.order != Order::Given || counts(self.since) || counts(self.until)
    }

    /// Which records count, without a range of time.
    pub(crate) fn selection(&self) -> &Selection {
        &self.selection
    }

    /// Adds the regex of the command, whose captures are keys.
    pub(crate) fn with_regex(&mut self, regex: Option<&str>) {
        self.selection.keys.pattern = regex.map(str::to_string);
    }

    /// From when to when, as it was written.
    pub(crate) fn times(&self) -> (Option<When>, Option<When>) {
        (self.since, self.until)
    }

    /// The plan for records between these times.
    pub(crate) fn between(&self, since: Option<When>, until: Option<When>) -> SelectionPlan {
        SelectionPlan {
            since,
            until,
            ..self.clone()
        }
    }

    /// The plan for records as another run took them, at these times, but for
    /// the flags that were typed for this one.
    pub(crate) fn like(&self, scope: &Scope, typed: &dyn Fn(&str) -> bool) -> SelectionPlan {
        let own = |flags: &[&str]| flags.iter().any(|flag| typed(flag));
        let (mut times, mine) = (scope.times.clone(), &self.times);
        if typed("time-format") {
            times.shape.clone_from(&mine.shape);
        }
        if typed("tz") {
            times.zone = mine.zone.clone();
        }
        if typed("base-year") {
            times.base_year = mine.base_year;
        }
        let (record, selection) = (own(&["record", "record-max"]), own(&SELECTING));
        SelectionPlan {
            record: if record { &self.record } else { &scope.record }.clone(),
            times,
            selection: Selection {
                since: None,
                until: None,
                ..if selection {
                    &self.selection
                } else {
                    &scope.selection
                }
                .clone()
            },
            ..self.clone()
        }
    }

    /// The zone of times.
    pub(crate) fn zone(&self) -> &Zone {
        &self.times.zone
    }

    /// The inputs in the order in which they are read.
    ///
    /// # Errors
    /// When they are to be ordered by time and one can be read only once.
    pub(crate) fn ordered(
        &self,
        inputs: Vec<Input>,
        (looks, options): (&Looks, &SourceOptions),
    ) -> Result<Vec<Input>> {
        match self.order {
            Order::Given => Ok(inputs),
            Order::Path => {
                let mut inputs = inputs;
                inputs.sort_by(|a, b| a.name().cmp(b.name()));
                Ok(inputs)
            }
            Order::Time => {
                // The year of the first is not that of the first of each.
                let times = Options {
                    base_year: None,
                    ..self.times.options(now())
                };
                let mut stamped = Vec::new();
                for input in inputs {
                    regular(&input, "--order time")?;
                    // What cannot be read is told when it is its turn.
                    let source = looks.look(&input, options);
                    let first = source.and_then(|source| first_stamp(&source, &times));
                    let first = first.unwrap_or_else(|error| {
                        looks.failed(&input, &error);
                        None
                    });
                    stamped.push((first, input));
                }
                // Those without a time are last, as given.
                stamped.sort_by_key(|(first, _)| (first.is_none(), *first));
                Ok(stamped.into_iter().map(|(_, input)| input).collect())
            }
        }
    }

    /// What counts, with all points in time known.
    ///
    /// # Errors
    /// When the start or the end of the inputs must be known and cannot be, or
    /// the range of time is empty.
    pub(crate) fn scope(
        &self,
        line_ending: Option<LineEnding>,
        inputs: &[Input],
        looks: (&Looks, &SourceOptions),
    ) -> Result<Scope> {
        let now = now();
        let bounds = [("--since", self.since), ("--until", self.until)];
        let needing = |needs: fn(&When) -> bool| {
            let mut bounds = bounds.iter();
            let found = bounds.find(|(_, when)| when.is_some_and(|when| needs(&when)));
            found.map(|(flag, _)| *flag)
        };
        let times = self.times.options(now);
        let start = needing(When::needs_start).map(|flag| {
            let firsts = each_stamp(flag, "start", inputs, looks, |s| first_stamp(s, &times))?;
            found(flag, "start", firsts.into_iter().min())
        });
        let end = needing(When::needs_end).map(|flag| {
            let lasts = each_stamp(flag, "end", inputs, looks, |s| last_stamp(s, &times))?;
            found(flag, "end", lasts.into_iter().max())
        });
        let known = Known {
            start: start.transpose()?,
            end: end.transpose()?,
            now,
        };
        let (since, until) = time_range((self.since, self.until), self.zone(), &known)?;
        Ok(Scope {
            line_ending,
            record: self.record.clone(),
            times: self.times.clone(),
            selection: Selection {
                since,
                until,
                ..self.selection.clone()
            },
        })
    }
}

/// The first or the last timestamp of each input that has one: those that this
/// flag counts from.
fn each_stamp(
    flag: &str,
    side: &str,
    inputs: &[Input],
    (looks, options): (&Looks, &SourceOptions),
    stamp: impl Fn(&Source) -> Result<Option<Stamp>>,
) -> Result<Vec<Stamp>> {
    let what = match side {
        "end" => format!("{flag} with a time of day, a day without a year, or end"),
        _ => format!("{flag} with {side}"),
    };
    let (mut stamps, mut failed) = (Vec::new(), None);
    for input in inputs {
        regular(input, &what)?;
        let source = looks.look(input, options);
        match source.and_then(|source| stamp(&source)) {
            Ok(found) => stamps.extend(found),
            // It is told when it is its turn, and its end is not known.
            Err(error) => {
                looks.failed(input, &error);
                failed = failed.or(Some(error));
            }
        }
    }
    match failed {
        Some(error) if stamps.is_empty() => Err(error),
        _ => Ok(stamps),
    }
}

fn found(flag: &str, side: &str, stamp: Option<Stamp>) -> Result<Stamp> {
    stamp.ok_or_else(|| {
        usage(format!(
            "no timestamp was found in the inputs, so {flag} cannot count from their {side} \
             (--time-format says how timestamps are written)"
        ))
    })
}

fn now() -> Stamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    let seconds = since.map_or(0, |since| since.as_secs());
    Stamp::new(seconds.cast_signed(), 0).unwrap_or(Stamp::from_nanos(0))
}

/// Checks that an input can be read once more.
fn regular(input: &Input, what: &str) -> Result<()> {
    if input.reads_once() {
        return Err(usage(format!(
            "{what} must look at the input first, but {} can be read only once; \
             save it to a file, or write the full date and time",
            input.name().display()
        )));
    }
    Ok(())
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
