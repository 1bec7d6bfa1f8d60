//! Matches that span lines.
//!
//! Where a match may begin on one line and end on another, a source cannot be
//! cut: it is searched as one chunk, by one thread, in memory as a whole, with
//! ripgrep's own searcher and printers. What it prints goes the way of all output: it is
//! collected, and written when the source is known to be intact up to its end. Patterns that cannot match a line
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

use super::{
    Outcome, Run, Stats, finish::spoils, job::Job, nul_bytes::Rule, options::Mode,
    turn_out::TurnOut,
};
use crate::{
    chunk::{Feed, FeedOptions, Record},
    error::{Error, ErrorKind, Result},
    pattern::Patterns,
    print::{Links, Out as _},
};

/// Searches a source as a whole.
pub(super) fn run(job: &Job<'_>, run: &mut Run<'_>) -> Result<Outcome> {
    if job.options.mode == Mode::Rows {
        let why = "matches that span lines are not given as rows";
        return Err(Error::new(ErrorKind::Config(why.into())));
    }
    let mut held = Vec::new();
    let mut unread = None;
    let bytes = match job.source.as_slice() {
        Some(bytes) => bytes,
        None => match read_all(job, run, &mut held) {
            Ok(()) => &held,
            // All that could be unpacked is searched.
            Err(error) if matches!(error.kind(), ErrorKind::Damaged(_)) => {
                unread = Some(error);
                &held
            }
            Err(error) => return Ok(Outcome::failed(error)),
        },
    };
    if run.stop.is_set() && !job.prints_lines() {
        // A match may go on in what was not read: of a part nothing is told.
        return Ok(Outcome {
            interrupted: true,
            ..Outcome::default()
        });
    }
    let separator = job.print.separator_search.clone().filter(|_| run.written);
    let reached = Reached::default();
    let mut out = Whole {
        out: TurnOut::new(run.out, job.source, bytes.len() as u64),
        separator: separator.clone(),
        reached: &reached,
        published: 0,
    };
    let patterns = job.patterns.own();
    let colored = job.print.colors.is_some();
    let end = bytes.len() as u64;
    let searched = job.source.survives(end, || {
        if colored {
            search(job, &patterns, bytes, &reached, Ansi::new(&mut out))
        } else {
            search(job, &patterns, bytes, &reached, NoColor::new(&mut out))
        }
    });
    let searched = searched.unwrap_or_else(|| Err(TurnOut::broken()));
    let found = out.end(job, searched, unread)?;
    let failure = found.failure.or_else(|| {
        let why = patterns.gave_up()?;
        Some(Error::at(job.source.name(), ErrorKind::GaveUp(why)))
    });
    let wrote = out.out.has_written();
    // ripgrep counts what parts sources too.
    let parted = separator.filter(|_| wrote && out.separator.is_none());
    let separator = parted.map_or(0, |separator| separator.len() + 1);
    let stats = Stats {
        bytes_printed: found.stats.bytes_printed + separator as u64,
        ..found.stats
    };
    drop(held);
    run.progress.advance(stats.bytes_searched);
    run.written |= wrote;
    Ok(Outcome {
        matched: found.matched,
        wrote,
        separator,
        stats,
        cut_records: 0,
        chosen: Vec::new(),
        interrupted: false,
        failure,
    })
}

/// Reads all there is; what came before an error is there too.
fn read_all(job: &Job<'_>, run: &Run<'_>, all: &mut Vec<u8>) -> Result<()> {
    let record = Record::Line(job.context.terminator);
    let options = FeedOptions {
        size: 1 << 20,
        record,
        range: None,
        look_ahead: false,
    };
    let mut feed = Feed::new(job.source, options, run.stop)?;
    let mut buffer = Vec::new();
    while let Some(piece) = feed.next_piece()? {
        piece.fetch(&mut buffer)?;
        all.extend_from_slice(piece.view(&buffer).bytes);
    }
    Ok(())
}

