//! What the options mean here and now: on this terminal, with these files.
//!
//! The rules are ripgrep's. [`Surroundings`] is all that is asked of the
//! machine, so that the rules can be tested anywhere.

use std::{ffi::OsString, io::IsTerminal as _};

use grep_printer::ColorSpecs;
use swathe::{
    pattern::{Engine, PatternOptions, Patterns},
    print::PrintOptions,
    run::{Input, Looks, Preprocessor},
    search::{Mode, Nul, SearchOptions},
    source::SourceOptions,
    walk::{self, Files, Globs, Rules},
};

use super::{
    check, links,
    low::{Asked, Buffer, Color, Context, Extensions, Listing, Low},
    patterns::{self, Gathered},
};
use crate::{
    cli::reading::{Mmap, Reading},
    files::choosing::Binary,
    output::{self, Policy, Shown},
};

/// ripgrep maps files if it was given no more than this many.
const MAX_MAPPED_FILES: usize = 10;

/// What a search depends on besides its command line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Surroundings {
    pub(super) stdout_is_terminal: bool,
    /// Standard input may bring something and is no terminal.
    pub(super) stdin_is_readable: bool,
    /// The environment has nothing against colour.
    pub(super) color_is_welcome: bool,
    pub(super) cores: usize,
}

impl Surroundings {
    /// As they are.
    pub(super) fn observe() -> Surroundings {
        let dumb = std::env::var_os("TERM").is_none_or(|term| term == "dumb");
        let no_color = std::env::var_os("NO_COLOR").is_some();
        Surroundings {
            stdout_is_terminal: output::is_terminal(),
            stdin_is_readable: grep_cli::is_readable_stdin() && !std::io::stdin().is_terminal(),
            color_is_welcome: !dumb && !no_color,
            cores: std::thread::available_parallelism().map_or(1, usize::from),
        }
    }
}

/// A search, ready to be run.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) reading: Reading,
    pub(super) patterns: Vec<String>,
    pub(super) pattern_options: PatternOptions,
    pub(super) engine: Engine,
    pub(super) search: SearchOptions,
    /// For all sources; the name is filled in for each.
    pub(super) print: PrintOptions,
    /// Whether each source's name is filled in.
    pub(super) names: bool,
    /// Whether that of each member of an archive is.
    pub(super) names_members: bool,
    /// What was named, directories among them.
    pub(super) inputs: Vec<Input>,
    /// What decides which files of directories are searched.
    pub(super) rules: Rules,
    /// The current directory was not named, and is searched all the same.
    pub(super) unasked: bool,
    /// What a NUL byte means in a file that a walk finds.
    pub(super) walked_nul: Nul,
    pub(super) listing: Option<Listing>,
    /// What is run on files before they are searched.
    pub(super) pre: Option<Preprocessor>,
    pub(super) source_options: SourceOptions,
    pub(super) threads: usize,
    pub(super) policy: Policy,
    /// Something may match at all.
    pub(super) matches_possible: bool,
    /// A match is success whatever else went wrong.
    pub(super) quiet: bool,
    /// No source is opened after one that matched.
    pub(super) first_match_ends: bool,
    /// What is printed goes to what is read, round and round, if they are the
    /// same file.
    pub(super) feeds_itself: bool,
    pub(super) totals: Totals,
    pub(super) extensions: Extensions,
    /// What was seen of inputs before they are searched.
    pub(super) looks: Looks,
}

/// What is printed at the end.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Totals {
    None,
    Text,
    Json,
}

impl Job {
    /// The files, as they are found.
    pub(super) fn files(&self) -> Files {
        if self.unasked {
            return Files::here(self.rules.clone());
        }
        Files::new(self.inputs.clone(), self.rules.clone())
    }

    /// How results are kept from driving a terminal: lines are as they are printed.
    pub(super) fn shown(&self) -> Shown {
        match self.search.mode {
            Mode::Json if self.print.safe => Shown::Json,
            _ => Shown::AsWritten,
        }
    }

    /// Whether a program is run on this input.
    pub(super) fn is_preprocessed(&self, input: &Input) -> bool {
        let (pre, path) = (self.pre.as_ref(), input.path());
        pre.zip(path).is_some_and(|(pre, path)| pre.takes(path))
    }

    /// Whether members of archives are searched one by one.
    pub(super) fn reads_archives(&self) -> bool {
        self.reading.archives == Some(true)
    }

