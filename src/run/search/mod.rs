//! A search over many inputs: what a worker does with a small one, what is decided in the order
//! of inputs, and a program's short way to ask for it.

mod facade;
mod in_order;
mod last;
mod plan;
mod pre;

pub use facade::{Found, FoundLine, FoundLines, Search, search};
pub(super) use in_order::InOrder;
pub use in_order::{Searched, Sink};
pub use plan::{SearchControl, SearchPlan};
pub use pre::Preprocessor;
