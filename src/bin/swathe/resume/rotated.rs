//! Files that got another name, because a new one took theirs.

use std::{
    fs,
    os::unix::fs::{DirEntryExt as _, MetadataExt as _},
    path::{Path, PathBuf},
};

use crate::new_file::directory;

/// The file with this device and inode, if it lies in the folder of `path`.
pub(crate) fn beside(path: &Path, identity: (u64, u64)) -> Option<PathBuf> {
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
