//! Files that got another name, because a new one took theirs.

use std::{
    fs,
    os::unix::fs::{DirEntryExt as _, MetadataExt as _},
    path::{Path, PathBuf},
};

use super::{Book, Entry};
use crate::new_file::directory;

/// Said where what a name stood for before is not found.
pub(crate) const LOST: &str = "was replaced, and the file before it is not in its folder; what \
                               came to that since the last run is not seen";

/// What became of the file that an earlier run has read under a name.
pub(crate) enum Former<T> {
    /// It has the name still, or is read under another.
    There,
    /// It is not found.
    Lost,
    /// It has this name now, and this is remembered of it.
    Moved(PathBuf, T),
}

impl<T: Entry> Former<T> {
    /// What became of it, where `now` has the name. Whoever `is_input` is read
    /// anyway.
    pub(crate) fn of(
        book: &Book<T>,
        path: &Path,
        now: Option<(u64, u64)>,
        is_input: impl Fn((u64, u64)) -> bool,
    ) -> Former<T> {
        let Some(before) = book.named(path) else {
            return Former::There;
        };
        let file = before.mark().identity();
        if now == Some(file) || is_input(file) {
            return Former::There;
        }
        match beside(path, file) {
            Some(old) => Former::Moved(old, before.clone()),
            None => Former::Lost,
        }
    }
}

/// The file with this device and inode, if it lies in the folder of `path`.
fn beside(path: &Path, identity: (u64, u64)) -> Option<PathBuf> {
    let entries = fs::read_dir(directory(path)).ok()?;
    let same = entries.flatten().find(|entry| {
        entry.ino() == identity.1
            && entry
                .metadata()
                .is_ok_and(|meta| meta.is_file() && meta.dev() == identity.0)
    })?;
    // As it is named itself: with its folder only if that was named.
    Some(path.with_file_name(same.file_name()))
}

/// Device and inode of what has this name now, if it is a regular file.
pub(crate) fn identity(path: &Path) -> Option<(u64, u64)> {
    let meta = fs::metadata(path).ok()?;
    meta.is_file().then(|| (meta.dev(), meta.ino()))
}
