//! The header of a log line: what stands before the message.
//!
//! Timestamp, host, program, process and thread numbers, level and logger
//! say when and where; the message says what. [`Header::of`] finds where the
//! message starts, line by line and without a memory, so that it can be asked
//! by any thread about any line. It knows no products: `reader.rs` goes from
//! token to token as long as they look like parts of a header.

mod ahead;
mod front;
pub mod level;
mod member;
mod memo;
mod prefix;
mod reader;
mod row;
pub(crate) mod stamp;
mod token;

pub use level::Level;
pub use memo::HeaderMemo;
pub(crate) use stamp::len as stamp_len;

use self::reader::Reader;
use crate::visible::Visible;

/// What stands before the message of a line.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Header {
    /// Where the message starts in the line; 0 if there is no header.
    pub start: usize,
    /// Where the message ends. Only a line that names its fields (JSON,
    /// logfmt) has something behind it.
    pub end: usize,
    /// How severe the header says the event is.
    pub level: Option<Level>,
}

impl Header {
    /// The header of a line without its terminator.
    ///
    /// The message is never empty unless the line holds nothing but white
    /// space: a line that is all header is its own message.
    pub fn of(line: &[u8]) -> Header {
        if Visible::is_needed(line) {
            return Header::of_visible(line);
        }
        let header = Header::of_plain(line);
        // Colours may stand within it.
        if header.level.is_none() && Visible::is_needed_within(line) {
            return Header::of_visible(line);
        }
        header
    }

    /// The header of a line that has colour codes, which are passed over.
    #[cold]
    fn of_visible(line: &[u8]) -> Header {
        let mut visible = Visible::default();
        visible.fill(line);
        let header = Header::of_plain(&visible.bytes);
        let all = header.end == visible.bytes.len();
        Header {
            start: if header.start == 0 {
                0
            } else {
                visible.place(header.start)
            },
            end: if all {
                line.len()
            } else {
                visible.place(header.end)
            },
            level: header.level,
        }
    }

    fn of_plain(line: &[u8]) -> Header {
        let blanks = line.iter().take_while(|b| b.is_ascii_whitespace()).count();
        if line.get(blanks) == Some(&b'{') {
            return member::json(line, blanks);
        }
        let mut header = if blanks > 0 {
            // A line that goes on with the event before it.
            Header::none(line)
        } else {
            Reader::new(line).read()
        };
        if member::is_logfmt(header.message(line)) {
            member::logfmt(line, &mut header);
        } else if header.message(line).starts_with(b"{\"") {
            // A program's own JSON behind what wraps it.
            let inner = member::json(line, header.start);
            header.level = header.level.or(inner.level);
            if inner.start > 0 {
                (header.start, header.end) = (inner.start, inner.end);
            }
        }
        header
    }

    /// The level of it alone: what names a level in front is not searched for a
    /// message.
    fn level_of(line: &[u8]) -> Option<Level> {
        if line
            .first()
            .is_none_or(|b| b.is_ascii_whitespace() || matches!(b, b'{' | 0 | 0x1b))
        {
            return Header::of(line).level;
        }
        let mut header = Reader::new(line).read();
        if header.level.is_none() && member::is_logfmt(header.message(line)) {
            member::logfmt(line, &mut header);
        }
        if header.level.is_none()
            && (header.message(line).starts_with(b"{\"") || Visible::is_needed_within(line))
        {
            return Header::of(line).level;
        }
        header.level
    }

    fn none(line: &[u8]) -> Header {
        Header {
            start: 0,
            end: line.len(),
            level: None,
        }
    }

    /// The message of the line it was found in.
    pub fn message<'l>(&self, line: &'l [u8]) -> &'l [u8] {
        &line[self.start..self.end]
    }
}

#[cfg(test)]
mod tests;
