//! The patterns of `count`, in the order they were typed.

use std::ffi::OsString;

use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use swathe::{
    Error, ErrorKind, Result,
    pattern::{Boundary, Case, PatternOptions},
    statistic::CountPattern,
};

use super::{input, selecting, usage};
use crate::operands::{are_inputs, is_lone_file};

/// Gives the command the flags of patterns.
pub(crate) fn add(command: Command) -> Command {
    let many = |name: &'static str, value: &'static str| {
        Arg::new(name)
            .long(name)
            .value_name(value)
            .action(ArgAction::Append)
            .allow_hyphen_values(true)
    };
    let flag = |letter: char, name: &'static str| {
        Arg::new(name)
            .short(letter)
            .long(name)
            .action(ArgAction::SetTrue)
    };
    command.args([
        many("regexp", "PATTERN")
            .short('e')
            .help("Count PATTERN; may be given often"),
        many("file", "FILE")
            .short('f')
            .value_parser(value_parser!(OsString))
            .help("Count each line of FILE as a pattern (- for standard input)"),
        many("name", "NAME=PATTERN").help("Count PATTERN and call it NAME"),
        flag('F', "fixed-strings").help("Patterns are text, not regexes"),
        flag('i', "ignore-case")
            .overrides_with_all(["smart-case", "case-sensitive"])
            .help("Ignore case"),
        flag('s', "case-sensitive")
            .overrides_with_all(["smart-case", "ignore-case"])
            .hide_short_help(true)
            .help("Heed case (default)"),
        flag('S', "smart-case")
            .overrides_with_all(["ignore-case", "case-sensitive"])
            .hide_short_help(true)
            .help("Ignore the case of patterns without capitals"),
        flag('w', "word-regexp")
            .overrides_with("line-regexp")
            .help("Match whole words only"),
        flag('x', "line-regexp")
            .overrides_with("word-regexp")
            .hide_short_help(true)
            .help("Match whole lines only"),
    ])
}

/// How the patterns are read.
pub(crate) fn options(matches: &ArgMatches) -> PatternOptions {
    PatternOptions {
        fixed_strings: matches.get_flag("fixed-strings"),
        case: if matches.get_flag("ignore-case") {
            Case::Insensitive
        } else if matches.get_flag("smart-case") {
            Case::Smart
        } else {
            Case::Sensitive
        },
        boundary: if matches.get_flag("line-regexp") {
            Some(Boundary::Line)
        } else if matches.get_flag("word-regexp") {
            Some(Boundary::Word)
        } else {
            None
        },
        ..PatternOptions::default()
    }
}

/// The patterns that flags give.
///
/// # Errors
/// When a file of patterns cannot be read, or a name is missing.
pub(crate) fn flagged(matches: &ArgMatches) -> Result<Vec<CountPattern>> {
    let mut found: Vec<(usize, Vec<CountPattern>)> = Vec::new();
    for (at, pattern) in indexed::<String>(matches, "regexp") {
        found.push((at, vec![unnamed(pattern)]));
    }
    for (at, pattern) in indexed::<String>(matches, "name") {
        let Some((name, pattern)) = pattern.split_once('=').filter(|(name, _)| !name.is_empty())
        else {
            return Err(usage(format!(
                "--name {pattern} has no name; write --name NAME=PATTERN"
            )));
        };
        let pattern = CountPattern {
            name: Some(name.to_string()),
            pattern: pattern.to_string(),
        };
        found.push((at, vec![pattern]));
    }
    for (at, path) in indexed::<OsString>(matches, "file") {
        let lines = if path == "-" {
            grep_cli::patterns_from_stdin()
        } else {
            grep_cli::patterns_from_path(path)
        };
        // The error names the file already.
        let lines = lines.map_err(|e| Error::new(ErrorKind::Config(plain(&e.to_string()))))?;
        found.push((at, lines.into_iter().map(|line| unnamed(&line)).collect()));
    }
    found.sort_by_key(|(at, _)| *at);
    let patterns = found.into_iter().flat_map(|(_, patterns)| patterns);
    Ok(patterns.collect())
}

/// The patterns, and what is left of the operands when the first of them was
/// the pattern. Where flags say which records count, none need be given: all of
/// them are counted.
pub(crate) fn parse<'a>(
    matches: &ArgMatches,
    operands: &'a [OsString],
) -> Result<(Vec<CountPattern>, &'a [OsString])> {
    let given = ["regexp", "name", "file"];
    if !given.iter().any(|flag| matches.contains_id(flag)) {
        let filtered = selecting::is_filtered(matches);
        if filtered && (operands.is_empty() || are_inputs(operands)) {
            return Ok((vec![unnamed("")], operands));
        }
        let Some((first, rest)) = operands.split_first() else {
            return Err(usage("no pattern: write swathe count PATTERN PATH..."));
        };
        let pattern = first.to_str().ok_or_else(|| {
            usage("the pattern is not valid UTF-8; write its bytes as (?-u:\\xNN)")
        })?;
        if is_lone_file(first, rest.len(), input::stdin_is_readable()) {
            return Err(usage(format!(
                "{pattern:?} was taken for the pattern, and there is nothing to read; write swathe \
                 count PATTERN {pattern}, or -e '' for all of its lines"
            )));
        }
        return Ok((vec![unnamed(pattern)], rest));
    }
    Ok((flagged(matches)?, operands))
}

fn unnamed(pattern: &str) -> CountPattern {
    CountPattern {
        name: None,
        pattern: pattern.to_string(),
    }
}

/// The values of a flag, each with its place on the command line.
fn indexed<'a, T: Clone + Send + Sync + 'static>(
    matches: &'a ArgMatches,
    name: &str,
) -> impl Iterator<Item = (usize, &'a T)> {
    let places = matches.indices_of(name).into_iter().flatten();
    places.zip(matches.get_many::<T>(name).into_iter().flatten())
}

/// The system's words without the number behind them.
fn plain(text: &str) -> String {
    match text.rfind(" (os error ") {
        Some(at) => text[..at].to_string(),
        None => text.to_string(),
    }
}
