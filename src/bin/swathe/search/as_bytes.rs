//! Inputs that were searched as the bytes they are, and may have been meant otherwise.

use std::{fs::File, io::Read as _, path::Path};

use swathe::{
    report::printable,
    source::{Archive, Encoding, Opened, packed_with, utf16_without_mark},
};

use super::job::Job;

/// So many of the inputs are looked at.
const MOST: usize = 1000;

/// So many of the first bytes of each.
const HEAD: u64 = 4 << 10;

/// What was named, and what it begins with.
struct Seen<'a> {
    path: &'a Path,
    head: Vec<u8>,
}

/// What is said of the inputs that were named and are archives, or text in UTF-16 without a
/// byte order mark, unless it was said how they are to be taken.
pub(super) fn notes(job: &Job) -> Vec<String> {
    let asks_archives = job.reading.archives.is_none();
    let asks_encoding = matches!(job.source_options.encoding, Encoding::Auto);
    if !asks_archives && !asks_encoding {
        return Vec::new();
    }
    let inputs = job.inputs.iter().take(MOST);
    let inputs = inputs.filter(|input| !job.is_preprocessed(input));
    let seen: Vec<Seen> = inputs.filter_map(|input| look(input.path()?)).collect();
    let archives = seen
        .iter()
        .filter(|seen| asks_archives && is_archive(seen, job));
    let archives = note(
        archives,
        ("is an archive", "are archives"),
        "--archives searches",
        "members",
    );
    let mut notes = Vec::from_iter(archives);
    for (name, label) in [("UTF-16LE", "utf-16le"), ("UTF-16BE", "utf-16be")] {
        let of_it = seen.iter().filter(|seen| {
            let found = utf16_without_mark(&seen.head);
            asks_encoding && found.is_some_and(|encoding| encoding.name() == name)
        });
        let (is, are) = (
            "is in UTF-16 without a byte order mark",
            "are in UTF-16 without a byte order mark",
        );
        notes.extend(note(
            of_it,
            (is, are),
            &format!("-E {label} decodes"),
            "text",
        ));
    }
    notes
}

/// What is said of these, and what takes their parts for what they are; nothing if there is
/// none.
fn note<'s>(
    mut of: impl Iterator<Item = &'s Seen<'s>>,
    (is, are): (&str, &str),
    otherwise: &str,
    parts: &str,
) -> Option<String> {
    let first = of.next()?;
    let name = printable(first.path.as_os_str().as_encoded_bytes());
    Some(match of.count() {
        0 => format!("{name} {is} and was searched as the bytes it is; {otherwise} its {parts}"),
        more => format!(
            "{name} and {more} other inputs {are} and were searched as the bytes they are; \
             {otherwise} their {parts}"
        ),
    })
}

/// The first bytes of a file.
fn look(path: &Path) -> Option<Seen<'_>> {
    if !path.is_file() {
        return None;
    }
    let mut head = Vec::new();
    let file = File::open(path).ok()?;
    file.take(HEAD).read_to_end(&mut head).ok()?;
    Some(Seen { path, head })
}

/// Whether a file is one, by its first bytes, unpacked where they are packed.
fn is_archive(seen: &Seen<'_>, job: &Job) -> bool {
    if Archive::begins(&seen.head) {
        return true;
    }
    let unpacked = !job.source_options.keep_packed && packed_with(&seen.head, seen.path).is_some();
    unpacked
        && matches!(
            Opened::open(seen.path, &job.source_options),
            Ok(Opened::Archive(_))
        )
}
