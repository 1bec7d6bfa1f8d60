//! Packed bytes in, unpacked bytes out.

use std::{
    fmt,
    io::{self, BufRead, Read},
};

use super::{
    LONGEST_MARK, Packing,
    brotli::Brotli,
    bzip2_checked::Bzip2,
    compress::Compress,
    damage::{damaged, part_failed},
    gzip::Gzip,
    lz4::Lz4,
    packed::Packed,
    seal::{Check, Mark, Says, Seal},
    skippable::{self, Skippable},
    zstd_frame::ZstdFrame,
};

/// The most memory a decoder of xz may ask for. `xz -9` needs 65 MiB.
const XZ_MEMORY: u64 = 128 << 20;

/// The largest dictionary of lzma that is held; that of `xz -9` has 64 MiB. Some
/// encoders write the largest there can be into every header, whatever they need.
const LZMA_DICTIONARY: u32 = 96 << 20;

/// Unpacks all parts of packed data, one after the other, and checks them.
#[derive(Debug)]
pub(in crate::source) struct Unpacker {
    steps: Steps,
    check: Check,
}

/// Unpacks all parts of packed data and leaves the checksums of gzip and zstd
/// to who gets the bytes.
pub(super) struct Steps {
    packing: Packing,
    state: State,
    /// Parts that were read to their end.
    parts: u64,
    /// All of these were frames that decoders skip, which zstd and lz4 have both.
    only_skipped: bool,
    /// Where the part at hand begins.
    begun: u64,
}

/// What comes next of packed data.
pub(super) enum Step {
    /// So many bytes, at least one.
    Bytes(usize),
    Mark(Mark),
    Over,
}

enum State {
    /// Before a part, or behind the last.
    Between(Packed),
    Inside(Box<Decoder>),
    /// What came out before this was wrong was given; it is to be reported.
    Failed(io::Error),
    /// An error was reported; nothing follows.
    Over,
}

enum Decoder {
    Gzip(Box<Gzip>),
    Zstd(ZstdFrame),
    Xz(liblzma::bufread::XzDecoder<Packed>),
    Bzip2(Box<Bzip2>),
    Lz4(Box<Lz4>),
    Skippable(Skippable),
    Brotli(Box<Brotli>),
    Compress(Box<Compress>),
}

impl Unpacker {
    /// Unpacks what the reader gives.
    pub(in crate::source) fn new(packing: Packing, packed: Box<dyn Read + Send>) -> Unpacker {
        Unpacker::of(packing, Packed::new(packed), false)
    }

    /// Unpacks these bytes; `parts_before`: of the same data, so that what is
    /// no part is something that follows it.
    pub(in crate::source) fn of(packing: Packing, packed: Packed, parts_before: bool) -> Unpacker {
        Unpacker {
            steps: Steps {
                packing,
                state: State::Between(packed),
                parts: u64::from(parts_before),
                only_skipped: !parts_before,
                begun: 0,
            },
            check: Check::None,
        }
    }

    /// Goes on within a part that begins at byte `begun`; the bytes are those of
    /// one all the same.
    pub(super) fn within(packing: Packing, packed: Packed, begun: u64) -> io::Result<Unpacker> {
        let decoder = Decoder::new(packing, packed)?;
        Ok(Unpacker {
            check: decoder.check(),
            steps: Steps {
                packing,
                state: State::Inside(Box::new(decoder)),
                parts: 0,
                only_skipped: false,
                begun,
            },
        })
    }

    /// What unpacks without checks, before anything was read.
    pub(super) fn into_steps(self) -> Steps {
        self.steps
    }
}

impl Steps {
    /// Unpacks into a buffer that is not empty. Nothing follows an error.
    pub(super) fn next(&mut self, buffer: &mut [u8]) -> io::Result<Step> {
        loop {
            match std::mem::replace(&mut self.state, State::Over) {
                State::Over => return Ok(Step::Over),
                State::Between(packed) => {
                    if let Some(check) = self.begin(packed)? {
                        return Ok(Step::Mark(Mark::Begin(check)));
                    }
                }
                State::Failed(error) => return Err(error),
                State::Inside(mut decoder) => {
                    let before = decoder.came_out();
                    match decoder.read(buffer) {
                        Ok(0) => return Ok(Step::Mark(Mark::End(self.end(*decoder)))),
                        Ok(got) => {
                            self.state = State::Inside(decoder);
                            return Ok(Step::Bytes(got));
                        }
                        Err(e) if e.kind() == io::ErrorKind::Interrupted => {
                            self.state = State::Inside(decoder);
                        }
                        Err(e) => {
                            let error = self.failed(&e, decoder.at());
                            let got = (decoder.came_out() - before) as usize;
                            if got == 0 {
                                return Err(error);
                            }
                            self.state = State::Failed(error);
                            return Ok(Step::Bytes(got));
                        }
                    }
                }
            }
        }
    }

