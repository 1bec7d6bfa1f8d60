//! What is remembered of files from run to run, so that a run goes on where the last one
//! ended (`--resume STATE`).

mod lock;
pub mod rotated;
mod search;
mod statistics;

pub use search::SearchResumption;
pub use statistics::Resumption;

use std::path::{Path, PathBuf};

use self::lock::Lock;
use crate::{
    error::{Error, ErrorKind, Result},
    fold::Checkpoint,
    request::state::{self, Asked, Loaded},
    search::SearchCheckpoint,
    source::FileFingerprint,
    whole_file,
};
use serde::{Serialize, de::DeserializeOwned};

/// What is remembered of one file.
pub trait Entry: Clone + Serialize + DeserializeOwned {
    /// Which file, and how far it was read.
    fn mark(&self) -> &FileFingerprint;

    /// What is remembered of a file with this mark, which was read to the same end.
    #[must_use]
    fn with(&self, mark: FileFingerprint) -> Self;
}

impl<P: Clone + Serialize + DeserializeOwned> Entry for Checkpoint<P> {
    fn mark(&self) -> &FileFingerprint {
        &self.mark
    }

    fn with(&self, mark: FileFingerprint) -> Self {
        Checkpoint {
            mark,
            ..self.clone()
        }
    }
}

impl Entry for SearchCheckpoint {
    fn mark(&self) -> &FileFingerprint {
        self.mark()
    }

    fn with(&self, mark: FileFingerprint) -> SearchCheckpoint {
        self.with_mark(mark)
    }
}

/// What is said where the output did not get out, and the state stays: that a reader
/// had enough is no success here, since the rest is printed again.
pub fn lost(error: Error) -> Error {
    if !error.is_broken_pipe() {
        return error;
    }
    let why = "the output was not read to its end, so the state is as it was before this run \
               (--resume)";
    Error::new(ErrorKind::Config(why.into()))
}

/// A state: what was remembered, and what is to be.
///
/// While this is there, no other run goes on with the same state.
#[derive(Debug)]
pub struct CheckpointStore<T> {
    path: PathBuf,
    asked: Asked,
    before: Vec<(PathBuf, T)>,
    now: Vec<(PathBuf, T)>,
    lock: Lock,
}

impl<T: Entry> CheckpointStore<T> {
    /// What the file has to say about this question. Why it has nothing to
    /// say, though it is there, is told. What anyone may have written into it is
    /// taken only where all of it is sound.
    ///
    /// # Errors
    /// When it cannot be read, is no state, or another run goes on with it.
    pub fn open(
        path: &Path,
        asked: Asked,
        is_sound: impl Fn(&T) -> bool,
        tell: &mut dyn FnMut(&Error),
    ) -> Result<CheckpointStore<T>> {
        let (lock, bytes) = Lock::take(path)?;
        let before = match state::load::<T>(path, &bytes, &asked)? {
            Loaded::Entries(entries) if entries.iter().all(|(_, entry)| is_sound(entry)) => {
                Ok(entries)
            }
            Loaded::Entries(_) => Err("holds what no run can have kept".to_string()),
            Loaded::Unusable(why) => Err(why),
        };
        let before = before.unwrap_or_else(|why| {
            let text = format!("{why}, so everything is read from its start");
            tell(&Error::at(path, ErrorKind::Config(text)));
            Vec::new()
        });
        Ok(CheckpointStore {
            path: path.to_path_buf(),
            asked,
            before,
            now: Vec::new(),
            lock,
        })
    }

    /// What was remembered under this name.
    pub fn named(&self, path: &Path) -> Option<&T> {
        let entry = self.before.iter().find(|(name, _)| name == path);
        entry.map(|(_, entry)| entry)
    }

    /// What was remembered of the file with this device and inode.
    pub fn of_file(&self, identity: (u64, u64)) -> Option<&T> {
        let mut entries = self.before.iter().map(|(_, entry)| entry);
        entries.find(|entry| entry.mark().identity() == identity)
    }

    /// Whether this run has something to remember under this name.
    pub fn has(&self, path: &Path) -> bool {
        self.now.iter().any(|(name, _)| name == path)
    }

    /// Forgets what was remembered under this name.
    pub fn forget(&mut self, path: &Path) {
        self.before.retain(|(name, _)| name != path);
    }

    /// What is to be remembered of this file from now on.
    pub fn put(&mut self, path: &Path, entry: T) {
        self.now.retain(|(name, _)| name != path);
        self.now.push((path.to_path_buf(), entry));
    }

    /// Writes the state, whole or not at all. Files that this run was not about
    /// are remembered as they were, as long as there are such files.
    ///
    /// # Errors
    /// When it cannot be written; the old one is then as it was.
    pub fn write(mut self, inputs: &[&Path]) -> Result<()> {
        for (path, entry) in std::mem::take(&mut self.before) {
            let known = self.now.iter().any(|(name, now)| {
                *name == path || now.mark().identity() == entry.mark().identity()
            });
            if !known && (inputs.contains(&&*path) || path.exists()) {
                self.now.push((path, entry));
            }
        }
        let bytes = state::save(&self.asked, &self.now);
        whole_file::write(&self.path, &bytes).map_err(|error| {
            let text = format!("{error}; the state is as it was before this run (--resume)");
            Error::at(&self.path, ErrorKind::Config(text))
        })?;
        self.lock.is_written();
        Ok(())
    }
}
