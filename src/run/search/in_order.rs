//! What is decided in the order of inputs, and what has come of them so far.

use std::{
    io::Write,
    path::Path,
    time::{Duration, Instant},
};

use super::plan::{Batch, Item, Scan, SearchControl, SearchPlan};
use crate::{
    error::{Error, ErrorKind, Result},
    exec::{Commit, Flow},
    print::PrintOptions,
    report::{Choice, choose},
    run::{Input, batches::Reducer},
    search::{Mode, Nul, Outcome, Run, Search, Stats},
    source::{Archive, Opened, Source},
    walk::Event,
};

/// Said of an input that is also the output.
const OWN_OUTPUT: &str = "input file is also the output; write to another file";

/// Where what a search finds goes, and what goes wrong, in the order of inputs.
pub trait Sink: Send {
    /// Where that goes which is found in the source of this name.
    fn out(&mut self, name: &Path) -> &mut (dyn Write + Send);

    /// Something went wrong, or is worth a word; if it is `soft`, nothing is missing from the
    /// answer.
    fn tell(&mut self, error: &Error, soft: bool);
}

/// What a search over inputs came to.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Searched {
    /// Whether something matched.
    pub matched: bool,
    /// Whether there was an input at all.
    pub files: bool,
    /// The totals.
    pub stats: Stats,
    /// How long single sources were searched, over all threads.
    pub searching: Duration,
    /// The sum of the counts.
    pub total: u64,
    /// Records that were cut because they became too long.
    pub cut: u64,
    /// What was chosen for timestamps, if it matters when lines were written.
    pub chosen: Vec<Choice>,
}

/// What has come of the sources so far.
pub(in crate::run) struct InOrder<'a> {
    pub(in crate::run) plan: &'a SearchPlan,
    pub(in crate::run) control: SearchControl<'a>,
    pub(in crate::run) sink: &'a mut dyn Sink,
    pub(super) searched: Searched,
    wrote: bool,
    /// How many lines may still be selected, where that is bounded over all
    /// sources.
    left: Option<u64>,
    /// Why no more can be written.
    pub(super) failed: Option<Error>,
}

impl Commit<Batch> for InOrder<'_> {
    fn commit(&mut self, batch: Batch) -> Flow {
        self.write(batch).unwrap_or_else(|error| self.fail(error))
    }
}

impl<'a> Reducer<Scan<'a>> for InOrder<'a> {
    fn in_turn(&mut self, event: Event) -> Flow {
        let input = match event {
            Event::Trouble(what) => {
                self.sink.tell(&what.error, what.soft);
                return Flow::Continue;
            }
            Event::File(input) => input,
        };
        match self.search_one(&input) {
            Ok(()) if self.is_over() => Flow::Stop,
            Ok(()) => Flow::Continue,
            Err(error) => self.fail(error),
        }
    }
}

