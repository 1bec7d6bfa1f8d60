//! The members of a tar archive, as they come.

use std::{
    io::{self, Read},
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
};

use super::{
    innermost,
    member::{Fault, Sender},
};

/// The unit of tar.
const BLOCK: u64 = 512;

/// Counts what is read, and the zeros at its end.
struct Counted<R> {
    reader: R,
    counts: Arc<Counts>,
}

#[derive(Default)]
struct Counts {
    at: AtomicU64,
    zeros: AtomicU64,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let got = self.reader.read(buffer)?;
        let zeros = buffer[..got].iter().rev().take_while(|&&b| b == 0).count();
        let before = if zeros == got {
            self.counts.zeros.load(Relaxed)
        } else {
            0
        };
        self.counts.zeros.store(before + zeros as u64, Relaxed);
        self.counts.at.fetch_add(got as u64, Relaxed);
        Ok(got)
    }
}

/// Sends the members of the archive that begins with `head`.
pub(super) fn send(
    head: impl Read + Send,
    rest: impl Read + Send,
    out: &Sender,
) -> Result<(), Fault> {
    let counts = Arc::new(Counts::default());
    let mut archive = tar::Archive::new(Counted {
        reader: head.chain(rest),
        counts: counts.clone(),
    });
    // Archives may be put one behind the other (`cat a.tar b.tar`).
    archive.set_ignore_zeros(true);
    let broken = |error: &io::Error| {
        let at = counts.at.load(Relaxed);
        let why = innermost(error);
        Fault::Archive(format!(
            "the tar archive is damaged or cut off near byte {at} of what it unpacks to: {why} \
             (results hold for what comes before)"
        ))
    };
    for entry in archive.entries().map_err(|e| broken(&e))? {
        let mut entry = entry.map_err(|e| broken(&e))?;
        let kind = entry.header().entry_type();
        if !(kind.is_file() || kind.is_contiguous() || kind.is_gnu_sparse()) {
            continue;
        }
        let name = name(&entry);
        if is_pax_sparse(&mut entry) {
            let why = "is stored as a sparse file in a form (PAX) that is not read (extract it)";
            out.skip(name, why)?;
            continue;
        }
        let mut whole = Whole {
            left: entry.size(),
            reader: &mut entry,
        };
        let sent = out.member(&name, &mut whole, |error| {
            let at = counts.at.load(Relaxed);
            match error.kind() {
                io::ErrorKind::UnexpectedEof => format!(
                    "the archive is cut off inside this member, at byte {at} (results hold for \
                     what comes before)"
                ),
                _ => format!(
                    "{} (this member and those behind it are not complete)",
                    innermost(error)
                ),
            }
        })?;
        if !sent {
            // Said beside what is wrong with the member: whoever wants no more
            // of that does not get to know.
            let name = name.display();
            return Err(Fault::Archive(format!(
                "the tar archive cannot be read behind its member {name}, so others may be missing"
            )));
        }
    }
    let (at, zeros) = (counts.at.load(Relaxed), counts.zeros.load(Relaxed));
    if zeros < 2 * BLOCK {
        return Err(Fault::Archive(format!(
            "the tar archive ends at byte {at} without its end mark: it may be cut off there \
             (all members before were read)"
        )));
    }
    Ok(())
}

fn name(entry: &tar::Entry<'_, impl Read>) -> PathBuf {
    use std::os::unix::ffi::OsStringExt as _;
    std::ffi::OsString::from_vec(entry.path_bytes().into_owned()).into()
}

/// Whether the content begins with a map of its holes.
fn is_pax_sparse(entry: &mut tar::Entry<'_, impl Read>) -> bool {
    let extensions = entry.pax_extensions().ok().flatten();
    extensions.is_some_and(|mut all| {
        all.any(|one| one.is_ok_and(|one| one.key_bytes().starts_with(b"GNU.sparse.")))
    })
}

/// A member that ends early ends with an error.
struct Whole<R> {
    reader: R,
    left: u64,
}

impl<R: Read> Read for Whole<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let got = self.reader.read(buffer)?;
        if got == 0 && !buffer.is_empty() && self.left > 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.left = self.left.saturating_sub(got as u64);
        Ok(got)
    }
}
