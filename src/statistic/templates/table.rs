//! The templates of some records, no more of them than a bound.

use std::collections::{HashMap, hash_map::Entry};

use foldhash::fast::RandomState;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Templates;
use crate::{
    statistic::{Position, Shift, sound},
    template::Coarse,
};

type Map = HashMap<Box<[u8]>, Tally, RandomState>;

/// A template and its tally.
pub(super) type Row = (Box<[u8]>, Tally);

/// The records of one template.
#[derive(Clone, Debug, Deserialize, Serialize)]
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

/// How it is written: in order.
#[derive(Deserialize, Serialize)]
struct Written<R> {
    max: u64,
    coarse: u8,
    rows: R,
}

impl Serialize for TemplatesPartial {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut rows: Vec<_> = self.map.iter().collect();
        rows.sort_unstable_by_key(|(template, _)| *template);
        let (max, coarse) = (self.max as u64, self.coarse.steps());
        Written { max, coarse, rows }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for TemplatesPartial {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<TemplatesPartial, D::Error> {
        let written: Written<Vec<Row>> = Written::deserialize(deserializer)?;
        if !written.rows.is_sorted_by(|a, b| a.0 < b.0) {
            return Err(serde::de::Error::custom("templates in no order"));
        }
        Ok(TemplatesPartial {
            coarse: Coarse::of_steps(written.coarse),
            map: written.rows.into_iter().collect(),
            ..TemplatesPartial::new(usize::try_from(written.max).unwrap_or(usize::MAX))
        })
    }
}
