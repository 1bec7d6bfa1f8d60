//! Which records of which inputs count, in which order: what is asked before the inputs are
//! looked at, and what that comes to.

use std::time::{SystemTime, UNIX_EPOCH};

use super::{Input, Looks};
use crate::{
    chunk::Record,
    error::{Error, ErrorKind, Result},
    format::{Formats, SaidFormat},
    pattern::PatternOptions,
    request::{Scope, ScopeTimes},
    select::{Selection, SelectionKeys, first_stamp, last_stamp},
    source::{Source, SourceOptions},
    statistic::LineEnding,
    time::{Known, Options, Stamp, When, Zone, range as time_range},
};

/// The flags that say which records count, but for their times.
const SELECTING: [&str; 5] = ["and", "not", "where", "log-format", "delimiter"];

/// What the flags say, before the inputs were looked at.
#[derive(Clone, Debug)]
pub struct SelectionPlan {
    record: Record,
    times: ScopeTimes,
    /// Without a range of time.
    selection: Selection,
    since: Option<When>,
    until: Option<When>,
    order: Order,
    formats: Formats,
}

/// Which records count, and how they and their times are read, as it was typed.
#[derive(Clone, Debug, Default)]
pub struct SelectionArgs {
    /// Each matches in a line of the record.
    pub and: Vec<String>,
    /// None matches in a line of the record.
    pub not: Vec<String>,
    /// Conditions on keys, all of which hold.
    pub conditions: Vec<String>,
    /// Not before.
    pub since: Option<When>,
    /// Before.
    pub until: Option<When>,
    /// What a record is: `line`, `auto`, or a regex that begins one.
    pub record: Option<String>,
    /// Records that become longer are cut.
    pub record_max: Option<u64>,
    /// How timestamps are read.
    pub times: ScopeTimes,
    /// In which order inputs are read.
    pub order: Order,
    /// The format of the records of all sources, which gives their fields names.
    pub format: Option<SaidFormat>,
    /// What stands between fields.
    pub delimiter: Option<u8>,
}

impl SelectionArgs {
    /// Whether a record may be more than a line.
    pub fn by_record(&self) -> bool {
        self.record.as_ref().is_some_and(|what| what != "line")
    }

    /// Whether they say which records count.
    pub fn selects(&self) -> bool {
        let by_text = [&self.and, &self.not, &self.conditions];
        by_text.iter().any(|texts| !texts.is_empty())
            || self.since.is_some()
            || self.until.is_some()
            || self.record.is_some()
    }
}

/// In which order inputs are read.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Order {
    /// As given.
    #[default]
    Given,
    /// By path.
    Path,
    /// By their first timestamps.
    Time,
}

impl SelectionPlan {
    /// What the words say, where patterns are read with these options.
    ///
    /// # Errors
    /// When they make no sense.
    pub fn new(words: SelectionArgs, options: PatternOptions) -> Result<SelectionPlan> {
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
                    format: words.format,
                    delimiter: words.delimiter,
                },
                since: None,
                until: None,
            },
            since: words.since,
            until: words.until,
            order: words.order,
            formats: Formats::default(),
        })
    }

    /// Whether all inputs must be known before one is read.
    pub fn looks_first(&self) -> bool {
        let counts = |when: Option<When>| when.is_some_and(|w| w.needs_start() || w.needs_end());
        self.order != Order::Given || counts(self.since) || counts(self.until)
    }

    /// Which records count, without a range of time.
    pub fn selection(&self) -> &Selection {
        &self.selection
    }

    /// The plan where these formats are known.
    #[must_use]
    pub fn with_formats(mut self, formats: Formats) -> SelectionPlan {
        self.formats = formats;
        self
    }

    /// Adds the regex of the command, whose captures are keys.
    pub fn with_regex(&mut self, regex: Option<&str>) {
        self.selection.keys.pattern = regex.map(str::to_string);
    }

    /// From when to when, as it was written.
    pub fn times(&self) -> (Option<When>, Option<When>) {
        (self.since, self.until)
    }

    /// The plan for records between these times.
    #[must_use]
    pub fn between(&self, since: Option<When>, until: Option<When>) -> SelectionPlan {
        SelectionPlan {
            since,
            until,
            ..self.clone()
        }
    }

    /// The plan for records as another run took them, at these times, but for
    /// the flags that were typed for this one.
    #[must_use]
    pub fn like(&self, scope: &Scope, typed: &dyn Fn(&str) -> bool) -> SelectionPlan {
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
        if typed("base-date") {
            times.base_date = mine.base_date;
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
    pub fn zone(&self) -> &Zone {
        &self.times.zone
    }

    /// The inputs in the order in which they are read.
    ///
    /// # Errors
    /// When they are to be ordered by time and one can be read only once.
    pub fn ordered(
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
    pub fn scope(
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
            formats: self.formats.clone(),
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

fn usage(message: String) -> Error {
    Error::new(ErrorKind::Config(message))
}
