//! Intervals of time as keys.

/// The seconds of an interval such as `5m`; at least one.
pub(super) fn bucket_seconds(text: &str) -> Option<u64> {
    let unit = match text.as_bytes().last()? {
        b's' => 1,
        b'm' => 60,
        b'h' => 3600,
        b'd' => 86_400,
        _ => return None,
    };
    let number: u64 = text[..text.len() - 1].parse().ok()?;
    number.checked_mul(unit).filter(|&seconds| seconds > 0)
}
