//! Where a timestamp ends: skipped, not read.
//!
//! Whole ones are what [`crate::time`] knows; a date or a time of day alone is one too
//! before a message.

use crate::time::{self, rest_len};

/// A timestamp at the start of some bytes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Stamp {
    /// How long it is, its zone included.
    pub(super) len: usize,
    /// How it is written.
    pub(super) shape: Shape,
}

/// How a timestamp is written, where that says something about what follows.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Shape {
    /// As syslog does: `Jun 14 15:16:01`; a host comes next.
    Syslog,
    /// Seconds, milliseconds, ... since 1970: a number like others.
    Epoch,
    /// With punctuation that nothing else has.
    Plain,
}

/// The timestamp that the bytes start with.
///
/// A date alone, a time of day alone and both together are one, in the forms
/// loggers write; numbers only if they are a plausible time since 1970.
pub(super) fn at_start(bytes: &[u8]) -> Option<Stamp> {
    let first = *bytes.first()?;
    let (len, shape) = if let Some(usual) = as_usual(bytes) {
        usual
    } else if let Some((len, shape)) = time::skip(bytes) {
        (len, kind(shape, first)?)
    } else if first.is_ascii_digit() {
        (clock(bytes).or_else(|| date(bytes))?, Shape::Plain)
    } else {
        return None;
    };
    let bounded = bytes.get(len).is_none_or(|b| !is_word(*b));
    bounded.then_some(Stamp { len, shape })
}

/// How long a timestamp with a date is that the bytes start with.
pub(crate) fn len(bytes: &[u8]) -> Option<usize> {
    let usual = as_usual(bytes).map(|(len, _)| len);
    usual.or_else(|| time::skip(bytes).map(|(len, _)| len))
}

/// A timestamp as most loggers, syslog, or web servers write it.
#[inline]
fn as_usual(bytes: &[u8]) -> Option<(usize, Shape)> {
    if let Some(len) = usual(bytes) {
        Some((len, Shape::Plain))
    } else if usual_syslog(bytes) {
        Some((15, Shape::Syslog))
    } else {
        usual_web(bytes).then_some((26, Shape::Plain))
    }
}

/// What a shape says about what follows. Numbers are a time from 2001 to 2033.
fn kind(shape: &time::Shape, first: u8) -> Option<Shape> {
    Some(match shape {
        time::Shape::Syslog => Shape::Syslog,
        time::Shape::Tai64n => Shape::Plain,
        shape if shape.is_counted() => (first == b'1').then_some(Shape::Epoch)?,
        _ => Shape::Plain,
    })
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

/// How many digits the bytes start with.
fn digits(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|b| b.is_ascii_digit()).count()
}

/// The number that the first `len` bytes, all digits, stand for.
fn number(bytes: &[u8], len: usize) -> u32 {
    let digits = bytes[..len].iter();
    digits.fold(0, |n, b| n * 10 + u32::from(b - b'0'))
}

/// `2015-10-18T18:01:47.978Z`, every number with all its digits, as most
/// loggers write: what [`time::skip`] says of it, at a fifth of the cost.
fn usual(bytes: &[u8]) -> Option<usize> {
    let two = |at: usize| {
        let (tens, ones) = (
            bytes[at].wrapping_sub(b'0'),
            bytes[at + 1].wrapping_sub(b'0'),
        );
        // What is no digit makes the number too large.
        if tens < 10 && ones < 10 {
            tens * 10 + ones
        } else {
            u8::MAX
        }
    };
    let form = bytes.len() >= 19
        && matches!(bytes[4], b'-' | b'.' | b'/')
        && bytes[7] == bytes[4]
        && matches!(bytes[10], b'T' | b't' | b' ' | b'-' | b'_')
        && bytes[13] == b':'
        && bytes[16] == b':';
    let plausible = form
        && two(0) < 100
        && two(2) < 100
        && (1..=12).contains(&two(5))
        && (1..=31).contains(&two(8))
        && two(11) < 24
        && two(14) < 60
        && two(17) <= 60
        && !bytes.get(19).is_some_and(u8::is_ascii_digit);
    if !plausible {
        return None;
    }
    // Most have a fraction and a `Z`, or nothing.
    let fraction = match bytes.get(19) {
        Some(b'.' | b',') => 1 + digits(&bytes[20..]),
        _ => 0,
    };
    let end = 20 + fraction;
    let is_whole = |next: Option<&u8>| !next.is_some_and(u8::is_ascii_alphanumeric);
    if fraction != 1 && bytes.get(end - 1) == Some(&b'Z') && is_whole(bytes.get(end)) {
        return Some(end);
    }
    Some(19 + rest_len(&bytes[19..], &time::Shape::Iso))
}

