//! A header and a payload in one file, checked as a whole.
//!
//! ```text
//! swathe-saved FORMAT CONTENT CHECKSUM <bytes of the header> <bytes of the payload>
//! {"swathe": VERSION, "command": NAME, "request": {...}, "scope": {...}}
//! <payload>
//! ```
//!
//! FORMAT is the number of the format and no version of the program, which only says who
//! wrote it. CONTENT is `partial` or `state`. The checksum (XXH3, 64 bits, hexadecimal)
//! is that of all behind the first line. The header is JSON for whoever looks into the
//! file; the payload is CBOR (RFC 8949) with the names of all fields.
//!
//! # What may change
//!
//! A swathe reads files of its own format and of all before it, and refuses newer ones by
//! their number. A field may be added under the same number if it is read as what was so
//! before where it is missing (`#[serde(default)]`), and is left out where it says that
//! (`skip_serializing_if`): then files without it can still be merged and compared, header
//! and all. Nobody passes over a field he does not know (`deny_unknown_fields`), so an
//! older swathe refuses a file that has it. Whatever else changes (a field gets another
//! meaning or goes, an array another order) takes the next number. Numbers and sketches that
//! are packed into one string of bytes, pairs, and the members of a set have no names;
//! they change with the number only. `tests/it/upgrade.rs` holds files of each format
//! against this.

use std::fmt;

use cbor4ii::{
    core::{dec::Read as _, utils::SliceReader},
    serde::{DecodeError, Deserializer, to_vec},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;
use xxhash_rust::xxh3::xxh3_64;

/// The number of the format that is written, and the greatest that is read.
pub(super) const FORMAT: u32 = 1;

/// What a file begins with.
pub(super) const MAGIC: &str = "swathe-saved";

/// What files began with before formats had numbers.
pub(super) const OLD: [&str; 2] = ["swathe-partial ", "swathe-state "];

/// The longest first line there can be.
const FIRST_LINE: usize = 128;

/// What a file is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Content {
    /// What was gathered for a request.
    Partial,
    /// What is kept to go on with files later.
    State,
}

/// What a payload is about.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Header {
    /// The version that wrote it, for whoever looks into the file.
    pub(super) swathe: String,
    pub(super) command: String,
    pub(super) request: Value,
    pub(super) scope: Value,
}

/// Why a file cannot be used.
#[derive(Debug)]
pub(super) enum Fault {
    /// It is something else.
    Foreign(Content),
    /// It is of a swathe whose formats had no numbers.
    Old,
    /// It has a format that only a newer swathe reads.
    Newer(u32),
    /// It is one of the others.
    Other(Content),
    /// Its first line is damaged.
    FirstLine,
    /// So many bytes are missing.
    Cut(usize),
    /// Its checksum does not match.
    Checksum,
    /// Its header is damaged.
    Header,
}

/// Why the content of a file cannot be read.
#[derive(Debug)]
pub(super) enum Unread {
    /// It has a field of this name, which a newer swathe may know.
    Unknown(String),
    /// It is not what such a file holds.
    Senseless,
}

impl Content {
    fn name(self) -> &'static str {
        match self {
            Content::Partial => "partial",
            Content::State => "state",
        }
    }
}

impl Header {
    /// What is asked of a command.
    pub(super) fn new(command: &str, request: Value, scope: Value) -> Header {
        Header {
            swathe: env!("CARGO_PKG_VERSION").into(),
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

/// Why a file is refused, and what to do about it.
impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Foreign(Content::Partial) => {
                f.write_str("is no partial of swathe (write one with --partial FILE)")
            }
            Fault::Foreign(Content::State) => {
                f.write_str("is no state of swathe, so it is not written over; name another file")
            }
            Fault::Old => f.write_str(
                "was written by a swathe whose files no other version reads; make it again \
                 (remove a state to begin anew)",
            ),
            Fault::Newer(format) => write!(
                f,
                "is written in format {format}, and this swathe reads up to {FORMAT} \
                 (use a newer swathe)"
            ),
            Fault::Other(content) => {
                let use_for = match content {
                    Content::Partial => "swathe merge reads it",
                    Content::State => "--resume goes on with it",
                };
                write!(f, "is a {}; {use_for}", content.name())
            }
            Fault::FirstLine => f.write_str("is damaged in its first line; make it again"),
            Fault::Cut(missing) => {
                write!(
                    f,
                    "is cut short by {missing} bytes; copy it whole, or make it again"
                )
            }
            Fault::Checksum => {
                f.write_str("is damaged (its checksum does not match); make it again")
            }
            Fault::Header => f.write_str("is damaged in its header; make it again"),
        }
    }
}

