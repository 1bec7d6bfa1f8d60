//! What a field holds, and what of a record may be one.

use std::net::{IpAddr, Ipv6Addr};

use serde::Deserialize;

use crate::{
    header::{self, Level},
    time,
};

/// What a field holds.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Any text.
    #[default]
    Text,
    /// Text without white space.
    Word,
    /// A number with a sign and a decimal point or not; `-` stands for none.
    Number,
    /// A number, or one with a unit of time, such as `12ms`; `-` stands for none.
    Duration,
    /// A number, or one with a unit of bytes, such as `12KB`; `-` stands for none.
    Size,
    /// An IPv4 or IPv6 address, maybe in brackets.
    Address,
    /// The name or the address of a machine, with a port or not.
    Host,
    /// A path: no white space, and it begins with `/`.
    Path,
    /// The name of a level.
    Level,
    /// One letter.
    Letter,
    /// A timestamp with a date.
    Time,
    /// A time of day without a date.
    Clock,
    /// A protocol with its version, such as `HTTP/1.1`.
    Protocol,
    /// A universally unique identifier: `8f507cfc-7a55-4b1c-9e0f-5d2b3a4c5e6f`.
    Uuid,
    /// Names with dots between, as of classes and packages: `com.example.Cart`.
    Class,
}

/// Where a value of a kind may end.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum End {
    /// Here: the value says itself how long it is.
    At(usize),
    /// Here or before.
    Within(usize),
}

impl Kind {
    /// Every kind with its name.
    pub(super) const ALL: [(&str, Kind); 15] = [
        ("text", Kind::Text),
        ("word", Kind::Word),
        ("number", Kind::Number),
        ("duration", Kind::Duration),
        ("size", Kind::Size),
        ("address", Kind::Address),
        ("host", Kind::Host),
        ("path", Kind::Path),
        ("level", Kind::Level),
        ("letter", Kind::Letter),
        ("time", Kind::Time),
        ("protocol", Kind::Protocol),
        ("clock", Kind::Clock),
        ("uuid", Kind::Uuid),
        ("class", Kind::Class),
    ];

    /// Its name in format files.
    pub fn name(self) -> &'static str {
        let all = Kind::ALL.iter();
        let mut named = all.filter(|(_, kind)| *kind == self);
        named.next().map_or("text", |(name, _)| name)
    }

    /// How much it tells of a record that a value of this kind stands where one should, in
    /// bytes of text that would tell as much.
    pub(super) fn weight(self) -> usize {
        match self {
            Kind::Text => 0,
            Kind::Word | Kind::Host | Kind::Path => 1,
            Kind::Number | Kind::Duration | Kind::Size | Kind::Letter => 2,
            Kind::Address | Kind::Level | Kind::Protocol | Kind::Clock | Kind::Class => 4,
            Kind::Time | Kind::Uuid => 6,
        }
    }

    /// Where a value of this kind ends that begins here in a record, counted from there;
    /// `None` if none does.
    pub(super) fn end(self, record: &[u8], at: usize) -> Option<End> {
        let text = record.get(at..)?;
        let run = || text.iter().take_while(|b| !is_blank(**b)).count();
        let some = |len: usize| (len > 0).then_some(len);
        Some(match self {
            Kind::Text => End::Within(text.len()),
            Kind::Word => End::Within(some(run())?),
            Kind::Host => {
                let first = *text.first()?;
                End::Within(some(run()).filter(|_| begins_host(first))?)
            }
            Kind::Path => End::Within(some(run()).filter(|_| text[0] == b'/')?),
            Kind::Number => End::At(number(text)?),
            Kind::Duration | Kind::Size => End::At(with_unit(text)?),
            Kind::Address => End::At(address(text)?),
            Kind::Level => End::At(level(text)?),
            Kind::Letter => {
                let behind = text.get(1).is_some_and(u8::is_ascii_alphabetic);
                let is_one = text.first()?.is_ascii_alphabetic() && !behind;
                is_one.then_some(End::At(1))?
            }
            Kind::Time => End::At(time(record, at)?),
            Kind::Clock => End::At(time::clock_len(text)?),
            Kind::Uuid => End::At(is_uuid(text).then_some(UUID)?),
            Kind::Class => End::At(class(text)?),
            Kind::Protocol => {
                let name = text.iter().take_while(|b| b.is_ascii_uppercase()).count();
                let version = text.get(name..)?.strip_prefix(b"/")?;
                let version = version.iter();
                let version = version.take_while(|b| b.is_ascii_digit() || **b == b'.');
                let version = some(version.count())?;
                End::At(some(name)? + 1 + version)
            }
        })
    }

    /// Whether a value of it says itself where it ends.
    pub(super) fn ends_itself(self) -> bool {
        !matches!(self, Kind::Text)
    }
}

