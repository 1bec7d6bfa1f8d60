//! One flag that ends a run: enough matches, a closed pipe, an interrupt.

use super::sync::{Arc, AtomicBool, Ordering};

/// A flag shared by everything that should end together; once set it stays set.
#[derive(Clone, Debug, Default)]
pub struct Stop {
    own: Arc<AtomicBool>,
    parent: Option<Arc<AtomicBool>>,
}

impl Stop {
    /// A flag that is not set.
    pub fn new() -> Stop {
        Stop::default()
    }

    /// A flag of its own that is also set when this one is: for one source of
    /// several, whose end is not the end of all.
    #[must_use]
    pub fn child(&self) -> Stop {
        Stop {
            own: Arc::default(),
            parent: Some(self.own.clone()),
        }
    }

    /// This flag without the one it is a child of: what ends a run at once, where the
    /// other ends what it is fed with.
    #[must_use]
    pub fn apart(&self) -> Stop {
        Stop {
            own: self.own.clone(),
            parent: None,
        }
    }

    /// Asks every run that holds this flag to end after the chunk at hand.
    pub fn set(&self) {
        self.own.store(true, Ordering::Release);
    }

    /// True once [`set`](Stop::set) was called.
    pub fn is_set(&self) -> bool {
        self.own.load(Ordering::Acquire)
            || self
                .parent
                .as_ref()
                .is_some_and(|p| p.load(Ordering::Acquire))
    }
}
