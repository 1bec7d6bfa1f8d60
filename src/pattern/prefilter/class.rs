//! Sets of bytes, as a vector register looks them up.

use regex_syntax::hir::Class;

/// Half bytes.
const HALVES: usize = 16;

/// A set of bytes.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub(super) struct ByteClass([u64; 4]);

impl ByteClass {
    pub(super) const EMPTY: ByteClass = ByteClass([0; 4]);

    pub(super) fn of(byte: u8) -> ByteClass {
        let mut class = ByteClass::EMPTY;
        class.insert(byte);
        class
    }

    /// The bytes that characters of a class consist of. Any byte of a
    /// character that is not ASCII stands for all of them.
    pub(super) fn of_class(class: &Class) -> ByteClass {
        let mut bytes = ByteClass::EMPTY;
        match class {
            Class::Unicode(class) => {
                for range in class.ranges() {
                    for c in range.start()..=range.end().min('\x7f') {
                        bytes.insert(c as u8);
                    }
                    if range.end() > '\x7f' {
                        bytes.insert_high();
                    }
                }
            }
            Class::Bytes(class) => {
                for range in class.ranges() {
                    (range.start()..=range.end().min(0x7f)).for_each(|b| bytes.insert(b));
                    if range.end() > 0x7f {
                        bytes.insert_high();
                    }
                }
            }
        }
        bytes
    }

    pub(super) fn insert(&mut self, byte: u8) {
        self.0[usize::from(byte / 64)] |= 1 << (byte % 64);
    }

    fn insert_high(&mut self) {
        (self.0[2], self.0[3]) = (u64::MAX, u64::MAX);
    }

    pub(super) fn remove(&mut self, byte: u8) {
        self.0[usize::from(byte / 64)] &= !(1 << (byte % 64));
    }

    #[inline]
    pub(super) fn has(&self, byte: u8) -> bool {
        self.0[usize::from(byte / 64)] >> (byte % 64) & 1 != 0
    }

    /// Whether bytes from 0x80 on are among them.
    pub(super) fn has_high(&self) -> bool {
        self.0[2] | self.0[3] != 0
    }

    /// Whether it is those bytes and no others.
    pub(super) fn is_high(&self) -> bool {
        self.0 == [0, 0, u64::MAX, u64::MAX]
    }

    /// Its byte, if it is one.
    pub(super) fn only(&self) -> Option<u8> {
        (0..=255_u8).find(|&byte| *self == ByteClass::of(byte))
    }

    /// Whether all of its bytes are one byte but for these bits.
    pub(super) fn is_one_but_for(&self, bits: u8) -> bool {
        let mut bytes = (0..=255_u8).filter(|&byte| self.has(byte));
        let first = bytes.next();
        first.is_some_and(|first| bytes.all(|byte| byte | bits == first | bits))
    }

    pub(super) fn len(&self) -> u32 {
        self.0.iter().map(|word| word.count_ones()).sum()
    }

    /// Whether no byte is in both.
    pub(super) fn is_apart(&self, other: &ByteClass) -> bool {
        self.0.iter().zip(other.0).all(|(a, b)| a & b == 0)
    }

    /// Two tables by the half bytes of a byte: it is in the class if its two
    /// entries have a bit in common. `None` if eight bits do not do, which
    /// takes a class that differs from half to half of nearly all bytes.
    pub(super) fn halves(&self) -> Option<Halves> {
        let mut halves = Halves::default();
        let mut rows: Vec<u16> = Vec::new();
        for high in 0..HALVES {
            let has = |low: &usize| self.has((high * HALVES + low) as u8);
            let row = (0..HALVES)
                .filter(has)
                .fold(0, |row, low| row | 1_u16 << low);
            if row == 0 {
                continue;
            }
            let bit = rows.iter().position(|r| *r == row).unwrap_or_else(|| {
                rows.push(row);
                rows.len() - 1
            });
            if bit == 8 {
                return None;
            }
            halves.high[high] |= 1 << bit;
            for low in 0..HALVES {
                halves.low[low] |= u8::from(row >> low & 1 != 0) << bit;
            }
        }
        Some(halves)
    }
}

/// A class by the half bytes of its bytes.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) struct Halves {
    pub(super) low: [u8; HALVES],
    pub(super) high: [u8; HALVES],
}

#[cfg(test)]
mod tests {
    use super::*;
    use regex_syntax::hir::HirKind;

    fn class(pattern: &str) -> ByteClass {
        let mut parser = regex_syntax::ParserBuilder::new();
        let hir = parser.utf8(false).build().parse(pattern).unwrap();
        match hir.kind() {
            HirKind::Class(class) => ByteClass::of_class(class),
            _ => panic!("{pattern}"),
        }
    }

    #[test]
    fn what_is_in_a_class() {
        assert_eq!(class(r"(?-u:\d)").len(), 10);
        assert_eq!(class(r"\d").len(), 10 + 128);
        assert!(class(r"\w").has(0xff) && class(r"(?i-u:s)").len() == 2);
        assert!(class("(?i)s").has_high() && !class("[A-Za-z]").has_high());
        assert!(class(r"\d").is_apart(&ByteClass::of(b'.')));
        assert!(!class(r"\d").is_apart(&class(r"\w")));
    }

    #[test]
    fn the_tables_tell_the_same() {
        for pattern in [r"\w", r"\d", "[A-Za-z]", r"\S", "[^,]", "(?-u:[^\x00])"] {
            let class = class(pattern);
            let halves = class.halves().unwrap();
            for byte in 0..=255_u8 {
                let both = halves.low[usize::from(byte & 15)] & halves.high[usize::from(byte >> 4)];
                assert_eq!(both != 0, class.has(byte), "{pattern} {byte}");
            }
        }
    }
}
