//! A search prints what a loop over the lines would, whatever the chunks, the
//! threads and the way of reading.

#![no_main]

use std::fmt::Write as _;

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use swathe::{
    exec::{Executor, Stop},
    pattern::PatternOptions,
    print::PrintOptions,
    progress::Silent,
    search::{Run, Search, SearchOptions},
    source::Source,
};

#[derive(Arbitrary, Debug)]
struct Input {
    haystack: Vec<u8>,
    needles: Vec<u8>,
    invert: bool,
    before: u8,
    after: u8,
    max_count: Option<u8>,
    chunk_size: u8,
    threads: u8,
    stream: bool,
}

/// Few different bytes, so that needles occur and lines end.
fn narrow(bytes: &[u8]) -> Vec<u8> {
    bytes
        .iter()
        .map(|&b| b"ab\nba\r\0\xff"[usize::from(b % 8)])
        .collect()
}

/// One to three short literals.
fn literals(bytes: &[u8]) -> Vec<String> {
    let short = |part: &[u8]| {
        part.iter()
            .map(|&b| ['a', 'b', '\r'][usize::from(b % 3)])
            .collect()
    };
    let mut found: Vec<String> = bytes.chunks(3).take(3).map(short).collect();
    if found.is_empty() {
        found.push("a".into());
    }
    found
}

/// What `-n` prints: each line that is wanted, with its number, behind `:`
/// if it is selected and `-` if it is context; `--` where lines are left out.
fn naive(haystack: &[u8], literals: &[String], options: &SearchOptions) -> Vec<u8> {
    let lines: Vec<&[u8]> = haystack.split_inclusive(|&b| b == b'\n').collect();
    let has = |line: &[u8], text: &str| line.windows(text.len()).any(|w| w == text.as_bytes());
    let mut left = options.max_count.unwrap_or(u64::MAX);
    let selected: Vec<bool> = lines
        .iter()
        .map(|line| {
            let hit = literals.iter().any(|text| has(line, text)) != options.invert && left > 0;
            left -= u64::from(hit);
            hit
        })
        .collect();
    let mut out = Vec::new();
    let mut last = None;
    for (i, line) in lines.iter().enumerate() {
        let from = i.saturating_sub(options.after);
        let to = (i + options.before + 1).min(lines.len());
        if !selected[from..to].contains(&true) {
            continue;
        }
        let context = options.before + options.after > 0;
        if context && last.is_some_and(|last| last + 1 < i) {
            out.extend(b"--\n");
        }
        last = Some(i);
        let mut number = String::new();
        let separator = if selected[i] { ':' } else { '-' };
        write!(number, "{}{separator}", i + 1).expect("a string");
        out.extend(number.bytes());
        out.extend(*line);
        if !line.ends_with(b"\n") {
            out.push(b'\n');
        }
    }
    out
}

fuzz_target!(|input: Input| {
    let haystack = narrow(&input.haystack);
    let literals = literals(&input.needles);
    let mut options = SearchOptions {
        invert: input.invert,
        line_number: true,
        chunk_size: u64::from(input.chunk_size),
        ..SearchOptions::default()
    };
    // Lines behind the last selected one that match as well are a matter of
    // ripgrep's; they are compared with ripgrep elsewhere.
    match input.max_count {
        Some(count) => options.max_count = Some(u64::from(count)),
        None => {
            options.before = usize::from(input.before % 4);
            options.after = usize::from(input.after % 4);
        }
    }
    let want = naive(&haystack, &literals, &options);

    let patterns = PatternOptions {
        fixed_strings: true,
        ..PatternOptions::default()
    };
    let patterns = patterns
        .compile(&literals)
        .expect("literals without a line end");
    let source = if input.stream {
        Source::from_reader("input", std::io::Cursor::new(haystack))
    } else {
        Source::from_bytes("input", haystack)
    };
    let mut got = Vec::new();
    let mut run = Run {
        executor: &Executor::new(usize::from(input.threads % 4) + 1),
        out: &mut got,
        stop: &Stop::new(),
        progress: &Silent,
        written: false,
    };
    let outcome = Search::new(patterns, options)
        .run(&mut run, &source, &PrintOptions::default())
        .expect("a vector takes everything");
    assert!(outcome.failure.is_none(), "{:?}", outcome.failure);
    assert_eq!(outcome.matched, want.contains(&b':'));
    assert_eq!(
        got.escape_ascii().to_string(),
        want.escape_ascii().to_string()
    );
});
