//! How severe a line says it is.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The severity of an event, least first.
///
/// The words of different loggers for the same thing are one level: `WARN`,
/// `WARNING` and `wrn` are all [`Warn`](Level::Warn).
#[derive(
    Clone,
    Copy,
    Debug,
    Deserialize,
    Eq,
    Hash,
    Ord,
    PartialEq,
    PartialOrd,
    Serialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// `TRACE`, `TRACE1` to `TRACE8`, `TRCE`, `VERBOSE`, `FINER`, `FINEST`, logcat's `V`.
    Trace,
    /// `DEBUG`, `DEBUG1` to `DEBUG5`, `DBG`, `FINE`, `CONFIG`, logcat's `D`, syslog's 7.
    Debug,
    /// `INFO`, `INFORMATION`, `INF`, logcat's `I`, syslog's 6.
    Info,
    /// `NOTICE`, syslog's 5.
    Notice,
    /// `WARN`, `WARNING`, `WRN`, logcat's `W`, syslog's 4.
    Warn,
    /// `ERROR`, `ERR`, `SEVERE`, `FAILURE`, `FAIL`, logcat's `E`, syslog's 3.
    Error,
    /// `FATAL`, `CRITICAL`, `ALERT`, `EMERGENCY`, `PANIC`, logcat's `F`,
    /// syslog's 0 to 2.
    Fatal,
}

impl Level {
    /// Every level, least first.
    pub const ALL: [Level; 7] = [
        Level::Trace,
        Level::Debug,
        Level::Info,
        Level::Notice,
        Level::Warn,
        Level::Error,
        Level::Fatal,
    ];

    /// Its one name, in lower case: `warn`.
    pub fn name(self) -> &'static str {
        match self {
            Level::Trace => "trace",
            Level::Debug => "debug",
            Level::Info => "info",
            Level::Notice => "notice",
            Level::Warn => "warn",
            Level::Error => "error",
            Level::Fatal => "fatal",
        }
    }

    /// The level that a word means, whatever its case: `Warning`, `ERR`, `trace3`.
    /// Single letters mean none.
    pub fn of_word(word: &[u8]) -> Option<Level> {
        const LONGEST: usize = 13;
        // Most words that are asked about are none.
        if word.len() < 3 || !b"acdefinpstvw".contains(&(word[0] | 0x20)) {
            return None;
        }
        let mut lower = [0; LONGEST];
        let lower = lower.get_mut(..word.len())?;
        for (to, byte) in lower.iter_mut().zip(word) {
            *to = byte.to_ascii_lowercase();
        }
        Some(match &*lower {
            b"trace" | b"trc" | b"trce" | b"trac" | b"verbose" | b"finer" | b"finest" => {
                Level::Trace
            }
            b"debug" | b"dbg" | b"dbug" | b"debg" | b"debu" | b"ddebug" | b"subdebug" | b"fine"
            | b"config" => Level::Debug,
            b"info" | b"inf" | b"information" | b"informational" => Level::Info,
            b"notice" => Level::Notice,
            b"warn" | b"warning" | b"wrn" => Level::Warn,
            b"error" | b"err" | b"erro" | b"severe" | b"failure" | b"fail" => Level::Error,
            b"fatal" | b"ftl" | b"fata" | b"pani" | b"critical" | b"crit" | b"alert" | b"emerg"
            | b"emergency" | b"panic" => Level::Fatal,
            numbered => return Level::of_numbered(numbered),
        })
    }

    /// `trace3`, `debug5`, `error2`, and what is written between two levels, `info+2`, `debug-4`.
    fn of_numbered(word: &[u8]) -> Option<Level> {
        let (digit, word) = word.split_last()?;
        if !digit.is_ascii_digit() {
            return None;
        }
        let word = match word {
            [word @ .., b'+' | b'-'] => word,
            _ if *digit == b'0' => return None,
            word => word,
        };
        Some(match word {
            b"trace" => Level::Trace,
            b"debug" => Level::Debug,
            b"info" => Level::Info,
            b"warn" => Level::Warn,
            b"error" => Level::Error,
            b"fatal" => Level::Fatal,
            _ => return None,
        })
    }

    /// The level of one letter, as logcat has it.
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

    /// The level of a word in upper case.
    pub(super) fn of_capitals(word: &[u8]) -> Option<Level> {
        let capitals = word.iter().all(|b| !b.is_ascii_lowercase());
        capitals.then(|| Level::of_word(word))?
    }

    /// The level of a syslog severity, 0 to 7.
    pub fn of_syslog(severity: u8) -> Option<Level> {
        Some(match severity {
            0..=2 => Level::Fatal,
            3 => Level::Error,
            4 => Level::Warn,
            5 => Level::Notice,
            6 => Level::Info,
            7 => Level::Debug,
            _ => return None,
        })
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// The level of a line without its terminator: the one in its header, in the
/// `level` member of a JSON line, or in `level=` of a logfmt line. `None` if
/// it has none; the word `error` in the message is none.
pub fn of(line: &[u8]) -> Option<Level> {
    super::Header::level_of(line)
}
