//! The lines of the log.
//!
//! Texts that are counted ([`Mark`]) must come from nowhere but
//! [`mark`], which says where: no other word here contains one.

use super::{answers::Mark, random::Random};

const SERVICES: [&str; 6] = ["orders", "billing", "search", "auth", "gateway", "mailer"];
const METHODS: [&str; 8] = ["GET", "GET", "GET", "GET", "GET", "POST", "PUT", "DELETE"];
const RESOURCES: [&str; 7] = [
    "orders", "items", "carts", "users", "sessions", "invoices", "reports",
];
const TROUBLE: [&str; 3] = ["timeout", "refused", "declined"];
const STATUS: [u64; 16] = [
    200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 201, 204, 301, 304, 400, 404,
];
const RARE: &str = "ledger out of balance";
const LONG_WORD: &str = "AbstractTransactionalRepositoryFactoryBean";

/// One day, in microseconds: what a log of any size spans.
const SPAN: u64 = 86_400_000_000;
/// About what a line takes, for the pace of time.
const MEAN_LINE: u64 = 150;

/// Writes one line after another.
pub(crate) struct Writer {
    random: Random,
    now: u64,
    /// The longest time between two lines.
    pace: u64,
}

impl Writer {
    /// The lines of this seed, a day of them in `size` bytes.
    pub(crate) fn new(seed: u64, size: u64) -> Writer {
        Writer {
            random: Random::new(seed),
            now: 0,
            pace: (2 * SPAN / (size / MEAN_LINE).max(1)).max(1),
        }
    }

    /// Appends the next line to `line` and what was planted in it to `marks`.
    pub(crate) fn line(&mut self, line: &mut Vec<u8>, marks: &mut Vec<(Mark, usize)>, rare: bool) {
        self.now += self.random.below(self.pace + 1);
        self.timestamp(line);
        let level = self.random.below(100);
        match level {
            0..2 => mark(line, marks, Mark::Error, "ERROR"),
            2..8 => put(line, "WARN"),
            8..20 => put(line, "DEBUG"),
            _ => put(line, "INFO"),
        }
        put(line, " web-");
        padded(line, self.random.below(24) + 1, 2);
        line.push(b' ');
        put(line, self.random.pick(&SERVICES));
        line.push(b'[');
        number(line, 1000 + self.random.below(30_000));
        put(line, "]: ");
        mark(line, marks, Mark::Request, "req=");
        hex(line, self.random.next());
        self.user(line, marks);
        match level {
            0..8 => self.trouble(line, marks),
            8..20 => self.cache(line),
            _ => self.access(line, marks),
        }
        if rare {
            put(line, " note=\"");
            mark(line, marks, Mark::Rare, RARE);
            put(line, "\" cause=");
            mark(line, marks, Mark::LongWord, LONG_WORD);
        }
        line.push(b'\n');
    }

    fn timestamp(&self, line: &mut Vec<u8>) {
        let millis = self.now / 1000;
        let (seconds, days) = (millis / 1000 % 86_400, millis / 86_400_000);
        put(line, "2026-11-");
        padded(line, 23 + days, 2);
        line.push(b'T');
        padded(line, seconds / 3600, 2);
        line.push(b':');
        padded(line, seconds / 60 % 60, 2);
        line.push(b':');
        padded(line, seconds % 60, 2);
        line.push(b'.');
        padded(line, millis % 1000, 3);
        put(line, "Z ");
    }

    fn user(&mut self, line: &mut Vec<u8>, marks: &mut Vec<(Mark, usize)>) {
        put(line, " user=");
        if self.random.one_in(200) {
            mark(line, marks, Mark::Accent, "Zoë");
        } else {
            line.push(b'u');
            number(line, self.random.below(500_000));
        }
    }

