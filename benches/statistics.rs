//! The whole way of each statistic: a source, its chunks on some threads, and
//! their partials merged and finished.
//!
//! The log is a generated one, whose answers are counted where it is made; they
//! are compared before anything is measured.

use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use swathe::{
    exec::{Executor, Stop},
    fold::{Fold, FoldOptions},
    generate::{Expected, Options, Profile, generate},
    key::{Key, KeyOptions},
    pattern::PatternOptions,
    progress::Silent,
    request::{
        CountRequest, Question, ReportRequest, Request, SectionRequest, TemplatesRequest,
        TopRequest, ValuesRequest,
    },
    select::Selection,
    source::Source,
    statistic::{
        AnyAnswer, CountPattern, NumberUnit, RowLimit, Statistic, Text, Timeline, TimelineOptions,
        TopOptions, ValuesOptions,
    },
};

/// Some sixteen default chunks.
const SIZE: u64 = 8 << 20;
const THREADS: [usize; 2] = [1, 2];

/// A log, and what is true of it.
struct Log {
    source: Source,
    expected: Expected,
}

impl Log {
    fn new() -> Log {
        let mut bytes = Vec::new();
        let options = Options::new(Profile::App, SIZE);
        let made = generate(
            &options,
            &Executor::new(1),
            &Stop::new(),
            &Silent,
            &mut bytes,
        );
        Log {
            source: Source::from_bytes("app.log", bytes),
            expected: made.expect("a log").expect("nobody stops it"),
        }
    }

    /// The answer of a statistic.
    fn ask<S: Statistic>(&self, executor: &Executor, statistic: S) -> S::Output {
        let fold = Fold {
            executor,
            stop: &Stop::new(),
            progress: &Silent,
            options: FoldOptions::default(),
        };
        let (answer, ending) = fold.passes(statistic, &self.source).expect("threads");
        assert!(ending.is_complete(), "{ending:?}");
        answer
    }

    /// Measures a statistic, made anew each time, once its answer is right.
    fn measure<S: Statistic>(
        &self,
        c: &mut Criterion,
        name: &str,
        statistic: impl Fn() -> S,
        check: impl Fn(S::Output, &Expected),
    ) {
        let mut group = c.benchmark_group("statistics");
        group.throughput(Throughput::Bytes(SIZE));
        for threads in THREADS {
            let executor = Executor::new(threads);
            check(self.ask(&executor, statistic()), &self.expected);
            group.bench_function(BenchmarkId::new(name, threads), |b| {
                b.iter(|| self.ask(&executor, statistic()));
            });
        }
        group.finish();
    }
}

/// What a regex captures.
fn captures(regex: &str) -> (Key, KeyOptions) {
    let keys = KeyOptions {
        pattern: Some(regex.to_string()),
        ..KeyOptions::default()
    };
    (Key::Capture(1), keys)
}

fn made<R: Request>(request: &R) -> R::Statistic {
    request.statistic().expect("a request that makes sense")
}

/// Four literals that occur and are counted, and sixteen that do not.
fn count(c: &mut Criterion, log: &Log) {
    let counted = |expected: &Expected| -> Vec<(&'static str, u64)> {
        let literal = |pattern: &str| {
            let is = |b: u8| b.is_ascii_alphabetic() || b"= ".contains(&b);
            pattern.bytes().all(is)
        };
        let found = expected.patterns.iter();
        let found = found.filter(|found| !found.ignore_case && literal(found.pattern));
        found.map(|found| (found.pattern, found.lines)).collect()
    };
    let known = counted(&log.expected);
    assert_eq!(known.len(), 4, "{known:?}");
    let absent = (0..16).map(|i| format!("absent word {i:02}"));
    let all = known.iter().map(|(pattern, _)| (*pattern).to_string());
    let patterns = all.chain(absent).map(|pattern| CountPattern {
        name: None,
        pattern,
    });
    let request = CountRequest {
        patterns: patterns.collect(),
        options: PatternOptions::default(),
        per_file: false,
        positions: 0,
    };
    log.measure(
        c,
        "count-20-literals",
        || made(&request),
        |answer, expected| {
            let lines = |at: usize| answer.patterns[at].tally.map_or(0, |tally| tally.lines);
            for (at, (pattern, wanted)) in counted(expected).into_iter().enumerate() {
                assert_eq!(lines(at), wanted, "{pattern}");
            }
            assert!((4..20).all(|at| lines(at) == 0), "{answer:?}");
        },
    );
}

