//! One chunk in memory, on one thread: what a worker does with it.

mod definitions;

use std::{hint::black_box, time::Duration};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use grep_matcher::Matcher as _;
use swathe::line::{Lines, count_terminators, line_end};
use swathe::pattern::Matcher as RegexMatcher;

use definitions::{DEFINITIONS, haystack};

/// Lines of one copy of the sample.
const SAMPLE_LINES: u64 = 1325;
/// Copies of the sample that make about a default chunk (400 KB).
const COPIES: u64 = 2;

/// Lines with a match, the way a count finds them: from each match on to the
/// end of its line.
fn matching_lines(matcher: &RegexMatcher, chunk: &[u8]) -> u64 {
    let (mut at, mut lines) = (0, 0);
    while at < chunk.len() {
        // grep-regex's error type has no values.
        let Ok(Some(found)) = matcher.find_at(chunk, at) else {
            break;
        };
        lines += 1;
        at = line_end(chunk, found.end(), b'\n');
    }
    lines
}

fn newlines(c: &mut Criterion) {
    let chunk = haystack(COPIES);
    let mut group = c.benchmark_group("newlines");
    group.throughput(Throughput::Bytes(chunk.len() as u64));
    assert_eq!(count_terminators(&chunk, b'\n'), SAMPLE_LINES * COPIES);
    group.bench_function("count_terminators", |b| {
        b.iter(|| count_terminators(black_box(&chunk), b'\n'));
    });
    assert_eq!(
        Lines::new(&chunk, b'\n').count() as u64,
        SAMPLE_LINES * COPIES
    );
    group.bench_function("iterate", |b| {
        b.iter(|| {
            Lines::new(black_box(&chunk), b'\n')
                .map(|line| line.end)
                .max()
        });
    });
    group.finish();
}

fn patterns(c: &mut Criterion) {
    let chunk = haystack(COPIES);
    let mut group = c.benchmark_group("patterns");
    group.throughput(Throughput::Bytes(chunk.len() as u64));
    for definition in DEFINITIONS {
        let matcher = definition.compile().matcher();
        definition.check(matching_lines(&matcher, &chunk), COPIES);
        group.bench_function(definition.name, |b| {
            b.iter(|| matching_lines(&matcher, black_box(&chunk)));
        });
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().measurement_time(Duration::from_secs(3));
    targets = newlines, patterns
}
criterion_main!(benches);
