//! Chunks with their bytes, whatever the source is.

use std::ops::Range;

use super::{
    Chunk, ChunkPlan, Record,
    blocks::{BlockFeed, Made},
    border::file_border,
    handle::{Bytes, ChunkHandle},
    stream::StreamFeed,
};
use crate::{
    error::{Error, ErrorKind, Result},
    exec::Stop,
    source::{Readahead, Source},
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
    ahead: Readahead<'s>,
    kind: Kind<'s>,
    stop: Stop,
    /// It ended before its end, since it was to.
    stopped: bool,
}

#[derive(Debug)]
enum Kind<'s> {
    Slice(ChunkPlan<'s>),
    File { at: u64, end: u64, index: u64 },
    Stream(StreamFeed),
    Blocks(BlockFeed),
}

impl<'s> Feed<'s> {
    /// A feed of the chunks of `source`. Once `stop` is set it ends: of a stream
    /// with the last whole record that has come.
    ///
    /// # Errors
    /// When the source is a stream that was already read, or a file cannot be
    /// read around the ends of the range.
    pub fn new(source: &'s Source, options: FeedOptions, stop: &Stop) -> Result<Feed<'s>> {
        let len = source.len().unwrap_or(u64::MAX);
        let range = options.range.clone().unwrap_or(0..len);
        let ahead = Readahead::new(source, range.start..range.end.min(len));
        let kind = if let Some(bytes) = source.as_slice() {
            let record = options.record.clone();
            Kind::Slice(ChunkPlan::new(bytes, range, options.size, record))
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
            ahead,
            kind,
            stop: stop.clone(),
            stopped: false,
        })
    }

    /// Whether it ended before the source did, since it was to.
    pub fn is_stopped(&self) -> bool {
        match &self.kind {
            Kind::Slice(..) | Kind::File { .. } => self.stopped,
            Kind::Stream(stream) => stream.is_stopped(),
            Kind::Blocks(blocks) => blocks.is_stopped(),
        }
    }

    /// The next chunk; `None` when there is no more.
    ///
    /// # Errors
    /// When the source cannot be read.
    pub fn next_piece(&mut self) -> Result<Option<ChunkHandle<'s>>> {
        let (source, options) = (self.source, &self.options);
        match &mut self.kind {
            Kind::Slice(plan) => {
                self.ahead.come_to(plan.at());
                let Some(chunk) = plan.next() else {
                    return Ok(None);
                };
                if self.stop.is_set() {
                    self.stopped = true;
                    return Ok(None);
                }
                let all = source.as_slice().unwrap_or_default();
                let bytes = &all[chunk.start as usize..chunk.end as usize];
                let ahead = look_ahead(options, &chunk, all.len() as u64);
                let ahead = &all[chunk.end as usize..][..ahead];
                let bytes = Bytes::Slice(bytes, ahead);
                Ok(Some(ChunkHandle::new(chunk, false, source, bytes)))
            }
            Kind::File { at, end, index } => {
                if *at >= *end {
                    return Ok(None);
                }
                if self.stop.is_set() {
                    self.stopped = true;
                    return Ok(None);
                }
                let start = *at;
                self.ahead.come_to(start);
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
                Ok(Some(ChunkHandle::new(
                    chunk,
                    false,
                    source,
                    Bytes::File(ahead),
                )))
            }
            Kind::Stream(stream) => stream.next(source, options),
            Kind::Blocks(blocks) => match blocks.next(source, options)? {
                Made::ChunkHandle(piece) => Ok(piece),
                Made::Giant(mut stream) => {
                    let piece = stream.next(source, options);
                    self.kind = Kind::Stream(*stream);
                    piece
                }
            },
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Encoding, MapPolicy, SourceOptions, SpillOptions};

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
                let options = SourceOptions {
                    map: MapPolicy::Guarded,
                    ..SourceOptions::default()
                };
                let mapped = Source::open(&dir, &options).unwrap();
                assert!(
                    collect(&mapped, record, size, look_ahead) == slice,
                    "mapped, size {size}"
                );
                let stream = Source::from_reader("x", std::io::Cursor::new(text.to_vec()));
                assert!(
                    collect(&stream, record, size, look_ahead) == slice,
                    "stream, size {size}"
                );
                assert!(slice.1 == text);
                // However it comes, and wherever long lines go.
                for (step, above, directory) in [
                    (30, 0, std::env::temp_dir()),
                    (7000, 100, std::env::temp_dir()),
                    (30_000, 50_000, std::env::temp_dir()),
                    (7000, 100, "/proc/nowhere".into()),
                ] {
                    let spilled = trickle(text, step, SpillOptions { directory, above });
                    assert!(
                        collect(&spilled, record, size, look_ahead) == slice,
                        "stream, size {size}, {step} at a time, above {above}"
                    );
                }
            }
        }
        std::fs::remove_file(&dir).unwrap();
    }

    /// A stream that brings so many bytes at a time.
    fn trickle(text: &[u8], step: usize, spill: SpillOptions) -> Source {
        struct Trickle(std::io::Cursor<Vec<u8>>, usize);
        impl std::io::Read for Trickle {
            fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
                let room = buffer.len().min(self.1);
                self.0.read(&mut buffer[..room])
            }
        }
        let options = SourceOptions {
            spill: Some(spill),
            encoding: Encoding::Raw,
            ..SourceOptions::default()
        };
        let reader = Trickle(std::io::Cursor::new(text.to_vec()), step);
        Source::from_reader_with("x", reader, &options)
    }

    #[test]
    fn lines_that_are_too_long_are_cut_alike() {
        let mut text = Vec::new();
        for i in 0..300_usize {
            let long = if i.is_multiple_of(40) { 700 } else { 1 };
            text.extend_from_slice("x".repeat(i * long).as_bytes());
            text.push(b'\n');
        }
        text.extend(vec![b'y'; 200_000]);
        for record in [Record::default(), Record::auto(30_000), Record::Line(b'y')] {
            check(&text, &record, &[64, 4096, 70_000]);
        }
    }

    #[test]
    fn a_line_that_ends_with_something_else_may_hold_newlines() {
        let text = [b"ab\n".repeat(4000), b"\0ab\n\0".repeat(9000)].concat();
        check(&text, &Record::Line(0), &[1, 64, 3000, 70_000]);
    }
}
