//! A statistic that goes on where its last run over the same files ended.

use std::path::{Path, PathBuf};

use super::{
    CheckpointStore,
    rotated::{self, EMPTIED, Look, Unread},
};
use crate::{
    error::{Error, ErrorKind, Result},
    fold::{Checkpoint, Reach, Resumed},
    request::{Collected, FilePartial, Request, Scope, saved::PartialOf, state::Asked},
    run::{self, Control, Gathered, Input, Run, Scanned, Way},
    select::{Filtered, FilteredPartial, Selection, Selector},
    source::{FileFingerprint, Opened, Source, SourceOptions},
};

/// What is remembered of a file.
type Entry<R> = Checkpoint<FilteredPartial<PartialOf<R>>>;

/// A run of a statistic that goes on where the last one ended.
#[allow(
    missing_debug_implementations,
    reason = "partials need have no debug form"
)]
pub struct Resumption<R: Request> {
    book: CheckpointStore<Entry<R>>,
    reach: Reach,
}

impl<R: Request> Resumption<R> {
    /// Opens the state at this path, which is that of the request over these records.
    /// `reach` is what the answer is about.
    ///
    /// # Errors
    /// When it is no state, or another run goes on with it.
    pub fn open(
        path: &Path,
        (request, scope, first): (&R, &Scope, &R::Statistic),
        reach: Reach,
        control: &mut Control<'_>,
    ) -> Result<Resumption<R>> {
        let mut scope = scope.clone();
        if reach != Reach::All {
            // Each line is judged once, by the range of that run.
            (scope.selection.since, scope.selection.until) = (None, None);
        }
        let everything = Selector::new(Selection::default())?;
        let filtered = Filtered::new(first, &everything);
        let is_sound = |entry: &Entry<R>| entry.is_sound(&filtered);
        let asked = Asked::request(request, &scope);
        Ok(Resumption {
            book: CheckpointStore::open(path, asked, is_sound, &mut *control.complain)?,
            reach,
        })
    }

    /// Writes the state, now that the answer is out.
    ///
    /// # Errors
    /// When it cannot be written; the old one is then as it was.
    pub fn write(self, inputs: &[Input]) -> Result<()> {
        let paths: Vec<&Path> = inputs.iter().map(Input::name).collect();
        self.book.write(&paths)
    }

    /// Gathers what is asked: all there is, or what is new.
    ///
    /// # Errors
    /// When threads cannot be started.
    pub fn gather(
        &mut self,
        first: &R::Statistic,
        inputs: &[Input],
        (reading, scope): (&run::Reading, &Scope),
        control: &mut Control<'_>,
        way: Way,
    ) -> Result<Gathered<R::Statistic>> {
        let mut run = Run::new(reading, scope, inputs.len())?;
        let mut collected = Collected::nothing(first);
        for (place, input) in inputs.iter().enumerate() {
            let opened = run.open(place, input, false, control);
            let Some(Opened::Source(source)) = opened else {
                continue;
            };
            let mut one = Reader {
                run: &mut run,
                options: &reading.source,
                first,
                control,
            };
            let rotated = self.rotated(&mut one, inputs, input.name(), &source)?;
            let one = self.one(&mut one, input, &source, rotated.anew)?;
            for file in rotated.files.into_iter().chain(one) {
                collected.add(first, file, way.per_file);
            }
            // Where nothing is remembered of what has the name, what was read before it
            // is not read again.
            if let Some(last) = rotated.last.filter(|_| !self.book.has(input.name())) {
                self.book.put(input.name(), last);
            }
        }
        run.close(&mut collected);
        run.further(first, collected, inputs, control, way)
    }

    /// What comes of one input.
    fn one(
        &mut self,
        reading: &mut Reader<'_, '_, '_, R>,
        input: &Input,
        source: &Source,
        anew: bool,
    ) -> Result<Option<FilePartial<PartialOf<R>>>> {
        let path = input.name();
        if source.len().is_some() {
            let before = match self.reach {
                Reach::All => self.book.named(path),
                _ if anew => None,
                _ => source.identity().and_then(|file| self.book.of_file(file)),
            };
            let before = before.cloned();
            let resumed = reading.resume(source, before, self.reach)?;
            if let Some(why) = &resumed.anew {
                Self::tell(reading, path, format!("{why}, so all of it is read"));
            }
            if let Some(mut kept) = resumed.kept.clone() {
                if self.reach != Reach::All {
                    kept.part.partial = kept.part.partial.forget(reading.first);
                }
                rotated::put(&mut self.book, path, kept);
            }
            return Ok(Some(reading.ended(source, resumed)));
        }
        if rotated::identity(path).is_some_and(|_| is_empty(path)) {
            if self.reach == Reach::All && self.book.named(path).is_some() {
                Self::tell(reading, path, "has become empty".into());
            }
            match std::fs::metadata(path) {
                Ok(meta) if self.reach != Reach::All => {
                    let kept = reading.nothing(FileFingerprint::of_empty(&meta));
                    rotated::put(&mut self.book, path, kept);
                }
                _ => self.book.forget(path),
            }
            return reading.plain(source).map(Some);
        }
        let why = if rotated::identity(path).is_none() {
            "is no regular file, and cannot be gone on with (--resume)"
        } else if self.reach == Reach::All {
            Self::tell(
                reading,
                path,
                "is compressed or not in UTF-8, so all of it is read (--resume)".into(),
            );
            return reading.plain(source).map(Some);
        } else {
            "is compressed or not in UTF-8, and cannot be gone on with (--resume)"
        };
        let error = Error::at(path, ErrorKind::Config(why.into()));
        if let Input::Found(_) = input {
            Self::tell(
                reading,
                path,
                "is compressed, and left out (--resume)".into(),
            );
        } else {
            reading.complain(error);
        }
        Ok(None)
    }

