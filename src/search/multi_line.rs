//! Matches that span lines.
//!
//! Where a match may begin on one line and end on another, a source cannot be
//! cut: it is searched as one chunk, by one thread, in memory as a whole, with
//! ripgrep's own searcher and printers. Patterns that cannot match a line
//! terminator never come here, even under `-U`.

use std::{
    cell::Cell,
    io::{self, Write},
    path::Path,
};

use grep_printer::{HyperlinkConfig, JSONBuilder, StandardBuilder, SummaryBuilder, SummaryKind};
use grep_searcher::{
    BinaryDetection, Searcher, SearcherBuilder, Sink, SinkContext, SinkFinish, SinkMatch,
};
use termcolor::{Ansi, NoColor, WriteColor};

use super::{Outcome, Run, Stats, job::Job, nul::Rule, options::Mode};
use crate::{
    chunk::{Feed, FeedOptions, Record},
    error::{Error, ErrorKind, Result},
    pattern::Patterns,
    print::Links,
};

/// Searches a source as a whole.
pub(super) fn run(job: &Job<'_>, run: &mut Run<'_>) -> Result<Outcome> {
    let mut held = Vec::new();
    let bytes = match job.source.as_slice() {
        Some(bytes) => bytes,
        None => match read_all(job, run) {
            Ok(bytes) => {
                held = bytes;
                &held
            }
            Err(error) => return Ok(Outcome::failed(error)),
        },
    };
    let separator = job.print.separator_search.clone().filter(|_| run.written);
    let ending = Cell::new(false);
    let mut out = Whole {
        out: run.out,
        separator: separator.clone(),
        ending: &ending,
        copy: Vec::new(),
        written: false,
    };
    let patterns = job.patterns.own();
    let colored = job.print.colors.is_some();
    let (matched, stats) = if colored {
        search(job, &patterns, bytes, &ending, Ansi::new(&mut out))?
    } else {
        search(job, &patterns, bytes, &ending, NoColor::new(&mut out))?
    };
    let wrote = out.written;
    // ripgrep counts what parts sources too.
    let parted = separator.as_ref().filter(|_| out.separator.is_none());
    let separator = parted.map_or(0, |separator| separator.len() + 1);
    let stats = Stats {
        bytes_printed: stats.bytes_printed + separator as u64,
        ..stats
    };
    drop(held);
    run.progress.advance(stats.bytes_searched);
    run.written |= wrote;
    let given_up = || {
        let why = patterns.gave_up()?;
        Some(Error::at(job.source.name(), ErrorKind::GaveUp(why)))
    };
    let failure = job.source.verify().err().or_else(given_up);
    Ok(Outcome {
        matched,
        wrote,
        separator,
        stats,
        cut_records: 0,
        failure,
    })
}

fn read_all(job: &Job<'_>, run: &Run<'_>) -> Result<Vec<u8>> {
    let record = Record::Line(job.context.terminator);
    let options = FeedOptions {
        size: 1 << 20,
        record,
        range: None,
        look_ahead: false,
    };
    let mut feed = Feed::new(job.source, options, run.stop)?;
    let (mut all, mut buffer) = (Vec::new(), Vec::new());
    while let Some(piece) = feed.next_piece()? {
        piece.fetch(&mut buffer)?;
        all.extend_from_slice(piece.view(&buffer).bytes);
    }
    Ok(all)
}

fn search<W: WriteColor>(
    job: &Job<'_>,
    patterns: &Patterns,
    bytes: &[u8],
    ending: &Cell<bool>,
    out: W,
) -> io::Result<(bool, Stats)> {
    let matcher = patterns.matcher();
    let mut searcher = searcher(job);
    let name = job
        .print
        .path
        .as_deref()
        .unwrap_or_else(|| job.source.name());
    let name: &Path = name;
    let kind = match job.options.mode {
        Mode::Standard => {
            let mut printer = standard(job).build(out);
            let mut sink = printer.sink_with_path(&matcher, name);
            let watched = Watched {
                sink: &mut sink,
                ending,
            };
            searcher.search_slice(&matcher, bytes, watched)?;
            return Ok((sink.has_match(), stats(sink.stats(), sink.match_count())));
        }
        Mode::Json => {
            let replacement = job.print.replacement.clone();
            let mut printer = JSONBuilder::new().replacement(replacement).build(out);
            let mut sink = printer.sink_with_path(&matcher, name);
            let watched = Watched {
                sink: &mut sink,
                ending,
            };
            searcher.search_slice(&matcher, bytes, watched)?;
            return Ok((sink.has_match(), stats(Some(sink.stats()), 0)));
        }
        Mode::Count => SummaryKind::Count,
        Mode::CountMatches => SummaryKind::CountMatches,
        Mode::FilesWithMatches => SummaryKind::PathWithMatch,
        Mode::FilesWithoutMatch => SummaryKind::PathWithoutMatch,
        Mode::Quiet => SummaryKind::QuietWithMatch,
        Mode::QuietWithoutMatch => SummaryKind::QuietWithoutMatch,
    };
    let mut printer = SummaryBuilder::new()
        .kind(kind)
        .path(job.print.path.is_some())
        .path_terminator(job.print.path_terminator)
        .separator_path(job.print.path_separator)
        .exclude_zero(!job.print.include_zero)
        .color_specs(job.print.colors.clone().unwrap_or_default())
        .hyperlink(links(job))
        .stats(job.options.stats)
        .build(out);
    let mut sink = printer.sink_with_path(&matcher, name);
    let watched = Watched {
        sink: &mut sink,
        ending,
    };
    searcher.search_slice(&matcher, bytes, watched)?;
    Ok((
        sink.has_match(),
        stats(sink.stats(), u64::from(sink.has_match())),
    ))
}

