//! `report --from`: reports that were saved as JSON, merged and shown.

use std::{ffi::OsString, path::PathBuf};

use swathe::{
    Error, ErrorKind, Result,
    exec::Stop,
    request::{
        Collected, ReportRequest, Request as _, Scope,
        saved::{PartialOf, Saved},
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
    decoded(&Saved::open(&name, &bytes)?)
}

fn decoded(saved: &Saved<'_>) -> Result<Read> {
    if saved.command() != ReportRequest::COMMAND {
        let why = format!(
            "is a partial of swathe {}; swathe merge reads it",
            saved.command()
        );
        return Err(Error::at(saved.name(), ErrorKind::Partial(why)));
    }
    let (request, scope, statistic) = saved.request::<ReportRequest>()?;
    let collected = saved.gathered::<ReportRequest>(&statistic)?;
    Ok((request, scope, collected))
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
    let Some((first, others)) = saved.split_first() else {
        return Err(usage(
            "--from needs a file that swathe report --format json wrote",
        ));
    };
    let (request, scope, mut collected) = decoded(first)?;
    let statistic = request.statistic()?;
    for other in others {
        first.fits(other)?;
        collected.append(&statistic, other.gathered::<ReportRequest>(&statistic)?);
    }
    Ok((request, scope, collected))
}
