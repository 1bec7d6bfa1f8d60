//! The law: what ripgrep's own printers make of a search is what these make
//! of its lines, whatever pieces the haystack was cut into.

mod cases;
mod chunks;
mod long_lines;
mod ours;
mod random;
mod record;
mod ripgrep;

use std::sync::Arc;

use super::{LineSetup, PrintOptions};
use crate::{pattern::Matcher, search::Mode};

/// Which lines are selected.
#[derive(Clone, Debug, Default)]
struct Selection {
    before: usize,
    after: usize,
    passthru: bool,
    invert: bool,
    line_number: bool,
    /// A NUL byte makes the source binary.
    binary: bool,
}

/// One search and how it is shown.
#[derive(Clone, Debug)]
struct Case<'h> {
    haystack: &'h [u8],
    selection: Selection,
    setup: LineSetup,
}

impl Case<'_> {
    fn print(&self) -> &PrintOptions {
        &self.setup.print
    }

    fn matcher(&self) -> &Matcher {
        &self.setup.matcher
    }
}

/// What a printer did with the same source searched twice.
#[derive(Debug, Eq, PartialEq)]
struct Printed {
    bytes: Vec<u8>,
    /// Of each search: the matches, if they are counted, and bytes printed.
    counts: Vec<(u64, u64)>,
}

/// Calls `check` with many searches.
fn for_all_cases(rounds: usize, mut check: impl FnMut(&Case<'_>)) {
    let mut random = random::Random::new(rounds as u64);
    let mut count = 0;
    for terminator in cases::TERMINATORS {
        for haystack in cases::haystacks(terminator) {
            for pattern in cases::PATTERNS {
                let patterns = cases::compile(pattern, terminator);
                for _ in 0..rounds {
                    let selection = random.selection();
                    let setup = LineSetup {
                        matcher: patterns.matcher(),
                        shortcut: patterns.shortcut(),
                        terminator: patterns.line_terminator(),
                        invert: selection.invert,
                        anchored: patterns.is_anchored(),
                        records: false,
                        stats: random.one_in(3),
                        print: Arc::new(random.print_options()),
                    };
                    check(&Case {
                        haystack: &haystack,
                        selection,
                        setup,
                    });
                    count += 1;
                }
            }
        }
    }
    assert!(count >= 1000 * rounds, "{count} cases");
}

fn assert_same(case: &Case<'_>, chunks: chunks::Chunks, want: &Printed, got: &Printed) {
    let text = |printed: &Printed| String::from_utf8_lossy(&printed.bytes).into_owned();
    assert!(
        want == got,
        "{case:#?}\n{chunks:?}\nwant {:?}\n{}\ngot  {:?}\n{}\n{:?}\n{:?}",
        want.counts,
        text(want),
        got.counts,
        text(got),
        text(want),
        text(got),
    );
}

#[test]
fn standard_output_is_ripgreps() {
    for_all_cases(4, |case| {
        let want = ripgrep::standard(case);
        for chunks in chunks::ALL {
            assert_same(case, chunks, &want, &ours::standard(case, chunks));
        }
    });
}

#[test]
fn json_output_is_ripgreps() {
    for_all_cases(2, |case| {
        let (want, elapsed) = ripgrep::json(case);
        for chunks in chunks::ALL {
            assert_same(case, chunks, &want, &ours::json(case, chunks, &elapsed));
        }
    });
}

#[test]
fn summaries_are_ripgreps() {
    const MODES: [Mode; 6] = [
        Mode::Count,
        Mode::CountMatches,
        Mode::FilesWithMatches,
        Mode::FilesWithoutMatch,
        Mode::Quiet,
        Mode::QuietWithoutMatch,
    ];
    for_all_cases(1, |case| {
        if case.print().path.is_none() {
            return;
        }
        for mode in MODES {
            let want = ripgrep::summary(case, mode);
            for chunks in chunks::ALL {
                assert_same(case, chunks, &want, &ours::summary(case, mode, chunks));
            }
        }
    });
}
