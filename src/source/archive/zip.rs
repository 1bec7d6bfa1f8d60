//! The members of a zip archive, in the order of its index.

use std::{
    fs::File,
    io::{self, BufReader, Read, Seek, SeekFrom},
    path::PathBuf,
};

use zip::{read::ZipFile, result::ZipError};

use super::{
    innermost,
    member::{Fault, Sender},
};

/// Sends the members of an archive by its index; where that is missing, as
/// far as they can be found one behind the other.
pub(super) fn send(file: &File, out: &Sender) -> Result<(), Fault> {
    let mut archive = match zip::ZipArchive::new(BufReader::new(file)) {
        Ok(archive) => archive,
        Err(error) => {
            let mut file = file;
            let begin = file.seek(SeekFrom::Start(0));
            begin.map_err(|e| Fault::Archive(innermost(&e)))?;
            if let Err(Fault::Unwanted) = send_stream(&mut BufReader::new(file), out) {
                return Err(Fault::Unwanted);
            }
            return Err(Fault::Archive(format!(
                "the index of the zip archive, at its end, cannot be read: {} (it is cut off or \
                 damaged; results hold for the members that were found)",
                plain(&error)
            )));
        }
    };
    for index in 0..archive.len() {
        let name = archive.name_for_index(index).and_then(Result::ok);
        let name = name.map_or_else(
            || format!("member {}", index + 1),
            std::borrow::Cow::into_owned,
        );
        match archive.by_index(index) {
            Ok(mut member) => send_one(PathBuf::from(name), &mut member, out)?,
            Err(error) => out.skip(name.into(), refused(&error))?,
        }
    }
    Ok(())
}

/// Sends the members of an archive that cannot be read in any order, one
/// behind the other.
pub(super) fn send_stream(reader: &mut impl Read, out: &Sender) -> Result<(), Fault> {
    let mut before = 0_u64;
    loop {
        match zip::read::read_zipfile_from_stream(reader) {
            Ok(Some(mut member)) => {
                let name = member.name().map(std::borrow::Cow::into_owned);
                let name = name.unwrap_or_else(|_| format!("member {}", before + 1));
                send_one(name.into(), &mut member, out)?;
            }
            Ok(None) => return Ok(()),
            Err(error) => {
                return Err(Fault::Archive(format!(
                    "the zip archive cannot be read behind its member {before}: {} (results hold \
                     for the members before)",
                    refused(&error)
                )));
            }
        }
        before += 1;
    }
}

fn send_one<R: Read>(
    name: PathBuf,
    member: &mut ZipFile<'_, R>,
    out: &Sender,
) -> Result<(), Fault> {
    if !member.is_file() {
        return Ok(());
    }
    if member.encrypted() {
        return out.skip(
            name,
            refused(&ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED)),
        );
    }
    // Whether it came to its end makes no difference to those behind it.
    out.member(&name, member, |error| {
        let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<ZipError>());
        if let Some(unsupported @ ZipError::CompressionMethodNotSupported(_)) = inner {
            return refused(unsupported);
        }
        let why = match error.kind() {
            io::ErrorKind::UnexpectedEof => "it is cut off".to_string(),
            _ => innermost(error),
        };
        format!("this member of the zip archive is damaged: {why} (what was unpacked of it may be wrong)")
    })?;
    Ok(())
}

/// Why a member is not read.
fn refused(error: &ZipError) -> String {
    match error {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) | ZipError::InvalidPassword => {
            "is encrypted and was not read (extract it with its password first)".to_string()
        }
        ZipError::CompressionMethodNotSupported(method) => {
            let name = zip::CompressionMethod::name_from_u16(*method).to_uppercase();
            format!(
                "is packed with method {method} ({name}), which is not supported (extract it first)"
            )
        }
        other => format!("cannot be read: {}", plain(other)),
    }
}

fn plain(error: &ZipError) -> String {
    match error {
        ZipError::Io(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
            "it ends too early".to_string()
        }
        ZipError::Io(error) => innermost(error),
        other => other.to_string(),
    }
}
