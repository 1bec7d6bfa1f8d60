//! Comparing keys with values.

mod comparison;
mod right;
mod test;
mod written;

#[cfg(test)]
mod refused;
#[cfg(test)]
mod tests;

pub use self::written::Where;
use self::{
    comparison::Comparison,
    test::{Test, is_of_times},
    written::Form,
};
use super::{
    Key, KeyOptions, KeyReader, Keys, Origin, RecordView, Unread, UnreadWhy,
    watch::{Odd, OddSeen, Watch, Watched},
};
use crate::{error::Result, format::SaidFormat, number::Unit};

/// Conditions that must all hold, ready for any number of sources.
#[derive(Debug)]
pub struct Conditions {
    keys: Keys,
    /// One for each key, in their order.
    tests: Vec<Test>,
    all: Vec<Tree>,
    watch: Watch,
    odd: Odd,
    /// The format that was said.
    format: Option<SaidFormat>,
}

/// How tests are put together.
#[derive(Clone, Debug)]
enum Tree {
    /// The test at this place.
    Test(usize),
    Not(Box<Tree>),
    All(Vec<Tree>),
    Any(Vec<Tree>),
}

impl Conditions {
    /// These conditions, on keys that are read as the options say.
    ///
    /// # Errors
    /// As [`Keys::new`], when a regex does not compile, and when a comparison
    /// cannot be made with the right side of a condition.
    pub fn new(conditions: &[Where], options: &KeyOptions) -> Result<Conditions> {
        let mut asked = Vec::new();
        let all = conditions.iter().map(|Where(form)| tree(form, &mut asked));
        let all = all.collect();
        for comparison in &mut asked {
            let is_time = comparison.key == Key::Named("time".into()) && is_of_times(comparison);
            // A format that was said may have a field of that name.
            if is_time && options.format.is_none() {
                comparison.key = Key::Time(1);
            }
        }
        let tests = asked.iter().map(Test::new).collect::<Result<_>>()?;
        let keys: Vec<Key> = asked.into_iter().map(|comparison| comparison.key).collect();
        let captures = keys.iter().any(Key::is_capture);
        let pattern = options.pattern.clone().filter(|_| captures);
        let options = KeyOptions {
            pattern,
            ..options.clone()
        };
        Ok(Conditions {
            tests,
            all,
            watch: Watch::new(keys.len()),
            odd: Odd::new(keys.len()),
            format: options.format.clone(),
            keys: Keys::new(&keys, &options)?,
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

    /// The keys that no record so far had anything to compare with in, that some record
    /// had something else in, or that may be wrong since a record ended within the
    /// quotes of a cell: the same for any number of threads when all of them are done.
    /// None as long as no record was tested.
    pub fn unread(&self) -> Vec<Unread> {
        let unread = self.keys.keys().iter().zip(&self.tests).enumerate();
        let unread = unread.filter_map(|(at, (key, test))| {
            let why = match self.watch.unread(at) {
                Some(true) => UnreadWhy::NotA(test.reads_what()),
                Some(false) => UnreadWhy::Absent,
                None if self.watch.is_in_part(at) => return None,
                None => UnreadWhy::Odd(test.reads_what(), self.odd.least(at)?),
            };
            Some(Unread {
                key: key.clone(),
                why,
            })
        });
        unread.chain(self.keys.doubtful()).collect()
    }

    /// What a bare number of a key is measured in, where the format of the source says it.
    fn unit(&self, key: &Key, origin: &Origin<'_>) -> Option<Unit> {
        let Key::Named(name) = key else {
            return None;
        };
        let unit = match &self.format {
            Some(said) => said.formats().iter().find_map(|format| format.unit(name)),
            None => origin.format.and_then(|format| format.unit(name)),
        };
        unit.and_then(|unit| Unit::named(unit.as_bytes()))
    }

    /// What a thread tests the records of a source with.
    ///
    /// # Panics
    /// When the [keys](Conditions::keys) were not prepared for the source.
    pub fn reader(&self, origin: &Origin<'_>) -> ConditionReader {
        let keys = self.keys.keys();
        ConditionReader {
            reader: self.keys.reader(origin),
            levels: keys.iter().all(|key| *key == Key::Level)
                && self.tests.iter().all(|test| test.levels().is_some()),
            held: vec![false; self.tests.len()],
            bare: keys.iter().map(|key| self.unit(key, origin)).collect(),
            tests: self.tests.clone(),
            all: self.all.clone(),
            watched: self.watch.by_one(),
            odd: self.odd.by_one(),
        }
    }
}

/// The tree of a condition, whose comparisons are added to those of others.
fn tree(form: &Form, asked: &mut Vec<Comparison>) -> Tree {
    let mut several = |parts: &[Form]| parts.iter().map(|part| tree(part, asked)).collect();
    match form {
        Form::All(parts) => Tree::All(several(parts)),
        Form::Any(parts) => Tree::Any(several(parts)),
        Form::Not(inside) => Tree::Not(Box::new(tree(inside, asked))),
        Form::One(one) => {
            asked.push(one.clone());
            Tree::Test(asked.len() - 1)
        }
    }
}

impl Tree {
    /// Whether it holds, where this says whether a test does.
    fn holds(&self, test: &mut impl FnMut(usize) -> bool) -> bool {
        match self {
            Tree::Test(at) => test(*at),
            Tree::Not(inside) => !inside.holds(test),
            Tree::All(parts) => parts.iter().all(|part| part.holds(test)),
            Tree::Any(parts) => parts.iter().any(|part| part.holds(test)),
        }
    }
}

/// Tests records; each thread has its own.
#[derive(Debug)]
pub struct ConditionReader {
    reader: KeyReader,
    tests: Vec<Test>,
    all: Vec<Tree>,
    /// All conditions are about the level.
    levels: bool,
    /// Whether each test holds for the record at hand, of those that were made.
    held: Vec<bool>,
    /// What numbers without a unit are measured in, of each key of which it is known.
    bare: Vec<Option<Unit>>,
    watched: Watched,
    odd: OddSeen,
}

impl ConditionReader {
    /// Whether all conditions hold for the record.
    pub fn holds(&mut self, record: RecordView<'_>) -> bool {
        let ConditionReader {
            reader,
            tests,
            all,
            levels,
            held,
            bare,
            watched,
            odd,
        } = self;
        // Levels alone, the usual thing, need no text to be compared.
        if *levels {
            let mine = record.level();
            watched.see(|_| (mine.is_some(), mine.is_some()));
            let mut test = |at: usize| tests[at].holds_for(mine);
            return all.iter().all(|tree| tree.holds(&mut test));
        }
        let row = reader.values(record);
        // What cannot be compared is told of all records, also of those that another
        // comparison decides: the order in which they are written must not matter.
        for (at, test) in tests.iter().enumerate().filter(|(_, test)| test.is_typed()) {
            let value = row.get(at);
            let judged = test.judge(value, bare[at]);
            held[at] = judged.holds;
            if let Some(value) = value.filter(|_| !judged.read) {
                odd.see(at, value);
            }
        }
        watched.see(|at| {
            let value = row.get(at);
            (value.is_some(), tests[at].judge(value, bare[at]).read)
        });
        let mut test = |at: usize| {
            let test = &tests[at];
            if test.is_typed() {
                held[at]
            } else {
                test.judge(row.get(at), bare[at]).holds
            }
        };
        all.iter().all(|tree| tree.holds(&mut test))
    }
}
