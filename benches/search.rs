//! The whole way of a search: a source, its chunks on some threads, and the
//! output in order. The output is kept, since discarding it would be cheating.

mod definitions;

use std::{io::Write as _, path::Path, time::Duration};

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use swathe::{
    exec::{Executor, Stop},
    print::PrintOptions,
    progress::Silent,
    search::{Mode, Run, Search, SearchOptions},
    source::{MapPolicy, Source, SourceOptions},
};

use definitions::{DEFINITIONS, Definition, haystack};

/// Copies of the sample: 16 MB, some thirty default chunks.
const COPIES: u64 = 80;
const THREADS: [usize; 2] = [1, 2];

/// Searches a source and leaves what it printed in `out`.
fn search(search: &Search, executor: &Executor, source: &Source, out: &mut Vec<u8>) {
    out.clear();
    let mut run = Run {
        executor,
        out,
        stop: &Stop::new(),
        progress: &Silent,
        written: false,
    };
    let outcome = search
        .run(&mut run, source, &PrintOptions::default())
        .expect("a vector takes everything");
    assert!(outcome.failure.is_none(), "{:?}", outcome.failure);
}

fn options(mode: Mode) -> SearchOptions {
    SearchOptions {
        mode,
        line_number: mode == Mode::Standard,
        ..SearchOptions::default()
    }
}

/// How many lines the output speaks of.
fn lines(mode: Mode, out: &[u8]) -> u64 {
    let text = String::from_utf8_lossy(out);
    match mode {
        // A count of zero is not printed.
        Mode::Count if text.is_empty() => 0,
        Mode::Count => text.trim().parse().expect("a number"),
        _ => text.lines().count() as u64,
    }
}

fn measure(c: &mut Criterion, group: &str, mode: Mode, definitions: &[Definition]) {
    let source = Source::from_bytes("app.log", haystack(COPIES));
    let mut group = c.benchmark_group(group);
    group.throughput(Throughput::Bytes(source.len().unwrap_or_default()));
    for definition in definitions {
        let compiled = Search::new(definition.compile(), options(mode));
        for threads in THREADS {
            let executor = Executor::new(threads);
            let mut out = Vec::new();
            search(&compiled, &executor, &source, &mut out);
            definition.check(lines(mode, &out), COPIES);
            group.bench_function(BenchmarkId::new(definition.name, threads), |b| {
                b.iter(|| search(&compiled, &executor, &source, &mut out));
            });
        }
    }
    group.finish();
}

fn count(c: &mut Criterion) {
    measure(c, "count", Mode::Count, &DEFINITIONS);
}

fn print(c: &mut Criterion) {
    let printed: Vec<_> = DEFINITIONS
        .into_iter()
        .filter(|definition| definition.name.starts_with("literal-"))
        .collect();
    measure(c, "print", Mode::Standard, &printed);
}

/// The same file by each way of reading, in page cache.
fn read(c: &mut Criterion) {
    let bytes = haystack(COPIES);
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bench-read.log");
    std::fs::write(&path, &bytes).expect("a file to read");
    let definition = DEFINITIONS[1];
    let compiled = Search::new(definition.compile(), options(Mode::Count));
    let mut group = c.benchmark_group("read");
    group.throughput(Throughput::Bytes(bytes.len() as u64));
    for (name, map) in [
        ("map", MapPolicy::Guarded),
        ("by-position", MapPolicy::Never),
    ] {
        for threads in THREADS {
            let executor = Executor::new(threads);
            let mut out = Vec::new();
            let mut once = || {
                let options = SourceOptions {
                    map,
                    ..SourceOptions::default()
                };
                let source = Source::open(&path, &options).expect("the file");
                search(&compiled, &executor, &source, &mut out);
                lines(Mode::Count, &out)
            };
            definition.check(once(), COPIES);
            group.bench_function(BenchmarkId::new(name, threads), |b| b.iter(&mut once));
        }
    }
    group.finish();
    // Only a copy of the sample.
    let _ = std::fs::remove_file(&path);
}

/// bzip2 that is whole, and cut off within its last blocks: there one thread goes on,
/// from the block at hand and not from the start of the file.
fn unpack(c: &mut Criterion) {
    let bytes = haystack(COPIES);
    let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::best());
    encoder
        .write_all(&bytes)
        .expect("a vector takes everything");
    let packed = encoder.finish().expect("a vector takes everything");
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bench-unpack.bz2");
    let definition = DEFINITIONS[3];
    let compiled = Search::new(definition.compile(), options(Mode::Count));
    let mut group = c.benchmark_group("unpack");
    group.throughput(Throughput::Bytes(bytes.len() as u64));
    for (name, percent) in [("bzip2", 100), ("bzip2-cut-off", 95)] {
        let some = &packed[..packed.len() * percent / 100];
        std::fs::write(&path, some).expect("a file to read");
        for threads in THREADS {
            let executor = Executor::new(threads);
            let options = SourceOptions {
                unpack_threads: threads,
                ..SourceOptions::default()
            };
            let once = || {
                let (mut out, stop) = (Vec::new(), Stop::new());
                let mut run = Run {
                    executor: &executor,
                    out: &mut out,
                    stop: &stop,
                    progress: &Silent,
                    written: false,
                };
                let source = Source::open(&path, &options).expect("the file");
                let ended = compiled.run(&mut run, &source, &PrintOptions::default());
                let failed = ended.expect("a vector takes everything").failure.is_some();
                assert_eq!(failed, percent < 100);
                lines(Mode::Count, &out)
            };
            let whole = definition.expected * COPIES;
            let found = once();
            assert!(found > whole * 8 / 10 && (found == whole) == (percent == 100));
            group.bench_function(BenchmarkId::new(name, threads), |b| b.iter(once));
        }
    }
    group.finish();
    // Made anew each time.
    let _ = std::fs::remove_file(&path);
}

criterion_group! {
    name = benches;
    config = Criterion::default().measurement_time(Duration::from_secs(3)).sample_size(20);
    targets = count, print, read, unpack
}
criterion_main!(benches);
