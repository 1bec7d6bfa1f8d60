//! The last lines over all sources, found from the end backwards.

use swathe::{
    exec::Executor,
    print::PrintOptions,
    run::Input,
    search::{Last, Outcome, Run, Search},
    source::Source,
};

use super::job::Job;
use crate::session::Session;

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

impl Ends<'_> {
    /// Finds the last `max` lines, in the order of the inputs. Inputs before
    /// those that have them are not opened.
    ///
    /// # Errors
    /// When threads cannot be had.
    pub(super) fn find<'f>(
        self,
        files: impl DoubleEndedIterator<Item = &'f Input>,
        max: u64,
    ) -> swathe::Result<Vec<Found<'f>>> {
        let (mut all, mut left) = (Vec::new(), max);
        for input in files.rev() {
            if left == 0 || self.session.interrupt.signal().is_some() {
                break;
            }
            let last = match self.job.open(input) {
                Ok(source) => {
                    let (stop, nul) = (self.session.interrupt.stop(), self.job.nul(input));
                    let executor = self.executor;
                    let last = self.search.find_last(executor, &stop, &source, nul, left)?;
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
            let again = match last.seen() {
                Some(seen) => self.job.open_again(input, seen),
                None => self.job.open(input),
            };
            match again {
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
