//! From arguments to typed options, in the order they were typed.
//!
//! A command is a table of [`Flag`]s. [`parse`] makes the clap command of it
//! and applies what was typed, occurrence by occurrence, so that a later flag
//! overrides an earlier one; [`usage`] words what went wrong. [`reading`]
//! holds the flags that every command that reads files has.
//!
//! Nothing here looks at a file, a terminal or the machine; what options mean
//! here and now is each command's `job`.

pub(crate) mod config;
pub(crate) mod flag;
pub(crate) mod matching;
pub(crate) mod parse;
pub(crate) mod reading;
pub(crate) mod usage;
pub(crate) mod value;