impl<'a> InOrder<'a> {
    pub(in crate::run) fn new(
        plan: &'a SearchPlan,
        control: SearchControl<'a>,
        sink: &'a mut dyn Sink,
    ) -> InOrder<'a> {
        InOrder {
            plan,
            control,
            sink,
            searched: Searched::default(),
            wrote: false,
            left: plan.first,
            failed: None,
        }
    }

    fn fail(&mut self, error: Error) -> Flow {
        self.failed.get_or_insert(error);
        Flow::Stop
    }

    /// Writes what a batch came to.
    ///
    /// # Errors
    /// When the output cannot be written.
    fn write(&mut self, batch: Batch) -> Result<Flow> {
        let mut at = 0;
        let mut last = None;
        for item in batch.items {
            match item {
                Item::Trouble(what) => self.sink.tell(&what.error, what.soft),
                Item::Failed(input, error) => self.source_failed(input.name(), error),
                Item::Searched {
                    input,
                    end,
                    mut outcome,
                    took,
                } => {
                    let mut bytes = &batch.bytes[at..end];
                    at = end;
                    if !self.wrote {
                        // Nothing to be parted from.
                        bytes = &bytes[outcome.separator..];
                        outcome.stats.bytes_printed -= outcome.separator as u64;
                    }
                    self.sink.out(input.name()).write_all(bytes)?;
                    self.searched.searching += took;
                    self.take(input.name(), outcome);
                    last = Some(input);
                }
            }
            if self.is_over() {
                return Ok(Flow::Stop);
            }
        }
        if let Some(input) = last.filter(|_| at > 0) {
            self.sink.out(input.name()).flush()?;
        }
        Ok(Flow::Continue)
    }

    /// Whether nothing that comes now matters.
    pub(in crate::run) fn is_over(&self) -> bool {
        let enough = self.searched.matched && self.plan.first_match_ends;
        enough || self.left == Some(0) || self.control.stop.is_set()
    }

    /// Tells that a source could not be done justice.
    pub(in crate::run) fn source_failed(&mut self, name: &Path, error: Error) {
        self.sink.tell(&error.named(name), false);
    }

    /// Tells something about a source.
    pub(in crate::run) fn note(&mut self, name: &Path, text: impl Into<String>, soft: bool) {
        let error = Error::at(name, ErrorKind::Config(text.into()));
        self.sink.tell(&error, soft);
    }

    /// Whether the input is the output too, which is told.
    pub(in crate::run) fn is_output(&mut self, input: &Input) -> bool {
        let is = self.plan.is_output(input);
        if is {
            self.note(input.name(), OWN_OUTPUT, false);
        }
        is
    }

    /// Searches one input on all threads, every member of it if it is an
    /// archive. That it cannot be opened is said.
    fn search_one(&mut self, input: &Input) -> Result<()> {
        if self.is_output(input) {
            return Ok(());
        }
        let plan = self.plan;
        let nul = plan.nul(input);
        match plan.open_as(input) {
            Ok(Opened::Source(source)) => {
                let print = plan.print(input.name(), plan.names);
                self.search_source(&source, input.name(), &print, nul)?;
            }
            Ok(Opened::Archive(archive)) => self.search_members(archive, nul)?,
            Err(error) => self.source_failed(input.name(), error),
        }
        Ok(())
    }

    /// Searches the members of an archive. One that cannot be read is said, and
    /// the others are searched.
    fn search_members(&mut self, mut archive: Archive, nul: Nul) -> Result<()> {
        let plan = self.plan;
        while let Some(member) = archive.next_member() {
            match member {
                Ok(source) => {
                    let print = plan.print(source.name(), plan.names_members);
                    self.search_source(&source, source.name(), &print, nul)?;
                }
                Err(error) => self.sink.tell(&error.or_at(archive.name()), false),
            }
            if self.is_over() {
                break;
            }
        }
        Ok(())
    }

    pub(in crate::run) fn search_source(
        &mut self,
        source: &Source,
        name: &Path,
        print: &PrintOptions,
        nul: Nul,
    ) -> Result<()> {
        let outcome = self.on_all(name, |search, run| search.run_as(run, source, print, nul))?;
        self.take(name, outcome);
        Ok(())
    }

    /// Has the source of this name searched on all threads.
    pub(in crate::run) fn on_all<T>(
        &mut self,
        name: &Path,
        one: impl FnOnce(&Search, &mut Run<'_>) -> Result<T>,
    ) -> Result<T> {
        let limited = self.left.map(|left| self.plan.search.limited(left));
        let search = limited.as_ref().unwrap_or(&self.plan.search);
        let started = Instant::now();
        let mut run = Run {
            executor: self.control.executor,
            out: self.sink.out(name),
            stop: self.control.stop,
            progress: self.control.progress,
            written: self.wrote,
        };
        let found = one(search, &mut run)?;
        self.searched.searching += started.elapsed();
        Ok(found)
    }

    /// Takes time that was spent on several sources.
    pub(super) fn searched_since(&mut self, started: Instant) {
        self.searched.searching += started.elapsed();
    }

    /// Whether something was written.
    pub(super) fn wrote(&self) -> bool {
        self.wrote
    }

    /// What all came to; that records were cut is told, and what was chosen for timestamps.
    pub(in crate::run) fn end(self) -> Searched {
        if self.searched.cut > 0 {
            let cut = self.searched.cut;
            let text = format!("{cut} records begin where another became longer than --record-max");
            self.sink.tell(&Error::new(ErrorKind::Config(text)), true);
        }
        for choice in &self.searched.chosen {
            let text = choice.to_string();
            self.sink.tell(&Error::new(ErrorKind::Config(text)), true);
        }
        self.searched
    }

    /// Counts what a source came to; what fails is said under `name`.
    pub(in crate::run) fn take(&mut self, name: &Path, outcome: Outcome) {
        let searched = &mut self.searched;
        searched.matched |= outcome.matched;
        self.wrote |= outcome.wrote;
        searched.stats += outcome.stats;
        searched.cut += outcome.cut_records;
        for chosen in outcome.chosen {
            choose(&mut searched.chosen, chosen, name, 1);
        }
        if let Some(left) = &mut self.left {
            *left = left.saturating_sub(outcome.stats.matched_lines);
        }
        let damaged = |error: &Error| matches!(error.kind(), ErrorKind::Damaged(_));
        if outcome.failure.as_ref().is_none_or(damaged) {
            searched.total += match self.plan.search.mode() {
                Mode::CountMatches => outcome.stats.matches,
                _ => outcome.stats.matched_lines,
            };
        }
        if let Some(failure) = outcome.failure {
            self.source_failed(name, failure);
        }
    }
}
