//! Numbers as logs write them.

use serde::{Deserialize, Serialize};

/// What may stand behind a number.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum NumberUnit {
    /// Nothing, `%`, or the unit of a time or a size.
    #[default]
    Auto,
    /// Nothing.
    None,
    /// Nothing, or the unit of a time: `ns us ms s m h d`, also one behind the
    /// other (`1h30m`), or hours, minutes and seconds between colons (`1:30:00`).
    /// The number is in seconds.
    Time,
    /// Nothing, or the unit of a size: `B`, `K M G T P` and `KiB` ... of 1024,
    /// `kB` ... of 1000. The number is in bytes.
    Size,
}

impl NumberUnit {
    /// Whether this text is a number with what may stand behind it.
    pub fn reads(self, text: &[u8]) -> bool {
        parse(text, self).is_some()
    }
}

/// What a number turned out to be.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Kind {
    /// It had no unit.
    Plain,
    /// Seconds.
    Time,
    /// Bytes.
    Size,
}

/// What a number is measured in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Unit {
    kind: Kind,
    /// What it is worth in seconds or bytes: this times a power of ten.
    factor: f64,
    exponent: i32,
}

impl Unit {
    /// Bytes, which sizes without a unit are.
    pub(crate) const BYTE: Unit = Unit {
        kind: Kind::Size,
        factor: 1.0,
        exponent: 0,
    };

    /// The unit of times or sizes that has this name.
    pub(crate) fn named(name: &[u8]) -> Option<Unit> {
        let of = |kind, (factor, exponent)| Unit {
            kind,
            factor,
            exponent,
        };
        let time = time_unit(name).map(|worth| of(Kind::Time, worth));
        time.or_else(|| size_unit(name).map(|worth| of(Kind::Size, worth)))
    }
}

/// The number that this text is, white space around it left out; `None` if it
/// is none. A number is finite, has a `.` before its decimals and nothing
/// between its thousands, or a `,` between all of them.
pub(crate) fn parse(text: &[u8], unit: NumberUnit) -> Option<(f64, Kind)> {
    read(text, unit, None)
}

/// The number that this text is, be it a time, a size or neither; `bare` is what one
/// without a unit is measured in, where that is known.
pub(crate) fn parse_in(text: &[u8], bare: Option<Unit>) -> Option<(f64, Kind)> {
    read(text, NumberUnit::Auto, bare)
}

#[inline]
fn read(text: &[u8], unit: NumberUnit, bare: Option<Unit>) -> Option<(f64, Kind)> {
    let text = text.trim_ascii();
    let (decimal, rest) = Decimal::read(text)?;
    if rest.is_empty() {
        return match bare {
            None => Some((decimal.value(0)?, Kind::Plain)),
            Some(bare) => finite(decimal.value(bare.exponent)? * bare.factor, bare.kind),
        };
    }
    let may = |wanted| unit == NumberUnit::Auto || unit == wanted;
    match rest[0] {
        b',' => return read(&ungrouped(text)?, unit, bare),
        b':' if may(NumberUnit::Time) => return finite(clock(text)?, Kind::Time),
        _ => {}
    }
    let rest = rest.trim_ascii_start();
    if rest == b"%" && unit == NumberUnit::Auto {
        return Some((decimal.value(0)?, Kind::Plain));
    }
    if let Some(unit) = Unit::named(rest) {
        let may = match unit.kind {
            Kind::Size => may(NumberUnit::Size),
            _ => may(NumberUnit::Time),
        };
        return finite(decimal.value(unit.exponent)? * unit.factor, unit.kind).filter(|_| may);
    }
    let seconds = may(NumberUnit::Time).then(|| time(decimal, rest));
    finite(seconds.flatten()?, Kind::Time)
}

fn finite(number: f64, kind: Kind) -> Option<(f64, Kind)> {
    number.is_finite().then_some((number, kind))
}

/// The text without the commas between the thousands of the number that it begins
/// with; `None` if they stand anywhere else. `0,123` may be a decimal comma.
#[cold]
fn ungrouped(text: &[u8]) -> Option<Vec<u8>> {
    let signed = usize::from(matches!(text.first(), Some(b'-' | b'+')));
    let grouped = text[signed..]
        .iter()
        .take_while(|b| b.is_ascii_digit() || **b == b',');
    let (number, rest) = text.split_at(signed + grouped.count());
    let mut groups = number[signed..].split(|b| *b == b',');
    let first = groups.next()?;
    let thousands = groups.clone().count() > 0 && groups.all(|group| group.len() == 3);
    (thousands && (1..=3).contains(&first.len()) && first[0] != b'0').then(|| {
        let number = number.iter().filter(|b| **b != b',');
        number.chain(rest).copied().collect()
    })
}

