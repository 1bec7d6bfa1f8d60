//! Chunks of a stream.

use super::{
    Chunk, Record,
    blocks::nul_border,
    feed::{BLOCK, FeedOptions, look_ahead},
    handle::{Bytes, ChunkHandle},
};
use crate::{
    error::{Error, ErrorKind, Result},
    source::{Block, PAGE, Pool, Source, Spill, Spilled, Stream, unread},
};

/// How many bytes of a line that went to a file are read before they follow it.
const TAIL: usize = 1 << 20;

/// A line that cannot go to a file is held in memory up to this size.
const MOST_IN_MEMORY: u64 = 1 << 30;

/// How much room a buffer has at once, at most.
const MOST_ROOM: usize = 8 << 20;

/// Chunks of a stream: as large as the nominal size when bytes are plentiful,
/// whatever has come when they are not.
#[derive(Debug)]
pub(super) struct StreamFeed {
    stream: Stream,
    /// Buffers come back from chunks that were scanned: one that is new for each
    /// chunk costs more in page faults than all of the reading.
    pool: Pool,
    /// Read, but not handed out: what follows the last chunk.
    rest: Block,
    at: u64,
    index: u64,
    ended: bool,
    /// It ended because it was to.
    stopped: bool,
    /// Why it ended; told when all that came before is handed out.
    error: Option<Error>,
    /// Lines stay in memory: a temporary file was not to be had.
    in_memory: bool,
}

impl StreamFeed {
    pub(super) fn new(stream: Stream) -> StreamFeed {
        StreamFeed::behind(stream, Block::default(), (0, 0))
    }

    /// What follows the chunk that was handed out last by somebody else: the
    /// bytes that were read and not handed out, the offset of the first of them,
    /// and the number of the next chunk.
    pub(super) fn behind(stream: Stream, rest: Block, (at, index): (u64, u64)) -> StreamFeed {
        StreamFeed {
            stream,
            pool: Pool::default(),
            rest,
            at,
            index,
            ended: false,
            stopped: false,
            error: None,
            in_memory: false,
        }
    }

    /// Whether it ended before its end, since it was to.
    pub(super) fn is_stopped(&self) -> bool {
        self.stopped
    }

