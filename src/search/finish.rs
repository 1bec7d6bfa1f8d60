//! What is said about a source when it has been searched.

use std::{io, time::Instant};

use super::{
    Outcome, Stats,
    commit::Committer,
    nul_bytes::{self as nul, Rule},
    options::Mode,
};
use crate::{
    error::{Error, ErrorKind, Result},
    print::{End, SummaryPrinter},
};

/// Whether nothing is said of a source with this error where something else than its
/// lines is wanted.
///
/// Half a count is no count, except of what can never be whole again. Lines that were
/// given up on count as others do.
pub(super) fn spoils(error: &Error, mode: Mode) -> bool {
    let usable = matches!(error.kind(), ErrorKind::Damaged(_) | ErrorKind::GaveUp(_));
    match mode {
        Mode::Standard | Mode::Json | Mode::Rows => false,
        mode => mode.wants_none() || !usable,
    }
}

impl Committer<'_, '_> {
    /// Checks that the source held, and prints what comes at its end.
    ///
    /// # Errors
    /// When the output cannot be written.
    pub(super) fn finish(mut self, started: Instant) -> Result<Outcome> {
        if let Err(error) = self.job.source.verify_published(self.searched) {
            self.failure = Some(error);
        } else if self.broken && self.failure.is_none() {
            // It was not whole when a chunk was checked, and is now: it was
            // cut and has grown again.
            let name = self.job.source.name();
            let size = self.job.source.len().unwrap_or(0);
            self.failure = Some(Error::at(name, ErrorKind::Modified { size }));
        }
        if self.failure.is_none()
            && let Some(why) = self.gave_up.take().or_else(|| self.job.patterns.gave_up())
        {
            self.failure = Some(Error::at(self.job.source.name(), ErrorKind::GaveUp(why)));
        }
        let separator = self.separator();
        let mut stats = self.stats();
        let mut bytes = Vec::new();
        let matched = self.print_end(&mut stats, started, &mut bytes)?;
        self.out.write_all(&bytes)?;
        Ok(Outcome {
            matched,
            wrote: stats.bytes_printed > 0 || !bytes.is_empty(),
            separator,
            stats,
            cut_records: self.cut,
            chosen: self.job.chosen(),
            interrupted: self.interrupted,
            failure: self.failure,
        })
    }

    /// How many bytes part what was written from the source before, if there
    /// was one.
    fn separator(&self) -> usize {
        let job = self.job;
        match &job.print.separator_search {
            Some(separator) if job.options.mode == Mode::Standard && self.has_heading() => {
                separator.len() + job.patterns.line_terminator().as_bytes().len()
            }
            _ => 0,
        }
    }

    fn has_heading(&self) -> bool {
        self.heading == super::walk::Heading::Done
    }

    fn stats(&self) -> Stats {
        let end = match self.binary_offset() {
            Some(at) if self.job.rule == Rule::Mapped => self.end_of_search().min(at),
            _ => self.end_of_search(),
        };
        Stats {
            searches: 1,
            searches_with_match: u64::from(self.matched_lines > 0),
            bytes_searched: end.saturating_sub(self.from),
            bytes_printed: self.printed,
            matched_lines: self.matched_lines,
            matches: self.matches,
        }
    }

    /// Where the NUL byte is that makes the part that was searched binary.
    fn binary_offset(&self) -> Option<u64> {
        let nul = self.carry.nul?;
        match self.job.rule {
            Rule::Text => None,
            Rule::Mapped => Some(nul),
            Rule::Leave => self.met_nul.then_some(nul),
            // Its block was read only if the search came that far.
            Rule::Streamed => {
                (self.met_nul || nul::cutoff(nul) < self.end_of_search()).then_some(nul)
            }
        }
    }

    fn print_end(
        &mut self,
        stats: &mut Stats,
        started: Instant,
        bytes: &mut Vec<u8>,
    ) -> io::Result<bool> {
        let (mode, any) = (self.job.options.mode, self.matched_lines > 0);
        if self.job.prints_lines() {
            let end = End {
                binary_offset: self.binary_offset(),
                left: self.job.rule == Rule::Leave,
                has_match: any,
                elapsed: started.elapsed(),
                stats: *stats,
            };
            if mode == Mode::Standard || self.has_heading() {
                self.printer.finish(&end, bytes)?;
            }
            if mode == Mode::Standard {
                stats.bytes_printed += self.printer.take_printed();
            }
            return Ok(any);
        }
        let none_is_a_match = mode.wants_none();
        if self.job.rule == Rule::Leave && self.met_nul {
            return Ok(none_is_a_match);
        }
        if self.failure.as_ref().is_some_and(|e| spoils(e, mode)) {
            return Ok(any && !none_is_a_match);
        }
        // That nothing matches cannot be said before the end.
        if self.interrupted && none_is_a_match {
            return Ok(false);
        }
        let terminator = self.job.patterns.line_terminator();
        let mut summary =
            SummaryPrinter::new(&self.job.print, terminator).interrupted(self.interrupted);
        if !self.job.print.silent {
            summary.finish(mode, self.matched_lines, self.matches, bytes)?;
        }
        Ok(any != none_is_a_match)
    }
}
