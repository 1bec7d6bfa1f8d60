//! One pass of a statistic over inputs: each is scanned, and what comes of it merged in
//! their order. What is gathered does not depend on how inputs are handed out, since
//! merging is associative.

mod operator;
mod passes;

pub use passes::{Gathered, Way, gather, over_all};

use std::sync::{Arc, Mutex};

use self::operator::{InOrder, Scan};
use super::{
    BATCH, Input, Reading,
    batches::{self, Reducer as _},
    context::{Control, RunContext, Watched},
    live::locked,
    tally::Tally,
};
use crate::{
    error::{Error, ErrorKind, Result},
    exec::{Executor, Stop},
    fold::{Ending, Fold, FoldOptions, Part},
    request::{Collected, FilePartial, Scope},
    select::{Filtered, FilteredPartial, Selector},
    source::{Opened, Source, opened},
    statistic::Statistic,
    time::Chosen,
};

/// How many batches there are at least for each thread, so that all have something
/// to do to the end.
const BATCHES: usize = 8;

/// What comes of scanning a source.
#[derive(Debug)]
pub struct Scanned<P> {
    /// What the statistic has of it.
    pub partial: P,
    /// How many records were cut by force because they became too long.
    pub cut_records: u64,
    /// Bytes that were gone through.
    pub read: u64,
    /// What was chosen for its timestamps, if they were asked for.
    pub chosen: Vec<Chosen>,
    /// How it ended.
    pub ending: Ending,
}

/// What there is of an input at a moment.
pub(super) type Now<'n, P> = dyn Fn() -> FilePartial<P> + Sync + 'n;

/// Has an input scanned, and meanwhile looks at what there is of it.
pub(super) type During<'d, P> = dyn Fn(&Now<'_, P>, &mut dyn FnMut()) + Sync + 'd;

/// Who looks at what there is of an input while it is scanned, if somebody does.
pub(super) type Watch<'w, P> = Option<&'w During<'w, P>>;

/// The partial of a source that need not be read.
pub(super) type Known<'k, P> = dyn Fn(&Source) -> Option<P> + Sync + 'k;

/// How what comes of inputs is put together.
pub(super) struct PartialReducer<'g, P, T> {
    /// The partial of a source that need not be read.
    pub(super) known: &'g Known<'g, P>,
    /// What is gathered of no input.
    pub(super) nothing: &'g (dyn Fn() -> T + Sync),
    /// Adds what came of the input at a place.
    pub(super) add: &'g (dyn Fn(&mut T, usize, FilePartial<P>) + Sync),
    /// Who is shown what there is of an input while all threads read it.
    pub(super) watch: Watch<'g, P>,
}

/// Who goes through inputs: a pass with all its threads, or one of them.
#[derive(Debug)]
pub struct Run<'a> {
    pub(super) context: Arc<RunContext<'a>>,
    executor: Executor,
    pub(super) tally: Tally,
}

