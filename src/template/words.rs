//! Which words vary from line to line, judged by the word alone.

/// Bytes that part words. They stay in the template; blanks in a row become
/// one space.
pub(super) const SPLIT: [bool; 256] = {
    let mut split = [false; 256];
    let bytes = b" \t\r\x0b\x0c=,;:()[]{}\"'<>|";
    let mut i = 0;
    while i < bytes.len() {
        split[bytes[i] as usize] = true;
        i += 1;
    }
    split
};

/// What the bytes of a word are, all of them together.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Class(u8);

const DIGIT: u8 = 1;
const OTHER_HEX: u8 = 2;
const DOT: u8 = 4;
const SLASH: u8 = 8;
/// Anything a dotted name does not have.
const ODD: u8 = 16;
/// In [`SPLIT`].
const BETWEEN: u8 = 32;

const CLASS: [u8; 256] = {
    let mut class = [0; 256];
    let mut b = 0;
    while b < 256 {
        let byte = b as u8;
        class[b] = match byte {
            _ if SPLIT[b] => BETWEEN,
            b'0'..=b'9' => DIGIT,
            b'a'..=b'f' | b'A'..=b'F' => 0,
            b'g'..=b'z' | b'G'..=b'Z' | b'_' | b'-' | b'$' => OTHER_HEX,
            b'.' => OTHER_HEX | DOT,
            b'/' => OTHER_HEX | SLASH | ODD,
            _ => OTHER_HEX | ODD,
        };
        b += 1;
    }
    class
};

/// What cannot be in a path.
const ENDS_PATH: [bool; 256] = {
    let mut ends = [false; 256];
    let bytes = b" \t\"'<>|)]},;";
    let mut i = 0;
    while i < bytes.len() {
        ends[bytes[i] as usize] = true;
        i += 1;
    }
    ends
};

/// What a word is by itself.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Look {
    /// It varies.
    Varies,
    /// A name with a dot: varies where a value is expected.
    Dotted,
    /// A word.
    Plain,
}

/// How long the word is that the bytes start with, and what it is made of.
#[inline]
pub(super) fn word(bytes: &[u8]) -> (usize, Class) {
    let mut all = 0;
    for (at, byte) in bytes.iter().enumerate() {
        let class = CLASS[usize::from(*byte)];
        if class == BETWEEN {
            return (at, Class(all));
        }
        all |= class;
    }
    (bytes.len(), Class(all))
}

/// Judges a word, which is not empty.
#[inline]
pub(super) fn look(word: &[u8], Class(class): Class) -> Look {
    if class & DIGIT != 0 || (class & OTHER_HEX == 0 && word.len() >= 8) {
        return Look::Varies;
    }
    if class & (DOT | SLASH) == 0 {
        return Look::Plain;
    }
    dotted(word, class)
}

fn dotted(word: &[u8], class: u8) -> Look {
    let inner = word.strip_suffix(b".").unwrap_or(word);
    let dots = count_inner(inner, b'.');
    if class & SLASH != 0 {
        let slashes = count_inner(inner, b'/');
        return if slashes >= 2 || slashes == 1 && dots >= 1 {
            Look::Varies
        } else {
            Look::Plain
        };
    }
    if class & ODD != 0 || dots == 0 {
        Look::Plain
    } else if dots >= 2 && !is_constant(inner) {
        Look::Varies
    } else {
        Look::Dotted
    }
}

/// How often the byte stands between two others.
fn count_inner(word: &[u8], byte: u8) -> usize {
    let between = |w: &&[u8]| w[1] == byte && w[0] != byte && w[2] != byte;
    word.windows(3).filter(between).count()
}

/// `android.intent.action.SCREEN_ON` names one thing of a few.
fn is_constant(word: &[u8]) -> bool {
    let last = word.rsplit(|b| *b == b'.').next().unwrap_or_default();
    last.contains(&b'_') && last.iter().all(|b| b.is_ascii_uppercase() || *b == b'_')
}

/// How long the path or the address is that starts here, of whose bytes the
/// first `word` are a word: up to what cannot be in one.
#[inline]
pub(super) fn path(bytes: &[u8], word: usize) -> Option<usize> {
    let start = match bytes {
        [b'/', next, ..] if next.is_ascii_alphabetic() || b"_.".contains(next) => 1,
        [b'~', b'/', ..] => 2,
        [drive, b':', b'\\', ..] if drive.is_ascii_alphabetic() => 3,
        _ if word > 1 && bytes[word..].starts_with(b"://") => {
            let scheme = |b: &u8| b.is_ascii_alphanumeric() || b"+-.".contains(b);
            bytes[..word].iter().all(scheme).then_some(word + 3)?
        }
        _ => return None,
    };
    let ends = |b: &u8| ENDS_PATH[usize::from(*b)];
    let len = bytes[start..].iter().position(ends);
    Some(len.map_or(bytes.len(), |len| start + len))
}

