//! Many files side by side, and large ones on all threads.
//!
//! What a walk finds is handed out in batches. A thread searches the small
//! files of its batch one after the other, each as a whole, into one buffer;
//! batches are written in the order of files. A file that is large, or comes
//! as a stream, or prints too much to wait, is searched when everything before
//! it is out, by all threads of a second executor; those of the first go on
//! with the files behind it for as long as the window of results has room.

use std::{
    io::{self, Write},
    path::Path,
    time::{Duration, Instant},
};

use swathe::{
    exec::{Executor, Stop},
    print::PrintOptions,
    progress::Progress as _,
    run::{Ahead, Early, Input, Operator, Reading},
    search::{Outcome, QuickReject, Run, Search},
    source::Source,
    walk::{Event, Trouble},
};

use super::job::Job;
use crate::session::Session;

/// How many batches may wait for their turn, for each thread. One of small files is
/// over in a tenth of a millisecond; a thread that the walk's takes the place of comes
/// back after several. With 8 the other of two ran out of room meanwhile, and a fifth of
/// the time was idle in 20,000 files; with 32 it is a twentieth.
pub(super) const WAITING: usize = 32;

/// What results may wait for their turn, over all threads.
const OUTPUT_BUDGET: usize = 32 << 20;

/// What all threads share.
pub(super) struct Shared<'a> {
    pub(super) job: &'a Job,
    pub(super) session: &'a Session,
    pub(super) search: Search,
    /// How its inputs are read.
    pub(super) reading: Reading,
    /// Device and inode of the output, where it must not be read.
    pub(super) own_output: Option<(u64, u64)>,
    /// The threads for one large file.
    pub(super) large: Executor,
    pub(super) stop: Stop,
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
    Failed(Input, swathe::Error),
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

impl Operator for Shared<'_> {
    type Item = Event;
    type Worker = Worker;
    type Batch = Batch;

    fn worker(&self) -> Worker {
        let search = self.search.own();
        Worker {
            alone: Executor::new(1),
            quick_reject: search
                .quick_reject()
                .filter(|_| !self.job.print.include_zero),
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
            Event::File(_) if self.stop.is_set() => Ahead::Stopped,
            Event::File(input) if self.small(worker, &input, batch) => Ahead::Done,
            Event::File(input) => Ahead::InTurn(Event::File(input)),
        }
    }
}

impl Shared<'_> {
    /// Searches a small file on this thread; false if it must be its turn.
    fn small(&self, worker: &mut Worker, input: &Input, batch: &mut Batch) -> bool {
        // How many lines are left is known to who has the turn only.
        if self.job.extensions.first.is_some() || self.is_output(input) {
            return false;
        }
        if self.job.is_preprocessed(input) {
            let regular = input.is_found() || input.is_file();
            return regular && self.opened(worker, input, self.job.open(input), batch);
        }
        let alone = !input.is_found() && self.job.inputs.len() == 1;
        let buffer = &mut worker.buffer;
        let seen = || self.job.looks.first(input);
        match self.reading.open_early(input, seen, alone, buffer) {
            Early::InTurn => false,
            Early::Whole(source) => {
                // Not asked whether it stayed what it was: it was read in one go,
                // and what it held then is as good an answer as any.
                let bytes = source.as_slice().unwrap_or_default();
                if let Some(quick_reject) = &worker.quick_reject
                    && !quick_reject.keeps(bytes)
                {
                    self.session.meter.advance(bytes.len() as u64);
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
        opened: swathe::Result<Source>,
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
        let start = batch.bytes.len();
        let bound = OUTPUT_BUDGET / (WAITING * self.job.threads + 1);
        let mut out = Bounded {
            bytes: &mut batch.bytes,
            bound: bound.max(64 << 10),
        };
        let started = Instant::now();
        let mut run = Run {
            executor: &worker.alone,
            out: &mut out,
            stop: &self.stop,
            progress: &self.session.meter,
            // What parts files is taken off again if it is the first.
            written: true,
        };
        let print = self.print(self.job.names.then(|| input.name()));
        let done = worker
            .search
            .run_as(&mut run, source, &print, self.job.nul(input));
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

    pub(super) fn is_output(&self, input: &Input) -> bool {
        self.own_output.is_some() && input.identity() == self.own_output
    }

    /// How results are shown, under this name.
    pub(super) fn print(&self, name: Option<&Path>) -> PrintOptions {
        PrintOptions {
            path: name.map(Path::to_path_buf),
            ..self.job.print.clone()
        }
    }
}
