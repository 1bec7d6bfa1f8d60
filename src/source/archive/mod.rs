//! The members of an archive (tar, zip), each a source of its own.
//!
//! An archive is gone through once, in its order, on a thread of its own: it
//! unpacks, and sends the bytes of one member after the other in blocks. Only
//! a few blocks wait, so that neither the size of an archive nor what it
//! unpacks to costs memory. Nothing is ever written: names, with `..` or
//! without, are only shown.
//!
//! Directories, links and devices have no content and are passed over. An
//! archive in an archive is said and not opened.

mod bytes;
mod member;
mod tar;
mod zip;

use std::{
    ffi::OsString,
    io::{self, Cursor, Read},
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

use self::{
    bytes::Bytes,
    member::{Channel, Fault, MemberReader, Next, Sender},
};
use super::{
    Encoding, MapPolicy, Seen, Source, SourceOptions, Stream,
    unpack::{Bounded, damaged},
    unread,
};
use memchr::memchr2;

use crate::{
    error::{Error, ErrorKind, Result},
    exec::Stop,
};

/// How many bytes show whether something is an archive.
const HEAD: usize = 512;

/// The members of an archive, in their order.
#[derive(Debug)]
pub struct Archive {
    name: PathBuf,
    channel: Arc<Mutex<Channel>>,
    options: SourceOptions,
    /// Its members are packed, each by itself.
    packed: bool,
    over: bool,
}

/// What a name or standard input turned out to be.
#[derive(Debug)]
pub enum Opened {
    /// An archive.
    Archive(Archive),
    /// Anything else.
    Source(Source),
}

impl Opened {
    /// Opens the file of this name, as an archive if its first bytes, unpacked
    /// where it is packed, are those of one.
    ///
    /// # Errors
    /// As [`Source::open`].
    pub fn open(path: impl AsRef<Path>, options: &SourceOptions) -> Result<Opened> {
        let path = path.as_ref();
        Opened::of(path, Source::open(path, &as_stored(options))?, options)
    }

    /// Opens the file of this name that was opened before, as
    /// [`open_again`](Source::open_again) does.
    ///
    /// # Errors
    /// As [`Source::open_again`].
    pub fn open_again(
        path: impl AsRef<Path>,
        options: &SourceOptions,
        seen: &Seen,
    ) -> Result<Opened> {
        let path = path.as_ref();
        let source = Source::open_again(path, &as_stored(options), seen)?;
        Opened::of(path, source, options)
    }

    fn of(path: &Path, source: Source, options: &SourceOptions) -> Result<Opened> {
        let failed = |error| Error::at(path, ErrorKind::Io(error));
        // The file itself: its name may be that of another by now.
        let file = source.watch.as_ref().map(|watch| watch.again());
        let mut file = file.transpose().map_err(failed)?;
        let plain = !source.is_decoded();
        let (bytes, head) = peek(source)?;
        if is_zip(&head)
            && plain
            && let Some(watch) = file.take()
        {
            let send = move |out: &Sender| zip::send(&watch.file, out);
            return Archive::start(path, options, true, send).map(Opened::Archive);
        }
        match (archive(path, bytes, &head, options)?, file) {
            (Ok(archive), _) => Ok(Opened::Archive(archive)),
            // Read once more from its begin, in the way that is best for it.
            (Err(_), Some(watch)) => Source::regular(path, watch, 0, options)
                .map(Opened::Source)
                .map_err(failed),
            (Err(bytes), None) => Ok(Opened::Source(again(path, bytes, head, options))),
        }
    }

    /// Standard input, under the name `<stdin>`; as [`open`](Opened::open).
    ///
    /// # Errors
    /// As [`Source::stdin`].
    pub fn stdin(options: &SourceOptions) -> Result<Opened> {
        Opened::of_stream(Source::stdin(&as_stored(options))?, options)
    }

    /// Standard input that was a file when it was opened before, as
    /// [`stdin_again`](Source::stdin_again).
    ///
    /// # Errors
    /// As [`Source::stdin_again`].
    pub fn stdin_again(options: &SourceOptions, seen: &Seen) -> Result<Opened> {
        Opened::of_stream(Source::stdin_again(&as_stored(options), seen)?, options)
    }

    /// A source that is read from its begin to its end, and was opened with no
    /// encoding named; as [`open`](Opened::open).
    ///
    /// # Errors
    /// When threads cannot be started.
    pub fn of_stream(source: Source, options: &SourceOptions) -> Result<Opened> {
        let name = source.name().to_path_buf();
        let (bytes, head) = peek(source)?;
        Ok(match archive(&name, bytes, &head, options)? {
            Ok(archive) => Opened::Archive(archive),
            Err(bytes) => Opened::Source(again(&name, bytes, head, options)),
        })
    }
}

/// What is read of an archive is no text.
fn as_stored(options: &SourceOptions) -> SourceOptions {
    SourceOptions {
        map: MapPolicy::Never,
        encoding: Encoding::Raw,
        strip_bom: false,
        ..options.clone()
    }
}

/// The first bytes of a source, and all that follow them.
///
/// # Errors
/// When they cannot be read. Damage is no error here: it is met again by who reads on.
fn peek(source: Source) -> Result<(Bytes, Vec<u8>)> {
    let name = source.name().to_path_buf();
    let mut bytes = Bytes::new(source);
    let mut head = Vec::new();
    let read = bytes.by_ref().take(HEAD as u64).read_to_end(&mut head);
    match read.map_err(unread) {
        Ok(_) => Ok((bytes, head)),
        Err(ErrorKind::Damaged(why)) => {
            bytes.put_back(damaged(why));
            Ok((bytes, head))
        }
        Err(ErrorKind::Io(error)) => Err(match error.downcast::<Error>() {
            Ok(error) => error,
            Err(error) => Error::at(name, ErrorKind::Io(error)),
        }),
        Err(kind) => Err(Error::at(name, kind)),
    }
}

/// The archive of these bytes, or the bytes where they are none.
fn archive(
    name: &Path,
    bytes: Bytes,
    head: &[u8],
    options: &SourceOptions,
) -> Result<Result<Archive, Bytes>> {
    let first = Cursor::new(head.to_vec());
    Ok(if is_tar(head) {
        let send = move |out: &Sender| tar::send(first, bytes, out);
        Ok(Archive::start(name, options, false, send)?)
    } else if is_zip(head) {
        let send = move |out: &Sender| zip::send_stream(&mut first.chain(bytes), out);
        Ok(Archive::start(name, options, true, send)?)
    } else {
        Err(bytes)
    })
}

/// A source of bytes whose head was read.
fn again(name: &Path, bytes: Bytes, head: Vec<u8>, options: &SourceOptions) -> Source {
    let options = SourceOptions {
        // It is unpacked already.
        keep_packed: true,
        ..options.clone()
    };
    let stream = Stream::new(Cursor::new(head).chain(bytes)).holding();
    Source::from_stream_with(name, stream, &options)
}

impl Archive {
    fn start(
        name: &Path,
        options: &SourceOptions,
        packed: bool,
        send: impl FnOnce(&Sender) -> Result<(), Fault> + Send + 'static,
    ) -> Result<Archive> {
        let (sender, channel) = member::channel();
        std::thread::Builder::new()
            .name("swathe-archive".to_string())
            .spawn(move || {
                let end = send(&sender);
                sender.end(end);
            })
            .map_err(|e| Error::at(name, ErrorKind::Io(e)))?;
        Ok(Archive {
            name: name.to_path_buf(),
            channel: Arc::new(Mutex::new(channel)),
            options: options.clone(),
            packed,
            over: false,
        })
    }

    /// Whether unpacked bytes that begin like this are those of an archive; a
    /// tar is not recognised by less than 512 of them.
    pub fn begins(head: &[u8]) -> bool {
        is_tar(head) || is_zip(head)
    }

    /// Whether a source is an archive, by its first bytes. No more of them are
    /// waited for than it takes to know; none is taken away from who reads it.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn is(source: &Source, stop: &Stop) -> Result<bool> {
        let mut enough = 4;
        loop {
            let head = source.head(enough, stop)?;
            if head.len() < enough || head.len() >= HEAD {
                return Ok(Archive::begins(&head));
            }
            // The name that tar begins with is filled up with NUL, and has no
            // newline; text has one soon.
            let telling = memchr2(0, b'\n', &head).map(|at| head[at]);
            enough = match telling {
                _ if head.starts_with(b"PK") => HEAD,
                Some(b'\n') => return Ok(false),
                Some(_) => HEAD,
                None => head.len() + 1,
            };
        }
    }

    /// The name it was opened under.
    pub fn name(&self) -> &Path {
        &self.name
    }

    /// The next member, under the name `ARCHIVE:MEMBER`; what was not read of
    /// the one before is passed over. `None` at the end.
    ///
    /// # Errors
    /// What cannot be read: a member (the others follow), or what is left of
    /// the archive (none follows). Damage inside a member is met by who reads
    /// that member.
    pub fn next_member(&mut self) -> Option<Result<Source>> {
        if self.over {
            return None;
        }
        let fail = |name: PathBuf, text| Some(Err(Error::at(name, ErrorKind::Damaged(text))));
        match member::next(&self.channel) {
            Next::Member(name, number) => {
                let reader = Bounded {
                    reader: MemberReader::new(self.channel.clone(), number),
                    bound: self.options.bound().filter(|_| self.packed),
                };
                let name = self.member_name(&name);
                Some(Ok(Source::from_reader_with(name, reader, &self.options)))
            }
            Next::Skipped(name, why) => fail(self.member_name(&name), why),
            Next::Failed(why) => {
                self.over = true;
                fail(self.name.clone(), why)
            }
            Next::End => {
                self.over = true;
                None
            }
        }
    }

    fn member_name(&self, member: &Path) -> PathBuf {
        let mut name = OsString::from(&self.name);
        name.push(":");
        name.push(member);
        name.into()
    }
}

