//! One comparison, ready to be made.

use std::cmp::Ordering;

use grep_matcher::Matcher as _;

use super::{
    super::{Key, grammar::config},
    comparison::{Comparison, Op, Operand, wrong},
    right::{Compared, Right, Unlike, no_year},
};
use crate::{
    error::Result,
    header::Level,
    number::Unit,
    pattern::{Matcher, PatternOptions},
    time::Written,
};

/// A comparison with what is on the right side.
#[derive(Clone, Debug)]
pub(super) struct Test {
    op: Op,
    side: Side,
    /// There are values that it cannot compare.
    typed: bool,
}

#[derive(Clone, Debug)]
enum Side {
    Regex(Matcher),
    /// It is compared with each.
    Values(Vec<Right>),
}

/// What came of a comparison.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Judged {
    pub(super) holds: bool,
    /// The value is something that is compared here.
    pub(super) read: bool,
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
    /// What this comparison asks.
    ///
    /// # Errors
    /// When its right side is nothing that the comparison can be made with.
    pub(super) fn new(comparison: &Comparison) -> Result<Test> {
        let Comparison { key, op, values } = comparison;
        let op = *op;
        let side = if op.is_match() {
            let regex = values.iter().map(|value| value.text.as_str());
            let regex: Vec<&str> = regex.collect();
            Side::Regex(PatternOptions::default().compile(&regex)?.matcher())
        } else {
            let text = matches!(key, Key::Path | Key::Line | Key::Template);
            if text && op.is_order() {
                return Err(wrong(comparison, &of_text(key, op)));
            }
            let right = |value| right(comparison, value);
            Side::Values(values.iter().map(right).collect::<Result<_>>()?)
        };
        let typed = match &side {
            Side::Regex(_) => false,
            Side::Values(rights) => rights.iter().all(|right| !right.takes_all()),
        };
        Ok(Test { op, side, typed })
    }

    /// Whether it holds for a value, and whether the value can be compared. `bare` is what
    /// numbers without a unit are measured in there, where that is known.
    pub(super) fn judge(&self, value: Option<&[u8]>, bare: Option<Unit>) -> Judged {
        let rights = match &self.side {
            Side::Regex(regex) => {
                let found = value.is_some_and(|value| {
                    let found = regex.is_match(value);
                    found.expect("searching with a regex cannot fail")
                });
                return Judged {
                    holds: found == (self.op == Op::Matches),
                    read: value.is_some(),
                };
            }
            Side::Values(rights) => rights,
        };
        let (mut ordering, mut read) = (None, false);
        for right in rights {
            match value.map_or(Compared::Unread, |value| right.compare(value, bare)) {
                Compared::As(compared) => {
                    ordering = Some(compared);
                    read = true;
                }
                Compared::Differs => read = true,
                Compared::Unread => {}
            }
            if ordering == Some(Ordering::Equal) {
                break;
            }
        }
        Judged {
            holds: self.op.says(ordering),
            read,
        }
    }

    /// Whether there are values that it cannot compare.
    pub(super) fn is_typed(&self) -> bool {
        self.typed
    }

    /// The levels that are asked about, if it is about nothing else.
    pub(super) fn levels(&self) -> Option<impl Iterator<Item = Level> + '_> {
        let Side::Values(rights) = &self.side else {
            return None;
        };
        let levels = rights.iter().map(Right::level);
        levels
            .clone()
            .all(|level| level.is_some())
            .then(|| levels.flatten())
    }

    /// Whether it holds for a level, if it is about [levels](Test::levels) alone.
    pub(super) fn holds_for(&self, mine: Option<Level>) -> bool {
        let mut orders = self.levels().into_iter().flatten();
        let compared = |level| mine.map(|mine| mine.cmp(&level));
        match self.op {
            Op::Equal => orders.any(|level| compared(level) == Some(Ordering::Equal)),
            Op::NotEqual => orders.all(|level| compared(level) != Some(Ordering::Equal)),
            op => orders.all(|level| op.says(compared(level))),
        }
    }

    /// What it compares, where that is not everything.
    pub(super) fn reads_what(&self) -> &'static str {
        match &self.side {
            Side::Regex(_) => "text",
            Side::Values(rights) => rights.first().map_or("text", Right::what),
        }
    }
}

/// Whether a comparison is one with times alone.
pub(super) fn is_of_times(comparison: &Comparison) -> bool {
    let mut values = comparison.values.iter();
    let quoted = |value: &Operand| value.quoted && comparison.op.is_equality();
    !comparison.op.is_match()
        && values.all(|value| !quoted(value) && Right::time(&value.text, Unlike::Unread).is_ok())
}

/// What is on the right side of a comparison.
fn right(comparison: &Comparison, value: &Operand) -> Result<Right> {
    let Comparison { key, op, .. } = comparison;
    let Operand { text, quoted } = value;
    let level = Level::of_word(text.as_bytes());
    if *key == Key::Level {
        return level.map(Right::Level).ok_or_else(|| {
            config(format!(
                "{text:?} is no level; write trace, debug, info, notice, warn, error or fatal, as \
                 in level>=warn"
            ))
        });
    }
    if matches!(key, Key::Time(_)) {
        return Right::time(text, Unlike::Unread)
            .map_err(|why| wrong(comparison, &format!("it compares times, and {why}")));
    }
    if let Some(level) = level.filter(|_| op.is_order()) {
        return Ok(Right::Level(level));
    }
    if *quoted && op.is_equality() {
        return Ok(Right::Text(text.as_bytes().into()));
    }
    let unlike = if op.is_order() {
        Unlike::Unread
    } else {
        Unlike::Differs
    };
    match Right::typed(text, unlike) {
        Some(right) => Ok(right),
        None if op.is_order() => Err(wrong(comparison, &no_order(comparison, text))),
        None => Ok(Right::class(text).unwrap_or_else(|| Right::Text(text.as_bytes().into()))),
    }
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

/// Why a right side cannot be compared by `<` and its like.
fn no_order(comparison: &Comparison, text: &str) -> String {
    let Comparison { key, op, .. } = comparison;
    let sign = op.sign();
    if let Some(Right::Class { from, .. }) = Right::class(text) {
        return format!("{text} is no number; write {key}{sign}{from}");
    }
    let point = text.replacen(',', ".", 1);
    if Right::typed(&point, Unlike::Unread).is_some() {
        return format!(
            "{text} is no number; write {key}{sign}{point} if the comma stands before decimals"
        );
    }
    if Written::typed(text).is_some() {
        return no_year(text);
    }
    format!(
        "{text:?} is no number, duration, size, time or level, and {sign} compares nothing else; \
         write one, as in 500, 100ms, 1.5GB, 2026-11-23T14:00 or warn; for text there are = != ~ !~"
    )
}
