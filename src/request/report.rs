//! What `swathe report` is asked for: several questions at once.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Answers, Collected, FileAnswer, Question, Request};
use crate::{
    error::Result,
    report::{ReportBody, SectionBody},
    select::{Filtered, Selection, Selector},
    statistic::{Any, AnyAnswer, RowLimit, Several, SeveralPartial},
    time::{Stamp, Zone},
};

/// Questions about the same inputs, answered in one pass.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ReportRequest {
    /// What the report is called.
    pub title: String,
    /// The questions, in the order of the answers.
    pub sections: Vec<SectionRequest>,
}

/// One question of a report.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct SectionRequest {
    /// What the section is called.
    pub title: String,
    /// Which records it is about, of those the report is about.
    pub select: Selection,
    /// The question.
    pub question: Question,
}

/// A question with the records it is about.
type Member = Filtered<'static, Any>;

impl Request for ReportRequest {
    type Statistic = Several<Member>;
    type Body = ReportBody;

    const COMMAND: &'static str = "report";

    fn statistic(&self) -> Result<Several<Member>> {
        let member = |section: &SectionRequest| {
            let selector = Selector::new(section.select.clone())?;
            let statistic = Filtered::owning(section.question.statistic()?, Arc::new(selector));
            Ok((statistic, section.question.per_file()))
        };
        let members = self.sections.iter().map(member);
        Ok(Several::new(members.collect::<Result<Vec<_>>>()?))
    }

    fn per_file(&self) -> bool {
        let mut sections = self.sections.iter();
        sections.any(|section| section.question.per_file())
    }

    fn body(&self, answers: Answers<Vec<AnyAnswer>>) -> ReportBody {
        let bodies = apart(answers, self.sections.len());
        let sections = self.sections.iter().zip(bodies).map(|(section, answers)| {
            let body = section.question.body(answers);
            SectionBody {
                kind: section.question.kind(),
                title: section.title.clone(),
                only: section.only(),
                body: body.expect("a question is answered by its own statistic"),
            }
        });
        ReportBody::new(self.title.clone(), sections.collect())
    }

    fn row_limits(&mut self) -> Vec<&mut RowLimit> {
        let sections = self.sections.iter_mut();
        sections
            .flat_map(|section| section.question.row_limits())
            .collect()
    }

    fn left_out(&self, body: &ReportBody) -> u64 {
        let sections = self.sections.iter().zip(&body.sections);
        sections
            .map(|(asked, answered)| asked.question.left_out(&answered.body))
            .sum()
    }

    fn refusal(&self, body: &ReportBody) -> Option<String> {
        let mut sections = self.sections.iter().zip(&body.sections);
        sections.find_map(|(asked, answered)| {
            let why = asked.question.refusal(&answered.body)?;
            Some(format!("section {:?}: {why}", asked.title))
        })
    }

    fn resumable(&self) -> Result<()> {
        let mut questions = self.sections.iter().map(|section| &section.question);
        questions.try_for_each(|question| match question {
            Question::Count(count) => count.resumable(),
            _ => Ok(()),
        })
    }
}

impl ReportRequest {
    /// Drops what nobody looks at: of a complete input, the numbers it has in
    /// sections that say nothing about single inputs.
    pub fn trim(
        &self,
        statistic: &Several<Member>,
        collected: &mut Collected<SeveralPartial<Member>>,
    ) {
        for file in collected.files.iter_mut().filter(|file| file.complete) {
            let numbered = file.partial.iter_mut().enumerate();
            for ((at, partial), section) in numbered.zip(&self.sections) {
                if !section.question.per_file() {
                    *partial = statistic.unwanted(at);
                }
            }
        }
    }
}

/// The answers to each question.
fn apart(answers: Answers<Vec<AnyAnswer>>, sections: usize) -> Vec<Answers<AnyAnswer>> {
    let mut all: Vec<Answers<AnyAnswer>> = Vec::with_capacity(sections);
    for total in answers.total {
        all.push(Answers {
            total,
            complete: answers.complete,
            sources: answers.sources.clone(),
            bytes_on_disk: answers.bytes_on_disk,
            files: Vec::new(),
        });
    }
    for file in answers.files {
        for (section, answer) in all.iter_mut().zip(file.answer) {
            section.files.push(FileAnswer {
                name: file.name.clone(),
                complete: file.complete,
                grew: file.grew,
                bytes_on_disk: file.bytes_on_disk,
                answer,
            });
        }
    }
    all
}

impl SectionRequest {
    /// What its records must hold, as it was written.
    pub fn only(&self) -> Vec<String> {
        in_words(&self.select)
    }
}

/// The conditions of a selection, as they were written.
pub(crate) fn in_words(select: &Selection) -> Vec<String> {
    let and = select.and.iter().map(|pattern| format!("and {pattern}"));
    let not = select.not.iter().map(|pattern| format!("not {pattern}"));
    let conditions = select.conditions.iter();
    let conditions = conditions.map(|condition| format!("where {condition}"));
    let time = |name, stamp: Option<Stamp>| {
        stamp.map(|stamp| format!("{name} {}", Zone::utc().show(stamp)))
    };
    let times = [time("since", select.since), time("until", select.until)];
    let times = times.into_iter().flatten();
    and.chain(not).chain(conditions).chain(times).collect()
}
