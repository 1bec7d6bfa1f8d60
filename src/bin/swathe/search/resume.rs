//! `--resume STATE`: only what is new in files since the last run.

use std::path::{Path, PathBuf};

use serde_json::json;
use swathe::{
    Error, ErrorKind,
    pattern::Engine,
    print::PrintOptions,
    request::state::Asked,
    run::{
        Input,
        resume::{
            CheckpointStore, lost,
            rotated::{self, EMPTIED, Look, Unread},
        },
    },
    search::SearchCheckpoint,
    source::{FileFingerprint, Source},
    walk::{Event, Files},
};

use super::{
    job::Job,
    state::{OWN_OUTPUT, State, trouble},
};
use crate::{cli::parse::Typed, messages, session::Session, stat::whole_file};

/// A search that goes on where the last one ended.
pub(super) struct Resumption {
    book: CheckpointStore<SearchCheckpoint>,
    /// The state, which is not searched.
    state: PathBuf,
    /// What was searched, or could not be.
    inputs: Vec<PathBuf>,
}

impl Resumption {
    /// What the flag says; nothing if it is not given. The inner error is that of
    /// the state.
    ///
    /// # Errors
    /// When an input cannot be gone on with, or is the state.
    pub(super) fn open(job: &Job) -> Result<Result<Option<Resumption>, Error>, String> {
        let Some(path) = &job.extensions.resume else {
            return Ok(Ok(None));
        };
        if job.inputs.contains(&Input::Stdin) {
            return Err(
                "--resume goes on with files, and standard input is none\nname the files to search"
                    .to_string(),
            );
        }
        let named: Vec<_> = job.inputs.iter().map(Input::name).collect();
        let named: Vec<_> = named
            .into_iter()
            .map(|path| Input::Path(path.to_path_buf()))
            .collect();
        whole_file::check("--resume", path, &named, &Typed::new())
            .map_err(|error| error.to_string())?;
        let mut tell = |error: &Error| {
            if !job.reading.no_messages {
                messages::say(error.path(), error);
            }
        };
        let book = CheckpointStore::open(
            path,
            asked(job),
            |trail: &SearchCheckpoint| trail.is_sound(),
            &mut tell,
        );
        Ok(book.map(|book| {
            Some(Resumption {
                book,
                state: path.clone(),
                inputs: Vec::new(),
            })
        }))
    }

    /// Searches what is new in each file.
    ///
    /// # Errors
    /// When the output cannot be written, or threads cannot be had.
    pub(super) fn search(&mut self, state: &mut State<'_>, files: Files) -> swathe::Result<()> {
        let session = state.shared.session;
        let mut all = Vec::new();
        for event in files {
            match event {
                Event::File(input) if input.is_found() && self.is_state(&input) => {}
                Event::File(input) => all.push(input),
                Event::Trouble(what) => trouble(session, &what),
            }
        }
        let paths = all.iter().map(|input| input.name().to_path_buf());
        self.inputs = paths.collect();
        let files: Vec<_> = all.iter().filter_map(Input::identity).collect();
        for input in &all {
            if session.interrupt.signal().is_some() {
                break;
            }
            let name = input.name();
            if state.shared.is_output(input) {
                session.source_failed(name, OWN_OUTPUT);
                continue;
            }
            match state.shared.job.open(input) {
                Ok(source) => {
                    let (anew, last) = self.rotated(state, input, &source, &files)?;
                    self.one(state, input, &source, anew)?;
                    // Where nothing is remembered of what has the name, what was searched
                    // before it is not searched again.
                    if let Some(last) = last.filter(|_| !self.book.has(name)) {
                        self.book.put(name, last);
                    }
                }
                Err(error) => session.source_failed(name, error),
            }
        }
        Ok(())
    }

    /// Writes the state, now that all is searched; false if it cannot be, which is
    /// said. A run that was interrupted leaves it as it is.
    ///
    /// # Errors
    /// When the output cannot be written.
    pub(super) fn end(self, session: &Session) -> swathe::Result<bool> {
        session
            .output
            .finish()
            .map_err(|error| lost(error.into()))?;
        if session.interrupt.settle().is_some() {
            return Ok(true);
        }
        let inputs: Vec<&Path> = self.inputs.iter().map(PathBuf::as_path).collect();
        let written = self.book.write(&inputs);
        if let Err(error) = &written {
            session.source_failed(&self.state, error);
        }
        Ok(written.is_ok())
    }

    fn is_state(&self, input: &Input) -> bool {
        rotated::identity(&self.state).is_some_and(|state| input.identity() == Some(state))
    }

