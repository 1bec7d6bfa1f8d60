//! What `swathe templates` is asked for.

use serde::{Deserialize, Serialize};

use super::{Answers, Request};
use crate::{
    error::Result,
    report::TemplatesBody,
    statistic::{Templates, TemplatesAnswer},
};

/// See [`Templates`].
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct TemplatesRequest {
    /// How many templates are shown; all if absent.
    pub limit: Option<u64>,
    /// How many are told apart.
    pub max: u64,
}

impl Request for TemplatesRequest {
    type Statistic = Templates;
    type Body = TemplatesBody;

    const COMMAND: &'static str = "templates";

    fn statistic(&self) -> Result<Templates> {
        Ok(Templates {
            max: usize::try_from(self.max).unwrap_or(usize::MAX),
        })
    }

    fn body(&self, answers: Answers<TemplatesAnswer>) -> TemplatesBody {
        let limit = self.limit.and_then(|limit| usize::try_from(limit).ok());
        TemplatesBody::new(answers.total, limit, &answers.sources)
    }
}