impl<'a> Run<'a> {
    /// A run over so many inputs of which none was read yet.
    ///
    /// # Errors
    /// When a filter does not compile.
    pub fn new(reading: &'a Reading, scope: &'a Scope, inputs: usize) -> Result<Run<'a>> {
        Ok(Run {
            executor: Executor::new(reading.threads),
            context: Arc::new(RunContext::new(reading, scope, inputs)?),
            tally: Tally::default(),
        })
    }

    /// What decides which records count.
    pub fn selector(&self) -> &Selector {
        &self.context.selector
    }

    /// One that does everything on the thread at hand.
    pub(super) fn alone(context: Arc<RunContext<'a>>) -> Run<'a> {
        Run {
            context,
            executor: Executor::new(1),
            tally: Tally::default(),
        }
    }

    /// Goes through all inputs; `take` is handed what was gathered of some of them
    /// at a time, in their order.
    ///
    /// # Errors
    /// When threads cannot be started, and what `take` returns.
    pub(super) fn all<S: Statistic, T: Send>(
        &mut self,
        statistic: &S,
        inputs: &[Input],
        gather: &PartialReducer<'_, S::Partial, T>,
        mut take: impl FnMut(T) -> Result<()> + Send,
        control: &mut Control<'_>,
    ) -> Result<()> {
        let context = self.context.clone();
        // An interrupt ends what is claimed, and what was read up to then is taken in.
        let (watched, enough) = (control.watched(), Stop::new());
        let threads = context.reading.threads.max(1);
        let size = (inputs.len() / (BATCHES * threads)).clamp(1, BATCH);
        let mut batches = inputs.chunks(size).enumerate();
        let claim = || {
            let (number, batch) = batches.next().filter(|_| !watched.stop.is_set())?;
            Some((number * size..).zip(batch).collect())
        };
        let operator = Scan {
            context: &context,
            statistic,
            gather,
            watched,
            enough: &enough,
            // What batches may have of what is not merged yet: some wait.
            most: statistic.unmerged().map(|most| most / (3 * threads as u64)),
        };
        let mut all = InOrder {
            run: self,
            scan: &operator,
            control,
            take: &mut take,
            done: 0,
            interrupted: false,
            failed: None,
        };
        if watched.stop.is_set()
            && let Some(first) = inputs.first()
        {
            // What was read of it to look at it is answered still.
            all.in_turn((0, first));
        } else {
            let executor = Executor::new(threads);
            all = batches::side_by_side(&executor, &enough, claim, &operator, all)?;
        }
        if let Some(error) = all.failed {
            return Err(error);
        }
        for input in &inputs[all.done..] {
            all.run.tally.not_read(input.name());
        }
        Ok(())
    }

    /// Hands on what comes of one input, and of each of its members if it is
    /// an archive; nothing if it could not be opened.
    fn each<S: Statistic>(
        &mut self,
        statistic: &S,
        (place, input): (usize, &Input),
        known: (&Known<'_, S::Partial>, Watch<'_, S::Partial>),
        control: &mut Control<'_>,
        mut take: impl FnMut(FilePartial<S::Partial>) -> Result<()>,
    ) -> Result<()> {
        let archives = self.context.reading.archives;
        let mut archive = match self.open(place, input, archives, control) {
            None => return Ok(()),
            Some(Opened::Source(source)) => {
                let disk = |read| on_disk(&source, read);
                let one = self.one(statistic, &source, disk, known, control.watched())?;
                self.say(control);
                return take(one);
            }
            Some(Opened::Archive(archive)) => archive,
        };
        self.tally.streamed = true;
        while let Some(member) = archive.next_member() {
            match member {
                Ok(source) => {
                    let watched = control.watched();
                    let one = self.one(statistic, &source, |_| None, known, watched)?;
                    self.say(control);
                    take(one)?;
                }
                Err(_) if control.stop.is_set() => {}
                Err(error) => self.complain(error, control),
            }
            if control.stop.is_set() {
                self.tally.not_read(archive.name());
                break;
            }
        }
        Ok(())
    }

    /// What comes of one source; `on_disk`: how many bytes it has there if so many were
    /// read.
    fn one<S: Statistic>(
        &mut self,
        statistic: &S,
        source: &Source,
        on_disk: impl Fn(u64) -> Option<u64>,
        (known, watch): (&Known<'_, S::Partial>, Watch<'_, S::Partial>),
        watched: Watched<'_>,
    ) -> Result<FilePartial<S::Partial>> {
        let everything = self.context.selector.is_everything();
        let scanned = match known(source).filter(|_| everything) {
            Some(partial) => Scanned {
                partial,
                cut_records: 0,
                read: 0,
                chosen: Vec::new(),
                ending: Ending::Complete { grew: false },
            },
            None => self.scan(statistic, source, watched, watch)?,
        };
        let disk = on_disk(scanned.read);
        Ok(self.ended(source, scanned, disk))
    }

    /// What an input is, as it was when it was first looked at; nothing if it cannot be
    /// opened or is left out, which is then said.
    pub fn open(
        &mut self,
        place: usize,
        input: &Input,
        archives: bool,
        control: &mut Control<'_>,
    ) -> Option<Opened> {
        let reading = self.context.reading;
        let kept = reading.looks.take_open(input);
        if control.stop.is_set() && kept.is_none() {
            self.tally.not_read(input.name());
            return None;
        }
        let opened = match kept {
            Some(source) => opened(source, &reading.source, archives, control.stop),
            None => self.context.before(place, input).and_then(|seen| {
                input.open_as(&reading.source, archives, seen.as_ref(), control.stop)
            }),
        };
        let opened = self.opened(place, input, opened);
        self.say(control);
        opened
    }

    /// What an input is that was opened, or could not be; nothing if it is left out.
    fn opened(&mut self, place: usize, input: &Input, opened: Result<Opened>) -> Option<Opened> {
        let opened = opened.and_then(|opened| {
            let Opened::Source(source) = &opened else {
                return Ok(Some(opened));
            };
            if self.context.reading.leaves_out(input, source)? {
                self.tally.skipped += 1;
                return Ok(None);
            }
            self.tally.streamed |= source.len().is_none();
            self.context.was(place, source.seen());
            Ok(Some(opened))
        });
        opened.unwrap_or_else(|error| {
            self.tally.note(error.or_at(input.name()));
            None
        })
    }

    /// What goes through a source.
    pub fn fold<'f>(&'f self, control: &'f Control<'_>) -> Fold<'f> {
        self.watched_fold(control.watched())
    }

    fn watched_fold<'f>(&'f self, watched: Watched<'f>) -> Fold<'f> {
        let RunContext { reading, scope, .. } = &*self.context;
        Fold {
            executor: &self.executor,
            stop: watched.stop,
            progress: watched.progress,
            options: FoldOptions {
                chunk_size: reading.chunk_size,
                line_ending: scope.line_ending,
                record: scope.record.clone(),
                times: scope.times_now(),
                formats: scope.formats.clone(),
                ..FoldOptions::default()
            },
        }
    }

    /// Goes through a source.
    ///
    /// # Errors
    /// When threads cannot be started.
    fn scan<S: Statistic>(
        &self,
        statistic: &S,
        source: &Source,
        watched: Watched<'_>,
        watch: Watch<'_, S::Partial>,
    ) -> Result<Scanned<S::Partial>> {
        let fold = self.watched_fold(watched);
        let RunContext {
            scope, selector, ..
        } = &*self.context;
        if selector.is_everything() && scope.record.is_line() {
            let what = |partial| (partial, 0);
            return watched_scan(&fold, statistic, source, what, watch);
        }
        let filtered = Filtered::new(statistic, selector);
        let what = |partial: FilteredPartial<S::Partial>| {
            let cut = partial.cut();
            (partial.settled(), cut)
        };
        watched_scan(&fold, &filtered, source, what, watch)
    }

    /// Reads all of a source.
    ///
    /// # Errors
    /// When threads cannot be started.
    pub fn read<S: Statistic>(
        &mut self,
        statistic: &S,
        source: &Source,
        control: &mut Control<'_>,
    ) -> Result<FilePartial<S::Partial>> {
        let scanned = self.scan(statistic, source, control.watched(), None)?;
        Ok(self.take(source, scanned, control))
    }

    /// Takes in what a source came to; what went wrong with it is said.
    pub fn take<P>(
        &mut self,
        source: &Source,
        scanned: Scanned<P>,
        control: &mut Control<'_>,
    ) -> FilePartial<P> {
        let disk = on_disk(source, scanned.read);
        let ended = self.ended(source, scanned, disk);
        self.say(control);
        ended
    }

    /// Says in the answer what went wrong in a pass and what was left out.
    pub fn close<P>(&mut self, collected: &mut Collected<P>) {
        self.tally.close(collected);
    }

    /// What a source came to; what went wrong with it is noted.
    fn ended<P>(
        &mut self,
        source: &Source,
        scanned: Scanned<P>,
        bytes_on_disk: Option<u64>,
    ) -> FilePartial<P> {
        let ending = scanned.ending;
        self.tally.bytes += scanned.read;
        self.tally.choose(source.name(), scanned.chosen);
        let file = FilePartial {
            name: source.name().to_path_buf(),
            complete: ending.is_complete(),
            grew: matches!(ending, Ending::Complete { grew: true }),
            bytes_on_disk,
            cut_records: scanned.cut_records,
            partial: scanned.partial,
        };
        match ending {
            Ending::Complete { .. } => {}
            Ending::Failed(error) => self.tally.note(error),
            Ending::Stopped => self.tally.not_read(source.name()),
        }
        file
    }

    /// Says what was noted.
    fn say(&mut self, control: &mut Control<'_>) {
        self.tally.say(&mut *control.complain);
    }

    /// Says what went wrong with an input, and notes it for the answer.
    pub fn complain(&mut self, error: Error, control: &mut Control<'_>) {
        self.tally.note(error);
        self.say(control);
    }
}

