//! The file that is measured on, and whether it is in memory.

use std::{
    fs::File,
    io,
    os::fd::AsRawFd as _,
    path::{Path, PathBuf},
};

use rustix::{
    fs::{Advice, fadvise},
    io::{Errno, ReadWriteFlags, preadv2},
};
use swathe::{
    exec::{Executor, Stop},
    generate::{Options, Profile, generate},
    progress::Progress,
};

use swathe::whole_file::NewFile;

/// Places that are looked at to tell whether a file is in memory.
const PLACES: u64 = 256;

/// The file that is measured on.
#[derive(Debug)]
pub(crate) struct Measured {
    file: File,
    /// Where other processes find it.
    pub(crate) path: PathBuf,
    pub(crate) size: u64,
    /// Keeps the file, which has no name, or removes it.
    _kept: Option<NewFile>,
}

impl Measured {
    /// A file of the user's.
    ///
    /// # Errors
    /// When it cannot be opened or is no regular file.
    pub(crate) fn open(path: &Path) -> io::Result<Measured> {
        let file = File::open(path)?;
        let meta = file.metadata()?;
        if !meta.is_file() {
            return Err(io::Error::other(
                "is not a regular file, so it cannot be read twice",
            ));
        }
        Ok(Measured {
            file,
            path: path.to_path_buf(),
            size: meta.len(),
            _kept: None,
        })
    }

    /// A generated one, which is gone when the process is; `None` if stopped.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(crate) fn generated(
        directory: &Path,
        size: u64,
        threads: usize,
        stop: &Stop,
        progress: &dyn Progress,
    ) -> swathe::Result<Option<Measured>> {
        let name = directory.join(format!("swathe-bench-{}", std::process::id()));
        let at = |error: io::Error| swathe::Error::at(&name, swathe::ErrorKind::Io(error));
        let mut new = NewFile::create(&name).map_err(at)?;
        let options = Options::new(Profile::App, size);
        let made = generate(
            &options,
            &Executor::new(threads),
            stop,
            progress,
            new.file(),
        );
        if made.map_err(|error| error.or_at(&name))?.is_none() {
            return Ok(None);
        }
        let path = match new.name() {
            Some(name) => name.to_path_buf(),
            None => format!("/proc/{}/fd/{}", std::process::id(), new.file().as_raw_fd()).into(),
        };
        let file = new.file().try_clone().map_err(at)?;
        // What is not on the disk yet cannot leave memory.
        file.sync_data().map_err(at)?;
        Ok(Some(Measured {
            file,
            path,
            size,
            _kept: Some(new),
        }))
    }

    /// Takes the file out of the page cache as far as the system does; what
    /// share of it is still there, or `None` if that cannot be known.
    pub(crate) fn cool(&self) -> Option<f64> {
        // A file that others write may be dirty; of one that is only read this does nothing.
        let _ = self.file.sync_data();
        let _ = fadvise(&self.file, 0, None, Advice::DontNeed);
        self.resident(0)
    }

    /// The share that is in the page cache when a run has ended.
    pub(crate) fn left(&self) -> Option<f64> {
        self.resident(1)
    }

    /// The share of places in the page cache; `None` if that cannot be known. To look
    /// at a place has its page read, so two looks are at places of their own: those
    /// with `half` lie half way between the others.
    fn resident(&self, half: u64) -> Option<f64> {
        let places = PLACES.min(self.size.div_ceil(4096)).max(1);
        let mut there = 0u64;
        for place in 0..places {
            let step = self.size / places;
            let at = step * place + half * step / 2;
            let mut byte = [0];
            let mut buffers = [io::IoSliceMut::new(&mut byte)];
            match preadv2(&self.file, &mut buffers, at, ReadWriteFlags::NOWAIT) {
                Ok(_) => there += 1,
                Err(Errno::AGAIN) => {}
                Err(_) => return None,
            }
        }
        Some(there as f64 / places as f64)
    }
}
