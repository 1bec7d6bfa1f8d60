//! How many different values there are.

use std::{
    collections::HashSet,
    hash::{BuildHasherDefault, Hasher},
};

use serde::{Deserialize, Serialize};

use super::table_bytes;

/// The first bits of a hash choose one of this many registers.
const PRECISION: u32 = 14;
const REGISTERS: usize = 1 << PRECISION;

/// The hash of some bytes, the same on every machine and in every version:
/// what is sampled or estimated by it must not change from run to run.
#[inline]
pub fn hash(bytes: &[u8]) -> u64 {
    xxhash_rust::xxh3::xxh3_64(bytes)
}

/// Counts different values: exactly up to [`Distinct::EXACT`] of them, beyond
/// that with a standard error of 0.81 %.
///
/// Values are known by their 64-bit [`hash`]; of 65,536 values two are taken
/// for one with a probability of one to 8.6 thousand million.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(try_from = "Plain", into = "Plain")]
pub struct Distinct {
    /// All hashes, as long as there are no registers.
    hashes: HashSet<u64, BuildHasherDefault<Itself>>,
    /// The longest run of zero bits seen in each register, plus one
    /// (`HyperLogLog`).
    registers: Option<Box<[u8; REGISTERS]>>,
}

impl Distinct {
    /// Up to so many different values are counted exactly.
    pub const EXACT: usize = 1 << 16;

    /// How many there are beyond [`Distinct::EXACT`], in words.
    pub const METHOD: &'static str = "HyperLogLog, 16384 registers";

    /// How wrong that may be.
    pub const ERROR: &'static str = "standard error 0.81 %";

    /// No value.
    pub fn new() -> Distinct {
        Distinct::default()
    }

    /// Adds a value by its [`hash`].
    #[inline]
    pub fn add(&mut self, hash: u64) {
        if let Some(registers) = &mut self.registers {
            note(registers, hash);
        } else if self.hashes.insert(hash) && self.hashes.len() > Distinct::EXACT {
            self.registers();
        }
    }

    /// Adds the values of another.
    pub fn merge(&mut self, other: &Distinct) {
        if let Some(theirs) = &other.registers {
            for (mine, theirs) in self.registers().iter_mut().zip(theirs.iter()) {
                *mine = (*mine).max(*theirs);
            }
        }
        for &hash in &other.hashes {
            self.add(hash);
        }
    }

    /// How many different values there are.
    pub fn count(&self) -> u64 {
        match &self.registers {
            None => self.hashes.len() as u64,
            Some(registers) => estimate(registers),
        }
    }

    /// Whether [`count`](Distinct::count) is exact.
    pub fn is_exact(&self) -> bool {
        self.registers.is_none()
    }

    /// How many bytes it is reckoned at. It is a function of the values alone and
    /// never becomes less by adding one: registers are taken for what all hashes
    /// took.
    pub(crate) fn weight(&self) -> usize {
        let hashes = if self.is_exact() {
            self.hashes.len()
        } else {
            Distinct::EXACT
        };
        table_bytes(hashes, size_of::<u64>())
    }

    /// Goes over to registers, if it has not yet.
    fn registers(&mut self) -> &mut [u8; REGISTERS] {
        let hashes = std::mem::take(&mut self.hashes);
        let registers = self
            .registers
            .get_or_insert_with(|| Box::new([0; REGISTERS]));
        for hash in hashes {
            note(registers, hash);
        }
        registers
    }
}

/// Which register a hash belongs to, and how rare it is.
fn note(registers: &mut [u8; REGISTERS], hash: u64) {
    let register = &mut registers[(hash >> (64 - PRECISION)) as usize];
    let zeros = (hash << PRECISION).leading_zeros().min(64 - PRECISION);
    *register = (*register).max(zeros as u8 + 1);
}

/// Ertl's improved estimator: it needs no table of corrections and knows
/// nothing but the registers ("New cardinality estimation algorithms for
/// `HyperLogLog` sketches", 2017, algorithm 6).
#[expect(
    clippy::cast_sign_loss,
    reason = "an estimate is positive and far below 2^64"
)]
fn estimate(registers: &[u8; REGISTERS]) -> u64 {
    const Q: usize = 64 - PRECISION as usize;
    let mut counts = [0u32; Q + 2];
    for &register in registers {
        counts[usize::from(register).min(Q + 1)] += 1;
    }
    let m = REGISTERS as f64;
    let mut z = m * tau(1.0 - f64::from(counts[Q + 1]) / m);
    for &count in counts[1..=Q].iter().rev() {
        z = 0.5 * (z + f64::from(count));
    }
    z += m * sigma(f64::from(counts[0]) / m);
    let estimate = (m / (2.0 * std::f64::consts::LN_2)) * (m / z);
    estimate.round() as u64
}

