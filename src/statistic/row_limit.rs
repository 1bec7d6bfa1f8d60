//! How many rows of an answer are given.

use serde::{Deserialize, Serialize};

/// How many rows an answer has, the first in its order.
///
/// Where nobody said how many, people get as many as they can read, and programs
/// get all: see [`or_all`](RowLimit::or_all). As plain data it is `null` for that,
/// and 0 for all.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(transparent)]
pub struct RowLimit(Option<u64>);

impl RowLimit {
    /// All rows there are.
    pub const ALL: RowLimit = RowLimit(Some(0));

    /// So many rows; all for 0.
    pub fn first(rows: u64) -> RowLimit {
        RowLimit(Some(rows))
    }

    /// This many rows, or all where nobody said how many.
    #[must_use]
    pub fn or_all(self) -> RowLimit {
        RowLimit(self.0.or(Some(0)))
    }

    /// Whether all rows are wanted, for sure.
    pub fn is_all(self) -> bool {
        self == RowLimit::ALL
    }

    /// The greatest number of rows, where `usual` is that for people.
    pub fn bound(self, usual: usize) -> usize {
        match self.0 {
            None => usual,
            Some(0) => usize::MAX,
            Some(rows) => usize::try_from(rows).unwrap_or(usize::MAX),
        }
    }

    /// How many of these rows, which are in order, the answer has: of all that there
    /// are, no more than fit into `memory`, each having a `weight`.
    pub(crate) fn kept<T>(
        self,
        rows: &[T],
        usual: usize,
        memory: u64,
        weight: impl Fn(&T) -> u64,
    ) -> usize {
        if !self.is_all() {
            return self.bound(usual).min(rows.len());
        }
        let mut left = Some(memory);
        let fits = |row: &&T| {
            left = left.and_then(|left| left.checked_sub(weight(row)));
            left.is_some()
        };
        rows.iter().take_while(fits).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_get_some_and_programs_all() {
        let unsaid = RowLimit::default();
        assert_eq!(unsaid.bound(20), 20);
        assert_eq!(unsaid.or_all().bound(20), usize::MAX);
        assert_eq!(RowLimit::first(3).or_all().bound(20), 3);
        assert_eq!(RowLimit::first(0), RowLimit::ALL);
        let json = |limit: RowLimit| serde_json::to_string(&limit).unwrap();
        assert_eq!([unsaid, RowLimit::ALL].map(json), ["null", "0"]);
    }

    #[test]
    fn all_rows_are_those_that_fit() {
        let rows = [1, 2, 3, 4];
        let kept = |limit: RowLimit, memory| limit.kept(&rows, 2, memory, |&row| row);
        assert_eq!(kept(RowLimit::ALL, 1000), 4);
        assert_eq!(kept(RowLimit::ALL, 6), 3);
        assert_eq!(kept(RowLimit::ALL, 5), 2);
        assert_eq!(kept(RowLimit::ALL, 0), 0);
        assert_eq!(kept(RowLimit::default(), 0), 2);
        assert_eq!(kept(RowLimit::first(9), 0), 4);
    }
}
