//! A stretch of one source, and what joins it to the next.

use serde::{Deserialize, Serialize};

use super::{
    cells::{Cell, Cells, SECOND, Tally},
    series::Place,
};
use crate::time::{Chosen, Format, Year};

/// Nanoseconds of a year that has every day.
pub(super) const YEAR: i64 = 366 * 86_400 * SECOND;

/// Some consecutive lines of one source.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Stretch {
    pub(super) source: u32,
    /// How the source writes its timestamps, if it has any.
    pub(super) written: Option<Written>,
    /// Lines before the first timestamp: of the line before them, if there is
    /// one with a timestamp.
    pub(super) open: Tally,
    pub(super) marks: Option<Marks>,
    /// The last timestamp, as it is written, if it is one of a line that is not
    /// selected, and no line that is has been taken to belong to it.
    pub(super) passed: Option<i64>,
    /// Lines whose timestamp is before that of the line before them.
    pub(super) out_of_order: u64,
    /// Counts by time of a source without years that is read once, whose years are
    /// known when all of it was seen: in the years since that of the first timestamp.
    pub(super) cells: Cells,
}

/// What is known of the timestamps of a source when all is finished.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Written {
    pub(super) name: String,
    pub(super) year: Option<Year>,
    /// Whether it is known of which year each line is, so that lines are counted as those
    /// of sources that write years.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) knows_years: bool,
    /// What was chosen, since nothing in the lines decides it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) chosen: Vec<Chosen>,
}

/// The timestamps at the ends of a stretch, in nanoseconds. Those without a
/// year are in [`NO_YEAR`](crate::time::NO_YEAR) at the front, and as many
/// years of 366 days later as have begun since.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Marks {
    pub(super) first: i64,
    pub(super) last: i64,
}

impl Written {
    pub(super) fn of(format: &Format) -> Written {
        Written {
            name: format.name().to_string(),
            year: format.year_of_most(),
            knows_years: format.known_year().is_some(),
            chosen: format.chosen.clone(),
        }
    }
}

impl Stretch {
    /// Whether it is known by itself of which year each line is.
    pub(super) fn has_year(&self) -> bool {
        let written = self.written.as_ref();
        written.is_none_or(|written| written.year.is_none() || written.knows_years)
    }

    /// Its lines that are not counted elsewhere, or more than there can be.
    pub(super) fn lines(&self) -> u64 {
        let lines = self.open.lines.saturating_add(self.cells.lines());
        lines.max(self.out_of_order)
    }

    /// Whether it is one of a source, with tallies that are sound.
    pub(super) fn is_sound(&self, tally: &impl Fn(&Tally) -> bool) -> bool {
        let year = self.written.as_ref().and_then(|written| written.year);
        year.is_none_or(|year| year.is_sound())
            && tally(&self.open)
            && self.cells.are_sound(tally)
            && (self.cells.lines() == 0 || !self.has_year())
    }

    /// A timestamp without a year, with the years that have begun by the next
    /// line.
    pub(super) fn in_its_year(&self, stamp: i64) -> i64 {
        let years = self.marks.map_or(0, |marks| years_until(marks.last, stamp));
        stamp.wrapping_add(years)
    }

    /// Takes the timestamp of the next line that has one.
    #[inline]
    pub(super) fn mark(&mut self, stamp: i64) {
        self.passed = None;
        match &mut self.marks {
            Some(marks) => {
                self.out_of_order += u64::from(stamp < marks.last);
                marks.last = stamp;
            }
            None => {
                self.marks = Some(Marks {
                    first: stamp,
                    last: stamp,
                });
            }
        }
    }

    /// Where lines of this time belong, that it was written in.
    pub(super) fn place(&self, stamp: i64) -> Place {
        let second = stamp.div_euclid(SECOND);
        if self.has_year() {
            Place::Dated(second)
        } else {
            Place::Undated(self.source, second)
        }
    }

    /// Where lines without a timestamp belong that follow.
    pub(super) fn place_behind(&self) -> Place {
        self.marks
            .map_or(Place::Open, |marks| self.place(marks.last))
    }

    /// A file that grew between two runs was last written when the later part
    /// was, and years are counted back from there.
    fn written_until(&mut self, later: &Stretch) {
        let year = |stretch: &Stretch| stretch.written.as_ref().and_then(|w| w.year);
        let latest = year(later).map(|year| year.latest);
        if let (Some(written), Some(latest)) = (&mut self.written, latest)
            && let Some(year) = &mut written.year
        {
            year.latest = year.latest.max(latest);
        }
    }

    /// Appends the stretch of the same source that follows. `cells` are those
    /// the lines of this stretch were counted in, where they have years. Says
    /// where open lines of the later stretch belong, and by how many
    /// nanoseconds its other lines were moved.
    pub(super) fn append(
        &mut self,
        mut later: Stretch,
        cells: &mut Cells,
        most: usize,
    ) -> (Place, i64) {
        let has_year = self.has_year();
        self.written_until(&later);
        if later.open.lines > 0
            && let Some(passed) = self.passed
        {
            let stamp = if has_year {
                passed
            } else {
                self.in_its_year(passed)
            };
            self.mark(stamp);
            let cells = if has_year {
                &mut *cells
            } else {
                &mut self.cells
            };
            cells.add(Cell::at(stamp), most);
        }
        match &self.marks {
            None => self.open.add(&later.open),
            Some(marks) if has_year => cells.follow(marks.last, &later.open),
            Some(marks) => self.cells.follow(marks.last, &later.open),
        }
        let (place, mut moved) = (self.place_behind(), 0);
        self.out_of_order += later.out_of_order;
        if later.marks.is_some() || later.passed.is_some() {
            self.passed = later.passed;
        }
        if let Some(mut next) = later.marks {
            match &mut self.marks {
                None => self.marks = Some(next),
                Some(marks) => {
                    if !has_year {
                        let years = years_until(marks.last, next.first);
                        next.first = next.first.wrapping_add(years);
                        next.last = next.last.wrapping_add(years);
                        later.cells.shift(years);
                        moved = years;
                    }
                    self.out_of_order += u64::from(next.first < marks.last);
                    marks.last = next.last;
                }
            }
        }
        self.cells.merge(later.cells, most);
        (place, moved)
    }
}

/// How much later a timestamp without a year is than it says, if it follows
/// this one: as many years as bring it nearest. Lines in no order at all can
/// seem to lead beyond all years that can be told apart, and around.
fn years_until(last: i64, stamp: i64) -> i64 {
    let ahead = last.wrapping_sub(stamp);
    let begun = ahead.div_euclid(YEAR);
    let ahead = ahead.rem_euclid(YEAR);
    (begun + i64::from(ahead > YEAR / 2)).wrapping_mul(YEAR)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_begins_where_the_months_begin_anew() {
        let day = 86_400 * SECOND;
        for (last, stamp, years) in [
            (360, 1, 1),
            (1, 360, -1),
            (100, 100, 0),
            (100, 99, 0),
            (100, 282, 0),
            (100, 284, -1),
            (366 + 360, 1, 2),
            (366 + 1, 360, 0),
            (366 + 10, 9, 1),
        ] {
            let got = years_until(last * day, stamp * day);
            assert_eq!(got / YEAR, years, "{last} {stamp}");
        }
    }
}
