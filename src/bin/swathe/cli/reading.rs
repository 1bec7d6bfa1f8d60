//! The flags of every command that reads files.

use std::ffi::{OsStr, OsString};

use swathe::{
    exec::Stop,
    source::{Encoding, MapPolicy, SourceOptions, SpillOptions},
};

use super::{flag, value};
use crate::gentle;

/// How input is read, as it was typed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reading {
    /// Threads asked for; `None` or 0 for all there are.
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
    /// Members of archives are read one by one, or are not; nobody said it if `None`.
    pub(crate) archives: Option<bool>,
    /// A program that is run on each file, whose output is read instead.
    pub(crate) pre: Option<OsString>,
    pub(crate) progress: When,
    /// Files that cannot be read are not spoken of.
    pub(crate) no_messages: bool,
}

/// How the bytes of regular files come into memory.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) enum Io {
    #[default]
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

impl Reading {
    /// How many threads to use where there are cores for this many.
    pub(crate) fn threads(&self, cores: usize) -> usize {
        let cores = if self.gentle {
            gentle::threads(cores)
        } else {
            cores
        };
        match self.threads {
            None | Some(0) => cores.max(1),
            Some(threads) => threads,
        }
    }

    /// How to open sources for so many threads. Without `strip_bom`, a UTF-8
    /// byte order mark counts as text.
    pub(crate) fn source_options(&self, strip_bom: bool, threads: usize) -> SourceOptions {
        let map = match self.io {
            Io::Map => MapPolicy::Guarded,
            Io::Read => MapPolicy::Never,
        };
        SourceOptions {
            map,
            encoding: self.encoding,
            find_utf16: false,
            strip_bom: strip_bom && !matches!(self.encoding, Encoding::Raw),
            keep_packed: self.keep_packed,
            max_unpacked: self.max_unpacked,
            unpack_threads: threads,
            give_back: self.gentle,
            spill: Some(SpillOptions::in_directory(std::env::temp_dir())),
            stop: Stop::new(),
        }
    }
}

type Flag = flag::Flag<Reading>;

/// The words for [`When`].
const WHEN: &[(&str, When)] = &[
    ("auto", When::Auto),
    ("always", When::Always),
    ("never", When::Never),
];

/// The words for [`Io`].
const IO: &[(&str, Io)] = &[("auto", Io::Map), ("map", Io::Map), ("read", Io::Read)];

/// The flags; they are the same for every command.
pub(crate) fn flags() -> Vec<Flag> {
    let mut all = vec![threads()];
    all.extend(speed());
    all.extend(bytes());
    all.extend(packed());
    all.extend([progress(), no_messages()]);
    all
}

/// How many threads there are.
pub(crate) fn threads() -> Flag {
    Flag::one(
        "-j --threads N",
        "Use N threads; 0 for all cores (default)",
        value::threads,
        |o| &mut o.threads,
    )
    .brief()
    .more(
        "The output is the same for every N. All cores means those that the affinity and the \
         cgroup of the process allow.",
    )
}

/// When it is shown how far a run has come.
pub(crate) fn progress() -> Flag {
    Flag::choice("--progress WHEN", "Show progress", WHEN, |o| {
        &mut o.progress
    })
    .more(
        "auto: on standard error after half a second, if that is a terminal and results do not \
         go there too.",
    )
}

/// Whether files that cannot be read are spoken of.
pub(crate) fn no_messages() -> Flag {
    Flag::on(
        "--no-messages",
        "Say nothing of files that cannot be read",
        |o| &mut o.no_messages,
    )
    .no("messages")
    .more("The exit status is 2 all the same.")
}

fn speed() -> Vec<Flag> {
    vec![
        Flag::on("--gentle", "Let others on this machine go first", |o| {
            &mut o.gentle
        })
        .no("no-gentle")
        .more(
            "A quarter of the cores unless -j is given, the lowest priority, reads only when \
             the disk is idle; what was not in the page cache before is not there after.",
        ),
        Flag::one(
            "--chunk-size SIZE",
            "Cut files into chunks of about SIZE",
            value::positive_size,
            |o| &mut o.chunk_size,
        )
        .more(
            "Bytes, or a number with K, M or G (powers of 1024). Chunks are what threads \
             share out; their size changes speed, never the output.",
        ),
        Flag::choice("--io HOW", "Read regular files by", IO, |o| &mut o.io).more(
            "map puts files into memory and survives files that are cut meanwhile; read copies \
             them piece by piece; auto (default) is what is faster, which is map. The output is \
             the same.",
        ),
    ]
}

