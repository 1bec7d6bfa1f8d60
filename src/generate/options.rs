//! What a generated file is like.

use super::layout;
use crate::error::{Error, ErrorKind, Result};

/// The kinds of logs there are.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Profile {
    /// A service: one event a line, with stack traces.
    App,
    /// The access log of a web server.
    Web,
    /// JSON Lines.
    Json,
    /// The log of a machine, with timestamps that have no year.
    Syslog,
}

impl Profile {
    /// Every profile and its name.
    pub const ALL: [(&'static str, Profile); 4] = [
        ("app", Profile::App),
        ("web", Profile::Web),
        ("json", Profile::Json),
        ("syslog", Profile::Syslog),
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        Profile::ALL[self as usize].0
    }
}

/// What a generated file is like; its bytes are a function of this.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// The kind of log.
    pub profile: Profile,
    /// How many bytes, exactly.
    pub size: u64,
    /// What makes one file differ from another.
    pub seed: u64,
    /// Lines end with `\r\n`.
    pub crlf: bool,
    /// How often a rare text is planted: first across every offset that is a
    /// power of two, the greatest first, and the rest, at least a quarter,
    /// evenly over the file.
    pub needles: u64,
    /// The share of events with a byte that is not UTF-8.
    pub invalid: f64,
    /// The share of events with a zero byte.
    pub nul: f64,
    /// The share of events with a line of 8 KiB to 512 KiB.
    pub long_lines: f64,
}

impl Options {
    /// A file of this kind and size, with eight needles and nothing odd.
    pub fn new(profile: Profile, size: u64) -> Options {
        Options {
            profile,
            size,
            seed: 1,
            crlf: false,
            needles: 8,
            invalid: 0.0,
            nul: 0.0,
            long_lines: 0.0,
        }
    }

    /// The most needles a file of this size can have.
    pub fn most_needles(size: u64) -> u64 {
        size / layout::APART
    }

    /// Looks whether there is such a file.
    ///
    /// # Errors
    /// With what is wrong, in the words of the command line.
    pub fn check(&self) -> Result<()> {
        let wrong = |what: String| Err(Error::new(ErrorKind::Config(what)));
        if self.size < layout::SMALLEST {
            return wrong(format!(
                "--size {} is too small: a generated log has at least {} bytes",
                self.size,
                layout::SMALLEST
            ));
        }
        if self.size > 1 << 60 {
            return wrong(format!("--size {} is more than a file can have", self.size));
        }
        let most = Options::most_needles(self.size);
        if self.needles > most {
            return wrong(format!(
                "--needles {} is too many for this size: at most {most}, one in {} bytes",
                self.needles,
                layout::APART
            ));
        }
        let rates = [
            ("--invalid", self.invalid),
            ("--nul", self.nul),
            ("--long-lines", self.long_lines),
        ];
        for (flag, rate) in rates {
            if !(0.0..=1.0).contains(&rate) {
                return wrong(format!(
                    "{flag} {rate} is no share of the events: write 0 to 1"
                ));
            }
        }
        Ok(())
    }
}
