//! Several answers about the same inputs.

use schemars::JsonSchema;
use serde::Serialize;

use super::{
    Card, Chart, CountBody, LevelsBody, Part, StatsBody, Table, Tabular, TemplatesBody,
    TimelineBody, TopBody, ValuesBody, Warning, part::of_a_spec,
};

/// What `swathe report` has to say.
#[derive(Clone, Debug, JsonSchema, Serialize)]
pub struct ReportBody {
    /// What the report is called.
    pub title: String,
    /// The answers, in the order they were asked for.
    pub sections: Vec<SectionBody>,
    /// What is odd about the inputs or the numbers.
    pub warnings: Vec<Warning>,
    /// All that is needed to merge this report with others, or to show it in
    /// another form: what `--partial` writes, in base 64.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partial: Option<String>,
}

/// One answer of a report.
#[derive(Clone, Debug, JsonSchema, Serialize)]
pub struct SectionBody {
    /// What was asked: `count`, `top`, `values`, `timeline`, `templates`,
    /// `stats` or `levels`.
    pub kind: &'static str,
    /// What the section is called.
    pub title: String,
    /// Which records it is about, where that is not all: the conditions.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub only: Vec<String>,
    /// The answer.
    #[serde(flatten)]
    pub body: AnyBody,
}

/// The answer to any question.
#[derive(Clone, Debug, JsonSchema, Serialize)]
#[serde(untagged)]
pub enum AnyBody {
    /// Of `count`.
    Count(CountBody),
    /// Of `top`.
    Top(TopBody),
    /// Of `values`.
    Values(ValuesBody),
    /// Of `timeline`.
    Timeline(Box<TimelineBody>),
    /// Of `templates`.
    Templates(TemplatesBody),
    /// Of `stats`.
    Stats(Box<StatsBody>),
    /// How severe records are.
    Levels(LevelsBody),
}

/// Calls a method of whichever body it is.
macro_rules! call {
    ($self:expr, $body:ident => $call:expr) => {
        match $self {
            AnyBody::Count($body) => $call,
            AnyBody::Top($body) => $call,
            AnyBody::Values($body) => $call,
            AnyBody::Timeline($body) => $call,
            AnyBody::Templates($body) => $call,
            AnyBody::Stats($body) => $call,
            AnyBody::Levels($body) => $call,
        }
    };
}

impl ReportBody {
    /// A report of these sections.
    pub fn new(title: String, sections: Vec<SectionBody>) -> ReportBody {
        let mut warnings: Vec<Warning> = Vec::new();
        for mut warning in sections.iter().flat_map(|section| section.body.warnings()) {
            warning.message = of_a_spec(&warning.message);
            if !warnings.contains(&warning) {
                warnings.push(warning);
            }
        }
        ReportBody {
            title,
            sections,
            warnings,
            partial: None,
        }
    }
}

impl Tabular for AnyBody {
    fn tables(&self) -> Vec<Table> {
        call!(self, body => body.tables())
    }

    fn tables_for_people(&self) -> Vec<Table> {
        call!(self, body => body.tables_for_people())
    }

    fn tables_of_a_part(&self) -> Vec<Table> {
        call!(self, body => body.tables_of_a_part())
    }

    fn warnings(&self) -> Vec<Warning> {
        call!(self, body => body.warnings())
    }

    fn charts(&self) -> Vec<Chart> {
        call!(self, body => body.charts())
    }

    fn cards(&self) -> Vec<Card> {
        call!(self, body => body.cards())
    }
}

impl Tabular for ReportBody {
    const SEVERAL: bool = true;

    fn tables(&self) -> Vec<Table> {
        let parts = self.parts();
        parts.into_iter().flat_map(|part| part.tables).collect()
    }

    fn title(&self) -> Option<&str> {
        Some(&self.title)
    }

    fn parts(&self) -> Vec<Part> {
        let part = |section: &SectionBody| {
            let mut part = Part::of(&section.body, section.kind);
            part.title.clone_from(&section.title);
            part.only.clone_from(&section.only);
            for table in part.tables.iter_mut().chain(&mut part.for_people) {
                for note in &mut table.notes {
                    *note = of_a_spec(note);
                }
            }
            part
        };
        self.sections.iter().map(part).collect()
    }

    fn warnings(&self) -> Vec<Warning> {
        self.warnings.clone()
    }
}
