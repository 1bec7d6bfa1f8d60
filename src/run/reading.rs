//! How inputs are read, and which of them one thread may read ahead of their turn.

use memchr::memchr;

use super::{Input, Looks};
use crate::{
    chunk::{DEFAULT_CHUNK_SIZE, Feed, FeedOptions, Record},
    error::{Error, ErrorKind, Result},
    exec::Stop,
    source::{Archive, NotSmall, Opened, Seen, Source, SourceOptions},
};

/// Files up to this size are read into a buffer, larger ones opened.
const READ_WHOLE: u64 = 1 << 20;

/// So much of a file decides whether it is binary.
const HEAD: usize = 64 << 10;

/// How inputs are read.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    /// How many threads read; 0 is one.
    pub threads: usize,
    /// The nominal size of a chunk in bytes. Default: what is best.
    pub chunk_size: u64,
    /// How a source is opened.
    pub source: SourceOptions,
    /// Whether members of archives are inputs of their own.
    pub archives: bool,
    /// Whether binary files that a walk found are read.
    pub binary: bool,
    /// What was seen of inputs before they are read.
    pub looks: Looks,
}

/// What there is of an input ahead of its turn.
#[derive(Debug)]
pub enum Early {
    /// All of it, read into the buffer that was given.
    Whole(Source),
    /// It is open.
    Open(Source),
    /// It is to be read in its turn, by all threads.
    InTurn,
    /// It cannot be opened.
    Failed(Error),
}

impl Reading {
    /// On all cores, packed files unpacked, members of archives as files of their own.
    pub fn on_all_cores() -> Reading {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Reading {
            threads: cores,
            archives: true,
            binary: true,
            source: SourceOptions {
                unpack_threads: cores,
                find_utf16: true,
                ..SourceOptions::default()
            },
            ..Reading::default()
        }
    }

    /// Files of this size are read by all threads: each should have some chunks to do,
    /// but no file be so large that one thread is left alone with it for long.
    pub(super) fn large(&self) -> u64 {
        let chunk = match self.chunk_size {
            0 => DEFAULT_CHUNK_SIZE,
            size => size,
        };
        chunk.saturating_mul((2 * self.threads as u64).clamp(4, 32))
    }

    /// Opens an input if one thread may read it; `alone` if there is no other. A small file
    /// is read into the `buffer`, which is then empty. `seen` says what it was when it was
    /// looked at before; it is asked only if the input is not left for its turn at once, since
    /// whoever asks is the one who reads.
    pub fn open_early(
        &self,
        input: &Input,
        seen: impl FnOnce() -> Result<Option<Seen>>,
        alone: bool,
        buffer: &mut Vec<u8>,
    ) -> Early {
        let path = match input {
            Input::Found(path) => path,
            // To open a pipe that was named and close it again is not to be undone.
            Input::Path(path) if path.is_file() => path,
            Input::Path(_) | Input::Stdin => return Early::InTurn,
        };
        match seen() {
            Ok(None) => {}
            Ok(Some(seen)) if alone || seen.size() >= self.large() => return Early::InTurn,
            Ok(Some(seen)) => return self.open_whole(input, Some(&seen)),
            Err(error) => return Early::Failed(error),
        }
        let max = READ_WHOLE.min(self.large() - 1);
        match Source::small(path, &self.source, max, std::mem::take(buffer)) {
            Ok(source) => {
                let bytes = source.as_slice().unwrap_or_default();
                if self.archives && Archive::begins(bytes) {
                    *buffer = source.into_buffer();
                    return Early::InTurn;
                }
                Early::Whole(source)
            }
            Err(NotSmall { buffer: own, size }) => {
                *buffer = own;
                // What is packed is more than it seems, and where there is no other
                // nobody has anything else to do.
                if alone || size.is_none_or(|size| size >= self.large()) {
                    return Early::InTurn;
                }
                self.open_whole(input, None)
            }
        }
    }

    /// Opens it as a source. What is packed may be an archive, which is read in its turn.
    fn open_whole(&self, input: &Input, seen: Option<&Seen>) -> Early {
        match input.open_as(&self.source, self.archives, seen, &Stop::new()) {
            Ok(Opened::Source(source)) => Early::Open(source),
            Ok(Opened::Archive(_)) => Early::InTurn,
            Err(error) => Early::Failed(error),
        }
    }

    /// Whether a file that a walk found is to be left out as binary.
    ///
    /// # Errors
    /// When its first bytes cannot be read, or those of a packed one, which is opened once
    /// more for it, are no longer what they were.
    pub fn leaves_out(&self, input: &Input, source: &Source) -> Result<bool> {
        if self.binary || !input.is_found() {
            return Ok(false);
        }
        let nul = |bytes: &[u8]| memchr(0, &bytes[..bytes.len().min(HEAD)]).is_some();
        if let Some(bytes) = source.as_slice() {
            let found = nul(bytes);
            if found && !source.is_intact(HEAD as u64) {
                // What a file has lost reads as zeros in its map.
                source.verify_published(0)?;
            }
            return Ok(found);
        }
        if let Some(len) = source.len() {
            let mut head = vec![0; HEAD.min(usize::try_from(len).unwrap_or(HEAD))];
            source.read_at(&mut head, 0)?;
            return Ok(nul(&head));
        }
        let Some(seen) = source.seen() else {
            // A stream that cannot be had again: it is as if nobody had looked.
            return Ok(nul(&source.head(HEAD, &Stop::new())?));
        };
        let again = input.open(&self.source, Some(&seen))?;
        let cut = FeedOptions {
            size: HEAD as u64,
            record: Record::default(),
            range: None,
            look_ahead: false,
        };
        let first = Feed::new(&again, cut, &Stop::new())?.next_piece();
        let first = first.and_then(|piece| {
            let Some(piece) = piece else { return Ok(false) };
            let mut buffer = Vec::new();
            piece.fetch(&mut buffer)?;
            Ok(nul(piece.view(&buffer).bytes))
        });
        match first {
            // It is met again, and said, when all of it is read.
            Err(error) if matches!(error.kind(), ErrorKind::Damaged(_)) => Ok(false),
            first => first,
        }
    }
}