/// Whether the bytes start as most lines of syslog do, `Jun 14 15:16:01 h`, and neither a year
/// nor the name of a zone may follow: what [`time::skip`] says of it, at a tenth of the cost.
fn usual_syslog(bytes: &[u8]) -> bool {
    let Some((front, next)) = bytes.split_first_chunk::<15>() else {
        return false;
    };
    is_month(&front[..3])
        && front[3] == b' '
        && front[6] == b' '
        && is_day(front[4], front[5])
        && is_clock(&front[7..])
        && matches!(next, [b' ', b'a'..=b'z', ..])
}

/// Whether the bytes start as web servers write times, `10/Oct/2000:13:55:36 -0700`.
fn usual_web(bytes: &[u8]) -> bool {
    let Some((front, next)) = bytes.split_first_chunk::<26>() else {
        return false;
    };
    let digits = |range: std::ops::Range<usize>| front[range].iter().all(u8::is_ascii_digit);
    front[2] == b'/'
        && front[6] == b'/'
        && front[11] == b':'
        && front[0] != b' '
        && is_day(front[0], front[1])
        && is_month(&front[3..6])
        && digits(7..11)
        && is_clock(&front[12..20])
        && front[20] == b' '
        && matches!(front[21], b'+' | b'-')
        && front[22] == b'0'
        && digits(23..24)
        && matches!(front[24..], [b'0' | b'3', b'0'])
        && !next.first().is_some_and(u8::is_ascii_alphanumeric)
}

/// The short English name of a month, as loggers write it.
fn is_month(name: &[u8]) -> bool {
    matches!(
        name,
        b"Jan"
            | b"Feb"
            | b"Mar"
            | b"Apr"
            | b"May"
            | b"Jun"
            | b"Jul"
            | b"Aug"
            | b"Sep"
            | b"Oct"
            | b"Nov"
            | b"Dec"
    )
}

/// A day that every month has; the others are read.
fn is_day(tens: u8, ones: u8) -> bool {
    matches!(
        (tens, ones),
        (b' ' | b'0', b'1'..=b'9') | (b'1', b'0'..=b'9') | (b'2', b'0'..=b'8')
    )
}

/// `15:16:01`.
fn is_clock(text: &[u8]) -> bool {
    matches!(
        text,
        [
            b'0' | b'1',
            b'0'..=b'9',
            b':',
            b'0'..=b'5',
            b'0'..=b'9',
            b':',
            b'0'..=b'5',
            b'0'..=b'9'
        ] | [
            b'2',
            b'0'..=b'3',
            b':',
            b'0'..=b'5',
            b'0'..=b'9',
            b':',
            b'0'..=b'5',
            b'0'..=b'9'
        ]
    )
}

/// `2005-06-03`, `2005.06.03`, `2005/06/03`.
fn date(bytes: &[u8]) -> Option<usize> {
    let separator = *bytes.get(4).filter(|_| digits(bytes) == 4)?;
    if !b"-./".contains(&separator) {
        return None;
    }
    let rest = &bytes[5..];
    let month = digits(rest);
    if !(1..=2).contains(&month) || rest.get(month) != Some(&separator) {
        return None;
    }
    let day = digits(&rest[month + 1..]);
    let plausible = (1..=12).contains(&number(rest, month))
        && (1..=2).contains(&day)
        && (1..=31).contains(&number(&rest[month + 1..], day));
    plausible.then_some(5 + month + 1 + day)
}

