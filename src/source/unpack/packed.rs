//! The packed bytes, before a decoder.

use std::io::{self, BufRead, Read};

use crate::source::page::{PAGE, begins};

/// How much is read of the packed bytes at a time.
const BUFFER: usize = 128 << 10;

/// Reads packed data from an offset on.
pub(in crate::source) type Open = Box<dyn Fn(u64) -> Box<dyn Read + Send> + Send + Sync>;

/// A buffered reader that can be looked into and knows how many bytes were
/// taken from it.
pub(in crate::source) struct Packed {
    reader: Box<dyn Read + Send>,
    buffer: Box<[u8]>,
    /// What of the buffer is not taken yet.
    start: usize,
    end: usize,
    taken: u64,
    /// Told when the bytes before it are taken: a reader may fail once, and then
    /// look as if it were at its end.
    failed: Option<io::Error>,
    /// Whether the buffer is filled before any of it is given, though a pipe may
    /// have less for now.
    pub(super) fill: bool,
}

impl Packed {
    pub(in crate::source) fn new(reader: Box<dyn Read + Send>) -> Packed {
        Packed::resumed(reader, 0)
    }

    /// Where so many bytes were taken before. What is put before others counts as
    /// taken when it is, so the number may wrap.
    pub(super) fn resumed(reader: Box<dyn Read + Send>, taken: u64) -> Packed {
        Packed {
            reader,
            buffer: vec![0; BUFFER + PAGE].into(),
            start: 0,
            end: 0,
            taken,
            failed: None,
            fill: false,
        }
    }

    /// Puts others in the place of bytes that were peeked at.
    pub(super) fn change(&mut self, from: usize, bytes: &[u8]) {
        let here = &mut self.buffer[self.start + from..self.end];
        let len = bytes.len().min(here.len());
        here[..len].copy_from_slice(&bytes[..len]);
    }

    /// How many bytes were taken.
    pub(super) fn at(&self) -> u64 {
        self.taken
    }

    /// The next bytes: `len` of them unless the end comes before, or more.
    pub(super) fn peek(&mut self, len: usize) -> io::Result<&[u8]> {
        while self.end - self.start < len {
            if let Some(error) = self.failed.take() {
                return Err(error);
            }
            let at = begins(&self.buffer, (self.taken % PAGE as u64) as usize);
            self.buffer.copy_within(self.start..self.end, at);
            (self.start, self.end) = (at, at + self.end - self.start);
            match self.reader.read(&mut self.buffer[self.end..at + BUFFER]) {
                Ok(0) => break,
                Ok(got) => self.end += got,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return Err(e),
            }
        }
        Ok(&self.buffer[self.start..self.end])
    }
}

impl BufRead for Packed {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if !self.fill || self.start < self.end {
            return self.peek(1);
        }
        match self.peek(BUFFER).err() {
            Some(error) if self.start == self.end => Err(error),
            failed => {
                self.failed = failed;
                Ok(&self.buffer[self.start..self.end])
            }
        }
    }

    fn consume(&mut self, amount: usize) {
        self.start += amount;
        self.taken = self.taken.wrapping_add(amount as u64);
    }
}

impl Read for Packed {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let here = self.fill_buf()?;
        let got = here.len().min(buffer.len());
        buffer[..got].copy_from_slice(&here[..got]);
        self.consume(got);
        Ok(got)
    }
}
