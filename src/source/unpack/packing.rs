//! What a source is packed with.

use std::path::Path;

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
}

/// How many bytes the longest mark has.
pub(in crate::source) const LONGEST_MARK: usize = 10;

const GZIP: &[u8] = &[0x1f, 0x8b, 0x08];
const ZSTD: &[u8] = &[0x28, 0xb5, 0x2f, 0xfd];
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
        ];
        if let Some(packing) = by_mark.into_iter().find(|p| p.begins(head)) {
            return Some(packing);
        }
        match name?.extension()?.to_str()? {
            "br" => Some(Packing::Brotli),
            // The properties byte of every encoder in use.
            "lzma" if head.starts_with(&[0x5d, 0, 0]) => Some(Packing::Lzma),
            _ => None,
        }
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
        let skippable = head.len() < 4
            && head.first().is_some_and(|b| b & 0xf0 == 0x50)
            && [0x2a, 0x4d, 0x18].starts_with(&head[1..]);
        [GZIP, ZSTD, LZ4, XZ].into_iter().any(short) || bzip2 || skippable
    }

    /// Whether a part of such data begins like this.
    pub(super) fn begins(self, head: &[u8]) -> bool {
        // A frame that decoders skip; zstd and lz4 share it, and only tools
        // around zstd write it first.
        let skippable = || head.len() >= 4 && head[0] & 0xf0 == 0x50 && head[1..4] == LZ4_SKIP;
        match self {
            Packing::Gzip => head.starts_with(GZIP),
            Packing::Zstd => head.starts_with(ZSTD) || skippable(),
            Packing::Xz => head.starts_with(XZ),
            Packing::Bzip2 => {
                head.starts_with(b"BZh")
                    && head.get(3).is_some_and(|b| (b'1'..=b'9').contains(b))
                    && BZIP2.iter().any(|mark| head[4..].starts_with(mark))
            }
            Packing::Lz4 => head.starts_with(LZ4),
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
        }
    }

    /// What its format calls a part that is complete on its own.
    pub(super) fn part(self) -> &'static str {
        match self {
            Packing::Gzip => "member",
            Packing::Zstd | Packing::Lz4 => "frame",
            Packing::Xz | Packing::Lzma | Packing::Bzip2 | Packing::Brotli => "stream",
        }
    }
}

/// The rest of the mark of a skippable frame behind `0x50` to `0x5f`.
const LZ4_SKIP: [u8; 3] = [0x2a, 0x4d, 0x18];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recognised_by_their_first_bytes() {
        let rows: [(&[u8], &str, Option<Packing>); 12] = [
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
    fn a_begin_of_a_mark_is_waited_for() {
        let waits: [&[u8]; 7] = [
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
