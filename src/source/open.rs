//! From a name to something that can be read.

use std::{
    fs::{File, FileType, OpenOptions},
    io::{self, Read, Seek},
    os::{
        fd::AsFd,
        unix::fs::{FileTypeExt, MetadataExt, OpenOptionsExt},
    },
    path::Path,
    time::{Duration, Instant},
};

use rustix::fs::OFlags;

use super::{interruptible, pipe::widen_pipe};
use crate::error::ErrorKind;

/// How long a FIFO is given to find somebody who writes to it.
const WRITER: Duration = Duration::from_secs(1);

/// What a name or a descriptor turned out to be.
#[derive(Debug)]
pub(super) enum Opened {
    /// A regular file, to be read from this offset on.
    Regular { file: File, at: u64 },
    /// Something that brings bytes as they come; these have come already.
    Stream { file: File, head: Vec<u8> },
    /// Known to hold nothing.
    Empty,
}

/// Opens the file of this name without ever waiting for it, except for the
/// second a FIFO is given.
pub(super) fn path(path: &Path) -> Result<Opened, ErrorKind> {
    // Without O_NONBLOCK, opening a FIFO waits for a writer, perhaps for ever.
    let file = OpenOptions::new()
        .read(true)
        .custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY)
        .open(path)
        .map_err(|e| refused(path, e))?;
    let meta = file.metadata().map_err(ErrorKind::Io)?;
    let kind = meta.file_type();
    if kind.is_file() {
        return Ok(Opened::Regular { file, at: 0 });
    }
    if kind.is_dir() {
        return Err(ErrorKind::Directory);
    }
    if kind.is_fifo() {
        let head = first_bytes(&file)?;
        return Ok(Opened::Stream { file, head });
    }
    if kind.is_char_device() && is_null(path, meta.rdev()) {
        return Ok(Opened::Empty);
    }
    if kind.is_char_device() && is_own_descriptor(path) {
        return Ok(Opened::Stream {
            file,
            head: Vec::new(),
        });
    }
    Err(special(kind))
}

/// What standard input is. Unlike a file that is opened by name, whatever can
/// be read is read: a terminal, a socket.
pub(super) fn stdin() -> Result<Opened, ErrorKind> {
    let stdin = io::stdin();
    let flags = rustix::fs::fcntl_getfl(&stdin).map_err(|error| closed(error.into()))?;
    if flags.intersection(OFlags::RWMODE) == OFlags::WRONLY {
        return Err(ErrorKind::Closed);
    }
    widen_pipe(&stdin);
    let fd = stdin.as_fd().try_clone_to_owned().map_err(closed)?;
    descriptor(File::from(fd))
}

/// What an open descriptor is.
///
/// A regular file is read from the descriptor's offset on, which is moved to
/// the end as if it had been read: what reads there next continues behind it.
pub(super) fn descriptor(file: File) -> Result<Opened, ErrorKind> {
    let meta = file.metadata().map_err(ErrorKind::Io)?;
    let kind = meta.file_type();
    if kind.is_dir() {
        return Err(ErrorKind::Directory);
    }
    if !kind.is_file() {
        return Ok(Opened::Stream {
            file,
            head: Vec::new(),
        });
    }
    let at = (&file).stream_position().map_err(ErrorKind::Io)?;
    // A descriptor that was opened for writing only gives itself away here.
    io::Read::read(&mut &file, &mut []).map_err(closed)?;
    Ok(Opened::Regular { file, at })
}

fn closed(error: io::Error) -> ErrorKind {
    if error.raw_os_error() == Some(libc::EBADF) {
        ErrorKind::Closed
    } else {
        ErrorKind::Io(error)
    }
}

/// Why a name could not be opened.
fn refused(path: &Path, error: io::Error) -> ErrorKind {
    // What opening a socket, or a device without a driver, gives.
    if error.raw_os_error() == Some(libc::ENXIO)
        && let Ok(meta) = path.metadata()
    {
        return special(meta.file_type());
    }
    ErrorKind::Io(error)
}

fn special(kind: FileType) -> ErrorKind {
    ErrorKind::Special(if kind.is_socket() {
        "a socket"
    } else if kind.is_block_device() {
        "a block device"
    } else if kind.is_char_device() {
        "a character device"
    } else {
        "of an unknown kind"
    })
}

/// Whether this is the device that is always empty.
#[cfg(target_os = "linux")]
fn is_null(_path: &Path, rdev: u64) -> bool {
    (rustix::fs::major(rdev), rustix::fs::minor(rdev)) == (1, 3)
}

/// Whether this is the device that is always empty.
#[cfg(not(target_os = "linux"))]
fn is_null(path: &Path, _rdev: u64) -> bool {
    path == Path::new("/dev/null")
}

/// Whether the name stands for a descriptor of this process: who writes
/// `/dev/stdin` means what is there, a terminal too.
fn is_own_descriptor(path: &Path) -> bool {
    path == Path::new("/dev/stdin")
        || path.starts_with("/dev/fd")
        || path.starts_with("/proc/self/fd")
}

