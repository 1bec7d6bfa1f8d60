//! Lines as values, for a program that uses the library: what is printed of each is its
//! place, its matches and its bytes, in a form that [`Row::read`] takes apart.

use std::{io, ops::Range};

use super::{Line, LineSetup, Out, Tally, spans::Finder};

/// A line that was printed.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Row<'r> {
    /// It was selected; else it stands near one that was.
    pub selected: bool,
    /// Its number, from 1, if lines are numbered.
    pub number: Option<u64>,
    /// The absolute offset of its first byte.
    pub offset: u64,
    /// Its bytes, the terminator included.
    pub text: &'r [u8],
    /// Where its matches are in these.
    pub matches: Vec<Range<usize>>,
}

/// Bytes before the matches: whether it was selected, its number or 0, its offset, how
/// many matches and how many bytes it has.
const HEAD: usize = 1 + 4 * 8;

impl Row<'_> {
    /// The first line of what was printed, and how many bytes it took; `None` if there
    /// is not all of one.
    pub fn read(printed: &[u8]) -> Option<(Row<'_>, usize)> {
        let number = |at: usize| -> Option<usize> {
            let bytes = printed.get(at..at + 8)?.first_chunk()?;
            usize::try_from(u64::from_le_bytes(*bytes)).ok()
        };
        let (spans, len) = (number(17)?, number(25)?);
        let text = HEAD + spans * 16;
        let end = text + len;
        let bytes = printed.get(text..end)?;
        let span = |i: usize| Some(number(HEAD + i * 16)?..number(HEAD + i * 16 + 8)?);
        let row = Row {
            selected: printed[0] != 0,
            number: number(1).filter(|&number| number > 0).map(|n| n as u64),
            offset: number(9)? as u64,
            text: bytes,
            matches: (0..spans).map(span).collect::<Option<_>>()?,
        };
        Some((row, end))
    }
}

/// Prints every line so that [`Row::read`] takes it apart.
#[derive(Clone, Debug)]
pub struct RowPrinter {
    finder: Finder,
    invert: bool,
    pub(super) tally: Tally,
}

impl RowPrinter {
    pub(super) fn new(setup: LineSetup) -> RowPrinter {
        RowPrinter {
            invert: setup.invert,
            finder: Finder::new(setup),
            tally: Tally::default(),
        }
    }

    pub(super) fn wants_matches(&self) -> bool {
        !self.invert
    }

    pub(super) fn matched<O: Out>(&mut self, line: &Line<'_>, out: &mut O) -> io::Result<()> {
        let spans = self.finder.around(line).spans();
        let spans: Vec<_> = spans.map(|span| span.start()..span.end()).collect();
        self.tally.matches += spans.len() as u64;
        self.put(line, true, &spans, out)
    }

    pub(super) fn context<O: Out>(&mut self, line: &Line<'_>, out: &mut O) -> io::Result<()> {
        let spans: Vec<_> = if self.invert {
            let spans = self.finder.alone(line).spans();
            spans.map(|span| span.start()..span.end()).collect()
        } else {
            Vec::new()
        };
        self.put(line, false, &spans, out)
    }

    fn put<O: Out>(
        &mut self,
        line: &Line<'_>,
        selected: bool,
        spans: &[Range<usize>],
        out: &mut O,
    ) -> io::Result<()> {
        let text = line.text();
        let mut head = vec![u8::from(selected)];
        let numbers = [line.number.unwrap_or(0), line.offset];
        let counts = [spans.len() as u64, text.len() as u64];
        let places = spans.iter().flat_map(|span| [span.start, span.end]);
        let places = places.map(|place| place as u64);
        for number in numbers.into_iter().chain(counts).chain(places) {
            head.extend_from_slice(&number.to_le_bytes());
        }
        self.tally.printed += (head.len() + text.len()) as u64;
        out.put(&head)?;
        out.put(text)
    }

    pub(super) fn pass(&mut self, line: &Line<'_>) {
        self.tally.matches += self.finder.around(line).spans().count() as u64;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_whole_is_no_row() {
        let mut bytes = vec![1];
        for number in [7_u64, 3, 1, 2, 0, 1] {
            bytes.extend_from_slice(&number.to_le_bytes());
        }
        bytes.extend_from_slice(b"ab");
        for end in 0..bytes.len() {
            assert_eq!(Row::read(&bytes[..end]), None);
        }
        bytes.push(0);
        let (row, end) = Row::read(&bytes).unwrap();
        assert_eq!(end, bytes.len() - 1);
        let all = (row.selected, row.number, row.offset, row.text);
        assert_eq!(all, (true, Some(7), 3, &b"ab"[..]));
        assert!(row.matches.len() == 1 && row.matches[0] == (0..1));
    }
}
