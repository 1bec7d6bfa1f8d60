//! A statistic over inputs, in as many passes as it takes.

use std::sync::{Mutex, PoisonError};

use super::{During, Now, PartialReducer, Run};
use crate::{
    error::Result,
    key::Unread,
    report::Choice,
    request::{Collected, FilePartial, Scope},
    run::{
        Control, Input, Live, Reading,
        live::{self, locked},
    },
    source::Source,
    statistic::{Pass, Statistic},
};

/// What is wanted of a run beside the total.
#[derive(Clone, Copy, Debug, Default)]
pub struct Way {
    /// What was gathered of each input is kept.
    pub per_file: bool,
    /// One pass, whatever the statistic would like: what comes of it is to be
    /// merged with that of others.
    pub one_pass: bool,
}

/// What came of a run.
#[derive(Debug)]
pub struct Gathered<S: Statistic> {
    /// What the statistic has of all inputs.
    pub collected: Collected<S::Partial>,
    /// The statistic of the last pass, where that is not the first.
    pub last: Option<S>,
    /// Bytes that were gone through in all passes.
    pub bytes: u64,
    /// What was chosen for timestamps, if they were asked for.
    pub chosen: Vec<Choice>,
    /// Keys of the selection that could not be read as it was asked for.
    pub untested: Vec<Unread>,
    /// Keys of the statistic that could not be read as it was asked for.
    pub absent: Vec<Unread>,
}

/// Runs the statistic over every input in order, as many times as it wants if
/// all of them can be read again. What the first pass has so far is shown to `live`.
///
/// # Errors
/// When threads cannot be started, or a filter does not compile.
pub fn gather<S: Statistic>(
    first: &S,
    inputs: &[Input],
    (reading, scope): (&Reading, &Scope),
    control: &mut Control<'_>,
    (way, live): (Way, Option<&Live<'_, S::Partial>>),
) -> Result<Gathered<S>> {
    let mut run = Run::new(reading, scope, inputs.len())?;
    let collected = run.pass(first, inputs, control, (way, live))?;
    run.further(first, collected, inputs, control, way)
}

/// Runs one pass of the statistic over every input in order, shows what came of
/// each to `file` at once, and merges them.
///
/// `known` is the partial of a source that need not be read.
///
/// # Errors
/// When threads cannot be started, and what `file` returns.
pub fn over_all<S: Statistic>(
    statistic: &S,
    inputs: &[Input],
    (reading, scope): (&Reading, &Scope),
    control: &mut Control<'_>,
    known: impl Fn(&Source) -> Option<S::Partial> + Sync,
    mut file: impl FnMut(&Input, &FilePartial<S::Partial>) -> Result<()> + Send,
) -> Result<Collected<S::Partial>> {
    let mut run = Run::new(reading, scope, inputs.len())?;
    let mut collected = Collected::nothing(statistic);
    let gather = PartialReducer {
        known: &known,
        nothing: &Vec::new,
        add: &|all: &mut Vec<_>, place, one| all.push((place, one)),
        watch: None,
    };
    let take = |all: Vec<(usize, FilePartial<S::Partial>)>| {
        for (place, one) in all {
            file(&inputs[place], &one)?;
            collected.add(statistic, one, false);
        }
        Ok(())
    };
    run.all(statistic, inputs, &gather, take, control)?;
    run.close(&mut collected);
    Ok(collected)
}

impl Run<'_> {
    fn pass<S: Statistic>(
        &mut self,
        statistic: &S,
        inputs: &[Input],
        control: &mut Control<'_>,
        (way, live): (Way, Option<&Live<'_, S::Partial>>),
    ) -> Result<Collected<S::Partial>> {
        let collected = Mutex::new(Collected::nothing(statistic));
        self.tally.skipped = 0;
        let during = live.map(|live| {
            let collected = &collected;
            move |now: &Now<'_, S::Partial>, scan: &mut dyn FnMut()| {
                let gathered = || live::with(statistic, collected, now(), way.per_file);
                live.during(&gathered, scan);
            }
        });
        let gather = PartialReducer {
            known: &|_| None,
            nothing: &|| Collected::nothing(statistic),
            add: &|some: &mut Collected<_>, _, one| some.add(statistic, one, way.per_file),
            watch: during
                .as_ref()
                .map(|during| -> &During<'_, S::Partial> { during }),
        };
        let take = |some| {
            locked(&collected).append(statistic, some);
            if let Some(live) = live {
                live.look(|| locked(&collected).clone());
            }
            Ok(())
        };
        self.all(statistic, inputs, &gather, take, control)?;
        let collected = collected.into_inner();
        let mut collected = collected.unwrap_or_else(PoisonError::into_inner);
        self.close(&mut collected);
        Ok(collected)
    }

    /// The passes behind the first, as many as the statistic wants if all
    /// inputs can be read again.
    ///
    /// # Errors
    /// When threads cannot be started.
    pub fn further<S: Statistic>(
        mut self,
        first: &S,
        mut collected: Collected<S::Partial>,
        inputs: &[Input],
        control: &mut Control<'_>,
        way: Way,
    ) -> Result<Gathered<S>> {
        let mut last = None;
        let chosen = std::mem::take(&mut self.tally.chosen);
        while !self.tally.streamed && !way.one_pass && collected.errors.is_empty() {
            let statistic = last.as_ref().unwrap_or(first);
            let before = std::mem::replace(&mut collected.total, statistic.identity());
            match statistic.next_pass(before) {
                Pass::Done(total) => {
                    collected.total = total;
                    break;
                }
                Pass::Again(next) => {
                    let again = self.pass(&next, inputs, control, (way, None))?;
                    if again.is_interrupted() {
                        // A part of a pass says nothing; those before it hold.
                        collected.total = next.not_made();
                        collected.errors = again.errors;
                    } else {
                        collected = again;
                    }
                    last = Some(next);
                }
            }
        }
        // Under a range of time, records at the front of a chunk are read before it is
        // known whether they are in it: what was met in them depends on the chunks.
        let known = !self.context.scope.selection.has_time();
        let told = |unread: Vec<Unread>| if known { unread } else { Vec::new() };
        Ok(Gathered {
            collected,
            last,
            bytes: self.tally.bytes,
            chosen,
            untested: told(self.context.selector.unread()),
            absent: told(first.unread()),
        })
    }
}