/// Seconds of `1:02:03.5`, hours that may be more than a day has.
#[cold]
fn clock(text: &[u8]) -> Option<f64> {
    let negative = text.first() == Some(&b'-');
    let digits = text.strip_prefix(b"-").unwrap_or(text);
    let mut parts = digits.split(|b| *b == b':');
    let [hours, minutes, seconds] = [parts.next()?, parts.next()?, parts.next()?];
    let whole = |part: &[u8], most: usize| {
        let digits = !part.is_empty() && part.len() <= most && part.iter().all(u8::is_ascii_digit);
        digits.then(|| part.iter().fold(0, |all, b| all * 10 + u32::from(b - b'0')))
    };
    let two = |part: &[u8]| whole(part, 2).filter(|n| part.len() == 2 && *n < 60);
    let (hours, minutes) = (whole(hours, 6)?, two(minutes)?);
    two(seconds.get(..2)?)?;
    let plain = seconds.iter().all(|b| b.is_ascii_digit() || *b == b'.');
    let (seconds, rest) = Decimal::read(seconds)?;
    if parts.next().is_some() || !plain || !rest.is_empty() {
        return None;
    }
    let sum = f64::from(hours * 3600 + minutes * 60) + seconds.value(0)?;
    Some(if negative { -sum } else { sum })
}

/// Seconds of a number and the units and numbers behind it.
fn time(first: Decimal<'_>, rest: &[u8]) -> Option<f64> {
    let negative = first.negative;
    let (mut decimal, mut rest, mut sum) = (first, rest, 0.0);
    loop {
        let letters = rest.iter().take_while(|b| !b.is_ascii_digit()).count();
        let (factor, exponent) = time_unit(rest[..letters].trim_ascii_end())?;
        sum += decimal.value(exponent)? * factor;
        rest = &rest[letters..];
        if rest.is_empty() {
            return Some(sum);
        }
        (decimal, rest) = Decimal::read(rest)?;
        decimal.negative = negative;
        rest = rest.trim_ascii_start();
    }
}

/// What a unit of time is worth, as a factor and a power of ten.
fn time_unit(name: &[u8]) -> Option<(f64, i32)> {
    Some(match name {
        b"ns" => (1.0, -9),
        b"us" | b"\xc2\xb5s" | b"\xce\xbcs" | b"usec" => (1.0, -6),
        b"ms" | b"msec" => (1.0, -3),
        b"s" | b"sec" | b"secs" | b"second" | b"seconds" => (1.0, 0),
        b"m" | b"min" | b"mins" | b"minute" | b"minutes" => (60.0, 0),
        b"h" | b"hr" | b"hour" | b"hours" => (3600.0, 0),
        b"d" | b"day" | b"days" => (86_400.0, 0),
        _ => return None,
    })
}

fn size_unit(name: &[u8]) -> Option<(f64, i32)> {
    let binary = |power: i32| Some((1024f64.powi(power), 0));
    let decimal = |power: i32| Some((1.0, 3 * power));
    let powers = b"KMGTP";
    match name {
        b"B" | b"byte" | b"bytes" => Some((1.0, 0)),
        b"k" => binary(1),
        b"kB" => decimal(1),
        [letter, rest @ ..] => {
            let power = (1..).zip(powers).find(|(_, l)| *l == letter)?.0;
            match rest {
                b"" | b"iB" | b"i" => binary(power),
                b"B" => decimal(power),
                _ => None,
            }
        }
        [] => None,
    }
}

/// A number as it is written: `digits * 10^exponent`.
#[derive(Clone, Copy, Debug)]
struct Decimal<'a> {
    negative: bool,
    /// The first 19 digits, which fit.
    digits: u64,
    exponent: i32,
    /// Whether digits were left out, so that the text must be read again.
    text: Option<&'a [u8]>,
}

/// Powers of ten that are floats.
const TENS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
];

