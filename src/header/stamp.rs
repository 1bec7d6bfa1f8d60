//! Where a timestamp ends: skipped, not read.

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
    let (len, shape) = if let Some(len) = usual(bytes) {
        (len, Shape::Plain)
    } else if first.is_ascii_digit() {
        numeric(bytes)?
    } else if first.is_ascii_uppercase() {
        named(bytes)?
    } else {
        return None;
    };
    let bounded = bytes.get(len).is_none_or(|b| !is_word(*b));
    bounded.then_some(Stamp { len, shape })
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
/// loggers write: what [`numeric`] says of it, at a fifth of the cost.
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
        && matches!(bytes[10], b'T' | b't' | b' ' | b':' | b'-' | b'_')
        && bytes[13] == b':'
        && bytes[16] == b':';
    let plausible = form
        && two(0) < 100
        && two(2) < 100
        && (1..=12).contains(&two(5))
        && (1..=31).contains(&two(8))
        && two(11) <= 24
        && two(14) < 60
        && two(17) <= 60
        && !bytes.get(19).is_some_and(u8::is_ascii_digit);
    plausible.then(|| zoned(bytes, fraction(bytes, 19)))
}

fn numeric(bytes: &[u8]) -> Option<(usize, Shape)> {
    let plain = |len| Some((len, Shape::Plain));
    match digits(bytes) {
        1 | 2 if bytes.get(digits(bytes)) == Some(&b':') => plain(zoned(bytes, clock(bytes)?)),
        1 | 2 => plain(short_date(bytes)?),
        4 => plain(with_clock(bytes, date(bytes)?)),
        6 => plain(packed(bytes, 6)?),
        8 => plain(packed(bytes, 8)?),
        10 | 13 | 16 | 19 => Some((epoch(bytes)?, Shape::Epoch)),
        _ => None,
    }
}

/// `1117838570`, `1077804742.123`: from 2001 to 2033.
fn epoch(bytes: &[u8]) -> Option<usize> {
    let len = digits(bytes);
    if bytes[0] != b'1' {
        return None;
    }
    let fraction = match bytes.get(len) {
        Some(b'.') => digits(&bytes[len + 1..]),
        _ => 0,
    };
    Some(if fraction > 0 {
        len + 1 + fraction
    } else {
        len
    })
}

