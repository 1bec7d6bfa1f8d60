//! The last selected lines of a source that is read once.

use std::{
    collections::VecDeque,
    io,
    sync::{Mutex, PoisonError},
    time::Instant,
};

use memchr::memchr;

use crate::{
    chunk::{BLOCK, ChunkHandle, Record},
    error::{Error, Result},
    exec::{Commit, Executor, Flow, PrefixSum, Stop, Turn},
    line::{Lines, count_lines, count_terminators},
    print::{End, Line, LinePrinter},
    search::{
        Outcome, Run, Stats,
        carry::ChunkCarry,
        chunks::ChunkIter,
        job::Job,
        nul_bytes::Rule,
        pick::{Hit, Picker, Shared},
    },
};

/// The last selected units, and what may be printed around them. Its memory is
/// bounded by how many they are and by how long.
#[derive(Debug, Default)]
pub(super) struct Ring {
    entries: VecDeque<Entry>,
    searched: u64,
    pub(super) cut: u64,
    /// The first NUL byte of the first block, which makes the source binary.
    nul: Option<u64>,
    failure: Option<Error>,
}

/// A selected unit with its context.
#[derive(Debug)]
struct Entry {
    /// The number of its first line, if lines are numbered.
    number: Option<u64>,
    offset: u64,
    /// The units directly before it that are not selected.
    before: Vec<u8>,
    text: Vec<u8>,
    /// The units behind it, up to the next that is selected.
    after: Vec<u8>,
}

/// A chunk that was looked at.
struct Looked<'s> {
    piece: ChunkHandle<'s>,
    buffer: Vec<u8>,
    /// The last selected units, one more than are wanted.
    hits: VecDeque<Hit>,
    /// Where the first one begins.
    first: Option<usize>,
    lines: u64,
    in_time: Option<bool>,
    cut: u64,
    failure: Option<Error>,
}

/// Takes in chunks in order.
struct Collector<'r, 's> {
    job: &'r Job<'s>,
    max: usize,
    ring: Ring,
    carry: ChunkCarry,
}

/// Reads a source to its end.
pub(super) fn collect<'s>(
    job: &Job<'s>,
    mut pieces: ChunkIter<'s>,
    executor: &Executor,
    stop: &Stop,
    max: u64,
) -> Result<Ring> {
    // An interrupt ends the pieces: what was read up to then is looked at still.
    let enough = stop.apart();
    let shared = Shared {
        lines: PrefixSum::new(0, executor.window(), enough.clone()),
        in_time: PrefixSum::new(None, executor.window(), enough.clone()),
    };
    let failed = Mutex::new(None);
    let claim = || match pieces.next() {
        Ok(piece) => piece,
        Err(error) => {
            *failed.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
            None
        }
    };
    let max = usize::try_from(max).unwrap_or(usize::MAX - 1);
    let scan = |picker: &mut Option<Picker>, piece: ChunkHandle<'s>, turn: Turn<'_, _, _>| {
        let past = (turn.index(), &shared);
        turn.deposit(look(job, picker, piece, past, max));
    };
    let collector = Collector {
        job,
        max,
        ring: Ring::default(),
        carry: ChunkCarry::default(),
    };
    let mut ring = executor
        .run(&enough, claim, || Picker::new(job), scan, collector)?
        .ring;
    let failed = failed.into_inner().unwrap_or_else(PoisonError::into_inner);
    ring.failure = ring.failure.or(failed);
    if ring.failure.is_none() {
        ring.failure = job.source.verify_published(ring.searched).err();
    }
    Ok(ring)
}

fn look<'s>(
    job: &Job<'_>,
    picker: &mut Option<Picker>,
    piece: ChunkHandle<'s>,
    (index, shared): (u64, &Shared),
    max: usize,
) -> Looked<'s> {
    let mut looked = Looked {
        buffer: Vec::new(),
        hits: VecDeque::new(),
        first: None,
        lines: 0,
        in_time: None,
        cut: 0,
        failure: None,
        piece,
    };
    let mut buffer = Vec::new();
    looked.failure = looked.piece.fetch(&mut buffer).err();
    if looked.failure.is_some() {
        return looked;
    }
    let (bytes, start) = (looked.piece.view(&buffer).bytes, looked.piece.chunk.start);
    if job.counts_lines {
        looked.lines = count_terminators(bytes, job.context.terminator);
        shared.lines.publish(index, looked.lines);
    }
    if let Some(picker) = picker {
        looked.in_time = picker.last_in_time(job, (bytes, start));
        shared.in_time.publish(index, looked.in_time);
        if let Record::Lines(record) = &job.options.record {
            looked.cut = record.forced_in(bytes, start);
        }
        let (hits, first) = (&mut looked.hits, &mut looked.first);
        picker.pick(job, (bytes, start), &(index, shared), |hit| {
            first.get_or_insert(hit.start);
            if hits.len() > max {
                hits.pop_front();
            }
            hits.push_back(hit);
            true
        });
    }
    looked.buffer = buffer;
    looked
}

