//! Lines that are too long to be shown.

use std::io;

use bstr::ByteSlice as _;
use grep_matcher::Match;

use super::{Kind, Out, decimal::Decimal, row::Row};

impl<O: Out> Row<'_, O> {
    /// Writes what is shown instead of a part of a text.
    pub(super) fn excess(
        &mut self,
        text: &[u8],
        part: Match,
        spans: impl Iterator<Item = Match> + Clone,
        all: &(impl Iterator<Item = Match> + Clone),
    ) -> io::Result<()> {
        if self.style.print.max_columns_preview {
            self.preview(text, part, spans)?;
        } else {
            self.omission(all.clone())?;
        }
        self.end()
    }

    /// The beginning, as many characters as bytes were allowed, and how many
    /// matches are not in it.
    fn preview(
        &mut self,
        text: &[u8],
        part: Match,
        spans: impl Iterator<Item = Match> + Clone,
    ) -> io::Result<()> {
        let max = self.style.print.max_columns.unwrap_or(0);
        let shown = text[part]
            .grapheme_indices()
            .map(|(_, end, _)| end)
            .take(usize::try_from(max).unwrap_or(usize::MAX))
            .last()
            .unwrap_or(0);
        let head = part.with_end(part.start() + shown);
        self.painted(text, head, spans.clone())?;
        if spans.clone().next().is_none() {
            return self.put(b" [... omitted end of long line]");
        }
        let more = spans
            .filter(|span| head.end() <= span.start() && span.start() < part.end())
            .count();
        self.put(b" [... ")?;
        self.put(Decimal::new(more as u64).as_bytes())?;
        self.put(if more == 1 {
            b" more match]"
        } else {
            b" more matches]"
        })
    }

    fn omission(&mut self, all: impl Iterator<Item = Match> + Clone) -> io::Result<()> {
        if self.style.print.only_matching || all.clone().next().is_none() {
            return self.put(match self.kind {
                Kind::Match => b"[Omitted long matching line]",
                Kind::Context => b"[Omitted long context line]",
            });
        }
        self.put(b"[Omitted long line with ")?;
        self.put(Decimal::new(all.count() as u64).as_bytes())?;
        self.put(b" matches]")
    }
}
