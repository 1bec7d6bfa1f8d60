//! Partials in a file, to be merged elsewhere.
//!
//! The file is a container (`container.rs`, which says what may change in it); its
//! payload is what was gathered. What does not check is refused, and said so with the
//! file's name.

use std::{
    collections::BTreeMap,
    ffi::OsString,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

use super::{
    Collected, FilePartial, Request, Scope,
    container::{self, Content, Header, Unread},
};
use crate::{
    error::{Error, ErrorKind, Result},
    report::{ErrorRow, Name},
    statistic::Statistic,
};

/// What a request keeps of its inputs.
pub type PartialOf<R> = <<R as Request>::Statistic as Statistic>::Partial;

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Payload<P> {
    total: P,
    sources: Vec<ByteBuf>,
    bytes_on_disk: Option<u64>,
    files: Vec<File<P>>,
    cut_records: u64,
    errors: Vec<Failure>,
    skipped: BTreeMap<String, u64>,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct File<P> {
    name: ByteBuf,
    complete: bool,
    grew: bool,
    bytes_on_disk: Option<u64>,
    cut_records: u64,
    partial: P,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Failure {
    path: Option<ByteBuf>,
    message: String,
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
        errors: collected.errors.into_iter().map(Failure::from).collect(),
        skipped: collected.skipped,
    };
    container::pack(Content::Partial, &header, &payload)
}

/// A file of partials that is whole, in a format that this swathe reads.
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
    /// When it is no file of partials, is cut short or damaged, or is in a newer
    /// format.
    pub fn open(name: &'a Path, bytes: &'a [u8]) -> Result<Saved<'a>> {
        match container::unpack(Content::Partial, bytes) {
            Ok((header, payload)) => Ok(Saved {
                name,
                header,
                payload,
            }),
            Err(fault) => Err(Error::at(name, ErrorKind::Partial(fault.to_string()))),
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
        let unread = |error: serde_json::Error| self.unread::<R>(&Unread::of(&error));
        let request = R::deserialize(&self.header.request).map_err(unread)?;
        let scope = Scope::deserialize(&self.header.scope).map_err(unread)?;
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
        let payload = container::decode::<Payload<PartialOf<R>>>(self.payload);
        let payload = payload.map_err(|unread| self.unread::<R>(&unread))?;
        let collected = Collected {
            total: payload.total,
            sources: payload.sources.into_iter().map(to_path).collect(),
            bytes_on_disk: payload.bytes_on_disk,
            files: payload.files.into_iter().map(File::into).collect(),
            cut_records: payload.cut_records,
            errors: payload.errors.into_iter().map(Failure::into).collect(),
            skipped: payload.skipped,
        };
        if collected.is_sound(statistic) {
            Ok(collected)
        } else {
            Err(self.makes_no_sense::<R>())
        }
    }

    fn unread<R: Request>(&self, unread: &Unread) -> Error {
        match unread {
            Unread::Unknown(_) => Error::at(self.name, ErrorKind::Partial(unread.to_string())),
            Unread::Senseless => self.makes_no_sense::<R>(),
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

pub(super) fn to_bytes(path: PathBuf) -> ByteBuf {
    ByteBuf::from(path.into_os_string().into_encoded_bytes())
}

/// The inverse of [`to_bytes`], for bytes that anyone may have written.
#[cfg(unix)]
pub(super) fn to_path(bytes: ByteBuf) -> PathBuf {
    use std::os::unix::ffi::OsStringExt as _;
    OsString::from_vec(bytes.into_vec()).into()
}

#[cfg(not(unix))]
pub(super) fn to_path(bytes: ByteBuf) -> PathBuf {
    OsString::from(String::from_utf8_lossy(&bytes).into_owned()).into()
}

impl From<ErrorRow> for Failure {
    fn from(row: ErrorRow) -> Failure {
        Failure {
            path: row.path.map(|path| to_bytes(path.as_path().into())),
            message: row.message,
        }
    }
}

impl From<Failure> for ErrorRow {
    fn from(failure: Failure) -> ErrorRow {
        ErrorRow {
            path: failure.path.map(|path| Name::from(to_path(path).as_path())),
            message: failure.message,
        }
    }
}

/// What these saved runs asked, of which records, and what all of them came to in their order.
///
/// # Errors
/// When there is none, one does not hold what it should, or belongs to another question than
/// the first.
pub fn merged<R: Request>(saved: &[Saved<'_>]) -> Result<(R, Scope, Collected<PartialOf<R>>)> {
    let Some((first, others)) = saved.split_first() else {
        let why = "there is nothing to merge".into();
        return Err(Error::new(ErrorKind::Partial(why)));
    };
    let (request, scope, statistic) = first.request::<R>()?;
    let mut collected = first.gathered::<R>(&statistic)?;
    for other in others {
        first.fits(other)?;
        collected.append(&statistic, other.gathered::<R>(&statistic)?);
    }
    Ok((request, scope, collected))
}
