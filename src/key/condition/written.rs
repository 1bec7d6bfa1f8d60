//! How a condition is written.

use std::{fmt, str::FromStr};

use super::super::{
    Key,
    grammar::{config, is_name},
};
use crate::error::{Error, Result};

/// What must hold for a record: `KEY OP VALUE`, as in `status>=500`.
///
/// `=` and `!=` compare numbers where the right side is one, levels by what
/// they mean, and text otherwise. `<`, `<=`, `>` and `>=` compare numbers,
/// levels by how severe they are, and the times of `time:` keys; with anything
/// else on the right side a condition is an error. A value that is missing, or
/// no number where one is asked for, is neither equal nor less nor greater:
/// only `!=` and `!~` hold for it, the opposites of `=` and `~`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Where {
    /// The left side.
    pub key: Key,
    /// The comparison.
    pub op: Op,
    /// The right side, without its quotes; of `~` and `!~` a regex.
    pub value: String,
    /// The right side was quoted, so `=` takes it for text whatever it is.
    pub quoted: bool,
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

    /// How it is written.
    pub(super) fn sign(self) -> &'static str {
        let sign = Op::ALL.iter().rev().find(|(_, op)| *op == self);
        sign.map_or("", |(sign, _)| sign)
    }

    /// Whether one side is asked to be less or greater.
    pub(super) fn is_order(self) -> bool {
        !self.is_equality() && !self.is_match()
    }

    pub(super) fn is_match(self) -> bool {
        matches!(self, Op::Matches | Op::MatchesNot)
    }

    fn is_equality(self) -> bool {
        matches!(self, Op::Equal | Op::NotEqual)
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
        let at = text.find(SIGNS).ok_or_else(bad)?;
        let (key, rest) = text.split_at(at);
        let (sign, op) = Op::ALL
            .into_iter()
            .find(|(sign, _)| rest.starts_with(sign))
            .ok_or_else(bad)?;
        let value = rest[sign.len()..].trim();
        let key: Key = key.trim().parse()?;
        let (value, quoted) = match unquoted(value) {
            Some(inside) => (inside, true),
            None => (value, false),
        };
        let several = || joined(value).or_else(|| other_sign(&key, op, sign, value));
        if let Some(why) = (!quoted).then(several).flatten() {
            return Err(wrong(text, &why));
        }
        if op.is_equality() && !quoted {
            if value.starts_with(QUOTES) || value.ends_with(QUOTES) {
                return Err(wrong(
                    text,
                    "a quote has no partner; put the whole text between two, in the quotes that \
                     it does not have itself, or use ~ and a regex",
                ));
            }
            if value.contains(',') {
                return Err(wrong(text, &list(&key, op, value)));
            }
        }
        Ok(Where {
            key,
            op,
            value: value.to_string(),
            quoted,
        })
    }
}

impl fmt::Display for Where {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let quote = match (self.quoted, self.value.contains('"')) {
            (false, _) => "",
            (true, false) => "\"",
            (true, true) => "'",
        };
        write!(
            f,
            "{}{}{quote}{}{quote}",
            self.key,
            self.op.sign(),
            self.value
        )
    }
}

const SIGNS: [char; 5] = ['=', '!', '<', '>', '~'];

const QUOTES: [char; 2] = ['"', '\''];

/// An error about a condition.
pub(super) fn wrong(condition: impl fmt::Display, why: &str) -> Error {
    config(format!("the condition {condition}: {why}"))
}

/// What stands between two quotes, if that is all there is.
fn unquoted(value: &str) -> Option<&str> {
    let quote = value.chars().next().filter(|c| QUOTES.contains(c))?;
    let inside = value[1..].strip_suffix(quote)?;
    (!inside.contains(quote)).then_some(inside)
}

/// Why several conditions in one are an error, if the value, which is not all
/// quoted, holds another.
fn joined(value: &str) -> Option<String> {
    let gaps = value.match_indices(char::is_whitespace);
    gaps.map(|(at, _)| value[at..].trim_start())
        .find_map(|behind| {
            let word = behind.split_whitespace().next()?;
            let next = behind[word.len()..].trim_start();
            if !begins_condition(next) {
                return None;
            }
            match word.to_ascii_lowercase().as_str() {
                "&&" | "and" => Some(format!(
                    "it holds two conditions, one --where takes one; write --where twice to \
                     select what both hold for, the second as --where '{next}'"
                )),
                "||" | "or" => Some(
                    "it holds two conditions, one --where takes one; for one of several values of \
                     a key use a regex, as in status~^(404|5..)$, and two runs for either of two \
                     keys"
                        .to_string(),
                ),
                _ => None,
            }
        })
}

/// Whether a key and a comparison stand at the start of the text.
fn begins_condition(text: &str) -> bool {
    let Some(at) = text.find(SIGNS) else {
        return false;
    };
    let key = text[..at].trim();
    let known = |c: char| c.is_alphanumeric() || "_.$:{}-".contains(c);
    !key.is_empty() && key.chars().all(known) && key.parse::<Key>().is_ok()
}

/// Why `=>` and its like are an error, if the value goes on with a comparison.
fn other_sign(key: &Key, op: Op, sign: &str, value: &str) -> Option<String> {
    let first = value.chars().next().filter(|c| SIGNS.contains(c))?;
    if op.is_match() {
        // A regex may begin with it.
        return None;
    }
    let meant = match (op, first) {
        (Op::Equal, '>') => ">=",
        (Op::Equal, '<') => "<=",
        (Op::Equal, '~') => "~",
        (Op::Equal, '!') | (Op::Less, '>') => "!=",
        _ => sign,
    };
    let rest = value.trim_start_matches(SIGNS);
    Some(format!(
        "{sign}{first} is no comparison, they are = != < <= > >= ~ !~; write {key}{meant}{rest}, or \
         {key}{sign}\"{value}\" for this text"
    ))
}

/// Why a list is an error.
fn list(key: &Key, op: Op, value: &str) -> String {
    let parts: Vec<&str> = value.split(',').map(str::trim).collect();
    let plain = |part: &&str| part.chars().all(|c| is_name(c.encode_utf8(&mut [0; 4])));
    let sign = if op == Op::Equal { "~" } else { "!~" };
    let regex = if parts.iter().all(plain) {
        format!("{key}{sign}^({})$", parts.join("|"))
    } else {
        format!("{key}{sign}^(this|that)$")
    };
    format!(
        "{} takes one value; write {regex} for one of several, or {key}{}\"{value}\" for this text",
        op.sign(),
        op.sign()
    )
}
