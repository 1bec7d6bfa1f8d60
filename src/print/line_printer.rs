//! The ways to print lines behind one door.

use std::io;

use super::{End, JsonPrinter, Line, LineSetup, Out, RowPrinter, StandardPrinter, Tally};

/// Prints lines, in whatever form the search was asked for.
///
/// Make one for a source and clone it for each worker. What
/// [`matched`](LinePrinter::matched) and [`context`](LinePrinter::context)
/// write depends on nothing but the line.
#[derive(Clone, Debug)]
pub enum LinePrinter {
    /// As people read them.
    Standard(StandardPrinter),
    /// As programs read them: JSON Lines in ripgrep's format.
    Json(JsonPrinter),
    /// As values.
    Rows(RowPrinter),
}

impl LinePrinter {
    /// A printer of lines as people read them.
    pub fn standard(setup: LineSetup) -> LinePrinter {
        LinePrinter::Standard(StandardPrinter::new(setup))
    }

    /// A printer of JSON Lines. Of the options, only the path and the
    /// replacement matter to it.
    pub fn json(setup: LineSetup) -> LinePrinter {
        LinePrinter::Json(JsonPrinter::new(setup))
    }

    /// A printer of lines as values, which [`Row::read`](super::Row::read) takes apart.
    pub fn rows(setup: LineSetup) -> LinePrinter {
        LinePrinter::Rows(RowPrinter::new(setup))
    }

    /// Whether lines that are selected are better given with their matches,
    /// if it costs little to know them.
    pub fn wants_matches(&self) -> bool {
        match self {
            LinePrinter::Standard(printer) => printer.wants_matches(),
            LinePrinter::Json(printer) => printer.wants_matches(),
            LinePrinter::Rows(printer) => printer.wants_matches(),
        }
    }

    /// Writes a line that was selected.
    ///
    /// # Errors
    /// When `out` does not take it.
    #[inline]
    pub fn matched<O: Out>(&mut self, line: &Line<'_>, out: &mut O) -> io::Result<()> {
        match self {
            LinePrinter::Standard(printer) => printer.matched(line, out),
            LinePrinter::Json(printer) => printer.matched(line, out),
            LinePrinter::Rows(printer) => printer.matched(line, out),
        }
    }

    /// Writes a record of some lines that was selected: as JSON one message,
    /// else each line for itself. Where only matches are shown, a line without
    /// one is left out.
    ///
    /// # Errors
    /// When `out` does not take it.
    pub fn record<O: Out>(&mut self, record: &Line<'_>, out: &mut O) -> io::Result<()> {
        match self {
            LinePrinter::Standard(printer) => printer.record(record, out),
            LinePrinter::Json(printer) => printer.matched(record, out),
            LinePrinter::Rows(printer) => printer.matched(record, out),
        }
    }

    /// Writes a line that stands near one that was selected.
    ///
    /// # Errors
    /// When `out` does not take it.
    #[inline]
    pub fn context<O: Out>(&mut self, line: &Line<'_>, out: &mut O) -> io::Result<()> {
        match self {
            LinePrinter::Standard(printer) => printer.context(line, out),
            LinePrinter::Json(printer) => printer.context(line, out),
            LinePrinter::Rows(printer) => printer.context(line, out),
        }
    }

    /// Counts the matches of a line that was selected without writing
    /// anything, as for the lines behind a NUL byte.
    pub fn pass(&mut self, line: &Line<'_>) {
        match self {
            LinePrinter::Standard(printer) => printer.pass(line),
            LinePrinter::Json(printer) => printer.pass(line),
            LinePrinter::Rows(printer) => printer.pass(line),
        }
    }

    /// Writes what stands between lines that do not touch: nothing in JSON.
    ///
    /// # Errors
    /// When `out` does not take it.
    pub fn context_break<O: Out>(&mut self, out: &mut O) -> io::Result<()> {
        match self {
            LinePrinter::Standard(printer) => printer.context_break(out),
            LinePrinter::Json(_) | LinePrinter::Rows(_) => Ok(()),
        }
    }

    /// Writes what stands before the first line of a source: what separates
    /// it from the source before if anything was `ever_written`, and the
    /// heading; in JSON the message that it begins.
    ///
    /// # Errors
    /// When `out` does not take it.
    pub fn begin<O: Out>(&mut self, ever_written: bool, out: &mut O) -> io::Result<()> {
        match self {
            LinePrinter::Standard(printer) => printer.begin(ever_written, out),
            LinePrinter::Json(printer) => printer.begin(out),
            LinePrinter::Rows(_) => Ok(()),
        }
    }

    /// Writes what stands behind the last line of a source: that it is binary
    /// if it is and a line was selected; in JSON the message that it ends, so
    /// there it must have begun.
    ///
    /// # Errors
    /// When `out` does not take it.
    pub fn finish<O: Out>(&mut self, end: &End, out: &mut O) -> io::Result<()> {
        match self {
            LinePrinter::Standard(printer) => printer.finish(end, out),
            LinePrinter::Json(printer) => printer.finish(end, out),
            LinePrinter::Rows(_) => Ok(()),
        }
    }

    /// How many matches selected lines had since this was last asked.
    ///
    /// They are counted in JSON and for statistics; otherwise this is 0.
    pub fn take_matches(&mut self) -> u64 {
        std::mem::take(&mut self.tally().matches)
    }

    /// How many bytes were written since this was last asked, as ripgrep
    /// counts them: without those that only colour, and in JSON without the
    /// message that a source ends.
    pub fn take_printed(&mut self) -> u64 {
        std::mem::take(&mut self.tally().printed)
    }

    fn tally(&mut self) -> &mut Tally {
        match self {
            LinePrinter::Standard(printer) => &mut printer.tally,
            LinePrinter::Json(printer) => &mut printer.tally,
            LinePrinter::Rows(printer) => &mut printer.tally,
        }
    }
}
