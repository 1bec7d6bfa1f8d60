//! Any number of statistics in one pass, as one.

use std::sync::{Arc, Mutex, PoisonError};

use super::{Head, Kind, Needs, Pass, Scan, Shared, Shift, Statistic, WireStatistic};
use crate::{error::Result, key::Unread};

/// Statistics that see the same records in the same pass, in an order of their
/// own; how many is known only when the program runs.
///
/// Where one wants another pass, those that have their answer already sit it
/// out, unless each source has numbers of its own: these are gathered anew.
#[allow(
    missing_debug_implementations,
    reason = "partials need not have a debug form"
)]
pub struct Several<S: Statistic> {
    members: Vec<Member<S>>,
    /// What the first pass came to, where that is kept.
    first: Option<Arc<Mutex<Option<SeveralPartial<S>>>>>,
}

/// What [`Several`] keeps: one for each statistic, none for one that sits out.
pub type SeveralPartial<S> = Vec<Option<<S as Statistic>::Partial>>;

/// What a thread keeps for [`Several`].
#[allow(
    missing_debug_implementations,
    reason = "caches of matchers have no debug form"
)]
pub struct SeveralWorker<S: Statistic> {
    members: Vec<Option<S::Worker>>,
    shared: Shared,
}

struct Member<S: Statistic> {
    statistic: Arc<S>,
    /// It goes through every pass.
    every_pass: bool,
    /// What it came to in an earlier pass, if it sits out the one at hand.
    settled: Option<Settled<S>>,
    /// What the first pass came to, of one that takes part in the pass again.
    earlier: Option<Settled<S>>,
}

/// Threads only ever look whether it is there.
type Settled<S> = Arc<Mutex<<S as Statistic>::Partial>>;

fn settled<P>(partial: P) -> Arc<Mutex<P>> {
    Arc::new(Mutex::new(partial))
}

/// What is settled; a copy only where another pass holds it too, since what a
/// timeline keeps of a long log is a million cells.
fn taken<P: Clone>(settled: Arc<Mutex<P>>) -> P {
    match Arc::try_unwrap(settled) {
        Ok(own) => own.into_inner().unwrap_or_else(PoisonError::into_inner),
        Err(shared) => unsettled(&shared),
    }
}

fn unsettled<P: Clone>(settled: &Mutex<P>) -> P {
    let partial = settled.lock().unwrap_or_else(PoisonError::into_inner);
    partial.clone()
}

impl<S: Statistic + Send> Several<S> {
    /// These, each with whether it goes through every pass.
    pub fn new(statistics: impl IntoIterator<Item = (S, bool)>) -> Several<S> {
        let members = statistics
            .into_iter()
            .map(|(statistic, every_pass)| Member {
                statistic: Arc::new(statistic),
                every_pass,
                settled: None,
                earlier: None,
            });
        Several {
            members: members.collect(),
            first: None,
        }
    }

    /// Statistics side by side of which what the first pass comes to can be had behind it: it is
    /// what can be merged with that of other sources.
    #[must_use]
    pub fn keeping_first(self) -> Several<S> {
        Several {
            first: Some(Arc::default()),
            ..self
        }
    }

    /// What the first pass came to, if it was kept and there was a question
    /// whether another one is needed.
    pub fn take_first(&self) -> Option<SeveralPartial<S>> {
        let first = self.first.as_ref()?.lock();
        first.unwrap_or_else(PoisonError::into_inner).take()
    }

    /// What stands for the numbers of one source that nobody looks at, of the
    /// statistic in this place.
    pub fn unwanted(&self, at: usize) -> Option<S::Partial> {
        let sits_out = self.members.get(at).filter(|m| m.settled.is_some())?;
        Some(sits_out.statistic.identity())
    }

    /// The members that take part in this pass, with their places.
    fn active(&self) -> impl Iterator<Item = (usize, &S)> {
        let members = self.members.iter().enumerate();
        members.filter_map(|(at, m)| m.settled.is_none().then_some((at, &*m.statistic)))
    }
}

impl<S: Statistic + Send> Statistic for Several<S> {
    type Partial = SeveralPartial<S>;
    type Output = Vec<S::Output>;
    type Worker = SeveralWorker<S>;

    fn needs(&self) -> Needs {
        let needs = self.active().map(|(_, s)| s.needs());
        needs.fold(Needs::NOTHING, Needs::and)
    }

    fn prepare(&self, head: &Head) -> Result<()> {
        self.active().try_for_each(|(_, s)| s.prepare(head))
    }

    fn worker(&self, head: &Head) -> Self::Worker {
        let worker = |m: &Member<S>| m.settled.is_none().then(|| m.statistic.worker(head));
        SeveralWorker {
            members: self.members.iter().map(worker).collect(),
            shared: Shared::default(),
        }
    }

