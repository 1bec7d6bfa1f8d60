//! Partials in a file, to be merged elsewhere.
//!
//! ```text
//! swathe-partial 1 <checksum> <bytes of the header> <bytes of the payload>
//! {"swathe": VERSION, "command": NAME, "request": {...},
//!  "scope": {...}}
//! <payload>
//! ```
//!
//! The header is JSON for whoever looks into the file; the payload, what was
//! gathered, is compact and means something to the same version of swathe only.
//! The checksum (XXH3, 64 bits, hexadecimal) is that of all behind the first
//! line. What does not check is refused, and said so with the file's name.

use std::{
    collections::BTreeMap,
    ffi::OsString,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use xxhash_rust::xxh3::xxh3_64;

use super::{Collected, FilePartial, Request, Scope};
use crate::{
    error::{Error, ErrorKind, Result},
    report::{ErrorRow, Name},
    statistic::Statistic,
};

/// What a file of partials begins with, and its version.
const MAGIC: &str = "swathe-partial";
const FORMAT: &str = "1";

/// The longest first line there can be.
const FIRST_LINE: usize = 128;

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// What a request keeps of its inputs.
pub type PartialOf<R> = <<R as Request>::Statistic as Statistic>::Partial;

#[derive(Debug, Deserialize, Serialize)]
struct Header {
    swathe: String,
    command: String,
    request: Value,
    scope: Value,
}

#[derive(Deserialize, Serialize)]
struct Payload<P> {
    total: P,
    sources: Vec<Vec<u8>>,
    bytes_on_disk: Option<u64>,
    files: Vec<File<P>>,
    cut_records: u64,
    errors: Vec<(Option<Vec<u8>>, String)>,
    skipped: BTreeMap<String, u64>,
}

#[derive(Deserialize, Serialize)]
struct File<P> {
    name: Vec<u8>,
    complete: bool,
    grew: bool,
    bytes_on_disk: Option<u64>,
    cut_records: u64,
    partial: P,
}

/// Writes what was gathered for a request.
pub fn save<R: Request>(request: &R, scope: &Scope, collected: Collected<PartialOf<R>>) -> Vec<u8> {
    let header = Header {
        swathe: VERSION.into(),
        command: R::COMMAND.into(),
        request: serde_json::to_value(request).expect("a request is plain data"),
        scope: serde_json::to_value(scope).expect("a scope is plain data"),
    };
    let mut body = serde_json::to_vec(&header).expect("a header is plain data");
    body.push(b'\n');
    let header_len = body.len();
    let payload = Payload {
        total: collected.total,
        sources: collected.sources.into_iter().map(to_bytes).collect(),
        bytes_on_disk: collected.bytes_on_disk,
        files: collected.files.into_iter().map(File::from).collect(),
        cut_records: collected.cut_records,
        errors: collected.errors.into_iter().map(error_bytes).collect(),
        skipped: collected.skipped,
    };
    let body = postcard::to_extend(&payload, body).expect("a partial is plain data");
    let payload_len = body.len() - header_len;
    let first = first_line((xxh3_64(&body), header_len, payload_len));
    [MAGIC.as_bytes(), b" ", first.as_bytes(), b"\n", &body].concat()
}

/// The first line behind the magic word: format, checksum, length of the
/// header, length of the payload.
fn first_line((checksum, header, payload): (u64, usize, usize)) -> String {
    format!("{FORMAT} {checksum:016x} {header} {payload}")
}

/// A file of partials that is whole, and by this version of swathe.
#[derive(Debug)]
pub struct Saved<'a> {
    name: &'a Path,
    header: Header,
    payload: &'a [u8],
}

