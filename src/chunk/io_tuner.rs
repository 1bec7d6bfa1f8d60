//! Whether a chunk of a mapped file is looked at in the map or copied out.
//!
//! Which is cheaper is a matter of the machine and of the file's pages in the
//! page cache: pages that came one by one cost a map more than a copy (on two
//! threads 18 GB/s against 29), large folios less (38 against 34), and a
//! kernel with costly system calls turns that round. So both are tried and the
//! processor time of the thread is compared, fetch and scan together. That is
//! not disturbed by other processes, as a stopwatch would be, and the answer
//! is the same either way.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

/// How the bytes of one chunk are to be had.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Way {
    Copy = 0,
    Map = 1,
}

/// So many chunks in a row go one way to try it. A copy among chunks of the map
/// finds its buffer gone from the cache and costs half as much again as in a row
/// of copies (190 ps a byte against 128), so only the second half of a row counts.
const ROW: u64 = 8;

/// How many chunks of a row count.
pub(super) const COUNTS: u64 = ROW / 2;

/// Of how many trials the mean counts, but for the dearest quarter: a neighbour on
/// the machine makes single ones dear.
const TRIALS: usize = 4 * COUNTS as usize;

/// How many chunks after one trial of both ways comes the next, for the first ones
/// and for those that follow. Chunks of one file cost from 60 to 200 ps a byte, by
/// how their pages came into the cache, and neighbours cost the same: so trials are
/// spread out. They are not free: the first copies of a row cost up to three times a
/// chunk in the map, and with 512 between, trials took 3 % of a count of newlines.
const BETWEEN: [u64; 2] = [256, 1024];

/// So many chunks count as the first ones.
const FIRST: u64 = 1024;

/// Chunks outside of these sizes are looked at in the map: a small one is not
/// worth a system call, a large one (a line of this length) not the memory.
const WORTH_A_COPY: std::ops::RangeInclusive<u64> = 64 << 10..=8 << 20;

/// So many chunks are looked at in the map before the first trial: in the first
/// milliseconds of a run both ways cost more than later, and a copy by more.
const BEFORE: u64 = 48;

/// A file of fewer chunks is looked at in the map: too little is left of it behind
/// the trials.
const WORTH_TRIALS: u64 = BEFORE + 4 * ROW;

/// The two ways through one file.
#[derive(Debug, Default)]
pub(super) struct IoTuner(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    chosen: u64,
    /// The way of the last chunk that was no trial.
    kept: Option<Way>,
    /// The last trials of each way.
    costs: [Costs; 2],
    /// What it cost last to give pages of the map back, in picoseconds a byte.
    giving_back: u64,
}

/// What the last trials of one way cost, in picoseconds a byte.
#[derive(Debug, Default)]
struct Costs {
    last: [u64; TRIALS],
    made: usize,
}

impl Costs {
    /// The mean of the last ones but for the dearest quarter; 0 before there was
    /// any.
    fn mean(&self) -> u64 {
        let mut last = self.last;
        let last = &mut last[..self.made.min(TRIALS)];
        last.sort_unstable();
        let kept = &last[..last.len() - last.len() / 4];
        kept.iter().sum::<u64>() / kept.len().max(1) as u64
    }
}

/// What was chosen for a chunk.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct IoChoice {
    pub(super) way: Way,
    /// Its cost is wanted. Only those of trials are: rows of both ways come one
    /// behind the other, and meet the same conditions.
    pub(super) trial: bool,
    /// The last of a row of trials in the map: what they cost includes giving their
    /// pages back. That is done for all of them at once, as it is later: 11 to 23 ps
    /// a byte so, some 70 for each chunk by itself.
    pub(super) gives_back: bool,
}

impl IoChoice {
    const MAP: IoChoice = IoChoice {
        way: Way::Map,
        trial: false,
        gives_back: false,
    };
}

impl IoTuner {
    /// Those through so many bytes in chunks of this size, if there is a choice.
    pub(super) fn through(len: u64, size: u64) -> Option<Arc<IoTuner>> {
        (len / size.max(1) >= WORTH_TRIALS).then(Arc::default)
    }

    /// The way for the next chunk.
    pub(super) fn choose(&self, len: u64) -> IoChoice {
        if !WORTH_A_COPY.contains(&len) {
            return IoChoice::MAP;
        }
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let nth = state.chosen;
        state.chosen += 1;
        let between = BETWEEN[usize::from(nth >= FIRST)];
        let row = (nth % between).wrapping_sub(BEFORE);
        if row < 2 * ROW {
            let in_map = row < ROW;
            return IoChoice {
                way: if in_map { Way::Map } else { Way::Copy },
                trial: row % ROW >= ROW - COUNTS,
                gives_back: in_map && row % ROW == ROW - 1,
            };
        }
        let [copy, map] = [&state.costs[0], &state.costs[1]].map(Costs::mean);
        let map = map + state.giving_back;
        // Where both cost nearly the same, to take turns costs more than either.
        let cheaper = |this: u64, than: u64| this < than - than / 16;
        let way = match state.kept {
            None if nth < BEFORE => return IoChoice::MAP,
            // On many threads each may have had to make its buffer for the only copy
            // it was given: then nothing is known of what copies cost.
            _ if copy == 0 => Way::Map,
            None if copy < map => Way::Copy,
            None => Way::Map,
            Some(Way::Map) if cheaper(copy, map) => Way::Copy,
            Some(Way::Copy) if cheaper(map, copy) => Way::Map,
            Some(way) => way,
        };
        state.kept = Some(way);
        IoChoice {
            way,
            ..IoChoice::MAP
        }
    }

