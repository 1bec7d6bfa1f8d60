//! A plan's chunks are whole lines, and their borders are those of the
//! definition whatever range is asked for.

#![no_main]

#[path = "../src/bodies.rs"]
#[allow(dead_code, reason = "each target runs one of them")]
mod bodies;

libfuzzer_sys::fuzz_target!(|data: &[u8]| bodies::chunk_plan::run(data));
