//! Which template each line is of, once all of them are known.

use serde::{Deserialize, Serialize};

use super::TemplatesAnswer;
use crate::{
    statistic::{Head, Kind, Needs, Scan, Shift, Statistic, WireStatistic, sound},
    template::Masker,
};

/// Gives every line the number of its template, in a pass of its own behind
/// that of [`Templates`](super::Templates) over the same input.
///
/// It remembers every line of what it is run over: give it parts of a big
/// source, one after the other.
#[derive(Clone, Debug)]
pub struct Assign<'a> {
    answer: &'a TemplatesAnswer,
}

/// A line and its template.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Assigned {
    /// The number of the line, from 1.
    pub line: u64,
    /// The number of its template, from 1; 0 if the answer has none for it,
    /// which means that it was of another input.
    pub id: u32,
}

impl<'a> Assign<'a> {
    /// By the templates of this answer.
    pub fn new(answer: &'a TemplatesAnswer) -> Assign<'a> {
        Assign { answer }
    }

    fn id(&self, mask: &mut Vec<u8>) -> u32 {
        self.answer.level.apply(mask);
        let index = self.answer.masks.get(mask.as_slice());
        index.map_or(0, |index| index + 1)
    }
}

impl Statistic for Assign<'_> {
    type Partial = Vec<Assigned>;
    type Output = Vec<Assigned>;
    type Worker = Masker;

    fn needs(&self) -> Needs {
        Needs {
            line_numbers: true,
            head: true,
            times: false,
            format: false,
        }
    }

    fn worker(&self, _head: &Head) -> Masker {
        Masker::new()
    }

    fn identity(&self) -> Vec<Assigned> {
        Vec::new()
    }

    fn scan(&self, masker: &mut Masker, scan: &Scan<'_>, partial: &mut Vec<Assigned>) {
        let ending = scan.head().line_ending;
        for record in scan.records() {
            let bytes = &scan.bytes()[record.range.clone()];
            let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
            let bytes = &bytes[..ending.content_len(bytes)];
            let id = self.id(masker.template_mut(bytes));
            let first = scan.position(record.range.start, record.lines_before).line;
            let lines = first..first + record.lines;
            partial.extend(lines.map(|line| Assigned { line, id }));
        }
    }

    fn shift(&self, partial: &mut Vec<Assigned>, by: Shift) {
        for assigned in partial {
            assigned.line += by.lines;
        }
    }

    fn merge(&self, earlier: &mut Vec<Assigned>, mut later: Vec<Assigned>) {
        earlier.append(&mut later);
    }

    fn finish(&self, merged: Vec<Assigned>) -> Vec<Assigned> {
        merged
    }
}

impl WireStatistic for Assign<'_> {
    fn kind(&self) -> Kind {
        Kind::Assign
    }

    fn accepts(&self, partial: &Vec<Assigned>, _sources: u32) -> bool {
        let known = self.answer.templates.len();
        let mut all = partial.iter();
        all.all(|assigned| sound::counts([assigned.line]) && assigned.id as usize <= known)
    }
}