/// `2005-06-03`, `2005.06.03`, `2005/06/03`.
fn date(bytes: &[u8]) -> Option<usize> {
    let separator = *bytes.get(4)?;
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

/// Dates that start with one or two digits; most need a clock behind them,
/// else they would be any two numbers.
fn short_date(bytes: &[u8]) -> Option<usize> {
    let one = digits(bytes);
    let separator = *bytes.get(one)?;
    let rest = &bytes[one + 1..];
    if !b"/-. ".contains(&separator) {
        return None;
    }
    if let Some(month) = month(rest) {
        // `10/Oct/2000:13:55:36`, `01 Jan 2020 10:00:00`.
        let at = one + 1 + month;
        let year = digits(bytes.get(at + 1..)?);
        if bytes[at] != separator || !(year == 4 || year == 2) {
            return None;
        }
        return Some(with_clock(bytes, at + 1 + year));
    }
    if separator == b' ' {
        return None;
    }
    let two = digits(rest);
    if !(1..=2).contains(&two) {
        return None;
    }
    let mut len = one + 1 + two;
    if bytes.get(len) == Some(&separator) {
        let three = digits(&bytes[len + 1..]);
        if three != 2 && three != 4 {
            return None;
        }
        len += 1 + three;
    }
    let whole = with_clock(bytes, len);
    (whole > len).then_some(whole)
}

/// `081109 203615`, `20171223-22:15:29:606`, `20171223T221529`.
fn packed(bytes: &[u8], len: usize) -> Option<usize> {
    let year = len - 4;
    let plausible = (1..=12).contains(&number(&bytes[year..], 2))
        && (1..=31).contains(&number(&bytes[year + 2..], 2));
    if !plausible || !b" -T_".contains(bytes.get(len)?) {
        return None;
    }
    let rest = &bytes[len + 1..];
    if let Some(clock) = clock(rest) {
        return Some(zoned(bytes, len + 1 + clock));
    }
    let packed = digits(rest) == 6
        && number(rest, 2) < 24
        && number(&rest[2..], 2) < 60
        && number(&rest[4..], 2) <= 60;
    packed.then(|| zoned(bytes, len + 1 + fraction(rest, 6)))
}

/// The date of this length, with the clock behind it if there is one.
fn with_clock(bytes: &[u8], date: usize) -> usize {
    let between = match bytes.get(date) {
        Some(b'T' | b't' | b' ' | b':' | b'-' | b'_') => 1,
        Some(b',') if bytes.get(date + 1) == Some(&b' ') => 2,
        _ => return date,
    };
    match clock(&bytes[date + between..]) {
        Some(clock) => zoned(bytes, date + between + clock),
        None => date,
    }
}

/// A time of day: `15:16:01`, `23:21:0:125`, `15.42.50.675872`, `15:16`.
fn clock(bytes: &[u8]) -> Option<usize> {
    let hour = digits(bytes);
    let separator = *bytes.get(hour)?;
    if !(1..=2).contains(&hour) || number(bytes, hour) > 24 || !b":.".contains(&separator) {
        return None;
    }
    let rest = &bytes[hour + 1..];
    let minute = digits(rest);
    if !(1..=2).contains(&minute) || number(rest, minute) > 59 {
        return None;
    }
    let rest = &rest[minute..];
    if rest.first() != Some(&separator) {
        return (separator == b':' && minute == 2).then_some(hour + 1 + minute);
    }
    let second = digits(&rest[1..]);
    if !(1..=2).contains(&second) || number(&rest[1..], second) > 60 {
        return None;
    }
    let whole = hour + 1 + minute + 1 + second;
    Some(fraction(bytes, whole))
}

/// The clock of this length, with the fraction of a second behind it.
fn fraction(bytes: &[u8], clock: usize) -> usize {
    match bytes.get(clock) {
        Some(b'.' | b',' | b':') => match digits(&bytes[clock + 1..]) {
            0 => clock,
            digits => clock + 1 + digits,
        },
        _ => clock,
    }
}

/// The clock that ends here, with AM or PM and the zone behind it.
fn zoned(bytes: &[u8], mut end: usize) -> usize {
    let rest = &bytes[end..];
    if let Some(b'Z') = rest.first() {
        return end + 1;
    }
    if rest.starts_with(b" AM") || rest.starts_with(b" PM") {
        end += 3;
    }
    let rest = &bytes[end..];
    if rest.first() == Some(&b'Z') {
        return end + 1;
    }
    let space = usize::from(rest.first() == Some(&b' '));
    let rest = &rest[space..];
    if let Some(b'+' | b'-') = rest.first() {
        let zone = match digits(&rest[1..]) {
            4 => 5,
            2 if rest.get(3) == Some(&b':') && digits(&rest[4..]) == 2 => 6,
            2 if space == 0 => 3,
            _ => return end,
        };
        return end + space + zone;
    }
    let name = rest.iter().take_while(|b| b.is_ascii_alphabetic()).count();
    let zone = space == 1 && ZONES.contains(&&rest[..name]);
    if zone { end + space + name } else { end }
}

const ZONES: [&[u8]; 12] = [
    b"UTC", b"GMT", b"CET", b"CEST", b"EST", b"EDT", b"CST", b"CDT", b"MST", b"PST", b"PDT", b"BST",
];

/// How long the short name of a month is that the bytes start with.
pub(crate) fn month(bytes: &[u8]) -> Option<usize> {
    let is_month = matches!(
        bytes.first_chunk::<3>()?,
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
    );
    is_month.then_some(3)
}

/// How long the short name of a day is that the bytes start with.
fn weekday(bytes: &[u8]) -> Option<usize> {
    let is_day = matches!(
        bytes.first_chunk::<3>()?,
        b"Mon" | b"Tue" | b"Wed" | b"Thu" | b"Fri" | b"Sat" | b"Sun"
    );
    is_day.then_some(3)
}

/// `Jun 14 15:16:01`, `Sun Dec 04 04:47:44 2005`, `Tue, 15 Nov 1994 08:12:31 GMT`.
fn named(bytes: &[u8]) -> Option<(usize, Shape)> {
    let blanks = |at: usize| bytes[at..].iter().take_while(|b| **b == b' ').count();
    let mut at = 0;
    if let Some(day) = weekday(bytes) {
        at = day + usize::from(bytes.get(day) == Some(&b','));
        at += blanks(at);
        if bytes.get(at)?.is_ascii_digit() {
            return Some((at + short_date(&bytes[at..])?, Shape::Plain));
        }
    }
    let weekday = at > 0;
    at += month(&bytes[at..])?;
    at += blanks(at);
    let day = digits(bytes.get(at..)?);
    if !(1..=2).contains(&day) {
        return None;
    }
    at += day;
    at += usize::from(bytes.get(at) == Some(&b','));
    at += blanks(at);
    let rest = bytes.get(at..)?;
    if digits(rest) == 4 {
        // `Nov 15 1994 08:12:31`.
        let whole = with_clock(bytes, at + 4);
        return (whole > at + 4).then_some((whole, Shape::Plain));
    }
    at = zoned(bytes, at + clock(rest)?);
    let year = bytes.get(at + 1..).map_or(0, digits);
    if bytes.get(at) == Some(&b' ') && year == 4 && weekday {
        return Some((at + 5, Shape::Plain));
    }
    Some((at, Shape::Syslog))
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
                            assert_eq!(Some((len, Shape::Plain)), numeric(&bytes[..end]));
                            short += 1;
                        }
                    }
                }
            }
        }
        assert!(short > 500);
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
