//! Reading the timestamps of many lines.

use std::ops::Range;

use super::{
    DAY, Format, Place, Shape, Stamp, Year, Zone,
    anchor::Anchor,
    place::Locator,
    shape::{Front, Zoned, fraction, front_at, meridiem, on_twelve_hours, zone},
    year::{after, in_year, nearest},
    zone::Constant,
};
use crate::visible::Visible;

/// A timestamp in a line.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Found {
    /// Where it is, fraction and zone included.
    pub range: Range<usize>,
    /// The instant it says.
    pub stamp: Stamp,
}

const EVERYWHERE: Range<u64> = 0..u64::MAX;
const NOWHERE: Range<u64> = 0..0;

/// Reads the timestamps of many lines, with the format of their source.
///
/// It remembers what the last one said, and reads the next by comparing: most
/// lines of a log share their second with the line before. What it says of a
/// line depends on that line alone, and where timestamps have no year on where it stands:
/// of the forms of its source, the first that it has.
#[derive(Clone, Debug)]
pub struct Reader {
    first: FormReader,
    others: Vec<FormReader>,
    visible: Visible,
    anchors: Vec<Anchor>,
    /// Where the lines stand that are read by the same anchor.
    here: Range<u64>,
}

impl Reader {
    pub(super) fn new(format: &Format) -> Reader {
        let others = format.others.iter();
        Reader {
            first: FormReader::new(format, &format.place, &format.shape),
            others: others
                .map(|form| FormReader::new(format, &form.place, &form.shape))
                .collect(),
            visible: Visible::default(),
            anchors: format.anchors.clone(),
            here: if format.anchors.is_empty() {
                EVERYWHERE
            } else {
                NOWHERE
            },
        }
    }

    /// When a line was written that begins at this absolute offset of its source.
    #[inline]
    pub fn stamp_at(&mut self, line: &[u8], offset: u64) -> Option<Stamp> {
        if !self.here.contains(&offset) {
            self.go_to(offset);
        }
        self.read(line, |_, read, _| Stamp::new(read.instant, read.nanos))
    }

    /// When the line was written, judged alone.
    #[inline]
    pub fn stamp(&mut self, line: &[u8]) -> Option<Stamp> {
        self.leave();
        self.read(line, |_, read, _| Stamp::new(read.instant, read.nanos))
    }

    /// What follows stands from there on.
    #[cold]
    fn go_to(&mut self, offset: u64) {
        // What comes before the first has no timestamp that was seen.
        let before = self.anchors.partition_point(|anchor| anchor.from <= offset);
        let at = before.max(1) - 1;
        let from = |at: usize| self.anchors.get(at).map_or(u64::MAX, |anchor| anchor.from);
        self.here = if at == 0 { 0 } else { from(at) }..from(at + 1);
        let near = self.anchors.get(at).map(|anchor| anchor.wall);
        self.go_near(near);
    }

    /// What follows stands nowhere.
    #[inline]
    fn leave(&mut self) {
        if !self.anchors.is_empty() && self.here != NOWHERE {
            self.here = NOWHERE;
            self.go_near(None);
        }
    }

    fn go_near(&mut self, wall: Option<i64>) {
        self.first.clock.go_near(wall);
        for form in &mut self.others {
            form.clock.go_near(wall);
        }
    }

    /// What the line says of when it was written, as a clock shows it in a year that has
    /// every day; `None` where it says the year. `of_day`: of timestamps that say the time of
    /// day alone, as if all were of one day.
    pub(super) fn undated(&mut self, line: &[u8], of_day: bool) -> Option<i64> {
        let wall = self.read(line, |_, read, has_year| Some((read.wall, has_year)));
        let wall = wall.filter(|(_, has_year)| of_day || !has_year);
        wall.map(|(wall, _)| wall)
    }

    /// The time of a line in a year that has every day, as a clock shows it: for
    /// timestamps without a year, whose years are found by their order.
    #[inline]
    pub(crate) fn without_year(&mut self, line: &[u8]) -> Option<Stamp> {
        self.read(line, |_, read, has_year| {
            let wall = if has_year {
                in_year(read.wall, super::NO_YEAR)
            } else {
                read.wall
            };
            Stamp::new(wall, read.nanos)
        })
    }