    /// What had not been seen of files that had this name before, if it is another
    /// file's now.
    fn rotated(
        &mut self,
        reading: &mut Reader<'_, '_, '_, R>,
        inputs: &[Input],
        path: &Path,
        source: &Source,
    ) -> Result<Rotated<R>> {
        let mut rotated = Rotated {
            files: Vec::new(),
            last: None,
            anew: false,
        };
        if self.reach == Reach::All {
            return Ok(rotated);
        }
        let named = |input: &Input| rotated::identity(input.name());
        let look = Look {
            path,
            source,
            is_input: &|file| inputs.iter().any(|input| named(input) == Some(file)),
            options: reading.options,
        };
        let unread = match Unread::of(&self.book, &look) {
            Ok(unread) => unread,
            Err(error) => {
                reading.complain(error);
                return Ok(rotated);
            }
        };
        if let Some(missed) = unread.missed {
            let error = Error::at(path, ErrorKind::Config(missed));
            reading.complain(error);
        }
        if unread.emptied {
            Self::tell(reading, path, EMPTIED.into());
        }
        rotated.anew = unread.anew;
        let rest = unread.rest.into_iter();
        let rest = rest.map(|(source, entry)| (source.name().to_path_buf(), Some((source, entry))));
        let between = unread.between.into_iter().map(|path| (path, None));
        for (path, known) in rest.chain(between) {
            if let Some((one, kept)) = reading.former(path, known)? {
                rotated.files.push(one);
                rotated.last = kept.or(rotated.last);
            }
        }
        if let Some(last) = &mut rotated.last {
            last.part.partial = last.part.partial.clone().forget(reading.first);
        }
        Ok(rotated)
    }

    fn tell(reading: &mut Reader<'_, '_, '_, R>, path: &Path, text: String) {
        (reading.control.complain)(&Error::at(path, ErrorKind::Config(text)));
    }
}

/// What came of one file that had a name before, and what is to be remembered of it.
type Former<R> = (FilePartial<PartialOf<R>>, Option<Entry<R>>);

/// What came of files that had a name before.
struct Rotated<R: Request> {
    files: Vec<FilePartial<PartialOf<R>>>,
    /// What is to be remembered of the last of them.
    last: Option<Entry<R>>,
    /// See [`Unread`].
    anew: bool,
}

fn is_empty(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|meta| meta.len() == 0)
}

/// What reading an input needs.
struct Reader<'r, 'a, 's, R: Request> {
    run: &'r mut Run<'a>,
    options: &'r SourceOptions,
    first: &'r R::Statistic,
    control: &'r mut Control<'s>,
}

impl<R: Request> Reader<'_, '_, '_, R> {
    /// What is remembered of a file of which nothing was read.
    fn nothing(&self, mark: FileFingerprint) -> Entry<R> {
        let filtered = Filtered::new(self.first, self.run.selector());
        Checkpoint::of_empty(mark, &filtered)
    }

    /// What comes of the rest of a file that had another name, or of all of it, and what
    /// is to be remembered of it; nothing if it cannot be opened.
    fn former(
        &mut self,
        path: PathBuf,
        known: Option<(Source, Entry<R>)>,
    ) -> Result<Option<Former<R>>> {
        let input = Input::Path(path);
        let (source, before) = match known {
            Some((source, before)) => (source, Some(before)),
            None => match input.open(self.options, None) {
                Ok(source) => (source, None),
                Err(error) => {
                    self.complain(error);
                    return Ok(None);
                }
            },
        };
        if source.len().is_none() {
            let one = self.plain(&source)?;
            return Ok(Some((one, None)));
        }
        let mut resumed = self.resume(&source, before, Reach::Rest)?;
        let kept = resumed.kept.take();
        Ok(Some((self.ended(&source, resumed), kept)))
    }

    fn resume(
        &mut self,
        source: &Source,
        before: Option<Entry<R>>,
        reach: Reach,
    ) -> Result<Resumed<FilteredPartial<PartialOf<R>>>> {
        let filtered = Filtered::new(self.first, self.run.selector());
        let fold = self.run.fold(self.control);
        fold.resume(&filtered, source, before, reach)
    }

    fn ended(
        &mut self,
        source: &Source,
        resumed: Resumed<FilteredPartial<PartialOf<R>>>,
    ) -> FilePartial<PartialOf<R>> {
        let scanned = Scanned {
            cut_records: resumed.part.partial.cut(),
            partial: resumed.part.partial.settled(),
            read: resumed.read,
            chosen: Vec::new(),
            ending: resumed.ending,
        };
        self.run.take(source, scanned, self.control)
    }

    /// Reads all of it, as a run without a state does.
    fn plain(&mut self, source: &Source) -> Result<FilePartial<PartialOf<R>>> {
        self.run.read(self.first, source, self.control)
    }

    fn complain(&mut self, error: Error) {
        self.run.complain(error, self.control);
    }
}
