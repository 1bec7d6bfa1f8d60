//! A statistic over many inputs side by side.

use std::sync::Arc;

use super::{PartialReducer, Run, on_disk};
use crate::{
    error::{Error, Result},
    exec::{Commit, Flow, Stop},
    run::{
        Input,
        batches::{Ahead, Operator, Reducer},
        context::{Control, RunContext, Watched},
        reading::Early,
        tally::Tally,
    },
    source::Opened,
    statistic::Statistic,
};

/// A statistic over inputs, side by side.
pub(super) struct Scan<'s, 'a, S: Statistic, T> {
    pub(super) context: &'s Arc<RunContext<'a>>,
    pub(super) statistic: &'s S,
    pub(super) gather: &'s PartialReducer<'s, S::Partial, T>,
    pub(super) watched: Watched<'s>,
    pub(super) enough: &'s Stop,
    /// How much a batch may have before it is merged.
    pub(super) most: Option<u64>,
}

/// A thread that goes through small inputs.
pub(super) struct Worker<'a> {
    run: Run<'a>,
    buffer: Vec<u8>,
}

/// What came of some inputs.
pub(super) struct Batch<T> {
    gathered: T,
    tally: Tally,
    weight: u64,
    /// How many inputs are done with, those before included; `None` if none was.
    upto: Option<usize>,
    /// The run was interrupted: perhaps not all of them were read to their ends.
    interrupted: bool,
}

impl<'s, 'a, S: Statistic, T: Send> Operator for Scan<'s, 'a, S, T> {
    type Item = (usize, &'s Input);
    type Worker = Worker<'a>;
    type Batch = Batch<T>;

    fn worker(&self) -> Worker<'a> {
        Worker {
            run: Run::alone(self.context.clone()),
            buffer: Vec::new(),
        }
    }

    fn batch(&self) -> Batch<T> {
        Batch {
            gathered: (self.gather.nothing)(),
            tally: Tally::default(),
            weight: 0,
            upto: None,
            interrupted: false,
        }
    }

    fn ahead(
        &self,
        worker: &mut Worker<'a>,
        (place, input): (usize, &'s Input),
        batch: &mut Batch<T>,
    ) -> Ahead<(usize, &'s Input)> {
        if self.enough.is_set() || self.watched.stop.is_set() {
            batch.interrupted = self.watched.stop.is_set();
            return Ahead::Stopped;
        }
        let reading = self.context.reading;
        let alone = self.context.inputs == 1;
        let before = || self.context.before(place, input);
        let early = reading.open_early(input, before, alone, &mut worker.buffer);
        let opened = match early {
            Early::InTurn => return Ahead::InTurn((place, input)),
            Early::Whole(source) | Early::Open(source) => Ok(Opened::Source(source)),
            Early::Failed(error) => Err(error),
        };
        let run = &mut worker.run;
        if let Some(Opened::Source(source)) = run.opened(place, input, opened) {
            let disk = |read| on_disk(&source, read);
            let known = (self.gather.known, None);
            // Only threads that cannot be started are an error, and here is none.
            if let Ok(one) = run.one(self.statistic, &source, disk, known, self.watched) {
                batch.weight += self.most.map_or(0, |_| self.statistic.weight(&one.partial));
                (self.gather.add)(&mut batch.gathered, place, one);
            }
            if worker.buffer.capacity() == 0 {
                worker.buffer = source.into_buffer();
            }
        }
        batch.tally.append(std::mem::take(&mut run.tally));
        batch.upto = Some(place + 1);
        batch.interrupted = self.watched.stop.is_set();
        if batch.interrupted {
            Ahead::Stopped
        } else if self.most.is_some_and(|most| batch.weight > most) {
            Ahead::Enough
        } else {
            Ahead::Done
        }
    }
}

/// What is done with what was gathered of some inputs.
pub(super) type Take<'t, T> = dyn FnMut(T) -> Result<()> + Send + 't;

/// Takes in batches in the order of inputs.
pub(super) struct InOrder<'c, 's, 'a, 'k, S: Statistic, T> {
    pub(super) run: &'c mut Run<'a>,
    pub(super) scan: &'c Scan<'s, 'a, S, T>,
    pub(super) control: &'c mut Control<'k>,
    pub(super) take: &'c mut Take<'c, T>,
    /// How many inputs are done with.
    pub(super) done: usize,
    /// Nothing that follows is taken in: not all before it was read.
    pub(super) interrupted: bool,
    pub(super) failed: Option<Error>,
}

impl<S: Statistic, T> Commit<Batch<T>> for InOrder<'_, '_, '_, '_, S, T> {
    fn commit(&mut self, batch: Batch<T>) -> Flow {
        if self.interrupted {
            return Flow::Continue;
        }
        self.interrupted = batch.interrupted;
        self.run.tally.append(batch.tally);
        self.run.say(self.control);
        let took = (self.take)(batch.gathered);
        self.goes_on(batch.upto.unwrap_or(self.done), took)
    }
}

impl<'s, 'a, S: Statistic, T: Send> Reducer<Scan<'s, 'a, S, T>> for InOrder<'_, 's, 'a, '_, S, T> {
    fn in_turn(&mut self, (place, input): (usize, &'s Input)) -> Flow {
        let looks = &self.scan.context.reading.looks;
        if self.control.stop.is_set() && !looks.is_open(input) {
            self.interrupted = true;
            return Flow::Continue;
        }
        let gather = self.scan.gather;
        let take = &mut *self.take;
        let each = |one| {
            let mut gathered = (gather.nothing)();
            (gather.add)(&mut gathered, place, one);
            take(gathered)
        };
        let known = (gather.known, gather.watch);
        let (statistic, item) = (self.scan.statistic, (place, input));
        let came = self.run.each(statistic, item, known, self.control, each);
        self.goes_on(place + 1, came)
    }
}

impl<S: Statistic, T> InOrder<'_, '_, '_, '_, S, T> {
    fn goes_on(&mut self, done: usize, came: Result<()>) -> Flow {
        self.done = done;
        match came {
            Ok(()) => Flow::Continue,
            Err(error) => {
                self.failed.get_or_insert(error);
                Flow::Stop
            }
        }
    }
}
