//! What an answer looks like: plain rows, and their JSON.
//!
//! Every statistic answers with the same [`Report`] around its own body. The
//! order of keys is that of the fields; nothing in it depends on the clock,
//! on threads or on how the source was cut. All other formats are made of the
//! body's [`Table`]s, see [`Report::to_format`].

mod base64;
mod charts;
mod choice;
mod condition;
mod count;
mod count_text;
mod csv;
mod format;
mod grid;
mod html;
mod inspect;
mod inspect_text;
mod json_lines;
mod key;
mod lacking;
mod layout;
mod levels;
mod markdown;
mod name;
mod part;
mod parts;
mod prometheus;
mod schema;
mod sections;
mod selected;
mod shown;
mod stats;
mod stats_by;
mod stats_part;
mod stats_text;
mod table;
mod templates;
mod text;
mod timeline;
mod times;
mod timing;
mod top;
mod values;
mod warnings;
mod wc;

pub(crate) use base64::{decode as from_base64, encode as to_base64};
pub use charts::{Card, Chart, ChartKind, HistogramChart, Series, Share, TimelineChart, Tone};
pub use choice::{Choice, choose};
pub use condition::Condition;
pub use count::{CountBody, CountFile, CountRow, PlaceRow};
pub use format::Format;
pub use grid::{Align, Grid};
pub use inspect::{FieldRow, InspectBody, InspectRow, LinesRow, TimeRow};
pub use key::KeyRow;
pub use lacking::Lacking;
pub(crate) use lacking::TIMESTAMP;
pub use layout::Layout;
pub use levels::{LevelRow, LevelsBody};
pub use name::Name;
pub(crate) use part::of_a_spec;
pub use part::{Part, Warning};
pub use schema::schema;
pub use sections::{AnyBody, ReportBody, SectionBody};
pub use selected::Selected;
pub use shown::{grouped, printable};
pub use stats::{LongLineRow, StatsBody, StatsRow};
pub use stats_by::{StatsGroup, StatsGroups};
pub use table::{Cell, Column, Role, Table, Tabular, Unit};
pub use templates::{ExampleRow, TemplateRow, TemplatesBody};
pub use timeline::{
    BucketRow, GapRow, PeakRow, TimelineBody, TimelineBy, TimelineGroup, TimelinePattern,
};
pub use times::BaseYearRow;
pub use timing::Timing;
pub use top::{DistinctRow, SumRow, TopBody, TopColumns, TopRow};
pub use values::{ValuesBody, ValuesRow};
pub use wc::{WcColumns, WcRow, wc_width};

use std::{collections::BTreeMap, path::Path};

use schemars::JsonSchema;
use serde::Serialize;

use crate::error::Error;

/// The answer of one command.
#[derive(Clone, Debug, JsonSchema, Serialize)]
pub struct Report<B> {
    /// The version of this form.
    pub schema: u32,
    /// The command that answers.
    pub command: &'static str,
    /// The file of partials it was made of, where there is an answer for each.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<Name>,
    /// Whether everything that was asked for was seen.
    pub complete: bool,
    /// Whether it was interrupted: what is told is what was read up to then.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub interrupted: bool,
    /// What went wrong, in the order of the sources.
    pub errors: Vec<ErrorRow>,
    /// Files that were left out on purpose, by reason.
    pub skipped: BTreeMap<String, u64>,
    /// Which records count, where that is not all.
    #[serde(flatten)]
    pub selected: Selected,
    /// What the command has to say.
    #[serde(flatten)]
    pub body: B,
    /// How long it took, where that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timing: Option<Timing>,
}

/// Something that went wrong.
#[derive(Clone, Debug, Eq, JsonSchema, PartialEq, Serialize)]
pub struct ErrorRow {
    /// The source it happened to, if to one.
    pub path: Option<Name>,
    /// What happened.
    pub message: String,
}

impl ErrorRow {
    /// Said of a source of which an interrupt left something unread.
    const INTERRUPTED: &'static str = "interrupted before all of it was read";

    /// An interrupt left something of this source unread.
    pub fn interrupted(path: impl AsRef<Path>) -> ErrorRow {
        ErrorRow::at(path, ErrorRow::INTERRUPTED)
    }

    /// Whether it is that.
    pub fn is_interrupted(&self) -> bool {
        self.message == ErrorRow::INTERRUPTED
    }

    /// Something that went wrong with this source.
    pub fn at(path: impl AsRef<Path>, message: impl Into<String>) -> ErrorRow {
        ErrorRow {
            path: Some(Name::from(path.as_ref())),
            message: message.into(),
        }
    }
}

impl From<&Error> for ErrorRow {
    fn from(error: &Error) -> ErrorRow {
        ErrorRow {
            path: error.path().map(Name::from),
            message: error.to_string(),
        }
    }
}

impl<B: Serialize> Report<B> {
    /// The answer, complete if nothing went wrong.
    pub fn new(command: &'static str, errors: Vec<ErrorRow>, body: B) -> Report<B> {
        Report {
            schema: 1,
            command,
            source: None,
            complete: errors.is_empty(),
            interrupted: errors.iter().any(ErrorRow::is_interrupted),
            errors,
            skipped: BTreeMap::new(),
            selected: Selected::default(),
            body,
            timing: None,
        }
    }

    /// The answer as one line of JSON, its end included.
    pub fn to_json(&self) -> String {
        let mut json = serde_json::to_string(self).expect("rows are plain data with string keys");
        json.push('\n');
        json
    }
}
