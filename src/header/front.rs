//! Levels that stand at the very start of a line, in front of its timestamp or without one.

use memchr::memchr;

use super::{
    Level, ahead, row, stamp,
    token::{MAX_BYTES, closing, is_name},
};

/// What a line starts with.
pub(super) struct Front {
    /// How long it is.
    pub(super) len: usize,
    pub(super) level: Level,
    /// Whether nothing else of the header follows.
    pub(super) last: bool,
}

impl Front {
    /// A timestamp, or more, may follow.
    fn more(len: usize, level: Level) -> Front {
        let last = false;
        Front { len, level, last }
    }

    fn last(len: usize, level: Level) -> Front {
        let last = true;
        Front { len, level, last }
    }
}

/// The level that a line without a timestamp at its start begins with, where more than the
/// word says that it is one.
pub(super) fn of(line: &[u8]) -> Option<Front> {
    match *line.first()? {
        b'A'..=b'Z' => lettered(line).or_else(|| row::first(line).map(more)),
        b'a'..=b'z' => facility(line)
            .or_else(|| in_front_of_brackets(line))
            .or_else(|| row::first(line).map(more)),
        b'"' => row::first(line).map(more),
        b'[' => bracketed(line),
        b'(' | b'*' => process(line),
        b'=' => report(line),
        b'#' | b':' => command(line).map(|(len, level)| Front::last(len, level)),
        _ => None,
    }
}

fn more((len, level): (usize, Level)) -> Front {
    Front::more(len, level)
}

/// The level in the brackets that a line starts with, a timestamp behind them:
/// `[ERROR] [1795444205.123] `, `<info>  [1795444205.123] `.
pub(super) fn of_bracket(line: &[u8]) -> Option<Level> {
    let len = closing(line)?;
    Level::of_word(line[1..len - 1].trim_ascii())
}

/// What begins with the letter of a level: `E/Tag( 1234): `, `E( 1234) `, `E[2026-11-23|…] `,
/// `E: `.
fn lettered(line: &[u8]) -> Option<Front> {
    let level = Level::of_letter(line[0])?;
    match line.get(1)? {
        b'/' => logcat(line).map(|(len, level)| Front::last(len, level)),
        b'(' => {
            let len = process_number(&line[1..])?;
            Some(Front::last(1 + len, level))
        }
        b'[' => {
            stamp::at_start(&line[2..])?;
            let len = closing(&line[1..])?;
            Some(Front::last(1 + len, level))
        }
        b':' if matches!(line[0], b'E' | b'W' | b'I') => {
            let text = matches!(line[2..], [b' ', b'!'..=b'~', ..]);
            text.then(|| Front::last(2, level))
        }
        _ => None,
    }
}

/// `E/Tag( 1234): `, with its colon.
pub(super) fn logcat(bytes: &[u8]) -> Option<(usize, Level)> {
    const LONGEST: usize = 80;
    let [letter, b'/', tag @ ..] = bytes else {
        return None;
    };
    let level = Level::of_letter(*letter)?;
    let tag = &tag[..tag.len().min(LONGEST)];
    let open = memchr(b'(', tag).filter(|open| *open > 0)?;
    let end = 2 + open + process_number(&bytes[2 + open..])?;
    (bytes.get(end) == Some(&b':')).then_some((end + 1, level))
}

/// `( 1234)`: how long it is.
fn process_number(bytes: &[u8]) -> Option<usize> {
    let len = closing(bytes)?;
    let number = bytes[1..len - 1].trim_ascii_start();
    let digits = !number.is_empty() && number.iter().all(u8::is_ascii_digit);
    digits.then_some(len)
}

/// `kern  :err   : `, as the kernel's facility and severity are written together.
fn facility(line: &[u8]) -> Option<Front> {
    let mut at = 0;
    let mut word = || {
        let rest = &line[at..];
        let len = rest
            .iter()
            .take(12)
            .take_while(|b| b.is_ascii_alphanumeric());
        let len = len.count();
        let blanks = rest[len..].iter().take(12).take_while(|b| **b == b' ');
        let colon = len + blanks.count();
        at += colon + 1;
        (rest.get(colon) == Some(&b':')).then_some((&rest[..len], at))
    };
    let (facility, _) = word()?;
    if !is_facility(facility) {
        return None;
    }
    let (severity, len) = word()?;
    let level = Level::of_word(severity)?;
    // `user:err: ` in words of something else has no brackets and no time behind it.
    let rest = line[len..].trim_ascii_start();
    let timed = rest.first() == Some(&b'[') || stamp::at_start(rest).is_some();
    timed.then(|| Front::more(len, level))
}

/// Whether this is the name of a facility of syslog.
fn is_facility(word: &[u8]) -> bool {
    matches!(
        word,
        b"kern"
            | b"user"
            | b"mail"
            | b"daemon"
            | b"auth"
            | b"syslog"
            | b"lpr"
            | b"news"
            | b"uucp"
            | b"cron"
            | b"authpriv"
            | b"ftp"
            | b"ntp"
            | b"security"
            | b"console"
            | [b'l', b'o', b'c', b'a', b'l', b'0'..=b'7']
    )
}

