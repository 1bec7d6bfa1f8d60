//! What only the start of a line can have.

use memchr::memchr;

use super::{
    Level,
    reader::MAX_DOUBTFUL,
    stamp::{self, Shape},
    token::{MAX_BYTES, closing, is_name},
};

/// How long what stands in front of a line is where `kubectl logs --prefix` or
/// `docker compose logs` wraps it: `[pod/name/container] `, `web-1  | `.
pub(super) fn wrapped(line: &[u8]) -> Option<usize> {
    let name = |bytes: &[u8]| bytes.iter().take(128).take_while(|b| is_name(**b)).count();
    if line.starts_with(b"[pod/") {
        let len = closing(line)?;
        return (line.get(len) == Some(&b' ')).then_some(len + 1);
    }
    let len = name(line);
    let blanks = line[len..].iter().take(64).take_while(|b| **b == b' ');
    let bar = len + blanks.count();
    let barred = len > 0 && bar > len && line[bar..].starts_with(b"| ");
    // `INFO | 2026-…` wraps nothing.
    (barred && Level::of_word(&line[..len]).is_none()).then_some(bar + 2)
}

/// `<134>`: how long it is, and the severity in it.
pub(super) fn priority(line: &[u8]) -> Option<(usize, u8)> {
    let digits = line.strip_prefix(b"<")?.iter();
    let len = digits.take_while(|b| b.is_ascii_digit()).count();
    if !(1..=3).contains(&len) || line.get(len + 1) != Some(&b'>') {
        return None;
    }
    let number = line[1..=len].iter();
    let number = number.fold(0u16, |n, b| n * 10 + u16::from(b - b'0'));
    (number < 192).then_some((len + 2, (number & 7) as u8))
}

/// `E0102 15:04:05.678901    1234 file.go:12] message`; others write the year in front,
/// `E20260102`, `E260102`.
pub(super) fn klog(line: &[u8]) -> Option<(usize, Level)> {
    let level = Level::of_letter(*line.first()?)?;
    let digits = line[1..].iter().take_while(|b| b.is_ascii_digit()).count();
    if !matches!(digits, 4 | 6 | 8) || line.get(1 + digits) != Some(&b' ') {
        return None;
    }
    stamp::at_start(&line[2 + digits..])?;
    let end = memchr(b']', &line[..line.len().min(MAX_BYTES)])?;
    Some((end + 1, level))
}

/// Where the first timestamp starts, if what stands before it are numbers and
/// names, not words.
///
/// `nova-api.log.1 2017-05-16 00:00:00.008 ...`, `10.0.0.1 - bob [10/Oct/...`.
pub(super) fn before_stamp(line: &[u8]) -> Option<usize> {
    let line = &line[..line.len().min(MAX_BYTES)];
    let mut at = 0;
    let mut words = false;
    for index in 0..MAX_DOUBTFUL {
        let rest = &line[at..];
        let open = match rest.first() {
            Some(b'[') => 1,
            Some(b'<' | b'(') if index == 0 => 1,
            _ => 0,
        };
        if let Some(stamp) = stamp::at_start(&rest[open..]) {
            let certain = open == 1 || stamp.shape == Shape::Epoch || !words;
            return (at > 0 && certain).then_some(at);
        }
        let len = memchr(b' ', rest)?;
        let token = &rest[..len];
        let plain = token
            .iter()
            .all(|b| b.is_ascii_alphabetic() || b"_:,'".contains(b));
        let upper = token.len() > 1 && token.iter().all(u8::is_ascii_uppercase);
        if index == 0 && plain && (!upper || Level::of_word(token).is_some()) {
            return None;
        }
        words |= plain && !upper;
        at += len;
        at += line[at..].iter().take_while(|b| **b == b' ').count();
    }
    None
}
