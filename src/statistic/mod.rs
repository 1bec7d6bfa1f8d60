//! What is computed over every record of a source, chunk by chunk.
//!
//! A [`Statistic`] is configuration that all workers share. What it learns
//! lives in its [`Partial`](Statistic::Partial): plain data that can be
//! written out, read back elsewhere and merged there. [`Scan`] is one chunk as
//! a statistic sees it, [`Head`] what was decided from the first bytes of the
//! source before any worker started, [`Position`] a place that was found.
//!
//! # The laws
//!
//! The answer must not depend on how a source was cut. For every statistic,
//! every source and every way of cutting it between records:
//!
//! 1. *Identity*: merging [`identity`](Statistic::identity) before or after a
//!    partial changes nothing.
//! 2. *Associativity*: `(a · b) · c` equals `a · (b · c)`.
//! 3. *Cut anywhere*: the partial of the whole equals the merged partials of
//!    the pieces, each later one first shifted by the lines before it.
//! 4. *Shift*: by nothing changes nothing; two shifts equal one by their sum;
//!    shifting a merged partial equals merging the shifted ones.
//! 5. *Plain data*: a partial that was serialised and read back merges to the
//!    same; equal content serialises to equal bytes.
//!
//! Merging need not be commutative: partials arrive in the order of the
//! source. `tests/it/laws.rs` checks the laws over every [`Kind`].
//!
//! # What a chunk leaves open
//!
//! Chunks hold whole records, so most statistics have nothing to carry. One
//! that does (lines that belong to an event which began in the chunk before)
//! keeps what is undecided at the front of its chunk, and what could go on at
//! the back, in its partial; `merge` joins the back of the earlier with the
//! front of the later. It must keep the front for good: what a partial is
//! merged *behind* is known only later.
//!
//! # Adding one
//!
//! Copy [`wc`](Wc): a config struct, a `Partial` and an `Output` as plain
//! data, the methods below, a [`Kind`]. The laws do not compile until the new
//! kind has a case there.
//!
//! Deliberately not here: reading, threads and cuts ([`crate::fold`]), and
//! what an answer looks like ([`crate::report`]).

mod any;
mod blocks;
mod count;
mod either;
mod groups;
mod head;
mod records;
mod row_limit;
mod scan;
mod set;
mod several;
mod shared;
pub(crate) mod sound;
mod templates;
mod text;
mod timeline;
mod top;
mod values;
mod wc;

pub use any::{Any, AnyAnswer, AnyPartial, AnyWorker};
pub use count::{
    Count, CountAnswer, CountPartial, CountPattern, CountWorker, PatternCount, PatternTally,
};
pub use either::Either;
pub use head::{Head, LineEnding};
pub use records::{RecordSpan, Records};
pub use row_limit::RowLimit;
pub use scan::{Position, Scan, Shift};
pub use several::{Several, SeveralPartial, SeveralWorker};
pub use shared::Shared;
pub use templates::{
    Assign, Assigned, PairedTemplate, Template, Templates, TemplatesAnswer, TemplatesPartial,
};
pub use text::{
    LengthAnswer, LineLengths, LongLine, Text, TextAnswer, TextBy, TextByAnswer, TextByPartial,
    TextByWorker, TextGroup, TextPartial, TextWorker,
};
pub use timeline::{
    BaseYear, Bucket, Gap, Group, NotExact, Peak, Tally, Timeline, TimelineAnswer, TimelineOptions,
    TimelinePartial, TimelineWorker, Wider, WiderBecause,
};
pub use top::{
    Inexact, Plain, Rich, RichAnswer, Top, TopAnswer, TopGroup, TopOptions, TopPartial, TopSort,
    TopValue, TopWorker, ValueKeys,
};
pub use values::{
    NumbersAnswer, Values, ValuesAnswer, ValuesGroup, ValuesOptions, ValuesPartial, ValuesSort,
    ValuesWorker,
};
pub use wc::{Wc, WcCounts};

pub use crate::number::NumberUnit;

use serde::{Serialize, de::DeserializeOwned};

use crate::{error::Result, key::Unread};

/// Something computed over every record of a source, one chunk at a time.
///
/// See the [module](self) for the laws an implementation must obey.
pub trait Statistic: Sync {
    /// What one chunk contributes: plain data, no reference into the source.
    type Partial: Clone + Send;

    /// What the caller receives.
    type Output;

    /// What a thread keeps between the chunks of one source: buffers, and
    /// matchers that are slow to share. Nothing in it may change an answer.
    type Worker;

    /// What the engine must prepare. Asking for less is faster. Default: nothing.
    fn needs(&self) -> Needs {
        Needs::NOTHING
    }

    /// Makes ready for a source that begins like this; called once before its
    /// chunks are scanned, and again for every other source.
    ///
    /// # Errors
    /// When the statistic makes no sense for such a source. It is then not
    /// read.
    fn prepare(&self, head: &Head) -> Result<()> {
        let _ = head;
        Ok(())
    }

    /// What a thread needs for a source that begins like this.
    fn worker(&self, head: &Head) -> Self::Worker;

    /// The partial of no record at all; neutral in [`merge`](Statistic::merge).
    fn identity(&self) -> Self::Partial;

