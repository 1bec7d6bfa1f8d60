//! What threads share. Tests put a model in its place that tries how threads may be
//! interleaved (`tests/it/interleaved.rs`).

pub(super) use std::sync::{
    Arc, Condvar, Mutex, MutexGuard, PoisonError,
    atomic::{AtomicBool, Ordering},
};
