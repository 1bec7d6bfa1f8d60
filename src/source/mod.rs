//! What is read: an opened, named whole.
//!
//! A [`Source`] is a regular file in memory through a map, a regular file read
//! by position, bytes the caller has, or a stream that comes as it comes
//! (pipes, standard input, decoded text). Which one it is never changes an
//! answer.
//!
//! A file is a snapshot of the size it had when it was opened. Whether it
//! stayed that file is asked before each chunk is published
//! ([`Source::is_intact`]) and once more at the end
//! ([`Source::verify_published`]).
//!
//! Mapped is only what cannot surprise: a regular file of known size on a
//! file system of this machine. Files made up by the kernel (`/proc`) and
//! files of size 0 are read as streams, those on the network by position.

mod archive;
mod block;
mod decode;
mod fingerprint;
#[cfg(all(target_os = "linux", not(miri)))]
mod guard;
mod input;
mod intact;
mod interruptible;
#[cfg_attr(not(all(target_os = "linux", not(miri))), path = "no_map.rs")]
mod map;
mod open;
mod options;
mod page;
mod page_releaser;
mod pipe;
mod place;
mod readahead;
mod resident;
mod seen;
mod small;
mod spill;
mod stream;
#[cfg(test)]
mod tests;
mod torn;
mod unpack;
mod utf16;
mod watch;
mod written_out;

pub use archive::{Archive, Opened};
pub(crate) use block::{Block, HEADROOM, Pool};
pub use fingerprint::{Change, FileFingerprint};
pub(crate) use input::opened;
pub use input::{Input, total_len};
pub use options::{Encoding, MapPolicy, SourceOptions};
pub(crate) use page::{PAGE, begins};
pub use page_releaser::PageReleaser;
pub use pipe::widen_pipe;
pub(crate) use readahead::Readahead;
pub use seen::Seen;
pub use small::NotSmall;
pub use spill::SpillOptions;
pub(crate) use spill::{Spill, Spilled};
pub use stream::Stream;
pub(crate) use unpack::{Blocks, Helper};
pub use utf16::utf16_without_mark;
pub use watch::Verdict;

