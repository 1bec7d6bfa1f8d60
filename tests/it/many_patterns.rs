//! Many patterns in one pass, each as if it ran alone: against the naive
//! reference, which runs them one by one.

use proptest::{collection::vec, prelude::*, sample::select};
use serde_json::Value;
use swathe::{
    exec::{Executor, Stop},
    fold::{Fold, FoldOptions},
    pattern::{Boundary, Case, PatternOptions},
    progress::Silent,
    report::CountBody,
    source::Source,
    statistic::{Count, CountPattern, Statistic},
};

use crate::naive;

fn check(bytes: &[u8], patterns: &[&str], options: &PatternOptions) {
    let named = |pattern: &&str| CountPattern {
        name: None,
        pattern: (*pattern).to_string(),
    };
    let count = Count::new(patterns.iter().map(named).collect(), options).unwrap();
    let want = naive::count(bytes, naive::is_crlf(bytes), patterns, options);
    for (chunk_size, threads) in [(1, 1), (64, 3), (0, 1)] {
        let executor = Executor::new(threads);
        let fold = Fold {
            executor: &executor,
            stop: &Stop::new(),
            progress: &Silent,
            options: FoldOptions {
                chunk_size,
                ..FoldOptions::default()
            },
        };
        let folded = fold.run(&count, &Source::from_bytes("x", bytes)).unwrap();
        let body = CountBody::new(count.finish(folded.part.partial), &["x"]);
        let mut got = serde_json::to_value(body).unwrap();
        without_paths(&mut got);
        assert_eq!(
            got,
            want,
            "chunk size {chunk_size}, {patterns:?}, {options:?}: {:?}",
            String::from_utf8_lossy(&bytes[..bytes.len().min(2000)])
        );
    }
}

fn without_paths(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.remove("path");
            map.values_mut().for_each(without_paths);
        }
        Value::Array(all) => all.iter_mut().for_each(without_paths),
        _ => {}
    }
}

fn any_options() -> impl Strategy<Value = PatternOptions> {
    let case = select(vec![Case::Sensitive, Case::Insensitive, Case::Smart]);
    let boundary = select(vec![None, None, Some(Boundary::Word), Some(Boundary::Line)]);
    (case, boundary, any::<bool>(), prop::bool::weighted(0.9)).prop_map(
        |(case, boundary, fixed_strings, unicode)| PatternOptions {
            fixed_strings,
            case,
            boundary,
            unicode,
            ..PatternOptions::default()
        },
    )
}

/// Literals that overlap, contain and repeat each other.
fn literals() -> impl Strategy<Value = Vec<String>> {
    let piece = select(vec!["a", "b", "ab", "aba", "k", "S", "task", " ", "ä", "1"]);
    let literal = vec(piece, 1..7).prop_map(|pieces| pieces.concat());
    vec(literal, 1..40)
}

fn text() -> impl Strategy<Value = Vec<u8>> {
    let piece = select(vec![
        &b"a"[..],
        b"b",
        b"ab",
        b"aba",
        b"ABA",
        b"k",
        b"K",
        b"s",
        b"task",
        b"TASK",
        b" ",
        b"1",
        b"\n",
        b"\n",
        b"\r\n",
        b"\xff",
        b"\xc3",
        "ä".as_bytes(),
        "Ä".as_bytes(),
        "\u{17f}".as_bytes(),
        "\u{212a}".as_bytes(),
    ]);
    vec(piece, 0..150).prop_map(|pieces| pieces.concat())
}

const REGEXES: [&str; 20] = [
    "aba+b",
    "task[12]",
    r"\d+ab",
    "(ab|ba)k",
    "a.*task",
    r"\btask\b",
    "^ab",
    "ab$",
    "(?i)task",
    "(?i:K)ab",
    r"ab\s*$",
    r"\Aab",
    r"ab\z",
    "a?b?",
    "",
    "ä|Ä",
    "(?-u:\\xff)ab",
    "ab|1 1",
    "task task",
    "[ab]{3,}",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn literals_are_counted_as_if_alone(
        text in text(),
        patterns in literals(),
        options in any_options(),
    ) {
        let patterns: Vec<&str> = patterns.iter().map(String::as_str).collect();
        check(&text, &patterns, &options);
    }

    #[test]
    fn regexes_are_counted_as_if_alone(
        text in text(),
        patterns in vec(select(&REGEXES[..]), 1..20),
        options in any_options(),
    ) {
        let options = PatternOptions { fixed_strings: false, unicode: true, ..options };
        check(&text, &patterns, &options);
    }
}

/// A text in which words recur, so that windows, blocks and tables of every
/// size come into play.
#[test]
fn thousands_of_literals_in_a_long_text() {
    let word = |i: u32| format!("w{:x}z", i.wrapping_mul(2_654_435_761) >> 12);
    let line = |i: u32| {
        let (a, b, c) = (word(i % 700), word(i % 911), word(i % 5000));
        format!("{i} {a}{b} user={c} ERROR=done\n")
    };
    let text: String = (0..6000).map(line).collect();
    for count in [5, 60, 400, 3000] {
        let words: Vec<String> = (0..count).map(word).collect();
        let patterns: Vec<&str> = words.iter().map(String::as_str).collect();
        for case in [Case::Sensitive, Case::Insensitive] {
            // The reference is slow: it need not see all for the largest.
            let len = if count > 1000 { 40_000 } else { text.len() };
            let options = PatternOptions {
                fixed_strings: true,
                case,
                ..PatternOptions::default()
            };
            check_long(&text.as_bytes()[..len], &patterns, &options);
        }
    }
}

fn check_long(bytes: &[u8], patterns: &[&str], options: &PatternOptions) {
    let named = |pattern: &&str| CountPattern {
        name: None,
        pattern: (*pattern).to_string(),
    };
    let count = Count::new(patterns.iter().map(named).collect(), options).unwrap();
    let fold = Fold {
        executor: &Executor::new(3),
        stop: &Stop::new(),
        progress: &Silent,
        options: FoldOptions {
            chunk_size: 50_000,
            ..FoldOptions::default()
        },
    };
    let folded = fold.run(&count, &Source::from_bytes("x", bytes)).unwrap();
    let answer = count.finish(folded.part.partial);
    let lower = |text: &[u8]| match options.case {
        Case::Insensitive => text.to_ascii_lowercase(),
        _ => text.to_vec(),
    };
    let text = lower(bytes);
    let mut total = 0;
    for (pattern, row) in patterns.iter().zip(&answer.patterns) {
        let pattern = lower(pattern.as_bytes());
        let finder = memchr::memmem::Finder::new(&pattern);
        let matches = finder.find_iter(&text).count() as u64;
        let lines = text.split(|&b| b == b'\n');
        let lines = lines.filter(|line| finder.find(line).is_some()).count() as u64;
        let got = row
            .tally
            .map_or((0, 0), |tally| (tally.lines, tally.matches));
        assert_eq!(got, (lines, matches), "{:?}", row.pattern);
        let first = row.tally.map(|tally| tally.first.offset);
        assert_eq!(first, finder.find(&text).map(|at| at as u64));
        total += matches;
    }
    assert_eq!(answer.matches_total, total);
}
