//! One comparison, ready to be made.

use std::cmp::Ordering;

use grep_matcher::Matcher as _;

use super::{
    super::{Key, grammar::config},
    Op, Where,
    written::wrong,
};
use crate::{
    error::Result,
    header::Level,
    number::{self, Kind, NumberUnit},
    pattern::{Matcher, PatternOptions},
    time::Written,
};

/// A comparison with what is on the right side.
#[derive(Clone, Debug)]
pub(super) enum Test {
    Regex { regex: Matcher, wanted: bool },
    Level(Op, Level),
    Time(Op, Written),
    Number(Op, Number),
    Text(Op, Vec<u8>),
}

impl Op {
    /// What it says of two values that compare like this; `None` if they do
    /// not compare.
    pub(super) fn says(self, ordering: Option<Ordering>) -> bool {
        match self {
            Op::Equal => ordering == Some(Ordering::Equal),
            Op::NotEqual => ordering != Some(Ordering::Equal),
            Op::Less => ordering == Some(Ordering::Less),
            Op::LessOrEqual => ordering.is_some_and(Ordering::is_le),
            Op::Greater => ordering == Some(Ordering::Greater),
            Op::GreaterOrEqual => ordering.is_some_and(Ordering::is_ge),
            Op::Matches | Op::MatchesNot => false,
        }
    }
}

impl Test {
    /// What this condition asks.
    ///
    /// # Errors
    /// When its right side is nothing that its comparison can be made with.
    pub(super) fn new(condition: &Where) -> Result<Test> {
        let Where {
            key,
            op,
            value,
            quoted,
        } = condition;
        let (op, value) = (*op, value.as_str());
        if op.is_match() {
            return Ok(Test::Regex {
                regex: PatternOptions::default().compile(&[value])?.matcher(),
                wanted: op == Op::Matches,
            });
        }
        let level = Level::of_word(value.as_bytes());
        match (key, level) {
            (Key::Level, Some(level)) => return Ok(Test::Level(op, level)),
            (Key::Level, None) => {
                return Err(config(format!(
                    "{value:?} is no level; write trace, debug, info, notice, warn, error or \
                     fatal, as in level>=warn"
                )));
            }
            (Key::Time(_), _) => {
                let time = Written::typed(value).filter(|time| time.has_year);
                return match time {
                    Some(time) => Ok(Test::Time(op, time)),
                    None => Err(wrong(
                        condition,
                        "it compares times, and the right side is none; write a date with it, as \
                         in time:1h>=2026-11-23T14:00Z, or use --since and --until",
                    )),
                };
            }
            (Key::Path | Key::Line | Key::Template, _) if op.is_order() => {
                return Err(wrong(condition, &of_text(key, op)));
            }
            (_, Some(level)) if op.is_order() => return Ok(Test::Level(op, level)),
            _ => {}
        }
        match Number::of(value.as_bytes()) {
            Some(number) if op.is_order() || !quoted => Ok(Test::Number(op, number)),
            _ if op.is_order() => Err(wrong(condition, &no_number(condition))),
            _ if *quoted => Ok(Test::Text(op, value.into())),
            _ => match no_text(condition) {
                Some(why) => Err(wrong(condition, &why)),
                None => Ok(Test::Text(op, value.into())),
            },
        }
    }

    pub(super) fn holds(&self, value: Option<&[u8]>) -> bool {
        match self {
            Test::Regex { regex, wanted } => {
                let found = value.is_some_and(|value| {
                    let found = regex.is_match(value);
                    found.expect("searching with a regex cannot fail")
                });
                found == *wanted
            }
            Test::Level(op, level) => {
                op.says(value.and_then(Level::of_word).map(|mine| mine.cmp(level)))
            }
            Test::Time(op, time) => op.says(value.and_then(moment).map(|mine| mine.compare(time))),
            Test::Number(op, number) => {
                let mine = value.and_then(Number::of);
                op.says(mine.map(|mine| mine.compare(*number)))
            }
            Test::Text(op, bytes) => op.says(value.map(|value| value.cmp(bytes))),
        }
    }

    /// The level that is asked about, if one is.
    pub(super) fn level(&self) -> Option<(Op, Level)> {
        match self {
            Test::Level(op, level) => Some((*op, *level)),
            _ => None,
        }
    }

    /// Whether the value is something that this compares.
    pub(super) fn reads(&self, value: &[u8]) -> bool {
        match self {
            Test::Level(..) => Level::of_word(value).is_some(),
            Test::Time(..) => moment(value).is_some(),
            Test::Number(op, _) if op.is_order() => Number::of(value).is_some(),
            Test::Number(..) | Test::Regex { .. } | Test::Text(..) => true,
        }
    }

