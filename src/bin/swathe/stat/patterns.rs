//! The patterns of `count`, in the order they were typed.

use std::{
    ffi::{OsStr, OsString},
    path::Path,
};

use swathe::{Error, ErrorKind, Result, statistic::CountPattern};

use super::{
    input,
    shared::{Flag, PatternSource, Shared, matching},
    usage,
};
use crate::{
    cli::value,
    operands::{are_inputs, is_lone_file},
};

/// The flags of patterns.
pub(crate) fn flags<O: 'static>() -> impl Iterator<Item = Flag<O>> {
    let own = [
        Flag::<O>::each(
            "-e --regexp PATTERN",
            "Count PATTERN; may be given often",
            |v| value::text(v).map(|text| PatternSource::Given(unnamed(text))),
            |o| &mut o.shared.patterns,
        )
        .brief(),
        Flag::<O>::each(
            "-f --file FILE",
            "Count each line of FILE as a pattern",
            |v| value::path(v).map(PatternSource::File),
            |o| &mut o.shared.patterns,
        )
        .brief()
        .more("- is standard input."),
        Flag::<O>::each(
            "--name NAME=PATTERN",
            "Count PATTERN and call it NAME",
            named,
            |o| &mut o.shared.patterns,
        )
        .brief(),
    ];
    own.into_iter().chain(matching())
}

fn named(value: &OsStr) -> std::result::Result<PatternSource, String> {
    let text = value::text(value)?;
    match text.split_once('=') {
        Some((name, pattern)) if !name.is_empty() => Ok(PatternSource::Given(CountPattern {
            name: Some(name.to_string()),
            pattern: pattern.to_string(),
        })),
        _ => Err(format!(
            "'{}' has no name; write --name NAME=PATTERN",
            value::shown(text)
        )),
    }
}

/// The patterns that flags give.
///
/// # Errors
/// When a file of patterns cannot be read.
pub(crate) fn flagged(told: &Shared) -> Result<Vec<CountPattern>> {
    let mut patterns = Vec::new();
    for source in &told.patterns {
        let path = match source {
            PatternSource::Given(pattern) => {
                patterns.push(pattern.clone());
                continue;
            }
            PatternSource::File(path) => path,
        };
        let lines = if path == Path::new("-") {
            grep_cli::patterns_from_stdin()
        } else {
            grep_cli::patterns_from_path(path)
        };
        // The error names the file already.
        let lines = lines.map_err(|e| Error::new(ErrorKind::Config(plain(&e.to_string()))))?;
        patterns.extend(lines.iter().map(|line| unnamed(line)));
    }
    Ok(patterns)
}

/// The patterns, and what is left of the operands when the first of them was
/// the pattern. Where flags say which records count, none need be given: all of
/// them are counted.
pub(crate) fn asked(told: &Shared) -> Result<(Vec<CountPattern>, &[OsString])> {
    let operands = &told.operands[..];
    if told.patterns.is_empty() {
        if told.is_filtered() && (operands.is_empty() || are_inputs(operands)) {
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
    Ok((flagged(told)?, operands))
}

fn unnamed(pattern: &str) -> CountPattern {
    CountPattern {
        name: None,
        pattern: pattern.to_string(),
    }
}

/// The system's words without the number behind them.
fn plain(text: &str) -> String {
    match text.rfind(" (os error ") {
        Some(at) => text[..at].to_string(),
        None => text.to_string(),
    }
}