impl<'s> Commit<Looked<'s>> for Collector<'_, 's> {
    fn commit(&mut self, looked: Looked<'s>) -> Flow {
        let end = looked.piece.chunk.end;
        if let Some(error) = looked.failure {
            self.ring.failure = Some(error);
            return Flow::Stop;
        }
        if !self.job.source.is_intact(end) {
            return Flow::Stop;
        }
        let (bytes, start) = (
            looked.piece.view(&looked.buffer).bytes,
            looked.piece.chunk.start,
        );
        if start < BLOCK && self.job.rule != Rule::Text && self.ring.nul.is_none() {
            let head = &bytes[..bytes.len().min((BLOCK - start) as usize)];
            self.ring.nul = memchr(0, head).map(|at| start + at as u64);
        }
        self.follow(bytes, start, looked.first.unwrap_or(bytes.len()));
        let mut visited = 0;
        for (place, hit) in looked.hits.iter().enumerate() {
            let next = looked.hits.get(place + 1);
            let next = next.map_or(bytes.len(), |next| next.start);
            if place > 0 || looked.hits.len() <= self.max {
                self.keep(bytes, start, hit, visited, next);
            }
            visited = hit.end;
        }
        self.carry.pass((bytes, start), visited, &self.job.context);
        self.carry.lines_before += looked.lines;
        self.ring.cut += looked.cut;
        self.ring.searched = end;
        Flow::Continue
    }
}

impl Collector<'_, '_> {
    /// Gives the last unit the context that is due to it.
    fn follow(&mut self, bytes: &[u8], start: u64, upto: usize) {
        if let Some(entry) = self.ring.entries.back_mut() {
            let mut at = 0;
            while self.carry.after_left > 0 && at < upto {
                at = self.job.context.units.end(bytes, start, at);
                self.carry.after_left -= 1;
            }
            entry.after.extend_from_slice(&bytes[..at]);
        }
    }

    /// Keeps a selected unit; all before `visited` belongs to one before it.
    fn keep(&mut self, bytes: &[u8], start: u64, hit: &Hit, visited: usize, next: usize) {
        let job = self.job;
        let context = &job.context;
        let mut before = Vec::new();
        if context.before > 0 {
            if visited == 0 {
                before.append(&mut self.carry.history);
            }
            before.extend_from_slice(&bytes[visited..hit.start]);
            let base = start + hit.start as u64 - before.len() as u64;
            let surplus = context.units.last(&before, base, context.before);
            before.drain(..surplus);
        }
        let number = self.carry.lines_before + hit.line + 1;
        self.ring.entries.push_back(Entry {
            number: context.number.then_some(number),
            offset: start + hit.start as u64,
            before,
            text: bytes[hit.start..hit.end].to_vec(),
            after: Vec::new(),
        });
        if self.ring.entries.len() > self.max {
            self.ring.entries.pop_front();
        }
        self.carry.after_left = context.after;
        let base = start + hit.end as u64;
        self.follow(&bytes[hit.end..], base, next - hit.end);
    }
}

impl Ring {
    pub(super) fn found(&self) -> u64 {
        self.entries.len() as u64
    }

    /// Whether the first block makes the source binary.
    pub(super) fn is_binary(&self) -> bool {
        self.nul.is_some()
    }

    /// Forgets what was found: the source is left out.
    pub(super) fn forget(&mut self) {
        self.entries.clear();
        self.nul = None;
        self.searched = 0;
    }

