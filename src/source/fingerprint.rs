//! What a file was, to be known again by whoever goes on reading it.

use std::{fmt, fs::Metadata, os::unix::fs::MetadataExt as _, time::UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use super::Source;
use crate::error::Result;

/// A file of which the first bytes were read, as it was then.
///
/// It is known again by device and inode, by its size, and by hashes of the
/// first and the last 64 KiB of the bytes that were read. What was changed
/// between these while the file grew is not found out.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct FileFingerprint {
    identity: (u64, u64),
    bytes: u64,
    len: u64,
    modified: (i64, i64),
    head: u64,
    tail: u64,
    /// When it was made, where that is known: it tells files apart of which nothing was
    /// read and that have had the same number.
    #[serde(default)]
    born: Option<(i64, i64)>,
}

/// Why a file is no longer the one that was read.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Change {
    /// The name is that of another file.
    Replaced,
    /// It is shorter than it was.
    Shrank {
        /// Bytes it had.
        from: u64,
        /// Bytes it has.
        to: u64,
    },
    /// Other bytes stand where something was read.
    Rewritten,
    /// It was written to, and is as long as it was.
    Touched,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Change::Replaced => f.write_str("was replaced by another file"),
            Change::Shrank { from, to } => write!(f, "became shorter (from {from} to {to} bytes)"),
            Change::Rewritten => f.write_str("was cut or written over"),
            Change::Touched => f.write_str("was written to without becoming longer"),
        }
    }
}

impl FileFingerprint {
    /// How many bytes at either end are looked at: 64 KiB.
    pub const WINDOW: u64 = 64 << 10;

    /// The mark of a file of which the first `bytes` were read; `None` for what
    /// is no regular file, or is not read byte for byte as it is stored.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn of(source: &Source, bytes: u64) -> Result<Option<FileFingerprint>> {
        let (Some(len), Some(watch)) = (source.len(), &source.watch) else {
            return Ok(None);
        };
        let (head, tail) = hashes(source, bytes)?;
        Ok(Some(FileFingerprint {
            identity: watch.opened.identity,
            bytes,
            len,
            modified: watch.opened.modified,
            head,
            tail,
            born: watch.file.metadata().ok().and_then(|meta| born(&meta)),
        }))
    }

    /// The mark of a regular file that is empty, by what its directory says of it.
    pub fn of_empty(meta: &Metadata) -> FileFingerprint {
        let nothing = xxh3_64(&[]);
        FileFingerprint {
            identity: (meta.dev(), meta.ino()),
            bytes: 0,
            len: 0,
            modified: (meta.mtime(), meta.mtime_nsec()),
            head: nothing,
            tail: nothing,
            born: born(meta),
        }
    }

    /// When the file was written to last.
    pub fn modified(&self) -> (i64, i64) {
        self.modified
    }

    /// The mark of a file that was written to at this time, if that is later.
    #[must_use]
    pub fn not_before(&self, modified: (i64, i64)) -> FileFingerprint {
        FileFingerprint {
            modified: self.modified.max(modified),
            ..*self
        }
    }

    /// Whether a file was made when this was, as far as that is known.
    pub fn is_born(&self, meta: &Metadata) -> bool {
        let both = self.born.zip(born(meta));
        both.is_none_or(|(then, now)| then == now)
    }

    /// Whether bytes that begin like this, 64 KiB of them or all there are, may be
    /// those that were read.
    pub fn is_begun_by(&self, head: &[u8]) -> bool {
        let window = self.bytes.min(FileFingerprint::WINDOW) as usize;
        head.get(..window)
            .is_some_and(|head| xxh3_64(head) == self.head)
    }

    /// Whether a source, which may be another file, begins with the bytes that were
    /// read.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn is_held_by(&self, source: &Source) -> Result<bool> {
        let enough = source.len().is_some_and(|len| len >= self.bytes);
        Ok(enough && hashes(source, self.bytes)? == (self.head, self.tail))
    }

    /// The mark of a copy of the file.
    #[must_use]
    pub fn moved_to(&self, copy: &Source) -> FileFingerprint {
        FileFingerprint {
            identity: copy.identity().unwrap_or(self.identity),
            ..*self
        }
    }

    /// Device and inode.
    pub fn identity(&self) -> (u64, u64) {
        self.identity
    }

    /// How many bytes were read.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Why this is not the file with the bytes that were read; `None` if it is.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn change(&self, source: &Source) -> Result<Option<Change>> {
        if source.identity() != Some(self.identity) {
            return Ok(Some(Change::Replaced));
        }
        let to = source.len().unwrap_or(0);
        if to < self.bytes {
            let from = self.len;
            return Ok(Some(Change::Shrank { from, to }));
        }
        let same = hashes(source, self.bytes)? == (self.head, self.tail);
        Ok((!same).then_some(Change::Rewritten))
    }

    /// What has changed about the file, and whether anything else about it says that more than its end
    /// has changed: it has lost bytes behind those that were read, or was written to
    /// and is as long as before.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn change_at_all(&self, source: &Source) -> Result<Option<Change>> {
        if let Some(change) = self.change(source)? {
            return Ok(Some(change));
        }
        let (from, to) = (self.len, source.len().unwrap_or(0));
        if to < from {
            return Ok(Some(Change::Shrank { from, to }));
        }
        let modified = source.watch.as_ref().map(|watch| watch.opened.modified);
        let touched = to == from && modified != Some(self.modified);
        Ok(touched.then_some(Change::Touched))
    }
}

