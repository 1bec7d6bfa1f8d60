//! Any question there is, as plain data.

use serde::{Deserialize, Serialize};

use super::{
    Answers, CountRequest, FileAnswer, Request, StatsRequest, TemplatesRequest, TimelineRequest,
    TopRequest, ValuesRequest,
};
use crate::{
    error::Result,
    key::{Key, KeyOptions, Keys},
    report::{AnyBody, LevelsBody},
    statistic::{Any, AnyAnswer, Either, RowLimit, Top, TopOptions, TopSort, ValueKeys},
};

/// Any question that a section of a report can answer.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Question {
    /// How often patterns occur.
    Count(CountRequest),
    /// Which keys come most.
    Top(TopRequest),
    /// Numbers in records.
    Values(ValuesRequest),
    /// When lines were written.
    Timeline(TimelineRequest),
    /// What kinds of lines there are.
    Templates(TemplatesRequest),
    /// Lines, words, lengths.
    Stats(StatsRequest),
    /// How severe lines are.
    Levels,
}

/// Calls a method of the request of whichever question it is.
macro_rules! call {
    ($self:expr, $request:ident => $call:expr, $levels:expr) => {
        match $self {
            Question::Count($request) => $call,
            Question::Top($request) => $call,
            Question::Values($request) => $call,
            Question::Timeline($request) => $call,
            Question::Templates($request) => $call,
            Question::Stats($request) => $call,
            Question::Levels => $levels,
        }
    };
}

impl Question {
    /// The names of all questions, as in a spec.
    pub const KINDS: [&'static str; 7] = [
        CountRequest::COMMAND,
        TopRequest::COMMAND,
        ValuesRequest::COMMAND,
        TimelineRequest::COMMAND,
        TemplatesRequest::COMMAND,
        StatsRequest::COMMAND,
        "levels",
    ];

    /// Its name: that of a command, or `levels`.
    pub fn kind(&self) -> &'static str {
        match self {
            Question::Count(_) => CountRequest::COMMAND,
            Question::Top(_) => TopRequest::COMMAND,
            Question::Values(_) => ValuesRequest::COMMAND,
            Question::Timeline(_) => TimelineRequest::COMMAND,
            Question::Templates(_) => TemplatesRequest::COMMAND,
            Question::Stats(_) => StatsRequest::COMMAND,
            Question::Levels => "levels",
        }
    }

    /// See [`Request::statistic`].
    pub(super) fn statistic(&self) -> Result<Any> {
        Ok(match self {
            Question::Count(request) => Any::Count(request.statistic()?),
            Question::Top(request) => Any::Top(request.statistic()?),
            Question::Values(request) => Any::Values(request.statistic()?),
            Question::Timeline(request) => Any::Timeline(request.statistic()?),
            Question::Templates(request) => Any::Templates(request.statistic()?),
            Question::Stats(request) => Any::Text(request.statistic()?),
            Question::Levels => {
                let keys = Keys::new(&[Key::Level], &KeyOptions::default())?;
                let top = Top::new(keys, 1, ValueKeys::default(), by_level());
                Any::Top(Either::A(top))
            }
        })
    }

    /// See [`Request::per_file`].
    pub(super) fn per_file(&self) -> bool {
        call!(self, request => request.per_file(), false)
    }

    /// See [`Request::refusal`].
    pub(super) fn refusal(&self, body: &AnyBody) -> Option<String> {
        match (self, body) {
            (Question::Top(request), AnyBody::Top(body)) => request.refusal(body),
            (Question::Values(request), AnyBody::Values(body)) => request.refusal(body),
            (Question::Timeline(request), AnyBody::Timeline(body)) => request.refusal(body),
            _ => None,
        }
    }

    /// See [`Request::row_limits`].
    pub(super) fn row_limits(&mut self) -> Vec<&mut RowLimit> {
        call!(self, request => request.row_limits(), Vec::new())
    }

    /// See [`Request::left_out`].
    pub(super) fn left_out(&self, body: &AnyBody) -> u64 {
        match (self, body) {
            (Question::Top(request), AnyBody::Top(body)) => request.left_out(body),
            (Question::Values(request), AnyBody::Values(body)) => request.left_out(body),
            (Question::Stats(request), AnyBody::Stats(body)) => request.left_out(body),
            _ => 0,
        }
    }

    /// See [`Request::body`]; `None` if the answer is to another question.
    pub(super) fn body(&self, mut answers: Answers<AnyAnswer>) -> Option<AnyBody> {
        if !self.per_file() {
            answers.files.retain(|file| !file.complete);
        }
        macro_rules! body {
            ($request:expr, $kind:ident => $body:expr) => {
                $body($request.body(narrow(answers, |any| match any {
                    AnyAnswer::$kind(answer) => Some(answer),
                    _ => None,
                })?))
            };
        }
        Some(match self {
            Question::Count(request) => body!(request, Count => AnyBody::Count),
            Question::Top(request) => body!(request, Top => AnyBody::Top),
            Question::Values(request) => body!(request, Values => AnyBody::Values),
            Question::Timeline(request) => {
                body!(request, Timeline => |body| AnyBody::Timeline(Box::new(body)))
            }
            Question::Templates(request) => body!(request, Templates => AnyBody::Templates),
            Question::Stats(request) => {
                body!(request, Text => |body| AnyBody::Stats(Box::new(body)))
            }
            Question::Levels => match answers.total {
                AnyAnswer::Top(answer) => AnyBody::Levels(LevelsBody::new(&answer)),
                _ => return None,
            },
        })
    }
}

/// There are few levels, and all are shown.
fn by_level() -> TopOptions {
    TopOptions {
        limit: RowLimit::ALL,
        sort: TopSort::Count,
        all: false,
        memory: 1 << 20,
        max_groups: None,
    }
}

/// Answers of a statistic that may be any, as answers of the one it is.
fn narrow<O>(
    answers: Answers<AnyAnswer>,
    one: impl Fn(AnyAnswer) -> Option<O>,
) -> Option<Answers<O>> {
    let files = answers.files.into_iter().map(|file| {
        Some(FileAnswer {
            name: file.name,
            complete: file.complete,
            grew: file.grew,
            bytes_on_disk: file.bytes_on_disk,
            answer: one(file.answer)?,
        })
    });
    Some(Answers {
        files: files.collect::<Option<_>>()?,
        total: one(answers.total)?,
        complete: answers.complete,
        sources: answers.sources,
        bytes_on_disk: answers.bytes_on_disk,
    })
}
