//! What commands that answer are told, as it was typed.

use std::{ffi::OsString, path::PathBuf, time::Duration};

use swathe::{
    key::{Key, KeyOptions},
    report::{Condition, Format},
    run::SelectionArgs,
    statistic::{CountPattern, LineEnding, RowLimit},
};

use crate::{
    cli::{
        flag::{self, Group, of},
        matching::{self, Matching},
        parse::{Given, Typed},
        reading::Reading,
    },
    files::choosing::Choosing,
};

/// A flag of a command whose own options are an `O`.
pub(crate) type Flag<O> = flag::Flag<Options<O>>;

/// A flag of all such commands.
pub(super) type SharedFlag = flag::Flag<Shared>;

/// What a command was told whose own options are an `O`.
#[derive(Debug, Default)]
pub(crate) struct Options<O> {
    pub(crate) own: O,
    pub(crate) shared: Shared,
}

/// What all of them may be told.
#[derive(Debug, Default)]
pub(crate) struct Shared {
    pub(crate) operands: Vec<OsString>,
    /// Which flags were typed.
    pub(crate) typed: Typed,
    pub(crate) reading: Reading,
    pub(crate) choosing: Choosing,
    pub(crate) words: SelectionArgs,
    pub(crate) matching: Matching,
    pub(crate) line_ending: Option<LineEnding>,
    /// How the answer is given.
    pub(crate) format: Option<Format>,
    pub(crate) output: Option<PathBuf>,
    pub(crate) partial: Option<PathBuf>,
    pub(crate) fail_if: Vec<Condition>,
    pub(crate) every: Option<Duration>,
    pub(crate) timing: bool,
    /// What is counted.
    pub(crate) patterns: Vec<PatternSource>,
    /// What is taken from records: what a regex captures, of its first match or of all.
    pub(crate) regex: Option<String>,
    pub(crate) every_match: bool,
    /// What groups are by.
    pub(crate) by: Vec<Key>,
    pub(crate) limit: RowLimit,
    pub(crate) memory: Option<u64>,
    pub(crate) max_groups: Option<u64>,
    pub(crate) resume: Option<PathBuf>,
    pub(crate) spec: Option<PathBuf>,
    pub(crate) title: Option<String>,
    /// How many rows of a table a page has at most.
    pub(crate) page_rows: Option<usize>,
}

impl<O> From<Given<Options<O>>> for Options<O> {
    fn from(given: Given<Options<O>>) -> Options<O> {
        let Given {
            mut options,
            operands,
            typed,
        } = given;
        options.shared.operands = operands;
        options.shared.typed = typed;
        options
    }
}

impl Shared {
    /// Whether this flag was typed.
    pub(crate) fn has(&self, long: &str) -> bool {
        self.typed.contains_key(long)
    }

    /// The first of these flags that was typed.
    pub(crate) fn first_typed<'n>(
        &self,
        flags: impl IntoIterator<Item = &'n str>,
    ) -> Option<&'n str> {
        flags.into_iter().find(|flag| self.has(flag))
    }

    /// Whether it is said which records count, or how they are grouped.
    pub(crate) fn is_filtered(&self) -> bool {
        self.words.selects() || !self.by.is_empty()
    }

    /// How keys are taken, without a regex.
    pub(crate) fn key_options(&self) -> KeyOptions {
        KeyOptions {
            format: self.words.format.clone(),
            delimiter: self.words.delimiter,
            ..KeyOptions::default()
        }
    }

    /// In so much memory groups are kept.
    pub(crate) fn memory(&self) -> u64 {
        self.memory.unwrap_or(1 << 30)
    }
}

/// Where patterns come from.
#[derive(Clone, Debug)]
pub(crate) enum PatternSource {
    /// The command line.
    Given(CountPattern),
    /// A file, one a line.
    File(PathBuf),
}

/// Flags of a part of what all commands may be told.
pub(super) fn shared<A: 'static, O: 'static>(
    group: Group,
    flags: impl IntoIterator<Item = flag::Flag<A>>,
    part: fn(&mut Shared) -> &mut A,
) -> impl Iterator<Item = Flag<O>> {
    of(group, flags, move |o: &mut Options<O>| part(&mut o.shared))
}

/// The flags of patterns.
pub(crate) fn matching<O: 'static>() -> impl Iterator<Item = Flag<O>> {
    shared(Group::Own, matching::flags(), |o| &mut o.matching)
}