impl<'a> Decimal<'a> {
    /// The number at the start of the text, and what is behind it.
    fn read(text: &'a [u8]) -> Option<(Decimal<'a>, &'a [u8])> {
        let signed = matches!(text.first(), Some(b'-' | b'+'));
        let mut at = usize::from(signed);
        let (mut digits, mut seen, mut used, mut exponent) = (0u64, 0usize, 0, 0i32);
        let mut point = None;
        while let Some(&byte) = text.get(at) {
            match byte {
                b'0'..=b'9' => {
                    seen += 1;
                    if used < 19 {
                        digits = digits * 10 + u64::from(byte - b'0');
                        // Zeros before the first digit are none.
                        used += usize::from(digits > 0);
                        exponent -= i32::from(point.is_some());
                    } else {
                        used += 1;
                        exponent += i32::from(point.is_none());
                    }
                }
                b'.' if point.is_none() => point = Some(at),
                _ => break,
            }
            at += 1;
        }
        if seen == 0 {
            return None;
        }
        let mut end = at;
        if let Some((power, len)) = exponent_of(&text[at..]) {
            exponent = exponent.saturating_add(power);
            end += len;
        }
        let decimal = Decimal {
            negative: text[0] == b'-',
            digits,
            exponent,
            text: (used > 19).then_some(&text[usize::from(signed)..at]),
        };
        Some((decimal, &text[end..]))
    }

    /// The nearest float to this number times a power of ten.
    fn value(&self, power: i32) -> Option<f64> {
        let exponent = self.exponent.saturating_add(power);
        let tens = |exponent: u32| TENS.get(exponent as usize);
        let magnitude = match (self.digits < 1 << 53 && self.text.is_none(), exponent) {
            // Both are exact, so that the result is rounded once.
            (true, 0..) if tens(exponent.unsigned_abs()).is_some() => {
                self.digits as f64 * TENS[exponent.unsigned_abs() as usize]
            }
            (true, ..0) if tens(exponent.unsigned_abs()).is_some() => {
                self.digits as f64 / TENS[exponent.unsigned_abs() as usize]
            }
            _ => self.slow(exponent)?,
        };
        let number = if self.negative { -magnitude } else { magnitude };
        number.is_finite().then_some(number)
    }

    #[cold]
    fn slow(&self, exponent: i32) -> Option<f64> {
        let digits = match self.text {
            None => format!("{}e{exponent}", self.digits),
            Some(text) => {
                // All digits, and the exponent without those that are decimals.
                let all: String = text
                    .iter()
                    .filter(|b| **b != b'.')
                    .map(|&b| b as char)
                    .collect();
                let significant = all.trim_start_matches('0').len();
                let left_out = i32::try_from(significant.saturating_sub(19)).ok()?;
                format!("{all}e{}", exponent.saturating_sub(left_out))
            }
        };
        digits.parse().ok()
    }
}

