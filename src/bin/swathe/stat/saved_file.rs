//! Files that swathe has saved, read whole: packed ones are unpacked, and pipes
//! and standard input will do.

use std::path::{Path, PathBuf};

use swathe::{
    ErrorKind, Result,
    exec::Stop,
    request::saved_report::is_container,
    run::Input,
    source::{Encoding, Source, SourceOptions},
};

/// So many bytes tell whether a file is one.
const ENOUGH: usize = 256;

/// The name of the file and all its bytes, whatever they are.
///
/// # Errors
/// When it cannot be opened, read or unpacked.
pub(crate) fn whole(input: &Input, stop: &Stop) -> Result<(PathBuf, Vec<u8>)> {
    let options = SourceOptions {
        encoding: Encoding::Raw,
        ..SourceOptions::default()
    };
    let source = input.open(&options, None)?;
    Ok((name(&source), source.head(usize::MAX, stop)?))
}

/// The name and all bytes of a source that looks like such a file; `None` if it
/// does not, and the source is then as if nobody had looked.
///
/// # Errors
/// When it does, and cannot be read.
pub(crate) fn if_saved(source: &Source, stop: &Stop) -> Result<Option<(PathBuf, Vec<u8>)>> {
    let head = match source.head(ENOUGH, stop) {
        Ok(head) => head,
        // It is met again by who reads it as a log.
        Err(error) if matches!(error.kind(), ErrorKind::Damaged(_)) => return Ok(None),
        Err(error) => return Err(error),
    };
    if !is_saved(&head) {
        return Ok(None);
    }
    Ok(Some((name(source), source.head(usize::MAX, stop)?)))
}

fn name(source: &Source) -> PathBuf {
    let name: &Path = source.name();
    name.to_path_buf()
}

/// Whether a file that begins like this is a saved report or a file of partials.
fn is_saved(head: &[u8]) -> bool {
    // Other programs lay JSON out anew.
    let bytes = head.iter().copied();
    let solid: Vec<u8> = bytes.filter(|byte| !byte.is_ascii_whitespace()).collect();
    solid.starts_with(b"{\"schema\":1,\"command\":\"") || is_container(head)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_that_is_none_is_as_before() {
        let stop = Stop::new();
        for (text, saved) in [
            (&b"{\"schema\": 1,\n \"command\": \"report\"}"[..], true),
            (b"swathe-saved 1 partial\n", true),
            (b"swathe-partial 1\n", true),
            (b"{\"level\":\"info\"}\n", false),
            (b"", false),
        ] {
            for source in [
                Source::from_bytes("x", text),
                Source::from_reader("x", text),
            ] {
                let found = if_saved(&source, &stop).unwrap();
                let expected = saved.then(|| (PathBuf::from("x"), text.to_vec()));
                assert_eq!(found, expected);
                assert_eq!(source.head(usize::MAX, &stop).unwrap(), text);
            }
        }
    }
}