fn stats(c: &mut Criterion, log: &Log) {
    log.measure(
        c,
        "stats",
        || Text { longest: 10 },
        |answer, expected| {
            assert_eq!(answer.lines, expected.lines);
            assert_eq!(answer.words, expected.words);
            assert_eq!(answer.chars, expected.chars);
        },
    );
}

fn top(c: &mut Criterion, log: &Log) {
    let (key, keys) = captures(log.expected.top.regex);
    let request = TopRequest {
        by: vec![key],
        distinct: None,
        sum: None,
        keys,
        options: TopOptions::default(),
        exact: false,
    };
    log.measure(
        c,
        "top-capture",
        || made(&request),
        |answer, expected| {
            assert_eq!(answer.matched, expected.top.matched);
            assert_eq!(answer.distinct, expected.top.distinct);
            assert_eq!(answer.other, expected.top.other);
        },
    );
}

fn values(c: &mut Criterion, log: &Log) {
    let (of, keys) = captures(log.expected.values.regex);
    let request = ValuesRequest {
        of,
        by: Vec::new(),
        keys,
        options: ValuesOptions {
            unit: NumberUnit::None,
            ..ValuesOptions::default()
        },
    };
    log.measure(
        c,
        "values-capture",
        || made(&request),
        |answer, expected| {
            let numbers = &answer.groups[0].numbers;
            assert_eq!(numbers.count, expected.values.count);
            assert_eq!(numbers.max, expected.values.max);
            assert_eq!(numbers.percentiles[0], expected.values.p50);
        },
    );
}

fn timeline(c: &mut Criterion, log: &Log) {
    let options = TimelineOptions {
        bucket: Some(log.expected.timeline.bucket_seconds),
        ..TimelineOptions::default()
    };
    log.measure(
        c,
        "timeline",
        || Timeline::new(options.clone()).expect("no pattern that could be wrong"),
        |answer, expected| {
            let found = answer.buckets.iter().map(|bucket| bucket.tally.lines);
            let wanted = expected.timeline.buckets.iter();
            let wanted: Vec<u64> = wanted.map(|bucket| bucket.lines).collect();
            assert_eq!(found.collect::<Vec<_>>(), wanted);
        },
    );
}

fn templates(c: &mut Criterion, log: &Log) {
    let request = TemplatesRequest {
        limit: RowLimit::ALL,
        max: 10_000,
    };
    log.measure(
        c,
        "templates",
        || made(&request),
        |answer, expected| {
            // The generator knows no templates, but each line has one.
            assert_eq!(answer.records, expected.lines);
            let counted: u64 = answer.templates.iter().map(|one| one.count).sum();
            assert_eq!(counted, expected.lines);
        },
    );
}

/// Two questions that each ask for the header of every line.
fn report(c: &mut Criterion, log: &Log) {
    let section = |question: Question| SectionRequest {
        title: String::new(),
        select: Selection::default(),
        question,
    };
    let templates = TemplatesRequest {
        limit: RowLimit::ALL,
        max: 10_000,
    };
    let request = ReportRequest {
        title: String::new(),
        sections: vec![
            section(Question::Levels),
            section(Question::Templates(templates)),
        ],
    };
    log.measure(
        c,
        "report-levels-templates",
        || made(&request),
        |answers, expected| {
            let [_, AnyAnswer::Templates(templates)] = &answers[..] else {
                panic!("{answers:?}")
            };
            assert_eq!(templates.records, expected.lines);
        },
    );
}

fn all(c: &mut Criterion) {
    let log = Log::new();
    for one in [count, stats, top, values, timeline, templates, report] {
        one(c, &log);
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default().measurement_time(Duration::from_secs(3)).sample_size(10);
    targets = all
}
criterion_main!(benches);