    /// When the line was written, judged alone, and where it says so.
    pub fn find(&mut self, line: &[u8]) -> Option<Found> {
        self.leave();
        let found = |start, read: Read, _| {
            Some(Found {
                range: start..start + read.len,
                stamp: Stamp::new(read.instant, read.nanos)?,
            })
        };
        if !Visible::is_needed(line) {
            return self.read(line, found);
        }
        let mut visible = std::mem::take(&mut self.visible);
        visible.fill(line);
        let found = self.read_plain(&visible.bytes, found).map(|found| {
            let Range { start, end } = found.range;
            Found {
                range: visible.place(start)..visible.place(end.saturating_sub(1)) + 1,
                stamp: found.stamp,
            }
        });
        self.visible = visible;
        found
    }

    /// What is made of where a timestamp stands, what it says, and whether that is a year.
    #[inline]
    fn read<T>(
        &mut self,
        line: &[u8],
        then: impl Fn(usize, Read, bool) -> Option<T> + Copy,
    ) -> Option<T> {
        if Visible::is_needed(line) {
            let mut visible = std::mem::take(&mut self.visible);
            visible.fill(line);
            let made = self.read_plain(&visible.bytes, then);
            self.visible = visible;
            return made;
        }
        self.read_plain(line, then)
    }

    #[inline]
    fn read_plain<T>(
        &mut self,
        line: &[u8],
        then: impl Fn(usize, Read, bool) -> Option<T> + Copy,
    ) -> Option<T> {
        let made = self.first.read(line, then);
        if made.is_none() && !self.others.is_empty() {
            let mut others = self.others.iter_mut();
            return others.find_map(|form| form.read(line, then));
        }
        made
    }
}

/// Reads one form.
#[derive(Clone, Debug)]
pub(super) struct FormReader {
    locator: Locator,
    clock: Clock,
}

impl FormReader {
    pub(super) fn new(format: &Format, place: &Place, shape: &Shape) -> FormReader {
        FormReader {
            locator: Locator::new(place),
            clock: Clock {
                zone: format.zone.clone(),
                is_zone_said: format.zone != Zone::utc(),
                year: format.year.filter(|_| !shape.has_year()),
                near: None,
                date: format.date,
                fraction: shape.has_fraction(),
                meridiem: shape.has_meridiem(),
                zoned: shape.has_zone(),
                is_time_of_day: *shape == Shape::TimeOfDay,
                has_year: shape.has_year(),
                shape: shape.clone(),
                memo: Memo::default(),
                constant: Constant::NEVER,
                named: None,
            },
        }
    }

    #[inline]
    fn read<T>(&mut self, line: &[u8], then: impl Fn(usize, Read, bool) -> Option<T>) -> Option<T> {
        let clock = &mut self.clock;
        self.locator.locate(line, |start| {
            then(start, clock.read(&line[start..])?, clock.has_year)
        })
    }

    /// What a clock shows where the line has this form, for comparing.
    pub(super) fn wall(&mut self, line: &[u8]) -> Option<i64> {
        self.read(line, |_, read, _| Some(read.wall))
    }

    /// Whether the line has this form, whatever its date.
    pub(super) fn has_front(&self, line: &[u8]) -> bool {
        let shape = &self.clock.shape;
        let front = self.locator.locate(line, |at| shape.front(&line[at..]));
        front.is_some()
    }

