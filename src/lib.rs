//! A parallel search and statistics engine for files too big to wait for.

pub mod chunk;
pub mod error;
pub mod exec;
pub mod fold;
pub mod line;
pub mod pattern;
pub mod print;
pub mod progress;
pub mod report;
pub mod search;
pub mod source;
pub mod statistic;

pub use error::{Error, ErrorKind, Result};
