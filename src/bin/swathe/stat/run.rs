//! One statistic over all inputs.

use std::{
    path::Path,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use swathe::{
    Error, ErrorKind, Result,
    exec::Executor,
    fold::{Ending, Fold, FoldOptions, Part},
    key::Unread,
    report::ErrorRow,
    request::{Collected, FilePartial, Scope},
    select::{Filtered, FilteredPartial, Selector},
    source::{Opened, Seen, Source},
    statistic::{Pass, Statistic},
};

use super::{
    Session, Watched,
    abreast::Gather,
    args::Common,
    files::{is_binary, tell_skipped},
    input::{self, Input},
    live::{self, Live, locked},
    selecting,
};

/// What is wanted of a run beside the total.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Way {
    /// What was gathered of each input is kept.
    pub(crate) per_file: bool,
    /// One pass, whatever the statistic would like: what comes of it is to be
    /// merged with that of others.
    pub(crate) one_pass: bool,
}

/// What came of a run.
#[derive(Debug)]
pub(crate) struct Gathered<S: Statistic> {
    pub(crate) collected: Collected<S::Partial>,
    /// The statistic of the last pass, where that is not the first.
    pub(crate) last: Option<S>,
    /// Bytes that were gone through in all passes.
    pub(crate) bytes: u64,
    /// What conditions asked about and no record had.
    pub(crate) untested: Vec<Unread>,
    /// Keys of the statistic that no record had.
    pub(crate) absent: Vec<Unread>,
}

/// Runs the statistic over every input in order, as many times as it wants if
/// all of them can be read again. What the first pass has so far is shown to `live`.
///
/// # Errors
/// When threads cannot be started.
pub(crate) fn gather<S: Statistic>(
    first: &S,
    inputs: &[Input],
    (common, scope): (&Common, &Scope),
    session: &mut Session<'_>,
    (way, live): (Way, Option<&Live<'_, S::Partial>>),
) -> Result<Gathered<S>> {
    session.interrupt.answers();
    let mut run = Run::new(common, scope, inputs.len())?;
    let collected = run.pass(first, inputs, session, (way, live))?;
    run.further(first, collected, inputs, session, way)
}

/// Runs one pass of the statistic over every input in order, shows what came of
/// each to `file` at once, and merges them.
///
/// `known` is the partial of a source that need not be read.
///
/// # Errors
/// When threads cannot be started, and what `file` returns.
pub(crate) fn over_all<S: Statistic>(
    statistic: &S,
    inputs: &[Input],
    common: &Common,
    session: &mut Session<'_>,
    known: impl Fn(&Source) -> Option<S::Partial> + Sync,
    mut file: impl FnMut(&mut Session<'_>, &Input, &FilePartial<S::Partial>) -> Result<()> + Send,
) -> Result<Collected<S::Partial>> {
    let inputs = &common.asked.ordered(inputs.to_vec(), common.looks())?;
    let scope = common
        .asked
        .scope(common.line_ending, inputs, common.looks())?;
    session.interrupt.answers();
    let mut run = Run::new(common, &scope, inputs.len())?;
    let mut collected = Collected::nothing(statistic);
    let gather = Gather {
        known: &known,
        nothing: &Vec::new,
        add: &|all: &mut Vec<_>, place, one| all.push((place, one)),
        watch: None,
    };
    let take = |session: &mut Session<'_>, all: Vec<(usize, FilePartial<S::Partial>)>| {
        for (place, one) in all {
            file(session, &inputs[place], &one)?;
            collected.add(statistic, one, false);
        }
        Ok(())
    };
    run.abreast(statistic, inputs, &gather, take, session)?;
    collected.errors = run.tally.errors;
    if common.messages {
        tell_skipped(run.tally.skipped, session);
    }
    Ok(collected)
}

/// What comes of scanning a source.
pub(super) struct Scanned<P> {
    pub(super) partial: P,
    pub(super) cut_records: u64,
    /// Bytes that were gone through.
    pub(super) read: u64,
    pub(super) ending: Ending,
}

/// What there is of an input at a moment.
pub(super) type Now<'n, P> = dyn Fn() -> FilePartial<P> + Sync + 'n;

/// Has an input scanned, and meanwhile looks at what there is of it.
pub(super) type During<'d, P> = dyn Fn(&Now<'_, P>, &mut dyn FnMut()) + Sync + 'd;