    /// The short name of a zone behind the timestamp that means several, and what it is
    /// taken to mean in seconds.
    pub(super) fn ambiguous_zone(&self, line: &[u8]) -> Option<(&'static str, i32)> {
        let clock = &self.clock;
        self.locator.locate(line, |start| {
            let text = &line[start..];
            let front = clock.shape.front(text)?;
            // It may stand within the front, in front of the year.
            let words = text[..front.len].split(|b| *b == b' ');
            let mut words = words.filter_map(|word| zone(word).map(|(zone, _)| zone));
            if let Some(found) = words.find_map(ambiguous) {
                return Some(found);
            }
            if !clock.zoned {
                return None;
            }
            let mut at = front.len;
            if clock.fraction {
                at += fraction(&text[at..]).map_or(0, |(_, len)| len);
            }
            if clock.meridiem {
                at += meridiem(&text[at..]).map_or(0, |(_, len)| len);
            }
            ambiguous(zone(&text[at..])?.0)
        })
    }
}

fn ambiguous(zone: Zoned<'_>) -> Option<(&'static str, i32)> {
    match zone {
        Zoned::East {
            seconds,
            ambiguous: Some(name),
        } => Some((name, seconds)),
        _ => None,
    }
}

/// What a timestamp says.
#[derive(Clone, Copy, Debug)]
struct Read {
    len: usize,
    instant: i64,
    wall: i64,
    nanos: u32,
}

/// The timestamp that the text starts with, read to its end only: how long it is, fraction
/// and zone included, and its shape.
pub(crate) fn skip(text: &[u8]) -> Option<(usize, &'static Shape)> {
    let (shape, front) = front_at(text)?;
    Some((front.len + rest_len(&text[front.len..], shape), shape))
}

/// How long the time of day without a date is that the text starts with.
pub(crate) fn clock_len(text: &[u8]) -> Option<usize> {
    let front = Shape::TimeOfDay.front(text)?;
    Some(front.len + rest_len(&text[front.len..], &Shape::TimeOfDay))
}

/// How long the fraction, the half of the day and the zone are together that stand
/// behind a front of this shape.
pub(crate) fn rest_len(text: &[u8], shape: &Shape) -> usize {
    let mut at = 0;
    if shape.has_fraction() {
        at += fraction(text).map_or(0, |(_, len)| len);
    }
    if shape.has_meridiem() {
        at += meridiem(&text[at..]).map_or(0, |(_, len)| len);
    }
    if shape.has_zone() {
        at += zone(&text[at..]).map_or(0, |(_, len)| len);
    }
    at
}

/// The part of a reader that does not know places.
#[derive(Clone, Debug)]
struct Clock {
    shape: Shape,
    zone: Zone,
    is_zone_said: bool,
    year: Option<Year>,
    /// A time that lines without a year or a day are near to, if one is known.
    near: Option<i64>,
    date: Option<i64>,
    has_year: bool,
    fraction: bool,
    meridiem: bool,
    zoned: bool,
    is_time_of_day: bool,
    memo: Memo,
    constant: Constant,
    /// The last zone that a timestamp named in full.
    named: Option<Named>,
}

/// The last front, and what it says.
#[derive(Clone, Debug, Default)]
struct Memo {
    text: [u8; 32],
    len: usize,
    wall: i64,
    nanos: u32,
    /// The instant, unless a zone follows.
    instant: i64,
}

impl Clock {
    #[inline]
    fn read(&mut self, text: &[u8]) -> Option<Read> {
        let len = self.memo.len;
        let known = len > 0
            && text.len() >= len
            && text[..len] == self.memo.text[..len]
            && !text.get(len).is_some_and(u8::is_ascii_digit);
        if !known {
            return self.read_anew(text);
        }
        let read = Read {
            len,
            instant: self.memo.instant,
            wall: self.memo.wall,
            nanos: self.memo.nanos,
        };
        Some(self.with_rest(text, read))
    }

    #[inline(never)]
    fn read_anew(&mut self, text: &[u8]) -> Option<Read> {
        let mut front = self.shape.front(text)?;
        if self.is_time_of_day {
            front.wall = self.date? * DAY + front.wall.rem_euclid(DAY);
        }
        let instant = self.instant(&front);
        // A format that was typed says itself how far it reads, and behind a minute the second
        // may follow in the next line.
        let varies = matches!(self.shape, Shape::Custom(_)) || front.ends_with_minute;
        if !varies && front.len <= self.memo.text.len() {
            self.memo.text[..front.len].copy_from_slice(&text[..front.len]);
            self.memo.len = front.len;
            self.memo.wall = front.wall;
            self.memo.nanos = front.nanos;
            self.memo.instant = instant;
        }
        let read = Read {
            len: front.len,
            instant,
            wall: front.wall,
            nanos: front.nanos,
        };
        Some(self.with_rest(text, read))
    }

