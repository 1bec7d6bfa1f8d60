//! Lines as people read them.

use std::{io, sync::Arc};

use super::{
    End, Kind, Line, LineSetup, Out, Tally,
    lead::Lead,
    replacer::Replacer,
    row::Row,
    spans::{Finder, in_line},
    style::Style,
};
use crate::line::Lines;

/// Prints lines as they are, with name, number and matches as asked for.
#[derive(Clone, Debug)]
pub struct StandardPrinter {
    style: Arc<Style>,
    finder: Finder,
    replacer: Replacer,
    match_lead: Lead,
    context_lead: Lead,
    pub(super) tally: Tally,
}

impl StandardPrinter {
    pub(super) fn new(setup: LineSetup) -> StandardPrinter {
        let style = Style::new(&setup);
        StandardPrinter {
            finder: Finder::new(setup),
            replacer: Replacer::default(),
            match_lead: Lead::new(&style, Kind::Match),
            context_lead: Lead::new(&style, Kind::Context),
            style: Arc::new(style),
            tally: Tally::default(),
        }
    }

    pub(super) fn wants_matches(&self) -> bool {
        let style = &self.style;
        style.fine && !style.invert
    }

    #[inline]
    pub(super) fn matched<O: Out>(&mut self, line: &Line<'_>, out: &mut O) -> io::Result<()> {
        if self.style.fine {
            return self.fine(line, Kind::Match, out);
        }
        Row {
            style: &self.style,
            lead: &mut self.match_lead,
            tally: &mut self.tally,
            kind: Kind::Match,
            line,
            out,
        }
        .plain()
    }

    pub(super) fn record<O: Out>(&mut self, record: &Line<'_>, out: &mut O) -> io::Result<()> {
        let terminator = self.style.terminator.as_byte();
        for (lines_before, range) in (0..).zip(Lines::new(record.text(), terminator)) {
            let start = record.range.start;
            let line = Line {
                haystack: record.haystack,
                offset: record.offset + range.start as u64,
                range: start + range.start..start + range.end,
                number: record.number.map(|number| number + lines_before),
                matches: None,
            };
            self.matched(&line, out)?;
        }
        Ok(())
    }

    #[inline]
    pub(super) fn context<O: Out>(&mut self, line: &Line<'_>, out: &mut O) -> io::Result<()> {
        // When the lines without a match are selected, it is the context that
        // has matches to show.
        if self.style.fine && self.style.invert {
            return self.fine(line, Kind::Context, out);
        }
        Row {
            style: &self.style,
            lead: &mut self.context_lead,
            tally: &mut self.tally,
            kind: Kind::Context,
            line,
            out,
        }
        .plain()
    }

    fn fine<O: Out>(&mut self, line: &Line<'_>, kind: Kind, out: &mut O) -> io::Result<()> {
        let StandardPrinter {
            style,
            finder,
            replacer,
            tally,
            ..
        } = self;
        if let (Some(matches), None) = (line.matches, &style.print.replacement) {
            tally.matches += if style.stats { matches.len() as u64 } else { 0 };
            let start = line.range.start;
            return Row {
                style,
                lead: &mut self.match_lead,
                tally,
                kind,
                line,
                out,
            }
            .fine(line.text(), matches.iter().map(|m| in_line(m, start)));
        }
        let (scope, lead) = match kind {
            Kind::Match => (finder.around(line), &mut self.match_lead),
            Kind::Context => (finder.alone(line), &mut self.context_lead),
        };
        let counts = style.stats && kind == Kind::Match;
        if let Some(template) = &style.print.replacement {
            let found = replacer.replace(&scope, template);
            if counts {
                tally.matches += found as u64;
            }
        } else if counts {
            tally.matches += scope.spans().count() as u64;
        }
        let mut row = Row {
            style,
            lead,
            tally,
            kind,
            line,
            out,
        };
        if style.print.replacement.is_none() {
            row.fine(line.text(), scope.spans())
        } else if replacer.spans().is_empty() {
            row.without_match()
        } else {
            row.fine(replacer.text(), replacer.spans().iter().copied())
        }
    }

    /// Counts the matches of a line that is not printed.
    pub(super) fn pass<'a>(&'a mut self, line: &Line<'a>) {
        if self.style.stats {
            self.tally.matches += self.finder.around(line).spans().count() as u64;
        }
    }

    pub(super) fn context_break<O: Out>(&mut self, out: &mut O) -> io::Result<()> {
        match &self.style.print.separator_context {
            Some(separator) => {
                let separator = [separator, self.style.terminator.as_bytes()].concat();
                put(&mut self.tally, out, &separator)
            }
            None => Ok(()),
        }
    }

    pub(super) fn begin<O: Out>(&mut self, ever_written: bool, out: &mut O) -> io::Result<()> {
        let StandardPrinter { style, tally, .. } = self;
        let terminator = style.terminator.as_bytes();
        if let Some(separator) = style
            .print
            .separator_search
            .as_ref()
            .filter(|_| ever_written)
        {
            put(tally, out, separator)?;
            put(tally, out, terminator)?;
        }
        if let Some(path) = style.path.as_ref().filter(|_| style.print.heading) {
            let end = style.print.path_terminator.as_ref();
            tally.printed += path.write(end.map_or(terminator, std::slice::from_ref), out)?;
        }
        Ok(())
    }

    pub(super) fn finish<O: Out>(&mut self, end: &End, out: &mut O) -> io::Result<()> {
        let Some(offset) = end.binary_offset.filter(|_| end.has_match) else {
            return Ok(());
        };
        let StandardPrinter { style, tally, .. } = self;
        if let Some(path) = &style.path {
            tally.printed += path.write(b": ", out)?;
        }
        let what = if end.left {
            "WARNING: stopped searching binary file after match"
        } else {
            "binary file matches"
        };
        let message = format!("{what} (found \"\\0\" byte around offset {offset})\n");
        put(tally, out, message.as_bytes())
    }
}

fn put<O: Out>(tally: &mut Tally, out: &mut O, bytes: &[u8]) -> io::Result<()> {
    tally.printed += bytes.len() as u64;
    out.put(bytes)
}
