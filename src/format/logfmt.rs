//! `name=value` pairs.

use std::ops::Range;

use memchr::{memchr, memchr2, memmem};

/// How many names of pairs are told.
const NAMES: usize = 96;

/// The names in the `name=value` pairs of some lines, each once, as they come.
pub(crate) fn pair_names<'l>(lines: impl IntoIterator<Item = &'l [u8]>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let lines = lines.into_iter();
    for word in lines.flat_map(|line| line.split(u8::is_ascii_whitespace)) {
        let len = word
            .iter()
            .take_while(|b| b.is_ascii_alphanumeric() || b"_.@-".contains(b));
        let (name, value) = word.split_at(len.count());
        let starts = name.first().is_some_and(u8::is_ascii_alphabetic);
        if starts && value.len() > 1 && value[0] == b'=' && name.len() <= 32 {
            let name = String::from_utf8_lossy(name);
            if names.len() < NAMES && !names.iter().any(|known| *known == name) {
                names.push(name.into_owned());
            }
        }
    }
    names
}

/// A name to look for.
#[derive(Clone, Debug)]
pub(crate) struct Name {
    /// `name=`.
    finder: memmem::Finder<'static>,
}

/// A value that was found.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Found {
    /// The value, without quotes around it.
    pub(crate) at: Range<usize>,
    /// It holds a backslash that stands for something else.
    pub(crate) escaped: bool,
}

impl Name {
    pub(crate) fn new(name: &str) -> Name {
        Name {
            finder: memmem::Finder::new(&format!("{name}=")).into_owned(),
        }
    }

    /// The value of the first pair of this name, which stands at the start of
    /// the record or behind white space and not within quotes.
    pub(crate) fn find(&self, record: &[u8]) -> Option<Found> {
        let needle = self.finder.needle();
        let mut at = 0;
        loop {
            let start = at + self.finder.find(&record[at..])?;
            let parted = start == 0 || record[start - 1].is_ascii_whitespace();
            if !parted {
                at = start + 1;
                continue;
            }
            // Quotes before it may hold it.
            let quoted = memchr(b'"', &record[..start]).is_some();
            if !quoted || outside_quotes(record, start) {
                return Some(value(record, start + needle.len()));
            }
            at = start + 1;
        }
    }
}

/// Whether no quoted value holds this position.
fn outside_quotes(record: &[u8], position: usize) -> bool {
    let mut at = 0;
    while let Some(quote) = memchr(b'"', &record[at..position]).map(|i| at + i) {
        // Only directly behind a `=` does a quote begin a value.
        if quote == 0 || record[quote - 1] != b'=' {
            at = quote + 1;
            continue;
        }
        match closing(record, quote + 1) {
            Some(end) if end < position => at = end + 1,
            Some(_) => return false,
            None => at = quote + 1,
        }
    }
    true
}

/// Where the quote stands that ends the text from `start` on.
fn closing(record: &[u8], start: usize) -> Option<usize> {
    let mut at = start;
    loop {
        let end = at + memchr2(b'"', b'\\', record.get(at..)?)?;
        if record[end] == b'"' {
            return Some(end);
        }
        at = end + 2;
    }
}

fn value(record: &[u8], start: usize) -> Found {
    if record.get(start) == Some(&b'"')
        && let Some(end) = closing(record, start + 1)
    {
        let at = start + 1..end;
        let escaped = memchr(b'\\', &record[at.clone()]).is_some();
        return Found { at, escaped };
    }
    let len = record[start..].iter().position(u8::is_ascii_whitespace);
    Found {
        at: start..len.map_or(record.len(), |len| start + len),
        escaped: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_by_their_name() {
        for (record, name, want) in [
            ("a=1 b=2", "a", Some("1")),
            ("a=1 b=2", "b", Some("2")),
            ("a=1 b=2", "c", None),
            ("aa=1 a=2", "a", Some("2")),
            ("INFO x-a=1 a=2", "a", Some("2")),
            ("a= b=2", "a", Some("")),
            (r#"a="x y" b=2"#, "a", Some("x y")),
            (r#"m="a=1" a=2"#, "a", Some("2")),
            (r#"m="x a=1" a=2"#, "a", Some("2")),
            (r#"m="x \" a=1" a=2"#, "a", Some("2")),
            (r#"m="open a=1"#, "a", Some("1")),
            (r#"say "hello" a=1"#, "a", Some("1")),
            (r#"say "x a=1" a=2"#, "a", Some("1\"")),
            ("a=1\tb=2", "a", Some("1")),
            ("", "a", None),
            ("a=", "a", Some("")),
            (r#"a="open"#, "a", Some("\"open")),
        ] {
            let found = Name::new(name).find(record.as_bytes());
            let got = found.map(|found| &record[found.at]);
            assert_eq!(got, want, "{record} {name}");
        }
        let found = Name::new("a").find(br#"a="x\"y""#).unwrap();
        assert!(found.escaped && found.at == (3..7));
    }
}