    fn identity(&self) -> Self::Partial {
        let identity = |m: &Member<S>| m.settled.is_none().then(|| m.statistic.identity());
        self.members.iter().map(identity).collect()
    }

    fn scan(&self, worker: &mut Self::Worker, scan: &Scan<'_>, partial: &mut Self::Partial) {
        let SeveralWorker { members, shared } = worker;
        let alone = self.active().count() < 2 || scan.headers().is_some();
        let scan = if alone { scan } else { &scan.sharing(shared) };
        for (at, statistic) in self.active() {
            if let (Some(worker), Some(partial)) = (&mut members[at], &mut partial[at]) {
                statistic.scan(worker, scan, partial);
            }
        }
    }

    fn pass_by(&self, worker: &mut Self::Worker, scan: &Scan<'_>, partial: &mut Self::Partial) {
        for (at, statistic) in self.active() {
            if let (Some(worker), Some(partial)) = (&mut worker.members[at], &mut partial[at]) {
                statistic.pass_by(worker, scan, partial);
            }
        }
    }

    fn unread(&self) -> Vec<Unread> {
        self.members
            .iter()
            .flat_map(|m| m.statistic.unread())
            .collect()
    }

    fn shift(&self, partial: &mut Self::Partial, by: Shift) {
        for (member, partial) in self.members.iter().zip(partial) {
            if let Some(partial) = partial {
                member.statistic.shift(partial, by);
            }
        }
    }

    fn merge(&self, earlier: &mut Self::Partial, later: Self::Partial) {
        for ((member, earlier), later) in self.members.iter().zip(earlier).zip(later) {
            match (earlier, later) {
                (Some(earlier), Some(later)) => member.statistic.merge(earlier, later),
                (earlier @ None, later) => *earlier = later,
                (Some(_), None) => {}
            }
        }
    }

    fn unmerged(&self) -> Option<u64> {
        let each = self.active().filter_map(|(_, s)| s.unmerged());
        each.reduce(u64::saturating_add)
    }

    fn weight(&self, partial: &Self::Partial) -> u64 {
        let each = self.members.iter().zip(partial);
        let weight = |(member, partial): (&Member<S>, &Option<S::Partial>)| {
            let partial = partial.as_ref();
            partial.map_or(0, |partial| member.statistic.weight(partial))
        };
        each.map(weight).sum()
    }

    fn finish(&self, merged: Self::Partial) -> Self::Output {
        let mut merged = merged.into_iter();
        let finish = |member: &Member<S>| {
            let (statistic, seen) = (&member.statistic, merged.next().flatten());
            let partial = seen.or_else(|| Some(unsettled(member.settled.as_ref()?)));
            statistic.finish(partial.unwrap_or_else(|| statistic.identity()))
        };
        self.members.iter().map(finish).collect()
    }

    fn not_made(&self) -> Self::Partial {
        let not_made = |m: &Member<S>| match &m.earlier {
            _ if m.settled.is_some() => None,
            Some(earlier) => Some(unsettled(earlier)),
            None => Some(m.statistic.not_made()),
        };
        self.members.iter().map(not_made).collect()
    }

    fn next_pass(&self, merged: Self::Partial) -> Pass<Self> {
        if let Some(first) = &self.first {
            let mut first = first.lock().unwrap_or_else(PoisonError::into_inner);
            first.get_or_insert_with(|| merged.clone());
        }
        let (mut again, mut members) = (false, Vec::new());
        for (member, partial) in self.members.iter().zip(merged) {
            let same = Arc::clone(&member.statistic);
            let (statistic, settled) = match (&member.settled, partial) {
                (Some(settled), _) => (same, Some(Arc::clone(settled))),
                (None, None) => (same, None),
                (None, Some(partial)) => match member.statistic.next_pass(partial) {
                    Pass::Done(partial) => (same, Some(settled(partial))),
                    Pass::Again(next) => {
                        again = true;
                        (Arc::new(next), None)
                    }
                },
            };
            members.push(Member {
                statistic,
                every_pass: member.every_pass,
                settled,
                earlier: None,
            });
        }
        if !again {
            let settled = members.into_iter().map(|member| member.settled);
            return Pass::Done(settled.map(|settled| settled.map(taken)).collect());
        }
        for member in &mut members {
            if member.every_pass {
                member.earlier = member.settled.take();
            }
        }
        Pass::Again(Several {
            members,
            first: self.first.clone(),
        })
    }
}

impl<S: WireStatistic + Send> WireStatistic for Several<S> {
    fn kind(&self) -> Kind {
        Kind::Set
    }

    fn accepts(&self, partial: &Self::Partial, sources: u32) -> bool {
        let mut pairs = self.members.iter().zip(partial);
        partial.len() == self.members.len()
            && pairs.all(|(member, partial)| {
                let accepts = |partial| member.statistic.accepts(partial, sources);
                partial.as_ref().is_none_or(accepts)
            })
    }
}
