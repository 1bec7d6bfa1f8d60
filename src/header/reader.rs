//! From token to token, as long as they look like a header.

use memchr::{memchr, memchr2, memchr3};

use super::{
    Header, Level,
    prefix::{before_stamp, klog, priority, wrapped},
    stamp::{self, Shape, Stamp},
};

/// How far a header may reach, in bytes and in tokens.
pub(super) const MAX_BYTES: usize = 512;
const MAX_TOKENS: usize = 24;
/// How many tokens that could be anything may stand between two that are
/// certainly of a header.
pub(super) const MAX_DOUBTFUL: usize = 6;

/// Reads the header of one line.
///
/// Some tokens are certainly of a header (timestamps, levels, brackets before
/// the message): everything up to them is. Others (numbers, names of hosts
/// and loggers) are only if one that is certain follows.
pub(super) struct Reader<'l> {
    line: &'l [u8],
    /// Where the next token is looked for.
    at: usize,
    /// Everything before is header.
    certain: usize,
    /// Where the last token but one that is certain ends.
    before: usize,
    level: Option<Level>,
    /// The timestamp the line starts with, until it is passed.
    first: Option<Stamp>,
    /// A timestamp was seen.
    timed: bool,
    doubtful: usize,
    /// The last certain token was a timestamp as syslog writes them: how many
    /// of its host and program are still to come.
    syslog: u8,
    /// Fields are parted by `|`.
    piped: bool,
}

/// What a token turned out to be.
enum Step {
    /// Of the header, and everything before it.
    Certain,
    /// Of the header, if something certain follows.
    Doubtful,
    /// The end of the header.
    Last,
    /// Of the message.
    Message,
}

impl<'l> Reader<'l> {
    pub(super) fn new(line: &'l [u8]) -> Reader<'l> {
        Reader {
            line,
            at: 0,
            certain: 0,
            before: 0,
            level: None,
            first: None,
            timed: false,
            doubtful: 0,
            syslog: 0,
            piped: false,
        }
    }

    pub(super) fn read(mut self) -> Header {
        self.prefix();
        for _ in 0..MAX_TOKENS {
            self.skip_blanks();
            if self.at >= self.line.len().min(MAX_BYTES) {
                break;
            }
            match self.step() {
                Step::Certain => self.commit(),
                Step::Doubtful => {
                    self.doubtful += 1;
                    if self.doubtful > MAX_DOUBTFUL {
                        break;
                    }
                }
                Step::Last => {
                    self.commit();
                    break;
                }
                Step::Message => break,
            }
        }
        self.finish()
    }

    fn finish(self) -> Header {
        let is_blank = |from: usize| self.line[from..].iter().all(u8::is_ascii_whitespace);
        let start = [self.certain, self.before, 0];
        let start = start.into_iter().find(|from| !is_blank(*from));
        let start = start.unwrap_or(0);
        let blanks = self.line[start..].iter();
        let blanks = blanks.take_while(|b| b.is_ascii_whitespace()).count();
        let all = start + blanks == self.line.len() || start == 0;
        Header {
            start: if all { 0 } else { start + blanks },
            end: self.line.len(),
            level: self.level,
        }
    }

    fn rest(&self) -> &'l [u8] {
        &self.line[self.at..]
    }

    fn skip_blanks(&mut self) {
        let blank = |b: &&u8| matches!(b, b' ' | b'\t');
        self.at += self.rest().iter().take_while(blank).count();
    }

    fn commit(&mut self) {
        self.before = self.certain;
        self.certain = self.at;
        self.doubtful = 0;
    }

    /// What only the start of a line can have.
    fn prefix(&mut self) {
        if self.line.starts_with(b"####<") {
            // WebLogic.
            self.at = 4;
        }
        if let Some((len, level)) = klog(self.line) {
            self.level = Some(level);
            self.at = len;
            self.timed = true;
            self.commit();
        } else if let Some((len, severity)) = priority(self.line) {
            self.level = Level::of_syslog(severity);
            self.at = len;
            self.commit();
            if self.rest().starts_with(b"1 ") {
                self.rfc5424();
            }
        } else if let [letter @ b'A'..=b'Z', b',', b' ', b'[', ..] = *self.line {
            // Ruby: `E, [2026-11-23T14:30:06.123456 #1234] ERROR -- : message`.
            self.level = of_letter(letter);
            self.at = 2;
            self.commit();
        } else if self.at == 0 {
            self.first = stamp::at_start(self.line);
            if self.first.is_none()
                && let Some(at) = wrapped(self.line).or_else(|| before_stamp(self.line))
            {
                self.at = at;
                self.commit();
            }
        }
    }

