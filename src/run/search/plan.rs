//! Many files side by side, and large ones on all threads.
//!
//! Files are handed out in batches. A thread searches the small files of its batch one after
//! the other, each as a whole, into one buffer; batches are written in the order of files. A
//! file that is large, or comes as a stream, or prints too much to wait, is searched when
//! everything before it is out, by all threads of a second executor; those of the first go on
//! with the files behind it for as long as the window of results has room.

use std::{
    io::{self, Write},
    path::Path,
    time::{Duration, Instant},
};

use super::{
    in_order::{InOrder, Searched, Sink},
    pre::Preprocessor,
};
use crate::{
    error::{Error, Result},
    exec::{Executor, Stop},
    print::PrintOptions,
    progress::Progress,
    run::{
        BATCH, Input, Reading,
        batches::{Ahead, Operator, side_by_side},
        reading::Early,
    },
    search::{Nul, Outcome, QuickReject, Run, Search},
    source::{Opened, Seen, Source},
    walk::{Event, Files, Trouble},
};

/// How many batches may wait for their turn, for each thread. One of small files is
/// over in a tenth of a millisecond; a thread that the walk's takes the place of comes
/// back after several. With 8 the other of two ran out of room meanwhile, and a fifth of
/// the time was idle in 20,000 files; with 32 it is a twentieth.
const WAITING: usize = 32;

/// What results may wait for their turn, over all threads.
const OUTPUT_BUDGET: usize = 32 << 20;

/// What is done with the inputs of a search.
#[derive(Debug)]
pub struct SearchPlan {
    /// What is looked for.
    pub search: Search,
    /// How inputs are read.
    pub reading: Reading,
    /// How results are shown; the name of each source is filled in.
    pub print: PrintOptions,
    /// Whether it is.
    pub names: bool,
    /// Whether that of each member of an archive is.
    pub names_members: bool,
    /// What a NUL byte means in a file that was named.
    pub nul: Nul,
    /// What it means in one that a walk found.
    pub walked_nul: Nul,
    /// What is run on files before they are searched.
    pub preprocessor: Option<Preprocessor>,
    /// No more than so many lines are selected over all inputs.
    pub first: Option<u64>,
    /// Only the last so many lines over all inputs are selected.
    pub last: Option<u64>,
    /// No input is opened after one that matched.
    pub first_match_ends: bool,
    /// Device and inode of the output, where it must not be read.
    pub own_output: Option<(u64, u64)>,
    /// Only one input was named, and it is no directory.
    pub alone: bool,
}

/// Who works on a search, who ends it, and who is told how it goes.
#[derive(Clone, Copy)]
pub struct SearchControl<'a> {
    /// The threads for one large file. As many go through small ones.
    pub executor: &'a Executor,
    /// Ends the search early. It is set, too, where the search ends before its last input.
    pub stop: &'a Stop,
    /// Told how far it has come.
    pub progress: &'a dyn Progress,
}

impl std::fmt::Debug for SearchControl<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SearchControl")
            .field("stop", &self.stop)
            .finish_non_exhaustive()
    }
}

impl SearchPlan {
    /// Searches every input; lines, and what goes wrong, come to the `sink` in the order of
    /// inputs.
    ///
    /// # Errors
    /// When the output cannot be written, or threads cannot be had.
    pub fn run(
        &self,
        files: Files,
        control: SearchControl<'_>,
        sink: &mut dyn Sink,
    ) -> Result<Searched> {
        match self.run_until(files, control, sink)? {
            (_, Some(error)) => Err(error),
            (searched, None) => Ok(searched),
        }
    }