fn sigma(x: f64) -> f64 {
    if x >= 1.0 {
        return f64::INFINITY;
    }
    let (mut x, mut y, mut z) = (x, 1.0, x);
    loop {
        x *= x;
        let before = z;
        z += x * y;
        y += y;
        if z <= before {
            return z;
        }
    }
}

fn tau(x: f64) -> f64 {
    if x <= 0.0 || x >= 1.0 {
        return 0.0;
    }
    let (mut x, mut y, mut z) = (x, 1.0, 1.0 - x);
    loop {
        x = x.sqrt();
        let before = z;
        y *= 0.5;
        z -= (1.0 - x).powi(2) * y;
        if z >= before {
            return z / 3.0;
        }
    }
}

/// A hash is its own hash.
#[derive(Clone, Copy, Debug, Default)]
struct Itself(u64);

impl Hasher for Itself {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = hash(bytes);
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}

/// What is written: hashes in ascending order, or registers.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
enum Plain {
    Hashes(Vec<u64>),
    Registers(Vec<u8>),
}

impl From<Distinct> for Plain {
    fn from(distinct: Distinct) -> Plain {
        if let Some(registers) = distinct.registers {
            return Plain::Registers(registers.to_vec());
        }
        let mut hashes: Vec<u64> = distinct.hashes.into_iter().collect();
        hashes.sort_unstable();
        Plain::Hashes(hashes)
    }
}

impl TryFrom<Plain> for Distinct {
    type Error = &'static str;

    fn try_from(plain: Plain) -> Result<Distinct, &'static str> {
        let (hashes, registers) = match plain {
            Plain::Hashes(hashes) => (hashes, None),
            Plain::Registers(registers) => {
                let registers = registers.into_boxed_slice().try_into();
                (
                    vec![],
                    Some(registers.map_err(|_| "expected 16384 registers")?),
                )
            }
        };
        let mut distinct = Distinct {
            registers,
            ..Distinct::default()
        };
        for hash in hashes {
            distinct.add(hash);
        }
        Ok(distinct)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(numbers: std::ops::Range<u64>) -> Distinct {
        let mut distinct = Distinct::new();
        for number in numbers {
            distinct.add(hash(&number.to_le_bytes()));
        }
        distinct
    }

    #[test]
    fn exact_until_the_bound() {
        let bound = Distinct::EXACT as u64;
        for n in [0, 1, 1000, bound] {
            assert_eq!((of(0..n).count(), of(0..n).is_exact()), (n, true));
        }
        let mut twice = of(0..bound);
        twice.merge(&of(0..bound));
        assert_eq!((twice.count(), twice.is_exact()), (bound, true));
        assert!(!of(0..bound + 1).is_exact());
    }

    #[test]
    fn close_beyond_it() {
        for n in [70_000u64, 200_000, 1_000_000] {
            let error = of(0..n).count() as f64 / n as f64 - 1.0;
            assert!(error.abs() < 0.025, "{n}: {error}");
        }
    }

    #[test]
    fn a_function_of_the_union() {
        let whole = of(0..100_000);
        for cuts in [[0, 10, 100_000], [0, 65_536, 65_537], [0, 40_000, 99_999]] {
            let parts = [
                of(cuts[0]..cuts[1]),
                of(cuts[1]..cuts[2]),
                of(cuts[2]..100_000),
            ];
            for order in [[0, 1, 2], [2, 1, 0], [1, 0, 2]] {
                let mut merged = Distinct::new();
                for i in order {
                    merged.merge(&parts[i]);
                }
                assert_eq!(merged, whole, "{cuts:?} {order:?}");
            }
        }
    }

    #[test]
    fn equal_content_is_written_alike() {
        for n in [0, 5, 70_000] {
            let (mut a, mut b) = (of(0..n), of(n / 2..n));
            a.merge(&of(0..n / 2));
            b.merge(&of(0..n.div_ceil(2)));
            let text = serde_json::to_string(&a).unwrap();
            assert_eq!(text, serde_json::to_string(&b).unwrap());
            assert_eq!(serde_json::from_str::<Distinct>(&text).unwrap(), a);
        }
        assert!(serde_json::from_str::<Distinct>(r#"{"registers":[1]}"#).is_err());
    }
}