    /// The fields of RFC 5424 behind its priority: version, time, host,
    /// program, process, message id, structured data.
    fn rfc5424(&mut self) {
        let start = self.at;
        let mut fields = 0;
        while fields < 6 {
            let Some(space) = memchr(b' ', self.rest()) else {
                self.at = start;
                return;
            };
            self.at += space + 1;
            fields += 1;
        }
        let data = match self.rest().first() {
            Some(b'-') => 1,
            Some(b'[') => closing(self.rest()).unwrap_or(0),
            _ => 0,
        };
        if data == 0 {
            self.at = start;
            return;
        }
        self.at += data;
        self.timed = true;
        self.commit();
    }

    fn step(&mut self) -> Step {
        if let Some(step) = self.stamp() {
            return step;
        }
        if self.timed
            && let Some(step) = self.php().or_else(|| self.container())
        {
            return step;
        }
        if self.rest()[0] == b'['
            && let Some(step) = self.bracket()
        {
            return step;
        }
        let rest = self.rest();
        let end = if self.piped {
            memchr3(b' ', b'\t', b'|', rest)
        } else {
            memchr2(b' ', b'\t', rest)
        };
        let len = end.unwrap_or(rest.len());
        let (token, behind) = rest.split_at(len);
        if behind.first() == Some(&b'|') {
            return self.piped_field(token);
        }
        if self.piped {
            return Step::Message;
        }
        self.separator(token)
            .or_else(|| self.level(token))
            .or_else(|| self.component(token, behind))
            .unwrap_or_else(|| self.doubtful(token, behind))
    }

    /// A timestamp, in brackets or not, with the punctuation behind it.
    fn stamp(&mut self) -> Option<Step> {
        let rest = self.rest();
        let open = matches!(rest[0], b'[' | b'<' | b'(');
        let stamp = match self.first.take() {
            Some(stamp) => stamp,
            // Behind a time few words begin another, and those have a short name in front.
            None if self.timed && rest[0].is_ascii_alphabetic() && rest.get(3) != Some(&b' ') => {
                return None;
            }
            None => stamp::at_start(&rest[usize::from(open)..])?,
        };
        let end = usize::from(open) + stamp.len;
        let behind = rest.get(end).copied();
        let closed = matches!(behind, Some(b']' | b'>' | b')'));
        // Epochs are numbers too: alone they are only certain after something.
        if stamp.shape == Shape::Epoch && self.timed && !self.only_numbers() {
            return None;
        }
        if open && !closed {
            // `[2020-01-01T00:00:00Z INFO my::module] message`.
            let whole = closing(rest)?;
            let words = rest[end..whole].split(|b| b" \t]".contains(b));
            self.level = self
                .level
                .or_else(|| words.into_iter().find_map(upper_level));
            self.at += whole;
        } else {
            self.at += end + usize::from(open && closed);
        }
        self.piped = self.line.get(self.at) == Some(&b'|');
        let more = self.rest().iter();
        self.at += more.take_while(|b| b",:;|]".contains(b)).count();
        self.timed = true;
        self.syslog = if stamp.shape == Shape::Syslog { 2 } else { 0 };
        Some(Step::Certain)
    }

    /// `PHP Fatal error:  `, as PHP writes its levels.
    fn php(&mut self) -> Option<Step> {
        const LEVELS: [(&[u8], Level); 7] = [
            (b"PHP Fatal error:", Level::Fatal),
            (b"PHP Parse error:", Level::Fatal),
            (b"PHP Recoverable fatal error:", Level::Error),
            (b"PHP Warning:", Level::Warn),
            (b"PHP Notice:", Level::Notice),
            (b"PHP Deprecated:", Level::Notice),
            (b"PHP Strict Standards:", Level::Notice),
        ];
        let rest = self.rest();
        if rest[0] != b'P' {
            return None;
        }
        let mut levels = LEVELS.iter();
        let (text, level) = levels.find(|(text, _)| rest.starts_with(text))?;
        self.level = self.level.or(Some(*level));
        self.at += text.len();
        Some(Step::Last)
    }

