//! The lines of one key by time.

use serde::{Deserialize, Serialize};

use super::cells::WIDTHS;
use crate::{
    sketch::packed::is_zero,
    statistic::{groups::GroupValue, sound},
};

/// The level of cells at which nothing is counted by time.
pub(super) const TIMELESS: u8 = WIDTHS.len() as u8;

/// Where lines of a key belong.
#[derive(Clone, Copy, Debug)]
pub(super) enum Place {
    /// To the last line before them that has a timestamp, which is not known.
    Open,
    /// In this second, of a source that writes years.
    Dated(i64),
    /// In this second, of this source, which writes none.
    Undated(u32, i64),
}

/// Some lines of one key. How wide cells are is up to whoever has the series of
/// all keys.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Series {
    /// Lines before the first timestamp, of which it is not known whether one
    /// stands before them. Others have no time, and are not counted.
    #[serde(default, skip_serializing_if = "is_zero")]
    open: u64,
    /// Lines that have a time.
    pub(super) lines: u64,
    /// By time, of all sources that write years.
    #[serde(default, skip_serializing_if = "Times::are_none")]
    pub(super) dated: Times,
    /// By time of each source that writes none, in their order. See
    /// [`Stretch`](super::stretch::Stretch).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    undated: Vec<(u32, Times)>,
}

/// Counts of cells, in their order.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(transparent)]
pub(super) struct Times(Vec<(i64, u64)>);

impl Times {
    fn are_none(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (i64, u64)> {
        self.0.iter().copied()
    }

    #[inline]
    fn add(&mut self, cell: i64, count: u64) {
        match self.0.last_mut() {
            Some(last) if last.0 == cell => last.1 += count,
            Some(last) if last.0 > cell => match self.0.binary_search_by_key(&cell, |c| c.0) {
                Ok(at) => self.0[at].1 += count,
                Err(at) => self.0.insert(at, (cell, count)),
            },
            _ => self.0.push((cell, count)),
        }
    }

    fn merge(&mut self, mut later: Times) {
        let (Some(&(first, _)), Some(&(last, _))) = (later.0.first(), self.0.last()) else {
            if self.0.is_empty() {
                *self = later;
            }
            return;
        };
        if last < first {
            self.0.append(&mut later.0);
            return;
        }
        // What lies before all of the others stays where it is; and all does,
        // where there is no new cell among them.
        let from = self.0.partition_point(|mine| mine.0 < first);
        let mut at = from;
        let known = later.0.iter().all(|(cell, _)| {
            at += self.0[at..].partition_point(|mine| mine.0 < *cell);
            self.0.get(at).is_some_and(|mine| mine.0 == *cell)
        });
        if known {
            at = from;
            for (cell, count) in later.0 {
                at += self.0[at..].partition_point(|mine| mine.0 < cell);
                self.0[at].1 += count;
            }
            return;
        }
        let mut mine = self.0.split_off(from).into_iter().peekable();
        let mut others = later.0.into_iter().peekable();
        loop {
            let next = match (mine.peek(), others.peek()) {
                (Some(a), Some(b)) if b.0 < a.0 => others.next(),
                (Some(_), _) => mine.next(),
                (None, _) => others.next(),
            };
            let Some((cell, count)) = next else { return };
            self.add(cell, count);
        }
    }

    /// Makes cells so many times as wide.
    fn widen(&mut self, ratio: i64) {
        for cell in &mut self.0 {
            cell.0 = cell.0.div_euclid(ratio);
        }
        self.0.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            if same {
                kept.1 += next.1;
            }
            same
        });
    }

    fn is_sound(&self) -> bool {
        self.0.is_sorted_by(|a, b| a.0 < b.0)
    }
}

impl Series {
    /// Adds lines, with cells of this level.
    #[inline]
    pub(super) fn add(&mut self, level: u8, place: Place, count: u64) {
        let (times, second) = match place {
            Place::Open => {
                self.open += count;
                return;
            }
            Place::Dated(second) => (&mut self.dated, second),
            Place::Undated(source, second) => (times_of(&mut self.undated, source), second),
        };
        self.lines += count;
        let width = WIDTHS[usize::from(level)];
        times.add(
            if width == 1 {
                second
            } else {
                second.div_euclid(width)
            },
            count,
        );
    }

