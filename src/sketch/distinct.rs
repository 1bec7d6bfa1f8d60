//! How many different values there are.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::{mix::Seeded, table_bytes, table_entries};

/// The hash of some bytes, the same on every machine and in every version:
/// what is sampled or estimated by it must not change from run to run.
#[inline]
pub fn hash(bytes: &[u8]) -> u64 {
    xxhash_rust::xxh3::xxh3_64(bytes)
}

/// Counts different values: exactly up to a number of them, beyond that with a
/// standard error, which is 0.81 % unless it has little [`room`](Distinct::within).
///
/// Values are known by their 64-bit [`hash`]; of 65,536 values two are taken
/// for one with a probability of one to 8.6 thousand million.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(try_from = "Plain", into = "Plain")]
pub struct Distinct {
    /// All hashes, as long as there are no registers.
    hashes: HashSet<u64, Seeded>,
    /// The longest run of zero bits seen in each register, plus one
    /// (`HyperLogLog`). The first bits of a hash choose the register.
    registers: Option<Box<[u8]>>,
    /// Up to so many values are counted exactly.
    bound: u32,
}

impl Default for Distinct {
    fn default() -> Distinct {
        Distinct {
            hashes: HashSet::default(),
            registers: None,
            bound: Distinct::EXACT as u32,
        }
    }
}

/// How a number of different values was estimated, and how far it may be off, in words.
pub type Estimated = (&'static str, &'static str);

impl Distinct {
    /// Up to so many different values are counted exactly where there is room: as many
    /// as a table holds that has half a megabyte.
    pub const EXACT: usize = (1 << 16) / 8 * 7;

    /// Of a bound of 28 values; the registers for it take as much room.
    const LEAST_BITS: u32 = 8;

    /// How it is done beyond the bound, by the number of bits that choose a register.
    const METHODS: [Estimated; 7] = [
        ("HyperLogLog, 256 registers", "standard error 6.5 %"),
        ("HyperLogLog, 512 registers", "standard error 4.6 %"),
        ("HyperLogLog, 1024 registers", "standard error 3.25 %"),
        ("HyperLogLog, 2048 registers", "standard error 2.3 %"),
        ("HyperLogLog, 4096 registers", "standard error 1.63 %"),
        ("HyperLogLog, 8192 registers", "standard error 1.15 %"),
        ("HyperLogLog, 16384 registers", "standard error 0.81 %"),
    ];

    /// No value.
    pub fn new() -> Distinct {
        Distinct::default()
    }

    /// No value, and room for so many bytes; some 300 are taken in any case. The less
    /// it is, the fewer values are counted exactly, and the fewer registers there are
    /// beyond. Of those that are merged the least bound holds.
    pub fn within(bytes: u64) -> Distinct {
        let bound = table_entries(bytes, size_of::<u64>());
        Distinct {
            bound: bound.clamp(28, Distinct::EXACT) as u32,
            ..Distinct::default()
        }
    }

    /// Up to so many values are counted exactly.
    pub fn bound(&self) -> usize {
        self.bound as usize
    }

    /// True if there is no value.
    pub fn is_empty(&self) -> bool {
        self.hashes.is_empty() && self.registers.is_none()
    }

    /// Adds a value by its [`hash`].
    #[inline]
    pub fn add(&mut self, hash: u64) {
        if let Some(registers) = &mut self.registers {
            note(registers, hash);
        } else if self.hashes.insert(hash) && self.hashes.len() > self.bound() {
            self.registers();
        }
    }

