//! Going on with a file where an earlier run ended.

use std::{fmt, ops::Range};

use serde::{Deserialize, Serialize};

use super::{Ending, Fold, FoldOptions, Part, chunks::ChunkIter};
use crate::{
    chunk::whole_until,
    error::{Error, ErrorKind, Result},
    source::{Change, FileFingerprint, Source},
    statistic::{Head, Statistic, WireStatistic, sound},
    time::{Chosen, Format},
};

/// What is kept of a file to go on with it: plain data.
///
/// It is about whole records only. A line that has not ended, and a record of
/// many lines that the next line may belong to, are not in it.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Checkpoint<P> {
    /// The file, and how far it was read.
    pub mark: FileFingerprint,
    /// What its first bytes decided.
    pub head: Head,
    /// What was computed of what was read.
    pub part: Part<P>,
}

/// What is wanted of a file with which a run goes on.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Reach {
    /// The answer over all of it, as one run from its start gives it. What is
    /// not known to be as it was is read anew.
    All,
    /// Only records that are whole and were not when it was read last. What its
    /// first bytes decide holds from now on.
    New,
    /// What is new, to the very end of the file, since nobody writes to it any more.
    Rest,
}

/// What comes of going on with a file.
#[derive(Debug)]
pub struct Resumed<P> {
    /// What is wanted.
    pub part: Part<P>,
    /// To go on from here; `None` if the run did not end well, or the file is
    /// none to go on with.
    pub kept: Option<Checkpoint<P>>,
    /// Why it was read from its start although an earlier run had read it.
    pub anew: Option<Anew>,
    /// Bytes that were gone through.
    pub read: u64,
    /// How it ended.
    pub ending: Ending,
}

/// Why a file is read from its start.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Anew {
    /// It is not the file that was read.
    File(Change),
    /// While it was short, its first bytes said something else about this.
    Head(&'static str),
}

impl fmt::Display for Anew {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Anew::File(change) => change.fmt(f),
            Anew::Head(what) => write!(f, "has grown so that {what} looks different now"),
        }
    }
}

impl Fold<'_> {
    /// Goes on with a file behind what an earlier run has kept of it, or begins
    /// with it. The range of the options is not looked at.
    ///
    /// # Errors
    /// When threads cannot be started. That the file cannot be read is told by
    /// the ending.
    pub fn resume<S: Statistic>(
        &self,
        statistic: &S,
        source: &Source,
        before: Option<Checkpoint<S::Partial>>,
        reach: Reach,
    ) -> Result<Resumed<S::Partial>> {
        let mut resumed = Resumed {
            part: Part::empty(statistic),
            kept: None,
            anew: None,
            read: 0,
            ending: Ending::Complete { grew: false },
        };
        let begun = self.begin(statistic, source, before, reach, &mut resumed);
        let (mark, head) = match begun {
            Ok(begun) => begun,
            Err(error) => {
                resumed.ending = Ending::Failed(error.or_at(source.name()));
                return Ok(resumed);
            }
        };
        let (from, until) = (resumed.part.bytes, mark.bytes());
        self.stretch(statistic, (source, &head), from..until, &mut resumed)?;
        if !resumed.ending.is_complete() {
            return Ok(resumed);
        }
        let part = resumed.part.clone();
        let len = source.len().unwrap_or(until);
        if reach != Reach::New {
            self.stretch(statistic, (source, &head), until..len, &mut resumed)?;
        }
        if resumed.ending.is_complete() {
            let mut head = head;
            if let Some(format) = &mut head.time {
                format.forget_anchors();
            }
            resumed.kept = Some(Checkpoint { mark, head, part });
        }
        Ok(resumed)
    }

    /// Puts what is known before the part, and says how far whole records go.
    /// The bytes that will tell the file are looked at before it is scanned, so
    /// that what the scan finds intact were these.
    fn begin<S: Statistic>(
        &self,
        statistic: &S,
        source: &Source,
        before: Option<Checkpoint<S::Partial>>,
        reach: Reach,
        resumed: &mut Resumed<S::Partial>,
    ) -> Result<(FileFingerprint, Head)> {
        let mut pieces = ChunkIter::new(source, &self.options, self.stop)?;
        let mut head = self.head(statistic, source, &mut pieces, &|_, _| {})?;
        head.len = source.len();
        if let Some(kept) = before.filter(|kept| kept.part.bytes > 0) {
            resumed.anew = kept.anew(source, &head, reach)?;
            if resumed.anew.is_none() {
                resumed.part = kept.part;
                keep_year(&mut head, &kept.head);
            }
        }
        let until = whole_until(source, &head.record, resumed.part.bytes)?;
        let mark = FileFingerprint::of(source, until)?.ok_or_else(|| {
            let why = "is no plain file that could be gone on with";
            Error::at(source.name(), ErrorKind::Config(why.into()))
        })?;
        Ok((mark, head))
    }

    /// Appends what comes of a stretch of the file.
    fn stretch<S: Statistic>(
        &self,
        statistic: &S,
        (source, head): (&Source, &Head),
        range: Range<u64>,
        resumed: &mut Resumed<S::Partial>,
    ) -> Result<()> {
        if range.is_empty() {
            return Ok(());
        }
        let fold = Fold {
            options: FoldOptions {
                head: Some(head.clone()),
                range: Some(range),
                ..self.options.clone()
            },
            ..self.clone()
        };
        let folded = fold.run(statistic, source)?;
        resumed.read += folded.part.bytes;
        resumed.part.append(statistic, folded.part);
        resumed.ending = folded.ending;
        Ok(())
    }
}

