//! A search of only what is new in files since the last run.

use std::path::{Path, PathBuf};

use super::{
    CheckpointStore,
    rotated::{self, EMPTIED, Look, Unread},
};
use crate::{
    error::{Error, ErrorKind, Result},
    request::state::Asked,
    run::{Input, SearchControl, SearchPlan, Searched, Sink, search::InOrder},
    search::SearchCheckpoint,
    source::{FileFingerprint, Source},
    walk::{Event, Files},
};

/// A search that goes on where the last one ended.
#[derive(Debug)]
pub struct SearchResumption {
    book: CheckpointStore<SearchCheckpoint>,
    /// The state, which is not searched.
    state: PathBuf,
    /// What was searched, or could not be.
    inputs: Vec<PathBuf>,
}

impl SearchResumption {
    /// Goes on with what this file says about the question; see [`CheckpointStore::open`].
    ///
    /// # Errors
    /// When it cannot be read, is no state, or another run goes on with it.
    pub fn open(
        path: &Path,
        asked: Asked,
        tell: &mut dyn FnMut(&Error),
    ) -> Result<SearchResumption> {
        let is_sound = |trail: &SearchCheckpoint| trail.is_sound();
        Ok(SearchResumption {
            book: CheckpointStore::open(path, asked, is_sound, tell)?,
            state: path.to_path_buf(),
            inputs: Vec::new(),
        })
    }

    /// Searches what is new in each file.
    ///
    /// # Errors
    /// When the output cannot be written, or threads cannot be had.
    pub fn run(
        &mut self,
        plan: &SearchPlan,
        files: Files,
        control: SearchControl<'_>,
        sink: &mut dyn Sink,
    ) -> Result<Searched> {
        let mut state = InOrder::new(plan, control, sink);
        let mut all = Vec::new();
        for event in files {
            match event {
                Event::File(input) if input.is_found() && self.is_state(&input) => {}
                Event::File(input) => all.push(input),
                Event::Trouble(what) => state.sink.tell(&what.error, what.soft),
            }
        }
        let paths = all.iter().map(|input| input.name().to_path_buf());
        self.inputs = paths.collect();
        let files: Vec<_> = all.iter().filter_map(Input::identity).collect();
        for input in &all {
            if control.stop.is_set() {
                break;
            }
            let name = input.name();
            if state.is_output(input) {
                continue;
            }
            match plan.open(input) {
                Ok(source) => {
                    let (anew, last) = self.rotated(&mut state, input, &source, &files)?;
                    self.one(&mut state, input, &source, anew)?;
                    // Where nothing is remembered of what has the name, what was searched
                    // before it is not searched again.
                    if let Some(last) = last.filter(|_| !self.book.has(name)) {
                        self.book.put(name, last);
                    }
                }
                Err(error) => state.source_failed(name, error),
            }
        }
        Ok(state.end())
    }

    /// Writes the state, now that all is searched and the output is out.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(self) -> Result<()> {
        let inputs: Vec<&Path> = self.inputs.iter().map(PathBuf::as_path).collect();
        self.book.write(&inputs)
    }

    fn is_state(&self, input: &Input) -> bool {
        rotated::identity(&self.state).is_some_and(|state| input.identity() == Some(state))
    }

    /// Searches what is new in one file.
    fn one(
        &mut self,
        state: &mut InOrder<'_>,
        input: &Input,
        source: &Source,
        anew: bool,
    ) -> Result<()> {
        let (path, nul) = (input.name(), state.plan.nul(input));
        if source.len().is_some() {
            let file = source.identity().filter(|_| !anew);
            let before = file.and_then(|file| self.book.of_file(file)).copied();
            if state.is_over() {
                match state.plan.search.pass(source, before.as_ref()) {
                    Ok(trail) => rotated::put(&mut self.book, path, trail),
                    Err(error) => state.source_failed(path, error),
                }
                return Ok(());
            }
            let print = state.plan.print(path, state.plan.names);
            let resumed = state.on_all(path, |search, run| {
                search.resume(run, source, (&print, nul), before.as_ref(), false)
            })?;
            if let Some(why) = resumed.anew {
                state.note(path, format!("{why}, so all of it is read"), true);
            }
            state.take(path, resumed.outcome);
            if let Some(trail) = resumed.trail {
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
            let print = state.plan.print(path, state.plan.names);
            return state.search_source(source, path, &print, nul);
        } else if input.is_found() {
            let why = "is compressed, and left out (--resume)";
            state.note(path, why, true);
            return Ok(());
        } else {
            "is compressed or not in UTF-8, and cannot be gone on with (--resume)"
        };
        state.source_failed(path, Error::new(ErrorKind::Config(why.into())));
        Ok(())
    }

    /// Searches what had not been seen of files that had this name before, if it is
    /// another file's now: whether what has it was copied and cut, and what is to be
    /// remembered of the last of them.
    fn rotated(
        &mut self,
        state: &mut InOrder<'_>,
        input: &Input,
        source: &Source,
        inputs: &[(u64, u64)],
    ) -> Result<(bool, Option<SearchCheckpoint>)> {
        let (path, plan) = (input.name(), state.plan);
        let look = Look {
            path,
            source,
            is_input: &|file| inputs.contains(&file),
            options: &plan.reading.source,
        };
        let unread = match Unread::of(&self.book, &look) {
            Ok(unread) => unread,
            Err(error) => {
                state.source_failed(path, error);
                return Ok((false, None));
            }
        };
        if let Some(missed) = unread.missed {
            state.note(path, missed, false);
        }
        if unread.emptied {
            state.note(path, EMPTIED, true);
        }
        let mut last = None;
        if let Some((source, before)) = unread.rest {
            last = former(state, input, &source, Some(&before))?;
        }
        for path in &unread.between {
            match plan.open(&Input::Path(path.clone())) {
                Ok(source) => last = former(state, input, &source, None)?.or(last),
                Err(error) => state.source_failed(path, error),
            }
        }
        Ok((unread.anew, last))
    }
}

/// Searches the rest of a file that had another name, or all of it; gives what is to be
/// remembered of it.
fn former(
    state: &mut InOrder<'_>,
    input: &Input,
    source: &Source,
    before: Option<&SearchCheckpoint>,
) -> Result<Option<SearchCheckpoint>> {
    let (path, nul) = (source.name(), state.plan.nul(input));
    let print = state.plan.print(path, state.plan.names);
    let over = state.is_over();
    if source.len().is_none() {
        if !over {
            state.search_source(source, path, &print, nul)?;
        }
        return Ok(None);
    }
    if !over {
        let resumed = state.on_all(path, |search, run| {
            search.resume(run, source, (&print, nul), before, true)
        })?;
        state.take(path, resumed.outcome);
    }
    Ok(state.plan.search.pass(source, before).ok())
}
