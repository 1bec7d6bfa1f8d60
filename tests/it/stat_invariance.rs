//! The answer of a statistic is one answer: the naive reference's, whatever
//! the size of chunks, the number of threads and the kind of source.

use std::{
    io::{self, Read},
    sync::LazyLock,
};

use proptest::prelude::*;
use serde_json::Value;
use swathe::{
    exec::{Executor, Stop},
    fold::{Fold, FoldOptions},
    pattern::{Boundary, Case, PatternOptions},
    progress::Silent,
    report::{CountBody, Report, StatsRow},
    source::{Encoding, MapPolicy, Source, SourceOptions, SpillOptions},
    statistic::{Count, CountPattern, LineEnding, Statistic, Text},
};

use crate::{naive, nasty};

static EXECUTORS: LazyLock<Vec<Executor>> =
    LazyLock::new(|| [1, 2, 3, 8].map(Executor::new).into());

pub(crate) const SIZES: [u64; 4] = [1, 7, 64, 0];

const PATTERNS: [&str; 12] = [
    "foo",
    "o",
    "foo|bar",
    "^",
    "$",
    "o*",
    r"\bfoo\b",
    "[a-z]+",
    r"\w+o\s*$",
    r"\Afoo",
    "",
    r"\s",
];

/// Gives a few bytes at a time, never as many as were asked for.
struct Trickle(Vec<u8>, usize, usize);

impl Read for Trickle {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let len = (self.0.len() - self.1).min(buffer.len()).min(self.2);
        buffer[..len].copy_from_slice(&self.0[self.1..self.1 + len]);
        self.1 += len;
        Ok(len)
    }
}

/// The same bytes in memory, in a file, in a map and as a stream.
fn sources(bytes: &[u8]) -> Vec<Source> {
    let path = std::env::temp_dir().join(format!(
        "swathe-invariance-{}-{:?}",
        std::process::id(),
        std::thread::current().id()
    ));
    std::fs::write(&path, bytes).unwrap();
    let open = |map| {
        let options = SourceOptions {
            map,
            ..SourceOptions::default()
        };
        Source::open(&path, &options).unwrap()
    };
    // Lines that are longer than this go to a temporary file.
    let spilling = SourceOptions {
        encoding: Encoding::Raw,
        spill: Some(SpillOptions {
            directory: std::env::temp_dir(),
            above: 40,
        }),
        ..SourceOptions::default()
    };
    let sources = vec![
        Source::from_bytes("x", bytes),
        open(MapPolicy::Never),
        open(MapPolicy::Guarded),
        Source::from_reader("x", Trickle(bytes.to_vec(), 0, 8191)),
        Source::from_reader_with("x", Trickle(bytes.to_vec(), 0, 61), &spilling),
    ];
    std::fs::remove_file(&path).unwrap();
    sources
}

/// The one answer of all ways to run the statistic, as JSON.
pub(crate) fn one_answer<S: Statistic>(
    statistic: &S,
    bytes: &[u8],
    sizes: &[u64],
    json: impl Fn(S::Output) -> String,
) -> String {
    one_answer_with(&FoldOptions::default(), statistic, bytes, sizes, json)
}

/// The same where sources are read in some other way than the usual.
pub(crate) fn one_answer_with<S: Statistic>(
    options: &FoldOptions,
    statistic: &S,
    bytes: &[u8],
    sizes: &[u64],
    json: impl Fn(S::Output) -> String,
) -> String {
    let mut answer = None;
    for &chunk_size in sizes {
        for executor in &*EXECUTORS {
            for (kind, source) in sources(bytes).iter().enumerate() {
                let fold = Fold {
                    executor,
                    stop: &Stop::new(),
                    progress: &Silent,
                    options: FoldOptions {
                        chunk_size,
                        ..options.clone()
                    },
                };
                let folded = fold.run(statistic, source).unwrap();
                assert!(folded.ending.is_complete());
                let got = json(statistic.finish(folded.part.partial));
                let threads = executor.threads();
                let want = answer.get_or_insert_with(|| got.clone());
                assert!(
                    *want == got,
                    "chunk size {chunk_size}, {threads} threads, source {kind}:\n{want}{got}"
                );
            }
        }
    }
    answer.unwrap()
}

fn remove(value: &mut Value, keys: &[&str]) {
    match value {
        Value::Object(map) => {
            map.retain(|key, _| !keys.contains(&key.as_str()));
            map.values_mut().for_each(|value| remove(value, keys));
        }
        Value::Array(all) => all.iter_mut().for_each(|value| remove(value, keys)),
        _ => {}
    }
}

