//! The flags of `search`: every flag of ripgrep 15.2, and swathe's own.

mod beyond;
mod engine;
mod explain;
mod files;
mod foreign;
mod links;
mod matching;
mod modes;
mod output;
mod pre;
mod style;

pub(super) use engine::pcre2_version;
pub(super) use links::LinksAsked;

use super::low::Low;
use crate::cli::{flag::Flag, reading};

/// All of them, in the order of the help.
pub(crate) fn table() -> Vec<Flag<Low>> {
    let mut flags = matching::flags();
    flags.extend(engine::flags());
    flags.extend(modes::flags());
    flags.extend(beyond::flags());
    flags.extend(output::flags());
    flags.extend(style::flags());
    flags.extend(links::flags());
    flags.extend(files::flags());
    flags.extend(crate::files::flags::flags());
    flags.extend(reading::flags());
    flags.extend(pre::flags());
    flags.extend(output::reading_flags());
    flags.extend(explain::flags());
    flags.extend(foreign::flags());
    flags
}

#[cfg(test)]
mod tests;
