//! Whether a source stayed what it was.

use super::{Content, Source, Verdict};
use crate::error::{Error, ErrorKind, Result};

impl Source {
    /// True if everything before byte `end` was, until now, what the file
    /// held when it was opened; ask after looking at bytes and before
    /// publishing what was found in them.
    ///
    /// Once a file has been seen shorter than it was, or a page of its map
    /// could not be had, this is false for every `end`: the file may have been
    /// cut to nothing and grown again since. A file that changed without
    /// becoming shorter is found out by
    /// [`verify_published`](Source::verify_published) only.
    pub fn is_intact(&self, end: u64) -> bool {
        if !self.spills.are_intact() {
            return false;
        }
        match &self.watch {
            // Nothing before the first byte can have changed.
            Some(watch) if end > 0 => self.first_bad().is_none() && watch.holds(),
            _ => true,
        }
    }

    /// Whether the source stayed what it was when it was opened; for callers
    /// that publish nothing before they know.
    ///
    /// # Errors
    /// As [`verify_published`](Source::verify_published). What they say is
    /// intact is what the file still has, since it is not known what was used.
    pub fn verify(&self) -> Result<Verdict> {
        self.examine(None)
    }

    /// Whether the source stayed what it was when it was opened; for callers
    /// that published what they found in the bytes before `published`, and
    /// nothing else, each part of it after [`is_intact`](Source::is_intact)
    /// had said yes.
    ///
    /// A file that became shorter is an error even if everything had been
    /// published before: that it was not also written to meanwhile can no
    /// longer be told. A writer that is about to append is given a few
    /// milliseconds to finish before the file is called modified.
    ///
    /// # Errors
    /// [`ErrorKind::Shrank`] (now or at any time it was looked at),
    /// [`ErrorKind::Unreadable`] (a page of a map could not be had although the
    /// file has its size) or [`ErrorKind::Modified`] (same size, another time
    /// of modification), in this order of precedence; what they say is intact
    /// is what was published. [`ErrorKind::Io`] when the file cannot be
    /// examined.
    pub fn verify_published(&self, published: u64) -> Result<Verdict> {
        self.examine(Some(published))
    }

    pub(super) fn examine(&self, published: Option<u64>) -> Result<Verdict> {
        if !self.spills.are_intact() {
            let at = published.unwrap_or(0);
            return Err(Error::at(&self.name, ErrorKind::Unreadable { at }));
        }
        let Some(watch) = &self.watch else {
            return Ok(Verdict::default());
        };
        // Offsets in a file say nothing about those in decoded text.
        let published = match self.content {
            Content::Stream(_) => Some(published.unwrap_or(0)),
            _ => published,
        };
        watch
            .verify(self.base, self.first_bad(), published)
            .map_err(|kind| Error::at(&self.name, kind))
    }

    /// The offset in the file of the first page a map of it lacked.
    fn first_bad(&self) -> Option<u64> {
        match &self.content {
            Content::Map(map) => map.first_bad(),
            _ => None,
        }
    }
}
