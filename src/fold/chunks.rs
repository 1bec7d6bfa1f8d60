//! The chunks of a source, and what its first bytes decide.

use std::{
    collections::VecDeque,
    sync::atomic::{AtomicBool, Ordering},
};

use super::FoldOptions;
use crate::{
    chunk::{ChunkHandle, DEFAULT_CHUNK_SIZE, Feed, FeedOptions},
    error::{Error, Result},
    exec::Stop,
    format::Formats,
    source::Source,
    statistic::Head,
    time,
};

/// The chunks of a source; of a stream, those that were read for its head
/// come first.
pub(super) struct ChunkIter<'s> {
    feed: Feed<'s>,
    early: VecDeque<ChunkHandle<'s>>,
    /// Why it ended early.
    pub(super) error: Option<Error>,
    over: bool,
}

impl<'s> ChunkIter<'s> {
    pub(super) fn new(
        source: &'s Source,
        options: &FoldOptions,
        stop: &Stop,
    ) -> Result<ChunkIter<'s>> {
        let size = match options.chunk_size {
            0 => DEFAULT_CHUNK_SIZE,
            size => size,
        };
        let options = FeedOptions {
            size,
            record: match &options.head {
                Some(head) => head.record.clone(),
                None => options.record.clone(),
            },
            range: options.range.clone(),
            look_ahead: false,
        };
        Ok(ChunkIter {
            feed: Feed::new(source, options, stop)?,
            early: VecDeque::new(),
            error: None,
            over: false,
        })
    }

    /// What the first bytes decide; `seen` is shown those of a stream that pauses before
    /// all of them have come.
    pub(super) fn head(
        &mut self,
        source: &Source,
        (times, needs_times): (&time::Options, bool),
        formats: Option<&Formats>,
        seen: &dyn Fn(&[u8], Head),
    ) -> Result<Head> {
        let times = &times.of_source(source.name(), source.modified());
        if let Some(head) = Head::of_source(source, (times, needs_times), formats)? {
            return Ok(head);
        }
        let mut first = Vec::new();
        while first.len() < Head::BYTES
            && let Some(piece) = self.read()
        {
            let mut buffer = Vec::new();
            piece.fetch(&mut buffer)?;
            let bytes = piece.view(&buffer).bytes;
            first.extend_from_slice(&bytes[..bytes.len().min(Head::BYTES)]);
            if piece.pause && first.len() < Head::BYTES {
                seen(&first, Head::of_with(&first, times, formats));
            }
            self.early.push_back(piece);
        }
        let mut head = Head::of_with(&first, times, formats);
        if first.is_empty() && self.error.is_none() {
            // An empty file is read like a stream, since what the kernel makes
            // up has no size either.
            head.len = Some(0);
        }
        Ok(head)
    }

    pub(super) fn next(&mut self, ended: &AtomicBool) -> Option<ChunkHandle<'s>> {
        if ended.load(Ordering::Acquire) {
            return None;
        }
        self.early.pop_front().or_else(|| self.read())
    }

    /// Whether they ended before the source did, since they were to.
    pub(super) fn is_stopped(&self) -> bool {
        self.feed.is_stopped()
    }

    /// The next chunk; an error is kept, and nothing follows it.
    fn read(&mut self) -> Option<ChunkHandle<'s>> {
        if self.over {
            return None;
        }
        let piece = self.feed.next_piece().unwrap_or_else(|error| {
            self.error = Some(error);
            None
        });
        self.over = piece.is_none();
        piece
    }
}
