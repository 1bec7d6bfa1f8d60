//! What `swathe stats` is asked for.

use serde::{Deserialize, Serialize};

use super::{Answers, FileAnswer, Request};
use crate::{
    error::Result,
    key::{Key, KeyOptions, Keys},
    report::{StatsBody, StatsGroups, StatsRow},
    statistic::{RowLimit, Text, TextAnswer, TextBy, TextByAnswer},
};

/// See [`Text`].
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct StatsRequest {
    /// How many of the longest lines are named.
    pub longest: u32,
    /// Whether records are counted too, which may have several lines.
    pub records: bool,
    /// Groups, if there are to be any.
    pub by: Option<StatsBy>,
}

/// See [`TextBy`].
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct StatsBy {
    /// What groups are by.
    pub by: Vec<Key>,
    /// How keys are read.
    pub keys: KeyOptions,
    /// How many groups are shown.
    pub limit: RowLimit,
    /// How many bytes groups may take.
    pub memory: u64,
}

type Answer = (TextAnswer, Option<TextByAnswer>);

impl Request for StatsRequest {
    type Statistic = (Text, Option<TextBy>);
    type Body = StatsBody;

    const COMMAND: &'static str = "stats";

    fn statistic(&self) -> Result<Self::Statistic> {
        let text = Text {
            longest: self.longest as usize,
        };
        let by = |by: &StatsBy| -> Result<TextBy> {
            let keys = Keys::new(&by.by, &by.keys)?;
            Ok(TextBy::new(keys, by.limit, by.memory))
        };
        Ok((text, self.by.as_ref().map(by).transpose()?))
    }

    fn per_file(&self) -> bool {
        true
    }

    fn row_limits(&mut self) -> Vec<&mut RowLimit> {
        let by = self.by.as_mut();
        by.map(|by| &mut by.limit).into_iter().collect()
    }

    fn left_out(&self, body: &StatsBody) -> u64 {
        let all = self.by.as_ref().is_some_and(|by| by.limit.is_all());
        let groups = body.by.as_ref().filter(|_| all);
        groups.map_or(0, |groups| {
            groups.distinct.saturating_sub(groups.groups.len() as u64)
        })
    }

    fn body(&self, answers: Answers<Answer>) -> StatsBody {
        let files = answers.files.into_iter().map(|file: FileAnswer<Answer>| {
            let (text, _) = file.answer;
            let records = self.records.then_some(text.records);
            let row = StatsRow::new(text, file.bytes_on_disk, &[file.name.as_path()]);
            StatsRow {
                path: Some(file.name),
                complete: file.complete,
                grew: file.grew,
                records,
                ..row
            }
        });
        let files = files.collect();
        let (text, groups) = answers.total;
        let records = self.records.then_some(text.records);
        let total = StatsRow::new(text, answers.bytes_on_disk, &answers.sources);
        let by = self.by.as_ref().map_or(&[][..], |by| &by.by);
        StatsBody {
            files,
            total: StatsRow {
                complete: answers.complete,
                records,
                ..total
            },
            by: groups.map(|groups| StatsGroups::new(groups, by, self.records)),
        }
    }
}
