//! Parts of packed data unpacked at the same time, in order.

use std::{
    collections::BTreeMap,
    fmt,
    io::{self, Cursor, Read},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
};

use super::{
    Packing, Unpacker,
    packed::Packed,
    split::{Splitter, Unit},
};

/// A unit that unpacks to more than this is unpacked further by whoever reads
/// it, so that none costs memory.
const ENOUGH: u64 = 4 << 20;

/// How many units a thread may be ahead.
const AHEAD: u64 = 2;

/// A reader of data whose parts threads of its own unpack; the first read
/// starts them.
pub(in crate::source) struct Together {
    shared: Arc<Shared>,
    threads: usize,
    started: bool,
    current: Unpacked,
    next: u64,
}

struct Shared {
    state: Mutex<State>,
    changed: Condvar,
    packing: Packing,
    window: u64,
}

struct State {
    splitter: Splitter,
    claimed: u64,
    /// Units before this one were taken by the reader.
    taken: u64,
    done: BTreeMap<u64, Unpacked>,
    /// No unit follows those that were claimed.
    ended: bool,
    /// Nobody reads any more.
    closed: bool,
}

/// What was unpacked of a unit, and how it goes on.
#[derive(Default)]
struct Unpacked {
    bytes: Cursor<Vec<u8>>,
    then: Then,
}

#[derive(Default)]
enum Then {
    #[default]
    End,
    More(Box<Unpacker>),
    Failed(io::Error),
}

impl Together {
    /// A reader of packed data on so many threads.
    ///
    /// # Errors
    /// Gives the data back where it is not known where its parts begin.
    pub(in crate::source) fn new(
        packing: Packing,
        packed: Packed,
        threads: usize,
    ) -> io::Result<Result<Together, Packed>> {
        let splitter = match Splitter::new(packing, packed)? {
            Ok(splitter) => splitter,
            Err(packed) => return Ok(Err(packed)),
        };
        let state = State {
            splitter,
            claimed: 0,
            taken: 0,
            done: BTreeMap::new(),
            ended: false,
            closed: false,
        };
        let shared = Shared {
            state: Mutex::new(state),
            changed: Condvar::new(),
            packing,
            window: threads as u64 * AHEAD,
        };
        Ok(Ok(Together {
            shared: Arc::new(shared),
            threads,
            started: false,
            current: Unpacked::default(),
            next: 0,
        }))
    }

    fn start(&mut self) -> io::Result<()> {
        self.started = true;
        for i in 0..self.threads {
            let shared = self.shared.clone();
            let thread = std::thread::Builder::new().name(format!("swathe-unpack-{i}"));
            let spawned = thread.spawn(move || shared.work());
            if let (Err(error), 0) = (spawned, i) {
                return Err(error);
            }
        }
        Ok(())
    }

    /// Waits for the next unit; false if there is none.
    fn next_unit(&mut self) -> bool {
        let mut state = self.shared.lock();
        loop {
            if let Some(unit) = state.done.remove(&self.next) {
                self.current = unit;
                self.next += 1;
                state.taken = self.next;
                self.shared.changed.notify_all();
                return true;
            }
            if state.ended && state.claimed == self.next {
                return false;
            }
            state = self.shared.wait(state);
        }
    }
}

impl Read for Together {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if !self.started {
            self.start()?;
        }
        loop {
            let got = self.current.read(buffer)?;
            if got > 0 || buffer.is_empty() || !self.next_unit() {
                return Ok(got);
            }
        }
    }
}

impl Drop for Together {
    fn drop(&mut self) {
        self.shared.lock().closed = true;
        self.shared.changed.notify_all();
    }
}

impl fmt::Debug for Together {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Together")
            .field("threads", &self.threads)
            .finish_non_exhaustive()
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'g>(&self, state: MutexGuard<'g, State>) -> MutexGuard<'g, State> {
        let woken = self.changed.wait(state);
        woken.unwrap_or_else(PoisonError::into_inner)
    }

    /// What each thread does: claims a unit, unpacks it, puts it down.
    fn work(&self) {
        loop {
            let mut state = self.lock();
            while state.claimed >= state.taken + self.window && !state.closed && !state.ended {
                state = self.wait(state);
            }
            if state.closed || state.ended {
                return;
            }
            let unit = state.splitter.next();
            let index = state.claimed;
            let last = match &unit {
                Ok(Some(Unit::Parts(..))) => false,
                Ok(Some(Unit::Rest(..))) | Err(_) => true,
                Ok(None) => {
                    state.ended = true;
                    self.changed.notify_all();
                    return;
                }
            };
            state.claimed += 1;
            state.ended = last;
            drop(state);
            let unpacked = self.unpack(unit, index > 0);
            self.lock().done.insert(index, unpacked);
            self.changed.notify_all();
        }
    }

    /// Unpacks a unit; `not_first`: parts come before it.
    fn unpack(&self, unit: io::Result<Option<Unit>>, not_first: bool) -> Unpacked {
        let unpacker = match unit {
            Err(error) => {
                return Unpacked {
                    then: Then::Failed(error),
                    ..Unpacked::default()
                };
            }
            Ok(None) => return Unpacked::default(),
            Ok(Some(Unit::Parts(bytes, at))) => {
                let packed = Packed::resumed(Box::new(Cursor::new(bytes)), at);
                Unpacker::of(self.packing, packed, not_first)
            }
            Ok(Some(Unit::Rest(bytes, at, rest))) => {
                let all = Cursor::new(bytes).chain(rest);
                Unpacker::of(self.packing, Packed::resumed(Box::new(all), at), not_first)
            }
        };
        let mut unpacker = Box::new(unpacker);
        let mut bytes = Vec::new();
        let result = unpacker.by_ref().take(ENOUGH).read_to_end(&mut bytes);
        let then = match result {
            Err(error) => Then::Failed(error),
            Ok(_) if bytes.len() as u64 == ENOUGH => Then::More(unpacker),
            Ok(_) => Then::End,
        };
        let bytes = Cursor::new(bytes);
        Unpacked { bytes, then }
    }
}

impl Read for Unpacked {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let got = self.bytes.read(buffer)?;
        if got > 0 {
            return Ok(got);
        }
        match &mut self.then {
            Then::End => Ok(0),
            Then::More(unpacker) => unpacker.read(buffer),
            Then::Failed(_) => match std::mem::take(&mut self.then) {
                Then::Failed(error) => Err(error),
                _ => unreachable!("looked at above"),
            },
        }
    }
}
