//! A plan's chunks are whole lines, and their borders are those of the
//! definition whatever range is asked for.

use std::collections::BTreeSet;

use swathe::chunk::{ChunkPlan, Record};

use super::Bytes;

const LINE: Record = Record::Line(b'\n');

/// Offsets at which a line starts, and the end.
fn line_starts(haystack: &[u8]) -> BTreeSet<u64> {
    let behind = |(i, &b): (usize, &u8)| (b == b'\n').then_some(i as u64 + 1);
    let starts = haystack.iter().enumerate().filter_map(behind);
    starts.chain([0, haystack.len() as u64]).collect()
}

/// The definition: each border is the first line start at or after a multiple
/// of the size.
fn borders(haystack: &[u8], size: u64) -> BTreeSet<u64> {
    let starts = line_starts(haystack);
    (0..=haystack.len() as u64)
        .step_by(usize::try_from(size).expect("a byte"))
        .filter_map(|nominal| starts.range(nominal..).next().copied())
        .chain([haystack.len() as u64])
        .collect()
}

fn cut(haystack: &[u8], range: std::ops::Range<u64>, size: u64) -> Vec<(u64, u64)> {
    ChunkPlan::new(haystack, range, size, LINE)
        .map(|chunk| (chunk.start, chunk.end))
        .collect()
}

/// Checks it for a text made of these bytes.
pub(crate) fn run(data: &[u8]) {
    let mut data = Bytes(data);
    let size = u64::from(data.byte()).max(1);
    let cut_at = u64::from(data.byte()) << 8 | u64::from(data.byte());
    let haystack = data.0;
    let len = haystack.len() as u64;

    let whole = cut(haystack, 0..len, size);
    let mut at = 0;
    for &(start, end) in &whole {
        assert_eq!(start, at, "chunks are contiguous");
        assert!(end > start, "a chunk is not empty");
        at = end;
    }
    assert_eq!(at, len, "chunks cover the haystack");
    let ends: BTreeSet<_> = whole.iter().map(|&(_, end)| end).chain([0]).collect();
    assert_eq!(ends, borders(haystack, size));

    // Two ranges that meet share no line, lose none, and add one border.
    let middle = cut_at.min(len);
    let mut parts = cut(haystack, 0..middle, size);
    parts.extend(cut(haystack, middle..len, size));
    let starts = line_starts(haystack);
    let mut at = 0;
    for &(start, end) in &parts {
        assert_eq!(start, at, "ranges meet");
        assert!(starts.contains(&end), "a chunk ends with a line");
        at = end;
    }
    assert_eq!(at, len, "ranges cover the haystack");
    let seam = starts.range(middle..).next().copied();
    let got: BTreeSet<_> = parts.iter().map(|&(_, end)| end).chain([0]).collect();
    let want: BTreeSet<_> = ends.into_iter().chain(seam).collect();
    assert_eq!(got, want);
}
