use std::{
    collections::BTreeMap,
    io::{self, Cursor, Read},
};

use super::*;
use crate::{
    progress::Silent,
    statistic::{Scan, Text, Wc},
};

fn fold<R>(threads: usize, options: FoldOptions, run: impl FnOnce(&Fold<'_>) -> R) -> R {
    run(&Fold {
        executor: &Executor::new(threads),
        stop: &Stop::new(),
        progress: &Silent,
        options,
    })
}

fn text() -> Vec<u8> {
    let line = |i: usize| format!("{}\r\n", "x".repeat(i * 31 % 97)).into_bytes();
    (0..3000).flat_map(line).collect()
}

const ALL: Wc = Wc {
    newlines: true,
    words: true,
    chars: true,
    width: true,
};

#[test]
fn what_was_read_before_a_failure_stands() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("the cable came off"))
        }
    }
    for threads in [1, 3] {
        let reader = Cursor::new(b"one two\nthree".repeat(1000)).chain(Broken);
        let source = Source::from_reader("pipe", reader);
        let options = FoldOptions {
            chunk_size: 64,
            ..FoldOptions::default()
        };
        let folded = fold(threads, options, |fold| fold.run(&ALL, &source)).unwrap();
        let Ending::Failed(error) = folded.ending else {
            panic!("a failure is no end");
        };
        assert_eq!(error.to_string(), "the cable came off");
        let counts = folded.part.partial;
        assert!(counts.bytes <= 13_000 && counts.newlines <= 1000);
        assert_eq!(counts.bytes, folded.part.bytes);
    }
}

#[test]
fn a_stopped_run_says_so() {
    let source = Source::from_bytes("x", text());
    let stop = Stop::new();
    stop.set();
    let fold = Fold {
        executor: &Executor::new(2),
        stop: &stop,
        progress: &Silent,
        options: FoldOptions::default(),
    };
    let folded = fold.run(&ALL, &source).unwrap();
    assert!(matches!(folded.ending, Ending::Stopped));
    assert_eq!(folded.part.partial.bytes, 0);
}

#[test]
fn the_head_is_the_same_whatever_the_chunks_and_the_source() {
    let text = text();
    for chunk_size in [1, 64, 1 << 20] {
        let options = FoldOptions {
            chunk_size,
            ..FoldOptions::default()
        };
        for source in [
            Source::from_bytes("slice", text.clone()),
            Source::from_reader("stream", Cursor::new(text.clone())),
        ] {
            let run = |fold: &Fold<'_>| fold.run(&Text::default(), &source).unwrap();
            let folded = fold(2, options.clone(), run);
            assert_eq!(folded.head.line_ending, LineEnding::Crlf);
            assert!(folded.ending.is_complete());
            assert_eq!(folded.part.bytes, text.len() as u64);
            assert_eq!(folded.part.newlines, 3000);
        }
    }
}

#[test]
fn parts_of_a_source_scanned_elsewhere_give_the_whole() {
    let text = text();
    let source = Source::from_bytes("x", text.clone());
    let statistic = Text::default();
    let whole = fold(1, FoldOptions::default(), |fold| {
        fold.run(&statistic, &source)
    })
    .unwrap();
    let head = whole.head.clone();
    for cuts in [vec![], vec![1], vec![5000, 5001, 60_000]] {
        let borders = [vec![0], cuts, vec![text.len() as u64]].concat();
        let mut all = Part::empty(&statistic);
        for border in borders.windows(2) {
            let options = FoldOptions {
                range: Some(border[0]..border[1]),
                head: Some(head.clone()),
                chunk_size: 1000,
                ..FoldOptions::default()
            };
            let folded = fold(2, options, |fold| fold.run(&statistic, &source)).unwrap();
            let sent = serde_json::to_vec(&folded.part).unwrap();
            all.append(&statistic, serde_json::from_slice(&sent).unwrap());
        }
        assert_eq!(all, whole.part);
    }
}

/// The length that half of the lines do not exceed, in two passes: how many
/// lines have a length of each power of two, then those of one power.
#[derive(Debug)]
struct MedianLength {
    /// The power of two to look at, and the rank in it.
    second: Option<(u32, u64)>,
}

impl Statistic for MedianLength {
    type Partial = BTreeMap<u64, u64>;
    type Output = Option<u64>;
    type Worker = ();

    fn worker(&self, _head: &Head) {}

    fn identity(&self) -> BTreeMap<u64, u64> {
        BTreeMap::new()
    }

    fn scan(&self, (): &mut (), scan: &Scan<'_>, counts: &mut BTreeMap<u64, u64>) {
        for line in scan.bytes().split_inclusive(|&b| b == b'\n') {
            let (length, power) = (line.len() as u64, line.len().ilog2());
            match self.second {
                None => *counts.entry(u64::from(power)).or_default() += 1,
                Some((wanted, _)) if wanted == power => *counts.entry(length).or_default() += 1,
                Some(_) => {}
            }
        }
    }

    fn merge(&self, earlier: &mut BTreeMap<u64, u64>, later: BTreeMap<u64, u64>) {
        for (key, count) in later {
            *earlier.entry(key).or_default() += count;
        }
    }

    fn finish(&self, merged: BTreeMap<u64, u64>) -> Option<u64> {
        rank(&merged, self.second?.1).map(|(length, _)| length)
    }

    fn next_pass(&self, merged: BTreeMap<u64, u64>) -> Pass<MedianLength> {
        let lines: u64 = merged.values().sum();
        match (self.second, rank(&merged, lines.div_ceil(2))) {
            (None, Some((power, within))) => Pass::Again(MedianLength {
                second: Some((power as u32, within)),
            }),
            _ => Pass::Done(merged),
        }
    }
}

/// The key that holds this rank, and the rank within the key.
fn rank(counts: &BTreeMap<u64, u64>, rank: u64) -> Option<(u64, u64)> {
    let mut left = rank;
    for (&key, &count) in counts {
        if left <= count {
            return Some((key, left));
        }
        left -= count;
    }
    None
}

#[test]
fn a_second_pass_knows_what_the_first_found() {
    let text = text();
    let mut lengths: Vec<_> = text
        .split_inclusive(|&b| b == b'\n')
        .map(<[u8]>::len)
        .collect();
    lengths.sort_unstable();
    let want = lengths[lengths.len().div_ceil(2) - 1] as u64;
    for chunk_size in [1, 1000, 0] {
        let options = FoldOptions {
            chunk_size,
            ..FoldOptions::default()
        };
        let source = Source::from_bytes("x", text.clone());
        let first = MedianLength { second: None };
        let (got, ending) = fold(2, options, |fold| fold.passes(first, &source)).unwrap();
        assert_eq!(got, Some(want));
        assert!(ending.is_complete());
    }
    let stream = Source::from_reader("x", Cursor::new(text));
    let first = MedianLength { second: None };
    let options = FoldOptions::default();
    let (got, _) = fold(2, options, |fold| fold.passes(first, &stream)).unwrap();
    assert_eq!(got, None, "a stream is read once");
}
