//! What an answer says of what was chosen for the timestamps it goes by.

use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    statistic::TimelineAnswer,
    time::{Chosen, YearFrom},
};

/// The year of timestamps that have none.
#[derive(Clone, Copy, Debug, Eq, JsonSchema, PartialEq, Serialize)]
pub struct BaseYearRow {
    /// The year of the first.
    pub value: i64,
    /// How it is known.
    pub from: YearFrom,
}

/// What was chosen for the timestamps of an answer, in words. Where most have no year, the
/// order of all lines says it, and it is told apart.
pub(super) fn chosen(answer: &TimelineAnswer) -> Vec<String> {
    let chosen = answer.chosen.iter();
    let told =
        chosen.filter(|chosen| answer.base_year.is_none() || !matches!(chosen, Chosen::Year(..)));
    told.map(Chosen::text).collect()
}

/// What is told to people of a year that is not written.
pub(super) fn base_year_note(year: BaseYearRow) -> String {
    format!(
        "timestamps have no year: the first is taken to be of {}, from {}",
        year.value,
        year.from.text()
    )
}
