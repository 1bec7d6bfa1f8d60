//! What of a line can be seen: without the colour codes of terminals and NUL bytes.

use memchr::memchr2;

/// How much of a line is looked at: what is read of it stands at its front.
const FAR: usize = 1024;

/// The front of a line without colour codes (`ESC [ … m` and the like) and NUL bytes,
/// which a power cut leaves in front of a line.
#[derive(Clone, Debug, Default)]
pub(crate) struct Visible {
    /// The bytes that are left.
    pub(crate) bytes: Vec<u8>,
    /// Where each of them stands in the line.
    places: Vec<u32>,
}

impl Visible {
    /// Whether something at the very front of a line cannot be seen.
    #[inline]
    pub(crate) fn is_needed(line: &[u8]) -> bool {
        matches!(line.first(), Some(0 | 0x1b))
    }

    /// Whether something in the front of a line cannot be seen.
    pub(crate) fn is_needed_within(line: &[u8]) -> bool {
        memchr2(0, 0x1b, &line[..line.len().min(FAR)]).is_some()
    }

    /// Takes in another line. NUL bytes count as nothing only before all else, where
    /// any number of them may stand.
    pub(crate) fn fill(&mut self, line: &[u8]) {
        self.bytes.clear();
        self.places.clear();
        let mut at = line.iter().take_while(|b| **b == 0).count();
        let end = line.len().min(at + FAR);
        while at < end {
            if line[at] == 0x1b {
                at += code(&line[at..]);
                continue;
            }
            self.bytes.push(line[at]);
            self.places.push(at as u32);
            at += 1;
        }
    }

    /// Where in the line the byte stands that is here among those left.
    pub(crate) fn place(&self, at: usize) -> usize {
        match self.places.get(at) {
            Some(place) => *place as usize,
            None => self.places.last().map_or(0, |last| *last as usize + 1),
        }
    }
}

/// How long the control sequence is that starts here: an escape byte alone is one.
fn code(bytes: &[u8]) -> usize {
    if bytes.get(1) != Some(&b'[') {
        return 1;
    }
    let inside = bytes[2..].iter().take(32);
    let inside = inside.take_while(|b| (0x20..=0x3f).contains(*b)).count();
    match bytes.get(2 + inside) {
        Some(0x40..=0x7e) => inside + 3,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_and_nul_bytes_are_passed_over() {
        let mut visible = Visible::default();
        for (line, want, places) in [
            (&b"abc"[..], &b"abc"[..], vec![0, 1, 2, 3]),
            (b"\x1b[32mab\x1b[0m c", b"ab c", vec![5, 6, 11, 12, 13]),
            (b"\0\0a\0b", b"a\0b", vec![2, 3, 4, 5]),
            (b"\x1b", b"", vec![0]),
            (b"\x1b[", b"[", vec![1, 2]),
            (b"\x1b[38;5;1mx", b"x", vec![9, 10]),
        ] {
            visible.fill(line);
            assert_eq!(visible.bytes, want);
            let seen: Vec<usize> = (0..=want.len()).map(|at| visible.place(at)).collect();
            assert_eq!(seen, places, "{line:?}");
        }
    }
}
