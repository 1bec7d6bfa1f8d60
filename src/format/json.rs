//! Members of a JSON object, found without parsing the rest.

use std::ops::Range;

use memchr::{memchr, memchr2};

/// The way to a member.
#[derive(Clone, Debug)]
pub(crate) struct Path {
    names: Vec<Vec<u8>>,
    /// `names[i..]` with dots between, since some write `"a.b"` as one name.
    joined: Vec<Vec<u8>>,
}

/// The names of a way that is written with dots between; `\.` is a dot in a name.
pub(crate) fn names(way: &str) -> Vec<String> {
    let mut names = vec![String::new()];
    let mut chars = way.chars().peekable();
    while let Some(char) = chars.next() {
        match (char, names.last_mut()) {
            ('.', _) => names.push(String::new()),
            ('\\', Some(name)) if chars.peek() == Some(&'.') => {
                name.push('.');
                chars.next();
            }
            (char, Some(name)) => name.push(char),
            (_, None) => {}
        }
    }
    names
}

/// A value that was found.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Found {
    /// The value; of a string what stands between its quotes.
    pub(crate) at: Range<usize>,
    /// It is a string with a backslash.
    pub(crate) escaped: bool,
}

impl Path {
    pub(crate) fn new(names: &[String]) -> Path {
        let joined = (0..names.len()).map(|i| names[i..].join(".").into_bytes());
        Path {
            joined: joined.collect(),
            names: names.iter().map(|name| name.clone().into_bytes()).collect(),
        }
    }

    /// Whether there is a value, of whatever kind.
    pub(crate) fn has(&self, record: &[u8]) -> bool {
        self.find(record).is_some()
    }

    /// The value there, in the object that the record begins with or holds;
    /// `None` if there is none, or `null`, or the record ends before it.
    pub(crate) fn find(&self, record: &[u8]) -> Option<Found> {
        let start = memchr(b'{', record)?;
        let value = self.in_object(record, start + 1, 0)?;
        found(record, value)
    }

    /// Where the value starts that the names from `depth` on lead to, in the
    /// object whose first member is at `at`.
    fn in_object(&self, json: &[u8], mut at: usize, depth: usize) -> Option<usize> {
        loop {
            at = skip(json, at, |b| is_space(b) || b == b',');
            if json.get(at) != Some(&b'"') {
                return None;
            }
            let name = string(json, at)?;
            let colon = skip(json, name.at.end + 1, is_space);
            if json.get(colon) != Some(&b':') {
                return None;
            }
            let value = skip(json, colon + 1, is_space);
            if self.names.len() > depth + 1 && is_named(json, &name, &self.joined[depth]) {
                return Some(value);
            }
            if is_named(json, &name, &self.names[depth])
                && let Some(found) = self.at(json, value, depth + 1)
            {
                return Some(found);
            }
            at = value_end(json, value)?;
        }
    }

