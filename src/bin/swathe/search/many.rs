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
    exec::{Executor, Stop, Turn},
    print::PrintOptions,
    progress::Progress as _,
    search::{Outcome, Run, Search, Sieve},
    source::{Archive, NotSmall, Seen, Source},
};

use super::{job::Job, run::State};
use crate::{
    files::{Event, Found, trouble::Trouble},
    inputs::Input,
    session::Session,
};

/// How many files a thread takes at a time: enough that it seldom meets the
/// others, few enough that they all have something to do.
pub(super) const BATCH: usize = 16;

/// How many batches may wait for their turn, for each thread. One of small files is
/// over in a tenth of a millisecond; a thread that the walk's takes the place of comes
/// back after several. With 8 the other of two ran out of room meanwhile, and a fifth of
/// the time was idle in 20,000 files; with 32 it is a twentieth.
pub(super) const WAITING: usize = 32;

/// Files up to this size are read into a buffer, larger ones opened.
const READ_WHOLE: u64 = 1 << 20;

/// What results may wait for their turn, over all threads.
const OUTPUT_BUDGET: usize = 32 << 20;

/// The nominal size of a chunk, where none is given.
const CHUNK: u64 = 2 << 20;

/// What all threads share.
pub(super) struct Shared<'a> {
    pub(super) job: &'a Job,
    pub(super) session: &'a Session,
    pub(super) search: Search,
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
    sieve: Option<Sieve>,
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

impl Shared<'_> {
    pub(super) fn worker(&self) -> Worker {
        let search = self.search.own();
        Worker {
            alone: Executor::new(1),
            sieve: search.sieve().filter(|_| !self.job.print.include_zero),
            search,
            buffer: Vec::new(),
        }
    }

    /// Searches a batch, ahead of its turn as far as that can be done.
    pub(super) fn scan(
        &self,
        worker: &mut Worker,
        events: Vec<Event>,
        turn: Turn<'_, Batch, State<'_>>,
    ) {
        let mut batch = Batch::default();
        let mut events = events.into_iter();
        while let Some(event) = events.next() {
            let found = match event {
                Event::Trouble(trouble) => {
                    batch.items.push(Item::Trouble(trouble));
                    continue;
                }
                Event::File(found) => found,
            };
            if self.stop.is_set() {
                return;
            }
            if self.small(worker, &found, &mut batch) {
                continue;
            }
            let Some(mut state) = turn.take() else { return };
            let rest = std::iter::once(Event::File(found)).chain(events);
            let flow = state.in_turn(batch, rest);
            state.finish(flow);
            return;
        }
        turn.deposit(batch);
    }

    /// Searches a small file on this thread; false if it must be its turn.
    fn small(&self, worker: &mut Worker, found: &Found, batch: &mut Batch) -> bool {
        let Input::Path(path) = &found.input else {
            return false;
        };
        // How many lines are left is known to who has the turn only.
        let in_turn = self.job.beyond.first.is_some() || self.is_output(&found.input);
        // To open a pipe that was named and close it again is not to be undone.
        if in_turn || (!found.walked && !path.is_file()) {
            return false;
        }
        if self.job.is_preprocessed(&found.input) {
            return match self.job.open(&found.input) {
                Ok(source) => self.search_alone(worker, found, &source, batch),
                Err(error) => {
                    batch.items.push(Item::Failed(found.input.clone(), error));
                    true
                }
            };
        }
        match self.job.looks.first(&found.input) {
            Ok(None) => {}
            Ok(Some(seen)) => return self.looked_at(worker, found, &seen, batch),
            Err(error) => {
                batch.items.push(Item::Failed(found.input.clone(), error));
                return true;
            }
        }
        let large = self.large_size();
        let max = READ_WHOLE.min(large - 1);
        let options = &self.job.source_options;
        let buffer = std::mem::take(&mut worker.buffer);
        let source = match Source::small(path, options, max, buffer) {
            Ok(source) => {
                let bytes = source.as_slice().unwrap_or_default();
                if self.job.reading.archives && Archive::begins(bytes) {
                    worker.buffer = source.into_buffer();
                    return false;
                }
                // Not asked whether it stayed what it was: it was read in one go,
                // and what it held then is as good an answer as any.
                if let Some(sieve) = &worker.sieve
                    && !sieve.keeps(bytes)
                {
                    self.session.meter.advance(bytes.len() as u64);
                    worker.buffer = source.into_buffer();
                    return true;
                }
                source
            }
            Err(NotSmall { buffer, size }) => {
                worker.buffer = buffer;
                // What is packed may be an archive.
                if self.job.reading.archives || size.is_none_or(|size| size >= large) {
                    return false;
                }
                // The only one is for all threads: what is packed is more than it
                // seems, and nobody has anything else to do.
                if !found.walked && self.job.inputs.len() == 1 {
                    return false;
                }
                match Source::open(path, options) {
                    Ok(source) => source,
                    Err(error) => {
                        batch.items.push(Item::Failed(found.input.clone(), error));
                        return true;
                    }
                }
            }
        };
        let kept = self.search_alone(worker, found, &source, batch);
        if worker.buffer.capacity() == 0 {
            worker.buffer = source.into_buffer();
        }
        kept
    }

    /// The same of a file that was looked at before.
    fn looked_at(
        &self,
        worker: &mut Worker,
        found: &Found,
        seen: &Seen,
        batch: &mut Batch,
    ) -> bool {
        if self.job.reading.archives || seen.size() >= self.large_size() {
            return false;
        }
        match self.job.open_again(&found.input, seen) {
            Ok(source) => self.search_alone(worker, found, &source, batch),
            Err(error) => {
                batch.items.push(Item::Failed(found.input.clone(), error));
                true
            }
        }
    }

    fn search_alone(
        &self,
        worker: &Worker,
        found: &Found,
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
        let print = self.print(self.job.names.then(|| found.input.name()));
        let done = worker
            .search
            .run_as(&mut run, source, &print, self.job.nul(found));
        let Ok(outcome) = done else {
            // It prints too much to wait.
            batch.bytes.truncate(start);
            return false;
        };
        batch.items.push(Item::Searched {
            input: found.input.clone(),
            end: batch.bytes.len(),
            outcome,
            took: started.elapsed(),
        });
        true
    }

    /// Files of this size are searched by all threads: each should have some
    /// chunks to do, but no file be so large that one thread is left alone
    /// with it for long.
    fn large_size(&self) -> u64 {
        let chunk = match self.job.search.chunk_size {
            0 => CHUNK,
            size => size,
        };
        chunk.saturating_mul((2 * self.job.threads as u64).clamp(4, 32))
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
