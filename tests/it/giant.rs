//! Lines of a stream that are too long to be held in memory: the same is printed
//! and counted as from memory, whatever is asked for.

use std::io::{self, Cursor, Read};

use swathe::{
    exec::{Executor, Stop},
    pattern::{PatternOptions, Patterns},
    print::PrintOptions,
    progress::Silent,
    search::{Mode, Nul, Run, Search, SearchOptions},
    source::{Encoding, Source, SourceOptions, SpillOptions},
};

use crate::parity::Random;

/// As many bytes at a time as a pipe brings, or fewer.
struct Trickle(Cursor<Vec<u8>>, usize);

impl Read for Trickle {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let room = buffer.len().min(self.1);
        self.0.read(&mut buffer[..room])
    }
}

/// Lines of up to some 100 KB, with words in them, and NUL bytes in some texts.
fn text(random: &mut Random) -> Vec<u8> {
    let mut text = Vec::new();
    let nul = random.one_in(2);
    for _ in 0..=random.below(8) {
        let long = random.one_in(2);
        for _ in 0..random.below(if long { 300 } else { 4 }) {
            text.extend_from_slice(random.pick::<&[u8]>(&[b"foo ", b"bar", b"\xff", b"k\r"]));
            text.extend(vec![b'z'; random.below(700) as usize]);
            if nul && random.one_in(400) {
                text.push(0);
            }
        }
        text.push(b'\n');
    }
    if random.one_in(2) {
        text.pop();
    }
    text
}

fn run(patterns: &Patterns, options: &SearchOptions, source: &Source, threads: usize) -> String {
    let mut out = Vec::new();
    let mut run = Run {
        executor: &Executor::new(threads),
        out: &mut out,
        stop: &Stop::new(),
        progress: &Silent,
        written: false,
    };
    let outcome = Search::new(patterns.clone(), options.clone())
        .run(&mut run, source, &PrintOptions::default())
        .unwrap();
    let (matched, failure) = (outcome.matched, outcome.failure);
    format!("{matched} {failure:?} {}", out.escape_ascii())
}

#[test]
fn a_search_of_long_lines_prints_the_same() {
    let mut random = Random(28);
    for number in 0..300 {
        let text = text(&mut random);
        let patterns = PatternOptions::default();
        let pattern = *random.pick(&["foo", "z{600}", "bar.*foo", "^k", "foo$", "nowhere"]);
        let patterns = patterns.compile(&[pattern]).unwrap();
        let context = random.below(3) as usize;
        let options = SearchOptions {
            mode: *random.pick(&[
                Mode::Standard,
                Mode::Standard,
                Mode::Count,
                Mode::CountMatches,
            ]),
            before: context,
            after: context,
            invert: random.one_in(4),
            line_number: random.one_in(2),
            max_count: random.one_in(4).then_some(2),
            nul: *random.pick(&[Nul::Text, Nul::Streamed, Nul::Leave]),
            chunk_size: *random.pick(&[1, 4096, 0]),
            ..SearchOptions::default()
        };
        let bytes = Source::from_bytes("x", text.clone());
        let want = run(&patterns, &options, &bytes, 1);
        for (step, above) in [(64 << 10, 1000), (64 << 10, 100_000), (5000, 0)] {
            let how = SourceOptions {
                encoding: Encoding::Raw,
                spill: Some(SpillOptions {
                    directory: std::env::temp_dir(),
                    above,
                }),
                ..SourceOptions::default()
            };
            let reader = Trickle(Cursor::new(text.clone()), step);
            let source = Source::from_reader_with("x", reader, &how);
            let got = run(&patterns, &options, &source, 1 + number % 3);
            assert!(
                got == want,
                "case {number}, {step} at a time, above {above}, {pattern:?} {options:?}\n\
                 {} bytes\n{}\n{}",
                text.len(),
                &want[..want.len().min(200)],
                &got[..got.len().min(200)]
            );
        }
    }
}
