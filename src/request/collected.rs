//! What a run has gathered over its inputs.

use std::{collections::BTreeMap, path::PathBuf};

use crate::{
    report::{ErrorRow, Name},
    statistic::{Shift, Statistic, WireStatistic},
};

/// What a run over some inputs has gathered, before it is an answer.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Collected<P> {
    /// All inputs, merged in their order; of one that is not complete, what could
    /// be read.
    pub total: P,
    /// The names of the inputs that positions in `total` speak of.
    pub sources: Vec<PathBuf>,
    /// Bytes of the inputs before anything was decoded; `None` if that is not
    /// known of one.
    pub bytes_on_disk: Option<u64>,
    /// Each input, where the request wants them apart; those that are not
    /// complete in any case.
    pub files: Vec<FilePartial<P>>,
    /// How many records were cut by force because they became too long.
    pub cut_records: u64,
    /// What went wrong, in the order of the inputs.
    pub errors: Vec<ErrorRow>,
    /// Inputs that were left out on purpose, by reason.
    pub skipped: BTreeMap<String, u64>,
}

/// What was gathered of one input.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct FilePartial<P> {
    /// The input.
    pub name: PathBuf,
    /// Whether all of it was seen; if not, what was seen is in the total too.
    pub complete: bool,
    /// Whether the file became longer meanwhile; what was added was not seen.
    pub grew: bool,
    /// Bytes before anything was decoded, where that is known.
    pub bytes_on_disk: Option<u64>,
    /// How many of its records were cut by force because they became too long.
    pub cut_records: u64,
    /// What the statistic has of it.
    pub partial: P,
}

/// The finished form of [`Collected`], of which a report is made.
#[derive(Clone, Debug)]
pub struct Answers<O> {
    /// All inputs together; of one that is not complete, what could be read.
    pub total: O,
    /// Whether nothing went wrong.
    pub complete: bool,
    /// The names of the inputs that positions in `total` speak of.
    pub sources: Vec<PathBuf>,
    /// See [`Collected::bytes_on_disk`].
    pub bytes_on_disk: Option<u64>,
    /// See [`Collected::files`].
    pub files: Vec<FileAnswer<O>>,
}

/// The finished form of [`FilePartial`].
#[derive(Clone, Debug)]
pub struct FileAnswer<O> {
    /// The input.
    pub name: Name,
    /// Whether all of it was seen; if not, what was seen is in the total too.
    pub complete: bool,
    /// Whether the file became longer meanwhile; what was added was not seen.
    pub grew: bool,
    /// Bytes before anything was decoded, where that is known.
    pub bytes_on_disk: Option<u64>,
    /// What the statistic has to say of it.
    pub answer: O,
}

impl<P: Clone> Collected<P> {
    /// What is gathered of no input.
    pub fn nothing(statistic: &impl Statistic<Partial = P>) -> Collected<P> {
        Collected {
            total: statistic.identity(),
            sources: Vec::new(),
            bytes_on_disk: Some(0),
            files: Vec::new(),
            cut_records: 0,
            errors: Vec::new(),
            skipped: BTreeMap::new(),
        }
    }

    /// Adds the next input to the total, and to the files if it is to be kept
    /// apart or is not complete.
    pub fn add(
        &mut self,
        statistic: &impl Statistic<Partial = P>,
        file: FilePartial<P>,
        apart: bool,
    ) {
        let (mut partial, kept) = if apart || !file.complete {
            (file.partial.clone(), Some(file.partial))
        } else {
            (file.partial, None)
        };
        statistic.shift(&mut partial, Shift::sources(self.sources.len() as u32));
        statistic.merge(&mut self.total, partial);
        self.sources.push(file.name.clone());
        self.cut_records += file.cut_records;
        let both = self.bytes_on_disk.zip(file.bytes_on_disk);
        self.bytes_on_disk = both.map(|(all, one)| all + one);
        if let Some(partial) = kept {
            self.files.push(FilePartial { partial, ..file });
        }
    }

    /// Whether an interrupt kept it from all there is.
    pub fn is_interrupted(&self) -> bool {
        self.errors.iter().any(ErrorRow::is_interrupted)
    }

    /// Appends what another run has gathered over the inputs behind these.
    /// Associative.
    pub fn append(&mut self, statistic: &impl Statistic<Partial = P>, mut later: Collected<P>) {
        let before = Shift::sources(self.sources.len() as u32);
        statistic.shift(&mut later.total, before);
        statistic.merge(&mut self.total, later.total);
        self.sources.append(&mut later.sources);
        let both = self.bytes_on_disk.zip(later.bytes_on_disk);
        self.bytes_on_disk = both.map(|(all, one)| all + one);
        self.files.append(&mut later.files);
        self.cut_records += later.cut_records;
        self.errors.append(&mut later.errors);
        for (reason, files) in later.skipped {
            *self.skipped.entry(reason).or_default() += files;
        }
    }

    /// Whether what anyone may have written can be appended and finished.
    pub(super) fn is_sound(&self, statistic: &impl WireStatistic<Partial = P>) -> bool {
        // As for the counts of statistics: far more than there can be, and 256
        // of them can be added up.
        const MOST: u64 = 1 << 56;
        let Ok(sources) = u32::try_from(self.sources.len()) else {
            return false;
        };
        let of_files = self.files.iter().flat_map(|file| {
            let bytes = file.bytes_on_disk.unwrap_or(0);
            [bytes, file.cut_records]
        });
        let of_all = [self.bytes_on_disk.unwrap_or(0), self.cut_records];
        let mut numbers = of_files.chain(of_all).chain(self.skipped.values().copied());
        let mut files = self.files.iter();
        numbers.all(|number| number <= MOST)
            && files.all(|file| statistic.accepts(&file.partial, 1))
            && statistic.accepts(&self.total, sources)
    }

    /// Finishes everything. `statistic` is that of the last pass.
    pub fn finish<S: Statistic<Partial = P>>(self, statistic: &S) -> Answers<S::Output> {
        let files = self.files.into_iter().map(|file| FileAnswer {
            name: Name::from(file.name.as_path()),
            complete: file.complete,
            grew: file.grew,
            bytes_on_disk: file.bytes_on_disk,
            answer: statistic.finish(file.partial),
        });
        Answers {
            files: files.collect(),
            total: statistic.finish(self.total),
            complete: self.errors.is_empty(),
            sources: self.sources,
            bytes_on_disk: self.bytes_on_disk,
        }
    }
}
