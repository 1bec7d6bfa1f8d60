//! How a key is written.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::time::bucket_seconds;
use crate::{
    error::{Error, ErrorKind, Result},
    format::json_names,
};

/// What to take from a record.
#[derive(Clone, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(try_from = "String", into = "String")]
#[non_exhaustive]
pub enum Key {
    /// `$1`: a capture of the regex by its number; `$0` is the whole match.
    Capture(usize),
    /// `$name`: a capture of the regex by its name.
    Group(String),
    /// `field:3`: the third field, `field:-1` the last. Fields stand between
    /// runs of white space, or between delimiters if one was given.
    Field(i32),
    /// `json:a.b`: member `b` of member `a` of a JSON object. A number stands
    /// for an element of an array (from 0), `\.` for a dot in a name.
    Json(Vec<String>),
    /// `logfmt:k`: the value behind `k=`.
    Logfmt(String),
    /// `csv:name`: the field below this name in the first line.
    Csv(String),
    /// `time:5m`: the start of the interval of so many seconds that the
    /// record's timestamp lies in.
    Time(u64),
    /// `path`: the name of the source.
    Path,
    /// `level`: how severe the record says it is.
    Level,
    /// `line`: the whole record.
    Line,
    /// `template`: the record with what varies masked.
    Template,
    /// A field that the format of the records names: `status`.
    Named(String),
}

/// What a command says about the keys of its records.
const FORMS: &str = "$1, $name, field:N, json:a.b, logfmt:k, csv:name, time:5m, path, level, \
                     line or template";

impl Key {
    /// The keys of a list: those of several `KEY[,KEY]...`, in order. A comma
    /// in a name is written `\,`.
    ///
    /// # Errors
    /// When one of them is no key.
    pub fn list(text: &str) -> Result<Vec<Key>> {
        split(text, ',').iter().map(|key| key.parse()).collect()
    }

    /// Whether it is taken from what the regex matched.
    pub fn is_capture(&self) -> bool {
        matches!(self, Key::Capture(_) | Key::Group(_))
    }
}

impl FromStr for Key {
    type Err = Error;

    fn from_str(text: &str) -> Result<Key> {
        if let Some(capture) = text.strip_prefix('$') {
            let capture = capture
                .strip_prefix('{')
                .and_then(|capture| capture.strip_suffix('}'))
                .unwrap_or(capture);
            return match capture.parse() {
                Ok(number) => Ok(Key::Capture(number)),
                Err(_) if is_name(capture) => Ok(Key::Group(capture.into())),
                Err(_) => Err(bad(text, "a capture is $1 or $name")),
            };
        }
        if let Some((form, rest)) = text.split_once(':') {
            return match form {
                "field" => match rest.parse() {
                    Ok(0) | Err(_) => Err(bad(text, "fields count from 1, or -1 from the end")),
                    Ok(number) => Ok(Key::Field(number)),
                },
                "json" | "logfmt" | "csv" if rest.is_empty() => Err(bad(
                    text,
                    "a name is missing behind the colon, as in json:user.id",
                )),
                "json" => Ok(Key::Json(json_names(rest))),
                "logfmt" => Ok(Key::Logfmt(rest.into())),
                "csv" => Ok(Key::Csv(rest.into())),
                "time" => match bucket_seconds(rest) {
                    Some(seconds) => Ok(Key::Time(seconds)),
                    None => Err(bad(text, "an interval is 1s, 10s, 5m, 1h or 1d")),
                },
                _ => Err(unknown(text)),
            };
        }
        match text {
            "path" => Ok(Key::Path),
            "level" => Ok(Key::Level),
            "line" => Ok(Key::Line),
            "template" => Ok(Key::Template),
            name if !name.is_empty() && !name.contains(char::is_whitespace) => {
                Ok(Key::Named(name.into()))
            }
            _ => Err(unknown(text)),
        }
    }
}

impl TryFrom<String> for Key {
    type Error = Error;

    fn try_from(text: String) -> Result<Key> {
        text.parse()
    }
}

