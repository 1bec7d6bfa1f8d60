//! What is believed of numbers that anyone may have written.

use super::Position;

/// No count of a partial that is read is greater. Text of which something comes
/// so often has 64 PiB; and the counts of 256 such partials can be added up.
const MOST: u64 = 1 << 56;

/// Whether all of these may be counts.
pub(crate) fn counts<const N: usize>(counts: [u64; N]) -> bool {
    counts.iter().all(|&count| count <= MOST)
}

/// Whether these counts come to no more than `most`, which may be one itself.
pub(super) fn within(counts: impl IntoIterator<Item = u64>, most: u64) -> bool {
    let mut counts = counts.into_iter();
    let sum = counts.try_fold(0u64, u64::checked_add);
    most <= MOST && sum.is_some_and(|sum| sum <= most)
}

/// Whether these counts can be added up.
pub(super) fn summable(counts: impl IntoIterator<Item = u64>) -> bool {
    within(counts, MOST)
}

/// Whether this is a place in one of so many sources.
pub(super) fn place(position: Position, sources: u32) -> bool {
    position.source < sources && counts([position.line, position.offset])
}