impl Unread {
    /// What serde says of a field that nobody knows.
    pub(super) fn of(error: &impl ToString) -> Unread {
        let said = error.to_string();
        let name = said.split_once("unknown field `").map(|(_, rest)| rest);
        match name.and_then(|rest| rest.split_once('`')) {
            Some((name, _)) => Unread::Unknown(name.into()),
            None => Unread::Senseless,
        }
    }
}

impl fmt::Display for Unread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unread::Unknown(name) => write!(
                f,
                "has {name:?} in it, which this swathe does not know (use a newer swathe)"
            ),
            Unread::Senseless => f.write_str("does not hold what such a file holds"),
        }
    }
}

/// The bytes of a file.
pub(super) fn pack(content: Content, header: &Header, payload: &impl Serialize) -> Vec<u8> {
    let mut body = serde_json::to_vec(header).expect("a header is plain data");
    body.push(b'\n');
    let header_len = body.len();
    let body = to_vec(body, payload).expect("a payload is plain data");
    let payload_len = body.len() - header_len;
    let first = first_line(content, (xxh3_64(&body), header_len, payload_len));
    [MAGIC.as_bytes(), b" ", first.as_bytes(), b"\n", &body].concat()
}

/// The header and the payload of a file that is whole, and in a format that is read.
///
/// # Errors
/// With what is wrong about it.
pub(super) fn unpack(wanted: Content, bytes: &[u8]) -> Result<(Header, &[u8]), Fault> {
    if OLD.iter().any(|old| bytes.starts_with(old.as_bytes())) {
        return Err(Fault::Old);
    }
    let (first, body) = split_line(bytes).ok_or(Fault::Foreign(wanted))?;
    let (format, rest) = first.split_once(' ').unwrap_or((first, ""));
    match format.parse::<u32>() {
        Ok(number) if number > FORMAT => return Err(Fault::Newer(number)),
        Ok(_) => {}
        Err(_) => return Err(Fault::FirstLine),
    }
    let (name, rest) = rest.split_once(' ').unwrap_or((rest, ""));
    let all = [Content::Partial, Content::State];
    let content = all.into_iter().find(|content| content.name() == name);
    let content = content.ok_or(Fault::FirstLine)?;
    // A number can be written in several ways, and is only ever in one.
    let numbers = numbers(rest).filter(|numbers| first == first_line(content, *numbers));
    let (checksum, header_len, payload_len) = numbers.ok_or(Fault::FirstLine)?;
    if content != wanted {
        return Err(Fault::Other(content));
    }
    let len = header_len.checked_add(payload_len);
    if len.is_none_or(|len| body.len() < len) {
        return Err(Fault::Cut(len.map_or(usize::MAX, |len| len - body.len())));
    }
    if len != Some(body.len()) || xxh3_64(body) != checksum {
        return Err(Fault::Checksum);
    }
    let (header, payload) = body.split_at(header_len);
    let header: Header = serde_json::from_slice(header).map_err(|_| Fault::Header)?;
    Ok((header, payload))
}

/// What a payload holds. No more memory is taken than its bytes account for.
///
/// # Errors
/// When it is something else.
pub(super) fn decode<T: DeserializeOwned>(payload: &[u8]) -> Result<T, Unread> {
    let mut reader = Deserializer::new(SliceReader::new(payload));
    let decoded = T::deserialize(&mut reader).map_err(|error| match error {
        DecodeError::Custom(said) => Unread::of(&said),
        DecodeError::Core(_) => Unread::Senseless,
    })?;
    let mut rest = reader.into_inner();
    let ended = rest.fill(1).is_ok_and(|rest| rest.as_ref().is_empty());
    ended.then_some(decoded).ok_or(Unread::Senseless)
}

/// The first line behind the magic word: format, content, checksum, length of the
/// header, length of the payload.
fn first_line(content: Content, (checksum, header, payload): (u64, usize, usize)) -> String {
    format!(
        "{FORMAT} {} {checksum:016x} {header} {payload}",
        content.name()
    )
}

/// The first line behind the magic word, and what follows it.
fn split_line(bytes: &[u8]) -> Option<(&str, &[u8])> {
    let rest = bytes.strip_prefix(MAGIC.as_bytes())?.strip_prefix(b" ")?;
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

/// The first field in which two requests differ. One that is missing on one side only
/// differs, since what says nothing is left out.
fn difference(a: &Value, b: &Value) -> Option<String> {
    if a == b {
        return None;
    }
    let fields = a.as_object().zip(b.as_object());
    let field = fields.and_then(|(a, b)| {
        let mut all = a.keys().chain(b.keys());
        all.find(|key| a.get(*key) != b.get(*key))
    });
    Some(field.map_or_else(|| "the request".into(), |field| field.replace('_', " ")))
}
