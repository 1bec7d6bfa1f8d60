//! Several statistics in one pass, as one.

use super::{Head, Kind, Needs, Scan, Shift, Statistic, WireStatistic};
use crate::{error::Result, key::Unread};

macro_rules! tuple {
    ($($name:ident $index:tt),+) => {
        impl<$($name: Statistic),+> Statistic for ($($name,)+) {
            type Partial = ($($name::Partial,)+);
            type Output = ($($name::Output,)+);
            type Worker = ($($name::Worker,)+);

            fn needs(&self) -> Needs {
                Needs::NOTHING$(.and(self.$index.needs()))+
            }

            fn prepare(&self, head: &Head) -> Result<()> {
                $(self.$index.prepare(head)?;)+
                Ok(())
            }

            fn unread(&self) -> Vec<Unread> {
                let mut unread = Vec::new();
                $(unread.append(&mut self.$index.unread());)+
                unread
            }

            fn worker(&self, head: &Head) -> Self::Worker {
                ($(self.$index.worker(head),)+)
            }

            fn identity(&self) -> Self::Partial {
                ($(self.$index.identity(),)+)
            }

            fn scan(
                &self,
                worker: &mut Self::Worker,
                scan: &Scan<'_>,
                partial: &mut Self::Partial,
            ) {
                $(self.$index.scan(&mut worker.$index, scan, &mut partial.$index);)+
            }

            fn pass_by(
                &self,
                worker: &mut Self::Worker,
                scan: &Scan<'_>,
                partial: &mut Self::Partial,
            ) {
                $(self.$index.pass_by(&mut worker.$index, scan, &mut partial.$index);)+
            }

            fn shift(&self, partial: &mut Self::Partial, by: Shift) {
                $(self.$index.shift(&mut partial.$index, by);)+
            }

            fn merge(&self, earlier: &mut Self::Partial, later: Self::Partial) {
                $(self.$index.merge(&mut earlier.$index, later.$index);)+
            }

            fn unmerged(&self) -> Option<u64> {
                [$(self.$index.unmerged(),)+].into_iter().flatten().reduce(u64::saturating_add)
            }

            fn weight(&self, partial: &Self::Partial) -> u64 {
                0$( + self.$index.weight(&partial.$index))+
            }

            fn finish(&self, merged: Self::Partial) -> Self::Output {
                ($(self.$index.finish(merged.$index),)+)
            }
        }

        impl<$($name: WireStatistic),+> WireStatistic for ($($name,)+) {
            fn kind(&self) -> Kind {
                Kind::Set
            }

            fn accepts(&self, partial: &Self::Partial, sources: u32) -> bool {
                true$( && self.$index.accepts(&partial.$index, sources))+
            }
        }
    };
}

tuple!(A 0, B 1);
tuple!(A 0, B 1, C 2);
tuple!(A 0, B 1, C 2, D 3);

/// One that may have been left out.
impl<S: Statistic> Statistic for Option<S> {
    type Partial = Option<S::Partial>;
    type Output = Option<S::Output>;
    type Worker = Option<S::Worker>;

    fn needs(&self) -> Needs {
        self.as_ref().map_or(Needs::NOTHING, S::needs)
    }

    fn prepare(&self, head: &Head) -> Result<()> {
        self.as_ref().map_or(Ok(()), |s| s.prepare(head))
    }

    fn unread(&self) -> Vec<Unread> {
        self.as_ref().map_or_else(Vec::new, S::unread)
    }

    fn worker(&self, head: &Head) -> Self::Worker {
        self.as_ref().map(|s| s.worker(head))
    }

    fn identity(&self) -> Self::Partial {
        self.as_ref().map(S::identity)
    }

    fn scan(&self, worker: &mut Self::Worker, scan: &Scan<'_>, partial: &mut Self::Partial) {
        if let (Some(s), Some(worker), Some(partial)) = (self, worker, partial) {
            s.scan(worker, scan, partial);
        }
    }

    fn pass_by(&self, worker: &mut Self::Worker, scan: &Scan<'_>, partial: &mut Self::Partial) {
        if let (Some(s), Some(worker), Some(partial)) = (self, worker, partial) {
            s.pass_by(worker, scan, partial);
        }
    }

    fn shift(&self, partial: &mut Self::Partial, by: Shift) {
        if let (Some(s), Some(partial)) = (self, partial) {
            s.shift(partial, by);
        }
    }

    fn merge(&self, earlier: &mut Self::Partial, later: Self::Partial) {
        if let (Some(s), Some(earlier), Some(later)) = (self, earlier, later) {
            s.merge(earlier, later);
        }
    }

    fn unmerged(&self) -> Option<u64> {
        self.as_ref()?.unmerged()
    }

    fn weight(&self, partial: &Self::Partial) -> u64 {
        match (self, partial) {
            (Some(s), Some(partial)) => s.weight(partial),
            _ => 0,
        }
    }

    fn finish(&self, merged: Self::Partial) -> Self::Output {
        Some(self.as_ref()?.finish(merged?))
    }
}

impl<S: WireStatistic> WireStatistic for Option<S> {
    fn kind(&self) -> Kind {
        Kind::Set
    }

    fn accepts(&self, partial: &Self::Partial, sources: u32) -> bool {
        match (self, partial) {
            (Some(s), Some(partial)) => s.accepts(partial, sources),
            (None, None) => true,
            _ => false,
        }
    }
}
