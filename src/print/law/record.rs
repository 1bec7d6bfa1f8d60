//! What ripgrep's searcher finds, as a list.

use std::{io, ops::Range};

use grep_searcher::{
    BinaryDetection, Searcher, SearcherBuilder, Sink, SinkContext, SinkFinish, SinkMatch,
};

use super::Case;
use crate::print::Kind;

/// One call of a sink.
#[derive(Debug)]
pub(super) enum Event {
    Line {
        kind: Kind,
        range: Range<usize>,
        number: Option<u64>,
    },
    /// A selected line behind a NUL byte.
    Pass(Range<usize>),
    Break,
}

/// A whole search.
#[derive(Debug, Default)]
pub(super) struct Record {
    pub(super) events: Vec<Event>,
    pub(super) binary_offset: Option<u64>,
    /// The binary offset that the searcher reports at its end.
    pub(super) end_binary_offset: Option<u64>,
    pub(super) byte_count: u64,
    /// Events go on behind a NUL byte.
    goes_on: bool,
}

impl Record {
    /// All that is found; `goes_on` behind a NUL byte as for the printers
    /// that print no lines or JSON.
    pub(super) fn new(case: &Case<'_>, goes_on: bool) -> Record {
        let mut record = Record {
            goes_on,
            ..Record::default()
        };
        searcher(case)
            .search_slice(case.matcher(), case.haystack, &mut record)
            .unwrap();
        record
    }
}

pub(super) fn searcher(case: &Case<'_>) -> Searcher {
    let selection = &case.selection;
    SearcherBuilder::new()
        .line_terminator(case.setup.terminator)
        .invert_match(selection.invert)
        .line_number(selection.line_number)
        .before_context(selection.before)
        .after_context(selection.after)
        .passthru(selection.passthru)
        .bom_sniffing(false)
        .binary_detection(if selection.binary {
            BinaryDetection::convert(0)
        } else {
            BinaryDetection::none()
        })
        .build()
}

impl Sink for Record {
    type Error = io::Error;

    fn matched(&mut self, _: &Searcher, found: &SinkMatch<'_>) -> io::Result<bool> {
        let start = usize::try_from(found.absolute_byte_offset()).unwrap();
        let range = start..start + found.bytes().len();
        if self.binary_offset.is_some() && !self.goes_on {
            self.events.push(Event::Pass(range));
            return Ok(false);
        }
        self.events.push(Event::Line {
            kind: Kind::Match,
            range,
            number: found.line_number(),
        });
        Ok(true)
    }

    fn context(&mut self, _: &Searcher, found: &SinkContext<'_>) -> io::Result<bool> {
        if self.binary_offset.is_some() && !self.goes_on {
            return Ok(false);
        }
        let start = usize::try_from(found.absolute_byte_offset()).unwrap();
        self.events.push(Event::Line {
            kind: Kind::Context,
            range: start..start + found.bytes().len(),
            number: found.line_number(),
        });
        Ok(true)
    }

    fn context_break(&mut self, _: &Searcher) -> io::Result<bool> {
        self.events.push(Event::Break);
        Ok(true)
    }

    fn binary_data(&mut self, _: &Searcher, offset: u64) -> io::Result<bool> {
        self.binary_offset = Some(offset);
        Ok(true)
    }

    fn finish(&mut self, _: &Searcher, finish: &SinkFinish) -> io::Result<()> {
        self.end_binary_offset = finish.binary_byte_offset();
        self.byte_count = finish.byte_count();
        Ok(())
    }
}
