//! What becomes of inputs in a run, beside what is gathered of them.

use std::path::Path;

use crate::{
    error::Error,
    report::{Choice, ErrorRow, choose},
    request::Collected,
    time::Chosen,
};

/// What became of inputs, in their order.
#[derive(Debug, Default)]
pub(super) struct Tally {
    /// One was a stream, which cannot be read again.
    pub(super) streamed: bool,
    /// Bytes that were gone through.
    pub(super) bytes: u64,
    /// Inputs of the pass at hand that were left out as binary.
    pub(super) skipped: u64,
    /// What went wrong in the pass at hand.
    pub(super) errors: Vec<ErrorRow>,
    /// What was chosen for their timestamps.
    pub(super) chosen: Vec<Choice>,
    /// What of it was not said yet.
    unsaid: Vec<Error>,
}

impl Tally {
    /// Appends that of the inputs behind these.
    pub(super) fn append(&mut self, mut later: Tally) {
        self.streamed |= later.streamed;
        self.bytes += later.bytes;
        self.skipped += later.skipped;
        self.errors.append(&mut later.errors);
        self.unsaid.append(&mut later.unsaid);
        for choice in later.chosen {
            choose(
                &mut self.chosen,
                choice.chosen,
                &choice.first,
                choice.inputs,
            );
        }
    }

    /// Notes what was chosen for the timestamps of an input.
    pub(super) fn choose(&mut self, name: &Path, chosen: Vec<Chosen>) {
        for chosen in chosen {
            choose(&mut self.chosen, chosen, name, 1);
        }
    }

    /// This input was not read, since the run was to end.
    pub(super) fn not_read(&mut self, name: &Path) {
        self.errors.push(ErrorRow::interrupted(name));
    }

    /// Notes what went wrong with an input for the answer, and to be said.
    pub(super) fn note(&mut self, error: Error) {
        self.errors.push(ErrorRow::from(&error));
        self.unsaid.push(error);
    }

    /// Says what was noted and not said yet.
    pub(super) fn say(&mut self, complain: &mut dyn FnMut(&Error)) {
        for error in self.unsaid.drain(..) {
            complain(&error);
        }
    }

    /// Says in the answer what went wrong in a pass and what was left out.
    pub(super) fn close<P>(&mut self, collected: &mut Collected<P>) {
        collected.errors = std::mem::take(&mut self.errors);
        if self.skipped > 0 {
            collected.skipped.insert("binary".to_string(), self.skipped);
        }
    }
}