/// Whether a file of zip begins like this.
fn is_zip(head: &[u8]) -> bool {
    head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06")
}

/// Whether a file of tar begins like this: its mark, or, in the oldest form,
/// the sum of its bytes.
fn is_tar(head: &[u8]) -> bool {
    let Some(block) = head.first_chunk::<512>() else {
        return false;
    };
    if &block[257..262] == b"ustar" {
        return true;
    }
    let says = std::str::from_utf8(&block[148..156]).ok();
    let says = says.map(|text| text.trim_matches([' ', '\0']));
    let Some(says) = says.and_then(|digits| u32::from_str_radix(digits, 8).ok()) else {
        return false;
    };
    let sum = |range: &[u8]| range.iter().map(|&b| u32::from(b)).sum::<u32>();
    says == sum(&block[..148]) + 8 * u32::from(b' ') + sum(&block[156..])
}

/// Whether a member is an archive, by its name or its first bytes.
fn is_archive(name: &Path, head: &[u8]) -> bool {
    const ENDS: &[&str] = &[
        ".tar", ".tgz", ".tbz2", ".txz", ".tzst", ".zip", ".7z", ".rar",
    ];
    const PACKED: &[&str] = &["gz", "zst", "xz", "bz2", "lz4", "br", "lzma"];
    let name = name.to_string_lossy().to_lowercase();
    let tar = |packed: &&str| name.ends_with(&format!(".tar.{packed}"));
    is_zip(head)
        || is_tar(head)
        || ENDS.iter().any(|end| name.ends_with(end))
        || PACKED.iter().any(tar)
}

