//! From arguments to typed options, in the order they were typed.
//!
//! A command is a [`Line`](parse::Line): a table of [`Flag`](flag::Flag)s. [`parse`] makes
//! the clap command of it and applies what was typed, occurrence by occurrence, so that a
//! later flag overrides an earlier one; [`usage`] words what went wrong. [`reading`] and
//! [`matching`] hold flags that several commands have, as `files` and `stat` do: they set a
//! part of the options, and [`flag::of`] makes them flags of all options it is a part of.
//!
//! Nothing here looks at a file, a terminal or the machine; what options mean
//! here and now is a matter of who runs the command.

pub(crate) mod config;
pub(crate) mod flag;
pub(crate) mod matching;
pub(crate) mod parse;
pub(crate) mod reading;
pub(crate) mod usage;
pub(crate) mod value;
