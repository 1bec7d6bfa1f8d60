//! Archives that were searched as the bytes they are.

use std::{fs::File, io::Read as _, path::Path};

use swathe::{
    report::printable,
    source::{Archive, Opened, packed_with},
};

use super::job::Job;

/// So many of the inputs are looked at.
const MOST: usize = 1000;

/// What is said of the inputs that were named and are archives, unless it was
/// said how they are to be taken. Nothing if there is none.
pub(super) fn note(job: &Job) -> Option<String> {
    if job.reading.archives.is_some() {
        return None;
    }
    let inputs = job.inputs.iter().take(MOST);
    let archives = inputs.filter(|input| !job.is_preprocessed(input));
    let archives = archives.filter_map(|input| input.path());
    let archives: Vec<&Path> = archives.filter(|path| is_archive(path, job)).collect();
    let (first, others) = archives.split_first()?;
    let name = printable(first.as_os_str().as_encoded_bytes());
    Some(match others.len() {
        0 => format!(
            "{name} is an archive and was searched as the bytes it is; --archives searches its \
             members"
        ),
        more => format!(
            "{name} and {more} other inputs are archives and were searched as the bytes they are; \
             --archives searches their members"
        ),
    })
}

/// Whether a file is one, by its first bytes, unpacked where they are packed.
fn is_archive(path: &Path, job: &Job) -> bool {
    if !path.is_file() {
        return false;
    }
    let mut head = Vec::new();
    let read = File::open(path).and_then(|file| file.take(512).read_to_end(&mut head));
    if read.is_err() || Archive::begins(&head) {
        return read.is_ok();
    }
    let unpacked = !job.source_options.keep_packed && packed_with(&head, path).is_some();
    unpacked
        && matches!(
            Opened::open(path, &job.source_options),
            Ok(Opened::Archive(_))
        )
}
