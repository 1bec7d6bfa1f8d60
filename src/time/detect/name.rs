//! The date in the name of a file.

use std::path::Path;

use crate::time::stamp::{day_of, days_in};

/// The day, counted from 1970-01-01, that the name of a file says: `app-2026-11-23.log`,
/// `20261123.log`, `access.log.2026_11_23`. `None` if it says none, or several.
pub(super) fn day_in_name(path: &Path) -> Option<i64> {
    let name = path.file_name()?.as_encoded_bytes();
    let mut days = (0..name.len()).filter_map(|at| day_at(name, at));
    let day = days.next()?;
    days.all(|other| other == day).then_some(day)
}

/// The day that stands there, with no digit in front of it.
fn day_at(name: &[u8], at: usize) -> Option<i64> {
    if at > 0 && name[at - 1].is_ascii_digit() {
        return None;
    }
    let text = &name[at..];
    let digits = text.iter().take_while(|b| b.is_ascii_digit()).count();
    let number = |from: usize, len: usize| {
        let digits = text.get(from..from + len)?;
        let all = digits.iter().all(u8::is_ascii_digit);
        all.then(|| digits.iter().fold(0, |n, b| 10 * n + u32::from(b - b'0')))
    };
    let (month, day) = match (digits, text.get(4), text.get(7), text.get(10)) {
        // Maybe with the time of day behind it.
        (8 | 14, ..) => (number(4, 2)?, number(6, 2)?),
        (4, Some(one @ (b'-' | b'_' | b'.')), Some(other), behind)
            if one == other && !behind.is_some_and(u8::is_ascii_digit) =>
        {
            (number(5, 2)?, number(8, 2)?)
        }
        _ => return None,
    };
    let year = i64::from(number(0, 4)?);
    let is_date = (1990..=2099).contains(&year)
        && (1..=12).contains(&month)
        && (1..=days_in(year, month)).contains(&day);
    is_date.then(|| day_of(year, month, day))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_a_day_or_none() {
        let day = Some(day_of(2026, 11, 23));
        for (name, want) in [
            ("app-2026-11-23.log", day),
            ("20261123.log", day),
            ("logs/access.log.2026-11-23", day),
            ("access.log-20261123.gz", day),
            ("2026_11_23_app.log", day),
            ("app.2026.11.23.log", day),
            ("app-20261123143005.log", day),
            ("app-20261123-143005-4711.log", day),
            ("2026-11-23/app-2026-11-23.log", day),
            ("2026-11-23/app.log", None),
            ("app-2026-11-23-2026-11-24.log", None),
            ("app-2026-13-23.log", None),
            ("app-2026-11_23.log", None),
            ("app-2026-11-231.log", None),
            ("app-1795444205.log", None),
            ("120261123.log", None),
            ("app-20260230.log", None),
            ("2026", None),
            ("", None),
        ] {
            assert_eq!(day_in_name(Path::new(name)), want, "{name}");
        }
    }
}
