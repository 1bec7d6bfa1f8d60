//! One statistic over all inputs.

use std::path::PathBuf;

use swathe::{
    Error, Result,
    exec::Executor,
    fold::{Ending, Fold, FoldOptions},
    report::ErrorRow,
    source::Source,
    statistic::{Shift, Statistic},
};

use super::{Session, args::Common, input::Input};

/// What became of one input that could be opened.
pub(crate) struct FileAnswer<'i, P> {
    pub(crate) input: &'i Input,
    pub(crate) partial: P,
    pub(crate) complete: bool,
    pub(crate) grew: bool,
    /// Bytes before anything was decoded, where that is known.
    pub(crate) bytes_on_disk: Option<u64>,
}

/// All complete inputs together.
pub(crate) struct Total<P> {
    pub(crate) partial: P,
    /// The names that positions in the partial speak of.
    pub(crate) sources: Vec<PathBuf>,
    pub(crate) bytes_on_disk: Option<u64>,
    pub(crate) errors: Vec<ErrorRow>,
}

/// Runs the statistic over every input in order, shows each answer to `file`
/// as it comes, and merges those that are complete.
///
/// `known` is the partial of a source that need not be read.
pub(crate) fn over_all<'i, S: Statistic>(
    statistic: &S,
    inputs: &'i [Input],
    common: &Common,
    session: &mut Session<'_>,
    known: impl Fn(&Source) -> Option<S::Partial>,
    mut file: impl FnMut(&mut Session<'_>, FileAnswer<'i, S::Partial>) -> Result<()>,
) -> Result<Total<S::Partial>> {
    let executor = Executor::new(common.threads);
    let options = FoldOptions {
        chunk_size: common.chunk_size,
        line_ending: common.line_ending,
        ..FoldOptions::default()
    };
    let mut total = Total {
        partial: statistic.identity(),
        sources: Vec::new(),
        bytes_on_disk: Some(0),
        errors: Vec::new(),
    };
    for input in inputs {
        if session.stop.is_set() {
            total.errors.push(not_read(input));
            continue;
        }
        let source = match input.open(&common.source) {
            Ok(source) => source,
            Err(error) => {
                complain(&error, common, session, &mut total.errors);
                continue;
            }
        };
        let fold = Fold {
            executor: &executor,
            stop: session.stop,
            progress: session.progress,
            options: options.clone(),
        };
        let (answer, ending) = one(&fold, statistic, input, &source, known(&source))?;
        if answer.complete {
            total.add(statistic, &answer);
        }
        match ending {
            Ending::Complete { .. } => {}
            Ending::Failed(error) => complain(&error, common, session, &mut total.errors),
            Ending::Stopped => total.errors.push(not_read(input)),
        }
        file(session, answer)?;
    }
    Ok(total)
}

impl<P: Clone> Total<P> {
    fn add(&mut self, statistic: &impl Statistic<Partial = P>, answer: &FileAnswer<'_, P>) {
        let mut partial = answer.partial.clone();
        statistic.shift(&mut partial, Shift::sources(self.sources.len() as u32));
        statistic.merge(&mut self.partial, partial);
        self.sources.push(answer.input.name().to_path_buf());
        let both = self.bytes_on_disk.zip(answer.bytes_on_disk);
        self.bytes_on_disk = both.map(|(all, one)| all + one);
    }
}

fn one<'i, S: Statistic>(
    fold: &Fold<'_>,
    statistic: &S,
    input: &'i Input,
    source: &Source,
    known: Option<S::Partial>,
) -> Result<(FileAnswer<'i, S::Partial>, Ending)> {
    let (partial, read, ending) = if let Some(partial) = known {
        (partial, 0, Ending::Complete { grew: false })
    } else {
        let folded = fold.run(statistic, source)?;
        (folded.part.partial, folded.part.bytes, folded.ending)
    };
    let answer = FileAnswer {
        input,
        partial,
        complete: ending.is_complete(),
        grew: matches!(ending, Ending::Complete { grew: true }),
        bytes_on_disk: on_disk(input, source, read),
    };
    Ok((answer, ending))
}

fn not_read(input: &Input) -> ErrorRow {
    ErrorRow::at(input.name(), "interrupted before all of it was read")
}

fn on_disk(input: &Input, source: &Source, read: u64) -> Option<u64> {
    if !source.is_decoded() {
        return source.len().or(Some(read));
    }
    match input {
        Input::Path(path) => std::fs::metadata(path).ok().map(|meta| meta.len()),
        Input::Stdin { .. } => None,
    }
}

fn complain(error: &Error, common: &Common, session: &mut Session<'_>, errors: &mut Vec<ErrorRow>) {
    if common.messages {
        (session.complain)(error);
    }
    errors.push(ErrorRow::from(error));
}
