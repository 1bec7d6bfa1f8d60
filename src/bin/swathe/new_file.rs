//! Large files that come to be when they are complete.
//!
//! Until then the file has no name, where the file system can do that: then
//! nothing is left of it however the process ends. Elsewhere it has a hidden
//! name beside the target and loses it when it is dropped.

use std::{
    fs::{self, File, OpenOptions},
    io,
    os::fd::AsRawFd as _,
    path::{Path, PathBuf},
};

use rustix::fs::{AtFlags, CWD, Mode, OFlags};

/// A file that is being written.
#[derive(Debug)]
pub(crate) struct NewFile {
    file: File,
    target: PathBuf,
    /// Its name meanwhile, if it has one.
    beside: Option<PathBuf>,
}

impl NewFile {
    /// An empty file that is to be at this path.
    ///
    /// # Errors
    /// When the directory does not take files.
    pub(crate) fn create(target: &Path) -> io::Result<NewFile> {
        let flags = OFlags::TMPFILE | OFlags::RDWR | OFlags::CLOEXEC;
        let mode = Mode::from_raw_mode(0o666);
        let (file, beside) = if let Ok(file) = rustix::fs::open(directory(target), flags, mode) {
            (File::from(file), None)
        } else {
            let beside = hidden(target, 0)?;
            let mut options = OpenOptions::new();
            let options = options.read(true).write(true).create_new(true);
            (options.open(&beside)?, Some(beside))
        };
        Ok(NewFile {
            file,
            target: target.to_path_buf(),
            beside,
        })
    }

    /// To write to it.
    pub(crate) fn file(&mut self) -> &mut File {
        &mut self.file
    }

    /// Its name meanwhile, if it has one.
    pub(crate) fn name(&self) -> Option<&Path> {
        self.beside.as_deref()
    }

    /// Gives it its name, in the place of what has it if `replace`.
    ///
    /// # Errors
    /// When another file has the name and is not to be replaced, or the name
    /// cannot be given; there is no new file then.
    pub(crate) fn keep(mut self, replace: bool) -> io::Result<()> {
        if self.beside.is_none() {
            match self.link(&self.target) {
                Ok(()) => return Ok(()),
                Err(error) if error.kind() != io::ErrorKind::AlreadyExists || !replace => {
                    return Err(error);
                }
                Err(_) => {
                    let beside = hidden(&self.target, 1)?;
                    self.link(&beside)?;
                    self.beside = Some(beside);
                }
            }
        }
        let Some(beside) = &self.beside else {
            return Ok(());
        };
        if replace {
            fs::rename(beside, &self.target)?;
            self.beside = None;
            Ok(())
        } else {
            // Unlike a rename, this takes nobody's name away.
            fs::hard_link(beside, &self.target)
        }
    }

    fn link(&self, name: &Path) -> io::Result<()> {
        let open = format!("/proc/self/fd/{}", self.file.as_raw_fd());
        rustix::fs::linkat(CWD, open, CWD, name, AtFlags::SYMLINK_FOLLOW)?;
        Ok(())
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        if let Some(beside) = &self.beside {
            // Nothing is left to do if it cannot be removed.
            let _ = fs::remove_file(beside);
        }
    }
}

/// The directory a path is in.
pub(crate) fn directory(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    }
}

fn hidden(target: &Path, number: u32) -> io::Result<PathBuf> {
    let name = target.file_name().ok_or(io::ErrorKind::InvalidInput)?;
    let mut beside = std::ffi::OsString::from(".");
    beside.push(name);
    beside.push(format!(".swathe-{}-{number}", std::process::id()));
    Ok(target.with_file_name(beside))
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    #[test]
    fn there_is_no_file_before_it_is_complete() {
        let name = format!("swathe-new-file-{}", std::process::id());
        let scratch = std::env::temp_dir().join(name);
        fs::create_dir_all(&scratch).unwrap();
        let target = scratch.join("log");
        let shown = || fs::read_dir(&scratch).unwrap().count();
        let written = |text: &[u8]| {
            let mut new = NewFile::create(&target).unwrap();
            new.file().write_all(text).unwrap();
            new
        };
        drop(written(b"lost"));
        assert_eq!(shown(), 0);
        let new = written(b"one");
        assert!(!target.exists());
        new.keep(false).unwrap();
        assert_eq!(fs::read(&target).unwrap(), b"one");
        assert!(written(b"two").keep(false).is_err());
        assert_eq!(fs::read(&target).unwrap(), b"one");
        written(b"three").keep(true).unwrap();
        assert_eq!(fs::read(&target).unwrap(), b"three");
        assert_eq!(shown(), 1);
        assert!(NewFile::create(&scratch.join("no/log")).is_err());
        fs::remove_dir_all(&scratch).unwrap();
    }
}
