//! A search as a program asks for it: paths and a pattern in, lines out.

use std::{
    io,
    ops::{ControlFlow, Range},
    path::{Path, PathBuf},
    sync::{
        Arc,
        mpsc::{Receiver, sync_channel},
    },
    thread::JoinHandle,
};

use super::{
    BATCH, Input, Reading,
    batches::{Ahead, Operator, Reducer, side_by_side},
    reading::Early,
};
use crate::{
    error::{Error, Result},
    exec::{Commit, Executor, Flow, Stop},
    pattern::{Case, PatternOptions},
    print::{PrintOptions, Row},
    progress::Silent,
    search::{self, Mode, Nul, Outcome, SearchOptions},
    source::{Opened, Source, SourceOptions},
};

/// How many lines may wait for who reads them from an iterator.
const WAITING: usize = 256;

/// What a small file may print ahead of its turn.
const AHEAD: usize = 1 << 20;

/// A search for lines of files, side by side on all cores, in the order of paths and lines.
///
/// Files are text whatever they hold, packed ones are unpacked. A directory is not gone
/// through; it is an error of that path.
///
/// ```
/// use std::ops::ControlFlow;
///
/// # fn main() -> swathe::Result<()> {
/// # let dir = std::env::temp_dir().join(format!("swathe-doc-search-{}", std::process::id()));
/// # std::fs::create_dir_all(&dir)?;
/// let log = dir.join("app.log");
/// std::fs::write(&log, "start\npanic: disk\nend\n")?;
///
/// let found = swathe::Search::new("panic").context(1).run([&log], |line| {
///     let kind = if line.selected { "match" } else { "context" };
///     println!("{kind} {}: {}", line.number, String::from_utf8_lossy(&line.text));
///     ControlFlow::Continue(())
/// })?;
/// assert_eq!(found.lines, 1);
/// assert!(found.errors.is_empty());
/// # std::fs::remove_dir_all(&dir)?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Search {
    patterns: Vec<String>,
    how: PatternOptions,
    options: SearchOptions,
    threads: Option<usize>,
    stop: Stop,
}

/// A line that a [`Search`] found.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct FoundLine {
    /// The file it is in.
    pub path: Arc<Path>,
    /// It was selected; else it stands near one that was.
    pub selected: bool,
    /// Its number, from 1.
    pub number: u64,
    /// The absolute offset of its first byte.
    pub offset: u64,
    /// Its bytes, without the `\n` at its end.
    pub text: Vec<u8>,
    /// Where its matches are in these.
    pub matches: Vec<Range<usize>>,
}

/// What a [`Search`] came to.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Found {
    /// Lines that were selected.
    pub lines: u64,
    /// What could not be read, or not to its end, in the order of paths. What was found
    /// elsewhere stands.
    pub errors: Vec<Error>,
}

/// Looks for lines that match a regex in files; see [`Search`] for more than that.
///
/// # Errors
/// When the pattern does not compile.
///
/// ```
/// # fn main() -> swathe::Result<()> {
/// # let log = std::env::temp_dir().join(format!("swathe-doc-lines-{}", std::process::id()));
/// std::fs::write(&log, "a 1\nb 2\na 3\n")?;
/// for line in swathe::search([&log], "^a")? {
///     let line = line?;
///     assert_eq!(line.text[0], b'a');
///     break; // The search ends with it.
/// }
/// # std::fs::remove_file(&log)?;
/// # Ok(())
/// # }
/// ```
pub fn search(
    paths: impl IntoIterator<Item = impl Into<PathBuf>>,
    pattern: impl Into<String>,
) -> Result<FoundLines> {
    Search::new(pattern).lines(paths)
}

impl Search {
    /// Lines that match this regex.
    pub fn new(pattern: impl Into<String>) -> Search {
        Search {
            patterns: vec![pattern.into()],
            how: PatternOptions::default(),
            options: SearchOptions {
                mode: Mode::Rows,
                line_number: true,
                ..SearchOptions::default()
            },
            threads: None,
            stop: Stop::new(),
        }
    }

    /// Lines that match this one too.
    #[must_use]
    pub fn or(mut self, pattern: impl Into<String>) -> Search {
        self.patterns.push(pattern.into());
        self
    }

    /// Patterns are text and no regexes.
    #[must_use]
    pub fn fixed_strings(mut self) -> Search {
        self.how.fixed_strings = true;
        self
    }

    /// Letters match in either case.
    #[must_use]
    pub fn ignore_case(mut self) -> Search {
        self.how.case = Case::Insensitive;
        self
    }

    /// Lines that do not match.
    #[must_use]
    pub fn invert(mut self) -> Search {
        self.options.invert = true;
        self
    }

    /// So many lines before and after each, too.
    #[must_use]
    pub fn context(mut self, lines: usize) -> Search {
        (self.options.before, self.options.after) = (lines, lines);
        self
    }

    /// At most so many lines of each file.
    #[must_use]
    pub fn max_count(mut self, lines: u64) -> Search {
        self.options.max_count = Some(lines);
        self
    }

