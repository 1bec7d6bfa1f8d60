//! `swathe completions`: what a shell must know to complete a command line.

use std::ffi::OsString;

use clap::{Command, ValueEnum as _};
use clap_complete::Shell;

use crate::{
    cli::parse::{Line, Operands},
    session::{self, Exit},
};

const EXAMPLES: &str = "\
Examples:
  swathe completions bash > ~/.local/share/bash-completion/completions/swathe
  swathe completions zsh > ~/.zfunc/_swathe        (a directory that is in fpath)
  swathe completions fish > ~/.config/fish/completions/swathe.fish";

/// The shells there are, by their names.
const SHELLS: [&str; 5] = ["bash", "elvish", "fish", "powershell", "zsh"];

/// The command line.
pub(crate) fn line() -> Line<()> {
    let command = Command::new("completions")
        .about("Print what a shell needs to complete swathe's flags")
        .before_help(EXAMPLES);
    Line::new(command, Operands::word("SHELL", SHELLS.to_vec()), [])
}

/// Prints the completions of `root`, all commands in it, for a shell.
///
/// # Errors
/// With what is wrong about the arguments.
pub(crate) fn main(arguments: &[OsString], root: fn() -> Command) -> Result<Exit, String> {
    let line = line();
    line.run(arguments, |given| {
        let shell = line.word(&given, "for which shell?")?;
        let shell = Shell::from_str(shell, false)?;
        let mut text = Vec::new();
        clap_complete::generate(shell, &mut root(), "swathe", &mut text);
        Ok(session::print(&String::from_utf8_lossy(&text)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_shells_are_named() {
        let shells = Shell::value_variants().iter().map(Shell::to_string);
        assert_eq!(shells.collect::<Vec<_>>(), SHELLS);
    }
}
