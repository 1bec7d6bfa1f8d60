//! Chunks with their bytes, whatever the source is.

use std::{ops::Range, sync::Arc};

use super::{
    Chunk, ChunkPlan, Record,
    blocks::{BlockFeed, nul_border},
    border::file_border,
    piece::{Bytes, Piece},
    way::Ways,
};
use crate::{
    error::{Error, ErrorKind, Result},
    exec::Stop,
    source::{Damaged, Source, Stream},
};

/// The unit on whose borders a NUL byte is judged in streamed input: the size
/// of ripgrep's buffer.
pub const BLOCK: u64 = 64 << 10;

/// How a [`Feed`] cuts a source.
#[derive(Clone, Debug)]
pub struct FeedOptions {
    /// The nominal size of a chunk in bytes, at least 1.
    pub size: u64,
    /// What a record is.
    pub record: Record,
    /// The part of the source whose records are wanted; all of it if `None`.
    /// A stream has no ranges and ignores it.
    pub range: Option<Range<u64>>,
    /// Whether each chunk shows the bytes that follow it up to the end of its
    /// last [`BLOCK`].
    pub look_ahead: bool,
}

/// Hands out the chunks of one source in order.
///
/// `next_piece` is called under the executor's claim lock: for a stream it blocks
/// until there is something to scan.
#[derive(Debug)]
pub struct Feed<'s> {
    source: &'s Source,
    options: FeedOptions,
    kind: Kind<'s>,
}

#[derive(Debug)]
enum Kind<'s> {
    Slice(ChunkPlan<'s>, Option<Arc<Ways>>),
    File { at: u64, end: u64, index: u64 },
    Stream(StreamFeed),
    Blocks(BlockFeed),
}

impl<'s> Feed<'s> {
    /// A feed of the chunks of `source`.
    ///
    /// # Errors
    /// When the source is a stream that was already read, or a file cannot be
    /// read around the ends of the range.
    pub fn new(source: &'s Source, options: FeedOptions, stop: &Stop) -> Result<Feed<'s>> {
        let len = source.len().unwrap_or(u64::MAX);
        let range = options.range.clone().unwrap_or(0..len);
        let kind = if let Some(bytes) = source.as_slice() {
            let many = range.end.min(len).saturating_sub(range.start);
            let ways = Ways::through(many, options.size).filter(|_| source.may_copy());
            let plan = ChunkPlan::new(bytes, range, options.size, options.record.clone());
            Kind::Slice(plan, ways)
        } else if source.len().is_some() {
            let at = file_border(source, &options.record, range.start.min(len), len)?;
            let end = file_border(source, &options.record, range.end.min(len), len)?;
            Kind::File { at, end, index: 0 }
        } else {
            let mut stream = source.take_stream().ok_or_else(|| {
                Error::at(
                    source.name(),
                    ErrorKind::Config("was read to its end already (name it once)".into()),
                )
            })?;
            stream.set_stop(stop.clone());
            let blocks = (options.size >= BlockFeed::LEAST).then(|| stream.take_blocks());
            match blocks.flatten() {
                Some(blocks) => Kind::Blocks(BlockFeed::new(blocks, stop.clone())),
                None => Kind::Stream(StreamFeed::new(stream)),
            }
        };
        Ok(Feed {
            source,
            options,
            kind,
        })
    }

    /// The next chunk; `None` when there is no more.
    ///
    /// # Errors
    /// When the source cannot be read.
    pub fn next_piece(&mut self) -> Result<Option<Piece<'s>>> {
        let (source, options) = (self.source, &self.options);
        match &mut self.kind {
            Kind::Slice(plan, ways) => {
                let Some(chunk) = plan.next() else {
                    return Ok(None);
                };
                let all = source.as_slice().unwrap_or_default();
                let bytes = &all[chunk.start as usize..chunk.end as usize];
                let ahead = look_ahead(options, &chunk, all.len() as u64);
                let ahead = &all[chunk.end as usize..][..ahead];
                Ok(Some(Piece::in_memory(
                    chunk,
                    source,
                    (bytes, ahead),
                    ways.as_ref(),
                )))
            }
            Kind::File { at, end, index } => {
                if *at >= *end {
                    return Ok(None);
                }
                let start = *at;
                let nominal = (start / options.size + 1).saturating_mul(options.size);
                *at = if nominal < *end {
                    file_border(source, &options.record, nominal, *end)?
                } else {
                    *end
                };
                let chunk = Chunk {
                    index: *index,
                    start,
                    end: *at,
                    lines_before: None,
                };
                *index += 1;
                let ahead = look_ahead(options, &chunk, source.len().unwrap_or(*end));
                Ok(Some(Piece::new(chunk, false, source, Bytes::File(ahead))))
            }
            Kind::Stream(stream) => stream.next(source, options),
            Kind::Blocks(blocks) => blocks.next(source, options),
        }
    }
}

