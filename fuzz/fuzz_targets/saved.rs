//! What was saved and may have been written by anyone is refused by its name, or
//! can be merged, finished and shown.

#![no_main]

#[path = "../src/bodies.rs"]
#[allow(dead_code, reason = "each target runs one of them")]
mod bodies;

libfuzzer_sys::fuzz_target!(|data: &[u8]| bodies::saved::run(data));
