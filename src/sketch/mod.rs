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
pub(crate) mod packed;
mod quantiles;
mod sum;

pub use distinct::{Distinct, Estimated, hash};
pub use quantiles::Quantiles;
pub(crate) use quantiles::{number, place};
pub use sum::{Moments, Sum};

/// How many bytes a map or a set of the standard library takes for so many entries
/// of this size, which is more than they have: the number of its places is a power of
/// two, an eighth of them is empty, and each has a byte of its own.
#[inline]
fn table_bytes(entries: usize, size: usize) -> usize {
    let places = match entries {
        0 => return 0,
        1..4 => 4,
        4..8 => 8,
        _ => (entries * 8 / 7).next_power_of_two(),
    };
    // And what the allocator needs.
    places * (size + 1) + 32
}

/// The most entries of this size that take no more than so many bytes, where a table
/// is full; at least three.
fn table_entries(bytes: u64, size: usize) -> usize {
    let places = bytes.saturating_sub(32) / (size as u64 + 1);
    let places: usize = 1 << places.clamp(4, 1 << 32).ilog2();
    if places < 8 {
        places - 1
    } else {
        places / 8 * 7
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    #[test]
    fn as_many_entries_fit_as_are_said_to() {
        for bytes in (70..5000).chain([1 << 20, 7_000_000]) {
            let entries = super::table_entries(bytes, 8);
            assert!(super::table_bytes(entries, 8) as u64 <= bytes, "{bytes}");
            assert!(super::table_bytes(entries + 1, 8) as u64 > bytes, "{bytes}");
        }
    }

    #[test]
    fn a_table_is_reckoned_at_the_room_it_has() {
        let mut set = HashSet::new();
        for n in 1..100_000u64 {
            set.insert(n);
            // It is full before it grows: all that fits into these places costs the same.
            let room = set.capacity();
            assert_eq!(
                super::table_bytes(room, 8),
                super::table_bytes(n as usize, 8),
                "{n}"
            );
        }
    }
}
