//! Files in the order of something that must be asked of each.

use std::{
    cmp::{Ordering, Reverse},
    fs::Metadata,
    io,
    path::Path,
    time::SystemTime,
};

use super::options::{Sort, SortBy};
use crate::source::Input;

/// The order of paths in one directory, which differ in their last name only: that
/// of their bytes. To look for the names took a third of a walk's time.
pub(super) fn of_siblings(a: &Path, b: &Path) -> Ordering {
    a.as_os_str().cmp(b.as_os_str())
}

/// Puts files into this order. Those that are equal in it stay as they are, and
/// those of which a time cannot be had go last, or first if it is reversed.
pub(super) fn sort(files: &mut [Input], sort: Sort) {
    let get: fn(&Metadata) -> io::Result<SystemTime> = match sort.by {
        SortBy::Path if sort.reverse => {
            files.sort_by(|a, b| b.name().cmp(a.name()));
            return;
        }
        SortBy::Path => return,
        SortBy::Modified => Metadata::modified,
        SortBy::Accessed => Metadata::accessed,
        SortBy::Created => Metadata::created,
    };
    let time = |input: &Input| {
        let meta = input.path()?.metadata();
        meta.and_then(|meta| get(&meta)).ok()
    };
    let key = |input: &Input| {
        let time = time(input);
        (time.is_none(), time)
    };
    if sort.reverse {
        files.sort_by_cached_key(|found| Reverse(key(found)));
    } else {
        files.sort_by_cached_key(key);
    }
}
