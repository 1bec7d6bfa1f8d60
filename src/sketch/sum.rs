//! Sums that do not depend on the order of their terms.
//!
//! A sum of floats that is rounded after every addition depends on the order
//! of its terms, and so on how a source was cut. A [`Sum`] is exact: a number
//! of as many binary digits as it takes, rounded once when it is read.

#![expect(
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    reason = "there are some hundred digits at most, and differences of places are taken low to high"
)]

use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

use super::big::Big;

/// Bits of a digit.
const DIGIT: i32 = 32;

/// Terms that are added before digits are carried: each adds less than 2^32 to
/// a digit of 63 bits, and a merge may bring as many again.
const PENDING: u32 = 1 << 29;

/// The exact sum of finite floats, or of their squares.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(try_from = "Bytes", into = "Bytes")]
pub struct Sum {
    /// The sum is that of `digits[i] * 2^(32 * (low + i))`.
    digits: Vec<i64>,
    low: i32,
    /// Terms since digits were last carried.
    pending: u32,
}

impl Sum {
    /// Zero.
    pub fn new() -> Sum {
        Sum::default()
    }

    /// Adds a finite number.
    #[inline]
    pub fn add(&mut self, number: f64) {
        let (fraction, exponent, negative) = parts(number);
        self.add_digits(fraction, exponent, negative);
    }

    /// Adds a finite number so many times.
    #[inline]
    pub fn add_times(&mut self, number: f64, times: u32) {
        let (fraction, exponent, negative) = parts(number);
        self.add_wide(u128::from(fraction) * u128::from(times), exponent, negative);
    }

    /// Adds the square of a finite number so many times, less than 2^22.
    #[inline]
    pub fn add_square_times(&mut self, number: f64, times: u32) {
        let (fraction, exponent, _) = parts(number);
        let square = u128::from(fraction) * u128::from(fraction);
        debug_assert!(times < 1 << 22, "a square has 106 bits");
        self.add_wide(square * u128::from(times), 2 * exponent, false);
    }

    /// Adds another sum.
    pub fn merge(&mut self, other: &Sum) {
        if other.digits.is_empty() {
            return;
        }
        if self.pending + other.pending >= PENDING {
            self.carry();
        }
        let top = other.low + other.digits.len() as i32;
        self.cover(other.low, top);
        let from = (other.low - self.low) as usize;
        for (mine, theirs) in self.digits[from..].iter_mut().zip(&other.digits) {
            *mine += theirs;
        }
        self.pending += other.pending + 1;
    }

    /// The sum, rounded to the nearest float.
    pub fn value(&self) -> f64 {
        Big::from(self).to_f64()
    }

    /// The sum divided by `count`, rounded once. NaN if that is 0.
    pub fn over(&self, count: u64) -> f64 {
        Big::from(self).over(count, 1)
    }

    /// Adds `fraction * 2^exponent`.
    #[inline]
    fn add_wide(&mut self, fraction: u128, exponent: i32, negative: bool) {
        self.add_digits(fraction as u64, exponent, negative);
        self.add_digits((fraction >> 64) as u64, exponent + 64, negative);
    }

    /// Adds `fraction * 2^exponent`.
    #[inline]
    fn add_digits(&mut self, fraction: u64, exponent: i32, negative: bool) {
        if fraction == 0 {
            return;
        }
        let at = exponent.div_euclid(DIGIT);
        let inside = self.low <= at && at + 3 <= self.low + self.digits.len() as i32;
        if !inside {
            self.cover(at, at + 3);
        }
        if self.pending >= PENDING {
            self.carry();
            self.cover(at, at + 3);
        }
        self.pending += 1;
        let shifted = u128::from(fraction) << exponent.rem_euclid(DIGIT);
        let from = (at - self.low) as usize;
        if let Some(digits) = self.digits[from..].first_chunk_mut::<3>() {
            let term = |i: i32| {
                let term = i64::from((shifted >> (DIGIT * i)) as u32);
                if negative { -term } else { term }
            };
            digits[0] += term(0);
            digits[1] += term(1);
            digits[2] += term(2);
        }
    }

    /// Makes room for the digits `from..to`.
    fn cover(&mut self, from: i32, to: i32) {
        if self.digits.is_empty() {
            self.low = from;
        }
        if from < self.low {
            let missing = (self.low - from) as usize;
            self.digits.splice(0..0, std::iter::repeat_n(0, missing));
            self.low = from;
        }
        let len = (to - self.low) as usize;
        if self.digits.len() < len {
            self.digits.resize(len, 0);
        }
    }

    /// Brings every digit back below 2^32.
    fn carry(&mut self) {
        *self = Sum::from_big(&Big::from(&*self));
    }

