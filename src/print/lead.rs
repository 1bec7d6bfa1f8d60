//! What stands before the text of a line: the name of its source and its
//! number.

use super::{
    Kind,
    decimal::{self, Decimal},
    style::Style,
};

/// Name and number with their separators and colours, in one piece.
///
/// Numbers mostly follow one another closely, so the next one is made by
/// adding to the digits that are there: with matches on every line, that is
/// one byte to change and one piece to copy.
#[derive(Clone, Debug)]
pub(super) struct Lead {
    /// Name, its end, colour of the number, digits, `closing`.
    bytes: Vec<u8>,
    /// Where the part without a number ends.
    path_end: usize,
    /// Where the digits begin.
    digits: usize,
    /// What follows the digits.
    closing: Vec<u8>,
    /// The number the digits stand for.
    number: u64,
    /// How many bytes of the name only colour.
    path_hidden: u64,
    /// How many bytes of the number only colour.
    number_hidden: u64,
}

impl Lead {
    pub(super) fn new(style: &Style, kind: Kind) -> Lead {
        let separator = style.separator(kind);
        let mut bytes = vec![];
        let mut path_hidden = 0;
        if let Some(path) = style.path.as_ref().filter(|_| !style.print.heading) {
            bytes.extend_from_slice(path.as_bytes());
            match style.print.path_terminator {
                Some(terminator) => bytes.push(terminator),
                None => bytes.extend_from_slice(separator),
            }
            path_hidden = path.hidden();
        }
        let path_end = bytes.len();
        bytes.extend_from_slice(&style.escapes.line);
        let digits = bytes.len();
        let closing = [&*style.escapes.reset, separator].concat();
        bytes.push(b'0');
        bytes.extend_from_slice(&closing);
        Lead {
            bytes,
            path_end,
            digits,
            closing,
            number: 0,
            path_hidden,
            number_hidden: (style.escapes.line.len() + style.escapes.reset.len()) as u64,
        }
    }

    /// The bytes before a line of this number, and how many of them show.
    #[inline]
    pub(super) fn of(&mut self, number: Option<u64>) -> (&[u8], u64) {
        let Some(number) = number else {
            let bytes = &self.bytes[..self.path_end];
            return (bytes, bytes.len() as u64 - self.path_hidden);
        };
        if number != self.number {
            self.set(number);
        }
        let shown = self.bytes.len() as u64 - self.path_hidden - self.number_hidden;
        (&self.bytes, shown)
    }

    #[inline]
    fn set(&mut self, number: u64) {
        let end = self.bytes.len() - self.closing.len();
        let added = number
            .checked_sub(self.number)
            .is_some_and(|more| decimal::add(&mut self.bytes[self.digits..end], more));
        if !added {
            self.bytes.truncate(self.digits);
            self.bytes
                .extend_from_slice(Decimal::new(number).as_bytes());
            self.bytes.extend_from_slice(&self.closing);
        }
        self.number = number;
    }
}