/// Whether the name or the address of a machine may begin with this.
pub(super) fn begins_host(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"[:-_*".contains(&byte)
}

pub(super) fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

/// How long the timestamp is that begins here; in some the letter of a level in front of it
/// is a part of it (`I1123 14:30:05`).
fn time(record: &[u8], at: usize) -> Option<usize> {
    let behind_letter = || {
        let letter = at.checked_sub(1)?;
        let len = header::stamp_len(&record[letter..])?;
        record[letter].is_ascii_alphabetic().then(|| len - 1)
    };
    header::stamp_len(&record[at..]).or_else(behind_letter)
}

/// How long the number is at the front: digits with a sign and a decimal point, or `-`.
pub(super) fn number(text: &[u8]) -> Option<usize> {
    let sign = usize::from(matches!(text.first(), Some(b'-' | b'+')));
    let digits = |from: usize| {
        text[from..]
            .iter()
            .take_while(|b| b.is_ascii_digit())
            .count()
    };
    let whole = digits(sign);
    let mut len = sign + whole;
    if text.get(len) == Some(&b'.') {
        let part = digits(len + 1);
        if part > 0 {
            return Some(len + 1 + part);
        }
    }
    if whole == 0 {
        // What stands for none, but not the dash before a word.
        let alone = text.get(1).is_none_or(|b| !b.is_ascii_alphanumeric());
        len = usize::from(text.first() == Some(&b'-') && alone);
    }
    (len > 0).then_some(len)
}

/// How long a number is with the unit behind it, maybe several of them: `28m35.01s`.
fn with_unit(text: &[u8]) -> Option<usize> {
    let mut at = number(text)?;
    if text[..at] == *b"-" {
        return Some(at);
    }
    loop {
        let unit = text[at..].iter();
        let unit = unit.take_while(|b| b.is_ascii_alphabetic() || **b == 0xc2 || **b == 0xb5);
        let unit = unit.count();
        at += unit;
        let more = text.get(at).is_some_and(u8::is_ascii_digit);
        if unit == 0 || !more {
            return Some(at);
        }
        at += number(&text[at..])?;
    }
}

/// How long the address is at the front, its brackets and its zone included.
fn address(text: &[u8]) -> Option<usize> {
    if text.first() == Some(&b'[') {
        let close = memchr::memchr(b']', text.get(..64).unwrap_or(text))?;
        return is_address(&text[1..close]).then_some(close + 1);
    }
    let far = text.iter().take(64);
    let allowed = |b: &&u8| b.is_ascii_hexdigit() || b":.".contains(b);
    let mut len = far.take_while(allowed).count();
    if text.get(len) == Some(&b'%') {
        let zone = text[len + 1..].iter().take(32);
        len += 1 + zone.take_while(|b| b.is_ascii_alphanumeric()).count();
    }
    if is_address(&text[..len]) {
        return Some(len);
    }
    // A port or a colon may stand behind it.
    let short = memchr::memrchr(b':', &text[..len])?;
    is_address(&text[..short]).then_some(short)
}

/// Whether this is the address of a machine: `192.0.2.1`, `2001:db8::7`, `fe80::1%eth0`.
fn is_address(word: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(word) else {
        return false;
    };
    text.parse::<IpAddr>().is_ok()
        || text
            .split_once('%')
            .is_some_and(|(address, _)| address.parse::<Ipv6Addr>().is_ok())
}

/// How long a universally unique identifier is.
const UUID: usize = 36;

fn is_uuid(text: &[u8]) -> bool {
    let fits = |(at, byte): (usize, &u8)| match at {
        8 | 13 | 18 | 23 => *byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    };
    let behind = text.get(UUID).is_some_and(u8::is_ascii_alphanumeric);
    text.len() >= UUID && !behind && text[..UUID].iter().enumerate().all(fits)
}

