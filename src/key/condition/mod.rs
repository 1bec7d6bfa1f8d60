//! Comparing keys with values.

mod test;
mod written;

#[cfg(test)]
mod tests;

use self::test::Test;
pub use self::written::{Op, Where};
use super::{
    Key, KeyOptions, KeyReader, Keys, Origin, RecordView, Unread, UnreadWhy,
    watch::{Watch, Watched},
};
use crate::error::Result;

/// Conditions that must all hold, ready for any number of sources.
#[derive(Debug)]
pub struct Conditions {
    keys: Keys,
    asked: Vec<Where>,
    tests: Vec<Test>,
    watch: Watch,
}

impl Conditions {
    /// These conditions, on keys that are read as the options say.
    ///
    /// # Errors
    /// As [`Keys::new`], when a regex does not compile, and when a comparison
    /// cannot be made with the right side of a condition.
    pub fn new(conditions: &[Where], options: &KeyOptions) -> Result<Conditions> {
        let keys: Vec<Key> = conditions.iter().map(|c| c.key.clone()).collect();
        let tests = conditions.iter().map(Test::new).collect::<Result<_>>()?;
        let captures = keys.iter().any(Key::is_capture);
        let pattern = options.pattern.clone().filter(|_| captures);
        let options = KeyOptions {
            pattern,
            ..options.clone()
        };
        Ok(Conditions {
            keys: Keys::new(&keys, &options)?,
            asked: conditions.to_vec(),
            tests,
            watch: Watch::new(conditions.len()),
        })
    }

    /// The keys that are compared.
    pub fn keys(&self) -> &Keys {
        &self.keys
    }

    /// Notes that a source is not read to its end, so that nothing is known of what no
    /// record has.
    pub fn see_part(&self) {
        self.watch.see_part();
    }

    /// The keys that no record so far had anything to compare with in, or that may be
    /// wrong since a record ended within the quotes of a cell: the same for any number of
    /// threads when all of them are done. None as long as no record was tested.
    pub fn unread(&self) -> Vec<Unread> {
        let unread = self.asked.iter().zip(&self.tests).enumerate();
        let unread = unread.filter_map(|(at, (condition, test))| {
            let present = self.watch.unread(at)?;
            Some(Unread {
                key: condition.key.clone(),
                why: if present {
                    UnreadWhy::NotA(test.reads_what())
                } else {
                    UnreadWhy::Absent
                },
            })
        });
        unread.chain(self.keys.cut_in_quotes()).collect()
    }

    /// What a thread tests the records of a source with.
    ///
    /// # Panics
    /// When the [keys](Conditions::keys) were not prepared for the source.
    pub fn reader(&self, origin: &Origin<'_>) -> ConditionReader {
        ConditionReader {
            reader: self.keys.reader(origin),
            tests: self.tests.clone(),
            levels: self.keys.keys().iter().all(|key| *key == Key::Level)
                && self.tests.iter().all(|test| test.level().is_some()),
            watched: self.watch.by_one(),
        }
    }
}

/// Tests records; each thread has its own.
#[derive(Debug)]
pub struct ConditionReader {
    reader: KeyReader,
    tests: Vec<Test>,
    /// All conditions are about the level.
    levels: bool,
    watched: Watched,
}

impl ConditionReader {
    /// Whether all conditions hold for the record.
    pub fn holds(&mut self, record: RecordView<'_>) -> bool {
        // Levels alone, the usual thing, need no text to be compared.
        if self.levels {
            let mine = record.level();
            self.watched.see(|_| (mine.is_some(), mine.is_some()));
            let mut tests = self.tests.iter().filter_map(Test::level);
            return tests.all(|(op, level)| op.says(mine.map(|mine| mine.cmp(&level))));
        }
        let row = self.reader.values(record);
        let tests = &self.tests;
        self.watched.see(|at| {
            let value = row.get(at);
            (
                value.is_some(),
                value.is_some_and(|value| tests[at].reads(value)),
            )
        });
        let mut tests = tests.iter().enumerate();
        tests.all(|(key, test)| test.holds(row.get(key)))
    }
}
