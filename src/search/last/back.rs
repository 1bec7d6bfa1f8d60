//! From the end of a file backwards.

use std::ops::Range;

use crate::{
    chunk::{ChunkHandle, DEFAULT_CHUNK_SIZE, Feed, FeedOptions, Record},
    error::{Error, ErrorKind, Result},
    exec::{Commit, Executor, Flow, Stop, Turn},
    line::count_terminators,
    search::{
        begin::Begin,
        carry::ChunkCarry,
        job::Job,
        pick::{Past, Picker},
    },
};

/// How much is looked at first, and the most at a time.
const FIRST: u64 = 256 << 10;
const MOST: u64 = 256 << 20;

/// A chunk, and how many units are selected in it.
type Counted = (Range<u64>, u64);

/// Where the last `max` selected units are: how many there are, and where to
/// begin to print them.
pub(super) fn find(
    job: &Job<'_>,
    executor: &Executor,
    stop: &Stop,
    max: u64,
) -> Result<(u64, Begin)> {
    let back = Back::new(job, executor, stop);
    let len = back.len;
    let (mut end, mut size, mut found) = (len, FIRST, 0);
    let mut start = 0;
    while end > 0 && !stop.is_set() {
        let from = end - size.min(end);
        let chunks = back.count(from..end)?;
        let here: u64 = chunks.iter().map(|(_, count)| count).sum();
        if found + here >= max {
            start = back.locate(&chunks, max - found)?;
            found = max;
            break;
        }
        found += here;
        end = from;
        size = (size * 2).min(MOST);
    }
    let begin = Begin {
        range: Some(start..len),
        carry: ChunkCarry {
            visited: start,
            lines_before: if job.context.number && found > 0 {
                back.lines_in(0..start)?
            } else {
                0
            },
            in_time: back.in_time_before(start),
            ..ChunkCarry::default()
        },
        mapped: true,
        from: 0,
    };
    Ok((found, begin))
}

/// What is needed to look at parts of a source.
#[derive(Clone, Copy)]
pub(in crate::search) struct Back<'a, 's> {
    job: &'a Job<'s>,
    executor: &'a Executor,
    stop: &'a Stop,
    len: u64,
}

/// What comes before a place, found by looking back from it.
struct Behind<'a, 's> {
    back: Back<'a, 's>,
    at: u64,
}

impl<'a, 's> Back<'a, 's> {
    pub(in crate::search) fn new(
        job: &'a Job<'s>,
        executor: &'a Executor,
        stop: &'a Stop,
    ) -> Back<'a, 's> {
        Back {
            job,
            executor,
            stop,
            len: job.source.len().unwrap_or(0),
        }
    }

    /// Whether the last timestamp before a place lies in the range of time.
    pub(in crate::search) fn in_time_before(&self, at: u64) -> Option<bool> {
        self.past(at).in_time()
    }

    /// The last `count` units before a place where one begins, without those that
    /// begin before `floor`.
    pub(in crate::search) fn units_before(
        &self,
        at: u64,
        floor: u64,
        count: usize,
    ) -> Result<Vec<u8>> {
        if at <= floor || count == 0 {
            return Ok(Vec::new());
        }
        let mut size = 64 << 10;
        loop {
            let from = floor.max(at - at.min(size));
            let (mut bytes, start) = self.load(from..at)?;
            let first = self.job.context.units.last(&bytes, start, count);
            // The window may hold fewer than there are.
            if first > 0 || from == floor {
                bytes.drain(..first);
                return Ok(bytes);
            }
            size *= 2;
        }
    }

    fn past(self, at: u64) -> Behind<'a, 's> {
        Behind { back: self, at }
    }

