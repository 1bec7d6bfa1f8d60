//! Bytes that must be at hand as a whole and are too many for memory.
//!
//! A line of gigabytes that comes through a pipe has to be searched as one row
//! of bytes. It is written to a file without a name and mapped: pages of a file
//! can be taken from memory at any time, and come back when they are looked at.
//! Whatever goes wrong with the file while it is written (no such directory, no
//! room), its bytes go back to memory, as if there had been none, unless they are too
//! many for that.

use std::{
    fs::File,
    io,
    os::unix::fs::FileExt,
    path::PathBuf,
    sync::{
        Arc, Mutex, PoisonError, Weak,
        atomic::{AtomicBool, Ordering},
    },
};

use super::map::GuardedMap;

/// Where the bytes of a line go that is too long to be held in memory.
///
/// Only those of a stream (a pipe, packed or decoded text, a reader) are in
/// question: a file is mapped or read by position as it is. The file has no name
/// in its directory, so that nothing is left behind however the process ends.
#[derive(Clone, Debug)]
pub struct SpillOptions {
    /// The directory for temporary files. If none can be made there, or there is no
    /// room but a reserve for others, lines of up to 1 GiB are held in memory, and
    /// a longer one ends its source with an error.
    pub directory: PathBuf,
    /// The most bytes of a line that are held in memory, about. Each chunk that
    /// waits may hold as many.
    pub above: u64,
}

impl SpillOptions {
    /// What is held in memory where nothing else is asked for: 8 MiB.
    pub const ABOVE: u64 = 8 << 20;

    /// Temporary files in this directory, above [`ABOVE`](SpillOptions::ABOVE).
    pub fn in_directory(directory: impl Into<PathBuf>) -> SpillOptions {
        SpillOptions {
            directory: directory.into(),
            above: SpillOptions::ABOVE,
        }
    }
}

/// The temporary files of one source.
#[derive(Debug, Default)]
pub(crate) struct Spills {
    options: Option<Arc<SpillOptions>>,
    ledger: Arc<Ledger>,
}

/// What became of them.
#[derive(Debug, Default)]
struct Ledger {
    /// There was one.
    any: AtomicBool,
    /// A page of one that is gone could not be had.
    lost: AtomicBool,
    maps: Mutex<Vec<Weak<GuardedMap>>>,
}

impl Spills {
    /// Those of a source that is opened like this.
    pub(super) fn new(options: Option<&SpillOptions>) -> Spills {
        Spills {
            options: options.cloned().map(Arc::new),
            ledger: Arc::default(),
        }
    }

    /// The directory, in words.
    pub(crate) fn place(&self) -> String {
        let options = self.options.as_ref();
        options.map_or_else(String::new, |o| o.directory.display().to_string())
    }

    /// How many bytes to hold in memory at most.
    pub(crate) fn above(&self) -> usize {
        let above = self.options.as_ref().map_or(u64::MAX, |o| o.above);
        usize::try_from(above).unwrap_or(usize::MAX)
    }

    /// An empty one.
    ///
    /// # Errors
    /// When no file can be made, or none can be mapped here.
    pub(crate) fn begin(&self) -> io::Result<Spill> {
        let options = self.options.as_ref().filter(|_| GuardedMap::POSSIBLE);
        let options = options.ok_or(io::ErrorKind::Unsupported)?;
        Ok(Spill {
            file: nameless(&options.directory)?,
            len: 0,
            ledger: self.ledger.clone(),
        })
    }

    /// Whether every byte that was looked at in one is what was written to it.
    pub(super) fn are_intact(&self) -> bool {
        let ledger = &self.ledger;
        if !ledger.any.load(Ordering::Acquire) {
            return true;
        }
        let maps = ledger.maps.lock().unwrap_or_else(PoisonError::into_inner);
        let held = |map: &Weak<GuardedMap>| map.upgrade().is_none_or(|m| m.first_bad().is_none());
        // In this order: a map that goes away leaves its note first.
        maps.iter().all(held) && !ledger.lost.load(Ordering::Acquire)
    }
}

/// After so many bytes of a file it is asked how much room is left.
const LOOK: u64 = 64 << 20;

/// So much room is left to others, or a tenth of all there is if that is less.
const RESERVE: u64 = 1 << 30;

/// Whether the file system of a file has room to give.
fn leaves_room(file: &File) -> bool {
    // Where that is not known, writing tells.
    let Ok(room) = rustix::fs::fstatvfs(file) else {
        return true;
    };
    let bytes = |blocks: u64| blocks.saturating_mul(room.f_frsize);
    bytes(room.f_bavail) >= RESERVE.min(bytes(room.f_blocks) / 10).saturating_add(LOOK)
}

/// A temporary file that grows.
#[derive(Debug)]
pub(crate) struct Spill {
    file: File,
    len: u64,
    ledger: Arc<Ledger>,
}

