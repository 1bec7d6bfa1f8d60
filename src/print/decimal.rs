//! Numbers as decimal digits.

/// The digits of all numbers below 100, two each.
const PAIRS: [u8; 200] = pairs();

const fn pairs() -> [u8; 200] {
    let mut digits = [0; 200];
    let mut n = 0;
    while n < 100 {
        digits[2 * n] = b'0' + (n / 10) as u8;
        digits[2 * n + 1] = b'0' + (n % 10) as u8;
        n += 1;
    }
    digits
}

/// The digits of one number, without an allocation.
#[derive(Clone, Copy, Debug)]
pub(super) struct Decimal {
    bytes: [u8; Decimal::LONGEST],
    start: usize,
}

impl Decimal {
    /// The digits of `u64::MAX`.
    const LONGEST: usize = 20;

    /// The digits of `n`.
    #[inline]
    pub(super) fn new(mut n: u64) -> Decimal {
        let mut bytes = [0; Decimal::LONGEST];
        let mut start = bytes.len();
        while n >= 100 {
            let pair = 2 * (n % 100) as usize;
            n /= 100;
            start -= 2;
            bytes[start..start + 2].copy_from_slice(&PAIRS[pair..pair + 2]);
        }
        if n >= 10 {
            let pair = 2 * n as usize;
            start -= 2;
            bytes[start..start + 2].copy_from_slice(&PAIRS[pair..pair + 2]);
        } else {
            start -= 1;
            bytes[start] = b'0' + n as u8;
        }
        Decimal { bytes, start }
    }

    #[inline]
    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.bytes[self.start..]
    }
}

/// Adds to a number that is written as digits; false, with the digits in
/// disorder, if the sum needs more of them.
#[inline]
pub(super) fn add(digits: &mut [u8], mut addend: u64) -> bool {
    for digit in digits.iter_mut().rev() {
        if addend == 0 {
            return true;
        }
        let sum = addend % 10 + u64::from(*digit - b'0');
        *digit = b'0' + (sum % 10) as u8;
        addend = addend / 10 + sum / 10;
    }
    addend == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_those_of_the_standard_library() {
        let mut n = 1_u64;
        for i in 0..64 {
            for near in [n - 1, n, n + 1, n.wrapping_mul(i)] {
                assert_eq!(Decimal::new(near).as_bytes(), near.to_string().as_bytes());
            }
            n = n.wrapping_mul(2).max(1);
        }
        for n in [0, 9, 10, 99, 100, 101, 999, 1000, 12345, u64::MAX] {
            assert_eq!(Decimal::new(n).as_bytes(), n.to_string().as_bytes());
        }
    }

    #[test]
    fn a_sum_is_written_over_its_summand() {
        for n in [0, 1, 8, 9, 10, 95, 99, 100, 989, 999_999, 1_000_000] {
            for addend in [0, 1, 2, 9, 10, 11, 90, 99, 1000, 999_999, u64::MAX - n] {
                let mut digits = n.to_string().into_bytes();
                let sum = (n + addend).to_string().into_bytes();
                let fits = add(&mut digits, addend);
                assert_eq!(fits, sum.len() == digits.len(), "{n} + {addend}");
                if fits {
                    assert_eq!(digits, sum, "{n} + {addend}");
                }
            }
        }
    }
}