    /// On so many threads. Default: as many as there are cores.
    #[must_use]
    pub fn threads(mut self, threads: usize) -> Search {
        self.threads = Some(threads.max(1));
        self
    }

    /// Ends when this is set, by whoever has a clone of it.
    #[must_use]
    pub fn until(mut self, stop: &Stop) -> Search {
        self.stop = stop.clone();
        self
    }

    /// Hands every line to `each`, in the order of paths and lines, until it breaks.
    ///
    /// # Errors
    /// When a pattern does not compile. What cannot be read is in [`Found::errors`].
    pub fn run(
        &self,
        paths: impl IntoIterator<Item = impl Into<PathBuf>>,
        each: impl FnMut(FoundLine) -> ControlFlow<()> + Send,
    ) -> Result<Found> {
        let patterns: Vec<&str> = self.patterns.iter().map(String::as_str).collect();
        let patterns = self.how.compile(&patterns)?;
        let inputs: Vec<Input> = paths.into_iter().map(|path| Input::named(path)).collect();
        let all = Reading::on_all_cores();
        let threads = self.threads.unwrap_or(all.threads);
        let files = Files {
            search: search::Search::new(patterns, self.options.clone()),
            reading: Reading {
                threads,
                source: SourceOptions {
                    strip_bom: true,
                    unpack_threads: threads,
                    stop: self.stop.clone(),
                    ..SourceOptions::default()
                },
                archives: false,
                ..all
            },
            alone: inputs.len() == 1,
            stop: self.stop.child(),
        };
        let mut left = inputs.iter();
        let claim = || {
            let batch: Vec<&Input> = left.by_ref().take(BATCH).collect();
            (!batch.is_empty()).then_some(batch)
        };
        let found = InOrder {
            files: &files,
            executor: Executor::new(threads),
            each,
            found: Found::default(),
        };
        let executor = Executor::new(threads);
        let operator = &files;
        let all = side_by_side(&executor, &files.stop, claim, &operator, found)?;
        Ok(all.found)
    }

    /// The lines, as they are found. Dropping the iterator ends the search.
    ///
    /// # Errors
    /// When a pattern does not compile.
    pub fn lines(self, paths: impl IntoIterator<Item = impl Into<PathBuf>>) -> Result<FoundLines> {
        let patterns: Vec<&str> = self.patterns.iter().map(String::as_str).collect();
        self.how.compile(&patterns)?;
        let paths: Vec<PathBuf> = paths.into_iter().map(Into::into).collect();
        let (sender, lines) = sync_channel(WAITING);
        let stop = self.stop.clone();
        let search = move || {
            let each = |line| match sender.send(Ok(line)) {
                Ok(()) => ControlFlow::Continue(()),
                Err(_) => ControlFlow::Break(()),
            };
            let errors = match self.run(paths, each) {
                Ok(found) => found.errors,
                Err(error) => vec![error],
            };
            for error in errors {
                // Who went away does not want to know.
                let _ = sender.send(Err(error));
            }
        };
        let thread = std::thread::Builder::new().name("swathe-search".into());
        Ok(FoundLines {
            lines: Some(lines),
            thread: Some(thread.spawn(search)?),
            stop,
        })
    }
}

/// The lines of a [`Search`]; errors come behind all lines.
#[derive(Debug)]
pub struct FoundLines {
    lines: Option<Receiver<Result<FoundLine>>>,
    thread: Option<JoinHandle<()>>,
    stop: Stop,
}

impl Iterator for FoundLines {
    type Item = Result<FoundLine>;

    fn next(&mut self) -> Option<Result<FoundLine>> {
        let line = self.lines.as_ref()?.recv().ok();
        if line.is_none()
            && let Some(Err(panic)) = self.thread.take().map(JoinHandle::join)
        {
            std::panic::resume_unwind(panic);
        }
        line
    }
}

impl Drop for FoundLines {
    fn drop(&mut self) {
        // Whoever sends gets to know that nobody reads; the thread is waited for, so that
        // none outlives what it was started for.
        self.lines = None;
        if let Some(thread) = self.thread.take() {
            self.stop.set();
            let _ = thread.join();
        }
    }
}

/// A search over files, side by side.
struct Files {
    search: search::Search,
    reading: Reading,
    /// There is one file and no other.
    alone: bool,
    stop: Stop,
}

/// What a thread keeps between files.
struct Worker {
    executor: Executor,
    search: search::Search,
    buffer: Vec<u8>,
}

/// What came of some files.
#[derive(Default)]
struct Batch {
    bytes: Vec<u8>,
    /// Each file, what it came to, and where its lines end in the bytes.
    files: Vec<(PathBuf, Result<Outcome>, usize)>,
}

/// A buffer that refuses to grow beyond a bound.
struct Bounded<'b>(&'b mut Vec<u8>);

