//! From token to token, as long as they look like a header.

use memchr::{memchr, memchr2, memchr3};

use super::{
    Header, Level,
    ahead::{self, Far},
    front,
    prefix::{before_stamp, klog, priority, wrapped},
    row,
    stamp::{self, Shape, Stamp},
    token::{AT, Bytes, CAPITAL, DIGIT, DOT, MAX_BYTES, OTHER, STAR, closing, is_end, is_name},
};

/// How far a header may reach, in tokens.
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
        let tokens = if self.prefix() { MAX_TOKENS } else { 0 };
        for _ in 0..tokens {
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

    /// What only the start of a line can have; whether more of a header may follow.
    fn prefix(&mut self) -> bool {
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
            self.level = Level::of_letter(letter);
            self.at = 2;
            self.commit();
        } else if self.at == 0 {
            self.first = stamp::at_start(self.line);
            if self.first.is_none() {
                return self.front();
            }
        }
        true
    }

    /// What stands in front of the first timestamp, or in place of one.
    fn front(&mut self) -> bool {
        if !self.line.first().is_some_and(u8::is_ascii_digit)
            && let Some(front) = front::of(self.line)
        {
            self.level = Some(front.level);
            self.at = front.len;
            self.commit();
            return !front.last;
        }
        if let Some(rest) = self.line.strip_prefix(b"\"")
            && stamp::at_start(rest).is_some()
        {
            // The first value of a row.
            self.at = 1;
        } else if let Some(at) = wrapped(self.line).or_else(|| before_stamp(self.line)) {
            if matches!(self.line[0], b'[' | b'<') {
                self.level = front::of_bracket(self.line);
            }
            self.at = at;
            self.commit();
        }
        true
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
            return self.level(token).unwrap_or(Step::Message);
        }
        self.separator(token)
            .or_else(|| self.level(token))
            .or_else(|| self.marked(token))
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
            let words = rest[end..whole].split(|b| b" \t]/".contains(b));
            self.level = self
                .level
                .or_else(|| words.into_iter().find_map(Level::of_capitals));
            self.at += whole;
        } else {
            self.at += end + usize::from(open && closed);
        }
        let next = self.line.get(self.at);
        if !open && matches!(next, Some(b',' | b';' | b'"')) && self.row() {
            return Some(Step::Last);
        }
        self.piped = self.line.get(self.at) == Some(&b'|');
        let more = self.rest().iter();
        self.at += more.take_while(|b| b",:;|]".contains(b)).count();
        self.timed = true;
        self.syslog = if stamp.shape == Shape::Syslog { 2 } else { 0 };
        Some(Step::Certain)
    }

    /// The rest of a row of values whose first, or whose first but its level, is a time.
    fn row(&mut self) -> bool {
        let quoted = usize::from(self.line[self.at] == b'"');
        let at = self.at + quoted;
        if self.level.is_some() || !matches!(self.line.get(at), Some(b',' | b';')) {
            return false;
        }
        let Some(row) = row::of(self.line, at) else {
            return false;
        };
        self.level = row.level;
        self.at = row.message.start;
        if !row.message.is_empty() {
            self.line = &self.line[..row.message.end];
        }
        self.timed = true;
        true
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
        let level = Level::of_word(inside).or_else(|| self.level_of_module(inside));
        let numbers = inside.strip_suffix(b"s").unwrap_or(inside);
        let seconds = numbers.iter().all(|b| b.is_ascii_digit() || *b == b'.');
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

    /// `core:error`, as Apache names its module, and `Server thread/WARN`.
    fn level_of_module(&self, inside: &[u8]) -> Option<Level> {
        let known = self.timed && self.level.is_none();
        let at = memchr::memrchr2(b':', b'/', inside).filter(|_| known)?;
        let (module, word) = (&inside[..at], &inside[at + 1..]);
        if inside[at] == b'/' {
            let named = module.last().is_some_and(|b| *b != b' ');
            return Level::of_capitals(word).filter(|_| named);
        }
        Level::of_word(word).filter(|_| module.iter().all(|b| is_name(*b)))
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
            b":" if known => {
                self.level = self.level.or_else(|| ahead::channel(self.rest()));
                Step::Last
            }
            _ if known => Step::Certain,
            b"-" if self.certain == 0 => Step::Doubtful,
            _ => Step::Message,
        })
    }

    #[inline]
    fn level(&mut self, token: &[u8]) -> Option<Step> {
        let named = match token {
            // The names of most hosts and programs.
            [.., b'0'..=b'9' | b'-' | b'.', b'0'..=b'9'] | [b'a'..=b'z', .., b']', b':'] => {
                self.certain == 0
            }
            [b'A'..=b'Z' | b'a'..=b'z' | b'<' | b'(' | b'[', ..] => true,
            _ => false,
        };
        if named && self.level.is_none() {
            self.named_level(token)
        } else {
            None
        }
    }

    /// A token that begins as a level does.
    fn named_level(&mut self, token: &[u8]) -> Option<Step> {
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
        if !is_end(behind) {
            let number = len > 2 && matches!(behind[0], b'[' | b'1'..=b'9');
            let known = open == 0 && number && (upper || self.certain == 0);
            let (len, level) = known.then(|| ahead::numbered(token, len, upper))??;
            return Some(self.found(len, level));
        }
        let level = if let [letter] = word {
            (self.timed && open == 0 && behind.is_empty()).then(|| Level::of_letter(*letter))??
        } else {
            Level::of_word(word)?
        };
        // `Error, and more` neither.
        let marked = open == 1 || !behind.is_empty() && (behind != b"," || self.certain > 0);
        // `error: ...` at the start of a line is a level, `Error while` is not.
        let placed = self.timed && self.certain > 0 && self.doubtful == 0;
        let certain = upper
            || marked
            || placed
                && (word[0].is_ascii_uppercase()
                    || ahead::is_column(&self.line[..self.at], &self.rest()[token.len()..]));
        certain.then(|| self.found(token.len(), level))
    }

    /// A level was found in the next bytes, so many.
    fn found(&mut self, len: usize, level: Level) -> Step {
        self.level = Some(level);
        self.at += len;
        self.syslog = 0;
        Step::Certain
    }

    /// A token that says the level in a way of its own.
    fn marked(&mut self, token: &[u8]) -> Option<Step> {
        if self.level.is_some() || !self.timed || !ahead::is_unusual(token) {
            return None;
        }
        let (len, level) = ahead::token(self.rest(), token.len())?;
        self.level = Some(level);
        self.at += len;
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
        self.level = self
            .level
            .or_else(|| ahead::of_name(name))
            .or_else(|| ahead::next(behind));
        Some(Step::Last)
    }

    /// What could be of the header.
    fn doubtful(&mut self, token: &[u8], behind: &[u8]) -> Step {
        let known = self.timed || self.level.is_some();
        if !known {
            return self.place(token, behind);
        }
        self.at += token.len();
        if self.syslog > 0 {
            self.syslog -= 1;
            return Step::Doubtful;
        }
        let first = token[0];
        let whole = token.len();
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
            // What names something may stand before a level.
            let unknown = self.level.is_none() && self.timed;
            if unknown && (first.is_ascii_alphanumeric() || first == b'{' || bytes.any & AT != 0) {
                self.far(whole, bytes.any & AT != 0)
            } else {
                Step::Message
            }
        }
    }

    /// What could be the first word of the message, and was passed.
    fn far(&mut self, len: usize, joined: bool) -> Step {
        let start = self.at - len;
        match ahead::far(&self.line[start..], len, joined) {
            None => Step::Message,
            Some(Far::More(len)) => {
                self.at = start + len;
                Step::Certain
            }
            Some(Far::Message(len, level)) => {
                self.at = start + len;
                self.level = level;
                Step::Last
            }
        }
    }

    /// `file.c:12:5: error: expected`, as compilers say where.
    fn place(&mut self, token: &[u8], behind: &[u8]) -> Step {
        let [name @ .., digit, b':'] = token else {
            return Step::Message;
        };
        if self.certain > 0 || !digit.is_ascii_digit() || memchr(b':', name).is_none() {
            return Step::Message;
        }
        self.level = ahead::next(behind);
        if self.level.is_none() {
            return Step::Message;
        }
        self.at += token.len();
        Step::Last
    }
}
