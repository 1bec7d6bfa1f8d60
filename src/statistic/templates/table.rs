//! The templates of some records, no more of them than a bound.

use std::collections::{HashMap, hash_map::Entry};

use foldhash::fast::RandomState;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_bytes::{ByteBuf, Bytes};

use super::Templates;
use crate::{
    statistic::{Position, Shift, sound},
    template::Coarse,
};

type Map = HashMap<Box<[u8]>, Tally, RandomState>;

/// A template and its tally.
pub(super) type Row = (Box<[u8]>, Tally);

/// The records of one template.
#[derive(Clone, Debug)]
pub(super) struct Tally {
    pub(super) count: u64,
    pub(super) first: Position,
    pub(super) example: Box<[u8]>,
}

impl Tally {
    pub(super) fn add(&mut self, other: Tally) {
        self.count += other.count;
        if other.first < self.first {
            self.first = other.first;
            self.example = other.example;
        }
    }
}

/// What records were seen: a tally for every template.
///
/// Templates are as coarse as they must be for the bound to hold, and no
/// coarser. Since more records never have fewer templates, this is the same
/// for the same records however they came together.
#[derive(Clone, Debug)]
pub struct TemplatesPartial {
    max: usize,
    coarse: Coarse,
    map: Map,
}

impl TemplatesPartial {
    pub(super) fn new(max: usize) -> TemplatesPartial {
        TemplatesPartial {
            // One for what is empty, one for all else.
            max: max.max(2),
            coarse: Coarse::NOT,
            map: Map::default(),
        }
    }

    /// Counts a record of this template; `tally` is asked if it is the first.
    #[inline]
    pub(super) fn count(&mut self, template: &mut Vec<u8>, tally: impl FnOnce() -> Tally) {
        self.coarse.apply(template);
        if let Some(known) = self.map.get_mut(template.as_slice()) {
            known.count += 1;
            return;
        }
        self.map.insert(template.as_slice().into(), tally());
        self.bound();
    }

    pub(super) fn shift(&mut self, by: Shift) {
        for tally in self.map.values_mut() {
            tally.first.shift(by);
        }
    }

    pub(super) fn append(&mut self, mut other: TemplatesPartial) {
        let coarse = self.coarse.max(other.coarse);
        self.coarsen(coarse);
        other.coarsen(coarse);
        for (template, tally) in other.map {
            self.add(template, tally);
        }
        self.bound();
    }

    /// Every template and its tally in the order of their bytes, and how
    /// coarse they are.
    pub(super) fn into_rows(self) -> (Coarse, Vec<Row>) {
        let mut rows: Vec<_> = self.map.into_iter().collect();
        rows.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        (self.coarse, rows)
    }

    /// Whether it can be what is kept with this bound of so many sources.
    pub(super) fn is_of(&self, max: usize, sources: u32) -> bool {
        let mut tallies = self.map.values();
        self.max == max.max(2)
            && sound::summable(self.map.values().map(|tally| tally.count))
            && tallies.all(|tally| {
                tally.example.len() <= Templates::EXAMPLE && sound::place(tally.first, sources)
            })
    }

    fn bound(&mut self) {
        while self.map.len() > self.max
            && let Some(coarse) = self.coarse.next()
        {
            self.coarsen(coarse);
        }
    }

    /// How many records each template has.
    pub(super) fn counts(&self) -> impl Iterator<Item = u64> {
        self.map.values().map(|tally| tally.count)
    }

    /// How coarse templates are.
    pub(super) fn level(&self) -> Coarse {
        self.coarse
    }

    #[cold]
    pub(super) fn coarsen(&mut self, coarse: Coarse) {
        if coarse == self.coarse {
            return;
        }
        self.coarse = coarse;
        for (template, tally) in std::mem::take(&mut self.map) {
            let mut template = template.into_vec();
            coarse.apply(&mut template);
            self.add(template.into(), tally);
        }
    }

    fn add(&mut self, template: Box<[u8]>, tally: Tally) {
        match self.map.entry(template) {
            Entry::Occupied(mut known) => known.get_mut().add(tally),
            Entry::Vacant(new) => {
                new.insert(tally);
            }
        }
    }
}

/// How it is written: in the order of the templates, in columns.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Written<B> {
    max: u64,
    coarse: u8,
    templates: Vec<B>,
    counts: Vec<u64>,
    first: Vec<Position>,
    examples: Vec<B>,
}

impl Serialize for TemplatesPartial {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut rows: Vec<_> = self.map.iter().collect();
        rows.sort_unstable_by_key(|(template, _)| *template);
        let tallies = || rows.iter().map(|(_, tally)| tally);
        let written = Written {
            max: self.max as u64,
            coarse: self.coarse.steps(),
            templates: rows
                .iter()
                .map(|(template, _)| Bytes::new(template))
                .collect(),
            counts: tallies().map(|tally| tally.count).collect(),
            first: tallies().map(|tally| tally.first).collect(),
            examples: tallies().map(|tally| Bytes::new(&tally.example)).collect(),
        };
        written.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for TemplatesPartial {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<TemplatesPartial, D::Error> {
        let written: Written<ByteBuf> = Written::deserialize(deserializer)?;
        let Written {
            templates,
            counts,
            first,
            examples,
            ..
        } = written;
        if [counts.len(), first.len(), examples.len()] != [templates.len(); 3] {
            return Err(serde::de::Error::custom("columns of different lengths"));
        }
        if !templates.is_sorted_by(|a, b| a < b) {
            return Err(serde::de::Error::custom("templates in no order"));
        }
        let tallies = counts.into_iter().zip(first).zip(examples);
        let tallies = tallies.map(|((count, first), example)| Tally {
            count,
            first,
            example: example.into_vec().into(),
        });
        let keys = templates
            .into_iter()
            .map(|template| template.into_vec().into());
        Ok(TemplatesPartial {
            coarse: Coarse::of_steps(written.coarse),
            map: keys.zip(tallies).collect(),
            ..TemplatesPartial::new(usize::try_from(written.max).unwrap_or(usize::MAX))
        })
    }
}