    /// The units that begin in a part, cut into chunks of about a size.
    fn feed(&self, range: Range<u64>, size: u64) -> Result<Feed<'s>> {
        let record = match &self.job.options.record {
            Record::Line(_) => Record::Line(self.job.context.terminator),
            record @ Record::Lines(_) => record.clone(),
        };
        let options = FeedOptions {
            size,
            record,
            range: Some(range),
            look_ahead: false,
        };
        Feed::new(self.job.source, options, self.stop)
    }

    /// Runs something over the chunks of a part, on all threads.
    fn each<T: Send>(
        &self,
        range: Range<u64>,
        look: impl Fn(&mut Option<Picker>, &[u8], u64) -> T + Sync,
    ) -> Result<Vec<(Range<u64>, T)>> {
        let size = match self.job.options.chunk_size {
            0 => DEFAULT_CHUNK_SIZE,
            size => size,
        };
        let mut feed = self.feed(range, size)?;
        let mut failed = None;
        let claim = || match feed.next_piece() {
            Ok(piece) => piece,
            Err(error) => {
                failed = Some(error);
                None
            }
        };
        let scan = |worker: &mut Option<Picker>, piece: ChunkHandle<'s>, turn: Turn<'_, _, _>| {
            let mut buffer = Vec::new();
            let chunk = piece.chunk.start..piece.chunk.end;
            let looked = piece.fetch(&mut buffer).and_then(|()| {
                let looked = look(worker, piece.view(&buffer).bytes, chunk.start);
                if self.job.source.is_intact(chunk.end) {
                    return Ok(looked);
                }
                let at = chunk.start;
                Err(Error::new(ErrorKind::Unreadable { at }))
            });
            turn.deposit((chunk, looked));
        };
        let stop = self.stop.child();
        let worker = || Picker::new(self.job);
        let all = self
            .executor
            .run(&stop, claim, worker, scan, Collect(Vec::new()))?;
        if let Some(error) = failed {
            return Err(error);
        }
        let each = all.0.into_iter();
        each.map(|(chunk, looked)| looked.map(|looked| (chunk, looked)))
            .collect()
    }

    /// How many units are selected in each chunk of a part.
    fn count(&self, range: Range<u64>) -> Result<Vec<Counted>> {
        self.each(range, |picker, bytes, start| {
            let mut count = 0;
            if let Some(picker) = picker {
                picker.pick(self.job, (bytes, start), &self.past(start), |_| {
                    count += 1;
                    true
                });
            }
            count
        })
    }

    /// How many lines end in a part.
    pub(in crate::search) fn lines_in(&self, range: Range<u64>) -> Result<u64> {
        let terminator = self.job.context.terminator;
        let counts = self.each(range, |_, bytes, _| count_terminators(bytes, terminator))?;
        Ok(counts.into_iter().map(|(_, lines)| lines).sum())
    }

    /// Where to begin to print the last `wanted` units of these chunks.
    fn locate(&self, chunks: &[Counted], mut wanted: u64) -> Result<u64> {
        for (chunk, count) in chunks.iter().rev() {
            if *count < wanted {
                wanted -= count;
                continue;
            }
            let (bytes, start) = self.load(chunk.clone())?;
            let hits = self.picks(&bytes, start);
            let Some(at) = hits.len().checked_sub(wanted as usize) else {
                break;
            };
            return self.context(start + hits[at].start as u64);
        }
        // The file is another than it was.
        Ok(0)
    }

    /// Where the context before the selected unit at `at` begins.
    fn context(&self, at: u64) -> Result<u64> {
        let context = &self.job.context;
        if context.before == 0 {
            return Ok(at);
        }
        let mut size = 64 << 10;
        loop {
            let from = at - at.min(size);
            let (bytes, start) = self.load(from..at)?;
            let first = context.units.last(&bytes, start, context.before);
            // The window may hold fewer than there are.
            if first == 0 && from > 0 {
                size *= 2;
                continue;
            }
            let before = &bytes[first..];
            let hits = self.picks(before, start + first as u64);
            let behind = hits.last().map_or(0, |hit| hit.end);
            return Ok(start + (first + behind) as u64);
        }
    }

    /// The selected units of a part of the source that begins with one.
    fn picks(&self, bytes: &[u8], start: u64) -> Vec<Range<usize>> {
        let mut hits = Vec::new();
        if let Some(mut picker) = Picker::new(self.job) {
            picker.pick(self.job, (bytes, start), &self.past(start), |hit| {
                hits.push(hit.start..hit.end);
                true
            });
        }
        hits
    }

    /// The units that begin in a part, and where the first begins.
    fn load(&self, range: Range<u64>) -> Result<(Vec<u8>, u64)> {
        let end = range.end;
        let mut feed = self.feed(range, u64::MAX)?;
        let Some(piece) = feed.next_piece()? else {
            return Ok((Vec::new(), end));
        };
        let mut buffer = Vec::new();
        piece.fetch(&mut buffer)?;
        Ok((piece.view(&buffer).bytes.to_vec(), piece.chunk.start))
    }
}

impl Past for Behind<'_, '_> {
    fn lines(&self) -> Option<u64> {
        Some(0)
    }

    fn in_time(&self) -> Option<bool> {
        let mut picker = Picker::new(self.back.job)?;
        if !picker.has_time() {
            return None;
        }
        let (mut end, mut size) = (self.at.min(self.back.len), 64 << 10);
        while end > 0 {
            let from = end - end.min(size);
            // What cannot be read is met again by those who print it.
            let (bytes, start) = self.back.load(from..end).ok()?;
            let last = picker.last_in_time(self.back.job, (&bytes, start));
            if last.is_some() {
                return last;
            }
            (end, size) = (from, (size * 2).min(MOST));
        }
        None
    }
}

/// Keeps what comes, in order.
struct Collect<T>(Vec<T>);

impl<T> Commit<T> for Collect<T> {
    fn commit(&mut self, result: T) -> Flow {
        self.0.push(result);
        Flow::Continue
    }
}
