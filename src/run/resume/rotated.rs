//! Files that got another name, because a new one took theirs.
//!
//! A log `app.log` is rotated to `app.log.1`, `app.log-20261130` or the like: renamed,
//! or copied and cut, and perhaps packed later. Since the last run this may have
//! happened more than once. What a run has not seen is then the rest of the file it
//! was in, whole files that had the name after that, and what has it now.

use std::{
    cmp::Ordering,
    fs::{self, Metadata},
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
};

use super::{CheckpointStore, Entry};
use crate::{
    error::Result,
    exec::Stop,
    source::{FileFingerprint, Source, SourceOptions},
    whole_file::directory,
};

/// Said where what a name stood for before is not found.
pub const LOST: &str = "was replaced, and the file before it is not in its folder; what \
                               came to that since the last run is not seen";

/// Said where what a name stands for was cut to nothing.
pub const EMPTIED: &str = "has become empty; what came to it since the last run and before \
                                  that is not seen";

/// What packed files end with.
const PACKED: [&str; 8] = ["gz", "bz2", "xz", "zst", "lz4", "br", "lzma", "Z"];

/// What had a name since an earlier run, besides the file that has it now.
#[derive(Debug)]
pub struct Unread<T> {
    /// The file that had it then, if it is another now, and what is remembered of it.
    pub rest: Option<(Source, T)>,
    /// Files that had the name after that one, in order.
    pub between: Vec<PathBuf>,
    /// What is not there any more, in words.
    pub missed: Option<String>,
    /// The file that has the name was cut to nothing, and no copy of it is there.
    pub emptied: bool,
    /// What is remembered of the file that has the name now is about what it was before
    /// it was copied and cut.
    pub anew: bool,
}

/// Who is looked for, and how files are read.
pub struct Look<'l> {
    /// The name.
    pub path: &'l Path,
    /// What has it now.
    pub source: &'l Source,
    /// Whether a file is read anyway.
    pub is_input: &'l dyn Fn((u64, u64)) -> bool,
    /// How files are opened.
    pub options: &'l SourceOptions,
}

impl std::fmt::Debug for Look<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Look")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

impl<T: Entry> Unread<T> {
    fn nothing() -> Unread<T> {
        Unread {
            rest: None,
            between: Vec::new(),
            missed: None,
            emptied: false,
            anew: false,
        }
    }

    /// What is to be read besides what has this name.
    ///
    /// # Errors
    /// When files that have it, or had it, cannot be read.
    pub fn of(book: &CheckpointStore<T>, look: &Look<'_>) -> Result<Unread<T>> {
        let nothing = Unread::nothing();
        let Some(before) = book.named(look.path) else {
            return Ok(nothing);
        };
        let mark = before.mark();
        let stays = look.stays(mark)?;
        if stays && mark.bytes() > 0 {
            return Ok(nothing);
        }
        let family = Family::of(look.path);
        let now = identity(look.path);
        let others: Vec<&Sibling> = family.others(now).collect();
        // It is read under its own name, which is another input.
        let read_anyway = now != Some(mark.identity()) && (look.is_input)(mark.identity());
        let former = if stays || read_anyway {
            None
        } else {
            look.former(before, &others)?
        };
        let known = stays || former.is_some() || read_anyway;
        // Of what was empty all copies are new too, and those come in order with it.
        let begun = mark.bytes() > 0;
        let in_family = |path: &Path| others.iter().any(|other| other.path == path);
        let renamed = former.as_ref().map(|(path, ..)| path.clone());
        let renamed = renamed.filter(|path| !begun && in_family(path));
        let former = former.filter(|_| renamed.is_none());
        let place = |file| others.iter().position(|other| other.identity == file);
        let place = match &former {
            Some((path, ..)) => others.iter().position(|other| other.path == *path),
            None if begun => place(mark.identity()),
            None => None,
        };
        let newer = others.iter().skip(place.map_or(0, |place| place + 1));
        let newer = newer.filter(|other| {
            other.modified > mark.modified() || renamed.as_ref() == Some(&other.path)
        });
        let taken = former.as_ref().map(|(path, ..)| path.clone());
        let between: Vec<&Sibling> = newer
            .filter(|other| taken.as_ref() != Some(&other.path))
            .copied()
            .collect();
        let oldest = place
            .map(|place| others[place])
            .or(between.first().copied());
        let missed = if known {
            oldest.and_then(|oldest| family.missing_behind(oldest))
        } else if now == Some(mark.identity()) && begun {
            // That it was cut or written over is said when it is read.
            None
        } else {
            Some(LOST.to_string())
        };
        let between = between
            .into_iter()
            .filter(|other| other.size > 0 && !(look.is_input)(other.identity));
        let between: Vec<PathBuf> = between.map(|other| other.path.clone()).collect();
        let same = now == Some(mark.identity()) && (begun || stays);
        // What was empty before was written to and cut if its time is another.
        let cut = |meta: &Metadata| {
            let modified = (meta.mtime(), meta.mtime_nsec());
            meta.len() == 0 && (begun || (modified > mark.modified() && between.is_empty()))
        };
        let emptied = same && former.is_none() && fs::metadata(look.path).is_ok_and(|m| cut(&m));
        Ok(Unread {
            emptied,
            between,
            anew: former.is_some() && now == Some(mark.identity()),
            rest: former.map(|(_, source, entry)| (source, entry)),
            missed,
        })
    }
}