    pub(super) fn next<'s>(
        &mut self,
        source: &'s Source,
        options: &FeedOptions,
    ) -> Result<Option<ChunkHandle<'s>>> {
        let mut buffer = std::mem::take(&mut self.rest);
        if self.at == 0 && buffer.len() == 0 {
            buffer = self.put(options, &[]);
        }
        // Bytes before this one hold no border.
        let mut searched = 0;
        let cut = loop {
            if let Some(cut) = self.cut(options, buffer.bytes(), &mut searched) {
                break cut;
            }
            let looked_at = buffer.len() >= self.goal(options);
            if looked_at && buffer.len() > source.spills().above() && !self.in_memory {
                match self.spill(source, options, buffer, searched)? {
                    // Of a line that is not whole nothing is told.
                    Kept::Cut(_, Cut { len: 0, .. }) => return Ok(None),
                    Kept::Cut(spilled, cut) => {
                        let bytes = spilled.bytes();
                        let (chunk, ahead) = self.pass(options, bytes, cut.len);
                        let bytes = Bytes::Spilled(spilled, cut.len, ahead);
                        return Ok(Some(ChunkHandle::new(chunk, cut.pause, source, bytes)));
                    }
                    Kept::InMemory(bytes) => buffer = bytes,
                }
                continue;
            }
            let has_file = source.spills().above() < usize::MAX;
            if looked_at && has_file && buffer.len() as u64 > MOST_IN_MEMORY {
                return Err(too_long(source));
            }
            let goal = self.goal(options);
            self.fill(source, &mut buffer, goal);
        };
        if cut.len == 0 {
            return self.error.take().map_or(Ok(None), Err);
        }
        let (chunk, ahead) = self.pass(options, buffer.bytes(), cut.len);
        buffer.truncate(cut.len + ahead);
        let bytes = Bytes::Block(buffer, cut.len, None);
        Ok(Some(ChunkHandle::new(chunk, cut.pause, source, bytes)))
    }

    /// Where the bytes at hand are cut, if that is certain and none have to be
    /// waited for. `searched` is moved over what holds no border.
    fn cut(&self, options: &FeedOptions, buffer: &[u8], searched: &mut usize) -> Option<Cut> {
        let cut = |len, pause| Some(Cut { len, pause });
        if self.stopped {
            // What follows the last whole record is not told.
            let border = options.record.last_border(buffer, self.at);
            return cut(border.unwrap_or(0), false);
        }
        if buffer.len() >= self.goal(options) || self.ended {
            let nominal = (self.at / options.size + 1) * options.size - self.at;
            let from = (nominal as usize).max(*searched).max(1);
            if from < buffer.len()
                && let Some(border) = self.border_behind(&options.record, buffer, from)
            {
                return cut(border, false);
            }
            if let Some(border) = nul_border(options, &buffer[*searched..]) {
                return cut(*searched + border, false);
            }
            *searched = seen_lines(&options.record, buffer);
        }
        if self.ended {
            return cut(buffer.len(), false);
        }
        if buffer.is_empty() || self.stream.more_soon() {
            return None;
        }
        let from = if options.record.is_line() {
            *searched
        } else {
            0
        };
        let border = options.record.last_border(&buffer[from..], self.at)?;
        cut(from + border, true)
    }

    /// Goes past the first `len` bytes of what was read: the chunk they are, and
    /// how many of the bytes behind it are shown with it.
    fn pass(&mut self, options: &FeedOptions, read: &[u8], len: usize) -> (Chunk, usize) {
        let chunk = Chunk {
            index: self.index,
            start: self.at,
            end: self.at + len as u64,
            lines_before: None,
        };
        self.index += 1;
        self.at = chunk.end;
        self.rest = self.put(options, &read[len..]);
        let known = chunk.end + self.rest.len() as u64;
        let ahead = look_ahead(options, &chunk, known);
        (chunk, ahead)
    }

    /// These bytes, the next of the stream, in a buffer of their own, with room for
    /// those that follow.
    fn put(&self, options: &FeedOptions, bytes: &[u8]) -> Block {
        let room = self.goal(options).saturating_add(BLOCK as usize);
        let room = room.clamp(bytes.len(), bytes.len() + MOST_ROOM);
        // As far behind the start of a page as it is in the stream: a pipe has it
        // so where whole pages were written.
        let in_page = (self.at % PAGE as u64) as usize;
        let mut block = self.pool.block_for(room, in_page);
        block.room(bytes.len()).copy_from_slice(bytes);
        block.grow(bytes.len());
        block
    }

    /// Reads on into a temporary file until it is certain where to cut.
    ///
    /// # Errors
    /// When what was written cannot be had again.
    fn spill(
        &mut self,
        source: &Source,
        options: &FeedOptions,
        buffer: Block,
        mut searched: usize,
    ) -> Result<Kept> {
        let begun = source.spills().begin();
        let Some(mut spill) = begun
            .ok()
            .and_then(|mut spill| spill.append(buffer.bytes()).ok().map(|()| spill))
        else {
            self.in_memory = true;
            return Ok(Kept::InMemory(buffer));
        };
        drop(buffer);
        let mut tail = self.pool.block_for(TAIL, 0);
        loop {
            tail.truncate(0);
            while tail.len() < TAIL && !self.ended && !decides(options, tail.bytes()) {
                self.fill(source, &mut tail, TAIL);
            }
            if spill.append(tail.bytes()).is_err() {
                break;
            }
            if !self.ended && !decides(options, tail.bytes()) {
                // Nothing of this has to be looked at again.
                continue;
            }
            let Some(spilled) = spill.map() else {
                tail.truncate(0);
                break;
            };
            if let Some(cut) = self.cut(options, spilled.bytes(), &mut searched) {
                return Ok(Kept::Cut(spilled, cut));
            }
        }
        self.in_memory = true;
        if spill.len() > MOST_IN_MEMORY {
            return Err(too_long(source));
        }
        let mut bytes = in_memory(spill, source)?;
        bytes.append(tail.bytes());
        Ok(Kept::InMemory(bytes))
    }

    /// The first border at or after `from` that is certain, the slice's end
    /// included if it is one.
    fn border_behind(&self, record: &Record, buffer: &[u8], from: usize) -> Option<usize> {
        let certain = match record {
            Record::Lines(_) if !self.ended => &buffer[..seen_lines(record, buffer)],
            _ => buffer,
        };
        if from >= certain.len() && !record.is_line() {
            return None;
        }
        let next = record.next_start(certain, self.at, from);
        next.or_else(|| match record {
            Record::Line(terminator) => (buffer.last() == Some(terminator)).then_some(buffer.len()),
            Record::Lines(_) => None,
        })
    }

    /// How many bytes to have before cutting.
    fn goal(&self, options: &FeedOptions) -> usize {
        let nominal = (self.at / options.size + 1).saturating_mul(options.size);
        let nominal = if options.look_ahead {
            nominal.next_multiple_of(BLOCK)
        } else {
            nominal
        };
        usize::try_from(nominal - self.at).unwrap_or(usize::MAX)
    }

    /// Reads once, at least to where the goal is within reach.
    fn fill(&mut self, source: &Source, buffer: &mut Block, goal: usize) {
        // Room is zeroed when it is had for the first time: little for a stream
        // that may end at once.
        let most = (4 * buffer.len()).max(buffer.ready()).min(1 << 20);
        let room = goal.saturating_sub(buffer.len()).min(most);
        let room = buffer.room(room.max(BLOCK as usize));
        let got = self.stream.read(room);
        // What is unpacked is broken then, but by us.
        self.stopped = self.stream.is_stopped() && !matches!(got, Ok(1..));
        let got = got.unwrap_or_else(|error| {
            if self.stopped {
                return 0;
            }
            self.error = Some(Error::at(source.name(), unread(error)));
            0
        });
        buffer.grow(got);
        self.ended = got == 0;
    }
}

