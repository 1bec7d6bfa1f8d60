//! Values cut out of a record by position.

use std::ops::Range;

use memchr::memmem;

use super::{
    Key, KeyOptions, Origin, RecordView,
    grammar::{config, needs_format},
    record::Slot,
    time::Clock,
    watch::Watched,
};
use crate::{
    error::Result,
    format::{self, FieldReader, JsonPath, LogfmtName, SaidFormat},
    template,
};

/// How a key that is not a capture is taken from a record.
#[derive(Clone, Debug)]
pub(super) enum Cut {
    BetweenSpaces(i32),
    Between(u8, i32),
    Json(JsonPath),
    Logfmt(Box<LogfmtName>),
    /// A column by its name, until the first line says which it is.
    Named {
        name: String,
        delimiter: Option<u8>,
    },
    Column {
        delimiter: u8,
        number: usize,
    },
    /// A field by its name, until the source says which format its records have; and
    /// what was said about that.
    Unknown(String, Option<SaidFormat>),
    /// A field of a format.
    Field {
        reader: Box<FieldReader>,
        /// The first line of the source names columns.
        header: bool,
        /// Lines that begin with `#` are no records.
        comments: bool,
    },
    /// An interval, and what reads timestamps once it is known how they are
    /// written.
    Time {
        seconds: u64,
        clock: Option<Box<Clock>>,
    },
    Path,
    Level,
    Line,
    Template,
}

impl Cut {
    /// How to take this key; `None` if it is a capture.
    pub(super) fn new(key: &Key, options: &KeyOptions) -> Result<Option<Cut>> {
        Ok(Some(match key {
            Key::Capture(_) | Key::Group(_) => return Ok(None),
            Key::Field(number) => match options.delimiter {
                None => Cut::BetweenSpaces(*number),
                Some(delimiter) => Cut::Between(delimiter, *number),
            },
            Key::Json(path) => Cut::Json(JsonPath::new(path)),
            Key::Logfmt(name) => Cut::Logfmt(Box::new(LogfmtName::new(name))),
            Key::Csv(name) => Cut::Named {
                name: name.clone(),
                delimiter: options.delimiter,
            },
            Key::Time(seconds) => Cut::Time {
                seconds: *seconds,
                clock: None,
            },
            Key::Path => Cut::Path,
            Key::Level => Cut::Level,
            Key::Line => Cut::Line,
            Key::Template => Cut::Template,
            Key::Named(name) => {
                if let Some(format) = &options.format {
                    format.check(name)?;
                }
                Cut::Unknown(name.clone(), options.format.clone())
            }
        }))
    }

    /// Whether the first line of the source is no record.
    pub(super) fn has_header(&self) -> bool {
        match self {
            Cut::Unknown(_, said) => said.as_ref().is_some_and(SaidFormat::has_header),
            Cut::Field { header, .. } => *header,
            cut => matches!(cut, Cut::Named { .. } | Cut::Column { .. }),
        }
    }

    /// Whether only the format of the records says where it is, and that was not said.
    pub(super) fn needs_format(&self) -> bool {
        matches!(self, Cut::Unknown(_, None))
    }

    /// What is cut out of the records of a source: which column has the name is known then.
    pub(super) fn resolved(&self, origin: &Origin<'_>) -> Result<Cut> {
        let (name, delimiter) = match self {
            Cut::Named { name, delimiter } => (name, delimiter),
            Cut::Time { seconds, .. } => {
                let clock = origin.time.map(|format| Clock::new(format, *seconds));
                return Ok(Cut::Time {
                    seconds: *seconds,
                    clock: clock.map(Box::new),
                });
            }
            Cut::Unknown(name, said) => return of_format(name, said.as_ref(), origin),
            _ => return Ok(self.clone()),
        };
        let line = origin.first_line;
        let delimiter = delimiter.unwrap_or_else(|| format::guess_delimiter(line));
        let names = format::header(line, delimiter);
        let number = names.iter().position(|column| column == name.as_bytes());
        let Some(number) = number else {
            let names = names.iter().map(|name| String::from_utf8_lossy(name));
            return Err(config(format!(
                "no column is called {name:?}; the first line has {}",
                names.collect::<Vec<_>>().join(", ")
            )));
        };
        Ok(Cut::Column { delimiter, number })
    }
}

/// What cuts out the field of this name, by the format that was said or that the source has.
fn of_format(name: &str, said: Option<&SaidFormat>, origin: &Origin<'_>) -> Result<Cut> {
    // What stands in no format by itself, but in pairs within what varies.
    let is_pair = origin.pairs.iter().any(|pair| pair == name);
    let pair = || Cut::Logfmt(Box::new(LogfmtName::new(name)));
    let (reader, header, comments) = match (said, origin.format) {
        (Some(said), _) => (
            said.field(name, origin.first_line, origin.columns)?,
            said.has_header(),
            said.has_comments(),
        ),
        (None, Some(format)) => match format.field(name) {
            Ok(reader) => (reader, format.has_header(), format.has_comments()),
            Err(_) if is_pair => return Ok(pair()),
            Err(error) => return Err(error),
        },
        (None, None) if is_pair => return Ok(pair()),
        // Nothing is in it that could have the field.
        (None, None) if origin.first_line.is_empty() => {
            return Ok(Cut::Unknown(name.to_string(), None));
        }
        (None, None) => return Err(needs_format(name)),
    };
    Ok(Cut::Field {
        reader: Box::new(reader),
        header,
        comments,
    })
}

