//! How one source writes its timestamps, and what was chosen about them.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use super::{Found, Place, Reader, Shape, Stamp, Year, YearFrom, Zone, anchor::Anchor, year_of};

/// How many forms a source may have.
pub(super) const FORMS: usize = 4;

/// How one source writes its timestamps.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Format {
    /// Where in the line most of them stand.
    pub place: Place,
    /// How most of them are written.
    pub shape: Shape,
    /// Where clocks show it, unless the timestamp says that itself. One other than UTC
    /// counts as well where a short name such as `CST` means several.
    pub zone: Zone,
    /// The year, if timestamps of some form say none.
    pub year: Option<Year>,
    /// Other forms that some lines have, in the order in which they are tried.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<Form>,
    /// The day of those that say the time of day alone, counted from 1970-01-01.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<i64>,
    /// What nothing in the lines decides.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub chosen: Vec<Chosen>,
    /// When lines of a file were written whose timestamps do not say the year or the day,
    /// where it is known: in the order of their places, of which the first has no line
    /// before it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) anchors: Vec<Anchor>,
}

/// One way in which lines of a source write when they were written.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Form {
    /// Where in the line.
    pub place: Place,
    /// How written.
    pub shape: Shape,
}

/// What was chosen for the timestamps of a source, since nothing in its first lines
/// decides it.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Chosen {
    /// Which of the numbers of a date is the day: as in the shape of this name.
    DayOrder(String),
    /// What the short name of a zone means: so many seconds east of UTC.
    Zone(String, i32),
    /// The year of the first of those that say none, and how it is known.
    Year(i64, YearFrom),
    /// They say no date, and nobody else did: they are not read.
    NoDate,
    /// They say no date, and are taken to be of that in the name of the source.
    NamedDate,
    /// They say no date, go on past midnight, and are all taken to be of the day that is
    /// known.
    OneDay,
}

impl Format {
    /// The name of how most timestamps are written: one of those of [`Shape`], or
    /// the format that was typed.
    pub fn name(&self) -> &str {
        self.shape.name()
    }

    /// The year of timestamps without one, where that is how most are written.
    pub(crate) fn year_of_most(&self) -> Option<Year> {
        self.year.filter(|_| !self.shape.has_year())
    }

    /// The year of the first line, where it is known of which year each line is though most
    /// say none. Where the first year was said, it is that of the first of several files,
    /// and those that follow may be of later years.
    pub(crate) fn known_year(&self) -> Option<i64> {
        let year = self.year_of_most().filter(|_| !self.anchors.is_empty());
        let year = year.filter(|year| year.from != YearFrom::Option);
        year.map(|year| year.first)
    }

    /// What the first lines of a source decide, and nothing that was chosen, or follows
    /// from when the source was last written.
    pub(crate) fn as_written(&self) -> Format {
        Format {
            year: None,
            chosen: Vec::new(),
            anchors: Vec::new(),
            ..self.clone()
        }
    }

    /// Forgets what is found anew when the source has grown: of which dates lines are, unless
    /// what was counted depends on whether that was known.
    pub(crate) fn forget_anchors(&mut self) {
        if self.known_year().is_none() {
            self.anchors.clear();
        }
    }

    /// Knows of which year lines are if what was known of the source before does, where what
    /// was counted depends on it.
    pub(crate) fn keep_anchors(&mut self, before: &Format) {
        let known = self.known_year().or(before.known_year());
        if known.is_some() && (before.anchors.is_empty() || self.anchors.is_empty()) {
            self.anchors.clone_from(&before.anchors);
        }
    }

    /// Whether a run can have found it: anyone may have written a state.
    pub(crate) fn is_sound(&self) -> bool {
        // The days of the years 1 to 9999.
        const DAYS: RangeInclusive<i64> = -719_162..=2_932_896;
        const YEARS: RangeInclusive<i64> = 1..=9999;
        self.year.is_none_or(|year| year.is_sound())
            && self.date.is_none_or(|date| DAYS.contains(&date))
            && self.others.len() < FORMS
            && self.anchors.is_sorted_by(|a, b| a.from < b.from)
            && (self.anchors.iter()).all(|anchor| YEARS.contains(&year_of(anchor.wall)))
    }

    /// The timestamp of one line; for many lines a [`reader`](Format::reader)
    /// is faster.
    pub fn parse(&self, line: &[u8]) -> Option<Stamp> {
        self.reader().stamp(line)
    }

    /// Where in a line its timestamp is, and what it says.
    pub fn find(&self, line: &[u8]) -> Option<Found> {
        self.reader().find(line)
    }

    /// Reads the timestamps of many lines; one for each thread.
    pub fn reader(&self) -> Reader {
        Reader::new(self)
    }

    /// All forms, that of most lines first.
    pub(crate) fn forms(&self) -> impl Iterator<Item = (&Place, &Shape)> {
        let others = self.others.iter().map(|form| (&form.place, &form.shape));
        std::iter::once((&self.place, &self.shape)).chain(others)
    }
}

impl Chosen {
    /// What was chosen and what decides otherwise, in words.
    pub fn text(&self) -> String {
        match self {
            Chosen::DayOrder(shape) => {
                let (first, other) = match shape.as_str() {
                    "day_first" => ("the day", "month_first"),
                    "month_first" => ("the month", "day_first"),
                    _ => ("the year", "day_first or month_first"),
                };
                format!("{first} is taken to come first in dates (--time-format {other} otherwise)")
            }
            Chosen::Zone(name, seconds) => {
                let (sign, minutes) = (if *seconds < 0 { '-' } else { '+' }, seconds.abs() / 60);
                format!(
                    "{name} is taken to be UTC{sign}{:02}:{:02} (--tz says another zone)",
                    minutes / 60,
                    minutes % 60
                )
            }
            Chosen::Year(year, from) => format!(
                "timestamps have no year: the first is taken to be of {year}, from {} \
                 (--base-year gives it)",
                from.text()
            ),
            Chosen::NamedDate => {
                "timestamps say the time of day alone: the date is taken from the name \
                 (--base-date gives the day)"
                    .to_string()
            }
            Chosen::OneDay => {
                "times of day go on past midnight, and all are taken to be of one day (which \
                 they are not in a file)"
                    .to_string()
            }
            Chosen::NoDate => {
                "timestamps say the time of day alone, and are not read (--base-date gives the day)"
                    .to_string()
            }
        }
    }
}