    /// Searches what is new in one file.
    fn one(
        &mut self,
        state: &mut State<'_>,
        input: &Input,
        source: &Source,
        anew: bool,
    ) -> swathe::Result<()> {
        let session = state.shared.session;
        let (path, nul) = (input.name(), state.shared.job.nul(input));
        if source.len().is_some() {
            let file = source.identity().filter(|_| !anew);
            let before = file.and_then(|file| self.book.of_file(file)).copied();
            if state.is_over() {
                match state.shared.search.pass(source, before.as_ref()) {
                    Ok(trail) => rotated::put(&mut self.book, path, trail),
                    Err(error) => session.source_failed(path, error),
                }
                return Ok(());
            }
            let print = print(state, path);
            let mut trail = None;
            state.search_as(path, |search, run| {
                let resumed = search.resume(run, source, (&print, nul), before.as_ref(), false)?;
                if let Some(why) = resumed.anew {
                    session.note(Some(path), format!("{why}, so all of it is read"), true);
                }
                trail = resumed.trail;
                Ok(resumed.outcome)
            })?;
            if let Some(trail) = trail {
                rotated::put(&mut self.book, path, trail);
            }
            return Ok(());
        }
        let why = if rotated::identity(path).is_none() {
            "is no regular file, and cannot be gone on with (--resume)"
        } else if input.len() == Some(0) {
            match std::fs::metadata(path) {
                Ok(meta) => {
                    let trail = SearchCheckpoint::of_empty(FileFingerprint::of_empty(&meta));
                    rotated::put(&mut self.book, path, trail);
                }
                Err(_) => self.book.forget(path),
            }
            if state.is_over() {
                return Ok(());
            }
            let print = print(state, path);
            return state.search_as(path, |search, run| search.run_as(run, source, &print, nul));
        } else if input.is_found() {
            let why = "is compressed, and left out (--resume)";
            session.note(Some(path), why, true);
            return Ok(());
        } else {
            "is compressed or not in UTF-8, and cannot be gone on with (--resume)"
        };
        session.source_failed(path, Error::new(ErrorKind::Config(why.into())));
        Ok(())
    }

    /// Searches what had not been seen of files that had this name before, if it is
    /// another file's now: whether what has it was copied and cut, and what is to be
    /// remembered of the last of them.
    fn rotated(
        &mut self,
        state: &mut State<'_>,
        input: &Input,
        source: &Source,
        inputs: &[(u64, u64)],
    ) -> swathe::Result<(bool, Option<SearchCheckpoint>)> {
        let session = state.shared.session;
        let (path, job) = (input.name(), state.shared.job);
        let look = Look {
            path,
            source,
            is_input: &|file| inputs.contains(&file),
            options: &job.source_options,
        };
        let unread = match Unread::of(&self.book, &look) {
            Ok(unread) => unread,
            Err(error) => {
                session.source_failed(path, error);
                return Ok((false, None));
            }
        };
        if let Some(missed) = unread.missed {
            session.source_failed(path, missed);
        }
        if unread.emptied {
            session.note(Some(path), EMPTIED, true);
        }
        let mut last = None;
        if let Some((source, before)) = unread.rest {
            last = former(state, input, &source, Some(&before))?;
        }
        for path in &unread.between {
            match job.open(&Input::Path(path.clone())) {
                Ok(source) => last = former(state, input, &source, None)?.or(last),
                Err(error) => session.source_failed(path, error),
            }
        }
        Ok((unread.anew, last))
    }
}

/// Searches the rest of a file that had another name, or all of it; gives what is to be
/// remembered of it.
fn former(
    state: &mut State<'_>,
    input: &Input,
    source: &Source,
    before: Option<&SearchCheckpoint>,
) -> swathe::Result<Option<SearchCheckpoint>> {
    let (path, nul) = (source.name(), state.shared.job.nul(input));
    let print = print(state, path);
    let over = state.is_over();
    if source.len().is_none() {
        if !over {
            state.search_as(path, |search, run| search.run_as(run, source, &print, nul))?;
        }
        return Ok(None);
    }
    if !over {
        state.search_as(path, |search, run| {
            let resumed = search.resume(run, source, (&print, nul), before, true)?;
            Ok(resumed.outcome)
        })?;
    }
    Ok(state.shared.search.pass(source, before).ok())
}

fn print(state: &State<'_>, name: &Path) -> PrintOptions {
    state.shared.print(state.shared.job.names.then_some(name))
}

/// What a state belongs to: which lines are selected, and not how they are shown.
/// The range of time is that of each run, since a line is judged once.
fn asked(job: &Job) -> Asked {
    let words = &job.extensions.words;
    let range = job.extensions.range;
    Asked::other(
        "search",
        json!({
            "patterns": job.patterns,
            "pattern_options": job.pattern_options,
            "pcre2": job.engine == Engine::Pcre2,
            "invert_match": job.search.invert,
            "and": words.and,
            "not": words.not,
            "where": words.conditions,
            "preset": words.preset,
            "delimiter": words.delimiter.map(char::from),
            "record": words.record.as_deref().unwrap_or("line"),
            "record_max": words.record_max,
            "range": range.map(|range| [range.first, range.last]),
        }),
    )
}
