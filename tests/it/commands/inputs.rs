//! Logs of many kinds, made from a seed, and what is odd about some of them.

use std::fmt::Write as _;

use super::random::Random;

/// A file to ask about.
#[derive(Clone, Debug)]
pub(super) struct Input {
    pub(super) kind: Kind,
    pub(super) bytes: Vec<u8>,
    /// It has NUL bytes, or is UTF-16.
    pub(super) binary: bool,
}

/// What the lines of a file are.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Kind {
    /// Of an application, with stack traces.
    App,
    Logfmt,
    Json,
    Csv,
    /// Of a web server.
    Access,
    /// Without years.
    Syslog,
    /// More keys than any bound has room for.
    Keys,
    /// Some lines are longer than chunks.
    Long,
    /// Bytes that have broken line counters.
    Nasty,
}

impl Kind {
    const ALL: [Kind; 9] = [
        Kind::App,
        Kind::Logfmt,
        Kind::Json,
        Kind::Csv,
        Kind::Access,
        Kind::Syslog,
        Kind::Keys,
        Kind::Long,
        Kind::Nasty,
    ];
}

const LEVELS: [&str; 6] = ["INFO", "INFO", "DEBUG", "WARN", "ERROR", "FATAL"];
const WORDS: [&str; 8] = [
    "started",
    "stopped",
    "timeout",
    "retry",
    "user",
    "error",
    "caf\u{e9}",
    "\u{4e2d}\u{6587}",
];

/// A file, most often a small one.
pub(super) fn input(random: &mut Random) -> Input {
    let kind = *random.pick(&Kind::ALL);
    let lines = match random.below(8) {
        _ if kind == Kind::Keys => random.within(500..6000),
        0 => random.below(4),
        1..6 => random.below(120),
        _ => random.below(1500),
    };
    let mut text = String::new();
    if kind == Kind::Csv {
        text.push_str("time,level,host,ms,\"a, b\"\n");
    }
    let mut clock = Clock::new(random);
    for number in 0..lines {
        clock.tick(random);
        line(kind, number, &clock, random, &mut text);
    }
    let mut bytes = text.into_bytes();
    if kind == Kind::Nasty {
        bytes = nasty(random);
    }
    let mut binary = kind == Kind::Nasty && bytes.contains(&0);
    binary |= spoil(&mut bytes, random);
    Input {
        kind,
        bytes,
        binary,
    }
}

/// When lines were written.
struct Clock {
    /// Seconds since midnight of the first of November.
    seconds: u64,
    millis: u64,
    step: u64,
    ordered: bool,
}

impl Clock {
    fn new(random: &mut Random) -> Clock {
        Clock {
            seconds: random.below(20 * 86_400),
            millis: 0,
            step: *random.pick(&[1, 1, 7, 60, 3600]),
            ordered: !random.one_in(6),
        }
    }

    fn tick(&mut self, random: &mut Random) {
        if !self.ordered && random.one_in(9) {
            self.seconds = self.seconds.saturating_sub(random.below(5000));
        }
        self.seconds += random.below(self.step + 1);
        if random.one_in(200) {
            self.seconds += random.below(86_400);
        }
        self.millis = random.below(1000);
    }

    fn day(&self) -> u64 {
        1 + (self.seconds / 86_400) % 30
    }

    fn time(&self) -> String {
        let (h, m, s) = (
            self.seconds / 3600 % 24,
            self.seconds / 60 % 60,
            self.seconds % 60,
        );
        format!("{h:02}:{m:02}:{s:02}")
    }

    fn iso(&self) -> String {
        let (day, time, millis) = (self.day(), self.time(), self.millis);
        format!("2026-11-{day:02}T{time}.{millis:03}Z")
    }
}

