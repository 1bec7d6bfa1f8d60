//! The level and the message of lines that name their fields: JSON, logfmt.

use memchr::{memchr, memchr_iter, memchr2};

use super::{Header, Level};

/// The names, in lower case, that members with a level have.
const LEVELS: [&[u8]; 14] = [
    b"level",
    b"severity",
    b"lvl",
    b"levelname",
    b"level_name",
    b"loglevel",
    b"log.level",
    b"log_level",
    b"@level",
    b"@l",
    b"severity_text",
    b"severitytext",
    b"error_severity",
    b"priority",
];

/// The names, in lower case, of members with the number of a level of OpenTelemetry.
const NUMBERS: [&[u8]; 2] = [b"severitynumber", b"severity_number"];

/// The names that members with a message have.
const MESSAGES: [&[u8]; 14] = [
    b"msg",
    b"message",
    b"@message",
    b"event",
    b"body",
    b"MESSAGE",
    b"Message",
    b"Body",
    b"@m",
    b"@mt",
    b"MessageTemplate",
    b"short_message",
    b"textPayload",
    b"log",
];

/// How much of a line within a line is read for its level.
const INNER: usize = 512;

/// The header of a line that is a JSON object, from its `{` on.
pub(super) fn json(line: &[u8], start: usize) -> Header {
    let mut header = Header::none(line);
    let mut inner = None;
    for (key, value) in Members::new(line, start + 1) {
        let text = unquoted(line, &value);
        if header.level.is_none() && is_level(key) {
            header.level = Level::of_word(&line[text.clone()]).or_else(|| numbered(&line[text]));
        } else if header.level.is_none() && key == b"s" {
            // As MongoDB has it.
            header.level = letter(&line[text]);
        } else if key == b"log" && line[value.start] == b'{' {
            // `{"log":{"level":"error"}}`, as the Elastic Common Schema has it.
            let within = Members::new(&line[..value.end], value.start + 1);
            let mut levels = within.filter(|(key, _)| is_level(key));
            let level = levels.next().map(|(_, value)| unquoted(line, &value));
            let level = level.and_then(|level| Level::of_word(&line[level]));
            header.level = header.level.or(level);
        } else if header.start == 0 && MESSAGES.contains(&key) && text.len() < value.len() {
            if !line[text.clone()].trim_ascii().is_empty() {
                (header.start, header.end) = (text.start, text.end);
                inner = (key == b"log").then_some(text);
            }
        } else if header.level.is_none() && is_number(key) {
            header.level = of_telemetry(&line[text]);
        } else {
            continue;
        }
        if header.level.is_some() && header.start > 0 {
            break;
        }
    }
    if header.level.is_none()
        && let Some(inner) = inner
    {
        header.level = level_within(&line[inner]);
    }
    header
}

/// How long the names of [`LEVELS`] are, a bit for each length.
const LENGTHS: u32 = {
    let mut lengths = 0;
    let mut at = 0;
    while at < LEVELS.len() {
        lengths |= 1 << LEVELS[at].len();
        at += 1;
    }
    lengths
};

/// Whether a member of this name says the level.
fn is_level(key: &[u8]) -> bool {
    // Most have the length of none.
    let possible = key.len() < 32 && LENGTHS >> key.len() & 1 == 1;
    possible && LEVELS.iter().any(|level| key.eq_ignore_ascii_case(level))
}

/// Whether a member of this name says the number of the level.
fn is_number(key: &[u8]) -> bool {
    key.len() >= 14 && NUMBERS.iter().any(|name| key.eq_ignore_ascii_case(name))
}

/// The level of a number of OpenTelemetry, four to each.
fn of_telemetry(text: &[u8]) -> Option<Level> {
    let number: u8 = std::str::from_utf8(text).ok()?.parse().ok()?;
    Some(match number {
        1..=4 => Level::Trace,
        5..=8 => Level::Debug,
        9..=12 => Level::Info,
        13..=16 => Level::Warn,
        17..=20 => Level::Error,
        21..=24 => Level::Fatal,
        _ => return None,
    })
}

/// The level that a line within a line says, as Docker wraps what a program prints.
#[cold]
fn level_within(text: &[u8]) -> Option<Level> {
    let text = &text[..text.len().min(INNER)];
    let mut line = Vec::with_capacity(text.len());
    let mut bytes = text.iter();
    while let Some(&byte) = bytes.next() {
        line.push(match byte {
            b'\\' => match bytes.next() {
                None | Some(b'n' | b'r') => break,
                Some(b't') => b'\t',
                Some(&escaped) => escaped,
            },
            byte => byte,
        });
    }
    // What is wrapped twice stays wrapped.
    let wrapped = line.trim_ascii_start().starts_with(b"{\"log\"");
    if wrapped {
        None
    } else {
        Header::level_of(&line)
    }
}

/// `E`, `W`, `D1` ... as `MongoDB` writes levels.
fn letter(text: &[u8]) -> Option<Level> {
    match text {
        [letter] => Level::of_letter(*letter),
        [b'D', b'1'..=b'5'] => Some(Level::Debug),
        _ => None,
    }
}