/// Waits until a FIFO has somebody who writes to it, and returns what came
/// meanwhile.
fn first_bytes(mut file: &File) -> Result<Vec<u8>, ErrorKind> {
    let begin = Instant::now();
    let mut head = vec![0; 4096];
    let mut left = false;
    loop {
        match file.read(&mut head) {
            Ok(0) => {}
            Ok(got) => {
                head.truncate(got);
                return Ok(head);
            }
            Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
            // A writer is there, and silent so far.
            Err(e) if e.kind() == io::ErrorKind::WouldBlock => return Ok(Vec::new()),
            Err(e) => return Err(ErrorKind::Io(e)),
        }
        // A writer was there and left without a word: an empty input.
        if left {
            return Ok(Vec::new());
        }
        if begin.elapsed() >= WRITER {
            return Err(ErrorKind::NoWriter);
        }
        // Woken by bytes and by a writer that leaves, not by one that comes:
        // hence the short wait.
        left = interruptible::wait(file, Duration::from_millis(20)).map_err(ErrorKind::Io)?;
    }
}

#[cfg(test)]
mod tests {
    use std::{
        fs,
        io::Write,
        os::{fd::AsRawFd, unix::net::UnixListener},
        path::PathBuf,
    };

    use super::*;

    /// A directory of this test's own.
    fn scratch(name: &str) -> PathBuf {
        let dir = std::env::temp_dir().join(format!("swathe-open-{name}-{}", std::process::id()));
        fs::create_dir_all(&dir).unwrap();
        dir
    }

    fn fifo(name: &str) -> PathBuf {
        let path = scratch(name).join("fifo");
        let _ = fs::remove_file(&path);
        let mode = rustix::fs::Mode::from_raw_mode(0o600);
        rustix::fs::mknodat(rustix::fs::CWD, &path, rustix::fs::FileType::Fifo, mode, 0).unwrap();
        path
    }

    fn all(opened: Opened) -> Vec<u8> {
        let Opened::Stream { file, mut head } = opened else {
            panic!("not a stream: {opened:?}");
        };
        interruptible::TapReader(interruptible::InterruptibleReader::new(file).into())
            .read_to_end(&mut head)
            .unwrap();
        head
    }

    #[test]
    fn what_is_no_file_is_said_to_be_what_it_is() {
        let dir = scratch("kinds");
        assert!(matches!(path(&dir), Err(ErrorKind::Directory)));
        let missing = path(&dir.join("missing")).unwrap_err();
        assert!(matches!(&missing, ErrorKind::Io(e) if e.kind() == io::ErrorKind::NotFound));

        let socket = dir.join("socket");
        let _ = fs::remove_file(&socket);
        let _listener = UnixListener::bind(&socket).unwrap();
        assert!(matches!(path(&socket), Err(ErrorKind::Special("a socket"))));

        let zero = path(Path::new("/dev/zero"));
        assert!(matches!(
            zero,
            Err(ErrorKind::Special("a character device"))
        ));
        assert!(matches!(path(Path::new("/dev/null")), Ok(Opened::Empty)));
        fs::remove_dir_all(dir).unwrap();
    }

    #[test]
    fn a_fifo_without_a_writer_is_given_up() {
        let path = fifo("none");
        assert!(matches!(super::path(&path), Err(ErrorKind::NoWriter)));
        fs::remove_dir_all(path.parent().unwrap()).unwrap();
    }

    #[test]
    fn a_fifo_brings_what_its_writer_writes() {
        for text in ["", "a\n", &"0123456789\n".repeat(100_000)] {
            let path = fifo("writer");
            let writer = std::thread::spawn({
                let (path, text) = (path.clone(), text.to_string());
                // Waits for the reader.
                move || fs::write(path, text).unwrap()
            });
            let got = all(super::path(&path).unwrap());
            assert!(got == text.as_bytes(), "{} bytes", text.len());
            writer.join().unwrap();
            fs::remove_dir_all(path.parent().unwrap()).unwrap();
        }
    }

    #[test]
    fn a_writer_that_is_silent_at_first_is_one() {
        let path = fifo("silent");
        let (opened, wait) = std::sync::mpsc::channel();
        let writer = std::thread::spawn({
            let path = path.clone();
            move || {
                let mut file = OpenOptions::new().write(true).open(path).unwrap();
                wait.recv().unwrap();
                file.write_all(b"late\n").unwrap();
            }
        });
        let stream = super::path(&path).unwrap();
        opened.send(()).unwrap();
        assert_eq!(all(stream), b"late\n");
        writer.join().unwrap();
        fs::remove_dir_all(path.parent().unwrap()).unwrap();
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_descriptor_by_name_is_a_stream() {
        for text in ["", "by name\n"] {
            let (reader, mut writer) = io::pipe().unwrap();
            writer.write_all(text.as_bytes()).unwrap();
            drop(writer);
            let name = format!("/dev/fd/{}", reader.as_raw_fd());
            assert_eq!(all(path(Path::new(&name)).unwrap()), text.as_bytes());
        }
    }

    #[test]
    fn an_inherited_file_begins_at_its_offset() {
        let dir = scratch("inherited");
        let file = dir.join("file");
        fs::write(&file, "0123456789").unwrap();
        let mut open = File::open(&file).unwrap();
        open.read_exact(&mut [0; 4]).unwrap();
        let opened = descriptor(open).unwrap();
        assert!(matches!(opened, Opened::Regular { at: 4, .. }));

        let write_only = OpenOptions::new().write(true).open(&file).unwrap();
        assert!(matches!(descriptor(write_only), Err(ErrorKind::Closed)));
        let directory = File::open(&dir).unwrap();
        assert!(matches!(descriptor(directory), Err(ErrorKind::Directory)));
        fs::remove_dir_all(dir).unwrap();
    }
}
