//! How a source is opened.

use std::path::Path;

use super::{
    SpillOptions,
    unpack::{Bound, Packing},
    utf16,
};
use crate::exec::Stop;

/// How the bytes of a regular file come into memory.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum MapPolicy {
    /// Never map; read by position. What a library should do unasked, since
    /// the guard of a map is a signal handler for the whole process.
    #[default]
    Never,
    /// Map, and survive a file that is cut while it is mapped.
    ///
    /// The first map installs a handler for SIGBUS that passes on whatever is
    /// not about a map of this crate. Where a map or its guard is not to be
    /// had (another handler was installed since, more than 64 maps at a time,
    /// no address space, a network file system, not Linux), the file is read
    /// by position.
    Guarded,
}

/// How to open a [`Source`](super::Source).
#[derive(Clone, Debug, Default)]
pub struct SourceOptions {
    /// Whether regular files are mapped. Default: never.
    pub map: MapPolicy,
    /// What to do with text that is not UTF-8. Default: what its byte order
    /// mark says.
    pub encoding: Encoding,
    /// Whether text in UTF-16 without a byte order mark is decoded as well, where
    /// [`Encoding::Auto`] decides: half of its first bytes are NUL. Default: it is bytes as
    /// they are.
    pub find_utf16: bool,
    /// Whether a UTF-8 byte order mark is dropped (search) or counted
    /// (statistics). Decoded text never has one. Default: counted.
    pub strip_bom: bool,
    /// Whether packed input (gzip, zstd, xz, bzip2, lz4, brotli) is looked at
    /// as it is stored instead of being unpacked. Default: unpacked.
    pub keep_packed: bool,
    /// How many bytes a packed source, or a member of a packed archive, may unpack
    /// to; what goes beyond ends it with an error. Default: any number.
    pub max_unpacked: Option<u64>,
    /// For how many threads parts of packed input (`bgzip`, several frames of
    /// zstd) are unpacked ahead, by those threads themselves. Default: one.
    pub unpack_threads: usize,
    /// Whether pages of a regular file that were not in the page cache are
    /// dropped from it again once they were read. Default: they stay.
    pub give_back: bool,
    /// Where lines of a stream go that are too long to be held in memory. They
    /// are mapped there as files are under [`MapPolicy::Guarded`], whatever
    /// `map` says. Default: they are held in memory.
    pub spill: Option<SpillOptions>,
    /// Ends what waits for a pipe before anybody reads the source in pieces: while it
    /// is looked at. Default: nothing does.
    pub stop: Stop,
}

impl SourceOptions {
    /// What a source that begins like this must be unpacked from; `all`: it has
    /// nothing more.
    pub(super) fn packing(&self, head: &[u8], all: bool, name: Option<&Path>) -> Option<Packing> {
        if self.keep_packed {
            return None;
        }
        let begun = || Packing::of_begun(head).filter(|_| all);
        Packing::of(head, name).or_else(begun)
    }

    /// The bound on what comes out.
    pub(super) fn bound(&self) -> Option<Bound> {
        self.max_unpacked.map(Bound::new)
    }

    /// Whether it takes more than the first bytes to tell that this is UTF-16.
    pub(super) fn looks_for_utf16(&self, head: &[u8]) -> bool {
        let auto = matches!(self.encoding, Encoding::Auto);
        auto && self.find_utf16 && utf16::may_begin(head)
    }

    /// The options for what is known to be in this encoding.
    pub(super) fn encoded(&self, encoding: &'static encoding_rs::Encoding) -> SourceOptions {
        SourceOptions {
            encoding: Encoding::Named(encoding),
            ..self.clone()
        }
    }

    /// The options for what a packed source unpacks to, which is not unpacked again.
    pub(super) fn unpacked(&self) -> SourceOptions {
        SourceOptions {
            keep_packed: true,
            ..self.clone()
        }
    }
}

/// Which encoding the bytes of a source are in.
#[derive(Clone, Copy, Debug, Default)]
pub enum Encoding {
    /// UTF-16 if a byte order mark says so, else bytes as they are.
    #[default]
    Auto,
    /// Bytes as they are, a byte order mark too.
    Raw,
    /// This one, unless a byte order mark says otherwise. What cannot be
    /// decoded becomes U+FFFD, in UTF-8 too.
    Named(&'static encoding_rs::Encoding),
}
