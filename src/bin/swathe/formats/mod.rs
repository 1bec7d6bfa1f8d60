//! `swathe formats`: which formats of records are known, and trying one of one's own.

mod own;

use std::{
    ffi::{OsStr, OsString},
    fmt::Write as _,
    path::Path,
};

use clap::Command;
use swathe::format::{Formats, LogFormat};

use crate::{
    cli::{
        parse::{Line, Operands},
        usage, value,
    },
    messages,
    session::{self, Exit},
};

pub(crate) use own::{known, said};

const EXAMPLES: &str = "\
Examples:
  swathe formats list
  swathe formats show access > mine.toml      (a file to start one of one's own from)
  swathe formats test mine.toml
  swathe top --log-format mine.toml --by status app.log";

const MORE: &str = "\
list         The names of all formats, and what each is
show NAME    The file that says how records of the format look
test FILE    Whether a format file makes sense, and its samples say what it has

A file NAME.toml in the folder swathe/formats of $XDG_CONFIG_HOME (or of ~/.config) is a format of
the name NAME for every command, and goes before one of the same name that comes with swathe.";

/// What can be done.
const ACTIONS: [&str; 3] = ["list", "show", "test"];

/// The command line.
pub(crate) fn line() -> Line<()> {
    let command = Command::new("formats")
        .about("List, show and try formats of records")
        .before_help(EXAMPLES)
        .after_help(MORE);
    let help = "list, show NAME, or test FILE";
    Line::new(command, Operands::any("ACTION", help), [])
}

/// Does what the arguments say.
///
/// # Errors
/// With what is wrong about the arguments.
pub(crate) fn main(arguments: &[OsString]) -> Result<Exit, String> {
    line().run(arguments, |given| {
        let (action, rest) = match given.operands.split_first() {
            None => ("list", &[][..]),
            Some((action, rest)) => (value::text(action)?, rest),
        };
        match (action, rest) {
            ("list", []) => Ok(session::print(&list(&known()))),
            ("show", [_, ..]) => show(rest),
            ("test", [_, ..]) => Ok(test(rest)),
            ("list", _) => Err("list takes no argument; swathe formats show NAME shows one".into()),
            ("show", []) => Err("show which format? swathe formats list names them".into()),
            ("test", []) => Err("test which file?".into()),
            (action, _) => {
                let near = usage::nearest(action, ACTIONS);
                let near = near.map_or(String::new(), |near| format!("\ndid you mean {near}?"));
                Err(format!(
                    "formats {action}: there are {}{near}",
                    ACTIONS.join(", ")
                ))
            }
        }
    })
}

/// A line a format, in the order of their names.
fn list(known: &Formats) -> String {
    let mut all: Vec<&LogFormat> = known.all().collect();
    all.sort_by_key(|format| format.name());
    let width = all.iter().map(|format| format.name().len()).max();
    let width = width.unwrap_or_default();
    let mut text = String::new();
    for format in all {
        let aliases = format.aliases();
        let also = if aliases.is_empty() {
            String::new()
        } else {
            format!(" (also {})", aliases.join(", "))
        };
        let _ = writeln!(text, "{:width$}  {}{also}", format.name(), format.title());
    }
    text
}

fn show(names: &[OsString]) -> Result<Exit, String> {
    let known = known();
    let mut text = String::new();
    for name in names {
        let found = known.named(value::text(name)?);
        for format in found.map_err(|error| error.to_string())? {
            let _ = writeln!(
                text,
                "# {}.toml\n{}",
                format.name(),
                format.text().trim_end()
            );
        }
    }
    Ok(session::print(&text))
}

/// Says of each file whether it is right.
fn test(files: &[OsString]) -> Exit {
    let (mut text, mut worst) = (String::new(), Exit::Success);
    for file in files {
        match own::read(Path::new(file)) {
            Err(why) => {
                messages::say(Some(Path::new(file)), why);
                worst = Exit::Failure;
            }
            Ok(format) => {
                let wrong = format.test();
                for what in &wrong {
                    messages::say(Some(Path::new(file)), what);
                    worst = Exit::Failure;
                }
                if wrong.is_empty() {
                    let count = format.samples().len();
                    let samples = if count == 1 { "sample" } else { "samples" };
                    let name = printable(file);
                    let _ = writeln!(text, "{name}: {count} {samples}, all as they should be");
                }
            }
        }
    }
    match session::print(&text) {
        Exit::Success => worst,
        failed => failed,
    }
}

fn printable(name: &OsStr) -> String {
    let shown = swathe::harmless::shown(name.as_encoded_bytes());
    String::from_utf8_lossy(&shown).into_owned()
}
