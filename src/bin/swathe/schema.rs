//! `swathe schema`: what the JSON of a command looks like.

use std::ffi::OsString;

use clap::{Arg, Command};
use serde_json::Value;

use crate::{
    cli::parse::shown,
    session::{self, Exit},
};

const EXAMPLES: &str = "\
Examples:
  swathe schema count
  swathe schema stats > stats.schema.json
  swathe schema top | jq '.properties | keys'";

/// Prints the schema of a command that `find` knows, by its name.
///
/// # Errors
/// With what is wrong about the arguments.
pub(crate) fn main(
    arguments: &[OsString],
    commands: &[&'static str],
    find: impl Fn(&str) -> Option<Value>,
) -> Result<Exit, String> {
    let names = commands.join(", ");
    let matches = match command(commands).try_get_matches_from(arguments) {
        Ok(matches) => matches,
        Err(error) => return shown(&error),
    };
    let Some(name) = matches.get_one::<String>("command") else {
        return Err(format!("the schema of which command?\nthere are {names}"));
    };
    let schema =
        find(name).ok_or_else(|| format!("there is no schema of '{name}'\nthere are {names}"))?;
    Ok(session::print(&format!("{schema:#}\n")))
}

/// The command line, where these commands have a schema.
pub(crate) fn command(commands: &[&'static str]) -> Command {
    Command::new("schema")
        .about("Print the JSON Schema of what a command answers with --format json")
        .before_help(EXAMPLES)
        .no_binary_name(true)
        .bin_name("swathe schema")
        .max_term_width(90)
        .arg(
            Arg::new("command")
                .value_name("COMMAND")
                .help(match commands {
                    [] => "The name of a statistic".to_string(),
                    known => format!("One of {}", known.join(", ")),
                }),
        )
}
