//! Values as people read them.

use std::{fmt::Write as _, path::Path};

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use super::{Cell, Unit};
use crate::harmless::is_harmful;

/// A name of a program in words: `line_length` as `line length`.
pub(super) fn words(name: &str) -> String {
    name.replace('_', " ")
}

/// A number with its thousands apart: `1,234,567`.
pub fn grouped(number: u64) -> String {
    group(&number.to_string())
}

/// A number with its thousands apart, where there may be none: `-`.
pub(super) fn grouped_or_none(number: Option<u64>) -> String {
    number.map_or_else(|| "-".into(), grouped)
}

/// A name that can do nothing to a terminal.
pub(super) fn name(path: &Path) -> String {
    printable(path.as_os_str().as_encoded_bytes())
}

/// So many things: `1 group`, `1,234 groups`.
pub(super) fn counted(number: u64, one: &str, many: &str) -> String {
    format!(
        "{} {}",
        grouped(number),
        if number == 1 { one } else { many }
    )
}

fn group(digits: &str) -> String {
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Text that can do nothing to a terminal: control characters, characters that
/// turn the direction of what follows, and bytes that are not UTF-8 are
/// escaped.
pub fn printable(bytes: &[u8]) -> String {
    let mut text = String::new();
    for piece in bytes.utf8_chunks() {
        for char in piece.valid().chars() {
            if is_harmful(char) {
                text.extend(char.escape_default());
            } else {
                text.push(char);
            }
        }
        for byte in piece.invalid() {
            let _ = write!(text, "\\x{byte:02x}");
        }
    }
    text
}

/// The text in at most `width` columns, with an ellipsis in the middle where
/// something is cut out: both ends of a key tell it from others.
pub(super) fn cut(text: &str, width: usize, ellipsis: &str) -> String {
    if text.width() <= width {
        return text.to_string();
    }
    let room = width.saturating_sub(ellipsis.width());
    let (tail_room, mut head, mut used) = (room / 2, String::new(), 0);
    for char in text.chars() {
        used += char.width().unwrap_or(0);
        if used > room - tail_room {
            break;
        }
        head.push(char);
    }
    let (mut tail, mut used) = (Vec::new(), 0);
    for char in text.chars().rev() {
        used += char.width().unwrap_or(0);
        if used > tail_room {
            break;
        }
        tail.push(char);
    }
    head.push_str(ellipsis);
    head.extend(tail.iter().rev());
    head
}

/// A cell for people.
pub(super) fn shown(cell: &Cell, unit: Unit, ascii: bool) -> String {
    match cell {
        Cell::Null => "-".into(),
        Cell::Text(bytes) => printable(bytes),
        Cell::Flag(flag) => if *flag { "yes" } else { "no" }.into(),
        Cell::Series(counts) => sparkline(&binned(counts, SERIES), ascii),
        Cell::Count(count) => match unit {
            Unit::Plain | Unit::Percent => grouped(*count) + suffix(unit),
            Unit::Bytes | Unit::Seconds => measured(*count as f64, unit, ascii),
            Unit::Times => times(&grouped(*count), ascii),
        },
        Cell::Number(number) => match unit {
            Unit::Plain => rounded(*number),
            // As many decimals in every row, so that they stand below each other.
            Unit::Percent => format!("{number:.1}%"),
            Unit::Bytes | Unit::Seconds => measured(*number, unit, ascii),
            Unit::Times => times(&rounded(*number), ascii),
        },
    }
}

fn times(number: &str, ascii: bool) -> String {
    format!("{}{number}", if ascii { "x" } else { "\u{d7}" })
}

fn suffix(unit: Unit) -> &'static str {
    if unit == Unit::Percent { "%" } else { "" }
}

