//! A source as a reader of its bytes.

use std::io::{self, Read};

use crate::{
    error::{Error, ErrorKind},
    source::{Source, Stream, unpack::damaged},
};

/// Reads a source from its begin to its end, and then asks whether it stayed
/// what it was.
#[derive(Debug)]
pub(super) struct Bytes {
    source: Source,
    stream: Option<Stream>,
    /// What was read and not given.
    buffer: Vec<u8>,
    at: usize,
    /// Bytes that were read.
    total: u64,
    /// Told by the next read: what unpacks says once what is wrong.
    failed: Option<io::Error>,
}

/// Bytes that are read at a time.
const BUFFER: usize = 256 << 10;

impl Bytes {
    pub(super) fn new(source: Source) -> Bytes {
        Bytes {
            stream: source.take_stream(),
            source,
            buffer: Vec::new(),
            at: 0,
            total: 0,
            failed: None,
        }
    }

    /// Has an error that was met told once more.
    pub(super) fn put_back(&mut self, error: io::Error) {
        self.failed = Some(error);
    }

    fn fill(&mut self) -> io::Result<()> {
        self.buffer.resize(BUFFER, 0);
        let got = match (&mut self.stream, self.source.len()) {
            (Some(stream), _) => stream.read(&mut self.buffer),
            (None, Some(len)) => {
                let left = usize::try_from(len - self.total).unwrap_or(usize::MAX);
                let buffer = &mut self.buffer[..left.min(BUFFER)];
                let read = self.source.read_at(buffer, self.total);
                read.map(|()| buffer.len()).map_err(changed)
            }
            (None, None) => Ok(0),
        };
        self.at = 0;
        self.buffer.truncate(*got.as_ref().unwrap_or(&0));
        let got = got?;
        self.total += got as u64;
        if got == 0 {
            let verdict = self.source.verify_published(self.total);
            verdict.map_err(changed)?;
        }
        Ok(())
    }
}

/// What happened to the archive, without the bytes of it up to which it is intact: those
/// of a member are counted from its own begin.
fn changed(error: Error) -> io::Error {
    match error.kind() {
        ErrorKind::Shrank { from, to, .. } => damaged(format!(
            "the archive shrank from {from} to {to} bytes while being read"
        )),
        _ => io::Error::other(error),
    }
}

impl Read for Bytes {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if let Some(error) = self.failed.take() {
            return Err(error);
        }
        if self.at == self.buffer.len() && !buffer.is_empty() {
            self.fill()?;
        }
        let here = &self.buffer[self.at..];
        let got = here.len().min(buffer.len());
        buffer[..got].copy_from_slice(&here[..got]);
        self.at += got;
        Ok(got)
    }
}
