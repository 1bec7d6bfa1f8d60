//! A fast hash of numbers, for tables whose order nobody sees.

use std::{
    hash::{BuildHasher, Hasher, RandomState},
    sync::LazyLock,
};

/// Tables of one process all begin with this number, those of another with another:
/// what is in the input cannot be chosen so that it meets in few places.
static SEED: LazyLock<u64> = LazyLock::new(|| RandomState::new().hash_one(0));

/// Makes a [`Mix`]. Where an entry lies depends on the process: what is seen of a
/// table must not depend on its order.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Seeded;

impl BuildHasher for Seeded {
    type Hasher = Mix;

    #[inline]
    fn build_hasher(&self) -> Mix {
        Mix(*SEED)
    }
}

/// Multiplies; far cheaper than the standard library's hash.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mix(u64);

impl Hasher for Mix {
    #[inline]
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.write_u64(u64::from(byte));
        }
    }

    #[inline]
    fn write_u64(&mut self, number: u64) {
        // The high half of the product depends on every bit; maps look at the
        // first and at the last bits.
        let product = u128::from(self.0 ^ number) * 0x9e37_79b9_7f4a_7c15;
        self.0 = (product >> 64) as u64 ^ product as u64;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers that all meet in one place without the seed.
    #[test]
    fn numbers_cannot_be_chosen_to_meet() {
        const PLACES: usize = 1 << 12;
        let place = |mut mix: Mix, number: u64| {
            mix.write_u64(number);
            mix.finish() as usize % PLACES
        };
        let chosen: Vec<u64> = (0..)
            .filter(|&number| place(Mix(0), number) == 7)
            .take(1000)
            .collect();
        let mut taken = vec![0; PLACES];
        for number in chosen {
            taken[place(Seeded.build_hasher(), number)] += 1;
        }
        let most = taken.iter().max().unwrap();
        assert!(*most < 50, "{most} of 1000 in one of {PLACES} places");
    }
}