/// The severity in `daemon.err`.
pub(super) fn facility_and_severity(word: &[u8]) -> Option<Level> {
    let dot = memchr::memrchr(b'.', word)?;
    let level = Level::of_word(&word[dot + 1..])?;
    is_facility(&word[..dot]).then_some(level)
}

/// `error [2026-11-23 14:30:05.123 +01:00] `: a word in lower case, and a time in brackets.
fn in_front_of_brackets(line: &[u8]) -> Option<Front> {
    let len = line.iter().take(14).take_while(|b| b.is_ascii_alphabetic());
    let len = len.count();
    let rest = line[len..].strip_prefix(b" [")?;
    let level = Level::of_word(&line[..len])?;
    stamp::at_start(rest)?;
    Some(Front::more(len, level))
}

/// What a bracket in front says beside the time: `[W1123 14:30:05.123 socket.cpp:12] `,
/// `[W socket.cpp:12] `, `[ 11-23 14:30:07.250  1234: 1250 E/Tag ]`,
/// `[1234:1234:1123/143005.123456:ERROR:gpu_init.cc(523)] `.
fn bracketed(line: &[u8]) -> Option<Front> {
    let second = *line.get(1)?;
    if second.is_ascii_uppercase() {
        let level = Level::of_letter(second)?;
        if let Some((len, level)) = super::prefix::klog(&line[1..]) {
            return Some(Front::last(1 + len, level));
        }
        let source = line[2..].strip_prefix(b" ")?;
        let file = source.iter().take(64).take_while(|b| is_name(**b)).count();
        let number = source[file..].strip_prefix(b":")?;
        let digits = number.iter().take_while(|b| b.is_ascii_digit()).count();
        let closed = file > 0 && digits > 0 && number.get(digits) == Some(&b']');
        return closed.then(|| Front::last(3 + file + 1 + digits + 1, level));
    }
    if second == b' ' && stamp::at_start(&line[2..]).is_some() {
        let len = closing(line)?;
        let last = line[..len - 1]
            .trim_ascii_end()
            .rsplit(|b| *b == b' ')
            .next()?;
        let [letter, b'/', _, ..] = last else {
            return None;
        };
        return Some(Front::last(len, Level::of_letter(*letter)?));
    }
    if second.is_ascii_digit() {
        let len = closing(line).filter(|len| line[..*len].ends_with(b")]"))?;
        let mut fields = line[1..len - 1].split(|b| *b == b':');
        let timed = |field: &[u8]| memchr(b'/', field).is_some();
        let level = fields.find(|field| timed(field)).and(fields.next())?;
        return Some(Front::last(len, Level::of_capitals(level)?));
    }
    None
}

/// `(gedit:1234): Gtk-WARNING **: `, `** (process:12): CRITICAL **: `.
fn process(line: &[u8]) -> Option<Front> {
    let start = if line.starts_with(b"** ") { 3 } else { 0 };
    let len = start + closing(&line[start..])?;
    let number = line[start..len - 1].rsplit(|b| *b == b':').next()?;
    let known = line[start] == b'(' && !number.is_empty() && number.iter().all(u8::is_ascii_digit);
    let rest = line[len..].strip_prefix(b": ").filter(|_| known)?;
    let (name, level) = ahead::stars(rest)?;
    Some(Front::more(len + 2 + name, level))
}

/// `=ERROR REPORT==== 23-Nov-2026::14:30:05 ===`.
fn report(line: &[u8]) -> Option<Front> {
    let line = &line[..line.len().min(MAX_BYTES)];
    let len = memchr(b' ', line)?;
    let level = match &line[1..len] {
        b"CRASH" | b"SUPERVISOR" => Level::Error,
        b"PROGRESS" => Level::Info,
        word => Level::of_capitals(word)?,
    };
    let rest = line[len..].strip_prefix(b" REPORT====")?;
    Some(Front::last(line.len() - rest.len(), level))
}

/// `##[error]`, `::error file=app.js,line=1::`, as what builds and tests marks lines.
pub(super) fn command(bytes: &[u8]) -> Option<(usize, Level)> {
    let word = |from: usize| {
        let rest = &bytes[from..];
        let len = rest.iter().take(14).take_while(|b| b.is_ascii_lowercase());
        let end = from + len.count();
        Some((end, Level::of_word(&bytes[from..end])?))
    };
    if bytes.starts_with(b"##[") {
        let (end, level) = word(3)?;
        return (bytes.get(end) == Some(&b']')).then_some((end + 1, level));
    }
    let (end, level) = word(bytes.starts_with(b"::").then_some(2)?)?;
    let rest = &bytes[end..bytes.len().min(MAX_BYTES)];
    if !matches!(rest, [b' ' | b':', ..]) {
        return None;
    }
    let colons = memchr::memmem::find(rest, b"::")?;
    Some((end + colons + 2, level))
}
