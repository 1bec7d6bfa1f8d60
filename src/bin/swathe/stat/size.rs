//! Sizes as people write them.

/// A number of bytes: digits with `K`, `M`, `G` or `T` behind them, which
/// stand for powers of 1024.
pub(crate) fn parse_size(text: &str) -> Result<u64, String> {
    let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    let unit = match text[digits.len()..].to_ascii_uppercase().as_str() {
        "" => 1,
        "K" => 1 << 10,
        "M" => 1 << 20,
        "G" => 1 << 30,
        "T" => 1 << 40,
        _ => return Err("expected a number with K, M or G behind it, such as 512K".into()),
    };
    let number: u64 = digits
        .parse()
        .map_err(|_| "expected a number of bytes, such as 4096 or 512K".to_string())?;
    let size = number.checked_mul(unit);
    size.ok_or_else(|| "is larger than 16 exbibytes".to_string())
}

/// A size of at least one byte.
pub(crate) fn parse_positive_size(text: &str) -> Result<u64, String> {
    match parse_size(text)? {
        0 => Err("must be at least 1".into()),
        size => Ok(size),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_of_every_kind() {
        for (text, want) in [
            ("0", Some(0)),
            ("1", Some(1)),
            ("64k", Some(65536)),
            ("2M", Some(2 << 20)),
            ("3G", Some(3 << 30)),
            ("", None),
            ("K", None),
            ("-1", None),
            ("1.5K", None),
            ("1KB", None),
            ("1 K", None),
            ("ä", None),
            ("99999999999T", None),
        ] {
            assert_eq!(parse_size(text).ok(), want, "{text}");
        }
        assert!(parse_positive_size("0").is_err());
    }
}
