//! Whether a word, or the line, ends at a place.

use crate::pattern::Boundary;

/// What must surround a literal.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Surroundings {
    pub(crate) boundary: Boundary,
    pub(crate) unicode: bool,
    pub(crate) crlf: bool,
}

impl Surroundings {
    /// Whether a match may stand at `start..end` of the lines.
    #[inline]
    pub(crate) fn allow(self, lines: &[u8], start: usize, end: usize) -> bool {
        match self.boundary {
            Boundary::Line => self.begins_line(lines, start) && self.ends_line(lines, end),
            Boundary::Word => self.begins_word(lines, start) && self.ends_word(lines, end),
        }
    }

    fn begins_line(self, lines: &[u8], at: usize) -> bool {
        at == 0 || lines[at - 1] == b'\n' || self.crlf && lines[at - 1] == b'\r'
    }

    fn ends_line(self, lines: &[u8], at: usize) -> bool {
        match lines.get(at) {
            None | Some(b'\n') => true,
            Some(&byte) => self.crlf && byte == b'\r',
        }
    }

    /// The character before is none of a word; what is no character is neither.
    fn begins_word(self, lines: &[u8], at: usize) -> bool {
        let Some(&byte) = at.checked_sub(1).and_then(|last| lines.get(last)) else {
            return true;
        };
        if byte < 0x80 || !self.unicode {
            return !is_ascii_word(byte);
        }
        // As the regex engine goes back: over at most three bytes that cannot
        // begin a character, but not out of the line.
        let least = at.saturating_sub(4);
        let mut start = at - 1;
        while start > least && is_continuation(lines[start]) && lines[start - 1] != b'\n' {
            start -= 1;
        }
        character(&lines[start..at]).is_some_and(|c| !is_word(c))
    }

    fn ends_word(self, lines: &[u8], at: usize) -> bool {
        let Some(&byte) = lines.get(at) else {
            return true;
        };
        if byte < 0x80 || !self.unicode {
            return !is_ascii_word(byte);
        }
        let end = lines.len().min(at + 4);
        character(&lines[at..end]).is_some_and(|c| !is_word(c))
    }
}

fn is_ascii_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn is_word(c: char) -> bool {
    regex_syntax::is_word_character(c)
}

fn is_continuation(byte: u8) -> bool {
    byte & 0xc0 == 0x80
}

/// The character the bytes begin with.
fn character(bytes: &[u8]) -> Option<char> {
    let (c, _) = bstr::decode_utf8(bytes);
    c
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pattern::PatternOptions;
    use grep_matcher::Matcher as _;

    /// The regex engine says where a word may begin and end.
    #[test]
    fn words_are_those_of_the_regex_engine() {
        let around: [&[u8]; 12] = [
            b"",
            b" ",
            b"a",
            b"_",
            "ä".as_bytes(),
            "€".as_bytes(),
            "😀".as_bytes(),
            b"\xff",
            b"\x80",
            b"a\x80",
            b"\xc3",
            b"\xe2\x82",
        ];
        for unicode in [true, false] {
            let options = PatternOptions {
                boundary: Some(Boundary::Word),
                unicode,
                ..PatternOptions::default()
            };
            let regex = options.compile(&["foo"]).unwrap().matcher();
            let surroundings = Surroundings {
                boundary: Boundary::Word,
                unicode,
                crlf: false,
            };
            for before in around {
                for after in around {
                    let line = [before, b"foo", after].concat();
                    let want = regex.is_match(&line).unwrap();
                    let (start, end) = (before.len(), before.len() + 3);
                    assert_eq!(surroundings.allow(&line, start, end), want, "{line:?}");
                    let lines = [b"a\n", &line[..], b"\nb"].concat();
                    let allowed = surroundings.allow(&lines, start + 2, end + 2);
                    assert_eq!(allowed, want, "{lines:?}");
                }
            }
        }
    }
}
