//! A count that is ended after a while, and tells how far it came meanwhile:
//! `cargo run --example cancel -- PATTERN FILE...`

#![allow(clippy::print_stdout, reason = "a program")]

use std::{
    sync::atomic::{AtomicU64, Ordering},
    thread,
    time::Duration,
};

use swathe::{Query, exec::Stop, progress::Progress, request::CountRequest};

/// Bytes that were gone through.
#[derive(Default)]
struct Bytes(AtomicU64);

impl Progress for Bytes {
    fn advance(&self, bytes: u64) {
        self.0.fetch_add(bytes, Ordering::Relaxed);
    }
}

fn main() -> swathe::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let pattern = arguments.next().unwrap_or_else(|| "error".into());
    let stop = Stop::new();
    let ends = stop.clone();
    thread::spawn(move || {
        thread::sleep(Duration::from_secs(2));
        ends.set();
    });
    let bytes = Bytes::default();
    let query = Query::new(CountRequest::of([pattern])).until(&stop);
    let report = query.watched(arguments, &bytes)?;
    let read = bytes.0.into_inner();
    println!("{} lines in {read} bytes", report.body.lines_any);
    if report.interrupted {
        println!("that is what was read in two seconds");
    }
    Ok(())
}
