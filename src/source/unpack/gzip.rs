//! A member of gzip (RFC 1952), without computing its checksum.

use std::io::{self, BufRead, Read};

use flate2::{Decompress, FlushDecompress, Status};

use super::{packed::Packed, seal::Says};

/// The flags of a header: which fields follow.
const HEADER_CRC: u8 = 1 << 1;
const EXTRA: u8 = 1 << 2;
const NAME: u8 = 1 << 3;
const COMMENT: u8 = 1 << 4;
const RESERVED: u8 = 0b111 << 5;

/// The most bytes of a name or a comment.
const LONGEST_FIELD: u64 = 64 << 10;

/// Unpacks one member and takes no byte behind it.
pub(super) struct Gzip {
    packed: Packed,
    inflate: Decompress,
    state: State,
}

#[derive(Clone, Copy)]
enum State {
    Header,
    Body,
    Trailer,
    Over(Says),
}

impl Gzip {
    pub(super) fn new(packed: Packed) -> Gzip {
        Gzip {
            packed,
            inflate: Decompress::new(false),
            state: State::Header,
        }
    }

    pub(super) fn get_ref(&self) -> &Packed {
        &self.packed
    }

    pub(super) fn into_inner(self) -> Packed {
        self.packed
    }

    /// How many bytes came out.
    pub(super) fn came_out(&self) -> u64 {
        self.inflate.total_out()
    }

    /// What it says of its bytes, once all were read.
    pub(super) fn says(&self) -> Option<Says> {
        match self.state {
            State::Over(says) => Some(says),
            _ => None,
        }
    }

    /// As [`io::Read::read`].
    pub(super) fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            match self.state {
                State::Header => {
                    skip_header(&mut self.packed)?;
                    self.state = State::Body;
                }
                State::Body => {
                    let got = self.inflate(buffer)?;
                    if got > 0 || buffer.is_empty() {
                        return Ok(got);
                    }
                }
                State::Trailer => {
                    let mut words = [[0; 4]; 2];
                    self.packed.read_exact(words.as_flattened_mut())?;
                    let [sum, size] = words.map(u32::from_le_bytes);
                    self.state = State::Over(Says::Crc(sum, size));
                }
                State::Over(_) => return Ok(0),
            }
        }
    }

    /// Unpacks what fits, or all there is of the packed bytes at hand.
    fn inflate(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let input = self.packed.fill_buf()?;
        let ended = input.is_empty();
        let (taken, given) = (self.inflate.total_in(), self.inflate.total_out());
        let result = self
            .inflate
            .decompress(input, buffer, FlushDecompress::None);
        let taken = (self.inflate.total_in() - taken) as usize;
        let given = (self.inflate.total_out() - given) as usize;
        self.packed.consume(taken);
        match result {
            Err(_) => Err(invalid("corrupt deflate stream")),
            Ok(Status::StreamEnd) => {
                self.state = State::Trailer;
                Ok(given)
            }
            Ok(_) if ended && given == 0 && !buffer.is_empty() => {
                Err(io::ErrorKind::UnexpectedEof.into())
            }
            Ok(_) => Ok(given),
        }
    }
}

/// Takes a header, of which nothing is needed.
fn skip_header(packed: &mut Packed) -> io::Result<()> {
    let mut header = Vec::new();
    take(packed, &mut header, 10)?;
    let flags = header[3];
    if header[..3] != [0x1f, 0x8b, 8] || flags & RESERVED != 0 {
        return Err(invalid("invalid gzip header"));
    }
    if flags & EXTRA != 0 {
        take(packed, &mut header, 2)?;
        let len = u16::from_le_bytes([header[10], header[11]]);
        take(packed, &mut header, u64::from(len))?;
    }
    for field in [NAME, COMMENT] {
        if flags & field != 0 {
            packed
                .by_ref()
                .take(LONGEST_FIELD)
                .read_until(0, &mut header)?;
            if header.last() != Some(&0) {
                let more = !packed.fill_buf()?.is_empty();
                return Err(if more {
                    invalid("gzip header field too long")
                } else {
                    io::ErrorKind::UnexpectedEof.into()
                });
            }
        }
    }
    if flags & HEADER_CRC != 0 {
        let mut says = [0; 2];
        packed.read_exact(&mut says)?;
        if crc32fast::hash(&header) as u16 != u16::from_le_bytes(says) {
            return Err(invalid("the checksum of its header does not match"));
        }
    }
    Ok(())
}

fn take(packed: &mut Packed, header: &mut Vec<u8>, len: u64) -> io::Result<()> {
    let got = packed.by_ref().take(len).read_to_end(header)?;
    if got as u64 == len {
        Ok(())
    } else {
        Err(io::ErrorKind::UnexpectedEof.into())
    }
}

fn invalid(why: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why)
}