/// Who looks at what there is of an input while it is scanned, if somebody does.
pub(super) type Watch<'w, P> = Option<&'w During<'w, P>>;

/// What the passes over the same inputs share, and all threads of a pass.
pub(super) struct Ground<'a> {
    pub(super) common: &'a Common,
    scope: &'a Scope,
    pub(super) selector: Selector,
    /// What the inputs were when they were read first.
    seen: Vec<OnceLock<Option<Seen>>>,
}

impl Ground<'_> {
    /// What an input was when it was looked at first: in an earlier pass, or before; `None`
    /// if this is the first look at it.
    ///
    /// # Errors
    /// When that look failed.
    pub(super) fn before(&self, place: usize, input: &Input) -> Result<Option<Seen>> {
        match self.seen[place].get() {
            Some(seen) => Ok(*seen),
            None => self.common.looks.first(input),
        }
    }
}

/// Who goes through inputs: a pass with all its threads, or one of them.
pub(super) struct Run<'a> {
    pub(super) ground: Arc<Ground<'a>>,
    executor: Executor,
    pub(super) tally: Tally,
}

/// What became of inputs, beside what was gathered of them.
#[derive(Debug, Default)]
pub(super) struct Tally {
    /// One was a stream.
    streamed: bool,
    /// Bytes so far.
    bytes: u64,
    /// Inputs of the pass at hand that were left out as binary.
    skipped: u64,
    /// What went wrong in the pass at hand.
    errors: Vec<ErrorRow>,
    /// What of it was not said yet.
    unsaid: Vec<Error>,
}

impl Tally {
    /// Appends that of the inputs behind these.
    pub(super) fn append(&mut self, mut later: Tally) {
        self.streamed |= later.streamed;
        self.bytes += later.bytes;
        self.skipped += later.skipped;
        self.errors.append(&mut later.errors);
        self.unsaid.append(&mut later.unsaid);
    }

    /// This input was not read, since the run was to end.
    pub(super) fn not_read(&mut self, name: &Path) {
        self.errors.push(ErrorRow::interrupted(name));
    }
}