/// How long names with dots between are at the front.
fn class(text: &[u8]) -> Option<usize> {
    let allowed = |b: &&u8| b.is_ascii_alphanumeric() || b"._$".contains(b);
    let len = text.iter().take_while(allowed).count();
    let name = &text[..len];
    let inside = name.split(|b| *b == b'.');
    let names = inside
        .clone()
        .all(|part| part.first().is_some_and(|b| !b.is_ascii_digit()));
    (names && inside.count() > 1).then_some(len)
}

/// How long the name of a level is at the front.
fn level(text: &[u8]) -> Option<usize> {
    // Words that stand where a level should and are none of ours.
    const OTHERS: [&[u8]; 9] = [
        b"LOG",
        b"DETAIL",
        b"HINT",
        b"STATEMENT",
        b"CONTEXT",
        b"QUERY",
        b"SYSTEM",
        b"NONE",
        b"UNKNOWN",
    ];
    let word = text.iter().take(14).take_while(|b| b.is_ascii_alphabetic());
    let len = word.count();
    let word = &text[..len];
    let behind = text.get(len).is_some_and(u8::is_ascii_digit);
    let known = match word {
        [letter] => b"TDIWEFVCNA".contains(letter),
        word => Level::of_word(word).is_some() || OTHERS.contains(&word) || numbered(word),
    };
    // `DEBUG1`, as PostgreSQL has it.
    let len = len + usize::from(behind && len > 1);
    (known && !text.get(len).is_some_and(u8::is_ascii_alphanumeric)).then_some(len)
}

/// Words of loggers whose level is written otherwise than any other.
fn numbered(word: &[u8]) -> bool {
    matches!(word, b"SUCCESS" | b"Dbug" | b"dbug")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_values_of_a_kind_end() {
        for (kind, text, want) in [
            (Kind::Number, "12 x", Some(End::At(2))),
            (Kind::Number, "-1.5s", Some(End::At(4))),
            (Kind::Number, "-", Some(End::At(1))),
            (Kind::Number, "-x", None),
            (Kind::Number, "1. x", Some(End::At(1))),
            (Kind::Number, "", None),
            (Kind::Duration, "12ms]", Some(End::At(4))),
            (Kind::Duration, "28m35.01s x", Some(End::At(9))),
            (Kind::Duration, "0.01 x", Some(End::At(4))),
            (Kind::Address, "192.0.2.1:80", Some(End::At(9))),
            (Kind::Address, "[2001:db8::7]:80", Some(End::At(13))),
            (Kind::Address, "fe80::1%eth0 x", Some(End::At(12))),
            (Kind::Address, "2001:db8::7 x", Some(End::At(11))),
            (Kind::Address, "abc", None),
            (Kind::Address, "- x", None),
            (Kind::Level, "Warning: x", Some(End::At(7))),
            (Kind::Level, "E x", Some(End::At(1))),
            (Kind::Level, "Error1x", None),
            (Kind::Level, "hello", None),
            (Kind::Letter, "I1123", Some(End::At(1))),
            (Kind::Letter, "IN", None),
            (Kind::Word, "a,b c", Some(End::Within(3))),
            (Kind::Word, " c", None),
            (Kind::Path, "/a b", Some(End::Within(2))),
            (Kind::Path, "a", None),
            (Kind::Host, "web-1:80 x", Some(End::Within(8))),
            (Kind::Time, "2026-11-23 14:30:05,123 x", Some(End::At(23))),
            (Kind::Time, "Nov 23 14:30:05 x", Some(End::At(15))),
            (Kind::Time, "14:30:05.123 x", None),
            (Kind::Clock, "14:30:05.123 x", Some(End::At(12))),
            (
                Kind::Uuid,
                "8f507cfc-7a55-4b1c-9e0f-5d2b3a4c5e6f x",
                Some(End::At(36)),
            ),
            (Kind::Uuid, "8f507cfc-7a55-4b1c-9e0f-5d2b3a4c5e6 x", None),
            (Kind::Class, "com.example.Cart$1 x", Some(End::At(18))),
            (Kind::Class, "cart x", None),
            (Kind::Class, "1.2.3", None),
            (Kind::Time, "x", None),
        ] {
            assert_eq!(kind.end(text.as_bytes(), 0), want, "{kind:?} {text}");
        }
    }
}