/// A number in four significant digits, or in all before the point.
pub(super) fn rounded(number: f64) -> String {
    let magnitude = number.abs();
    if magnitude == 0.0 {
        return "0".into();
    }
    if !(1e-4..1e15).contains(&magnitude) {
        return format!("{number:.3e}");
    }
    let before = magnitude.log10().floor() as i32;
    let decimals = usize::try_from(3 - before).unwrap_or(0);
    let text = format!("{magnitude:.decimals$}");
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let fraction = fraction.trim_end_matches('0');
    let sign = if number < 0.0 { "-" } else { "" };
    let point = if fraction.is_empty() { "" } else { "." };
    format!("{sign}{}{point}{fraction}", group(whole))
}

/// A duration or a size in the unit that fits it.
fn measured(number: f64, unit: Unit, ascii: bool) -> String {
    let micro = if ascii { "us" } else { "\u{b5}s" };
    let scale: &[(f64, &str)] = match unit {
        Unit::Seconds => &[(1e-9, "ns"), (1e-6, micro), (1e-3, "ms"), (1.0, "s")],
        _ => &[
            (1.0, "B"),
            (1024.0, "KiB"),
            (1_048_576.0, "MiB"),
            (1_073_741_824.0, "GiB"),
            (1_099_511_627_776.0, "TiB"),
        ],
    };
    let magnitude = number.abs();
    // A value that is rounded up to the next unit is shown in that one.
    let fits = |&&(one, _): &&(f64, &str)| magnitude * 1.000_05 >= one;
    let plain = if unit == Unit::Seconds { 3 } else { 0 };
    let (one, name) = match scale.iter().rfind(fits) {
        Some(found) => *found,
        None if magnitude == 0.0 => scale[plain],
        None => scale[0],
    };
    format!("{} {name}", rounded(number / one))
}

/// A series is drawn in so many columns at most, where nothing else bounds it.
pub(super) const SERIES: usize = 200;

/// The counts in at most so many, from the first to the last however many there
/// are: each what several of them side by side come to. Where one stands for one
/// less than another, it is taken for as many.
pub(super) fn binned(counts: &[u64], most: usize) -> Vec<u64> {
    let (len, bins) = (counts.len(), counts.len().min(most));
    let each = len.div_ceil(bins.max(1)) as u128;
    let bin = |at: usize| {
        let bin = &counts[at * len / bins..(at + 1) * len / bins];
        let sum = bin.iter().map(|&count| u128::from(count)).sum::<u128>();
        u64::try_from(sum * each / bin.len() as u128).unwrap_or(u64::MAX)
    };
    (0..bins).map(bin).collect()
}

/// Counts as a row of bars, the highest of which is the greatest count.
pub(super) fn sparkline(counts: &[u64], ascii: bool) -> String {
    const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    const PLAIN: [char; 8] = ['_', '.', ',', '-', '~', '=', '^', '#'];
    let bars = if ascii { PLAIN } else { BARS };
    let most = counts.iter().copied().max().unwrap_or(0).max(1);
    let bar = |&count: &u64| match count {
        0 => ' ',
        _ => bars[((u128::from(count) * 8).div_ceil(u128::from(most)) - 1) as usize],
    };
    counts.iter().map(bar).collect()
}

/// A bar of at most `width` columns for a share of the greatest value; never
/// empty where there is something.
pub(super) fn bar(share: f64, width: usize, ascii: bool) -> String {
    const PARTS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    if share <= 0.0 || share.is_nan() {
        return String::new();
    }
    if ascii {
        return "#".repeat(steps(share, width));
    }
    let eighths = steps(share, 8 * width);
    "█".repeat(eighths / 8) + PARTS[eighths % 8]
}

