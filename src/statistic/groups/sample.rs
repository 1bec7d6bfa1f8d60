//! Which keys come often, where they cannot all be kept.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_bytes::{ByteBuf, Bytes};

use super::{
    sound,
    table::{TOUCHED, Table, Tag},
};

/// Occurrences of keys, drawn by where they stand: each with a probability of
/// one to 16, or less if their keys would take too much room. How far it goes
/// depends on all occurrences alone, so that merging is associative and
/// commutative.
#[derive(Clone, Debug)]
pub(in crate::statistic) struct Sample {
    keys: Table<Hits>,
    /// Each is drawn with a probability of one to two to the power of this.
    level: u8,
}

/// The occurrences of one key: how many were drawn at each level, and would
/// not be at the next. Most keys are drawn once, or at one level; that takes no
/// memory elsewhere, which would be had and given back for each of them.
#[derive(Clone, Debug, Deserialize)]
#[serde(from = "Vec<(u8, u64)>")]
enum Hits {
    One((u8, u64)),
    Several(Vec<(u8, u64)>),
}

impl Hits {
    fn levels(&self) -> &[(u8, u64)] {
        match self {
            Hits::One(hit) => std::slice::from_ref(hit),
            Hits::Several(hits) => hits,
        }
    }

    fn add(&mut self, (level, times): (u8, u64)) {
        let levels = match self {
            Hits::One(hit) => std::slice::from_mut(hit),
            Hits::Several(hits) => hits,
        };
        if let Some((_, count)) = levels.iter_mut().find(|(at, _)| *at == level) {
            *count += times;
            return;
        }
        let mut hits = Vec::from(std::mem::take(self));
        hits.push((level, times));
        *self = Hits::from(hits);
    }
}

impl Default for Hits {
    fn default() -> Hits {
        Hits::Several(Vec::new())
    }
}

impl From<Vec<(u8, u64)>> for Hits {
    fn from(hits: Vec<(u8, u64)>) -> Hits {
        match hits[..] {
            [hit] => Hits::One(hit),
            _ => Hits::Several(hits),
        }
    }
}

impl From<Hits> for Vec<(u8, u64)> {
    fn from(hits: Hits) -> Vec<(u8, u64)> {
        match hits {
            Hits::One(hit) => vec![hit],
            Hits::Several(hits) => hits,
        }
    }
}

/// The occurrences of a key that were drawn.
#[derive(Clone, Copy, Debug)]
pub(in crate::statistic) struct Drawn {
    drawn: u64,
    level: u8,
}

impl Sample {
    /// One of 16 is drawn, so that all others cost nothing.
    const LEAST: u8 = 4;

    /// What a key is reckoned at beside its bytes: an entry, its places in the table,
    /// and its occurrences where they lie in memory of their own. How much is drawn, and
    /// so the answer, depends on it; it is the same on every machine.
    const ENTRY: usize = 90;

    pub(in crate::statistic) fn new() -> Sample {
        Sample {
            keys: Table::new(),
            level: Sample::LEAST,
        }
    }

    /// Adds the key that stands at this absolute offset, if it is drawn.
    /// `bytes` bounds what all take.
    #[inline]
    pub(in crate::statistic) fn add(&mut self, bytes: u64, key: &[u8], offset: u64) {
        // Mixed so that neighbours have nothing in common (SplitMix64).
        let mut mixed = offset.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let level = (mixed ^ (mixed >> 31)).leading_zeros() as u8;
        if level >= self.level {
            self.draw(bytes, (key, self.keys.tag(key)), (level, 1));
        }
    }

    fn draw(&mut self, bytes: u64, (key, tag): (&[u8], Tag), (level, times): (u8, u64)) {
        if level < self.level || key.len() as u64 > bytes {
            return;
        }
        self.keys
            .tagged(key, tag, || Hits::One((level, 0)))
            .add((level, times));
        while self.bytes() > bytes && self.level < 64 {
            self.raise(self.level + 1);
        }
    }

    /// How many bytes it is reckoned at.
    pub(in crate::statistic) fn bytes(&self) -> u64 {
        (self.keys.key_bytes() + Sample::ENTRY * self.keys.len()) as u64
    }

    fn raise(&mut self, level: u8) {
        self.level = level;
        let drawn = |hits: &Hits| hits.levels().iter().any(|(at, _)| *at >= level);
        self.keys.retain(|_, hits| drawn(hits));
        for hits in self.keys.values_mut() {
            if let Hits::Several(several) = hits {
                several.retain(|(at, _)| *at >= level);
                *hits = Hits::from(std::mem::take(several));
            }
        }
    }

