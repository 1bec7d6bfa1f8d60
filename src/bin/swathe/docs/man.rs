//! `swathe man`: manual pages.

use std::{ffi::OsString, io};

use clap::Command;
use clap_mangen::Man;
use roff::{Roff, bold, roman};

use crate::{
    cli::parse::{Line, Operands},
    session::{self, Exit},
};

const EXAMPLES: &str = "\
Examples:
  swathe man search | man -l -                    read it
  swathe man > /usr/local/share/man/man1/swathe.1
  swathe man search > /usr/local/share/man/man1/swathe-search.1";

/// The command line, where there are these commands.
pub(crate) fn line(commands: Vec<&'static str>) -> Line<()> {
    let command = Command::new("man")
        .about("Print a manual page, of a command or without one of swathe")
        .before_help(EXAMPLES);
    Line::new(command, Operands::word("COMMAND", commands), [])
}

/// Prints the page of `root`, or of the command in it that is named.
///
/// # Errors
/// With what is wrong about the arguments.
pub(crate) fn main(
    arguments: &[OsString],
    commands: Vec<&'static str>,
    root: fn() -> Command,
) -> Result<Exit, String> {
    let line = line(commands);
    line.run(arguments, |given| {
        let mut root = root();
        let page = if given.operands.is_empty() {
            page(&mut root, "swathe").map_err(|error| error.to_string())?
        } else {
            page_of(&mut root, line.word(&given, "")?)?
        };
        Ok(session::print(&page))
    })
}

/// The page of the command of this name.
///
/// # Errors
/// When there is no such command.
pub(crate) fn page_of(root: &mut Command, name: &str) -> Result<String, String> {
    let command = root.find_subcommand_mut(name);
    let command = command.ok_or_else(|| format!("there is no command '{name}'"))?;
    page(command, &format!("swathe-{name}")).map_err(|error| error.to_string())
}

/// The page of a command under this title.
fn page(command: &mut Command, title: &str) -> io::Result<String> {
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
    Ok(String::from_utf8_lossy(&page).into_owned())
}

/// The examples its help begins with.
fn examples(command: &Command) -> String {
    let text = command.get_before_help().map(ToString::to_string);
    let text = text.unwrap_or_default();
    let lines = text.strip_prefix("Examples:\n").map(str::to_string);
    lines.unwrap_or(text)
}
