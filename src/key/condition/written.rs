//! How a condition is written: comparisons with `&&`, `||`, `!` and parentheses.

use std::{fmt, str::FromStr};

use super::{
    super::{Key, grammar::config},
    comparison::{Comparison, Op, SIGNS, quoted_len, wrong},
};
use crate::error::{Error, Result};

/// What must hold for a record: `KEY OP VALUE`, as in `status>=500`, or several of
/// these with `&&`, `||`, `!` and parentheses.
///
/// A comparison is one of numbers, durations (`took>100ms`), sizes (`bytes>1M`), times
/// (`t>=2026-11-23T14:00`, `t>14:02`) or levels, as its right side is one; what stands
/// in a record is then read as such. With anything else `=` and `!=` compare text, and
/// `<`, `<=`, `>` and `>=` are an error. `=` and `!=` take lists (`status=502,503`) and
/// classes of numbers (`status=5xx`), and text for what it is between quotes. A value
/// that is missing, or cannot be compared, is neither equal nor less nor greater: only
/// `!=` and `!~` hold for it, the opposites of `=` and `~`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Where(pub(super) Form);

/// A comparison, or what is made of several.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Form {
    One(Comparison),
    Not(Box<Form>),
    All(Vec<Form>),
    Any(Vec<Form>),
}

/// How deep parentheses and `!` may be in each other.
const DEPTH: usize = 64;

impl Where {
    /// Whether it is about what a regex captures.
    pub fn has_captures(&self) -> bool {
        let mut any = false;
        self.0.each(&mut |one| any |= one.key.is_capture());
        any
    }
}

impl Form {
    /// Shows all comparisons, from left to right.
    pub(super) fn each<'a>(&'a self, show: &mut impl FnMut(&'a Comparison)) {
        match self {
            Form::One(one) => show(one),
            Form::Not(inside) => inside.each(show),
            Form::All(parts) | Form::Any(parts) => parts.iter().for_each(|part| part.each(show)),
        }
    }
}

impl FromStr for Where {
    type Err = Error;

    fn from_str(text: &str) -> Result<Where> {
        let mut parser = Parser {
            text,
            at: 0,
            open: 0,
            deep: 0,
        };
        let form = parser.any()?;
        if parser.rest().is_empty() {
            return Ok(Where(form));
        }
        Err(wrong(
            text,
            &format!(
                "it goes on with {:?}; write && or || between two comparisons",
                parser.rest()
            ),
        ))
    }
}

impl fmt::Display for Where {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (parts, between) = match self {
            Form::One(one) => return one.fmt(f),
            Form::Not(inside) => return write!(f, "!{}", Inside(inside, false)),
            Form::All(parts) => (parts, " && "),
            Form::Any(parts) => (parts, " || "),
        };
        for (at, part) in parts.iter().enumerate() {
            let between = if at > 0 { between } else { "" };
            let binds = matches!((self, part), (Form::Any(_), Form::All(_)));
            write!(f, "{between}{}", Inside(part, binds))?;
        }
        Ok(())
    }
}

/// A part of a condition, in parentheses unless it binds anyway.
struct Inside<'a>(&'a Form, bool);

impl fmt::Display for Inside<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Inside(form @ (Form::All(_) | Form::Any(_)), false) => write!(f, "({form})"),
            Inside(form, _) => form.fmt(f),
        }
    }
}

/// Reads a condition from left to right.
struct Parser<'a> {
    text: &'a str,
    at: usize,
    /// How many parentheses are open.
    open: usize,
    /// How many of them, and of `!`, what is read now stands in.
    deep: usize,
}

