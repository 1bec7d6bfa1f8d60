//! Files that are written whole or not at all.

mod new_file;

pub use new_file::{NewFile, directory};

use std::{
    fs::{self, File, OpenOptions},
    io::{self, IsTerminal as _, Write as _},
    path::{Path, PathBuf},
};

use crate::{
    error::{Error, ErrorKind, Result},
    harmless,
};

/// Replaces the file by one with this content: it is written where nobody sees it,
/// comes to the disk, and then takes its name. Whoever reads the name meanwhile sees
/// the old content or the new. What is no regular file is written to as it is.
///
/// # Errors
/// When it cannot be written; the old file is then as it was.
pub fn write(path: &Path, content: &[u8]) -> Result<()> {
    write_all(&[(path.to_path_buf(), content)])
}

/// Replaces several files, as [`write()`] does: none gets its name before all are complete.
///
/// # Errors
/// When one cannot be written, with its name.
pub fn write_all(files: &[(PathBuf, &[u8])]) -> Result<()> {
    let at = |path: &Path| {
        let path = path.to_path_buf();
        move |error| Error::at(path, ErrorKind::Io(error))
    };
    let mut complete = Vec::new();
    for (path, content) in files {
        let file = written(path, content).map_err(at(path))?;
        complete.extend(file.map(|file| (path, file)));
    }
    for (path, file) in complete {
        file.keep(true).map_err(at(path))?;
        // The name is on the disk when the directory is. Not every file system can.
        if let Ok(directory) = File::open(directory(&target(path))) {
            let _ = directory.sync_all();
        }
    }
    Ok(())
}

/// A complete file without its name; nothing if it was written to as it is.
fn written(path: &Path, content: &[u8]) -> io::Result<Option<NewFile>> {
    match fs::metadata(path) {
        Ok(meta) if meta.is_dir() => return Err(io::ErrorKind::IsADirectory.into()),
        Ok(meta) if !meta.is_file() || is_open_file(path) => {
            let mut file = OpenOptions::new().append(true).open(path)?;
            let shown = if file.is_terminal() {
                harmless::shown(content)
            } else {
                content.into()
            };
            return file.write_all(&shown).map(|()| None);
        }
        _ => {}
    }
    // Of a link it is the file behind it that is replaced.
    let mut new = NewFile::create(&target(path))?;
    new.file().write_all(content)?;
    new.file().sync_all()?;
    Ok(Some(new))
}

/// Whether this names what is open already, and has no name that could be replaced.
fn is_open_file(path: &Path) -> bool {
    let below = ["/dev/fd", "/proc/self/fd"];
    path == Path::new("/dev/stderr") || below.iter().any(|folder| path.starts_with(folder))
}

/// The file behind a path, which need not be there yet.
pub fn target(path: &Path) -> PathBuf {
    let mut target = path.to_path_buf();
    // So many links the kernel follows.
    for _ in 0..40 {
        if let Ok(file) = fs::canonicalize(&target) {
            return file;
        }
        let Ok(next) = fs::read_link(&target) else {
            break;
        };
        target = directory(&target).join(next);
    }
    target
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A directory of its own that is gone afterwards.
    struct Scratch(PathBuf);

    impl Scratch {
        fn new(name: &str) -> Scratch {
            let name = format!("swathe-whole-{name}-{}", std::process::id());
            let path = std::env::temp_dir().join(name);
            fs::create_dir_all(&path).unwrap();
            Scratch(path)
        }
    }

    impl Drop for Scratch {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn a_file_is_replaced_as_a_whole() {
        let scratch = Scratch::new("replace");
        let path = scratch.0.join("out.csv");
        write(&path, b"one").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"one");
        let link = scratch.0.join("link");
        std::os::unix::fs::symlink(&path, &link).unwrap();
        write(&link, b"two").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        let long = scratch.0.join("x".repeat(255));
        write(&long, b"long").unwrap();
        assert_eq!(fs::read(&long).unwrap(), b"long");
        fs::remove_file(&long).unwrap();
        let other = scratch.0.join("other");
        std::os::unix::fs::symlink("link", &other).unwrap();
        fs::remove_file(&path).unwrap();
        write(&other, b"three").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"three");
        assert_eq!(fs::read_dir(&scratch.0).unwrap().count(), 3);
    }

    #[test]
    fn a_failure_leaves_nothing_behind() {
        let scratch = Scratch::new("failure");
        assert!(write(&scratch.0, b"x").is_err());
        assert!(write(&scratch.0.join("no/such/directory"), b"x").is_err());
        assert_eq!(fs::read_dir(&scratch.0).unwrap().count(), 0);
        write(Path::new("/dev/null"), b"x").unwrap();
        let whole = |name: &str| (scratch.0.join(name), &b"x"[..]);
        assert!(write_all(&[whole("one"), whole("no/such"), whole("two")]).is_err());
        assert_eq!(fs::read_dir(&scratch.0).unwrap().count(), 0);
        write_all(&[whole("one"), whole("two")]).unwrap();
        assert_eq!(fs::read_dir(&scratch.0).unwrap().count(), 2);
    }
}
