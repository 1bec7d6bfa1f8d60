//! Chunks of what is unpacked, without copying it.
//!
//! A block of unpacked bytes ends anywhere. The chunk that is made of it ends
//! with its last record; what is left goes before the bytes of the next block,
//! where there is room for it. So chunks are about as large as blocks, not
//! exactly as large as was asked for.

use super::{
    Chunk, Record,
    feed::{BLOCK, FeedOptions, look_ahead},
    handle::{Bytes, ChunkHandle},
    stream::StreamFeed,
};
use crate::{
    error::{Error, Result},
    exec::Stop,
    source::{Block, Blocks, HEADROOM, Helper, Source, Stream, unread},
};

/// Where bytes without a line end may be cut if NUL bytes end lines, which is
/// so where blocks are judged by them: a file of zeros is no line of its length.
pub(super) fn nul_border(options: &FeedOptions, bytes: &[u8]) -> Option<usize> {
    let cuts = options.look_ahead && options.record.is_line();
    let last = || memchr::memrchr(0, bytes).map(|at| at + 1);
    cuts.then(last).flatten()
}

/// Makes chunks of blocks.
#[derive(Debug)]
pub(super) struct BlockFeed {
    /// `None` once they are read as a stream.
    blocks: Option<Blocks>,
    helper: Option<Helper>,
    /// What follows the last chunk.
    rest: Block,
    /// This much of it holds no border.
    searched: usize,
    at: u64,
    index: u64,
    ended: bool,
    /// It ended because it was to.
    stopped: bool,
    /// Why it ended; told when all that came before is handed out.
    error: Option<Error>,
    stop: Stop,
}

/// What comes next.
pub(super) enum Made<'s> {
    /// A chunk, or the end.
    ChunkHandle(Option<ChunkHandle<'s>>),
    /// A line is too long to be held in memory: from here on the blocks are
    /// read like any stream, which knows what to do about it.
    Giant(Box<StreamFeed>),
}

impl BlockFeed {
    /// Whoever wants smaller chunks than this must have them copied.
    pub(super) const LEAST: u64 = 512 << 10;

    pub(super) fn new(blocks: Blocks, stop: Stop) -> BlockFeed {
        BlockFeed {
            helper: blocks.helper(),
            blocks: Some(blocks),
            rest: Block::default(),
            searched: 0,
            at: 0,
            index: 0,
            ended: false,
            stopped: false,
            error: None,
            stop,
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
    ) -> Result<Made<'s>> {
        loop {
            if self.ended {
                let rest = std::mem::take(&mut self.rest);
                let len = if self.stopped {
                    // What follows the last whole record is not told.
                    let border = options.record.last_border(rest.bytes(), self.at);
                    border.unwrap_or(0)
                } else {
                    rest.len()
                };
                if len > 0 {
                    let piece = self.piece(rest, len, source, options);
                    return Ok(Made::ChunkHandle(Some(piece)));
                }
                return self.error.take().map_or(Ok(Made::ChunkHandle(None)), Err);
            }
            let Some(block) = self.fill(source) else {
                continue;
            };
            let Some(border) = self.border(&block, options) else {
                self.rest = block;
                if self.rest.len() > source.spills().above()
                    && let Some(stream) = self.take_stream()
                {
                    return Ok(Made::Giant(Box::new(stream)));
                }
                continue;
            };
            // Copied, since the block goes with the chunk.
            self.rest = Block::from(block.bytes()[border..].to_vec());
            self.searched = 0;
            let piece = self.piece(block, border, source, options);
            return Ok(Made::ChunkHandle(Some(piece)));
        }
    }

    /// What was not handed out yet, as a stream.
    fn take_stream(&mut self) -> Option<StreamFeed> {
        let mut stream = Stream::of_blocks(self.blocks.take()?);
        stream.set_stop(self.stop.clone());
        let rest = std::mem::take(&mut self.rest);
        let next = (self.at, self.index);
        Some(StreamFeed::behind(stream, rest, next))
    }

    /// The rest and the next block behind it; `None` if there is none.
    fn fill(&mut self, source: &Source) -> Option<Block> {
        let next = if self.stop.is_set() {
            Ok(None)
        } else {
            self.blocks.as_mut().map_or(Ok(None), Blocks::next)
        };
        // What is unpacked is broken then, but by us.
        self.stopped = self.stop.is_set() && !matches!(next, Ok(Some(_)));
        let next = next.unwrap_or_else(|error| {
            if self.stopped {
                return None;
            }
            self.error = Some(Error::at(source.name(), unread(error)));
            None
        });
        let Some(mut block) = next else {
            self.ended = true;
            return None;
        };
        let mut rest = std::mem::take(&mut self.rest);
        if rest.len() > HEADROOM {
            rest.append(block.bytes());
            return Some(rest);
        }
        block.prepend(rest.bytes());
        Some(block)
    }

    /// The last certain border in bytes whose blocks are all there.
    fn border(&mut self, block: &Block, options: &FeedOptions) -> Option<usize> {
        let mut bytes = block.bytes();
        if options.look_ahead {
            let end = (self.at + bytes.len() as u64) / BLOCK * BLOCK;
            bytes = &bytes[..end.saturating_sub(self.at) as usize];
        }
        let from = match &options.record {
            Record::Line(_) => self.searched.min(bytes.len()),
            Record::Lines(_) => 0,
        };
        self.searched = bytes.len();
        let border = options.record.last_border(&bytes[from..], self.at);
        border
            .or_else(|| nul_border(options, &bytes[from..]))
            .map(|border| from + border)
    }

    /// The chunk of the first `len` bytes.
    fn piece<'s>(
        &mut self,
        mut block: Block,
        len: usize,
        source: &'s Source,
        options: &FeedOptions,
    ) -> ChunkHandle<'s> {
        let chunk = Chunk {
            index: self.index,
            start: self.at,
            end: self.at + len as u64,
            lines_before: None,
        };
        self.index += 1;
        let known = self.at + block.len() as u64;
        self.at = chunk.end;
        block.truncate(len + look_ahead(options, &chunk, known));
        let bytes = Bytes::Block(block, len, self.helper.clone());
        ChunkHandle::new(chunk, false, source, bytes)
    }
}
