//! One chunk looked at by a worker, ahead of its turn.
//!
//! Two phases. First the selected lines are found and line terminators are
//! counted in the gaps between them, each once; the count is published, so
//! that later chunks know their line numbers. Then the lines before this chunk
//! are looked up and everything from its first selected line on is formatted.
//! What depends on the chunks before is left to [`super::commit`].

use std::io;

use super::{
    hits::Hits,
    job::Job,
    nul_bytes::{self as nul, Rule, Watch},
    options::Mode,
    pick::{Picker, Shared},
    steps::Visit,
    walk::{NulWatch, Walk},
};
use crate::{
    chunk::{ChunkHandle, Copied, Loaded, Record},
    error::Error,
    exec::Flow,
    line::{between, count_lines, count_terminators},
    pattern::{LineFinder, Patterns, Wanted},
    print::{Line, LinePrinter, MatchCounter, Out},
};

/// What a worker keeps between chunks.
pub(super) struct Worker {
    pub(super) finder: LineFinder,
    pub(super) printer: LinePrinter,
    counter: MatchCounter,
    patterns: Patterns,
    picker: Option<Picker>,
    hits: Hits,
}

/// A chunk that was looked at.
pub(super) struct Scanned<'s> {
    pub(super) piece: ChunkHandle<'s>,
    /// What the piece was read into, if it was.
    pub(super) buffer: Vec<u8>,
    /// The chunk with its NUL bytes turned into line terminators.
    pub(super) converted: Option<Copied>,
    /// The part of it before it turned out to be binary, if it did.
    pub(super) upto: Option<usize>,
    /// Line terminators, if lines are counted.
    pub(super) lines: u64,
    /// Whether its last timestamp lies in the range of time.
    pub(super) in_time: Option<bool>,
    /// Records that begin where they do only because the one before was
    /// getting too long.
    pub(super) cut: u64,
    /// Lines selected, and matches in them if they are counted.
    pub(super) selected: u64,
    pub(super) matches: u64,
    /// The first NUL byte in the chunk's blocks, under [`Rule::Streamed`] and
    /// [`Rule::Leave`].
    pub(super) nul: Option<u64>,
    pub(super) text: Text,
}

/// What there is to print.
pub(super) enum Text {
    /// Nothing in any case: no line is selected, or the mode prints none.
    None,
    /// From the first selected line on.
    Ready(Ready),
    /// It must be walked in turn.
    InTurn,
    /// The source failed here.
    Failed(Option<Error>),
}

/// What is printed from the first selected line on.
pub(super) struct Ready {
    pub(super) bytes: Vec<u8>,
    /// Bytes printed, colours not counted.
    pub(super) printed: u64,
    /// Where the first selected line begins, and its place among the lines.
    pub(super) first: usize,
    pub(super) first_line: u64,
    /// Where the last selected line ends.
    pub(super) last: usize,
    /// The state at the end of the chunk.
    pub(super) cursor: usize,
    pub(super) after_left: usize,
    /// A NUL byte in a line that was printed all the same.
    pub(super) nul: Option<u64>,
}

impl<'s> Scanned<'s> {
    fn new(piece: ChunkHandle<'s>, buffer: Vec<u8>, text: Text) -> Scanned<'s> {
        Scanned {
            piece,
            buffer,
            converted: None,
            upto: None,
            lines: 0,
            in_time: None,
            cut: 0,
            selected: 0,
            matches: 0,
            nul: None,
            text,
        }
    }

    /// The bytes that are searched.
    pub(super) fn bytes(&self) -> &[u8] {
        let bytes = match &self.converted {
            Some(copied) => copied.bytes(),
            None => self.piece.view(&self.buffer).bytes,
        };
        &bytes[..self.upto.unwrap_or(bytes.len())]
    }
}

/// A buffer that refuses to grow beyond a bound.
struct Bounded {
    bytes: Vec<u8>,
    bound: usize,
}

impl Out for Bounded {
    #[inline]
    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        if self.bytes.len() + bytes.len() > self.bound {
            return Err(io::ErrorKind::StorageFull.into());
        }
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }
}

