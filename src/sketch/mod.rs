//! What is kept of very many values in bounded memory.
//!
//! [`Quantiles`] knows how values are distributed, [`Distinct`] how many
//! different ones there are, [`Sum`] what they come to. Each is exact up to a
//! stated bound, is plain data, and is a function of the values alone: merging
//! is associative *and* commutative, so the answer depends neither on how a
//! source was cut nor on the order of its records. No sketch here draws lots.

mod big;
mod distinct;
mod mix;
mod quantiles;
mod sum;

pub use distinct::{Distinct, hash};
pub use quantiles::Quantiles;
pub(crate) use quantiles::{number, place};
pub use sum::{Moments, Sum};