    /// `stdout F `: what stands between the time and the line of a container that
    /// Kubernetes wraps; the header of that line comes next.
    fn container(&mut self) -> Option<Step> {
        const STREAMS: [&[u8]; 4] = [b"stdout F ", b"stderr F ", b"stdout P ", b"stderr P "];
        let rest = self.rest();
        if rest[0] != b's' {
            return None;
        }
        let mut streams = STREAMS.iter();
        let stream = streams.find(|stream| rest.starts_with(stream))?;
        self.at += stream.len();
        self.timed = false;
        if let Some((len, level)) = klog(self.rest()) {
            self.level = self.level.or(Some(level));
            self.at += len;
            self.timed = true;
        }
        Some(Step::Certain)
    }

    /// Whether all that was committed so far is numbers and dates.
    fn only_numbers(&self) -> bool {
        !self.line[..self.certain]
            .iter()
            .any(u8::is_ascii_alphabetic)
    }

    /// `[main]`, `[notice]`, `[req-38101a0b - - -]`, `[    1.234567]`.
    fn bracket(&mut self) -> Option<Step> {
        let rest = self.rest();
        let len = closing(rest)?;
        let inside = rest[1..len - 1].trim_ascii();
        let level = Level::of_word(inside).or_else(|| {
            // `[core:error]`, as Apache names its module.
            let colon = memchr::memrchr(b':', inside).filter(|_| self.timed)?;
            let module = inside[..colon].iter().all(|b| is_name(*b));
            Level::of_word(&inside[colon + 1..]).filter(|_| module)
        });
        let seconds = inside.iter().all(|b| b.is_ascii_digit() || *b == b'.');
        let first = self.certain == 0;
        let known = self.timed || self.level.is_some();
        if !(known || first && (level.is_some() || seconds && inside.contains(&b'.'))) {
            return None;
        }
        self.timed |= seconds && first;
        self.level = self.level.or(level);
        self.at += len;
        self.at += usize::from(self.rest().first() == Some(&b':'));
        Some(Step::Certain)
    }

    /// A field between bars is of the header if it is one word.
    fn piped_field(&mut self, token: &[u8]) -> Step {
        if token.is_empty() || !token.iter().all(|b| is_name(*b)) {
            return Step::Message;
        }
        self.level = self.level.or_else(|| Level::of_word(token));
        self.at += token.len() + 1;
        Step::Certain
    }

    fn separator(&mut self, token: &[u8]) -> Option<Step> {
        if !matches!(
            token,
            b"-" | b"--" | b"---" | b"|" | b":" | b"*" | b"#" | b"."
        ) {
            return None;
        }
        self.at += token.len();
        let known = self.timed || self.level.is_some();
        Some(match token {
            b":" if known => Step::Last,
            _ if known => Step::Certain,
            b"-" if self.certain == 0 => Step::Doubtful,
            _ => Step::Message,
        })
    }

    fn level(&mut self, token: &[u8]) -> Option<Step> {
        let open = usize::from(matches!(token[0], b'<' | b'(' | b'['));
        let word = &token[open..];
        let len = word.iter().take_while(|b| b.is_ascii_alphabetic()).count();
        let (word, mut behind) = word.split_at(len);
        let mut token = token;
        let upper = !word.is_empty() && word.iter().all(u8::is_ascii_uppercase);
        if open == 0 && upper && behind.len() > 1 && behind[0] == b':' && self.certain == 0 {
            // `WARNING:root:message`, as Python's basic configuration writes.
            (token, behind) = (&token[..=len], b":");
        }
        if !matches!(
            behind,
            b"" | b":" | b"," | b">" | b"]" | b")" | b">:" | b"]:" | b"):" | b"|"
        ) {
            return None;
        }
        let level = if let [letter] = word {
            (self.timed && open == 0 && behind.is_empty()).then(|| of_letter(*letter))??
        } else {
            Level::of_word(word)?
        };
        let marked = open == 1 || !behind.is_empty();
        // `error: ...` at the start of a line is a level, `Error while` is not.
        let placed = self.timed && self.certain > 0 && self.doubtful == 0;
        let certain = upper || marked || placed && word[0].is_ascii_uppercase();
        if self.level.is_some() || !certain {
            return None;
        }
        self.level = Some(level);
        self.at += token.len();
        self.syslog = 0;
        Some(Step::Certain)
    }

