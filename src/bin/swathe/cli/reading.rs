//! The flags of every command that reads files.

use std::ffi::{OsStr, OsString};

use swathe::{
    exec::Stop,
    source::{Encoding, MapPolicy, SourceOptions, SpillOptions},
};

use super::{
    flag::{Flag, Group},
    value,
};
use crate::gentle;

/// How input is read, as it was typed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reading {
    /// Threads asked for; `None` for all there are.
    pub(crate) threads: Option<usize>,
    /// Nominal size of a chunk in bytes; 0 for the default.
    pub(crate) chunk_size: u64,
    pub(crate) io: Io,
    pub(crate) mmap: Mmap,
    pub(crate) encoding: Encoding,
    /// Packed input is taken as it is stored.
    pub(crate) keep_packed: bool,
    /// So many bytes are read of what packed input unpacks to.
    pub(crate) max_unpacked: Option<u64>,
    /// Others on the machine go first.
    pub(crate) gentle: bool,
    /// Members of archives are read one by one.
    pub(crate) archives: bool,
    /// Whether that was said, one way or the other.
    pub(crate) archives_said: bool,
    /// A program that is run on each file, whose output is read instead.
    pub(crate) pre: Option<OsString>,
    pub(crate) progress: When,
    /// Files that cannot be read are not spoken of.
    pub(crate) no_messages: bool,
}

/// How the bytes of regular files come into memory.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) enum Io {
    /// The way that is fastest here.
    #[default]
    Auto,
    Map,
    Read,
}

/// Which of ripgrep's ways to read decides what a NUL byte means.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) enum Mmap {
    /// The one that ripgrep would take.
    #[default]
    Auto,
    Always,
    Never,
}

/// When something is shown.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) enum When {
    #[default]
    Auto,
    Always,
    Never,
}

/// More threads than any machine has cores for; beyond, a typing error.
const MAX_THREADS: usize = 4096;

impl Reading {
    /// How many threads to use where there are cores for this many.
    pub(crate) fn threads(&self, cores: usize) -> usize {
        let cores = if self.gentle {
            gentle::threads(cores)
        } else {
            cores
        };
        self.threads.unwrap_or(cores).max(1)
    }

    /// How to open sources for so many threads. Without `strip_bom`, a UTF-8
    /// byte order mark counts as text.
    pub(crate) fn source_options(&self, strip_bom: bool, threads: usize) -> SourceOptions {
        let map = match self.io {
            Io::Auto => MapPolicy::Auto,
            Io::Map => MapPolicy::Guarded,
            Io::Read => MapPolicy::Never,
        };
        SourceOptions {
            map,
            encoding: self.encoding,
            strip_bom: strip_bom && !matches!(self.encoding, Encoding::Raw),
            keep_packed: self.keep_packed,
            max_unpacked: self.max_unpacked,
            unpack_threads: threads,
            give_back: self.gentle,
            spill: Some(SpillOptions::in_directory(std::env::temp_dir())),
            stop: Stop::new(),
        }
    }

    fn set_threads(&mut self, value: &OsStr) -> Result<(), String> {
        let threads: usize = value::number(value)?;
        if threads > MAX_THREADS {
            return Err(format!("at most {MAX_THREADS} threads"));
        }
        self.threads = (threads > 0).then_some(threads);
        Ok(())
    }

    fn set_chunk_size(&mut self, value: &OsStr) -> Result<(), String> {
        self.chunk_size = match value::size(value)? {
            0 => return Err("a chunk has at least 1 byte".to_string()),
            size => size,
        };
        Ok(())
    }