/// A time of day: `15:16:01.5`, `15:16`, `2:30PM`.
fn clock(bytes: &[u8]) -> Option<usize> {
    let hour = digits(bytes);
    let known = (1..=2).contains(&hour) && number(bytes, hour) <= 24;
    if !known || bytes.get(hour) != Some(&b':') {
        return None;
    }
    let rest = &bytes[hour + 1..];
    let minute = digits(rest);
    if minute != 2 || number(rest, 2) > 59 {
        return None;
    }
    let mut len = hour + 3;
    if bytes.get(len) == Some(&b':') {
        let second = digits(&bytes[len + 1..]);
        if !(1..=2).contains(&second) || number(&bytes[len + 1..], second) > 60 {
            return None;
        }
        len += 1 + second;
    }
    Some(len + rest_len(&bytes[len..], &time::Shape::Iso))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_forms_of_loggers() {
        for (text, want) in [
            ("2015-10-18 18:01:47,978 INFO", 23),
            ("2015-10-18T18:01:47.978Z INFO", 24),
            ("2015-10-18T18:01:47+02:00 x", 25),
            ("2016-09-28 04:30:30, Info", 19),
            ("2005.06.03 R02", 10),
            ("2005-06-03-15.42.50.675872 R02", 26),
            ("2020/01/01 10:00:00 [error]", 19),
            ("17/06/09 20:10:40 INFO", 17),
            ("081109 203615 148", 13),
            ("20171223-22:15:29:606|Step", 21),
            ("20171223-23:21:0:125|Step", 20),
            ("03-17 16:13:38.811  1702", 18),
            ("10.30 16:49:06] chrome", 14),
            ("10/Oct/2000:13:55:36 -0700]", 26),
            ("01 Jan 2020 10:00:00.000 *", 24),
            ("15:16:01 x", 8),
            ("1117838570 2005", 10),
            ("1077804742.25 x", 13),
            ("1500000000123 x", 13),
            ("Jun 14 15:16:01 combo", 15),
            ("Jul  2 04:15:43 combo", 15),
            ("Sun Dec 04 04:47:44 2005] [", 24),
            ("Tue, 15 Nov 1994 08:12:31 GMT x", 29),
            ("2020-01-01 10:00:00.000 UTC [1]", 27),
        ] {
            let len = at_start(text.as_bytes()).map(|stamp| stamp.len);
            assert_eq!(len, Some(want), "{text}");
        }
    }

    #[test]
    fn the_usual_form_is_what_it_is_without_the_short_way() {
        let forms = [
            "2015-10-18T18:01:47.978Z INFO",
            "2015-10-18 18:01:47,978 +0200",
            "2005.06.03-15:42:50 PM UTC x",
            "2015/10/18_24:59:60:1",
        ];
        let mut short = 0;
        for form in forms {
            for at in 0..form.len() {
                for byte in *b"09135:.-/ TZ,+xP" {
                    let mut bytes = form.as_bytes().to_vec();
                    bytes[at] = byte;
                    for end in [at + 1, form.len()] {
                        if let Some(len) = usual(&bytes[..end]) {
                            assert_eq!(
                                Some((len, Shape::Plain)),
                                time::skip(&bytes[..end]).map(|(len, _)| (len, Shape::Plain))
                            );
                            short += 1;
                        }
                    }
                }
            }
        }
        assert!(short > 500);
    }

    #[test]
    fn the_usual_forms_of_syslog_and_the_web_are_what_they_are_without_the_short_way() {
        type Usual = fn(&[u8]) -> bool;
        let forms: [(&str, Usual, usize, time::Shape); 5] = [
            (
                "Jun 14 15:16:01 host",
                usual_syslog,
                15,
                time::Shape::Syslog,
            ),
            ("Feb  2 23:59:59 h", usual_syslog, 15, time::Shape::Syslog),
            ("Dec 20 00:00:00.5 x", usual_syslog, 15, time::Shape::Syslog),
            (
                "10/Oct/2000:13:55:36 -0700]",
                usual_web,
                26,
                time::Shape::Clf,
            ),
            (
                "01/Jan/2026:23:00:59 +0330 x",
                usual_web,
                26,
                time::Shape::Clf,
            ),
        ];
        let mut short = 0;
        for (form, usual, len, shape) in forms {
            for at in 0..form.len() {
                for byte in *b"09135:. ZAa/,+-" {
                    let mut bytes = form.as_bytes().to_vec();
                    bytes[at] = byte;
                    if usual(&bytes) {
                        assert_eq!(time::skip(&bytes), Some((len, &shape)), "{bytes:?}");
                        short += 1;
                    }
                }
            }
        }
        assert!(short > 100, "{short}");
    }

    #[test]
    fn what_is_no_timestamp() {
        for text in [
            "",
            "12 files",
            "2015",
            "1.2.3",
            "10.251.214.130:50010",
            "3/4 done",
            "123456 789",
            "2117838570",
            "11178385701 x",
            "May be",
            "March 5",
            "Monday",
            "2015-10-18x",
            "99:99:99",
            "2015-13-18",
        ] {
            assert_eq!(at_start(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn every_prefix_is_safe() {
        for text in [
            "Tue, 15 Nov 1994 08:12:31 GMT",
            "2015-10-18T18:01:47.978+02:00",
            "081109 203615.5 -0700",
            "Nov 15, 2020 10:00 PM",
        ] {
            for end in 0..=text.len() {
                let _ = at_start(&text.as_bytes()[..end]);
            }
        }
    }
}