use std::{
    fs::File,
    io::{self, Read, Seek, SeekFrom},
    ops::Range,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use crate::{
    error::{Error, ErrorKind, Result},
    exec::Stop,
};
use decode::Plan;
use map::GuardedMap;
use open::Opened as Found;
use place::Place;
use spill::Spills;
use stream::Span;
use unpack::{Damaged, Open, Packing, skippable};
use watch::Watch;

/// Packed files of fewer bytes are unpacked by the thread that reads them: to
/// start another takes as long.
const SMALL: u64 = 64 << 10;

/// An opened, named whole of bytes.
#[derive(Debug)]
pub struct Source {
    name: PathBuf,
    content: Content,
    /// The file below, and where in it the source begins.
    watch: Option<Arc<Watch>>,
    base: u64,
    /// Where the text begins in what is stored: behind a byte order mark.
    at: u64,
    decoded: bool,
    spills: Spills,
}

#[derive(Debug)]
enum Content {
    Map(GuardedMap),
    Bytes(Block),
    /// What `watch` holds, read by position.
    File,
    Stream(Box<Mutex<Option<Stream>>>),
}

impl Source {
    /// Opens the file of this name.
    ///
    /// Besides regular files, a FIFO is read as a stream once it has a writer,
    /// and so is what `/dev/stdin` and `/dev/fd/N` stand for. `/dev/null` is
    /// empty.
    ///
    /// # Errors
    /// When it cannot be opened ([`ErrorKind::Io`]), is a directory
    /// ([`ErrorKind::Directory`]), a device or a socket
    /// ([`ErrorKind::Special`]), or a FIFO nobody writes to within a second
    /// ([`ErrorKind::NoWriter`]).
    pub fn open(path: impl AsRef<Path>, options: &SourceOptions) -> Result<Source> {
        let path = path.as_ref();
        open::path(path)
            .and_then(|opened| Source::new(path, opened, options, None))
            .map_err(|kind| Error::at(path, kind))
    }

    /// Standard input, under the name `<stdin>`.
    ///
    /// A regular file that was redirected is read like one opened by name,
    /// from the offset of the descriptor on; the offset is moved to the end at
    /// once. Anything else is a stream. What Rust's own buffer of standard
    /// input holds already is not seen.
    ///
    /// # Errors
    /// When it is closed ([`ErrorKind::Closed`]), a directory
    /// ([`ErrorKind::Directory`]) or cannot be examined.
    pub fn stdin(options: &SourceOptions) -> Result<Source> {
        let name = Path::new("<stdin>");
        open::stdin()
            .and_then(|opened| Source::inherited(name, opened, options, None))
            .map_err(|kind| Error::at(name, kind))
    }

    /// Bytes the caller has, under a name.
    pub fn from_bytes(name: impl Into<PathBuf>, bytes: impl Into<Vec<u8>>) -> Source {
        Source::with(name.into(), Content::Bytes(Block::from(bytes.into())))
    }

    /// What a reader gives, under a name, as it is.
    pub fn from_reader(name: impl Into<PathBuf>, reader: impl Read + Send + 'static) -> Source {
        Source::from_stream(name, Stream::new(reader))
    }

    /// What a reader gives, under a name, decoded as the options say.
    pub fn from_reader_with(
        name: impl Into<PathBuf>,
        reader: impl Read + Send + 'static,
        options: &SourceOptions,
    ) -> Source {
        Source::from_stream_with(name, Stream::new(reader), options)
    }

    fn from_stream_with(
        name: impl Into<PathBuf>,
        stream: Stream,
        options: &SourceOptions,
    ) -> Source {
        let mut source = Source::from_stream(name, stream.decoded(options));
        source.decoded = matches!(options.encoding, Encoding::Named(_));
        source.spills = Spills::new(options.spill.as_ref());
        source
    }

    fn from_stream(name: impl Into<PathBuf>, stream: Stream) -> Source {
        Source::with(
            name.into(),
            Content::Stream(Box::new(Mutex::new(Some(stream)))),
        )
    }

    fn with(name: PathBuf, content: Content) -> Source {
        Source {
            name,
            content,
            watch: None,
            base: 0,
            at: 0,
            decoded: false,
            spills: Spills::default(),
        }
    }

    fn new(
        name: &Path,
        opened: Found,
        options: &SourceOptions,
        seen: Option<&Seen>,
    ) -> Result<Source, ErrorKind> {
        match opened {
            Found::Regular { file, at } => {
                let (watch, at) = match seen {
                    Some(seen) => (seen.watch(file)?, seen.at()),
                    None => (Watch::new(file).map_err(ErrorKind::Io)?, at),
                };
                Source::regular(name, watch, at, options).map_err(ErrorKind::Io)
            }
            _ if seen.is_some() => Err(ErrorKind::Replaced),
            Found::Stream { file, head } => Ok(Source::descriptor(name, file, head, options)),
            Found::Empty => Ok(Source::from_bytes(name, [])),
        }
    }

    /// As [`new`](Source::new), for a descriptor whose offset is shared.
    fn inherited(
        name: &Path,
        opened: Found,
        options: &SourceOptions,
        seen: Option<&Seen>,
    ) -> Result<Source, ErrorKind> {
        let source = Source::new(name, opened, options, seen)?;
        if let Some(watch) = &source.watch {
            (&watch.file)
                .seek(SeekFrom::Start(watch.opened.size.max(source.base)))
                .map_err(ErrorKind::Io)?;
        }
        Ok(source)
    }

    fn descriptor(name: &Path, file: File, head: Vec<u8>, options: &SourceOptions) -> Source {
        let mut stream = Stream::of_descriptor(file, head).decoded(options);
        stream.set_stop(options.stop.clone());
        let mut source = Source::from_stream(name, stream);
        source.decoded = matches!(options.encoding, Encoding::Named(_));
        source.spills = Spills::new(options.spill.as_ref());
        source
    }

    fn regular(
        name: &Path,
        mut watch: Watch,
        at: u64,
        options: &SourceOptions,
    ) -> io::Result<Source> {
        let place = Place::of(&watch.file);
        if options.give_back {
            watch.leave_no_trace();
        }
        let size = watch.opened.size;
        if size == 0 || place == Place::Pseudo {
            return Ok(Source::descriptor(name, watch.file, Vec::new(), options));
        }
        let mut head = [0; unpack::LONGEST_MARK];
        let left = usize::try_from(size.saturating_sub(at)).unwrap_or(usize::MAX);
        let head = &mut head[..left.min(unpack::LONGEST_MARK)];
        let got = watch.read_at(head, at)?;
        if let Some(packing) = options.packing(&head[..got], got == left, Some(name)) {
            let packing = behind_skippable(&watch, at, packing)?;
            return Source::packed(name, Arc::new(watch), at, packing, options);
        }
        let found = if options.looks_for_utf16(&head[..got]) {
            let mut first = vec![0; left.min(utf16::HEAD)];
            let got = watch.read_at(&mut first, at)?;
            utf16_without_mark(&first[..got])
        } else {
            None
        };
        let found = found.map(|encoding| options.encoded(encoding));
        let options = found.as_ref().unwrap_or(options);
        let head = &head[..got.min(decode::HEAD)];
        let plan = Plan::new(head, head.len() < decode::HEAD, options);
        let base = match plan {
            Some(Plan::Skip(mark)) => at + mark as u64,
            _ => at,
        };
        let watch = Arc::new(watch);
        let content = if plan == Some(Plan::Decode) {
            let span = Span {
                watch: watch.clone(),
                at,
            };
            let stream = Stream::new(span).decoded(options);
            Content::Stream(Box::new(Mutex::new(Some(stream))))
        } else if base >= size {
            Content::Bytes(Block::default())
        } else if options.map != MapPolicy::Never
            && place == Place::Local
            && let Some(map) = GuardedMap::new(&watch.file, size)
        {
            Content::Map(map)
        } else {
            Content::File
        };
        Ok(Source {
            name: name.to_path_buf(),
            content,
            watch: Some(watch),
            base,
            at,
            decoded: plan != Some(Plan::Keep),
            spills: Spills::new(options.spill.as_ref()),
        })
    }

    /// A regular file that is unpacked as it is read.
    fn packed(
        name: &Path,
        watch: Arc<Watch>,
        at: u64,
        packing: Packing,
        options: &SourceOptions,
    ) -> io::Result<Source> {
        let small = watch.opened.size - at < SMALL;
        let open: Open = Box::new({
            let watch = watch.clone();
            move |from| {
                let watch = watch.clone();
                let at = at + from;
                Box::new(Span { watch, at })
            }
        });
        let blocks = Blocks::new(packing, open, options.unpack_threads.max(1), small)?;
        let blocks = blocks.bounded(options.bound());
        let stream = Stream::of_blocks(blocks).decoded(&options.unpacked());
        Ok(Source {
            watch: Some(watch),
            base: at,
            at,
            decoded: true,
            spills: Spills::new(options.spill.as_ref()),
            ..Source::from_stream(name, stream)
        })
    }

    /// The name it was opened under.
    pub fn name(&self) -> &Path {
        &self.name
    }

    /// Its length in bytes; `None` for a stream.
    ///
    /// That of a file is the one it had when it was opened.
    pub fn len(&self) -> Option<u64> {
        match &self.content {
            Content::Bytes(block) => Some(block.len() as u64),
            Content::Map(_) | Content::File => self
                .watch
                .as_ref()
                .map(|watch| watch.opened.size.saturating_sub(self.base)),
            Content::Stream(_) => None,
        }
    }

    /// True if it is known to hold no byte.
    pub fn is_empty(&self) -> bool {
        self.len() == Some(0)
    }

    /// All its bytes, where they are in memory.
    ///
    /// Bytes of a map are only what the file held if [`is_intact`](Source::is_intact)
    /// says so *after* they were looked at.
    pub fn as_slice(&self) -> Option<&[u8]> {
        match &self.content {
            Content::Map(map) => usize::try_from(self.base)
                .ok()
                .and_then(|base| map.bytes().get(base..)),
            Content::Bytes(block) => Some(block.bytes()),
            Content::File | Content::Stream(_) => None,
        }
    }

    /// How far from the start of a page of its file a byte is.
    pub(crate) fn in_page(&self, offset: u64) -> usize {
        ((self.base + offset) % PAGE as u64) as usize
    }

    /// True if what is read is not byte for byte what is stored: text that is
    /// decoded, or a byte order mark that was dropped.
    ///
    /// What a pipe brings is only known when it is read; until then this says
    /// false unless an encoding was named.
    pub fn is_decoded(&self) -> bool {
        self.decoded
    }

    /// Device and inode of the file it is read from; two sources with the
    /// same pair are the same file. `None` for what is no regular file.
    pub fn identity(&self) -> Option<(u64, u64)> {
        self.watch.as_ref().map(|watch| watch.opened.identity)
    }

    /// When the file it is read from was last written, in seconds since 1970.
    /// `None` for what is no regular file.
    pub fn modified(&self) -> Option<i64> {
        self.watch.as_ref().map(|watch| watch.opened.modified.0)
    }

    /// When it was last written to, in seconds since 1970, with the nanoseconds of that second, as far as the file system
    /// tells them.
    pub fn modified_exactly(&self) -> Option<(i64, i64)> {
        self.watch.as_ref().map(|watch| watch.opened.modified)
    }

    /// Fills `buffer` with the bytes from `offset` on; for sources that have a
    /// length.
    ///
    /// # Errors
    /// When reading fails ([`ErrorKind::Io`], or [`ErrorKind::Unreadable`] if
    /// it is the disk that fails), or the file has become too short
    /// ([`ErrorKind::Shrank`]). What these say is intact is what comes before
    /// the bytes asked for; who used less of it asks
    /// [`verify_published`](Source::verify_published).
    pub fn read_at(&self, buffer: &mut [u8], offset: u64) -> Result<()> {
        let (Content::File | Content::Map(_), Some(watch)) = (&self.content, &self.watch) else {
            return self.copy_at(buffer, offset);
        };
        let at = offset + self.base;
        let fail = |kind| Err(Error::at(&self.name, kind));
        match watch.read_at(buffer, at) {
            Ok(got) if got == buffer.len() => Ok(()),
            Ok(got) => {
                watch.ends_at(at + got as u64);
                let to = watch.smallest();
                fail(ErrorKind::Shrank {
                    from: watch.opened.size,
                    to,
                    intact: offset.min(to.saturating_sub(self.base)),
                })
            }
            Err(e) if e.raw_os_error() == Some(libc::EIO) => {
                fail(ErrorKind::Unreadable { at: offset })
            }
            Err(e) => fail(ErrorKind::Io(e)),
        }
    }

    fn copy_at(&self, buffer: &mut [u8], offset: u64) -> Result<()> {
        let bytes = self.as_slice().unwrap_or_default();
        let from = usize::try_from(offset).unwrap_or(usize::MAX);
        let Some(bytes) = bytes.get(from..).and_then(|b| b.get(..buffer.len())) else {
            let error = io::Error::from(io::ErrorKind::UnexpectedEof);
            return Err(Error::at(&self.name, ErrorKind::Io(error)));
        };
        buffer.copy_from_slice(bytes);
        Ok(())
    }

    /// The first bytes, `enough` of them or all there are; perhaps some more.
    /// Those of a stream are kept for whoever reads it: it is as if nobody had
    /// looked. Once `stop` is set, no more are waited for.
    ///
    /// # Errors
    /// When they cannot be read. Whoever reads the stream meets that too.
    pub fn head(&self, enough: usize, stop: &Stop) -> Result<Vec<u8>> {
        match self.head_up_to(enough, stop) {
            (head, None) => Ok(head),
            (_, Some(error)) => Err(error),
        }
    }

    /// The first bytes, at least so many unless there are fewer; or what comes before the
    /// byte that cannot be read, and why it cannot.
    pub(crate) fn head_up_to(&self, enough: usize, stop: &Stop) -> (Vec<u8>, Option<Error>) {
        let Content::Stream(stream) = &self.content else {
            let len = usize::try_from(self.len().unwrap_or(0)).unwrap_or(usize::MAX);
            let mut head = vec![0; len.min(enough)];
            return match self.read_at(&mut head, 0) {
                Ok(()) => (head, None),
                Err(error) => (Vec::new(), Some(error)),
            };
        };
        let mut stream = stream.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(stream) = stream.as_mut() else {
            return (Vec::new(), None);
        };
        stream.set_stop(stop.clone());
        let (head, failed) = stream.look(enough);
        let failed = failed.map(|error| Error::at(&self.name, unread(error)));
        (head, failed)
    }

    /// The stream, for sources that are one; `None` the second time.
    pub(crate) fn take_stream(&self) -> Option<Stream> {
        match &self.content {
            Content::Stream(stream) => stream.lock().unwrap_or_else(PoisonError::into_inner).take(),
            _ => None,
        }
    }

    /// Where lines go that are too long for memory.
    pub(crate) fn spills(&self) -> &Spills {
        &self.spills
    }

    /// Says that these bytes will not be looked at again soon.
    ///
    /// Pages leave the page table while other threads go on; otherwise the end
    /// of the map takes out all of them at once, on one thread: a fifth of the
    /// time of a fast search. Say it for some MB at a time, since every call
    /// interrupts the other cores (512 KiB at a time costs more than it saves).
    pub(crate) fn release(&self, range: Range<u64>) {
        if let Content::Map(map) = &self.content {
            let at = |offset: u64| usize::try_from(offset + self.base).unwrap_or(usize::MAX);
            map.release(at(range.start)..at(range.end));
        }
        if let (Content::Map(_) | Content::File, Some(watch)) = (&self.content, &self.watch) {
            watch.give_back(range.start + self.base..range.end + self.base);
        }
    }
}

/// Why a stream could not be read on.
pub(crate) fn unread(error: io::Error) -> ErrorKind {
    match error.downcast::<Damaged>() {
        Ok(damaged) => ErrorKind::Damaged(damaged.to_string()),
        Err(error) => ErrorKind::Io(error),
    }
}

/// What data is packed with that begins at this byte, frames that decoders skip and
/// that say nothing of it left out.
fn behind_skippable(watch: &Watch, at: u64, packing: Packing) -> io::Result<Packing> {
    /// Of more than these it is found out when they are gone past.
    const MOST: usize = 100;
    let mut at = at;
    for _ in 0..MOST {
        let mut header = [0; skippable::HEADER];
        let got = watch.read_at(&mut header, at)?;
        match skippable::len(&header[..got]) {
            Some(len) => at += len,
            None => return Ok(Packing::of(&header[..got], None).unwrap_or(packing)),
        }
    }
    Ok(packing)
}

/// What stored bytes that begin like this are packed with (`gzip`, `zstd`, ...),
/// if they are; `name` decides where the format has no mark of its own.
pub fn packed_with(first: &[u8], name: &Path) -> Option<&'static str> {
    Packing::of(first, Some(name)).map(Packing::name)
}