    fn set_encoding(&mut self, value: Option<&OsStr>) -> Result<(), String> {
        let Some(value) = value else {
            self.encoding = Encoding::Auto;
            return Ok(());
        };
        self.encoding = match value::text(value)? {
            "auto" => Encoding::Auto,
            "none" => Encoding::Raw,
            label => {
                let known = encoding_rs::Encoding::for_label_no_replacement(label.as_bytes());
                Encoding::Named(known.ok_or_else(|| {
                    format!(
                        "unknown encoding '{}'; write auto, none or a name like \
                         utf-16le, latin1, shift_jis (the list: \
                         https://encoding.spec.whatwg.org/#names-and-labels)",
                        value::shown(label)
                    )
                })?)
            }
        };
        Ok(())
    }
}

/// The flags; they are the same for every command.
pub(crate) fn flags<L: AsMut<Reading>>() -> Vec<Flag<L>> {
    let all = speed()
        .into_iter()
        .chain(bytes())
        .chain(packed())
        .chain(messages());
    Flag::grouped(Group::Reading, all)
}

fn speed<L: AsMut<Reading>>() -> Vec<Flag<L>> {
    vec![
        Flag::value(
            "threads",
            "N",
            "Use N threads; 0 for all cores (default)",
            |low: &mut L, v| low.as_mut().set_threads(v),
        )
        .short('j')
        .brief()
        .more(
            "The output is the same for every N. All cores means those that \
                   the affinity and the cgroup of the process allow.",
        ),
        Flag::switch(
            "gentle",
            "Let others on this machine go first",
            |low: &mut L, on| low.as_mut().gentle = on,
        )
        .no("no-gentle")
        .more(
            "A quarter of the cores unless -j is given, the lowest priority, reads only when \
                   the disk is idle; what was not in the page cache before is not there after.",
        ),
        Flag::value(
            "chunk-size",
            "SIZE",
            "Cut files into chunks of about SIZE",
            |low: &mut L, v| low.as_mut().set_chunk_size(v),
        )
        .more(
            "Bytes, or a number with K, M or G (powers of 1024). Chunks are what threads \
                   share out; their size changes speed, never the output.",
        ),
        Flag::value(
            "io",
            "HOW",
            "Read regular files by: auto, map, read",
            |low: &mut L, v| {
                let choices = [("auto", Io::Auto), ("map", Io::Map), ("read", Io::Read)];
                low.as_mut().io = value::choice(v, &choices)?;
                Ok(())
            },
        )
        .more(
            "map puts files into memory and survives files that are cut meanwhile; read \
                   copies them piece by piece. The output is the same.",
        ),
    ]
}

fn bytes<L: AsMut<Reading>>() -> Vec<Flag<L>> {
    vec![
        Flag::setting(
            "encoding",
            "NAME",
            "Decode text: auto, none, or an encoding",
            |low: &mut L, v| low.as_mut().set_encoding(v),
        )
        .short('E')
        .no("no-encoding")
        .more(
            "auto follows a byte order mark (UTF-8, UTF-16) and takes all else as it \
                   is; none takes everything as it is. With an encoding, like utf-16le, latin1 \
                   or shift_jis, offsets are those of the decoded text.",
        ),
        Flag::switch(
            "mmap",
            "Treat NUL bytes as ripgrep does in a map",
            |low: &mut L, on| {
                let low = low.as_mut();
                (low.mmap, low.io) = if on {
                    (Mmap::Always, Io::Map)
                } else {
                    (Mmap::Never, Io::Read)
                };
            },
        )
        .no("no-mmap")
        .more(
            "ripgrep recognises binary files in one way when it maps a file (up to 10 \
                   files, all named one by one) and in another when it reads it. This flag and \
                   its negation choose the way, here as there, and --io map or --io read.",
        ),
    ]
}