    /// What a trial took, from the chunk being fetched to its being scanned.
    pub(super) fn note(&self, way: Way, took: Duration, len: u64) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let costs = &mut state.costs[way as usize];
        costs.last[costs.made % TRIALS] = a_byte(took, len).max(1);
        costs.made += 1;
    }

    /// What it took to give so many bytes of the map back.
    pub(super) fn note_giving_back(&self, took: Duration, len: u64) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.giving_back = a_byte(took, len);
    }
}

/// Picoseconds.
fn a_byte(took: Duration, len: u64) -> u64 {
    let nanoseconds = u64::try_from(took.as_nanos()).unwrap_or(u64::MAX);
    nanoseconds.saturating_mul(1000) / len.max(1)
}

/// The processor time this thread has used.
pub(super) fn thread_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::try_from(time).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEN: u64 = 1 << 20;

    /// Which ways a file goes whose chunks cost this much.
    fn run(ways: &IoTuner, chunks: usize, cost: impl Fn(usize, Way) -> u64) -> Vec<Way> {
        let mut taken = Vec::new();
        for i in 0..chunks {
            let IoChoice { way, trial, .. } = ways.choose(LEN);
            if trial {
                ways.note(way, Duration::from_nanos(cost(i, way)), LEN);
            }
            taken.push(way);
        }
        taken
    }

    fn share(taken: &[Way], way: Way) -> f64 {
        taken.iter().filter(|&&w| w == way).count() as f64 / taken.len() as f64
    }

    #[test]
    fn the_cheaper_way_is_found_and_left_when_it_no_longer_is() {
        let dear_map = |_: usize, way| if way == Way::Map { 90_000 } else { 60_000 };
        let dear_copy = |_: usize, way| if way == Way::Map { 50_000 } else { 60_000 };
        let taken = run(&IoTuner::default(), 4000, dear_map);
        assert!(share(&taken, Way::Copy) > 0.96);
        let taken = run(&IoTuner::default(), 4000, dear_copy);
        assert!(share(&taken, Way::Map) > 0.96);

        let ways = IoTuner::default();
        run(&ways, 3000, dear_map);
        let taken = run(&ways, 12_000, dear_copy);
        assert!(share(&taken[5000..], Way::Map) > 0.97);
    }

    #[test]
    fn one_slow_try_changes_nothing() {
        let cost = |i: usize, way| match (i, way) {
            (i, _) if i % 5 == 0 => 2_000_000,
            (_, Way::Map) => 90_000,
            (_, Way::Copy) => 60_000,
        };
        assert!(share(&run(&IoTuner::default(), 4000, cost), Way::Copy) > 0.96);
    }

    #[test]
    fn what_is_dear_behind_the_other_way_only_is_taken() {
        let ways = IoTuner::default();
        let mut last = Way::Map;
        let mut taken = Vec::new();
        for _ in 0..4000 {
            let IoChoice { way, trial, .. } = ways.choose(LEN);
            let cost = match (last, way) {
                (_, Way::Map) => 140_000,
                (Way::Map, Way::Copy) => 190_000,
                (Way::Copy, Way::Copy) => 120_000,
            };
            if trial {
                ways.note(way, Duration::from_nanos(cost), LEN);
            }
            last = way;
            taken.push(way);
        }
        assert!(share(&taken, Way::Copy) > 0.96);
    }

    #[test]
    fn a_file_of_few_chunks_has_no_trials() {
        assert!(IoTuner::through(150 << 20, 2 << 20).is_none());
        assert!(IoTuner::through(160 << 20, 2 << 20).is_some());
    }

    #[test]
    fn what_was_never_measured_is_not_taken() {
        let ways = IoTuner::default();
        let mut taken = Vec::new();
        for _ in 0..4000 {
            let IoChoice { way, trial, .. } = ways.choose(LEN);
            if trial && way == Way::Map {
                ways.note(way, Duration::from_micros(140), LEN);
            }
            taken.push(way);
        }
        assert!(share(&taken, Way::Map) > 0.96);
    }

    #[test]
    fn to_give_pages_back_is_a_cost_of_the_map() {
        for (giving_back, want) in [(10_000, Way::Map), (30_000, Way::Copy)] {
            let ways = IoTuner::default();
            let mut taken = Vec::new();
            for _ in 0..4000 {
                let choice = ways.choose(LEN);
                let cost = [80_000, 60_000][choice.way as usize];
                if choice.trial {
                    ways.note(choice.way, Duration::from_nanos(cost), LEN);
                }
                if choice.gives_back {
                    assert_eq!((choice.way, choice.trial), (Way::Map, true));
                    ways.note_giving_back(Duration::from_nanos(4 * giving_back), 4 * LEN);
                }
                taken.push(choice.way);
            }
            assert!(share(&taken, want) > 0.96, "{giving_back}");
        }
    }

    #[test]
    fn small_and_giant_chunks_are_not_copied() {
        let ways = IoTuner::default();
        for len in [1, 4096, (8 << 20) + 1, u64::MAX] {
            assert_eq!(ways.choose(len).way, Way::Map);
        }
    }
}