    /// Adds lines of a place without counting them by time.
    pub(super) fn add_timeless(&mut self, place: Place, count: u64) {
        match place {
            Place::Open => self.open += count,
            _ => self.lines += count,
        }
    }

    /// Puts lines that were open where they belong: nowhere if there is no
    /// place.
    pub(super) fn close(&mut self, level: u8, place: Option<Place>) {
        let open = std::mem::take(&mut self.open);
        match place {
            None => {}
            Some(_) if open == 0 => {}
            Some(place) if level == TIMELESS => self.add_timeless(place, open),
            Some(place) => self.add(level, place, open),
        }
    }

    /// Makes cells so many times as wide.
    pub(super) fn widen(&mut self, ratio: i64) {
        self.dated.widen(ratio);
        self.undated
            .iter_mut()
            .for_each(|(_, times)| times.widen(ratio));
    }

    /// Moves all of a source that writes no years by so many cells.
    pub(super) fn move_by(&mut self, source: u32, cells: i64) {
        if let Some((_, times)) = self.undated.iter_mut().find(|(of, _)| *of == source) {
            for cell in &mut times.0 {
                cell.0 = cell.0.wrapping_add(cells);
            }
        }
    }

    /// Says that there are so many sources before its own.
    pub(super) fn shift(&mut self, sources: u32) {
        for (source, _) in &mut self.undated {
            *source += sources;
        }
    }

    /// By time, of a source that writes no years.
    pub(super) fn of_source(&self, source: u32) -> Option<&Times> {
        let place = self.undated.binary_search_by_key(&source, |(of, _)| *of);
        place.ok().map(|at| &self.undated[at].1)
    }

    /// Whether it can be of so many lines in so many sources.
    pub(super) fn is_of(&self, lines: u64, sources: u32) -> bool {
        let times = || {
            self.undated
                .iter()
                .map(|(_, times)| times)
                .chain([&self.dated])
        };
        let counts = times().flat_map(Times::iter).map(|(_, count)| count);
        self.undated.is_sorted_by(|a, b| a.0 < b.0)
            && self.undated.last().is_none_or(|last| last.0 < sources)
            && times().all(Times::is_sound)
            && sound::within([self.open, self.lines], lines)
            && counts.fold(0, u64::saturating_add) == self.lines
    }
}

/// The counts of a source, which is mostly the last.
fn times_of(all: &mut Vec<(u32, Times)>, source: u32) -> &mut Times {
    let at = match all.last() {
        Some((last, _)) if *last == source => all.len() - 1,
        _ => match all.binary_search_by_key(&source, |(of, _)| *of) {
            Ok(at) => at,
            Err(at) => {
                all.insert(at, (source, Times::default()));
                at
            }
        },
    };
    &mut all[at].1
}

impl GroupValue for Series {
    const SIZE: usize = 64;

    fn merge(&mut self, other: Series) {
        self.open += other.open;
        self.lines += other.lines;
        self.dated.merge(other.dated);
        for (source, times) in other.undated {
            times_of(&mut self.undated, source).merge(times);
        }
    }

    fn weight(&self) -> u64 {
        /// A cell, and the room that is kept for more of them.
        const CELL: usize = 24;
        /// The cells of one more source.
        const SOURCE: usize = 32;
        let undated = self.undated.iter();
        let undated = undated.map(|(_, times)| SOURCE + CELL * times.0.len());
        (CELL * self.dated.0.len() + undated.sum::<usize>()) as u64
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;

    proptest! {
        #[test]
        fn times_are_a_function_of_what_was_added(
            cells in vec(-40i64..40, 0..60),
            cut in 0usize..60,
            ratio in 1i64..7,
        ) {
            let of = |some: &[i64]| {
                let mut times = Times::default();
                for &cell in some {
                    times.add(cell, 1);
                }
                times
            };
            let cut = cut.min(cells.len());
            let mut whole = of(&cells);
            let (mut ab, mut ba) = (of(&cells[..cut]), of(&cells[cut..]));
            let (a, b) = (ab.clone(), ba.clone());
            ab.merge(b);
            ba.merge(a);
            prop_assert_eq!(&ab.0, &whole.0);
            prop_assert_eq!(&ba.0, &whole.0);
            whole.widen(ratio);
            let wide: Vec<i64> = cells.iter().map(|cell| cell.div_euclid(ratio)).collect();
            prop_assert_eq!(&whole.0, &of(&wide).0);
            prop_assert!(whole.is_sound());
        }
    }
}
