//! Comparing a key with a value.

use std::{cmp::Ordering, fmt, str::FromStr};

use grep_matcher::Matcher as _;

use super::{Key, KeyOptions, KeyReader, Keys, Origin, RecordView, grammar::config};
use crate::{
    error::{Error, Result},
    header::Level,
    pattern::{Matcher, PatternOptions},
};

/// What must hold for a record: `KEY OP VALUE`, as in `status>=500`.
///
/// With a number on the right side numbers are compared, levels by how severe
/// they are, everything else byte by byte. A value that is missing, or no
/// number where one is asked for, is neither equal nor less nor greater: only
/// `!=` and `!~` hold for it, the opposites of `=` and `~`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Where {
    /// The left side.
    pub key: Key,
    /// The comparison.
    pub op: Op,
    /// The right side; of `~` and `!~` a regex.
    pub value: String,
}

/// A comparison.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Op {
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `~`: the regex matches in the value.
    Matches,
    /// `!~`: it does not.
    MatchesNot,
}

impl Op {
    /// How they are written; what begins like another stands before it.
    const ALL: [(&'static str, Op); 9] = [
        ("!=", Op::NotEqual),
        ("!~", Op::MatchesNot),
        ("<=", Op::LessOrEqual),
        (">=", Op::GreaterOrEqual),
        ("==", Op::Equal),
        ("=", Op::Equal),
        ("<", Op::Less),
        (">", Op::Greater),
        ("~", Op::Matches),
    ];

    /// What it says of two values that compare like this; `None` if they do
    /// not compare.
    fn says(self, ordering: Option<Ordering>) -> bool {
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

impl FromStr for Where {
    type Err = Error;

    fn from_str(text: &str) -> Result<Where> {
        let bad = || {
            config(format!(
                "{text:?} is no condition: write KEY OP VALUE, as in status>=500, level=error \
                 or json:user.id~^42; the comparisons are = != < <= > >= ~ !~"
            ))
        };
        let at = text.find(['=', '!', '<', '>', '~']).ok_or_else(bad)?;
        let (key, rest) = text.split_at(at);
        let (sign, op) = Op::ALL
            .into_iter()
            .find(|(sign, _)| rest.starts_with(sign))
            .ok_or_else(bad)?;
        let value = rest[sign.len()..].trim_start();
        let quoted = value.strip_prefix('"').and_then(|v| v.strip_suffix('"'));
        Ok(Where {
            key: key.trim().parse()?,
            op,
            value: quoted.unwrap_or(value).to_string(),
        })
    }
}

impl fmt::Display for Where {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = Op::ALL.iter().rev().find(|(_, op)| *op == self.op);
        let sign = sign.map_or("", |(sign, _)| sign);
        write!(f, "{}{sign}{}", self.key, self.value)
    }
}

/// Conditions that must all hold, ready for any number of sources.
#[derive(Debug)]
pub struct Conditions {
    keys: Keys,
    tests: Vec<Test>,
}

#[derive(Clone, Debug)]
enum Test {
    Regex { regex: Matcher, wanted: bool },
    Level(Op, Level),
    Number(Op, Number),
    Bytes(Op, Vec<u8>),
}

impl Conditions {
    /// These conditions, on keys that are read as the options say.
    ///
    /// # Errors
    /// As [`Keys::new`], and when a regex does not compile.
    pub fn new(conditions: &[Where], options: &KeyOptions) -> Result<Conditions> {
        let keys: Vec<Key> = conditions.iter().map(|c| c.key.clone()).collect();
        let tests = conditions.iter().map(Test::new).collect::<Result<_>>()?;
        let captures = keys.iter().any(Key::is_capture);
        let pattern = options.pattern.clone().filter(|_| captures);
        let options = KeyOptions {
            pattern,
            ..options.clone()
        };
        Ok(Conditions {
            keys: Keys::new(&keys, &options)?,
            tests,
        })
    }

    /// The keys that are compared.
    pub fn keys(&self) -> &Keys {
        &self.keys
    }

    /// What a thread tests the records of a source with.
    ///
    /// # Panics
    /// When the [keys](Conditions::keys) were not prepared for the source.
    pub fn reader(&self, origin: &Origin<'_>) -> ConditionReader {
        ConditionReader {
            reader: self.keys.reader(origin),
            tests: self.tests.clone(),
        }
    }
}

/// Tests records; each thread has its own.
#[derive(Debug)]
pub struct ConditionReader {
    reader: KeyReader,
    tests: Vec<Test>,
}

impl ConditionReader {
    /// Whether all conditions hold for the record.
    pub fn holds(&mut self, record: RecordView<'_>) -> bool {
        // Levels alone, the usual thing, need no text to be compared.
        if let Some(of_level) = self.of_level(record) {
            return of_level;
        }
        let row = self.reader.values(record);
        let mut tests = self.tests.iter().enumerate();
        tests.all(|(key, test)| test.holds(row.get(key)))
    }

    /// The same where all conditions are about the level.
    fn of_level(&self, record: RecordView<'_>) -> Option<bool> {
        let asked = |test: &Test| match test {
            Test::Level(op, level) => Some((*op, *level)),
            _ => None,
        };
        if !self.tests.iter().all(|test| asked(test).is_some()) {
            return None;
        }
        let mine = record.level();
        let mut tests = self.tests.iter().filter_map(asked);
        Some(tests.all(|(op, level)| op.says(mine.map(|mine| mine.cmp(&level)))))
    }
}

impl Test {
    fn new(condition: &Where) -> Result<Test> {
        let (op, value) = (condition.op, condition.value.as_str());
        let ordered = !matches!(op, Op::Equal | Op::NotEqual);
        Ok(match op {
            Op::Matches | Op::MatchesNot => Test::Regex {
                regex: PatternOptions::default().compile(&[value])?.matcher(),
                wanted: op == Op::Matches,
            },
            _ if condition.key == Key::Level => match Level::of_word(value.as_bytes()) {
                Some(level) => Test::Level(op, level),
                None if ordered => {
                    return Err(config(format!(
                        "{value:?} is no level; write trace, debug, info, warn, error or fatal"
                    )));
                }
                None => Test::Bytes(op, value.into()),
            },
            _ => match Number::of(value.as_bytes()) {
                Some(number) => Test::Number(op, number),
                None => Test::Bytes(op, value.into()),
            },
        })
    }

    fn holds(&self, value: Option<&[u8]>) -> bool {
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
            Test::Number(op, number) => {
                let mine = value.and_then(Number::of);
                op.says(mine.map(|mine| mine.compare(*number)))
            }
            Test::Bytes(op, bytes) => op.says(value.map(|value| value.cmp(bytes))),
        }
    }
}

/// A number as it is written in text.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Number {
    /// Exact, since a number of an account must not equal another.
    Whole(i128),
    Float(f64),
}