    /// As [`run`](SearchPlan::run), with what it came to up to where the output could not be
    /// written.
    pub(super) fn run_until(
        &self,
        mut files: Files,
        control: SearchControl<'_>,
        sink: &mut dyn Sink,
    ) -> Result<(Searched, Option<Error>)> {
        let mut state = InOrder::new(self, control, sink);
        if let Some(max) = self.last {
            state.search_last(files, max)?;
            return Ok((state.end(), None));
        }
        // To start a program costs more than to claim a file.
        let size = if self.preprocessor.is_some() {
            1
        } else {
            BATCH
        };
        let mut any = false;
        let claim = || {
            let batch = files.batch(size);
            any |= batch.iter().any(|event| matches!(event, Event::File(_)));
            (!batch.is_empty()).then_some(batch)
        };
        let executor = Executor::new(self.reading.threads).with_window(WAITING);
        let scan = Scan {
            plan: self,
            control,
        };
        let mut state = side_by_side(&executor, control.stop, claim, &scan, state)?;
        state.searched.files = any;
        let failed = state.failed.take();
        Ok(match failed {
            Some(_) => (state.searched, failed),
            None => (state.end(), None),
        })
    }

    /// What a NUL byte in this input means.
    pub(in crate::run) fn nul(&self, input: &Input) -> Nul {
        if input.is_found() {
            self.walked_nul
        } else {
            self.nul
        }
    }

    /// The program that is run on this input, and its path.
    fn preprocessor<'a>(&'a self, input: &'a Input) -> Option<(&'a Preprocessor, &'a Path)> {
        let (pre, path) = (self.preprocessor.as_ref()?, input.path()?);
        pre.takes(path).then_some((pre, path))
    }

    /// Opens an input, or what a program makes of it. One that was looked at before is as it
    /// was then.
    pub(in crate::run) fn open(&self, input: &Input) -> Result<Source> {
        let seen = self.reading.looks.first(input)?;
        match self.preprocessor(input) {
            Some((pre, path)) => pre.open(path, &self.reading.source),
            None => input.open(&self.reading.source, seen.as_ref()),
        }
    }

    /// Opens an input once more, as it was `seen`.
    pub(super) fn open_again(&self, input: &Input, seen: &Seen) -> Result<Source> {
        input.open(&self.reading.source, Some(seen))
    }

    /// Opens an input, or the archive it is where members of archives are wanted.
    pub(super) fn open_as(&self, input: &Input) -> Result<Opened> {
        if self.reading.archives && self.preprocessor(input).is_none() {
            let seen = self.reading.looks.first(input)?;
            return input.open_archive(&self.reading.source, seen.as_ref());
        }
        self.open(input).map(Opened::Source)
    }

    pub(in crate::run) fn is_output(&self, input: &Input) -> bool {
        self.own_output.is_some() && input.identity() == self.own_output
    }

    /// How results are shown: under this name, if sources are `named`.
    pub(in crate::run) fn print(&self, name: &Path, named: bool) -> PrintOptions {
        PrintOptions {
            path: named.then(|| name.to_path_buf()),
            ..self.print.clone()
        }
    }
}

/// What all threads share.
pub(super) struct Scan<'a> {
    plan: &'a SearchPlan,
    control: SearchControl<'a>,
}

/// What a thread keeps between files.
pub(super) struct Worker {
    alone: Executor,
    search: Search,
    quick_reject: Option<QuickReject>,
    buffer: Vec<u8>,
}

/// What came of some files.
#[derive(Default)]
pub(super) struct Batch {
    pub(super) items: Vec<Item>,
    /// What they print.
    pub(super) bytes: Vec<u8>,
}

pub(super) enum Item {
    Trouble(Trouble),
    Failed(Input, Error),
    Searched {
        input: Input,
        /// Where what it prints ends in the bytes of the batch.
        end: usize,
        outcome: Outcome,
        took: Duration,
    },
}

/// A buffer that refuses to grow beyond a bound.
struct Bounded<'b> {
    bytes: &'b mut Vec<u8>,
    bound: usize,
}

impl Write for Bounded<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.bytes.len() + bytes.len() > self.bound {
            return Err(io::ErrorKind::StorageFull.into());
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Operator for Scan<'_> {
    type Item = Event;
    type Worker = Worker;
    type Batch = Batch;

