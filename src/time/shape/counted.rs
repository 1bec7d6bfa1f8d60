//! Timestamps that count from 1970.

use super::{Front, cursor::Cursor};

/// Instants from 1990 to 2100, so that other long numbers are rarely taken for one.
const PLAUSIBLE: std::ops::Range<i64> = 631_152_000..4_102_444_800;

/// So many digits that count from 1970.
pub(super) fn epoch(text: &[u8], digits: usize) -> Option<Front> {
    let (seconds, rest) = text.get(..digits)?.split_at(10);
    let second = i64::from(Cursor::new(seconds).number(10)?);
    let unit = 10_u32.pow(19 - digits as u32);
    let nanos = Cursor::new(rest).number(rest.len())?;
    PLAUSIBLE.contains(&second).then_some(Front {
        len: digits,
        wall: second,
        nanos: if rest.is_empty() { 0 } else { nanos * unit },
        offset: Some(0),
        is_ambiguous: false,
        ends_with_minute: false,
    })
}

/// What `multilog` adds to the seconds since 1970 of the system's clock, whatever the
/// leap seconds since (`taia_now` of libtai).
const AHEAD: i64 = 10;

/// `@4000000065a1b2c3075bcd15`: 16 digits that count seconds from 2 to the power of 62,
/// eight that count nanoseconds (<https://cr.yp.to/libtai/tai64.html>).
pub(super) fn tai64n(text: &[u8]) -> Option<Front> {
    let digits = text.strip_prefix(b"@")?.get(..24)?;
    let digits = std::str::from_utf8(digits).ok()?;
    let seconds = u64::from_str_radix(&digits[..16], 16).ok()?;
    let nanos = u32::from_str_radix(&digits[16..], 16).ok()?;
    let second = i64::try_from(seconds.checked_sub(1 << 62)?).ok()? - AHEAD;
    let known = PLAUSIBLE.contains(&second)
        && nanos < 1_000_000_000
        && !text.get(25).is_some_and(u8::is_ascii_hexdigit);
    known.then_some(Front {
        len: 25,
        wall: second,
        nanos,
        offset: Some(0),
        is_ambiguous: false,
        ends_with_minute: false,
    })
}
