//! What a statistics command is asked for, and what it makes of its inputs.
//!
//! A [`Request`] is plain data: the statistic is built from it here or on
//! another machine, and partials that belong to equal requests are merged. What
//! a run has gathered over all its inputs is a [`Collected`]; it can be written
//! to a file and read back ([`saved`]), appended to what came before it, and
//! finished into the [`Answers`] the body of a report is made of. What is kept to
//! go on with the same files later is a [`state`].
//!
//! # Adding one
//!
//! Copy [`StatsRequest`]: the options as plain data, the statistic they make,
//! and the body of its report. `tests/it/partials.rs` lists all requests and
//! checks that merging saved partials in any grouping gives what one run gives.

mod collected;
mod container;
mod count;
mod question;
mod report;
mod same;
pub mod saved;
pub mod saved_report;
mod scope;
pub mod state;
mod stats;
mod templates;
mod timeline;
mod top;
mod unasked;
mod values;

pub use collected::{Answers, Collected, FileAnswer, FilePartial};
pub use count::CountRequest;
pub use question::Question;
pub(crate) use report::in_words;
pub use report::{ReportRequest, SectionRequest};
pub use scope::{Scope, ScopeTimes};
pub use stats::{StatsBy, StatsRequest};
pub use templates::TemplatesRequest;
pub use timeline::TimelineRequest;
pub use top::TopRequest;
pub use unasked::Reads;
pub use values::ValuesRequest;

use schemars::JsonSchema;
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    error::Result,
    report::{Format, Tabular},
    statistic::{RowLimit, Statistic, WireStatistic},
};

/// What a statistics command is asked for, without where to read it from.
///
/// Two runs with equal requests can be merged.
pub trait Request: Clone + Serialize + DeserializeOwned {
    /// What computes it.
    type Statistic: WireStatistic;

    /// What a report says of it.
    type Body: Serialize + Tabular + JsonSchema;

    /// The command, as the report and files of partials name it.
    const COMMAND: &'static str;

    /// The statistic.
    ///
    /// # Errors
    /// When the request makes no sense, such as a pattern that does not
    /// compile.
    fn statistic(&self) -> Result<Self::Statistic>;

    /// Whether the answer has something to say about each input, so that their
    /// partials must be kept apart. Default: no.
    fn per_file(&self) -> bool {
        false
    }

    /// What the report says.
    fn body(&self, answers: Answers<<Self::Statistic as Statistic>::Output>) -> Self::Body;

    /// Why the answer must not be given, in the user's words and with what to do
    /// about it: it was to be exact, and could not be. Default: it may.
    fn refusal(&self, body: &Self::Body) -> Option<String> {
        let _ = body;
        None
    }

    /// How many rows the parts of the answer have, where that can be said. Default:
    /// it cannot.
    fn row_limits(&mut self) -> Vec<&mut RowLimit> {
        Vec::new()
    }

    /// What is asked where the answer has this format: programs get all rows if nobody said
    /// how many.
    #[must_use]
    fn in_format(&self, format: Format) -> Self {
        let mut request = self.clone();
        if format.is_for_programs() {
            for limit in request.row_limits() {
                *limit = limit.or_all();
            }
        }
        request
    }

    /// How many rows the answer lacks although all were asked for, since they do not
    /// fit into memory. Default: none.
    fn left_out(&self, body: &Self::Body) -> u64 {
        let _ = body;
        0
    }

    /// The regex whose captures are keys, if there is one. Default: none.
    fn regex(&self) -> Option<&str> {
        None
    }

    /// What was asked for and is in no record, as the answer shows, beside keys.
    /// Default: nothing.
    fn lacking(&self, body: &Self::Body) -> Option<String> {
        let _ = body;
        None
    }

    /// Refuses `--resume` where growth changes more than the end of an answer.
    ///
    /// # Errors
    /// If it is so. Default: it is not.
    fn resumable(&self) -> Result<()> {
        Ok(())
    }

    /// Whether anything was found, for the exit status of commands that tell.
    /// Default: yes.
    fn found(body: &Self::Body) -> bool {
        let _ = body;
        true
    }
}