/// Where bytes are cut, and whether nothing follows for the moment.
#[derive(Clone, Copy)]
struct Cut {
    len: usize,
    pause: bool,
}

/// What became of bytes that were to go to a temporary file.
enum Kept {
    /// They are there, with a cut.
    Cut(Spilled, Cut),
    /// There is no file for them, and no cut yet.
    InMemory(Block),
}

/// Whether a cut may have become certain with these bytes: without a line end,
/// or a NUL byte where it is one, they are but more of the same line.
fn decides(options: &FeedOptions, bytes: &[u8]) -> bool {
    let terminator = match &options.record {
        Record::Line(terminator) => *terminator,
        Record::Lines(_) => b'\n',
    };
    memchr::memchr(terminator, bytes).is_some() || nul_border(options, bytes).is_some()
}

/// What a line is that there is no room for, in memory or in files.
fn too_long(source: &Source) -> Error {
    let why = format!(
        "a line of more than 1 GiB does not fit the directory for temporary files, {}, where some \
         room is left to others (results are of what comes before that line; set TMPDIR to a \
         directory with more room, or bound what is unpacked with --max-decompressed)",
        source.spills().place()
    );
    Error::at(source.name(), ErrorKind::Config(why))
}

fn in_memory(spill: Spill, source: &Source) -> Result<Block> {
    let bytes = spill.into_memory().map(Block::from);
    bytes.map_err(|error| Error::at(source.name(), unread(error)))
}

/// How many of the bytes have been looked at for good when they held no border.
fn seen_lines(record: &Record, buffer: &[u8]) -> usize {
    match record {
        Record::Line(_) => buffer.len(),
        // A line that goes on may yet start a record.
        Record::Lines(_) => memchr::memrchr(b'\n', buffer).map_or(0, |at| at + 1),
    }
}