/// A positive share of so many steps: one at least.
#[expect(clippy::cast_sign_loss, reason = "it is positive")]
fn steps(share: f64, of: usize) -> usize {
    ((share * of as f64).round() as usize).clamp(1, of)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_apart() {
        for (number, want) in [
            (0, "0"),
            (999, "999"),
            (1000, "1,000"),
            (12_345_678, "12,345,678"),
        ] {
            assert_eq!(grouped(number), want);
        }
        assert_eq!(grouped(u64::MAX), "18,446,744,073,709,551,615");
    }

    #[test]
    fn text_cannot_drive_a_terminal() {
        assert_eq!(
            printable(b"a\x1b[2J\n\xff\xc2\x9b"),
            "a\\u{1b}[2J\\n\\xff\\u{9b}"
        );
        assert_eq!(printable("ä €".as_bytes()), "ä €");
        assert_eq!(printable("a\u{202e}b".as_bytes()), "a\\u{202e}b");
    }

    #[test]
    fn long_keys_keep_both_ends() {
        for (text, width, want) in [
            ("abcdef", 6, "abcdef"),
            ("abcdef", 5, "ab…ef"),
            ("abcdef", 4, "ab…f"),
            ("abcdef", 1, "…"),
            ("中文字符串", 10, "中文字符串"),
            ("中文字符串", 9, "中文…符串"),
            ("中文字符串", 8, "中文…串"),
            ("中文字符串", 5, "中…串"),
            ("中文字符串", 4, "中…"),
        ] {
            assert_eq!(cut(text, width, "…"), want, "{text} in {width}");
            assert!(cut(text, width, "…").width() <= width);
        }
    }

    #[test]
    fn numbers_with_their_units() {
        let show = |number: f64, unit| shown(&Cell::Number(number), unit, false);
        for (number, unit, want) in [
            (0.0, Unit::Seconds, "0 s"),
            (0.0015, Unit::Seconds, "1.5 ms"),
            (0.000_999_99, Unit::Seconds, "1 ms"),
            (2.5e-7, Unit::Seconds, "250 ns"),
            (4.2e-5, Unit::Seconds, "42 µs"),
            (-1.25, Unit::Seconds, "-1.25 s"),
            (86_400.0, Unit::Seconds, "86,400 s"),
            (1e-12, Unit::Seconds, "0.001 ns"),
            (0.0, Unit::Bytes, "0 B"),
            (1023.0, Unit::Bytes, "1,023 B"),
            (1536.0, Unit::Bytes, "1.5 KiB"),
            (5e15, Unit::Bytes, "4,547 TiB"),
            (12.345, Unit::Percent, "12.3%"),
            (100.0, Unit::Percent, "100.0%"),
            (3.0, Unit::Plain, "3"),
            (1234.5678, Unit::Plain, "1,235"),
            (-0.123_456, Unit::Plain, "-0.1235"),
            (1e300, Unit::Plain, "1.000e300"),
            (9.999_96, Unit::Plain, "10"),
        ] {
            assert_eq!(show(number, unit), want);
        }
        assert_eq!(shown(&Cell::Count(2048), Unit::Bytes, false), "2 KiB");
        assert_eq!(shown(&Cell::Count(2048), Unit::Plain, false), "2,048");
    }

    #[test]
    fn bars_are_never_empty_for_something() {
        assert_eq!(bar(1.0, 4, false), "████");
        assert_eq!(bar(0.5, 3, false), "█▌");
        assert_eq!(bar(1e-9, 4, false), "▏");
        assert_eq!(bar(0.0, 4, false), "");
        assert_eq!(bar(0.5, 4, true), "##");
        assert_eq!(sparkline(&[0, 1, 4, 8], false), " ▁▄█");
        assert_eq!(sparkline(&[0, 0], true), "  ");
    }

    #[test]
    fn bins_are_of_all_counts() {
        assert_eq!(binned(&[1, 2, 3], 3), [1, 2, 3]);
        assert_eq!(binned(&[1, 2, 3, 4, 5], 3), [2, 5, 9]);
        assert_eq!(binned(&[0, 0, 0, 1], 1), [1]);
        assert_eq!(binned(&[u64::MAX, 1], 1), [u64::MAX]);
        assert!(binned(&[], 5).is_empty());
        for (len, most) in [(200, 60), (86_400, 199), (7, 100), (61, 60)] {
            let mut counts = vec![0; len];
            counts[len - 1] = 1;
            let bins = binned(&counts, most);
            assert_eq!(bins.len(), most.min(len));
            assert!(bins[bins.len() - 1] > 0 && bins[0] == 0);
        }
    }
}
