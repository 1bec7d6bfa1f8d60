//! The selected lines of a chunk, kept until they are formatted, and what was
//! seen of them while they were found: where their matches are, and whether
//! they have a NUL byte. To look for either once more takes as long as to find
//! the lines.

use std::ops::Range;

use grep_matcher::Match;
use memchr::memchr;

use super::{
    job::Job,
    nul_bytes::{Rule, Watch},
    pick::Hit,
};
use crate::{
    line::{Lines, count_terminators},
    pattern::{LineFinder, Wanted},
};

/// Selected lines of a chunk that are kept until it is formatted. A chunk with
/// more is walked in its turn, so that memory does not depend on the input:
/// this bounds a worker to 8 MB, and to 4 MB for the matches in these lines.
const MAX_HITS: usize = 1 << 18;

/// Matches that are kept with them. Those of other lines are looked for again.
const MAX_MATCHES: usize = 1 << 18;

/// To look for a NUL byte in a line costs as much as going past so many bytes.
const LOOK: usize = 256;

/// The selected lines of one chunk.
#[derive(Debug, Default)]
pub(super) struct Hits {
    pub(super) lines: Vec<Hit>,
    /// The matches that are known of them, in order.
    matches: Vec<Match>,
    /// How many of them are in each line: all it has, or none that are known.
    /// Goes up to the last line that has any.
    counts: Vec<u32>,
    /// Whether a NUL byte was looked for in each of them, and none was found.
    clean: bool,
    /// Whether looking at all of the chunk would have cost less.
    dense: bool,
}

impl Hits {
    /// Whether there are more than are kept.
    pub(super) fn are_too_many(&self) -> bool {
        self.lines.len() > MAX_HITS
    }

    pub(super) fn clear(&mut self) {
        self.lines.clear();
        self.matches.clear();
        self.counts.clear();
        self.clean = false;
    }

    /// Finds the selected lines; returns how many terminators the chunk has,
    /// if lines are numbered, and where a NUL byte was met, which makes all this
    /// void.
    pub(super) fn find(
        &mut self,
        job: &Job<'_>,
        (finder, wanted): (&LineFinder, Wanted),
        bytes: &[u8],
        mut watch: Watch<'_>,
    ) -> (u64, Option<usize>) {
        self.clear();
        let terminator = finder.terminator();
        let (mut at, mut counted, mut line) = (0, 0, 0);
        // Where a chunk has many, the next one most likely has as well.
        let mut clean = job.rule == Rule::Mapped && !self.dense;
        let mut looks = 0;
        let mut push = |range: Range<usize>, matches: Option<&[Match]>| {
            if job.context.number && counted < range.start {
                line += count_terminators(&bytes[counted..range.start], terminator);
            }
            looks += range.len() + LOOK;
            clean = clean && looks <= bytes.len() && memchr(0, &bytes[range.clone()]).is_none();
            counted = range.end;
            if let Some(matches) = matches {
                self.know(matches);
            }
            self.lines.push(Hit {
                start: range.start,
                end: range.end,
                line,
            });
            line += 1;
            !self.are_too_many()
        };
        let mut go_on = true;
        while go_on && let Some(upto) = watch.next() {
            finder.each(&bytes[..upto], (at, wanted), |found, matches| {
                let end = found.end;
                go_on = if job.context.invert {
                    push_lines(bytes, at..found.start, terminator, &mut push)
                } else {
                    push(found, matches)
                };
                at = end;
                go_on
            });
            if job.context.invert && go_on {
                go_on = push_lines(bytes, at..upto, terminator, &mut push);
            }
            at = upto;
        }
        (self.clean, self.dense) = (clean, looks > bytes.len());
        let nul = watch.finish();
        if !job.context.number {
            return (0, nul);
        }
        // The last line selected may lack a terminator.
        let unterminated = counted == bytes.len() && bytes.last().is_some_and(|&b| b != terminator);
        let lines = line - u64::from(unterminated && counted > 0)
            + count_terminators(&bytes[counted..], terminator);
        (lines, nul)
    }

    /// Keeps the matches of the line that comes next.
    fn know(&mut self, matches: &[Match]) {
        if self.matches.len() + matches.len() <= MAX_MATCHES {
            self.matches.extend_from_slice(matches);
            self.counts.resize(self.lines.len(), 0);
            self.counts.push(matches.len() as u32);
        }
    }

    /// The lines, each with its matches if they are known.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&Hit, Option<&[Match]>)> {
        let mut matches = &*self.matches;
        let counts = self.counts.iter().chain(std::iter::repeat(&0));
        self.lines.iter().zip(counts).map(move |(hit, &count)| {
            let known = matches.split_off(..count as usize);
            (hit, known.filter(|known| !known.is_empty()))
        })
    }

    /// Whether it is known that no line that is printed has a NUL byte, or cheap
    /// to know.
    pub(super) fn have_no_nul(&self, job: &Job<'_>, bytes: &[u8]) -> bool {
        let around = job.context.is_any() || job.context.passthru;
        if self.clean && !around {
            return true;
        }
        let printed = self.lines.iter().map(|hit| hit.end - hit.start + LOOK);
        let all = (around && self.lines.len() > 8) || printed.sum::<usize>() > bytes.len();
        all && memchr(0, bytes).is_none()
    }
}

/// Gives away each line of a part of a text until one is refused; false if
/// one was.
fn push_lines(
    text: &[u8],
    part: Range<usize>,
    terminator: u8,
    push: &mut impl FnMut(Range<usize>, Option<&[Match]>) -> bool,
) -> bool {
    let start = part.start;
    let mut lines = Lines::new(&text[part], terminator);
    lines.all(|line| push(start + line.start..start + line.end, None))
}
