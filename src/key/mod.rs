//! What is taken from each record: values to group, filter and add up by.
//!
//! A [`Key`] is what the user writes (`$1`, `json:user.id`, `time:5m`). Several
//! of them, and the regex whose captures they may name, make [`Keys`]; each
//! thread reads records with a [`KeyReader`] of its own, which gives a [`Row`]
//! a match. [`Where`] compares a key with a value. Values are cut out by
//! position: nothing of a record is parsed but the way to what is wanted.
//!
//! A key that a record lacks has no value there, which is not an empty one.
//!
//! Deliberately not here: what is counted ([`crate::statistic`]).

mod condition;
mod cut;
mod grammar;
mod reader;
mod record;
mod search;
mod time;
mod tuple;
mod watch;

pub use condition::{ConditionReader, Conditions, Where};
pub use grammar::Key;
pub use reader::KeyReader;
pub use record::{Origin, RecordView, Row};
pub(crate) use tuple::encoded_level;
pub use tuple::{decode, encode, encoded};
pub(crate) use watch::Watched;
pub use watch::{Unread, UnreadWhy};

use cut::{Cut, Cutter};
use grammar::config;
use search::Regex;
use watch::Watch;

use serde::{Deserialize, Serialize};

use crate::{error::Result, format::SaidFormat, pattern::PatternOptions};

/// What keys are read with.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct KeyOptions {
    /// The regex of the command, whose captures are keys. With it a record
    /// has rows only for its matches.
    pub pattern: Option<String>,
    /// How the regex is read.
    pub pattern_options: PatternOptions,
    /// The format of the records of all sources, which gives their fields names. Default:
    /// that of each source, as its first lines show it.
    #[serde(rename = "preset")]
    pub format: Option<SaidFormat>,
    /// What stands between fields. Default: white space; in CSV what the first
    /// line has most of: a comma, semicolon, tab or bar.
    pub delimiter: Option<u8>,
}

/// Keys, ready to be read from any number of sources.
#[derive(Debug)]
pub struct Keys {
    all: Vec<Key>,
    cuts: Vec<(usize, Cut)>,
    regex: Option<Regex>,
    /// Which of the keys that are cut out were seen.
    watch: Watch,
}

impl Keys {
    /// These keys, in the order in which a [`Row`] has them.
    ///
    /// # Errors
    /// When the regex does not compile, a key names a capture that is not in
    /// it, or a field that the preset does not have.
    pub fn new(keys: &[Key], options: &KeyOptions) -> Result<Keys> {
        let regex = options
            .pattern
            .as_ref()
            .map(|pattern| Regex::new(pattern, &options.pattern_options, keys))
            .transpose()?;
        let mut cuts = Vec::new();
        for (slot, key) in keys.iter().enumerate() {
            match Cut::new(key, options)? {
                Some(cut) => cuts.push((slot, cut)),
                None if regex.is_some() => {}
                None => {
                    return Err(config(format!(
                        "{key} is a capture, but there is no regex to capture it"
                    )));
                }
            }
        }
        Ok(Keys {
            all: keys.to_vec(),
            watch: Watch::new(cuts.len()),
            cuts,
            regex,
        })
    }

    /// The keys.
    pub fn keys(&self) -> &[Key] {
        &self.all
    }

    /// Whether one of them is when a record was written.
    pub fn has_times(&self) -> bool {
        self.all.iter().any(|key| matches!(key, Key::Time(_)))
    }

    /// Whether a field is named that only the format of the records explains, and it was
    /// not said.
    pub fn needs_format(&self) -> bool {
        self.cuts.iter().any(|(_, cut)| cut.needs_format())
    }

    /// Whether rows are matches of a regex, of which a record may have none.
    pub fn has_regex(&self) -> bool {
        self.regex.is_some()
    }

    /// How many captures the regex has; 0 without one.
    pub fn captures(&self) -> usize {
        self.regex.as_ref().map_or(0, Regex::captures)
    }

    /// The keys, captures aside, that none of the records read so far had, or that may
    /// be wrong since a record ended within the quotes of a cell, or since columns change: the
    /// same for any number
    /// of threads when all of them are done. None as long as no record was read.
    pub fn unread(&self) -> Vec<Unread> {
        let cuts = self.cuts.iter().enumerate();
        let absent = cuts.filter(|(at, _)| self.watch.unread(*at) == Some(false));
        let absent = absent.map(|(_, (slot, _))| Unread {
            key: self.all[*slot].clone(),
            why: UnreadWhy::Absent,
        });
        absent.chain(self.doubtful()).collect()
    }

    /// The keys that may be wrong since a record ended within the quotes of a cell, or
    /// since columns change.
    fn doubtful(&self) -> impl Iterator<Item = Unread> + '_ {
        let cuts = self.cuts.iter().enumerate();
        cuts.flat_map(|(at, (slot, _))| {
            let quotes = self.watch.ends_in_quotes(at);
            let columns = self.watch.columns_change(at);
            let whys = [
                quotes.then_some(UnreadWhy::EndsInQuotes),
                columns.then_some(UnreadWhy::ColumnsChange),
            ];
            whys.into_iter().flatten().map(|why| Unread {
                key: self.all[*slot].clone(),
                why,
            })
        })
    }

    /// What a thread notes which keys there are with, where it does not read
    /// them by a [reader](Keys::reader).
    pub(crate) fn watched(&self) -> Watched {
        self.watch.by_one()
    }

    /// Whether [`Origin::first_line`] decides what is read.
    pub fn needs_first_line(&self) -> bool {
        self.cuts.iter().any(|(_, cut)| cut.has_header())
    }

    /// Makes ready for a source; to be called before its first
    /// [`reader`](Keys::reader).
    ///
    /// # Errors
    /// When the source has no column of a name that a key asks for.
    pub fn prepare(&self, origin: &Origin<'_>) -> Result<()> {
        if let Some(regex) = &self.regex {
            regex.prepare(origin.crlf)?;
        }
        for (_, cut) in &self.cuts {
            cut.resolved(origin)?;
        }
        Ok(())
    }

    /// What a thread reads records of a source with.
    ///
    /// # Panics
    /// When the keys were not [prepared](Keys::prepare) for the source.
    pub fn reader(&self, origin: &Origin<'_>) -> KeyReader {
        let resolved = self.cuts.iter().map(|(slot, cut)| {
            let cut = cut.resolved(origin).expect("checked by `prepare`");
            (*slot, cut)
        });
        let search = self.regex.as_ref().map(|regex| regex.search(origin.crlf));
        KeyReader::new(
            self.all.len(),
            search,
            Cutter::new(resolved.collect(), origin, self.watched()),
            origin.crlf,
        )
    }
}
