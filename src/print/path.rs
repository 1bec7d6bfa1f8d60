//! The name of a source as it is shown.

use std::{io, path::Path};

use bstr::{B, ByteVec as _};

use super::{Out, PrintOptions, escapes::Escapes, safe::shown_name};

/// A name with its colour.
#[derive(Clone, Debug)]
pub(super) struct ShownPath {
    /// All bytes, escape sequences included.
    bytes: Vec<u8>,
    /// How many of them only colour.
    hidden: u64,
}

impl ShownPath {
    /// The name of the source under these options, if it is shown.
    pub(super) fn new(print: &PrintOptions, escapes: &Escapes) -> Option<ShownPath> {
        let path = print.path.as_deref()?;
        let mut name = name(path, print.path_separator);
        if print.safe {
            name = shown_name(&name);
        }
        Some(ShownPath {
            bytes: [B(&escapes.path), &name, &escapes.reset].concat(),
            hidden: (escapes.path.len() + escapes.reset.len()) as u64,
        })
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// How many bytes only colour.
    pub(super) fn hidden(&self) -> u64 {
        self.hidden
    }

    /// Writes it and what ends it; returns how many bytes show.
    pub(super) fn write<O: Out>(&self, end: &[u8], out: &mut O) -> io::Result<u64> {
        out.put(&self.bytes)?;
        out.put(end)?;
        Ok((self.bytes.len() + end.len()) as u64 - self.hidden)
    }
}

fn name(path: &Path, separator: Option<u8>) -> Vec<u8> {
    let mut name = Vec::from_path_lossy(path).into_owned();
    if let Some(separator) = separator {
        for byte in name.iter_mut().filter(|byte| **byte == b'/') {
            *byte = separator;
        }
    }
    name
}
