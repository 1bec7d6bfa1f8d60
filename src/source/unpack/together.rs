//! Parts of packed data unpacked at the same time, in order.
//!
//! There are no threads here. Those that look at what comes out unpack it:
//! each calls [`Helper::help`] before it looks at a chunk, and who wants a unit
//! that nobody has unpacked yet unpacks it on the spot. So no core is taken by
//! another's work, and a unit is looked at while it is in the cache.

use std::{
    collections::BTreeMap,
    fmt,
    io::{self, Cursor, Read},
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
};

use super::{
    Packing, Unpacker,
    ahead::Ahead,
    bzip2_back::Back,
    bzip2_cut::{self, Outcome},
    damage::stopped,
    packed::{Open, Packed},
    split::{Parts, Splitter, Unit},
    whole::Whole,
};
use crate::source::block::{BLOCK, Block, Pool};

/// A unit that may unpack to more than this is unpacked block by block by
/// whoever reads it, so that none costs memory.
const ENOUGH: u64 = 8 << 20;

/// How many units a thread may be ahead.
const AHEAD: u64 = 2;

/// The blocks of data whose parts are unpacked at the same time.
pub(super) struct Together {
    shared: Arc<Shared>,
    /// What follows the last block of the unit at hand.
    then: Then,
    next: u64,
    /// No unit follows the one at hand.
    last: bool,
}

/// Unpacks ahead of who reads.
#[derive(Clone)]
pub(crate) struct Helper(Arc<Shared>);

struct Shared {
    state: Mutex<State>,
    changed: Condvar,
    packing: Packing,
    /// The data from any offset on.
    open: Open,
    window: u64,
    pool: Pool,
    /// What nobody uses at the moment.
    idle: Mutex<Vec<Whole>>,
}

struct State {
    splitter: Splitter,
    claimed: u64,
    /// Units before this one were taken by the reader.
    taken: u64,
    done: BTreeMap<u64, (Block, Then)>,
    /// No unit follows those that were claimed.
    ended: bool,
}

/// How a unit goes on behind its first block.
#[derive(Default)]
enum Then {
    #[default]
    End,
    More(Box<Unpacker>),
    /// What is large, or whose parts are not known, is unpacked by a thread of
    /// its own: the state of a decoder is a few MiB that would be carried from
    /// one core's cache to another's with every block.
    Rest(Box<Ahead>),
    /// What looked like blocks of bzip2 was none, or is damaged.
    Back(Box<Back>),
    /// Members from this byte on are not what they say of themselves, or damaged:
    /// their lengths, which a reader of gzip does not know of, mean nothing.
    Anew(u64),
    Failed(io::Error),
}

impl Together {
    /// The blocks of packed data that so many threads look at.
    ///
    /// # Errors
    /// Gives the data back where it is not known where its parts begin.
    pub(super) fn new(
        packing: Packing,
        open: Open,
        threads: usize,
    ) -> io::Result<Result<Together, Packed>> {
        let splitter = match Splitter::new(packing, Packed::new(open(0)))? {
            Ok(splitter) => splitter,
            Err(packed) => return Ok(Err(packed)),
        };
        let state = State {
            splitter,
            claimed: 0,
            taken: 0,
            done: BTreeMap::new(),
            ended: false,
        };
        let shared = Shared {
            state: Mutex::new(state),
            changed: Condvar::new(),
            packing,
            open,
            window: threads as u64 * AHEAD,
            pool: Pool::default(),
            idle: Mutex::default(),
        };
        Ok(Ok(Together {
            shared: Arc::new(shared),
            then: Then::End,
            next: 0,
            last: false,
        }))
    }

    pub(super) fn helper(&self) -> Helper {
        Helper(self.shared.clone())
    }

