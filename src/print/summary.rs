//! One row for a source.

use std::io;

use grep_matcher::LineTerminator;

use super::{Out, PrintOptions, decimal::Decimal, escapes::Escapes, path::ShownPath};
use crate::search::Mode;

/// Prints what a search of one source came to, in the modes that print no
/// lines.
///
/// What it writes is not in ripgrep's count of bytes printed, so there is
/// nothing to ask for.
#[derive(Clone, Debug)]
pub struct SummaryPrinter {
    path: Option<ShownPath>,
    path_terminator: Option<u8>,
    include_zero: bool,
    terminator: LineTerminator,
    interrupted: bool,
}

impl SummaryPrinter {
    /// A printer for one source. Where the row is its name, the options must
    /// have it; without one, nothing is written.
    pub fn new(print: &PrintOptions, terminator: LineTerminator) -> SummaryPrinter {
        let escapes = Escapes::new(print.colors.as_ref());
        SummaryPrinter {
            path: ShownPath::new(print, &escapes),
            path_terminator: print.path_terminator,
            include_zero: print.include_zero,
            terminator,
            interrupted: false,
        }
    }

    /// A printer for a source that was not read to its end: counts say that.
    #[must_use]
    pub fn interrupted(self, interrupted: bool) -> SummaryPrinter {
        SummaryPrinter {
            interrupted,
            ..self
        }
    }

    /// Writes the row for a source with so many selected lines and so many
    /// matches in them, or nothing if it gets none.
    ///
    /// # Errors
    /// When `out` does not take it.
    pub fn finish<O: Out>(
        &mut self,
        mode: Mode,
        lines: u64,
        matches: u64,
        out: &mut O,
    ) -> io::Result<()> {
        let found = lines > 0;
        match mode {
            Mode::Count if found || self.include_zero => self.count(lines, out),
            Mode::CountMatches if found || self.include_zero => self.count(matches, out),
            Mode::FilesWithMatches if found => self.path(self.terminator.as_bytes(), out),
            Mode::FilesWithoutMatch if !found => self.path(self.terminator.as_bytes(), out),
            _ => Ok(()),
        }
    }

    fn count<O: Out>(&self, count: u64, out: &mut O) -> io::Result<()> {
        self.path(b":", out)?;
        out.put(Decimal::new(count).as_bytes())?;
        if self.interrupted {
            out.put(b" (interrupted)")?;
        }
        out.put(self.terminator.as_bytes())
    }

    fn path<O: Out>(&self, end: &[u8], out: &mut O) -> io::Result<()> {
        let Some(path) = &self.path else {
            return Ok(());
        };
        let end = self
            .path_terminator
            .as_ref()
            .map_or(end, std::slice::from_ref);
        path.write(end, out).map(drop)
    }
}
