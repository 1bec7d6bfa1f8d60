//! Any of the statistics that answer a question, where it is known only when
//! the program runs which.

use serde::{Deserialize, Serialize};

use super::{
    Count, Either, Head, Kind, Needs, Pass, Plain, Rich, Scan, Shift, Statistic, Templates, Text,
    TextBy, Timeline, Top, Values, WireStatistic,
};
use crate::{error::Result, key::Unread};

/// [`Top`] with as much as is asked for.
type AnyTop = Either<Top<Plain>, Top<Rich>>;

/// [`Text`], and by key where that is asked for.
type AnyText = (Text, Option<TextBy>);

macro_rules! any {
    ($($(#[$doc:meta])* $name:ident($type:ty),)+) => {
        /// Any of the statistics that answer a question.
        #[derive(Debug)]
        #[allow(clippy::large_enum_variant, reason = "there are few of them")]
        pub enum Any {
            $($(#[$doc])* $name($type),)+
        }

        /// What [`Any`] keeps.
        #[derive(Clone, Debug, Deserialize, Serialize)]
        #[serde(rename_all = "snake_case")]
        #[allow(clippy::large_enum_variant, reason = "there are few of them")]
        pub enum AnyPartial {
            $($(#[$doc])* $name(<$type as Statistic>::Partial),)+
        }

        /// What [`Any`] found out.
        #[derive(Clone, Debug)]
        #[allow(clippy::large_enum_variant, reason = "there are few of them")]
        pub enum AnyAnswer {
            $($(#[$doc])* $name(<$type as Statistic>::Output),)+
        }

        /// What a thread keeps for [`Any`].
        #[allow(missing_debug_implementations, reason = "caches of matchers have no debug form")]
        #[allow(clippy::large_enum_variant, reason = "there are few of them")]
        pub enum AnyWorker {
            $($(#[$doc])* $name(<$type as Statistic>::Worker),)+
        }

        /// Partials and workers are those of the statistic they are given to;
        /// others are left as they are.
        impl Statistic for Any {
            type Partial = AnyPartial;
            type Output = AnyAnswer;
            type Worker = AnyWorker;

            fn needs(&self) -> Needs {
                match self { $(Any::$name(s) => s.needs(),)+ }
            }

            fn prepare(&self, head: &Head) -> Result<()> {
                match self { $(Any::$name(s) => s.prepare(head),)+ }
            }

            fn unread(&self) -> Vec<Unread> {
                match self { $(Any::$name(s) => s.unread(),)+ }
            }

            fn worker(&self, head: &Head) -> AnyWorker {
                match self { $(Any::$name(s) => AnyWorker::$name(s.worker(head)),)+ }
            }

            fn identity(&self) -> AnyPartial {
                match self { $(Any::$name(s) => AnyPartial::$name(s.identity()),)+ }
            }

            fn scan(&self, worker: &mut AnyWorker, scan: &Scan<'_>, partial: &mut AnyPartial) {
                match (self, worker, partial) {
                    $((Any::$name(s), AnyWorker::$name(worker), AnyPartial::$name(partial)) => {
                        s.scan(worker, scan, partial);
                    })+
                    _ => debug_assert!(false, "made by another statistic"),
                }
            }

            fn pass_by(&self, worker: &mut AnyWorker, scan: &Scan<'_>, partial: &mut AnyPartial) {
                match (self, worker, partial) {
                    $((Any::$name(s), AnyWorker::$name(worker), AnyPartial::$name(partial)) => {
                        s.pass_by(worker, scan, partial);
                    })+
                    _ => debug_assert!(false, "made by another statistic"),
                }
            }

            fn shift(&self, partial: &mut AnyPartial, by: Shift) {
                match (self, partial) {
                    $((Any::$name(s), AnyPartial::$name(partial)) => s.shift(partial, by),)+
                    _ => {}
                }
            }

            fn merge(&self, earlier: &mut AnyPartial, later: AnyPartial) {
                match (self, earlier, later) {
                    $((Any::$name(s), AnyPartial::$name(earlier), AnyPartial::$name(later)) => {
                        s.merge(earlier, later);
                    })+
                    _ => {}
                }
            }

            fn unmerged(&self) -> Option<u64> {
                match self { $(Any::$name(s) => s.unmerged(),)+ }
            }

            fn weight(&self, partial: &AnyPartial) -> u64 {
                match (self, partial) {
                    $((Any::$name(s), AnyPartial::$name(partial)) => s.weight(partial),)+
                    _ => 0,
                }
            }

            fn finish(&self, merged: AnyPartial) -> AnyAnswer {
                match (self, merged) {
                    $((Any::$name(s), AnyPartial::$name(merged)) => {
                        AnyAnswer::$name(s.finish(merged))
                    })+
                    $((Any::$name(s), _) => AnyAnswer::$name(s.finish(s.identity())),)+
                }
            }

            fn next_pass(&self, merged: AnyPartial) -> Pass<Any> {
                match (self, merged) {
                    $((Any::$name(s), AnyPartial::$name(merged)) => match s.next_pass(merged) {
                        Pass::Done(merged) => Pass::Done(AnyPartial::$name(merged)),
                        Pass::Again(s) => Pass::Again(Any::$name(s)),
                    },)+
                    (_, foreign) => Pass::Done(foreign),
                }
            }
        }

        impl WireStatistic for Any {
            fn kind(&self) -> Kind {
                match self { $(Any::$name(s) => s.kind(),)+ }
            }

            fn accepts(&self, partial: &AnyPartial, sources: u32) -> bool {
                match (self, partial) {
                    $((Any::$name(s), AnyPartial::$name(partial)) => s.accepts(partial, sources),)+
                    _ => false,
                }
            }
        }
    };
}

any! {
    /// See [`Count`].
    Count(Count),
    /// See [`Text`] and [`TextBy`].
    Text(AnyText),
    /// See [`Top`].
    Top(AnyTop),
    /// See [`Values`].
    Values(Values),
    /// See [`Timeline`].
    Timeline(Timeline),
    /// See [`Templates`].
    Templates(Templates),
}
