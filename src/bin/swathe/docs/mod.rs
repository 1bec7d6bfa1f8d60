//! What tells others about the command line: manual pages for people,
//! completions for shells. Both are made from the commands' own tables of flags.

mod completions;
mod man;

pub(crate) use completions::{line as completions_line, main as completions};
#[cfg(test)]
pub(crate) use man::page_of;
pub(crate) use man::{line as man_line, main as man};
