//! One of two statistics that answer alike.

use serde::{Deserialize, Serialize};

use super::{Head, Kind, Needs, Pass, Scan, Shift, Statistic, WireStatistic};
use crate::{error::Result, key::Unread};

/// One of two statistics that have the same kind of answer: the one that
/// keeps more is chosen only where it is needed.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub enum Either<A, B> {
    /// The first.
    #[serde(rename = "plain")]
    A(A),
    /// The second.
    #[serde(rename = "rich")]
    B(B),
}

/// Calls a method of whichever it is.
macro_rules! call {
    ($self:expr, $s:ident => $call:expr) => {
        match $self {
            Either::A($s) => $call,
            Either::B($s) => $call,
        }
    };
}

/// Partials and workers are those of the statistic they are given to; others
/// come from another one and are left as they are.
impl<A, B> Statistic for Either<A, B>
where
    A: Statistic,
    B: Statistic<Output = A::Output>,
{
    type Partial = Either<A::Partial, B::Partial>;
    type Output = A::Output;
    type Worker = Either<A::Worker, B::Worker>;

    fn needs(&self) -> Needs {
        call!(self, s => s.needs())
    }

    fn prepare(&self, head: &Head) -> Result<()> {
        call!(self, s => s.prepare(head))
    }

    fn unread(&self) -> Vec<Unread> {
        call!(self, s => s.unread())
    }

    fn worker(&self, head: &Head) -> Self::Worker {
        match self {
            Either::A(s) => Either::A(s.worker(head)),
            Either::B(s) => Either::B(s.worker(head)),
        }
    }

    fn identity(&self) -> Self::Partial {
        match self {
            Either::A(s) => Either::A(s.identity()),
            Either::B(s) => Either::B(s.identity()),
        }
    }

    fn scan(&self, worker: &mut Self::Worker, scan: &Scan<'_>, partial: &mut Self::Partial) {
        match (self, worker, partial) {
            (Either::A(s), Either::A(worker), Either::A(partial)) => s.scan(worker, scan, partial),
            (Either::B(s), Either::B(worker), Either::B(partial)) => s.scan(worker, scan, partial),
            _ => debug_assert!(false, "worker and partial were made by another statistic"),
        }
    }

    fn pass_by(&self, worker: &mut Self::Worker, scan: &Scan<'_>, partial: &mut Self::Partial) {
        match (self, worker, partial) {
            (Either::A(s), Either::A(worker), Either::A(partial)) => {
                s.pass_by(worker, scan, partial);
            }
            (Either::B(s), Either::B(worker), Either::B(partial)) => {
                s.pass_by(worker, scan, partial);
            }
            _ => debug_assert!(false, "worker and partial were made by another statistic"),
        }
    }

    fn shift(&self, partial: &mut Self::Partial, by: Shift) {
        match (self, partial) {
            (Either::A(s), Either::A(partial)) => s.shift(partial, by),
            (Either::B(s), Either::B(partial)) => s.shift(partial, by),
            _ => {}
        }
    }

    fn merge(&self, earlier: &mut Self::Partial, later: Self::Partial) {
        match (self, earlier, later) {
            (Either::A(s), Either::A(earlier), Either::A(later)) => s.merge(earlier, later),
            (Either::B(s), Either::B(earlier), Either::B(later)) => s.merge(earlier, later),
            _ => {}
        }
    }

    fn unmerged(&self) -> Option<u64> {
        call!(self, s => s.unmerged())
    }

    fn weight(&self, partial: &Self::Partial) -> u64 {
        match (self, partial) {
            (Either::A(s), Either::A(partial)) => s.weight(partial),
            (Either::B(s), Either::B(partial)) => s.weight(partial),
            _ => 0,
        }
    }

    fn finish(&self, merged: Self::Partial) -> Self::Output {
        match (self, merged) {
            (Either::A(s), Either::A(merged)) => s.finish(merged),
            (Either::B(s), Either::B(merged)) => s.finish(merged),
            (Either::A(s), Either::B(_)) => s.finish(s.identity()),
            (Either::B(s), Either::A(_)) => s.finish(s.identity()),
        }
    }

    fn next_pass(&self, merged: Self::Partial) -> Pass<Self> {
        match (self, merged) {
            (Either::A(s), Either::A(merged)) => match s.next_pass(merged) {
                Pass::Done(merged) => Pass::Done(Either::A(merged)),
                Pass::Again(s) => Pass::Again(Either::A(s)),
            },
            (Either::B(s), Either::B(merged)) => match s.next_pass(merged) {
                Pass::Done(merged) => Pass::Done(Either::B(merged)),
                Pass::Again(s) => Pass::Again(Either::B(s)),
            },
            (_, foreign) => Pass::Done(foreign),
        }
    }
}

impl<A, B> WireStatistic for Either<A, B>
where
    A: WireStatistic,
    B: WireStatistic<Output = A::Output>,
{
    fn kind(&self) -> Kind {
        call!(self, s => s.kind())
    }

    fn accepts(&self, partial: &Self::Partial, sources: u32) -> bool {
        match (self, partial) {
            (Either::A(s), Either::A(partial)) => s.accepts(partial, sources),
            (Either::B(s), Either::B(partial)) => s.accepts(partial, sources),
            _ => false,
        }
    }
}
