//! What was asked about and is in no record.
//!
//! An answer of nothing but zeros or missing keys looks like an answer. One
//! line on standard error says what none of the records had, and what the file
//! has instead.

use std::path::Path;

use swathe::{
    Error, ErrorKind,
    exec::Stop,
    inspect::{Form, Inspection, inspect_head},
    key::{Key, Unread},
    report::printable,
    source::{MapPolicy, Source, SourceOptions},
    time::Options,
};

use super::{Session, args::Common, input::Input};

/// How many of the keys that there are, are told.
const KEYS: usize = 6;

/// What is said of times: they are read as the first lines of a file write them.
pub(crate) const TIMESTAMP: &str =
    "a timestamp written as in the first lines of its file (--time-format says how)";

/// What no record had, in words, each once.
pub(crate) fn words<'a>(unread: impl IntoIterator<Item = &'a Vec<Unread>>) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for Unread { key, wanted } in unread.into_iter().flatten() {
        let word = match (wanted, key) {
            (Some(wanted), key) => format!("{wanted} in {key}"),
            (None, Key::Level) => "a level".to_string(),
            (None, Key::Time(_)) => TIMESTAMP.to_string(),
            (None, key) => format!("the key {key}"),
        };
        if !words.contains(&word) {
            words.push(word);
        }
    }
    words
}

/// Says it, with what the first of the inputs looks like, unless the run ended
/// early.
pub(crate) fn say(words: &[String], inputs: &[Input], common: &Common, session: &mut Session<'_>) {
    if !common.messages || session.stop.is_set() {
        return;
    }
    let files = inputs.iter().filter_map(Input::path);
    if let Some(text) = text(words, files, session.stop) {
        (session.complain)(&Error::new(ErrorKind::Config(text)));
    }
}

/// The line that says it; `None` if there is nothing to say.
pub(crate) fn text<'a>(
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
        Form::Web => "is an access log (--preset nginx)",
        Form::Syslog => "has lines of syslog (--preset syslog)",
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