    /// Who says it, with a colon behind: `dfs.DataNode$PacketResponder:`,
    /// `sshd(pam_unix)[19939]:`.
    fn component(&mut self, token: &[u8], behind: &[u8]) -> Option<Step> {
        if !(self.timed || self.level.is_some()) {
            return None;
        }
        if self.syslog == 1 && token.ends_with(b"]") && behind.starts_with(b" (") {
            // `com.apple.xpc.launchd[1] (com.apple.quicklook[71041]): ...`.
            let len = closing(&behind[1..])?;
            if behind.get(1 + len) == Some(&b':') {
                self.at += token.len() + 1 + len + 1;
                return Some(Step::Last);
            }
        }
        let name = token.strip_suffix(b":")?;
        // The host of syslog comes before the program.
        if name.is_empty() || Bytes::of(name).any & (OTHER | STAR) != 0 || self.syslog == 2 {
            return None;
        }
        self.at += token.len();
        // A program may name the level behind its own name, as a part of its message.
        self.level = self.level.or_else(|| level_ahead(behind));
        Some(Step::Last)
    }

    /// What could be of the header.
    fn doubtful(&mut self, token: &[u8], behind: &[u8]) -> Step {
        let known = self.timed || self.level.is_some();
        if !known {
            return Step::Message;
        }
        self.at += token.len();
        if self.syslog > 0 {
            self.syslog -= 1;
            return Step::Doubtful;
        }
        let token = token.strip_suffix(b",").unwrap_or(token);
        let bytes = Bytes::of(token);
        let name = bytes.any & OTHER == 0;
        let upper = token.len() > 1 && bytes.all & CAPITAL != 0;
        let dotted = bytes.any & DOT != 0
            && token
                .windows(3)
                .any(|w| w[1] == b'.' && w[0] != b'.' && w[2] != b'.');
        let digit = bytes.any & DIGIT != 0;
        let column = behind.starts_with(b"  ") || behind.starts_with(b"\t");
        if name && column && (upper || dotted || digit || self.doubtful == 0) {
            return Step::Certain;
        }
        let dashed = behind.starts_with(b" - ") && token.iter().any(u8::is_ascii_lowercase);
        // Behind the level capitals are emphasis: `INFO - STARTING - 5`.
        let upper = upper && self.level.is_none();
        if name && (upper || dotted || digit || dashed) {
            Step::Doubtful
        } else {
            Step::Message
        }
    }
}

/// What the bytes of a token are.
struct Bytes {
    /// One of them.
    any: u8,
    /// Each of them.
    all: u8,
}

const DIGIT: u8 = 1;
/// An upper case letter, or what joins them.
const CAPITAL: u8 = 2;
const DOT: u8 = 4;
const STAR: u8 = 8;
/// Never part of the name of a host, a logger or a program.
const OTHER: u8 = 16;

const KINDS: [u8; 256] = {
    let mut kinds = [0; 256];
    let mut b = 0;
    while b < 256 {
        kinds[b] = match b as u8 {
            b'0'..=b'9' => DIGIT,
            b'A'..=b'Z' | b'_' | b'-' => CAPITAL,
            b'.' => DOT,
            b'*' => STAR,
            b'a'..=b'z' | b'/' | b'(' | b')' | b'[' | b']' | b'@' | b'#' | b':' | b'$' => 0,
            _ => OTHER,
        };
        b += 1;
    }
    kinds
};

impl Bytes {
    fn of(token: &[u8]) -> Bytes {
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

/// The level that comes next: `ERROR x`, `[error] x`, `error: x`.
fn level_ahead(bytes: &[u8]) -> Option<Level> {
    let bytes = bytes.trim_ascii_start();
    let open = bytes.first() == Some(&b'[');
    let word = &bytes[usize::from(open)..];
    let len = word.iter().take(14).take_while(|b| b.is_ascii_alphabetic());
    let len = len.count();
    let (word, behind) = word.split_at(len);
    let marked = match behind.first() {
        Some(b']') => open,
        Some(b':') => !open,
        Some(b' ') | None => !open && word.iter().all(u8::is_ascii_uppercase),
        _ => false,
    };
    Level::of_word(word).filter(|_| marked)
}

fn upper_level(word: &[u8]) -> Option<Level> {
    let upper = !word.is_empty() && word.iter().all(u8::is_ascii_uppercase);
    upper.then(|| Level::of_word(word))?
}

/// The level of one letter.
pub(super) fn of_letter(letter: u8) -> Option<Level> {
    Some(match letter {
        b'V' => Level::Trace,
        b'D' => Level::Debug,
        b'I' => Level::Info,
        b'W' => Level::Warn,
        b'E' => Level::Error,
        b'F' => Level::Fatal,
        _ => return None,
    })
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