impl<'a> Parser<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    /// Whether this comes next, which is then passed over.
    fn eat(&mut self, word: &str) -> bool {
        let rest = self.rest().trim_start();
        let Some(behind) = rest.strip_prefix(word) else {
            return false;
        };
        self.at = self.text.len() - behind.len();
        true
    }

    fn any(&mut self) -> Result<Form> {
        let mut parts = vec![self.all()?];
        while self.eat("||") {
            parts.push(self.all()?);
        }
        Ok(one_or(parts, Form::Any))
    }

    fn all(&mut self) -> Result<Form> {
        let mut parts = vec![self.one()?];
        while self.eat("&&") {
            parts.push(self.one()?);
        }
        Ok(one_or(parts, Form::All))
    }

    /// A comparison, the opposite of one, or what is in parentheses.
    fn one(&mut self) -> Result<Form> {
        let form = if self.eat("!") {
            self.deeper()?;
            Form::Not(Box::new(self.one()?))
        } else if self.eat("(") {
            self.deeper()?;
            self.open += 1;
            let inside = self.any()?;
            if !self.eat(")") {
                let why = "a parenthesis is not closed; write ) behind what belongs together, or \
                           the text it belongs to between quotes";
                return Err(wrong(self.text, why));
            }
            self.open -= 1;
            inside
        } else {
            return Ok(Form::One(self.comparison()?));
        };
        self.deep -= 1;
        Ok(form)
    }

    fn deeper(&mut self) -> Result<()> {
        self.deep += 1;
        if self.deep > DEPTH {
            let why = format!("more than {DEPTH} parentheses and ! stand in each other");
            return Err(wrong(self.text, &why));
        }
        Ok(())
    }

    fn comparison(&mut self) -> Result<Comparison> {
        let rest = self.rest();
        let bad = || {
            let rest = rest.trim();
            config(format!(
                "{rest:?} is no condition: write KEY OP VALUE, as in status>=500, level=error or \
                 json:user.id~^42; the comparisons are = != < <= > >= ~ !~"
            ))
        };
        let at = rest.find(SIGNS).ok_or_else(bad)?;
        let (sign, op) = Op::at(&rest[at..]).ok_or_else(bad)?;
        let key: Key = rest[..at].trim().parse()?;
        self.at += at + sign.len();
        self.at += self.rest().len() - self.rest().trim_start().len();
        let len = self.value_len(op).map_err(|why| wrong(self.text, &why))?;
        let value = self.rest()[..len].trim_end();
        self.at += len;
        Comparison::new(key, (sign, op), value)
    }

    /// How long the right side is that comes next.
    ///
    /// # Errors
    /// When it is not certain where it ends: why.
    fn value_len(&self, op: Op) -> Result<usize, String> {
        let value = self.rest();
        if op.is_match()
            && let Some(len) = quoted_len(value)
            && self.ends(value[len..].trim_start())
        {
            return Ok(len);
        }
        let (mut at, mut open) = (0, 0usize);
        while let Some(char) = value[at..].chars().next() {
            let here = &value[at..];
            let spaced = value[..at].ends_with(char::is_whitespace);
            if char.is_whitespace()
                && let Some(why) = spelled_out(here.trim_start())
            {
                return Err(why);
            }
            if here.starts_with("&&") || here.starts_with("||") {
                let begins = begins_condition(&here[2..]);
                match (op.is_match(), spaced, begins) {
                    // A group of the regex goes on.
                    (true, ..) if open > 0 => {}
                    (false, _, true) | (true, true, true) => return Ok(at),
                    (true, false, true) => return Err(glued(&here[..2], op)),
                    (false, true, false) => return Err(nothing_behind(&here[..2])),
                    _ => {}
                }
                at += 2;
                continue;
            }
            match char {
                '(' => open += 1,
                ')' if open > 0 => open -= 1,
                ')' if self.open > 0 => return Ok(at),
                _ => {}
            }
            let begins = value[..at].trim_end().is_empty() || value[..at].trim_end().ends_with(',');
            let together = match char {
                '\\' if op.is_match() => here.chars().nth(1).map(|next| 1 + next.len_utf8()),
                '[' if op.is_match() => class_len(here),
                _ if !op.is_match() && begins => quoted_len(here),
                _ => None,
            };
            at += together.unwrap_or(char.len_utf8());
        }
        Ok(at)
    }

    /// Whether a right side is at its end where this follows.
    fn ends(&self, behind: &str) -> bool {
        let joined = behind.strip_prefix("&&").or(behind.strip_prefix("||"));
        behind.is_empty()
            || (self.open > 0 && behind.starts_with(')'))
            || joined.is_some_and(begins_condition)
    }
}

fn one_or(mut parts: Vec<Form>, several: fn(Vec<Form>) -> Form) -> Form {
    match parts.len() {
        1 => parts.swap_remove(0),
        _ => several(parts),
    }
}

/// How long the class of characters is that a regex goes on with.
fn class_len(regex: &str) -> Option<usize> {
    let first = regex[1..].strip_prefix('^').unwrap_or(&regex[1..]);
    // A bracket that comes first is a character of the class.
    let from = regex.len() - first.strip_prefix(']').unwrap_or(first).len();
    Some(from + regex[from..].find(']')? + 1)
}

/// Whether a key and a comparison stand at the start of the text, maybe behind `!` or
/// parentheses.
fn begins_condition(text: &str) -> bool {
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || c == '!' || c == '(');
    let Some(at) = text.find(SIGNS) else {
        return false;
    };
    let key = text[..at].trim();
    let known = |c: char| c.is_alphanumeric() || "_.$:{}-".contains(c);
    let formed = ["json:", "logfmt:", "csv:"];
    let formed = formed.iter().any(|form| key.starts_with(form));
    !key.is_empty()
        && (formed || key.chars().all(known))
        && key.parse::<Key>().is_ok()
        && Op::at(&text[at..]).is_some()
}

/// Why `and` and `or` are an error, if the text goes on with one and a comparison.
fn spelled_out(text: &str) -> Option<String> {
    let word = text.split_whitespace().next()?;
    let sign = match word {
        _ if word.eq_ignore_ascii_case("and") => "&&",
        _ if word.eq_ignore_ascii_case("or") => "||",
        _ => return None,
    };
    begins_condition(&text[word.len()..]).then(|| {
        format!(
            "it holds two conditions; write {sign} for {word}, or put the text between quotes if \
             it is one"
        )
    })
}

/// Why a sign between two conditions is an error right behind a regex.
fn glued(sign: &str, op: Op) -> String {
    format!(
        "{sign} may be a part of the regex behind {} or stand between two conditions; write blanks \
         around it, or the regex between quotes",
        op.sign()
    )
}

/// Why a sign between two conditions is an error with something else behind it.
fn nothing_behind(sign: &str) -> String {
    format!(
        "behind {sign} there is no comparison; write KEY OP VALUE, as in status>=500 {sign} \
         level=error, or put the text between quotes if it is one"
    )
}