fn search<W: WriteColor>(
    job: &Job<'_>,
    patterns: &Patterns,
    bytes: &[u8],
    reached: &Reached,
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
                reached,
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
                reached,
            };
            searcher.search_slice(&matcher, bytes, watched)?;
            return Ok((sink.has_match(), stats(Some(sink.stats()), 0)));
        }
        Mode::Count => SummaryKind::Count,
        Mode::CountMatches => SummaryKind::CountMatches,
        Mode::FilesWithMatches => SummaryKind::PathWithMatch,
        Mode::FilesWithoutMatch => SummaryKind::PathWithoutMatch,
        // Refused before.
        Mode::Quiet | Mode::Rows => SummaryKind::QuietWithMatch,
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
        reached,
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

/// How far a search has come.
#[derive(Debug, Default)]
struct Reached {
    /// Where the match begins that is printed now: all before it is done with.
    at: Cell<u64>,
    /// All lines are printed, and only the message about a binary source may follow:
    /// that one needs no separator before it.
    ending: Cell<bool>,
}

/// A sink that notes how far the search has come.
struct Watched<'e, S> {
    sink: S,
    reached: &'e Reached,
}

impl<S: Sink> Sink for Watched<'_, S> {
    type Error = S::Error;

    fn matched(&mut self, searcher: &Searcher, line: &SinkMatch<'_>) -> Result<bool, S::Error> {
        self.reached.at.set(line.absolute_byte_offset());
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
        self.reached.ending.set(true);
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

/// The output, which gets out only while the source is known to be intact.
struct Whole<'o> {
    out: TurnOut<'o>,
    /// What keeps this source apart from the one before, until it is written.
    separator: Option<Vec<u8>>,
    reached: &'o Reached,
    /// All that was found before this byte is out.
    published: u64,
}

/// What a search came to.
struct Found {
    matched: bool,
    stats: Stats,
    failure: Option<Error>,
}

impl Whole<'_> {
    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        let before = self.out.flushed();
        self.out.put(bytes)?;
        if self.out.flushed() > before {
            self.published = self.reached.at.get();
        }
        Ok(())
    }

    /// Lets out what is left, if the source held; `unread` is why it was not read to
    /// its end.
    ///
    /// # Errors
    /// When the output cannot be written.
    fn end(
        &mut self,
        job: &Job<'_>,
        searched: io::Result<(bool, Stats)>,
        unread: Option<Error>,
    ) -> Result<Found> {
        let mode = job.options.mode;
        let (matched, stats) = match searched {
            Ok(found) => found,
            Err(error) if TurnOut::is_broken(&error) => return Ok(self.broken(job)),
            Err(error) => return Err(error.into()),
        };
        let verdict = job.source.verify_published(self.published);
        let failure = verdict.err().or(unread);
        if failure.as_ref().is_some_and(|error| spoils(error, mode)) {
            return Ok(Found {
                matched: matched && !mode.wants_none(),
                stats,
                failure,
            });
        }
        match self.out.flush_piece() {
            Ok(()) => Ok(Found {
                matched,
                stats,
                failure,
            }),
            Err(error) if TurnOut::is_broken(&error) => Ok(self.broken(job)),
            Err(error) => Err(error.into()),
        }
    }

    /// What is known where the source broke under our hands: what is out.
    fn broken(&self, job: &Job<'_>) -> Found {
        let verdict = job.source.verify_published(self.published);
        let failure = verdict.err().unwrap_or_else(|| {
            // It was cut and has grown again.
            let size = job.source.len().unwrap_or(0);
            Error::at(job.source.name(), ErrorKind::Modified { size })
        });
        Found {
            matched: job.prints_lines() && self.out.has_written(),
            stats: Stats::default(),
            failure: Some(failure),
        }
    }
}

impl Write for Whole<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if bytes.is_empty() {
            return Ok(0);
        }
        if !self.reached.ending.get()
            && let Some(separator) = self.separator.take()
        {
            self.put(&separator)?;
            self.put(b"\n")?;
        }
        self.put(bytes)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
