//! What `swathe top` is asked for.

use serde::{Deserialize, Serialize};

use super::{Answers, Request};
use crate::{
    error::Result,
    key::{Key, KeyOptions, Keys},
    report::{TopBody, TopColumns},
    statistic::{Either, Plain, Rich, RowLimit, Top, TopAnswer, TopOptions, ValueKeys},
};

/// See [`Top`].
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct TopRequest {
    /// What groups are by.
    pub by: Vec<Key>,
    /// Count the different values of this key in each group.
    pub distinct: Option<Key>,
    /// Add up the numbers of this key in each group.
    pub sum: Option<Key>,
    /// How keys are read.
    pub keys: KeyOptions,
    /// What is shown, and how much is kept.
    pub options: TopOptions,
    /// Refuse to answer where counts are not exact.
    pub exact: bool,
}

impl Request for TopRequest {
    type Statistic = Either<Top<Plain>, Top<Rich>>;
    type Body = TopBody;

    const COMMAND: &'static str = "top";

    fn statistic(&self) -> Result<Self::Statistic> {
        let (mut all, mut value) = (self.by.clone(), ValueKeys::default());
        if let Some(key) = &self.distinct {
            value.distinct = Some(all.len());
            all.push(key.clone());
        }
        if let Some(key) = &self.sum {
            value.sum = Some(all.len());
            all.push(key.clone());
        }
        let keys = Keys::new(&all, &self.keys)?;
        let (by, options) = (self.by.len(), self.options.clone());
        Ok(if value == ValueKeys::default() {
            Either::A(Top::new(keys, by, value, options))
        } else {
            Either::B(Top::new(keys, by, value, options))
        })
    }

    fn refusal(&self, body: &TopBody) -> Option<String> {
        if body.changed {
            return Some("the input changed while it was read again; run again".into());
        }
        let error = body.error.as_deref().filter(|_| self.exact)?;
        Some(format!(
            "--exact: {error}; name files, which can be read again, or give more --memory"
        ))
    }

    fn row_limits(&mut self) -> Vec<&mut RowLimit> {
        vec![&mut self.options.limit]
    }

    fn left_out(&self, body: &TopBody) -> u64 {
        let shown = body.groups.len() as u64;
        let all = self.options.limit.is_all();
        if all {
            body.distinct.saturating_sub(shown)
        } else {
            0
        }
    }

    fn body(&self, answers: Answers<TopAnswer>) -> TopBody {
        let columns = TopColumns {
            by: &self.by,
            distinct: self.distinct.is_some(),
            sum: self.sum.is_some(),
        };
        TopBody::new(answers.total, columns)
    }

    fn regex(&self) -> Option<&str> {
        self.keys.pattern.as_deref()
    }
}
