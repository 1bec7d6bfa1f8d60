//! What a command is given, and what it ends with.

use std::io::Write;

use swathe::{Error, ErrorKind, exec::Stop, progress::Progress, run::Control};

use crate::{output::Output, signals::Interrupt};

/// What a command is given by `main`: where its answer goes, and who watches.
pub(crate) struct Session<'a> {
    /// Standard output.
    pub(crate) out: &'a mut (dyn Write + Send),
    /// Standard output, for who writes to it meanwhile.
    pub(crate) output: &'a Output,
    /// Prints what went wrong with an input to standard error.
    pub(crate) complain: &'a mut (dyn FnMut(&Error) + Send),
    /// Ends the run early.
    pub(crate) stop: &'a Stop,
    /// The signal that has set it, and what is to become of one.
    pub(crate) interrupt: &'a Interrupt,
    /// Told how far the run has come.
    pub(crate) progress: &'a dyn Progress,
}

impl Session<'_> {
    /// Where the answer goes, and as [`control`](Session::control).
    pub(crate) fn out_and_control(&mut self) -> (&mut (dyn Write + Send), Control<'_>) {
        let control = Control {
            stop: self.stop,
            progress: self.progress,
            complain: &mut *self.complain,
        };
        (self.out, control)
    }

    /// Who ends a run of this session, and who is told how it goes.
    pub(crate) fn control(&mut self) -> Control<'_> {
        self.out_and_control().1
    }
}

/// What the process exits with when nothing stood in the way.
pub(crate) const DONE: u8 = 0;
/// Nothing matched.
pub(crate) const NOTHING: u8 = 1;
/// Something could not be read, or was not understood.
pub(crate) const TROUBLE: u8 = 2;

/// A condition of `--fail-if` holds.
pub(crate) const FAILED: u8 = 3;

/// An error of how the command was called.
pub(crate) fn usage(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::Config(message.into()))
}
