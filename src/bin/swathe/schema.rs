//! `swathe schema`: what the JSON of a command looks like.

use std::ffi::OsString;

use clap::Command;
use serde_json::Value;

use crate::{
    cli::parse::{Line, Operands},
    session::{self, Exit},
};

const EXAMPLES: &str = "\
Examples:
  swathe schema count
  swathe schema stats > stats.schema.json
  swathe schema top | jq '.properties | keys'";

/// Prints the schema of one of these commands, as `find` knows it.
///
/// # Errors
/// With what is wrong about the arguments.
pub(crate) fn main(
    arguments: &[OsString],
    commands: Vec<&'static str>,
    find: impl Fn(&str) -> Option<Value>,
) -> Result<Exit, String> {
    let line = line(commands);
    line.run(arguments, |given| {
        let name = line.word(&given, "the schema of which command?")?;
        let schema = find(name).ok_or_else(|| format!("there is no schema of '{name}'"))?;
        Ok(session::print(&format!("{schema:#}\n")))
    })
}

/// The command line, where these commands have a schema.
pub(crate) fn line(commands: Vec<&'static str>) -> Line<()> {
    let command = Command::new("schema")
        .about("Print the JSON Schema of what a command answers with --format json")
        .before_help(EXAMPLES);
    Line::new(command, Operands::word("COMMAND", commands), [])
}
