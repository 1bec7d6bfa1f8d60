//! What is listed instead of a search: files, or file types.

use std::io::{self, Write as _};

use grep_matcher::LineTerminator;
use swathe::{
    print::{PrintOptions, SummaryPrinter},
    run::Input,
    search::Mode,
    walk::Event,
};

use super::{job::Job, low::Listing};
use crate::{
    output::Shown,
    session::{Exit, Session, SessionOptions},
};

/// Lists. Nothing listed is nothing found.
pub(super) fn run(job: &Job, listing: Listing) -> Exit {
    let options = SessionOptions {
        policy: job.policy,
        terminator: if job.print.path_terminator.is_some() {
            0
        } else {
            b'\n'
        },
        total: None,
        streams: true,
        shown: Shown::AsWritten,
    };
    let session = Session::start(&job.reading, options);
    let listed = match listing {
        Listing::Files => files(job, &session),
        Listing::Types => types(job, &session),
    };
    match listed {
        Ok(any) => {
            let exit = match (any, session.errored()) {
                (true, errored) if job.quiet || !errored => Exit::Success,
                (_, true) => Exit::Failure,
                (_, false) => Exit::NoMatch,
            };
            session.end(exit)
        }
        Err(error) => session.fail(&swathe::Error::from(error)),
    }
}

/// Lists the files that would be searched; false if there are none.
fn files(job: &Job, session: &Session) -> io::Result<bool> {
    let mut out = session.output.clone();
    let (mut any, mut row) = (false, Vec::new());
    for event in job.files() {
        if session.interrupt.signal().is_some() {
            break;
        }
        match event {
            Event::Trouble(what) => session.note(what.error.path(), &what.error, what.soft),
            Event::File(input) if let Some(error) = missing(&input) => {
                session.source_failed(input.name(), error);
            }
            Event::File(_) if job.quiet => return Ok(true),
            Event::File(input) => {
                any = true;
                let print = PrintOptions {
                    path: Some(input.name().to_path_buf()),
                    ..job.print.clone()
                };
                let mut printer = SummaryPrinter::new(&print, LineTerminator::byte(b'\n'));
                printer.finish(Mode::FilesWithMatches, 1, 0, &mut row)?;
                out.write_all(&row)?;
                row.clear();
            }
        }
    }
    Ok(any)
}

/// Why an input cannot be there, if it was named and is not.
fn missing(input: &Input) -> Option<swathe::Error> {
    match input {
        Input::Path(path) => path.symlink_metadata().err().map(swathe::Error::from),
        Input::Found(_) | Input::Stdin => None,
    }
}

/// Lists the file types.
fn types(job: &Job, session: &Session) -> io::Result<bool> {
    let mut out = session.output.clone();
    let types = job.rules.types();
    for kind in &types {
        writeln!(out, "{}: {}", kind.name, kind.globs.join(", "))?;
    }
    Ok(!types.is_empty())
}