    /// Begins the next part, if there is one, and gives what is to be checked.
    fn begin(&mut self, mut packed: Packed) -> io::Result<Option<Check>> {
        if !self.begins_part(&mut packed)? {
            return Ok(None);
        }
        let at = packed.at();
        self.begun = at;
        let shared = matches!(self.packing, Packing::Zstd | Packing::Lz4);
        if shared && skippable::begins(packed.peek(LONGEST_MARK)?) {
            self.state = State::Inside(Box::new(Decoder::Skippable(Skippable::new(packed))));
            return Ok(Some(Check::None));
        }
        self.only_skipped = false;
        let decoder = Decoder::new(self.packing, packed).map_err(|e| self.failed(&e, at))?;
        let check = decoder.check();
        self.state = State::Inside(Box::new(decoder));
        Ok(Some(check))
    }

    fn end(&mut self, decoder: Decoder) -> Seal {
        self.parts += 1;
        let seal = Seal {
            says: decoder.says(),
            packing: self.packing,
            begun: self.begun,
            at: decoder.at(),
        };
        self.state = State::Between(decoder.into_inner());
        seal
    }

    /// Whether another part follows; false at the end.
    fn begins_part(&mut self, packed: &mut Packed) -> io::Result<bool> {
        if self.parts == 0 {
            return Ok(true);
        }
        // Tapes and xz pad with zeros.
        while packed.fill_buf()?.first() == Some(&0) {
            let buffer = packed.fill_buf()?;
            let zeros = buffer.iter().take_while(|&&b| b == 0).count();
            packed.consume(zeros);
        }
        let at = packed.at();
        let head = packed.peek(LONGEST_MARK)?;
        if head.is_empty() {
            return Ok(false);
        }
        if self.packing.begins(head) || Packing::of_begun(head) == Some(self.packing) {
            return Ok(true);
        }
        let mut others = [Packing::Zstd, Packing::Lz4].into_iter();
        if self.only_skipped
            && self.packing.begins(&SKIPPABLE)
            && let Some(other) = others.find(|other| other.begins(head))
        {
            self.packing = other;
            return Ok(true);
        }
        let name = self.packing.name();
        Err(damaged(format!(
            "the {name} data ends at byte {at} and something else follows it \
             (it was left out; what comes before it is complete)"
        )))
    }

    fn failed(&self, error: &io::Error, at: u64) -> io::Error {
        part_failed(self.packing, self.begun, at, error)
    }
}

/// The mark of a frame that decoders skip.
const SKIPPABLE: [u8; 4] = [0x50, 0x2a, 0x4d, 0x18];

impl Read for Unpacker {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while !buffer.is_empty() {
            match self.steps.next(buffer)? {
                Step::Bytes(got) => {
                    self.check.update(&buffer[..got]);
                    return Ok(got);
                }
                Step::Mark(mark) => {
                    let passed = self.check.pass(mark);
                    if passed.is_err() {
                        self.steps.state = State::Over;
                    }
                    passed?;
                }
                Step::Over => break,
            }
        }
        Ok(0)
    }
}

impl fmt::Debug for Steps {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Steps")
            .field("packing", &self.packing)
            .field("parts", &self.parts)
            .finish_non_exhaustive()
    }
}