fn packed<L: AsMut<Reading>>() -> Vec<Flag<L>> {
    vec![
        Flag::switch(
            "decompress",
            "Unpack gzip, zstd, xz, bzip2, lz4, .Z (default)",
            |low: &mut L, on| low.as_mut().keep_packed = !on,
        )
        .no("no-decompress")
        .more(
            "Packed input is recognised by its first bytes, whatever its name, also on \
                   standard input; brotli (.br) and LZMA (.lzma) by the name. Offsets are \
                   those of the unpacked text. --no-decompress takes the bytes as they are.",
        ),
        Flag::value(
            "max-decompressed",
            "SIZE",
            "Read at most SIZE bytes of unpacked text",
            |low: &mut L, v| {
                low.as_mut().max_unpacked = match value::size(v)? {
                    0 => return Err("must be at least 1".to_string()),
                    size => Some(size),
                };
                Ok(())
            },
        )
        .more(
            "Of each packed input, and of each member of a zip archive (K, M, G). One that \
                   unpacks to more is an error, and what came before it is searched. Without it \
                   there is no bound but that a line which is too long for memory leaves some \
                   room in the directory for temporary files (TMPDIR).",
        ),
        Flag::switch(
            "search-zip",
            "As --decompress, which is the default",
            |low: &mut L, on| {
                low.as_mut().keep_packed = !on;
                if on {
                    low.as_mut().pre = None;
                }
            },
        )
        .short('z')
        .no("no-search-zip"),
        Flag::switch(
            "archives",
            "Read the members of tar and zip files",
            |low: &mut L, on| {
                low.as_mut().archives = on;
                low.as_mut().archives_said = true;
            },
        )
        .no("no-archives")
        .more(
            "Each member is a file of its own, named ARCHIVE:MEMBER; the archive may be \
                   packed (.tar.gz, .tar.zst, ...) and so may its members. Recognised by their \
                   first bytes. An archive in an archive is not opened. Without this flag, an \
                   archive is the bytes it is, as for ripgrep, and a line on standard error says \
                   so of one that was named; --no-archives does not say it.",
        ),
    ]
}

fn messages<L: AsMut<Reading>>() -> Vec<Flag<L>> {
    vec![
        Flag::value(
            "progress",
            "WHEN",
            "Show progress: auto, always, never",
            |low: &mut L, v| {
                low.as_mut().progress = value::choice(v, WHEN)?;
                Ok(())
            },
        )
        .more(
            "auto: on standard error after half a second, if that is a terminal and \
                   results do not go there too.",
        ),
        Flag::switch(
            "no-messages",
            "Say nothing of files that cannot be read",
            |low: &mut L, on| low.as_mut().no_messages = on,
        )
        .no("messages")
        .more("The exit status is 2 all the same."),
    ]
}

/// The words for [`When`].
const WHEN: &[(&str, When)] = &[
    ("auto", When::Auto),
    ("always", When::Always),
    ("never", When::Never),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threads_and_chunk_sizes() {
        let mut reading = Reading::default();
        for (value, threads) in [("3", 3), ("0", 8), ("1", 1)] {
            reading.set_threads(OsStr::new(value)).unwrap();
            assert_eq!(reading.threads(8), threads, "-j {value}");
        }
        assert!(reading.set_threads(OsStr::new("1000000")).is_err());
        for (value, size) in [
            ("1", Some(1)),
            ("64K", Some(65536)),
            ("0", None),
            ("x", None),
        ] {
            let set = reading.set_chunk_size(OsStr::new(value));
            assert_eq!(set.ok().map(|()| reading.chunk_size), size, "{value}");
        }
    }

    #[test]
    fn encodings() {
        let mut reading = Reading::default();
        reading.set_encoding(Some(OsStr::new("latin1"))).unwrap();
        assert!(matches!(reading.encoding, Encoding::Named(e) if e.name() == "windows-1252"));
        assert!(reading.source_options(true, 1).strip_bom);
        reading.set_encoding(Some(OsStr::new("none"))).unwrap();
        assert!(matches!(reading.encoding, Encoding::Raw));
        assert!(!reading.source_options(true, 1).strip_bom);
        reading.set_encoding(None).unwrap();
        assert!(matches!(reading.encoding, Encoding::Auto));
        let error = reading
            .set_encoding(Some(OsStr::new("klingon")))
            .unwrap_err();
        assert!(error.contains("klingon"), "{error}");
    }
}
