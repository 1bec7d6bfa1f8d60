//! What the fuzz targets check, as functions of bytes, so that it can be run
//! without a fuzzer too: `tests/it/fuzzed.rs` gives them random bytes.

pub(crate) mod chunk_plan;
pub(crate) mod forged_diff;
pub(crate) mod pattern_vs_regex;
pub(crate) mod saved;
pub(crate) mod search_vs_naive;
pub(crate) mod statistic_chunks;
pub(crate) mod tree;
pub(crate) mod unpack;

use std::{
    io::{self, Cursor, Read},
    sync::LazyLock,
};

use swathe::{
    exec::{Executor, Stop},
    pattern::Patterns,
    print::PrintOptions,
    progress::Silent,
    search::{Outcome, Run, Search, SearchOptions},
    source::Source,
};

/// With one to four threads: to start them takes longer than most checks.
static EXECUTORS: LazyLock<[Executor; 4]> = LazyLock::new(|| [1, 2, 3, 4].map(Executor::new));

/// Takes options from the front of the data; zeros when there is none left.
struct Bytes<'d>(&'d [u8]);

impl Bytes<'_> {
    fn byte(&mut self) -> u8 {
        let Some((&first, rest)) = self.0.split_first() else {
            return 0;
        };
        self.0 = rest;
        first
    }

    fn array<const N: usize>(&mut self) -> [u8; N] {
        std::array::from_fn(|_| self.byte())
    }
}

/// A stream of so many bytes at a time.
struct Trickle(Cursor<Vec<u8>>, usize);

impl Read for Trickle {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let room = buffer.len().min(self.1);
        self.0.read(&mut buffer[..room])
    }
}

/// What a search on so many threads prints, and what came of it.
fn searched(
    patterns: &Patterns,
    options: &SearchOptions,
    source: &Source,
    threads: usize,
    print: &PrintOptions,
) -> (Vec<u8>, Outcome) {
    let mut out = Vec::new();
    let mut run = Run {
        executor: &EXECUTORS[threads - 1],
        out: &mut out,
        stop: &Stop::new(),
        progress: &Silent,
        written: false,
    };
    let outcome = Search::new(patterns.clone(), options.clone())
        .run(&mut run, source, print)
        .expect("a vector takes everything");
    (out, outcome)
}
