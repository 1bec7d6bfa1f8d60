//! What kind of line a line is: its message with what varies masked.
//!
//! A [`Masker`] turns one line into its template without looking at any
//! other, so templates are counted like any other key, in any order and on any
//! number of threads. [`merge()`] then looks at all of them together and finds
//! the words that vary although nothing about the word says so; it is given a
//! set and does not depend on an order either.

mod coarse;
mod collapse;
mod group;
mod holes;
mod mask;
mod merge;
mod token;
mod words;

pub use coarse::Coarse;
pub use mask::{Masker, mask_into};
pub use merge::{Merged, merge};

/// What stands in a template where lines differ.
pub const MASK: &[u8] = b"<*>";

/// How many bytes of a message make its template. One that is longer has a
/// template that ends with [`MASK`].
pub const MAX_MESSAGE: usize = 4096;

#[cfg(test)]
mod tests;
