//! The last lines over all sources, found from the end backwards.

use swathe::{
    exec::Executor,
    print::PrintOptions,
    search::{Last, Outcome, Run, Search},
    source::Source,
};

use super::job::Job;
use crate::{inputs::Input, session::Session};

/// What is needed to look at sources.
#[derive(Clone, Copy)]
pub(super) struct Ends<'a> {
    pub(super) job: &'a Job,
    pub(super) session: &'a Session,
    pub(super) search: &'a Search,
    pub(super) executor: &'a Executor,
}

/// What was found in a source, or why it could not be opened.
pub(super) type Found<'a> = (&'a Input, swathe::Result<Last>);

impl<'a> Ends<'a> {
    /// Finds the last `max` lines, in the order of the inputs. Inputs before
    /// those that have them are not opened.
    ///
    /// # Errors
    /// When threads cannot be had.
    pub(super) fn find(
        self,
        inputs: impl DoubleEndedIterator<Item = &'a Input>,
        max: u64,
    ) -> swathe::Result<Vec<Found<'a>>> {
        let (mut all, mut left) = (Vec::new(), max);
        for input in inputs.rev() {
            if left == 0 || self.session.interrupt.signal().is_some() {
                break;
            }
            let last = match input.open(&self.job.source_options) {
                Ok(source) => {
                    let stop = self.session.interrupt.stop();
                    let last = self.search.find_last(self.executor, &stop, &source, left)?;
                    left -= last.found();
                    Ok(last)
                }
                Err(error) => Err(error),
            };
            all.push((input, last));
        }
        all.reverse();
        Ok(all)
    }

    /// Prints what was found in a source; nothing comes back if it cannot be
    /// opened once more, which is then said.
    ///
    /// # Errors
    /// When the output cannot be written, or threads cannot be had.
    pub(super) fn print(
        self,
        input: &Input,
        last: Last,
        print: &PrintOptions,
        written: bool,
    ) -> swathe::Result<Option<Outcome>> {
        let source = if last.reads_again() && last.found() > 0 {
            match input.open(&self.job.source_options) {
                Ok(source) => Some(source),
                Err(error) => {
                    self.session.source_failed(input.name(), error);
                    return Ok(None);
                }
            }
        } else {
            None::<Source>
        };
        let mut run = Run {
            executor: self.executor,
            out: &mut self.session.output.clone(),
            stop: &self.session.interrupt.stop(),
            progress: &self.session.meter,
            written,
        };
        let outcome = self
            .search
            .print_last(&mut run, last, source.as_ref(), print)?;
        Ok(Some(outcome))
    }
}
