//! The years of the lines of a file whose timestamps say none, and the days of those that
//! say the time of day alone.

use std::ops::{Range, RangeInclusive};

use memchr::memchr;
use serde::{Deserialize, Serialize};

use super::{
    Chosen, Format, Reader, Shape, YearFrom,
    stamp::DAY,
    year::{after, in_year, nearest, year_of},
};

/// A time that lines of a file are near to.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Anchor {
    /// Where in the file: lines from this byte on, up to the next anchor.
    pub(super) from: u64,
    /// What a clock shows, in seconds.
    pub(super) wall: i64,
}

/// What timestamps do not say.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Lacks {
    /// Lines are of the year that brings them nearest to the line before.
    Year,
    /// Lines are of the day that brings them behind the line before, or at most an hour
    /// before it.
    Day,
}

/// Files of at most so many bytes are read whole.
const WHOLE: u64 = 64 << 10;

/// At so many places, at the same distance from each other, other files are looked at.
const PLACES: u64 = 256;

/// How many more places are looked at where time passes fast from one place to the next.
const MORE: usize = 1024;

/// Where a place begins, so many bytes are looked through for a timestamp.
const PLACE: u64 = 8 << 10;

/// How much of a line is looked at: timestamps stand near its start.
const LINE: u64 = 4 << 10;

/// A line that says when it was written, but for the year or the day.
#[derive(Clone, Copy, Debug)]
struct Sample {
    at: u64,
    /// In [`NO_YEAR`](super::NO_YEAR), or on any day.
    wall: i64,
}

impl Lacks {
    /// The time of a line behind one of this time.
    fn place(self, wall: i64, near: i64) -> i64 {
        match self {
            Lacks::Year => nearest(wall, near),
            Lacks::Day => after(wall, near),
        }
    }

    /// From one place to the next it is taken to be known how much time passed if it is
    /// this; else it is looked between them.
    fn steps(self) -> RangeInclusive<i64> {
        match self {
            Lacks::Year => -DAY..=45 * DAY,
            Lacks::Day => -3600..=6 * 3600,
        }
    }

    /// How far from an anchor lines may be for which there is none of their own: so near
    /// that the lines from there to the next place are told by it as well.
    fn reach(self) -> RangeInclusive<i64> {
        match self {
            Lacks::Year => -60 * DAY..=60 * DAY,
            Lacks::Day => 0..=2 * 3600,
        }
    }

    /// Lines that seem to be of more time than this are in no order, or of many logs.
    fn longest(self) -> u64 {
        let days = match self {
            Lacks::Year => 50 * 366,
            Lacks::Day => 366,
        };
        days * DAY.unsigned_abs()
    }
}

impl Format {
    /// Finds the years of the lines of a file of this length, where timestamps say none: by
    /// their order, the last of them before the file was last written, or the first in the
    /// year that was said. Where they say the time of day alone, the first is of the day that
    /// is known. It is looked at some places of the file, which depend on its bytes alone.
    /// `read` gets bytes from an offset on, and says whether it could.
    pub(crate) fn find_dates(&mut self, len: u64, read: &mut dyn FnMut(&mut [u8], u64) -> bool) {
        let lacks = match self.shape {
            Shape::TimeOfDay if self.date.is_some() => Lacks::Day,
            _ if self.year_of_most().is_some() => Lacks::Year,
            _ => return,
        };
        let mut looking = Sampler {
            lacks,
            reader: self.reader(),
            read,
            len,
            buffer: Vec::new(),
            left: MORE,
        };
        let samples = looking.samples();
        let walls = self.walls(&samples, lacks);
        let (Some(from), Some(to)) = (walls.iter().min(), walls.iter().max()) else {
            return;
        };
        if to.abs_diff(*from) > lacks.longest() {
            return;
        }
        if lacks == Lacks::Year {
            self.begin_in(year_of(walls[0]));
        }
        self.chosen.retain(|chosen| *chosen != Chosen::OneDay);
        for (sample, wall) in samples.iter().zip(walls) {
            let last = self.anchors.last();
            if last.is_none_or(|last| !lacks.reach().contains(&(wall - last.wall))) {
                self.anchors.push(Anchor {
                    from: sample.at,
                    wall,
                });
            }
        }
    }

    /// Notes the year of the first timestamp.
    fn begin_in(&mut self, first: i64) {
        if let Some(year) = &mut self.year {
            year.first = first;
        }
        for chosen in &mut self.chosen {
            if let Chosen::Year(year, _) = chosen {
                *year = first;
            }
        }
    }