    /// Where the value starts that the names from `depth` on lead to from the
    /// value at `at`.
    fn at(&self, json: &[u8], at: usize, depth: usize) -> Option<usize> {
        if depth == self.names.len() {
            return Some(at);
        }
        match json.get(at)? {
            b'{' => self.in_object(json, at + 1, depth),
            b'[' => {
                let index: usize = std::str::from_utf8(&self.names[depth]).ok()?.parse().ok()?;
                let between = |b| is_space(b) || b == b',';
                let mut element = skip(json, at + 1, between);
                for _ in 0..index {
                    element = skip(json, value_end(json, element)?, between);
                }
                if json.get(element)? == &b']' {
                    return None;
                }
                self.at(json, element, depth + 1)
            }
            _ => None,
        }
    }
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

#[inline]
fn skip(json: &[u8], mut at: usize, what: impl Fn(u8) -> bool) -> usize {
    while json.get(at).is_some_and(|&b| what(b)) {
        at += 1;
    }
    at
}

fn is_named(json: &[u8], name: &Found, wanted: &[u8]) -> bool {
    let text = &json[name.at.clone()];
    if !name.escaped {
        return text == wanted;
    }
    let mut plain = Vec::new();
    unescape(text, &mut plain);
    plain == wanted
}

/// The string whose opening quote is at `at`.
fn string(json: &[u8], at: usize) -> Option<Found> {
    let start = at + 1;
    let (mut from, mut escaped) = (start, false);
    loop {
        let end = from + memchr2(b'"', b'\\', json.get(from..)?)?;
        if json[end] == b'"' {
            return Some(Found {
                at: start..end,
                escaped,
            });
        }
        escaped = true;
        from = end + 2;
    }
}

/// Where the value ends that starts at `at`.
fn value_end(json: &[u8], at: usize) -> Option<usize> {
    match json.get(at)? {
        b'"' => Some(string(json, at)?.at.end + 1),
        b'{' | b'[' => {
            let (mut at, mut depth) = (at + 1, 1usize);
            while depth > 0 {
                match json.get(at)? {
                    b'"' => at = string(json, at)?.at.end,
                    b'{' | b'[' => depth += 1,
                    b'}' | b']' => depth -= 1,
                    _ => {}
                }
                at += 1;
            }
            Some(at)
        }
        _ => {
            let end = json[at..]
                .iter()
                .position(|&b| is_space(b) || matches!(b, b',' | b'}' | b']'));
            // A value of no byte is none, and would be found again and again.
            end.filter(|&len| len > 0).map(|len| at + len)
        }
    }
}

fn found(json: &[u8], at: usize) -> Option<Found> {
    if json.get(at)? == &b'"' {
        return string(json, at);
    }
    let end = value_end(json, at)?;
    (&json[at..end] != b"null").then_some(Found {
        at: at..end,
        escaped: false,
    })
}

/// Appends what a string with backslashes stands for. What no escape is stays
/// as it is; half of a surrogate pair becomes U+FFFD.
pub(crate) fn unescape(text: &[u8], into: &mut Vec<u8>) {
    let mut rest = text;
    while let Some(at) = memchr(b'\\', rest) {
        into.extend_from_slice(&rest[..at]);
        let escape = &rest[at..];
        let plain = match escape.get(1) {
            Some(b'n') => b'\n',
            Some(b't') => b'\t',
            Some(b'r') => b'\r',
            Some(b'b') => 0x08,
            Some(b'f') => 0x0c,
            Some(&byte @ (b'"' | b'\\' | b'/')) => byte,
            Some(b'u') if let Some((char, len)) = unicode(escape) => {
                into.extend_from_slice(char.encode_utf8(&mut [0; 4]).as_bytes());
                rest = &escape[len..];
                continue;
            }
            _ => {
                into.push(b'\\');
                rest = &escape[1..];
                continue;
            }
        };
        into.push(plain);
        rest = &escape[2..];
    }
    into.extend_from_slice(rest);
}

/// The character of `\uXXXX` or of a pair of them, and how long that is.
fn unicode(escape: &[u8]) -> Option<(char, usize)> {
    let unit = |escape: &[u8]| -> Option<u32> {
        let digits = escape.strip_prefix(b"\\u")?.get(..4)?;
        let digits = digits.iter().all(u8::is_ascii_hexdigit).then_some(digits)?;
        u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
    };
    let first = unit(escape)?;
    if let Some(char) = char::from_u32(first) {
        return Some((char, 6));
    }
    let second = unit(&escape[6..]).filter(|second| (0xdc00..0xe000).contains(second));
    let pair = second
        .filter(|_| first < 0xdc00)
        .and_then(|second| char::from_u32(0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00)));
    Some(pair.map_or((char::REPLACEMENT_CHARACTER, 6), |char| (char, 12)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn get(record: &str, path: &str) -> Option<String> {
        let names: Vec<String> = path.split('.').map(String::from).collect();
        let found = Path::new(&names).find(record.as_bytes())?;
        let text = &record.as_bytes()[found.at];
        let mut plain = Vec::new();
        if found.escaped {
            unescape(text, &mut plain);
        } else {
            plain.extend(text);
        }
        Some(String::from_utf8(plain).unwrap())
    }

    #[test]
    fn members_by_their_way() {
        for (record, path, want) in [
            (r#"{"a":1}"#, "a", Some("1")),
            (r#"{"a":1}"#, "b", None),
            (r#" { "a" : "x y" , "b":2}"#, "a", Some("x y")),
            (r#"{"x":{"a":1},"a":2}"#, "a", Some("2")),
            (r#"{"x":"\"a\":3","a":2}"#, "a", Some("2")),
            (r#"{"x":[{"a":1},"]"],"a":2}"#, "a", Some("2")),
            (r#"{"a":{"b":{"c":true}}}"#, "a.b.c", Some("true")),
            (r#"{"a":{"b":[1,{"c":7}]}}"#, "a.b.1.c", Some("7")),
            (r#"{"a":[1,2]}"#, "a.2", None),
            (r#"{"a":[]}"#, "a.0", None),
            (r#"{"a.b":5}"#, "a.b", Some("5")),
            (r#"{"a":{"x":1},"a.b":5}"#, "a.b", Some("5")),
            (r#"{"a":{"b.c":5}}"#, "a.b.c", Some("5")),
            (r#"{"a":null}"#, "a", None),
            (r#"{"a":"null"}"#, "a", Some("null")),
            (r#"{"a":{"b":1}}"#, "a", Some(r#"{"b":1}"#)),
            (r#"{"a":"x\n\"\u00e4\ud83d\ude00"}"#, "a", Some("x\n\"ä😀")),
            (r#"{"a":"\ud83dx"}"#, "a", Some("\u{fffd}x")),
            (r#"{"\u0061":1}"#, "a", Some("1")),
            (r#"2026 INFO {"a":1}"#, "a", Some("1")),
            (r#"{"a":-1.5e3}"#, "a", Some("-1.5e3")),
            (r#"{"a":"cut"#, "a", None),
            (r#"{"x":,"a":1}"#, "a", None),
            (r#"{"a""#, "a", None),
            ("", "a", None),
            ("plain", "a", None),
        ] {
            assert_eq!(get(record, path).as_deref(), want, "{record} {path}");
        }
    }

    proptest! {
        #[test]
        fn what_a_parser_finds(
            names in proptest::collection::vec("[abx.\"\\\\ä\n]{0,3}", 1..5),
            text in "[ab\"\\\\{}\\[\\],:ä\n]{0,6}",
            number in any::<i32>(),
        ) {
            let mut object = serde_json::Map::new();
            for (i, name) in names.iter().enumerate() {
                let value = match i % 3 {
                    0 => serde_json::json!(text),
                    1 => serde_json::json!({"in": [number, {"a": text}], "a": i}),
                    _ => serde_json::json!(number),
                };
                object.insert(name.clone(), value);
            }
            let record = serde_json::to_string(&object).unwrap();
            for name in &names {
                let path = Path::new(std::slice::from_ref(name));
                let found = path.find(record.as_bytes()).unwrap();
                let mut plain = Vec::new();
                unescape(&record.as_bytes()[found.at.clone()], &mut plain);
                let plain = String::from_utf8(plain).unwrap();
                match &object[name] {
                    serde_json::Value::String(text) => prop_assert_eq!(&plain, text),
                    serde_json::Value::Number(n) => prop_assert_eq!(plain, n.to_string()),
                    other => prop_assert_eq!(record[found.at].to_string(), other.to_string()),
                }
            }
        }

        #[test]
        fn nothing_makes_it_panic(record in "[{}\\[\\]\",:a0\\\\u]{0,30}") {
            get(&record, "a");
            get(&record, "a.0.u");
        }
    }
}
