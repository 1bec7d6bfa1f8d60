//! A saved report that anyone may have written is refused by its name, or can be compared
//! with a log.

#![no_main]

#[path = "../src/bodies.rs"]
#[allow(dead_code, reason = "each target runs one of them")]
mod bodies;

libfuzzer_sys::fuzz_target!(|data: &[u8]| bodies::forged_diff::run(data));