    /// Prints what was kept.
    pub(super) fn print(self, job: &Job<'_>, run: &mut Run<'_>) -> Result<Outcome> {
        let started = Instant::now();
        let mut out = Vec::new();
        let mut rows = Rows {
            job,
            printer: job.printer(),
            ever_written: Some(run.written),
            visited: None,
            matched: 0,
            nul: self.nul,
        };
        for entry in &self.entries {
            let go_on = rows.entry(entry, &mut out)?;
            if out.len() > 256 << 10 {
                run.out.write_all(&out)?;
                out.clear();
            }
            if !go_on {
                break;
            }
        }
        let mut stats = Stats {
            searches: 1,
            searches_with_match: u64::from(rows.matched > 0),
            bytes_searched: self.searched,
            bytes_printed: rows.printer.take_printed(),
            matched_lines: rows.matched,
            matches: rows.printer.take_matches(),
        };
        let matched = rows.matched > 0;
        if matched && job.prints_lines() {
            let end = End {
                binary_offset: rows.nul,
                left: false,
                has_match: matched,
                elapsed: started.elapsed(),
                stats,
            };
            rows.printer.finish(&end, &mut out)?;
            stats.bytes_printed += rows.printer.take_printed();
        }
        run.out.write_all(&out)?;
        run.written |= matched;
        Ok(Outcome {
            separator: 0,
            matched,
            wrote: matched,
            stats,
            cut_records: 0,
            chosen: Vec::new(),
            interrupted: run.stop.is_set(),
            failure: self.failure,
        })
    }
}

/// Prints entries in order.
struct Rows<'j, 's> {
    job: &'j Job<'s>,
    printer: LinePrinter,
    /// Whether anything was written before; `None` once this source begins.
    ever_written: Option<bool>,
    /// The offset behind the last line that was printed.
    visited: Option<u64>,
    matched: u64,
    nul: Option<u64>,
}

impl Rows<'_, '_> {
    /// Prints a unit and its context; false if printing ends, since the source
    /// is binary.
    fn entry(&mut self, entry: &Entry, out: &mut Vec<u8>) -> io::Result<bool> {
        let lines = |bytes: &[u8]| count_lines(bytes, self.job.context.terminator);
        let (before, text) = (lines(&entry.before), lines(&entry.text));
        let offset = entry.offset - entry.before.len() as u64;
        let number = entry.number.map(|number| number - before);
        if !self.context(&entry.before, offset, number, out)? {
            return Ok(false);
        }
        let line = Line {
            haystack: &entry.text,
            range: 0..entry.text.len(),
            offset: entry.offset,
            number: entry.number,
            matches: None,
        };
        self.matched += 1;
        if !self.begin(&line, out)? {
            self.printer.pass(&line);
            return Ok(false);
        }
        if self.job.context.units.are_lines() {
            self.printer.matched(&line, out)?;
        } else {
            self.printer.record(&line, out)?;
        }
        let end = entry.offset + entry.text.len() as u64;
        self.visited = Some(end);
        let number = entry.number.map(|number| number + text);
        self.context(&entry.after, end, number, out)
    }

    fn context(
        &mut self,
        bytes: &[u8],
        start: u64,
        first: Option<u64>,
        out: &mut Vec<u8>,
    ) -> io::Result<bool> {
        for (i, range) in (0..).zip(Lines::new(bytes, self.job.context.terminator)) {
            let offset = start + range.start as u64;
            if self.visited.is_some_and(|visited| offset < visited) {
                continue;
            }
            let end = start + range.end as u64;
            let line = Line {
                haystack: bytes,
                range,
                offset,
                number: first.map(|number| number + i),
                matches: None,
            };
            if !self.begin(&line, out)? {
                return Ok(false);
            }
            self.printer.context(&line, out)?;
            self.visited = Some(end);
        }
        Ok(true)
    }

    /// Prints what stands before a line; false if it is not printed, since the
    /// source is binary.
    fn begin(&mut self, line: &Line<'_>, out: &mut Vec<u8>) -> io::Result<bool> {
        if self.job.context.is_any() && self.visited.is_some_and(|at| at < line.offset) {
            self.printer.context_break(out)?;
        }
        if self.job.rule != Rule::Text && self.nul.is_none() {
            self.nul = memchr(0, line.text()).map(|at| line.offset + at as u64);
        }
        if self.nul.is_some() && self.job.nul_ends_printing() {
            return Ok(false);
        }
        if let Some(ever_written) = self.ever_written.take() {
            self.printer.begin(ever_written, out)?;
        }
        Ok(true)
    }
}
