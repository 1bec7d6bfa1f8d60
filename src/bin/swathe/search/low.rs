//! The options of `search` as they were typed.
//!
//! [`Low`] is what the flags say, one after the other; nothing in it depends
//! on files, terminals or the machine. The rules by which one flag overrides
//! another are ripgrep's.

use std::{ffi::OsString, path::PathBuf};

use grep_printer::UserColorSpec;
use swathe::{pattern::Engine, run::SelectionArgs, search::LineRange};

use crate::{
    cli::{matching::Matching, reading::Reading},
    files::choosing::Choosing,
};

/// What was typed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Low {
    pub(crate) reading: Reading,
    pub(crate) positional: Vec<OsString>,

    pub(crate) patterns: Vec<PatternSource>,
    pub(crate) matching: Matching,
    pub(crate) invert: bool,
    pub(crate) max_count: Option<u64>,
    pub(crate) stop_on_nonmatch: bool,
    pub(crate) multi_line: bool,
    pub(crate) dot_all: bool,
    pub(crate) crlf: bool,
    pub(crate) null_data: bool,
    pub(crate) engine: Engine,
    pub(crate) no_unicode: bool,
    pub(crate) size_limit: Option<usize>,
    pub(crate) dfa_size_limit: Option<usize>,

    pub(crate) mode: Asked,
    pub(crate) quiet: bool,
    pub(crate) stats: bool,
    pub(crate) include_zero: bool,
    pub(crate) extensions: Extensions,

    pub(crate) context: Context,
    pub(crate) line_number: Option<bool>,
    pub(crate) column: Option<bool>,
    pub(crate) byte_offset: bool,
    pub(crate) with_filename: Option<bool>,
    pub(crate) heading: Option<bool>,
    pub(crate) vimgrep: bool,
    pub(crate) only_matching: bool,
    pub(crate) replacement: Option<String>,
    pub(crate) trim: bool,
    pub(crate) max_columns: Option<u64>,
    pub(crate) max_columns_preview: bool,
    pub(crate) null: bool,
    pub(crate) path_separator: Option<u8>,
    pub(crate) separators: Separators,
    pub(crate) color: Color,
    pub(crate) colors: Vec<UserColorSpec>,
    pub(crate) buffer: Buffer,
    pub(crate) links: HyperlinkArgs,

    pub(crate) choosing: Choosing,
    /// The files that the program of --pre is run on; none for all.
    pub(crate) pre_globs: Vec<String>,
    /// What is listed instead of a search.
    pub(crate) listing: Option<Listing>,
    pub(crate) no_config: bool,
    pub(crate) pcre2_version: bool,
    /// What is said of what is done.
    pub(crate) log: Explained,
}

/// What is listed instead of a search.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Listing {
    /// The files that would be searched.
    Files,
    /// The file types.
    Types,
}

/// Where patterns come from.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum PatternSource {
    /// The command line.
    Given(String),
    /// A file, one a line.
    File(PathBuf),
}

/// What is to be printed; the last flag that says so wins.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) enum Asked {
    #[default]
    Lines,
    Json,
    Count,
    CountMatches,
    FilesWithMatches,
    FilesWithoutMatch,
}

/// The lines around a match.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Context {
    /// All there are.
    Passthru,
    Limited(Limited),
}

/// How many lines around a match were asked for.
///
/// `-A` and `-B` go before `-C`, wherever they stand, so all three are kept.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Limited {
    before: Option<usize>,
    after: Option<usize>,
    both: Option<usize>,
}

impl Default for Context {
    fn default() -> Context {
        Context::Limited(Limited::default())
    }
}

impl Context {
    pub(crate) fn set_before(&mut self, lines: usize) {
        self.limited().before = Some(lines);
    }

    pub(crate) fn set_after(&mut self, lines: usize) {
        self.limited().after = Some(lines);
    }

    pub(crate) fn set_both(&mut self, lines: usize) {
        self.limited().both = Some(lines);
    }

    /// Lines before and after a match; none of either where all are shown.
    pub(crate) fn lines(&self) -> (usize, usize) {
        let Context::Limited(limited) = self else {
            return (0, 0);
        };
        let both = limited.both.unwrap_or(0);
        (
            limited.before.unwrap_or(both),
            limited.after.unwrap_or(both),
        )
    }

    /// The limits, none set yet if there were none.
    fn limited(&mut self) -> &mut Limited {
        if *self == Context::Passthru {
            *self = Context::default();
        }
        match self {
            Context::Limited(limited) => limited,
            Context::Passthru => unreachable!("replaced above"),
        }
    }
}

/// What stands between the parts of the output.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Separators {
    /// Between groups of lines; none if `None`.
    pub(crate) context: Option<Vec<u8>>,
    pub(crate) field_match: Vec<u8>,
    pub(crate) field_context: Vec<u8>,
}

impl Default for Separators {
    fn default() -> Separators {
        Separators {
            context: Some(b"--".to_vec()),
            field_match: b":".to_vec(),
            field_context: b"-".to_vec(),
        }
    }
}

/// When there is colour.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) enum Color {
    Never,
    /// On a terminal that has it.
    #[default]
    Auto,
    Always,
}

/// When output leaves.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) enum Buffer {
    /// Line by line on a terminal; else in blocks, and when input pauses.
    #[default]
    Auto,
    Line,
    Block,
}

/// How much is said of what is done.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) enum Explained {
    #[default]
    Nothing,
    Debug,
    Trace,
}

/// The options that ripgrep does not have, as they were typed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Extensions {
    /// Filters, and how records and times are read.
    pub(crate) words: SelectionArgs,
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
    pub(super) fn of_lines(&self) -> Option<&'static str> {
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

/// What was asked for of links.
#[derive(Clone, Debug, Default)]
pub(crate) struct HyperlinkArgs {
    /// Where they lead; empty for no links.
    pub(crate) format: String,
    /// The program that says the name of this machine.
    pub(crate) hostname_bin: Option<PathBuf>,
}
