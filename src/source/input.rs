//! What is read: files by their names, and standard input.

use std::{
    os::{fd::AsFd as _, unix::fs::MetadataExt as _},
    path::{Path, PathBuf},
};

use super::{Archive, Encoding, Opened, Seen, Source, SourceOptions};
use crate::{error::Result, exec::Stop};

/// Something to read that is not open yet.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub enum Input {
    /// A file that was named.
    Path(PathBuf),
    /// A file that a walk found: one that is binary is left out.
    Found(PathBuf),
    /// Standard input.
    Stdin,
}

impl Input {
    /// What an operand of a command names: `-` is standard input.
    ///
    /// ```
    /// use swathe::run::Input;
    ///
    /// assert_eq!(Input::named("-"), Input::Stdin);
    /// assert_eq!(Input::named("./-"), Input::Path("./-".into()));
    /// ```
    pub fn named(operand: impl Into<PathBuf>) -> Input {
        let path = operand.into();
        if path.as_os_str() == "-" {
            Input::Stdin
        } else {
            Input::Path(path)
        }
    }

    /// Its path; `None` for standard input.
    pub fn path(&self) -> Option<&Path> {
        match self {
            Input::Path(path) | Input::Found(path) => Some(path),
            Input::Stdin => None,
        }
    }

    /// The name that answers and messages have it under: its path, or `<stdin>`.
    pub fn name(&self) -> &Path {
        self.path().unwrap_or(Path::new("<stdin>"))
    }

    /// Whether a walk found it and nobody named it.
    pub fn is_found(&self) -> bool {
        matches!(self, Input::Found(_))
    }

    /// Whether its name is that of a regular file, links followed.
    pub fn is_file(&self) -> bool {
        self.path().is_some_and(Path::is_file)
    }

    /// Whether its name is that of a directory, links followed.
    pub fn is_directory(&self) -> bool {
        self.path().is_some_and(Path::is_dir)
    }

    /// Its length in bytes, if its name is that of a regular file.
    pub fn len(&self) -> Option<u64> {
        let meta = self.path()?.metadata().ok()?;
        meta.is_file().then_some(meta.len())
    }

    /// Whether it is known to have nothing in it.
    pub fn is_empty(&self) -> bool {
        self.len() == Some(0)
    }

    /// The device and inode, if it is a regular file.
    pub fn identity(&self) -> Option<(u64, u64)> {
        if let Some(path) = self.path() {
            let meta = path.metadata().ok()?;
            return meta.is_file().then_some((meta.dev(), meta.ino()));
        }
        let stat = rustix::fs::fstat(std::io::stdin().as_fd()).ok()?;
        let kind = rustix::fs::FileType::from_raw_mode(stat.st_mode);
        kind.is_file().then_some((stat.st_dev, stat.st_ino))
    }

    /// Whether it is a pipe, or another thing that cannot be opened twice.
    pub fn reads_once(&self) -> bool {
        match self.path() {
            Some(path) => std::fs::metadata(path).is_ok_and(|meta| !meta.is_file()),
            None => self.identity().is_none() || stdin_has_no_size(),
        }
    }