    fn instant(&mut self, front: &Front) -> i64 {
        match front.offset {
            Some(offset) if !(front.is_ambiguous && self.is_zone_said) => {
                front.wall.saturating_sub(offset.into())
            }
            _ => self.instant_here(front.wall),
        }
    }

    /// The instant at which clocks of the source's zone show this.
    fn instant_here(&mut self, wall: i64) -> i64 {
        let wall = self.in_its_year(wall);
        if !self.constant.holds(wall) {
            self.constant = self.zone.constant(wall);
        }
        self.constant.instant(wall)
    }

    fn in_its_year(&self, wall: i64) -> i64 {
        match (self.year, self.near) {
            (_, Some(near)) if self.is_time_of_day => after(wall, near),
            (None, _) => wall,
            (_, Some(near)) => nearest(wall, near),
            (Some(year), None) => year.place(wall),
        }
    }

    fn go_near(&mut self, wall: Option<i64>) {
        if self.year.is_some() || self.is_time_of_day {
            self.near = wall;
            self.memo = Memo::default();
        }
    }

    /// Reads what follows the front.
    #[inline]
    fn with_rest(&mut self, text: &[u8], mut read: Read) -> Read {
        if self.fraction
            && let Some((nanos, len)) = fraction(&text[read.len..])
        {
            read.nanos = nanos;
            read.len += len;
        }
        if !self.zoned {
            return read;
        }
        // Most that name a zone name this one.
        if let [b'Z', rest @ ..] = &text[read.len..]
            && !rest.first().is_some_and(u8::is_ascii_alphanumeric)
        {
            read.instant = self.in_its_year(read.wall);
            read.len += 1;
            return read;
        }
        if self.meridiem
            && let Some((after_noon, len)) = meridiem(&text[read.len..])
        {
            read.wall = on_twelve_hours(read.wall, after_noon);
            read.instant = self.instant_here(read.wall);
            read.len += len;
        }
        match zone(&text[read.len..]) {
            None => read,
            Some((zone, len)) => self.in_zone(zone, len, read),
        }
    }

    fn in_zone(&mut self, zone: Zoned<'_>, len: usize, mut read: Read) -> Read {
        let wall = self.in_its_year(read.wall);
        read.instant = match zone {
            Zoned::East {
                ambiguous: Some(_), ..
            } if self.is_zone_said => read.instant,
            Zoned::East { seconds, .. } => wall.saturating_sub(seconds.into()),
            Zoned::Named(name) => match self.instant_in(name, wall) {
                Some(instant) => instant,
                None => return read,
            },
        };
        read.len += len;
        read
    }

    /// The instant at which clocks of the zone of this name show this, if there is one.
    fn instant_in(&mut self, name: &[u8], wall: i64) -> Option<i64> {
        if self.named.as_ref().is_none_or(|named| named.name != name) {
            self.named = Some(Named::new(name));
        }
        let named = self.named.as_mut()?;
        let zone = named.zone.as_ref()?;
        if !named.constant.holds(wall) {
            named.constant = zone.constant(wall);
        }
        Some(named.constant.instant(wall))
    }
}

/// A zone that a timestamp names in full.
#[derive(Clone, Debug)]
struct Named {
    name: Vec<u8>,
    /// `None` if there is none of this name.
    zone: Option<Zone>,
    constant: Constant,
}

impl Named {
    fn new(name: &[u8]) -> Named {
        let text = std::str::from_utf8(name).ok();
        Named {
            name: name.to_vec(),
            zone: text.and_then(|name| Zone::named(name).ok()),
            constant: Constant::NEVER,
        }
    }
}
