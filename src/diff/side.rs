//! One of the two things that are compared.

use super::{body::SideRow, rows::lines_of};
use crate::{
    error::Result,
    report::{AnyBody, Name, Selected},
    request::{
        Collected, ReportRequest, Request as _, Scope, SectionRequest, in_words, saved::PartialOf,
    },
    select::{FilteredPartial, Selection},
    statistic::{AnyAnswer, AnyPartial, TemplatesPartial},
    time::Stamp,
};

/// What a report has gathered: of logs that were read now, or read back from a
/// file.
#[derive(Clone, Debug)]
pub struct Side {
    /// What was asked.
    pub request: ReportRequest,
    /// Of which records.
    pub scope: Scope,
    /// What came of it, in one pass.
    pub collected: Collected<PartialOf<ReportRequest>>,
}

/// A side of which all numbers are known.
#[derive(Debug)]
pub(super) struct Finished {
    sections: Vec<Option<Section>>,
    /// All records, if a section is about all.
    pub(super) records: Option<u64>,
    sources: Vec<Name>,
    selected: Selected,
    /// From when to when, and how that is shown.
    span: Option<(Stamp, Stamp)>,
    first: Option<String>,
    last: Option<String>,
}

/// What is known of a section.
#[derive(Debug)]
pub(super) enum Section {
    /// What a report says of all groups.
    Body(Box<AnyBody>),
    /// Templates are made of both sides together.
    Templates(TemplatesPartial),
}

impl Side {
    /// The conditions that all records hold, as a sentence says it.
    pub(super) fn filters(&self) -> String {
        let select = in_words(&Selection {
            since: None,
            until: None,
            ..self.scope.selection.clone()
        });
        if select.is_empty() {
            return "all".into();
        }
        select.join(", ")
    }

    /// Finishes everything.
    pub(super) fn finish(self) -> Result<Finished> {
        let Side {
            request,
            scope,
            mut collected,
        } = self;
        let request = request.with_all_groups();
        let statistic = request.statistic()?;
        let mut templates: Vec<Option<TemplatesPartial>> = Vec::new();
        for partial in &mut collected.total {
            let is_it = |partial: &AnyPartial| matches!(partial, AnyPartial::Templates(_));
            let taken = partial.take_if(|partial| is_it(partial.chosen()));
            templates.push(match taken.map(FilteredPartial::settled) {
                Some(AnyPartial::Templates(partial)) => Some(partial),
                _ => None,
            });
        }
        collected.files.clear();
        let sources: Vec<Name> = collected.sources.iter().map(|p| Name::from(&**p)).collect();
        let (zone, cut) = (&scope.times.zone, collected.cut_records);
        let selected = Selected::new(&scope.selection, zone, &scope.record, cut);
        let answers = collected.finish(&statistic);
        let unfiltered = |section: &SectionRequest| section.select.is_everything();
        let all: Vec<bool> = request.sections.iter().map(unfiltered).collect();
        let found = span(answers.total.iter().zip(&all));
        let range = scope.selection.since.zip(scope.selection.until);
        let show = |stamp| zone.show(stamp);
        let body = request.body(answers);
        let bodies = body.sections.into_iter().map(|section| section.body);
        let sections = bodies.zip(templates).map(|(body, partial)| match partial {
            Some(partial) => Section::Templates(partial),
            None => Section::Body(Box::new(body)),
        });
        let sections: Vec<Section> = sections.collect();
        Ok(Finished {
            records: records(&sections, &all),
            sections: sections.into_iter().map(Some).collect(),
            sources,
            selected,
            span: range.or(found),
            first: found.map(|(first, _)| show(first)),
            last: found.map(|(_, last)| show(last)),
        })
    }
}

impl Finished {
    /// How many seconds it is of, if that is known and more than none.
    pub(super) fn seconds(&self) -> Option<f64> {
        let (first, last) = self.span?;
        let nanos = last.nanos().abs_diff(first.nanos());
        (nanos > 0).then_some(nanos as f64 / 1e9)
    }

    /// What is known of the section in this place, which must not be taken
    /// twice.
    pub(super) fn take(&mut self, at: usize) -> Option<Section> {
        self.sections.get_mut(at)?.take()
    }

    pub(super) fn sources(&self) -> &[Name] {
        &self.sources
    }

    pub(super) fn row(&self) -> SideRow {
        let seconds = self.seconds();
        SideRow {
            sources: self.sources.clone(),
            records: self.records,
            seconds,
            per_second: seconds
                .zip(self.records)
                .map(|(seconds, records)| records as f64 / seconds),
            first: self.first.clone(),
            last: self.last.clone(),
            selected: self.selected.clone(),
        }
    }
}

/// The first and the last timestamp of all timelines of all records.
fn span<'a>(answers: impl Iterator<Item = (&'a AnyAnswer, &'a bool)>) -> Option<(Stamp, Stamp)> {
    let spans = answers.filter_map(|(answer, &all)| match answer {
        AnyAnswer::Timeline(timeline) if all => timeline.first.zip(timeline.last),
        _ => None,
    });
    spans.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
}

/// How many records there are, as a section says that is about all.
fn records(sections: &[Section], all: &[bool]) -> Option<u64> {
    let known = sections.iter().zip(all).filter(|(_, all)| **all);
    known.map(|(section, _)| section.records()).max()
}

impl Section {
    /// The records it is about.
    fn records(&self) -> u64 {
        let body = match self {
            Section::Templates(partial) => return partial.records(),
            Section::Body(body) => &**body,
        };
        match body {
            AnyBody::Count(body) => body.lines_total,
            AnyBody::Top(body) => body.matched + body.unmatched_lines,
            AnyBody::Values(body) => body.matched + body.unmatched_lines,
            AnyBody::Timeline(body) => lines_of(body),
            AnyBody::Templates(body) => body.records,
            AnyBody::Levels(body) => body.records,
            AnyBody::Stats(body) => body.total.records.unwrap_or(body.total.lines),
        }
    }
}
