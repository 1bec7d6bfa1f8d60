//! What was asked for beyond ripgrep.

use std::{path::PathBuf, sync::Arc};

use swathe::{
    pattern::PatternOptions,
    search::{LineRange, Search},
    select::Selector,
};

use super::{
    job::Job,
    low::{Asked, Context, Low},
    resume, run,
};
use crate::{
    files::Event,
    messages,
    stat::selecting::{self, Order, Words},
};

/// The options that ripgrep does not have, as they were typed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Extensions {
    /// Filters, and how records and times are read.
    pub(crate) words: Words,
    /// Only these lines of each file.
    pub(crate) range: Option<LineRange>,
    /// One count over all files.
    pub(crate) count_total: bool,
    /// No more than so many lines over all files.
    pub(crate) first: Option<u64>,
    /// Only the last so many lines over all files.
    pub(crate) last: Option<u64>,
    /// Only what is new, by what this file says.
    pub(crate) resume: Option<PathBuf>,
    /// Control bytes go to a terminal as they are.
    pub(crate) raw: bool,
}

impl Extensions {
    /// Whether lines are selected by more than a pattern.
    pub(super) fn selects(&self) -> bool {
        let some = self.range.is_some() || self.first.is_some() || self.last.is_some();
        some || self.of_lines().is_some()
    }

    /// The first flag given that is about records with a text of lines.
    fn of_lines(&self) -> Option<&'static str> {
        let words = &self.words;
        let given = [
            ("--and", !words.and.is_empty()),
            ("--not", !words.not.is_empty()),
            ("--where", !words.conditions.is_empty()),
            ("--since", words.since.is_some()),
            ("--until", words.until.is_some()),
            ("--record", words.by_record()),
        ];
        given
            .iter()
            .find(|(_, given)| *given)
            .map(|(flag, _)| *flag)
    }
}

/// A range of lines: `A..B`, `A..`, `..B` or `A`.
///
/// # Errors
/// When it is none, or has no line.
pub(crate) fn line_range(text: &str) -> Result<LineRange, String> {
    let (first, last) = text.split_once("..").unwrap_or((text, text));
    let number = |text: &str, open: u64| match text {
        "" => Some(open),
        digits if digits.bytes().all(|b| b.is_ascii_digit()) => digits.parse().ok(),
        _ => None,
    };
    let range = number(first, 1).zip(number(last, u64::MAX));
    match range {
        Some((first, last)) if !text.is_empty() && 0 < first && first <= last => {
            Ok(LineRange { first, last })
        }
        Some((first, last)) if !text.is_empty() => Err(format!(
            "there is no line from {first} to {last}; lines are counted from 1"
        )),
        _ => Err("it is no range of lines; write 100..200, 100.. or ..200".to_string()),
    }
}

/// Checks that what was asked for goes together.
///
/// # Errors
/// With what to use instead.
pub(super) fn check(low: &Low) -> Result<(), String> {
    if low.null_data
        && let Some(flag) = low.extensions.of_lines()
    {
        return Err(format!(
            "{flag} reads lines of text, with --null-data they end with NUL\n\
             put tr '\\0' '\\n' before it, or pipe one search into another"
        ));
    }
    if low.extensions.last.is_some() {
        check_last(low)?;
    }
    if low.extensions.resume.is_some() {
        resume::check(low)?;
    }
    if low.reading.pre.is_some() && low.extensions.words.order == Order::Time {
        return Err(
            "--order time looks into the files before they are searched, and --pre runs a program \
             on them then\nleave one of them out"
                .to_string(),
        );
    }
    if low.extensions.count_total {
        let other = match low.mode {
            Asked::Json => "--json",
            Asked::FilesWithMatches => "-l/--files-with-matches",
            Asked::FilesWithoutMatch => "--files-without-match",
            Asked::Lines | Asked::Count | Asked::CountMatches => return Ok(()),
        };
        return Err(format!(
            "--count-total prints one number, {other} prints something else\n\
             leave one of them out; --stats prints totals along with any output"
        ));
    }
    Ok(())
}