    /// What clocks showed, date included, where this was written one behind the other.
    fn walls(&self, samples: &[Sample], lacks: Lacks) -> Vec<i64> {
        let (Some(first), Some(last)) = (samples.first(), samples.last()) else {
            return Vec::new();
        };
        let from = |mut near: i64| {
            let each = samples.iter().map(move |sample| {
                near = lacks.place(sample.wall, near);
                near
            });
            each.collect::<Vec<i64>>()
        };
        let Some(year) = self.year_of_most() else {
            return from(first.wall);
        };
        let walls = from(in_year(first.wall, year.first));
        let end = walls.last().map_or(0, |wall| year_of(*wall));
        let off = year_of(year.place(last.wall)) - end;
        if year.from == YearFrom::Option || off == 0 {
            return walls;
        }
        from(in_year(first.wall, year.first + off))
    }
}

/// Looks for timestamps at places of a file.
struct Sampler<'a> {
    lacks: Lacks,
    reader: Reader,
    read: &'a mut dyn FnMut(&mut [u8], u64) -> bool,
    len: u64,
    buffer: Vec<u8>,
    /// How many more places may be looked at.
    left: usize,
}

impl Sampler<'_> {
    fn samples(&mut self) -> Vec<Sample> {
        if self.len <= WHOLE {
            return self.of_lines(0..self.len, usize::MAX);
        }
        let (step, mut samples) = (self.len / PLACES, Vec::new());
        for place in (0..PLACES).map(|i| i * step) {
            let sample = self.of_lines(place..place + PLACE, 1).pop();
            self.add(sample, &mut samples);
        }
        let last = self.of_lines(self.len - WHOLE..self.len, usize::MAX);
        self.add(last.last().copied(), &mut samples);
        samples
    }

    /// Adds a sample, and what is known between the one before it and this one.
    fn add(&mut self, sample: Option<Sample>, samples: &mut Vec<Sample>) {
        match (samples.last().copied(), sample) {
            (Some(last), Some(sample)) if last.at < sample.at => {
                self.between(last, sample.at, sample, samples);
            }
            (None, Some(sample)) => samples.push(sample),
            _ => {}
        }
    }

    /// Adds what is known between two samples, and the later one. Between `upto` and that
    /// one there is none.
    fn between(&mut self, a: Sample, upto: u64, b: Sample, samples: &mut Vec<Sample>) {
        let passed = self.lacks.place(b.wall, a.wall) - a.wall;
        if self.lacks.steps().contains(&passed) || self.left == 0 || upto <= a.at + 1 {
            samples.push(b);
            return;
        }
        self.left -= 1;
        if upto - a.at <= 2 * PLACE {
            let all = self.of_lines(a.at + 1..upto, usize::MAX);
            samples.extend(all);
            samples.push(b);
            return;
        }
        let middle = a.at + (upto - a.at) / 2;
        match self.of_lines(middle..upto.min(middle + PLACE), 1).pop() {
            Some(sample) => {
                self.between(a, middle, sample, samples);
                self.between(sample, upto, b, samples);
            }
            None => self.between(a, middle, b, samples),
        }
    }

    /// The lines that begin in a part of the file and say when they were written, but for
    /// the year or the day; the first `most` of them.
    fn of_lines(&mut self, part: Range<u64>, most: usize) -> Vec<Sample> {
        // The byte before tells whether a line begins with the first one.
        let (from, to) = (part.start.saturating_sub(1), self.len.min(part.end + LINE));
        self.buffer.resize(to.saturating_sub(from) as usize, 0);
        if !(self.read)(&mut self.buffer, from) {
            return Vec::new();
        }
        let bytes = &self.buffer[..];
        let mut at = match part.start {
            0 => 0,
            _ => memchr(b'\n', bytes).map_or(bytes.len(), |newline| newline + 1),
        };
        let mut samples = Vec::new();
        while at < bytes.len() && from + (at as u64) < part.end && samples.len() < most {
            let end = memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |newline| at + newline);
            if let Some(wall) = self
                .reader
                .undated(&bytes[at..end], self.lacks == Lacks::Day)
            {
                let at = from + at as u64;
                samples.push(Sample { at, wall });
            }
            at = end + 1;
        }
        samples
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;
    use crate::time::{Options, Stamp, Zone, stamp::day_of};

    /// Lines of a log, so many each day from one day to another.
    fn log(from: (i64, u32, u32), days: i64, each: i64, rest: &str) -> (String, Vec<Stamp>) {
        const MONTHS: [&str; 12] = [
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
        ];
        let (mut text, mut stamps) = (String::new(), Vec::new());
        for day in 0..days {
            let wall = (day_of(from.0, from.1, from.2) + day) * DAY;
            let (_, month, number) = crate::time::stamp::date_of(wall.div_euclid(DAY));
            for i in 0..each {
                let month = MONTHS[month as usize - 1];
                let second = i % 60;
                writeln!(text, "{month} {number:2} 00:00:{second:02} h x: {rest}").unwrap();
                stamps.push(Stamp::new(wall + second, 0).unwrap());
            }
        }
        (text, stamps)
    }

    fn format(text: &str, modified: Option<i64>, base_year: Option<i64>) -> Format {
        let head = &text.as_bytes()[..text.len().min(WHOLE as usize)];
        let options = Options {
            modified,
            base_year,
            zone: Zone::utc(),
            ..Options::default()
        };
        let mut format = Format::detect(head, &options).expect("a format");
        format.find_dates(text.len() as u64, &mut |buffer, at| {
            let at = at as usize;
            buffer.copy_from_slice(&text.as_bytes()[at..at + buffer.len()]);
            true
        });
        format
    }

    fn read(format: &Format, text: &str, backwards: bool) -> Vec<Stamp> {
        let mut reader = format.reader();
        let mut at = 0;
        let mut lines: Vec<(u64, &str)> = Vec::new();
        for line in text.split_inclusive('\n') {
            lines.push((at, line));
            at += line.len() as u64;
        }
        if backwards {
            lines.reverse();
        }
        let stamps = lines.iter();
        let stamps = stamps.filter_map(|(at, line)| reader.stamp_at(line.as_bytes(), *at));
        let mut stamps: Vec<Stamp> = stamps.collect();
        if backwards {
            stamps.reverse();
        }
        stamps
    }

    #[test]
    fn the_year_of_each_line_follows_from_where_it_stands() {
        let long = "x".repeat(900);
        // A quiet log in which almost all is of a single day; one with a gap.
        let (mut bursts, mut bursts_at) = log((2022, 11, 20), 500, 1, "quiet");
        let (busy, busy_at) = log((2024, 4, 3), 1, 40_000, "busy");
        let (after, after_at) = log((2024, 4, 4), 700, 1, "quiet");
        bursts += &(busy + &after);
        bursts_at.extend([busy_at, after_at].concat());
        let (mut gap, mut gap_at) = log((2023, 1, 5), 300, 20, "x");
        let (after, after_at) = log((2024, 4, 5), 300, 20, "x");
        gap += &after;
        gap_at.extend(after_at);
        for (name, (text, want)) in [
            ("days", log((2024, 10, 1), 487, 1, "a")),
            ("a year", log((2024, 12, 1), 62, 100, &long)),
            ("leap years", log((2023, 2, 1), 1200, 40, "a")),
            ("long lines", log((2019, 6, 1), 2500, 2, &long)),
            ("bursts", (bursts, bursts_at)),
            ("a gap", (gap, gap_at)),
        ] {
            let written = want.last().expect("lines").second() + 3600;
            let first = year_of(want[0].second());
            for (modified, base_year) in [(Some(written), None), (None, Some(first))] {
                let format = format(&text, modified, base_year);
                assert!(format.is_sound() && !format.anchors.is_empty(), "{name}");
                assert!(format.anchors.len() < 100, "{name}");
                assert_eq!(format.year.map(|year| year.first), Some(first), "{name}");
                assert!(read(&format, &text, false) == want, "{name}");
                assert!(read(&format, &text, true) == want, "{name}");
            }
        }
    }

    /// A line is judged alone by who does not say where it stands, whatever was asked before.
    #[test]
    fn a_line_of_nowhere_is_judged_alone() {
        let (text, want) = log((2024, 10, 1), 487, 1, "a");
        let written = want.last().expect("lines").second();
        let format = format(&text, Some(written), None);
        let mut reader = format.reader();
        let line = text.lines().next().expect("a line").as_bytes();
        let alone = reader.stamp(line);
        assert_ne!(alone, Some(want[0]));
        assert_eq!(reader.stamp_at(line, 0), Some(want[0]));
        assert_eq!(reader.stamp(line), alone);
        assert_eq!(reader.stamp_at(line, 0), Some(want[0]));
    }

    /// Where nothing can be read, or lines are in no order, each is judged alone.
    #[test]
    fn what_has_no_order_has_no_anchors() {
        let hosts: String = (0..90).map(|_| log((2024, 1, 1), 350, 1, "a").0).collect();
        assert_eq!(format(&hosts, Some(1_735_000_000), None).anchors, []);
        let options = Options::default();
        let mut format = Format::detect(b"Oct  1 12:00:00 h x: a\n", &options).unwrap();
        format.find_dates(23, &mut |_, _| false);
        assert_eq!(format.anchors, []);
    }
}