    fn worker(&self) -> Worker {
        let search = self.plan.search.own();
        Worker {
            alone: Executor::new(1),
            quick_reject: search
                .quick_reject()
                .filter(|_| !self.plan.print.include_zero),
            search,
            buffer: Vec::new(),
        }
    }

    fn batch(&self) -> Batch {
        Batch::default()
    }

    fn ahead(&self, worker: &mut Worker, event: Event, batch: &mut Batch) -> Ahead<Event> {
        match event {
            Event::Trouble(trouble) => {
                batch.items.push(Item::Trouble(trouble));
                Ahead::Done
            }
            Event::File(_) if self.control.stop.is_set() => Ahead::Stopped,
            Event::File(input) if self.small(worker, &input, batch) => Ahead::Done,
            Event::File(input) => Ahead::InTurn(Event::File(input)),
        }
    }
}

impl Scan<'_> {
    /// Searches a small file on this thread; false if it must be its turn.
    fn small(&self, worker: &mut Worker, input: &Input, batch: &mut Batch) -> bool {
        let plan = self.plan;
        // How many lines are left is known to who has the turn only.
        if plan.first.is_some() || plan.is_output(input) {
            return false;
        }
        if plan.preprocessor(input).is_some() {
            let regular = input.is_found() || input.is_file();
            return regular && self.opened(worker, input, plan.open(input), batch);
        }
        let alone = plan.alone && !input.is_found();
        let buffer = &mut worker.buffer;
        let seen = || plan.reading.looks.first(input);
        match plan.reading.open_early(input, seen, alone, buffer) {
            Early::InTurn => false,
            Early::Whole(source) => {
                // Not asked whether it stayed what it was: it was read in one go,
                // and what it held then is as good an answer as any.
                let bytes = source.as_slice().unwrap_or_default();
                if let Some(quick_reject) = &worker.quick_reject
                    && !quick_reject.keeps(bytes)
                {
                    self.control.progress.advance(bytes.len() as u64);
                    worker.buffer = source.into_buffer();
                    return true;
                }
                let kept = self.search_alone(worker, input, &source, batch);
                worker.buffer = source.into_buffer();
                kept
            }
            Early::Open(source) => self.search_alone(worker, input, &source, batch),
            Early::Failed(error) => self.opened(worker, input, Err(error), batch),
        }
    }

    fn opened(
        &self,
        worker: &Worker,
        input: &Input,
        opened: Result<Source>,
        batch: &mut Batch,
    ) -> bool {
        match opened {
            Ok(source) => self.search_alone(worker, input, &source, batch),
            Err(error) => {
                batch.items.push(Item::Failed(input.clone(), error));
                true
            }
        }
    }

    fn search_alone(
        &self,
        worker: &Worker,
        input: &Input,
        source: &Source,
        batch: &mut Batch,
    ) -> bool {
        let plan = self.plan;
        let start = batch.bytes.len();
        let bound = OUTPUT_BUDGET / (WAITING * plan.reading.threads + 1);
        let mut out = Bounded {
            bytes: &mut batch.bytes,
            bound: bound.max(64 << 10),
        };
        let started = Instant::now();
        let mut run = Run {
            executor: &worker.alone,
            out: &mut out,
            stop: self.control.stop,
            progress: self.control.progress,
            // What parts files is taken off again if it is the first.
            written: true,
        };
        let print = plan.print(input.name(), plan.names);
        let done = worker
            .search
            .run_as(&mut run, source, &print, plan.nul(input));
        let Ok(outcome) = done else {
            // It prints too much to wait.
            batch.bytes.truncate(start);
            return false;
        };
        batch.items.push(Item::Searched {
            input: input.clone(),
            end: batch.bytes.len(),
            outcome,
            took: started.elapsed(),
        });
        true
    }
}
