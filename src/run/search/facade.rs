//! A search as a program asks for it: paths and a pattern in, lines out.

use std::{
    io::{self, Write},
    ops::{ControlFlow, Range},
    path::{Path, PathBuf},
    sync::{
        Arc,
        mpsc::{Receiver, sync_channel},
    },
    thread::JoinHandle,
};

use super::{
    in_order::Sink,
    plan::{SearchControl, SearchPlan},
};
use crate::{
    error::{Error, Result},
    exec::{Executor, Stop},
    pattern::{Case, PatternOptions},
    print::{PrintOptions, Row},
    progress::Silent,
    run::{Input, Reading},
    search::{self, Mode, Nul, SearchOptions},
    source::SourceOptions,
    walk::Files,
};

/// How many lines may wait for who reads them from an iterator.
const WAITING: usize = 256;

/// A search for lines of files, side by side on all cores, in the order of paths and lines.
///
/// Files are text whatever they hold, packed ones are unpacked. A directory is an error of that
/// path, unless [`Search::folders`] says which of its files are meant.
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
    #[cfg(feature = "walk")]
    rules: Option<crate::walk::Rules>,
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
            #[cfg(feature = "walk")]
            rules: None,
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

    /// Of directories the files that these rules leave, and not binary ones.
    #[cfg(feature = "walk")]
    #[must_use]
    pub fn folders(mut self, rules: crate::walk::Rules) -> Search {
        self.rules = Some(rules);
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
        let plan = SearchPlan {
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
            print: PrintOptions::default(),
            names: false,
            names_members: false,
            nul: Nul::Text,
            walked_nul: Nul::Leave,
            preprocessor: None,
            first: None,
            last: None,
            first_match_ends: false,
            own_output: None,
            alone: inputs.len() == 1 && !inputs[0].is_directory(),
        };
        let mut lines = Lines {
            path: Path::new("").into(),
            each,
            rest: Vec::new(),
            broken: false,
            errors: Vec::new(),
        };
        let control = SearchControl {
            executor: &Executor::new(threads),
            stop: &self.stop.child(),
            progress: &Silent,
        };
        #[cfg(feature = "walk")]
        let files = self.files(inputs);
        #[cfg(not(feature = "walk"))]
        let files = Files::named(inputs);
        let (searched, failed) = plan.run_until(files, control, &mut lines)?;
        match failed {
            Some(error) if !lines.broken => Err(error),
            _ => Ok(Found {
                lines: searched.stats.matched_lines,
                errors: lines.errors,
            }),
        }
    }

    /// The files that are meant.
    #[cfg(feature = "walk")]
    fn files(&self, inputs: Vec<Input>) -> Files {
        match &self.rules {
            Some(rules) => Files::new(inputs, rules.clone()),
            None => Files::named(inputs),
        }
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

/// Takes apart what is printed, and hands on lines.
struct Lines<E> {
    /// The file they are in.
    path: Arc<Path>,
    each: E,
    /// The beginning of a line of which the rest is to come.
    rest: Vec<u8>,
    /// No more lines are wanted.
    broken: bool,
    errors: Vec<Error>,
}

impl<E: FnMut(FoundLine) -> ControlFlow<()> + Send> Sink for Lines<E> {
    fn out(&mut self, name: &Path) -> &mut (dyn Write + Send) {
        if *self.path != *name {
            self.path = name.into();
            self.rest.clear();
        }
        self
    }

    fn tell(&mut self, error: &Error, soft: bool) {
        if !soft {
            self.errors.push(error.again());
        }
    }
}

impl<E: FnMut(FoundLine) -> ControlFlow<()>> Write for Lines<E> {
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
