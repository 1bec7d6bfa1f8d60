//! The header of a log line: what stands before the message.
//!
//! Timestamp, host, program, process and thread numbers, level and logger
//! say when and where; the message says what. [`Header::of`] finds where the
//! message starts, line by line and without a memory, so that it can be asked
//! by any thread about any line.

pub mod level;

pub use level::Level;

/// What stands before the message of a line.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Header {
    /// Where the message starts in the line; 0 if there is no header. Less
    /// than the length of the line unless that is 0.
    pub message: usize,
    /// How severe the header says the event is.
    pub level: Option<Level>,
}

impl Header {
    /// The header of a line without its terminator.
    pub fn of(line: &[u8]) -> Header {
        let word = line
            .split(|b| b" \t|,[]<>:".contains(b))
            .filter(|word| !word.is_empty())
            .take(16)
            .find_map(Level::of_word);
        Header {
            message: 0,
            level: word,
        }
    }
}