/// Checks that what was asked for goes with the last lines.
fn check_last(low: &Low) -> Result<(), String> {
    if low.reading.archives == Some(true) {
        return Err(
            "--last reads files from their end, which archives cannot be\n\
             leave out --archives, or pipe the output to tail"
                .to_string(),
        );
    }
    let other = match low.mode {
        Asked::Count => Some("-c/--count"),
        Asked::CountMatches => Some("--count-matches"),
        Asked::FilesWithMatches => Some("-l/--files-with-matches"),
        Asked::FilesWithoutMatch => Some("--files-without-match"),
        Asked::Lines | Asked::Json => None,
    };
    let other = other.or(low.extensions.count_total.then_some("--count-total"));
    if let Some(other) = other {
        return Err(format!(
            "--last prints lines, {other} prints something else\n\
             leave one of them out"
        ));
    }
    let other = [
        ("--first", low.extensions.first.is_some()),
        ("-m/--max-count", low.max_count.is_some()),
        ("--stop-on-nonmatch", low.stop_on_nonmatch),
        ("--passthru", low.context == Context::Passthru),
    ];
    match other.iter().find(|(_, given)| *given) {
        Some((other, _)) => Err(format!(
            "--last goes from the end, {other} from the start\n\
             leave one of them out, or pipe one search into another"
        )),
        None => Ok(()),
    }
}

/// Checks the same where matches span lines.
///
/// # Errors
/// With what to use instead.
pub(super) fn check_spanning(extensions: &Extensions) -> Result<(), String> {
    let asked = [
        ("--count-total", extensions.count_total),
        ("--first", extensions.first.is_some()),
        ("--last", extensions.last.is_some()),
        ("--range", extensions.range.is_some()),
        ("--resume", extensions.resume.is_some()),
    ];
    let asked = asked.iter().find(|(_, asked)| *asked);
    match asked
        .map(|(flag, _)| *flag)
        .or_else(|| extensions.of_lines())
    {
        Some(flag) => Err(format!(
            "{flag} goes by lines, but with -U/--multiline a match of this pattern spans several\n\
             leave out -U; --record auto takes events of several lines as one"
        )),
        None => Ok(()),
    }
}

/// A search with its filters.
pub(super) struct Chosen {
    pub(super) search: Search,
    /// What judges lines.
    pub(super) selector: Option<Arc<Selector>>,
    /// The files, if they had to be known beforehand.
    pub(super) files: Option<Vec<Event>>,
}

/// Gives the search its filters, and the files in their order where they must
/// be known beforehand.
///
/// # Errors
/// When a filter does not compile, or an input that can be read only once must
/// be looked at first.
pub(super) fn choose(job: &Job, search: Search) -> Result<Chosen, String> {
    let words = &job.extensions.words;
    if job.extensions.of_lines().is_none() && words.order == Order::Given {
        return Ok(Chosen {
            search,
            selector: None,
            files: None,
        });
    }
    let say = |error: swathe::Error| match error.path() {
        Some(path) => format!("{}: {error}", messages::name(path)),
        None => error.to_string(),
    };
    let looks = (&job.looks, &job.source_options);
    let options = PatternOptions {
        fixed_strings: job.pattern_options.fixed_strings,
        case: job.pattern_options.case,
        unicode: job.pattern_options.unicode,
        ..PatternOptions::default()
    };
    let groups = words.conditions.iter().any(|text| text.contains('$'));
    let mut asked = selecting::Asked::new(words.clone(), options).map_err(say)?;
    if let [pattern] = &*job.patterns
        && groups
    {
        asked.with_regex(Some(pattern));
    }
    let (mut files, mut events) = (Vec::new(), None);
    if asked.looks_first() {
        let mut all = Vec::new();
        for event in run::walk(job) {
            match event {
                Event::File(input) => files.push(input),
                trouble @ Event::Trouble(_) => all.push(trouble),
            }
        }
        files = asked.ordered(files, looks).map_err(say)?;
        all.extend(files.iter().cloned().map(Event::File));
        events = Some(all);
    }
    let scope = asked.scope(None, &files, looks);
    let scope = scope.map_err(say)?;
    let times = scope.times_now();
    let search = search.by_record(scope.record);
    if scope.selection.is_everything() {
        return Ok(Chosen {
            search,
            selector: None,
            files: events,
        });
    }
    let selector = Arc::new(Selector::new(scope.selection).map_err(say)?);
    Ok(Chosen {
        search: search.filtered(selector.clone(), times),
        selector: Some(selector),
        files: events,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_of_lines() {
        for (text, want) in [
            ("1..2", Some((1, 2))),
            ("7", Some((7, 7))),
            ("7..", Some((7, u64::MAX))),
            ("..7", Some((1, 7))),
            ("..", Some((1, u64::MAX))),
            ("0..2", None),
            ("3..2", None),
            ("", None),
            ("-3..", None),
            ("a..b", None),
            ("1...2", None),
        ] {
            let range = line_range(text).ok();
            assert_eq!(range.map(|range| (range.first, range.last)), want, "{text}");
        }
    }
}
