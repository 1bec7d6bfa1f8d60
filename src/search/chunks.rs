//! The chunks of a source, and what its first bytes decide.

use std::{collections::VecDeque, ops::Range};

use memchr::memchr;

use super::{Search, compiled::Filter, job::Job, nul_bytes::Rule};
use crate::{
    chunk::{ChunkHandle, DEFAULT_CHUNK_SIZE, Feed, FeedOptions, Record},
    error::{Error, Result},
    exec::Stop,
    source::Source,
    statistic::Head,
    time,
};

/// The chunks of a source; of a stream, those that were read for its head
/// come first.
pub(super) struct ChunkIter<'s> {
    feed: Feed<'s>,
    early: VecDeque<ChunkHandle<'s>>,
    /// What ended the source while its head was read; told after what came
    /// before.
    error: Option<Error>,
}

impl<'s> ChunkIter<'s> {
    /// All chunks, or those of a part of the source.
    pub(super) fn new(
        job: &Job<'s>,
        stop: &Stop,
        range: Option<Range<u64>>,
    ) -> Result<ChunkIter<'s>> {
        let record = match &job.options.record {
            Record::Line(_) => Record::Line(job.context.terminator),
            record @ Record::Lines(_) => record.clone(),
        };
        let options = FeedOptions {
            size: match job.options.chunk_size {
                0 => DEFAULT_CHUNK_SIZE,
                size => size,
            },
            record,
            range,
            look_ahead: matches!(job.rule, Rule::Streamed | Rule::Leave),
        };
        Ok(ChunkIter {
            feed: Feed::new(job.source, options, stop)?,
            early: VecDeque::new(),
            error: None,
        })
    }

    pub(super) fn next(&mut self) -> Result<Option<ChunkHandle<'s>>> {
        match self.early.pop_front() {
            Some(piece) => Ok(Some(piece)),
            None => match self.error.take() {
                Some(error) => Err(error),
                None => self.feed.next_piece(),
            },
        }
    }

    /// Whether they ended before the source did, since they were to.
    pub(super) fn is_stopped(&self) -> bool {
        self.feed.is_stopped()
    }

    /// What the source's first bytes decide, for a search that must know it.
    pub(super) fn head(&mut self, search: &Search, source: &Source) -> Result<Head> {
        let mut head = Head::default();
        if let Some(filter) = &search.filter {
            let times = filter.times.of_source(source.name(), source.modified());
            head = self.look(source, &times, filter)?;
            head.name = source.name().as_os_str().as_encoded_bytes().to_vec();
            filter.selector.prepare(&head)?;
        }
        head.record = search.options.record.clone();
        Ok(head)
    }

    /// Looks at the first bytes, the same ones however they come. Of a stream, the first
    /// line is enough unless how timestamps are written or what records look like matters; for that, as many are waited
    /// for as decide it of a file.
    fn look(&mut self, source: &Source, times: &time::Options, filter: &Filter) -> Result<Head> {
        let needs_times = filter.selector.needs_times();
        let needs_format = filter.selector.needs_format();
        let waits = needs_times || needs_format;
        let formats = needs_format.then_some(&filter.formats);
        if let Some(head) = Head::of_source(source, (times, needs_times), formats)? {
            return Ok(head);
        }
        let mut first = Vec::new();
        while first.len() < Head::BYTES {
            let piece = match self.feed.next_piece() {
                Ok(Some(piece)) => piece,
                Ok(None) => break,
                Err(error) => {
                    self.error = Some(error);
                    break;
                }
            };
            let mut buffer = Vec::new();
            piece.fetch(&mut buffer)?;
            let bytes = piece.view(&buffer).bytes;
            first.extend_from_slice(&bytes[..bytes.len().min(Head::BYTES)]);
            self.early.push_back(piece);
            if !waits && memchr(b'\n', &first).is_some() {
                break;
            }
        }
        let head = Head::of_with(&first, times, formats);
        Ok(Head {
            // Nothing that depends on how much had come.
            time: head.time.filter(|_| needs_times),
            ..head
        })
    }
}
