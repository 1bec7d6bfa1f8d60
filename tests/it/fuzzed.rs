//! What the fuzz targets check, over random bytes: no fuzzer finds its way here,
//! but nobody needs one. For longer:
//! `cargo test --release --test it -- --ignored fuzzed`.

use std::time::{Duration, Instant};

use crate::{
    bodies::{
        chunk_plan, forged_diff, pattern_vs_regex, saved, search_vs_naive, statistic_chunks, unpack,
    },
    pack,
    parity::Random,
};

/// So many bytes, of which many are alike.
fn data(random: &mut Random) -> Vec<u8> {
    let most = *random.pick(&[20, 100, 2000]);
    let few = random.one_in(2);
    let byte = |random: &mut Random| match (few, random.below(8)) {
        (true, 0) => b'\n',
        (true, 1..5) => b'a' + random.below(4) as u8,
        _ => random.below(256) as u8,
    };
    (0..random.below(most)).map(|_| byte(random)).collect()
}

type Packer = fn(&[u8]) -> Vec<u8>;

/// Options, and behind them such bytes packed and perhaps damaged.
fn packed(random: &mut Random) -> Vec<u8> {
    let mut all: Vec<u8> = (0..6).map(|_| random.below(256) as u8).collect();
    let packers: [Packer; 9] = [
        pack::gzip,
        pack::bgzip,
        pack::zstd,
        pack::xz,
        pack::bzip2,
        pack::lz4,
        pack::lzma,
        pack::brotli,
        pack::compress,
    ];
    let text = data(random);
    all.extend(random.pick(&packers)(&text));
    for _ in 0..random.below(3) {
        let at = random.below(all.len() as u64) as usize;
        all[at] = random.below(256) as u8;
    }
    all
}

fn run(seed: u64, go_on: impl Fn(u64) -> bool) -> u64 {
    let mut random = Random(seed);
    let mut number = 0;
    while go_on(number) {
        let data = data(&mut random);
        chunk_plan::run(&data);
        search_vs_naive::run(&data);
        if random.one_in(4) {
            pattern_vs_regex::run(&data);
            saved::run(&data);
            forged_diff::run(&data);
            statistic_chunks::run(&data);
            unpack::run(&packed(&mut random));
        }
        number += 1;
    }
    number
}

#[test]
fn random_bytes() {
    run(3, |number| number < 2000);
}

#[test]
#[ignore = "minutes; for whoever changes how sources are cut or lines found"]
fn random_bytes_for_minutes() {
    let seed = std::process::id().into();
    let begun = Instant::now();
    let number = run(seed, |_| begun.elapsed() < Duration::from_mins(3));
    assert!(
        number > 1000,
        "{number} inputs with seed {seed} in three minutes"
    );
}
