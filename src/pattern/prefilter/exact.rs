//! Matches found without the regex engine.
//!
//! Where no byte can belong to two neighbours of a sequence of runs, there is
//! one way to walk through it: each run is as long as it is. Bytes from 0x80
//! on may stand for a character that belongs to a run; then nothing is said,
//! and the engine is asked.

use super::{
    sequence::{Group, Run, Sequence},
    window::Window,
};

/// What is known of a match near a place.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Near {
    /// There it is: start and end.
    Match(usize, usize),
    /// None has its window there.
    None,
    /// The engine knows whether one has.
    Ask,
}

/// What a byte means for a run that is walked along.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Walk {
    /// It is in the run.
    On,
    /// The run ends before it.
    Stop,
    /// The engine knows.
    Ask,
}

/// What a byte means for each run but those of one byte.
type Walks = [Walk; 256];

/// A run of more bytes is left to the engine, which goes through a line once:
/// from each of many places to the end of a long line is a long way.
const LONG: usize = 1 << 12;

/// How a walk gets over a run.
#[derive(Clone, Debug)]
enum Step {
    /// It is this byte.
    Byte(u8),
    /// It is as long as it is.
    Run(Box<Walks>),
}

/// A sequence that there is one way to walk through.
#[derive(Clone, Debug)]
pub(super) struct Exact {
    runs: Vec<Run>,
    steps: Vec<Step>,
    /// What a byte means for the first run.
    first: Box<Walks>,
    /// The runs at which the match or a capture starts, or a capture ends.
    marks: Vec<usize>,
    /// By run, how many characters those before it have at least.
    before: Vec<usize>,
    groups: Vec<Group>,
}

impl Exact {
    /// `None` if the sequence is not all there is to the regex, or if there is
    /// more than one way.
    pub(super) fn new(sequence: &Sequence) -> Option<Exact> {
        let runs = &sequence.runs;
        let apart = |pair: &[Run]| match (pair[0].class, pair[1].class) {
            // Bytes from 0x80 on are in both, but are asked about.
            (Some(mut a), Some(b)) => {
                (0x80..=0xff).for_each(|byte| a.remove(byte));
                a.is_apart(&b)
            }
            _ => false,
        };
        let one_way = |pair: &[Run]| pair[0].max == Some(pair[0].min) || apart(pair);
        let all = runs.iter().all(|run| run.class.is_some() && run.min > 0);
        let can = sequence.exact && !runs.is_empty() && all && runs.windows(2).all(one_way);
        can.then(|| Exact {
            steps: runs.iter().map(step).collect(),
            first: walks(&runs[0]),
            marks: marks(sequence),
            before: (0..=runs.len()).map(|run| least(&runs[..run])).collect(),
            runs: runs.clone(),
            groups: sequence.groups.clone(),
        })
    }

    /// Whether a walk may begin where a window does.
    pub(super) fn begins_with(&self, window: &Window) -> bool {
        let beyond = window.of_first < window.classes.len();
        window.first_run == 0 && (self.runs.len() == 1 || beyond)
    }

    /// How many runs a window that begins the walk knows all about.
    pub(super) fn known(&self, window: &Window) -> usize {
        let mut len = 0;
        let whole = self.runs.iter().take_while(|run| {
            len += run.min as usize;
            run.is_fixed() && len <= window.classes.len()
        });
        whole.count()
    }

    /// The match whose first run has a byte at `at`, which is the first of the
    /// last bytes of this run that there must be. It starts at `from` or
    /// behind. `starts` gets where those runs start that a capture starts or ends
    /// with, and the end of the last.
    /// Of the `known` first runs, which have one length each, the caller has
    /// seen that they are there.
    #[inline]
    pub(super) fn near(
        &self,
        text: &[u8],
        (from, at): (usize, usize),
        known: usize,
        mut starts: impl FnMut(usize, usize),
    ) -> Near {
        let mut start = at;
        let first = &self.runs[0];
        // What comes behind is looked at first: most places are no match.
        let later = first.max.is_none();
        if !later && first.max != Some(first.min) {
            start = match self.first_start(text, from, at) {
                Some(start) => start,
                None => return Near::Ask,
            };
            if let (Some(max), [_, _, ..]) = (first.max, &self.runs[..]) {
                // The run ends where it ends; so it starts late enough.
                let walk = |byte: &u8| self.first[usize::from(*byte)];
                let mut behind = text[at..].iter().map(walk);
                let rest = behind.position(|walk| walk != Walk::On);
                let rest = rest.unwrap_or(text.len() - at);
                if let Some(Walk::Ask) = text.get(at + rest).map(walk) {
                    return Near::Ask;
                }
                start = start.max((at + rest).saturating_sub(max as usize));
            }
        }
        let mut marks = self.marks.iter();
        let mut mark = marks.next();
        let mut end = start;
        if known > 0 {
            while let Some(&run) = mark
                && run < known
            {
                starts(run, start + self.before[run]);
                mark = marks.next();
            }
            end += self.before[known];
        }
        let mut first_end = start;
        for (i, (run, step)) in self.runs.iter().zip(&self.steps).enumerate().skip(known) {
            if mark == Some(&i) {
                starts(i, end);
                mark = marks.next();
            }
            match step {
                Step::Byte(byte) if text.get(end) == Some(byte) => end += 1,
                Step::Byte(_) => return Near::None,
                Step::Run(walks) => {
                    let begin = end;
                    end = match run_end(run, walks, text, begin) {
                        Some(end) => end,
                        None => return Near::Ask,
                    };
                    if i == 0 && later {
                        first_end = end;
                    } else if end - begin < run.min as usize {
                        return Near::None;
                    }
                }
            }
        }
        if later {
            start = match self.first_start(text, from, at) {
                Some(start) => start,
                None => return Near::Ask,
            };
            if first_end - start < first.min as usize {
                return Near::None;
            }
            starts(0, start);
        }
        starts(self.runs.len(), end);
        Near::Match(start, end)
    }

