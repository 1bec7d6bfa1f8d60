//! What may stand behind a time of day: a fraction of a second, AM or PM, a zone.

use super::{
    cursor::Cursor,
    names::{self, Abbreviation},
};

/// What nanoseconds of so many digits are to be multiplied by.
const TENS: [u32; 10] = [
    1_000_000_000,
    100_000_000,
    10_000_000,
    1_000_000,
    100_000,
    10_000,
    1000,
    100,
    10,
    1,
];

/// A fraction at the start of the text: its nanoseconds and its length. Digits
/// behind the ninth are dropped.
#[inline]
pub(in crate::time) fn fraction(text: &[u8]) -> Option<(u32, usize)> {
    if !matches!(text.first()?, b'.' | b',' | b':') {
        return None;
    }
    let digits = &text[1..];
    let len = digits.iter().take_while(|b| b.is_ascii_digit()).count();
    let mut nanos = 0;
    for &digit in &digits[..len.min(9)] {
        nanos = nanos * 10 + u32::from(digit - b'0');
    }
    nanos *= TENS[len.min(9)];
    (len > 0).then_some((nanos, len + 1))
}

/// The half of the day at the start of the text, and its length: `PM`, ` pm`, ` p.m.`;
/// true after noon.
#[inline]
pub(in crate::time) fn meridiem(text: &[u8]) -> Option<(bool, usize)> {
    let letter = match text.first()? {
        b' ' => text.get(1)?,
        // The narrow no-break space of newer locales.
        0xe2 => text.get(3)?,
        letter => letter,
    };
    matches!(letter | 0x20, b'a' | b'p').then(|| half_of_day(text))?
}

fn half_of_day(text: &[u8]) -> Option<(bool, usize)> {
    let spaces: [&[u8]; 3] = [b" ", "\u{202f}".as_bytes(), b""];
    let space = spaces.iter().find(|space| text.starts_with(space))?.len();
    let mut c = Cursor::from(text, space);
    let after_noon = c.one_of(b"aApP")? | 0x20 == b'p';
    let dotted = c.one_of(b".").is_some();
    c.one_of(b"mM")?;
    if dotted {
        c.one_of(b".")?;
    }
    // `10:00:00 pm.max_children` says nothing of the time.
    let goes_on = |b: u8| names::is_letter(b) || b.is_ascii_digit() || b"._/=".contains(&b);
    let ends = !c.peek().is_some_and(goes_on);
    ends.then_some((after_noon, c.at))
}

/// The second that a clock of twelve hours means: `12:30 AM` is half an hour after
/// midnight. Of a clock that shows more than twelve hours, what it shows.
pub(in crate::time) fn on_twelve_hours(wall: i64, after_noon: bool) -> i64 {
    let hour = wall.rem_euclid(86_400) / 3600;
    match (hour, after_noon) {
        (12, false) => wall - 12 * 3600,
        (1..12, true) => wall + 12 * 3600,
        _ => wall,
    }
}

/// How a timestamp says its zone.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(in crate::time) enum Zoned<'t> {
    /// So many seconds east of UTC.
    East {
        seconds: i32,
        /// The short name, where it means other zones too.
        ambiguous: Option<&'static str>,
    },
    /// As `Europe/Berlin`.
    Named(&'t [u8]),
}

const fn east(seconds: i32) -> Zoned<'static> {
    Zoned::East {
        seconds,
        ambiguous: None,
    }
}

/// A zone at the start of the text, and its length.
#[inline]
pub(in crate::time) fn zone(text: &[u8]) -> Option<(Zoned<'_>, usize)> {
    let space = usize::from(text.first()? == &b' ');
    let rest = &text[space..];
    match rest.first()? {
        b'Z' | b'z' if ends(rest, 1) => Some((east(0), space + 1)),
        b'+' | b'-' => {
            let (seconds, len) = offset(rest)?;
            // `14:30:05 +10 points`: hours alone are a zone where nothing else follows.
            let alone = space > 0 && len == 3;
            let closed = matches!(
                rest[len..],
                [] | [b']' | b')' | b',' | b':' | b'|' | b'"', ..] | [b' ', b'[', ..]
            );
            (!alone || closed).then_some((east(seconds), space + len))
        }
        b'A'..=b'Z' if rest.len() > 2 => named(rest).map(|(zone, len)| (zone, space + len)),
        _ => None,
    }
}

fn ends(text: &[u8], len: usize) -> bool {
    !text.get(len).is_some_and(u8::is_ascii_alphanumeric)
}

/// `+02:00`, `-0530`, `+03`.
fn offset(text: &[u8]) -> Option<(i32, usize)> {
    let mut c = Cursor::from(text, 1);
    let hours = c.digits(2)?;
    let colon = c.one_of(b":").is_some();
    let minutes = c.digits(2);
    if minutes.is_none() {
        // The colon is of what follows.
        c.at -= usize::from(colon);
    }
    let minutes = minutes.unwrap_or(0);
    let known = hours < 16 && minutes < 60 && minutes.is_multiple_of(15) && ends(text, c.at);
    let seconds = (hours * 3600 + minutes * 60).cast_signed();
    let seconds = if text[0] == b'-' { -seconds } else { seconds };
    known.then_some((seconds, c.at))
}

/// The regions that the names of zones begin with.
const REGIONS: [&[u8]; 12] = [
    b"Africa/",
    b"America/",
    b"Antarctica/",
    b"Arctic/",
    b"Asia/",
    b"Atlantic/",
    b"Australia/",
    b"Etc/",
    b"Europe/",
    b"Indian/",
    b"Pacific/",
    b"US/",
];

/// `CET`, `UTC+3`, `Europe/Berlin`.
fn named(text: &[u8]) -> Option<(Zoned<'_>, usize)> {
    let letters = text.iter().take(12).take_while(|b| b.is_ascii_alphabetic());
    let len = letters.count();
    let behind = text.get(len);
    if behind == Some(&b'/') {
        if !REGIONS.iter().any(|region| text.starts_with(region)) {
            return None;
        }
        let of_name = |b: &&u8| b.is_ascii_alphanumeric() || b"/_+-".contains(b);
        let len = text.iter().take(64).take_while(of_name).count();
        return Some((Zoned::Named(&text[..len]), len));
    }
    if !(3..=4).contains(&len) || behind.is_some_and(|b| b.is_ascii_digit() || *b == b'_') {
        return None;
    }
    let Abbreviation {
        name, is_ambiguous, ..
    } = names::abbreviation(&text[..len])?;
    let known = names::abbreviation(&text[..len])?;
    if matches!(name, "UTC" | "GMT")
        && let Some((seconds, more)) = short_offset(&text[len..])
    {
        return Some((east(seconds), len + more));
    }
    let zone = Zoned::East {
        seconds: known.seconds(),
        ambiguous: is_ambiguous.then_some(name),
    };
    Some((zone, len))
}

/// `+3`, `+03`, `+0300` or `+03:00` behind `UTC`.
fn short_offset(text: &[u8]) -> Option<(i32, usize)> {
    let sign = *text.first().filter(|b| b"+-".contains(b))?;
    offset(text).or_else(|| {
        let hours = text.get(1).filter(|b| b.is_ascii_digit())? - b'0';
        let seconds = i32::from(hours) * 3600;
        ends(text, 2).then_some((if sign == b'-' { -seconds } else { seconds }, 2))
    })
}
