//! Flags of ripgrep that are not to be had, or have nothing to do here.
//!
//! None is ignored in silence: a flag that would change what is searched is
//! refused and says what to do instead.

use crate::{
    cli::{
        flag::{Flag, Group},
        value,
    },
    search::low::Low,
};

/// What to do without PCRE2.
pub(super) const PCRE2: &str = "this build has no PCRE2; write the pattern without look-around \
    and backreferences, or pipe one search into another";

const NO_LOG: &str = "there are no debug messages; --stats prints totals";

pub(super) fn flags() -> Vec<Flag<Low>> {
    let mut flags = refused();
    flags.extend(accepted());
    flags
}

fn refused() -> Vec<Flag<Low>> {
    vec![
        Flag::refused("pcre2", PCRE2).short('P').no("no-pcre2"),
        Flag::setting("pre", "COMMAND", "", |_, v| match v {
            Some(command) if !command.is_empty() => {
                Err("no program is run on files; use COMMAND FILE | swathe search ...".to_string())
            }
            _ => Ok(()),
        })
        .no("no-pre"),
        Flag::refused("pre-glob", "no program is run on files, see --pre").takes("GLOB"),
        Flag::value(
            "hyperlink-format",
            "FORMAT",
            "",
            |_, v| match value::text(v)? {
                "" | "none" => Ok(()),
                _ => Err("there are no hyperlinks yet; leave it out, or say none".to_string()),
            },
        ),
        Flag::refused("hostname-bin", "there are no hyperlinks yet; leave it out").takes("COMMAND"),
        Flag::refused("debug", NO_LOG),
        Flag::refused("trace", NO_LOG),
        Flag::refused(
            "generate",
            "there is no man page and no shell completion yet; see swathe search --help",
        )
        .takes("KIND"),
    ]
}

fn accepted() -> Vec<Flag<Low>> {
    Flag::grouped(
        Group::Compatibility,
        [
            Flag::switch(
                "no-config",
                "Do not read the file SWATHE_CONFIG_PATH names",
                |low: &mut Low, _| {
                    low.no_config = true;
                },
            )
            .more("That file holds arguments, one a line, that go before those typed."),
            Flag::nothing(
                "auto-hybrid-regex",
                "There is one regex engine in this build",
            )
            .no("no-auto-hybrid-regex"),
            Flag::switch(
                "pcre2-version",
                "Say that there is no PCRE2",
                |low: &mut Low, _| {
                    low.pcre2_version = true;
                },
            ),
        ],
    )
}
