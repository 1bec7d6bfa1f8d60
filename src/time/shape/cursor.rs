//! Reading forward through the bytes of a timestamp.

use super::{Front, NO_YEAR, names};
use crate::time::stamp::{DAY, day_of, days_in};

/// Reads forward through some text.
pub(super) struct Cursor<'t> {
    pub(super) text: &'t [u8],
    pub(super) at: usize,
    /// The time of day that was read has no seconds.
    ends_with_minute: bool,
}

impl<'t> Cursor<'t> {
    pub(super) fn new(text: &'t [u8]) -> Cursor<'t> {
        Cursor::from(text, 0)
    }

    /// From this place on.
    pub(super) fn from(text: &'t [u8], at: usize) -> Cursor<'t> {
        Cursor {
            text,
            at,
            ends_with_minute: false,
        }
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    /// What was not read yet.
    pub(super) fn rest(&self) -> &'t [u8] {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Exactly so many digits.
    #[inline]
    pub(super) fn digits(&mut self, count: usize) -> Option<u32> {
        let text = self.text.get(self.at..self.at + count)?;
        let mut number = 0;
        for &byte in text {
            let digit = u32::from(byte.wrapping_sub(b'0'));
            if digit > 9 {
                return None;
            }
            number = number * 10 + digit;
        }
        self.at += count;
        Some(number)
    }

    /// Ten digits or fewer, as far as they fit.
    pub(super) fn number(&mut self, count: usize) -> Option<u32> {
        if count < 10 {
            return self.digits(count);
        }
        let high = self.digits(5)?;
        let low = self.digits(5)?;
        high.checked_mul(100_000)?.checked_add(low)
    }

    /// One or two digits.
    pub(super) fn one_or_two(&mut self) -> Option<u32> {
        self.digits(2).or_else(|| self.digits(1))
    }

    /// One or two digits, or a space and a digit.
    pub(super) fn loose(&mut self) -> Option<u32> {
        if self.peek() == Some(b' ') {
            self.at += 1;
            return self.digits(1);
        }
        self.one_or_two()
    }

    /// One of these bytes.
    #[inline]
    pub(super) fn one_of(&mut self, bytes: &[u8]) -> Option<u8> {
        let byte = self.peek().filter(|byte| bytes.contains(byte))?;
        self.at += 1;
        Some(byte)
    }

    /// The first of these texts that comes next.
    pub(super) fn text_of(&mut self, texts: &[&[u8]]) -> Option<()> {
        let text = texts.iter().find(|text| self.rest().starts_with(text))?;
        self.at += text.len();
        Some(())
    }

    /// A month: the first three letters of its English name, or any name of it that
    /// [`names::month`] knows.
    pub(super) fn month(&mut self) -> Option<u32> {
        let name = self.text.get(self.at..self.at + 3)?;
        let more = self.text.get(self.at + 3);
        if !more.is_some_and(|&b| names::is_letter(b) || b == b'.') {
            let known = name
                .first_chunk::<3>()
                .copied()
                .and_then(names::short_month);
            if known.is_some() {
                self.at += 3;
                return known;
            }
        }
        let (month, len) = names::month(self.rest())?;
        self.at += len;
        Some(month)
    }

    /// A day of the week, by the first three letters of its English name.
    pub(super) fn weekday(&mut self) -> Option<()> {
        names::is_weekday(self.rest()).then(|| self.at += 3)
    }

    /// `HH:MM:SS` with one of these between the numbers.
    #[inline]
    pub(super) fn clock(&mut self, between: &[u8]) -> Option<i64> {
        let hour = self.digits(2)?;
        let colon = self.one_of(between)?;
        let minute = self.digits(2)?;
        self.one_of(&[colon])?;
        time(hour, minute, self.digits(2)?)
    }

    /// `H:MM` or `H:MM:SS`, as people and Windows write it.
    pub(super) fn loose_clock(&mut self) -> Option<i64> {
        let hour = self.one_or_two()?;
        let colon = self.one_of(b":.")?;
        let minute = self.digits(2)?;
        let whole = self.at;
        let second = self.one_of(&[colon]).and_then(|_| self.digits(2));
        if second.is_none() {
            self.at = whole;
            // `14.30` may be any number.
            if colon == b'.' {
                return None;
            }
            self.ends_with_minute = true;
        }
        time(hour, minute, second.unwrap_or(0))
    }

    /// A year of four digits, or of two.
    pub(super) fn any_year(&mut self) -> Option<i64> {
        match self.digits(4) {
            Some(year) => Some(year.into()),
            None => self.digits(2).map(century),
        }
    }

    pub(super) fn front(&self, date: i64, time: i64) -> Front {
        Front {
            len: self.at,
            wall: date * DAY + time,
            nanos: 0,
            offset: None,
            is_ambiguous: false,
            ends_with_minute: self.ends_with_minute,
        }
    }
}

/// Seconds since midnight, if clocks show this.
pub(super) fn time(hour: u32, minute: u32, second: u32) -> Option<i64> {
    // A leap second is the first of the next minute.
    let known = hour < 24 && minute < 60 && second <= 60;
    known.then(|| i64::from(hour * 3600 + minute * 60 + second))
}

/// The day, if the calendar has it.
pub(super) fn date(year: i64, month: u32, day: u32) -> Option<i64> {
    let known = (1..=12).contains(&month) && (1..=days_in(year, month)).contains(&day);
    known.then(|| day_of(year, month, day))
}

/// The day of a date without a year.
pub(super) fn undated(month: u32, day: u32) -> Option<i64> {
    date(NO_YEAR, month, day)
}

/// A year of two digits: 1970 to 2069.
pub(super) fn century(year: u32) -> i64 {
    i64::from(year) + if year < 70 { 2000 } else { 1900 }
}