impl io::Write for Bounded<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len() + bytes.len() > AHEAD {
            return Err(io::ErrorKind::StorageFull.into());
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Files {
    fn one(
        &self,
        search: &search::Search,
        executor: &Executor,
        source: &Source,
        out: &mut (dyn io::Write + Send),
    ) -> Result<Outcome> {
        let mut run = search::Run {
            executor,
            out,
            stop: &self.stop,
            progress: &Silent,
            written: true,
        };
        search.run_as(&mut run, source, &PrintOptions::default(), Nul::Text)
    }
}

impl<'f> Operator for &'f Files {
    type Item = &'f Input;
    type Worker = Worker;
    type Batch = Batch;

    fn worker(&self) -> Worker {
        Worker {
            executor: Executor::new(1),
            search: self.search.own(),
            buffer: Vec::new(),
        }
    }

    fn batch(&self) -> Batch {
        Batch::default()
    }

    fn ahead(&self, worker: &mut Worker, input: &'f Input, batch: &mut Batch) -> Ahead<&'f Input> {
        if self.stop.is_set() {
            return Ahead::Stopped;
        }
        let buffer = &mut worker.buffer;
        let outcome = match self
            .reading
            .open_early(input, || Ok(None), self.alone, buffer)
        {
            Early::InTurn => return Ahead::InTurn(input),
            Early::Failed(error) => Err(error),
            Early::Whole(source) | Early::Open(source) => {
                let start = batch.bytes.len();
                let out = &mut Bounded(&mut batch.bytes);
                let Ok(outcome) = self.one(&worker.search, &worker.executor, &source, out) else {
                    // It prints too much to wait.
                    batch.bytes.truncate(start);
                    return Ahead::InTurn(input);
                };
                if worker.buffer.capacity() == 0 {
                    worker.buffer = source.into_buffer();
                }
                Ok(outcome)
            }
        };
        let end = batch.bytes.len();
        let path = input.name().to_path_buf();
        batch.files.push((path, outcome, end));
        Ahead::Done
    }
}

/// Hands lines on in the order of files.
struct InOrder<'f, E> {
    files: &'f Files,
    executor: Executor,
    each: E,
    found: Found,
}

impl<E: FnMut(FoundLine) -> ControlFlow<()> + Send> InOrder<'_, E> {
    /// Counts what a file came to.
    fn count(&mut self, outcome: Result<Outcome>) {
        match outcome {
            Ok(outcome) => {
                self.found.lines += outcome.stats.matched_lines;
                self.found.errors.extend(outcome.failure);
            }
            Err(error) => self.found.errors.push(error),
        }
    }
}

impl<E: FnMut(FoundLine) -> ControlFlow<()> + Send> Commit<Batch> for InOrder<'_, E> {
    fn commit(&mut self, batch: Batch) -> Flow {
        let mut at = 0;
        for (path, outcome, end) in batch.files {
            let mut lines = Lines::new(&path, &mut self.each);
            if io::Write::write_all(&mut lines, &batch.bytes[at..end]).is_err() {
                return Flow::Stop;
            }
            at = end;
            self.count(outcome);
        }
        Flow::Continue
    }
}

impl<'f, E> Reducer<&'f Files> for InOrder<'f, E>
where
    E: FnMut(FoundLine) -> ControlFlow<()> + Send,
{
    fn in_turn(&mut self, input: &'f Input) -> Flow {
        let files = self.files;
        let opened = input.open_as(&files.reading.source, false, None, &files.stop);
        let source = match opened {
            Ok(Opened::Source(source)) => source,
            Ok(Opened::Archive(_)) => return Flow::Continue,
            Err(error) => {
                self.count(Err(error));
                return Flow::Continue;
            }
        };
        let mut lines = Lines::new(input.name(), &mut self.each);
        let outcome = files.one(&files.search, &self.executor, &source, &mut lines);
        if lines.broken {
            return Flow::Stop;
        }
        self.count(outcome);
        Flow::Continue
    }
}

/// Takes apart what is printed of a file, and hands on its lines.
struct Lines<'e, E> {
    path: Arc<Path>,
    each: &'e mut E,
    /// The beginning of a line of which the rest is to come.
    rest: Vec<u8>,
    /// No more lines are wanted.
    broken: bool,
}

impl<'e, E> Lines<'e, E> {
    fn new(path: &Path, each: &'e mut E) -> Lines<'e, E> {
        Lines {
            path: path.into(),
            each,
            rest: Vec::new(),
            broken: false,
        }
    }
}

impl<E: FnMut(FoundLine) -> ControlFlow<()>> io::Write for Lines<'_, E> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.rest.extend_from_slice(bytes);
        let mut at = 0;
        while let Some((row, len)) = Row::read(&self.rest[at..]) {
            let line = FoundLine {
                path: self.path.clone(),
                selected: row.selected,
                number: row.number.unwrap_or(0),
                offset: row.offset,
                text: row.text.strip_suffix(b"\n").unwrap_or(row.text).to_vec(),
                matches: row.matches,
            };
            if (self.each)(line).is_break() {
                self.broken = true;
                return Err(io::ErrorKind::BrokenPipe.into());
            }
            at += len;
        }
        self.rest.drain(..at);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