fn bytes() -> Vec<Flag> {
    vec![
        Flag::setting(
            "-E --encoding NAME",
            "Decode text: auto, none, or an encoding",
            |o, v| {
                o.encoding = v.map_or(Ok(Encoding::Auto), encoding)?;
                Ok(())
            },
        )
        .no("no-encoding")
        .more(
            "auto follows a byte order mark (UTF-8, UTF-16) and takes all else as it is; \
             statistics decode UTF-16 without a mark too, known by its NUL bytes, and a search \
             says so of one that was named. none takes everything as it is. With an encoding, \
             like utf-16le, latin1 or shift_jis, offsets are those of the decoded text.",
        ),
        Flag::switch(
            "--mmap",
            "Treat NUL bytes as ripgrep does in a map",
            |o, on| {
                (o.mmap, o.io) = if on {
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
             its negation choose the way, here as there, and --io map or --io read, which is all \
             they do where nothing is searched for.",
        ),
    ]
}

fn packed() -> Vec<Flag> {
    vec![
        Flag::switch(
            "--decompress",
            "Unpack gzip, zstd, xz, bzip2, lz4, .Z (default)",
            |o, on| o.keep_packed = !on,
        )
        .no("no-decompress")
        .more(
            "Packed input is recognised by its first bytes, whatever its name, also on \
             standard input; brotli (.br) and LZMA (.lzma) by the name. Offsets are \
             those of the unpacked text. --no-decompress takes the bytes as they are.",
        ),
        Flag::one(
            "--max-decompressed SIZE",
            "Read at most SIZE bytes of unpacked text",
            value::positive_size,
            |o| &mut o.max_unpacked,
        )
        .more(
            "Of each packed input, and of each member of a zip archive (K, M, G). One that \
             unpacks to more is an error, and what came before it is read. Without it \
             there is no bound but that a line which is too long for memory leaves some \
             room in the directory for temporary files (TMPDIR).",
        ),
        Flag::switch(
            "-z --search-zip",
            "As --decompress, which is the default",
            |o, on| {
                o.keep_packed = !on;
                if on {
                    o.pre = None;
                }
            },
        )
        .no("no-search-zip"),
        Flag::on("--archives", "Read the members of tar and zip files", |o| {
            &mut o.archives
        })
        .no("no-archives")
        .more(
            "Each member is a file of its own, named ARCHIVE:MEMBER; the archive may be \
             packed (.tar.gz, .tar.zst, ...) and so may its members. Recognised by their \
             first bytes. An archive in an archive is not opened. Statistics do it unless they \
             are told not to. A search does it with this flag: without it, an archive is the \
             bytes it is, as for ripgrep, and a line on standard error says so of one that was \
             named; --no-archives does not say it.",
        ),
    ]
}

/// The encoding of this name.
///
/// # Errors
/// When there is none.
fn encoding(value: &OsStr) -> Result<Encoding, String> {
    match value::text(value)? {
        "auto" => Ok(Encoding::Auto),
        "none" => Ok(Encoding::Raw),
        label => encoding_rs::Encoding::for_label_no_replacement(label.as_bytes())
            .map(Encoding::Named)
            .ok_or_else(|| {
                format!(
                    "unknown encoding '{}'; write auto, none or a name like utf-16le, latin1, \
                     shift_jis (the list: https://encoding.spec.whatwg.org/#names-and-labels)",
                    value::shown(label)
                )
            }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_cores_unless_it_is_said() {
        for (threads, want) in [(None, 8), (Some(0), 8), (Some(1), 1), (Some(30), 30)] {
            let reading = Reading {
                threads,
                ..Reading::default()
            };
            assert_eq!(reading.threads(8), want, "{threads:?}");
        }
    }

    #[test]
    fn encodings() {
        let strips = |name: &str| {
            let reading = Reading {
                encoding: encoding(OsStr::new(name)).unwrap(),
                ..Reading::default()
            };
            reading.source_options(true, 1).strip_bom
        };
        let latin1 = encoding(OsStr::new("latin1")).unwrap();
        assert!(matches!(latin1, Encoding::Named(e) if e.name() == "windows-1252"));
        assert!(strips("latin1") && strips("auto") && !strips("none"));
        let error = encoding(OsStr::new("klingon")).unwrap_err();
        assert!(error.contains("klingon"), "{error}");
    }
}
