//! A statistic over the records that are selected.

use std::sync::Arc;

use super::{FilteredPartial, RecordFilter, Selector};
use crate::{
    error::Result,
    key::Unread,
    statistic::{Head, Kind, Needs, Pass, Scan, Shift, Statistic, WireStatistic, sound},
};

/// A statistic over the records that are selected, as if there were no others.
///
/// Lines keep their numbers and offsets. The inner statistic sees runs of
/// selected records, each as long as can be.
#[derive(Debug)]
pub struct Filtered<'a, S> {
    inner: Inner<'a, S>,
    selector: Shared<'a>,
}

#[derive(Debug)]
enum Inner<'a, S> {
    Lent(&'a S),
    Own(S),
}

#[derive(Clone, Debug)]
enum Shared<'a> {
    Lent(&'a Selector),
    Own(Arc<Selector>),
}

/// What a thread keeps between chunks.
#[derive(Debug)]
pub struct FilteredWorker<W> {
    inner: W,
    /// `None` if every record counts.
    judge: Option<RecordFilter>,
}

impl<'a, S: Statistic> Filtered<'a, S> {
    /// This statistic over what is selected.
    pub fn new(inner: &'a S, selector: &'a Selector) -> Filtered<'a, S> {
        Filtered {
            inner: Inner::Lent(inner),
            selector: Shared::Lent(selector),
        }
    }

    /// A statistic over what is selected, with a statistic and a selector of its own.
    pub fn owning(inner: S, selector: Arc<Selector>) -> Filtered<'static, S> {
        Filtered {
            inner: Inner::Own(inner),
            selector: Shared::Own(selector),
        }
    }

    fn selector(&self) -> &Selector {
        match &self.selector {
            Shared::Lent(selector) => selector,
            Shared::Own(selector) => selector,
        }
    }

    fn inner(&self) -> &S {
        match &self.inner {
            Inner::Lent(inner) => inner,
            Inner::Own(inner) => inner,
        }
    }
}

impl<S: Statistic> Statistic for Filtered<'_, S> {
    type Partial = FilteredPartial<S::Partial>;
    type Output = S::Output;
    type Worker = FilteredWorker<S::Worker>;

    fn needs(&self) -> Needs {
        let head = Needs {
            head: !self.selector().is_everything(),
            times: self.selector().needs_times(),
            format: self.selector().needs_format(),
            ..Needs::NOTHING
        };
        self.inner().needs().and(head)
    }

    fn prepare(&self, head: &Head) -> Result<()> {
        self.selector().prepare(head)?;
        self.inner().prepare(head)
    }

    fn unread(&self) -> Vec<Unread> {
        [self.selector().unread(), self.inner().unread()].concat()
    }

    fn worker(&self, head: &Head) -> Self::Worker {
        let judged = !self.selector().is_everything();
        FilteredWorker {
            inner: self.inner().worker(head),
            judge: judged.then(|| self.selector().judge(head)),
        }
    }

    fn identity(&self) -> Self::Partial {
        FilteredPartial::nothing(self.inner())
    }

    fn scan(&self, worker: &mut Self::Worker, scan: &Scan<'_>, partial: &mut Self::Partial) {
        partial.count_cut(scan.forced_records());
        let inner = self.inner();
        let Some(judge) = &mut worker.judge else {
            let chosen = partial.place(false, || inner.identity());
            inner.scan(&mut worker.inner, scan, chosen);
            return;
        };
        let before = partial.last();
        let (worker, mut at) = (&mut worker.inner, 0);
        let seen = judge.runs(scan, |run| {
            let left_out = scan.part(at..run.range.start, 0);
            inner.pass_by(worker, &left_out, partial.chosen_mut());
            at = run.range.end;
            if !(run.open && before == Some(false)) {
                let part = scan.part(run.range, run.lines_before);
                let place = partial.place(run.open, || inner.identity());
                inner.scan(worker, &part, place);
            }
        });
        let left_out = scan.part(at..scan.bytes().len(), 0);
        inner.pass_by(worker, &left_out, partial.chosen_mut());
        partial.seen(seen.last);
    }

    fn pass_by(&self, worker: &mut Self::Worker, scan: &Scan<'_>, partial: &mut Self::Partial) {
        self.inner()
            .pass_by(&mut worker.inner, scan, partial.chosen_mut());
    }

    fn shift(&self, partial: &mut Self::Partial, by: Shift) {
        partial.shift(|inner| self.inner().shift(inner, by));
    }

    fn merge(&self, earlier: &mut Self::Partial, later: Self::Partial) {
        earlier.append(self.inner(), later);
    }

    fn unmerged(&self) -> Option<u64> {
        self.inner().unmerged()
    }

    fn weight(&self, partial: &Self::Partial) -> u64 {
        partial.weight(|inner| self.inner().weight(inner))
    }

    fn finish(&self, merged: Self::Partial) -> S::Output {
        self.inner().finish(merged.settled())
    }

    fn next_pass(&self, merged: Self::Partial) -> Pass<Self> {
        match self.inner().next_pass(merged.settled()) {
            Pass::Done(chosen) => Pass::Done(FilteredPartial::of(chosen, self.inner())),
            Pass::Again(next) => Pass::Again(Filtered {
                inner: Inner::Own(next),
                selector: self.selector.clone(),
            }),
        }
    }
}

impl<S: WireStatistic> WireStatistic for Filtered<'_, S> {
    fn kind(&self) -> Kind {
        self.inner().kind()
    }

    fn accepts(&self, partial: &Self::Partial, sources: u32) -> bool {
        sound::counts([partial.cut()]) && partial.all(|inner| self.inner().accepts(inner, sources))
    }
}
