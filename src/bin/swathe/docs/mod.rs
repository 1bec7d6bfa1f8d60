//! What tells others about the command line: manual pages for people,
//! completions for shells. Both are made from the commands themselves.

mod completions;
mod man;

use std::ffi::OsString;

use clap::{Arg, Command};

pub(crate) use completions::{command as completions_command, main as completions};
pub(crate) use man::{command as man_command, main as man};

use crate::{cli::parse, session::Exit};

/// The one word a command takes, or how showing its help ended.
///
/// # Errors
/// With what is wrong about the arguments.
fn word(command: Command, arguments: &[OsString]) -> Result<Result<Option<String>, Exit>, String> {
    let name = format!("swathe {}", command.get_name());
    let command = command
        .no_binary_name(true)
        .bin_name(name)
        .max_term_width(90);
    match command.try_get_matches_from(arguments) {
        Ok(matches) => Ok(Ok(matches.get_one::<String>("word").cloned())),
        Err(error) => parse::shown(&error).map(Err),
    }
}

/// The argument for that word.
fn argument(value: &'static str, help: String) -> Arg {
    Arg::new("word").value_name(value).help(help)
}
