//! What was seen of keys in all records: whether any had it, what it is compared with
//! there, and whether a record was cut within a cell.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicU8, Ordering::Relaxed},
};

use super::Key;

/// A key that could not be read as it was asked for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Unread {
    /// The key.
    pub key: Key,
    /// What is wrong with it.
    pub why: UnreadWhy,
}

/// Why a key could not be read.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum UnreadWhy {
    /// No record had it.
    Absent,
    /// Records had it, and none had this in it: `a plain number`.
    NotA(&'static str),
    /// Records had it, and some had something else than this in it: how the least of
    /// those begins.
    Odd(&'static str, Vec<u8>),
    /// A record ends within the quotes of a cell, so that the cell goes on in what was
    /// taken for the next record.
    EndsInQuotes,
    /// A later line `#Fields:` names other columns than the first, by which it was read.
    ColumnsChange,
}

/// A record was tested.
const TESTED: u8 = 1;
/// A record had the key.
const PRESENT: u8 = 2;
/// What it had was something to compare with.
const READ: u8 = 4;
/// A record ended within quotes.
const IN_QUOTES: u8 = 8;
/// Not all records were looked at, and how many depends on how they were read.
const IN_PART: u8 = 16;

/// A later line named other columns.
const COLUMNS: u8 = 32;

/// What all threads have seen of each key. Since what was seen is only
/// ever added to, the order in which they do does not matter.
#[derive(Debug)]
pub(super) struct Watch(Arc<[AtomicU8]>);

impl Watch {
    pub(super) fn new(keys: usize) -> Watch {
        Watch((0..keys).map(|_| AtomicU8::new(0)).collect())
    }

    /// Notes that a source is not looked at to its end: what no record has is not known.
    pub(super) fn see_part(&self) {
        for seen in self.0.iter() {
            seen.fetch_or(IN_PART, Relaxed);
        }
    }

    /// `None` if a record had something to compare with, none was tested, or not all
    /// were looked at; otherwise whether one had the key.
    pub(super) fn unread(&self, key: usize) -> Option<bool> {
        let seen = self.0[key].load(Relaxed);
        (seen & (TESTED | READ | IN_PART) == TESTED).then_some(seen & PRESENT != 0)
    }

    /// Whether not all records were looked at.
    pub(super) fn is_in_part(&self, key: usize) -> bool {
        self.0[key].load(Relaxed) & IN_PART != 0
    }

    /// Whether a record ended within the quotes of a cell.
    pub(super) fn ends_in_quotes(&self, key: usize) -> bool {
        self.0[key].load(Relaxed) & (IN_QUOTES | IN_PART) == IN_QUOTES
    }

    /// Whether a later line named other columns.
    pub(super) fn columns_change(&self, key: usize) -> bool {
        self.0[key].load(Relaxed) & (COLUMNS | IN_PART) == COLUMNS
    }

    /// For a thread.
    pub(super) fn by_one(&self) -> Watched {
        Watched {
            shared: Arc::clone(&self.0),
            unread: !self.0.is_empty(),
        }
    }
}

/// What a thread adds to it.
#[derive(Clone, Debug)]
pub(crate) struct Watched {
    shared: Arc<[AtomicU8]>,
    /// Some key was not seen to have something to compare with.
    unread: bool,
}

impl Watched {
    /// Notes of a record whether it has each key, and
    /// something to compare with there.
    #[inline]
    pub(crate) fn see(&mut self, look: impl FnMut(usize) -> (bool, bool)) {
        if self.unread {
            self.look(look);
        }
    }

    /// Notes that a record ended within the quotes of a cell.
    pub(super) fn see_quotes(&self, key: usize) {
        self.shared[key].fetch_or(IN_QUOTES, Relaxed);
    }

    /// Notes that a line names other columns than the first.
    #[cold]
    pub(super) fn see_columns(&self, key: usize) {
        self.shared[key].fetch_or(COLUMNS, Relaxed);
    }

    /// Whether it is known that a record ended within the quotes of a cell.
    pub(super) fn has_seen_quotes(&self, key: usize) -> bool {
        self.shared[key].load(Relaxed) & IN_QUOTES != 0
    }

    #[inline(never)]
    fn look(&mut self, mut look: impl FnMut(usize) -> (bool, bool)) {
        self.unread = false;
        for (at, shared) in self.shared.iter().enumerate() {
            let before = shared.load(Relaxed);
            if before & READ != 0 {
                continue;
            }
            let (present, read) = look(at);
            let seen = TESTED | if present { PRESENT } else { 0 } | if read { READ } else { 0 };
            // Writing what is known already would have the cores wait for each other.
            if before | seen != before {
                shared.fetch_or(seen, Relaxed);
            }
            self.unread |= !read;
        }
    }
}

/// So many bytes of a value are told.
const TOLD: usize = 40;

/// Of each key the least of the values that could not be compared, which is the same
/// in whatever order threads come upon them.
#[derive(Debug)]
pub(super) struct Odd(Arc<[Mutex<Least>]>);

/// The least value so far, if there is one.
type Least = Option<Vec<u8>>;

impl Odd {
    pub(super) fn new(keys: usize) -> Odd {
        Odd((0..keys).map(|_| Mutex::default()).collect())
    }

    /// The least value of a key.
    pub(super) fn least(&self, key: usize) -> Least {
        let least = self.0[key].lock();
        least.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// For a thread.
    pub(super) fn by_one(&self) -> OddSeen {
        OddSeen {
            least: vec![None; self.0.len()],
            shared: Arc::clone(&self.0),
        }
    }
}

/// What a thread adds to it.
#[derive(Debug)]
pub(super) struct OddSeen {
    shared: Arc<[Mutex<Least>]>,
    /// What was the least of all threads when this one looked.
    least: Vec<Least>,
}

impl OddSeen {
    /// Notes a value that cannot be compared. Nothing and `-` stand for no value.
    pub(super) fn see(&mut self, key: usize, value: &[u8]) {
        let value = value.trim_ascii();
        let value = &value[..value.len().min(TOLD)];
        let least = &mut self.least[key];
        let known = least.as_ref().is_some_and(|least| **least <= *value);
        if value.is_empty() || value == b"-" || known {
            return;
        }
        let shared = self.shared[key].lock();
        let mut shared = shared.unwrap_or_else(PoisonError::into_inner);
        if shared.as_ref().is_none_or(|shared| *value < **shared) {
            *shared = Some(value.to_vec());
        }
        least.clone_from(&shared);
    }
}
