//! The values of flags.

use std::{
    ffi::{OsStr, OsString},
    fmt::Display,
    path::PathBuf,
    str::FromStr,
};

use bstr::ByteVec as _;
use swathe::time::duration;

use super::usage;

/// Text.
///
/// # Errors
/// When it is not UTF-8.
pub(crate) fn text(value: &OsStr) -> Result<&str, String> {
    value
        .to_str()
        .ok_or_else(|| "the value is not valid UTF-8".to_string())
}

/// Text that is kept.
///
/// # Errors
/// When it is not UTF-8.
pub(crate) fn string(value: &OsStr) -> Result<String, String> {
    text(value).map(str::to_string)
}

/// Any bytes, as they are.
#[expect(
    clippy::unnecessary_wraps,
    reason = "it is one of the readers of values"
)]
pub(crate) fn raw(value: &OsStr) -> Result<OsString, String> {
    Ok(value.to_os_string())
}

/// The name of a file.
#[expect(
    clippy::unnecessary_wraps,
    reason = "it is one of the readers of values"
)]
pub(crate) fn path(value: &OsStr) -> Result<PathBuf, String> {
    Ok(value.into())
}

/// What text says that reads itself.
///
/// # Errors
/// When it does not.
pub(crate) fn parsed<T: FromStr<Err: Display>>(value: &OsStr) -> Result<T, String> {
    text(value)?
        .parse()
        .map_err(|error: T::Err| error.to_string())
}

/// A whole number within these bounds.
///
/// # Errors
/// When it is none, or beyond them.
pub(crate) fn within<N: FromStr + PartialOrd + Display>(
    least: N,
    most: N,
) -> impl Fn(&OsStr) -> Result<N, String> {
    move |value| match number(value)? {
        number if number < least => Err(format!("it is at least {least}")),
        number if number > most => Err(format!("it is at most {most}")),
        number => Ok(number),
    }
}

/// A whole number.
///
/// # Errors
/// When it is none, or too large.
pub(crate) fn number<N: FromStr>(value: &OsStr) -> Result<N, String> {
    let text = text(value)?;
    text.parse().map_err(|_| {
        if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
            format!("{text} is too large")
        } else {
            format!("'{}' is not a whole number", shown(text))
        }
    })
}

/// A number of bytes, with K, M, G or T for powers of 1024.
///
/// # Errors
/// When it is none, or too large.
pub(crate) fn size(value: &OsStr) -> Result<u64, String> {
    let text = text(value)?;
    let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    let unit = match &text[digits.len()..] {
        "" => Some(1),
        "K" | "k" => Some(1 << 10),
        "M" | "m" => Some(1 << 20),
        "G" | "g" => Some(1 << 30),
        "T" | "t" => Some(1 << 40),
        _ => None,
    };
    let digits = Some(digits).filter(|digits| digits.bytes().all(|b| b.is_ascii_digit()));
    let (Some(unit), Some(digits)) = (unit, digits.filter(|digits| !digits.is_empty())) else {
        return Err(format!(
            "'{}' is not a size; write bytes, or a number with K, M or G, like 512K",
            shown(text)
        ));
    };
    let count: Option<u64> = digits.parse().ok();
    count
        .and_then(|count| count.checked_mul(unit))
        .ok_or_else(|| format!("{text} is too large"))
}

/// A number of bytes, at least one.
///
/// # Errors
/// When it is none, zero, or too large.
pub(crate) fn positive_size(value: &OsStr) -> Result<u64, String> {
    match size(value)? {
        0 => Err("it is at least 1 byte".to_string()),
        size => Ok(size),
    }
}

/// One of a few words.
///
/// # Errors
/// When it is none of them; the message lists them.
pub(crate) fn choice<T: Clone>(value: &OsStr, choices: &[(&str, T)]) -> Result<T, String> {
    let text = text(value)?;
    if let Some((_, choice)) = choices.iter().find(|(name, _)| *name == text) {
        return Ok(choice.clone());
    }
    let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
    let near = usage::nearest(text, names.iter().copied());
    let near = near.map_or(String::new(), |near| format!("did you mean {near}? "));
    Err(format!(
        "'{}' is not a choice; {near}choose one of {}",
        shown(text),
        names.join(", ")
    ))
}

/// More threads than any machine has cores for; beyond, a typing error.
const MOST_THREADS: usize = 4096;

/// A number of threads; 0 for all there are.
///
/// # Errors
/// When it is no number, or beyond reason.
pub(crate) fn threads(value: &OsStr) -> Result<usize, String> {
    within(0, MOST_THREADS)(value)
}

/// Several of a few words, parted by commas.
///
/// # Errors
/// When one is none of them.
pub(crate) fn list<T>(
    value: &OsStr,
    one: impl Fn(&OsStr) -> Result<T, String>,
) -> Result<Vec<T>, String> {
    text(value)?
        .split(',')
        .map(|word| one(word.as_ref()))
        .collect()
}

/// A whole number of seconds as a span of time, such as 5m.
///
/// # Errors
/// When it is none, or nothing.
pub(crate) fn span(value: &OsStr) -> Result<u64, String> {
    let text = text(value)?;
    let seconds = duration(text).and_then(|seconds| u64::try_from(seconds).ok());
    seconds.filter(|&seconds| seconds > 0).ok_or_else(|| {
        format!(
            "'{}' is no span of time; write 10s, 5m, 1h, 1d or 1d12h",
            shown(text)
        )
    })
}

/// Text in which `\t`, `\x7F` and the like stand for bytes.
///
/// # Errors
/// When it is not UTF-8.
pub(crate) fn unescaped(value: &OsStr) -> Result<Vec<u8>, String> {
    let text = value.to_str().ok_or_else(|| {
        "the value is not valid UTF-8; write such bytes as escapes, like \\xFF".to_string()
    })?;
    Ok(Vec::unescape_bytes(text))
}

/// A value in a message: what would move the cursor is left out.
pub(crate) fn shown(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(60).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes() {
        for (text, want) in [
            ("0", Some(0)),
            ("1", Some(1)),
            ("64K", Some(64 << 10)),
            ("64k", Some(64 << 10)),
            ("3M", Some(3 << 20)),
            ("2G", Some(2 << 30)),
            ("", None),
            ("K", None),
            ("-1", None),
            ("+1", None),
            ("1.5M", None),
            ("1KB", None),
            ("1 K", None),
            ("1é", None),
            ("2T", Some(2 << 40)),
            ("18446744073709551615", Some(u64::MAX)),
            ("18446744073709551616", None),
            ("99999999999999G", None),
        ] {
            assert_eq!(size(OsStr::new(text)).ok(), want, "{text}");
        }
    }

    #[test]
    fn numbers_say_what_is_wrong() {
        assert_eq!(number::<u64>(OsStr::new("12")), Ok(12));
        let too_large = number::<u64>(OsStr::new("99999999999999999999")).unwrap_err();
        assert!(too_large.contains("too large"), "{too_large}");
        for text in ["", "-1", "x", "1 ", "\x1b[2J"] {
            let error = number::<usize>(OsStr::new(text)).unwrap_err();
            assert!(error.contains("not a whole number"), "{error}");
            assert!(!error.contains('\x1b'));
        }
    }

    #[test]
    fn escapes() {
        for (text, want) in [
            ("", &b""[..]),
            (r"\t", b"\t"),
            (r"\x00\xFF", b"\x00\xFF"),
            ("é", "é".as_bytes()),
        ] {
            assert_eq!(unescaped(OsStr::new(text)).unwrap(), want);
        }
    }
}
