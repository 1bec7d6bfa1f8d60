//! What a file was when it was first looked at, for whoever looks at it again.
//!
//! A file that is looked at more than once, as to find its last lines and then to print
//! them, may be another one, or another text, the second time. Whoever looks again says
//! what was seen first ([`Source::open_again`]), and either has the file as it was then,
//! without what was added since, or an error that says what happened to it.

use std::{fs::File, path::Path, time::Duration};

use super::{
    Source, SourceOptions, open,
    watch::{Snapshot, Watch},
};
use crate::error::{Error, ErrorKind, Result};

/// A regular file as it was when it was first opened.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Seen {
    opened: Snapshot,
    /// Where in it the source begins.
    at: u64,
}

/// How often a file is looked at once more that was written to and has not become longer.
const LOOKS: usize = 4;

impl Seen {
    /// Its size in bytes, as it is stored.
    pub fn size(&self) -> u64 {
        self.opened.size
    }

    /// Whether `source`, which was opened later, is the same file, with nothing but bytes
    /// added at its end.
    ///
    /// # Errors
    /// What happened to it: [`ErrorKind::Replaced`], [`ErrorKind::Shrank`] or
    /// [`ErrorKind::Modified`].
    pub fn check(&self, source: &Source) -> Result<()> {
        let now = source.watch.as_ref().map(|watch| watch.opened);
        let same = now.map_or(Err(ErrorKind::Replaced), |now| self.judge(now));
        same.map_err(|kind| Error::at(source.name(), kind))
    }

    fn judge(&self, now: Snapshot) -> Result<(), ErrorKind> {
        let from = self.opened;
        if now.identity != from.identity {
            return Err(ErrorKind::Replaced);
        }
        if now.size < from.size {
            return Err(ErrorKind::Shrank {
                from: from.size,
                to: now.size,
                intact: 0,
            });
        }
        if now.size == from.size && now.modified != from.modified {
            return Err(ErrorKind::Modified { size: now.size });
        }
        Ok(())
    }

    /// The watch over a file that was opened again, which is to be as it was.
    pub(super) fn watch(&self, file: File) -> Result<Watch, ErrorKind> {
        let mut watch = Watch::new(file).map_err(ErrorKind::Io)?;
        for look in 1.. {
            match self.judge(watch.opened) {
                // A writer that appends changes the time first and the size a moment later.
                Err(ErrorKind::Modified { .. }) if look < LOOKS => {
                    std::thread::sleep(Duration::from_millis(5));
                    watch = Watch::new(watch.file).map_err(ErrorKind::Io)?;
                }
                Err(kind) => return Err(kind),
                Ok(()) => break,
            }
        }
        Ok(watch.since(self.opened))
    }

    pub(super) fn at(&self) -> u64 {
        self.at
    }
}

impl Source {
    /// What it was when it was opened; `None` for what is no regular file, or has no size.
    pub fn seen(&self) -> Option<Seen> {
        let opened = self.watch.as_ref()?.opened;
        let at = self.at;
        Some(Seen { opened, at })
    }

    /// Opens the file of this name that was opened before, as it was then: what was added
    /// meanwhile is not seen.
    ///
    /// # Errors
    /// As [`Source::open`], and when it is no longer what it was
    /// ([`ErrorKind::Replaced`], [`ErrorKind::Shrank`], [`ErrorKind::Modified`]).
    pub fn open_again(
        path: impl AsRef<Path>,
        options: &SourceOptions,
        seen: &Seen,
    ) -> Result<Source> {
        let path = path.as_ref();
        open::path(path)
            .and_then(|opened| Source::new(path, opened, options, Some(seen)))
            .map_err(|kind| Error::at(path, kind))
    }

    /// Standard input that was a file when it was opened before, from where it began then.
    ///
    /// # Errors
    /// As [`Source::stdin`], and when it is no longer what it was.
    pub fn stdin_again(options: &SourceOptions, seen: &Seen) -> Result<Source> {
        let name = Path::new("<stdin>");
        open::stdin()
            .and_then(|opened| Source::inherited(name, opened, options, Some(seen)))
            .map_err(|kind| Error::at(name, kind))
    }

    /// The first bytes of its file as they are stored, at most so many; none for what is no
    /// regular file.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn stored(&self, most: usize) -> Result<Vec<u8>> {
        let Some(watch) = &self.watch else {
            return Ok(Vec::new());
        };
        let mut bytes = vec![0; most];
        let got = watch.read_at(&mut bytes, self.at);
        let got = got.map_err(|error| Error::at(&self.name, ErrorKind::Io(error)))?;
        bytes.truncate(got);
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, io::Write as _, path::PathBuf, time::SystemTime};

    use super::*;
    use crate::source::MapPolicy;

    /// What happens to a file between two looks.
    type Change = fn(&Path);

    fn rewritten(path: &Path, text: &[u8]) {
        let mut file = File::options().write(true).open(path).unwrap();
        file.write_all(text).unwrap();
        let later = SystemTime::now() + Duration::from_secs(9);
        file.set_modified(later).unwrap();
    }

    fn replaced(path: &Path) {
        let new = path.with_extension("new");
        fs::write(&new, b"one\ntwo\nmore\n").unwrap();
        fs::rename(new, path).unwrap();
    }

    #[test]
    fn a_second_look_is_at_what_was_seen_first() {
        let dir = std::env::temp_dir().join(format!("swathe-seen-{}", std::process::id()));
        fs::create_dir_all(&dir).unwrap();
        let path: PathBuf = dir.join("log");
        let cases: [(&str, Change, &str); 6] = [
            ("nothing", |_| {}, "same"),
            (
                "grew",
                |path| {
                    let mut file = File::options().append(true).open(path).unwrap();
                    file.write_all(b"three\n").unwrap();
                },
                "same",
            ),
            ("cut", |path| fs::write(path, b"one\n").unwrap(), "shrank"),
            ("rewritten", |path| rewritten(path, b"ONE\n"), "modified"),
            ("replaced", replaced, "replaced"),
            ("gone", |path| fs::remove_file(path).unwrap(), "gone"),
        ];
        for (name, change, want) in cases {
            for map in [MapPolicy::Guarded, MapPolicy::Never] {
                fs::write(&path, b"one\ntwo\n").unwrap();
                let options = SourceOptions {
                    map,
                    ..SourceOptions::default()
                };
                let seen = Source::open(&path, &options).unwrap().seen().unwrap();
                change(&path);
                let again = Source::open_again(&path, &options, &seen);
                let got = match &again {
                    Ok(source) => {
                        let mut bytes = vec![0; 8];
                        source.read_at(&mut bytes, 0).unwrap();
                        assert_eq!(bytes, b"one\ntwo\n");
                        assert_eq!(source.len(), Some(8));
                        assert!(seen.check(source).is_ok() && source.seen() == Some(seen));
                        assert_eq!(source.verify().unwrap().grew, name == "grew");
                        "same"
                    }
                    Err(error) => match error.kind() {
                        ErrorKind::Shrank { from: 8, to: 4, .. } => "shrank",
                        ErrorKind::Modified { size: 8 } => "modified",
                        ErrorKind::Replaced => "replaced",
                        ErrorKind::Io(_) => "gone",
                        other => panic!("{name}: {other:?}"),
                    },
                };
                assert_eq!(got, want, "{name}, {map:?}");
                // A source that was opened as if for the first time is judged alike.
                let fresh = Source::open(&path, &options);
                let same = fresh.map(|source| seen.check(&source).is_ok());
                assert_eq!(same.unwrap_or(false), want == "same", "{name}");
            }
        }
        fs::remove_dir_all(&dir).unwrap();
    }
}