    /// Where the first run starts that has a byte at `at`, not before `from`;
    /// `None` if the bytes do not tell.
    #[inline]
    fn first_start(&self, text: &[u8], from: usize, at: usize) -> Option<usize> {
        let mut start = at;
        if let Walk::Ask = self.first[usize::from(text[at])] {
            return None;
        }
        while start > from {
            match self.first[usize::from(text[start - 1])] {
                Walk::On => start -= 1,
                Walk::Stop => break,
                Walk::Ask => return None,
            }
        }
        Some(start)
    }

    /// The literal that is all there is but for the last run, if it has at most so many
    /// bytes, and that run.
    pub(super) fn literal_and_tail(&self, most: usize) -> Option<(Vec<u8>, Tail)> {
        let (last, runs) = self.runs.split_last()?;
        let mut literal = Vec::new();
        for run in runs {
            let byte = run.class.filter(|_| run.is_fixed())?.only()?;
            if run.min as usize > most - literal.len() {
                return None;
            }
            literal.extend(std::iter::repeat_n(byte, run.min as usize));
        }
        let (run, walks) = (*last, walks(last));
        Some((literal, Tail { run, walks }))
    }

    /// How far behind the start of a match a part of it begins, if all parts but the
    /// last have one length; `None` for the end of the match.
    pub(super) fn offset(&self, part: usize) -> Option<usize> {
        (part < self.runs.len()).then(|| self.before[part])
    }

    /// Where a capture is: from the start of one run to that of another.
    pub(super) fn group(&self, number: usize) -> Option<(usize, usize)> {
        if number == 0 {
            return Some((0, self.runs.len()));
        }
        let mut groups = self.groups.iter();
        groups
            .find(|group| group.0 as usize == number)
            .map(|&(_, start, end)| (start, end))
    }
}

/// The last run of a sequence.
#[derive(Clone, Debug)]
pub(super) struct Tail {
    run: Run,
    walks: Box<Walks>,
}

impl Tail {
    /// Where it ends, if it begins at `at`; `None` if the engine knows.
    #[inline]
    pub(super) fn end(&self, text: &[u8], at: usize) -> Option<usize> {
        run_end(&self.run, &self.walks, text, at)
    }

    /// How many bytes it has at least.
    #[inline]
    pub(super) fn least(&self) -> usize {
        self.run.min as usize
    }
}

/// Where a run ends that begins at `at`; `None` if the engine knows.
#[inline]
fn run_end(run: &Run, walks: &Walks, text: &[u8], at: usize) -> Option<usize> {
    let most = run.max.map_or(usize::MAX, |max| max as usize);
    let most = at.saturating_add(most).min(text.len());
    let mut end = at;
    while end < most {
        match walks[usize::from(text[end])] {
            Walk::On => end += 1,
            Walk::Stop => break,
            Walk::Ask => return None,
        }
    }
    (end - at <= LONG).then_some(end)
}

fn step(run: &Run) -> Step {
    let byte = run.class.and_then(|class| class.only());
    match byte.filter(|_| run.is_fixed() && run.min == 1) {
        Some(byte) => Step::Byte(byte),
        None => Step::Run(walks(run)),
    }
}

fn marks(sequence: &Sequence) -> Vec<usize> {
    let bounds = sequence.groups.iter().flat_map(|group| [group.1, group.2]);
    let inside = bounds.filter(|&run| run < sequence.runs.len());
    let mut runs: Vec<usize> = inside.chain([0]).collect();
    runs.sort_unstable();
    runs.dedup();
    runs
}

/// How many characters these runs have at least.
fn least(runs: &[Run]) -> usize {
    runs.iter().map(|run| run.min as usize).sum()
}

fn walks(run: &Run) -> Box<Walks> {
    let mut walks = [Walk::Stop; 256];
    for byte in 0..=255_u8 {
        walks[usize::from(byte)] = if run.unsure && byte >= 0x80 {
            Walk::Ask
        } else if run.has(byte) {
            Walk::On
        } else {
            Walk::Stop
        };
    }
    Box::new(walks)
}
