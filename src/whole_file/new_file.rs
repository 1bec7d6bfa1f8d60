//! Files that come to be when they are complete.
//!
//! Until then the file has no name, where the file system can do that: then
//! nothing is left of it however the process ends. Elsewhere it has a hidden
//! name beside the target and loses it when it is dropped. Nobody else can open it
//! before it has its own name.

use std::{
    fs::{self, File, OpenOptions, Permissions},
    io,
    os::{
        fd::AsRawFd as _,
        unix::fs::{OpenOptionsExt as _, PermissionsExt as _},
    },
    path::{Path, PathBuf},
};

use rustix::fs::{AtFlags, CWD, Mode, OFlags};

/// Where a file that has no name can be found.
const OPEN_FILES: &str = "/proc/self/fd";

/// A file that is being written.
#[derive(Debug)]
pub struct NewFile {
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
    pub fn create(target: &Path) -> io::Result<NewFile> {
        let flags = OFlags::TMPFILE | OFlags::RDWR | OFlags::CLOEXEC;
        let nameless = Path::new(OPEN_FILES)
            .exists()
            .then(|| rustix::fs::open(directory(target), flags, Mode::RUSR | Mode::WUSR));
        let (file, beside) = if let Some(Ok(file)) = nameless {
            (File::from(file), None)
        } else {
            let mut options = OpenOptions::new();
            let options = options.read(true).write(true).create_new(true).mode(0o600);
            let (file, beside) = hidden(target, |beside| options.open(beside))?;
            (file, Some(beside))
        };
        Ok(NewFile {
            file,
            target: target.to_path_buf(),
            beside,
        })
    }

    /// To write to it.
    pub fn file(&mut self) -> &mut File {
        &mut self.file
    }

    /// Its name meanwhile, if it has one.
    pub fn name(&self) -> Option<&Path> {
        self.beside.as_deref()
    }

    /// Gives it its name, in the place of what has it if `replace`.
    ///
    /// # Errors
    /// When another file has the name and is not to be replaced, or the name
    /// cannot be given; there is no new file then.
    pub fn keep(mut self, replace: bool) -> io::Result<()> {
        self.file.set_permissions(self.permissions(replace))?;
        if self.beside.is_none() {
            match self.link(&self.target) {
                Ok(()) => return Ok(()),
                Err(error) if error.kind() != io::ErrorKind::AlreadyExists || !replace => {
                    return Err(error);
                }
                Err(_) => {
                    let ((), beside) = hidden(&self.target, |beside| self.link(beside))?;
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

    /// Those of the file it replaces, or those that a file gets which is just created.
    fn permissions(&self, replace: bool) -> Permissions {
        match fs::metadata(&self.target) {
            Ok(meta) if replace && meta.is_file() => meta.permissions(),
            _ => Permissions::from_mode(0o666 & !umask()),
        }
    }

    fn link(&self, name: &Path) -> io::Result<()> {
        let open = format!("{OPEN_FILES}/{}", self.file.as_raw_fd());
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
pub fn directory(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    }
}

/// Makes something beside the target under a name that nobody has. The name is short,
/// however long that of the target is.
fn hidden<T>(target: &Path, create: impl Fn(&Path) -> io::Result<T>) -> io::Result<(T, PathBuf)> {
    let mut taken = io::Error::from(io::ErrorKind::AlreadyExists);
    for attempt in 0..100 {
        let name = format!(".swathe-{}-{attempt}", std::process::id());
        let beside = directory(target).join(name);
        match create(&beside) {
            Ok(made) => return Ok((made, beside)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => taken = error,
            Err(error) => return Err(error),
        }
    }
    Err(taken)
}

/// What new files may not be allowed.
fn umask() -> u32 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let told = status.lines().find_map(|line| line.strip_prefix("Umask:"));
    let told = told.and_then(|mask| u32::from_str_radix(mask.trim(), 8).ok());
    told.unwrap_or_else(|| {
        // It can only be asked by setting it; what others create meanwhile is theirs alone.
        let mask = rustix::process::umask(Mode::RWXG | Mode::RWXO);
        rustix::process::umask(mask);
        mask.bits()
    })
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
        let mode = |file: &File| file.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&new.file), 0o600);
        new.keep(false).unwrap();
        assert_eq!(fs::read(&target).unwrap(), b"one");
        let plain = File::create(scratch.join("plain")).unwrap();
        assert_eq!(mode(&File::open(&target).unwrap()), mode(&plain));
        fs::remove_file(scratch.join("plain")).unwrap();
        fs::set_permissions(&target, Permissions::from_mode(0o640)).unwrap();
        assert!(written(b"two").keep(false).is_err());
        assert_eq!(fs::read(&target).unwrap(), b"one");
        written(b"three").keep(true).unwrap();
        assert_eq!(fs::read(&target).unwrap(), b"three");
        assert_eq!(mode(&File::open(&target).unwrap()), 0o640);
        assert_eq!(shown(), 1);
        assert!(NewFile::create(&scratch.join("no/log")).is_err());
        fs::remove_dir_all(&scratch).unwrap();
    }
}