    /// Adds what was drawn elsewhere.
    pub(in crate::statistic) fn merge(&mut self, bytes: u64, mut other: Sample) {
        if other.keys.len() > self.keys.len() {
            std::mem::swap(self, &mut other);
        }
        if self.level < other.level {
            self.raise(other.level);
        }
        let mut drawn = other.keys.iter_tagged();
        loop {
            let mut tags = [Tag::default(); TOUCHED];
            let some = drawn.clone().zip(&mut tags);
            let some = some.map(|((_, tag, _), to)| *to = tag).count();
            if some == 0 {
                break;
            }
            self.keys.touch(&tags[..some]);
            for (key, tag, hits) in drawn.by_ref().take(some) {
                for &hit in hits.levels() {
                    self.draw(bytes, (key, tag), hit);
                }
            }
        }
    }

    /// Whether this can be drawn from so many occurrences.
    pub(in crate::statistic) fn is_of(&self, occurrences: u64) -> bool {
        let hits = || self.keys.iter().flat_map(|(_, hits)| hits.levels());
        let levels = hits().all(|(at, _)| (self.level..=64).contains(at));
        levels && sound::within(hits().map(|(_, times)| *times), occurrences)
    }

    /// How many different keys were drawn.
    pub(in crate::statistic) fn len(&self) -> u64 {
        self.keys.len() as u64
    }

    /// The keys that were drawn, in an order that says nothing.
    pub(in crate::statistic) fn iter(&self) -> impl Iterator<Item = (&[u8], Drawn)> {
        let level = self.level;
        self.keys.iter().map(move |(key, hits)| {
            let drawn = hits.levels().iter().map(|(_, times)| times).sum();
            (key, Drawn { drawn, level })
        })
    }

    /// A key that comes as often as this is drawn with a probability of 98 %.
    pub(in crate::statistic) fn surely(&self) -> u64 {
        4 << self.level.min(60)
    }
}

impl Drawn {
    /// How often the key came hardly more than: three standard errors above
    /// what was drawn of it.
    pub(in crate::statistic) fn hardly_more_than(self) -> u64 {
        let most = self.drawn.saturating_add(3 * (self.drawn.isqrt() + 1));
        most.saturating_mul(1 << self.level.min(63))
    }
}

/// [`Sample`] as plain data, in the order of its keys.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Plain<K, H> {
    level: u8,
    keys: Vec<K>,
    /// Of each key.
    hits: Vec<H>,
}

impl Serialize for Sample {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut all: Vec<_> = self.keys.iter().collect();
        all.sort_unstable_by_key(|(key, _)| *key);
        let hits = all.iter().map(|(_, hits)| {
            let mut hits = hits.levels().to_vec();
            hits.sort_unstable();
            hits
        });
        let plain = Plain {
            level: self.level,
            hits: hits.collect(),
            keys: all.iter().map(|(key, _)| Bytes::new(key)).collect(),
        };
        plain.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Sample {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Sample, D::Error> {
        let plain = Plain::<ByteBuf, Hits>::deserialize(deserializer)?;
        let sorted = plain.keys.is_sorted_by(|a, b| a < b);
        let bytes: u64 = plain.keys.iter().map(|key| key.len() as u64).sum();
        if !sorted
            || plain.hits.len() != plain.keys.len()
            || bytes > Table::<Hits>::MAX_KEYS
            || !(Sample::LEAST..=64).contains(&plain.level)
        {
            return Err(serde::de::Error::custom("a sample that no run writes"));
        }
        let mut sample = Sample::new();
        sample.level = plain.level;
        for (key, hits) in plain.keys.iter().zip(plain.hits) {
            *sample.keys.entry(key, Hits::default) = hits;
        }
        Ok(sample)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BYTES: u64 = 20_000;

    fn of(range: std::ops::Range<u64>) -> Sample {
        let mut sample = Sample::new();
        for offset in range {
            // Every other one is the same key.
            let key = if offset % 2 == 0 { 0 } else { offset };
            let key = key.to_string();
            sample.add(BYTES, key.as_bytes(), offset);
        }
        sample
    }

    #[test]
    fn it_is_a_function_of_all_occurrences() {
        let whole = of(0..50_000);
        let text = |sample: &Sample| serde_json::to_string(sample).unwrap();
        assert!(whole.level > Sample::LEAST && whole.keys.len() > 50);
        for cut in [0, 1, 400, 30_000, 50_000] {
            for (first, second) in [(0..cut, cut..50_000), (cut..50_000, 0..cut)] {
                let mut merged = of(first);
                merged.merge(BYTES, serde_json::from_str(&text(&of(second))).unwrap());
                assert_eq!(text(&merged), text(&whole), "cut at {cut}");
            }
        }
        let (_, frequent) = whole.iter().find(|(key, _)| *key == b"0").unwrap();
        let most = frequent.hardly_more_than();
        assert!((25_000..60_000).contains(&most), "{most}");
    }
}