/// How many bytes follow the chunk in its last block.
pub(super) fn look_ahead(options: &FeedOptions, chunk: &Chunk, len: u64) -> usize {
    if !options.look_ahead {
        return 0;
    }
    (chunk.end.next_multiple_of(BLOCK).min(len) - chunk.end) as usize
}

/// Chunks of a stream: as large as the nominal size when bytes are plentiful,
/// whatever has come when they are not.
#[derive(Debug)]
struct StreamFeed {
    stream: Stream,
    /// Read, but not handed out: what follows the last chunk.
    rest: Vec<u8>,
    at: u64,
    index: u64,
    ended: bool,
    /// Why it ended; told when all that came before is handed out.
    error: Option<Error>,
}

impl StreamFeed {
    fn new(stream: Stream) -> StreamFeed {
        StreamFeed {
            stream,
            rest: Vec::new(),
            at: 0,
            index: 0,
            ended: false,
            error: None,
        }
    }

    fn next<'s>(&mut self, source: &'s Source, options: &FeedOptions) -> Result<Option<Piece<'s>>> {
        let mut buffer = std::mem::take(&mut self.rest);
        // Bytes before this one hold no border.
        let mut searched = 0;
        let (len, pause) = loop {
            let goal = self.goal(options);
            if buffer.len() >= goal || self.ended {
                let nominal = (self.at / options.size + 1) * options.size - self.at;
                let from = (nominal as usize).max(searched).max(1);
                if from < buffer.len()
                    && let Some(border) = self.border_behind(&options.record, &buffer, from)
                {
                    break (border, false);
                }
                if let Some(border) = nul_border(options, &buffer[searched..]) {
                    break (searched + border, false);
                }
                searched = seen_lines(&options.record, &buffer);
            }
            if self.ended {
                break (buffer.len(), false);
            }
            if !buffer.is_empty()
                && !self.stream.more_soon()
                && let Some(border) = options.record.last_border(&buffer, self.at)
            {
                break (border, true);
            }
            self.fill(source, &mut buffer, goal);
        };
        if len == 0 {
            return self.error.take().map_or(Ok(None), Err);
        }
        let chunk = Chunk {
            index: self.index,
            start: self.at,
            end: self.at + len as u64,
            lines_before: None,
        };
        self.index += 1;
        self.at = chunk.end;
        self.rest = buffer[len..].to_vec();
        let known = chunk.end + self.rest.len() as u64;
        buffer.truncate(len + look_ahead(options, &chunk, known));
        let bytes = Bytes::Owned(buffer, len);
        Ok(Some(Piece::new(chunk, pause, source, bytes)))
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
        next.or_else(|| {
            let end = memchr::memrchr(b'\n', certain).map(|at| at + 1);
            end.filter(|&end| record.is_line() && end == buffer.len() && end >= from)
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
    fn fill(&mut self, source: &Source, buffer: &mut Vec<u8>, goal: usize) {
        let have = buffer.len();
        let room = goal.saturating_sub(have).clamp(BLOCK as usize, 1 << 20);
        buffer.resize(have + room, 0);
        let got = self.stream.read(&mut buffer[have..]);
        let got = got.unwrap_or_else(|error| {
            self.error = Some(Error::at(source.name(), unread(error)));
            0
        });
        buffer.truncate(have + got);
        self.ended = got == 0;
    }
}

/// Why a stream could not be read on.
pub(super) fn unread(error: std::io::Error) -> ErrorKind {
    match error.downcast::<Damaged>() {
        Ok(damaged) => ErrorKind::Damaged(damaged.to_string()),
        Err(error) => ErrorKind::Io(error),
    }
}

/// How many of the bytes have been looked at for good when they held no border.
fn seen_lines(record: &Record, buffer: &[u8]) -> usize {
    match record {
        Record::Line(_) => buffer.len(),
        // A line that goes on may yet start a record.
        Record::Lines(_) => memchr::memrchr(b'\n', buffer).map_or(0, |at| at + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{MapPolicy, SourceOptions};

    fn collect(
        source: &Source,
        record: &Record,
        size: u64,
        look_ahead: bool,
    ) -> (Vec<(u64, u64)>, Vec<u8>) {
        let options = FeedOptions {
            size,
            record: record.clone(),
            range: None,
            look_ahead,
        };
        let mut feed = Feed::new(source, options, &Stop::new()).unwrap();
        let (mut borders, mut all, mut buffer) = (vec![], vec![], vec![]);
        while let Some(piece) = feed.next_piece().unwrap() {
            borders.push((piece.chunk.start, piece.chunk.end));
            piece.fetch(&mut buffer).unwrap();
            let loaded = piece.view(&buffer);
            assert_eq!(loaded.bytes.len() as u64, piece.chunk.len());
            all.extend_from_slice(loaded.bytes);
            piece.scanned();
        }
        (borders, all)
    }

    #[test]
    fn every_kind_of_source_is_cut_alike() {
        let mut text = Vec::new();
        for i in 0..20_000 {
            text.extend_from_slice("x".repeat(i * 7 % 90).as_bytes());
            text.push(b'\n');
        }
        text.extend_from_slice(b"no end");
        check(
            &text,
            &Record::default(),
            &[1, 64, 4096, 10_000, 70_000, 1 << 20],
        );
    }

    #[test]
    fn records_of_many_lines_are_cut_alike_everywhere() {
        let mut text = b"before all\n".to_vec();
        for i in 0_usize..4000 {
            if i.is_multiple_of(7) && !(1000..3000).contains(&i) {
                text.extend_from_slice(b"2026-11-23 14:30:05 ");
            }
            text.extend_from_slice("x".repeat(i * 7 % 90).as_bytes());
            text.push(b'\n');
        }
        for max in [100, 5000, 40_000, Record::MAX] {
            check(&text, &Record::auto(max), &[1, 64, 4096, 70_000, 1 << 20]);
        }
    }

    fn check(text: &[u8], record: &Record, sizes: &[u64]) {
        static FILES: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
        let file = FILES.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let name = format!("swathe-feed-{}-{file}", std::process::id());
        let dir = std::env::temp_dir().join(name);
        std::fs::write(&dir, text).unwrap();
        for &size in sizes {
            for look_ahead in [false, true] {
                let slice = collect(
                    &Source::from_bytes("x", text.to_vec()),
                    record,
                    size,
                    look_ahead,
                );
                let file = Source::open(&dir, &SourceOptions::default()).unwrap();
                assert!(
                    collect(&file, record, size, look_ahead) == slice,
                    "file, size {size}"
                );
                for map in [MapPolicy::Guarded, MapPolicy::Auto] {
                    let options = SourceOptions {
                        map,
                        ..SourceOptions::default()
                    };
                    let mapped = Source::open(&dir, &options).unwrap();
                    assert!(
                        collect(&mapped, record, size, look_ahead) == slice,
                        "{map:?}, size {size}"
                    );
                }
                let stream = Source::from_reader("x", std::io::Cursor::new(text.to_vec()));
                assert!(
                    collect(&stream, record, size, look_ahead) == slice,
                    "stream, size {size}"
                );
                assert!(slice.1 == text);
            }
        }
        std::fs::remove_file(&dir).unwrap();
    }
}
