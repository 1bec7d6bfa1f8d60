//! Flags of ripgrep that are not to be had, or have nothing to do here.
//!
//! None is ignored in silence: a flag that would change what is searched is
//! refused and says what to do instead. Those that only lift restrictions on
//! what a walk finds are taken, since a file that is named is never left out.

use crate::{
    cli::{
        flag::{Flag, Group},
        value,
    },
    search::low::{Binary, Low},
};

const NAME_FILES: &str =
    "directories are not walked yet; name the files to search, for example with a shell glob";
const ORDER: &str = "files are searched in the order given; name them in the order you want";
const IN_ORDER: &str = "Files that are named come in the order given";
const NO_TYPES: &str = "there are no file types yet; name the files to search";

pub(super) fn flags() -> Vec<Flag<Low>> {
    let mut flags = refused();
    flags.extend(choosing_files());
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
        Flag::refused("files", "files are not listed yet; use find or ls"),
        Flag::refused("type-list", NO_TYPES),
    ]
}

fn choosing_files() -> Vec<Flag<Low>> {
    vec![
        Flag::refused("glob", NAME_FILES).short('g').takes("GLOB"),
        Flag::refused("iglob", NAME_FILES).takes("GLOB"),
        Flag::refused("glob-case-insensitive", NAME_FILES).no("no-glob-case-insensitive"),
        Flag::refused("hidden", NAME_FILES)
            .short('.')
            .no("no-hidden"),
        Flag::refused(
            "follow",
            "a link that is named is always followed; leave it out",
        )
        .short('L')
        .no("no-follow"),
        Flag::refused("max-depth", NAME_FILES)
            .short('d')
            .alias("maxdepth")
            .takes("N"),
        Flag::refused("max-filesize", NAME_FILES).takes("SIZE"),
        Flag::refused("one-file-system", NAME_FILES).no("no-one-file-system"),
        Flag::refused("ignore-file", NAME_FILES).takes("FILE"),
        Flag::refused("ignore-file-case-insensitive", NAME_FILES)
            .no("no-ignore-file-case-insensitive"),
        Flag::refused("type", NO_TYPES).short('t').takes("TYPE"),
        Flag::refused("type-not", NO_TYPES).short('T').takes("TYPE"),
        Flag::refused("type-add", NO_TYPES).takes("SPEC"),
        Flag::refused("type-clear", NO_TYPES).takes("TYPE"),
        Flag::value("sortr", "BY", "", |_, v| match value::text(v)? {
            "none" => Ok(()),
            _ => Err(ORDER.to_string()),
        }),
    ]
}

fn accepted() -> Vec<Flag<Low>> {
    let lift = |long, negation| {
        Flag::nothing(long, "Files that are named are never left out").no(negation)
    };
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
            Flag::switch(
                "unrestricted",
                "Files that are named are never left out",
                |low: &mut Low, _| {
                    low.unrestricted += 1;
                    if low.unrestricted == 3 {
                        low.binary = Binary::Recognised;
                    }
                },
            )
            .short('u'),
            lift("no-ignore", "ignore"),
            lift("no-ignore-dot", "ignore-dot"),
            lift("no-ignore-exclude", "ignore-exclude"),
            lift("no-ignore-files", "ignore-files"),
            lift("no-ignore-global", "ignore-global"),
            lift("no-ignore-messages", "ignore-messages"),
            lift("no-ignore-parent", "ignore-parent"),
            lift("no-ignore-vcs", "ignore-vcs"),
            lift("no-require-git", "require-git"),
            Flag::value("sort", "BY", IN_ORDER, |_, v| match value::text(v)? {
                "none" | "path" => Ok(()),
                _ => Err(ORDER.to_string()),
            }),
            Flag::nothing("sort-files", IN_ORDER).no("no-sort-files"),
        ],
    )
}
