//! What a source is packed with.

use std::path::Path;

use super::{compress, skippable};

/// A way to pack bytes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(in crate::source) enum Packing {
    Gzip,
    Zstd,
    Xz,
    Lzma,
    Bzip2,
    Lz4,
    Brotli,
    Compress,
}

/// How many bytes the longest mark has, and the header of lzma.
pub(in crate::source) const LONGEST_MARK: usize = 13;

const GZIP: &[u8] = &[0x1f, 0x8b, 0x08];
const ZSTD: &[u8] = &[0x28, 0xb5, 0x2f, 0xfd];
/// Its first two bytes, and one of the third.
const COMPRESS: &[u8] = &[0x1f, 0x9d, 0x90];
const LZ4: &[u8] = &[0x04, 0x22, 0x4d, 0x18];
const XZ: &[u8] = &[0xfd, b'7', b'z', b'X', b'Z', 0x00];
/// Behind `BZh1` to `BZh9`: pi before a block, its square root before none.
const BZIP2: [&[u8]; 2] = [
    &[0x31, 0x41, 0x59, 0x26, 0x53, 0x59],
    &[0x17, 0x72, 0x45, 0x38, 0x50, 0x90],
];

impl Packing {
    /// What bytes that begin with `head` are packed with; a name decides only
    /// where the format has no mark of its own.
    pub(in crate::source) fn of(head: &[u8], name: Option<&Path>) -> Option<Packing> {
        let by_mark = [
            Packing::Gzip,
            Packing::Zstd,
            Packing::Xz,
            Packing::Bzip2,
            Packing::Lz4,
            Packing::Compress,
        ];
        if let Some(packing) = by_mark.into_iter().find(|p| p.begins(head)) {
            return Some(packing);
        }
        match name?.extension()?.to_str()? {
            "br" => Some(Packing::Brotli),
            "lzma" if begins_lzma(head) => Some(Packing::Lzma),
            _ => None,
        }
    }

    /// What all there is is the begin of the mark of, if it can be nothing else:
    /// it is cut off there.
    pub(in crate::source) fn of_begun(all: &[u8]) -> Option<Packing> {
        let begun = |mark: &[u8]| (2..mark.len()).contains(&all.len()) && mark.starts_with(all);
        let bzip2 =
            all.len() > 4 && all.len() < 10 && Packing::may_begin(all) && all.starts_with(b"BZh");
        let marks = [
            (GZIP, Packing::Gzip),
            (ZSTD, Packing::Zstd),
            (LZ4, Packing::Lz4),
            (XZ, Packing::Xz),
            (COMPRESS, Packing::Compress),
        ];
        let mut marks = marks.into_iter();
        let found = marks.find(|(mark, _)| begun(mark));
        found
            .map(|(_, packing)| packing)
            .or_else(|| bzip2.then_some(Packing::Bzip2))
    }

    /// Whether fewer bytes than a mark has, these, may be the begin of one.
    pub(in crate::source) fn may_begin(head: &[u8]) -> bool {
        let short = |mark: &[u8]| head.len() < mark.len() && mark.starts_with(head);
        let bzip2 = head.len() < LONGEST_MARK
            && head.iter().zip(b"BZh").all(|(a, b)| a == b)
            && head
                .get(3)
                .is_none_or(|level| (b'1'..=b'9').contains(level))
            && BZIP2
                .iter()
                .any(|mark| mark.starts_with(head.get(4..).unwrap_or_default()));
        let skippable = skippable::may_begin(head);
        [GZIP, ZSTD, LZ4, XZ, COMPRESS].into_iter().any(short) || bzip2 || skippable
    }

    /// Whether a part of such data begins like this.
    pub(super) fn begins(self, head: &[u8]) -> bool {
        match self {
            Packing::Gzip => head.starts_with(GZIP),
            // Frames that decoders skip are of lz4 as well. As long as there are only
            // such, it is called this.
            Packing::Zstd => head.starts_with(ZSTD) || skippable::begins(head),
            Packing::Xz => head.starts_with(XZ),
            Packing::Bzip2 => {
                head.starts_with(b"BZh")
                    && head.get(3).is_some_and(|b| (b'1'..=b'9').contains(b))
                    && BZIP2.iter().any(|mark| head[4..].starts_with(mark))
            }
            Packing::Lz4 => head.starts_with(LZ4) || skippable::begins(head),
            Packing::Compress => compress::begins(head),
            Packing::Lzma | Packing::Brotli => false,
        }
    }

    /// Its name in messages.
    pub(in crate::source) fn name(self) -> &'static str {
        match self {
            Packing::Gzip => "gzip",
            Packing::Zstd => "zstd",
            Packing::Xz => "xz",
            Packing::Lzma => "lzma",
            Packing::Bzip2 => "bzip2",
            Packing::Lz4 => "lz4",
            Packing::Brotli => "brotli",
            Packing::Compress => "compress",
        }
    }

    /// What its format calls a part that is complete on its own.
    pub(super) fn part(self) -> &'static str {
        match self {
            Packing::Gzip => "member",
            Packing::Zstd | Packing::Lz4 => "frame",
            Packing::Xz | Packing::Lzma | Packing::Bzip2 | Packing::Brotli | Packing::Compress => {
                "stream"
            }
        }
    }
}

