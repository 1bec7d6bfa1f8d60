//! What the fuzz targets check, as functions of bytes, so that it can be run
//! without a fuzzer too: `tests/it/fuzzed.rs` gives them random bytes.

pub(crate) mod chunk_plan;
pub(crate) mod search_vs_naive;

/// Takes options from the front of the data; zeros when there is none left.
struct Bytes<'d>(&'d [u8]);

impl Bytes<'_> {
    fn byte(&mut self) -> u8 {
        let Some((&first, rest)) = self.0.split_first() else {
            return 0;
        };
        self.0 = rest;
        first
    }

    fn array<const N: usize>(&mut self) -> [u8; N] {
        std::array::from_fn(|_| self.byte())
    }
}
