//! The flags that say which files are read, for every command that reads:
//! [`choosing`] is what was typed, [`flags`] the table of them.

pub(crate) mod choosing;
pub(crate) mod flags;
