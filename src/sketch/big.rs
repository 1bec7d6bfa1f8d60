//! Numbers of as many digits as they need.

#![expect(
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    reason = "there are some hundred digits at most, and differences of places are taken low to high"
)]

/// A number: `digits[i] * 2^(32 * (low + i))` together, with a sign.
///
/// Its form is unique: neither the first nor the last digit is 0, and zero has
/// no digit and no sign.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct Big {
    pub(super) negative: bool,
    pub(super) low: i32,
    pub(super) digits: Vec<u32>,
}

impl Big {
    /// The number that these digits come to, which may be of any size and sign.
    pub(super) fn carried(mut digits: Vec<i64>, low: i32) -> Big {
        let mut carry = carry(&mut digits);
        let negative = carry < 0;
        if negative {
            // All digits but the carry are positive: turn the whole around.
            digits.push(carry);
            for digit in &mut digits {
                *digit = -*digit;
            }
            carry = self::carry(&mut digits);
        }
        while carry > 0 {
            digits.push(carry & 0xffff_ffff);
            carry >>= 32;
        }
        let digits = digits.into_iter().map(|digit| digit as u32).collect();
        Big {
            negative,
            low,
            digits,
        }
        .trimmed()
    }

    fn trimmed(mut self) -> Big {
        let len = self
            .digits
            .iter()
            .rposition(|&d| d > 0)
            .map_or(0, |i| i + 1);
        self.digits.truncate(len);
        let zeros = self.digits.iter().take_while(|&&d| d == 0).count();
        self.digits.drain(..zeros);
        self.low += zeros as i32;
        if self.digits.is_empty() {
            return Big::default();
        }
        self
    }

    pub(super) fn times(&self, other: &Big) -> Big {
        let mut digits = vec![0u32; self.digits.len() + other.digits.len()];
        for (i, &a) in self.digits.iter().enumerate() {
            let mut carry = 0u64;
            for (j, &b) in other.digits.iter().enumerate() {
                let sum = u64::from(digits[i + j]) + u64::from(a) * u64::from(b) + carry;
                digits[i + j] = sum as u32;
                carry = sum >> 32;
            }
            digits[i + other.digits.len()] = carry as u32;
        }
        Big {
            negative: self.negative != other.negative,
            low: self.low + other.low,
            digits,
        }
        .trimmed()
    }

    pub(super) fn minus(&self, other: &Big) -> Big {
        let low = match (self.digits.is_empty(), other.digits.is_empty()) {
            (true, true) => return Big::default(),
            (true, false) => other.low,
            (false, true) => self.low,
            (false, false) => self.low.min(other.low),
        };
        let end = |big: &Big| big.low + big.digits.len() as i32;
        let len = (end(self).max(end(other)) - low).max(0) as usize;
        let mut digits = vec![0i64; len];
        for (big, sign) in [(self, 1), (other, -1)] {
            let sign = if big.negative { -sign } else { sign };
            for (i, &digit) in big.digits.iter().enumerate() {
                digits[(big.low - low) as usize + i] += sign * i64::from(digit);
            }
        }
        Big::carried(digits, low)
    }

    /// The nearest float.
    pub(super) fn to_f64(&self) -> f64 {
        self.over(1, 0)
    }

    /// The nearest float to this number divided by `divisor`, `times` times.
    pub(super) fn over(&self, divisor: u64, times: u32) -> f64 {
        if divisor == 0 {
            return f64::NAN;
        }
        if self.digits.is_empty() {
            return 0.0;
        }
        // Room below for the quotients' digits: 64 bits each and 64 to round.
        let room = 2 * times as usize + 2;
        let mut digits = vec![0; room];
        digits.extend(&self.digits);
        let mut rest = false;
        for _ in 0..times {
            rest |= divide(&mut digits, divisor);
        }
        let magnitude = rounded(&digits, i64::from(self.low) - room as i64, rest);
        if self.negative { -magnitude } else { magnitude }
    }
}

impl From<u64> for Big {
    fn from(number: u64) -> Big {
        Big {
            negative: false,
            low: 0,
            digits: vec![number as u32, (number >> 32) as u32],
        }
        .trimmed()
    }
}