    /// The job these options ask for.
    ///
    /// # Errors
    /// When there is no pattern or nothing to search, or patterns cannot be read.
    pub(super) fn new(mut low: Low, around: &Surroundings) -> Result<Job, String> {
        check::check(&low)?;
        low.mode = match low.mode {
            Asked::Lines if low.extensions.count_total => Asked::Count,
            mode => mode,
        };
        low.mode = match low.mode {
            Asked::CountMatches if low.invert => Asked::Count,
            Asked::Count if low.only_matching => Asked::CountMatches,
            mode => mode,
        };
        let mut positional = std::mem::take(&mut low.positional);
        let gathered = if low.listing.is_some() {
            Gathered::default()
        } else {
            let filtered = low.extensions.selects();
            patterns::gather(&low.patterns, &mut positional, filtered, patterns::read)?
        };
        let rules = low.choosing.rules().map_err(|error| error.to_string())?;
        let (inputs, unasked) = inputs(&low, positional, gathered.stdin_consumed, around)?;
        let text = low.choosing.binary == Binary::Text || low.null_data;
        let one_file = matches!(&inputs[..], [one] if !one.is_directory());
        let with_filename = low.with_filename.unwrap_or(low.vimgrep || !one_file);
        let mode = mode(low.mode, low.quiet);
        let totals = match low.mode {
            Asked::Json => Totals::Json,
            _ if low.stats => Totals::Text,
            _ => Totals::None,
        };
        // Names of files are all that -l prints, and JSON has them always.
        let names_always = low.listing.is_some()
            || matches!(
                mode,
                Mode::Json | Mode::FilesWithMatches | Mode::FilesWithoutMatch
            );
        let threads = low.reading.threads(around.cores);
        Ok(Job {
            pattern_options: pattern_options(&low, text),
            engine: low.engine,
            search: search_options(&low, mode, text, &inputs, around),
            print: print_options(&low, around),
            names: with_filename || names_always,
            names_members: low.with_filename.unwrap_or(true) || names_always,
            walked_nul: match low.choosing.binary {
                _ if text => Nul::Text,
                Binary::Recognised => Nul::Leave,
                Binary::Searched | Binary::Text => nul(low.reading.mmap, text, &inputs),
            },
            pre: preprocessor(&low)?,
            source_options: low.reading.source_options(true, threads),
            threads,
            policy: policy(low.buffer, around),
            matches_possible: low.max_count != Some(0)
                && low.extensions.first != Some(0)
                && low.extensions.last != Some(0)
                && (low.invert || !gathered.patterns.is_empty()),
            listing: low.listing,
            rules,
            unasked,
            quiet: low.quiet,
            first_match_ends: low.quiet && totals == Totals::None,
            feeds_itself: matches!(mode, Mode::Standard | Mode::Json)
                && low.max_count.is_none_or(|max| max > 1),
            totals,
            looks: Looks::default(),
            extensions: low.extensions,
            patterns: gathered.patterns,
            inputs,
            reading: low.reading,
        })
    }
}

impl Job {
    /// Says what `--debug` is to say of it.
    pub(super) fn explain(&self, patterns: &Patterns) {
        log::debug!("patterns: {:?}", self.patterns);
        log::debug!(
            "engine: {:?}; {}",
            patterns.engine(),
            if patterns.spans_lines() {
                "a match may span lines, so each file is searched as a whole on one thread"
            } else if patterns.searches_whole_lines() {
                "many lines are searched at once"
            } else {
                "each line is searched alone"
            }
        );
        log::debug!(
            "threads: {}; reading: {:?}",
            self.threads,
            self.source_options
        );
    }
}

/// What `--pre` and `--pre-glob` ask for.
fn preprocessor(low: &Low) -> Result<Option<Preprocessor>, String> {
    let Some(command) = &low.reading.pre else {
        return Ok(None);
    };
    let pre = Preprocessor::new(command);
    if low.pre_globs.is_empty() {
        return Ok(Some(pre));
    }
    let fail = |error: &dyn std::fmt::Display| format!("--pre-glob: {error}");
    let here = std::env::current_dir().map_err(|error| fail(&error))?;
    let globs = Globs::new(&low.pre_globs, &here).map_err(|error| fail(&error))?;
    Ok(Some(pre.only(move |path| globs.take(path))))
}

fn policy(buffer: Buffer, around: &Surroundings) -> Policy {
    match buffer {
        Buffer::Line => Policy::Lines,
        Buffer::Block => Policy::FullBlocks,
        Buffer::Auto if around.stdout_is_terminal => Policy::Lines,
        Buffer::Auto => Policy::Blocks,
    }
}

/// What is searched, and whether that is the current directory unasked.
fn inputs(
    low: &Low,
    positional: Vec<OsString>,
    stdin_consumed: bool,
    around: &Surroundings,
) -> Result<(Vec<Input>, bool), String> {
    let mut named: Vec<Input> = positional.into_iter().map(Input::named).collect();
    if stdin_consumed && named.contains(&Input::Stdin) {
        return Err(
            "the patterns came from standard input, so it cannot be searched\n\
             name the files to search"
                .to_string(),
        );
    }
    let lists = &low.choosing.files_from;
    let listed = walk::listed(lists, stdin_consumed || named.contains(&Input::Stdin));
    named.extend(listed.map_err(|error| error.to_string())?);
    if !named.is_empty() || !lists.is_empty() {
        return Ok((named, false));
    }
    if around.stdin_is_readable && !stdin_consumed && low.listing.is_none() {
        return Ok((vec![Input::Stdin], false));
    }
    Ok((vec![Input::Path("./".into())], true))
}

