//! What comes out of packed data, and what is said of its damage, depends
//! neither on chunks and threads nor on whether it is a file or a stream.

#![no_main]

#[path = "../src/bodies.rs"]
#[allow(dead_code, reason = "each target runs one of them")]
mod bodies;

libfuzzer_sys::fuzz_target!(|data: &[u8]| bodies::unpack::run(data));