impl Decoder {
    fn new(packing: Packing, mut packed: Packed) -> io::Result<Decoder> {
        // What these give of damaged data, and where they find it, depends on how
        // much of it they see at a time.
        packed.fill = matches!(packing, Packing::Xz | Packing::Lzma | Packing::Bzip2);
        let xz = |made: Result<liblzma::stream::Stream, liblzma::stream::Error>| {
            made.map_err(io::Error::from)
        };
        Ok(match packing {
            Packing::Gzip => Decoder::Gzip(Box::new(Gzip::new(packed))),
            Packing::Zstd => Decoder::Zstd(ZstdFrame::new(packed)?),
            Packing::Xz => {
                let stream = xz(liblzma::stream::Stream::new_stream_decoder(XZ_MEMORY, 0))?;
                Decoder::Xz(liblzma::bufread::XzDecoder::new_stream(packed, stream))
            }
            Packing::Lzma => {
                let dictionary = packed.peek(LONGEST_MARK)?.get(1..5);
                let dictionary = dictionary.and_then(|bytes| bytes.first_chunk());
                if dictionary.is_some_and(|size| u32::from_le_bytes(*size) > LZMA_DICTIONARY) {
                    packed.change(1, &LZMA_DICTIONARY.to_le_bytes());
                }
                let stream = xz(liblzma::stream::Stream::new_lzma_decoder(XZ_MEMORY))?;
                Decoder::Xz(liblzma::bufread::XzDecoder::new_stream(packed, stream))
            }
            Packing::Bzip2 => Decoder::Bzip2(Box::new(Bzip2::new(packed))),
            Packing::Lz4 => Decoder::Lz4(Box::new(Lz4::new(packed))),
            Packing::Brotli => Decoder::Brotli(Box::new(Brotli::new(packed))),
            Packing::Compress => Decoder::Compress(Box::new(Compress::new(packed))),
        })
    }

    /// What has to be computed of its bytes.
    fn check(&self) -> Check {
        match self {
            Decoder::Gzip(_) => Check::crc(),
            Decoder::Zstd(decoder) if decoder.is_sealed() => Check::xxh(),
            _ => Check::None,
        }
    }

    /// What it says of its bytes at its end, unless it has checked them.
    fn says(&self) -> Option<Says> {
        match self {
            Decoder::Gzip(decoder) => decoder.says(),
            Decoder::Zstd(decoder) => decoder.says(),
            _ => None,
        }
    }

    /// Unpacks into a buffer that is not empty; 0 at the end.
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Decoder::Gzip(decoder) => decoder.read(buffer),
            Decoder::Zstd(decoder) => decoder.read(buffer),
            Decoder::Xz(decoder) => decoder.read(buffer),
            Decoder::Bzip2(decoder) => decoder.read(buffer),
            Decoder::Lz4(decoder) => decoder.read(buffer),
            Decoder::Skippable(decoder) => decoder.read(),
            Decoder::Brotli(decoder) => decoder.read(buffer),
            Decoder::Compress(decoder) => decoder.read(buffer),
        }
    }

    /// How many bytes came out, of decoders that report an error instead of what
    /// came out before it in the same call; of others 0.
    fn came_out(&self) -> u64 {
        match self {
            Decoder::Gzip(decoder) => decoder.came_out(),
            Decoder::Xz(decoder) => decoder.total_out(),
            _ => 0,
        }
    }

    fn into_inner(self) -> Packed {
        match self {
            Decoder::Gzip(decoder) => decoder.into_inner(),
            Decoder::Zstd(decoder) => decoder.into_inner(),
            Decoder::Xz(decoder) => decoder.into_inner(),
            Decoder::Bzip2(decoder) => decoder.into_inner(),
            Decoder::Lz4(decoder) => decoder.into_inner(),
            Decoder::Skippable(decoder) => decoder.into_inner(),
            Decoder::Brotli(decoder) => decoder.into_inner(),
            Decoder::Compress(decoder) => decoder.into_inner(),
        }
    }

    /// How many packed bytes were taken.
    fn at(&self) -> u64 {
        match self {
            Decoder::Gzip(decoder) => decoder.get_ref().at(),
            Decoder::Zstd(decoder) => decoder.get_ref().at(),
            Decoder::Xz(decoder) => decoder.get_ref().at(),
            Decoder::Bzip2(decoder) => decoder.get_ref().at(),
            Decoder::Lz4(decoder) => decoder.get_ref().at(),
            Decoder::Skippable(decoder) => decoder.get_ref().at(),
            Decoder::Brotli(decoder) => decoder.get_ref().at(),
            Decoder::Compress(decoder) => decoder.get_ref().at(),
        }
    }
}
