//! What `swathe templates` is asked for.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use super::{Answers, Request};
use crate::{
    error::{Error, ErrorKind, Result},
    report::TemplatesBody,
    statistic::{RowLimit, Templates, TemplatesAnswer},
};

/// How many templates can be told apart.
const MAX: RangeInclusive<u64> = 2..=10_000_000;

/// How many templates people are shown who do not say how many.
const USUAL: usize = 20;

/// See [`Templates`].
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct TemplatesRequest {
    /// How many templates are shown. Default: 20 to people.
    pub limit: RowLimit,
    /// How many are told apart.
    pub max: u64,
}

impl Request for TemplatesRequest {
    type Statistic = Templates;
    type Body = TemplatesBody;

    const COMMAND: &'static str = "templates";

    fn statistic(&self) -> Result<Templates> {
        if !MAX.contains(&self.max) {
            let (least, most) = (MAX.start(), MAX.end());
            let why = format!("{least} to {most} templates are told apart");
            return Err(Error::new(ErrorKind::Config(why)));
        }
        Ok(Templates {
            max: usize::try_from(self.max).unwrap_or(usize::MAX),
        })
    }

    fn body(&self, answers: Answers<TemplatesAnswer>) -> TemplatesBody {
        TemplatesBody::new(answers.total, self.limit.bound(USUAL), &answers.sources)
    }

    fn row_limits(&mut self) -> Vec<&mut RowLimit> {
        vec![&mut self.limit]
    }
}
