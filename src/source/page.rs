//! Where in a page of memory bytes are read to.

/// Bytes whose addresses are so far apart end with the same twelve bits.
pub(crate) const PAGE: usize = 4096;

/// How far from its start a buffer takes in what begins `in_page` bytes behind the
/// start of a page where it comes from: as far behind the start of a page of memory.
///
/// A processor takes a load for one of a store before it whose address ends with
/// the same twelve bits, so a copy to a few bytes further in a page than it came
/// from waits at every step. That is what an allocator gives: 16 bytes behind the
/// start of a page. Of 4.3 GB on two threads, 0.22 s from page start to page
/// start, 0.37 s to its 16th byte, 0.81 s to its second; on another machine (AMD
/// Zen 3) more than half of a search through small files went into such copies.
pub(crate) fn begins(buffer: &[u8], in_page: usize) -> usize {
    in_page.wrapping_sub(buffer.as_ptr().addr()) % PAGE
}
