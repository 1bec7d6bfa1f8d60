//! Finding out how a source writes its timestamps.

use super::{
    Format, Place, Shape, Stamp, Year, YearFrom, Zone,
    custom::Custom,
    place::{Locator, NAMES, behind_columns, start},
    shape::ALL,
};
use crate::{error::Result, line::Lines};

/// How many lines are looked at.
const LINES: usize = 1000;

/// How many columns may stand before a timestamp.
const COLUMNS: u8 = 8;

/// What the caller knows about the timestamps of a source.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// How they are written. Default: look.
    pub shape: Option<Shape>,
    /// The zone of those that name none. Default: UTC.
    pub zone: Zone,
    /// The year of the first, where they have none.
    pub base_year: Option<i64>,
    /// Otherwise: when the source was last written, in seconds since 1970.
    pub modified: Option<i64>,
    /// Otherwise: what time it is, in seconds since 1970.
    pub now: Option<i64>,
}

impl Shape {
    /// The shape of this name, or that of a `strptime` format; `None` if it
    /// is `auto`.
    ///
    /// # Errors
    /// When it is neither.
    pub fn parse(text: &str) -> Result<Option<Shape>> {
        match (text, Shape::named(text)) {
            ("auto", _) => Ok(None),
            (_, Some(shape)) => Ok(Some(shape)),
            (_, None) => Custom::new(text).map(|custom| Some(Shape::Custom(custom))),
        }
    }
}

impl Format {
    /// How the source that begins like this writes its timestamps: as most of
    /// its first 1,000 lines that have one. `None` if none has.
    ///
    /// `first` are whole lines, or the last of them is left out by the caller.
    pub fn detect(first: &[u8], options: &Options) -> Option<Format> {
        let mut votes: Vec<(u32, Place, Shape)> = Vec::new();
        for range in Lines::new(first, b'\n').take(LINES) {
            let line = &first[range];
            let found = match &options.shape {
                None => of_line(line),
                Some(shape) => place_of(line, shape).map(|place| (place, shape.clone())),
            };
            let Some((place, shape)) = found else {
                continue;
            };
            let known = votes.iter_mut().find(|v| v.1 == place && v.2 == shape);
            match known {
                Some(vote) => vote.0 += 1,
                None => votes.push((1, place, shape)),
            }
        }
        // The first seen of those seen most.
        votes.reverse();
        let (_, place, shape) = votes.into_iter().max_by_key(|vote| vote.0)?;
        let mut format = Format {
            place,
            shape,
            zone: options.zone.clone(),
            year: None,
        };
        if !format.shape.has_year() {
            format.year = Some(format.year_of(first, options));
        }
        Some(format)
    }

    fn year_of(&self, first: &[u8], options: &Options) -> Year {
        let mut reader = self.reader();
        let stamp = Lines::new(first, b'\n').find_map(|range| reader.without_year(&first[range]));
        let stamp = stamp.map_or(0, Stamp::second);
        if let Some(year) = options.base_year {
            return Year::said(year, stamp);
        }
        let (instant, from) = match (options.modified, options.now) {
            (Some(modified), _) => (modified, YearFrom::Mtime),
            (None, Some(now)) => (now, YearFrom::Clock),
            (None, None) => (0, YearFrom::Nothing),
        };
        let wall = instant.saturating_add(self.zone.offset_at(instant));
        Year::until(wall, from, stamp)
    }
}

/// Where the line has a timestamp of some shape, and which.
fn of_line(line: &[u8]) -> Option<(Place, Shape)> {
    if line.first() == Some(&b'{') {
        return named(line, |name| Place::Json(name.to_string()));
    }
    let at_start = shape_at(&line[start(line)..]);
    if let Some(shape) = at_start {
        return Some((Place::Start, shape));
    }
    if reads(line, &Place::Bracket, &Shape::Clf) {
        return Some((Place::Bracket, Shape::Clf));
    }
    let fields = named(line, |name| Place::Logfmt(name.to_string()));
    fields.or_else(|| {
        (1..=COLUMNS).find_map(|column| {
            let behind = &line[behind_columns(line, column)?..];
            let opened = behind.first().is_some_and(|b| b"[(\"'".contains(b));
            let shape = shape_at(&behind[usize::from(opened)..])?;
            Some((Place::Column(column), shape))
        })
    })
}

fn named(line: &[u8], place: impl Fn(&str) -> Place) -> Option<(Place, Shape)> {
    NAMES.into_iter().find_map(|name| {
        let place = place(name);
        let shape = Locator::new(&place).locate(line, |at| shape_at(&line[at..]))?;
        Some((place, shape))
    })
}

fn shape_at(text: &[u8]) -> Option<Shape> {
    if !text.first()?.is_ascii_alphanumeric() {
        return None;
    }
    ALL.into_iter().find(|shape| shape.front(text).is_some())
}

fn reads(line: &[u8], place: &Place, shape: &Shape) -> bool {
    let locator = Locator::new(place);
    let found = locator.locate(line, |at| shape.front(&line[at..]));
    found.is_some()
}

/// Where the line has a timestamp of this shape.
fn place_of(line: &[u8], shape: &Shape) -> Option<Place> {
    let names = NAMES.map(|name| Place::Json(name.to_string()));
    let fields = NAMES.map(|name| Place::Logfmt(name.to_string()));
    let columns = (1..=COLUMNS).map(Place::Column);
    std::iter::once(Place::Start)
        .chain(columns)
        .chain([Place::Bracket])
        .chain(names)
        .chain(fields)
        .find(|place| reads(line, place, shape))
}

/// Whether an event begins with this line, given without its end: it starts
/// with a timestamp of any shape that can be found by looking, is a line of a
/// web server's log, or starts with `{"`.
///
/// Before the timestamp may stand `[`, `(`, a quote, syslog's `<34>1 `, or a
/// column of capitals and punctuation (a level). It is judged by this line
/// alone, so that every cut of a source judges it alike.
pub fn starts_event(line: &[u8]) -> bool {
    match line.first() {
        None | Some(b' ' | b'\t' | b'\r' | b'}') => return false,
        Some(b'{') => return line.get(1) == Some(&b'"'),
        Some(_) => {}
    }
    if shape_at(&line[start(line)..]).is_some() {
        return true;
    }
    let head = &line[..line.len().min(256)];
    let first = head.iter().take_while(|&&b| b != b' ').count();
    let capitals = |b: &u8| b.is_ascii_uppercase() || b"-[]:,|".contains(b);
    if first <= 12 && head[..first].iter().all(capitals) {
        let behind = behind_columns(head, 1).unwrap_or(head.len());
        let behind = &head[behind..];
        return shape_at(&behind[start(behind)..]).is_some();
    }
    reads(head, &Place::Bracket, &Shape::Clf)
}

#[cfg(test)]
mod tests;
