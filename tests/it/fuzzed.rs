//! What the fuzz targets check, over random bytes: no fuzzer finds its way here,
//! but nobody needs one. For longer:
//! `cargo test --release --test it -- --ignored fuzzed`.

use std::time::{Duration, Instant};

use crate::{
    bodies::{chunk_plan, search_vs_naive},
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

fn run(seed: u64, go_on: impl Fn(u64) -> bool) -> u64 {
    let mut random = Random(seed);
    let mut number = 0;
    while go_on(number) {
        let data = data(&mut random);
        chunk_plan::run(&data);
        search_vs_naive::run(&data);
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
