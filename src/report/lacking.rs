//! What was asked about and is in no record, and what was chosen for timestamps.
//!
//! An answer of nothing but zeros or missing keys looks like an answer. One
//! line on standard error says what none of the records had, and what the file
//! has instead.

use std::path::Path;

use super::{Choice, printable};
use crate::{
    exec::Stop,
    inspect::{Form, Inspection, inspect_head},
    key::{Key, Unread, UnreadWhy},
    source::{MapPolicy, Source, SourceOptions},
    time::Options,
};

/// How many of the keys that there are, are told.
const KEYS: usize = 6;

/// What is said of times: they are read as the first lines of a file write them.
pub(crate) const TIMESTAMP: &str =
    "a timestamp written as in the first lines of its file (--time-format says how)";

/// What there is to say of keys that could not be read.
#[derive(Debug, Default)]
pub struct Lacking {
    /// What no record had, in words, each once.
    absent: Vec<String>,
    /// The keys of which a record ends within quotes, each once.
    in_quotes: Vec<String>,
    /// The keys whose columns change, each once.
    columns: Vec<String>,
    /// What some values could not be compared as, in words, each once.
    odd: Vec<String>,
    /// What was chosen for timestamps, in words.
    chosen: Vec<String>,
}

impl Lacking {
    /// What there is to say of these.
    pub fn new<'a>(unread: impl IntoIterator<Item = &'a Vec<Unread>>) -> Lacking {
        let mut lacking = Lacking::default();
        for Unread { key, why } in unread.into_iter().flatten() {
            let word = match (why, key) {
                (UnreadWhy::EndsInQuotes, key) => {
                    add(key.to_string(), &mut lacking.in_quotes);
                    continue;
                }
                (UnreadWhy::ColumnsChange, key) => {
                    add(key.to_string(), &mut lacking.columns);
                    continue;
                }
                (UnreadWhy::Odd(wanted, example), key) => {
                    let example = String::from_utf8_lossy(example);
                    let word = format!(
                        "some values of {key} are not {wanted}, such as {example:?}, and were not \
                         compared"
                    );
                    add(printable(word.as_bytes()), &mut lacking.odd);
                    continue;
                }
                (UnreadWhy::NotA(wanted), key) => format!("{wanted} in {key}"),
                (_, Key::Level) => "a level".to_string(),
                (_, Key::Time(_)) => TIMESTAMP.to_string(),
                (_, key) => format!("the key {key}"),
            };
            add(word, &mut lacking.absent);
        }
        lacking
    }

    /// Adds what was chosen for timestamps.
    pub fn choose(&mut self, choices: &[Choice]) {
        self.chosen.extend(choices.iter().map(Choice::to_string));
    }

    /// Adds what no record had.
    pub fn extend(&mut self, words: impl IntoIterator<Item = String>) {
        for word in words {
            add(word, &mut self.absent);
        }
    }

    /// The lines that say it; none if there is nothing to say.
    pub fn texts<'a>(&self, files: impl Iterator<Item = &'a Path>, stop: &Stop) -> Vec<String> {
        let in_quotes = (!self.in_quotes.is_empty()).then(|| {
            format!(
                "a record ends within the quotes of a cell: {} may be wrong where a cell of \
                 CSV has line breaks (give --record a regex that begins each record)",
                printable(self.in_quotes.join(" and ").as_bytes())
            )
        });
        let columns = (!self.columns.is_empty()).then(|| {
            format!(
                "a later line #Fields: names other columns: {} is read as the first such line \
                 has it, and may be wrong behind the later one",
                printable(self.columns.join(" and ").as_bytes())
            )
        });
        let absent = text(&self.absent, files, stop);
        let told = self.odd.iter().chain(&self.chosen).cloned();
        absent
            .into_iter()
            .chain(in_quotes)
            .chain(columns)
            .chain(told)
            .collect()
    }
}

fn add(word: String, to: &mut Vec<String>) {
    if !to.contains(&word) {
        to.push(word);
    }
}

/// The line that says what no record had; `None` if there is nothing to say.
fn text<'a>(
    words: &[String],
    mut files: impl Iterator<Item = &'a Path>,
    stop: &Stop,
) -> Option<String> {
    if words.is_empty() {
        return None;
    }
    let what = printable(words.join(" or ").as_bytes());
    let seen = files.find_map(|file| Some((file, look(file, stop)?)));
    let seen = match seen {
        Some((file, seen)) => {
            let name = printable(file.as_os_str().as_encoded_bytes());
            format!(
                "{name} {}; swathe inspect {name} says more",
                described(&seen)
            )
        }
        None => "swathe inspect FILE says what there is".to_string(),
    };
    Some(format!("no record has {what}: {seen}"))
}

/// What is seen of a file that has something in it.
fn look(file: &Path, stop: &Stop) -> Option<Inspection> {
    if !file.is_file() {
        return None;
    }
    let options = SourceOptions {
        map: MapPolicy::Never,
        ..SourceOptions::default()
    };
    let source = Source::open(file, &options).ok()?;
    let seen = inspect_head(&source, &Options::default(), stop).ok()?;
    (seen.form != Form::Empty).then_some(seen)
}

/// What it looks like.
fn described(seen: &Inspection) -> String {
    let form = match seen.form {
        _ if seen.encoding == "binary" => "has NUL bytes, as no text has,",
        Form::Json => "has a JSON object a line",
        Form::Logfmt => "has name=value pairs",
        Form::Web => "is an access log",
        Form::Syslog => "has lines of syslog",
        Form::Csv(_) => "has columns with a header",
        Form::Text | Form::Empty => "has lines of text",
    };
    let times = match &seen.time {
        Some(time) => format!("timestamps ({})", time.format.name()),
        None => "no timestamps".to_string(),
    };
    let levels = if seen.levels.is_empty() {
        "no levels"
    } else {
        "levels"
    };
    let keys: Vec<&str> = seen.fields.iter().map(|field| field.key.as_str()).collect();
    let keys = keys.iter().filter(|key| **key != "level").take(KEYS);
    let keys = keys.copied().collect::<Vec<_>>().join(", ");
    let keys = if keys.is_empty() {
        keys
    } else {
        format!(" and the keys {}", printable(keys.as_bytes()))
    };
    format!("{form} with {times}, {levels}{keys}")
}
