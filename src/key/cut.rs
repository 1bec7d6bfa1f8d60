//! Values cut out of a record by position.

use std::ops::Range;

use super::{
    Key, KeyOptions, Origin, Preset, RecordView, field,
    grammar::{config, needs_preset},
    json, logfmt,
    record::Slot,
    syslog::Syslog,
    time::Clock,
    watch::Watched,
    web::Web,
};
use crate::{error::Result, template};

/// How a key that is not a capture is taken from a record.
#[derive(Clone, Debug)]
pub(super) enum Cut {
    BetweenSpaces(i32),
    Between(u8, i32),
    Json(json::Path),
    Logfmt(Box<logfmt::Name>),
    /// A column by its name, until the first line says which it is.
    Named {
        name: String,
        delimiter: Option<u8>,
    },
    Column {
        delimiter: u8,
        number: usize,
    },
    Web(Web),
    Syslog(Syslog),
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
            Key::Json(path) => Cut::Json(json::Path::new(path)),
            Key::Logfmt(name) => Cut::Logfmt(Box::new(logfmt::Name::new(name))),
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
            Key::Named(name) => named(name, options.preset)?,
        }))
    }

    /// Whether the first line of the source is no record.
    pub(super) fn has_header(&self) -> bool {
        matches!(self, Cut::Named { .. } | Cut::Column { .. })
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
            _ => return Ok(self.clone()),
        };
        let line = origin.first_line;
        let delimiter = delimiter.unwrap_or_else(|| field::guess_delimiter(line));
        let names = field::header(line, delimiter);
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

fn named(name: &str, preset: Option<Preset>) -> Result<Cut> {
    let unknown = |form: &str, names: &str| {
        config(format!(
            "{name:?} is no field of {form}: it has {names} (or write a key, such as field:3)"
        ))
    };
    Ok(match preset {
        None => return Err(needs_preset(name)),
        Some(Preset::Nginx | Preset::Apache) => {
            Cut::Web(Web::named(name).ok_or_else(|| unknown("an access log", Web::NAMES))?)
        }
        Some(Preset::Syslog) => {
            Cut::Syslog(Syslog::named(name).ok_or_else(|| unknown("syslog", Syslog::NAMES))?)
        }
        Some(Preset::Json) => {
            let path: Vec<String> = name.split('.').map(String::from).collect();
            Cut::Json(json::Path::new(&path))
        }
        Some(Preset::Logfmt) => Cut::Logfmt(Box::new(logfmt::Name::new(name))),
    })
}

/// What a thread needs to cut values out.
#[derive(Debug)]
pub(super) struct Cutter {
    cuts: Vec<(usize, Cut)>,
    header: bool,
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
                _ => None,
            });
        Cutter {
            column: column.filter(|(at, _)| !watched.has_seen_quotes(*at)),
            header: cuts.iter().any(|(_, cut)| cut.has_header()),
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

    /// Whether this is no record but the names of the columns.
    pub(super) fn is_header(&self, offset: u64) -> bool {
        self.header && offset == 0
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
            && field::ends_in_quotes(record.content, delimiter)
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
        Cut::BetweenSpaces(number) => return here(field::between_spaces(content, *number)),
        Cut::Between(delimiter, number) => {
            return here(field::between(content, *delimiter, *number));
        }
        Cut::Web(name) => return here(name.find(content)),
        Cut::Syslog(name) => return here(name.find(content)),
        Cut::Line => return here(Some(0..content.len())),
        Cut::Path => return Slot::Scratch(0, path),
        Cut::Json(way) => match way.find(content) {
            Some(found) if found.escaped => json::unescape(&content[found.at], scratch),
            found => return here(found.map(|found| found.at)),
        },
        Cut::Logfmt(name) => match name.find(content) {
            Some(found) if found.escaped => json::unescape(&content[found.at], scratch),
            found => return here(found.map(|found| found.at)),
        },
        Cut::Column { delimiter, number } => match field::cell(content, *delimiter, *number) {
            Some(cell) if cell.doubled => field::push_cell(content, &cell, scratch),
            cell => return here(cell.map(|cell| cell.at)),
        },
        Cut::Named { .. } => return Slot::Missing,
        Cut::Time { clock, .. } => match clock.as_mut().and_then(|clock| clock.interval(content)) {
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
