//! A file in memory that may be cut meanwhile.

#![allow(unsafe_code, reason = "mapping a file")]

use std::fs::File;

use memmap2::{Mmap, MmapOptions};

use super::guard::Slot;

/// The bytes of a file, from its start, mapped read-only.
///
/// A page the file no longer has reads as zeros; [`first_bad`](GuardedMap::first_bad)
/// tells.
#[derive(Debug)]
pub(super) struct GuardedMap {
    // Dropped first: once unmapped, the addresses may belong to another map.
    slot: Slot,
    map: Mmap,
}

impl GuardedMap {
    /// Whether there are any here.
    pub(super) const POSSIBLE: bool = true;

    /// Maps the first `len` bytes; `None` if that cannot be done, be it for
    /// want of address space or of the guard, so that they must be read.
    pub(super) fn new(file: &File, len: u64) -> Option<GuardedMap> {
        let len = usize::try_from(len).ok()?;
        // SAFETY: the map is read-only and private to this type. That others
        // may change the file is the risk every reader of a map takes: no code
        // here derives an unchecked index from its bytes, so that changed
        // bytes give a wrong result, which is found out before it is used, and
        // never an access outside the map. Lost pages are the guard's.
        let map = unsafe { MmapOptions::new().len(len).map(file) }.ok()?;
        // SAFETY: `map` begins at a page (its file offset is 0), is read-only,
        // holds `len` bytes and is unmapped after the slot is dropped.
        let slot = unsafe { Slot::new(map.as_ptr() as usize, len) }?;
        Some(GuardedMap { slot, map })
    }

    /// All its bytes.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.map
    }

    /// Gives back the pages that lie wholly in this range; they are mapped
    /// again if they are looked at again.
    pub(super) fn release(&self, range: std::ops::Range<usize>) {
        let page = rustix::param::page_size();
        let start = range.start.next_multiple_of(page);
        let end = range.end.min(self.map.len()) / page * page;
        if start >= end {
            return;
        }
        // SAFETY: the map is of a file and read-only, so that a page that is
        // dropped comes back with what the file holds; the range lies in it.
        let dropped = unsafe {
            self.map
                .unchecked_advise_range(memmap2::UncheckedAdvice::DontNeed, start, end - start)
        };
        // Pages that stay cost nothing but their place in the page table.
        drop(dropped);
    }

    /// The offset of the first page that was found missing.
    pub(super) fn first_bad(&self) -> Option<u64> {
        self.slot.first_bad().map(|at| at as u64)
    }
}
