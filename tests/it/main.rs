//! The one integration-test binary.

/// Search against ripgrep's own libraries: same bytes, every chunk size,
/// thread count and way of reading.
mod parity;