/// Whether a file that is called so begins like lzma, which has no mark: a byte of
/// properties, the size of the dictionary, and how many bytes it unpacks to.
fn begins_lzma(head: &[u8]) -> bool {
    let Some((header, size)) = head.split_first_chunk::<5>() else {
        // It is cut off there.
        return matches!(head, [0x5d] | [0x5d, 0 | 0xff, ..]);
    };
    let dictionary = u32::from_le_bytes([header[1], header[2], header[3], header[4]]);
    // As xz: what encoders write.
    let is_one = |n: u32| n.is_power_of_two() || (n.is_multiple_of(3) && (n / 3).is_power_of_two());
    let size = size.first_chunk().map(|size| u64::from_le_bytes(*size));
    // That of every encoder in use, whatever the size says.
    if header[..3] == [0x5d, 0, 0] {
        return true;
    }
    header[0] < 9 * 5 * 5
        && (dictionary == u32::MAX || (dictionary >= 4096 && is_one(dictionary)))
        && size.is_none_or(|size| size == u64::MAX || size < 1 << 38)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recognised_by_their_first_bytes() {
        let rows: [(&[u8], &str, Option<Packing>); 20] = [
            (
                b"\x5d\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff",
                "x.lzma",
                Some(Packing::Lzma),
            ),
            (
                b"\x5d\0\0\x80\0\x06\0\0\0\0\0\0\0",
                "x.lzma",
                Some(Packing::Lzma),
            ),
            (
                b"\x5e\0\0\x01\0\xff\xff\xff\xff\xff\xff\xff\xff",
                "x.lzma",
                Some(Packing::Lzma),
            ),
            (b"\x5d", "x.lzma", Some(Packing::Lzma)),
            (b"] a text, which", "x.lzma", None),
            (b"\x5e\0\0\x80\0\x06\0\0\0\0\0\0\x01", "x.lzma", None),
            (b"\x1f\x9d\x90c", "x", Some(Packing::Compress)),
            (b"\x1f\x9dtext", "x.Z", None),
            (b"\x1f\x8b\x08\0\0\0", "app.log.1", Some(Packing::Gzip)),
            (b"\x28\xb5\x2f\xfd\x04", "x", Some(Packing::Zstd)),
            (b"\x50\x2a\x4d\x18\x04", "x", Some(Packing::Zstd)),
            (b"\xfd7zXZ\0\0\x04", "x", Some(Packing::Xz)),
            (b"BZh91AY&SY\0", "x", Some(Packing::Bzip2)),
            (b"BZh9 is a text", "x.bz2", None),
            (b"\x04\x22\x4d\x18\x64", "x", Some(Packing::Lz4)),
            (b"\x0b\x02\x80", "x.br", Some(Packing::Brotli)),
            (b"\x5d\0\0\x80\0", "x.lzma", Some(Packing::Lzma)),
            (b"plain", "x.gz", None),
            (b"\x1f\x8b", "x.gz", None),
            (b"", "x", None),
        ];
        for (head, name, want) in rows {
            assert_eq!(Packing::of(head, Some(Path::new(name))), want, "{name}");
        }
    }

    #[test]
    fn a_mark_that_is_cut_off_is_one() {
        let marks: [(&[u8], usize, Packing); 6] = [
            (GZIP, 2, Packing::Gzip),
            (ZSTD, 2, Packing::Zstd),
            (LZ4, 2, Packing::Lz4),
            (XZ, 2, Packing::Xz),
            (COMPRESS, 2, Packing::Compress),
            (b"BZh71AY&SY", 5, Packing::Bzip2),
        ];
        for (mark, least, packing) in marks {
            for len in 0..mark.len() {
                let want = (len >= least).then_some(packing);
                assert_eq!(Packing::of_begun(&mark[..len]), want, "{packing:?} {len}");
            }
        }
        for text in [&b"BZh9 "[..], b"P*M", b"\x1f", b"ab"] {
            assert_eq!(Packing::of_begun(text), None);
        }
    }

    #[test]
    fn a_begin_of_a_mark_is_waited_for() {
        let waits: [&[u8]; 8] = [
            b"\x1f\x9d",
            b"\x1f",
            b"\x1f\x8b",
            b"\x28\xb5",
            b"B",
            b"BZh9",
            b"BZh11AY&S",
            b"\x50\x2a",
        ];
        for head in waits {
            assert!(Packing::may_begin(head), "{head:x?}");
        }
        for head in [&b"\x1f\x8b\x08"[..], b"a", b"Bz", b"BZhx", b"BZh9 "] {
            assert!(!Packing::may_begin(head), "{head:x?}");
        }
        assert!(Packing::may_begin(b""));
    }
}
