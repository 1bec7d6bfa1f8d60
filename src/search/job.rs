//! What all workers of one run share.

use std::sync::{Arc, Mutex, PoisonError};

use super::{
    Search, SearchOptions,
    context::Context,
    nul_bytes::Rule,
    options::{Mode, Nul},
    units::Units,
};
use crate::{
    pattern::{LineFinder, Patterns},
    print::{LinePrinter, LineSetup, MatchCounter, PrintOptions},
    select::Selector,
    source::Source,
    statistic::Head,
    time::Chosen,
};

/// Formatted output that may wait for its turn, over all workers of a run.
const OUTPUT_BUDGET: usize = 32 << 20;

/// What searches and prints lines: a worker has one, and the committer.
pub(super) struct Tools {
    pub(super) finder: LineFinder,
    pub(super) printer: LinePrinter,
    pub(super) counter: MatchCounter,
    /// What the three were made of; knows what they gave up on.
    pub(super) patterns: Patterns,
}

/// One source, and what is asked of it.
pub(super) struct Job<'s> {
    search: &'s Search,
    pub(super) patterns: &'s Patterns,
    pub(super) options: &'s SearchOptions,
    pub(super) print: Arc<PrintOptions>,
    pub(super) source: &'s Source,
    pub(super) rule: Rule,
    pub(super) context: Context<'s>,
    /// Which records pass, where not all do.
    pub(super) filter: Option<&'s Selector>,
    /// What the source's first bytes decide; there if more than a pattern
    /// decides which lines are selected.
    pub(super) head: Option<Head>,
    /// Lines are counted, to be numbered or to find a range of them.
    pub(super) counts_lines: bool,
    /// Matches are counted, not only lines.
    pub(super) counts_matches: bool,
    /// How much a chunk may print before it must wait for its turn.
    pub(super) max_output: usize,
    /// The source's head shows that it is binary.
    pub(super) binary_head: Option<u64>,
    pub(super) buffers: Buffers,
}

impl<'s> Job<'s> {
    /// Notes that the source is not searched to its end.
    pub(super) fn see_part(&self) {
        if let Some(filter) = self.filter {
            filter.see_part();
        }
    }

    /// What was chosen for the timestamps of the source, if they matter.
    pub(super) fn chosen(&self) -> Vec<Chosen> {
        let times = self.filter.filter(|filter| filter.needs_times());
        let head = self.head.as_ref().filter(|_| times.is_some());
        let format = head.and_then(|head| head.time.as_ref());
        format.map_or_else(Vec::new, |format| format.chosen.clone())
    }

    pub(super) fn new(
        search: &'s Search,
        print: &PrintOptions,
        source: &'s Source,
        nul: Nul,
        window: usize,
    ) -> Job<'s> {
        let (patterns, options) = (&search.patterns, &search.options);
        let lines = options.mode.is_of_lines();
        let picks = search.picks();
        let terminator = patterns.line_terminator().as_byte();
        let context = Context {
            units: Units::new(&options.record, terminator),
            before: if lines && !options.passthru {
                options.before
            } else {
                0
            },
            after: if lines && !options.passthru {
                options.after
            } else {
                0
            },
            passthru: lines && options.passthru,
            // Else what is selected is known, and not what is not.
            invert: options.invert && !picks,
            number: lines && options.line_number,
            terminator,
        };
        let mut rule = Rule::of(nul, source);
        if !options.record.is_line() && rule == Rule::Streamed {
            // To turn NUL bytes into line ends would make other records.
            rule = Rule::Mapped;
        }
        Job {
            search,
            patterns,
            options,
            print: Arc::new(print.clone()),
            source,
            rule,
            context,
            filter: search.filter.as_ref().map(|filter| &*filter.selector),
            head: None,
            counts_lines: context.number || options.range.is_some(),
            counts_matches: options.stats || options.mode == Mode::CountMatches,
            max_output: (OUTPUT_BUDGET / (window + 1)).max(64 << 10),
            binary_head: None,
            buffers: Buffers::default(),
        }
    }

    pub(super) fn tools(&self) -> Tools {
        let patterns = self.search.own_patterns();
        Tools {
            finder: LineFinder::new(&patterns, self.options.passthru),
            printer: match self.options.mode {
                Mode::Json => LinePrinter::json(self.setup(&patterns)),
                Mode::Rows => LinePrinter::rows(self.setup(&patterns)),
                _ => LinePrinter::standard(self.setup(&patterns)),
            },
            counter: MatchCounter::new(self.setup(&patterns)),
            patterns,
        }
    }

    /// A finder whose account of what was given up on is the job's.
    pub(super) fn finder(&self) -> LineFinder {
        LineFinder::new(self.patterns, self.options.passthru)
    }

    /// A printer whose account of what was given up on is the job's.
    pub(super) fn printer(&self) -> LinePrinter {
        match self.options.mode {
            Mode::Json => LinePrinter::json(self.setup(self.patterns)),
            Mode::Rows => LinePrinter::rows(self.setup(self.patterns)),
            _ => LinePrinter::standard(self.setup(self.patterns)),
        }
    }

    /// Has what is printed decide whether the source is binary.
    pub(super) fn judge_by_lines(&mut self) {
        if self.rule != Rule::Text {
            self.rule = Rule::Mapped;
        }
    }

    fn setup(&self, patterns: &Patterns) -> LineSetup {
        LineSetup {
            matcher: patterns.shared_matcher(),
            shortcut: patterns.shortcut(),
            terminator: patterns.line_terminator(),
            invert: self.options.invert,
            anchored: patterns.is_anchored(),
            records: !self.context.units.are_lines(),
            stats: self.options.stats,
            print: self.print.clone(),
        }
    }

    /// Whether lines are printed, not only counted.
    pub(super) fn prints_lines(&self) -> bool {
        self.options.mode.is_of_lines()
    }

    /// Whether a binary source ends the printing of lines.
    pub(super) fn nul_ends_printing(&self) -> bool {
        self.options.mode == Mode::Standard
    }

    /// Whether one selected line answers everything.
    pub(super) fn ends_at_first(&self) -> bool {
        let early = matches!(
            self.options.mode,
            Mode::FilesWithMatches
                | Mode::FilesWithoutMatch
                | Mode::Quiet
                | Mode::QuietWithoutMatch
        );
        early && !self.options.stats
    }

    /// Whether what a chunk prints always depends on those before it.
    pub(super) fn must_walk_in_turn(&self) -> bool {
        self.options.stop_on_nonmatch || (self.binary_head.is_some() && self.nul_ends_printing())
    }
}

/// Buffers that go from chunk to chunk, so that each is not mapped, zeroed
/// and unmapped by the system anew.
#[derive(Debug, Default)]
pub(super) struct Buffers(Mutex<Vec<Vec<u8>>>);

impl Buffers {
    /// One to write to.
    pub(super) fn take_empty(&self) -> Vec<u8> {
        let mut buffer = self.take();
        buffer.clear();
        buffer
    }

    /// One to fetch a chunk into, with whatever it holds.
    pub(super) fn take(&self) -> Vec<u8> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop()
            .unwrap_or_default()
    }

    pub(super) fn give(&self, buffer: Vec<u8>) {
        // One that had to hold a giant line is not kept. The others keep their
        // length: what is cut off would have to be zeroed again.
        if buffer.capacity() == 0 || buffer.capacity() > 4 << 20 {
            return;
        }
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(buffer);
    }
}
