//! What every command that reads has while it runs: the output, the progress,
//! the watch for signals, and the account of what went wrong.

use std::{
    fmt::Display,
    io,
    path::Path,
    process::ExitCode,
    sync::atomic::{AtomicBool, Ordering},
};

use crate::{
    cli::reading::Reading,
    messages,
    output::{Output, Policy, Shown},
    progress::{Meter, MeterOptions},
    signals::{self, Interrupt},
};

/// How a command ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Exit {
    /// Done; for a search, something matched.
    Success,
    /// A search in which nothing matched.
    NoMatch,
    /// Something could not be done.
    Failure,
    /// What it found is cause for alarm, by a condition that was given.
    Alarm,
    /// A signal ended it.
    Interrupted(i32),
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(match exit {
            Exit::Success => 0,
            Exit::NoMatch => 1,
            Exit::Failure => 2,
            Exit::Alarm => 3,
            Exit::Interrupted(signal) => signals::status(signal),
        })
    }
}

/// A command at work.
pub(crate) struct Session {
    pub(crate) output: Output,
    pub(crate) meter: Meter,
    pub(crate) interrupt: Interrupt,
    muted: bool,
    errored: AtomicBool,
}

/// What a session is told at its start.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SessionOptions {
    pub(crate) policy: Policy,
    /// What ends a line of output.
    pub(crate) terminator: u8,
    /// Bytes there are to read, where all sizes are known.
    pub(crate) total: Option<u64>,
    /// Results come while the input is read, and not at its end.
    pub(crate) streams: bool,
    /// How results are kept from driving a terminal.
    pub(crate) shown: Shown,
}

impl Session {
    /// Opens the output and starts the watch for signals and the progress.
    pub(crate) fn start(reading: &Reading, options: SessionOptions) -> Session {
        let output = Output::stdout(options.policy, options.terminator, options.shown);
        let meter = Meter::start(MeterOptions {
            when: reading.progress,
            total: options.total,
            results_on_terminal: options.streams && crate::output::is_terminal(),
        });
        let interrupt = Interrupt::watch(&output, &meter);
        Session {
            output,
            meter,
            interrupt,
            muted: reading.no_messages,
            errored: AtomicBool::new(false),
        }
    }

    /// Says that a source could not be done justice, unless such messages are
    /// muted, and remembers it for the exit status.
    pub(crate) fn source_failed(&self, path: &Path, text: impl Display) {
        self.note(Some(path), text, false);
    }

    /// Says that something could not be done that is about no one source.
    pub(crate) fn problem(&self, text: impl Display) {
        self.note(None, text, false);
    }

    /// Says something unless messages are muted; unless it is `soft`, it is
    /// remembered for the exit status.
    pub(crate) fn note(&self, path: Option<&Path>, text: impl Display, soft: bool) {
        self.errored.fetch_or(!soft, Ordering::Relaxed);
        if !self.muted {
            self.meter.beside(|| messages::say(path, text));
        }
    }

    /// Whether anything was said through [`source_failed`](Session::source_failed).
    pub(crate) fn errored(&self) -> bool {
        self.errored.load(Ordering::Relaxed)
    }

    /// Writes what is left, removes the progress and says how it all ended,
    /// where `exit` is how the command thinks it ended.
    pub(crate) fn end(self, exit: Exit) -> Exit {
        self.meter.end();
        let written = self.output.finish();
        if let Some(signal) = self.interrupt.settle() {
            self.interrupt.tell();
            return Exit::Interrupted(signal);
        }
        match written {
            Ok(()) => exit,
            Err(error) => output_failed(&swathe::Error::from(error)),
        }
    }

    /// Ends where writing has failed already, or threads could not be started.
    pub(crate) fn fail(self, error: &swathe::Error) -> Exit {
        self.meter.end();
        match self.interrupt.settle() {
            Some(signal) => Exit::Interrupted(signal),
            None => output_failed(error),
        }
    }
}

/// A reader that went away has seen enough, and that is no failure.
fn output_failed(error: &swathe::Error) -> Exit {
    if error.is_broken_pipe() {
        return Exit::Success;
    }
    let path = match error.kind() {
        swathe::ErrorKind::Io(_) => Some(error.path().unwrap_or("<stdout>".as_ref())),
        _ => error.path(),
    };
    messages::say(path, error);
    Exit::Failure
}

/// Writes text for a person to standard output: help, versions.
pub(crate) fn print(text: &str) -> Exit {
    let output = Output::stdout(Policy::Blocks, b'\n', Shown::AsWritten);
    let written = io::Write::write_all(&mut output.clone(), text.as_bytes());
    match written.and_then(|()| output.finish()) {
        Ok(()) => Exit::Success,
        Err(error) => output_failed(&swathe::Error::from(error)),
    }
}
