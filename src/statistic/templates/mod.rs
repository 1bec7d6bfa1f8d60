//! What kinds of records there are, and how many of each.

mod assign;
mod pair;
mod table;

pub use assign::{Assign, Assigned};
pub use pair::PairedTemplate;
pub use table::TemplatesPartial;

use std::{cmp::Reverse, collections::HashMap};

use self::table::Tally;
use super::{Head, Kind, Needs, Position, Scan, Shift, Statistic, WireStatistic};
use crate::template::{self, Coarse, Masker};

/// Counts records by their template (see [`crate::template`]).
///
/// Every record, an empty one too, is in exactly one template, and counts are
/// exact. Memory is bounded: where the input has more than
/// [`max`](Templates::max) different templates, fewer of their first words are
/// told apart until there are no more (see [`Coarse`]). How many words that are
/// is a property of the whole input and depends neither on chunks nor on
/// threads.
#[derive(Clone, Copy, Debug)]
pub struct Templates {
    /// How many templates are told apart; at least 2.
    pub max: usize,
}

impl Templates {
    /// How many are told apart unless the caller says otherwise.
    pub const MAX: usize = 50_000;

    /// The longest example that is kept of a record, in bytes.
    pub const EXAMPLE: usize = 1024;
}

impl Default for Templates {
    fn default() -> Templates {
        Templates {
            max: Templates::MAX,
        }
    }
}

/// The templates of an input, the most frequent first, of equals in the order
/// of their bytes.
#[derive(Clone, Debug, Default)]
pub struct TemplatesAnswer {
    /// The templates. The number of one, from 1, is its place here.
    pub templates: Vec<Template>,
    /// All records.
    pub records: u64,
    /// There were more templates than are told apart, and some of these are of
    /// records that differ in more than their values.
    pub coarse: bool,
    level: Coarse,
    /// For what single records are masked to, the index of their template.
    masks: HashMap<Box<[u8]>, u32>,
}

/// One kind of record.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Template {
    /// What its records have in common, [`template::MASK`] where they differ.
    pub template: Vec<u8>,
    /// How many there are.
    pub count: u64,
    /// Where the first is.
    pub first: Position,
    /// The first, without the end of its last line, at most
    /// [`Templates::EXAMPLE`] bytes of it.
    pub example: Vec<u8>,
}

impl Statistic for Templates {
    type Partial = TemplatesPartial;
    type Output = TemplatesAnswer;
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

    fn identity(&self) -> TemplatesPartial {
        TemplatesPartial::new(self.max)
    }

    fn scan(&self, masker: &mut Masker, scan: &Scan<'_>, partial: &mut TemplatesPartial) {
        let ending = scan.head().line_ending;
        for record in scan.records() {
            let bytes = &scan.bytes()[record.range.clone()];
            let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
            let bytes = &bytes[..ending.content_len(bytes)];
            let template = match scan.headers() {
                Some(headers) => {
                    masker.template_by(headers, scan.absolute(record.range.start), bytes)
                }
                None => masker.template_mut(bytes),
            };
            partial.count(template, || Tally {
                count: 1,
                first: scan.position(record.range.start, record.lines_before),
                example: bytes[..bytes.len().min(Templates::EXAMPLE)].into(),
            });
        }
    }

    fn shift(&self, partial: &mut TemplatesPartial, by: Shift) {
        partial.shift(by);
    }

    fn merge(&self, earlier: &mut TemplatesPartial, later: TemplatesPartial) {
        earlier.append(later);
    }

    fn finish(&self, merged: TemplatesPartial) -> TemplatesAnswer {
        let (level, rows) = merged.into_rows();
        let masks: Vec<&[u8]> = rows.iter().map(|(mask, _)| &**mask).collect();
        let merged = template::merge(&masks);
        let mut tallies: Vec<Option<Tally>> = vec![None; merged.texts.len()];
        let mut masks = Vec::with_capacity(rows.len());
        for ((mask, tally), which) in rows.into_iter().zip(merged.which) {
            match &mut tallies[which as usize] {
                Some(known) => known.add(tally),
                none => *none = Some(tally),
            }
            masks.push((mask, which));
        }
        let texts = merged.texts.into_iter().zip(tallies).zip(0..);
        let mut templates: Vec<(Template, u32)> = texts
            .filter_map(|((text, tally), which)| Some((Template::of(text, tally?), which)))
            .collect();
        // Those of one count stay in the order of their bytes.
        templates.sort_by_key(|(template, _)| Reverse(template.count));
        let mut indices = vec![0; templates.len()];
        for ((_, which), index) in templates.iter().zip(0..) {
            indices[*which as usize] = index;
        }
        let templates: Vec<Template> = templates
            .into_iter()
            .map(|(template, _)| template)
            .collect();
        let masks = masks.into_iter();
        TemplatesAnswer {
            records: templates.iter().map(|template| template.count).sum(),
            masks: masks
                .map(|(mask, which)| (mask, indices[which as usize]))
                .collect(),
            templates,
            coarse: level > Coarse::NOT,
            level,
        }
    }
}

impl WireStatistic for Templates {
    fn kind(&self) -> Kind {
        Kind::Templates
    }

    fn accepts(&self, partial: &TemplatesPartial, sources: u32) -> bool {
        partial.is_of(self.max, sources)
    }
}

impl Template {
    fn of(text: Vec<u8>, tally: Tally) -> Template {
        Template {
            template: text,
            count: tally.count,
            first: tally.first,
            example: tally.example.into(),
        }
    }
}

#[cfg(test)]
mod tests;
