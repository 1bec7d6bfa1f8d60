//! `--partial`: what was gathered goes to a file instead of an answer.

use std::{
    ffi::OsString,
    fs,
    io::Write as _,
    path::{Path, PathBuf},
};

use clap::{Arg, ArgMatches, value_parser};
use swathe::{
    Error, ErrorKind, Result,
    request::{Collected, Request, Scope, saved},
};

use super::{DONE, Session, TROUBLE};

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
pub(crate) fn parse(matches: &ArgMatches) -> Option<Keep> {
    let name = matches.get_one::<OsString>("partial")?;
    Some(if name == "-" {
        Keep::Stdout
    } else {
        Keep::File(name.into())
    })
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
        Keep::File(path) => {
            replace(path, &bytes).map_err(|e| Error::at(path, ErrorKind::Io(e)))?;
        }
    }
    Ok(exit)
}

/// Puts a file in the place of what has this name, whole or not at all.
fn replace(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut temporary = path.as_os_str().to_os_string();
    temporary.push(format!(".{}.part", std::process::id()));
    let written = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(&temporary)
        .and_then(|mut file| {
            file.write_all(bytes)?;
            file.sync_all()
        })
        .and_then(|()| fs::rename(&temporary, path));
    if written.is_err() {
        let _ = fs::remove_file(&temporary);
    }
    written
}
