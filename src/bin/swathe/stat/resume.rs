//! `--resume STATE`: a statistic goes on where its last run ended.

use std::path::{Path, PathBuf};

use swathe::{
    Error, ErrorKind, Result,
    fold::{Kept, Reach, Resumed},
    request::{Collected, FilePartial, Request, Scope, saved::PartialOf, state::Asked},
    run::{Gathered, Input, Run, Scanned, Way},
    select::{Filtered, FilteredPartial, Selection, Selector},
    source::{Mark, Opened, Source, SourceOptions},
};

use super::{
    Session, TROUBLE,
    args::{Common, Shared},
    command::StatCommand,
    files::tell_skipped,
    usage, whole_file,
};
use crate::resume::{
    Book, lost,
    rotated::{self, EMPTIED, Look, Unread},
};

/// What is remembered of a file.
type Entry<R> = Kept<FilteredPartial<PartialOf<R>>>;

/// A run that goes on where the last one ended.
pub(crate) struct Resumption<R: StatCommand> {
    book: Book<Entry<R>>,
    reach: Reach,
    messages: bool,
}

impl<R: StatCommand> Resumption<R> {
    /// What the flag says; nothing if it is not given. `reach` is what the
    /// answer is about.
    ///
    /// # Errors
    /// When the state is one of the inputs or no state, or an input cannot be
    /// gone on with.
    pub(crate) fn open(
        told: &Shared,
        (request, scope, first): (&R, &Scope, &R::Statistic),
        inputs: &[Input],
        common: &Common,
        reach: Reach,
        session: &mut Session<'_>,
    ) -> Result<Option<Resumption<R>>> {
        let Some(path) = told.resume.as_deref() else {
            return Ok(None);
        };
        if inputs.iter().any(|input| input.path().is_none()) {
            return Err(usage(
                "--resume goes on with files, and standard input is none; name the files to read",
            ));
        }
        if told.partial.is_some() {
            return Err(usage(
                "--resume gives an answer, --partial none; leave one out",
            ));
        }
        let mut archives = inputs.iter().filter(|_| common.archives);
        if let Some(archive) = archives.find(|input| input.is_archive(&common.source)) {
            return Err(usage(format!(
                "--resume goes on with files that grow, and {} is an archive; leave it out, \
                 extract its members, or take it as the bytes it is with --no-archives",
                archive.name().display()
            )));
        }
        request.resumable()?;
        whole_file::check("--resume", path, inputs, &told.typed)?;
        let mut scope = scope.clone();
        if reach != Reach::All {
            // Each line is judged once, by the range of that run.
            (scope.selection.since, scope.selection.until) = (None, None);
        }
        let mut tell = |error: &Error| {
            if common.messages {
                (session.complain)(error);
            }
        };
        let everything = Selector::new(Selection::default())?;
        let filtered = Filtered::new(first, &everything);
        let is_sound = |entry: &Entry<R>| entry.is_sound(&filtered);
        let asked = Asked::request(request, &scope);
        Ok(Some(Resumption {
            book: Book::open(path, asked, is_sound, &mut tell)?,
            reach,
            messages: common.messages,
        }))
    }

    /// Gathers what is asked: all there is, or what is new.
    ///
    /// # Errors
    /// When threads cannot be started.
    pub(crate) fn gather(
        &mut self,
        first: &R::Statistic,
        inputs: &[Input],
        (common, scope): (&Common, &Scope),
        session: &mut Session<'_>,
        way: Way,
    ) -> Result<Gathered<R::Statistic>> {
        session.interrupt.answers();
        let reading = common.reading();
        let mut run = Run::new(&reading, scope, inputs.len())?;
        let mut collected = Collected::nothing(first);
        for (place, input) in inputs.iter().enumerate() {
            let opened = run.open(place, input, false, &mut session.control());
            let Some(Opened::Source(source)) = opened else {
                continue;
            };
            let mut reading = Reading {
                run: &mut run,
                options: &common.source,
                first,
                session,
            };
            let rotated = self.rotated(&mut reading, inputs, input.name(), &source)?;
            let one = self.one(&mut reading, input, &source, rotated.anew)?;
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
        let gathered = run.further(first, collected, inputs, &mut session.control(), way)?;
        tell_skipped(&gathered.collected.skipped, session);
        Ok(gathered)
    }

    /// Writes the state, now that the answer is out; `exit` is what the process
    /// would exit with.
    ///
    /// # Errors
    /// When the answer did not get out.
    pub(crate) fn end(self, exit: u8, inputs: &[Input], session: &mut Session<'_>) -> Result<u8> {
        session.out.flush().map_err(|error| lost(error.into()))?;
        // What an interrupt left of an answer is no answer to go on from.
        if session.interrupt.settle().is_some() {
            return Ok(exit);
        }
        let paths: Vec<&Path> = inputs.iter().map(Input::name).collect();
        match self.book.write(&paths) {
            Ok(()) => Ok(exit),
            Err(error) => {
                (session.complain)(&error);
                Ok(TROUBLE)
            }
        }
    }

    /// What comes of one input.
    fn one(
        &mut self,
        reading: &mut Reading<'_, '_, '_, R>,
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
                self.tell(reading, path, format!("{why}, so all of it is read"));
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
                self.tell(reading, path, "has become empty".into());
            }
            match std::fs::metadata(path) {
                Ok(meta) if self.reach != Reach::All => {
                    let kept = reading.nothing(Mark::of_empty(&meta));
                    rotated::put(&mut self.book, path, kept);
                }
                _ => self.book.forget(path),
            }
            return reading.plain(source).map(Some);
        }
        let why = if rotated::identity(path).is_none() {
            "is no regular file, and cannot be gone on with (--resume)"
        } else if self.reach == Reach::All {
            self.tell(
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
            self.tell(
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
        reading: &mut Reading<'_, '_, '_, R>,
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
            self.tell(reading, path, EMPTIED.into());
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

    fn tell(&self, reading: &mut Reading<'_, '_, '_, R>, path: &Path, text: String) {
        if self.messages {
            (reading.session.complain)(&Error::at(path, ErrorKind::Config(text)));
        }
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
struct Reading<'r, 'a, 's, R: Request> {
    run: &'r mut Run<'a>,
    options: &'r SourceOptions,
    first: &'r R::Statistic,
    session: &'r mut Session<'s>,
}

impl<R: Request> Reading<'_, '_, '_, R> {
    /// What is remembered of a file of which nothing was read.
    fn nothing(&self, mark: Mark) -> Entry<R> {
        let filtered = Filtered::new(self.first, self.run.selector());
        Kept::of_empty(mark, &filtered)
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
        let control = self.session.control();
        let fold = self.run.fold(&control);
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
            ending: resumed.ending,
        };
        self.run.take(source, scanned, &mut self.session.control())
    }

    /// Reads all of it, as a run without a state does.
    fn plain(&mut self, source: &Source) -> Result<FilePartial<PartialOf<R>>> {
        let control = &mut self.session.control();
        self.run.read(self.first, source, control)
    }

    fn complain(&mut self, error: Error) {
        self.run.complain(error, &mut self.session.control());
    }
}
