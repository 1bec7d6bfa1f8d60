//! `--resume STATE`: a statistic goes on where its last run ended.

use swathe::{
    Result,
    fold::Reach,
    request::Scope,
    run::{
        Gathered, Input, Way,
        resume::{self, lost},
    },
};

use super::{
    Session, TROUBLE,
    args::{Common, Shared},
    command::StatCommand,
    files::tell_skipped,
    usage, whole_file,
};

/// A run that goes on where the last one ended.
pub(crate) struct Resumption<R: StatCommand>(resume::Resumption<R>);

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
        let asked = (request, scope, first);
        let opened = resume::Resumption::open(path, asked, reach, &mut session.control())?;
        Ok(Some(Resumption(opened)))
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
        let reading = (&common.reading(), scope);
        let gathered = self
            .0
            .gather(first, inputs, reading, &mut session.control(), way)?;
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
        match self.0.write(inputs) {
            Ok(()) => Ok(exit),
            Err(error) => {
                (session.complain)(&error);
                Ok(TROUBLE)
            }
        }
    }
}
