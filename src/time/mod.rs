//! When the lines of a log were written.
//!
//! A [`Format`] is how one source writes its timestamps: their [`Shape`], the
//! [`Place`] in a line where they stand, the [`Zone`] of those that name none,
//! and for those without a year the [`Year`]. It is found by looking at the
//! first lines ([`Format::detect`]), is plain data, and gives every thread a
//! [`Reader`], which turns lines into [`Stamp`]s.
//!
//! Deliberately not here: what is counted by time
//! ([`crate::statistic::Timeline`]) and which records are chosen by it
//! ([`crate::select`]).

mod custom;
mod detect;
mod place;
mod reader;
mod shape;
mod stamp;
mod when;
mod written;
mod year;
mod zone;

pub use custom::Custom;
pub use detect::{Options, starts_event};
pub use place::Place;
pub use reader::{Found, Reader};
pub use shape::Shape;
pub use stamp::Stamp;
pub use when::{Known, When, duration, range};
pub use year::{Year, YearFrom};
pub use zone::Zone;

pub(crate) use shape::NO_YEAR;
pub(crate) use stamp::DAY;
pub(crate) use written::Written;
pub(crate) use year::{in_year, year_of};

use serde::{Deserialize, Serialize};

/// How one source writes its timestamps.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Format {
    /// Where in the line.
    pub place: Place,
    /// How written.
    pub shape: Shape,
    /// Where clocks show it, unless the timestamp says that itself.
    pub zone: Zone,
    /// The year, if timestamps say none.
    pub year: Option<Year>,
}

impl Format {
    /// The name of how timestamps are written: one of those of [`Shape`], or
    /// the format that was typed.
    pub fn name(&self) -> &str {
        self.shape.name()
    }

    /// The timestamp of one line; for many lines a [`reader`](Format::reader)
    /// is faster.
    pub fn parse(&self, line: &[u8]) -> Option<Stamp> {
        self.reader().stamp(line)
    }

    /// Where in a line its timestamp is, and what it says.
    pub fn find(&self, line: &[u8]) -> Option<Found> {
        self.reader().find(line)
    }

    /// Reads the timestamps of many lines; one for each thread.
    pub fn reader(&self) -> Reader {
        Reader::new(self)
    }
}
