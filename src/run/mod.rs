//! A question over inputs: what is read, by whom, in what order, how many times.
//!
//! ```text
//! Input ──▶ Reading opens it ──▶ batches: small ones side by side,  ──▶ taken in by
//!           (as it was first)    large ones on all threads              the order of inputs
//! ```
//!
//! [`gather`] runs a statistic over inputs in as many passes as it wants. What comes out
//! does not depend on threads, on batches, or on which inputs are read ahead of their turn.
//!
//! Deliberately not here: which files are meant ([`walk`](crate::walk)), and how an answer looks.

mod assign;
mod batches;
mod context;
mod first_look;
mod live;
mod looks;
mod query;
mod reading;
pub mod resume;
mod search;
mod selection;
mod statistics;
mod tally;

pub use assign::Numbering;
pub use batches::{Ahead, BATCH, Operator, Reducer, side_by_side};
pub use context::Control;
pub use first_look::first_look;
pub use live::Live;
pub use looks::Looks;
pub use query::{Computed, Query, compute, count, report, top};
pub use reading::{Early, Reading};
pub use search::{
    Found, FoundLine, FoundLines, Preprocessor, Search, SearchControl, SearchPlan, Searched, Sink,
    search,
};
pub use selection::{Order, SelectionArgs, SelectionPlan};
pub use statistics::{Gathered, Run, Scanned, Way, gather, over_all};

pub use crate::source::{Input, total_len};
