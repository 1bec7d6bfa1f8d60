//! What `swathe timeline` is asked for.

use serde::{Deserialize, Serialize};

use super::{Answers, Request};
use crate::{
    error::Result,
    report::{TIMESTAMP, TimelineBody},
    statistic::{RowLimit, Timeline, TimelineAnswer, TimelineOptions},
};

/// See [`Timeline`].
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(transparent)]
pub struct TimelineRequest {
    /// What is counted, and how it is shown.
    pub options: TimelineOptions,
}

impl Request for TimelineRequest {
    type Statistic = Timeline;
    type Body = TimelineBody;

    const COMMAND: &'static str = "timeline";

    fn statistic(&self) -> Result<Timeline> {
        Timeline::new(self.options.clone())
    }

    fn refusal(&self, body: &TimelineBody) -> Option<String> {
        let changed = body.by.as_ref().is_some_and(|by| by.changed);
        changed.then(|| "the input changed while it was read again; run again".into())
    }

    fn row_limits(&mut self) -> Vec<&mut RowLimit> {
        vec![&mut self.options.limit]
    }

    fn body(&self, answers: Answers<TimelineAnswer>) -> TimelineBody {
        TimelineBody::new(&answers.total, &self.options)
    }

    fn lacking(&self, body: &TimelineBody) -> Option<String> {
        let none = body.first.is_none() && body.unparsed_lines > 0;
        none.then(|| TIMESTAMP.to_string())
    }
}