impl<P> Checkpoint<P> {
    /// What is kept of a file of which nothing was read yet.
    pub fn of_empty(
        mark: FileFingerprint,
        statistic: &impl Statistic<Partial = P>,
    ) -> Checkpoint<P> {
        Checkpoint {
            mark,
            head: Head::default(),
            part: Part::empty(statistic),
        }
    }

    /// Whether a run can have kept this, which anyone may have written: what goes
    /// on from it is then an answer.
    pub fn is_sound(&self, statistic: &impl WireStatistic<Partial = P>) -> bool {
        let Part {
            bytes,
            newlines,
            ref partial,
        } = self.part;
        let format = self.head.time.as_ref();
        bytes == self.mark.bytes()
            && newlines <= bytes
            && sound::counts([bytes])
            && format.is_none_or(Format::is_sound)
            && statistic.accepts(partial, 1)
    }

    /// Why the file must be read from its start.
    fn anew(&self, source: &Source, head: &Head, reach: Reach) -> Result<Option<Anew>> {
        if reach != Reach::All {
            return Ok(self.mark.change(source)?.map(Anew::File));
        }
        let change = self.mark.change_at_all(source)?.map(Anew::File);
        Ok(change.or_else(|| differing(&self.head, head).map(Anew::Head)))
    }
}

/// In what two heads of a file differ that grew in between.
fn differing(before: &Head, now: &Head) -> Option<&'static str> {
    let written = |head: &Head| head.time.as_ref().map(Format::as_written);
    let first = |head: &Head| head.time.as_ref().and_then(Format::known_year);
    if before.line_ending != now.line_ending {
        Some("how its lines end")
    } else if written(before) != written(now) {
        Some("how its timestamps are written")
    } else if before.format != now.format || before.columns != now.columns {
        Some("the format of its records")
    } else if first(before) != first(now) {
        Some("the year of its first line")
    } else if before.first_line != now.first_line {
        Some("its first line")
    } else {
        None
    }
}

/// The year of the first timestamp stays what it was; the latest that one can
/// be moves on with the file. Whether years are known by the order of all lines stays
/// as it was too, since what is counted by them is kept elsewhere.
fn keep_year(head: &mut Head, before: &Head) {
    let (Some(format), Some(before)) = (&mut head.time, &before.time) else {
        return;
    };
    format.keep_anchors(before);
    let (Some(year), Some(before)) = (&mut format.year, before.year) else {
        return;
    };
    (year.first, year.from) = (before.first, before.from);
    for chosen in &mut format.chosen {
        if let Chosen::Year(first, from) = chosen {
            (*first, *from) = (before.first, before.from);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{format::Formats, time::Options};

    fn head(year: i64) -> Head {
        let options = Options {
            modified: Some((year - 1970) * 31_556_952 + 30_000_000),
            ..Options::default()
        };
        Head::of_with(b"Nov 23 14:30:05 host x\n", &options, None)
    }

    /// The year may be another when the file has grown, and states of before say nothing of
    /// what was chosen.
    #[test]
    fn heads_differ_in_the_format_that_they_show() {
        let formats = Formats::default();
        let head = |text: &[u8]| Head::of_with(text, &Options::default(), Some(&formats));
        let before = head(b"Nov 23 14:30:05 web sshd[1]: x\n");
        let same = head(b"Nov 23 14:30:05 web sshd[1]: x\nNov 23 14:30:06 web sshd[1]: y=1\n");
        let other = head(
            b"Nov 23 14:30:05 web sshd[1]: x\nNov 23 14:30:06 web a[1]: x\n\
              Nov 23 14:30:07 web b[1]: x\nNov 23 14:30:08 web c[1]: x\n",
        );
        assert_eq!(differing(&before, &same), None);
        let why = differing(&before, &other);
        assert_eq!(why, Some("the format of its records"));
    }

    #[test]
    fn heads_differ_in_what_is_read_and_not_in_what_was_chosen() {
        let mut before = head(2025);
        assert_eq!(differing(&before, &head(2026)), None);
        before.time.as_mut().expect("a format").chosen.clear();
        assert_eq!(differing(&before, &head(2025)), None);
        let mut now = head(2026);
        keep_year(&mut now, &before);
        let format = now.time.expect("a format");
        let first = before.time.as_ref().and_then(|format| format.year);
        let first = first.expect("a year").first;
        assert_eq!(format.year.map(|year| year.first), Some(first));
        assert_eq!(
            format.chosen,
            [Chosen::Year(first, crate::time::YearFrom::Mtime)]
        );
        let other = Head::of(b"2026-11-23T14:30:05Z x\n");
        assert!(differing(&before, &other).is_some());
    }
}
