//! What lines look like.
//!
//! Each kind of log has a file of its own. Whatever is counted ([`Mark`]) must
//! come from nowhere but [`Pen::mark`], which notes where: no other word here
//! may contain one.

mod app;
mod json;
mod syslog;
mod web;

use super::{
    Options, Profile,
    distribution::{Latency, Zipf, scrambled},
    random::Random,
    text::{hex, number, put},
};

/// A text whose every occurrence is known.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Mark {
    Every,
    Error,
    Trouble,
    ServerError,
    Retry,
    Frame,
    Rare,
    LongWord,
    Accent,
}

impl Mark {
    pub(super) const COUNT: usize = Mark::Accent as usize + 1;
}

/// A pattern that finds all of a mark, and nothing else.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known {
    pub(super) mark: Mark,
    pub(super) pattern: &'static str,
    pub(super) ignore_case: bool,
}

const fn known(mark: Mark, pattern: &'static str) -> Known {
    Known {
        mark,
        pattern,
        ignore_case: false,
    }
}

/// The text of a needle.
pub(super) const NEEDLE: &str = "ledger out of balance";
/// The only word of thirty letters or more.
const LONG_WORD: &str = "AbstractTransactionalRepositoryFactoryBean";
const TROUBLE: [&str; 3] = ["timeout", "refused", "declined"];
const SERVICES: [&str; 6] = ["orders", "billing", "search", "auth", "gateway", "mailer"];
const METHODS: [&str; 8] = ["GET", "GET", "GET", "GET", "GET", "POST", "PUT", "DELETE"];
const RESOURCES: [&str; 7] = [
    "orders", "items", "carts", "users", "sessions", "invoices", "reports",
];
const STATUS: [u64; 16] = [
    200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 201, 204, 301, 304, 400, 404,
];

const RARE: Known = known(Mark::Rare, NEEDLE);
const WORDS: Known = known(Mark::LongWord, "[A-Za-z]{30}");
const ACCENT: Known = known(Mark::Accent, "Zoë");
const TROUBLES: Known = Known {
    mark: Mark::Trouble,
    pattern: "timeout|refused|declined",
    ignore_case: true,
};

/// What is known of all files of a profile.
#[derive(Debug)]
pub(super) struct Facts {
    pub(super) patterns: &'static [Known],
    /// A regex whose first group is the key.
    pub(super) key: &'static str,
    /// A regex whose first group is the latency.
    pub(super) latency: &'static str,
    /// Whether that is in seconds, with three digits behind the point, and not
    /// in milliseconds.
    pub(super) in_seconds: bool,
    /// Whether events say how severe they are.
    pub(super) levels: bool,
}

pub(super) fn facts(profile: Profile) -> &'static Facts {
    match profile {
        Profile::App => &app::FACTS,
        Profile::Web => &web::FACTS,
        Profile::Json => &json::FACTS,
        Profile::Syslog => &syslog::FACTS,
    }
}

/// What a key is called in the log of a profile.
pub(super) fn key_name(profile: Profile, rank: Option<u32>) -> String {
    let mut name = Vec::new();
    match (profile, rank) {
        (Profile::Web, rank) => web::address(&mut name, rank.unwrap_or(0)),
        (_, Some(rank)) => user_name(&mut name, rank),
        (_, None) => put(&mut name, "Zoë"),
    }
    String::from_utf8_lossy(&name).into_owned()
}

/// How severe events say they are.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Level {
    Debug,
    Info,
    Warn,
    Error,
}

impl Level {
    pub(super) const NAMES: [&str; 4] = ["debug", "info", "warn", "error"];

    fn draw(random: &mut Random) -> Level {
        match random.below(100) {
            0..2 => Level::Error,
            2..8 => Level::Warn,
            8..20 => Level::Debug,
            _ => Level::Info,
        }
    }
}

/// What an event may be.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Kind {
    /// Whatever comes.
    Any,
    /// One line, which is not long.
    Plain,
}

/// What an event has beside what its profile gives it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Extras {
    /// How many needles.
    pub(super) needles: u64,
    /// A byte that is not UTF-8.
    pub(super) invalid: bool,
    /// A zero byte.
    pub(super) nul: bool,
    /// So many bytes of payload, or somewhat more.
    pub(super) payload: Option<u64>,
    /// The line ends where the buffer has so many bytes.
    pub(super) end: Option<usize>,
}

/// What is the same for all events of a file.
#[derive(Debug)]
pub(super) struct World {
    pub(super) profile: Profile,
    terminator: &'static str,
    zipf: Zipf,
    latency: Latency,
}

impl World {
    pub(super) fn new(options: &Options) -> World {
        World {
            profile: options.profile,
            terminator: if options.crlf { "\r\n" } else { "\n" },
            zipf: Zipf::new(),
            latency: Latency::new(),
        }
    }
}

/// Writes one event.
#[derive(Debug)]
pub(super) struct Pen<'a> {
    world: &'a World,
    pub(super) out: &'a mut Vec<u8>,
    random: &'a mut Random,
    /// Where marks are, from the start of the event.
    pub(super) marks: &'a mut Vec<(Mark, usize)>,
    start: usize,
    pub(super) said: Said,
}

