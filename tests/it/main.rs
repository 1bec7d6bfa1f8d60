//! The one integration-test binary.

/// The laws every statistic obeys, over a register of all of them.
mod laws;
/// What the statistics mean, written down slowly.
mod naive;
/// Inputs that have broken line counters.
mod nasty;
/// Statistics do not depend on chunks, threads or the kind of source.
mod stat_invariance;