/// The power of ten of an `e` and the digits behind it, and how long they are.
fn exponent_of(text: &[u8]) -> Option<(i32, usize)> {
    let [b'e' | b'E', rest @ ..] = text else {
        return None;
    };
    let signed = usize::from(matches!(rest.first(), Some(b'-' | b'+')));
    let digits = rest[signed..].iter().take_while(|b| b.is_ascii_digit());
    let mut power = 0i32;
    let mut len = 0;
    for digit in digits {
        power = power
            .saturating_mul(10)
            .saturating_add(i32::from(digit - b'0'));
        len += 1;
    }
    let power = if rest.first() == Some(&b'-') {
        -power
    } else {
        power
    };
    (len > 0).then_some((power, 1 + signed + len))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_with_and_without_units() {
        use Kind::{Plain, Size, Time};
        for (text, want) in [
            ("12", Some((12.0, Plain))),
            (" -1.5 ", Some((-1.5, Plain))),
            ("+.5", Some((0.5, Plain))),
            ("5.", Some((5.0, Plain))),
            ("1e3", Some((1000.0, Plain))),
            ("1E-3", Some((0.001, Plain))),
            ("12ms", Some((0.012, Time))),
            ("1.1ms", Some((0.0011, Time))),
            ("12 ms", Some((0.012, Time))),
            ("3us", Some((3e-6, Time))),
            ("3\u{b5}s", Some((3e-6, Time))),
            ("7ns", Some((7e-9, Time))),
            ("1.5s", Some((1.5, Time))),
            ("2m", Some((120.0, Time))),
            ("1h30m", Some((5400.0, Time))),
            ("1m0.25s", Some((60.25, Time))),
            ("-1m30s", Some((-90.0, Time))),
            ("1d", Some((86_400.0, Time))),
            ("1h 30m", Some((5400.0, Time))),
            ("512B", Some((512.0, Size))),
            ("3KiB", Some((3072.0, Size))),
            ("3K", Some((3072.0, Size))),
            ("3kB", Some((3000.0, Size))),
            ("3KB", Some((3000.0, Size))),
            ("1.5 GB", Some((1.5e9, Size))),
            ("2M", Some((2_097_152.0, Size))),
            ("1e999", None),
            ("1e", None),
            ("", None),
            (".", None),
            ("-", None),
            ("inf", None),
            ("nan", None),
            ("0x10", None),
            ("1.2.3", None),
            ("12 apples", None),
            ("ms", None),
            ("1h30", None),
            ("1hh", None),
            ("12ms3KiB", None),
        ] {
            assert_eq!(parse(text.as_bytes(), NumberUnit::Auto), want, "{text}");
        }
    }

    #[test]
    fn commas_colons_and_percent() {
        use Kind::{Plain, Size, Time};
        for (text, want) in [
            ("28m35.01s", Some((1715.01, Time))),
            ("1h2m", Some((3720.0, Time))),
            ("1.5min", Some((90.0, Time))),
            ("2 h", Some((7200.0, Time))),
            ("00:01:30", Some((90.0, Time))),
            ("-1:00:00.25", Some((-3600.25, Time))),
            ("100:00:00", Some((360_000.0, Time))),
            ("1,234.5", Some((1234.5, Plain))),
            ("-12,345,678", Some((-12_345_678.0, Plain))),
            ("1,234ms", Some((1.234, Time))),
            ("1,024 KiB", Some((1_048_576.0, Size))),
            ("45%", Some((45.0, Plain))),
            ("99.9 %", Some((99.9, Plain))),
            ("0x1F", None),
            ("1,5", None),
            ("12,5", None),
            ("0,123", None),
            ("1,23,456", None),
            ("1234,567", None),
            ("1,234,5", None),
            ("1,234.5,678", None),
            (",123", None),
            ("1,", None),
            ("00:01", None),
            ("00:61:00", None),
            ("00:01:60", None),
            ("00:1:30", None),
            ("0:01:3e1", None),
            ("0:01:30e1", None),
            ("0:01:30:00", None),
            ("1.5:00:00", None),
            ("00:01:30 h", None),
            ("45%%", None),
        ] {
            assert_eq!(parse(text.as_bytes(), NumberUnit::Auto), want, "{text}");
        }
    }

    #[test]
    fn only_the_units_that_were_asked_for() {
        for (text, unit, want) in [
            ("3ms", NumberUnit::None, None),
            ("3K", NumberUnit::Time, None),
            ("3m", NumberUnit::Size, None),
            ("3ms", NumberUnit::Time, Some(0.003)),
            ("3K", NumberUnit::Size, Some(3072.0)),
            ("3", NumberUnit::Size, Some(3.0)),
            ("45%", NumberUnit::None, None),
            ("45%", NumberUnit::Time, None),
            ("1,000", NumberUnit::None, Some(1000.0)),
            ("00:01:30", NumberUnit::Time, Some(90.0)),
            ("00:01:30", NumberUnit::Size, None),
            ("00:01:30", NumberUnit::None, None),
        ] {
            let got = parse(text.as_bytes(), unit).map(|(number, _)| number);
            assert_eq!(got, want, "{text}");
        }
    }

    #[test]
    fn numbers_without_a_unit_are_in_the_one_that_is_known() {
        for (text, bare, want) in [
            ("12", "ms", Some((0.012, Kind::Time))),
            ("1.1", "ms", Some((0.0011, Kind::Time))),
            ("1,500", "ms", Some((1.5, Kind::Time))),
            ("12s", "ms", Some((12.0, Kind::Time))),
            ("3", "m", Some((180.0, Kind::Time))),
            ("3", "KiB", Some((3072.0, Kind::Size))),
            ("3", "bytes", Some((3.0, Kind::Size))),
            ("x", "ms", None),
        ] {
            let bare = Unit::named(bare.as_bytes());
            assert_eq!(parse_in(text.as_bytes(), bare), want, "{text}");
        }
        assert_eq!(Unit::named(b"B"), Some(Unit::BYTE));
        assert_eq!(Unit::named(b"apples"), None);
    }

    proptest! {
        #[test]
        fn as_the_standard_library_reads_them(
            text in r"-?[0-9]{1,25}(\.[0-9]{0,25})?([eE][-+]?[0-9]{1,3})?",
        ) {
            let want = text.parse::<f64>().ok().filter(|number| number.is_finite());
            let got = parse(text.as_bytes(), NumberUnit::None).map(|(number, _)| number);
            prop_assert_eq!(got, want);
        }

        #[test]
        fn milliseconds_are_the_nearest_float(digits in r"[0-9]{1,22}(\.[0-9]{1,22})?") {
            let want: f64 = format!("{digits}e-3").parse().unwrap();
            let got = parse(format!("{digits}ms").as_bytes(), NumberUnit::Time);
            prop_assert_eq!(got.map(|(number, _)| number), Some(want));
        }
    }
}
