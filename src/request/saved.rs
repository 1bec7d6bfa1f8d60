//! Partials in a file, to be merged elsewhere.
//!
//! The file is a container (`container.rs`); its payload is what was
//! gathered. What does not check is refused, and said so with the file's name.

use std::{
    collections::BTreeMap,
    ffi::OsString,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use super::{
    Collected, FilePartial, Request, Scope,
    container::{self, FORMAT, Fault, Header, VERSION},
};
use crate::{
    error::{Error, ErrorKind, Result},
    report::{ErrorRow, Name},
    statistic::Statistic,
};

/// What a file of partials begins with.
const MAGIC: &str = "swathe-partial";

/// What a request keeps of its inputs.
pub type PartialOf<R> = <<R as Request>::Statistic as Statistic>::Partial;

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
    let asked = serde_json::to_value(request).expect("a request is plain data");
    let scope = serde_json::to_value(scope).expect("a scope is plain data");
    let header = Header::new(R::COMMAND, asked, scope);
    let payload = Payload {
        total: collected.total,
        sources: collected.sources.into_iter().map(to_bytes).collect(),
        bytes_on_disk: collected.bytes_on_disk,
        files: collected.files.into_iter().map(File::from).collect(),
        cut_records: collected.cut_records,
        errors: collected.errors.into_iter().map(error_bytes).collect(),
        skipped: collected.skipped,
    };
    container::pack(MAGIC, &header, &payload)
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
        match container::unpack(MAGIC, bytes) {
            Ok((header, payload)) => Ok(Saved {
                name,
                header,
                payload,
            }),
            Err(fault) => Err(Error::at(name, ErrorKind::Partial(in_words(fault)))),
        }
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
        match self.header.difference(&other.header) {
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
        if !scope.is_sound() {
            return Err(self.makes_no_sense::<R>());
        }
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

/// Why a file is refused, and what to do about it.
fn in_words(fault: Fault) -> String {
    match fault {
        Fault::Foreign => "is no partial of swathe (write one with --partial FILE)".into(),
        Fault::Format(format) => format!(
            "is a partial of another version of swathe (format {format}, not {FORMAT}); \
             use the same version everywhere"
        ),
        Fault::FirstLine => "is damaged in its first line; make it again".into(),
        Fault::Cut(missing) => {
            format!("is cut short by {missing} bytes; copy it whole, or make it again")
        }
        Fault::Checksum => "is damaged (its checksum does not match); make it again".into(),
        Fault::Header => "is damaged in its header; make it again".into(),
        Fault::Version(version) => format!(
            "was written by swathe {version}, and this is {VERSION}; \
             use the same version everywhere"
        ),
    }
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

pub(super) fn to_bytes(path: PathBuf) -> Vec<u8> {
    path.into_os_string().into_encoded_bytes()
}

/// The inverse of [`to_bytes`], for bytes that anyone may have written.
#[cfg(unix)]
pub(super) fn to_path(bytes: Vec<u8>) -> PathBuf {
    use std::os::unix::ffi::OsStringExt as _;
    OsString::from_vec(bytes).into()
}

#[cfg(not(unix))]
pub(super) fn to_path(bytes: Vec<u8>) -> PathBuf {
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
