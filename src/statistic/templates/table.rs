//! The templates of some records, no more of them than a bound.

use std::collections::{HashMap, hash_map::Entry};

use foldhash::fast::FixedState;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{
    statistic::{Position, Shift},
    template::Coarse,
};

type Map = HashMap<Box<[u8]>, Tally, FixedState>;

/// The records of one template.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Tally {
    pub(super) count: u64,
    pub(super) first: Position,
    pub(super) example: Box<[u8]>,
}

impl Tally {
    fn add(&mut self, other: Tally) {
        self.count += other.count;
        if other.first < self.first {
            self.first = other.first;
            self.example = other.example;
        }
    }
}

/// What records were seen: a tally for every template.
///
/// It may hold up to twice as many templates as the bound allows; it is made
/// coarser when there are more, and before anyone looks at it.
#[derive(Clone, Debug)]
pub struct TemplatesPartial {
    max: usize,
    coarse: Coarse,
    /// Every template in it is as coarse as `coarse` says.
    settled: bool,
    map: Map,
}

impl TemplatesPartial {
    pub(super) fn new(max: usize) -> TemplatesPartial {
        TemplatesPartial {
            max: max.max(2),
            coarse: Coarse::NOT,
            settled: true,
            map: Map::default(),
        }
    }

    /// Counts a record of this template; `tally` is asked if it is the first.
    #[inline]
    pub(super) fn count(&mut self, template: &[u8], tally: impl FnOnce() -> Tally) {
        if let Some(known) = self.map.get_mut(template) {
            known.count += 1;
            return;
        }
        self.map.insert(template.into(), tally());
        self.settled = false;
        self.bound();
    }

    pub(super) fn shift(&mut self, by: Shift) {
        for tally in self.map.values_mut() {
            tally.first.shift(by);
        }
    }

    pub(super) fn append(&mut self, other: TemplatesPartial) {
        self.settled &= self.coarse == other.coarse && other.map.is_empty();
        self.coarse = self.coarse.max(other.coarse);
        for (template, tally) in other.map {
            add(&mut self.map, template, tally);
        }
        self.bound();
    }

    /// Every template and its tally in the order of their bytes, and whether
    /// they had to be made coarse.
    pub(super) fn into_rows(mut self) -> (bool, Vec<(Box<[u8]>, Tally)>) {
        self.settle();
        let mut rows: Vec<_> = self.map.into_iter().collect();
        rows.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        (self.coarse > Coarse::NOT, rows)
    }

    fn bound(&mut self) {
        if self.map.len() > self.max.saturating_mul(2) {
            self.settle();
        }
    }

    /// Makes it as coarse as it has to be, and no coarser: the same for the
    /// same records, however they came together.
    fn settle(&mut self) {
        if !self.settled && self.coarse > Coarse::NOT {
            self.apply();
        }
        while self.map.len() > self.max {
            let Some(next) = self.coarse.next() else {
                break;
            };
            self.coarse = next;
            self.apply();
        }
        self.settled = true;
    }

    fn apply(&mut self) {
        let mut rows: Vec<_> = std::mem::take(&mut self.map).into_iter().collect();
        rows.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        let sorted: Vec<&[u8]> = rows.iter().map(|(template, _)| &**template).collect();
        let coarse = self.coarse.apply(&sorted);
        for (template, (_, tally)) in coarse.into_iter().zip(rows) {
            add(&mut self.map, template.into(), tally);
        }
    }
}

fn add(map: &mut Map, template: Box<[u8]>, tally: Tally) {
    match map.entry(template) {
        Entry::Occupied(mut known) => known.get_mut().add(tally),
        Entry::Vacant(new) => {
            new.insert(tally);
        }
    }
}

/// How it is written: settled, and in order.
#[derive(Deserialize, Serialize)]
struct Written {
    max: u64,
    coarse: u8,
    rows: Vec<(Box<[u8]>, Tally)>,
}

impl Serialize for TemplatesPartial {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut settled = self.clone();
        settled.settle();
        let (max, coarse) = (settled.max as u64, settled.coarse.steps());
        let (_, rows) = settled.into_rows();
        Written { max, coarse, rows }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for TemplatesPartial {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<TemplatesPartial, D::Error> {
        let written = Written::deserialize(deserializer)?;
        Ok(TemplatesPartial {
            coarse: Coarse::of_steps(written.coarse),
            settled: true,
            map: written.rows.into_iter().collect(),
            ..TemplatesPartial::new(usize::try_from(written.max).unwrap_or(usize::MAX))
        })
    }
}