impl Worker {
    pub(super) fn new(job: &Job<'_>) -> Worker {
        let tools = job.tools();
        Worker {
            finder: tools.finder,
            printer: tools.printer,
            counter: tools.counter,
            patterns: tools.patterns,
            picker: Picker::new(job),
            hits: Hits::default(),
        }
    }

    /// Looks at one chunk.
    pub(super) fn scan<'s>(
        &mut self,
        job: &Job<'s>,
        piece: ChunkHandle<'s>,
        index: u64,
        shared: &Shared,
    ) -> Scanned<'s> {
        let mut buffer = job.buffers.take();
        if let Err(error) = piece.fetch(&mut buffer) {
            return Scanned::new(piece, buffer, Text::Failed(Some(error)));
        }
        let mut scanned = Scanned::new(piece, buffer, Text::None);
        let end = scanned.piece.chunk.end;
        let look = || self.look(job, &mut scanned, (index, shared));
        if job.source.survives(end, look).is_none() {
            scanned.text = Text::Failed(None);
            return scanned;
        }
        // What was given up on is settled at its turn: whether anybody wanted to
        // know is not known before.
        if self.patterns.gave_up().is_some() {
            scanned.text = Text::InTurn;
        }
        if !job.source.is_intact(scanned.piece.chunk.end) {
            scanned.text = Text::Failed(None);
        }
        scanned
    }

    /// Finds what is wanted of a chunk.
    fn look<'s>(&mut self, job: &Job<'s>, scanned: &mut Scanned<'s>, at: (u64, &Shared)) {
        if job.prints_lines() {
            self.scan_lines(job, scanned, at);
        } else if self.picker.is_some() {
            self.count_picked(job, scanned, at);
        } else {
            self.count(job, scanned);
        }
    }

    /// What a NUL byte in a chunk, or behind it in its block, makes of it; true if
    /// other bytes than before are to be searched.
    fn judge(&self, job: &Job<'_>, scanned: &mut Scanned<'_>, nul: Option<usize>) -> bool {
        let Some(nul) = nul else { return false };
        let (start, terminator) = (scanned.piece.chunk.start, self.finder.terminator());
        let nul = start + nul as u64;
        if job.rule == Rule::Leave {
            scanned.upto = nul::leave(scanned.bytes(), start, nul, terminator);
            scanned.nul = scanned.upto.map(|_| nul);
            return scanned.upto.is_some();
        }
        scanned.nul = Some(nul);
        if nul < scanned.piece.chunk.end {
            let converted = nul::convert(&scanned.piece, &scanned.buffer, terminator);
            scanned.converted = Some(converted);
        }
        scanned.converted.is_some()
    }

    /// Looks for a NUL byte before anything is searched.
    fn judge_first(&self, job: &Job<'_>, scanned: &mut Scanned<'_>) {
        let nul = self.watch(job.rule, scanned).finish();
        self.judge(job, scanned, nul);
    }

    fn watch<'c>(&self, rule: Rule, scanned: &'c Scanned<'_>) -> Watch<'c> {
        let chunk = match rule {
            Rule::Streamed | Rule::Leave => scanned.piece.view(&scanned.buffer),
            Rule::Mapped | Rule::Text => Loaded {
                bytes: scanned.bytes(),
                ahead: &[],
            },
        };
        Watch::new(rule, chunk, self.finder.terminator())
    }

    fn scan_lines(
        &mut self,
        job: &Job<'_>,
        scanned: &mut Scanned<'_>,
        (index, shared): (u64, &Shared),
    ) {
        let numbered = job.context.number;
        let counted = if self.picker.is_some() {
            self.judge_first(job, scanned);
            if self.pick_hits(job, scanned, (index, shared)).is_none() {
                return;
            }
            scanned.lines
        } else {
            let watch = self.watch(job.rule, scanned);
            let wanted = if self.printer.wants_matches() {
                Wanted::Matches
            } else {
                Wanted::Lines
            };
            let Worker { finder, hits, .. } = self;
            let (mut counted, nul) = hits.find(job, (finder, wanted), scanned.bytes(), watch);
            if self.judge(job, scanned, nul) {
                let watch = self.watch(Rule::Text, scanned);
                let Worker { finder, hits, .. } = self;
                (counted, _) = hits.find(job, (finder, wanted), scanned.bytes(), watch);
            }
            if numbered {
                shared.lines.publish(index, counted);
            }
            counted
        };
        let too_many = self.hits.are_too_many();
        let selected = self.hits.lines.len() as u64;
        scanned.lines = counted;
        scanned.selected = selected;
        if too_many || (job.must_walk_in_turn() && (selected > 0 || job.context.passthru)) {
            scanned.text = Text::InTurn;
            return;
        }
        if selected == 0 && !job.context.passthru {
            return;
        }
        let before = if numbered {
            // A run that has stopped wants nothing any more.
            let Some(before) = shared.lines.wait(index) else {
                return;
            };
            before
        } else {
            0
        };
        scanned.text = self.format(job, scanned, before);
        scanned.matches = self.printer.take_matches();
    }

    /// Says what the chunk adds to what later ones must know.
    fn publish(
        &mut self,
        job: &Job<'_>,
        scanned: &mut Scanned<'_>,
        (index, shared): (u64, &Shared),
    ) {
        let (bytes, start) = (scanned.bytes(), scanned.piece.chunk.start);
        let terminator = self.finder.terminator();
        let lines = if job.counts_lines {
            let lines = count_terminators(bytes, terminator);
            shared.lines.publish(index, lines);
            lines
        } else {
            0
        };
        let picker = self.picker.as_mut();
        let in_time = picker.and_then(|picker| picker.last_in_time(job, (bytes, start)));
        shared.in_time.publish(index, in_time);
        let cut = match &job.options.record {
            Record::Line(_) => 0,
            Record::Lines(record) => record.forced_in(bytes, start),
        };
        (scanned.lines, scanned.in_time, scanned.cut) = (lines, in_time, cut);
    }

    /// Finds the selected lines or records where a picker does; `None` if the
    /// run has stopped.
    fn pick_hits(
        &mut self,
        job: &Job<'_>,
        scanned: &mut Scanned<'_>,
        past: (u64, &Shared),
    ) -> Option<()> {
        self.publish(job, scanned, past);
        let Worker { picker, hits, .. } = self;
        hits.clear();
        let chunk = (scanned.bytes(), scanned.piece.chunk.start);
        picker.as_mut()?.pick(job, chunk, &past, |hit| {
            hits.lines.push(hit);
            !hits.are_too_many()
        })
    }

    /// Counts them without printing.
    fn count_picked(&mut self, job: &Job<'_>, scanned: &mut Scanned<'_>, past: (u64, &Shared)) {
        self.judge_first(job, scanned);
        self.publish(job, scanned, past);
        let (bytes, start) = (scanned.bytes(), scanned.piece.chunk.start);
        let (mut selected, mut matches) = (0, 0);
        let one_is_enough = job.ends_at_first();
        let Worker {
            picker, counter, ..
        } = self;
        let Some(picker) = picker else { return };
        picker.pick(job, (bytes, start), &past, |hit| {
            selected += 1;
            if job.counts_matches && !job.options.invert {
                matches += counter.count(&Line {
                    haystack: bytes,
                    range: hit.start..hit.end,
                    offset: start + hit.start as u64,
                    number: None,
                    matches: None,
                });
            }
            !one_is_enough
        });
        if job.options.invert {
            matches = selected;
        }
        counted(job, scanned, selected, matches);
    }

    fn format(&mut self, job: &Job<'_>, scanned: &Scanned<'_>, lines_before: u64) -> Text {
        let bytes = scanned.bytes();
        let mut out = Bounded {
            bytes: job.buffers.take_empty(),
            bound: job.max_output,
        };
        let nul = match job.rule {
            Rule::Mapped if self.hits.have_no_nul(job, bytes) => NulWatch::Never,
            Rule::Mapped => NulWatch::Lines {
                seen: None,
                ends: job.nul_ends_printing(),
            },
            Rule::Streamed if scanned.nul.is_some() && job.nul_ends_printing() => {
                return Text::InTurn;
            }
            Rule::Streamed | Rule::Leave | Rule::Text => NulWatch::Never,
        };
        let start = scanned.piece.chunk.start;
        let mut walk = Walk::ahead(
            job.context,
            (bytes, start),
            &mut self.printer,
            &mut out,
            nul,
        );
        walk.number = lines_before + 1;
        let mut failed = false;
        for (hit, known) in self.hits.iter() {
            let number = lines_before + hit.line + 1;
            let step = walk.select_known(hit.start..hit.end, number, known);
            if !matches!(step, Ok(Flow::Continue)) {
                failed = true;
                break;
            }
        }
        let rest = if failed {
            Ok(Flow::Stop)
        } else if job.context.passthru {
            walk.other_context(bytes.len())
        } else {
            walk.after_context(bytes.len())
        };
        failed |= !matches!(rest, Ok(Flow::Continue));
        let (cursor, after_left, nul) = (walk.cursor, walk.after_left, walk.saw_nul());
        let first = walk.first.unwrap_or(0);
        let printed = self.printer.take_printed();
        if failed {
            self.printer.take_matches();
            job.buffers.give(out.bytes);
            return Text::InTurn;
        }
        let first_line = if job.context.passthru {
            0
        } else {
            self.hits.lines.first().map_or(0, |h| h.line)
        };
        Text::Ready(Ready {
            bytes: out.bytes,
            printed,
            first,
            first_line,
            last: self.hits.lines.last().map_or(0, |hit| hit.end),
            cursor,
            after_left,
            nul,
        })
    }

    /// Counts without printing.
    fn count(&mut self, job: &Job<'_>, scanned: &mut Scanned<'_>) {
        let watch = self.watch(job.rule, scanned);
        let (mut counts, nul) = self.count_lines(job, scanned, watch);
        if self.judge(job, scanned, nul) {
            let watch = self.watch(Rule::Text, scanned);
            (counts, _) = self.count_lines(job, scanned, watch);
        }
        let (selected, matches) = counts;
        counted(job, scanned, selected, matches);
    }

    /// How many lines are selected and how many matches they have, and where a NUL
    /// byte was met, which makes all this void.
    fn count_lines(
        &mut self,
        job: &Job<'_>,
        scanned: &Scanned<'_>,
        mut watch: Watch<'_>,
    ) -> ((u64, u64), Option<usize>) {
        let start = scanned.piece.chunk.start;
        let (mut selected, mut matches) = (0, 0);
        let bytes = scanned.bytes();
        let terminator = self.finder.terminator();
        let one_is_enough = job.ends_at_first();
        let wanted = if job.counts_matches && !job.context.invert {
            Wanted::Matches
        } else {
            Wanted::Lines
        };
        let Worker {
            finder, counter, ..
        } = self;
        let mut at = 0;
        while !(one_is_enough && selected > 0)
            && let Some(upto) = watch.next()
        {
            let from = at;
            finder.each(&bytes[..upto], (from, wanted), |line, known| {
                if job.context.invert {
                    selected += count_lines(between(bytes, at, line.start), terminator);
                    at = line.end;
                } else {
                    selected += 1;
                    if job.counts_matches {
                        matches += counter.count(&Line {
                            haystack: bytes,
                            offset: start + line.start as u64,
                            range: line,
                            number: None,
                            matches: known,
                        });
                    }
                }
                !(one_is_enough && selected > 0)
            });
            if job.context.invert && !(one_is_enough && selected > 0) {
                selected += count_lines(between(bytes, at, upto), terminator);
            }
            at = upto;
        }
        if job.context.invert {
            matches = selected;
        }
        ((selected, matches), watch.finish())
    }
}

/// Keeps what was counted of a chunk.
fn counted(job: &Job<'_>, scanned: &mut Scanned<'_>, selected: u64, matches: u64) {
    scanned.selected = selected;
    scanned.matches = matches;
    if job.options.max_count.is_some() && job.options.mode == Mode::CountMatches {
        scanned.text = Text::InTurn;
    }
}