fn line(kind: Kind, number: u64, clock: &Clock, random: &mut Random, text: &mut String) {
    let level = *random.pick(&LEVELS);
    let (iso, time, day) = (clock.iso(), clock.time(), clock.day());
    let (user, host, word) = (random.skewed(2000), random.skewed(9), *random.pick(&WORDS));
    let ms = random.below(2000);
    let written = match kind {
        Kind::App | Kind::Nasty => write!(
            text,
            "{iso} {level} web-{host:02} svc[{number}]: {word} user=u{user} latency={ms}ms status={}",
            200 + 100 * random.skewed(4)
        ),
        Kind::Logfmt => write!(
            text,
            "ts={iso} level={} host=h{host} user=u{user} ms={ms} msg=\"{word} \\\"x\\\" {word}\"",
            level.to_lowercase()
        ),
        Kind::Json if random.one_in(30) => write!(text, "{{\"ts\":\"{iso}\",\"broken\": {word}"),
        Kind::Json => write!(
            text,
            "{{\"ts\":\"{iso}\",\"level\":\"{level}\",\"user\":{{\"id\":{user}}},\"ms\":{ms}.5,\"host\":\"h{host}\",\"msg\":\"{word} \\u00e9 \\\" \"}}"
        ),
        Kind::Csv => write!(
            text,
            "{iso},{level},h{host},{ms},\"{word}, \"\"{user}\"\"\""
        ),
        Kind::Access => write!(
            text,
            "10.0.{host}.{} - u{user} [{day:02}/Nov/2026:{time} +0000] \"GET /{word}/{user} HTTP/1.1\" {} {ms} \"-\" \"curl/8 {word}\"",
            user % 250,
            200 + 100 * random.skewed(4)
        ),
        Kind::Syslog => write!(
            text,
            "Nov {day:2} {time} host{host} cron[{number}]: {level} {word} user=u{user} took {ms} ms"
        ),
        Kind::Keys => {
            let key = random.below(30_000);
            write!(text, "{iso} {level} k={key} user=u{user} ms={ms} {word}")
        }
        Kind::Long => {
            let width = if random.one_in(20) { 40_000 } else { 40 };
            let width = random.below(width) as usize;
            write!(
                text,
                "{iso} {level} user=u{user} {}{word}",
                "x".repeat(width)
            )
        }
    };
    written.expect("room");
    text.push('\n');
    if kind == Kind::App && random.one_in(9) {
        for depth in 0..random.below(4) {
            writeln!(text, "\tat com.example.Thing.run(Thing.java:{depth})").expect("room");
        }
    }
}

fn nasty(random: &mut Random) -> Vec<u8> {
    const PIECES: [&[u8]; 16] = [
        b"\n",
        b"\n",
        b"\n",
        b"\r\n",
        b"\r",
        b"\0",
        b" ",
        b"\t",
        b"error",
        b"user=u7",
        b"2026-11-03T04:05:06Z ",
        b"\xff",
        b"\xc3",
        "\u{e9}".as_bytes(),
        b"zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz",
        b"latency=12ms ",
    ];
    let mut bytes = Vec::new();
    for _ in 0..random.below(300) {
        bytes.extend_from_slice(random.pick::<&[u8]>(&PIECES));
    }
    bytes
}

/// Makes some files odd; true if one is binary now.
fn spoil(bytes: &mut Vec<u8>, random: &mut Random) -> bool {
    match random.below(12) {
        0 => *bytes = crlf(bytes),
        1 => {
            bytes.pop();
        }
        2 if !bytes.is_empty() => {
            let at = random.below(bytes.len() as u64) as usize;
            bytes[at] = 0xff;
        }
        3 if !bytes.is_empty() => {
            let at = random.below(bytes.len() as u64) as usize;
            bytes[at] = 0;
            return true;
        }
        4 => {
            bytes.splice(0..0, *b"\xef\xbb\xbf");
        }
        5 if random.one_in(2) => {
            let text = String::from_utf8_lossy(bytes).into_owned();
            let units = std::iter::once(0xfeff).chain(text.encode_utf16());
            *bytes = units.flat_map(u16::to_le_bytes).collect();
            return true;
        }
        _ => {}
    }
    false
}

fn crlf(bytes: &[u8]) -> Vec<u8> {
    let mut all = Vec::with_capacity(bytes.len() + 100);
    for &byte in bytes {
        if byte == b'\n' {
            all.push(b'\r');
        }
        all.push(byte);
    }
    all
}
