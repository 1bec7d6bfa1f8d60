//! Which records an answer is about.

use schemars::JsonSchema;
use serde::Serialize;

use super::{grouped, printable};
use crate::{chunk::Record, select::Selection, time::Zone};

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
    /// What starts a record, where one can have several lines: `auto` for a
    /// timestamp, or a regex. Records are then what is counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record: Option<String>,
    /// How many records became too long and were cut by force.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cut_records: Option<u64>,
}

impl Selected {
    /// What is said of what counts.
    pub fn new(selection: &Selection, zone: &Zone, record: &Record, cut_records: u64) -> Selected {
        let show = |stamp| zone.show(stamp);
        Selected {
            since: selection.since.map(show),
            until: selection.until.map(show),
            record: record.start().map(str::to_string),
            cut_records: (cut_records > 0).then_some(cut_records),
        }
    }

    /// What was selected, for people: a sentence each.
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
        let record = self.record.as_deref().map(|start| match start {
            "auto" => {
                "a record starts with a timestamp, and has all lines up to the next".to_string()
            }
            start => {
                let start = printable(start.as_bytes());
                format!("a record starts with a line that matches {start}")
            }
        });
        range.into_iter().chain(record).chain(cut).collect()
    }
}
