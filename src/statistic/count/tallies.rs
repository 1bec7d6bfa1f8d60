//! What each of many patterns has, most of which have nothing.

use std::{
    collections::{BTreeMap, HashMap},
    hash::BuildHasherDefault,
};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::PatternTally;
use crate::pattern::many::Spread;
use crate::statistic::{Shift, sound};

/// The patterns that have matched, by their place.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct Tallies(HashMap<u32, PatternTally, BuildHasherDefault<Spread>>);

impl Tallies {
    /// Appends what a pattern has behind these lines.
    pub(super) fn append(&mut self, id: u32, tally: PatternTally) {
        self.0
            .entry(id)
            .and_modify(|mine| {
                mine.lines += tally.lines;
                mine.matches += tally.matches;
                mine.last = tally.last;
            })
            .or_insert(tally);
    }

    pub(super) fn append_all(&mut self, later: Tallies) {
        for (id, tally) in later.0 {
            self.append(id, tally);
        }
    }

    pub(super) fn shift(&mut self, by: Shift) {
        for tally in self.0.values_mut() {
            tally.first.shift(by);
            tally.last.shift(by);
        }
    }

    pub(super) fn get(&self, id: u32) -> Option<PatternTally> {
        self.0.get(&id).copied()
    }

    /// Whether these can be of so many patterns, lines and sources.
    pub(super) fn are_of(&self, patterns: usize, lines: u64, sources: u32) -> bool {
        let sound = |(&id, tally): (&u32, &PatternTally)| {
            let places = [tally.first, tally.last];
            (id as usize) < patterns
                && tally.lines <= lines
                && places.into_iter().all(|place| sound::place(place, sources))
        };
        self.0.iter().all(sound) && sound::summable(self.0.values().map(|tally| tally.matches))
    }

    /// The matches of all patterns.
    pub(super) fn matches(&self) -> u64 {
        self.0.values().map(|tally| tally.matches).sum()
    }
}

/// In the order of the patterns, so that equal content is equal bytes.
impl Serialize for Tallies {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0
            .iter()
            .collect::<BTreeMap<_, _>>()
            .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Tallies {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Tallies, D::Error> {
        let sorted: BTreeMap<u32, PatternTally> = Deserialize::deserialize(deserializer)?;
        Ok(Tallies(sorted.into_iter().collect()))
    }
}
