//! The name of a source as it is shown.

use std::{io, path::Path};

use bstr::{B, ByteSlice as _, ByteVec as _};

use super::{Out, PrintOptions, escapes::Escapes, link::Link, safe::shown_name};

/// A name with its colour.
#[derive(Clone, Debug)]
pub(super) struct ShownPath {
    /// All bytes, escape sequences included.
    bytes: Vec<u8>,
    /// How many of them only colour.
    hidden: u64,
    link: Option<Link>,
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
            link: link(print, &name),
        })
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// How many bytes only colour.
    pub(super) fn hidden(&self) -> u64 {
        self.hidden
    }

    /// The links that stand before lines: none where the heading has the only
    /// one.
    pub(super) fn line_link(&self, print: &PrintOptions) -> Option<&Link> {
        let link = self.link.as_ref();
        link.filter(|link| link.is_by_line() || !print.heading)
    }

    /// Writes it, as a link if it is one, and what ends it; returns how many bytes show.
    pub(super) fn write<O: Out>(&self, end: &[u8], out: &mut O) -> io::Result<u64> {
        match &self.link {
            Some(link) => {
                out.put(&link.open(None, None))?;
                out.put(&self.bytes)?;
                out.put(Link::close())?;
            }
            None => out.put(&self.bytes)?,
        }
        out.put(end)?;
        Ok((self.bytes.len() + end.len()) as u64 - self.hidden)
    }
}

/// What leads to the source, if anything does.
fn link(print: &PrintOptions, name: &[u8]) -> Option<Link> {
    print.colors.as_ref()?;
    // The name as it is shown, as in ripgrep: one with other separators leads
    // nowhere.
    print.links.as_ref()?.to(&name.to_path_lossy())
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
