//! Where in a file what stands: blocks that are written independently of each
//! other, the time of day at each offset, and needles.

use std::ops::Range;

/// Blocks are this long, and shorter before the first border of this.
const BLOCK: u64 = 1 << 20;
/// The first border.
const FIRST: u64 = 1 << 12;
/// Borders below [`BLOCK`]: 4 KiB to 512 KiB.
const SMALL: u64 = 8;
/// The last block is at least this long.
const LEAST: u64 = 2048;

/// The smallest file that can be laid out.
pub(super) const SMALLEST: u64 = FIRST;
/// Needles are on average at least so far apart.
pub(super) const APART: u64 = 1024;

/// How many lines an hour of the day has, relative to others: a log is busiest
/// in the afternoon.
const HOURS: [u32; 24] = [
    3, 2, 2, 1, 1, 2, 3, 5, 8, 10, 11, 12, 11, 12, 13, 14, 13, 12, 10, 9, 8, 7, 5, 4,
];

/// The plan of a file of some size.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    size: u64,
    needles: u64,
    /// Needles across borders that are powers of two.
    across: u64,
    /// The smallest such border that has one.
    least_power: u64,
    /// Weighted hours that pass with a byte.
    pace: f64,
    /// Weighted hours before each hour.
    before: [f64; 24],
}

impl Layout {
    /// The plan of a file of at least [`SMALLEST`] bytes.
    pub(super) fn new(size: u64, needles: u64) -> Layout {
        let mut before = [0.0; 24];
        let mut total = 0.0;
        for (hour, weight) in before.iter_mut().zip(HOURS) {
            *hour = total;
            total += f64::from(weight);
        }
        let mut layout = Layout {
            size,
            needles,
            across: 0,
            least_power: u64::MAX,
            pace: total / size as f64,
            before,
        };
        // The greatest powers of two come first, and leave a quarter of the
        // needles to the rest of the file.
        let mut power = 1u64 << 63;
        while power >= FIRST && layout.across < needles - needles / 4 {
            if layout.is_border(power) {
                layout.across += 1;
                layout.least_power = power;
            }
            power >>= 1;
        }
        layout
    }

    /// How many blocks there are.
    pub(super) fn blocks(&self) -> u64 {
        let last = self.size - LEAST;
        if last >= BLOCK {
            last / BLOCK + SMALL + 1
        } else {
            (0..=SMALL)
                .take_while(|&block| start(block) <= last)
                .count() as u64
        }
    }

    /// The bytes of a block.
    pub(super) fn block(&self, block: u64) -> Range<u64> {
        let end = if block + 1 < self.blocks() {
            start(block + 1)
        } else {
            self.size
        };
        start(block)..end
    }

    fn is_border(&self, offset: u64) -> bool {
        offset <= self.size - LEAST && (offset.is_power_of_two() || offset.is_multiple_of(BLOCK))
    }

    /// Whether a needle lies across this border.
    pub(super) fn has_needle_across(&self, border: u64) -> bool {
        border.is_power_of_two() && border >= self.least_power && self.is_border(border)
    }

    /// How many of the other needles stand before this offset, or should.
    pub(super) fn needles_before(&self, offset: u64) -> u64 {
        // Needle k is wanted at k + 1/2 of as many equal parts as there are.
        let others = self.needles - self.across;
        let doubled = 2 * u128::from(others) * u128::from(offset);
        let halves = doubled.saturating_sub(1) / u128::from(self.size);
        (halves as u64).div_ceil(2)
    }

    /// Milliseconds of the day at which an event at this offset happens.
    pub(super) fn time(&self, offset: u64) -> u64 {
        let passed = offset as f64 * self.pace;
        let hour = self
            .before
            .iter()
            .rposition(|&before| before <= passed)
            .unwrap_or(0);
        let share = (passed - self.before[hour]) / f64::from(HOURS[hour]);
        hour as u64 * 3_600_000 + ((share * 3.6e6) as u64).min(3_599_999)
    }
}

/// Where a block starts.
fn start(block: u64) -> u64 {
    match block {
        0 => 0,
        1..=SMALL => FIRST << (block - 1),
        _ => (block - SMALL) * BLOCK,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_cover_the_file_and_powers_of_two_are_borders() {
        for size in [
            4096,
            6143,
            6144,
            200 << 10,
            1 << 20,
            (1 << 20) + 2048,
            5 << 20,
            77_777_777,
        ] {
            let layout = Layout::new(size, 8);
            let mut at = 0;
            for block in 0..layout.blocks() {
                let range = layout.block(block);
                assert_eq!(range.start, at, "{size}");
                assert!(range.end - range.start >= LEAST, "{size}");
                assert!(block == 0 || layout.is_border(at), "{size}");
                at = range.end;
            }
            assert_eq!(at, size);
            let powers = (12..40)
                .map(|k| 1 << k)
                .filter(|&power| power <= size - LEAST);
            assert_eq!(
                powers.clone().count() as u64,
                powers.filter(|&p| layout.is_border(p)).count() as u64
            );
        }
    }

    #[test]
    fn every_needle_has_its_place() {
        for (size, needles, across) in [
            (4096, 4, 0),
            (200 << 10, 8, 6),
            (200 << 10, 1, 1),
            (1 << 30, 4, 3),
            (5000, 0, 0),
        ] {
            let layout = Layout::new(size, needles);
            let borders = (12..63)
                .filter(|k| layout.has_needle_across(1 << k))
                .count() as u64;
            assert_eq!(
                (layout.across, borders),
                (across, across),
                "{size} {needles}"
            );
            assert_eq!(layout.needles_before(size), needles - across);
            assert_eq!(layout.needles_before(0), 0);
        }
        let layout = Layout::new(1 << 30, 0);
        assert_eq!(layout.needles_before(1 << 29), 0);
    }

    #[test]
    fn time_goes_on_to_the_end_of_the_day() {
        let layout = Layout::new(1 << 20, 0);
        let times: Vec<u64> = (0..1 << 20).step_by(97).map(|at| layout.time(at)).collect();
        assert!(times.is_sorted());
        assert_eq!(times[0], 0);
        let last = times[times.len() - 1];
        assert!((86_000_000..86_400_000).contains(&last), "{last}");
    }
}
