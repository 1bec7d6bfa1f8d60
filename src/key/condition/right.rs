//! What stands on the right side of a comparison, and comparing with it.

use std::cmp::Ordering;

use crate::{
    header::Level,
    number::{self, Kind, NumberUnit, Unit},
    time::Written,
};

/// What a value is compared with, which says how the value is read.
#[derive(Clone, Debug)]
pub(super) enum Right {
    Level(Level),
    /// A point in time, as it was written too.
    Time(Written, Box<[u8]>, Unlike),
    /// A time of day, in seconds, as it was written too. With seconds it may be meant for
    /// a duration (`00:01:30`).
    OfDay {
        second: f64,
        duration: bool,
        text: Box<[u8]>,
        unlike: Unlike,
    },
    /// A number without a unit, as it was written too.
    Number(Number, Box<[u8]>, Unlike),
    /// A duration in seconds or a size in bytes.
    Amount(f64, Kind),
    /// Numbers from `from` on, before `to`.
    Class {
        from: i64,
        to: i64,
    },
    Text(Box<[u8]>),
}

/// What a value is that cannot be read as what is on the right side.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Unlike {
    /// Something else, and so not equal.
    Differs,
    /// Nothing that can be compared.
    Unread,
}

/// How a value compares with a right side.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Compared {
    As(Ordering),
    /// It is not equal, and neither less nor greater.
    Differs,
    /// It is nothing that can be compared.
    Unread,
}

impl Right {
    /// The number, duration, size or time that a text is.
    pub(super) fn typed(text: &str, unlike: Unlike) -> Option<Right> {
        let bytes = text.as_bytes();
        if let Some(number) = Number::of(bytes) {
            return Some(Right::Number(number, bytes.into(), unlike));
        }
        if let Ok(time) = Right::time(text, unlike) {
            return Some(time);
        }
        let (number, kind) = number::parse(bytes, NumberUnit::Auto)?;
        Some(Right::Amount(number, kind))
    }

    /// The point in time or time of day that a text is.
    ///
    /// # Errors
    /// When it is none: why.
    pub(super) fn time(text: &str, unlike: Unlike) -> Result<Right, String> {
        if let Some(second) = second_of_day(text.as_bytes()) {
            return Ok(Right::OfDay {
                second,
                duration: text.matches(':').count() > 1,
                text: text.as_bytes().into(),
                unlike,
            });
        }
        match Written::typed(text) {
            Some(time) if time.has_year => Ok(Right::Time(time, text.as_bytes().into(), unlike)),
            Some(_) => Err(no_year(text)),
            None => Err(
                "the right side is none; write one, as in 2026-11-23T14:00Z or 14:00, or use \
                 --since and --until"
                    .to_string(),
            ),
        }
    }

    /// The numbers that `5xx` stands for.
    pub(super) fn class(text: &str) -> Option<Right> {
        let digits = text.trim_end_matches(['x', 'X']);
        let free = text.len() - digits.len();
        let is_class = free > 0
            && text.len() < 18
            && matches!(digits.as_bytes(), [b'1'..=b'9', ..])
            && digits.bytes().all(|b| b.is_ascii_digit());
        let unit = 10i64.pow(u32::try_from(free).ok().filter(|_| is_class)?);
        let first: i64 = digits.parse().ok()?;
        Some(Right::Class {
            from: first * unit,
            to: (first + 1) * unit,
        })
    }

