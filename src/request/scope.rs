//! What of the inputs counts.

use std::{
    ops::Range,
    time::{SystemTime, UNIX_EPOCH},
};

use serde::{Deserialize, Serialize};

use crate::{
    chunk::Record,
    format::Formats,
    select::{Selection, Selector},
    statistic::LineEnding,
    time::{Options, Shape, Stamp, Zone},
};

/// Which parts of the inputs a request is about, and how they are taken: the
/// options all statistics share that can change an answer.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Scope {
    /// How lines end. Default: as the head of each input says.
    pub line_ending: Option<LineEnding>,
    /// What one record is.
    pub record: Record,
    /// How timestamps are read.
    pub times: ScopeTimes,
    /// Which records count.
    pub selection: Selection,
    /// The formats that are known, where the first lines of an input are to show which its
    /// records have.
    #[serde(skip)]
    pub formats: Formats,
}

/// How timestamps are read.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ScopeTimes {
    /// How they are written. Default: look.
    pub shape: Option<Shape>,
    /// The zone of those that name none.
    pub zone: Zone,
    /// The year of the first, where they have none.
    pub base_year: Option<i64>,
    /// The day of those that say the time of day alone, counted from 1970-01-01.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base_date: Option<i64>,
}

/// Years that lie where timestamps can.
const YEARS: Range<i64> = 1700..2200;

/// Whether the day lies in one of those years.
fn is_sound_day(day: i64) -> bool {
    const DAYS: Range<i64> = -98_620..84_006;
    DAYS.contains(&day)
}

impl Scope {
    /// How timestamps are read, now.
    pub fn times_now(&self) -> Options {
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        let seconds = since.map_or(0, |since| since.as_secs());
        let now = Stamp::new(seconds.cast_signed(), 0).unwrap_or(Stamp::from_nanos(0));
        self.times.options(now)
    }

    /// Whether it makes sense: anyone may have written it.
    pub(super) fn is_sound(&self) -> bool {
        let lines = !self.record.is_line() || self.record == Record::default();
        let year = self.times.base_year;
        lines
            && year.is_none_or(|year| YEARS.contains(&year))
            && self.times.base_date.is_none_or(is_sound_day)
            && Selector::new(self.selection.clone()).is_ok()
    }
}

impl ScopeTimes {
    /// How timestamps are read if it is this time now.
    pub fn options(&self, now: Stamp) -> Options {
        Options {
            shape: self.shape.clone(),
            zone: self.zone.clone(),
            base_year: self.base_year,
            base_date: self.base_date,
            named_date: None,
            modified: None,
            now: Some(now.second()),
        }
    }
}
