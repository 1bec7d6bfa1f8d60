//! Many inputs side by side, and large ones on all threads.
//!
//! Inputs are handed out in batches. A thread goes through the small ones of its
//! batch one after the other and merges what it gathers of them; batches are
//! merged in the order of inputs. One that is large, or is no regular file, or an
//! archive, is read when everything before it is merged, by all threads of a second
//! executor. What is gathered does not depend on it, since merging is associative.

use std::{ops::Range, sync::Arc};

use swathe::{
    Error, Result,
    chunk::DEFAULT_CHUNK_SIZE,
    exec::{Commit, Executor, Flow, Stop, Turn},
    request::FilePartial,
    source::{Archive, NotSmall, Opened, Source},
    statistic::Statistic,
};

use super::{
    Session, Watched,
    input::Input,
    run::{Ground, Run, Tally, Watch, on_disk},
};

/// How many inputs a thread takes at a time at most.
const BATCH: usize = 16;

/// How many batches there are at least for each thread, so that all have something
/// to do to the end.
const BATCHES: usize = 8;

/// Files up to this size are read into a buffer, larger ones opened.
const READ_WHOLE: u64 = 1 << 20;

/// How what comes of inputs is put together.
pub(super) struct Gather<'g, P, T> {
    /// The partial of a source that need not be read.
    pub(super) known: &'g (dyn Fn(&Source) -> Option<P> + Sync),
    /// What is gathered of no input.
    pub(super) nothing: &'g (dyn Fn() -> T + Sync),
    /// Adds what came of the input at a place.
    pub(super) add: &'g (dyn Fn(&mut T, usize, FilePartial<P>) + Sync),
    /// Who is shown what there is of an input while all threads read it.
    pub(super) watch: Watch<'g, P>,
}

/// What came of some inputs.
struct Batch<T> {
    gathered: T,
    tally: Tally,
    /// The place behind the last of them.
    upto: usize,
    /// The run was interrupted: perhaps not all of them were read to their ends.
    interrupted: bool,
}

/// A thread that goes through small inputs.
struct Hand<'a> {
    run: Run<'a>,
    /// Files of this size are read by all threads: each should have some chunks to
    /// do, but no file be so large that one thread is left alone with it for long.
    large: u64,
    buffer: Vec<u8>,
}

/// What a thread made of an input.
enum Done<P> {
    Read(FilePartial<P>),
    /// It was left out, or cannot be opened.
    Nothing,
    /// It is to be read in its turn.
    InTurn,
}

/// What is done with what was gathered of some inputs.
type Take<'t, T> = dyn FnMut(&mut Session<'_>, T) -> Result<()> + Send + 't;

/// Takes in batches in the order of inputs.
struct InOrder<'c, 'a, 's, T> {
    run: &'c mut Run<'a>,
    session: &'c mut Session<'s>,
    take: &'c mut Take<'c, T>,
    /// How many inputs are done with.
    done: usize,
    /// Nothing that follows is taken in: not all before it was read.
    interrupted: bool,
    failed: Option<Error>,
}

impl<T> Commit<Batch<T>> for InOrder<'_, '_, '_, T> {
    fn commit(&mut self, batch: Batch<T>) -> Flow {
        if self.interrupted {
            return Flow::Continue;
        }
        self.interrupted = batch.interrupted;
        self.run.tally.append(batch.tally);
        self.run.say(self.session);
        let took = (self.take)(self.session, batch.gathered);
        self.goes_on(batch.upto, took)
    }
}

impl<T> InOrder<'_, '_, '_, T> {
    /// Reads an input whose turn it is, with all threads.
    fn in_turn<S: Statistic>(
        &mut self,
        statistic: &S,
        (place, input): (usize, &Input),
        gather: &Gather<'_, S::Partial, T>,
    ) -> Flow {
        if self.session.stop.is_set() && !self.session.holds(input) {
            self.interrupted = true;
            return Flow::Continue;
        }
        let take = &mut *self.take;
        let each = |session: &mut Session<'_>, one| {
            let mut gathered = (gather.nothing)();
            (gather.add)(&mut gathered, place, one);
            take(session, gathered)
        };
        let input = (place, input);
        let known = (&gather.known, gather.watch);
        let came = self.run.each(statistic, input, known, self.session, each);
        self.goes_on(place + 1, came)
    }

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

impl Run<'_> {
    /// Goes through all inputs; `take` is handed what was gathered of some of them
    /// at a time, in their order.
    ///
    /// # Errors
    /// When threads cannot be started, and what `take` returns.
    pub(super) fn abreast<S: Statistic, T: Send>(
        &mut self,
        statistic: &S,
        inputs: &[Input],
        gather: &Gather<'_, S::Partial, T>,
        mut take: impl FnMut(&mut Session<'_>, T) -> Result<()> + Send,
        session: &mut Session<'_>,
    ) -> Result<()> {
        let ground = self.ground.clone();
        // An interrupt ends what is claimed, and what was read up to then is taken in.
        let (watched, enough) = (session.watched(), Stop::new());
        let interrupt = session.stop.clone();
        let threads = ground.common.threads;
        let size = (inputs.len() / (BATCHES * threads.max(1))).clamp(1, BATCH);
        let mut next = 0;
        let claim = || {
            let from = next;
            next = inputs.len().min(from + size);
            (from < next && !interrupt.is_set()).then_some(from..next)
        };
        let scan = |hand: &mut Hand<'_>,
                    places: Range<usize>,
                    turn: Turn<'_, _, InOrder<'_, '_, '_, T>>| {
            let batch = hand.batch(
                statistic,
                (inputs, places.clone()),
                gather,
                (watched, &enough),
            );
            let upto = batch.upto;
            if upto == places.end || batch.interrupted {
                return turn.deposit(batch);
            }
            let Some(mut all) = turn.take() else { return };
            let mut flow = all.commit(batch);
            let rest = inputs.iter().enumerate().take(places.end).skip(upto);
            for input in rest {
                if flow == Flow::Continue {
                    flow = all.in_turn(statistic, input, gather);
                }
            }
            all.finish(flow);
        };
        let mut all = InOrder {
            run: self,
            session,
            take: &mut take,
            done: 0,
            interrupted: false,
            failed: None,
        };
        if interrupt.is_set()
            && let Some(first) = inputs.first()
        {
            // What was read of it to look at it is answered still.
            all.in_turn(statistic, (0, first), gather);
        } else {
            let hand = || Hand::new(&ground, inputs.len());
            all = Executor::new(threads).run(&enough, claim, hand, scan, all)?;
        }
        if let Some(error) = all.failed {
            return Err(error);
        }
        for input in &inputs[all.done..] {
            all.run.tally.not_read(input.name());
        }
        Ok(())
    }
}

