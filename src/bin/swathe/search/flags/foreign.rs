//! Flags of ripgrep that are not to be had, or have nothing to do here.
//!
//! None is ignored in silence: a flag that would change what is searched is
//! refused and says what to do instead.

use crate::{
    cli::flag::{Flag, Group},
    search::low::Low,
};

pub(super) fn flags() -> Vec<Flag<Low>> {
    let mut flags = refused();
    flags.extend(accepted());
    flags
}

fn refused() -> Vec<Flag<Low>> {
    vec![
        Flag::refused(
            "generate",
            "write swathe man search for the manual page, swathe completions SHELL for completions",
        )
        .takes("KIND"),
    ]
}

fn accepted() -> Vec<Flag<Low>> {
    Flag::grouped(
        Group::Compatibility,
        [Flag::switch(
            "no-config",
            "Do not read the file SWATHE_CONFIG_PATH names",
            |low: &mut Low, _| {
                low.no_config = true;
            },
        )
        .more("That file holds arguments, one a line, that go before those typed.")],
    )
}
