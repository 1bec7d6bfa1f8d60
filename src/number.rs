//! Numbers as logs write them.

use serde::{Deserialize, Serialize};

/// What may stand behind a number.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum NumberUnit {
    /// Nothing, or the unit of a time or a size.
    #[default]
    Auto,
    /// Nothing.
    None,
    /// Nothing, or the unit of a time: `ns us ms s m h d`, also one behind the
    /// other (`1h30m`). The number is in seconds.
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

/// The number that this text is, white space around it left out; `None` if it
/// is none. A number is finite, has a `.` before its decimals and nothing
/// between its thousands.
pub(crate) fn parse(text: &[u8], unit: NumberUnit) -> Option<(f64, Kind)> {
    let text = text.trim_ascii();
    let (decimal, rest) = Decimal::read(text)?;
    if rest.is_empty() {
        return Some((decimal.value(0)?, Kind::Plain));
    }
    let may = |wanted| unit == NumberUnit::Auto || unit == wanted;
    let rest = rest.trim_ascii_start();
    if may(NumberUnit::Time)
        && let Some(seconds) = time(decimal, rest)
    {
        return finite(seconds, Kind::Time);
    }
    if may(NumberUnit::Size)
        && let Some((factor, exponent)) = size_unit(rest)
    {
        return finite(decimal.value(exponent)? * factor, Kind::Size);
    }
    None
}

fn finite(number: f64, kind: Kind) -> Option<(f64, Kind)> {
    number.is_finite().then_some((number, kind))
}

/// Seconds of a number and the units and numbers behind it.
fn time(first: Decimal<'_>, rest: &[u8]) -> Option<f64> {
    let negative = first.negative;
    let (mut decimal, mut rest, mut sum) = (first, rest, 0.0);
    loop {
        let letters = rest.iter().take_while(|b| !b.is_ascii_digit()).count();
        let (factor, exponent) = time_unit(&rest[..letters])?;
        sum += decimal.value(exponent)? * factor;
        rest = &rest[letters..];
        if rest.is_empty() {
            return Some(sum);
        }
        (decimal, rest) = Decimal::read(rest)?;
        decimal.negative = negative;
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
            ("1,5", None),
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
    fn only_the_units_that_were_asked_for() {
        for (text, unit, want) in [
            ("3ms", NumberUnit::None, None),
            ("3K", NumberUnit::Time, None),
            ("3m", NumberUnit::Size, None),
            ("3ms", NumberUnit::Time, Some(0.003)),
            ("3K", NumberUnit::Size, Some(3072.0)),
            ("3", NumberUnit::Size, Some(3.0)),
        ] {
            let got = parse(text.as_bytes(), unit).map(|(number, _)| number);
            assert_eq!(got, want, "{text}");
        }
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