/// Scans a source, and shows what there is of it meanwhile; `what` is made of a partial
/// what it says, and how many records were cut.
fn watched_scan<S: Statistic, P>(
    fold: &Fold<'_>,
    statistic: &S,
    source: &Source,
    what: impl Fn(S::Partial) -> (P, u64) + Sync,
    watch: Watch<'_, P>,
) -> Result<Scanned<P>> {
    let part = Mutex::new(Part::empty(statistic));
    let mut folded = None;
    let mut scan = || folded = Some(fold.run_into(statistic, source, &part));
    match watch {
        None => scan(),
        Some(during) => {
            let now = || {
                let part = locked(&part).clone();
                let (partial, cut_records) = what(part.partial);
                FilePartial {
                    name: source.name().to_path_buf(),
                    complete: true,
                    grew: false,
                    bytes_on_disk: None,
                    cut_records,
                    partial,
                }
            };
            during(&now, &mut scan);
        }
    }
    let Some(folded) = folded else {
        return Err(Error::new(ErrorKind::Config(
            "the input was not read".into(),
        )));
    };
    let folded = folded?;
    let (partial, cut_records) = what(folded.part.partial);
    let times = folded.head.time.filter(|_| statistic.needs().times);
    Ok(Scanned {
        partial,
        cut_records,
        read: folded.part.bytes,
        chosen: times.map_or_else(Vec::new, |format| format.chosen),
        ending: folded.ending,
    })
}

/// Bytes a source has where it is stored, if that is known.
fn on_disk(source: &Source, read: u64) -> Option<u64> {
    if !source.is_decoded() {
        return source.len().or(Some(read));
    }
    source.seen().map(|seen| seen.size())
}