/// What a thread needs to cut values out.
#[derive(Debug)]
pub(super) struct Cutter {
    cuts: Vec<(usize, Cut)>,
    header: bool,
    comments: bool,
    /// The names of columns in the first line that has them.
    columns: Vec<String>,
    /// The name of the source, and behind it what stands in no record.
    pub(super) scratch: Vec<u8>,
    path: usize,
    watched: Watched,
    /// Which of the cuts is the first of a column, and what stands between columns;
    /// `None` if there is none, or if it is known that records end within quotes.
    column: Option<(usize, u8)>,
}

impl Cutter {
    /// `cuts` are for the slots of these numbers.
    pub(super) fn new(cuts: Vec<(usize, Cut)>, origin: &Origin<'_>, watched: Watched) -> Cutter {
        let column = cuts
            .iter()
            .enumerate()
            .find_map(|(at, (_, cut))| match cut {
                Cut::Column { delimiter, .. } => Some((at, *delimiter)),
                Cut::Field { reader, .. } => Some((at, reader.delimiter()?)),
                _ => None,
            });
        Cutter {
            column: column.filter(|(at, _)| !watched.has_seen_quotes(*at)),
            header: cuts.iter().any(|(_, cut)| cut.has_header()),
            comments: cuts
                .iter()
                .any(|(_, cut)| matches!(cut, Cut::Field { comments: true, .. })),
            columns: origin.columns.to_vec(),
            cuts,
            scratch: origin.path.to_vec(),
            path: origin.path.len(),
            watched,
        }
    }

    /// True if there is nothing to cut out.
    pub(super) fn is_idle(&self) -> bool {
        self.cuts.is_empty()
    }

    /// Whether this is no record but names columns, or is a comment.
    #[inline]
    pub(super) fn is_header(&self, offset: u64, content: &[u8]) -> bool {
        if self.comments && content.first() == Some(&b'#') {
            self.see_comment(content);
            return true;
        }
        self.header && offset == 0
    }

    /// Notes of whole lines whether one of them names other columns, where not all of them are
    /// looked at one by one.
    pub(super) fn see_comments(&self, lines: &[u8]) {
        if !self.comments {
            return;
        }
        for found in memmem::find_iter(lines, b"#Fields:") {
            if found == 0 || lines[found - 1] == b'\n' {
                self.see_comment(&lines[found..]);
            }
        }
    }

    /// Notes whether a comment names other columns than the first that names some.
    #[cold]
    fn see_comment(&self, content: &[u8]) {
        let line = content.split(|b| *b == b'\n').next().unwrap_or_default();
        let Some(names) = line.strip_prefix(b"#Fields:") else {
            return;
        };
        let names = String::from_utf8_lossy(names);
        if names
            .split_whitespace()
            .ne(self.columns.iter().map(String::as_str))
        {
            for (at, (_, cut)) in self.cuts.iter().enumerate() {
                if matches!(cut, Cut::Field { comments: true, .. }) {
                    self.watched.see_columns(at);
                }
            }
        }
    }

    /// Whether there may be lines that are no records beside the first.
    pub(super) fn has_comments(&self) -> bool {
        self.comments
    }

    /// Fills the slots of a record whose content starts at `base` of the bytes
    /// at hand.
    #[inline]
    pub(super) fn cut(&mut self, record: RecordView<'_>, base: usize, slots: &mut [Slot]) {
        self.scratch.truncate(self.path);
        for (slot, cut) in &mut self.cuts {
            let found = one(cut, record, &mut self.scratch, self.path);
            slots[*slot] = found.shifted(base);
        }
        if let Some((at, delimiter)) = self.column
            && format::ends_in_quotes(record.content, delimiter)
        {
            self.watched.see_quotes(at);
            self.column = None;
        }
        let cuts = &self.cuts;
        self.watched.see(|at| {
            let found = slots[cuts[at].0] != Slot::Missing;
            (found, found)
        });
    }
}

fn one(cut: &mut Cut, record: RecordView<'_>, scratch: &mut Vec<u8>, path: usize) -> Slot {
    let content = record.content;
    let here = |range: Option<Range<usize>>| {
        range.map_or(Slot::Missing, |range| Slot::Here(range.start, range.end))
    };
    let start = scratch.len();
    match cut {
        Cut::BetweenSpaces(number) => return here(format::between_spaces(content, *number)),
        Cut::Between(delimiter, number) => {
            return here(format::between(content, *delimiter, *number));
        }
        Cut::Field { reader, .. } => match reader.find(content) {
            Some(found) if found.is_plain() => return here(Some(found.at)),
            Some(found) => FieldReader::push(content, &found, scratch),
            None => return Slot::Missing,
        },
        Cut::Line => return here(Some(0..content.len())),
        Cut::Path => return Slot::Scratch(0, path),
        Cut::Json(way) => match way.find(content) {
            Some(found) if found.escaped => format::unescape(&content[found.at], scratch),
            found => return here(found.map(|found| found.at)),
        },
        Cut::Logfmt(name) => match name.find(content) {
            Some(found) if found.escaped => format::unescape(&content[found.at], scratch),
            found => return here(found.map(|found| found.at)),
        },
        Cut::Column { delimiter, number } => match format::cell(content, *delimiter, *number) {
            Some(cell) if cell.doubled => format::push_cell(content, &cell, scratch),
            cell => return here(cell.map(|cell| cell.at)),
        },
        Cut::Named { .. } | Cut::Unknown(..) => return Slot::Missing,
        Cut::Time { clock, .. } => match clock
            .as_mut()
            .and_then(|clock| clock.interval(content, record.offset))
        {
            Some(start) => scratch.extend_from_slice(start.as_bytes()),
            None => return Slot::Missing,
        },
        Cut::Level => match record.level() {
            Some(level) => scratch.extend_from_slice(level.name().as_bytes()),
            None => return Slot::Missing,
        },
        Cut::Template => template::mask_into(content, scratch),
    }
    Slot::Scratch(start, scratch.len())
}
