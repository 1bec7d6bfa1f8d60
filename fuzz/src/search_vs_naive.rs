//! A search prints what a loop over the lines would, whatever the chunks, the
//! threads and the way of reading.

use std::{fmt::Write as _, io::Cursor};

use swathe::{
    pattern::PatternOptions,
    print::PrintOptions,
    search::{Nul, SearchOptions},
    source::{Encoding, Source, SourceOptions, SpillOptions},
};

use super::{Bytes, Trickle, searched};

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

/// In memory, or as a stream whose long lines go to a temporary file.
fn source(kind: u8, haystack: Vec<u8>) -> Source {
    if kind.is_multiple_of(2) {
        return Source::from_bytes("input", haystack);
    }
    let options = SourceOptions {
        encoding: Encoding::Raw,
        spill: Some(SpillOptions {
            directory: std::env::temp_dir(),
            above: u64::from(kind % 16),
        }),
        ..SourceOptions::default()
    };
    let reader = Trickle(Cursor::new(haystack), usize::from(kind));
    Source::from_reader_with("input", reader, &options)
}

/// Checks it for a text and options made of these bytes.
pub(crate) fn run(data: &[u8]) {
    let mut data = Bytes(data);
    let [flags, context, count, chunk_size, threads, kind] = data.array();
    let literals = literals(&data.array::<9>()[..usize::from(flags >> 4) % 10]);
    let haystack = narrow(data.0);
    let mut options = SearchOptions {
        invert: flags & 1 != 0,
        line_number: true,
        chunk_size: u64::from(chunk_size),
        // What a NUL byte does is compared with ripgrep elsewhere.
        nul: Nul::Text,
        ..SearchOptions::default()
    };
    // Lines behind the last selected one that match as well are a matter of
    // ripgrep's; they are compared with ripgrep elsewhere.
    if flags & 2 != 0 {
        options.max_count = Some(u64::from(count));
    } else {
        options.before = usize::from(context % 4);
        options.after = usize::from(context / 4 % 4);
    }
    let want = naive(&haystack, &literals, &options);

    let patterns = PatternOptions {
        fixed_strings: true,
        ..PatternOptions::default()
    };
    let patterns = patterns
        .compile(&literals)
        .expect("literals without a line end");
    let source = source(kind, haystack);
    let threads = usize::from(threads % 4) + 1;
    let print = PrintOptions::default();
    let (got, outcome) = searched(&patterns, &options, &source, threads, &print);
    assert!(outcome.failure.is_none(), "{:?}", outcome.failure);
    assert_eq!(outcome.matched, want.contains(&b':'));
    assert_eq!(
        got.escape_ascii().to_string(),
        want.escape_ascii().to_string()
    );
}
