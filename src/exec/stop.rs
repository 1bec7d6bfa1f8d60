//! One flag that ends a run: enough matches, a closed pipe, an interrupt.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

/// A flag shared by everything that should end together; once set it stays set.
#[derive(Clone, Debug, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// A flag that is not set.
    pub fn new() -> Stop {
        Stop::default()
    }

    /// Asks every run that holds this flag to end after the chunk at hand.
    pub fn set(&self) {
        self.0.store(true, Ordering::Release);
    }

    /// True once [`set`](Stop::set) was called.
    pub fn is_set(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}
