//! Which records of which inputs count: the flags every statistic has for it.

use std::time::{SystemTime, UNIX_EPOCH};

use clap::{
    Arg, ArgAction, ArgMatches, Command,
    builder::{PossibleValuesParser, ValueParser},
    parser::ValueSource,
    value_parser,
};
use swathe::{
    Result,
    chunk::Record,
    pattern::{Case, PatternOptions},
    request::{Scope, ScopeTimes},
    run::{Input, Looks},
    select::{Selection, SelectionKeys, first_stamp, last_stamp},
    source::{Source, SourceOptions},
    statistic::LineEnding,
    time::{Known, Options, Shape, Stamp, When, Zone, range as time_range},
};

use super::{size::parse_positive_size, usage};

const HEADING: &str = "Which records count";

/// How points in time are written, for `--help`.
pub(crate) const WHENS: &str = "\
From WHEN on. A date and time as logs have them or shorter: 2026-11-23T14:30Z, '2026-11-23 14:30', \
2026-11-23, '23/Nov/2026:14:30:00 +0000', 1795444200. 14:30 and 'Nov 23 14:30' are the last ones in \
the input; start+10m and end-2h count from its first and last timestamp (these need a file, not \
standard input). '2 hours ago', now, today and 'yesterday 14:30' go by the clock";

/// The flags that say which records count, but for their times.
pub(crate) const SELECTING: [&str; 5] = ["and", "not", "where", "preset", "delimiter"];

/// What the flags say, before the inputs were looked at.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    record: Record,
    times: ScopeTimes,
    /// Without a range of time.
    selection: Selection,
    since: Option<When>,
    until: Option<When>,
    order: Order,
}

/// The same as words.
#[derive(Clone, Debug)]
pub(crate) struct Words {
    pub(crate) and: Vec<String>,
    pub(crate) not: Vec<String>,
    pub(crate) conditions: Vec<String>,
    pub(crate) since: Option<String>,
    pub(crate) until: Option<String>,
    pub(crate) record: String,
    pub(crate) record_max: Option<u64>,
    pub(crate) zone: String,
    pub(crate) time_format: String,
    pub(crate) base_year: Option<i64>,
    pub(crate) order: String,
    pub(crate) preset: Option<String>,
    pub(crate) delimiter: Option<String>,
}

impl Default for Words {
    fn default() -> Words {
        Words {
            and: Vec::new(),
            not: Vec::new(),
            conditions: Vec::new(),
            since: None,
            until: None,
            record: "line".into(),
            record_max: None,
            zone: "UTC".into(),
            time_format: "auto".into(),
            base_year: None,
            order: "given".into(),
            preset: None,
            delimiter: None,
        }
    }
}

/// In which order inputs are read.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Order {
    Given,
    Path,
    Time,
}

/// Gives the command the flags.
pub(crate) fn add(command: Command) -> Command {
    let flag = |name: &'static str, value: &'static str| {
        Arg::new(name)
            .long(name)
            .value_name(value)
            .allow_hyphen_values(true)
            .help_heading(HEADING)
    };
    let many = |name, value| flag(name, value).action(ArgAction::Append);
    let command = command.args([
        many("and", "PATTERN").help("Only records in which PATTERN matches too"),
        many("not", "PATTERN").help("Only records in which PATTERN does not match"),
        many("where", "COND").help("Only records for which COND holds: status>=500, level=error"),
        flag("since", "WHEN")
            .help("From WHEN on: 14:30, 2026-11-23T14:30Z, end-2h, '2h ago'")
            .long_help(WHENS),
        flag("until", "WHEN").help("Before WHEN"),
        flag("record", "WHAT")
            .default_value("line")
            .hide_default_value(true)
            .help("What a record is: line, auto (by timestamps), or a REGEX")
            .long_help(
                "What one record is: line, auto (it starts with a timestamp), or a REGEX that \
                 its first line matches",
            ),
        flag("record-max", "SIZE")
            .value_parser(parse_positive_size)
            .hide_short_help(true)
            .help("Cut records of many lines that become longer than about SIZE (4M)"),
        flag("tz", "ZONE")
            .default_value("UTC")
            .hide_short_help(true)
            .help("The zone of timestamps that name none, such as Europe/Berlin or +02:00"),
        flag("time-format", "FORMAT")
            .default_value("auto")
            .hide_short_help(true)
            .help("How timestamps are written, as for strptime; auto looks at the first lines"),
        flag("base-year", "YEAR")
            .value_parser(value_parser!(i64).range(1700..2200))
            .hide_short_help(true)
            .help("The year of the first timestamp where they have none"),
        flag("order", "ORDER")
            .hide_possible_values(true)
            .value_parser(ValueParser::from(PossibleValuesParser::new([
                "given", "path", "time",
            ])))
            .default_value("given")
            .hide_short_help(true)
            .help("Read files as given, by path, or by time (a rotated set): given, path, time"),
    ]);
    let has = |name: &str| command.get_arguments().any(|arg| arg.get_id() == name);
    let more = [
        ("preset", "FORM", "Name the fields of records for --where"),
        ("delimiter", "D", "What stands between fields, for --where"),
    ];
    let missing: Vec<Arg> = more
        .into_iter()
        .filter(|(name, ..)| !has(name))
        .map(|(name, value, help)| flag(name, value).hide_short_help(true).help(help))
        .collect();
    command.args(missing)
}