impl<'a> Saved<'a> {
    /// Looks at the bytes of a file; `name` is what errors call it.
    ///
    /// # Errors
    /// When it is no file of partials, is cut short or damaged, or is of
    /// another version of swathe.
    pub fn open(name: &'a Path, bytes: &'a [u8]) -> Result<Saved<'a>> {
        let refuse = |why: String| Err(Error::at(name, ErrorKind::Partial(why)));
        let Some((first, body)) = split_line(bytes) else {
            return refuse("is no partial of swathe (write one with --partial FILE)".into());
        };
        let (format, rest) = first.split_once(' ').unwrap_or((first, ""));
        if format != FORMAT {
            return refuse(format!(
                "is a partial of another version of swathe (format {format}, not {FORMAT}); \
                 use the same version everywhere"
            ));
        }
        // A number can be written in several ways, and is only ever in one.
        let numbers = numbers(rest).filter(|numbers| first == first_line(*numbers));
        let Some((checksum, header_len, payload_len)) = numbers else {
            return refuse("is damaged in its first line; make it again".into());
        };
        let len = header_len.checked_add(payload_len);
        if len.is_none_or(|len| body.len() < len) {
            let missing = len.map_or(usize::MAX, |len| len - body.len());
            return refuse(format!(
                "is cut short by {missing} bytes; copy it whole, or make it again"
            ));
        }
        if len != Some(body.len()) || xxh3_64(body) != checksum {
            return refuse("is damaged (its checksum does not match); make it again".into());
        }
        let (header, payload) = body.split_at(header_len);
        let Ok(header) = serde_json::from_slice::<Header>(header) else {
            return refuse("is damaged in its header; make it again".into());
        };
        if header.swathe != VERSION {
            return refuse(format!(
                "was written by swathe {}, and this is {VERSION}; use the same version everywhere",
                header.swathe
            ));
        }
        Ok(Saved {
            name,
            header,
            payload,
        })
    }

    /// The file.
    pub fn name(&self) -> &'a Path {
        self.name
    }

    /// The command that gathered it.
    pub fn command(&self) -> &str {
        &self.header.command
    }

    /// Checks that it can be merged with this one.
    ///
    /// # Errors
    /// When the other is of another command or another request.
    pub fn fits(&self, other: &Saved<'_>) -> Result<()> {
        let first = self.name.display();
        let refuse = |why: String| Err(Error::at(other.name, ErrorKind::Partial(why)));
        if self.header.command != other.header.command {
            return refuse(format!(
                "is a partial of swathe {}, but {first} is one of swathe {}; \
                 merge partials of the same command",
                other.header.command, self.header.command
            ));
        }
        let differing = difference(&self.header.request, &other.header.request)
            .or_else(|| difference(&self.header.scope, &other.header.scope));
        match differing {
            None => Ok(()),
            Some(field) => refuse(format!(
                "was made with other options than {first} ({field} differs); \
                 use the same options everywhere"
            )),
        }
    }

    /// The request, its scope, and the statistic that answers it.
    ///
    /// # Errors
    /// When it is of another command, or its content makes no sense.
    pub fn request<R: Request>(&self) -> Result<(R, Scope, R::Statistic)> {
        if self.header.command != R::COMMAND {
            return Err(self.makes_no_sense::<R>());
        }
        let request = R::deserialize(&self.header.request);
        let scope = Scope::deserialize(&self.header.scope);
        let (Ok(request), Ok(scope)) = (request, scope) else {
            return Err(self.makes_no_sense::<R>());
        };
        let statistic = request.statistic();
        let statistic = statistic.map_err(|_| self.makes_no_sense::<R>())?;
        Ok((request, scope, statistic))
    }

    /// What was gathered for the request. Its checksum is right, but anyone can
    /// write one: whatever it holds, it can be merged and finished.
    ///
    /// # Errors
    /// When its content makes no sense.
    pub fn gathered<R: Request>(
        &self,
        statistic: &R::Statistic,
    ) -> Result<Collected<PartialOf<R>>> {
        let payload: Payload<PartialOf<R>> =
            postcard::from_bytes(self.payload).map_err(|_| self.makes_no_sense::<R>())?;
        let collected = Collected {
            total: payload.total,
            sources: payload.sources.into_iter().map(to_path).collect(),
            bytes_on_disk: payload.bytes_on_disk,
            files: payload.files.into_iter().map(File::into).collect(),
            cut_records: payload.cut_records,
            errors: payload.errors.into_iter().map(to_error).collect(),
            skipped: payload.skipped,
        };
        if collected.is_sound(statistic) {
            Ok(collected)
        } else {
            Err(self.makes_no_sense::<R>())
        }
    }

    fn makes_no_sense<R: Request>(&self) -> Error {
        let why = format!(
            "does not hold what a partial of swathe {} holds; make it again",
            R::COMMAND
        );
        Error::at(self.name, ErrorKind::Partial(why))
    }
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

/// The first field in which two requests differ.
fn difference(a: &Value, b: &Value) -> Option<String> {
    if a == b {
        return None;
    }
    let fields = a.as_object().zip(b.as_object());
    let field = fields.and_then(|(a, b)| a.keys().find(|key| a.get(*key) != b.get(*key)));
    Some(field.map_or_else(|| "the request".into(), |field| field.replace('_', " ")))
}

impl<P> From<FilePartial<P>> for File<P> {
    fn from(file: FilePartial<P>) -> File<P> {
        File {
            name: to_bytes(file.name),
            complete: file.complete,
            grew: file.grew,
            bytes_on_disk: file.bytes_on_disk,
            cut_records: file.cut_records,
            partial: file.partial,
        }
    }
}

impl<P> From<File<P>> for FilePartial<P> {
    fn from(file: File<P>) -> FilePartial<P> {
        FilePartial {
            name: to_path(file.name),
            complete: file.complete,
            grew: file.grew,
            bytes_on_disk: file.bytes_on_disk,
            cut_records: file.cut_records,
            partial: file.partial,
        }
    }
}

fn to_bytes(path: PathBuf) -> Vec<u8> {
    path.into_os_string().into_encoded_bytes()
}

/// The inverse of [`to_bytes`], for bytes that anyone may have written.
#[cfg(unix)]
fn to_path(bytes: Vec<u8>) -> PathBuf {
    use std::os::unix::ffi::OsStringExt as _;
    OsString::from_vec(bytes).into()
}

#[cfg(not(unix))]
fn to_path(bytes: Vec<u8>) -> PathBuf {
    OsString::from(String::from_utf8_lossy(&bytes).into_owned()).into()
}

fn error_bytes(row: ErrorRow) -> (Option<Vec<u8>>, String) {
    let path = row.path.map(|path| to_bytes(path.as_path().into()));
    (path, row.message)
}

fn to_error((path, message): (Option<Vec<u8>>, String)) -> ErrorRow {
    ErrorRow {
        path: path.map(|path| Name::from(to_path(path).as_path())),
        message,
    }
}
