//! `swathe man`: manual pages.

use std::{ffi::OsString, io};

use clap::Command;
use clap_mangen::Man;
use roff::{Roff, bold, roman};

use super::{argument, word};
use crate::session::{self, Exit};

const EXAMPLES: &str = "\
Examples:
  swathe man search | man -l -                    read it
  swathe man > /usr/local/share/man/man1/swathe.1
  swathe man search > /usr/local/share/man/man1/swathe-search.1";

/// What the command is.
pub(crate) fn command() -> Command {
    Command::new("man")
        .about("Print a manual page, of swathe or of a command")
        .before_help(EXAMPLES)
        .arg(argument(
            "COMMAND",
            "Whose page; without it, swathe's".into(),
        ))
}

/// Prints the page of `root`, or of the command in it that is named.
///
/// # Errors
/// With what is wrong about the arguments.
pub(crate) fn main(arguments: &[OsString], root: fn() -> Command) -> Result<Exit, String> {
    let word = match word(command(), arguments)? {
        Ok(word) => word,
        Err(exit) => return Ok(exit),
    };
    let mut root = root();
    let page = match &word {
        None => page(&mut root, "swathe"),
        Some(name) => {
            let known: Vec<_> = root.get_subcommands().map(Command::get_name).collect();
            let known = known.join(", ");
            let command = root
                .find_subcommand_mut(name)
                .ok_or_else(|| format!("there is no command '{name}'\nthere are {known}"))?;
            page(command, &format!("swathe-{name}"))
        }
    };
    let page = page.map_err(|error| error.to_string())?;
    Ok(session::print(&String::from_utf8_lossy(&page)))
}

/// The page of a command under this title.
fn page(command: &mut Command, title: &str) -> io::Result<Vec<u8>> {
    let usage = command.render_usage().to_string();
    let usage = usage.strip_prefix("Usage: ").unwrap_or(&usage).to_string();
    let command = command.clone().display_name(title);
    let (examples, has_commands) = (examples(&command), command.has_subcommands());
    let version = concat!("swathe ", env!("CARGO_PKG_VERSION"));
    let man = Man::new(command)
        .title(title.to_uppercase())
        .source(version)
        .manual("swathe");
    let mut page = Vec::new();
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    let mut roff = Roff::new();
    roff.control("SH", ["SYNOPSIS"]).text([bold(usage)]);
    if !examples.is_empty() {
        roff.control("SH", ["EXAMPLES"]).control("nf", []);
        for line in examples.lines() {
            roff.text([roman(line.trim_start())]);
        }
        roff.control("fi", []);
    }
    roff.to_writer(&mut page)?;
    man.render_options_section(&mut page)?;
    if has_commands {
        man.render_subcommands_section(&mut page)?;
    }
    man.render_extra_section(&mut page)?;
    Ok(page)
}

/// The examples its help begins with.
fn examples(command: &Command) -> String {
    let text = command.get_before_help().map(ToString::to_string);
    let text = text.unwrap_or_default();
    let lines = text.strip_prefix("Examples:\n").map(str::to_string);
    lines.unwrap_or(text)
}
