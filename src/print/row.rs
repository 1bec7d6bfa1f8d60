//! One line on its way out.

use std::{io, iter};

use grep_matcher::Match;

use super::{
    Kind, Line, Out, Tally, decimal::Decimal, lead::Lead, link::Link, safe::put_shown,
    spans::content_end, style::Style,
};

/// Writes the rows that one line is shown as.
///
/// `spans` always are the matches that colour a row, `all` those of the line;
/// both are positions in the text they come with.
pub(super) struct Row<'a, O> {
    pub(super) style: &'a Style,
    pub(super) lead: &'a mut Lead,
    pub(super) tally: &'a mut Tally,
    pub(super) kind: Kind,
    pub(super) line: &'a Line<'a>,
    pub(super) out: &'a mut O,
}

impl<O: Out> Row<'_, O> {
    /// Writes a line whose matches do not matter.
    #[inline]
    pub(super) fn plain(&mut self) -> io::Result<()> {
        self.lead(0, None)?;
        self.plain_text(self.line.text(), &iter::empty())
    }

    /// Writes a line that has none where they matter.
    pub(super) fn without_match(&mut self) -> io::Result<()> {
        if self.hides() {
            return Ok(());
        }
        self.plain()
    }

    /// Whether a line without a match is left out.
    fn hides(&self) -> bool {
        self.style.only_matches && self.kind == Kind::Match
    }

    /// Writes a line (or what replaces it) with its matches.
    pub(super) fn fine(
        &mut self,
        text: &[u8],
        mut spans: impl Iterator<Item = Match> + Clone,
    ) -> io::Result<()> {
        let Some(first) = spans.next() else {
            if self.hides() {
                return Ok(());
            }
            self.lead(0, None)?;
            return self.plain_text(text, &spans);
        };
        let all = iter::once(first).chain(spans);
        if self.style.print.only_matching {
            for span in all.clone() {
                self.lead(span.start(), Some(span))?;
                let text = &text[span];
                let span = Match::new(0, text.len());
                self.painted_text(text, iter::once(span), &all)?;
            }
        } else if self.style.print.per_match {
            for span in all.clone() {
                self.lead(span.start(), Some(span))?;
                self.painted_text(text, iter::once(span), &all)?;
            }
        } else {
            self.lead(0, Some(first))?;
            self.painted_text(text, all.clone(), &all)?;
        }
        Ok(())
    }

    /// Writes what stands before the text of a row that begins at this
    /// position of the line.
    #[inline]
    fn lead(&mut self, at: usize, first: Option<Match>) -> io::Result<()> {
        if self.style.linked {
            return self.linked_lead(at, first);
        }
        let (lead, shown) = self.lead.of(self.line.number);
        self.out.put(lead)?;
        self.tally.printed += shown;
        if let Some(first) = first.filter(|_| self.style.print.column) {
            self.field(first.start() as u64 + 1)?;
        }
        if self.style.print.byte_offset {
            self.field(self.line.offset + at as u64)?;
        }
        Ok(())
    }

    /// Writes what stands before a line as a link: all fields are in it, what ends the last is not.
    fn linked_lead(&mut self, at: usize, first: Option<Match>) -> io::Result<()> {
        let style = self.style;
        let (print, escapes) = (&*style.print, &style.escapes);
        let column = first.map(|first| first.start() as u64 + 1);
        let Some(path) = &style.path else {
            return Ok(());
        };
        let link = path.line_link(print);
        if let Some(link) = link {
            self.paint(&link.open(self.line.number, column))?;
        }
        let separator = style.separator(self.kind);
        let mut end: &[u8] = &[];
        if !print.heading {
            self.paint(path.as_bytes())?;
            self.tally.printed += path.as_bytes().len() as u64 - path.hidden();
            let terminator = print.path_terminator.as_ref();
            end = terminator.map_or(separator, std::slice::from_ref);
        }
        let offset = print.byte_offset.then(|| self.line.offset + at as u64);
        for (number, color) in [
            (self.line.number, &escapes.line),
            (column.filter(|_| print.column), &escapes.column),
            (offset, &escapes.column),
        ] {
            if let Some(number) = number {
                self.put(end)?;
                self.number(number, color)?;
                end = separator;
            }
        }
        if link.is_some() {
            self.paint(Link::close())?;
        }
        self.put(end)
    }

    fn field(&mut self, number: u64) -> io::Result<()> {
        self.number(number, &self.style.escapes.column)?;
        self.put(self.style.separator(self.kind))
    }

    fn number(&mut self, number: u64, color: &[u8]) -> io::Result<()> {
        self.paint(color)?;
        self.put(Decimal::new(number).as_bytes())?;
        self.paint(&self.style.escapes.reset)
    }

    #[inline]
    fn plain_text(
        &mut self,
        text: &[u8],
        all: &(impl Iterator<Item = Match> + Clone),
    ) -> io::Result<()> {
        let mut text = text;
        if self.style.edits {
            text = &text[self.style.trim(text, Match::new(0, text.len()))];
            if self.style.is_excess(text) {
                // The matches are those of the whole text, though this may be
                // a part of it: ripgrep counts the matches left out that way.
                let part = Match::new(0, text.len());
                return self.excess(text, part, all.clone(), all);
            }
        }
        self.text(text, true)?;
        if self.style.terminator.is_suffix(text) {
            return Ok(());
        }
        self.end()
    }

    fn painted_text(
        &mut self,
        text: &[u8],
        spans: impl Iterator<Item = Match> + Clone,
        all: &(impl Iterator<Item = Match> + Clone),
    ) -> io::Result<()> {
        if !self.style.escapes.matches {
            return self.plain_text(text, all);
        }
        let part = self.style.trim(text, Match::new(0, text.len()));
        if self.style.is_excess(text) {
            return self.excess(text, part, spans, all);
        }
        self.painted(text, part, spans)?;
        self.end()
    }

    /// Writes a part of a text, without a terminator, matches in colour.
    pub(super) fn painted(
        &mut self,
        text: &[u8],
        part: Match,
        mut spans: impl Iterator<Item = Match>,
    ) -> io::Result<()> {
        let end = content_end(text, part, self.style.terminator);
        let mut at = part.start();
        let mut next = spans.next();
        if next.is_none() {
            return self.text(&text[at..end], true);
        }
        let escapes = &self.style.escapes;
        let line_colour =
            (escapes.highlights && self.kind == Kind::Match).then_some(&escapes.highlight);
        let after_match = line_colour.unwrap_or(&escapes.reset);
        let mut in_match = false;
        self.paint(line_colour.map_or(&[], |colour| colour))?;
        while at < end {
            while next.is_some_and(|span| span.end() <= at) {
                next = spans.next();
            }
            let start = next.map_or(end, |span| span.start().min(end));
            let upto = if at < start {
                if in_match {
                    self.paint(after_match)?;
                }
                in_match = false;
                start
            } else {
                if !in_match {
                    self.paint(&escapes.matched)?;
                }
                in_match = true;
                next.map_or(end, |span| span.end().min(end))
            };
            self.text(&text[at..upto], upto == end)?;
            at = upto;
        }
        if in_match {
            self.paint(after_match)?;
        }
        if line_colour.is_some() {
            self.paint(&escapes.reset)?;
        }
        Ok(())
    }

    /// Ends a row.
    #[inline]
    pub(super) fn end(&mut self) -> io::Result<()> {
        self.put(self.style.terminator.as_bytes())
    }

    /// Writes text of the source; `last` if the row ends behind it.
    #[inline]
    fn text(&mut self, text: &[u8], last: bool) -> io::Result<()> {
        if !self.style.print.safe {
            return self.put(text);
        }
        self.tally.printed += put_shown(text, last, self.out)?;
        Ok(())
    }

    /// Writes bytes that show.
    #[inline]
    pub(super) fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.tally.printed += bytes.len() as u64;
        self.out.put(bytes)
    }

    /// Writes bytes that only colour.
    #[inline]
    fn paint(&mut self, escape: &[u8]) -> io::Result<()> {
        if escape.is_empty() {
            return Ok(());
        }
        self.out.put(escape)
    }
}
