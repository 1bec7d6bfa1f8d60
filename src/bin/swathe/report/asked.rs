//! What a report is asked, before its inputs were looked at.

use swathe::{Result, request::ReportRequest, run::Input, time::When};

use crate::stat::{args::Common, usage};

/// From when to when a section is; `None` where the report says so.
pub(crate) type Times = (Option<When>, Option<When>);

/// The sections, and which times they are about as they were written.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    /// The question but for the times.
    pub(crate) request: ReportRequest,
    /// Those of each section.
    pub(crate) times: Vec<Times>,
}

impl Asked {
    /// Whether the times of a section are counted from the ends of the inputs.
    pub(crate) fn needs_ends(&self) -> bool {
        let needs = |when: &Option<When>| when.is_some_and(|w| w.needs_start() || w.needs_end());
        let mut times = self.times.iter();
        times.any(|(since, until)| needs(since) || needs(until))
    }

    /// The question of these inputs: a time of day, or one from the end, is a
    /// point in time.
    ///
    /// # Errors
    /// When the end of the inputs must be known and cannot be, or the times of
    /// a section are none.
    pub(crate) fn of(&self, inputs: &[Input], common: &Common) -> Result<ReportRequest> {
        let mut request = self.request.clone();
        for (section, &(since, until)) in request.sections.iter_mut().zip(&self.times) {
            if since.is_none() && until.is_none() {
                continue;
            }
            let between = common.asked.between(since, until);
            let scope = between.scope(common.line_ending, inputs, common.looks());
            let scope =
                scope.map_err(|error| usage(format!("section {:?}: {error}", section.title)))?;
            section.select.since = scope.selection.since;
            section.select.until = scope.selection.until;
        }
        Ok(request)
    }
}
