//! `--partial`: what was gathered goes to a file instead of an answer.

use std::path::PathBuf;

use swathe::{
    Result,
    request::{Collected, Request, Scope, saved},
    run::Input,
};

use super::{
    DONE, Session, TROUBLE,
    shared::{Shared, SharedFlag},
    whole_file,
};
use crate::cli::value;

/// Where partials go.
#[derive(Clone, Debug)]
pub(crate) enum Keep {
    /// Standard output.
    Stdout,
    /// A file of this name.
    File(PathBuf),
}

/// The flag.
pub(crate) fn flag() -> SharedFlag {
    SharedFlag::one(
        "--partial FILE",
        "Write what swathe merge needs to FILE (- for standard output) instead of an answer",
        value::path,
        |o| &mut o.partial,
    )
}

/// What the flag says.
///
/// # Errors
/// When the file is one of the inputs, or could not be written.
pub(crate) fn asked(told: &Shared, inputs: &[Input]) -> Result<Option<Keep>> {
    let Some(path) = &told.partial else {
        return Ok(None);
    };
    if whole_file::is_stdout(path) {
        return Ok(Some(Keep::Stdout));
    }
    whole_file::check("--partial", path, inputs, &told.typed)?;
    Ok(Some(Keep::File(path.clone())))
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
        Keep::File(path) => swathe::whole_file::write(path, &bytes)?,
    }
    Ok(exit)
}
