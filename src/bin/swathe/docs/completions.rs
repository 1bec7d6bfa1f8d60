//! `swathe completions`: what a shell must know to complete a command line.

use std::ffi::OsString;

use clap::{Command, ValueEnum as _};
use clap_complete::Shell;

use super::{argument, word};
use crate::session::{self, Exit};

const EXAMPLES: &str = "\
Examples:
  swathe completions bash > ~/.local/share/bash-completion/completions/swathe
  swathe completions zsh > ~/.zfunc/_swathe        (a directory that is in fpath)
  swathe completions fish > ~/.config/fish/completions/swathe.fish";

/// What the command is, without its name's siblings.
pub(crate) fn command() -> Command {
    Command::new("completions")
        .about("Print what a shell needs to complete swathe's flags")
        .before_help(EXAMPLES)
        .arg(argument("SHELL", format!("One of {}", names())))
}

fn names() -> String {
    let shells = Shell::value_variants().iter().map(Shell::to_string);
    shells.collect::<Vec<_>>().join(", ")
}

/// Prints the completions of `root`, all commands in it, for a shell.
///
/// # Errors
/// With what is wrong about the arguments.
pub(crate) fn main(arguments: &[OsString], root: fn() -> Command) -> Result<Exit, String> {
    let word = match word(command(), arguments)? {
        Ok(word) => word,
        Err(exit) => return Ok(exit),
    };
    let names = names();
    let Some(word) = word else {
        return Err(format!("for which shell?\nthere are {names}"));
    };
    let shell = Shell::from_str(&word, false)
        .map_err(|_| format!("there are no completions for '{word}'\nthere are {names}"))?;
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut root(), "swathe", &mut text);
    Ok(session::print(&String::from_utf8_lossy(&text)))
}
