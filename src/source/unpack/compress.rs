//! The format of `compress` (`.Z`): LZW with codes that grow from 9 bits on.
//!
//! It has neither a checksum nor a length, so what is cut off between two codes
//! ends like a whole one, and a code that was changed is found only if it names
//! a string that is not known yet.

use std::io::{self, BufRead as _, Read as _};

use super::packed::Packed;

/// Its mark is two bytes; the third says how wide codes may become, and whether
/// there is a code that forgets all strings.
const HEADER: usize = 3;
const FORGETS: u8 = 0x80;

/// Whether data of this format begins like this.
pub(super) fn begins(head: &[u8]) -> bool {
    matches!(head, [0x1f, 0x9d, flags, ..] if flags & 0x60 == 0 && (9..=16).contains(&(flags & 0x1f)))
}

const FIRST_WIDTH: u32 = 9;
/// The code that forgets all strings, where there is one.
const FORGET: u16 = 256;
/// Codes are written in groups of so many. What is left of a group is skipped
/// when their width changes: the first encoder wrote whole buffers.
const GROUP: u32 = 8;

/// Unpacks one stream.
pub(super) struct Compress {
    packed: Packed,
    /// Bits that were taken and not used, the lowest first.
    bits: u64,
    held: u32,
    width: u32,
    widest: u32,
    forgets: bool,
    /// Codes of the group at hand that were read.
    in_group: u32,
    /// A string is another, by its code, and a byte behind it.
    strings: Vec<(u16, u8)>,
    /// The code that the next string gets.
    free: usize,
    /// The code before, and the first byte of its string.
    before: Option<(u16, u8)>,
    /// The string at hand, its first byte last.
    string: Vec<u8>,
    /// Told when what comes before it was given. To try once more would not do: a
    /// reader may fail once, and then look as if it were at its end.
    failed: Option<io::Error>,
}

impl Compress {
    pub(super) fn new(packed: Packed) -> Compress {
        Compress {
            packed,
            bits: 0,
            held: 0,
            width: FIRST_WIDTH,
            widest: 0,
            forgets: false,
            in_group: 0,
            strings: Vec::new(),
            free: 0,
            before: None,
            string: Vec::new(),
            failed: None,
        }
    }

    pub(super) fn get_ref(&self) -> &Packed {
        &self.packed
    }

    pub(super) fn into_inner(self) -> Packed {
        self.packed
    }

    /// As [`io::Read::read`].
    pub(super) fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.widest == 0 {
            self.begin()?;
        }
        if let Some(error) = self.failed.take() {
            return Err(error);
        }
        let mut given = 0;
        while given < buffer.len() {
            if let Some(byte) = self.string.pop() {
                buffer[given] = byte;
                given += 1;
            } else {
                match self.next_string() {
                    Ok(true) => {}
                    Ok(false) => break,
                    Err(error) if given > 0 => {
                        self.failed = Some(error);
                        break;
                    }
                    Err(error) => return Err(error),
                }
            }
        }
        Ok(given)
    }

    fn begin(&mut self) -> io::Result<()> {
        let mut header = [0; HEADER];
        self.packed.read_exact(&mut header)?;
        if !begins(&header) {
            return Err(invalid("its header is none"));
        }
        self.widest = u32::from(header[2] & 0x1f);
        self.forgets = header[2] & FORGETS != 0;
        self.strings = vec![(0, 0); 1 << self.widest];
        self.free = usize::from(FORGET) + usize::from(self.forgets);
        Ok(())
    }

    /// Unpacks the next string; false at the end.
    fn next_string(&mut self) -> io::Result<bool> {
        loop {
            let last = (1 << self.width) - usize::from(self.width < self.widest);
            if self.free > last {
                self.skip_group()?;
                self.width += 1;
            }
            let Some(code) = self.code()? else {
                return Ok(false);
            };
            if self.forgets && code == FORGET && self.before.is_some() {
                self.skip_group()?;
                self.width = FIRST_WIDTH;
                // The code behind it makes a string that is never used.
                self.free = usize::from(FORGET);
                continue;
            }
            self.unpack(code)?;
            return Ok(true);
        }
    }

    fn unpack(&mut self, code: u16) -> io::Result<()> {
        let Some((before, first)) = self.before else {
            let byte = u8::try_from(code).map_err(|_| unknown())?;
            self.string.push(byte);
            self.before = Some((code, byte));
            return Ok(());
        };
        let mut at = code;
        if usize::from(code) >= self.free {
            if usize::from(code) > self.free {
                return Err(unknown());
            }
            // The string that this very code makes: the one before, and the
            // byte that it begins with.
            self.string.push(first);
            at = before;
        }
        while at >= FORGET {
            let (prefix, byte) = self.strings[usize::from(at)];
            self.string.push(byte);
            at = prefix;
        }
        let first = at as u8;
        self.string.push(first);
        if self.free < self.strings.len() {
            self.strings[self.free] = (before, first);
            self.free += 1;
        }
        self.before = Some((code, first));
        Ok(())
    }

    fn skip_group(&mut self) -> io::Result<()> {
        while !self.in_group.is_multiple_of(GROUP) {
            if self.code()?.is_none() {
                break;
            }
        }
        self.in_group = 0;
        Ok(())
    }

    /// The next code; `None` at the end.
    fn code(&mut self) -> io::Result<Option<u16>> {
        while self.held < self.width {
            let Some(&byte) = self.packed.fill_buf()?.first() else {
                // Less than a byte is what the last code leaves of its own.
                return if self.held < 8 && self.bits == 0 {
                    Ok(None)
                } else {
                    Err(io::ErrorKind::UnexpectedEof.into())
                };
            };
            self.packed.consume(1);
            self.bits |= u64::from(byte) << self.held;
            self.held += 8;
        }
        let code = self.bits & ((1 << self.width) - 1);
        self.bits >>= self.width;
        self.held -= self.width;
        self.in_group += 1;
        Ok(Some(code as u16))
    }
}

fn invalid(why: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why)
}

fn unknown() -> io::Error {
    invalid("a code names a string that is not known yet")
}
