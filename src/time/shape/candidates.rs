//! Which shape the timestamp has that a text begins with.

use super::{Front, Shape, is_letter, is_weekday, may_be_month};

/// The shape of the timestamp that the text starts with, the most telling one.
pub(in crate::time) fn shape_at(text: &[u8]) -> Option<Shape> {
    front_at(text).map(|(shape, _)| shape.clone())
}

/// The shape of the timestamp that the text starts with, and what it says.
pub(in crate::time) fn front_at(text: &[u8]) -> Option<(&'static Shape, Front)> {
    let mut shapes = candidates(text).iter();
    shapes.find_map(|shape| Some((shape, shape.front(text)?)))
}

/// The shapes that a text which starts like this may have, the most telling first: most
/// texts have none, and are not asked about each.
fn candidates(text: &[u8]) -> &'static [Shape] {
    use Shape::{
        Basic, Characters, Clf, Compact, Ctime, DayFirst, DayMonth, DayMonthUndated, EpochMs,
        EpochNs, EpochS, EpochUs, Glog, Iso, IsoLoose, IsoMinutes, Klog, MonthDay, MonthDayYear,
        MonthFirst, ShortBasic, ShortDate, Syslog, SyslogYear, Tai64n, YearMonthName,
    };
    let digits = text.iter().take(20).take_while(|b| b.is_ascii_digit());
    let digits = digits.count();
    let behind = text.get(digits).copied();
    match (digits, behind) {
        (0, Some(b'@')) => &[Tai64n],
        (0, Some(b'I' | b'W' | b'E' | b'F' | b'D'))
            if text.get(1).is_some_and(u8::is_ascii_digit) =>
        {
            &[Klog, Glog]
        }
        (0, Some(letter)) if is_letter(letter) && dated(text) => {
            &[Ctime, SyslogYear, Syslog, MonthDayYear, DayMonth]
        }
        (1 | 2, Some(b'/' | b'-' | b'.')) => {
            if is_address(text) {
                &[]
            } else if text.get(digits + 1).is_some_and(u8::is_ascii_digit) {
                &[ShortDate, MonthDay, MonthFirst, DayFirst]
            } else {
                &[Clf, DayMonth, DayMonthUndated]
            }
        }
        (1 | 2, Some(b' ')) => &[DayMonth, DayMonthUndated],
        (4, Some(b'-' | b'/' | b'.')) => &[Iso, YearMonthName, IsoLoose, IsoMinutes],
        (4, Some(b' ')) => &[YearMonthName],
        (4, Some(0xe5 | 0xeb)) => &[Characters],
        (6, _) => &[ShortBasic],
        (8, _) => &[Compact, Basic],
        (14, _) => &[Basic],
        (10, _) => &[EpochS],
        (13, _) => &[EpochMs],
        (16, _) => &[EpochUs],
        (19, _) => &[EpochNs],
        _ => &[],
    }
}

/// Whether the text starts with three dots between digits, as addresses do.
fn is_address(text: &[u8]) -> bool {
    let dots = text.iter().take(15);
    let dots = dots.take_while(|b| b.is_ascii_digit() || **b == b'.');
    dots.filter(|b| **b == b'.').count() == 3
}

/// Whether the text starts with what may be the name of a month and a number, or the name
/// of a day of the week.
fn dated(text: &[u8]) -> bool {
    if is_weekday(text) {
        return matches!(text.get(3), Some(b',' | b' ' | b'.'));
    }
    if !may_be_month(text) {
        return false;
    }
    let word = text.iter().take(28).take_while(|b| is_letter(**b)).count();
    let rest = text[word..].strip_prefix(b".").unwrap_or(&text[word..]);
    let rest = rest.strip_prefix(b",").unwrap_or(rest);
    let Some(rest) = rest.strip_prefix(b" ") else {
        return false;
    };
    let rest = rest.strip_prefix(b" ").unwrap_or(rest);
    word >= 3 && rest.first().is_some_and(u8::is_ascii_digit)
}
