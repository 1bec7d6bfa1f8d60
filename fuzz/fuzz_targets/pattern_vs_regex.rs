//! A search selects the lines and shows the matches that the `regex` crate
//! finds line by line, whatever is looked for before the engine is asked.

#![no_main]

#[path = "../src/bodies.rs"]
#[allow(dead_code, reason = "each target runs one of them")]
mod bodies;

libfuzzer_sys::fuzz_target!(|data: &[u8]| bodies::pattern_vs_regex::run(data));