/// Carries from digit to digit; returns what is left over at the end.
fn carry(digits: &mut [i64]) -> i64 {
    digits.iter_mut().fold(0, |carry, digit| {
        let sum = *digit + carry;
        *digit = sum & 0xffff_ffff;
        sum >> 32
    })
}

/// Divides, and says whether there is a remainder.
fn divide(digits: &mut [u32], divisor: u64) -> bool {
    let divisor = u128::from(divisor);
    let rest = digits.iter_mut().rev().fold(0, |rest, digit| {
        let dividend = rest << 32 | u128::from(*digit);
        *digit = (dividend / divisor) as u32;
        dividend % divisor
    });
    rest > 0
}

/// The float nearest to the digits, where the first is worth `2^(32 * low)`
/// and a bit more if there is a `rest`; of two that are as near, the even one.
fn rounded(digits: &[u32], low: i64, rest: bool) -> f64 {
    let Some(last) = digits.iter().rposition(|&digit| digit > 0) else {
        return 0.0;
    };
    let top = 32 * last as i64 + 31 - i64::from(digits[last].leading_zeros());
    // The exponent of the last bit that a float of this size has.
    let lowest = (top + 32 * low - 52).max(-1074);
    let cut = lowest - 32 * low;
    let bit = |at: i64| at >= 0 && digits[at as usize / 32] >> (at % 32) & 1 == 1;
    let mut fraction = 0u64;
    for at in (cut..=top).rev() {
        fraction = fraction << 1 | u64::from(bit(at));
    }
    let half = cut > 0 && cut - 1 <= top && bit(cut - 1);
    let below = rest || (0..(cut - 1).min(top + 1)).any(bit);
    if half && (below || fraction & 1 == 1) {
        fraction += 1;
    }
    // A fraction of 53 bits brings its own first bit to the exponent.
    let exponent = (lowest + 1074) as u64;
    if exponent >= 2046 {
        return f64::INFINITY;
    }
    f64::from_bits(((exponent << 52) + fraction).min(f64::INFINITY.to_bits()))
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "exact is what is promised")]
mod tests {
    use super::*;

    #[test]
    fn one_form_only() {
        let big = |digits: &[i64]| Big::carried(digits.to_vec(), -1);
        for (digits, negative, low, want) in [
            (&[][..], false, 0, &[][..]),
            (&[0, 0], false, 0, &[]),
            (&[0, 7], false, 0, &[7]),
            (&[-1], true, -1, &[1]),
            (&[-1, 1], false, -1, &[0xffff_ffff]),
            (&[0xffff_ffff, -1], true, -1, &[1]),
            (&[1 << 40, 0], false, 0, &[256]),
            (&[-(1 << 40), 3], true, 0, &[253]),
            (&[1, 1 << 33], false, -1, &[1, 0, 2]),
        ] {
            let got = big(digits);
            let want = Big {
                negative,
                low,
                digits: want.to_vec(),
            };
            assert_eq!(got, want, "{digits:?}");
        }
    }

    #[test]
    fn arithmetic_as_in_u128() {
        let (a, b) = (0xfedc_ba98_7654_3210u64, 0x0123_4567_89ab_cdefu64);
        let product = Big::from(a).times(&Big::from(b));
        assert_eq!(product.to_f64(), (u128::from(a) * u128::from(b)) as f64);
        assert_eq!(
            Big::from(b).minus(&Big::from(a)).to_f64(),
            -((a - b) as f64)
        );
        assert_eq!(Big::from(a).minus(&Big::from(a)), Big::default());
        for divisor in [1, 3, 7, 1 << 40, u64::MAX] {
            let (got, want) = (
                Big::from(12_345).over(divisor, 1),
                12_345.0 / divisor as f64,
            );
            assert_eq!(got, want, "by {divisor}");
        }
        assert_eq!(Big::from(1).over(3, 2), 1.0 / 9.0);
        assert!(Big::from(1).over(0, 1).is_nan());
        // Rounded once: the quotient lies just above the middle of two floats.
        let odd = Big::from((1 << 54) + 3);
        assert_eq!(odd.over(1, 1), ((1u64 << 54) + 4) as f64);
    }
}
