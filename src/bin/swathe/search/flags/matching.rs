//! What is looked for, and which lines are selected.

use std::ffi::OsStr;

use swathe::pattern::Engine;

use super::Flag;
use crate::{
    cli::{flag::Choices, value},
    search::low::PatternSource,
    session::{self, Exit},
};

pub(super) fn patterns() -> Vec<Flag> {
    vec![
        Flag::each(
            "-e --regexp PATTERN",
            "Look for PATTERN too",
            |v| match v.to_str() {
                Some(pattern) => Ok(PatternSource::Given(pattern.to_string())),
                None => Err(
                    "the pattern is not valid UTF-8; match such bytes with (?-u:\\xFF)".to_string(),
                ),
            },
            |o| &mut o.patterns,
        )
        .brief()
        .more(
            "May be given many times; a line matches if any pattern does. All arguments \
             without a flag are then files. Needed for a pattern that begins with '-'.",
        ),
        Flag::each(
            "-f --file FILE",
            "Look for every line of FILE",
            |v| value::path(v).map(PatternSource::File),
            |o| &mut o.patterns,
        )
        .more("'-' reads patterns from standard input. An empty line matches every line."),
    ]
}

pub(super) fn selection() -> Vec<Flag> {
    vec![
        Flag::on(
            "-v --invert-match",
            "Select the lines that do not match",
            |o| &mut o.invert,
        )
        .no("no-invert-match")
        .brief(),
        Flag::one(
            "-m --max-count N",
            "Stop after N lines of each file",
            value::number::<u64>,
            |o| &mut o.max_count,
        )
        .brief()
        .more("With 0 nothing is searched. Lines of context after the last one are printed."),
        Flag::switch(
            "--stop-on-nonmatch",
            "Stop at the first other line after a match",
            |o, _| (o.stop_on_nonmatch, o.multi_line) = (true, false),
        )
        .more("For sorted files. Overrides -U, and is overridden by it."),
        Flag::switch("-U --multiline", "Let a match span lines", |o, on| {
            o.multi_line = on;
            o.stop_on_nonmatch &= !on;
        })
        .no("no-multiline")
        .more(
            "A file is then searched as a whole: on one thread, and in memory if it cannot \
             be mapped.",
        ),
        Flag::on(
            "--multiline-dotall",
            "With -U, '.' matches line ends too",
            |o| &mut o.dot_all,
        )
        .no("no-multiline-dotall"),
        Flag::switch("--crlf", "Lines may end with \\r\\n", |o, on| {
            o.crlf = on;
            o.null_data &= !on;
        })
        .no("no-crlf")
        .more("'$' then matches before \\r\\n. Overrides --null-data."),
        Flag::switch("--null-data", "Lines end with NUL", |o, _| {
            (o.null_data, o.crlf) = (true, false);
        })
        .more("For the output of find -print0 and the like. Overrides --crlf, implies -a."),
    ]
}

pub(super) fn engine() -> Vec<Flag> {
    vec![
        Flag::on("--no-unicode", "\\w, '.' and -i know ASCII only", |o| {
            &mut o.no_unicode
        })
        .no("unicode")
        .more("Can be faster, and matches bytes that are not UTF-8 where Unicode would not."),
        Flag::on("--no-pcre2-unicode", "The same as --no-unicode", |o| {
            &mut o.no_unicode
        })
        .no("pcre2-unicode"),
        Flag::one(
            "--regex-size-limit SIZE",
            "Let a regex take SIZE bytes",
            bytes,
            |o| &mut o.size_limit,
        )
        .more("For very large patterns. Bytes, or a number with K, M or G."),
        Flag::one(
            "--dfa-size-limit SIZE",
            "Let a regex cache take SIZE bytes",
            bytes,
            |o| &mut o.dfa_size_limit,
        )
        .more(
            "A large regex that outgrows its cache is slower. Bytes, or a number with K, M \
             or G.",
        ),
        Flag::setting("-P --pcre2", "Search with PCRE2", |o, value| {
            o.engine = value.map_or(Ok(Engine::Default), |_| pcre2())?;
            Ok(())
        })
        .no("no-pcre2")
        .more(
            "For look-around and back references. Needs a build with the feature pcre2. A line \
             that PCRE2 gives up on counts as not matching, which is said, with exit status 2.",
        ),
        Flag::one("--engine ENGINE", "The regex engine", named, |o| {
            &mut o.engine
        })
        .among(Choices::Of(ENGINES.map(|(name, _)| name).to_vec()))
        .more(
            "auto takes PCRE2 where the default engine cannot read the pattern, if there is one.",
        ),
        Flag::means(
            "--auto-hybrid-regex",
            "The same as --engine auto",
            Engine::Auto,
            |o| &mut o.engine,
        )
        .no("no-auto-hybrid-regex"),
        Flag::on("--pcre2-version", "Show which PCRE2 there is", |o| {
            &mut o.pcre2_version
        }),
    ]
}

const ENGINES: [(&str, Engine); 3] = [
    ("default", Engine::Default),
    ("pcre2", Engine::Pcre2),
    ("auto", Engine::Auto),
];

fn named(value: &OsStr) -> Result<Engine, String> {
    match value::choice(value, &ENGINES)? {
        Engine::Pcre2 => pcre2(),
        engine => Ok(engine),
    }
}

fn pcre2() -> Result<Engine, String> {
    if cfg!(feature = "pcre2") {
        Ok(Engine::Pcre2)
    } else {
        Err(
            "this build has no PCRE2; build it with cargo install --path . --features pcre2, or \
             do without look-around and back references: --and and --not often do it"
                .to_string(),
        )
    }
}

fn bytes(value: &OsStr) -> Result<usize, String> {
    usize::try_from(value::size(value)?).map_err(|_| "too large for this machine".to_string())
}

/// Prints which PCRE2 there is.
pub(crate) fn pcre2_version() -> Exit {
    #[cfg(feature = "pcre2")]
    {
        let (major, minor) = grep_pcre2::version();
        let jit = if grep_pcre2::is_jit_available() {
            "is"
        } else {
            "is not"
        };
        session::print(&format!(
            "PCRE2 {major}.{minor} is available (JIT {jit} available)\n"
        ))
    }
    #[cfg(not(feature = "pcre2"))]
    match session::print("PCRE2 is not available in this build of swathe.\n") {
        Exit::Success => Exit::NoMatch,
        other => other,
    }
}
