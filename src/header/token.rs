//! What the bytes of a token are, and where one ends.

/// How far a header may reach, in bytes.
pub(super) const MAX_BYTES: usize = 512;

/// What the bytes of a token are.
pub(super) struct Bytes {
    /// One of them.
    pub(super) any: u8,
    /// Each of them.
    pub(super) all: u8,
}

pub(super) const DIGIT: u8 = 1;
/// An upper case letter, or what joins them.
pub(super) const CAPITAL: u8 = 2;
pub(super) const DOT: u8 = 4;
pub(super) const STAR: u8 = 8;
/// Never part of the name of a host, a logger or a program.
pub(super) const OTHER: u8 = 16;
/// Between a name and what it is the name of.
pub(super) const AT: u8 = 32;

const KINDS: [u8; 256] = {
    let mut kinds = [0; 256];
    let mut b = 0;
    while b < 256 {
        kinds[b] = match b as u8 {
            b'0'..=b'9' => DIGIT,
            b'A'..=b'Z' | b'_' | b'-' => CAPITAL,
            b'.' => DOT,
            b'*' => STAR,
            b'@' => AT,
            b'=' => AT | OTHER,
            b'a'..=b'z' | b'/' | b'(' | b')' | b'[' | b']' | b'#' | b':' | b'$' => 0,
            _ => OTHER,
        };
        b += 1;
    }
    kinds
};

impl Bytes {
    pub(super) fn of(token: &[u8]) -> Bytes {
        let mut bytes = Bytes { any: 0, all: !0 };
        for &byte in token {
            let kind = KINDS[usize::from(byte)];
            bytes.any |= kind;
            bytes.all &= kind;
        }
        bytes
    }
}

pub(super) fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"_.-".contains(&byte)
}

/// Whether a level ends before these bytes.
pub(super) fn is_end(behind: &[u8]) -> bool {
    matches!(
        behind,
        b"" | b":" | b"," | b">" | b"]" | b")" | b">:" | b"]:" | b"):" | b"|"
    )
}

/// How long the bracket is that the bytes start with, both ends included,
/// those inside it balanced.
pub(super) fn closing(bytes: &[u8]) -> Option<usize> {
    let (open, close) = match bytes.first()? {
        b'[' => (b'[', b']'),
        b'(' => (b'(', b')'),
        b'<' => (b'<', b'>'),
        _ => return None,
    };
    let mut depth = 0usize;
    for (at, &byte) in bytes.iter().take(MAX_BYTES).enumerate() {
        if byte == open {
            depth += 1;
        } else if byte == close {
            depth -= 1;
            if depth == 0 {
                return Some(at + 1);
            }
        }
    }
    None
}
