//! The lines of the groups that are told, bucket by bucket.

use super::{
    Group,
    cells::Cells,
    done::best,
    groups::Grouped,
    series::{Series, Times},
};

/// The groups with the most lines.
#[derive(Debug, Default)]
pub(super) struct Placed {
    /// The level of their cells, and its width in seconds.
    level: u8,
    width: i64,
    groups: Vec<One>,
}

#[derive(Debug)]
struct One {
    key: Vec<u8>,
    series: Series,
    /// Lines of sources without years, once these are known: an instant in the
    /// cell of all lines they are counted in, in nanoseconds, and how many.
    settled: Vec<(i64, u64)>,
}

impl Placed {
    pub(super) fn new(by: &Grouped, limit: usize) -> Placed {
        let groups = best(by, limit).into_iter().map(|(key, series)| One {
            key: key.to_vec(),
            series: series.clone(),
            settled: Vec::new(),
        });
        Placed {
            level: by.level(),
            width: by.width(),
            groups: groups.collect(),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.groups.len()
    }

    /// The level of the cells in which groups are told apart.
    pub(super) fn level(&self) -> u8 {
        self.level
    }

    /// Places the lines of a source without years: its cells, which are as wide
    /// at least, and when each of them begins.
    pub(super) fn settle(&mut self, source: u32, cells: &Cells, instant: impl Fn(i64) -> i64) {
        for group in &mut self.groups {
            let times = group.series.of_source(source);
            for (cell, count) in times.into_iter().flat_map(Times::iter) {
                let cell = cells.get(cells.cell_with(cell, self.width));
                if let Some(cell) = cell {
                    group.settled.push((instant(cell.first), count));
                }
            }
        }
    }

    /// The groups, by the cells of all lines, which are as wide at least: in
    /// which of so many buckets each of these is, in order.
    pub(super) fn groups(
        self,
        cells: &Cells,
        buckets: &[(i64, usize)],
        count: usize,
    ) -> Vec<Group> {
        let width = self.width;
        let groups = self.groups.into_iter().map(|group| {
            let settled = group.settled.iter();
            let mut settled: Vec<(i64, u64)> = settled
                .map(|&(nanos, lines)| (cells.cell_of(nanos), lines))
                .collect();
            settled.sort_unstable();
            let dated = group.series.dated.iter();
            let dated = dated.map(|(cell, lines)| (cells.cell_with(cell, width), lines));
            let mut found = vec![0; count];
            add(&mut found, buckets, dated);
            add(&mut found, buckets, settled.into_iter());
            Group {
                key: group.key,
                lines: group.series.lines,
                buckets: found,
            }
        });
        groups.collect()
    }
}

/// Adds the counts of cells, in their order, to the buckets these are in.
fn add(found: &mut [u64], buckets: &[(i64, usize)], counts: impl Iterator<Item = (i64, u64)>) {
    let mut at = 0;
    for (cell, lines) in counts {
        while buckets.get(at).is_some_and(|(of, _)| *of < cell) {
            at += 1;
        }
        if let Some((of, bucket)) = buckets.get(at)
            && *of == cell
        {
            found[*bucket] += lines;
        }
    }
}
