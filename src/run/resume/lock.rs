//! One run at a time goes on with a state.

use std::{
    fs::{self, File, TryLockError},
    io::{self, Read as _},
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
};

use crate::error::{Error, ErrorKind, Result};

/// A state that no other run goes on with meanwhile.
///
/// The lock is one of the kernel on the file itself: it ends with the process,
/// however that ends, and leaves nothing behind. Where there is no state yet, an
/// empty one is made to be locked; it goes away with the lock if nothing was
/// written.
#[derive(Debug)]
pub(super) struct Lock {
    /// `None` where there is no file and none can be made, or the file system has
    /// no locks: that is no reason not to answer.
    file: Option<File>,
    /// The state, if it was made to be locked.
    made: Option<PathBuf>,
}

/// How often another run may give the state a new file while this one takes it.
const TRIES: usize = 100;

impl Lock {
    /// Takes the state, and says what it holds; nothing if there was none.
    ///
    /// # Errors
    /// When another run has it, it cannot be read, or it is no regular file.
    pub(super) fn take(path: &Path) -> Result<(Lock, Vec<u8>)> {
        let failed = |error| Error::at(path, ErrorKind::Io(error));
        for _ in 0..TRIES {
            let Some(mut lock) = Lock::open(path)? else {
                continue;
            };
            let Some(file) = &mut lock.file else {
                return Ok((lock, Vec::new()));
            };
            match file.try_lock() {
                // Without a lock as before there were any.
                Ok(()) | Err(TryLockError::Error(_)) => {}
                Err(TryLockError::WouldBlock) => {
                    lock.made = None;
                    return Err(taken(path));
                }
            }
            // Who had it before may have put another file in its place.
            let same = fs::metadata(path).ok().map(|meta| (meta.dev(), meta.ino()));
            let meta = file.metadata().map_err(failed)?;
            if same != Some((meta.dev(), meta.ino())) {
                lock.made = None;
                continue;
            }
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).map_err(failed)?;
            return Ok((lock, bytes));
        }
        Err(taken(path))
    }

    /// Opens the state or makes one; `None` if it came or went meanwhile.
    fn open(path: &Path) -> Result<Option<Lock>> {
        let failed = |error| Error::at(path, ErrorKind::Io(error));
        match fs::metadata(path) {
            Ok(meta) if meta.is_file() => match File::open(path) {
                Ok(file) => Ok(Some(Lock {
                    file: Some(file),
                    made: None,
                })),
                Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
                Err(error) => Err(failed(error)),
            },
            Ok(_) => {
                let why = "is no regular file, so no state is kept in it; name another (--resume)";
                Err(Error::at(path, ErrorKind::Partial(why.into())))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Lock::make(path)),
            Err(error) => Err(failed(error)),
        }
    }

    fn make(path: &Path) -> Option<Lock> {
        let mut options = File::options();
        match options.read(true).write(true).create_new(true).open(path) {
            Ok(file) => Some(Lock {
                file: Some(file),
                made: Some(path.to_path_buf()),
            }),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && !path.is_symlink() => {
                None
            }
            // That it cannot be written is told when it is written.
            Err(_) => Some(Lock {
                file: None,
                made: None,
            }),
        }
    }

    /// The state is there to stay.
    pub(super) fn is_written(&mut self) {
        self.made = None;
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        if let Some(made) = &self.made {
            // An empty state says nothing, so it does no harm if it stays.
            let _ = fs::remove_file(made);
        }
    }
}

fn taken(path: &Path) -> Error {
    let why = "is in use by another run, which goes on with it; wait for its end, or name \
               another state (--resume)";
    Error::at(path, ErrorKind::Partial(why.into()))
}