/// When a file was made, if its file system says.
fn born(meta: &Metadata) -> Option<(i64, i64)> {
    let since = meta.created().ok()?.duration_since(UNIX_EPOCH).ok()?;
    Some((
        since.as_secs().try_into().ok()?,
        since.subsec_nanos().into(),
    ))
}

/// Of the first and of the last of these bytes.
fn hashes(source: &Source, bytes: u64) -> Result<(u64, u64)> {
    let mut window = vec![0; bytes.min(FileFingerprint::WINDOW) as usize];
    source.read_at(&mut window, 0)?;
    let head = xxh3_64(&window);
    let from = bytes - window.len() as u64;
    source.read_at(&mut window, from)?;
    Ok((head, xxh3_64(&window)))
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use super::*;
    use crate::source::SourceOptions;

    fn open(path: &Path) -> Source {
        Source::open(path, &SourceOptions::default()).unwrap()
    }

    #[test]
    fn a_file_is_known_again() {
        let dir = std::env::temp_dir().join(format!("swathe-mark-{}", std::process::id()));
        fs::create_dir_all(&dir).unwrap();
        let path = dir.join("log");
        let text = b"0123456789\n".repeat(20_000);
        fs::write(&path, &text).unwrap();
        let bytes = text.len() as u64 - 22;
        let mark = FileFingerprint::of(&open(&path), bytes).unwrap().unwrap();
        assert_eq!(mark.bytes(), bytes);
        let change = || mark.change(&open(&path)).unwrap();
        let at_all = || mark.change_at_all(&open(&path)).unwrap();
        assert_eq!((change(), at_all()), (None, None));
        fs::write(&path, [&text[..], b"more\n"].concat()).unwrap();
        assert_eq!((change(), at_all()), (None, None));
        // A file that lost what was not read.
        fs::write(&path, &text[..text.len() - 3]).unwrap();
        let (from, to) = (bytes + 22, bytes + 19);
        assert_eq!(change(), None);
        assert_eq!(at_all(), Some(Change::Shrank { from, to }));
        fs::write(&path, &text[..1000]).unwrap();
        assert_eq!(change(), Some(Change::Shrank { from, to: 1000 }));
        for at in [0, 65_535, bytes as usize - 1] {
            let mut other = text.clone();
            other[at] = b'x';
            fs::write(&path, &other).unwrap();
            assert_eq!(change(), Some(Change::Rewritten), "{at}");
        }
        // Where nobody looks, only the time tells.
        let mut other = text.clone();
        other[100_000] = b'x';
        fs::write(&path, &other).unwrap();
        let later = std::time::SystemTime::now() + std::time::Duration::from_secs(9);
        fs::File::options()
            .write(true)
            .open(&path)
            .and_then(|file| file.set_modified(later))
            .unwrap();
        assert_eq!((change(), at_all()), (None, Some(Change::Touched)));
        fs::rename(&path, dir.join("log.1")).unwrap();
        fs::write(&path, &text).unwrap();
        assert_eq!(change(), Some(Change::Replaced));
        assert_eq!(mark.change(&open(&dir.join("log.1"))).unwrap(), None);
        assert!(
            FileFingerprint::of(&Source::from_bytes("x", text), 1)
                .unwrap()
                .is_none()
        );
        fs::remove_dir_all(&dir).unwrap();
    }
}