    /// Appends some whole records of a chunk to the partial of those before
    /// them in the chunk. Usually they are the whole chunk and the partial is
    /// [`identity`](Statistic::identity); records that a filter leaves out
    /// come between one call and the next.
    ///
    /// Byte offsets in it are absolute, line numbers count from the start of
    /// the chunk; see [`Scan::position`].
    fn scan(&self, worker: &mut Self::Worker, scan: &Scan<'_>, partial: &mut Self::Partial);

    /// Passes by records of the chunk that a filter leaves out, between those
    /// that are scanned. Default: nothing is learned of them.
    ///
    /// Line numbers in this scan mean nothing.
    fn pass_by(&self, worker: &mut Self::Worker, scan: &Scan<'_>, partial: &mut Self::Partial) {
        let _ = (worker, scan, partial);
    }

    /// The partial of one chunk and nothing else.
    fn scan_chunk(&self, worker: &mut Self::Worker, scan: &Scan<'_>) -> Self::Partial {
        let mut partial = self.identity();
        self.scan(worker, scan, &mut partial);
        partial
    }

    /// Moves every position in the partial. Default: it has none.
    ///
    /// The engine shifts line numbers when it merges; a partial that was made
    /// elsewhere is shifted before it is merged here.
    fn shift(&self, partial: &mut Self::Partial, by: Shift) {
        let _ = (partial, by);
    }

    /// Appends `later`, which begins where `earlier` ends. Associative.
    fn merge(&self, earlier: &mut Self::Partial, later: Self::Partial);

    /// The keys that none of the records scanned so far had, whoever scanned
    /// them: the same for any number of threads when all of them are done.
    /// Default: there are no keys.
    fn unread(&self) -> Vec<Unread> {
        Vec::new()
    }

    /// How many bytes partials may have together that are not merged yet. Where they
    /// have more, threads wait for their turn and merge what they have of a chunk.
    /// Default: there is no need to ask, since they are small.
    fn unmerged(&self) -> Option<u64> {
        None
    }

    /// How many bytes a partial is reckoned at; asked where
    /// [`unmerged`](Statistic::unmerged) says how many there may be.
    fn weight(&self, partial: &Self::Partial) -> u64 {
        let _ = partial;
        0
    }

    /// Turns the merged partial into the answer.
    fn finish(&self, merged: Self::Partial) -> Self::Output;

    /// Whether the source must be read once more before there is an answer.
    ///
    /// The statistic of the next pass carries in itself what it needs of this
    /// one. A source that cannot be read twice is finished after the first.
    fn next_pass(&self, merged: Self::Partial) -> Pass<Self>
    where
        Self: Sized,
    {
        Pass::Done(merged)
    }

    /// What stands for a later pass that was interrupted: with it the answer is what
    /// the passes before came to, and says that it is not exact. Default: the partial
    /// of no record, which is told from a pass over anything.
    fn not_made(&self) -> Self::Partial {
        self.identity()
    }
}

/// A statistic whose partials are written to files and read back: to be merged with those
/// of other machines, or to go on where a run ended.
pub trait WireStatistic: Statistic<Partial: Serialize + DeserializeOwned> {
    /// Which one this is.
    fn kind(&self) -> Kind;

    /// Whether a partial that anyone may have written is one that this could
    /// have gathered of so many sources: all holds that merging and finishing
    /// rely on. What is not accepted is refused when it is read, see
    /// [`Saved`](crate::request::saved::Saved).
    fn accepts(&self, partial: &Self::Partial, sources: u32) -> bool;
}

/// What follows when all chunks of a source are merged.
#[derive(Debug)]
pub enum Pass<S: Statistic> {
    /// Nothing: this partial holds the answer.
    Done(S::Partial),
    /// Another pass, with this statistic.
    Again(S),
}

/// What a [`Statistic`] asks of the engine.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Needs {
    /// Positions carry line numbers: count the lines of every chunk.
    pub line_numbers: bool,
    /// [`Scan::head`] is looked at: read the first bytes before all others.
    pub head: bool,
    /// When records were written is asked for: what was chosen for timestamps is told.
    pub times: bool,
    /// The format of the records is asked for: a field is named that only it explains.
    pub format: bool,
}

impl Needs {
    /// Nothing but the bytes.
    pub const NOTHING: Needs = Needs {
        line_numbers: false,
        head: false,
        times: false,
        format: false,
    };

    /// What either of two statistics needs.
    #[must_use]
    pub fn and(self, other: Needs) -> Needs {
        Needs {
            line_numbers: self.line_numbers || other.line_numbers,
            head: self.head || other.head,
            times: self.times || other.times,
            format: self.format || other.format,
        }
    }
}

/// The statistics there are: the register of the tests, and the name under
/// which a partial is written.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Kind {
    /// [`Wc`].
    Wc,
    /// [`Text`].
    Text,
    /// [`TextBy`].
    TextBy,
    /// [`Count`].
    Count,
    /// [`Timeline`].
    Timeline,
    /// [`Templates`].
    Templates,
    /// [`Assign`].
    Assign,
    /// [`Top`].
    Top,
    /// [`Values`].
    Values,
    /// Several in one pass.
    Set,
    /// One that lives in another crate, under its name.
    Foreign(&'static str),
}

impl Kind {
    /// Every statistic of this crate.
    pub const ALL: [Kind; 10] = [
        Kind::Wc,
        Kind::Text,
        Kind::TextBy,
        Kind::Count,
        Kind::Timeline,
        Kind::Top,
        Kind::Values,
        Kind::Templates,
        Kind::Assign,
        Kind::Set,
    ];

    /// Its name in files.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Wc => "wc",
            Kind::Text => "text",
            Kind::TextBy => "text-by",
            Kind::Count => "count",
            Kind::Timeline => "timeline",
            Kind::Templates => "templates",
            Kind::Assign => "assign",
            Kind::Top => "top",
            Kind::Values => "values",
            Kind::Set => "set",
            Kind::Foreign(name) => name,
        }
    }
}