/// What an event says.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Said {
    pub(super) level: Option<Level>,
    /// Whether it has a key.
    pub(super) keyed: bool,
    /// The rank of its key; `None` for the one that has none.
    pub(super) key: Option<u32>,
    /// Milliseconds.
    pub(super) latency: Option<u32>,
    /// Bytes beyond the first of each character, and those that are none.
    pub(super) no_characters: u64,
    pub(super) invalid: bool,
    pub(super) nul: bool,
}

impl<'a> Pen<'a> {
    pub(super) fn new(
        world: &'a World,
        out: &'a mut Vec<u8>,
        random: &'a mut Random,
        marks: &'a mut Vec<(Mark, usize)>,
    ) -> Pen<'a> {
        marks.clear();
        Pen {
            world,
            start: out.len(),
            out,
            random,
            marks,
            said: Said::default(),
        }
    }

    /// Writes an event of this time of the day.
    pub(super) fn event(mut self, millis: u64, kind: Kind, extras: Extras) -> Said {
        let frames = match self.world.profile {
            Profile::App => app::open(&mut self, millis, kind),
            Profile::Web => web::open(&mut self, millis),
            Profile::Json => json::open(&mut self, millis, kind),
            Profile::Syslog => syslog::open(&mut self, millis, kind),
        };
        self.extras(extras);
        if self.world.profile == Profile::Json {
            self.put("}");
        }
        self.put(self.world.terminator);
        app::trace(&mut self, frames);
        self.said
    }

    fn put(&mut self, text: &str) {
        put(self.out, text);
    }

    fn number(&mut self, value: u64) {
        number(self.out, value);
    }

    /// Writes a text that is counted.
    fn mark(&mut self, mark: Mark, text: &str) {
        self.marks.push((mark, self.out.len() - self.start));
        self.put(text);
    }

    fn level(&mut self) -> Level {
        let level = Level::draw(self.random);
        self.said.level = Some(level);
        level
    }

    fn user(&mut self) {
        self.said.keyed = true;
        if self.random.one_in(200) {
            self.mark(Mark::Accent, "Zoë");
            self.said.no_characters += 1;
        } else {
            let rank = self.world.zipf.draw(self.random);
            self.said.key = Some(rank);
            user_name(self.out, rank);
        }
    }

    fn latency(&mut self) -> u32 {
        let latency = self.world.latency.draw(self.random);
        self.said.latency = Some(latency);
        latency
    }

    /// One of the words for trouble, in some case.
    fn trouble(&mut self) {
        let word = self.random.pick(&TROUBLE);
        match self.random.below(3) {
            0 => self.mark(Mark::Trouble, word),
            1 => self.mark(Mark::Trouble, &word.to_uppercase()),
            _ => {
                self.mark(Mark::Trouble, &word[..1].to_uppercase());
                self.put(&word[1..]);
            }
        }
    }

    fn extras(&mut self, extras: Extras) {
        for _ in 0..extras.needles {
            self.field("note", |pen| pen.mark(Mark::Rare, NEEDLE));
            self.field("cause", |pen| pen.mark(Mark::LongWord, LONG_WORD));
        }
        if extras.invalid {
            self.field("raw", |pen| pen.out.extend_from_slice(b"a\xffb"));
            self.said.no_characters += 1;
            self.said.invalid = true;
        }
        if extras.nul {
            self.field("pad", |pen| pen.put("a\0b"));
            self.said.nul = true;
        }
        if let Some(length) = extras.payload {
            self.payload(length);
        }
        if let Some(end) = extras.end {
            let close =
                self.world.terminator.len() + usize::from(self.world.profile == Profile::Json);
            self.field("trace", |pen| {
                // The quote behind it is to come too.
                let end = end - close - 1;
                while pen.out.len() < end {
                    hex(pen.out, pen.random.next());
                }
                pen.out.truncate(end);
            });
        }
    }

    /// A field behind the others.
    fn field(&mut self, name: &str, value: impl FnOnce(&mut Self)) {
        let json = self.world.profile == Profile::Json;
        self.put(if json { ",\"" } else { " " });
        self.put(name);
        self.put(if json { "\":\"" } else { "=\"" });
        value(self);
        self.put("\"");
    }

    /// A document of about so many bytes.
    fn payload(&mut self, length: u64) {
        let json = self.world.profile == Profile::Json;
        self.put(if json {
            ",\"payload\":{\"items\":["
        } else {
            " payload={\"items\":["
        });
        let end = self.out.len() as u64 + length;
        let mut separator = "{\"id\":";
        while (self.out.len() as u64) < end {
            self.put(separator);
            separator = ",{\"id\":";
            let number = self.random.next();
            self.number(number >> 44);
            self.put(",\"name\":\"");
            let name = self.random.pick(&RESOURCES);
            self.put(name);
            self.put("\",\"price\":");
            self.number(number & 0xffff);
            self.put("}");
        }
        self.put("]}");
    }
}

fn user_name(out: &mut Vec<u8>, rank: u32) {
    put(out, "u");
    number(out, 10_000 + u64::from(scrambled(rank)));
}