    /// How a value compares with it, where numbers without a unit are measured in `bare`.
    #[inline]
    pub(super) fn compare(&self, value: &[u8], bare: Option<Unit>) -> Compared {
        let (ordering, unlike) = match self {
            Right::Text(text) => return Compared::As(value.cmp(text)),
            Right::Level(level) => {
                let mine = Level::of_word(value);
                (mine.map(|mine| mine.cmp(level)), Unlike::Unread)
            }
            Right::Number(number, text, unlike) => {
                let ordering = match (Number::of(value), bare) {
                    (Some(mine), _) => Some(mine.compare(*number)),
                    (None, Some(_)) => number::parse_in(text, bare)
                        .and_then(|measured| amount(value, measured, bare)),
                    (None, None) => None,
                };
                (ordering, *unlike)
            }
            Right::Amount(number, kind) => (amount(value, (*number, *kind), bare), Unlike::Unread),
            Right::Class { from, to } => {
                let mine = Number::of(value).map(Number::float);
                let ordering = mine.map(|mine| {
                    if mine < *from as f64 {
                        Ordering::Less
                    } else if mine < *to as f64 {
                        Ordering::Equal
                    } else {
                        Ordering::Greater
                    }
                });
                (ordering, Unlike::Differs)
            }
            Right::Time(time, text, unlike) => {
                let mine = moment(value).filter(|mine| mine.has_year);
                let ordering = mine.map(|mine| mine.compare(time));
                (ordering.or_else(|| same(value, text)), *unlike)
            }
            Right::OfDay {
                second,
                duration,
                text,
                unlike,
            } => {
                let measured = duration.then(|| number::parse_in(value, bare));
                let measured = measured.flatten().and_then(seconds);
                let mine = measured.or_else(|| second_of_day(value)).or_else(|| {
                    let moment = moment(value)?;
                    let second = moment.wall.rem_euclid(86_400) as f64;
                    Some(second + f64::from(moment.nanos) / 1e9)
                });
                let ordering = mine.map(|mine| mine.total_cmp(second));
                (ordering.or_else(|| same(value, text)), *unlike)
            }
        };
        match (ordering, unlike) {
            (Some(ordering), _) => Compared::As(ordering),
            (None, Unlike::Differs) => Compared::Differs,
            (None, Unlike::Unread) => Compared::Unread,
        }
    }

    /// Whether every value can be compared with it.
    pub(super) fn takes_all(&self) -> bool {
        match self {
            Right::Text(_) | Right::Class { .. } => true,
            Right::Number(.., unlike) | Right::Time(.., unlike) | Right::OfDay { unlike, .. } => {
                *unlike == Unlike::Differs
            }
            Right::Level(_) | Right::Amount(..) => false,
        }
    }

    /// The level that it is.
    pub(super) fn level(&self) -> Option<Level> {
        match self {
            Right::Level(level) => Some(*level),
            _ => None,
        }
    }

    /// What is compared with it.
    pub(super) fn what(&self) -> &'static str {
        match self {
            Right::Level(_) => "a level",
            Right::Time(..) => "a time",
            Right::OfDay { duration: true, .. } => "a time of day or a duration with a unit",
            Right::OfDay { .. } => "a time of day",
            Right::Number(..) | Right::Class { .. } => "a plain number",
            Right::Amount(_, Kind::Size) => "a size",
            Right::Amount(..) => "a duration with a unit",
            Right::Text(_) => "text",
        }
    }
}

/// Why a time without a year is none to compare with.
pub(super) fn no_year(text: &str) -> String {
    format!("{text:?} has no year; write it, as in 2026-11-23T14:00, or use --since and --until")
}

/// How a duration or size compares with another. Sizes without a unit are bytes.
fn amount(value: &[u8], (number, kind): (f64, Kind), bare: Option<Unit>) -> Option<Ordering> {
    let bare = bare.or_else(|| (kind == Kind::Size).then_some(Unit::BYTE));
    let (mine, of_kind) = number::parse_in(value, bare)?;
    // There is one zero, whatever its sign.
    (of_kind == kind).then(|| (mine + 0.0).total_cmp(&(number + 0.0)))
}

/// The same text is equal, whatever it says.
fn same(value: &[u8], text: &[u8]) -> Option<Ordering> {
    (value == text).then_some(Ordering::Equal)
}

fn moment(value: &[u8]) -> Option<Written> {
    let text = std::str::from_utf8(value).ok()?.trim();
    Written::whole(text).or_else(|| Written::typed(text))
}

fn seconds((number, kind): (f64, Kind)) -> Option<f64> {
    (kind == Kind::Time).then_some(number)
}

/// The second of the day of `14:02` or `14:02:05.5`.
fn second_of_day(text: &[u8]) -> Option<f64> {
    let text = text.trim_ascii();
    let read = |text: &[u8]| number::parse(text, NumberUnit::Time).and_then(seconds);
    let second = match text.split(|b| *b == b':').count() {
        2 => match text {
            [.., b':', b'0'..=b'5', b'0'..=b'9'] => read(&[text, b":00"].concat()),
            _ => None,
        },
        3 => read(text),
        _ => None,
    };
    second.filter(|second| (0.0..86_400.0).contains(second) && text[0] != b'-')
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
        let (number, kind) = number::parse(text, NumberUnit::Auto)?;
        (kind == Kind::Plain).then_some(Number::Float(number))
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
