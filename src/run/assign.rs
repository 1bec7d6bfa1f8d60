//! The template of each line: inputs are read once for their templates, and once more for
//! their lines.

use std::{collections::BTreeMap, ops::Range, path::PathBuf};

use super::{Control, Input, Reading, Way, gather};
use crate::{
    error::{Error, ErrorKind, Result},
    exec::Executor,
    fold::{Ending, Fold, FoldOptions, Folded},
    request::{Request as _, Scope, TemplatesRequest},
    select::{Filtered, FilteredPartial, Selector},
    source::Source,
    statistic::{Assign, Assigned, Shift, Statistic as _, TemplatesAnswer},
};

/// What is read and remembered at a time.
const PART: u64 = 64 << 20;

/// The templates of inputs, by which their lines are numbered.
#[derive(Debug)]
pub struct Numbering {
    answer: TemplatesAnswer,
    /// All inputs could be read to their end.
    whole: bool,
    read: Vec<PathBuf>,
    failed: Vec<PathBuf>,
    skipped: BTreeMap<String, u64>,
}

impl Numbering {
    /// Checks that the inputs can be read twice.
    ///
    /// # Errors
    /// When one cannot be.
    pub fn check(inputs: &[Input], reading: &Reading) -> Result<()> {
        let wrong = |text| Err(Error::new(ErrorKind::Config(text)));
        let mut archives = inputs.iter().filter(|_| reading.archives);
        if let Some(archive) = archives.find(|input| input.is_archive(&reading.source)) {
            return wrong(format!(
                "--assign reads its input twice, which members of archives cannot be; extract \
                 those of {} first",
                archive.name().display()
            ));
        }
        for input in inputs {
            // What cannot be opened is said when the templates are looked for.
            let opened = reading.looks.look(input, &reading.source);
            if opened.is_ok_and(|source| source.len().is_none()) {
                return wrong(format!(
                    "--assign reads its input twice, which {} cannot be; name an uncompressed file",
                    input.name().display()
                ));
            }
        }
        Ok(())
    }

    /// Finds the templates of all inputs.
    ///
    /// # Errors
    /// When threads cannot be started, or a filter does not compile.
    pub fn new(
        request: &TemplatesRequest,
        inputs: &[Input],
        ground: (&Reading, &Scope),
        control: &mut Control<'_>,
    ) -> Result<Numbering> {
        let statistic = request.statistic()?;
        let way = (Way::default(), None);
        let collected = gather(&statistic, inputs, ground, control, way)?.collected;
        Ok(Numbering {
            whole: collected.errors.is_empty(),
            failed: collected.files.into_iter().map(|file| file.name).collect(),
            read: collected.sources,
            skipped: collected.skipped,
            answer: statistic.finish(collected.total),
        })
    }

    /// Files that were left out on purpose, by reason.
    pub fn skipped(&self) -> &BTreeMap<String, u64> {
        &self.skipped
    }

    /// Reads the inputs again and hands out each line of theirs with its template; false if
    /// not all of them could be read.
    ///
    /// # Errors
    /// When `each` fails, or threads cannot be started.
    pub fn lines(
        &self,
        inputs: &[Input],
        (reading, scope): (&Reading, &Scope),
        control: &mut Control<'_>,
        each: &mut dyn FnMut(&Input, &[Assigned]) -> Result<()>,
    ) -> Result<bool> {
        let mut whole = self.whole;
        let selector = Selector::new(scope.selection.clone())?;
        let assign = Assign::new(&self.answer);
        let executor = Executor::new(reading.threads);
        for input in inputs {
            let is_it = |name: &PathBuf| name == input.name();
            // What changed while it was read has no lines that are known.
            if !self.read.iter().any(is_it) || self.failed.iter().any(is_it) {
                continue;
            }
            let source = match reading.looks.look(input, &reading.source) {
                Ok(source) => source,
                Err(error) => {
                    (control.complain)(&error);
                    whole = false;
                    continue;
                }
            };
            let again = Again {
                executor: &executor,
                assign: &assign,
                source: &source,
                reading,
                scope,
                selector: &selector,
            };
            whole &= again.read(control, &mut |lines| each(input, lines))?;
        }
        Ok(whole)
    }
}

/// One input, read for the second time.
struct Again<'a> {
    executor: &'a Executor,
    assign: &'a Assign<'a>,
    source: &'a Source,
    reading: &'a Reading,
    scope: &'a Scope,
    selector: &'a Selector,
}

impl Again<'_> {
    /// Hands out its lines; false if not all of them could be read.
    fn read(
        &self,
        control: &mut Control<'_>,
        each: &mut dyn FnMut(&[Assigned]) -> Result<()>,
    ) -> Result<bool> {
        let len = self.source.len().unwrap_or(0);
        // What is chosen by time can depend on lines far before.
        let part = if self.selector.is_everything() {
            PART
        } else {
            len
        };
        let (mut start, mut lines) = (0, 0);
        while start < len {
            let end = len.min(start.saturating_add(part));
            let folded = self.part(start..end, control)?;
            let (newlines, mut assigned) = (folded.part.newlines, folded.part.partial.settled());
            self.assign.shift(&mut assigned, Shift::lines(lines));
            lines += newlines;
            each(&assigned)?;
            let changed = assigned.iter().any(|line| line.id == 0);
            let error = match folded.ending {
                Ending::Complete { .. } if changed => {
                    Error::at(self.source.name(), ErrorKind::Modified { size: len })
                }
                Ending::Complete { .. } => {
                    start = end;
                    continue;
                }
                Ending::Failed(error) => error,
                Ending::Stopped => return Ok(false),
            };
            (control.complain)(&error);
            return Ok(false);
        }
        Ok(true)
    }

    /// The lines that start in this range and were chosen.
    fn part(
        &self,
        range: Range<u64>,
        control: &Control<'_>,
    ) -> Result<Folded<FilteredPartial<Vec<Assigned>>>> {
        let fold = Fold {
            executor: self.executor,
            stop: control.stop,
            progress: control.progress,
            options: FoldOptions {
                chunk_size: self.reading.chunk_size,
                line_ending: self.scope.line_ending,
                record: self.scope.record.clone(),
                times: self.scope.times_now(),
                formats: self.scope.formats.clone(),
                range: Some(range),
                ..FoldOptions::default()
            },
        };
        fold.run(&Filtered::new(self.assign, self.selector), self.source)
    }
}