impl Spill {
    /// Puts bytes behind those it has.
    ///
    /// # Errors
    /// When there is no room, or little would be left for others; it then has what
    /// it had.
    pub(crate) fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        let len = self.len + bytes.len() as u64;
        if len / LOOK != self.len / LOOK && !leaves_room(&self.file) {
            return Err(io::ErrorKind::StorageFull.into());
        }
        self.file.write_all_at(bytes, self.len)?;
        self.len = len;
        Ok(())
    }

    /// How many bytes it has.
    pub(crate) fn len(&self) -> u64 {
        self.len
    }

    /// Its bytes, mapped; `None` if that cannot be done.
    pub(crate) fn map(&self) -> Option<Spilled> {
        let map = Arc::new(GuardedMap::new(&self.file, self.len)?);
        let ledger = self.ledger.clone();
        {
            let mut maps = ledger.maps.lock().unwrap_or_else(PoisonError::into_inner);
            maps.retain(|map| map.strong_count() > 0);
            maps.push(Arc::downgrade(&map));
        }
        ledger.any.store(true, Ordering::Release);
        Some(Spilled { map, ledger })
    }

    /// Its bytes, in memory after all.
    ///
    /// # Errors
    /// When they cannot be read.
    pub(crate) fn into_memory(self) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; usize::try_from(self.len).map_err(io::Error::other)?];
        self.file.read_exact_at(&mut bytes, 0)?;
        Ok(bytes)
    }
}

/// A temporary file, mapped. Its room is free again when this is dropped.
#[derive(Debug)]
pub(crate) struct Spilled {
    map: Arc<GuardedMap>,
    ledger: Arc<Ledger>,
}

impl Spilled {
    /// All its bytes; what could not be read back is zeros, and
    /// [`Source::is_intact`](super::Source::is_intact) says so.
    pub(crate) fn bytes(&self) -> &[u8] {
        self.map.bytes()
    }
}

impl Drop for Spilled {
    fn drop(&mut self) {
        if self.map.first_bad().is_some() {
            self.ledger.lost.store(true, Ordering::Release);
        }
    }
}

/// A file for reading and writing that has no name, so that it goes with its
/// descriptor.
pub(super) fn nameless(directory: &std::path::Path) -> io::Result<File> {
    #[cfg(target_os = "linux")]
    {
        use rustix::fs::{Mode, OFlags};
        let flags = OFlags::TMPFILE | OFlags::RDWR | OFlags::CLOEXEC;
        let mode = Mode::RUSR | Mode::WUSR;
        if let Ok(file) = rustix::fs::open(directory, flags, mode) {
            return Ok(File::from(file));
        }
    }
    // Not every file system can do that.
    named_for_a_moment(directory)
}

fn named_for_a_moment(directory: &std::path::Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;

    static MADE: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);
    let mut tries = 0;
    loop {
        let number = MADE.fetch_add(1, Ordering::Relaxed);
        let name = format!(".swathe-{}-{number}", std::process::id());
        let path = directory.join(name);
        let mut options = File::options();
        options.read(true).write(true).create_new(true).mode(0o600);
        match options.open(&path) {
            Ok(file) => {
                std::fs::remove_file(&path)?;
                return Ok(file);
            }
            // Left by a process of the same number that was killed in between.
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists && tries < 100 => tries += 1,
            Err(e) => return Err(e),
        }
    }
}

#[cfg(all(test, target_os = "linux", not(miri)))]
mod tests {
    use super::*;

    fn spills() -> Spills {
        Spills::new(Some(&SpillOptions::in_directory(std::env::temp_dir())))
    }

    #[test]
    fn what_was_written_is_mapped_and_read_back() {
        let spills = spills();
        let mut spill = spills.begin().unwrap();
        spill.append(b"one ").unwrap();
        let first = spill.map().unwrap();
        spill.append(b"two").unwrap();
        assert_eq!(first.bytes(), b"one ");
        assert_eq!(spill.map().unwrap().bytes(), b"one two");
        assert!(spills.are_intact());
        assert_eq!(spill.into_memory().unwrap(), b"one two");
    }

    #[test]
    fn a_page_that_is_lost_is_noted_for_good() {
        let spills = spills();
        let mut spill = spills.begin().unwrap();
        spill.append(&[b'x'; 10_000]).unwrap();
        let map = spill.map().unwrap();
        spill.file.set_len(0).unwrap();
        assert!(spills.are_intact(), "nobody has looked");
        assert_eq!(map.bytes()[9000], 0);
        assert!(!spills.are_intact());
        drop(map);
        assert!(!spills.are_intact());
    }

    #[test]
    fn a_directory_that_takes_no_file_gives_none() {
        let nowhere = SpillOptions::in_directory("/proc/nowhere");
        assert!(Spills::new(Some(&nowhere)).begin().is_err());
        assert!(Spills::new(None).begin().is_err());
    }

    #[test]
    fn a_file_with_a_name_loses_it() {
        let name = format!("swathe-spill-{}", std::process::id());
        let directory = std::env::temp_dir().join(name);
        std::fs::create_dir(&directory).unwrap();
        let file = named_for_a_moment(&directory).unwrap();
        file.write_all_at(b"x", 0).unwrap();
        assert_eq!(std::fs::read_dir(&directory).unwrap().count(), 0);
        std::fs::remove_dir(&directory).unwrap();
    }
}