impl<'a> Run<'a> {
    /// No input was read yet.
    ///
    /// # Errors
    /// When a filter does not compile.
    pub(super) fn new(common: &'a Common, scope: &'a Scope, inputs: usize) -> Result<Run<'a>> {
        Ok(Run {
            ground: Arc::new(Ground {
                common,
                scope,
                selector: Selector::new(scope.selection.clone())?,
                seen: std::iter::repeat_with(OnceLock::new).take(inputs).collect(),
            }),
            executor: Executor::new(common.threads),
            tally: Tally::default(),
        })
    }

    /// One that does everything on the thread at hand.
    pub(super) fn alone(ground: Arc<Ground<'a>>) -> Run<'a> {
        Run {
            ground,
            executor: Executor::new(1),
            tally: Tally::default(),
        }
    }

    fn pass<S: Statistic>(
        &mut self,
        statistic: &S,
        inputs: &[Input],
        session: &mut Session<'_>,
        (way, live): (Way, Option<&Live<'_, S::Partial>>),
    ) -> Result<Collected<S::Partial>> {
        let collected = Mutex::new(Collected::nothing(statistic));
        self.tally.skipped = 0;
        let during = live.map(|live| {
            let collected = &collected;
            move |now: &Now<'_, S::Partial>, scan: &mut dyn FnMut()| {
                let gathered = || live::with(statistic, collected, now(), way.per_file);
                live.during(&gathered, scan);
            }
        });
        let gather = Gather {
            known: &|_| None,
            nothing: &|| Collected::nothing(statistic),
            add: &|some: &mut Collected<_>, _, one| some.add(statistic, one, way.per_file),
            watch: during
                .as_ref()
                .map(|during| -> &During<'_, S::Partial> { during }),
        };
        let take = |_: &mut Session<'_>, some| {
            locked(&collected).append(statistic, some);
            if let Some(live) = live {
                live.look(|| locked(&collected).clone());
            }
            Ok(())
        };
        self.abreast(statistic, inputs, &gather, take, session)?;
        let collected = collected.into_inner();
        let mut collected = collected.unwrap_or_else(PoisonError::into_inner);
        self.close(&mut collected);
        Ok(collected)
    }

    /// Says in the answer what went wrong in a pass and what was left out.
    pub(super) fn close<P>(&mut self, collected: &mut Collected<P>) {
        collected.errors = std::mem::take(&mut self.tally.errors);
        if self.tally.skipped > 0 {
            let skipped = self.tally.skipped;
            collected.skipped.insert("binary".to_string(), skipped);
        }
    }

    /// The passes behind the first, as many as the statistic wants if all
    /// inputs can be read again.
    ///
    /// # Errors
    /// When threads cannot be started.
    pub(super) fn further<S: Statistic>(
        mut self,
        first: &S,
        mut collected: Collected<S::Partial>,
        inputs: &[Input],
        session: &mut Session<'_>,
        way: Way,
    ) -> Result<Gathered<S>> {
        let mut last = None;
        while !self.tally.streamed && !way.one_pass && collected.errors.is_empty() {
            let statistic = last.as_ref().unwrap_or(first);
            let before = std::mem::replace(&mut collected.total, statistic.identity());
            match statistic.next_pass(before) {
                Pass::Done(total) => {
                    collected.total = total;
                    break;
                }
                Pass::Again(next) => {
                    let again = self.pass(&next, inputs, session, (way, None))?;
                    if again.is_interrupted() {
                        // A part of a pass says nothing; those before it hold.
                        collected.total = next.not_made();
                        collected.errors = again.errors;
                    } else {
                        collected = again;
                    }
                    last = Some(next);
                }
            }
        }
        if self.ground.common.messages {
            tell_skipped(self.tally.skipped, session);
        }
        // Under a range of time, records at the front of a chunk are read before it is
        // known whether they are in it: what was met in them depends on the chunks.
        let known = !self.ground.scope.selection.has_time();
        let told = |unread: Vec<Unread>| if known { unread } else { Vec::new() };
        Ok(Gathered {
            collected,
            last,
            bytes: self.tally.bytes,
            untested: told(self.ground.selector.unread()),
            absent: told(first.unread()),
        })
    }

    /// Hands on what comes of one input, and of each of its members if it is
    /// an archive; nothing if it could not be opened.
    pub(super) fn each<S: Statistic>(
        &mut self,
        statistic: &S,
        (place, input): (usize, &Input),
        known: (
            &impl Fn(&Source) -> Option<S::Partial>,
            Watch<'_, S::Partial>,
        ),
        session: &mut Session<'_>,
        mut take: impl FnMut(&mut Session<'_>, FilePartial<S::Partial>) -> Result<()>,
    ) -> Result<()> {
        let mut archive = match self.open(place, input, self.ground.common.archives, session) {
            None => return Ok(()),
            Some(Opened::Source(source)) => {
                let disk = |read| on_disk(&source, read);
                let one = self.one(statistic, &source, disk, known, session.watched())?;
                self.say(session);
                return take(session, one);
            }
            Some(Opened::Archive(archive)) => archive,
        };
        self.tally.streamed = true;
        while let Some(member) = archive.next_member() {
            match member {
                Ok(source) => {
                    let disk = |_| None;
                    let watched = session.watched();
                    let one = self.one(statistic, &source, disk, known, watched)?;
                    self.say(session);
                    take(session, one)?;
                }
                Err(_) if session.stop.is_set() => {}
                Err(error) => self.complain(error, session),
            }
            if session.stop.is_set() {
                self.tally.not_read(archive.name());
                break;
            }
        }
        Ok(())
    }

    /// What comes of one source; `on_disk`: how many bytes it has there if so many were
    /// read.
    pub(super) fn one<S: Statistic>(
        &mut self,
        statistic: &S,
        source: &Source,
        on_disk: impl Fn(u64) -> Option<u64>,
        (known, watch): (
            &impl Fn(&Source) -> Option<S::Partial>,
            Watch<'_, S::Partial>,
        ),
        watched: Watched<'_>,
    ) -> Result<FilePartial<S::Partial>> {
        let everything = self.ground.selector.is_everything();
        let scanned = match known(source).filter(|_| everything) {
            Some(partial) => Scanned {
                partial,
                cut_records: 0,
                read: 0,
                ending: Ending::Complete { grew: false },
            },
            None => self.scan(statistic, source, watched, watch)?,
        };
        let disk = on_disk(scanned.read);
        Ok(self.ended(source, scanned, disk))
    }

    /// What an input is, as it was when it was first looked at; nothing if it cannot be
    /// opened or is left out.
    pub(super) fn open(
        &mut self,
        place: usize,
        input: &Input,
        archives: bool,
        session: &mut Session<'_>,
    ) -> Option<Opened> {
        if session.stop.is_set() && !session.holds(input) {
            self.tally.not_read(input.name());
            return None;
        }
        let opened = match session.held(input) {
            Some(source) => {
                input::opened(source, &self.ground.common.source, archives, session.stop)
            }
            None => self.ground.before(place, input).and_then(|seen| {
                let options = &self.ground.common.source;
                input.open_as(options, archives, seen.as_ref(), session.stop)
            }),
        };
        let opened = self.opened(place, input, opened);
        self.say(session);
        opened
    }

    /// The same of one that was opened, or could not be.
    pub(super) fn opened(
        &mut self,
        place: usize,
        input: &Input,
        opened: Result<Opened>,
    ) -> Option<Opened> {
        let opened = opened.and_then(|opened| {
            let Opened::Source(source) = &opened else {
                return Ok(Some(opened));
            };
            let common = self.ground.common;
            if matches!(input, Input::Found(_))
                && !common.files.binary
                && is_binary(input, source, &common.source)?
            {
                self.tally.skipped += 1;
                return Ok(None);
            }
            self.tally.streamed |= source.len().is_none();
            self.ground.seen[place].get_or_init(|| source.seen());
            Ok(Some(opened))
        });
        opened.unwrap_or_else(|error| {
            self.note(error.or_at(input.name()));
            None
        })
    }

    /// What goes through a source.
    pub(super) fn fold<'f>(&'f self, watched: Watched<'f>) -> Fold<'f> {
        let Ground { common, scope, .. } = &*self.ground;
        Fold {
            executor: &self.executor,
            stop: watched.stop,
            progress: watched.progress,
            options: FoldOptions {
                chunk_size: common.chunk_size,
                line_ending: scope.line_ending,
                record: scope.record.clone(),
                times: selecting::times(scope),
                ..FoldOptions::default()
            },
        }
    }

    /// Goes through a source.
    ///
    /// # Errors
    /// When threads cannot be started.
    pub(super) fn scan<S: Statistic>(
        &self,
        statistic: &S,
        source: &Source,
        watched: Watched<'_>,
        watch: Watch<'_, S::Partial>,
    ) -> Result<Scanned<S::Partial>> {
        let fold = self.fold(watched);
        let Ground {
            scope, selector, ..
        } = &*self.ground;
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

    /// What a source came to; what went wrong with it is noted.
    pub(super) fn ended<P>(
        &mut self,
        source: &Source,
        scanned: Scanned<P>,
        bytes_on_disk: Option<u64>,
    ) -> FilePartial<P> {
        let ending = scanned.ending;
        self.tally.bytes += scanned.read;
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
            Ending::Failed(error) => self.note(error),
            Ending::Stopped => self.tally.not_read(source.name()),
        }
        file
    }

    /// Notes what went wrong with an input for the answer, and to be said.
    fn note(&mut self, error: Error) {
        self.tally.errors.push(ErrorRow::from(&error));
        self.tally.unsaid.push(error);
    }

    /// Says what was noted.
    pub(super) fn say(&mut self, session: &mut Session<'_>) {
        for error in self.tally.unsaid.drain(..) {
            if self.ground.common.messages {
                (session.complain)(&error);
            }
        }
    }

    /// Says what went wrong with an input, and notes it for the answer.
    pub(super) fn complain(&mut self, error: Error, session: &mut Session<'_>) {
        self.note(error);
        self.say(session);
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
    Ok(Scanned {
        partial,
        cut_records,
        read: folded.part.bytes,
        ending: folded.ending,
    })
}

/// Bytes a source has where it is stored, if that is known.
pub(super) fn on_disk(source: &Source, read: u64) -> Option<u64> {
    if !source.is_decoded() {
        return source.len().or(Some(read));
    }
    source.seen().map(|seen| seen.size())
}