fn searcher(job: &Job<'_>) -> Searcher {
    let options = job.options;
    let mut builder = SearcherBuilder::new();
    builder
        .multi_line(true)
        .line_terminator(job.patterns.line_terminator())
        .invert_match(options.invert)
        .line_number(options.line_number)
        .before_context(options.before)
        .after_context(options.after)
        .passthru(options.passthru)
        .max_matches(options.max_count)
        .bom_sniffing(false);
    match job.rule {
        Rule::Text => {}
        Rule::Leave => {
            builder.binary_detection(BinaryDetection::quit(0));
        }
        Rule::Mapped | Rule::Streamed => {
            builder.binary_detection(BinaryDetection::convert(0));
        }
    }
    builder.build()
}

fn standard(job: &Job<'_>) -> StandardBuilder {
    let print = &job.print;
    let mut builder = StandardBuilder::new();
    builder
        .path(print.path.is_some())
        .heading(print.heading)
        .path_terminator(print.path_terminator)
        .separator_path(print.path_separator)
        .column(print.column)
        .byte_offset(print.byte_offset)
        .only_matching(print.only_matching)
        .per_match(print.per_match)
        .per_match_one_line(true)
        .replacement(print.replacement.clone())
        .max_columns(print.max_columns)
        .max_columns_preview(print.max_columns_preview)
        .trim_ascii(print.trim)
        .separator_context(print.separator_context.clone())
        .separator_field_match(print.separator_field_match.clone())
        .separator_field_context(print.separator_field_context.clone())
        .color_specs(print.colors.clone().unwrap_or_default())
        .hyperlink(links(job))
        .stats(job.options.stats);
    builder
}

fn links(job: &Job<'_>) -> HyperlinkConfig {
    let links = job.print.links.as_ref();
    links.map(Links::config).unwrap_or_default()
}

/// A sink that tells when all lines are printed and only the message about a
/// binary source may follow: that one needs no separator before it.
struct Watched<'e, S> {
    sink: S,
    ending: &'e Cell<bool>,
}

impl<S: Sink> Sink for Watched<'_, S> {
    type Error = S::Error;

    fn matched(&mut self, searcher: &Searcher, line: &SinkMatch<'_>) -> Result<bool, S::Error> {
        self.sink.matched(searcher, line)
    }

    fn context(&mut self, searcher: &Searcher, line: &SinkContext<'_>) -> Result<bool, S::Error> {
        self.sink.context(searcher, line)
    }

    fn context_break(&mut self, searcher: &Searcher) -> Result<bool, S::Error> {
        self.sink.context_break(searcher)
    }

    fn binary_data(&mut self, searcher: &Searcher, offset: u64) -> Result<bool, S::Error> {
        self.sink.binary_data(searcher, offset)
    }

    fn begin(&mut self, searcher: &Searcher) -> Result<bool, S::Error> {
        self.sink.begin(searcher)
    }

    fn finish(&mut self, searcher: &Searcher, finish: &SinkFinish) -> Result<(), S::Error> {
        self.ending.set(true);
        self.sink.finish(searcher, finish)
    }
}

fn stats(stats: Option<&grep_printer::Stats>, lines: u64) -> Stats {
    let Some(stats) = stats else {
        return Stats {
            matched_lines: lines,
            ..Stats::default()
        };
    };
    Stats {
        searches: stats.searches(),
        searches_with_match: stats.searches_with_match(),
        bytes_searched: stats.bytes_searched(),
        bytes_printed: stats.bytes_printed(),
        matched_lines: stats.matched_lines(),
        matches: stats.matches(),
    }
}

/// The output. What comes from a map is copied before it is written.
struct Whole<'o> {
    out: &'o mut (dyn Write + Send),
    /// What keeps this source apart from the one before, until it is written.
    separator: Option<Vec<u8>>,
    /// All lines are printed.
    ending: &'o Cell<bool>,
    copy: Vec<u8>,
    written: bool,
}

impl Write for Whole<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if bytes.is_empty() {
            return Ok(0);
        }
        if !self.ending.get()
            && let Some(separator) = self.separator.take()
        {
            self.out.write_all(&separator)?;
            self.out.write_all(b"\n")?;
        }
        self.written = true;
        for piece in bytes.chunks(64 << 10) {
            self.copy.clear();
            self.copy.extend_from_slice(piece);
            self.out.write_all(&self.copy)?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