impl Number {
    fn of(text: &[u8]) -> Option<Number> {
        let digits = text.strip_prefix(b"-").unwrap_or(text);
        let plain = |b: &u8| b.is_ascii_digit() || matches!(b, b'.' | b'e' | b'E' | b'+' | b'-');
        let starts = matches!(digits, [b'0'..=b'9', ..] | [b'.', b'0'..=b'9', ..]);
        if !starts || !digits.iter().all(plain) {
            return None;
        }
        let text = std::str::from_utf8(text).ok()?;
        if let Ok(whole) = text.parse() {
            return Some(Number::Whole(whole));
        }
        text.parse().ok().map(Number::Float)
    }

    fn compare(self, other: Number) -> Ordering {
        match (self, other) {
            (Number::Whole(a), Number::Whole(b)) => a.cmp(&b),
            (a, b) => {
                let (a, b) = (a.float(), b.float());
                a.partial_cmp(&b).expect("no text is parsed as NaN")
            }
        }
    }

    fn float(self) -> f64 {
        match self {
            Number::Whole(whole) => whole as f64,
            Number::Float(float) => float,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(condition: &str, line: &str) -> bool {
        let condition: Where = condition.parse().unwrap();
        let options = KeyOptions {
            pattern: Some("id=([^ ]*)".into()),
            ..KeyOptions::default()
        };
        let conditions = Conditions::new(&[condition], &options).unwrap();
        let origin = Origin::default();
        conditions.keys().prepare(&origin).unwrap();
        conditions
            .reader(&origin)
            .holds(RecordView::new(line.as_bytes(), 0))
    }

    #[test]
    fn comparisons() {
        for (condition, line, want) in [
            ("field:1=a", "a b", true),
            ("field:1==a", "a b", true),
            ("field:1 = a", "a b", true),
            ("field:1=b", "a b", false),
            ("field:1!=b", "a b", true),
            ("field:1=10", "10.0", true),
            ("field:1>=500", "500", true),
            ("field:1>=500", "1000", true),
            ("field:1>=500", "99", false),
            ("field:1<500", "-1e3", true),
            ("field:1<5", "abc", false),
            ("field:1>5", "abc", false),
            ("field:1!=5", "abc", true),
            ("field:1<b", "a", true),
            ("field:1=9007199254740993", "9007199254740992", false),
            ("field:1>=9007199254740993", "9007199254740992", false),
            ("field:1>0", "nan", false),
            ("field:1>a", "5", false),
            ("field:1>2026-1", "2026-2", true),
            ("field:1=\"a\"", "a", true),
            ("field:2~^4", "a 42", true),
            ("field:2~^4", "a 24", false),
            ("field:2!~^4", "a 24", true),
            // Nothing is said of what is not there, but that it is not so.
            ("field:2=", "a", false),
            ("field:2!=x", "a", true),
            ("field:2!~x", "a", true),
            ("field:2<x", "a", false),
            ("field:2~", "a", false),
            ("$1=7", "x id=7 y", true),
            ("$1=7", "nothing", false),
            ("$1!=7", "nothing", true),
            ("json:a.b>1", r#"{"a":{"b":2}}"#, true),
            ("level>=warn", "2026-11-23 10:00:00 ERROR x", true),
            ("level>=warn", "2026-11-23 10:00:00 INFO x", false),
            ("level=err", "2026-11-23 10:00:00 ERROR x", true),
        ] {
            assert_eq!(holds(condition, line), want, "{condition} on {line}");
        }
    }

    #[test]
    fn what_is_no_condition() {
        for text in ["", "a", "field:1!5", "=5", "field:0=1", "a b=1"] {
            assert!(text.parse::<Where>().is_err(), "{text}");
        }
        let compiled = |text: &str| {
            let condition: Where = text.parse().unwrap();
            Conditions::new(&[condition], &KeyOptions::default())
        };
        assert!(compiled("field:1~(").is_err());
        assert!(compiled("level>loud").is_err());
        assert!(compiled("status>1").is_err());
        assert!(compiled("$1>1").is_err());
        let shown: Where = "field:1  >= 5".parse().unwrap();
        assert_eq!(shown.to_string(), "field:1>=5");
    }
}
