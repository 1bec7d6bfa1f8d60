//! What the commands that compute statistics share.

mod abreast;
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
pub(crate) mod run;
pub(crate) mod saved_file;
pub(crate) mod selecting;
pub(crate) mod size;
pub(crate) mod stats_text;
pub(crate) mod table;
pub(crate) mod wc;
pub(crate) mod wc_list;
pub(crate) mod whole_file;

use std::io::Write;

use swathe::{Error, ErrorKind, exec::Stop, progress::Progress, source::Source};

use self::input::Input;
use crate::{output::Output, signals::Interrupt};

/// What a command is given by `main`: where its answer goes, and who watches.
pub(crate) struct Session<'a> {
    /// Standard output.
    pub(crate) out: &'a mut (dyn Write + Send),
    /// The same, for who writes to it meanwhile.
    pub(crate) output: &'a Output,
    /// Prints what went wrong with an input to standard error.
    pub(crate) complain: &'a mut (dyn FnMut(&Error) + Send),
    /// Ends the run early.
    pub(crate) stop: &'a Stop,
    /// The same flag's signal, and what is to become of one.
    pub(crate) interrupt: &'a Interrupt,
    /// Told how far the run has come.
    pub(crate) progress: &'a dyn Progress,
    /// Inputs that were opened to look at them, and cannot be opened again.
    pub(crate) held: Vec<(Input, Source)>,
}

impl Session<'_> {
    /// Whether this input was opened before, and something of it was read.
    pub(crate) fn holds(&self, input: &Input) -> bool {
        self.held.iter().any(|(held, _)| held == input)
    }

    /// The source of this input, if it was opened before.
    pub(crate) fn held(&mut self, input: &Input) -> Option<Source> {
        let place = self.held.iter().position(|(held, _)| held == input)?;
        Some(self.held.remove(place).1)
    }
}

/// Who may end a run over sources, and who watches it; threads may share it.
#[derive(Clone, Copy)]
struct Watched<'a> {
    stop: &'a Stop,
    progress: &'a dyn Progress,
}

impl<'a> Session<'a> {
    fn watched(&self) -> Watched<'a> {
        Watched {
            stop: self.stop,
            progress: self.progress,
        }
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
