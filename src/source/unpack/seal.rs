//! Checksums of what was unpacked, apart from the decoders: who looks at the
//! bytes computes them, so that the thread that unpacks does nothing else.

use std::{fmt, io};

use xxhash_rust::xxh64::Xxh64;

use super::{Packing, damage::part_failed};

/// The checksum of the part at hand, as far as its bytes were seen.
#[derive(Default)]
pub(super) enum Check {
    /// The part has none, or its decoder sees to it.
    #[default]
    None,
    /// And the number of bytes.
    Crc(crc32fast::Hasher, u32),
    Xxh(Box<Xxh64>),
}

/// What a part says of the bytes it unpacks to.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Says {
    /// The checksum of gzip and the number of bytes, modulo 2³².
    Crc(u32, u32),
    /// The lower half of the checksum of zstd.
    Xxh(u32),
}

/// The end of a part.
pub(super) struct Seal {
    pub(super) says: Option<Says>,
    pub(super) packing: Packing,
    /// Where in the packed data the part begins and ends.
    pub(super) begun: u64,
    pub(super) at: u64,
}

/// What happens between two unpacked bytes.
pub(super) enum Mark {
    Begin(Check),
    End(Seal),
}

impl Check {
    pub(super) fn crc() -> Check {
        Check::Crc(crc32fast::Hasher::new(), 0)
    }

    pub(super) fn xxh() -> Check {
        Check::Xxh(Box::new(Xxh64::new(0)))
    }

    /// Sees the next bytes.
    pub(super) fn update(&mut self, bytes: &[u8]) {
        match self {
            Check::None => {}
            Check::Crc(crc, size) => {
                crc.update(bytes);
                *size = size.wrapping_add(bytes.len() as u32);
            }
            Check::Xxh(xxh) => xxh.update(bytes),
        }
    }

    /// Passes a mark.
    ///
    /// # Errors
    /// At the end of a part whose bytes are not those that were packed.
    pub(super) fn pass(&mut self, mark: Mark) -> io::Result<()> {
        match mark {
            Mark::Begin(check) => *self = check,
            Mark::End(seal) => {
                let wrong = seal.says.and_then(|says| self.wrong(says));
                if let Some(why) = wrong {
                    let error = io::Error::new(io::ErrorKind::InvalidData, why);
                    return Err(part_failed(seal.packing, seal.begun, seal.at, &error));
                }
            }
        }
        Ok(())
    }

    fn wrong(&self, says: Says) -> Option<&'static str> {
        match (self, says) {
            (Check::Crc(crc, size), Says::Crc(sum, length)) => {
                let same = crc.clone().finalize() == sum && *size == length;
                (!same).then_some("corrupt gzip stream does not have a matching checksum")
            }
            (Check::Xxh(xxh), Says::Xxh(sum)) => {
                (xxh.digest() as u32 != sum).then_some("Restored data doesn't match checksum")
            }
            _ => None,
        }
    }
}

impl fmt::Debug for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Check").finish_non_exhaustive()
    }
}
