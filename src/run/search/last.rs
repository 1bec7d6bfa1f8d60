//! The last lines over all sources, found from the end backwards.

use std::time::Instant;

use super::in_order::InOrder;
use crate::{
    error::Result,
    run::Input,
    search::{Last, Outcome, Run},
    source::Source,
    walk::{Event, Files},
};

impl InOrder<'_> {
    /// Prints the last `max` lines over all sources.
    pub(super) fn search_last(&mut self, files: Files, max: u64) -> Result<()> {
        let mut all = Vec::new();
        for event in files {
            match event {
                Event::File(input) => all.push(input),
                Event::Trouble(what) => self.sink.tell(&what.error, what.soft),
            }
        }
        self.searched.files = !all.is_empty();
        let started = Instant::now();
        for (input, last) in self.find_last(&all, max)? {
            if self.is_output(input) {
                continue;
            }
            match last {
                Ok(last) => {
                    if let Some(outcome) = self.print_last(input, last)? {
                        self.take(input.name(), outcome);
                    }
                }
                Err(error) => self.source_failed(input.name(), error),
            }
        }
        self.searched_since(started);
        Ok(())
    }

    /// Finds the last `max` lines, in the order of the inputs. Inputs before
    /// those that have them are not opened.
    fn find_last<'f>(
        &self,
        files: &'f [Input],
        max: u64,
    ) -> Result<Vec<(&'f Input, Result<Last>)>> {
        let (mut all, mut left) = (Vec::new(), max);
        for input in files.iter().rev() {
            if left == 0 || self.control.stop.is_set() {
                break;
            }
            let last = match self.plan.open(input) {
                Ok(source) => {
                    let (executor, stop) = (self.control.executor, self.control.stop);
                    let nul = self.plan.nul(input);
                    let search = &self.plan.search;
                    let last = search.find_last(executor, stop, &source, nul, left)?;
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
    fn print_last(&mut self, input: &Input, last: Last) -> Result<Option<Outcome>> {
        let plan = self.plan;
        let source = if last.reads_again() && last.found() > 0 {
            let again = match last.seen() {
                Some(seen) => plan.open_again(input, seen),
                None => plan.open(input),
            };
            match again {
                Ok(source) => Some(source),
                Err(error) => {
                    self.source_failed(input.name(), error);
                    return Ok(None);
                }
            }
        } else {
            None::<Source>
        };
        let print = plan.print(input.name(), plan.names);
        let written = self.wrote();
        let mut run = Run {
            executor: self.control.executor,
            out: self.sink.out(input.name()),
            stop: self.control.stop,
            progress: self.control.progress,
            written,
        };
        let search = &plan.search;
        let outcome = search.print_last(&mut run, last, source.as_ref(), &print)?;
        Ok(Some(outcome))
    }
}
