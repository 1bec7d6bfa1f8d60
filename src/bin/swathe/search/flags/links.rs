//! Names of files as links.

use std::path::PathBuf;

use crate::{
    cli::{
        flag::{Flag, Group},
        value,
    },
    search::low::Low,
};

/// What was asked for of links.
#[derive(Clone, Debug, Default)]
pub(crate) struct LinksAsked {
    /// Where they lead; empty for no links.
    pub(crate) format: String,
    /// The program that says the name of this machine.
    pub(crate) hostname_bin: Option<PathBuf>,
}

pub(super) fn flags() -> Vec<Flag<Low>> {
    Flag::grouped(
        Group::Output,
        [
            Flag::value(
                "hyperlink-format",
                "FORMAT",
                "Make links of names: default, vscode, none ...",
                |low: &mut Low, v| {
                    let format = value::text(v)?;
                    swathe::print::Links::new(format, None, None).map_err(|e| e.to_string())?;
                    low.links.format = format.to_string();
                    Ok(())
                },
            )
            .more(
                "Where there is colour. FORMAT is a name (cursor, default, file, grep+, kitty, \
                 macvim, none, textmate, vscode, vscode-insiders, vscodium) or a URI in which \
                 {path}, {line}, {column}, {host} and {wslprefix} stand for what they say, for \
                 example 'editor://open?file={path}&line={line}'.",
            ),
            Flag::value(
                "hostname-bin",
                "COMMAND",
                "A program that prints this machine's name",
                |low: &mut Low, v| {
                    low.links.hostname_bin = (!v.is_empty()).then(|| PathBuf::from(v));
                    Ok(())
                },
            )
            .more("For {host} in links; without it, the system is asked."),
        ],
    )
}
