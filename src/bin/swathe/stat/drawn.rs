//! An answer that is redrawn in its place on a terminal.

use std::io::IsTerminal as _;

use memchr::{memchr_iter, memrchr};

/// How many lines of the terminal it takes, once it is drawn.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Drawn {
    lines: usize,
    /// Lines of the terminal.
    height: Option<usize>,
}

impl Drawn {
    /// Nothing yet, if standard output is a terminal.
    pub(super) fn on_terminal() -> Option<Drawn> {
        std::io::stdout().is_terminal().then(Drawn::default)
    }

    /// What draws this answer over the one before. It is cut to what the terminal
    /// shows: what has scrolled away cannot be drawn over.
    pub(super) fn again(&mut self, answer: &[u8]) -> Vec<u8> {
        let size = rustix::termios::tcgetwinsize(std::io::stdout()).ok();
        let height = size.map(|size| usize::from(size.ws_row));
        self.height = height.filter(|&height| height > 1).or(self.height);
        let most = self.height.map_or(usize::MAX, |height| height - 1);
        let answer = first_lines(answer, most);
        // In one write, so that nothing flickers: no line is wrapped, each is wiped
        // behind its text, and what is left of the answer before behind all of them.
        let mut all = up(self.lines);
        all.extend_from_slice(b"\x1b[?7l");
        for line in answer.split_inclusive(|&byte| byte == b'\n') {
            all.extend_from_slice(line.strip_suffix(b"\n").unwrap_or(line));
            all.extend_from_slice(b"\x1b[K\n");
        }
        all.extend_from_slice(b"\x1b[J\x1b[?7h");
        self.lines = memchr_iter(b'\n', &all).count();
        all
    }

    /// What wipes it.
    pub(super) fn wiped(&mut self) -> Vec<u8> {
        if self.lines == 0 {
            return Vec::new();
        }
        let mut all = up(std::mem::take(&mut self.lines));
        all.extend_from_slice(b"\x1b[J");
        all
    }
}

/// Goes to the start of so many lines above.
fn up(lines: usize) -> Vec<u8> {
    match lines {
        0 => Vec::new(),
        lines => format!("\r\x1b[{lines}A").into_bytes(),
    }
}

fn first_lines(text: &[u8], most: usize) -> &[u8] {
    match memchr_iter(b'\n', text).nth(most) {
        // The line that says that it is not the last answer is the last.
        Some(_) => {
            let shown = memchr_iter(b'\n', text).take(most).last();
            &text[..shown.map_or(0, |end| end + 1)]
        }
        None => &text[..memrchr(b'\n', text).map_or(text.len(), |end| end + 1)],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_answer_covers_the_one_before() {
        let mut drawn = Drawn::default();
        assert_eq!(drawn.wiped(), b"");
        let first = drawn.again(b"a\nb\n");
        assert_eq!(first, b"\x1b[?7la\x1b[K\nb\x1b[K\n\x1b[J\x1b[?7h");
        let second = drawn.again(b"c\n");
        assert_eq!(second, b"\r\x1b[2A\x1b[?7lc\x1b[K\n\x1b[J\x1b[?7h");
        assert_eq!(drawn.wiped(), b"\r\x1b[1A\x1b[J");
        assert_eq!(drawn.wiped(), b"");
    }

    #[test]
    fn no_more_than_the_terminal_shows() {
        assert_eq!(first_lines(b"a\nb\nc\n", 2), b"a\nb\n");
        assert_eq!(first_lines(b"a\nb\n", 2), b"a\nb\n");
        assert_eq!(first_lines(b"", 2), b"");
        assert_eq!(first_lines(b"a\nb\n", 0), b"");
    }
}
