//! The one integration-test binary.

/// The command line, by the cases of `tests/cases`.
mod cases;
/// The sample of `bench-data` and its known answers.
mod sample;
