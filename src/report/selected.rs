//! Which records an answer is about.

use schemars::JsonSchema;
use serde::Serialize;

use super::grouped;
use crate::{select::Selection, time::Zone};

/// Which records count, where that is not all. What does not apply is left
/// out.
#[derive(Clone, Debug, Default, Eq, JsonSchema, PartialEq, Serialize)]
pub struct Selected {
    /// Not before this time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    /// Before this time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// How many records became too long and were cut by force.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cut_records: Option<u64>,
}

impl Selected {
    /// What is said of a selection, with times of this zone.
    pub fn new(selection: &Selection, zone: &Zone, cut_records: u64) -> Selected {
        let show = |stamp| zone.show(stamp);
        Selected {
            since: selection.since.map(show),
            until: selection.until.map(show),
            cut_records: (cut_records > 0).then_some(cut_records),
        }
    }

    /// The same for people, a sentence each.
    pub fn notes(&self) -> Vec<String> {
        let range = match (&self.since, &self.until) {
            (None, None) => None,
            (Some(since), None) => Some(format!("since {since}")),
            (None, Some(until)) => Some(format!("until {until}")),
            (Some(since), Some(until)) => Some(format!("since {since} until {until}")),
        };
        let cut = self.cut_records.map(|cut| {
            let cut = grouped(cut);
            format!("{cut} records begin where another became longer than --record-max")
        });
        range.into_iter().chain(cut).collect()
    }
}
