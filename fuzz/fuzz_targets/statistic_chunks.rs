//! Every statistic gathers the same whatever the chunks, the threads and the
//! way of reading.

#![no_main]

#[path = "../src/bodies.rs"]
#[allow(dead_code, reason = "each target runs one of them")]
mod bodies;

libfuzzer_sys::fuzz_target!(|data: &[u8]| bodies::statistic_chunks::run(data));