    fn from_big(big: &Big) -> Sum {
        let sign = if big.negative { -1 } else { 1 };
        Sum {
            digits: big.digits.iter().map(|&d| sign * i64::from(d)).collect(),
            low: big.low,
            pending: 1,
        }
    }
}

/// Equal if the numbers are, whatever way they came about.
impl PartialEq for Sum {
    fn eq(&self, other: &Sum) -> bool {
        Big::from(self) == Big::from(other)
    }
}

impl From<&Sum> for Big {
    fn from(sum: &Sum) -> Big {
        Big::carried(sum.digits.clone(), sum.low)
    }
}

/// What is written, of zero nothing: the power of 2^32 of the lowest digit, whether it is
/// negative, and the digits, four bytes each, the least significant first.
#[derive(Deserialize, Serialize)]
#[serde(transparent)]
struct Bytes(ByteBuf);

impl From<Sum> for Bytes {
    fn from(sum: Sum) -> Bytes {
        let big = Big::from(&sum);
        if big.digits.is_empty() {
            return Bytes(ByteBuf::new());
        }
        let mut bytes = vec![big.low as u8, u8::from(big.negative)];
        bytes.extend(big.digits.iter().flat_map(|digit| digit.to_le_bytes()));
        Bytes(ByteBuf::from(bytes))
    }
}

impl TryFrom<Bytes> for Sum {
    type Error = &'static str;

    fn try_from(Bytes(bytes): Bytes) -> Result<Sum, &'static str> {
        let (low, negative, digits) = match bytes[..] {
            [] => return Ok(Sum::new()),
            [low, negative @ 0..2, ref digits @ ..] => (low as i8, negative > 0, digits),
            _ => return Err("no sum"),
        };
        let (digits, rest) = digits.as_chunks::<4>();
        // Squares reach from 2^-2148 to 2^2048, and 2^64 of them may be added.
        let top = i64::from(low) + digits.len() as i64;
        if low < -70 || top > 70 || !rest.is_empty() {
            return Err("a sum out of range");
        }
        Ok(Sum::from_big(&Big {
            negative,
            low: low.into(),
            digits: digits
                .iter()
                .map(|digit| u32::from_le_bytes(*digit))
                .collect(),
        }))
    }
}

/// The count of some numbers, their exact sum and that of their squares.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Moments {
    count: u64,
    sum: Sum,
    squares: Sum,
}

impl Moments {
    /// Of no number.
    pub fn new() -> Moments {
        Moments::default()
    }

    /// Adds a finite number.
    #[inline]
    pub fn add(&mut self, number: f64) {
        self.add_times(number, 1);
    }

    /// Adds a finite number so many times, less than 2^22.
    #[inline]
    pub fn add_times(&mut self, number: f64, times: u32) {
        self.count += u64::from(times);
        self.sum.add_times(number, times);
        self.squares.add_square_times(number, times);
    }

    /// Adds the numbers of another.
    pub fn merge(&mut self, other: &Moments) {
        self.count += other.count;
        self.sum.merge(&other.sum);
        self.squares.merge(&other.squares);
    }

    /// How many numbers there are.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Their sum, rounded once.
    pub fn sum(&self) -> f64 {
        self.sum.value()
    }

    /// Their mean, rounded once; `None` of no number.
    pub fn mean(&self) -> Option<f64> {
        (self.count > 0).then(|| self.sum.over(self.count))
    }

    /// The standard deviation of these numbers as a population; `None` of no
    /// number. The variance is exact before it is rounded, so nothing is lost
    /// where the mean is large and the deviation small.
    pub fn stddev(&self) -> Option<f64> {
        if self.count == 0 {
            return None;
        }
        let sum = Big::from(&self.sum);
        let squares = Big::from(&self.squares).times(&Big::from(self.count));
        let scaled = squares.minus(&sum.times(&sum));
        // Of what is read back the variance may be anything.
        Some(scaled.over(self.count, 2).max(0.0).sqrt())
    }
}

/// A finite number as `fraction * 2^exponent`.
fn parts(number: f64) -> (u64, i32, bool) {
    debug_assert!(number.is_finite(), "only numbers are added");
    let bits = number.to_bits();
    let (field, fraction) = ((bits >> 52) as i32 & 0x7ff, bits & (u64::MAX >> 12));
    let normal = u64::from(field != 0) << 52;
    (fraction | normal, field.max(1) - 1075, bits >> 63 == 1)
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "exact is what is promised")]
mod tests {
    use super::*;