/// What the flags of these matches say.
///
/// # Errors
/// When they make no sense.
pub(crate) fn parse(matches: &ArgMatches) -> Result<Asked> {
    let text = |name: &str| matches.get_one::<String>(name).cloned();
    let all = |name: &str| -> Vec<String> {
        let values = matches.get_many::<String>(name).into_iter().flatten();
        values.cloned().collect()
    };
    let words = Words {
        and: all("and"),
        not: all("not"),
        conditions: all("where"),
        since: text("since"),
        until: text("until"),
        record: text("record").unwrap_or_default(),
        record_max: matches.get_one("record-max").copied(),
        zone: text("tz").unwrap_or_default(),
        time_format: text("time-format").unwrap_or_default(),
        base_year: matches.get_one("base-year").copied(),
        order: text("order").unwrap_or_default(),
        preset: text("preset"),
        delimiter: text("delimiter"),
    };
    Asked::new(words, pattern_options(matches))
}

/// Whether these matches say which records count, or how they are grouped.
pub(crate) fn is_filtered(matches: &ArgMatches) -> bool {
    let flags = ["and", "not", "where", "since", "until", "record", "by"];
    let typed = |flag: &&str| {
        let known = matches.try_contains_id(flag).is_ok_and(|given| given);
        known && matches.value_source(flag) == Some(ValueSource::CommandLine)
    };
    flags.iter().any(typed)
}

/// How the command reads its patterns, if it says so.
fn pattern_options(matches: &ArgMatches) -> PatternOptions {
    let flag = |name: &str| {
        let flag = matches.try_get_one::<bool>(name);
        flag.is_ok_and(|flag| flag == Some(&true))
    };
    PatternOptions {
        fixed_strings: flag("fixed-strings"),
        case: if flag("ignore-case") {
            Case::Insensitive
        } else if flag("smart-case") {
            Case::Smart
        } else {
            Case::Sensitive
        },
        ..PatternOptions::default()
    }
}

impl Asked {
    /// What the words say, where patterns are read with these options.
    ///
    /// # Errors
    /// When they make no sense.
    pub(crate) fn new(words: Words, options: PatternOptions) -> Result<Asked> {
        let when = |text: Option<String>| text.map(|text| text.parse::<When>()).transpose();
        let max = words.record_max.unwrap_or(Record::MAX);
        let delimiter = words.delimiter.as_deref();
        Ok(Asked {
            record: match words.record.as_str() {
                "line" => Record::default(),
                "auto" => Record::auto(max),
                regex => Record::regex(regex, max)?,
            },
            times: ScopeTimes {
                shape: Shape::parse(&words.time_format)?,
                zone: Zone::named(&words.zone)?,
                base_year: words.base_year,
            },
            selection: Selection {
                and: words.and,
                not: words.not,
                options,
                conditions: words.conditions,
                keys: SelectionKeys {
                    pattern: None,
                    preset: words.preset,
                    delimiter: delimiter.map(super::keys::delimiter).transpose()?,
                },
                since: None,
                until: None,
            },
            since: when(words.since)?,
            until: when(words.until)?,
            order: match words.order.as_str() {
                "path" => Order::Path,
                "time" => Order::Time,
                _ => Order::Given,
            },
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

    /// The same where the command has a regex, whose captures are keys.
    pub(crate) fn with_regex(&mut self, regex: Option<&str>) {
        self.selection.keys.pattern = regex.map(str::to_string);
    }

    /// From when to when, as it was written.
    pub(crate) fn times(&self) -> (Option<When>, Option<When>) {
        (self.since, self.until)
    }

    /// The same between these times.
    pub(crate) fn between(&self, since: Option<When>, until: Option<When>) -> Asked {
        Asked {
            since,
            until,
            ..self.clone()
        }
    }

    /// The same of records as another run took them, at these times, but for
    /// the flags that were typed for this one.
    pub(crate) fn like(&self, scope: &Scope, typed: &dyn Fn(&str) -> bool) -> Asked {
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
        Asked {
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
