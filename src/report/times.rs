//! What an answer says of the timestamps that it goes by.

use schemars::JsonSchema;
use serde::Serialize;

use super::{grouped, shown::counted};
use crate::{
    statistic::TimelineAnswer,
    time::{Chosen, YearFrom},
};

/// What an answer says of the timestamps that it goes by.
#[derive(Clone, Debug, Eq, JsonSchema, PartialEq, Serialize)]
pub struct TimesRead {
    /// Lines that have a timestamp of their own.
    pub own_timestamps: u64,
    /// Lines that have none, and count to the line before.
    pub inherited: u64,
    /// The ways in which timestamps are written, those of most lines first.
    pub formats: Vec<TimeFormat>,
    /// What was chosen for them, in words, since nothing in the lines decides it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub chosen: Vec<String>,
}

/// One way in which timestamps are written.
#[derive(Clone, Debug, Eq, JsonSchema, PartialEq, Serialize)]
pub struct TimeFormat {
    /// Its name.
    pub format: String,
    /// Lines with such a timestamp.
    pub lines: u64,
}

/// The year of timestamps that have none.
#[derive(Clone, Copy, Debug, Eq, JsonSchema, PartialEq, Serialize)]
pub struct BaseYearRow {
    /// The year of the first.
    pub value: i64,
    /// How it is known.
    pub from: YearFrom,
}

impl TimesRead {
    pub(super) fn new(answer: &TimelineAnswer) -> TimesRead {
        let own_timestamps = answer.own.iter().sum();
        let formats = answer.formats.iter().zip(&answer.own);
        let mut formats: Vec<TimeFormat> = formats
            .map(|(format, lines)| TimeFormat {
                format: format.clone(),
                lines: *lines,
            })
            .collect();
        formats.sort_by_key(|format| std::cmp::Reverse(format.lines));
        TimesRead {
            own_timestamps,
            inherited: answer.timed.lines.saturating_sub(own_timestamps),
            formats,
            chosen: answer
                .chosen
                .iter()
                // Where most timestamps have none, the order of all lines says the year.
                .filter(|chosen| answer.base_year.is_none() || !matches!(chosen, Chosen::Year(..)))
                .map(Chosen::text)
                .collect(),
        }
    }

    /// What is told to people: that more than one line in twenty has no timestamp, and
    /// what was chosen.
    pub(super) fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        let lines = self.own_timestamps + self.inherited;
        if self.inherited * 20 > lines {
            let of = grouped(lines);
            let inherited = counted(self.inherited, "line", "lines");
            notes.push(format!(
                "{inherited} of {of} without a timestamp, counted to the line before"
            ));
        }
        notes.extend(self.chosen.iter().cloned());
        notes
    }
}

/// What is told to people of a year that is not written.
pub(super) fn base_year_note(year: BaseYearRow) -> String {
    format!(
        "timestamps have no year: the first is taken to be of {}, from {}",
        year.value,
        year.from.text()
    )
}
