//! The flags of `search`: every flag of ripgrep 15.2, and swathe's own.

mod extensions;
mod matching;
mod modes;
mod output;
mod reading;
mod style;

pub(super) use matching::pcre2_version;

use super::low::Low;
use crate::{
    cli::{
        self,
        flag::{self, Group, grouped, of},
    },
    stat::selecting,
};

type Flag = flag::Flag<Low>;

/// All of them, in the order of the help.
pub(crate) fn table() -> Vec<Flag> {
    let files = of(Group::Files, crate::files::flags::flags(), |o: &mut Low| {
        &mut o.choosing
    });
    let files = files.map(|flag| match flag.about.long {
        "glob" | "type" => flag.brief(),
        _ => flag,
    });
    let records = of(Group::Records, selecting::flags(), |o: &mut Low| {
        &mut o.extensions.words
    });
    grouped(Group::Matching, matching::patterns())
        .chain(of(
            Group::Matching,
            cli::matching::flags(),
            |o: &mut Low| &mut o.matching,
        ))
        .chain(grouped(Group::Matching, matching::selection()))
        .chain(grouped(Group::Matching, matching::engine()))
        .chain(grouped(Group::Modes, modes::flags()))
        .chain(records)
        .chain(grouped(Group::Extensions, extensions::flags()))
        .chain(grouped(Group::Output, output::flags()))
        .chain(grouped(Group::Output, style::flags()))
        .chain(files)
        .chain(of(Group::Reading, cli::reading::flags(), |o: &mut Low| {
            &mut o.reading
        }))
        .chain(grouped(Group::Reading, reading::flags()))
        .chain(grouped(Group::Compatibility, reading::foreign()))
        .collect()
}

#[cfg(test)]
mod tests;
