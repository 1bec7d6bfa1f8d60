//! What all threads and all passes of a run share.

use std::sync::OnceLock;

use super::{Input, Reading};
use crate::{
    error::{Error, Result},
    exec::Stop,
    progress::Progress,
    request::Scope,
    select::Selector,
    source::Seen,
};

/// Who ends a run, and who is told how it goes.
pub struct Control<'a> {
    /// Ends the run early: what was read up to then is answered.
    pub stop: &'a Stop,
    /// Told how far the run has come.
    pub progress: &'a dyn Progress,
    /// Told what goes wrong with an input, in the order of inputs.
    pub complain: &'a mut (dyn FnMut(&Error) + Send),
}

impl std::fmt::Debug for Control<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Control")
            .field("stop", &self.stop)
            .finish_non_exhaustive()
    }
}

/// Who may end a run over sources, and who watches it; threads may share it.
#[derive(Clone, Copy)]
pub(super) struct Watched<'a> {
    pub(super) stop: &'a Stop,
    pub(super) progress: &'a dyn Progress,
}

impl<'a> Control<'a> {
    pub(super) fn watched(&self) -> Watched<'a> {
        Watched {
            stop: self.stop,
            progress: self.progress,
        }
    }
}

/// What the passes over the same inputs share, and all threads of a pass.
#[derive(Debug)]
pub(super) struct RunContext<'a> {
    pub(super) reading: &'a Reading,
    pub(super) scope: &'a Scope,
    pub(super) selector: Selector,
    /// How many inputs there are.
    pub(super) inputs: usize,
    /// What the inputs were when they were read first.
    seen: Vec<OnceLock<Option<Seen>>>,
}

impl<'a> RunContext<'a> {
    /// What there is before an input is read.
    ///
    /// # Errors
    /// When a filter does not compile.
    pub(super) fn new(
        reading: &'a Reading,
        scope: &'a Scope,
        inputs: usize,
    ) -> Result<RunContext<'a>> {
        Ok(RunContext {
            reading,
            scope,
            selector: Selector::new(scope.selection.clone())?,
            inputs,
            seen: std::iter::repeat_with(OnceLock::new).take(inputs).collect(),
        })
    }

    /// What an input was when it was looked at first: in an earlier pass, or before; `None`
    /// if this is the first look at it.
    ///
    /// # Errors
    /// When that look failed.
    pub(super) fn before(&self, place: usize, input: &Input) -> Result<Option<Seen>> {
        match self.seen[place].get() {
            Some(seen) => Ok(*seen),
            None => self.reading.looks.first(input),
        }
    }

    /// An input was opened, and was this.
    pub(super) fn was(&self, place: usize, seen: Option<Seen>) {
        self.seen[place].get_or_init(|| seen);
    }
}