    /// What it compares, where that is not everything.
    pub(super) fn reads_what(&self) -> &'static str {
        match self {
            Test::Level(..) => "a level",
            Test::Time(..) => "a time",
            Test::Number(..) => "a plain number",
            Test::Regex { .. } | Test::Text(..) => "text",
        }
    }
}

fn moment(value: &[u8]) -> Option<Written> {
    Written::whole(std::str::from_utf8(value).ok()?)
}

/// Why text that is not made for it cannot be less or greater.
fn of_text(key: &Key, op: Op) -> String {
    let sign = op.sign();
    match key {
        Key::Line => format!(
            "line is the text of the record, and {sign} compares numbers; --range A..B of swathe \
             search takes lines by their numbers"
        ),
        _ => format!("{key} is text, and {sign} compares numbers; for text there are = != ~ !~"),
    }
}

/// Why a right side that is no number cannot be compared by `<` and its like.
fn no_number(condition: &Where) -> String {
    let Where { key, op, value, .. } = condition;
    let sign = op.sign();
    if let Some(rounded) = rounded(value) {
        return format!("{value} is no number; write {key}{sign}{rounded}");
    }
    match number::parse(value.as_bytes(), NumberUnit::Auto) {
        Some((number, Kind::Size)) => format!(
            "{value} has a unit, and {sign} compares plain numbers; write {key}{sign}{number} where \
             the records have bytes"
        ),
        Some((_, _)) => {
            let plain = value.trim_end_matches(|c: char| !c.is_ascii_digit());
            let unit = value[plain.len()..].trim();
            format!(
                "{value} has a unit, and {sign} compares plain numbers; compare what a regex \
                 captures before the unit, as in --where '$1{sign}{plain}' with the regex \
                 '(\\d+){unit}', or write the number in the unit of the records"
            )
        }
        None if Written::typed(value).is_some() => format!(
            "{value} is a time, and {sign} compares plain numbers; use --since and --until, or the \
             key time:1s"
        ),
        None => format!(
            "{value:?} is no number, and {sign} compares nothing else; for text there are = != ~ \
             !~, and one --where for each condition"
        ),
    }
}

/// Why a right side is not taken for text, unless it is quoted.
fn no_text(condition: &Where) -> Option<String> {
    let Where { key, op, value, .. } = condition;
    let (sign, regex) = match op {
        Op::Equal => ("=", "~"),
        _ => ("!=", "!~"),
    };
    if rounded(value).is_some() {
        let digits = value.trim_end_matches(['x', 'X']);
        let rest = ".".repeat(value.len() - digits.len());
        return Some(format!(
            "{value} is no number; write {key}{regex}^{digits}{rest}$, or {key}{sign}\"{value}\" for \
             this text"
        ));
    }
    number::parse(value.as_bytes(), NumberUnit::Auto)?;
    Some(format!(
        "{value} has a unit, and {sign} compares plain numbers and text; write \
         {key}{sign}\"{value}\" for records with this very text"
    ))
}

/// The number that `5xx` begins with, if it is such a class of numbers.
fn rounded(value: &str) -> Option<String> {
    let digits = value.trim_end_matches(['x', 'X']);
    let class = !digits.is_empty()
        && digits.len() < value.len()
        && digits.bytes().all(|b| b.is_ascii_digit());
    class.then(|| format!("{digits}{}", "0".repeat(value.len() - digits.len())))
}

/// A number as it is written in text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Number {
    /// Exact, since a number of an account must not equal another.
    Whole(i128),
    Float(f64),
}

impl Number {
    /// What the text is, if it is one of the numbers that are added up and
    /// ranked as well.
    fn of(text: &[u8]) -> Option<Number> {
        let text = text.trim_ascii();
        let digits = text.strip_prefix(b"-").or(text.strip_prefix(b"+"));
        let digits = digits.unwrap_or(text);
        if digits.len() < 39 && !digits.is_empty() && digits.iter().all(u8::is_ascii_digit) {
            let whole = std::str::from_utf8(text).ok()?.parse();
            return whole.ok().map(Number::Whole);
        }
        let (number, _) = number::parse(text, NumberUnit::None)?;
        Some(Number::Float(number))
    }

    fn compare(self, other: Number) -> Ordering {
        match (self, other) {
            (Number::Whole(a), Number::Whole(b)) => a.cmp(&b),
            (a, b) => a.float().total_cmp(&b.float()),
        }
    }

    fn float(self) -> f64 {
        match self {
            Number::Whole(whole) => whole as f64,
            // There is one zero, whatever its sign.
            Number::Float(float) => float + 0.0,
        }
    }
}