impl<'a> Hand<'a> {
    fn new(ground: &Arc<Ground<'a>>, inputs: usize) -> Hand<'a> {
        let common = ground.common;
        let chunk = match common.chunk_size {
            0 => DEFAULT_CHUNK_SIZE,
            size => size,
        };
        let chunks = (2 * common.threads as u64).clamp(4, 32);
        Hand {
            run: Run::alone(ground.clone()),
            // One that is alone is for all threads, whatever its size.
            large: if inputs == 1 {
                0
            } else {
                chunk.saturating_mul(chunks)
            },
            buffer: Vec::new(),
        }
    }

    /// Goes through a batch up to an input that must be read in its turn, or until
    /// there is too much to be merged.
    fn batch<S: Statistic, T>(
        &mut self,
        statistic: &S,
        (inputs, places): (&[Input], Range<usize>),
        gather: &Gather<'_, S::Partial, T>,
        (watched, enough): (Watched<'_>, &Stop),
    ) -> Batch<T> {
        let mut gathered = (gather.nothing)();
        let mut upto = places.start;
        // What batches may have of what is not merged yet: some wait.
        let threads = self.run.ground.common.threads.max(1) as u64;
        let most = statistic.unmerged().map(|most| most / (3 * threads));
        let mut weight = 0;
        while upto < places.end && !enough.is_set() && !watched.stop.is_set() {
            let input = (upto, &inputs[upto]);
            match self.read(statistic, input, &gather.known, watched) {
                Done::Read(one) => {
                    weight += most.map_or(0, |_| statistic.weight(&one.partial));
                    (gather.add)(&mut gathered, upto, one);
                }
                Done::Nothing => {}
                Done::InTurn => break,
            }
            upto += 1;
            if most.is_some_and(|most| weight > most) {
                break;
            }
        }
        Batch {
            gathered,
            tally: std::mem::take(&mut self.run.tally),
            upto,
            interrupted: watched.stop.is_set(),
        }
    }

    /// What comes of an input.
    fn read<S: Statistic>(
        &mut self,
        statistic: &S,
        (place, input): (usize, &Input),
        known: &impl Fn(&Source) -> Option<S::Partial>,
        watched: Watched<'_>,
    ) -> Done<S::Partial> {
        let Some(opened) = self.open(place, input, watched.stop) else {
            return Done::InTurn;
        };
        let opened = self.run.opened(place, input, opened.map(Opened::Source));
        let Some(Opened::Source(source)) = opened else {
            return Done::Nothing;
        };
        let disk = |read| on_disk(&source, read);
        let known = (known, None);
        let one = self.run.one(statistic, &source, disk, known, watched);
        if self.buffer.capacity() == 0 {
            self.buffer = source.into_buffer();
        }
        // Only threads that cannot be started are an error, and here is none.
        one.map_or(Done::Nothing, Done::Read)
    }

    /// Opens it, if it is for one thread.
    fn open(&mut self, place: usize, input: &Input, stop: &Stop) -> Option<Result<Source>> {
        let path = match input {
            Input::Found(path) => path,
            // To open a pipe and close it again is not to be undone.
            Input::Path(path) if self.large > 0 && path.is_file() => path,
            Input::Path(_) | Input::Stdin { .. } => return None,
        };
        let common = self.run.ground.common;
        match self.run.ground.before(place, input) {
            Ok(None) => {}
            Ok(Some(seen)) => {
                let large = seen.size() >= self.large;
                if large {
                    return None;
                }
                let (options, archives) = (&common.source, common.archives);
                return in_parallel(input.open_as(options, archives, Some(&seen), stop));
            }
            Err(error) => return Some(Err(error)),
        }
        let buffer = std::mem::take(&mut self.buffer);
        let max = READ_WHOLE.min(self.large.saturating_sub(1));
        match Source::small(path, &common.source, max, buffer) {
            Ok(source) => {
                let bytes = source.as_slice().unwrap_or_default();
                let archive = common.archives && Archive::begins(bytes);
                (!archive).then_some(Ok(source))
            }
            Err(NotSmall { buffer, size }) => {
                self.buffer = buffer;
                let large = size.is_none_or(|size| size >= self.large);
                if large {
                    return None;
                }
                in_parallel(input.open_as(&common.source, common.archives, None, stop))
            }
        }
    }
}

/// A source that one thread may read. What is packed may be an archive, which is
/// read in its turn.
fn in_parallel(opened: Result<Opened>) -> Option<Result<Source>> {
    match opened {
        Ok(Opened::Source(source)) => Some(Ok(source)),
        Ok(Opened::Archive(_)) => None,
        Err(error) => Some(Err(error)),
    }
}
