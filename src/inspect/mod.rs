//! What kind of file this is, from a look at its two ends.
//!
//! [`inspect`] reads a bounded number of bytes whatever the size: the first
//! quarter of a mebibyte, a few places between, and the end. What follows from
//! that is a guess about the rest, and good for choosing what to ask next;
//! [`Inspection::commands`] are five such questions; [`Inspection::kinds`] and
//! [`Inspection::measures`] are the fields worth one.

mod commands;
mod fields;
mod form;
mod glance;
mod lines;
mod telling;

pub use fields::Field;
pub use form::Form;
pub use lines::LineCount;

use std::cmp::Reverse;

use self::glance::Glance;
use crate::{
    error::{Error, Result},
    exec::Stop,
    format::{Formats, LogFormat},
    header::{Header, Level},
    source::{Source, utf16_without_mark},
    statistic::{Head, LineEnding},
    time::{self, Format, Stamp},
};

/// What a look at a source says.
#[derive(Debug)]
pub struct Inspection {
    /// Its length in bytes, as far as it is known without reading all of it.
    pub bytes: Option<u64>,
    /// How its text is written: `ascii`, `utf-8`, `utf-16le`, `utf-16be`,
    /// `binary`, or `unknown` if it is none of these.
    pub encoding: &'static str,
    /// How its lines end; `None` if there is no `\n` in the first bytes.
    pub line_ending: Option<LineEnding>,
    /// How many lines it has; `None` for a stream that goes on.
    pub lines: Option<LineCount>,
    /// When it was written.
    pub time: Option<TimeSpan>,
    /// What its records look like.
    pub form: Form,
    /// The known format that they have.
    pub format: Option<LogFormat>,
    /// Lines of one event, on average; 1 unless lines follow that belong to
    /// the event before.
    pub lines_per_event: f64,
    /// The levels that were seen, least severe first.
    pub levels: Vec<Level>,
    /// The fields of its records, those in most records first.
    pub fields: Vec<Field>,
    /// A number with its unit that occurs in messages: `ms`, `KiB`.
    pub unit: Option<String>,
    /// A typical record, without the end of its last line; a long one is cut.
    pub sample: Vec<u8>,
    /// Why not all that is looked at could be read; the rest is of what could.
    pub error: Option<Error>,
}

/// When the lines of a source were written.
#[derive(Clone, Debug, PartialEq)]
pub struct TimeSpan {
    /// How timestamps are written.
    pub format: Format,
    /// The first.
    pub first: Option<Stamp>,
    /// The last; `None` if it was not looked for, as in a stream, or there is
    /// none near the end.
    pub last: Option<Stamp>,
}

/// The longest sample, in bytes.
const SAMPLE: usize = 2048;

/// How many lines are looked at closely.
const LINES: usize = 500;

/// Looks at a source. `stored` are its first bytes as they are stored, or
/// nothing if they are not known; they tell the encoding of text that is
/// decoded.
///
/// # Errors
/// When nothing of it can be read.
pub fn inspect(source: &Source, stored: &[u8], times: &time::Options) -> Result<Inspection> {
    let mut glance = Glance::new(source)?;
    let times = times.of_source(source.name(), source.modified());
    let formats = Formats::default();
    let head = Head::of_source(source, (&times, true), Some(&formats))?
        .unwrap_or_else(|| Head::of_with(&glance.first, &times, Some(&formats)));
    let lines: Vec<&[u8]> = contents(&glance.first, head.line_ending)
        .take(LINES)
        .collect();
    let events = Events::of(&lines);
    let form = Form::of(&lines, head.format.as_ref());
    let counted = lines::count(source, &glance);
    let lines_all = counted.unwrap_or_else(|error| {
        glance.error.get_or_insert(error);
        None
    });
    let mut inspection = Inspection {
        bytes: source.len(),
        encoding: encoding(stored, &glance.first),
        line_ending: glance.first.contains(&b'\n').then_some(head.line_ending),
        lines: lines_all,
        time: span(source, head.time.as_ref(), &glance),
        lines_per_event: if form.is_named() {
            1.0
        } else {
            events.lines_per_event()
        },
        levels: levels(&lines),
        fields: Vec::new(),
        unit: fields::unit(&lines),
        sample: events.sample(&lines),
        form,
        format: head.format,
        error: None,
    };
    inspection.fields = fields::of(
        (&inspection.form, inspection.format.as_ref()),
        &lines,
        head.time.as_ref(),
    );
    inspection.error = glance.error;
    Ok(inspection)
}

