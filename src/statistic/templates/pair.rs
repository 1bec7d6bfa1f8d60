//! The templates of two inputs, told apart alike.

use std::collections::BTreeMap;

use super::{Position, TemplatesPartial, table::Tally};
use crate::template;

/// One kind of record in two inputs.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PairedTemplate {
    /// What its records have in common, [`template::MASK`] where they differ.
    pub template: Vec<u8>,
    /// How many the first input has.
    pub before: u64,
    /// How many the second has.
    pub after: u64,
    /// Where the first of the second input is; of the first input, if the
    /// second has none.
    pub first: Position,
    /// That record, at most [`Templates::EXAMPLE`](super::Templates::EXAMPLE)
    /// bytes of it.
    pub example: Vec<u8>,
}

impl TemplatesPartial {
    /// How many records it is of.
    pub fn records(&self) -> u64 {
        self.counts().sum()
    }

    /// Whether there were more templates than are told apart.
    pub fn is_coarse(&self) -> bool {
        self.level() > template::Coarse::NOT
    }

    /// The templates of these records and of others, in the order of their
    /// bytes. What is a value and what a word is found in both together, and
    /// both are made as coarse as the coarser is: apart, templates of the same
    /// records need not be the same.
    pub fn paired(mut self, mut after: TemplatesPartial) -> Vec<PairedTemplate> {
        let level = self.level().max(after.level());
        self.coarsen(level);
        after.coarsen(level);
        let mut masks: BTreeMap<Box<[u8]>, [Option<Tally>; 2]> = BTreeMap::new();
        for (side, partial) in [self, after].into_iter().enumerate() {
            for (mask, tally) in partial.into_rows().1 {
                masks.entry(mask).or_default()[side] = Some(tally);
            }
        }
        let merged = template::merge(&masks.keys().map(|mask| &**mask).collect::<Vec<_>>());
        let mut all: Vec<[Option<Tally>; 2]> = vec![[None, None]; merged.texts.len()];
        for (which, sides) in merged.which.into_iter().zip(masks.into_values()) {
            let known = &mut all[which as usize];
            for (known, tally) in known.iter_mut().zip(sides) {
                match (known.as_mut(), tally) {
                    (Some(known), Some(tally)) => known.add(tally),
                    (None, tally) => *known = tally,
                    (Some(_), None) => {}
                }
            }
        }
        let pair = |(template, [before, after]): (Vec<u8>, [Option<Tally>; 2])| {
            let count = |tally: &Option<Tally>| tally.as_ref().map_or(0, |tally| tally.count);
            let (b, a) = (count(&before), count(&after));
            let tally = after.or(before)?;
            Some(PairedTemplate {
                template,
                before: b,
                after: a,
                first: tally.first,
                example: tally.example.into(),
            })
        };
        merged.texts.into_iter().zip(all).filter_map(pair).collect()
    }
}