/// An error without the layers that libraries put around it.
fn innermost(error: &io::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.get_ref().map(|e| e as &dyn std::error::Error);
    while let Some(error) = next {
        text = error.to_string();
        next = error.source();
    }
    text.chars().filter(|c| !c.is_control()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exec::panics::panics;

    /// What is read of a member, and whether that was all.
    fn all(source: &Source) -> (Vec<u8>, Option<String>) {
        let (text, error) = source.head_up_to(usize::MAX, &Stop::new());
        (text, error.map(|error| error.to_string()))
    }

    #[test]
    fn a_thread_that_panics_is_not_at_the_end() {
        // In a member, between two, and at the end.
        for (whole, inside) in [(0, true), (1, true), (0, false), (2, false)] {
            let panicked = panics(move || {
                let send = move |out: &Sender| {
                    for _ in 0..whole {
                        out.member(Path::new("whole"), &mut &b"text\n"[..], |_| String::new())?;
                    }
                    assert!(inside, "meant to");
                    let mut bytes = io::repeat(b'x').take(1 << 20);
                    let mut left = 3;
                    let mut reader = std::iter::from_fn(|| {
                        left -= 1;
                        assert!(left > 0, "meant to");
                        Some(0)
                    });
                    let mut panics =
                        Cursor::new(b"begun\n").chain(PanicsAfter(&mut bytes, &mut reader));
                    out.member(Path::new("begun"), &mut panics, |_| String::new())?;
                    Ok(())
                };
                let options = SourceOptions::default();
                let mut archive = Archive::start(Path::new("a"), &options, false, send).unwrap();
                for _ in 0..whole {
                    let member = archive.next_member().unwrap().unwrap();
                    assert_eq!(all(&member), (b"text\n".to_vec(), None));
                }
                let mut next = archive.next_member().unwrap();
                if inside && let Ok(member) = &next {
                    let (text, error) = all(member);
                    assert!(text.starts_with(b"begun\nxx"));
                    assert!(error.unwrap().contains("stopped unexpectedly"));
                    next = archive.next_member().unwrap();
                }
                assert!(
                    next.unwrap_err()
                        .to_string()
                        .contains("stopped unexpectedly")
                );
                assert!(archive.next_member().is_none());
            });
            assert!(!panicked, "{whole} {inside}");
        }
    }

    /// Gives bytes while something goes on.
    struct PanicsAfter<'a, R, I>(&'a mut R, &'a mut I);

    impl<R: Read, I: Iterator> Read for PanicsAfter<'_, R, I> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            self.1.next();
            let few = buffer.len().min(200_000);
            self.0.read(&mut buffer[..few])
        }
    }
}