    /// Claims the next unit and panics.
    #[cfg(test)]
    pub(super) fn abandon(&self) -> impl FnOnce() + Send + use<> {
        let shared = self.shared.clone();
        move || {
            let mut state = shared.lock();
            let index = state.claimed;
            state.claimed += 1;
            state.ended = true;
            drop(state);
            let _claim = Claim {
                shared: &shared,
                index,
            };
            panic!("meant to");
        }
    }

    /// The next block, which is not empty; `None` at the end.
    pub(super) fn next(&mut self) -> io::Result<Option<Block>> {
        loop {
            let block = match &mut self.then {
                Then::More(unpacker) => {
                    let mut block = self.shared.pool.block();
                    let error = block.fill(unpacker, BLOCK);
                    if let Some(error) = error {
                        self.then = Then::Failed(error);
                    } else if block.len() < BLOCK {
                        self.then = Then::End;
                    }
                    block
                }
                Then::Rest(ahead) => match ahead.next() {
                    Ok(Some(block)) => block,
                    Ok(None) => {
                        self.then = Then::End;
                        continue;
                    }
                    Err(error) => {
                        self.then = Then::End;
                        return Err(error);
                    }
                },
                Then::Failed(_) => match std::mem::take(&mut self.then) {
                    Then::Failed(error) => return Err(error),
                    _ => unreachable!("looked at above"),
                },
                Then::Back(back) => {
                    let rest = back.unpacker(&self.shared.open);
                    self.go_on(rest);
                    continue;
                }
                Then::Anew(at) => {
                    let rest = self.shared.from(*at);
                    self.go_on(Ok(rest));
                    continue;
                }
                Then::End if self.last => return Ok(None),
                Then::End => match self.next_unit() {
                    Some((block, then)) => {
                        self.then = then;
                        block
                    }
                    None => return Ok(None),
                },
            };
            if block.len() > 0 {
                return Ok(Some(block));
            }
        }
    }

    /// Unpacks all that follows in one go: no more can be cut.
    fn go_on(&mut self, rest: io::Result<Unpacker>) {
        self.then = match rest {
            Ok(unpacker) => Then::Rest(Box::new(Ahead::new(unpacker))),
            Err(error) => Then::Failed(error),
        };
        // Others may be unpacking what would have followed.
        self.last = true;
        self.shared.lock().ended = true;
    }

    /// The next unit: what somebody has unpacked, or one that is unpacked
    /// here.
    fn next_unit(&mut self) -> Option<(Block, Then)> {
        let shared = &self.shared;
        let mut state = shared.lock();
        loop {
            if let Some(unit) = state.done.remove(&self.next) {
                self.next += 1;
                state.taken = self.next;
                return Some(unit);
            }
            if state.ended && state.claimed == self.next {
                return None;
            }
            state = match shared.claim(state) {
                Ok(state) => state,
                Err(state) => {
                    let woken = shared.changed.wait(state);
                    woken.unwrap_or_else(PoisonError::into_inner)
                }
            };
        }
    }
}

impl Helper {
    /// Unpacks the next unit that nobody has begun, unless enough are ahead.
    pub(crate) fn help(&self) {
        // Whether there was one makes no difference.
        let _ = self.0.claim(self.0.lock()).is_ok();
    }
}

impl fmt::Debug for Helper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Helper").finish_non_exhaustive()
    }
}

/// A unit that somebody unpacks. Where nothing comes of it, since who does so
/// panicked, its reader is told, who would wait for it for ever.
struct Claim<'s> {
    shared: &'s Shared,
    index: u64,
}

impl<'s> Claim<'s> {
    fn done(self, unpacked: (Block, Then)) -> MutexGuard<'s, State> {
        let (shared, index) = (self.shared, self.index);
        std::mem::forget(self);
        shared.put(index, unpacked)
    }
}

impl Drop for Claim<'_> {
    fn drop(&mut self) {
        let failed = (Block::default(), Then::Failed(stopped()));
        drop(self.shared.put(self.index, failed));
    }
}