/// How long the hardware or IPv6 address, or the time of day, is that starts
/// here: three colons or more between hexadecimal numbers, or two between
/// decimal ones.
pub(super) fn colons(bytes: &[u8]) -> Option<usize> {
    let (mut at, mut colons, mut digits, mut letters) = (0, 0, 0, 0);
    loop {
        let hex = bytes[at..]
            .iter()
            .take(5)
            .take_while(|b| b.is_ascii_hexdigit())
            .count();
        if hex > 4 {
            return None;
        }
        let number = &bytes[at..at + hex];
        digits += number.iter().filter(|b| b.is_ascii_digit()).count();
        letters += number.iter().filter(|b| !b.is_ascii_digit()).count();
        at += hex;
        if bytes.get(at) != Some(&b':') || (hex == 0 && colons == 0) {
            break;
        }
        let double = bytes.get(at + 1) == Some(&b':');
        let next = at + 1 + usize::from(double);
        if !bytes.get(next).is_some_and(u8::is_ascii_hexdigit) {
            break;
        }
        colons += 1;
        at = next;
    }
    let bounded = bytes.get(at).is_none_or(|b| SPLIT[usize::from(*b)]);
    let enough = colons >= 3 || colons == 2 && letters == 0;
    (bounded && enough && digits > 0).then_some(at)
}

/// What a word is only beside a number.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Beside {
    /// `Sun`: varies before what varies.
    Day,
    /// `Jul`: varies before or after what varies.
    Month,
    /// `ms`, `UTC`: belongs to the number before it.
    Unit,
}

/// What a word is beside a number, if anything.
pub(super) fn beside(word: &[u8]) -> Option<Beside> {
    let word = word.strip_suffix(b".").unwrap_or(word);
    let mut lower = [0; 7];
    let lower = lower.get_mut(..word.len())?;
    lower.copy_from_slice(word);
    lower.make_ascii_lowercase();
    Some(match &*lower {
        b"jan" | b"feb" | b"mar" | b"apr" | b"may" | b"jun" | b"jul" | b"aug" | b"sep"
        | b"sept" | b"oct" | b"nov" | b"dec" => Beside::Month,
        b"mon" | b"tue" | b"wed" | b"thu" | b"fri" | b"sat" | b"sun" => Beside::Day,
        b"b" | b"kb" | b"mb" | b"gb" | b"tb" | b"kib" | b"mib" | b"gib" | b"byte" | b"bytes"
        | b"bit" | b"bits" | b"s" | b"sec" | b"secs" | b"second" | b"seconds" | b"ms" | b"msec"
        | b"us" | b"ns" | b"min" | b"mins" | b"minute" | b"minutes" | b"h" | b"hour" | b"hours"
        | b"day" | b"days" | b"hz" | b"khz" | b"mhz" | b"ghz" | b"am" | b"pm" | b"utc" | b"gmt"
        | b"est" | b"edt" | b"cst" | b"cdt" | b"pst" | b"pdt" | b"cet" | b"cest" => Beside::Unit,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_vary_by_their_look() {
        for (word, want) in [
            ("word", Look::Plain),
            ("a1", Look::Varies),
            ("deadbeef", Look::Varies),
            ("defaced", Look::Plain),
            ("done.", Look::Plain),
            ("wait...", Look::Plain),
            ("app.log", Look::Dotted),
            ("www.example.com", Look::Varies),
            ("android.intent.SCREEN_ON", Look::Dotted),
            ("and/or", Look::Plain),
            ("com.foo/.Bar", Look::Varies),
            ("a/b/c", Look::Varies),
            ("workerEnv.init!", Look::Plain),
        ] {
            let (len, class) = super::word(word.as_bytes());
            assert_eq!(len, word.len());
            assert_eq!(look(word.as_bytes(), class), want, "{word}");
        }
    }

    #[test]
    fn what_goes_on_over_colons() {
        for (text, want) in [
            ("/usr/bin/x rest", Some(10)),
            ("/ x", None),
            ("~/x", Some(3)),
            ("C:\\Windows\\x.dll)", Some(16)),
            ("http://a.b/c?d=e&f=g\"", Some(20)),
            ("://", None),
            ("x", None),
        ] {
            let (word, _) = word(text.as_bytes());
            assert_eq!(path(text.as_bytes(), word), want, "{text}");
        }
        for (text, want) in [
            ("00:1a:bc:de:f0:12 x", Some(17)),
            ("fe80::1:2:3", Some(11)),
            ("15:16:01", Some(8)),
            ("1:2", None),
            ("ab:cd:ef", None),
            ("12345:1:2:3", None),
            ("1:2:3:", Some(5)),
            ("1:2:3:4x", None),
            ("", None),
        ] {
            assert_eq!(colons(text.as_bytes()), want, "{text}");
        }
    }
}
