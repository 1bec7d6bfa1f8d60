//! What `swathe values` is asked for.

use serde::{Deserialize, Serialize};

use super::{Answers, Request};
use crate::{
    error::Result,
    key::{Key, KeyOptions, Keys},
    report::ValuesBody,
    statistic::{RowLimit, Values, ValuesAnswer, ValuesOptions},
};

/// See [`Values`].
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ValuesRequest {
    /// Where numbers are from.
    pub of: Key,
    /// What groups are by; empty for one group.
    pub by: Vec<Key>,
    /// How keys are read.
    pub keys: KeyOptions,
    /// What is computed and shown.
    pub options: ValuesOptions,
}

impl Request for ValuesRequest {
    type Statistic = Values;
    type Body = ValuesBody;

    const COMMAND: &'static str = "values";

    fn statistic(&self) -> Result<Values> {
        let mut keys = self.by.clone();
        keys.push(self.of.clone());
        let keys = Keys::new(&keys, &self.keys)?;
        Ok(Values::new(keys, self.options.clone()))
    }

    fn refusal(&self, body: &ValuesBody) -> Option<String> {
        if !self.options.exact || body.exact {
            return None;
        }
        let why = body.error.as_deref();
        let why = why.unwrap_or("there are more different numbers than fit");
        Some(format!(
            "--exact: {why}; name files, which can be read again, or leave out --exact"
        ))
    }

    fn row_limits(&mut self) -> Vec<&mut RowLimit> {
        vec![&mut self.options.limit]
    }

    fn left_out(&self, body: &ValuesBody) -> u64 {
        let shown = body.groups.len() as u64;
        let all = self.options.limit.is_all() && !self.by.is_empty();
        if all {
            body.distinct.saturating_sub(shown)
        } else {
            0
        }
    }

    fn body(&self, answers: Answers<ValuesAnswer>) -> ValuesBody {
        ValuesBody::new(answers.total, &self.by, &self.of)
    }

    fn regex(&self) -> Option<&str> {
        self.keys.pattern.as_deref()
    }

    fn lacking(&self, body: &ValuesBody) -> Option<String> {
        let none = body.groups.iter().all(|group| group.count == 0) && body.other == 0;
        (none && body.matched > 0).then(|| format!("a number in {}", self.of))
    }
}
