//! Where blocks of bzip2 begin and end: at any bit.
//!
//! There is nothing in the format that says how long a block is. It begins with
//! 48 bits that the data of a block may hold by chance, so what is found here is
//! where a block may begin, and no more.

use aho_corasick::{AhoCorasick, Input, MatchKind};

/// How many bits a mark has.
pub(super) const MARK: usize = 48;

/// What begins at a mark.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Mark {
    /// A block: the digits of pi.
    Block,
    /// The checksum behind the last block of a stream: the root of pi.
    End,
}

impl Mark {
    const ALL: [Mark; 2] = [Mark::Block, Mark::End];

    pub(super) fn bits(self) -> u64 {
        match self {
            Mark::Block => 0x3141_5926_5359,
            Mark::End => 0x1772_4538_5090,
        }
    }
}

/// So many bits, 48 at most, from bit `at` on, if all are there.
pub(super) fn bits(bytes: &[u8], at: usize, count: usize) -> Option<u64> {
    let from = at / 8;
    let here = bytes.get(from..(at + count).div_ceil(8))?;
    let mut eight = [0; 8];
    eight.get_mut(..here.len())?.copy_from_slice(here);
    let left = u64::from_be_bytes(eight) << (at % 8);
    Some(left >> (64 - count))
}

/// Finds marks. Whatever bit a mark begins at, five bytes of it are whole.
pub(super) struct Finder(AhoCorasick);

impl Finder {
    pub(super) fn new() -> Option<Finder> {
        let whole = |(mark, shift): (Mark, usize)| {
            let eight = (mark.bits() << (64 - MARK - shift)).to_be_bytes();
            eight[1..6].to_vec()
        };
        let shifted = |mark| (0..8).map(move |shift| (mark, shift));
        let patterns = Mark::ALL.into_iter().flat_map(shifted).map(whole);
        // Only leftmost matches have the vectorised search.
        let builder = &mut AhoCorasick::builder();
        let kind = builder.match_kind(MatchKind::LeftmostFirst);
        kind.build(patterns).ok().map(Finder)
    }

    /// The first mark that begins at bit `from` or behind it, and the bit it
    /// begins at.
    pub(super) fn find(&self, bytes: &[u8], from: usize) -> Option<(usize, Mark)> {
        let mut byte = from / 8;
        while byte + 1 < bytes.len() {
            let input = Input::new(bytes).span(byte + 1..bytes.len());
            let found = self.0.find(input)?;
            byte = found.start();
            let pattern = found.pattern().as_usize();
            let (mark, at) = (Mark::ALL[pattern / 8], (byte - 1) * 8 + pattern % 8);
            if at >= from && bits(bytes, at, MARK) == Some(mark.bits()) {
                return Some((at, mark));
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Some bits put into bytes of ones or zeros.
    fn with(len: usize, fill: u8, marks: &[(usize, Mark)]) -> Vec<u8> {
        let mut bytes = vec![fill; len];
        for &(at, mark) in marks {
            for bit in 0..MARK {
                let (place, one) = (at + bit, mark.bits() >> (MARK - 1 - bit) & 1 == 1);
                let mask = 0x80 >> (place % 8);
                bytes[place / 8] = bytes[place / 8] & !mask | if one { mask } else { 0 };
            }
        }
        bytes
    }

    #[test]
    fn bits_are_read_at_any_offset() {
        let bytes = [0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc, 0xde, 0xf0];
        let all = u64::from_be_bytes(bytes);
        for count in 1..=48 {
            for at in 0..64 {
                let want = (at + count <= 64).then(|| all << at >> (64 - count));
                assert_eq!(bits(&bytes, at, count), want, "{at} {count}");
            }
        }
    }

    #[test]
    fn marks_are_found_at_every_bit() {
        let finder = Finder::new().unwrap();
        for mark in Mark::ALL {
            for fill in [0, 0xff, 0x31, 0x41] {
                for at in 0..40 {
                    let bytes = with(60, fill, &[(at, mark), (at + 200, Mark::End)]);
                    assert_eq!(finder.find(&bytes, 0), Some((at, mark)));
                    assert_eq!(finder.find(&bytes, at), Some((at, mark)));
                    let next = Some((at + 200, Mark::End));
                    assert_eq!(finder.find(&bytes, at + 1), next, "{at}");
                    assert_eq!(finder.find(&bytes, at + 201), None);
                }
            }
        }
    }

    #[test]
    fn a_mark_is_found_only_where_all_of_it_is_there() {
        let finder = Finder::new().unwrap();
        for at in 0..8 {
            let bytes = with(16, 0, &[(at, Mark::Block)]);
            let end = (at + MARK).div_ceil(8);
            for len in 0..=16 {
                let want = (len >= end).then_some((at, Mark::Block));
                assert_eq!(finder.find(&bytes[..len], 0), want, "{at} {len}");
            }
            for bit in at..at + MARK {
                let mut flipped = bytes.clone();
                flipped[bit / 8] ^= 0x80 >> (bit % 8);
                assert_eq!(finder.find(&flipped, 0), None, "{at} {bit}");
            }
        }
    }

    /// What begins like a mark and is none does not hide the one in it.
    #[test]
    fn a_mark_within_the_begin_of_another_is_found() {
        let finder = Finder::new().unwrap();
        for at in 1..MARK {
            let bytes = with(20, 0, &[(0, Mark::Block), (at, Mark::End)]);
            let found = finder.find(&bytes, 0).unwrap();
            assert_eq!(found, (at, Mark::End), "{at}");
        }
    }
}