fn mode(asked: Asked, quiet: bool) -> Mode {
    match asked {
        Asked::FilesWithoutMatch if quiet => Mode::QuietWithoutMatch,
        _ if quiet => Mode::Quiet,
        Asked::Lines => Mode::Standard,
        Asked::Json => Mode::Json,
        Asked::Count => Mode::Count,
        Asked::CountMatches => Mode::CountMatches,
        Asked::FilesWithMatches => Mode::FilesWithMatches,
        Asked::FilesWithoutMatch => Mode::FilesWithoutMatch,
    }
}

fn pattern_options(low: &Low, text: bool) -> PatternOptions {
    PatternOptions {
        fixed_strings: low.matching.fixed_strings,
        case: low.matching.case,
        boundary: low.matching.boundary,
        unicode: !low.no_unicode,
        crlf: low.crlf,
        null_data: low.null_data,
        multi_line: low.multi_line,
        dot_all: low.dot_all,
        ban_nul: !text,
        size_limit: low.size_limit,
        dfa_size_limit: low.dfa_size_limit,
    }
}

fn search_options(
    low: &Low,
    mode: Mode,
    text: bool,
    inputs: &[Input],
    around: &Surroundings,
) -> SearchOptions {
    let (before, after) = low.context.lines();
    SearchOptions {
        mode,
        before,
        after,
        passthru: low.context == Context::Passthru,
        invert: low.invert,
        max_count: low.max_count,
        stop_on_nonmatch: low.stop_on_nonmatch,
        line_number: line_number(low, inputs, around),
        stats: low.stats || low.mode == Asked::Json,
        nul: nul(low.reading.mmap, text, inputs),
        chunk_size: low.reading.chunk_size,
        range: low.extensions.range,
        ..SearchOptions::default()
    }
}

fn line_number(low: &Low, inputs: &[Input], around: &Surroundings) -> bool {
    low.line_number.unwrap_or_else(|| match low.mode {
        _ if low.quiet => false,
        Asked::Json => true,
        Asked::Lines => {
            let only_stdin = *inputs == [Input::Stdin];
            (around.stdout_is_terminal && !only_stdin)
                || low.column.unwrap_or(low.vimgrep)
                || low.vimgrep
        }
        _ => false,
    })
}

fn nul(mmap: Mmap, text: bool, inputs: &[Input]) -> Nul {
    let maps = match mmap {
        Mmap::Always => true,
        Mmap::Never => false,
        Mmap::Auto => inputs.len() <= MAX_MAPPED_FILES && inputs.iter().all(Input::is_file),
    };
    match maps {
        _ if text => Nul::Text,
        true => Nul::Mapped,
        false => Nul::Streamed,
    }
}

fn print_options(low: &Low, around: &Surroundings) -> PrintOptions {
    let heading = low.heading.unwrap_or(around.stdout_is_terminal) && !low.vimgrep;
    let has_context = low.context.lines() != (0, 0);
    let separator_search = match low.mode {
        Asked::Lines if heading => Some(Vec::new()),
        Asked::Lines if has_context => low.separators.context.clone(),
        _ => None,
    };
    let color = match low.color {
        Color::Never => false,
        Color::Always => true,
        Color::Auto => around.stdout_is_terminal && around.color_is_welcome,
    };
    PrintOptions {
        path: None,
        heading,
        path_terminator: low.null.then_some(0),
        path_separator: low.path_separator,
        column: low.column.unwrap_or(low.vimgrep),
        byte_offset: low.byte_offset,
        only_matching: low.only_matching,
        per_match: low.vimgrep,
        replacement: low.replacement.clone().map(String::into_bytes),
        max_columns: low.max_columns,
        max_columns_preview: low.max_columns_preview,
        trim: low.trim,
        separator_context: low.separators.context.clone(),
        separator_field_match: low.separators.field_match.clone(),
        separator_field_context: low.separators.field_context.clone(),
        separator_search,
        colors: color.then(|| {
            let mut specs = grep_printer::default_color_specs();
            specs.extend(low.colors.iter().cloned());
            ColorSpecs::new(&specs)
        }),
        include_zero: low.include_zero,
        links: color.then(|| links::links(&low.links)).flatten(),
        silent: low.extensions.count_total,
        safe: around.stdout_is_terminal && !low.extensions.raw,
    }
}

#[cfg(test)]
mod tests;
