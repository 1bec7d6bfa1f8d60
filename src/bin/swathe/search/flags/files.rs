//! Lists instead of a search.

use crate::{
    cli::flag::{Flag, Group},
    search::low::{Listing, Low},
};

pub(super) fn flags() -> Vec<Flag<Low>> {
    Flag::grouped(
        Group::Modes,
        [
            Flag::switch(
                "files",
                "List the files that would be searched",
                |low: &mut Low, _| low.listing = Some(Listing::Files),
            )
            .more("There is no PATTERN then: every argument is a file or a directory."),
            Flag::switch(
                "type-list",
                "List the file types for -t and -T",
                |low: &mut Low, _| low.listing = Some(Listing::Types),
            ),
        ],
    )
}
