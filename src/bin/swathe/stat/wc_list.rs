//! `stats --wc --files0-from`: the names of what is counted, a NUL behind each.

use std::{
    ffi::{OsStr, OsString},
    fs, io,
    os::unix::ffi::OsStringExt as _,
    path::Path,
};

use swathe::{Error, ErrorKind, Result, run::Input};

use super::usage;

/// What a list names.
#[derive(Debug)]
pub(crate) struct Listed {
    pub(crate) inputs: Vec<Input>,
    /// The list is no file, whose names can be known before the first is read.
    pub(crate) piped: bool,
}

impl Listed {
    /// The names in the list of this name; `-` is standard input.
    ///
    /// # Errors
    /// When it cannot be read, or has a name without a character.
    pub(crate) fn read(list: &OsStr) -> Result<Listed> {
        let from_stdin = list == "-";
        let path = Path::new(if from_stdin {
            OsStr::new("<stdin>")
        } else {
            list
        });
        let at = |error: io::Error| Error::at(path, ErrorKind::Io(error));
        let (bytes, piped) = if from_stdin {
            let bytes = Input::Stdin.bytes()?;
            let stat = rustix::fs::fstat(io::stdin()).ok();
            let kind = stat.map(|stat| rustix::fs::FileType::from_raw_mode(stat.st_mode));
            (bytes, kind != Some(rustix::fs::FileType::RegularFile))
        } else {
            (fs::read(path).map_err(at)?, !path.is_file())
        };
        let bytes = bytes.strip_suffix(b"\0").unwrap_or(&bytes);
        let names = bytes.split(|&b| b == 0).filter(|_| !bytes.is_empty());
        let mut inputs = Vec::new();
        for (number, name) in names.enumerate() {
            let wrong = |what: &str| {
                let (path, number) = (swathe::harmless::name(path), number + 1);
                usage(format!("--files0-from {path}: name {number} {what}"))
            };
            if name.is_empty() {
                return Err(wrong(
                    "has no character; write a NUL behind each name, and one only",
                ));
            }
            if name == b"-" && from_stdin {
                return Err(wrong("is -, and standard input is the list itself"));
            }
            inputs.push(Input::named(OsString::from_vec(name.to_vec())));
        }
        Ok(Listed { inputs, piped })
    }
}
