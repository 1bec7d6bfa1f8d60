//! A question over files as a program asks it: a request and paths in, a report out.

use std::path::PathBuf;

use super::{Control, Input, Reading, Way, gather};
use crate::{
    error::Result,
    exec::Stop,
    key::KeyOptions,
    pattern::PatternOptions,
    progress::{Progress, Silent},
    report::{CountBody, ErrorRow, Report, Selected, TopBody},
    request::{Collected, CountRequest, Request, Scope, TopRequest},
    statistic::{CountPattern, Statistic, TopOptions},
};

/// A request to be answered over files, on all cores.
///
/// Packed files are unpacked, members of archives are files of their own. A directory is not
/// gone through; it is an error of that path, which is in the report.
///
/// ```
/// use swathe::{Query, request::TopRequest};
///
/// # fn main() -> swathe::Result<()> {
/// # let log = std::env::temp_dir().join(format!("swathe-doc-query-{}", std::process::id()));
/// std::fs::write(&log, "user=a\nuser=b\nuser=a\n")?;
/// let request = TopRequest::by(&["logfmt:user".parse()?]);
/// let report = Query::new(request).threads(2).run([&log])?;
/// assert!(report.complete);
/// assert_eq!(report.body.groups[0].count, 2);
/// # std::fs::remove_file(&log)?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Query<R> {
    request: R,
    scope: Scope,
    reading: Reading,
    stop: Stop,
}

impl<R: Request> Query<R> {
    /// This request, over all records.
    pub fn new(request: R) -> Query<R> {
        Query {
            request,
            scope: Scope::default(),
            reading: Reading::on_all_cores(),
            stop: Stop::new(),
        }
    }

    /// Over these records.
    #[must_use]
    pub fn scope(mut self, scope: Scope) -> Query<R> {
        self.scope = scope;
        self
    }

    /// On so many threads. Default: as many as there are cores.
    #[must_use]
    pub fn threads(mut self, threads: usize) -> Query<R> {
        self.reading.threads = threads.max(1);
        self.reading.source.unpack_threads = threads.max(1);
        self
    }

    /// Ends when this is set, by whoever has a clone of it: what was read up to then is
    /// answered, and the report says that it was interrupted.
    #[must_use]
    pub fn until(mut self, stop: &Stop) -> Query<R> {
        self.stop = stop.clone();
        self
    }

    /// Answers over these files; `-` is standard input.
    ///
    /// # Errors
    /// When the request makes no sense. What cannot be read is in the report, with what
    /// could be.
    pub fn run(
        &self,
        paths: impl IntoIterator<Item = impl Into<PathBuf>>,
    ) -> Result<Report<R::Body>> {
        self.watched(paths, &Silent)
    }

    /// Answers over these files, and tells `progress` how far it has come.
    ///
    /// # Errors
    /// As [`run`](Query::run).
    pub fn watched(
        &self,
        paths: impl IntoIterator<Item = impl Into<PathBuf>>,
        progress: &dyn Progress,
    ) -> Result<Report<R::Body>> {
        let inputs: Vec<Input> = paths.into_iter().map(|path| Input::named(path)).collect();
        let statistic = self.request.statistic()?;
        let way = Way {
            per_file: self.request.per_file(),
            one_pass: false,
        };
        let mut control = Control {
            stop: &self.stop,
            progress,
            complain: &mut |_| {},
        };
        let reading = (&self.reading, &self.scope);
        let gathered = gather(&statistic, &inputs, reading, &mut control, (way, None))?;
        let last = gathered.last.as_ref().unwrap_or(&statistic);
        Ok(report(&self.request, &self.scope, last, gathered.collected))
    }
}

/// Finishes what was gathered for a request; `last` is the statistic of the last pass.
pub fn report<R: Request>(
    request: &R,
    scope: &Scope,
    last: &R::Statistic,
    collected: Collected<<R::Statistic as Statistic>::Partial>,
) -> Report<R::Body> {
    let (errors, skipped) = (collected.errors.clone(), collected.skipped.clone());
    let cut = collected.cut_records;
    Report {
        skipped,
        selected: Selected::new(&scope.selection, &scope.times.zone, &scope.record, cut),
        ..Report::new(R::COMMAND, errors, request.body(collected.finish(last)))
    }
}

/// The most frequent values of a key in the records of files; see [`Query`] for more than
/// that. Keys are written as for `swathe top --by`: `json:user.id`, `field:3`, `level`.
///
/// # Errors
/// When the key is none.
pub fn top(
    paths: impl IntoIterator<Item = impl Into<PathBuf>>,
    key: &str,
) -> Result<Report<TopBody>> {
    Query::new(TopRequest::by(&[key.parse()?])).run(paths)
}

/// How many lines and matches each of these regexes has in files; see [`Query`] for more than
/// that.
///
/// # Errors
/// When a pattern does not compile.
pub fn count<P: Into<String>>(
    paths: impl IntoIterator<Item = impl Into<PathBuf>>,
    patterns: impl IntoIterator<Item = P>,
) -> Result<Report<CountBody>> {
    Query::new(CountRequest::of(patterns)).run(paths)
}

impl TopRequest {
    /// The most frequent values of these keys together.
    pub fn by(keys: &[crate::key::Key]) -> TopRequest {
        TopRequest {
            by: keys.to_vec(),
            distinct: None,
            sum: None,
            keys: KeyOptions::default(),
            options: TopOptions::default(),
            exact: false,
        }
    }
}

impl CountRequest {
    /// How many lines and matches each of these regexes has.
    pub fn of<P: Into<String>>(patterns: impl IntoIterator<Item = P>) -> CountRequest {
        let pattern = |text: P| CountPattern {
            name: None,
            pattern: text.into(),
        };
        CountRequest {
            patterns: patterns.into_iter().map(pattern).collect(),
            options: PatternOptions::default(),
            per_file: false,
            positions: 0,
        }
    }
}

/// What a statistic came to over some files.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Computed<O> {
    /// The answer; of a file that could not be read to its end, it has what could be.
    pub output: O,
    /// What could not be read, or not to its end.
    pub errors: Vec<ErrorRow>,
}

/// Computes a statistic over the lines of files on all cores, as many passes as it wants: one
/// of [`statistic`](crate::statistic), or of your own, as in `examples/own_statistic.rs`.
///
/// # Errors
/// When it makes no sense for a file, or threads cannot be had.
pub fn compute<S: Statistic>(
    statistic: &S,
    paths: impl IntoIterator<Item = impl Into<PathBuf>>,
) -> Result<Computed<S::Output>> {
    let inputs: Vec<Input> = paths.into_iter().map(|path| Input::named(path)).collect();
    let (scope, reading) = (Scope::default(), Reading::on_all_cores());
    let mut control = Control {
        stop: &Stop::new(),
        progress: &Silent,
        complain: &mut |_| {},
    };
    let reading = (&reading, &scope);
    let way = (Way::default(), None);
    let gathered = gather(statistic, &inputs, reading, &mut control, way)?;
    let last = gathered.last.as_ref().unwrap_or(statistic);
    Ok(Computed {
        output: last.finish(gathered.collected.total),
        errors: gathered.collected.errors,
    })
}
