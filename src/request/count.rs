//! What `swathe count` is asked for.

use serde::{Deserialize, Serialize};

use super::{Answers, Request};
use crate::{
    error::{Error, ErrorKind, Result},
    pattern::PatternOptions,
    report::{CountBody, CountFile},
    statistic::{Count, CountAnswer, CountPattern},
};

/// See [`Count`].
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct CountRequest {
    /// What is counted.
    pub patterns: Vec<CountPattern>,
    /// How patterns are read.
    pub options: PatternOptions,
    /// Whether each input gets numbers of its own.
    pub per_file: bool,
    /// In how many equal parts of each input matches are counted; 0 for none.
    pub positions: u32,
}

impl CountRequest {
    /// In more parts than this matches are not counted.
    pub const MOST_POSITIONS: u32 = 1000;
}

impl Request for CountRequest {
    type Statistic = Count;
    type Body = CountBody;

    const COMMAND: &'static str = "count";

    fn statistic(&self) -> Result<Count> {
        if self.positions > CountRequest::MOST_POSITIONS {
            let why = format!(
                "matches are counted in at most {} parts",
                CountRequest::MOST_POSITIONS
            );
            return Err(Error::new(ErrorKind::Config(why)));
        }
        let count = Count::new(self.patterns.clone(), &self.options)?;
        Ok(count.in_parts(self.positions))
    }

    fn per_file(&self) -> bool {
        self.per_file
    }

    fn body(&self, answers: Answers<CountAnswer>) -> CountBody {
        let files = answers.files.into_iter().map(|file| CountFile {
            body: CountBody::new(file.answer, &[file.name.as_path()]),
            path: file.name,
            complete: file.complete,
            grew: file.grew,
        });
        let files: Vec<CountFile> = files.collect();
        CountBody {
            // A file that was not read to its end is shown even unasked.
            files: (self.per_file || !files.is_empty()).then_some(files),
            ..CountBody::new(answers.total, &answers.sources)
        }
    }

    fn found(body: &CountBody) -> bool {
        body.lines_any > 0
    }

    fn resumable(&self) -> Result<()> {
        if self.positions == 0 {
            return Ok(());
        }
        Err(Error::new(ErrorKind::Config(
            "positions are parts of the whole file, so each new line moves all of them; \
             leave out positions, or --resume"
                .into(),
        )))
    }
}