    /// Adds the values of another.
    pub fn merge(&mut self, other: &Distinct) {
        self.bound = self.bound.min(other.bound);
        if self.registers.is_some() || other.registers.is_some() || self.hashes.len() > self.bound()
        {
            let mine = self.registers();
            for (index, &theirs) in other.registers.iter().flatten().enumerate() {
                // Of more registers several are one here.
                let more = (other.registers.as_ref().map_or(0, |all| all.len()) / mine.len())
                    .trailing_zeros();
                let (register, below) = (index >> more, index as u32 & ((1 << more) - 1));
                let run = match (theirs, below) {
                    (0, _) => 0,
                    (run, 0) => run + more as u8,
                    _ => (below.leading_zeros() - (32 - more)) as u8 + 1,
                };
                mine[register] = mine[register].max(run);
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

    /// How [`count`](Distinct::count) was estimated, if it was.
    pub fn estimated(&self) -> Option<Estimated> {
        let bits = self.registers.as_ref()?.len().ilog2();
        let method = Distinct::METHODS.get((bits - Distinct::LEAST_BITS) as usize);
        method.copied()
    }

    /// How many bytes it is reckoned at. It is a function of the values alone and
    /// never becomes less by adding one: registers are taken for what all hashes
    /// took.
    pub(crate) fn weight(&self) -> usize {
        let hashes = if self.is_exact() {
            self.hashes.len()
        } else {
            self.bound()
        };
        table_bytes(hashes, size_of::<u64>())
    }

    /// The bits that choose a register: as many registers as take no more room than
    /// hashes did.
    fn bits(bound: usize) -> u32 {
        (bound.next_power_of_two().ilog2() + 3).clamp(Distinct::LEAST_BITS, 14)
    }

    /// Goes over to registers, if it has not yet, and to as many as belong to the bound.
    fn registers(&mut self) -> &mut [u8] {
        let wanted = 1 << Distinct::bits(self.bound());
        let hashes = std::mem::take(&mut self.hashes);
        if self
            .registers
            .as_ref()
            .is_some_and(|registers| registers.len() > wanted)
        {
            let more = Distinct {
                registers: self.registers.take(),
                ..Distinct::default()
            };
            self.registers = Some(vec![0; wanted].into());
            self.merge(&more);
        }
        let registers = self.registers.get_or_insert_with(|| vec![0; wanted].into());
        for hash in hashes {
            note(registers, hash);
        }
        registers
    }
}

/// Which register a hash belongs to, and how rare it is.
#[inline]
fn note(registers: &mut [u8], hash: u64) {
    let bits = registers.len().trailing_zeros();
    let register = &mut registers[(hash >> (64 - bits)) as usize];
    let zeros = (hash << bits).leading_zeros().min(64 - bits);
    *register = (*register).max(zeros as u8 + 1);
}

/// Ertl's improved estimator: it needs no table of corrections and knows
/// nothing but the registers ("New cardinality estimation algorithms for
/// `HyperLogLog` sketches", 2017, algorithm 6).
#[expect(
    clippy::cast_sign_loss,
    reason = "an estimate is positive and far below 2^64"
)]
fn estimate(registers: &[u8]) -> u64 {
    let q = 64 - registers.len().trailing_zeros() as usize;
    let mut counts = [0u32; 66];
    for &register in registers {
        counts[usize::from(register).min(q + 1)] += 1;
    }
    let m = registers.len() as f64;
    let mut z = m * tau(1.0 - f64::from(counts[q + 1]) / m);
    for &count in counts[1..=q].iter().rev() {
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

/// What is written: hashes in ascending order, or registers.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Plain {
    /// Left out where there was room for as many as there can be.
    #[serde(default = "most", skip_serializing_if = "is_most")]
    bound: u32,
    #[serde(
        default,
        skip_serializing_if = "Vec::is_empty",
        with = "super::packed::hashes"
    )]
    hashes: Vec<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none", with = "serde_bytes")]
    registers: Option<Vec<u8>>,
}

fn most() -> u32 {
    Distinct::EXACT as u32
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for it")]
fn is_most(bound: &u32) -> bool {
    *bound == most()
}

impl From<Distinct> for Plain {
    fn from(distinct: Distinct) -> Plain {
        let mut hashes: Vec<u64> = distinct.hashes.into_iter().collect();
        hashes.sort_unstable();
        Plain {
            bound: distinct.bound,
            hashes,
            registers: distinct.registers.map(Vec::from),
        }
    }
}

impl TryFrom<Plain> for Distinct {
    type Error = &'static str;

    fn try_from(plain: Plain) -> Result<Distinct, &'static str> {
        let bound = plain.bound as usize;
        if !(28..=Distinct::EXACT).contains(&bound) {
            return Err("a bound that is never set");
        }
        let registers = plain.registers.map(Vec::into_boxed_slice);
        if let Some(registers) = &registers {
            let bits = Distinct::bits(bound);
            if registers.len() != 1 << bits || !plain.hashes.is_empty() {
                return Err("registers that no run writes");
            }
            if registers.iter().any(|&run| u32::from(run) > 65 - bits) {
                return Err("a register that no hash sets");
            }
        } else if plain.hashes.len() > bound {
            return Err("more hashes than are kept");
        }
        Ok(Distinct {
            hashes: plain.hashes.into_iter().collect(),
            registers,
            bound: plain.bound,
        })
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
    fn little_room_is_kept_to_and_merged_with_more() {
        for (bytes, bits) in [(0, 8), (400, 8), (700, 9), (8000, 12), (20_000, 14)] {
            let within = |numbers: std::ops::Range<u64>| {
                let mut distinct = Distinct::within(bytes);
                numbers.for_each(|number| distinct.add(hash(&number.to_le_bytes())));
                distinct
            };
            let (whole, bound) = (within(0..100_000), within(0..0).bound() as u64);
            let taken = |distinct: &Distinct| distinct.registers.as_ref().map_or(0, |r| r.len());
            assert_eq!(taken(&whole), 1 << bits, "{bytes}");
            let weight = whole.weight();
            assert!(weight as u64 <= bytes.max(400), "{weight} of {bytes}");
            assert!(taken(&whole) <= weight, "{weight} of {bytes}");
            assert!(within(0..bound).is_exact() && !within(0..bound + 1).is_exact());
            let error = whole.count() as f64 / 100_000.0 - 1.0;
            assert!(
                error.abs() < 4.0 * 1.04 / f64::from(1 << bits).sqrt(),
                "{error}"
            );
            // One with more room, of some of the values and of all.
            for (few, rest) in [(10, 5), (30_000, 29_000), (70_000, 60_000)] {
                for swapped in [false, true] {
                    let (mut one, mut other) = (of(0..few), within(rest..100_000));
                    if swapped {
                        std::mem::swap(&mut one, &mut other);
                    }
                    one.merge(&other);
                    assert_eq!(one, whole, "{bytes} {few} {swapped}");
                }
            }
        }
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
        for cuts in [[0, 10, 100_000], [0, 57_344, 57_345], [0, 40_000, 99_999]] {
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
        for text in [
            r#"{"bound":28,"registers":[1]}"#,
            r#"{"bound":1,"hashes":[1]}"#,
            r#"{"hashes":[1,2,3]}"#,
        ] {
            assert!(serde_json::from_str::<Distinct>(text).is_err(), "{text}");
        }
    }
}
