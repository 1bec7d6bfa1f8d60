//! What can go wrong, in the user's words.
//!
//! An [`Error`] names the source it happened to and says what to do about it.
//! Its `Display` is the part after `swathe: PATH: `; the path is kept apart so
//! that a caller can quote or escape it for where it is shown.

use std::{
    fmt, io,
    path::{Path, PathBuf},
};

/// The result of every fallible operation of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// An error, with the name of the source it happened to where there is one.
#[derive(Debug)]
pub struct Error {
    path: Option<PathBuf>,
    kind: ErrorKind,
}

/// The kinds of [`Error`].
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The operating system refused.
    #[error("{}", plain(.0))]
    Io(#[source] io::Error),
    /// The path is a directory.
    #[error("is a directory, not a file")]
    Directory,
    /// The path is a device, a socket or another thing that has no end or no content.
    #[error("is not a regular file, pipe or FIFO ({0}), so it is not read")]
    Special(&'static str),
    /// A FIFO that nobody writes to.
    #[error("no program opened this FIFO for writing within a second")]
    NoWriter,
    /// Standard input cannot be read from.
    #[error("is closed, or open for writing only (name a file, or redirect one to it)")]
    Closed,
    /// The file was cut while it was read.
    #[error(
        "file shrank from {from} to {to} bytes while being read; \
         results before byte {intact} are complete, later ones were discarded"
    )]
    Shrank {
        /// Bytes when it was opened.
        from: u64,
        /// Bytes when it was checked.
        to: u64,
        /// Every result that concerns bytes before this one holds.
        intact: u64,
    },
    /// The file was written over while it was read.
    #[error(
        "file was modified in place while being read (size {size} bytes before and after); \
         results may mix old and new content, run again"
    )]
    Modified {
        /// Bytes, before and after.
        size: u64,
    },
    /// The name is that of another file than when it was looked at first.
    #[error(
        "file was replaced by another of this name while being read (by rotation, or by a \
         program that saves a new file); run again"
    )]
    Replaced,
    /// A page of the map could not be read although the file has its size.
    #[error(
        "the disk or file system failed to deliver bytes {at} onwards (I/O error); \
         results before byte {at} are complete, later ones were discarded"
    )]
    Unreadable {
        /// The first byte that is missing.
        at: u64,
    },
    /// Packed data is damaged, cut off, or followed by something else. All
    /// that could be unpacked before was used.
    #[error("{0}")]
    Damaged(String),
    /// PCRE2 found too many ways to match some line, which then counts as not
    /// matching.
    #[error(
        "{0}; the lines it gave up on count as not matching (make the pattern simpler: \
         avoid a repetition inside of a repetition)"
    )]
    GaveUp(String),
    /// A pattern does not compile.
    #[error("{0}")]
    Pattern(String),
    /// An option has a value that means nothing.
    #[error("{0}")]
    Config(String),
    /// A file of partials cannot be used.
    #[error("{0}")]
    Partial(String),
}

impl ErrorKind {
    fn again(&self) -> ErrorKind {
        match self {
            ErrorKind::Io(error) => ErrorKind::Io(match error.raw_os_error() {
                Some(code) => io::Error::from_raw_os_error(code),
                None => io::Error::new(error.kind(), error.to_string()),
            }),
            ErrorKind::Directory => ErrorKind::Directory,
            ErrorKind::Special(what) => ErrorKind::Special(what),
            ErrorKind::NoWriter => ErrorKind::NoWriter,
            ErrorKind::Closed => ErrorKind::Closed,
            &ErrorKind::Shrank { from, to, intact } => ErrorKind::Shrank { from, to, intact },
            &ErrorKind::Modified { size } => ErrorKind::Modified { size },
            ErrorKind::Replaced => ErrorKind::Replaced,
            &ErrorKind::Unreadable { at } => ErrorKind::Unreadable { at },
            ErrorKind::Damaged(text) => ErrorKind::Damaged(text.clone()),
            ErrorKind::GaveUp(text) => ErrorKind::GaveUp(text.clone()),
            ErrorKind::Pattern(text) => ErrorKind::Pattern(text.clone()),
            ErrorKind::Config(text) => ErrorKind::Config(text.clone()),
            ErrorKind::Partial(text) => ErrorKind::Partial(text.clone()),
        }
    }
}

/// An I/O error without Rust's `(os error 2)` tail, which means nothing to the
/// person who reads it; the text before it is the system's own.
fn plain(error: &io::Error) -> String {
    if error.kind() == io::ErrorKind::FileTooLarge {
        return "is larger than files may become here (see ulimit -f)".into();
    }
    let text = error.to_string();
    match text.rfind(" (os error ") {
        Some(at) => text[..at].to_string(),
        None => text,
    }
}

impl Error {
    /// An error about no source in particular.
    pub fn new(kind: ErrorKind) -> Error {
        Error { path: None, kind }
    }

    /// An error about the source of this name.
    pub fn at(path: impl AsRef<Path>, kind: ErrorKind) -> Error {
        Error {
            path: Some(path.as_ref().to_path_buf()),
            kind,
        }
    }

    /// The error, about the source of this name if it is about none yet.
    #[must_use]
    pub fn or_at(self, path: impl AsRef<Path>) -> Error {
        Error {
            path: self.path.or_else(|| Some(path.as_ref().to_path_buf())),
            kind: self.kind,
        }
    }

    /// The error, told about the source of this name.
    #[must_use]
    pub(crate) fn named(self, path: &Path) -> Error {
        Error::at(path, self.kind)
    }

    /// The error once more, to be told in another place.
    #[must_use]
    pub fn again(&self) -> Error {
        Error {
            path: self.path.clone(),
            kind: self.kind.again(),
        }
    }

    /// The source it is about.
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// What happened.
    pub fn kind(&self) -> &ErrorKind {
        &self.kind
    }

    /// True if the reader of our output went away, which is no failure.
    pub fn is_broken_pipe(&self) -> bool {
        matches!(&self.kind, ErrorKind::Io(e) if e.kind() == io::ErrorKind::BrokenPipe)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.kind.fmt(f)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.kind)
    }
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Error {
        Error::new(ErrorKind::Io(error))
    }
}
