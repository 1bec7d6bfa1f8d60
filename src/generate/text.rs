//! Writing into a buffer of bytes.

/// Appends text.
#[inline]
pub(super) fn put(out: &mut Vec<u8>, text: &str) {
    out.extend_from_slice(text.as_bytes());
}

/// Appends a decimal number.
#[inline]
pub(super) fn number(out: &mut Vec<u8>, value: u64) {
    padded(out, value, 1);
}

/// Appends a decimal of at least `width` digits.
#[inline]
pub(super) fn padded(out: &mut Vec<u8>, mut value: u64, width: usize) {
    let mut digits = [b'0'; 20];
    let mut at = digits.len();
    while value > 0 {
        at -= 1;
        digits[at] = b'0' + (value % 10) as u8;
        value /= 10;
    }
    out.extend_from_slice(&digits[at.min(digits.len() - width)..]);
}

/// Appends 16 hexadecimal digits.
#[inline]
pub(super) fn hex(out: &mut Vec<u8>, value: u64) {
    let digits: [u8; 16] =
        std::array::from_fn(|i| b"0123456789abcdef"[(value >> (60 - 4 * i)) as usize & 15]);
    out.extend_from_slice(&digits);
}

/// Appends `HH:MM:SS` of a time of day in milliseconds.
#[inline]
pub(super) fn clock(out: &mut Vec<u8>, millis: u64) {
    let seconds = millis / 1000;
    let two = |n: u64| [b'0' + (n / 10) as u8, b'0' + (n % 10) as u8];
    out.extend_from_slice(&two(seconds / 3600));
    out.push(b':');
    out.extend_from_slice(&two(seconds / 60 % 60));
    out.push(b':');
    out.extend_from_slice(&two(seconds % 60));
}