impl From<Key> for String {
    fn from(key: Key) -> String {
        key.to_string()
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Key::Capture(number) => write!(f, "${number}"),
            Key::Group(name) => write!(f, "${name}"),
            Key::Field(number) => write!(f, "field:{number}"),
            Key::Json(path) => {
                let names = path.iter().map(|name| name.replace('.', "\\."));
                write!(f, "json:{}", names.collect::<Vec<_>>().join("."))
            }
            Key::Logfmt(name) => write!(f, "logfmt:{name}"),
            Key::Csv(name) => write!(f, "csv:{name}"),
            Key::Time(seconds) => {
                let units = [(86_400, 'd'), (3600, 'h'), (60, 'm')];
                let unit = units.iter().find(|(unit, _)| seconds % unit == 0);
                let (unit, letter) = unit.copied().unwrap_or((1, 's'));
                write!(f, "time:{}{letter}", seconds / unit)
            }
            Key::Path => f.write_str("path"),
            Key::Level => f.write_str("level"),
            Key::Line => f.write_str("line"),
            Key::Template => f.write_str("template"),
            Key::Named(name) => f.write_str(name),
        }
    }
}

/// Splits at each separator that has no backslash before it.
fn split(text: &str, separator: char) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut chars = text.chars().peekable();
    while let Some(char) = chars.next() {
        let part = parts.last_mut().expect("never empty");
        if char == '\\' && chars.peek() == Some(&separator) {
            part.push(separator);
            chars.next();
        } else if char == separator {
            parts.push(String::new());
        } else {
            part.push(char);
        }
    }
    parts
}

pub(super) fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || c == '_')
}

pub(super) fn config(message: String) -> Error {
    Error::new(ErrorKind::Config(message))
}

fn bad(key: &str, why: &str) -> Error {
    config(format!("{key:?} is no key: {why}"))
}

fn unknown(key: &str) -> Error {
    config(format!("{key:?} is no key; a key is {FORMS}"))
}

/// A name where nothing is known that has one.
pub(super) fn needs_format(name: &str) -> Error {
    config(format!(
        "{name:?} is no key by itself here, since the format of the records is not known: name \
         it with --log-format (swathe formats list), or write {FORMS}"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_every_form() {
        for (text, want) in [
            ("$1", Key::Capture(1)),
            ("$0", Key::Capture(0)),
            ("${2}", Key::Capture(2)),
            ("$user_id", Key::Group("user_id".into())),
            ("field:3", Key::Field(3)),
            ("field:-1", Key::Field(-1)),
            ("json:a.b", Key::Json(vec!["a".into(), "b".into()])),
            (r"json:a\.b.0", Key::Json(vec!["a.b".into(), "0".into()])),
            ("logfmt:level", Key::Logfmt("level".into())),
            ("csv:a b", Key::Csv("a b".into())),
            ("time:5m", Key::Time(300)),
            ("time:90s", Key::Time(90)),
            ("time:1d", Key::Time(86_400)),
            ("path", Key::Path),
            ("level", Key::Level),
            ("line", Key::Line),
            ("template", Key::Template),
            ("status", Key::Named("status".into())),
        ] {
            let key: Key = text.parse().unwrap();
            assert_eq!(key, want, "{text}");
            assert_eq!(key.to_string().parse::<Key>().unwrap(), key, "{text}");
        }
    }

    #[test]
    fn what_is_no_key_says_what_is() {
        for text in [
            "", "$", "$a-b", "field:0", "field:x", "field:", "json:", "logfmt:", "csv:", "time:",
            "time:0s", "time:5", "time:5w", "xml:a", "a b",
        ] {
            let error = text.parse::<Key>().unwrap_err().to_string();
            assert!(error.contains("is no key"), "{text}: {error}");
        }
    }

    #[test]
    fn a_list_is_split_at_commas() {
        let texts = |list: &str| {
            let keys = Key::list(list).unwrap();
            keys.iter().map(Key::to_string).collect::<Vec<_>>()
        };
        assert_eq!(texts("$1,time:5m"), ["$1", "time:5m"]);
        assert_eq!(texts(r"csv:a\,b,path"), ["csv:a,b", "path"]);
        assert!(Key::list("$1,").is_err());
    }
}