    /// All it brings, as it is stored: a list of names, patterns.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn bytes(&self) -> Result<Vec<u8>> {
        if let Some(path) = self.path() {
            return Ok(std::fs::read(path)?);
        }
        let options = SourceOptions {
            encoding: Encoding::Raw,
            keep_packed: true,
            ..SourceOptions::default()
        };
        self.open(&options, None)?.head(usize::MAX, &Stop::new())
    }

    /// Opens it; as it was `seen`, if it was opened before.
    ///
    /// # Errors
    /// As [`Source::open_again`].
    pub fn open(&self, options: &SourceOptions, seen: Option<&Seen>) -> Result<Source> {
        match (self.path(), seen) {
            (Some(path), Some(seen)) => Source::open_again(path, options, seen),
            (Some(path), None) => Source::open(path, options),
            (None, Some(seen)) => Source::stdin_again(options, seen),
            (None, None) => Source::stdin(options),
        }
    }

    /// Opens it, as an archive if its first bytes are those of one.
    ///
    /// # Errors
    /// As [`Opened::open_again`].
    pub fn open_archive(&self, options: &SourceOptions, seen: Option<&Seen>) -> Result<Opened> {
        match (self.path(), seen) {
            (Some(path), Some(seen)) => Opened::open_again(path, options, seen),
            (Some(path), None) => Opened::open(path, options),
            (None, Some(seen)) => Opened::stdin_again(options, seen),
            (None, None) => Opened::stdin(options),
        }
    }

    /// Opens it, as it was if it was opened before; where `archives` are wanted, as one if
    /// it is one.
    ///
    /// # Errors
    /// As [`Source::open_again`].
    pub fn open_as(
        &self,
        options: &SourceOptions,
        archives: bool,
        seen: Option<&Seen>,
        stop: &Stop,
    ) -> Result<Opened> {
        if archives && (self.is_file() || matches!(options.encoding, Encoding::Named(_))) {
            return self.open_archive(options, seen);
        }
        let source = self.open(options, seen)?;
        let again = source.seen();
        match (opened(source, options, archives, stop)?, again) {
            // A packed file that was looked into is unpacked on all threads only
            // from its beginning.
            (Opened::Source(source), Some(seen)) if archives && source.len().is_none() => {
                self.open(options, Some(&seen)).map(Opened::Source)
            }
            (opened, _) => Ok(opened),
        }
    }

    /// Whether it is a file that is an archive, unpacked where it is packed.
    pub fn is_archive(&self, options: &SourceOptions) -> bool {
        let regular = self.path().filter(|path| path.is_file());
        let opened = regular.map(|path| Opened::open(path, options));
        matches!(opened, Some(Ok(Opened::Archive(_))))
    }
}

impl<P: Into<PathBuf>> From<P> for Input {
    fn from(operand: P) -> Input {
        Input::named(operand)
    }
}

/// A source that was opened, as an archive where those are wanted and it is one.
///
/// # Errors
/// When threads cannot be started.
pub(crate) fn opened(
    source: Source,
    options: &SourceOptions,
    archives: bool,
    stop: &Stop,
) -> Result<Opened> {
    // What cannot be read is met again when all of it is.
    if archives && Archive::is(&source, stop).unwrap_or(false) {
        return Opened::of_stream(source, options);
    }
    Ok(Opened::Source(source))
}

/// Files that have no size before they are read, as those of `/proc`, are read once.
fn stdin_has_no_size() -> bool {
    rustix::fs::fstat(std::io::stdin().as_fd()).is_ok_and(|stat| stat.st_size == 0)
}

/// The bytes of all inputs together, if the length of each is known. Nothing is known
/// of none, and of files that have no length before they are read.
pub fn total_len(inputs: &[Input]) -> Option<u64> {
    let total: Option<u64> = inputs.iter().map(Input::len).sum();
    total.filter(|&total| total > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_and_kinds() {
        let file = Input::Path("Cargo.toml".into());
        let len = std::fs::read("Cargo.toml").unwrap().len() as u64;
        assert!(file.is_file() && !file.is_directory() && file.identity().is_some());
        assert_eq!(total_len(&[file.clone(), file.clone()]), Some(2 * len));
        assert_eq!(total_len(&[file, Input::Stdin]), None);
        assert_eq!(total_len(&[]), None);
        assert_eq!(total_len(&[Input::Path("/proc/self/status".into())]), None);
        let directory = Input::Path("src".into());
        assert!(directory.is_directory() && directory.identity().is_none());
        let names = ["-", "./-", "a"].map(|name| Input::named(name).name().to_path_buf());
        assert_eq!(names, ["<stdin>", "./-", "a"].map(PathBuf::from));
    }
}
