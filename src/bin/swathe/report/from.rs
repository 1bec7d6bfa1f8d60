//! `report --from`: reports that were saved as JSON, merged and shown.

use std::{ffi::OsString, path::PathBuf};

use swathe::{
    Error, ErrorKind, Result,
    exec::Stop,
    request::{
        Collected, ReportRequest, Request as _, Scope,
        saved::{self, PartialOf, Saved},
        saved_report,
    },
    run::Input,
};

use crate::stat::{args::Shared, input, saved_file, usage};

/// Flags that change no number.
const FLAGS: [&str; 11] = [
    "from",
    "format",
    "output",
    "partial",
    "fail-if",
    "rows",
    "no-messages",
    "progress",
    "threads",
    "chunk-size",
    "io",
];

/// What was asked, of which records, and what came of it.
type Read = (ReportRequest, Scope, Collected<PartialOf<ReportRequest>>);

/// What was asked and gathered by the run that wrote a file of this name and
/// these bytes.
///
/// # Errors
/// When it is no saved report or is damaged, naming it.
pub(crate) fn open((name, bytes): (PathBuf, Vec<u8>)) -> Result<Read> {
    let bytes = saved_report::extract(&name, bytes)?;
    merged(&[Saved::open(&name, &bytes)?])
}

/// What was asked and gathered by these runs, in their order.
fn merged(saved: &[Saved<'_>]) -> Result<Read> {
    let other = |one: &&Saved<'_>| one.command() != ReportRequest::COMMAND;
    if let Some(other) = saved.first().filter(other) {
        let why = format!(
            "is a partial of swathe {}; swathe merge reads it",
            other.command()
        );
        return Err(Error::at(other.name(), ErrorKind::Partial(why)));
    }
    saved::merged::<ReportRequest>(saved)
}

/// What was asked and gathered by the runs that wrote these files, in their
/// order.
///
/// # Errors
/// When one is no saved report, is damaged, or of another question, naming it.
pub(crate) fn read(names: &[OsString], told: &Shared, stop: &Stop) -> Result<Read> {
    let mut others = told.typed.keys().filter(|flag| !FLAGS.contains(flag));
    let other = others.next().map(|flag| format!("--{flag}"));
    let path = told.operands.first().map(|_| "a PATH".to_string());
    if let Some(other) = other.or(path) {
        return Err(usage(format!(
            "{other} belongs to the run that saved the report; leave it out with --from"
        )));
    }
    let load = |input: Input| {
        let (name, bytes) = saved_file::whole(&input, stop)?;
        let partial = saved_report::extract(&name, bytes)?;
        Ok((name, partial))
    };
    let files = input::all(names)?.into_iter().map(load);
    let files = files.collect::<Result<Vec<_>>>()?;
    let opened = files.iter().map(|(name, bytes)| Saved::open(name, bytes));
    let saved = opened.collect::<Result<Vec<_>>>()?;
    merged(&saved)
}
