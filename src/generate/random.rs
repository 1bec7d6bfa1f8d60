//! Random numbers that are the same everywhere and in any order.

/// What the counter of [`Random`] is multiplied by: the golden ratio's digits,
/// so that neighbouring counts differ in half of their bits.
const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

/// A stream of numbers that depends on its name alone.
///
/// The n-th number is a hash of the key and n (the finalizer of splitmix64, by
/// Steele, Lea and Flood), so that a stream needs no predecessor: every piece
/// of a file has its own.
#[derive(Clone, Debug)]
pub(super) struct Random(u64);

impl Random {
    /// The stream of this name and number under a seed.
    pub(super) fn named(seed: u64, name: &str, number: u64) -> Random {
        let mut key = mix(seed);
        for byte in name.bytes() {
            key = mix(key ^ u64::from(byte));
        }
        Random(mix(key ^ number.wrapping_mul(STEP)))
    }

    /// The next number, over all 64 bits.
    #[inline]
    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(STEP);
        mix(self.0)
    }

    /// A number in `0..bound`; the bias of the multiplication is below 2^-32
    /// for the small bounds of a log.
    #[inline]
    pub(super) fn below(&mut self, bound: u64) -> u64 {
        ((u128::from(self.next()) * u128::from(bound)) >> 64) as u64
    }

    /// True once in so many times.
    #[inline]
    pub(super) fn one_in(&mut self, times: u64) -> bool {
        self.below(times) == 0
    }

    /// One of these.
    #[inline]
    pub(super) fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len() as u64) as usize]
    }
}

#[inline]
pub(super) fn mix(number: u64) -> u64 {
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_differ_by_seed_name_and_number() {
        let first = |seed, name, number| Random::named(seed, name, number).next();
        let all = [
            first(1, "lines", 0),
            first(2, "lines", 0),
            first(1, "noise", 0),
            first(1, "lines", 1),
        ];
        for (i, number) in all.iter().enumerate() {
            assert!(!all[..i].contains(number));
        }
        assert_eq!(all[0], first(1, "lines", 0));
    }

    #[test]
    fn numbers_stay_below_their_bound_and_reach_it() {
        let mut random = Random::named(3, "test", 0);
        let mut seen = [0; 7];
        for _ in 0..7000 {
            seen[random.below(7) as usize] += 1;
        }
        assert!(
            seen.iter().all(|&count| (850..1150).contains(&count)),
            "{seen:?}"
        );
    }
}