    fn access(&mut self, line: &mut Vec<u8>, marks: &mut Vec<(Mark, usize)>) {
        line.push(b' ');
        put(line, self.random.pick(&METHODS));
        put(line, " /api/v");
        number(line, 1 + self.random.below(3));
        line.push(b'/');
        put(line, self.random.pick(&RESOURCES));
        line.push(b'/');
        number(line, self.random.below(1_000_000));
        line.push(b' ');
        if self.random.one_in(100) {
            mark(line, marks, Mark::ServerError, "status=5");
            padded(line, self.random.below(5), 2);
        } else {
            put(line, "status=");
            number(line, self.random.pick(&STATUS));
        }
        put(line, " bytes=");
        number(line, self.random.below(60_000));
        put(line, " latency=");
        // Most requests are quick, a few are very slow.
        let slow = self.random.below(12);
        number(line, 1 + self.random.below(2 << slow));
        put(line, "ms");
    }

    fn cache(&mut self, line: &mut Vec<u8>) {
        let found = self.random.pick(&["hit", "hit", "hit", "miss"]);
        put(line, " cache=");
        put(line, found);
        put(line, " key=session:");
        hex(line, self.random.next());
        put(line, " age=");
        number(line, self.random.below(3600));
        put(line, "s");
        if self.random.one_in(100) {
            self.payload(line);
        }
    }

    /// A long line: a document of one to eight thousand bytes.
    fn payload(&mut self, line: &mut Vec<u8>) {
        put(line, " payload={\"items\":[");
        let items = 20 + self.random.below(140);
        for i in 0..items {
            put(line, if i == 0 { "{\"id\":" } else { ",{\"id\":" });
            number(line, self.random.below(1_000_000));
            put(line, ",\"name\":\"");
            put(line, self.random.pick(&RESOURCES));
            put(line, "\",\"price\":");
            number(line, self.random.below(100_000));
            line.push(b'}');
        }
        put(line, "]}");
    }

    fn trouble(&mut self, line: &mut Vec<u8>, marks: &mut Vec<(Mark, usize)>) {
        put(line, " upstream=10.0.");
        number(line, self.random.below(8));
        line.push(b'.');
        number(line, self.random.below(256));
        for attempt in 0..self.random.below(4) {
            line.push(b' ');
            mark(line, marks, Mark::Retry, "retry=");
            number(line, attempt + 1);
        }
        put(line, " msg=\"");
        if self.random.one_in(8) {
            let word = self.random.pick(&TROUBLE);
            put(line, "connection ");
            marks.push((Mark::Trouble, line.len()));
            match self.random.below(3) {
                0 => put(line, word),
                1 => put(line, &word.to_uppercase()),
                _ => {
                    put(line, &word[..1].to_uppercase());
                    put(line, &word[1..]);
                }
            }
        } else {
            put(line, self.random.pick(&["slow reply", "queue is long"]));
        }
        line.push(b'"');
    }
}

/// Appends a text that is counted.
fn mark(line: &mut Vec<u8>, marks: &mut Vec<(Mark, usize)>, mark: Mark, text: &str) {
    marks.push((mark, line.len()));
    put(line, text);
}

fn put(line: &mut Vec<u8>, text: &str) {
    line.extend_from_slice(text.as_bytes());
}

fn number(line: &mut Vec<u8>, value: u64) {
    padded(line, value, 1);
}

/// Appends a decimal of at least `width` digits.
fn padded(line: &mut Vec<u8>, mut value: u64, width: usize) {
    let mut digits = [b'0'; 20];
    let mut at = digits.len();
    while value > 0 {
        at -= 1;
        digits[at] = b'0' + (value % 10) as u8;
        value /= 10;
    }
    line.extend_from_slice(&digits[at.min(digits.len() - width)..]);
}

fn hex(line: &mut Vec<u8>, value: u64) {
    let digit = |i: u32| b"0123456789abcdef"[(value >> (60 - 4 * i)) as usize & 15];
    line.extend((0..16).map(digit));
}
