//! Which records count.
//!
//! A [`Selection`] is what the user asks for, as plain data: patterns that
//! must match or must not, conditions on keys, a range of time. [`Selector`]
//! is the same, compiled; each thread judges records with a [`RecordFilter`] of its
//! own. [`Filtered`] is any statistic over the records that are selected.
//!
//! # Time
//!
//! A record's time is that of its first line. One without a timestamp belongs
//! to the record before it, also across the border of chunks; what comes before
//! the first timestamp of a source has no time and lies in no range.

mod ends;
mod filtered;
mod partial;
mod record_filter;

pub use ends::{first_stamp, last_stamp};
pub use filtered::Filtered;
pub use partial::FilteredPartial;
pub use record_filter::{RecordFilter, Run, Seen};

use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use crate::{
    error::{Error, ErrorKind, Result},
    format::SaidFormat,
    key::{Conditions, Key, KeyOptions, Unread, Where},
    pattern::{PatternOptions, Patterns},
    statistic::{Head, LineEnding},
    time::Stamp,
};

/// Which records count: those for which all of this holds.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Selection {
    /// Each matches in a line of the record.
    pub and: Vec<String>,
    /// None matches in a line of the record.
    pub not: Vec<String>,
    /// How these are read. How lines end is decided for each source.
    pub options: PatternOptions,
    /// Conditions as [`Where`] reads them.
    pub conditions: Vec<String>,
    /// What the keys of conditions are read with.
    pub keys: SelectionKeys,
    /// Not before.
    pub since: Option<Stamp>,
    /// Before.
    pub until: Option<Stamp>,
}

/// What the keys of conditions are read with.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct SelectionKeys {
    /// The regex of the command, whose captures are keys.
    pub pattern: Option<String>,
    /// The format of the records of all sources, which gives their fields names.
    #[serde(rename = "preset")]
    pub format: Option<SaidFormat>,
    /// What stands between fields.
    pub delimiter: Option<u8>,
}

/// A [`Selection`], compiled.
#[derive(Debug)]
pub struct Selector {
    selection: Selection,
    lf: Matchers,
    crlf: OnceLock<Matchers>,
    conditions: Option<Conditions>,
}

#[derive(Debug)]
struct Matchers {
    and: Vec<Patterns>,
    not: Vec<Patterns>,
}

impl Selection {
    /// True if every record counts.
    pub fn is_everything(&self) -> bool {
        self.and.is_empty() && self.not.is_empty() && self.conditions.is_empty() && !self.has_time()
    }

    /// True if only a range of time counts.
    pub fn has_time(&self) -> bool {
        self.since.is_some() || self.until.is_some()
    }
}

impl Selector {
    /// Compiles it.
    ///
    /// # Errors
    /// When a pattern or a condition does not.
    pub fn new(selection: Selection) -> Result<Selector> {
        let conditions = selection.conditions.iter();
        let conditions: Vec<Where> = conditions.map(|text| text.parse()).collect::<Result<_>>()?;
        let conditions = if conditions.is_empty() {
            None
        } else {
            let options = KeyOptions {
                pattern: selection.keys.pattern.clone(),
                pattern_options: selection.options.clone(),
                format: selection.keys.format.clone(),
                delimiter: selection.keys.delimiter,
            };
            Some(Conditions::new(&conditions, &options)?)
        };
        Ok(Selector {
            lf: Matchers::new(&selection, false)?,
            crlf: OnceLock::new(),
            conditions,
            selection,
        })
    }

    /// The selection.
    pub fn selection(&self) -> &Selection {
        &self.selection
    }

    /// True if every record counts.
    pub fn is_everything(&self) -> bool {
        self.selection.is_everything()
    }

    /// Whether it matters how timestamps are written.
    pub fn needs_times(&self) -> bool {
        let keys = self.conditions.iter().flat_map(|all| all.keys().keys());
        let mut keys = keys.map(|key| matches!(key, Key::Time(_)));
        self.selection.has_time() || keys.any(|is_time| is_time)
    }

    /// Whether it matters which format the records have.
    pub fn needs_format(&self) -> bool {
        let conditions = self.conditions.as_ref();
        conditions.is_some_and(|all| all.keys().needs_format())
    }

    /// Notes that a source is not read to its end: how many of its records are judged may
    /// depend on how it is read, and nothing is told of keys that none of them had.
    pub fn see_part(&self) {
        if let Some(conditions) = &self.conditions {
            conditions.see_part();
        }
    }

    /// The keys of conditions that none of the records judged so far had, or had
    /// nothing in to compare.
    pub fn unread(&self) -> Vec<Unread> {
        self.conditions
            .as_ref()
            .map_or_else(Vec::new, Conditions::unread)
    }

    /// Makes ready for a source that begins like this.
    ///
    /// # Errors
    /// When a time is asked for and the source has none, or a key and the
    /// source cannot have it.
    pub fn prepare(&self, head: &Head) -> Result<()> {
        if self.selection.has_time() && head.time.is_none() && !head.is_empty() {
            return Err(Error::new(ErrorKind::Config(
                "no timestamp was found in the first lines, so --since and --until \
                 mean nothing here (--time-format says how timestamps are written)"
                    .into(),
            )));
        }
        if head.line_ending == LineEnding::Crlf && self.crlf.get().is_none() {
            let matchers = Matchers::new(&self.selection, true)?;
            self.crlf.get_or_init(|| matchers);
        }
        match &self.conditions {
            Some(conditions) => conditions.keys().prepare(&head.origin()),
            None => Ok(()),
        }
    }

    /// What a thread judges the records of a source with.
    ///
    /// # Panics
    /// When it was not [prepared](Selector::prepare) for the source.
    pub fn judge(&self, head: &Head) -> RecordFilter {
        let matchers = match head.line_ending {
            LineEnding::Lf => &self.lf,
            LineEnding::Crlf => self.crlf.get().expect("compiled by `prepare`"),
        };
        let conditions = self.conditions.as_ref();
        RecordFilter::new(
            &self.selection,
            (&matchers.and, &matchers.not),
            conditions.map(|conditions| conditions.reader(&head.origin())),
            head,
        )
    }
}

impl Matchers {
    fn new(selection: &Selection, crlf: bool) -> Result<Matchers> {
        let options = PatternOptions {
            crlf,
            ..selection.options.clone()
        };
        let compile = |patterns: &[String]| {
            let patterns = patterns.iter();
            patterns
                .map(|pattern| options.compile(&[pattern]))
                .collect::<Result<Vec<_>>>()
        };
        Ok(Matchers {
            and: compile(&selection.and)?,
            not: compile(&selection.not)?,
        })
    }
}