/// Looks at the first bytes of a source only, the same ones however it is read.
/// Those of a stream are still there to be read. What is known of the rest, as
/// [`bytes`](Inspection::bytes), is not told.
///
/// # Errors
/// When none of them can be read.
pub fn inspect_head(source: &Source, times: &time::Options, stop: &Stop) -> Result<Inspection> {
    // One byte more tells whether this is all.
    let (head, error) = source.head_up_to(glance::FIRST as usize + 1, stop);
    match error {
        Some(error) if head.is_empty() => Err(error),
        error => Ok(Inspection {
            error,
            ..inspect(&Source::from_bytes(source.name(), head), &[], times)?
        }),
    }
}

/// The contents of some lines.
fn contents(bytes: &[u8], ending: LineEnding) -> impl Iterator<Item = &[u8]> {
    let lines = bytes.split_inclusive(|b| *b == b'\n');
    lines.map(move |line| {
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        &line[..ending.content_len(line)]
    })
}

fn encoding(stored: &[u8], text: &[u8]) -> &'static str {
    let sample = &text[..text.len().min(Head::BYTES)];
    let unmarked = utf16_without_mark(stored).map(encoding_rs::Encoding::name);
    match stored {
        _ if unmarked == Some("UTF-16LE") => "utf-16le",
        _ if unmarked == Some("UTF-16BE") => "utf-16be",
        [0xff, 0xfe, ..] => "utf-16le",
        [0xfe, 0xff, ..] => "utf-16be",
        _ if text.is_ascii() && !sample.contains(&0) => "ascii",
        _ if sample.contains(&0) => "binary",
        // The glance may end within a character.
        _ => match std::str::from_utf8(text) {
            Ok(_) => "utf-8",
            Err(error) if error.error_len().is_none() => "utf-8",
            Err(_) => "unknown",
        },
    }
}

fn span(source: &Source, format: Option<&Format>, glance: &Glance) -> Option<TimeSpan> {
    let format = format?;
    let mut reader = format.reader();
    let mut at = 0;
    let mut first = glance.first.split_inclusive(|b| *b == b'\n').take(LINES);
    let first = first.find_map(|line| {
        at += line.len() as u64;
        reader.stamp_at(line, at - line.len() as u64)
    });
    let tail = glance.tail();
    let mut behind = source.len().unwrap_or(tail.len() as u64) + 1;
    let mut last = tail.rsplit(|b| *b == b'\n');
    let last = last.find_map(|line| {
        behind -= line.len() as u64 + 1;
        reader.stamp_at(line, behind)
    });
    Some(TimeSpan {
        format: format.clone(),
        first,
        last,
    })
}

fn levels(lines: &[&[u8]]) -> Vec<Level> {
    let seen = lines.iter().filter_map(|line| Header::of(line).level);
    let mut levels: Vec<Level> = seen.collect();
    levels.sort_unstable();
    levels.dedup();
    levels
}

/// Where events begin among some lines.
struct Events {
    starts: Vec<usize>,
    lines: usize,
}

impl Events {
    fn of(lines: &[&[u8]]) -> Events {
        let starts = (0..lines.len()).filter(|i| time::starts_event(lines[*i]));
        Events {
            starts: starts.collect(),
            lines: lines.len(),
        }
    }

    fn lines_per_event(&self) -> f64 {
        match self.starts.as_slice() {
            [first, _, ..] => (self.lines - first) as f64 / self.starts.len() as f64,
            _ => 1.0,
        }
    }

    /// The event with the most lines of the first few, or the first line with
    /// something in it.
    fn sample(&self, lines: &[&[u8]]) -> Vec<u8> {
        let ends = self.starts.iter().skip(1).copied().chain([self.lines]);
        let spans = self.starts.iter().copied().zip(ends).take(20);
        // The first of those with as many lines.
        let longest = spans.min_by_key(|(from, to)| Reverse(to - from));
        let written = || lines.iter().find(|line| !line.trim_ascii().is_empty());
        let event = match longest {
            Some((from, to)) => lines[from..to].join(&b'\n'),
            None => written().map_or_else(Vec::new, |line| line.to_vec()),
        };
        event[..event.len().min(SAMPLE)].to_vec()
    }
}

#[cfg(test)]
mod tests;
