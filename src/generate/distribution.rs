//! How often things happen: keys by Zipf's law, latencies log-normally.
//!
//! Nothing here asks the machine's mathematics library, whose last digits
//! differ: only what IEEE 754 rounds the same everywhere.

use super::random::Random;

/// How many different keys there are.
pub(super) const KEYS: usize = 1 << 16;

/// Latencies are below this many milliseconds.
pub(super) const LATENCIES: usize = 1 << 14;

/// Numbers below [`KEYS`], the k-th most frequent one 1/k as often as the most
/// frequent one: Walker's alias method.
#[derive(Debug)]
pub(super) struct Zipf {
    /// Of each cell the share that is its own, of 2^32, and whose the rest is.
    cells: Vec<(u32, u32)>,
}

impl Zipf {
    pub(super) fn new() -> Zipf {
        let weights = (1..=KEYS as u64).map(|rank| (1 << 40) / rank);
        let total: u64 = weights.clone().sum();
        // Weights such that an average cell has 2^32.
        let scale =
            |weight| (u128::from(weight) * ((KEYS as u128) << 32) / u128::from(total)) as u64;
        let mut weights: Vec<u64> = weights.map(scale).collect();
        let mut cells: Vec<(u32, u32)> = (0..KEYS as u32).map(|i| (u32::MAX, i)).collect();
        let (mut poor, mut rich): (Vec<usize>, Vec<usize>) =
            (0..KEYS).partition(|&i| weights[i] < 1 << 32);
        while let (Some(&from), Some(to)) = (rich.last(), poor.pop()) {
            cells[to] = (weights[to] as u32, from as u32);
            weights[from] -= (1 << 32) - weights[to];
            if weights[from] < 1 << 32 {
                rich.pop();
                poor.push(from);
            }
        }
        Zipf { cells }
    }

    /// The rank of a key, from 0.
    #[inline]
    pub(super) fn draw(&self, random: &mut Random) -> u32 {
        let number = random.next();
        let cell = (number >> 48) as usize;
        let (own, other) = self.cells[cell];
        if number as u32 <= own {
            cell as u32
        } else {
            other
        }
    }
}

/// A number that looks like nobody's rank, one for each rank.
#[inline]
pub(super) fn scrambled(rank: u32) -> u32 {
    (rank.wrapping_mul(40_503).wrapping_add(12_345)) & (KEYS as u32 - 1)
}

/// Milliseconds around [`MEDIAN`], log-normally.
#[derive(Debug)]
pub(super) struct Latency {
    /// 2^(i / 1024).
    powers: Vec<f64>,
}

/// Half of the latencies are below, in milliseconds.
const MEDIAN: f64 = 24.0;
/// How many doublings one standard deviation is.
const SPREAD: f64 = 1.9;

impl Latency {
    pub(super) fn new() -> Latency {
        // Square roots are rounded alike everywhere.
        let roots: Vec<f64> = std::iter::successors(Some(2f64.sqrt()), |root| Some(root.sqrt()))
            .take(10)
            .collect();
        let power = |i: usize| {
            let bits = (0..10).filter(|bit| i >> (9 - bit) & 1 == 1);
            bits.map(|bit| roots[bit]).product()
        };
        Latency {
            powers: (0..1024).map(power).collect(),
        }
    }

    #[inline]
    pub(super) fn draw(&self, random: &mut Random) -> u32 {
        // The sum of four even numbers is nearly normal.
        let number = random.next();
        let sum: u64 = (0..4).map(|i| number >> (16 * i) & 0xffff).sum();
        let deviation = (sum as f64 - 131_070.0) / 37_837.0;
        let doublings = (deviation * SPREAD * 1024.0) as i64;
        let power = self.powers[(doublings & 1023) as usize];
        let whole = doublings >> 10;
        let shift = if whole >= 0 {
            (1u64 << whole) as f64
        } else {
            1.0 / (1u64 << -whole) as f64
        };
        ((MEDIAN * power * shift) as u32).clamp(1, LATENCIES as u32 - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_key_is_half_as_frequent_as_the_first() {
        let (zipf, mut random) = (Zipf::new(), Random::named(1, "test", 0));
        let mut counts = vec![0u64; KEYS];
        for _ in 0..1_000_000 {
            counts[zipf.draw(&mut random) as usize] += 1;
        }
        // 1 / (1 + 1/2 + ... + 1/65536) is 8.57 %.
        for (rank, want) in [(0, 85_700), (1, 42_850), (9, 8570)] {
            let found = counts[rank];
            assert!(found.abs_diff(want) < want / 20, "{rank}: {found}");
        }
        assert!(counts[1000..].iter().sum::<u64>() > 300_000);
    }

    #[test]
    fn every_key_has_a_name_of_its_own() {
        let mut names: Vec<u32> = (0..KEYS as u32).map(scrambled).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), KEYS);
    }

    #[test]
    fn latencies_are_spread_around_their_median() {
        let (latency, mut random) = (Latency::new(), Random::named(1, "test", 0));
        let mut all: Vec<u32> = (0..100_000).map(|_| latency.draw(&mut random)).collect();
        all.sort_unstable();
        assert!((23..=25).contains(&all[50_000]), "{}", all[50_000]);
        // 24 times 2 to the power of 1.9, and of 1.9 times 2.33.
        assert!((80..=100).contains(&all[84_134]), "{}", all[84_134]);
        assert!((400..=560).contains(&all[99_000]), "{}", all[99_000]);
    }
}