impl Look<'_> {
    /// Whether what has the name now is the file that was marked, and longer at most.
    fn stays(&self, mark: &FileFingerprint) -> Result<bool> {
        let Ok(meta) = fs::metadata(self.path) else {
            return Ok(true);
        };
        if (meta.dev(), meta.ino()) != mark.identity() {
            return Ok(false);
        }
        if mark.bytes() == 0 {
            return Ok(mark.is_born(&meta));
        }
        // What is empty now, or packed, was cut or written over.
        Ok(self.source.len().is_some() && mark.change(self.source)?.is_none())
    }

    /// The file that was marked, under the name it has now, or a copy of it, packed or
    /// not: its name, its bytes, and what is remembered of it.
    fn former<T: Entry>(
        &self,
        before: &T,
        others: &[&Sibling],
    ) -> Result<Option<(PathBuf, Source, T)>> {
        let mark = before.mark();
        // Whatever it is called.
        if let Some(path) = beside(self.path, mark) {
            let source = Source::open(&path, self.options)?;
            if mark.change(&source)?.is_none() {
                return Ok(Some((path, source, before.clone())));
            }
        }
        if mark.bytes() == 0 {
            return Ok(None);
        }
        let may_be = |other: &&&Sibling| {
            other.modified >= mark.modified() && !(self.is_input)(other.identity)
        };
        for other in others.iter().filter(may_be) {
            // What cannot be read is not it.
            let Ok(source) = Source::open(&other.path, self.options) else {
                continue;
            };
            let head = source.head(FileFingerprint::WINDOW as usize, &Stop::new());
            if !head.is_ok_and(|head| mark.is_begun_by(&head)) {
                continue;
            }
            let source = match source.len() {
                Some(_) => source,
                None => source.written_out(self.options)?,
            };
            if mark.is_held_by(&source)? {
                let entry = before.with(mark.moved_to(&source));
                return Ok(Some((other.path.clone(), source, entry)));
            }
        }
        Ok(None)
    }
}

/// Remembers a file from now on; of one of which nothing was read yet, when it and those
/// beside it were written to: what is written later is new.
pub fn put<T: Entry>(book: &mut CheckpointStore<T>, path: &Path, entry: T) {
    if entry.mark().bytes() > 0 {
        return book.put(path, entry);
    }
    let family = Family::of(path);
    let latest = family.siblings.iter().map(|sibling| sibling.modified).max();
    let mark = entry.mark().not_before(latest.unwrap_or_default());
    book.put(path, entry.with(mark));
}

/// A file whose name is that of a rotated one.
#[derive(Clone, Debug)]
struct Sibling {
    path: PathBuf,
    turn: Turn,
    identity: (u64, u64),
    modified: (i64, i64),
    size: u64,
}

/// What is in a name for when it was rotated.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Turn {
    /// How many times something was rotated since.
    Number(u64),
    /// A time, or something that grows with it.
    Stamp(Vec<u8>),
}

/// The rotated files of a name, the oldest first.
#[derive(Debug)]
struct Family {
    siblings: Vec<Sibling>,
}

impl Family {
    fn of(path: &Path) -> Family {
        let Some(base) = path
            .file_name()
            .map(|name| name.as_encoded_bytes().to_vec())
        else {
            return Family {
                siblings: Vec::new(),
            };
        };
        let entries = fs::read_dir(directory(path))
            .into_iter()
            .flatten()
            .flatten();
        let sibling = |entry: fs::DirEntry| {
            let name = entry.file_name();
            let turn = turn(&base, name.as_encoded_bytes())?;
            let path = path.with_file_name(name);
            let meta = fs::metadata(&path).ok().filter(Metadata::is_file)?;
            Some(Sibling {
                path,
                turn,
                identity: (meta.dev(), meta.ino()),
                modified: (meta.mtime(), meta.mtime_nsec()),
                size: meta.len(),
            })
        };
        let mut siblings: Vec<Sibling> = entries.filter_map(sibling).collect();
        let all = |is: fn(&Turn) -> bool| siblings.iter().all(|sibling| is(&sibling.turn));
        let numbers = all(|turn| matches!(turn, Turn::Number(_)));
        let stamps = all(|turn| matches!(turn, Turn::Stamp(_)));
        siblings.sort_by(|a, b| {
            let by_time = a
                .modified
                .cmp(&b.modified)
                .then_with(|| a.path.cmp(&b.path));
            let by_name = match (&a.turn, &b.turn) {
                (Turn::Number(a), Turn::Number(b)) if numbers => b.cmp(a),
                (a, b) if stamps => a.cmp(b),
                _ => Ordering::Equal,
            };
            by_name.then(by_time)
        });
        Family { siblings }
    }

