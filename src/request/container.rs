//! A header and a payload in one file, checked as a whole.
//!
//! ```text
//! MAGIC 1 <checksum> <bytes of the header> <bytes of the payload>
//! {"swathe": VERSION, "command": NAME, "request": {...}, "scope": {...}}
//! <payload>
//! ```
//!
//! The header is JSON for whoever looks into the file; the payload is compact
//! and means something to the same version of swathe only. The checksum (XXH3,
//! 64 bits, hexadecimal) is that of all behind the first line.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use xxhash_rust::xxh3::xxh3_64;

/// The version of the form.
pub(super) const FORMAT: &str = "1";

/// The longest first line there can be.
const FIRST_LINE: usize = 128;

pub(super) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// What a payload is about.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub(super) struct Header {
    pub(super) swathe: String,
    pub(super) command: String,
    pub(super) request: Value,
    pub(super) scope: Value,
}

/// Why a file cannot be used.
#[derive(Debug)]
pub(super) enum Fault {
    /// It is something else.
    Foreign,
    /// It has another form, that of another version.
    Format(String),
    /// Its first line is damaged.
    FirstLine,
    /// So many bytes are missing.
    Cut(usize),
    /// Its checksum does not match.
    Checksum,
    /// Its header is damaged.
    Header,
    /// Another version wrote it.
    Version(String),
}

impl Header {
    /// What is asked of a command.
    pub(super) fn new(command: &str, request: Value, scope: Value) -> Header {
        Header {
            swathe: VERSION.into(),
            command: command.into(),
            request,
            scope,
        }
    }

    /// The first field of the request or the scope in which the other differs.
    pub(super) fn difference(&self, other: &Header) -> Option<String> {
        difference(&self.request, &other.request).or_else(|| difference(&self.scope, &other.scope))
    }
}

/// The bytes of a file.
pub(super) fn pack(magic: &str, header: &Header, payload: &impl Serialize) -> Vec<u8> {
    let mut body = serde_json::to_vec(header).expect("a header is plain data");
    body.push(b'\n');
    let header_len = body.len();
    let body = postcard::to_extend(payload, body).expect("a payload is plain data");
    let payload_len = body.len() - header_len;
    let first = first_line((xxh3_64(&body), header_len, payload_len));
    [magic.as_bytes(), b" ", first.as_bytes(), b"\n", &body].concat()
}

/// The header and the payload of a file that is whole, and by this version.
///
/// # Errors
/// With what is wrong about it.
pub(super) fn unpack<'a>(magic: &str, bytes: &'a [u8]) -> Result<(Header, &'a [u8]), Fault> {
    let (first, body) = split_line(magic, bytes).ok_or(Fault::Foreign)?;
    let (format, rest) = first.split_once(' ').unwrap_or((first, ""));
    if format != FORMAT {
        return Err(Fault::Format(format.into()));
    }
    // A number can be written in several ways, and is only ever in one.
    let numbers = numbers(rest).filter(|numbers| first == first_line(*numbers));
    let (checksum, header_len, payload_len) = numbers.ok_or(Fault::FirstLine)?;
    let len = header_len.checked_add(payload_len);
    if len.is_none_or(|len| body.len() < len) {
        return Err(Fault::Cut(len.map_or(usize::MAX, |len| len - body.len())));
    }
    if len != Some(body.len()) || xxh3_64(body) != checksum {
        return Err(Fault::Checksum);
    }
    let (header, payload) = body.split_at(header_len);
    let header: Header = serde_json::from_slice(header).map_err(|_| Fault::Header)?;
    if header.swathe != VERSION {
        return Err(Fault::Version(header.swathe));
    }
    Ok((header, payload))
}

/// The first line behind the magic word: format, checksum, length of the
/// header, length of the payload.
fn first_line((checksum, header, payload): (u64, usize, usize)) -> String {
    format!("{FORMAT} {checksum:016x} {header} {payload}")
}

/// The first line behind the magic word, and what follows it.
fn split_line<'a>(magic: &str, bytes: &'a [u8]) -> Option<(&'a str, &'a [u8])> {
    let rest = bytes.strip_prefix(magic.as_bytes())?.strip_prefix(b" ")?;
    let end = rest.iter().take(FIRST_LINE).position(|&b| b == b'\n')?;
    Some((str::from_utf8(&rest[..end]).ok()?, &rest[end + 1..]))
}

/// Checksum, length of the header, length of the payload.
fn numbers(text: &str) -> Option<(u64, usize, usize)> {
    let mut words = text.split(' ');
    let checksum = u64::from_str_radix(words.next()?, 16).ok()?;
    let header = words.next()?.parse().ok()?;
    let payload = words.next()?.parse().ok()?;
    words
        .next()
        .is_none()
        .then_some((checksum, header, payload))
}

/// The first field in which two requests differ.
fn difference(a: &Value, b: &Value) -> Option<String> {
    if a == b {
        return None;
    }
    let fields = a.as_object().zip(b.as_object());
    let field = fields.and_then(|(a, b)| a.keys().find(|key| a.get(*key) != b.get(*key)));
    Some(field.map_or_else(|| "the request".into(), |field| field.replace('_', " ")))
}
