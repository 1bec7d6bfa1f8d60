//! `--partial`: what was gathered goes to a file instead of an answer.

use std::{ffi::OsString, path::PathBuf};

use clap::{Arg, ArgMatches, value_parser};
use swathe::{
    Result,
    request::{Collected, Request, Scope, saved},
    run::Input,
};

use super::{DONE, Session, TROUBLE, whole_file};

/// Where partials go.
#[derive(Clone, Debug)]
pub(crate) enum Keep {
    /// Standard output.
    Stdout,
    /// A file of this name.
    File(PathBuf),
}

/// The flag.
pub(crate) fn arg() -> Arg {
    Arg::new("partial")
        .long("partial")
        .value_name("FILE")
        .value_parser(value_parser!(OsString))
        .help_heading("Reading and printing")
        .help("Write what swathe merge needs to FILE (- for standard output) instead of an answer")
}

/// What the flag says.
///
/// # Errors
/// When the file is one of the inputs, or could not be written.
pub(crate) fn parse(matches: &ArgMatches, inputs: &[Input]) -> Result<Option<Keep>> {
    let Some(name) = matches.get_one::<OsString>("partial") else {
        return Ok(None);
    };
    if whole_file::is_stdout(name.as_ref()) {
        return Ok(Some(Keep::Stdout));
    }
    whole_file::check("--partial", name.as_ref(), inputs, Some(matches))?;
    Ok(Some(Keep::File(name.into())))
}

/// Writes the partial; the number is what the process exits with.
///
/// # Errors
/// When it cannot be written.
pub(crate) fn write<R: Request>(
    keep: &Keep,
    request: &R,
    scope: &Scope,
    collected: Collected<saved::PartialOf<R>>,
    session: &mut Session<'_>,
) -> Result<u8> {
    let exit = if collected.errors.is_empty() {
        DONE
    } else {
        TROUBLE
    };
    let bytes = saved::save(request, scope, collected);
    match keep {
        Keep::Stdout => session.out.write_all(&bytes)?,
        Keep::File(path) => whole_file::write(path, &bytes)?,
    }
    Ok(exit)
}
