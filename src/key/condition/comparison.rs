//! One comparison as it is written: `KEY OP VALUE`.

use std::fmt;

use super::super::{Key, grammar::config};
use crate::{
    error::{Error, Result},
    number::{self, NumberUnit},
    time::Written,
};

/// A key, a comparison, and what the key is compared with.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Comparison {
    /// The left side.
    pub(super) key: Key,
    pub(super) op: Op,
    /// The right side: several for one of a list, otherwise one.
    pub(super) values: Vec<Operand>,
}

/// A value on the right side.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Operand {
    /// Without its quotes; of `~` and `!~` a regex.
    pub(super) text: String,
    /// It was quoted, so `=` takes it for text whatever it is.
    pub(super) quoted: bool,
}

/// How the sides compare.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Op {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    /// The regex matches in the value.
    Matches,
    /// It does not.
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

    /// The comparison that a text begins with, and how it is written there.
    pub(super) fn at(text: &str) -> Option<(&'static str, Op)> {
        Op::ALL.into_iter().find(|(sign, _)| text.starts_with(sign))
    }

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

    pub(super) fn is_equality(self) -> bool {
        matches!(self, Op::Equal | Op::NotEqual)
    }
}

/// What comparisons begin with.
pub(super) const SIGNS: [char; 5] = ['=', '!', '<', '>', '~'];

pub(super) const QUOTES: [char; 2] = ['"', '\''];

impl Comparison {
    /// This comparison of a key with a right side; `sign` is how it was written.
    ///
    /// # Errors
    /// When the right side is none.
    pub(super) fn new(key: Key, (sign, op): (&str, Op), value: &str) -> Result<Comparison> {
        if let Some(inside) = unquoted(value) {
            let values = vec![Operand::quoted(inside)];
            return Ok(Comparison { key, op, values });
        }
        if let Some(why) = other_sign(&key, op, sign, value) {
            return Err(wrong(format_args!("{key}{sign}{value}"), &why));
        }
        let values = if op.is_equality() {
            one_or_list(&key, op, value)
        } else {
            Ok(vec![Operand::plain(value)])
        };
        let values =
            values.map_err(|why| wrong(format_args!("{key}{}{value}", op.sign()), &why))?;
        Ok(Comparison { key, op, values })
    }
}

impl Operand {
    fn quoted(text: &str) -> Operand {
        Operand {
            text: text.to_string(),
            quoted: true,
        }
    }

    fn plain(text: &str) -> Operand {
        Operand {
            text: text.to_string(),
            quoted: false,
        }
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.key, self.op.sign())?;
        for (at, value) in self.values.iter().enumerate() {
            let comma = if at > 0 { "," } else { "" };
            write!(f, "{comma}{value}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Operand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let quote = match (self.quoted, self.text.contains('"')) {
            (false, _) => "",
            (true, false) => "\"",
            (true, true) => "'",
        };
        write!(f, "{quote}{}{quote}", self.text)
    }
}

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

/// The values of a right side that is not all quoted: those between commas, but for
/// commas in quotes or before the fraction of a time.
fn one_or_list(key: &Key, op: Op, value: &str) -> Result<Vec<Operand>, String> {
    let parts = if Written::typed(value).is_some() {
        vec![value]
    } else {
        between_commas(value)
    };
    let sign = op.sign();
    if parts.len() > 1
        && parts[1..].iter().any(|part| part.starts_with('0'))
        && number::parse(value.as_bytes(), NumberUnit::Auto).is_some()
    {
        return Err(format!(
            "commas part values here, and {value} looks like one number; write {key}{sign}{}",
            value.replace(',', "")
        ));
    }
    let operand = |part: &str| match unquoted(part) {
        Some(inside) => Ok(Operand::quoted(inside)),
        None if part.starts_with(QUOTES) || part.ends_with(QUOTES) => Err(
            "a quote has no partner; put the whole text between two, in the quotes that it does \
             not have itself, or use ~ and a regex"
                .to_string(),
        ),
        None if part.is_empty() && parts.len() > 1 => Err(format!(
            "commas part values, and one of them is empty; write {key}{sign}\"{}\" for this text",
            value.replace('"', "'")
        )),
        None => Ok(Operand::plain(part)),
    };
    parts.iter().map(|part| operand(part)).collect()
}

fn between_commas(value: &str) -> Vec<&str> {
    let (mut parts, mut start, mut at) = (Vec::new(), 0, 0);
    while let Some(char) = value[at..].chars().next() {
        let begins = value[start..at].trim().is_empty();
        let quoted = quoted_len(&value[at..]).filter(|_| begins);
        if char == ',' {
            parts.push(value[start..at].trim());
            start = at + 1;
        }
        at += quoted.unwrap_or(char.len_utf8());
    }
    parts.push(value[start..].trim());
    parts
}

/// How long the quoted text is that this begins with.
pub(super) fn quoted_len(text: &str) -> Option<usize> {
    let quote = text.chars().next().filter(|c| QUOTES.contains(c))?;
    Some(text[1..].find(quote)? + 2)
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
