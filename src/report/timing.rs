//! How long it took, for those who ask.

use schemars::JsonSchema;
use serde::Serialize;

/// What depends on the machine and on chance, and is in no answer unasked.
#[derive(Clone, Debug, JsonSchema, PartialEq, Serialize)]
pub struct Timing {
    /// The version of this program.
    pub version: &'static str,
    /// From the first look at the inputs to the answer.
    pub seconds: f64,
    /// Bytes that were gone through, all passes together; decoded.
    pub bytes: u64,
    /// Of these, in a second, in units of 10^9.
    pub gb_per_second: f64,
    /// Threads.
    pub threads: usize,
}

impl Timing {
    /// So many bytes took so long.
    pub fn new(bytes: u64, seconds: f64, threads: usize) -> Timing {
        let rate = bytes as f64 / seconds.max(1e-9) / 1e9;
        Timing {
            version: env!("CARGO_PKG_VERSION"),
            seconds: (seconds * 1e6).round() / 1e6,
            bytes,
            gb_per_second: (rate * 1e3).round() / 1e3,
            threads,
        }
    }

    /// How long it took, for people: one sentence.
    pub fn note(&self) -> String {
        format!(
            "{:.3} s, {:.2} GB/s, threads: {}, swathe {}",
            self.seconds, self.gb_per_second, self.threads, self.version
        )
    }
}