    /// All but this file, in order.
    fn others(&self, file: Option<(u64, u64)>) -> impl Iterator<Item = &Sibling> {
        let siblings = self.siblings.iter();
        siblings.filter(move |sibling| Some(sibling.identity) != file)
    }

    /// What should be there behind this one and is not, where names are numbers.
    fn missing_behind(&self, oldest: &Sibling) -> Option<String> {
        let Turn::Number(from) = oldest.turn else {
            return None;
        };
        let has = |number| {
            let mut siblings = self.siblings.iter();
            siblings.any(|sibling| sibling.turn == Turn::Number(number))
        };
        let first = u64::from(!has(0));
        let gone = (first..from).rev().find(|&number| !has(number))?;
        let name = oldest.path.file_name().unwrap_or_default().display();
        Some(format!(
            "was rotated more than once, and a file that came between is not in its folder (number \
             {gone}, behind {name}); what came to that is not seen"
        ))
    }
}

/// When a file of this name was rotated, if it is a rotated one of `base`.
fn turn(base: &[u8], name: &[u8]) -> Option<Turn> {
    let unpacked = PACKED.iter().find_map(|end| {
        let name = name.strip_suffix(end.as_bytes())?;
        name.strip_suffix(b".")
    });
    let name = unpacked.unwrap_or(name);
    let behind = |start: &[u8], end: &[u8]| {
        let middle = name.strip_prefix(start)?.strip_suffix(end)?;
        let (first, rest) = middle.split_first()?;
        matches!(first, b'.' | b'-' | b'_').then(|| rest.to_vec())
    };
    let dot = base
        .iter()
        .rposition(|&byte| byte == b'.')
        .filter(|&dot| dot > 0);
    let part = behind(base, b"").or_else(|| {
        let (stem, extension) = base.split_at(dot?);
        behind(stem, extension)
    })?;
    let digits = part.iter().filter(|byte| byte.is_ascii_digit()).count();
    if digits == part.len() && (1..=5).contains(&digits) {
        let number = std::str::from_utf8(&part).ok()?.parse().ok()?;
        return Some(Turn::Number(number));
    }
    let is_time = |byte: &u8| byte.is_ascii_digit() || b"-_.:+TZ".contains(byte);
    (digits > 5 && part.iter().all(is_time)).then_some(Turn::Stamp(part))
}

/// The file that was marked, if it lies in the folder of `path` under any name.
fn beside(path: &Path, mark: &FileFingerprint) -> Option<PathBuf> {
    let entries = fs::read_dir(directory(path)).ok()?;
    let same = entries.flatten().find(|entry| {
        entry.metadata().is_ok_and(|meta| {
            let is_it = (meta.dev(), meta.ino()) == mark.identity();
            meta.is_file() && is_it && (mark.bytes() > 0 || mark.is_born(&meta))
        })
    })?;
    // As it is named itself: with its folder only if that was named.
    let old = path.with_file_name(same.file_name());
    (old != path).then_some(old)
}

/// Device and inode of what has this name now, if it is a regular file.
pub fn identity(path: &Path) -> Option<(u64, u64)> {
    let meta = fs::metadata(path).ok()?;
    meta.is_file().then(|| (meta.dev(), meta.ino()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_rotated_files() {
        let number = |number| Some(Turn::Number(number));
        let stamp = |text: &str| Some(Turn::Stamp(text.into()));
        for (name, want) in [
            ("app.log.1", number(1)),
            ("app.log.12.gz", number(12)),
            ("app.1.log", number(1)),
            ("app.log-20261130", stamp("20261130")),
            ("app.log-20261130.gz", stamp("20261130")),
            ("app-20261130.log.zst", stamp("20261130")),
            ("app.log.2026-11-30-17", stamp("2026-11-30-17")),
            ("app.log", None),
            ("app.log.gz", None),
            ("app.log.old", None),
            ("app.log.1.bak", None),
            ("app.log.state", None),
            ("app2.log.1", None),
            ("other.log.1", None),
        ] {
            assert_eq!(turn(b"app.log", name.as_bytes()), want, "{name}");
        }
        assert_eq!(turn(b"log", b"log.3"), Some(Turn::Number(3)));
    }
}