impl Shared {
    /// Puts down a unit for its reader.
    fn put(&self, index: u64, unpacked: (Block, Then)) -> MutexGuard<'_, State> {
        let mut state = self.lock();
        state.done.insert(index, unpacked);
        self.changed.notify_all();
        state
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Claims a unit, unpacks it and puts it down; an error if there is none,
    /// or enough are ahead.
    fn claim<'g>(
        &'g self,
        mut state: MutexGuard<'g, State>,
    ) -> Result<MutexGuard<'g, State>, MutexGuard<'g, State>> {
        if state.ended || state.claimed >= state.taken + self.window {
            return Err(state);
        }
        let next = catch_unwind(AssertUnwindSafe(|| state.splitter.next()));
        let (unit, panic) = match next {
            Ok(Ok(Some(unit))) => (Ok(unit), None),
            Ok(Ok(None)) => {
                state.ended = true;
                return Ok(state);
            }
            Ok(Err(error)) => (Err(error), None),
            Err(panic) => (Err(stopped()), Some(panic)),
        };
        state.ended = !matches!(unit, Ok(Unit::Parts(_) | Unit::Blocks(_)));
        let claim = Claim {
            shared: self,
            index: state.claimed,
        };
        state.claimed += 1;
        drop(state);
        if let Some(panic) = panic {
            // What was claimed is said to have failed.
            drop(claim);
            resume_unwind(panic);
        }
        let unpacked = match unit {
            Ok(unit) => self.unpack(unit),
            Err(error) => (Block::default(), Then::Failed(error)),
        };
        Ok(claim.done(unpacked))
    }

    fn unpack(&self, unit: Unit) -> (Block, Then) {
        let mut block = self.pool.block();
        let (packed, at) = match unit {
            Unit::Parts(parts) => {
                let small = parts.bound <= ENOUGH;
                if small && self.unpack_whole(&parts, &mut block) {
                    return (block, Then::End);
                }
                if self.packing == Packing::Gzip {
                    return (Block::default(), Then::Anew(parts.at));
                }
                block.truncate(0);
                (Box::new(Cursor::new(parts.bytes)), parts.at)
            }
            Unit::Blocks(cut) => {
                let stream = cut.stream();
                match bzip2_cut::unpack(&stream, ENOUGH as usize, &mut block) {
                    Outcome::Whole => return (block, Then::End),
                    Outcome::TooMuch => {}
                    Outcome::Wrong => return (Block::default(), Then::Back(Box::new(cut.back))),
                }
                block.truncate(0);
                // Nothing is said of it, since it is right.
                (Box::new(Cursor::new(stream)), 0)
            }
            Unit::Rest(bytes, at, rest) => {
                let packed = Packed::resumed(Box::new(Cursor::new(bytes).chain(rest)), at);
                let unpacker = Unpacker::of(self.packing, packed, at > 0);
                return (block, Then::Rest(Box::new(Ahead::new(unpacker))));
            }
            Unit::Back(back) => return (block, Then::Back(Box::new(back))),
        };
        let packed = Packed::resumed(packed, at);
        let mut unpacker = Box::new(Unpacker::of(self.packing, packed, at > 0));
        let then = match block.fill(&mut unpacker, BLOCK) {
            Some(error) => Then::Failed(error),
            None if block.len() < BLOCK => Then::End,
            None => Then::More(unpacker),
        };
        (block, then)
    }

    /// What unpacks all that follows a byte where a part begins.
    fn from(&self, at: u64) -> Unpacker {
        let packed = Packed::resumed((self.open)(at), at);
        Unpacker::of(self.packing, packed, at > 0)
    }

    fn unpack_whole(&self, parts: &Parts, block: &mut Block) -> bool {
        let idle = || self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let before = idle().pop();
        let Some(mut whole) = before.or_else(|| Whole::new(self.packing)) else {
            return false;
        };
        let done = whole.unpack(&parts.bytes, parts.bound as usize, block);
        idle().push(whole);
        done
    }
}
