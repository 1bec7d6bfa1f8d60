//! A parallel search and statistics engine for files too big to wait for.
//!
//! A [`source::Source`] is cut into chunks at line starts ([`chunk`]), every
//! thread of an [`exec::Executor`] scans chunks, and what comes of each is
//! committed strictly in order: formatted lines for a [`search::Search`],
//! partials of a [`statistic::Statistic`] for a [`fold::Fold`]. The answer is
//! the same for any number of threads, any chunk size, and any way of reading.
//!
//! Nothing here prints, exits, reads the environment (but for git's own configuration, where a
//! [`walk`] is to follow it) or starts threads that outlive their executor (a walk ends at the
//! next file it finds). No file is mapped unless
//! [`source::MapPolicy::Guarded`] is asked for, because the guard is a signal
//! handler for the whole process.

pub mod chunk;
pub mod diff;
pub mod error;
pub mod exec;
pub mod fold;
pub mod format;
pub mod generate;
pub mod harmless;
pub mod header;
pub mod inspect;
pub mod key;
pub mod line;
mod number;
pub mod pattern;
pub mod print;
pub mod progress;
pub mod report;
pub mod request;
pub mod run;
pub mod search;
pub mod select;
pub mod sketch;
pub mod source;
pub mod statistic;
pub mod template;
pub mod time;
mod visible;
pub mod walk;
pub mod whole_file;

pub use error::{Error, ErrorKind, Result};
pub use run::{Computed, Found, FoundLine, FoundLines, Query, Search, compute, count, search, top};

/// The examples of the README are compiled and run with the tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