fn check_stats(bytes: &[u8], sizes: &[u64]) {
    let json = |answer| {
        let row = StatsRow::new(answer, None, &["x"]);
        Report::new("stats", vec![], row).to_json()
    };
    let got = one_answer(&Text::default(), bytes, sizes, json);
    let mut got: Value = serde_json::from_str(&got).unwrap();
    let envelope = ["schema", "command", "complete", "errors", "skipped"];
    remove(
        &mut got,
        &[&envelope[..], &["path", "bytes_on_disk"]].concat(),
    );
    // Through text as well: reading a float may round it.
    let want = naive::stats(bytes, naive::is_crlf(bytes), 5).to_string();
    let want: Value = serde_json::from_str(&want).unwrap();
    assert_eq!(
        got,
        want,
        "{:?}",
        String::from_utf8_lossy(&bytes[..bytes.len().min(2000)])
    );
}

fn check_count(bytes: &[u8], sizes: &[u64], patterns: &[&str], options: &PatternOptions) {
    let named = |pattern: &&str| CountPattern {
        name: None,
        pattern: (*pattern).to_string(),
    };
    let count = Count::new(patterns.iter().map(named).collect(), options).unwrap();
    let json = |answer| serde_json::to_string(&CountBody::new(answer, &["x"])).unwrap();
    let got = one_answer(&count, bytes, sizes, json);
    let mut got: Value = serde_json::from_str(&got).unwrap();
    remove(&mut got, &["path"]);
    let want = naive::count(bytes, naive::is_crlf(bytes), patterns, options);
    assert_eq!(
        got,
        want,
        "{:?}",
        String::from_utf8_lossy(&bytes[..bytes.len().min(2000)])
    );
}

#[test]
fn stats_of_hand_picked_inputs() {
    for bytes in nasty::hand_picked() {
        // A chunk a line is slow where there are many lines.
        let sizes = if bytes.len() > 10_000 {
            &[64, 0][..]
        } else {
            &SIZES
        };
        check_stats(&bytes, sizes);
    }
}

#[test]
fn count_of_hand_picked_inputs() {
    for bytes in nasty::hand_picked() {
        if bytes.len() > 10_000 {
            check_count(
                &bytes,
                &[4096, 0],
                &["foo", "o", "bar|y$"],
                &PatternOptions::default(),
            );
        } else {
            check_count(&bytes, &SIZES, &PATTERNS, &PatternOptions::default());
        }
    }
}

#[test]
fn count_reads_patterns_as_the_options_say() {
    let options = PatternOptions::default();
    let text = "Foo foo\nfoo.bar\nfoo\nfoobar f.o\nÄffo äffo\r\nfoo\r\n";
    for options in [
        PatternOptions {
            case: Case::Insensitive,
            ..options.clone()
        },
        PatternOptions {
            case: Case::Smart,
            ..options.clone()
        },
        PatternOptions {
            boundary: Some(Boundary::Word),
            ..options.clone()
        },
        PatternOptions {
            boundary: Some(Boundary::Line),
            ..options.clone()
        },
        PatternOptions {
            fixed_strings: true,
            ..options.clone()
        },
        PatternOptions {
            fixed_strings: true,
            case: Case::Smart,
            ..options.clone()
        },
    ] {
        let patterns = ["foo", "Foo", "f.o", "äffo", "foo", "o", "bar"];
        check_count(text.as_bytes(), &SIZES, &patterns, &options);
        check_count(
            text.replace('\n', "\r\n").as_bytes(),
            &SIZES,
            &patterns,
            &options,
        );
    }
}

#[test]
fn the_caller_may_decide_how_lines_end() {
    let source = Source::from_bytes("x", &b"a\r\nbb\r\n"[..]);
    for (line_ending, max) in [(LineEnding::Lf, 3), (LineEnding::Crlf, 2)] {
        let fold = Fold {
            executor: &EXECUTORS[0],
            stop: &Stop::new(),
            progress: &Silent,
            options: FoldOptions {
                line_ending: Some(line_ending),
                ..FoldOptions::default()
            },
        };
        let folded = fold.run(&Text::default(), &source).unwrap();
        let answer = Text::default().finish(folded.part.partial);
        assert_eq!(answer.line_length.max, Some(max));
        assert_eq!(answer.line_ending, "crlf");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn stats_of_random_inputs(bytes in nasty::small()) {
        check_stats(&bytes, &SIZES);
    }

    #[test]
    fn count_of_random_inputs(bytes in nasty::small()) {
        check_count(&bytes, &[1, 64, 0], &PATTERNS, &PatternOptions::default());
    }
}
