//! What a group has beside its count.

use serde::{Deserialize, Serialize};

use crate::{
    key::Row,
    number::{NumberUnit, parse},
    sketch::{Distinct, Estimated, Sum, hash, packed::is_zero},
    statistic::groups::GroupValue,
};

/// Which of the keys of a [`Row`] the value of a group is made of.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct ValueKeys {
    /// Count the different values of this one.
    pub distinct: Option<usize>,
    /// Add up this one.
    pub sum: Option<usize>,
}

/// What a group of [`Top`](super::Top) has beside its count: [`Plain`] or
/// [`Rich`].
#[expect(private_bounds, reason = "there are these two and no others")]
pub trait TopValue: GroupValue {
    /// Whether there is anything beside counts.
    const ANY: bool;

    /// Adds what a match has; it may take about so many bytes.
    fn add(&mut self, row: &Row<'_>, keys: ValueKeys, room: u64);

    /// Whether it can be of so many matches, with so much room.
    fn is_of(&self, matches: u64, room: u64) -> bool;

    /// Turns it into the answer.
    fn output(self) -> Option<RichAnswer>;
}

/// Nothing.
pub type Plain = ();

impl TopValue for Plain {
    const ANY: bool = false;

    #[inline]
    fn add(&mut self, _row: &Row<'_>, _keys: ValueKeys, _room: u64) {}

    fn is_of(&self, _matches: u64, _room: u64) -> bool {
        true
    }

    fn output(self) -> Option<RichAnswer> {
        None
    }
}

/// How many different values a key has, and what another comes to.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Rich {
    #[serde(default, skip_serializing_if = "Distinct::is_empty")]
    distinct: Distinct,
    sum: Sum,
    #[serde(default, skip_serializing_if = "is_zero")]
    not_a_number: u64,
}

/// What came of [`Rich`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RichAnswer {
    /// How many different values there are.
    pub distinct: u64,
    /// How that was estimated; `None` if it is exact.
    pub distinct_estimated: Option<Estimated>,
    /// What the numbers come to.
    pub sum: f64,
    /// How many values were there and no number.
    pub not_a_number: u64,
}

impl TopValue for Rich {
    const ANY: bool = true;

    fn add(&mut self, row: &Row<'_>, keys: ValueKeys, room: u64) {
        if let Some(value) = keys.distinct.and_then(|key| row.get(key)) {
            if self.distinct.is_empty() {
                self.distinct = Distinct::within(room);
            }
            self.distinct.add(hash(value));
        }
        if let Some(value) = keys.sum.and_then(|key| row.get(key)) {
            match parse(value, NumberUnit::None) {
                Some((number, _)) => self.sum.add(number),
                None => self.not_a_number += 1,
            }
        }
    }

    fn is_of(&self, matches: u64, room: u64) -> bool {
        let distinct = &self.distinct;
        let fits = distinct.count() <= matches || !distinct.is_exact();
        let bounded = distinct.is_empty() || distinct.bound() == Distinct::within(room).bound();
        fits && bounded && self.not_a_number <= matches
    }

    fn output(self) -> Option<RichAnswer> {
        Some(RichAnswer {
            distinct: self.distinct.count(),
            distinct_estimated: self.distinct.estimated(),
            sum: self.sum.value(),
            not_a_number: self.not_a_number,
        })
    }
}

impl GroupValue for Rich {
    /// With the digits of a sum.
    const SIZE: usize = 96 + 64;

    fn merge(&mut self, other: Rich) {
        self.distinct.merge(&other.distinct);
        self.sum.merge(&other.sum);
        self.not_a_number += other.not_a_number;
    }

    fn weight(&self) -> u64 {
        self.distinct.weight() as u64
    }
}
