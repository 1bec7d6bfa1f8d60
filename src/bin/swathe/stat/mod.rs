//! What the commands that compute statistics share.

pub(crate) mod args;
pub(crate) mod assign;
pub(crate) mod command;
pub(crate) mod count_text;
mod drawn;
pub(crate) mod entry;
pub(crate) mod fail_if;
pub(crate) mod files;
pub(crate) mod input;
pub(crate) mod keep;
pub(crate) mod keys;
pub(crate) mod lacking;
pub(crate) mod live;
pub(crate) mod merge;
pub(crate) mod patterns;
pub(crate) mod print;
pub(crate) mod resume;
pub(crate) mod rows;
pub(crate) mod saved_file;
pub(crate) mod selecting;
pub(crate) mod shared;
pub(crate) mod stats_text;
pub(crate) mod table;
#[cfg(test)]
mod tests;
pub(crate) mod wc;
pub(crate) mod wc_list;
pub(crate) mod whole_file;

use std::io::Write;

use swathe::{
    Error, ErrorKind, Result,
    exec::Stop,
    progress::Progress,
    request::Scope,
    run::{self, Control, Gathered, Input, Live, Way},
    statistic::Statistic,
};

use self::args::Common;
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
    /// Who ends a run of this session, and who is told how it goes.
    pub(crate) fn control(&mut self) -> Control<'_> {
        Control {
            stop: self.stop,
            progress: self.progress,
            complain: &mut *self.complain,
        }
    }
}

/// Runs a statistic over all inputs; what is left out as binary is said.
///
/// # Errors
/// When threads cannot be started.
pub(crate) fn gather<S: Statistic>(
    first: &S,
    inputs: &[Input],
    (common, scope): (&Common, &Scope),
    session: &mut Session<'_>,
    (way, live): (Way, Option<&Live<'_, S::Partial>>),
) -> Result<Gathered<S>> {
    session.interrupt.answers();
    let reading = common.reading();
    let ground = (&reading, scope);
    let gathered = run::gather(first, inputs, ground, &mut session.control(), (way, live))?;
    files::tell_skipped(&gathered.collected.skipped, session);
    Ok(gathered)
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