/// The level that a number stands for: bunyan's 10 to 60, or a syslog severity.
fn numbered(text: &[u8]) -> Option<Level> {
    match text {
        b"10" => Some(Level::Trace),
        b"20" => Some(Level::Debug),
        b"30" => Some(Level::Info),
        b"40" => Some(Level::Warn),
        b"50" => Some(Level::Error),
        b"60" => Some(Level::Fatal),
        [digit @ b'0'..=b'7'] => Level::of_syslog(digit - b'0'),
        _ => None,
    }
}

/// A value without its quotes, if it is a string.
fn unquoted(line: &[u8], value: &std::ops::Range<usize>) -> std::ops::Range<usize> {
    if line[value.clone()].len() >= 2 && line[value.start] == b'"' {
        value.start + 1..value.end - 1
    } else {
        value.clone()
    }
}

/// The members of an object, values as they are written; ends early where it
/// is no JSON.
struct Members<'l> {
    line: &'l [u8],
    at: usize,
}

impl<'l> Members<'l> {
    fn new(line: &'l [u8], at: usize) -> Members<'l> {
        Members { line, at }
    }

    fn skip_blanks(&mut self) -> Option<u8> {
        let rest = &self.line[self.at..];
        self.at += rest.iter().take_while(|b| b.is_ascii_whitespace()).count();
        self.line.get(self.at).copied()
    }

    /// Moves behind the string whose opening quote is here.
    fn string(&mut self) -> Option<()> {
        self.at += 1;
        loop {
            let found = memchr2(b'"', b'\\', self.line.get(self.at..)?)?;
            self.at += found + 1;
            if self.line[self.at - 1] == b'"' {
                return Some(());
            }
            self.at += 1;
        }
    }

    /// Moves behind the value that starts here.
    fn value(&mut self) -> Option<()> {
        let mut depth = 0usize;
        loop {
            match *self.line.get(self.at)? {
                b'"' => {
                    self.string()?;
                    if depth == 0 {
                        return Some(());
                    }
                    continue;
                }
                b'{' | b'[' => depth += 1,
                b'}' | b']' | b',' if depth == 0 => return Some(()),
                b'}' | b']' => {
                    depth -= 1;
                    if depth == 0 {
                        self.at += 1;
                        return Some(());
                    }
                }
                _ => {}
            }
            self.at += 1;
        }
    }
}

impl<'l> Iterator for Members<'l> {
    type Item = (&'l [u8], std::ops::Range<usize>);

    fn next(&mut self) -> Option<(&'l [u8], std::ops::Range<usize>)> {
        if self.skip_blanks()? == b',' {
            self.at += 1;
        }
        if self.skip_blanks()? != b'"' {
            return None;
        }
        let key = self.at + 1;
        self.string()?;
        let key = &self.line[key..self.at - 1];
        if self.skip_blanks()? != b':' {
            return None;
        }
        self.at += 1;
        self.skip_blanks()?;
        let start = self.at;
        self.value()?;
        let value = self.line[start..self.at].trim_ascii_end();
        Some((key, start..start + value.len()))
    }
}

/// Whether the bytes start with `key=`.
pub(super) fn is_logfmt(bytes: &[u8]) -> bool {
    let key = bytes.iter().take(32);
    let key = key.take_while(|b| b.is_ascii_alphanumeric() || b"._-@".contains(b));
    let len = key.count();
    len > 0 && bytes.get(len) == Some(&b'=') && bytes[0].is_ascii_alphabetic()
}

/// Adds what the fields of a logfmt line say, whose message so far is all of
/// them.
pub(super) fn logfmt(line: &[u8], header: &mut Header) {
    let fields = header.start..header.end;
    if header.level.is_none() {
        let keys: [&[u8]; 6] = [
            b"level",
            b"lvl",
            b"severity",
            b"log.level",
            b"log_level",
            b"loglevel",
        ];
        let level = field(line, fields.clone(), &keys);
        header.level = level.and_then(|level| Level::of_word(&line[level]));
    }
    let message = field(line, fields, &[b"msg", b"message"]);
    if let Some(message) = message.filter(|message| !message.is_empty()) {
        (header.start, header.end) = (message.start, message.end);
    }
}

/// The value of the first field of the first of these keys that there is,
/// without its quotes.
fn field(
    line: &[u8],
    within: std::ops::Range<usize>,
    keys: &[&[u8]],
) -> Option<std::ops::Range<usize>> {
    let fields = &line[within.clone()];
    let mut best = None;
    for equals in memchr_iter(b'=', fields) {
        let before = &fields[..equals];
        let is_key = |key: &&[u8]| {
            // Most differ in the last letter.
            before.last() == key.last()
                && matches!(before.strip_suffix(*key), Some([] | [.., b' ']))
        };
        let better = best.map_or(keys.len(), |(rank, _)| rank);
        if let Some(rank) = keys[..better].iter().position(is_key) {
            best = Some((rank, equals));
            if rank == 0 {
                break;
            }
        }
    }
    let (_, equals) = best?;
    let start = within.start + equals + 1;
    let rest = &line[start..within.end];
    if rest.first() != Some(&b'"') {
        let len = memchr(b' ', rest).unwrap_or(rest.len());
        return Some(start..start + len);
    }
    let mut at = 1;
    while let Some(found) = memchr2(b'"', b'\\', rest.get(at..)?) {
        at += found;
        if rest[at] == b'"' {
            return Some(start + 1..start + at);
        }
        at += 2;
    }
    None
}
