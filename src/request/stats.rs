//! What `swathe stats` is asked for.

use serde::{Deserialize, Serialize};

use super::{Answers, Request};
use crate::{
    error::Result,
    report::{StatsBody, StatsRow},
    statistic::{Text, TextAnswer},
};

/// See [`Text`].
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct StatsRequest {
    /// How many of the longest lines are named.
    pub longest: u32,
}

impl Request for StatsRequest {
    type Statistic = Text;
    type Body = StatsBody;

    const COMMAND: &'static str = "stats";

    fn statistic(&self) -> Result<Text> {
        Ok(Text {
            longest: self.longest as usize,
        })
    }

    fn per_file(&self) -> bool {
        true
    }

    fn body(&self, answers: Answers<TextAnswer>) -> StatsBody {
        let files = answers.files.into_iter().map(|file| {
            let row = StatsRow::new(file.answer, file.bytes_on_disk, &[file.name.as_path()]);
            StatsRow {
                path: Some(file.name),
                complete: file.complete,
                grew: file.grew,
                ..row
            }
        });
        let files = files.collect();
        let total = StatsRow::new(answers.total, answers.bytes_on_disk, &answers.sources);
        StatsBody {
            files,
            total: StatsRow {
                complete: answers.complete,
                ..total
            },
        }
    }
}