    /// Numbers of every size and sign, the same every time.
    fn numbers(count: usize) -> Vec<f64> {
        let mut state = 7u64;
        let next = |state: &mut u64| {
            *state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            *state
        };
        let number = |_| loop {
            let number = f64::from_bits(next(&mut state) ^ (next(&mut state) >> 20));
            if number.is_finite() {
                return number;
            }
        };
        (0..count).map(number).collect()
    }

    fn sum(numbers: &[f64]) -> Sum {
        let mut sum = Sum::new();
        for &number in numbers {
            sum.add(number);
        }
        sum
    }

    #[test]
    fn rounded_once() {
        for (terms, want) in [
            (&[][..], 0.0),
            (&[0.0, -0.0], 0.0),
            (&[1.5], 1.5),
            (&[0.1; 10], 1.0),
            (&[1e100, 1.0, -1e100], 1.0),
            (&[f64::MAX, f64::MAX, -f64::MAX], f64::MAX),
            (&[f64::MAX, f64::MAX], f64::INFINITY),
            (&[5e-324, 5e-324], 1e-323),
            (&[1.0, 1e-16, 1e-16], 1.000_000_000_000_000_2),
            (&[9_007_199_254_740_992.0, 1.0], 9_007_199_254_740_992.0),
            (
                &[9_007_199_254_740_992.0, 1.0, 1e-300],
                9_007_199_254_740_994.0,
            ),
            (&[-3.25, 1.0], -2.25),
        ] {
            assert_eq!(sum(terms).value(), want, "{terms:?}");
        }
    }

    #[test]
    fn the_order_and_the_cut_do_not_matter() {
        let numbers = numbers(300);
        let whole = sum(&numbers);
        let mut backwards = numbers.clone();
        backwards.reverse();
        assert_eq!(sum(&backwards), whole);
        for cut in [0, 1, 150, 300] {
            let (mut a, b) = (sum(&numbers[cut..]), sum(&numbers[..cut]));
            a.merge(&b);
            assert_eq!(a, whole);
            let text = serde_json::to_string(&a).unwrap();
            assert_eq!(text, serde_json::to_string(&whole).unwrap());
            let read: Sum = serde_json::from_str(&text).unwrap();
            assert_eq!(read, whole);
        }
        let opposite: Vec<f64> = numbers.iter().map(|n| -n).collect();
        let mut nothing = whole;
        nothing.merge(&sum(&opposite));
        assert_eq!(nothing, Sum::new());
    }

    #[test]
    fn digits_are_carried_in_time() {
        let mut sum = Sum::new();
        sum.add(1.0);
        let mut doubled = 1.0;
        for _ in 0..100 {
            let same = sum.clone();
            sum.merge(&same);
            doubled *= 2.0;
        }
        assert_eq!(sum.value(), doubled);
        sum.add(-1.0);
        sum.add(-doubled);
        assert_eq!(sum.value(), -1.0);
    }

    #[test]
    fn a_number_added_many_times_is_one_added_as_often() {
        for (number, times) in numbers(60)
            .into_iter()
            .zip([1, 2, 3, 255, 1000].into_iter().cycle())
        {
            let (mut once, mut each) = (Moments::new(), Moments::new());
            once.add(1.5);
            once.add_times(number, times);
            each.add(1.5);
            (0..times).for_each(|_| each.add(number));
            assert_eq!(once, each, "{number} {times}");
        }
        let most = (1 << 22) - 1;
        let mut sum = Moments::new();
        sum.add_times(f64::MAX, most);
        let sums = Big::from(&sum.sum).over(u64::from(most), 1);
        assert_eq!((sums, sum.stddev()), (f64::MAX, Some(0.0)));
    }

    #[test]
    fn moments_of_close_numbers() {
        let mut moments = Moments::new();
        assert_eq!((moments.mean(), moments.stddev()), (None, None));
        for number in [1e9 + 4.0, 1e9 + 7.0, 1e9 + 13.0, 1e9 + 16.0] {
            moments.add(number);
        }
        assert_eq!(moments.count(), 4);
        assert_eq!(moments.mean(), Some(1e9 + 10.0));
        assert_eq!(moments.stddev(), Some(22.5f64.sqrt()));
        let mut one = Moments::new();
        (0..10).for_each(|_| one.add(0.1));
        assert_eq!((one.mean(), one.stddev()), (Some(0.1), Some(0.0)));
    }

    #[test]
    fn what_is_read_is_checked() {
        for text in [
            "[185,0,1,0,0,0]",
            "[70,0,1,0,0,0]",
            "[0,2,1,0,0,0]",
            "[0,0,1,0,0]",
            "[0]",
        ] {
            assert!(serde_json::from_str::<Sum>(text).is_err());
        }
    }
}
