//! `--resume STATE`: a statistic goes on where its last run ended.

use std::{ffi::OsString, path::Path};

use clap::{Arg, ArgMatches, value_parser};
use swathe::{
    Error, ErrorKind, Result,
    fold::{Kept, Reach, Resumed},
    request::{Collected, FilePartial, Request, Scope, saved::PartialOf, state::Asked},
    select::{Filtered, FilteredPartial, Selection, Selector},
    source::{Opened, Source},
};

use super::{
    Session, TROUBLE,
    args::Common,
    command::StatCommand,
    input::Input,
    run::{Gathered, Run, Scanned, Way, on_disk},
    usage, whole_file,
};
use crate::resume::{
    Book,
    rotated::{self, Former, LOST},
};

/// What is remembered of a file.
type Entry<R> = Kept<FilteredPartial<PartialOf<R>>>;

/// The flag.
pub(crate) fn arg() -> Arg {
    Arg::new("resume")
        .long("resume")
        .value_name("STATE")
        .value_parser(value_parser!(OsString))
        .help_heading("Reading and printing")
}

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
        matches: &ArgMatches,
        (request, scope, first): (&R, &Scope, &R::Statistic),
        inputs: &[Input],
        common: &Common,
        reach: Reach,
        session: &mut Session<'_>,
    ) -> Result<Option<Resumption<R>>> {
        let Ok(Some(state)) = matches.try_get_one::<OsString>("resume") else {
            return Ok(None);
        };
        let path = Path::new(state);
        if inputs.iter().any(|input| input.path().is_none()) {
            return Err(usage(
                "--resume goes on with files, and standard input is none; name the files to read",
            ));
        }
        if matches.contains_id("partial") {
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
        whole_file::check("--resume", path, inputs, Some(matches))?;
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
        let mut run = Run::new(common, scope, inputs.len())?;
        let mut collected = Collected::nothing(first);
        for (place, input) in inputs.iter().enumerate() {
            let opened = run.open(place, input, false, session);
            let Some(Opened::Source(source)) = opened else {
                continue;
            };
            let mut reading = Reading {
                run: &mut run,
                first,
                session,
            };
            let rotated = self.rotated(&mut reading, inputs, input.name(), &source)?;
            let one = self.one(&mut reading, input, &source)?;
            for file in rotated.into_iter().chain(one) {
                collected.add(first, file, way.per_file);
            }
        }
        run.close(&mut collected);
        run.further(first, collected, inputs, session, way)
    }

    /// Writes the state, now that the answer is out; `exit` is what the process
    /// would exit with.
    ///
    /// # Errors
    /// When the answer did not get out.
    pub(crate) fn end(self, exit: u8, inputs: &[Input], session: &mut Session<'_>) -> Result<u8> {
        session.out.flush()?;
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
    ) -> Result<Option<FilePartial<PartialOf<R>>>> {
        let path = input.name();
        if source.len().is_some() {
            let before = match self.reach {
                Reach::All => self.book.named(path),
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
                self.book.put(path, kept);
            }
            return Ok(Some(reading.ended(source, resumed)));
        }
        if rotated::identity(path).is_some_and(|_| is_empty(path)) {
            if self.reach == Reach::All && self.book.named(path).is_some() {
                self.tell(reading, path, "has become empty".into());
            }
            self.book.forget(path);
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
            reading.run.complain(error, reading.session);
        }
        Ok(None)
    }

    /// What had not been seen of the file that had this name before, if the name
    /// is another file's now.
    fn rotated(
        &mut self,
        reading: &mut Reading<'_, '_, '_, R>,
        inputs: &[Input],
        path: &Path,
        source: &Source,
    ) -> Result<Option<FilePartial<PartialOf<R>>>> {
        let now = source.identity().or_else(|| rotated::identity(path));
        if self.reach == Reach::All {
            return Ok(None);
        }
        let named = |input: &Input| rotated::identity(input.name());
        let is_input = |file| inputs.iter().any(|input| named(input) == Some(file));
        let (old, before) = match Former::of(&self.book, path, now, is_input) {
            Former::There => return Ok(None),
            Former::Lost => {
                self.tell(reading, path, LOST.into());
                return Ok(None);
            }
            Former::Moved(old, before) => (old, before),
        };
        let input = Input::Path(old);
        let source = match input.open(&reading.run.ground.common.source) {
            Ok(source) => source,
            Err(error) => {
                reading.run.complain(error, reading.session);
                return Ok(None);
            }
        };
        let resumed = reading.resume(&source, Some(before), Reach::Rest)?;
        if resumed.anew.is_some() {
            // The number of a file that is gone was given to another.
            self.tell(reading, path, LOST.into());
            return Ok(None);
        }
        Ok(Some(reading.ended(&source, resumed)))
    }

    fn tell(&self, reading: &mut Reading<'_, '_, '_, R>, path: &Path, text: String) {
        if self.messages {
            (reading.session.complain)(&Error::at(path, ErrorKind::Config(text)));
        }
    }
}

fn is_empty(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|meta| meta.len() == 0)
}

/// What reading an input needs.
struct Reading<'r, 'a, 's, R: Request> {
    run: &'r mut Run<'a>,
    first: &'r R::Statistic,
    session: &'r mut Session<'s>,
}

impl<R: Request> Reading<'_, '_, '_, R> {
    fn resume(
        &self,
        source: &Source,
        before: Option<Entry<R>>,
        reach: Reach,
    ) -> Result<Resumed<FilteredPartial<PartialOf<R>>>> {
        let filtered = Filtered::new(self.first, &self.run.ground.selector);
        let fold = self.run.fold(self.session.watched());
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
        let disk = on_disk(source, scanned.read);
        let ended = self.run.ended(source, scanned, disk);
        self.run.say(self.session);
        ended
    }

    /// Reads all of it, as a run without a state does.
    fn plain(&mut self, source: &Source) -> Result<FilePartial<PartialOf<R>>> {
        let watched = self.session.watched();
        let scanned = self.run.scan(self.first, source, watched)?;
        let disk = on_disk(source, scanned.read);
        let ended = self.run.ended(source, scanned, disk);
        self.run.say(self.session);
        Ok(ended)
    }
}
