//! When the lines of a log were written.
//!
//! A [`Format`] is how one source writes its timestamps: the [`Shape`] of most, the
//! [`Place`] in a line where they stand, other forms that some lines have, the
//! [`Zone`] of those that name none, and for those without a year the [`Year`]. It is
//! found by looking at the first lines ([`Format::detect`]), is plain data, and gives
//! every thread a [`Reader`], which turns lines into [`Stamp`]s.
//!
//! Deliberately not here: what is counted by time
//! ([`crate::statistic::Timeline`]) and which records are chosen by it
//! ([`crate::select`]).

mod anchor;
mod custom;
mod detect;
mod format;
mod place;
mod reader;
mod shape;
mod stamp;
mod start;
mod when;
mod written;
mod year;
mod zone;

pub use custom::Custom;
pub use detect::Options;
pub use format::{Chosen, Form, Format};
pub use place::Place;
pub use reader::{Found, Reader};
pub use shape::Shape;
pub use stamp::Stamp;
pub use start::starts_event;
pub use when::{Known, When, day, duration, range};
pub use year::{Year, YearFrom};
pub use zone::Zone;

pub(crate) use reader::{clock_len, rest_len, skip};
pub(crate) use shape::NO_YEAR;
pub(crate) use stamp::DAY;
pub(crate) use written::Written;
pub(crate) use year::{in_year, year_of};
