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
        Flag::setting("pre", "COMMAND", "", |_, v| match v {
            Some(command) if !command.is_empty() => {
                Err("no program is run on files; use COMMAND FILE | swathe search ...".to_string())
            }
            _ => Ok(()),
        })
        .no("no-pre"),
        Flag::refused("pre-glob", "no program is run on files, see --pre").takes("GLOB"),
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
